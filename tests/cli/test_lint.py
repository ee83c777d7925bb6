"""`replykit lint` and `replykit rules` as processes: exit codes, streams, files."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Run

GOOD = "Hello Maija,\n\nyour parcel left today and reaches you on Friday.\n\nKind regards,\nAnna\n"
WARNED = GOOD.replace("Friday.", "Friday!!")
BAD = GOOD.replace("on Friday", "on [date]")
MESSAGE = "Hello, where is my parcel? I ordered it a week ago.\n\nRegards,\nMaija Virtanen\n"
LATE = """---
title: Parcel!! is late
subject: Order  XXX , now
lint: {ignore: [TONE002, LEN]}
details:
  day: {required: false}
---
Hello{% if customer.first_name %} {{ customer.first_name }}{% endif %},

{% if channel == "chat" %}
your parcel will will be late.
{% else %}
your parcel is late , sorry!! It will be there {{ day or "soon" }}.
{% endif %}

Kind regards,
Anna
"""


@pytest.fixture
def draft(tmp_path: Path) -> Callable[..., Path]:
    def write(text: str | bytes, name: str = "draft.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def codes(result: Any) -> list[str]:
    files = json.loads(result.stdout)["files"]
    return [finding["code"] for file in files for finding in file["findings"]]


OUTGOING = ROOT / "tests" / "data" / "outgoing"

# Exit codes


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        (GOOD, [], 0),
        (WARNED, [], 0),
        (WARNED, ["--fail-on", "warning"], 1),
        (WARNED, ["--fail-on", "suggestion"], 1),
        (BAD, [], 1),
        (BAD, ["--ignore", "FILL"], 0),
        (GOOD, ["--fail-on", "disaster"], 2),
        (GOOD, ["--nonsense"], 2),
    ],
)
def test_the_exit_code_says_whether_there_are_findings(
    run: Run, draft: Callable[..., Path], text: str, options: list[str], expected: int
) -> None:
    assert run("lint", draft(text), *options).returncode == expected


def test_a_file_that_cannot_be_read_costs_only_itself(run: Run, draft: Callable[..., Path]) -> None:
    files = [
        draft(BAD, "a.txt"),
        "nofile.txt",
        draft(b"\x00\x01\x02", "b.bin"),
        draft(GOOD, "c.txt"),
    ]
    result = run("lint", *files, "--format", "json")
    assert result.returncode == 2
    assert codes(result) == ["FILL001"]
    found = json.loads(result.stdout)["files"]
    assert [bool(file.get("error")) for file in found] == [False, True, True, False]
    assert len(result.stderr.strip().split("\n")) == 2
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff"])
def test_an_empty_draft_is_no_clean_draft(
    run: Run, draft: Callable[..., Path], content: str
) -> None:
    for result in (run("lint", draft(content)), run("lint", "-", stdin=content)):
        assert result.returncode == 2
        assert "the draft is empty" in result.stderr
        assert "no findings" not in result.stdout


def test_bytes_that_are_not_utf_8_are_read_and_said(run: Run, draft: Callable[..., Path]) -> None:
    result = run("lint", draft("Hei Maija, pakettisi l\xe4hti!!".encode("latin-1")), "--lang", "fi")
    assert "TONE002" in result.stdout
    assert "not valid UTF-8" in result.stderr


def test_a_message_that_is_not_there_is_told(run: Run, draft: Callable[..., Path]) -> None:
    result = run("lint", draft(GOOD), "--message", "nofile.eml")
    assert (result.returncode, result.stdout) == (2, "")
    assert "nofile.eml" in result.stderr
    assert len(result.stderr.strip().split("\n")) == 1


# Choice of rules


@pytest.mark.parametrize("name", ["TONE002", "TONE", "repeated-marks"])
def test_rules_are_selected_and_ignored(run: Run, draft: Callable[..., Path], name: str) -> None:
    text = draft(BAD.replace("Anna", "Anna!!"))
    assert codes(run("lint", text, "--select", name, "--format", "json")) == ["TONE002"]
    assert codes(run("lint", text, "--ignore", name, "--format", "json")) == ["FILL001"]


def test_several_rules_are_given_with_commas_or_again(run: Run, draft: Callable[..., Path]) -> None:
    text = draft(BAD.replace("Anna", "Anna!!"))
    for options in (["--select", "TONE,FILL"], ["--select", "TONE", "--select", "FILL"]):
        found = codes(run("lint", text, *options, "--format", "json"))
        assert found == ["FILL001", "TONE002"]


@pytest.mark.parametrize("option", ["--select", "--ignore", "--lint-severity"])
def test_an_unknown_rule_is_bad_usage(run: Run, draft: Callable[..., Path], option: str) -> None:
    value = "TOME002" + ("=error" if option == "--lint-severity" else "")
    result = run("lint", draft(GOOD), option, value)
    assert (result.returncode, result.stdout) == (2, "")
    assert "TOME002" in result.stderr
    assert "did you mean TONE00" in result.stderr


def test_settings_choose_rules_and_severities(run: Run, draft: Callable[..., Path]) -> None:
    draft('[lint]\nfail_on = "warning"\nseverity = {TONE002 = "error", FILL = "suggestion"}\n',
          "replykit.toml")  # fmt: skip
    result = run("lint", draft(BAD.replace("Anna", "Anna!!")), "--format", "json")
    assert json.loads(result.stdout)["summary"] == {"error": 1, "warning": 0, "suggestion": 1}


# What is known


def test_the_message_tells_name_and_language(run: Run, draft: Callable[..., Path]) -> None:
    message = draft(MESSAGE, "in.txt")
    wrong = draft(GOOD.replace("Maija", "Liisa"))
    result = run("lint", wrong, "--message", message, "--format", "json")
    assert codes(result) == ["FACT001"]
    assert codes(run("lint", draft(GOOD), "--message", message, "--format", "json")) == []
    finnish = draft("Hei Maija!\n\nPakettisi lähti tänään.\n\nYstävällisin terveisin\nAnna")
    assert codes(run("lint", finnish, "--message", message, "--format", "json")) == ["LANG001"]


def test_the_customers_record_and_a_set_name_are_known(
    run: Run, draft: Callable[..., Path]
) -> None:
    record = draft(json.dumps({"name": "Maija Virtanen"}), "c.json")
    wrong = draft(GOOD.replace("Maija", "Liisa"))
    assert codes(run("lint", wrong, "--customer", record, "--format", "json")) == ["FACT001"]
    given = ["--set", "customer.name=Maija Virtanen"]
    assert codes(run("lint", wrong, *given, "--format", "json")) == ["FACT001"]
    assert codes(run("lint", draft(GOOD), *given, "--format", "json")) == []


def test_the_channel_changes_what_is_asked_of_a_draft(run: Run, draft: Callable[..., Path]) -> None:
    text = draft("Your parcel left today and reaches you on Friday.")
    assert codes(run("lint", text, "--format", "json")) == ["FORM001", "FORM002"]
    assert codes(run("lint", text, "--channel", "chat", "--format", "json")) == []
    assert run("lint", text, "--channel", "fax").returncode == 2


# Standard input and output


def test_standard_input_goes_by_the_name_that_it_was_given(run: Run) -> None:
    result = run("lint", "-", "--stdin-filename", "mail/x.txt", stdin=BAD)
    assert result.stdout.startswith("mail/x.txt:3:")
    assert result.returncode == 1
    assert run("lint", stdin=BAD).stdout.startswith("-:3:")
    as_response = run("lint", "-", "--stdin-filename", "x.en.md", stdin=LATE)
    assert "TONE002 repeated-marks" not in as_response.stdout


def test_message_and_draft_cannot_both_be_standard_input(run: Run) -> None:
    result = run("lint", "-", "--message", "-", stdin=BAD)
    assert (result.returncode, result.stdout) == (2, "")


@pytest.mark.parametrize("options", [[], ["--diff"], ["--format", "json"]])
def test_a_terminal_escape_in_a_draft_is_not_passed_on(
    run: Run, draft: Callable[..., Path], options: list[str]
) -> None:
    evil = draft(f"{BAD}\x1b]0;pwned\x07 \x1b[2J thanks thanks!!\x9b31m\n")
    result = run("lint", evil, *options)
    assert "\x1b" not in result.stdout + result.stderr
    assert "thanks" in result.stdout


def test_a_megabyte_is_checked_in_bounded_time(run: Run, draft: Callable[..., Path]) -> None:
    start = time.monotonic()
    result = run(
        "lint", draft(("Thank you , it works works!! " * 10 + "\n") * 3500), "--format", "json"
    )
    assert result.returncode == 0
    assert len(codes(result)) > 100_000
    assert time.monotonic() - start < 60


# Fixes


def test_fix_mends_the_file_and_a_second_run_changes_nothing(
    run: Run, draft: Callable[..., Path]
) -> None:
    text = draft(
        GOOD.replace("today", "today today!! Order 123456 costs 12,50 € ,yes , see a.fi/b,c")
    )
    first = run("lint", text, "--fix", "--format", "json")
    once = text.read_text("utf-8")
    assert "today! Order 123456 costs 12,50 € ,yes, see a.fi/b,c" in once
    assert codes(first) == []
    run("lint", text, "--fix")
    assert text.read_text("utf-8") == once


def test_unsafe_fixes_need_their_own_word(run: Run, draft: Callable[..., Path]) -> None:
    wrong, message = draft(GOOD.replace("Maija", "Liisa")), draft(MESSAGE, "in.txt")
    assert run("lint", wrong, "--message", message, "--fix").returncode == 1
    assert "Liisa" in wrong.read_text("utf-8")
    assert run("lint", wrong, "--message", message, "--fix", "--unsafe-fixes").returncode == 0
    assert wrong.read_text("utf-8") == GOOD


def test_fix_keeps_line_ends_and_byte_order_mark(run: Run, draft: Callable[..., Path]) -> None:
    text = draft(b"\xef\xbb\xbf" + WARNED.replace("\n", "\r\n").encode())
    run("lint", text, "--fix")
    assert (
        text.read_bytes()
        == b"\xef\xbb\xbf" + GOOD.replace("Friday.", "Friday!").replace("\n", "\r\n").encode()
    )


def test_fix_does_not_rewrite_a_file_in_another_code(run: Run, draft: Callable[..., Path]) -> None:
    data = "Hei Maija, pakettisi l\xe4hti. Kiitos kiitos!!".encode("latin-1")
    text = draft(data)
    result = run("lint", text, "--fix", "--lang", "fi")
    assert result.returncode == 2
    assert "UTF-8" in result.stderr
    assert text.read_bytes() == data


def test_fix_leaves_a_clean_file_untouched(run: Run, draft: Callable[..., Path]) -> None:
    text = draft(GOOD)
    before = text.stat().st_mtime_ns
    assert run("lint", text, "--fix").returncode == 0
    assert text.stat().st_mtime_ns == before


def test_fix_of_standard_input_writes_the_text_alone(run: Run) -> None:
    result = run("lint", "-", "--fix", stdin=WARNED)
    assert result.stdout == GOOD.replace("Friday.", "Friday!")
    assert "no findings" in result.stderr
    as_json = json.loads(run("lint", "-", "--fix", "--format", "json", stdin=WARNED).stdout)
    assert as_json["files"][0]["fixed"] == GOOD.replace("Friday.", "Friday!")


def test_a_filter_gives_back_all_that_it_was_given(run: Run) -> None:
    windows = WARNED.replace("\n", "\r\n")
    as_json = json.loads(run("lint", "-", "--fix", "--format", "json", stdin=windows).stdout)
    assert as_json["files"][0]["fixed"] == windows.replace("!!", "!")
    # The words of a mail in HTML are not the mail.
    html = "From: anna@example.com\nTo: maija@example.com\nContent-Type: text/html\n\n"
    html += "<p>Hello, the the parcel left.</p>\n"
    result = run("lint", "-", "--fix", "--no-model", stdin=html)
    assert (result.returncode, result.stdout) == (2, "")
    assert "not fixed" in result.stderr
    found = json.loads(run("lint", "-", "--no-model", "--format", "json", stdin=html).stdout)
    assert {item["code"]: item["fix"] for item in found["files"][0]["findings"]}["STYLE001"] is None


def test_diff_shows_fixes_and_applies_none(run: Run, draft: Callable[..., Path]) -> None:
    text = draft(WARNED)
    result = run("lint", text, "--diff", "--fail-on", "warning")
    assert result.returncode == 1
    assert text.read_text("utf-8") == WARNED
    assert "-your parcel left today and reaches you on Friday!!" in result.stdout
    assert "+your parcel left today and reaches you on Friday!" in result.stdout.split("\n")
    assert result.stderr.splitlines()[-1] == "1 warning"
    both = run("lint", text, "--diff", "--fix", "--ignore", "GRAM")
    assert both.returncode == 0
    assert text.read_text("utf-8") == WARNED
    as_json = run("lint", text, "--diff", "--format", "json")
    assert json.loads(as_json.stdout)["files"][0]["diff"].startswith("--- ")


def test_nothing_to_fix_is_an_empty_diff(run: Run, draft: Callable[..., Path]) -> None:
    assert run("lint", draft(GOOD), "--diff").stdout == ""


# Response files


def test_a_response_is_checked_as_it_would_go_out_for_each_channel(
    run: Run, library: Callable[[dict[str, str]], Path]
) -> None:
    path = library({"late.en.md": LATE}) / "late.en.md"
    result = run("lint", path, "--format", "json")
    found = json.loads(result.stdout)["files"][0]["findings"]
    assert [(item["code"], item["text"], item["start"]["line"]) for item in found] == [
        ("FILL002", "LEN", 4),
        ("STYLE001", "will will", 11),
        ("STYLE002", " ", 13),
    ]
    for item in found:
        assert LATE[item["start"]["offset"] : item["end"]["offset"]] == item["text"]


def test_the_front_matter_of_a_response_is_neither_checked_nor_fixed(
    run: Run, library: Callable[[dict[str, str]], Path]
) -> None:
    path = library({"late.en.md": LATE}) / "late.en.md"
    run("lint", path, "--fix")
    mended = LATE.replace("will will", "will").replace("late , sorry", "late, sorry")
    assert path.read_text("utf-8") == mended


def test_a_broken_response_is_told_with_its_line(
    run: Run, library: Callable[[dict[str, str]], Path]
) -> None:
    folder = library({"a.en.md": LATE.replace("lint:", "lnit:"), "b.en.md": LATE + "{{ nobody }}"})
    result = run("lint", folder / "a.en.md", folder / "b.en.md")
    assert result.returncode == 2
    first, second = result.stderr.strip().split("\n")
    assert "a.en.md:4:" in first
    assert "b.en.md:18:" in second


def test_a_draft_from_a_response_leaves_out_what_that_response_does(
    run: Run, draft: Callable[..., Path], library: Callable[[dict[str, str]], Path]
) -> None:
    folder = library({"late.en.md": LATE})
    known = ["--response", "late", "--library", folder, "--format", "json"]
    assert codes(run("lint", draft(WARNED), *known)) == []
    assert codes(run("lint", draft(WARNED), "--format", "json")) == ["TONE002"]
    unknown = run("lint", draft(WARNED), "--response", "lat", "--library", folder)
    assert unknown.returncode == 2
    assert "did you mean late" in unknown.stderr


def test_what_stands_in_the_librarys_reply_is_known(
    run: Run, draft: Callable[..., Path], library: Callable[[dict[str, str]], Path]
) -> None:
    reply = "---\ntitle: Fee\ndetails: {{fee: {{}}}}\n---\nHello,\n\n{}\n\nRegards,\nAnna\n"
    body = (
        "the fee is {{ fee }} and the deposit 120 €.\nPay to the desk!! {# replykit: ignore TONE #}"
    )
    folder = library({"fee.en.md": reply.format(body)})
    text = draft(
        "Hello,\n\nthe fee is 35 € and the deposit 120 €.\nPay to the desk!!\n\nRegards,\nAnna\n"
    )
    given = [
        "lint",
        text,
        "--library",
        folder,
        "--message",
        draft("What is it? I am Al.", "in.txt"),
    ]
    given += ["--no-model", "--select", "FACT003,TONE002", "--format", "json"]
    assert codes(run(*given)) == ["FACT003", "FACT003", "TONE002"]
    assert codes(run(*given, "--response", "fee")) == ["FACT003"]
    assert codes(run(*given, "--response", "fee", "--set", "fee=35 €", "--set", "more=1")) == []


def test_a_draft_that_says_otherwise_than_the_librarys_reply_is_told_both(
    run: Run, draft: Callable[..., Path], library: Callable[[dict[str, str]], Path]
) -> None:
    reply = "---\ntitle: Returns\n---\nHello,\n\nyou can return the shoes within 14 days.\n"
    known = ["--library", library({"returns.en.md": reply}), "--no-model", "--select", "FACT004"]
    text = draft("Hello,\n\nyou can return your shoes within 30 days.\n")
    result = run("lint", text, *known, "--response", "returns")
    assert "the reply says “14 days”, the draft says “30 days”" in result.stdout
    assert codes(run("lint", text, *known, "--format", "json")) == []


def test_a_finding_within_a_line_that_puts_something_out_has_its_place(
    run: Run, library: Callable[[dict[str, str]], Path]
) -> None:
    text = "---\ntitle: Late\ndetails: {order_number: {description: Number}}\n---\nHello,\n\n"
    text += "thank you. Your order {{ order_number }} left today {# really #} and will will come.\n"
    folder = library({"late.en.md": text})
    done = run("lint", folder / "late.en.md", "--no-model", "--format", "json")
    found = json.loads(done.stdout)["files"][0]["findings"]
    places = {item["code"]: text[item["start"]["offset"] : item["end"]["offset"]] for item in found}
    assert (places["PRIV001"], places["STYLE001"]) == ("{{ order_number }}", "will will")
    (told,) = [item["message"] for item in found if item["code"] == "PRIV001"]
    assert "in social" in told


def test_a_fault_of_rendering_names_its_line_once(
    run: Run, library: Callable[[dict[str, str]], Path]
) -> None:
    folder = library({"late.en.md": "---\ntitle: Late\n---\nHello,\n{{ 1 / 0 }}\n"})
    assert run("library", "check", "--library", folder).stdout.splitlines() == [
        "late.en.md:5: error: division by zero"
    ]


def test_an_example_of_two_replies_is_told_at_its_line(
    run: Run, library: Callable[[dict[str, str]], Path]
) -> None:
    text = "---\ntitle: A\nexamples:\n  - Where is it?\n  - {}\n---\nHello,\n\nit left today.\n"
    folder = library(
        {
            "a.en.md": text.format("So?"),
            "b.en.md": text.format("Now?").replace("is it", "IS  it"),
            "c.en.md": text.format("Then?").replace("A\n", "A\nstatus: draft\n"),
            "d.en.md": text.format("Why?").replace("Where is it", "Why"),
        }
    )
    told = run("library", "check", "--library", folder, "--fail-on", "warning").stdout.splitlines()
    assert [line for line in told if "examples" in line] == [
        "b.en.md:4: warning: examples: 'Where IS it?' is one of a too; leave it to one reply",
        "d.en.md:4: warning: examples: 'Why?' stands here twice",
        "d.en.md:5: warning: examples: 'Why?' stands here twice",
    ]


def test_library_check_tells_of_a_rule_that_does_not_exist(
    run: Run, library: Callable[[dict[str, str]], Path]
) -> None:
    folder = library({"late.en.md": LATE.replace("TONE002", "TOME002")})
    result = run("library", "check", "--library", folder)
    assert "TOME002" in result.stdout


# Batch


def test_a_line_out_per_line_in_and_a_bad_one_costs_only_itself(run: Run) -> None:
    lines = [
        json.dumps({"id": 1, "text": BAD}),
        "{broken",
        json.dumps({"id": 3, "text": " "}),
        json.dumps({"id": 4, "text": GOOD, "channel": "fax"}),
        json.dumps({"id": 5, "text": GOOD, "details": [1]}),
        json.dumps({"id": 6, "text": GOOD, "message": 7}),
        json.dumps({"id": "ä", "text": GOOD, "message": MESSAGE.replace("Maija", "Liisa")}),
    ]
    result = run("lint", "--batch", "-", stdin="\n".join(lines) + "\n")
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 2
    assert [item["id"] for item in found] == [1, None, 3, 4, 5, 6, "ä"]
    assert ["error" in item for item in found] == [False, True, True, True, True, True, False]
    assert found[0]["summary"]["error"] == 1
    assert [item["code"] for item in found[-1]["files"][0]["findings"]] == ["FACT001"]
    assert result.stderr == ""


def test_a_batch_with_findings_has_answered_every_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"id": 1, "text": BAD}) + "\n\n", "utf-8")
    result = run("lint", "--batch", path)
    assert (result.returncode, len(result.stdout.splitlines())) == (0, 1)


def test_half_a_character_costs_no_line_of_a_batch(run: Run) -> None:
    """JSON can write what no encoding has; a finding behind it keeps its place."""
    lines = [json.dumps({"id": 1, "text": f"\ud800 {BAD}"}), json.dumps({"id": 2, "text": GOOD})]
    result = run("lint", "--batch", "-", "--no-model", stdin="\n".join(lines))
    assert (result.returncode, len(result.stdout.splitlines())) == (0, 2)
    finding = json.loads(result.stdout.splitlines()[0])["files"][0]["findings"][0]
    assert f"\ufffd {BAD}"[finding["start"]["offset"] :].startswith(finding["text"])


@pytest.mark.parametrize("lang", ["FI", "fi-FI", "fi_FI"])
def test_a_language_is_known_with_its_country_and_in_capitals(
    run: Run, draft: Callable[..., Path], lang: str
) -> None:
    """A language that nobody knows has no rules: a bad reply would pass in silence."""
    text = "Hei Maija, rauhoitu nyt."
    plain = codes(run("lint", draft(text), "--lang", "fi", "--no-model", "--format", "json"))
    assert "TONE004" in plain
    assert plain == codes(
        run("lint", draft(text), "--lang", lang, "--no-model", "--format", "json")
    )
    line = json.dumps({"id": 1, "text": text, "lang": lang})
    assert plain == codes(run("lint", "--batch", "-", "--no-model", stdin=line + "\n"))


def test_a_language_is_told_by_its_code(run: Run, draft: Callable[..., Path]) -> None:
    result = run("lint", draft(GOOD), "--lang", "suomi")
    assert (result.returncode, "--lang suomi: give the language's code" in result.stderr) == (
        2,
        True,
    )
    line = json.dumps({"id": 1, "text": GOOD, "lang": "suomi"})
    result = run("lint", "--batch", "-", stdin=line + "\n")
    assert json.loads(result.stdout)["error"].startswith("line 1: lang suomi: give")


def test_a_batch_takes_no_files_and_fixes_nothing(run: Run, draft: Callable[..., Path]) -> None:
    path = draft(json.dumps({"id": 1, "text": BAD}), "in.jsonl")
    for more in ([draft(GOOD)], ["--fix"], ["--diff"]):
        assert run("lint", "--batch", path, *more).returncode == 2
    assert run("lint", "--batch", "nofile.jsonl").returncode == 2


# Rules


def test_rules_are_listed_and_explained(run: Run) -> None:
    listed = run("rules").stdout
    assert "TONE003  error       blaming-phrase" in listed
    explained = run("rules", "blaming-phrase").stdout
    assert explained.startswith("TONE003 blaming-phrase (error)")
    assert "Fires on:" in explained
    assert {rule["code"] for rule in json.loads(run("rules", "--format", "json").stdout)} == {
        line.split()[0] for line in listed.splitlines()
    }
    assert json.loads(run("rules", "TONE003", "--format", "json").stdout)["code"] == "TONE003"
    family = run("rules", "link").stdout.splitlines()
    assert family == [line for line in listed.splitlines() if line.startswith("LINK")]


def test_a_rule_is_explained_with_all_that_its_examples_were_judged_by(run: Run) -> None:
    assert "(the library's reply: “Hello, you can return" in run("rules", "FACT004").stdout
    assert ", known: reference 1232344)" in run("rules", "FACT002").stdout


def test_an_unknown_rule_is_told(run: Run) -> None:
    result = run("rules", "TOME003")
    assert (result.returncode, result.stdout) == (2, "")
    assert "no rule 'TOME003'; did you mean TONE003?" in result.stderr
    told = run("lint", "-", "--ignore", "tone003", stdin=GOOD)
    assert told.returncode == 2
    assert "no rule or family 'tone003'; did you mean TONE003?" in told.stderr


# Whole mails


@pytest.mark.parametrize("name", ["reply.eml", "outlook.eml", "between.eml", "forward.eml"])
def test_a_good_mail_is_clean_whatever_it_quotes(run: Run, name: str) -> None:
    # They are as short as mails between people who know each other.
    short = ("--ignore", "LEN003", "--ignore", "ANSW002")
    result = run("lint", "--no-model", *short, OUTGOING / name)
    assert "error" not in result.stdout
    assert "warning" not in result.stdout
    assert result.returncode == 0


def mail(name: str, old: str, new: str) -> str:
    text = (OUTGOING / name).read_text("utf-8")
    assert old in text
    return text.replace(old, new)


def test_a_mail_is_known_by_its_headers_or_the_name_that_standard_input_goes_by(run: Run) -> None:
    text = mail("reply.eml", "Hello Maija", "Hello Liisa")
    assert run("lint", "-", stdin=text).stdout.startswith("-:8:7: error FACT001")
    named = run("lint", "--stdin-filename", "a.eml", stdin=text)
    assert named.stdout.startswith("a.eml:8:7: error FACT001")


def test_what_the_customer_wrote_below_is_what_a_mail_is_checked_against(run: Run) -> None:
    text = mail("reply.eml", "The order left", "The order 98765432 left")
    result = run("lint", "--no-model", "--select", "FACT", stdin=text)
    assert "-:10:39: warning FACT002" in result.stdout
    good = mail("reply.eml", "The order left", "The order 12345678 left")
    assert run("lint", "--no-model", "--select", "FACT", stdin=good).stdout == "no findings\n"


@pytest.mark.parametrize(
    ("name", "expected"), [("attached.eml", []), ("bare.eml", [("FORM004", "error")])]
)
def test_what_is_said_to_be_attached_is_looked_for(
    run: Run, draft: Callable[..., Path], name: str, expected: list[tuple[str, str]]
) -> None:
    path = OUTGOING / name
    if name == "bare.eml":
        path = draft(mail("reply.eml", "thank you", "see the attachment. Thank you"), name)
    result = run("lint", "--no-model", "--select", "FORM004", "--format", "json", path)
    found = json.loads(result.stdout)["files"][0]["findings"]
    assert [(item["code"], item["severity"]) for item in found] == expected


def test_a_new_mail_whose_subject_is_not_filled_in_is_found(run: Run) -> None:
    text = mail("attached.eml", "Your invoice", "Your [order number]")
    assert "-:3:15: error FILL001" in run("lint", "--no-model", stdin=text).stdout
    reply = mail("reply.eml", "order 12345678\n", "[order number]\n")
    assert run("lint", "--no-model", stdin=reply).returncode == 0


def test_a_mail_is_fixed_in_its_own_words_alone(run: Run, draft: Callable[..., Path]) -> None:
    text = mail("reply.eml", "The order", "The the order").replace("can I", "can can I")
    path = draft(text, "draft.eml")
    run("lint", "--no-model", "--fix", path)
    assert path.read_text("utf-8") == text.replace("The the order", "The order")


def test_what_is_not_judged_in_a_language_is_said(run: Run, draft: Callable[..., Path]) -> None:
    text = "Guten Tag Maria,\n\nIhr Paket kommt morgen.\n\nMit freundlichen Grüßen\nAnna"
    result = run("lint", draft(text), "--lang", "de", "--no-model", "--format", "json")
    (tone,) = (item for item in json.loads(result.stdout)["not_run"] if item["check"] == "tone")
    assert "'de'" in tone["reason"]
    # No greeting is missing in a language of which nobody listed them.
    assert codes(result) == []
