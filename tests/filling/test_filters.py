"""Test the template filters in Finnish, English and Swedish, and on values they cannot read."""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, StrictUndefined, UndefinedError

from replykit.filling.filters import filters

NAMES = ["case", "date", "time", "number", "money", "weekday"]
# Babel sets numbers with no-break spaces.
NBSP = "\u00a0"


def render(lang: str, template: str, **values: object) -> str:
    environment = Environment(undefined=StrictUndefined)
    environment.filters.update(filters(lang))
    return environment.from_string(template).render(**values)


@pytest.mark.parametrize(
    ("lang", "template", "value", "expected"),
    [
        ("fi", "v|date", "2026-11-25", "25. marraskuuta 2026"),
        ("en", "v|date", "2026-11-25", "25 November 2026"),
        ("sv", "v|date", "2026-11-25", "25 november 2026"),
        ("fi", "v|date", "25.11.2026", "25. marraskuuta 2026"),
        ("fi", "v|date", "25.11.2026 klo 14.30", "25. marraskuuta 2026"),
        ("fi", "v|date", date(2026, 11, 5), "5. marraskuuta 2026"),
        ("fi", "v|date", datetime(2026, 11, 5, 23, 59), "5. marraskuuta 2026"),
        ("fi", "v|date('full')", "2026-11-25", "keskiviikko 25. marraskuuta 2026"),
        ("fi", "v|date(format='short')", "2026-11-25", "25.11.2026"),
        ("en", "v|date('short')", "2026-11-25", "25/11/2026"),
        ("fi", "v|date", "31.2.2026", "31.2.2026"),
        ("fi", "v|date", "25.11.", "25.11."),
        ("fi", "v|weekday", "25.11.2026", "keskiviikko"),
        ("fi", "v|weekday('essive')", "25.11.2026", "keskiviikkona"),
        ("en", "v|weekday", "25.11.2026", "Wednesday"),
        ("sv", "v|weekday", "25.11.2026", "onsdag"),
        ("fi", "v|time", "14:30", "14.30"),
        ("en", "v|time", "klo 14.30", "14:30"),
        ("sv", "v|time", time(9, 5), "09:05"),
        ("fi", "v|time", "25:00", "25:00"),
        ("fi", "v|time", date(2026, 11, 25), "2026-11-25"),
        (
            "fi",
            "v|time",
            datetime(2026, 11, 25, 9, 5, tzinfo=timezone(timedelta(hours=2))),
            "9.05",
        ),
        ("fi", "v|number", "12345,5", f"12{NBSP}345,5"),
        ("en", "v|number", "12345,5", "12,345.5"),
        ("sv", "v|number", 1234567, f"1{NBSP}234{NBSP}567"),
        ("fi", "v|number", 0.1, "0,1"),
        ("fi", "v|number", "\u22125", "-5"),
        ("fi", "v|money", "12,50", f"12,50{NBSP}€"),
        ("fi", "v|money", "12.5", f"12,50{NBSP}€"),
        ("fi", "v|money", 12, f"12,00{NBSP}€"),
        ("en", "v|money", "12,50", "€12.50"),
        ("en", "v|money('GBP')", Decimal("1234.5"), "£1,234.50"),
        ("sv", "v|money(currency='sek')", 12.5, f"12,50{NBSP}kr"),
        ("fi", "v|money", "1 234,50", f"1{NBSP}234,50{NBSP}€"),
        ("fi", "v|money", "1,234.50", f"1{NBSP}234,50{NBSP}€"),
        ("fi", "v|money", "1.234,50", f"1{NBSP}234,50{NBSP}€"),
        ("fi", "v|money", "1,234", "1,234"),
        ("fi", "v|money", "1.234", "1.234"),
        ("fi", "v|money", "12,50 €", "12,50 €"),
        ("fi", "v|money", "ilmainen", "ilmainen"),
        ("fi", "v|money", float("nan"), "nan"),
        ("fi", "v|money", "1e999999", "1e999999"),
        ("fi", "v|money", Decimal("1e999999"), "1E+999999"),
        ("fi", "v|money", True, "True"),
        ("fi", "v|case('allative')", "Maija Virtanen", "Maija Virtaselle"),
        ("en", "v|case('allative')", "Maija Virtanen", "Maija Virtanen"),
        ("fi-FI", "v|case('allative')", "Matti", "Matille"),
        ("xx", "v|date", "2026-11-25", "25 November 2026"),
        ("en-GB", "v|date", "2026-11-25", "25 November 2026"),
    ],
)
def test_filters(lang: str, template: str, value: object, expected: str) -> None:
    assert render(lang, "{{ " + template + " }}", v=value) == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["fi", "en", "sv"])
def test_empty_stays_empty_and_undefined_raises(lang: str, name: str) -> None:
    call = f"v|{name}" + ("('genitive')" if name == "case" else "")
    assert render(lang, "{{ " + call + " }}", v="") == ""
    assert render(lang, "{{ " + call + " }}", v=None) == ""
    with pytest.raises(UndefinedError):
        render(lang, "{{ " + call + " }}")


DIGITS = st.text("0123456789.,:-+ 'T\u00a0\u2212", max_size=60)


@settings(max_examples=300)
@given(st.one_of(st.text(), DIGITS), st.sampled_from(NAMES), st.sampled_from(["fi", "en", "sv"]))
def test_never_raises_for_text(text: str, name: str, lang: str) -> None:
    args = ["genitive"] if name == "case" else []
    assert isinstance(filters(lang)[name](text, *args), str)


@settings(max_examples=200)
@given(
    st.one_of(st.floats(), st.integers(-(10**40), 10**40), st.decimals(), st.datetimes()),
    st.sampled_from(NAMES[1:]),
)
def test_never_raises_for_values(value: object, name: str) -> None:
    assert isinstance(filters("fi")[name](value), str)
