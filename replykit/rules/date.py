"""DATE: dates that no calendar has."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from replykit.details import Found
from replykit.linter import Draft, Fix
from replykit.rules import Example, Hit, Rule

_NEAR_DAYS = 150
_SURE = 0.7  # what a date has that its weekday contradicts
_IMPOSSIBLE = re.compile(
    r"(?<![\d.:,/-])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d)?(?![\d])(?!\.\d)"
)


def dates(draft: Draft) -> list[Found]:
    """The dates that a draft names by day and month, in their order."""
    from replykit.recognise import find
    from replykit.recognise.spelled import spelled_dates

    day = draft.now.date() if draft.now else date.today()
    found = [
        item
        for item in find(draft.text, draft.lang, day, ("date",))
        if item.confidence >= _SURE and any(map(str.isdigit, draft.text[item.start : item.end]))
    ]
    found += spelled_dates(draft.text, draft.lang, day)
    return sorted(found, key=lambda item: item.start)


def day_of(draft: Draft, item: Found) -> date | None:
    """The day that is meant: without a year the nearest, where that is near enough to be sure."""
    day = date.fromisoformat(item.value)
    if re.search(r"\d{4}", draft.text[item.start : item.end]):
        return day
    today = draft.now.date() if draft.now else date.today()
    years = (today.year - 1, today.year, today.year + 1)
    days = [day.replace(year=year) for year in years if day.day <= monthrange(year, day.month)[1]]
    nearest = min(days, key=lambda found: abs((found - today).days), default=None)
    return nearest if nearest and abs((nearest - today).days) <= _NEAR_DAYS else None


def _impossible(draft: Draft) -> Iterator[Hit]:
    for match in _IMPOSSIBLE.finditer(draft.text):
        day, month = int(match["day"]), int(match["month"])
        if not 1 <= month <= 12 or not 29 <= day <= 31:
            continue
        year = int(match["year"] or (draft.now.year if draft.now else 2000))
        # Without a year 29.2. may be of a leap year.
        most = 29 if month == 2 and not match["year"] else monthrange(year, month)[1]
        if day > most:
            fix = Fix(f"{most}{match.group()[len(match['day']) :]}", safe=False)
            yield Hit(match.start(), match.end(), fix=fix)


RULES = (
    Rule(
        code="DATE003",
        name="no-such-date",
        severity="error",
        message="“{text}” is no day of the calendar",
        explanation="A month does not have so many days: a slip of the pen, or a date made up.",
        check=_impossible,
        bad=(
            Example("en", "The booking ends on 31.11.2026."),
            Example("fi", "Varaus päättyy 31.11."),
            Example("fi", "Eräpäivä on 29.2.2026."),
        ),
        good=(
            Example("en", "The booking ends on 30.11.2026. Version 3.31.2 is out."),
            Example("fi", "Varaus päättyy 30.11. ja eräpäivä on 29.2.2028."),
        ),
    ),
)
