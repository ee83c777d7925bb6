"""Opening hours: whether somebody is there, when next, and when some working time has passed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from replykit.errors import ReplyKitError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# How far ahead is looked: a year and the holidays around its end.
_DAYS_AHEAD = 400
_SPAN = r"(\d{1,2})(?:[.:](\d\d))?\s*[-–]\s*(\d{1,2})(?:[.:](\d\d))?"
_SPANS = re.compile(rf"{_SPAN}(?:[\s,;]+{_SPAN})*")
_ONE_DAY = re.compile(r"(?:\d{4}-)?\d\d-\d\d")
_MINUTES = 24 * 60

# Minutes from midnight, the second excluded; past 24 hours where closing is after midnight.
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Hours:
    """Opening hours as the settings say them; what stands earlier here counts less."""

    zone: ZoneInfo
    weekdays: Mapping[str, Spans]
    country: str = ""
    closed: tuple[tuple[date, date], ...] = ()
    # By "12-24" of each year, or by "2026-12-24".
    dates: Mapping[str, Spans] = field(default_factory=dict)

    def of(self, day: date) -> Spans:
        """A day's hours. Raises ReplyKitError for a country of which no holidays are known."""
        text = day.isoformat()
        for key in (text, text[5:]):
            if key in self.dates:
                return self.dates[key]
        usual = self.weekdays[DAYS[day.weekday()]]
        if any(first <= day <= last for first, last in self.closed):
            return ()
        return () if usual and self.country and day in _holidays(self.country) else usual


class Opening:
    """What opening hours mean at one moment."""

    def __init__(self, hours: Hours, now: datetime) -> None:
        self._hours = hours
        local = now if now.tzinfo else now.replace(tzinfo=hours.zone)
        self._now = local.astimezone(UTC)
        self._today = local.astimezone(hours.zone).date()
        self._spans: dict[date, list[tuple[datetime, datetime]]] = {}

    def is_open(self) -> bool:
        """Whether it is open now; at the minute of closing it is not."""
        days = (self._today - timedelta(days=1), self._today)
        return any(start <= self._now < end for day in days for start, end in self._of_day(day))

    def next_open(self) -> datetime:
        """When it opens next, after now. Raises ValueError where it does not within a year."""
        last = None
        for start, end in self._open():
            if start > self._now and start != last:
                return self._local(start)
            last = end
        raise ValueError(f"opening.next_open: nothing opens within {_DAYS_AHEAD} days")

    def closes(self) -> datetime:
        """When it closes: today, or on the next day that it opens. Raises ValueError for never."""
        closing = None
        for start, end in self._open():
            if closing and start > closing:
                return self._local(closing)
            if end > self._now:
                closing = end
        if closing and closing < self._now + timedelta(days=_DAYS_AHEAD - 2):
            return self._local(closing)
        raise ValueError(f"opening.closes: nothing closes within {_DAYS_AHEAD} days")

    def promise(self, *, hours: Any = 0, minutes: Any = 0, days: Any = 0) -> datetime:
        """The moment by which so much working time has passed from now.

        Days count as in contracts: today is not one, and the last one ends when that day closes.
        Hours and minutes count only while it is open; after days, from there. Raises ValueError
        for no time, and for what is further away than a year.
        """
        left = timedelta(hours=_number("hours", hours), minutes=_number("minutes", minutes))
        whole = _number("days", days)
        if whole != int(whole):
            raise ValueError(f"promise: days is {days}, not a whole number; use hours")
        if not left and not whole:
            raise ValueError("promise: say how much, as promise(hours=4) or promise(days=2)")
        moment = self._closing_after(int(whole)) if whole else self._now
        if not left:
            return self._local(moment)
        for start, end in self._open():
            begin = max(start, moment)
            if begin < end:
                if left <= end - begin:
                    return self._local(begin + left)
                left -= end - begin
        raise ValueError(f"promise: that is more than {_DAYS_AHEAD} days away")

    def _closing_after(self, days: int) -> datetime:
        """When the last of so many open days after today closes. Hours that lie within those of
        the night before make no day."""
        last = self._now
        for ahead in range(-1, _DAYS_AHEAD):
            spans = self._of_day(self._today + timedelta(days=ahead))
            if spans and spans[-1][1] > last:
                last = spans[-1][1]
                days -= ahead > 0
            if days == 0:
                return last
        raise ValueError(f"promise: that is more than {_DAYS_AHEAD} days away")

    def _open(self) -> Iterator[tuple[datetime, datetime]]:
        """Spans from yesterday on, which may touch one another and never overlap."""
        last = None
        for ahead in range(-1, _DAYS_AHEAD):
            for start, end in self._of_day(self._today + timedelta(days=ahead)):
                begin = max(start, last) if last else start
                if begin < end:
                    yield begin, end
                    last = end

    def _of_day(self, day: date) -> list[tuple[datetime, datetime]]:
        """A day's spans as moments: in UTC, where a difference is time that has passed."""
        if day not in self._spans:
            found = [
                (self._moment(day, start), self._moment(day, end))
                for start, end in self._hours.of(day)
            ]
            # Where clocks are put forward, hours within the gap do not take place.
            self._spans[day] = [(start, end) for start, end in found if start < end]
        return self._spans[day]

    def _moment(self, day: date, minutes: int) -> datetime:
        days, minutes = divmod(minutes, _MINUTES)
        clock = time(*divmod(minutes, 60), tzinfo=self._hours.zone)
        return datetime.combine(day + timedelta(days=days), clock).astimezone(UTC)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self._hours.zone)


class Promise:
    """`promise` for templates, where both its bare name and a bare number are slips."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening

    def __call__(self, *bare: Any, **amounts: Any) -> datetime:
        if bare or amounts.keys() - {"hours", "minutes", "days"}:
            raise TypeError("promise: takes hours, minutes or days, as promise(hours=4)")
        return self._opening.promise(**amounts)

    def __str__(self) -> str:
        raise TypeError("promise: say how much, as promise(hours=4) or promise(days=2)")


def template_names(
    table: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Callable[[], Any]], Promise]:
    """For templates: the fields of `opening`, each worked out when it is asked for, and
    `promise`. Raises ReplyKitError for settings that make no sense."""
    opening = Opening(parse_hours(table, "opening"), now)
    fields = {"is_open": opening.is_open, "next_open": opening.next_open, "closes": opening.closes}
    return fields, Promise(opening)


def parse_hours(table: Mapping[str, Any], place: str) -> Hours:
    """The setting `opening` as hours. Raises ReplyKitError for what makes no sense."""
    ranges: dict[str, Spans] = {}
    weekdays: dict[str, Spans] = {}
    dates: dict[str, Spans] = {}
    for key, value in table.items():
        where = f"{place}.{key}"
        if key in ("timezone", "closed", "holidays"):
            continue
        if key in DAYS:
            weekdays[key] = _spans(value, where)
        elif _ONE_DAY.fullmatch(key):
            _date(key, where)
            dates[key] = _spans(value, where)
        elif days := _days(key):
            ranges |= dict.fromkeys(days, _spans(value, where))
        else:
            near = difflib.get_close_matches(key, (*DAYS, "timezone", "closed", "holidays"), 1)
            hint = f"did you mean {near[0]}?" if near else "days are mon, tue … or mon-fri"
            raise ReplyKitError(f"{where}: unknown; {hint}")
    week = dict.fromkeys(DAYS, ()) | ranges | weekdays
    if not any(week.values()):
        raise ReplyKitError(f'{place}: it is open on no day; write as {place}.mon-fri = "9-16"')
    single, closed = _closed(table.get("closed", []), f"{place}.closed")
    country = table.get("holidays", "")
    if not isinstance(country, str):
        raise ReplyKitError(f'{place}.holidays: expected a country, as "FI" or "DE-BY"')
    zone = _zone(table.get("timezone"), place)
    return Hours(zone, week, country.strip(), closed, dict.fromkeys(single, ()) | dates)


def _days(key: str) -> tuple[str, ...]:
    """The days of `mon-fri`; none for anything else."""
    first, _, last = key.partition("-")
    if first not in DAYS or last not in DAYS:
        return ()
    return DAYS[DAYS.index(first) : DAYS.index(last) + 1]


def _spans(value: Any, place: str) -> Spans:
    """The hours of a text as `9-16`, `9:30-12, 13-16.15` or `22-2`; none for an empty one."""
    if not isinstance(value, str) or not (not value.strip() or _SPANS.fullmatch(value.strip())):
        raise ReplyKitError(f'{place}: expected hours, as "9-16" or "9:30-12, 13-16", or ""')
    found: list[tuple[int, int]] = []
    for parts in re.findall(_SPAN, value):
        hour, minute, to_hour, to_minute = (int(part or 0) for part in parts)
        start, end = hour * 60 + minute, to_hour * 60 + to_minute
        if max(minute, to_minute) > 59 or start >= _MINUTES or end > _MINUTES or start == end:
            raise ReplyKitError(f"{place}: {value!r} has an hour or a minute that is none")
        if end < start:
            end += _MINUTES
        if found and start < found[-1][1]:
            raise ReplyKitError(f"{place}: {value!r} is not in order")
        found.append((start, end))
    return tuple(found)


def _closed(value: Any, place: str) -> tuple[list[str], tuple[tuple[date, date], ...]]:
    """Single days that are closed, and stretches of days."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ReplyKitError(f'{place}: expected a list of days, as ["2026-12-31", "12-24"]')
    single, stretches = [], []
    for item in value:
        first, slash, last = item.strip().partition("/")
        if slash:
            days = _date(first, place), _date(last, place)
            if len(first) < 10 or len(last) < 10 or days[1] < days[0]:
                raise ReplyKitError(f"{place}: {item!r} is no stretch, as 2026-07-01/2026-07-14")
            stretches.append(days)
        else:
            _date(first, place)
            single.append(first)
    return single, tuple(stretches)


def _date(text: str, place: str) -> date:
    """The day, in a leap year where it has no year. Raises ReplyKitError."""
    try:
        if _ONE_DAY.fullmatch(text):
            return date.fromisoformat(text if len(text) == 10 else f"2028-{text}")
    except ValueError:
        pass
    raise ReplyKitError(f"{place}: {text!r} is no day; write 2026-12-24, or 12-24 for each year")


def _zone(name: Any, place: str) -> ZoneInfo:
    if not isinstance(name, str) or not name:
        raise ReplyKitError(f'{place}.timezone: say which, as timezone = "Europe/Helsinki"')
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # ZoneInfoNotFoundError is a KeyError
        raise ReplyKitError(
            f'{place}.timezone: {name!r} is not known; write it as "Europe/Helsinki"'
        ) from None


def _number(name: str, value: Any) -> float:
    """An amount of time, which may stand as text in a detail."""
    try:
        number = -1.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not 0 <= number <= _MINUTES * _DAYS_AHEAD:
        raise ValueError(f"promise: {name} is {value!r}, not a number that can be promised")
    return number


@cache
def _holidays(country: str) -> Any:
    """The days on which a country or a part of it rests, by law or in fact (Midsummer Eve in
    Sweden). Raises ReplyKitError for a country that nobody knows."""
    from holidays import PUBLIC, country_holidays

    code, _, part = country.partition("-")
    try:
        known = country_holidays(code.upper(), subdiv=part or None)
        if "de_facto" in known.supported_categories:
            rests = (PUBLIC, "de_facto")
            known = country_holidays(code.upper(), subdiv=part or None, categories=rests)
    except NotImplementedError:
        raise ReplyKitError(
            f"opening.holidays: {country!r} is no country or part of one; write FI, SE or DE-BY"
        ) from None
    # Whether Sundays are open is for the weekdays to say, and differs between versions.
    if hasattr(known, "include_sundays"):
        known.include_sundays = False
    return known
