"""Replies that begin with a refusal, and those that only sound so: `opens-with-no` on the first
words of answers."""

from __future__ import annotations

import pytest

from replykit.linter import Draft
from replykit.reading.record import from_record
from replykit.rules import find_rule
from tests.conftest import ROOT

CASES = [
    line.split("\t")
    for line in (ROOT / "tests/data/first_sentences.tsv").read_text("utf-8").splitlines()
]
GREETINGS = {"en": "Hi Kim,\n\n", "fi": "Hei Kim,\n\n"}


@pytest.mark.parametrize(("expected", "lang", "asked", "text"), CASES)
def test_only_a_refusal_closes_the_door(expected: str, lang: str, asked: str, text: str) -> None:
    rule = find_rule("opens-with-no")
    message = from_record({"text": asked}) if asked else None
    found = {
        hit.severity or rule.severity
        for start in ("", GREETINGS[lang])
        for hit in rule.check(Draft(start + text, lang, message=message))
    }
    assert found == ({expected} - {"clean"})
