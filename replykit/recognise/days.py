"""Days that are named by where they lie: tomorrow, three days ago, next Friday, the 15th."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

from replykit.details import Found
from replykit.patterns import prepared
from replykit.recognise.view import View
from replykit.recognise.words import DateWords

_WEEKS = {"last_week": -1, "this_week": 0, "next_week": 1}
_MOST_DAYS = 400
# As far as "seuraavalla viikolla" reaches from the end of a weekday's name.
_WEEKDAY_REACH = 35


def relative(view: View, words: DateWords) -> Iterator[Found]:
    """Today, tomorrow, three days ago."""
    windows = view.around(words.day_stems)
    if not windows:
        return
    distances = list(words.days)
    for match in view.matches(_any_of(tuple(words.days.values())), windows, small=True):
        day = view.now + timedelta(days=distances[(match.lastindex or 1) - 1])
        yield Found("date", day.isoformat(), *match.span(), 0.95)
    count = rf"(?P<count>\d{{1,3}}|{'|'.join(filter(None, words.numbers))})"
    for direction, source in words.distances.items():
        for match in view.matches(_pattern(source.replace("{count}", count)), windows, small=True):
            days = _number(match["count"], words.numbers)
            if days <= _MOST_DAYS:
                day = view.now + timedelta(days=direction * days)
                yield Found("date", day.isoformat(), *match.span(), 0.8)


def weekdays(view: View, words: DateWords, beside: Sequence[Found]) -> Iterator[Found]:
    """Weekdays, but for those that stand beside a date and only name its day; of a name alone
    the nearest day that fits the sentence."""
    windows = view.around(words.weekday_names, _WEEKDAY_REACH)
    if not windows:
        return
    name = rf"(?:{words.weekday})"
    forms = list(words.weekday_forms)
    sources = tuple(form.replace("{day}", name) for form in words.weekday_forms.values())
    for match in view.matches(_any_of(sources), windows, small=True):
        if _is_habit(view.small, match, name) or _names_day_of(view.small, match, beside):
            continue
        number = _weekday(_pattern(words.weekday, "s?").search(match[0]), words)
        form = forms[(match.lastindex or 1) - 1]
        kind = form
        if form == "alone":
            kind = "past" if _is_past(view.small, match, words) else "coming"
        day = _meant(number, kind, view.now)
        yield Found("date", day.isoformat(), *match.span(), 0.6 if form == "alone" else 0.93)


def day_of_month(view: View, words: DateWords) -> Iterator[Found]:
    """A day without a month: the nearest one."""
    now = view.now
    for match in view.matches(_pattern(words.day_of_month), view.digits, small=True):
        near = [day for far in (0, 1, -1) if (day := _in_month(now, far, int(match["day"])))]
        if near:
            day = min(near, key=lambda day: abs(day - now))
            yield Found("date", day.isoformat(), *match.span(), 0.6)


def _meant(weekday: int, kind: str, now: date) -> date:
    """The day of a weekday (Monday is 0) that is meant; today is neither coming nor past."""
    if kind in _WEEKS:
        monday = now - timedelta(days=now.weekday())
        return monday + timedelta(days=7 * _WEEKS[kind] + weekday)
    if kind == "past":
        return now - timedelta(days=(now.weekday() - weekday - 1) % 7 + 1)
    return now + timedelta(days=(weekday - now.weekday() - 1) % 7 + 1)


def _weekday(match: re.Match[str] | None, words: DateWords) -> int:
    name = match[0] if match else ""
    return next((n for n, stem in enumerate(words.weekday_stems) if name.startswith(stem)), 0)


def _is_habit(text: str, match: re.Match[str], name: str) -> bool:
    """Whether a weekday stands for many (opening hours, every Friday) or for a sale."""
    before = text[max(0, match.start() - 24) : match.start()]
    behind = text[match.end() : match.end() + 20]
    return bool(
        _HABIT.search(before)
        or re.match(rf" ?{_TO} ?{name}", behind)
        or re.search(rf"\b{name} ?{_TO} ?$", before)
    )


_HABIT = prepared(r"\b(?:every|each|black|cyber|good|joka|joka toinen|varje|var) $")
_TO = r"(?:[-–—/]|to\b|till\b|through\b|)"  # Finnish says it by cases alone


def _names_day_of(text: str, match: re.Match[str], beside: Sequence[Found]) -> bool:
    """Whether a date stands right before or behind a weekday."""
    return any(
        (0 <= item.start - match.end() <= 8 and _GAP.fullmatch(text[match.end() : item.start]))
        or (0 <= match.start() - item.end <= 5 and _GAP.fullmatch(text[item.end : match.start()]))
        for item in beside
    )


_GAP = prepared(r"[.,]{0,2} ?\(?(?:the |den |on |på )?")


def _is_past(text: str, match: re.Match[str], words: DateWords) -> bool:
    """Whether the sentence around tells of what has been, and asks for nothing."""
    before = re.split(r"[.!?]\s|\n", text[max(0, match.start() - 100) : match.start()])[-1]
    behind = re.split(r"[.!?](?:\s|$)|\n", text[match.end() : match.end() + 60])[0]
    sentence = f"{before} {behind}"
    return bool(_pattern(words.was).search(sentence)) and not _pattern(words.will).search(sentence)


def _in_month(now: date, months: int, day: int) -> date | None:
    """A day of the month that lies so many months from this one, if it has such a day."""
    number = now.year * 12 + now.month - 1 + months
    try:
        return date(number // 12, number % 12 + 1, day)
    except ValueError:
        return None


def _number(text: str, numbers: Sequence[str]) -> int:
    if text.isdecimal():
        return int(text)
    return next(n for n, word in enumerate(numbers) if re.fullmatch(word, text))


@cache
def _any_of(sources: tuple[str, ...]) -> re.Pattern[str]:
    """Whole words of any of several kinds; the match's last group is the kind, counted from 1."""
    return _pattern("|".join(f"({source})" for source in sources))


@cache
def _pattern(source: str, ending: str = "") -> re.Pattern[str]:
    """A pattern of whole words, for a text in small letters."""
    return prepared(rf"(?<!\w)(?:{source}){ending}(?!\w)")
