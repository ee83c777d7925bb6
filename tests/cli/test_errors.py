"""suggest, draft and config as processes: bad input gives one line and exit 2."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import Run

MAIL = Path(__file__).parents[1] / "data" / "mail"
NOW = "--now=2026-11-22T09:30"
LATE = """---
title: Parcel is late
subject: Your order {{ order_number }}
examples: [Where is my parcel?, my order has not arrived, the delivery is late]
details:
  order_number: {description: Order number, pattern: '\\d{6,10}'}
  carrier: {required: false, default: Posti}
follow_up: [hours]
---
Hello {{ customer.first_name | default("there", true) }},

I am sorry that your order {{ order_number }} is late. {{ carrier }} brings it tomorrow.

Kind regards,
{{ agent.name or "Anna" }}
"""
HOURS = """---
title: Opening hours
examples: [When are you open?, opening hours on Saturday, what time do you close today]
---
Hello,

we are open from nine to five on every weekday.

Kind regards,
Anna
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop") / "responses"
    folder.mkdir()
    (folder / "late.en.md").write_text(LATE, "utf-8")
    (folder / "hours.en.md").write_text(HOURS, "utf-8")
    return folder


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    """The line of a run that ended for bad input."""
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert result.stderr.startswith("replykit: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.endswith("\n")
    assert "Traceback" not in result.stderr
    return result.stderr.removeprefix("replykit: ").strip()


# Usage


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nosuch"], "No such command 'nosuch'; see replykit -h"),
        (["suggest", "--nosuch"], "No such option: --nosuch"),
        (["suggest", "x", "y"], "unexpected extra argument"),
        (["suggest", "--top", "0", "x"], "'--top'"),
        (["suggest", "--top", "x", "x"], "'--top'"),
        (["suggest"], 'give one message: replykit suggest "text", or -f FILE'),
        (["suggest", "x", "-f", "y"], "give one message"),
        (["suggest", "x", "--batch", "y"], "give a message or --batch, not both"),
        (["suggest", "x", "--channel", "fax"], "--channel fax: known: email, chat"),
        (["suggest", "x", "--format", "xml"], "--format xml: known: text, json"),
        (["suggest", "x", "--now", "soon"], "--now: 'soon' is not a time"),
        (["suggest", "x", "--abstain", "much"], "--abstain: expected a number"),
        (["suggest", "x"], "responses: no response library here; give --library DIR"),
        (["draft"], "Missing argument 'id'; see replykit draft -h"),
        (["draft", "late"], "no response library here"),
        (["config", "--config", "none.toml"], "none.toml: cannot be read"),
        (["config", "--config", "."], "cannot be read (Is a directory)"),
    ],
)
def test_bad_usage_is_one_line(run: Run, arguments: list[str], words: str) -> None:
    assert words in one_line(run(*arguments))


def test_without_a_command_there_is_help(run: Run) -> None:
    result = run()
    assert (result.returncode, result.stderr.count("\n")) == (2, 1)
    assert "suggest" in result.stdout


# Configuration


def test_a_broken_settings_file_names_itself(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "replykit.toml"
    for text, words in (("language = [", "not valid TOML"), ("langage = 'fi'", "did you mean")):
        file.write_text(text, "utf-8")
        line = one_line(run("config"))
        assert line.startswith(f"{file}: ")
        assert words in line


def test_config_shows_what_is_in_force(run: Run, tmp_path: Path) -> None:
    (tmp_path / "replykit.toml").write_text('language = "fi"\n', "utf-8")
    result = run("config", "--format", "json", "--abstain", "0.2", REPLYKIT_AGENT_NAME="Aino")
    values = json.loads(result.stdout)
    assert (values["language"], values["abstain"], values["agent.name"]) == ("fi", 0.2, "Aino")
    assert result.stderr == ""


# The library


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no front matter", "late.en.md:1: no front matter"),
        (LATE.replace("title:", "titel:"), "late.en.md:2: unknown key titel; did you mean title?"),
        (LATE.replace("[Where", "[No, Where"), "late.en.md:4: examples: YAML reads bool here"),
        (LATE.replace("subject: Your", "subject: a: b"), "late.en.md:3: YAML: "),
    ],
)
@pytest.mark.parametrize("command", ["suggest", "draft"])
def test_broken_front_matter_names_file_and_line(
    run: Run, tmp_path: Path, command: str, text: str, words: str
) -> None:
    folder = tmp_path / "responses"
    folder.mkdir()
    (folder / "late.en.md").write_text(text, "utf-8")
    assert words in one_line(run(command, "late"))


def test_a_library_without_responses_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "responses").mkdir()
    assert "no responses; add one" in one_line(run("suggest", "where is my parcel"))


def test_a_library_that_is_a_file_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "responses").write_text("x", "utf-8")
    assert "no response library here" in one_line(run("suggest", "where is my parcel"))


def test_a_fault_of_the_template_names_file_and_line(run: Run, shop: Path, tmp_path: Path) -> None:
    folder = tmp_path / "responses"
    folder.mkdir()
    (folder / "late.en.md").write_text(LATE.replace("{{ carrier }}", "{{ nope }}"), "utf-8")
    line = one_line(run("draft", "late", "--set", "order_number=123456"))
    assert "late.en.md:12: 'nope' is undefined" in line


# Messages


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.txt", b"", "the message has no text"),
        ("blank.eml", b"From: a@b.fi\nSubject:\n\n \n", "the message has no text"),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a binary file"),
        ("list.json", b"[]", 'expected an object with "text"'),
        ("broken.json", b"{", "not valid JSON"),
    ],
)
@pytest.mark.parametrize("command", [("suggest",), ("draft", "late")])
def test_messages_that_cannot_be_read_are_one_line(
    run: Run,
    shop: Path,
    tmp_path: Path,
    command: tuple[str, ...],
    name: str,
    data: bytes,
    words: str,
) -> None:
    (tmp_path / name).write_bytes(data)
    line = one_line(run(*command, "-f", name, "--library", shop))
    assert line.startswith(f"{name}: ")
    assert words in line


def test_a_missing_file_a_folder_and_an_empty_text_are_one_line(run: Run, shop: Path) -> None:
    assert "none.eml: cannot be read" in one_line(run("suggest", "-f", "none.eml"))
    assert "Is a directory" in one_line(run("suggest", "-f", shop))
    assert "the message has no text" in one_line(run("suggest", " ", "--library", shop))
    assert "the message has no text" in one_line(run("suggest", "-", "--library", shop))


@pytest.mark.parametrize(
    ("data", "text", "note"),
    [
        ("Kävin jo".encode("latin-1"), "Kävin jo", "read as cp1252"),
        (b"K\xc3vin \xff\xfe\x81", "K\ufffdvin", "unreadable characters were replaced"),
    ],
)
def test_invalid_utf8_is_read_and_said(
    data: bytes, text: str, note: str, run: Run, shop: Path, tmp_path: Path
) -> None:
    (tmp_path / "odd.txt").write_bytes(b"Where is my parcel? " + data)
    result = run("suggest", "-f", "odd.txt", "--format", "json", "--library", shop)
    assert result.returncode in (0, 1)
    assert text in json.loads(result.stdout)["message"]["text"]
    assert f"odd.txt: not valid UTF-8; {note}" in result.stderr


def test_a_message_that_obeys_no_rules_reaches_no_terminal(run: Run, shop: Path) -> None:
    evil = b"Where is my parcel 123456\x1b]0;title\x07\x1b[2J\xe2\x80\xae\x9b1m?"
    result = run("suggest", "-", "--library", shop, stdin=evil)
    for character in ("\x1b", "\x07", "\u202e", "\x9b"):
        assert character not in result.stdout + result.stderr


def test_large_messages_take_bounded_time(run: Run, shop: Path, tmp_path: Path) -> None:
    run("suggest", "where", "--library", shop)
    for name, text in (
        ("words.txt", "where is my parcel " * 2500),
        ("large.txt", "t\n" * 5_000_000),
        ("line.txt", "a" * 10_000_000),
    ):
        (tmp_path / name).write_text(text, "utf-8")
        start = time.perf_counter()
        result = run("suggest", "-f", name, "--library", shop, "--format", "json")
        # A bound, not a measurement: other processes share the machine of the tests.
        assert time.perf_counter() - start < 60
        assert result.returncode in (0, 1)
        assert len(result.stdout) < 400_000


@pytest.mark.parametrize("name", ["out-of-office.fi.eml", "bounce.en.eml", "newsletter.en.eml"])
def test_machine_mail_is_skipped(run: Run, shop: Path, name: str) -> None:
    result = run("suggest", "-f", MAIL / name, "--library", shop, "--format", "json")
    answer = json.loads(result.stdout)
    assert result.returncode == 1
    assert (answer["decision"], answer["suggestions"]) == ("skip", [])


# Drafts


def draft(run: Run, shop: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run("draft", "late", "--library", shop, NOW, *arguments)


def test_a_complete_draft_goes_to_stdout_and_the_rest_to_stderr(run: Run, shop: Path) -> None:
    result = draft(run, shop, "--set", "order_number=123456")
    assert result.returncode == 0
    assert result.stdout.startswith("Hello there,\n\nI am sorry that your order 123456 is late.")
    assert "subject: Your order 123456" in result.stderr
    assert "next, often: hours" in result.stderr


def test_a_missing_detail_is_one_line_that_says_how_to_give_it(run: Run, shop: Path) -> None:
    result = draft(run, shop)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr == (
        "replykit: missing: order_number (Order number); "
        "give --set order_number=…, or use --ask or --partial\n"
    )
    assert draft(run, shop, "--quiet").stderr == result.stderr


def test_partial_writes_a_mark_that_lint_calls_an_error(run: Run, shop: Path) -> None:
    result = draft(run, shop, "--partial", "--format", "json")
    done = json.loads(result.stdout)
    assert result.returncode == 1
    assert "your order [[order_number]] is late" in done["text"]
    assert done["missing"] == ["order_number"]
    assert done["lint"]["summary"]["error"] >= 1
    without = draft(run, shop, "--partial", "--no-lint", "--format", "json")
    assert json.loads(without.stdout)["lint"] is None
    assert without.returncode == 1


def test_json_of_a_draft_keeps_to_the_contract(run: Run, shop: Path) -> None:
    mail = "From: Maija Mäkelä <maija@example.fi>\nSubject: Late\n\nWhere is 1234567?\n"
    (shop.parent / "mail.eml").write_text(mail, "utf-8")
    result = draft(run, shop, "-f", shop.parent / "mail.eml", "--format", "json")
    done = json.loads(result.stdout)
    assert result.returncode == 0
    assert done["text"].startswith("Hello Maija,")
    del done["text"], done["lint"]
    assert done == {
        "schema": "replykit.draft/1",
        "id": "late",
        "lang": "en",
        "channel": "email",
        "subject": "Re: Late",
        "missing": [],
        "details": {
            "order_number": {"value": "1234567", "source": "message"},
            "carrier": {"value": "Posti", "source": "default"},
        },
        "follow_up": ["hours"],
    }


def test_ask_prompts_on_stderr_until_it_fits(run: Run, shop: Path) -> None:
    command = ("draft", "late", "--library", shop, "--ask", "--format", "json", NOW)
    result = run(*command, stdin="12\n123456\n")
    assert json.loads(result.stdout)["details"]["order_number"] == {
        "value": "123456",
        "source": "asked",
    }
    assert "Order number: " in result.stderr
    assert run(*command, stdin="").returncode == 1
    assert run(*command, stdin=b"\xff\xfe\n123456\n").returncode in (0, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "order_number"], "--set order_number: write it as name=value"),
        (["--set", "order_number=12"], "'12' does not fit its pattern"),
        (["--set", "ordernumber=123456"], "did you mean order_number?"),
        (["--customer", "none.json"], "none.json: cannot be read"),
        (["--customer", "c.txt"], "a customer's record is .json, .yaml, .csv or .vcf"),
        (["--set", "order_number=123456", "-o", "no/such/folder.txt"], "cannot be written"),
        (["--set", "order_number=123456", "-o", "."], "cannot be written"),
    ],
)
def test_wrong_values_and_files_are_one_line(
    run: Run, shop: Path, arguments: list[str], words: str
) -> None:
    assert words in one_line(draft(run, shop, "--no-lint", *arguments))


def test_an_unknown_id_is_one_line(run: Run, shop: Path) -> None:
    line = one_line(run("draft", "lat", "--library", shop))
    assert "no response 'lat'; did you mean late?" in line
    for id in ("", "../late", "²", "late.en"):
        assert "no response" in one_line(run("draft", id, "--library", shop))


def test_a_customers_file_fills_the_draft(run: Run, shop: Path, tmp_path: Path) -> None:
    table = "Sähköposti;Etunimi;order_number\nmaija@example.fi;Päivi;7654321\n"
    (tmp_path / "c.csv").write_bytes(table.encode("cp1252"))
    arguments = ("--customer", tmp_path / "c.csv", "--set", "customer.email=maija@example.fi")
    result = draft(run, shop, *arguments)
    assert result.returncode == 0
    assert "Hello Päivi," in result.stdout
    assert "7654321" in result.stdout
    arguments = ("--customer", tmp_path / "c.csv", "--set", "customer.email=no@example.fi")
    other = draft(run, shop, *arguments, "--set", "order_number=123456")
    assert "no customer with the address no@example.fi" in other.stderr
    assert "Hello there," in other.stdout


def test_output_is_written_to_the_file(run: Run, shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "reply.txt"
    file.write_text("old", "utf-8")
    link = tmp_path / "link.txt"
    link.symlink_to(file)
    result = draft(run, shop, "--set", "order_number=123456", "-o", link)
    assert (result.returncode, result.stdout) == (0, "")
    assert file.read_text("utf-8").startswith("Hello there,")
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.txt", "reply.txt"]


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="a device of Unix")
def test_output_to_a_device_is_written_into_it(run: Run, shop: Path, tmp_path: Path) -> None:
    result = draft(run, shop, "--set", "order_number=123456", "-o", "/dev/stdout")
    assert "Hello there," in result.stdout
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        draft(run, shop, "--set", "order_number=123456", "-o", pipe)
        out, _ = reader.communicate(timeout=60)
    assert b"Hello there," in out
    assert stat.S_ISFIFO(pipe.stat().st_mode)


# The rank of the last suggestion


def test_draft_1_is_the_first_of_the_last_suggestion(run: Run, shop: Path, tmp_path: Path) -> None:
    own = {"REPLYKIT_CACHE_DIR": str(tmp_path / "cache")}
    assert "run replykit suggest first" in one_line(run("draft", "1", "--library", shop, **own))
    mail = tmp_path / "mail.txt"
    mail.write_text("Where is my parcel? Order 1234567", "utf-8")
    assert run("suggest", "-f", mail, "--library", shop, **own).returncode == 0
    result = run("draft", "1", "--library", shop, "--format", "json", **own)
    done = json.loads(result.stdout)
    assert (done["id"], done["details"]["order_number"]["value"]) == ("late", "1234567")
    assert f"message: {mail}" in result.stderr
    assert "the last suggestion has 2" in one_line(run("draft", "9", "--library", shop, **own))
    assert "the last suggestion has 2" in one_line(run("draft", "0", "--library", shop, **own))
    mail.unlink()
    result = run("draft", "1", "--library", shop, **own)
    assert "is gone" in result.stderr
    assert result.returncode == 1
    (memory,) = (tmp_path / "cache").glob("last-*.json")
    assert stat.S_IMODE(memory.stat().st_mode) == 0o600
    assert "1234567" not in memory.read_text("utf-8")
    for text in ("", "[]", "{", '{"ids": 5}', '{"ids": ["late"]}'):
        memory.write_text(text, "utf-8")
        assert "run replykit suggest first" in one_line(run("draft", "1", "--library", shop, **own))


def test_each_terminal_has_its_own_last_suggestion(run: Run, shop: Path, tmp_path: Path) -> None:
    """An agent who works in two windows must not send the reply of the other one."""
    own = {"REPLYKIT_CACHE_DIR": str(tmp_path / "cache")}
    here, there = tmp_path / "here.txt", tmp_path / "there.txt"
    here.write_text("Where is my parcel? Order 1234567", "utf-8")
    there.write_text("Where is my parcel? Order 7654321", "utf-8")

    def elsewhere(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "replykit", *arguments, "--library", shop],
            env=os.environ | own, capture_output=True, text=True, check=True,
            start_new_session=True,
        )  # fmt: skip
        return done.stdout + done.stderr

    run("suggest", "-f", here, "--library", shop, **own)
    elsewhere("suggest", "-f", str(there))
    result = run("draft", "1", "--library", shop, **own)
    assert "another terminal" not in result.stderr
    assert f"message: {here}" in result.stderr
    said = elsewhere("draft", "1")
    assert "the last suggestion (late) was made in another terminal" in said
    assert f"message: {there}" in said


def test_a_cache_that_cannot_be_made_is_one_line(run: Run, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    own = {"REPLYKIT_CACHE_DIR": str(tmp_path / "file")}
    line = one_line(run("suggest", "where is my parcel", "--library", shop, **own))
    assert "set REPLYKIT_CACHE_DIR" in line
