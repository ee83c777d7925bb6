"""DATE: dates that no calendar has."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from replykit.details import Found
from replykit.linter import Draft
from replykit.rules import Example, Hit, Rule

_NEAR_DAYS = 150
# No month lacks the days before.
_LATE = re.compile(r"(?:29|30|31)(?!\d)")
_ISO = re.compile(r"(?<![\w.:/-])(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)(?![\w/-])")
_COUNTED = re.compile(
    r"[ \t]+(?!(?:at|and|or|to|until|till|is|was|are|were|in|on|for|from|with|as|we|you|he|she"
    r"|it|they|the|if|but|when|so|please|kl|och|ja|klo|mennessä|asti|saakka|alkaen|jälkeen)\b)[^\W\d_]",
    re.IGNORECASE,
)
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
    if not _LATE.search(draft.text):
        return
    yield from _in_numbers(draft)
    from replykit.recognise.dates import written_days

    for match, month in written_days(draft.text, draft.lang):
        # "In February 30 new members joined": a number of something else.
        counts = match.start("month") < match.start("day") and not match["year"]
        if counts and _COUNTED.match(draft.text, match.end()):
            continue
        if int(match["day"]) > _days(month, match["year"] or ""):
            yield Hit(*match.span())
    for match in _ISO.finditer(draft.text):
        month = int(match["month"])
        if 1 <= month <= 12 and _days(month, match["year"]) < int(match["day"]) <= 31:
            yield Hit(*match.span())


def _days(month: int, year: str) -> int:
    """The days of a month; without a year 29.2. may be of a leap year."""
    return monthrange(int(year) if year else 2000, month)[1]


def _in_numbers(draft: Draft) -> Iterator[Hit]:
    for match in _IMPOSSIBLE.finditer(draft.text):
        day, month = int(match["day"]), int(match["month"])
        if not 1 <= month <= 12 or not 29 <= day <= 31:
            continue
        if day > _days(month, match["year"] or ""):
            yield Hit(match.start(), match.end())


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
            Example("en", "It is due on 31 November, or on February 30, 2027."),
            Example("en", "The deadline is the 31st of June. It is 2026-02-30."),
            Example("fi", "Varaus päättyy 31.11."),
            Example("fi", "Varaus päättyy 31. marraskuuta."),
            Example("sv", "Bokningen slutar den 31 november."),
            Example("fi", "Eräpäivä on 29.2.2026."),
        ),
        good=(
            Example("en", "The booking ends on 30.11.2026. Version 3.31.2 is out."),
            Example("en", "It is due on 31 December or 29 February, and ends on January 31."),
            Example("en", "In February 30 new members joined; the number is 2026-02-301."),
            Example("fi", "Varaus päättyy 30.11. ja eräpäivä on 29.2.2028."),
            Example("fi", "Varaus päättyy 31. joulukuuta, ja kurssi on 29. helmikuuta 2028."),
        ),
    ),
)
