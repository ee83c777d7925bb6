"""The benchmark of mail: what counts as expected, and that a peer's absence is said."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    yield __import__("mail")
    sys.modules.pop("mail", None)


def row(**expected: object) -> dict[str, object]:
    return {"exact": None, "contains": [], "not_contains": []} | expected


def test_line_ends_and_blank_lines_do_not_count(mail: ModuleType) -> None:
    assert mail._fits("Hi\r\n\r\n\r\n\r\nTom  \n", row(exact="Hi\n\nTom"))
    assert not mail._fits("Hi\nTom", row(exact="Hi\n\nTom"))


def test_strings_and_regular_expressions_are_looked_for(mail: ModuleType) -> None:
    assert mail._fits("One\nTwo", row(contains=["One", {"regex": "^Two", "flags": 8}]))
    assert not mail._fits("One\nTwo", row(contains=[{"regex": "^Two", "flags": 0}]))
    assert not mail._fits("One\nTwo", row(not_contains=["Two"]))


def test_a_reader_that_raises_is_never_right(mail: ModuleType) -> None:
    def broken(text: str) -> str:
        raise ValueError(text)

    assert not mail._fits(mail._attempt(broken, "x"), row())


def test_each_suite_is_counted_and_a_missing_peer_named(
    mail: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> object:
        raise ImportError

    monkeypatch.setitem(mail.READERS, "absent", missing)
    folder = tmp_path / "mail"
    folder.mkdir()
    cases = [("a", "Hi\n> old", "Hi"), ("a", "Hi\n\n-- \nTom", "Hi"), ("b", "Hi", "Ho")]
    for number, (_, text, _) in enumerate(cases):
        (folder / f"{number}.txt").write_text(text, "utf-8")
    rows = [
        json.dumps(row(suite=suite, file=f"{number}.txt", exact=exact))
        for number, (suite, _, exact) in enumerate(cases)
    ]
    (folder / "replies.jsonl").write_text("\n".join(rows), "utf-8")
    table = mail.replies(tmp_path, failed=True).splitlines()
    assert any(line.startswith("| ReplyKit | 2 | 0 | 2 |") for line in table)
    assert any(line.startswith("| absent | not installed | not installed |") for line in table)
    assert table[-1] == "not as expected: 2.txt"


def test_machine_mail_is_counted_by_kind_and_as_no_customers(
    mail: ModuleType, tmp_path: Path
) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "0.eml").write_text("From: a@b.fi\nAuto-Submitted: auto-replied\n\nAway", "utf-8")
    (folder / "1.eml").write_text("From: a@b.fi\nSubject: Hi\n\nWhere is it?", "utf-8")
    rows = [{"file": "0.eml", "kinds": ["auto_reply"]}, {"file": "1.eml", "kinds": ["bounce"]}]
    (folder / "machine.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    table = mail.machine(tmp_path, failed=True)
    assert "| known as no customer's | 1 | 0.500 |" in table
    assert "not as expected: 1.eml: customer, expected bounce" in table
