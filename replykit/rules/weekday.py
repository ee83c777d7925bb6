"""DATE: weekdays that do not agree with the date or the day beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from replykit.details import Found
from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule
from replykit.rules.date import dates, day_of

_NAMES = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fi": ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
}
# Whole names, with the endings that they may have; short ones stand only right beside a date.
_LONG = {
    "en": "mon tues wednes thurs fri satur sun",
    "fi": "maanantai tiistai keskivii(?:kko|ko) torstai perjantai lauantai sunnuntai",
    "sv": "mån tis ons tors fre lör sön",
}
_ENDING = {
    "en": "day",
    "fi": r"(?!i?sin\b)[a-zåäö]{0,8}(?:-ilta[a-zåäö]*)?",
    "sv": r"dag[a-zåäö]{0,3}",
}
_SHORT = {
    "en": "mon tues? wed thu(?:rs?)? fri sat sun",
    "fi": "ma ti ke to pe la su",
    "sv": "mån tis? ons tors? fre lör sön",
}
_TIME = r"(?:(?:at|klo|kello|kl\.?)\s)?\d{1,2}(?:[.:]\d\d)?(?:\s?[-–]\s?\d{1,2}(?:[.:]\d\d)?)?"
_PART = (
    r"(?:\s(?:morning|afternoon|evening|night|aamuna|aamulla|aamupäivällä|iltapäivällä|illalla"
    r"|iltana))?"
)
_SAID = r"(?:\s(?:as\sagreed|at\sthe\slatest|next\sweek|sovitusti|viimeistään|ensi\sviikolla))?"
_THAT_IS = r"(?:(?:that\sis|that['’]s|i\.?\s?e\.|namely|eli|siis|which\sis|joka\son|alltså),?\s)?"
_PREPOSITION = r"(?:(?:on|the|den)\s){0,2}"
_TO = r"\s?(?:[-–—/]|to|and|or|through|ja|tai|och|till)\s?"
_LINK = {
    "en": r"(?:that|this|it|which)(?:['’]s|\sis|\swill\sbe|\sfalls)(?:\son)?(?:\san?)?\s",
    "fi": r"(?:se|tämä|joka|päivä)\son\s",
    "sv": r"(?:det|som)\sär\s(?:en\s)?",
}
_IS = {
    "en": r"\s(?:is|falls|will\sbe)(?:\son)?(?:\san?)?,?\s",
    "fi": r"\s(?:osuu|sattuu)\s(?:[a-zåäö]+\s){0,2}"
    r"|\son\s(?=\w+(?:tai|kko)\b)|\s(?-i:(?=[a-z]+na\b))",
    "sv": r"\s(?:är|infaller)\s(?:en\s|på\sen\s)?",
}
_ALONE = {
    "en": r"(?<!\d)(?P<day>[0-3]?\d)(?:st|nd|rd|th)(?!\w|\s(?:of|floor|time|birthday|edition))",
    "fi": r"(?<![\d.])(?P<day>[0-3]?\d)\.\s?(?:päivä\w{0,3}|pvä?\b)(?!\s[a-zåäö]+kuuta)",
}
_RELATIVE = {
    "en": {
        r"the\sday\sbefore\syesterday": -2,
        r"(?<!before\s)yesterday": -1,
        r"today|tonight": 0,
        r"(?<!after\s)tomorrow": 1,
        r"the\sday\safter\stomorrow": 2,
    },
    "fi": {
        r"toissapäivänä": -2,
        r"eilen": -1,
        r"tänään": 0,
        r"huomenna|huomiselle|huomiseksi|huomiseen": 1,
        r"ylihuomenna|ylihuomiselle|ylihuomiseksi": 2,
    },
}
# What follows where the weekday begins nothing else: "today, Monday we are closed" does.
_ENDS = {
    "en": r"""(?=\s*(?:[,.;:)!?]|[-–—]\s|$)|\s(?:between|from|before|after|in|on|as|until|around
      |morning|afternoon|evening|at(?!\sthe\slatest|\slatest))\b)(?!\s(?:or|and|if)\b|,?\sat\sthe|,\sor\b)""",
    "fi": r"(?=\s*(?:[,.;:)!?]|$)|\s(?:klo|kello|aamu|ilta|puol))",
}
# "1 December, Monday to Friday 9–16", "Monday's orders"
_MANY = prepared(
    r"['’]|s\b|\s?[-–—/]\s?[a-zåäö]|\s(?:to|and|or|through|ja|tai|och|till)\s[a-zåäö]+(?:day|tai|ina|dag)"
    r"|\s[a-zåäö]+(?:aihin|oon)\b",
    re.IGNORECASE,
)
_NEXT = 6
_BEFORE, _AFTER = 60, 90  # characters in which a date's weekday stands
_DAYS_BACK, _DAYS_AHEAD = 20, 45  # a day without its month


@dataclass(frozen=True)
class _Named:
    """A day as a draft names it, with all days that it may be."""

    start: int
    end: int
    days: tuple[date, ...]


def _wrong_weekday(draft: Draft) -> Iterator[Hit]:
    if draft.lang not in _NAMES:
        return
    found = dates(draft)
    starts = [item.start for item in found]
    named = [_as_named(draft, item) for item in found]
    for number, item in enumerate(named):
        behind = named[number + 1] if number + 1 < len(named) else None
        yield from _beside(draft, item, behind, starts)
    for item in _alone(draft, found):
        yield from _beside(draft, item, None, starts)
    yield from _relative(draft)


def _as_named(draft: Draft, item: Found) -> _Named:
    day = day_of(draft, item)
    return _Named(item.start, item.end, (day,) if day else ())


def _beside(draft: Draft, item: _Named, behind: _Named | None, starts: list[int]) -> Iterator[Hit]:
    """Weekdays before or behind a day that is none of theirs."""
    if not item.days:
        return
    text, lang = draft.text, draft.lang
    told = _before(lang).search(text, max(0, item.start - _BEFORE), item.start)
    if told:
        pair = _first_of_two(lang).search(text, max(0, told.start() - _BEFORE), told.start())
        if pair and behind and re.fullmatch(r"\s?[-–—]\s?", text[item.end : behind.start]):
            # Monday–Tuesday, 7–8 December: the second weekday is that of the second day.
            if not _is_one_of(lang, pair, item):
                yield _hit(draft, pair.start(), item.end, item)
            elif not _is_one_of(lang, told, behind):
                yield _hit(draft, told.start(), behind.end, behind)
        elif not _is_one_of(lang, told, item):
            yield _hit(draft, told.start(), item.end, item)
        return
    told = _after(lang).match(text, item.end, item.end + _AFTER)
    if not told or any(0 <= start - told.end() <= _NEXT for start in starts):
        return  # the weekday of the next date
    if _MANY.match(text, told.end()) or _is_one_of(lang, told, item):
        return
    yield _hit(draft, item.start, told.end(), item)


def _alone(draft: Draft, found: list[Found]) -> Iterator[_Named]:
    """Days without a month: the 26th, 26. päivänä."""
    source = _ALONE.get(draft.lang)
    today = draft.now.date() if draft.now else date.today()
    for match in re.finditer(source, draft.text) if source else ():
        if any(item.start <= match.start() < item.end for item in found):
            continue
        near = [today + timedelta(days=away) for away in range(-_DAYS_BACK, _DAYS_AHEAD)]
        days = tuple(day for day in near if day.day == int(match["day"]))
        if days and int(match["day"]) != 13:  # Friday the 13th may be any day of bad luck
            yield _Named(*match.span(), days)


def _relative(draft: Draft) -> Iterator[Hit]:
    """Days named by where they lie, with another weekday: "tomorrow, Tuesday" on a Sunday."""
    if draft.now is None:
        return
    for source, away in _RELATIVE.get(draft.lang, {}).items():
        item_day = draft.now.date() + timedelta(days=away)
        for match in _beside_relative(draft.lang, source).finditer(draft.text):
            item = _Named(*match.span(), (item_day,))
            if not _is_one_of(draft.lang, match, item):
                yield _hit(draft, *match.span(), item)


def _is_one_of(lang: str, told: re.Match[str], item: _Named) -> bool:
    """Whether the weekday of a match is that of a day; so it is where the day is not known."""
    name = told[told.lastindex or 0].casefold().rstrip(".")
    long, short = _LONG[lang].split(), _SHORT[lang].split()
    number = next(n for n in range(7) if re.match(long[n], name) or re.fullmatch(short[n], name))
    return not item.days or number in {day.weekday() for day in item.days}


def _hit(draft: Draft, start: int, end: int, item: _Named) -> Hit:
    today = draft.now.date() if draft.now else date.today()
    day = min(item.days, key=lambda one: abs((one - today).days))
    right = _NAMES[draft.lang][day.weekday()]
    shown = f"{day:%-d %B %Y}" if draft.lang == "en" else f"{day.day}.{day.month}.{day.year}"
    return Hit(start, end, f"{shown} is a {right}")


@cache
def _long(lang: str) -> str:
    return rf"(?:{'|'.join(_LONG[lang].split())}){_ENDING[lang]}"


@cache
def _either(lang: str) -> str:
    return rf"{_long(lang)}|(?:{'|'.join(_SHORT[lang].split())})(?![a-zåäö])\.?"


@cache
def _before(lang: str) -> re.Pattern[str]:
    return prepared(
        rf"(?<![\w-])({_either(lang)}){_PART}{_SAID}(?:,?\s{_TIME})?(?:,|\s\(|\s–)?\s{{0,2}}"
        rf"{_THAT_IS}{_PREPOSITION}$",
        re.IGNORECASE,
    )


@cache
def _first_of_two(lang: str) -> re.Pattern[str]:
    return prepared(rf"(?<![\w-])({_either(lang)}){_TO}$", re.IGNORECASE)


@cache
def _after(lang: str) -> re.Pattern[str]:
    return prepared(
        rf"(?:\s{_TIME})?\s?\(\s?{_THAT_IS}(?:on\s|an?\s)?({_either(lang)})\b"
        rf"|(?:\s{_TIME})?(?:,|\s–|(?=\s(?:eli|siis)\s))\s?{_THAT_IS}(?:on\s|an?\s)?({_long(lang)})\b"
        rf"|[^.!?\n]{{0,25}}[.;,]\s{{1,2}}{_LINK[lang]}({_long(lang)})\b"
        rf"|(?:{_IS[lang]})({_long(lang)})\b",
        re.IGNORECASE,
    )


@cache
def _beside_relative(lang: str, relative: str) -> re.Pattern[str]:
    names, ends = _long(lang), _ENDS[lang]
    if lang == "fi":
        # "huomenna tiistaina", not "tänään maanantaista perjantaihin"
        other = r"\s(?:viimeistään|tai|ja)\b|,\stai\b|\s?[-–]"
        day = rf"(?!\w*(?:sta|stä|hin|on)\b)({names})\b(?!{other})"
        between = rf"\s(?:eli\s|siis\s|\(\s?)?{day}|,\s(?:eli\s|siis\s)?{day}{ends}"
        is_one = r"\son\s(\w+(?:tai|kko))\b"
    else:
        between = rf"{_PART}(?:,\s|\s\(|\s–\s){_THAT_IS}(?:on\s)?({names})\b{ends}"
        is_one = rf"\sis\s(?:a\s)?({names})\b(?!['’])"
    return prepared(
        rf"(?<!\w)(?:{relative})(?:{between}|{is_one})|\b({names})\s\((?:{relative})\)",
        re.IGNORECASE | re.VERBOSE,
    )


RULES = (
    Rule(
        code="DATE001",
        name="wrong-weekday",
        severity="error",
        message="the weekday and the date do not agree",
        explanation=(
            "A customer who is told “Monday 1 December” when that is a Tuesday comes on the wrong "
            "day. The weekday before or after a date is compared with the calendar, and “tomorrow, "
            "Tuesday” with today's date, or with that of `--now`; a date without a year is the "
            "nearest."
        ),
        check=_wrong_weekday,
        bad=(
            Example("en", "We open on Monday 1 December 2026."),
            Example("en", "See you on Friday, December 3, 2026."),
            Example("en", "The visit is on 2 December (Thursday)."),
            Example("en", "It is on 2 December 2026. That is a Thursday."),
            Example("en", "She comes on Wednesday the tenth of December 2026."),
            Example("en", "It is open Monday–Tuesday, 8–9 December 2026."),
            Example("fi", "Avaamme maanantaina 1.12.2026."),
            Example("fi", "Aika on pe 3.12. klo 9."),
            Example("fi", "Aika on 3.12.2026 klo 9. Se on perjantai."),
            Example("fi", "Olemme auki ma–ti 8.–9.12.2026."),
        ),
        good=(
            Example("en", "We open on Tuesday 1 December 2026."),
            Example("en", "Open from Monday to Friday. 1 December is an exception."),
            Example("en", "Open Tuesday–Wednesday, 8–9 December 2026. Come on Friday the 13th."),
            Example("fi", "Avaamme tiistaina 1.12.2026 ja suljemme pe 4.12."),
            Example(
                "fi", "Olemme auki ti–ke 8.–9.12.2026. Kurssi on 1.12. alkaen keskiviikkoisin."
            ),
            Example("fi", "Palvelemme ma–pe 9–16. 1.12. olemme kiinni."),
        ),
    ),
)
