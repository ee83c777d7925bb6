"""Triage: what a message is and what to do with it, as a command and in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run
from tests.test_schemas import check

Make = Callable[[dict[str, str]], Path]

LATE = """---
title: Parcel is late
examples: [Where is my parcel?, My order has not arrived, The delivery is late]
details:
  order_number: {pattern: '\\d{6,10}', ask: Could you tell me your order number?}
---
Hello, your order {{ order_number }} is late.
"""
HOURS = """---
title: Opening hours
examples: [When are you open?, What are your opening hours?, Are you open on Sunday?]
---
Hello, we are open from 9 to 16.
"""
FILES = {"late.en.md": LATE, "hours.en.md": HOURS}
CARD = "5555 5555 5555 4444"


def triage(run: Run, text: str, *more: str | Path) -> dict[str, object]:
    done = run("triage", "-", "--format", "json", *more, stdin=text)
    assert done.returncode == 0, done.stderr
    value: dict[str, object] = json.loads(done.stdout)
    check("triage", value)
    return value


@pytest.fixture
def folder(shared_library: Make) -> Path:
    return shared_library(FILES)


def test_a_message_that_lacks_what_the_reply_needs_is_asked_back(run: Run, folder: Path) -> None:
    asked = triage(run, "Hello, where is my parcel?", "--library", folder)
    assert (asked["kind"], asked["route"]) == ("customer", "ask_details")
    given = triage(run, "Hello, where is my parcel? Order 48213377", "--library", folder)
    assert given["route"] == "answer"
    assert given["details"]["order_number"] == "48213377"  # type: ignore[index]


def test_without_ranking_or_a_library_nothing_is_asked_for(run: Run, folder: Path) -> None:
    text = "Hello, where is my parcel?"
    assert triage(run, text, "--library", folder, "--no-rank")["route"] == "answer"
    assert triage(run, text, "--library", folder.parent / "none")["route"] == "answer"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "I have now written to you three times. My lawyer will be in touch."),
        ("fi", "Kirjoitan nyt jo kolmannen kerran. Asianajajani ottaa teihin yhteyttä."),
        ("sv", "Jag skriver nu för tredje gången. Min advokat kommer att kontakta er."),
    ],
)
def test_threats_go_to_a_person(run: Run, folder: Path, lang: str, text: str) -> None:
    value = triage(run, text, "--library", folder, "--lang", lang)
    assert value["route"] == "escalate"
    assert any("legal" in reason for reason in value["reasons"])  # type: ignore[attr-defined]


def test_a_library_adds_what_escalates(run: Run, library: Make) -> None:
    words = "en:\n  recall:\n    - blue heater\n"
    folder = library(FILES | {"_routes.yaml": words})
    value = triage(run, "The blue heater smells.", "--library", folder, "--lang", "en")
    assert value["route"] == "escalate"
    assert value["reasons"] == ["recall: blue heater"]


def test_machine_mail_is_ignored_and_says_why(run: Run) -> None:
    mail = ROOT / "tests" / "data" / "triage" / "machines" / "auto-reply-001.fi.eml"
    done = run("triage", mail, "--format", "json")
    value = json.loads(done.stdout)
    check("triage", value)
    assert (value["kind"], value["route"]) == ("auto_reply", "ignore")
    assert value["reasons"]
    assert value["path"] == str(mail)


@pytest.mark.parametrize(
    ("name", "wanted", "code"),
    [
        ("machines/auto-reply-001.fi.eml", "ignore", 0),
        ("machines/auto-reply-001.fi.eml", "auto_reply", 0),
        ("machines/auto-reply-001.fi.eml", "customer", 1),
        ("customers/webform-001.fi.eml", "ignore", 1),
        ("customers/webform-001.fi.eml", "customer", 0),
    ],
)
def test_is_answers_by_its_exit_code_alone(run: Run, name: str, wanted: str, code: int) -> None:
    done = run("triage", "--is", wanted, ROOT / "tests" / "data" / "triage" / name, "--quiet")
    assert (done.returncode, done.stdout) == (code, "")


def test_what_cannot_be_read_is_2_so_that_a_filter_keeps_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "picture.eml").write_bytes(b"\x89PNG\0\0")
    for arguments in (["--is", "ignore", "picture.eml"], ["--is", "ignore", "none.eml"],
                      ["--is", "human", "picture.eml"], []):  # fmt: skip
        done = run("triage", *arguments)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\x89PNG\0\0",
        b"From: Maija <m@x.fi>\nTo: a@b.fi\nSubject: \n\n",
        b"From: m@x.fi\nTo: a@b.fi\nContent-Type: image/png\n\n\x89PNG",
        b"From: m@x.fi\nTo: a@b.fi\n" + b"X: y\n" * 250_000,
    ],
    ids=["nothing", "binary", "no text", "a picture alone", "a header without end"],
)
def test_a_mail_filter_keeps_what_cannot_be_read(run: Run, mail: bytes) -> None:
    done = run("triage", "--is", "ignore", "-", "--quiet", stdin=mail)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_what_is_piped_in_is_the_message_where_no_file_is_named(run: Run) -> None:
    done = run("triage", "--is", "customer", "--no-rank", stdin="Where is my parcel?")
    assert done.returncode == 0, done.stderr
    both = run("triage", "a.txt", "--batch", "in.jsonl")
    assert (both.returncode, both.stderr.count("\n")) == (2, 1)


def test_several_files_cost_only_themselves(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("When are you open?", "utf-8")
    done = run("triage", "none.txt", "a.txt", "--format", "json", "--no-rank")
    assert done.returncode == 2
    assert json.loads(done.stdout)["path"] == "a.txt"
    assert "none.txt" in done.stderr


def test_a_batch_gives_a_line_for_each_line(run: Run, tmp_path: Path) -> None:
    lines = [{"id": 7, "text": "Where is it?"}, {"id": 8}, {"id": 9, "text": "Missä se on?"}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    done = run("triage", "--batch", "in.jsonl", "--no-rank")
    assert done.returncode == 2
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["kind"], third["lang"]) == (7, "customer", "fi")
    assert set(second) == {"id", "error"}
    check("triage", first)


def test_an_mbox_is_read_message_by_message(run: Run, tmp_path: Path) -> None:
    mail = "From a@b Mon Nov 23 10:00:00 2026\nFrom: a@example.com\nSubject: x\n\nWhere is it?\n\n"
    (tmp_path / "in.mbox").write_text(mail * 2, "utf-8")
    done = run("triage", "in.mbox", "--format", "json", "--no-rank")
    assert [json.loads(line)["kind"] for line in done.stdout.splitlines()] == ["customer"] * 2


@pytest.mark.parametrize(
    ("sent", "yesterday"),
    [
        ("Date: Wed, 18 Nov 2026 08:15:44 +0200\n", "2026-11-17"),
        ("Date: Thu, 01 Jan 1970 00:00:00 +0000\n", "2026-11-23"),
        ("Date: Fri, 18 Dec 2026 08:15:44 +0200\n", "2026-11-23"),
        ("Date: soon\n", "2026-11-23"),
        ("", "2026-11-23"),
    ],
)
def test_yesterday_is_the_day_before_the_mail(run: Run, sent: str, yesterday: str) -> None:
    mail = f"From: a@b.example\nSubject: Refund\n{sent}\nI rang the bank yesterday. What now?\n"
    at = ("--now", "2026-11-24T10:00", "--no-rank", "--format", "json")
    done = run("triage", "-", *at, stdin=mail)
    assert json.loads(done.stdout)["details"]["date"] == yesterday


def test_card_and_identity_numbers_are_masked_in_all_that_is_printed(run: Run) -> None:
    text = f"My card {CARD} was charged twice. My id is 131052-308T."
    done = run("triage", "-", "--format", "json", "--no-rank", stdin=text)
    shown = run("triage", "-", "--no-rank", stdin=text)
    for output in (done.stdout, shown.stdout):
        assert "5555 5555" not in output
        assert "308T" not in output
    value = json.loads(done.stdout)
    assert value["text"].startswith("My card **** **** **** 4444 was")
    kinds = {item["name"] for item in value["found"]}
    assert {"card", "personal_id"} <= kinds


def test_escape_codes_never_reach_the_screen(run: Run) -> None:
    done = run("triage", "-", "--no-rank", stdin="Where\x1b[31m is \x1b]0;x\x07 it?")
    assert "\x1b" not in done.stdout
