"""DATE: days that are promised and have been already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule
from replykit.rules.date import dates, day_of
from replykit.understanding.tense import LANGUAGES, tense

_MONTHS = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "fi": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
}
_EN_MONTH = (
    r"(?P<{}>january|february|march|april|may|june|july|august|september|october|november|december)"
)
_FI_MONTH = r"(?P<{}>(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu)"
_COUNTS = {"en": "first second third", "fi": "ensimm tois kolm"}
# Times that are no single day, by what a pattern finds: a month, a part of one, a week, a
# season, a day named by where it lies, a time of today.
_TIMES = {
    "en": rf"""(?:by|until|till|before|through|no\ later\ than|at|in|during)\ (?:the\ )?
        (?:(?:very\ )?(?P<part>end|middle|start|beginning)\ of\ |(?P<early>early|mid|late)[-\ ]
        |(?P<nth>first|second|third)\ week\ of\ )?{_EN_MONTH.format("month")}
        (?:\ (?P<year>20\d\d))?(?!\ \d|\w)
      |(?:in|on|during|by)\ week\ (?P<week>\d\d?)
      |(?:in|during|by|until|before|this)\ (?:the\ )?
        (?:(?:end|middle|start|beginning|course)\ of\ )?(?:the\ )?
        (?P<season>spring|summer|autumn|fall|winter|(?=20\d\d))\ ?(?:of\ )?
        (?P<season_year>20\d\d)(?!-|\w|\.\d|\ \w+(?:s|list|report|edition)\b)
      |(?P<behind>yesterday|the\ day\ before\ yesterday|last\ (?:week|month|(?:mon|tues|wednes|thurs
        |fri|satur|sun)day))
      |(?P<morning>this\ morning)|(?P<afternoon>this\ afternoon)
      |today\ (?:by|before)\ (?P<noon>noon|midday)|(?:by|before)\ (?P<noon_today>noon|midday)\ today
      |today\ (?:at|by|before)\ (?P<hour>\d\d?)(?:[:.](?P<minute>\d\d))?\ ?(?P<pm>[ap]\.?m)?""",
    "fi": rf"""{_FI_MONTH.format("month")}(?:ta|n|ssa|hun)?(?:\ (?P<year>20\d\d))?\ (?:
        (?P<part>loppuun|lopulla|lopussa|puoliväli\w+|puolessa|alussa|alkupuolella|alkuun)
        |(?P<nth>ensimm\w+|tois\w+|kolma\w+)\ viiko\w+|aikana|mennessä)
      |viiko(?:lla|n(?=\ \d\d?\ (?:aikana|alussa|lop\w+|mennessä)))\ (?P<week>\d\d?)(?!\d|\.\d)
      |(?P<season>kevä[äi]\w+|kesä[lniä]\w+|syksy\w+|talve\w+|talvi\w*)\ (?P<season_year>20\d\d)
      |vuo(?:nna|den)\ (?P<only_year>20\d\d)(?!\w)
      |(?P<behind>eilen|toissapäivänä|viime\ (?:viikolla|viikon|kuussa|(?:maanan|tiis|tors|perjan
        |lauan|sunnun)taina|keskiviikkona))
      |(?P<morning>tänä\ aamu(?:na|päivänä)|tänään\ aamu(?:lla|päivällä))
      |(?P<afternoon>tänään\ iltapäivällä|tänä\ iltapäivänä)
      |tänään\ (?P<noon>puoleenpäivään\ mennessä|ennen\ puoltapäivää)
      |tänään\ (?:klo|kello)\ (?P<hour>\d\d?)(?:[:.](?P<minute>\d\d))?(?!\d|\s?[-–])""",
}
_UNTIL = prepared(
    r"\s?(?:[-–—]|to|and|until|till)\s?(?:the\s)?(?:\w+day,?\s)?|\s(?:[a-zåäö]+(?:aihin|oon)\s)?"
)
_JUST_GONE = 4  # months
_JUST_GONE_WEEKS = 8
_SEASON_ENDS = {"sp": 5, "ke": 8, "su": 8, "au": 11, "fa": 11, "sy": 11}  # months, by two letters


def _promised_past(draft: Draft) -> Iterator[Hit]:
    if draft.now is None or draft.lang not in LANGUAGES:
        return
    said = draft.message.known if draft.message else ""
    for span in draft.sentences:
        if span.text.endswith("?"):
            continue
        for match in _times(draft.lang).finditer(span.text):
            if _is_over(match, draft.now, draft.lang) and match.group() not in said:
                meant = tense(draft.lang, span.text, match.span())
                if meant == "sure" or (meant == "maybe" and not match["behind"]):
                    yield Hit(span.start + match.start(), span.start + match.end())
    yield from _past_days(draft, draft.now.date(), said)


def _past_days(draft: Draft, today: date, said: str) -> Iterator[Hit]:
    found = dates(draft)
    for number, item in enumerate(found):
        text = draft.text[item.start : item.end]
        day = day_of(draft, item)
        if day is None or day >= today:
            continue
        later = found[number + 1] if number + 1 < len(found) else None
        if later and _is_range(draft.text[item.end : later.start]):
            last = day_of(draft, later)
            if last and last >= today:
                continue  # it goes on
        span = next((one for one in draft.sentences if one.start <= item.start < one.end), None)
        if span is None or span.text.endswith("?"):
            continue
        meant = tense(draft.lang, span.text, (item.start - span.start, item.end - span.start))
        # A day that the customer wrote may be spoken of; only what is plainly promised counts.
        if meant == "sure" or (meant == "maybe" and text not in said):
            yield Hit(item.start, item.end)


def _is_range(between: str) -> bool:
    return _UNTIL.fullmatch(between) is not None


def _is_over(match: re.Match[str], now: datetime, lang: str) -> bool:
    """Whether a time that is no single day has just been, or was years ago."""
    named = {name: value for name, value in match.groupdict().items() if value is not None}
    today = now.date()
    if "month" in named:
        return _is_month_over(named, today, lang)
    if "week" in named:
        return 0 < today.isocalendar().week - int(named["week"]) <= _JUST_GONE_WEEKS
    if year := int(named.get("season_year") or named.get("only_year") or 0):
        ends = _SEASON_ENDS.get(named.get("season", "")[:2].casefold(), 12)
        return (year, ends) < (today.year, today.month)
    if "hour" in named:
        hour = int(named["hour"])
        hour += 12 if named.get("pm", "").casefold().startswith("p") and hour < 12 else 0
        return hour * 60 + int(named.get("minute", 0)) < now.hour * 60 + now.minute
    ends = 12 if "morning" in named else 13 if {"noon", "noon_today"} & named.keys() else 18
    return "behind" in named or now.hour >= ends


def _is_month_over(named: dict[str, str], today: date, lang: str) -> bool:
    name, part = named["month"].casefold(), named.get("part", named.get("early", "")).casefold()
    number = next(n for n, one in enumerate(_MONTHS[lang].split(), 1) if name.startswith(one))
    if (year := int(named.get("year", today.year))) != today.year:
        return year < today.year
    if number != today.month:
        return 0 < (today.month - number) % 12 <= _JUST_GONE
    if nth := named.get("nth", "").casefold():
        weeks = [n for n, one in enumerate(_COUNTS[lang].split(), 1) if nth.startswith(one)]
        return today.day > 7 * weeks[0] + 3
    if part.startswith(("middle", "mid", "puoli", "puole")):
        return today.day > 20
    return part.startswith(("start", "beginning", "early", "al")) and today.day > 10


@cache
def _times(lang: str) -> re.Pattern[str]:
    names = ("month", "week", "season_year", "behind")
    nothing = "(?!)" + "".join(f"(?P<{name}>)" for name in names)
    return prepared(rf"(?<!\w)(?:{_TIMES.get(lang, nothing)})", re.IGNORECASE | re.VERBOSE)


RULES = (
    Rule(
        code="DATE002",
        name="promise-in-the-past",
        severity="warning",
        message="“{text}” has been already; give a day that is still to come",
        explanation=(
            "A day that is promised but lies behind shows that the reply is an old one. Days, "
            "weeks, months, seasons and hours of today are compared with the clock, or with "
            "`--now`. What is told of has been, and dates that the customer wrote are left alone."
        ),
        check=_promised_past,
        bad=(
            Example("en", "You will get the parcel by 12 November 2026."),
            Example("en", "We'll call you on 3 November 2026."),
            Example("en", "The course starts in spring 2025."),
            Example("en", "We will send it to you yesterday."),
            Example("fi", "Paketti saapuu viimeistään 12.11.2026."),
            Example("fi", "Vastaamme sinulle 3.11.2026 mennessä."),
            Example("fi", "Kurssi alkaa keväällä 2025."),
            Example("fi", "Lähetämme sen eilen."),
        ),
        good=(
            Example("en", "You will get the parcel by 12 December 2026."),
            Example("en", "We sent the parcel on 12 November 2026, and it will arrive this week."),
            Example("en", "The invoice of 1 November 2026 is paid."),
            Example("en", "The answer to yesterday's message will follow."),
            Example("en", "The sale runs from 1 November to 12 December 2026."),
            Example("fi", "Paketti saapuu viimeistään 12.12.2026."),
            Example("fi", "Lähetimme paketin 12.11.2026, ja se saapuu tällä viikolla."),
            Example("fi", "Lasku oli maksettava 3.11.2026 mennessä."),
            Example("fi", "Eilen lähettämäsi lomake saapuu meille tänään."),
        ),
    ),
)
