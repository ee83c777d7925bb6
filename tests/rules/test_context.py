"""Drafts that go wrong against their message or the calendar: how many are found, and that
their good twins stay clean. Each line of `tests/data/lint_context.*.jsonl` was written before
the rules were widened for it; what is measured is the share with a warning or an error that the
twin has not."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from replykit.checking.meaning import tools
from replykit.config import Settings
from replykit.details import as_texts
from replykit.linter import Draft, Tools
from replykit.reading.record import from_record
from replykit.rules import rules
from tests.conftest import ROOT

NOW = datetime.fromisoformat("2026-11-22T12:00")
# The families that look at the message and the calendar; tone and grammar have tests of their own.
FAMILIES = ("ANSW", "DATE", "FACT", "FILL", "FORM", "LEN", "LINK", "PRIV", "TONE023")
# Measured on all lines, less one or two drafts.
FLOORS = {
    "already-sent": 0.9, "attachment-missing": 0.9, "cold-to-angry": 0.9, "link": 0.9,
    "long-sentence": 0.9, "mixed-address": 0.8, "name-mismatch": 0.9, "no-next-step": 0.7,
    "opens-with-no": 0.9, "past-date": 0.9, "placeholder": 0.9, "private-in-public": 0.9,
    "too-short": 0.9, "unanswered-question": 0.55, "unknown-fact": 0.9, "wall-of-text": 0.9,
    "weekday-mismatch": 0.9,
}  # fmt: skip


@cache
def records() -> tuple[dict[str, Any], ...]:
    return tuple(
        json.loads(line)
        for lang in ("en", "fi")
        for line in (ROOT / f"tests/data/lint_context.{lang}.jsonl").read_text("utf-8").splitlines()
    )


@cache
def _tools() -> Any:
    return tools(Settings())[0]


def grave(record: dict[str, Any], text: str) -> Counter[tuple[str, str]]:
    draft = Draft(
        text,
        record["lang"],
        channel=record["channel"],
        message=from_record({"text": record["message"]}),
        details=as_texts(record["details"]),
        now=NOW,
        # The model takes its time; it is asked where the fault needs it.
        tools=_tools() if record["rule"] == "unanswered-question" else Tools(),
    )
    return Counter(
        (rule.code, text[hit.start : hit.end])
        for rule in rules()
        if rule.code.startswith(FAMILIES)
        for hit in rule.check(draft)
        if (hit.severity or rule.severity) != "suggestion"
    )


@cache
def found(name: str) -> tuple[bool, ...]:
    return tuple(
        bool(grave(record, record["bad"]) - grave(record, record["good"]))
        for record in records()
        if record["rule"] == name
    )


def test_each_fault_has_drafts_in_both_languages_and_a_floor() -> None:
    counts = Counter((record["rule"], record["lang"]) for record in records())
    assert {name for name, _ in counts} == set(FLOORS)
    assert all(counts[name, "en"] and counts[name, "fi"] for name in FLOORS)


@pytest.mark.parametrize("name", FLOORS)
def test_faults_are_found(name: str) -> None:
    hits = found(name)
    assert sum(hits) / len(hits) >= FLOORS[name]


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_good_twins_are_clean(lang: str) -> None:
    seen = {
        (record["good"], record["message"]): record
        for record in records()
        if record["lang"] == lang
    }
    assert [grave(record, record["good"]) for record in seen.values()] == [Counter()] * len(seen)
