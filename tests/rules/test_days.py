"""Days in replies: promises of what is past, weekdays that disagree with their date, and innocent
sentences that look alike, as of noon on Sunday 22 November 2026."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from replykit.linter import Draft
from replykit.recognise.spelled import spelled_dates
from replykit.rules import find_rule
from tests.conftest import ROOT

NOW = datetime.fromisoformat("2026-11-22T12:00")
CASES = [
    line.split("\t") for line in (ROOT / "tests/data/days.tsv").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("expected", "lang", "text"), CASES)
def test_a_day_is_found_only_where_it_cannot_be_right(expected: str, lang: str, text: str) -> None:
    draft = Draft(text, lang, now=NOW)
    found = {
        code for code in ("DATE001", "DATE002", "DATE003") if any(find_rule(code).check(draft))
    }
    assert found == ({expected} - {"clean"})


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_each_day_of_a_month_is_read_in_words(lang: str) -> None:
    from replykit.recognise.spelled import _ordinals

    month = "tammikuun {}" if lang == "fi" else "the {} of January"
    found = {
        item.value
        for word in _ordinals(lang)
        for item in spelled_dates(month.format(word), lang, NOW.date())
    }
    assert found == {date(2027, 1, day).isoformat() for day in range(1, 32)}


def test_a_day_in_words_that_the_month_has_not_is_none() -> None:
    assert not [*spelled_dates("the thirty-first of November", "en", NOW.date())]


def test_without_a_clock_nothing_is_past() -> None:
    assert not [*find_rule("DATE002").check(Draft("You get it by 12 November 2020.", "en"))]
