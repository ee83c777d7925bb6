"""Opening hours: next opening, closing and promises, over weekends, holidays and clock changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.config import load
from replykit.errors import ReplyKitError
from replykit.filling.opening import Opening, parse_hours
from tests.conftest import Run

Make = Callable[[dict[str, str]], Path]
TABLE = {"mon-fri": "9-16", "sat": "10-14", "timezone": "Europe/Helsinki", "holidays": "FI"}
WEEKDAYS = {"mon-fri": "9-16", "timezone": "Europe/Helsinki"}


def at(now: str, table: dict[str, Any] | None = None) -> Opening:
    """The hours at a time of the zone's own clock."""
    hours = parse_hours(table or TABLE, "opening")
    return Opening(hours, datetime.fromisoformat(now))


def text(moment: datetime) -> str:
    """Weekday, day and clock, as a customer would read them."""
    return f"{moment:%a %Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        ("2026-11-23T08:59", False),
        ("2026-11-23T09:00", True),
        ("2026-11-23T15:59:59", True),
        ("2026-11-23T16:00", False),
        ("2026-11-28T10:00", True),
        ("2026-11-29T12:00", False),
    ],
)
def test_hours_begin_with_their_first_minute_and_end_before_their_last(
    now: str, is_open: bool
) -> None:
    assert at(now).is_open() is is_open


@pytest.mark.parametrize(
    ("now", "next_open", "closes"),
    [
        ("2026-11-23T08:00", "Mon 2026-11-23 09:00", "Mon 2026-11-23 16:00"),
        ("2026-11-23T09:00", "Tue 2026-11-24 09:00", "Mon 2026-11-23 16:00"),
        ("2026-11-23T16:00", "Tue 2026-11-24 09:00", "Tue 2026-11-24 16:00"),
        ("2026-11-27T20:00", "Sat 2026-11-28 10:00", "Sat 2026-11-28 14:00"),
        ("2026-11-28T14:00", "Mon 2026-11-30 09:00", "Mon 2026-11-30 16:00"),
        ("2026-12-23T16:30", "Mon 2026-12-28 09:00", "Mon 2026-12-28 16:00"),
    ],
)
def test_what_comes_next(now: str, next_open: str, closes: str) -> None:
    assert text(at(now).next_open()) == next_open
    assert text(at(now).closes()) == closes


@pytest.mark.parametrize(
    ("now", "amount", "due"),
    [
        ("2026-11-23T10:00", {"hours": 4}, "Mon 2026-11-23 14:00"),
        ("2026-11-23T12:00", {"hours": 4}, "Mon 2026-11-23 16:00"),
        ("2026-11-23T12:01", {"hours": 4}, "Tue 2026-11-24 09:01"),
        ("2026-11-23T05:00", {"hours": 1.5}, "Mon 2026-11-23 10:30"),
        ("2026-11-23T22:00", {"minutes": 30}, "Tue 2026-11-24 09:30"),
        ("2026-11-23T15:00", {"hours": 8, "minutes": 30}, "Wed 2026-11-25 09:30"),
        ("2026-11-27T15:00", {"hours": 2}, "Sat 2026-11-28 11:00"),
        ("2026-11-28T13:00", {"hours": 2}, "Mon 2026-11-30 10:00"),
        ("2026-11-23T10:00", {"days": 1}, "Tue 2026-11-24 16:00"),
        ("2026-11-23T23:00", {"days": 1}, "Tue 2026-11-24 16:00"),
        ("2026-11-27T10:00", {"days": 2}, "Mon 2026-11-30 16:00"),
        ("2026-11-28T20:00", {"days": 1}, "Mon 2026-11-30 16:00"),
        ("2026-11-23T10:00", {"days": 1, "hours": 2}, "Wed 2026-11-25 11:00"),
        ("2026-11-23T10:00", {"hours": "2"}, "Mon 2026-11-23 12:00"),
        ("2026-12-23T15:00", {"hours": 2}, "Mon 2026-12-28 10:00"),
        ("2026-12-22T10:00", {"days": 2}, "Mon 2026-12-28 16:00"),
    ],
)
def test_promises_count_working_time(now: str, amount: dict[str, Any], due: str) -> None:
    assert text(at(now).promise(**amount)) == due


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ({}, "say how much"),
        ({"hours": 0}, "say how much"),
        ({"hours": -1}, "hours is -1, not a number that can be promised"),
        ({"hours": "soon"}, "hours is 'soon', not a number"),
        ({"hours": None}, "hours is None, not a number"),
        ({"hours": True}, "hours is True, not a number"),
        ({"hours": float("nan")}, "hours is nan, not a number"),
        ({"hours": float("inf")}, "hours is inf, not a number"),
        ({"days": 1.5}, "days is 1.5, not a whole number; use hours"),
        ({"days": 10**30}, "not a number that can be promised"),
        ({"days": 400}, "more than 400 days away"),
        ({"hours": 9000}, "more than 400 days away"),
    ],
)
def test_what_cannot_be_promised_is_said(amount: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=r"^promise: ") as caught:
        at("2026-11-23T10:00").promise(**amount)
    assert words in str(caught.value)


# The law's holidays, and the two eves on which nobody works.
FINNISH = {
    2026: "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-19 06-20 10-31 12-06 12-24 "
    "12-25 12-26",
    2027: "01-01 01-06 03-26 03-28 03-29 05-01 05-06 05-16 06-25 06-26 11-06 12-06 12-24 "
    "12-25 12-26",
}
# In Sweden the eves of Midsummer, Christmas and the New Year rest in fact, though not by law.
SWEDISH = {
    2026: "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-19 06-20 10-31 12-24 12-25 "
    "12-26 12-31",
}


@pytest.mark.parametrize(
    ("country", "year", "days"),
    [("FI", year, days) for year, days in FINNISH.items()]
    + [("SE", year, days) for year, days in SWEDISH.items()],
)
def test_public_holidays_are_closed_and_no_other_day_is(country: str, year: int, days: str) -> None:
    """Juhannus and Midsommar, Itsenäisyyspäivä, Loppiainen and Trettondagen among them."""
    table = {"mon-sun": "0-24", "timezone": "UTC", "holidays": country}
    hours = parse_hours(table, "opening")
    every = (date(year, 1, 1) + timedelta(days=number) for number in range(365))
    assert [f"{day:%m-%d}" for day in every if not hours.of(day)] == days.split()


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    table = {"mon-sun": "0-24", "timezone": "UTC"}
    bavaria = parse_hours(table | {"holidays": "de-BY"}, "")
    berlin = parse_hours(table | {"holidays": "DE-BE"}, "")
    assert not bavaria.of(date(2026, 1, 6))
    assert berlin.of(date(2026, 1, 6))


def test_a_day_of_its_own_counts_more_than_holidays_and_weekdays() -> None:
    table = TABLE | {"12-24": "9-12", "2027-12-24": "", "2026-11-29": "12-15"}
    assert at("2026-12-24T10:00", table).is_open()
    assert not at("2027-12-24T10:00", table).is_open()
    assert at("2026-11-29T12:00", table).is_open()


def test_closed_days_of_one_year_of_each_year_and_stretches() -> None:
    table = WEEKDAYS | {"closed": ["2026-11-23", "11-24", "2026-11-25/2026-11-27"]}
    assert text(at("2026-11-20T17:00", table).next_open()) == "Mon 2026-11-30 09:00"
    assert text(at("2027-11-23T17:00", table).next_open()) == "Thu 2027-11-25 09:00"


def test_hours_may_have_a_break_and_end_after_midnight() -> None:
    table = {"fri": "9:30-12, 13-16.15", "sat": "22–2", "timezone": "Europe/Helsinki"}
    assert text(at("2026-11-27T11:00", table).closes()) == "Fri 2026-11-27 12:00"
    assert text(at("2026-11-27T12:00", table).next_open()) == "Fri 2026-11-27 13:00"
    assert text(at("2026-11-27T11:00", table).promise(hours=2)) == "Fri 2026-11-27 14:00"
    assert at("2026-11-29T01:59", table).is_open()
    assert not at("2026-11-29T02:00", table).is_open()
    assert text(at("2026-11-28T21:00", table).promise(hours=3)) == "Sun 2026-11-29 01:00"


def test_a_single_day_counts_more_than_a_stretch_of_days_wherever_it_stands() -> None:
    for table in ({"wed": "12-13", "mon-fri": "9-16"}, {"mon-fri": "9-16", "wed": "12-13"}):
        assert not at("2026-11-25T10:00", table | {"timezone": "Europe/Helsinki"}).is_open()


def test_who_never_closes_is_always_open() -> None:
    always = {"mon-sun": "0-24", "timezone": "Europe/Helsinki"}
    assert at("2026-11-23T03:00", always).is_open()
    assert text(at("2026-11-23T22:00", always).promise(hours=4)) == "Tue 2026-11-24 02:00"
    for name in ("closes", "next_open"):
        with pytest.raises(ValueError, match=f"opening.{name}: nothing"):
            getattr(at("2026-11-23T03:00", always), name)()


def test_now_is_taken_from_any_zone() -> None:
    table = {"mon-fri": "9-16", "timezone": "Europe/Helsinki"}
    opening = at("2026-11-23T06:59:00+00:00", table)
    assert text(opening.next_open()) == "Mon 2026-11-23 09:00"
    assert opening.next_open().utcoffset() == timedelta(hours=2)
    assert at("2026-11-23T02:00:00-05:00", table).is_open()


@pytest.mark.parametrize(
    ("now", "hours", "due"),
    [
        # The night of 29 March 2026 has 23 hours, that of 25 October 25.
        ("2026-03-28T22:00:00+02:00", 8, "2026-03-29T07:00:00+03:00"),
        ("2026-03-29T02:30:00+02:00", 1, "2026-03-29T04:30:00+03:00"),
        ("2026-10-24T22:00:00+03:00", 8, "2026-10-25T05:00:00+02:00"),
        ("2026-10-25T03:30:00+03:00", 1, "2026-10-25T03:30:00+02:00"),
    ],
)
def test_promises_are_exact_when_clocks_change(now: str, hours: int, due: str) -> None:
    always = {"mon-sun": "0-24", "timezone": "Europe/Helsinki"}
    assert at(now, always).promise(hours=hours).isoformat() == due


def test_hours_within_the_missing_hour_do_not_take_place() -> None:
    night = {"sun": "3-4", "timezone": "Europe/Helsinki"}
    assert text(at("2026-03-28T12:00", night).next_open()) == "Sun 2026-04-05 03:00"


# Times about both clock changes, holidays and the turn of the year.
MINUTES = st.integers(0, 500 * 24 * 60)
START = datetime(2026, 1, 1, tzinfo=UTC)
CLOCKS = st.sampled_from(
    ["", "9-16", "9:30-12, 13-16", "0-24", "22-6", "2:30-3:30", "3-4", "23-1", "3:15-3:45, 4-5"]
)
DAYS = ("mon-wed", "thu", "fri", "sat", "sun")
WEEKS = st.fixed_dictionaries(dict.fromkeys(DAYS, CLOCKS)).filter(lambda week: any(week.values()))
ZONES = st.sampled_from(["Europe/Helsinki", "Australia/Lord_Howe", "America/New_York", "UTC"])


@st.composite
def openings(draw: st.DrawFn) -> tuple[dict[str, Any], datetime]:
    """Opening hours and a moment."""
    week: dict[str, Any] = draw(WEEKS)
    holidays = draw(st.sampled_from(["", "FI", "SE"]))
    return week | {"timezone": draw(ZONES), "holidays": holidays}, START + timedelta(
        minutes=draw(MINUTES)
    )


@given(openings(), st.integers(1, 20 * 60))
def test_a_promise_is_kept_to_the_minute(case: tuple[dict[str, Any], datetime], due: int) -> None:
    """Counted one minute at a time by `is_open` alone, it is just the time that was promised."""
    table, now = case
    hours = parse_hours(table, "")
    promised = Opening(hours, now).promise(minutes=due).astimezone(UTC)
    minute = timedelta(minutes=1)
    assert Opening(hours, promised - minute).is_open(), "the last minute is a working one"
    if promised - now < timedelta(days=8):
        passed = int((promised - now) / minute)
        opened = [Opening(hours, now + step * minute).is_open() for step in range(passed)]
        assert sum(opened) == due


@given(openings(), st.integers(1, 3), st.integers(0, 5000), st.integers(1, 3000))
def test_later_and_longer_promises_are_due_later(
    case: tuple[dict[str, Any], datetime], days: int, later: int, minutes: int
) -> None:
    table, now = case
    hours = parse_hours(table, "")
    first, second = Opening(hours, now), Opening(hours, now + timedelta(minutes=later))
    assert first.promise(minutes=minutes) <= second.promise(minutes=minutes)
    assert first.promise(days=days) <= second.promise(days=days)
    assert first.promise(minutes=minutes) < first.promise(minutes=minutes + 1)
    assert first.promise(days=days) < first.promise(days=days + 1)


@given(openings())
def test_it_opens_and_closes_when_it_says(case: tuple[dict[str, Any], datetime]) -> None:
    table, now = case
    hours = parse_hours(table, "")
    second = timedelta(seconds=1)
    try:
        opens, closes = Opening(hours, now).next_open(), Opening(hours, now).closes()
    except ValueError:
        return  # it never closes
    for moment, before in ((opens, False), (closes, True)):
        assert Opening(hours, moment.astimezone(UTC)).is_open() is not before
        assert Opening(hours, moment.astimezone(UTC) - second).is_open() is before
    assert opens > now
    assert closes > now


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"mon": "9-16"}, 'opening.timezone: say which, as timezone = "Europe/Helsinki"'),
    ({"timezone": "Europe/Helsinki"}, "opening: it is open on no day; write as opening.mon-fri"),
    (WEEKDAYS | {"timezone": "Helsinki"}, "opening.timezone: 'Helsinki' is not known"),
    (WEEKDAYS | {"timezone": "../../etc/passwd"}, "opening.timezone: '../../etc/passwd' is not"),
    (WEEKDAYS | {"timezone": 2}, "opening.timezone: say which"),
    (WEEKDAYS | {"mno": "9-16"}, "opening.mno: unknown; did you mean mon?"),
    (WEEKDAYS | {"holliday": "FI"}, "opening.holliday: unknown; did you mean holidays?"),
    (WEEKDAYS | {"fri-mon": "9-16"}, "opening.fri-mon: unknown"),
    (WEEKDAYS | {"mon": 9}, 'opening.mon: expected hours, as "9-16" or "9:30-12, 13-16", or ""'),
    (WEEKDAYS | {"mon": "9 to 16"}, "opening.mon: expected hours"),
    (WEEKDAYS | {"mon": "9-25"}, "opening.mon: '9-25' has an hour or a minute that is none"),
    (WEEKDAYS | {"mon": "24-2"}, "has an hour or a minute that is none"),
    (WEEKDAYS | {"mon": "9:60-12"}, "has an hour or a minute that is none"),
    (WEEKDAYS | {"mon": "9-9"}, "has an hour or a minute that is none"),
    (WEEKDAYS | {"mon": "9-12, 11-16"}, "opening.mon: '9-12, 11-16' is not in order"),
    (WEEKDAYS | {"closed": "2026-12-24"}, "opening.closed: expected a list of days"),
    (WEEKDAYS | {"closed": ["24.12."]}, "opening.closed: '24.12.' is no day; write 2026-12-24"),
    (WEEKDAYS | {"closed": ["02-30"]}, "opening.closed: '02-30' is no day"),
    (WEEKDAYS | {"closed": ["12-24/12-26"]}, "opening.closed: '12-24/12-26' is no stretch"),
    (WEEKDAYS | {"2026-13-01": "9-12"}, "opening.2026-13-01: '2026-13-01' is no day"),
    (WEEKDAYS | {"holidays": ["FI"]}, "opening.holidays: expected a country"),
]


@pytest.mark.parametrize(("table", "words"), WRONG)
def test_hours_that_make_no_sense_are_named(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ReplyKitError) as caught:
        parse_hours(table, "opening")
    assert words in str(caught.value)


def test_a_country_that_nobody_knows_is_said() -> None:
    for country in ("XX", "FI-99", "Suomi"):
        opening = at("2026-11-23T10:00", WEEKDAYS | {"holidays": country})
        with pytest.raises(ReplyKitError, match=f"opening.holidays: '{country}' is no country"):
            opening.next_open()


def test_the_settings_take_toml_dates_and_text_of_variables(tmp_path: Path) -> None:
    (tmp_path / "replykit.toml").write_text(
        '[opening]\nmon-fri = "9-16"\ntimezone = "Europe/Helsinki"\nclosed = [2026-12-24]\n'
    )
    assert load(environment={}, directory=tmp_path).opening["closed"] == ["2026-12-24"]
    text = "mon=9-12 13-16,tue=9-16,timezone=UTC,holidays=FI"
    found = load(environment={"REPLYKIT_OPENING": text}, directory=tmp_path)
    assert found.opening["mon"] == "9-12 13-16"
    (tmp_path / "replykit.toml").write_text('opening = {mon = "9-16"}\n')
    with pytest.raises(ReplyKitError, match=r"replykit\.toml: opening\.timezone: say which"):
        load(environment={}, directory=tmp_path)


REPLY = """---
title: Closed
---
{% set opens = opening.next_open %}
{% if opening.is_open %}
Hello, we are open until {{ opening.closes | time }}.
{% else %}
Hello, we open on {{ opens | weekday }}, {{ opens | date }} at {{ opens | time }}.
{% endif %}
We answer by {{ promise(hours=4) | date }} at {{ promise(hours=4) | time }},
at the latest on {{ promise(days=2) | weekday }}.
"""
SETTINGS = """library = "responses"
[opening]
mon-fri = "9-16"
timezone = "Europe/Helsinki"
holidays = "FI"
"""


@pytest.fixture
def folder(library: Make, tmp_path: Path) -> Path:
    """A library whose reply names opening hours, and settings that have them."""
    library({"closed.en.md": REPLY, "closed.fi.md": REPLY.replace("Hello", "Hei")})
    (tmp_path / "replykit.toml").write_text(SETTINGS, "utf-8")
    return tmp_path


def test_templates_write_dates_and_times_by_their_filters(folder: Path, run: Run) -> None:
    draft = ("draft", "closed", "--no-lint", "--quiet")
    done = run(*draft, "--lang", "en", "--now", "2026-12-05T12:00+02:00")
    assert done.stdout.splitlines() == [
        "Hello, we open on Monday, 7 December 2026 at 09:00.",
        "We answer by 7 December 2026 at 13:00,",
        "at the latest on Tuesday.",
    ]
    done = run(*draft, "--lang", "fi", "--now", "2026-12-07T13:00+02:00")
    assert done.stdout.splitlines() == [
        "Hei, we are open until 16.00.",
        "We answer by 8. joulukuuta 2026 at 10.00,",
        "at the latest on keskiviikko.",
    ]


def test_the_library_is_checked_with_these_names(folder: Path, run: Run) -> None:
    done = run("library", "check", "--fail-on", "error", "--now", "2026-12-05T12:00")
    assert "opening" not in done.stdout
    assert "promise" not in done.stdout
    assert " error: " not in done.stdout


def test_without_hours_the_error_names_the_setting(folder: Path, run: Run) -> None:
    (folder / "replykit.toml").unlink()
    done = run("draft", "closed", "--lang", "en")
    assert done.returncode == 2
    assert done.stderr.strip() == (
        f"replykit: {folder / 'responses/closed.en.md'}:4: "
        "opening is unknown without opening hours: add [opening] to replykit.toml"
    )
    done = run("library", "check")
    assert "responses/closed.en.md" not in done.stderr
    assert "opening is unknown without opening hours: add [opening] to replykit.toml" in done.stdout


def test_a_reply_may_ask_whether_there_are_hours(folder: Path, run: Run, library: Make) -> None:
    body = "{% if opening is defined %}{{ promise(hours=1) | time }}{% else %}soon{% endif %}"
    library({"ask.en.md": f"---\ntitle: Ask\n---\nHello, {body}.\n"})
    draft = ("draft", "ask", "--lang", "en", "--no-lint", "--now", "2026-11-23T10:00+02:00")
    assert run(*draft).stdout == "Hello, 11:00.\n"
    (folder / "replykit.toml").unlink()
    assert run(*draft).stdout == "Hello, soon.\n"


def test_a_detail_may_take_these_names(folder: Path, run: Run, library: Make) -> None:
    detail = (
        "---\ntitle: T\ndetails: {promise: {}, opening: {}}\n---\n{{ promise }} {{ opening }}\n"
    )
    library({"own.en.md": detail})
    given = ("--set", "promise=soon", "--set", "opening=door")
    assert run("draft", "own", "--lang", "en", "--no-lint", *given).stdout == "soon door\n"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "{{ opening.opens }}",
            "opening.opens is unknown; opening has: is_open, next_open, closes",
        ),
        (
            "{{ opening }}",
            "opening is a record; write one of its fields: is_open, next_open, closes",
        ),
        ("{{ promise }}", "promise: say how much, as promise(hours=4) or promise(days=2)"),
        ("{{ promise(hours='soon') }}", "promise: hours is 'soon', not a number"),
        ("{{ promise(4) }}", "promise: takes hours, minutes or days, as promise(hours=4)"),
        ("{{ promise(weeks=1) }}", "promise: takes hours, minutes or days"),
        ("{{ promise.__class__ }}", "unsafe"),
        ("{{ opening._later }}", "opening._later is unknown"),
    ],
)
def test_faults_in_a_template_have_their_place(
    folder: Path, run: Run, library: Make, body: str, words: str
) -> None:
    library({"bad.en.md": f"---\ntitle: Bad\n---\n\nHello {body}\n"})
    done = run("draft", "bad", "--lang", "en")
    assert done.returncode == 2, done.stdout
    assert "responses/bad.en.md:5: " in done.stderr
    assert words in done.stderr
