"""Finds dates whose day is written as a word: the ninth of December, joulukuun yhdeksäntenä."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

from replykit.details import Found
from replykit.patterns import prepared

_EN_UNITS = "first second third fourth fifth sixth seventh eighth ninth"
_EN_TEENS = (
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth"
    " nineteenth"
)
# Finnish says "the ninth" (nominative) and "on the ninth" (essive).
_FI_UNITS = (
    "ensimmäinen toinen kolmas neljäs viides kuudes seitsemäs kahdeksas yhdeksäs kymmenes",
    "ensimmäisenä toisena kolmantena neljäntenä viidentenä kuudentena seitsemäntenä kahdeksantena"
    " yhdeksäntenä kymmenentenä",
)
_FI_FIRST_TWO = (("yhdes", "kahdes"), ("yhdentenä", "kahdentena"))  # before "toista"
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fi": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
}
_SURE = 0.9


def spelled_dates(text: str, lang: str, now: date) -> Iterator[Found]:
    """Dates with the day in words; one without a year is the nearest to now."""
    pattern = _pattern(lang)
    for match in pattern.finditer(text) if pattern else ():
        parts = {name.rstrip("2"): value for name, value in match.groupdict().items() if value}
        name = parts["month"].casefold()
        months = enumerate(_MONTHS[lang].split(), 1)
        month = next(number for number, one in months if name.startswith(one))
        day = _ordinals(lang)[parts["day"].casefold()]
        found = _day(now, month, day, parts.get("year"))
        if found:
            yield Found("date", found.isoformat(), *match.span(), _SURE)


def _day(now: date, month: int, day: int, year: str | None) -> date | None:
    years = [int(year)] if year else [now.year - 1, now.year, now.year + 1]
    found = []
    for number in years:
        try:
            found.append(date(number, month, day))
        except ValueError:
            continue
    return min(found, key=lambda one: abs((one - now).days), default=None)


@cache
def _ordinals(lang: str) -> Mapping[str, int]:
    """The days of a month in words, from one to thirty-one."""
    if lang == "en":
        units = _EN_UNITS.split()
        words = [*units, *_EN_TEENS.split(), "twentieth", *(f"twenty-{one}" for one in units)]
        return {word: day for day, word in enumerate([*words, "thirtieth", "thirty-first"], 1)}
    found: dict[str, int] = {}
    for form, first_two in zip(_FI_UNITS, _FI_FIRST_TWO, strict=True):
        units = form.split()
        teens = [f"{stem}toista" for stem in (*first_two, *units[2:9])]
        twenty, thirty = first_two[1] + units[9], units[2] + units[9]
        words = [*units, *teens, twenty, *(twenty + one for one in units[:9])]
        found.update({word: day for day, word in enumerate([*words, thirty, thirty + units[0]], 1)})
    return found


@cache
def _pattern(lang: str) -> re.Pattern[str] | None:
    if lang not in _MONTHS:
        return None
    # The longest first: "kahdestoista" before "kahdes".
    day = "|".join(sorted(_ordinals(lang), key=len, reverse=True))
    months = _MONTHS[lang].replace(" ", "|")
    if lang == "fi":
        month = rf"(?:{months})kuu"
        source = (
            rf"(?P<month>{month})n (?P<day>{day})(?: päivänä)?(?: (?P<year>20\d\d))?"
            rf"|(?P<day2>{day})(?: päivänä)? (?P<month2>{month})ta(?: (?P<year2>20\d\d))?"
        )
    else:
        source = (
            rf"(?:the )?(?P<day>{day}) (?:of )?(?P<month>{months})(?:,? (?P<year>20\d\d))?"
            rf"|(?P<month2>{months}) (?:the )?(?P<day2>{day})(?:,? (?P<year2>20\d\d))?"
        )
    return prepared(rf"(?<!\w)(?:{source})(?!\w)", re.IGNORECASE)
