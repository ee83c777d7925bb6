"""Dates in numbers and with the month written out.

Own patterns for each language, not dateparser: on sentences of the tests that took 0.26 s to
import and 4 to 15 ms a sentence, missed "12.11." and "8. tammikuuta", and read €49 and the name
April as dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import chain, islice

from replykit.details import Found
from replykit.recognise.days import day_of_month, relative, weekdays
from replykit.recognise.view import View, compiled
from replykit.recognise.words import LANGUAGES, DateWords

_MOST = 300


def dates(view: View) -> Iterator[Found]:
    """Dates in ISO form; of those that overlap the surest kind."""
    words = LANGUAGES.get(view.lang, LANGUAGES["en"])
    found = list(islice(_in_numbers(view, words), _MOST))
    taken: set[int] = set()
    for item in chain(found, relative(view, words), weekdays(view, words, found)):
        if taken.isdisjoint(range(item.start, item.end)):
            taken.update(range(item.start, item.end))
            yield item


def _in_numbers(view: View, words: DateWords) -> Iterator[Found]:
    if view.digits:
        yield from _iso(view)
        yield from _numeric(view, words)
        yield from _written(view, words)
        yield from day_of_month(view, words)


def _iso(view: View) -> Iterator[Found]:
    for match in view.matches(compiled(_ISO), view.digits):
        if found := _date(match["year"], match["month"], match["day"]):
            yield Found("date", found.isoformat(), match.start(), match.end("day"), 0.99)


def _numeric(view: View, words: DateWords) -> Iterator[Found]:
    """Day, month and perhaps the year, between points, strokes or hyphens."""
    text, now = view.text, view.now
    for match in view.matches(compiled(_NUMERIC), view.digits):
        day, month, year, mark = match["day"], match["month"], match["year"] or "", match["mark"]
        end = match.end() if year or (mark == "." and match["point"]) else match.end("month")
        before = text[max(0, match.start() - 30) : match.start()]
        if _is_other_number(before, text, end, words):
            continue
        sure = _sure_of_numbers(match, before, text, end, words)
        if mark == "/" and year and int(month) > 12:
            day, month = month, day  # the American order
        if len(year) == 2:
            year = _full_year(year, before, now, words)
        weekday = _weekday_before(before, words)
        found = _date(year, month, day) if year else _nearest(day, month, now, weekday)
        if not found or not sure or (match["year"] and not year):
            continue
        if match["first"] and (first := _date(str(found.year), month, match["first"])):
            last = match.end("first") + len(match["first_point"])
            yield Found("date", first.isoformat(), match.start("first"), last, 0.9 * sure)
        is_den = not match["first"] and mark == "/" and not year and before.endswith("den ")
        start = match.start("day") - (len("den ") if is_den else 0)
        yield Found("date", found.isoformat(), start, end, _with_weekday(sure, found, weekday))


def _sure_of_numbers(
    match: re.Match[str], before: str, text: str, end: int, words: DateWords
) -> float:
    """How sure it is that numbers are a date; 0 where they are more likely none."""
    year, mark = match["year"], match["mark"]
    if year and mark == ".":
        return 0.98 if len(year) == 4 else 0.9
    if year:
        two_ways = int(match["day"]) <= 12 and match["day"] != match["month"]
        return 0.95 if not two_ways else 0.9 if words.has_bare else 0.8
    if mark == "/":
        made = _ends_with(words.slashed_before).search(before) if words.slashed_before else None
        return (0.9 if made[1] == "den" else 0.5) if made else 0.0
    if mark != ".":
        return 0.0
    named = _ends_with(words.date_before).search(before) or compiled(
        rf" (?:{words.date_behind})\b"
    ).match(text, end)
    if match["point"]:
        ends_sentence = not compiled(r"\s*[a-zåäö,;:)–-]").match(text[end : end + 3])
        return 0.97 if named or words.has_bare else 0.0 if ends_sentence else 0.85
    return 0.85 if named else 0.4 if words.has_bare else 0.0


def _written(view: View, words: DateWords) -> Iterator[Found]:
    """A day with its month's name."""
    text, now = view.text, view.now
    windows = view.around(words.month_stems)
    for pattern in _written_patterns(words) if windows else ():
        for match in view.matches(pattern, windows):
            name, day, year = match["month"], match["day"], match["year"] or ""
            if name in ("may", "mar", "march") or int(day) > 31:
                continue  # may 5 people come
            month = str(next(n for n, m in enumerate(words.months, 1) if _is(m, name)))
            before = text[max(0, match.start() - 30) : match.start()]
            weekday = _weekday_before(before, words)
            found = _date(year, month, day) if year else _nearest(day, month, now, weekday)
            if not found:
                continue
            range_start = compiled(_RANGE_START).search(
                text, max(0, match.start() - 8), match.start()
            )
            if range_start and (first := _date(str(found.year), month, range_start["first"])):
                yield Found("date", first.isoformat(), *range_start.span("whole"), 0.85)
            yield Found(
                "date", found.isoformat(), *match.span(), _with_weekday(0.97, found, weekday)
            )


def written_days(text: str, lang: str) -> Iterator[tuple[re.Match[str], int]]:
    """Each day with its month's name as it stands there, be there such a day or not, and the
    number of the month."""
    if lang not in LANGUAGES:
        return
    words = LANGUAGES[lang]
    for pattern in _written_patterns(words):
        for match in pattern.finditer(text):
            name = match["month"].casefold()
            months = (number for number, one in enumerate(words.months, 1) if _is(one, name))
            yield match, next(months)


def _is_other_number(before: str, text: str, end: int, words: DateWords) -> bool:
    """Whether the words around tell of a section, a version, a time or a measure."""
    number = compiled(
        rf"(?i)(?<!\w)(?:(?:{words.number_before}|versio\w*)[ ](?:\w{{1,12}}[ ])?|v\.?[ ]?)$"
    )
    return bool(number.search(before) or compiled(_MEASURE).match(text, end))


def _full_year(year: str, before: str, now: date, words: DateWords) -> str:
    """Two digits as a year: one near to now, or one of somebody's birth; else nothing."""
    full = now.year - now.year % 100 + int(year)
    if abs(full - now.year) <= 10:
        return str(full)
    born = compiled(rf"(?i)\b(?:{words.born})\D{{0,12}}$").search(before)
    return str(full - 100 * (full > now.year)) if born else ""


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _nearest(day: str, month: str, now: date, weekday: int | None) -> date | None:
    """The day and month nearest to now, of those on the weekday that is named, if any are."""
    years = (now.year, now.year + 1, now.year - 1)
    near = [found for year in years if (found := _date(str(year), month, day))]
    named = [found for found in near if found.weekday() == weekday]
    return min(named or near, key=lambda found: abs(found - now), default=None)


def _weekday_before(before: str, words: DateWords) -> int | None:
    """The weekday (Monday is 0) whose name stands right before a date."""
    match = compiled(rf"(?i)(?<!\w)({words.weekday_before})\.?,? (?:the |den )?$").search(before)
    if not match:
        return None
    name = match[1].lower()
    return next(n for n, stem in enumerate(words.weekday_stems) if name.startswith(stem))


def _with_weekday(sure: float, found: date, weekday: int | None) -> float:
    """The confidence with what a weekday beside the date says of it."""
    if weekday is None:
        return sure
    return max(sure, 0.98) if found.weekday() == weekday else min(sure, 0.7)


def _is(pattern: str, name: str) -> bool:
    return re.fullmatch(pattern, name, re.IGNORECASE) is not None


def _ends_with(words: str) -> re.Pattern[str]:
    return compiled(rf"(?i)\b({words})[.:]? $")


@cache
def _written_patterns(words: DateWords) -> list[re.Pattern[str]]:
    month = f"(?P<month>{'|'.join(words.months)})"
    return [
        re.compile(rf"(?i)(?<![\w,/]){source.replace('{month}', month)}(?!\w|-\d)")
        for source in words.written
    ]


_ISO = (
    r"(?=\d)(?<![\w./-])(?P<year>(?:19|20)\d\d)([-/])(?P<month>\d\d)\2(?P<day>\d\d)"
    r"(?:T\d\d:\d\d[\d:.Z+]*)?(?![\w/]|-\w)"
)
# 5.12.2026, 5.12.26, 5.12., 5.12, 5/12/2026, 5-12-2026; also the days of 3.–5.12.
_NUMERIC = r"""(?x)(?=\d)(?:(?<![\w.,:/+-])|(?<=\d[.\d][-–]))(?<!\d[ ][-–])
    (?:(?P<first>[0-3]?\d)(?P<first_point>\.?)[ ]?[-–][ ]?)?
    (?P<day>[0-3]?\d)(?P<mark>[./-])(?P<space>[ ])?(?P<month>[01]?\d|[0-3]\d(?=/\d))
    (?:
      (?P=mark)(?P<year>(?:(?(space)[ ])(?:19|20)\d\d|\d\d)(?!\d))
      |(?(space)(?!))(?P<point>\.)
      |(?(space)(?!))
    )
    (?![\w%€£$/:]|[.,]\d|-(?!\d{1,2}\.\d)\d)"""
_RANGE_START = r"(?<![\w.,-])(?P<whole>(?P<first>\d{1,2})\.?) ?[-–] ?$"
_MEASURE = (
    r"(?i)[ ]?(?:[kmcd]?m|kg|g|[dm]?l|h|min|v|gb|mb|kpl|[ap]\.?m|prosentti\w*|tuumaa|versio\w*)\b"
)
