"""Whole replies that begin with a refusal, and those that leave open what happens next; each with
a twin that only looks alike: it gives thanks or an offer first, or names a step in other words."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from replykit.linter import Draft
from replykit.reading.record import from_record
from replykit.rules import find_rule
from tests.conftest import ROOT

# Of 20 drafts; what is missed is a refusal that only the matter tells ("the place was given away").
FLOORS = {
    ("opens-with-no", "en"): 17, ("opens-with-no", "fi"): 19,
    ("no-next-step", "en"): 20, ("no-next-step", "fi"): 20,
}  # fmt: skip


@cache
def records(rule: str, lang: str) -> tuple[dict[str, Any], ...]:
    lines = (ROOT / "tests/data/first_and_next.jsonl").read_text("utf-8").splitlines()
    every = map(json.loads, lines)
    return tuple(item for item in every if (item["rule"], item["lang"]) == (rule, lang))


def fires(record: dict[str, Any], text: str) -> bool:
    message = from_record({"text": record["message"]})
    draft = Draft(text, record["lang"], channel=record["channel"], message=message)
    rule = find_rule(record["rule"])
    return any((hit.severity or rule.severity) != "suggestion" for hit in rule.check(draft))


@pytest.mark.parametrize(("rule", "lang"), FLOORS)
def test_faults_are_found(rule: str, lang: str) -> None:
    found = [fires(record, record["bad"]) for record in records(rule, lang)]
    assert (len(found), sum(found) >= FLOORS[rule, lang]) == (20, True)


@pytest.mark.parametrize(("rule", "lang"), FLOORS)
def test_what_looks_alike_is_clean(rule: str, lang: str) -> None:
    assert not [item["good"] for item in records(rule, lang) if fires(item, item["good"])]
