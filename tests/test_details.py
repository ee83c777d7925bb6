"""Details: which numbers of a message are meant, and which belong to something else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.details import (
    Found,
    accepted,
    ambiguous,
    as_texts,
    find,
    find_all,
    fits,
    parse_set,
    refusal,
    unambiguous,
)
from replykit.errors import ReplyKitError
from tests.limits import bounded

ORDER = r"\d{6,10}"


def values(pattern: str, text: str, name: str = "order_number") -> list[str]:
    return [found.value for found in find(name, pattern, text)]


@pytest.mark.parametrize(
    "text",
    [
        "1234567",
        "Order 1234567.",
        "tilaus nro:1234567, missä?",
        "tilaus nro.1234567",
        "order#1234567",
        "(1234567)",
        "tilaus 1234567 - puh. 0401234567",
        "1234567\n+358 40 123 4567",
        "Puhelin on rikki, tilaus 1234567",
        "Soitin teille, tilaus 1234567",
        "phone order 1234567",
        "1234567 22.11.2026",
        "1234567 maija.7654321@example.fi",
        "1234567 FI21 1234 5600 0007 85",
    ],
)
def test_an_order_number_is_found(text: str) -> None:
    assert values(ORDER, text) == ["1234567"]


@pytest.mark.parametrize(
    "text",
    [
        "0401234567",
        "040 1234567",
        "040-1234567",
        "040 123 4567",
        "09 1234567",
        "(09) 1234567",
        "+358401234567",
        "+358 40 1234567",
        "00358 40 1234567",
        "+44 7700 900123",
        "07700 900123",
        "+1 (555) 123-4567",
        "puh. 1234567",
        "Puhelinnumeroni on 1234567",
        "tel 123456789",
        "call me at 1234567",
        "FI21 1234 5600 0007 85",
        "FI2112345600000785",
        "FI21 123456 00000785",
        "fi21 123456 00000785",
        "22.11.2026",
        "2026-11-22",
        "2026/112233",
        "131052-308T",
        "123456@example.com",
        "maija.123456@example.com",
        "maija-123456.virtanen@example.com",
        "maija@123456.fi",
        "3782 822463 10005",
        "1234567.50",
        "12.1234567",
        "abc1234567",
        "1234567abc",
        "12345678901",
        "12345",
    ],
)
def test_numbers_that_are_something_else_are_not_order_numbers(text: str) -> None:
    assert values(ORDER, f"Hei, {text} kiitos") == []


def test_what_is_meant_for_a_phone_or_account_finds_it() -> None:
    assert values(r"\+?\d[\d ]{6,14}\d", "puh. 040 123 4567", "phone") == ["040 123 4567"]
    assert values(r"0\d{8,9}", "soita 0401234567", "contact") == ["0401234567"]
    iban = "FI21 1234 5600 0007 85"
    assert values(r"[A-Z]{2}\d{2}(?: ?\d{2,4})+", f"tili {iban}", "account") == [iban]


def test_the_first_group_is_the_value_and_its_place() -> None:
    (found,) = find("order_number", r"(?i)order\s*#?(\d+)", "My ORDER #123456 is late")
    assert (found.value, found.start, found.end) == ("123456", 10, 16)
    assert values(r"#(\d{6})", "order#123456") == ["123456"]


def test_places_count_code_points() -> None:
    text = "😀 tilaus 1234567"
    (found,) = find("order_number", ORDER, text)
    assert text[found.start : found.end] == "1234567"


def test_one_value_twice_is_sure_two_values_are_ambiguous() -> None:
    once = find("order_number", ORDER, "1234567, siis 1234567")
    assert unambiguous(once) == {"order_number": "1234567"}
    assert ambiguous(once) == {}
    assert {found.confidence for found in once} == {0.97}
    twice = find("order_number", ORDER, "1234567 vai 7654321")
    assert unambiguous(twice) == {}
    assert ambiguous(twice) == {"order_number": ["1234567", "7654321"]}
    assert {found.confidence for found in twice} == {0.5}


@pytest.mark.parametrize(
    "pattern", [r"(a+)+$", r"(a|a)*b", r"(a|aa)+$", r"(.*a){20}$", r"(\w+\s?)*!"]
)
def test_a_catastrophic_pattern_takes_bounded_time(pattern: str) -> None:
    text = "a" * 40_000 + "!b c"
    with bounded():
        find("x", pattern, text)
        fits(pattern, text)


@pytest.mark.parametrize(
    "unit", ["a@", "0", "puh ", "00 ", "+1 ", "FI12 ", "(0", "0 1", "a.", "1 "]
)
def test_looking_for_other_numbers_takes_bounded_time(unit: str) -> None:
    with bounded():
        find("x", ORDER, "1234567 " + unit * 20_000)


@pytest.mark.parametrize(
    ("pattern", "value", "allowed"),
    [
        ("", "anything", True),
        (ORDER, "1234567", True),
        (ORDER, "123", False),
        (ORDER, "1234567 x", False),
        (r"order (\d{6})", "123456", True),
        (r"order (\d{6})", "order 123456", True),
        (r"order (\d{6})", "12345", False),
        (r"(?i)order ([A-Z]{2}\d+)", "ab12", True),
        (r"(?<=order )(\d{6})", "123456", True),
        (r"(?<number>\d{6})x", "123456", True),
        (r"(?P<number>\d{6})x", "123456", True),
        (r"(?:order|tilaus) \((\d+)\)", "12", True),
        (r"[(](\d+)[)]", "12", True),
        (r"a(b(c))", "bc", True),
        (r"a(b(c))", "c", False),
        ("(", "(", False),
    ],
)
def test_given_values_are_checked(pattern: str, value: str, allowed: bool) -> None:
    assert fits(pattern, value) is allowed


@settings(max_examples=200)
@given(st.text("0123456789 +-.,@/#()aä€\n", max_size=80))
def test_what_is_found_stands_there_as_a_whole_token(text: str) -> None:
    for found in find("order_number", ORDER, text):
        assert text[found.start : found.end] == found.value
        assert not text[found.start - 1 : found.start].isdigit()
        assert not text[found.end : found.end + 1].isdigit()
        assert fits(ORDER, found.value)


def test_set_takes_name_and_value() -> None:
    assert parse_set(["a=1", " b = x=y "]) == {"a": "1", "b": "x=y"}
    for wrong in ("a", "=1", " =1", ""):
        with pytest.raises(ReplyKitError, match="write it as name=value"):
            parse_set([wrong])


def test_a_records_plain_fields_are_texts() -> None:
    assert as_texts({"a": 1, "b": None, "c": ["x"], "d": {"x": 1}, "e": "ä", None: "x"}) == {
        "a": "1",
        "b": "",
        "c": "x",
        "e": "ä",
    }


TODAY = date(2026, 11, 23)


def all_of(
    text: str, *wanted: tuple[str, str], beside: str = "", lang: str = "fi"
) -> list[tuple[str, str, str]]:
    found = find_all(text, beside, wanted, lang, TODAY)
    return [(item.name, item.value, text[item.start : item.end]) for item in found]


def test_a_detail_without_a_pattern_is_found_by_its_built_in_name() -> None:
    text = "Tilaus 1234567 tulee huomenna, puh. 040 123 4567"
    assert all_of(text, ("order_number", ORDER), ("date", ""), ("phone", "")) == [
        ("order_number", "1234567", "1234567"),
        ("date", "2026-11-24", "huomenna"),
        ("phone", "+358401234567", "040 123 4567"),
    ]
    assert all_of(text, ("delivery_date", ""), ("size", "")) == []


def test_a_librarys_own_pattern_takes_the_place_of_the_built_in_name() -> None:
    assert all_of("puh. 040 123 4567", ("phone", r"0\d\d \d{3} \d{4}")) == [
        ("phone", "040 123 4567", "040 123 4567")
    ]


def test_what_a_librarys_pattern_finds_is_nothing_else() -> None:
    text = "Tilaus 00370574911862527601"
    assert all_of(text, ("tracking", "")) == [
        ("tracking", "00370574911862527601", "00370574911862527601")
    ]
    assert all_of(text, ("tracking", ""), ("order_number", r"00\d{18}")) == [
        ("order_number", "00370574911862527601", "00370574911862527601")
    ]


def test_what_is_not_in_the_text_may_stand_beside_it() -> None:
    found = find_all(
        "Soittakaa, tilaus 1234567",
        "Tilaus 7654321\nMaija, 040 123 4567",
        [("order_number", ORDER), ("phone", "")],
        "fi",
        TODAY,
    )
    assert [(item.name, item.value) for item in found] == [
        ("order_number", "1234567"),
        ("phone", "+358401234567"),
    ]
    assert [(item.start, item.end) for item in found] == [(18, 25), (0, 0)]


def test_several_patterns_of_one_name_find_a_place_once() -> None:
    assert len(all_of("Tilaus 1234567", ("order", ORDER), ("order", r"\d{7}"))) == 1


def test_nothing_goes_by_what_is_not_sure_enough() -> None:
    found = find_all("tilasin 5.12 sen", "", [("date", "")], "fi", TODAY)
    assert [item.value for item in found] == ["2026-12-05"]
    assert unambiguous(found) == {}
    sure = Found("date", "2026-11-24", 20, 28, 0.95)
    assert unambiguous([*found, sure]) == {"date": "2026-11-24"}
    assert ambiguous([*found, sure]) == {}


@pytest.mark.parametrize(
    ("name", "pattern", "value", "used"),
    [
        ("order_number", ORDER, "1234567", "1234567"),
        ("order_number", ORDER, "123", ""),
        ("size", "", "large", "large"),
        ("date", "", "24.12.", "2026-12-24"),
        ("date", "", "tomorrow", "2026-11-24"),
        ("date", "", "huomenna", "2026-11-24"),
        ("date", "", "soon", ""),
        ("date", r"\d\d\.\d\d\.", "24.12.", "24.12."),
        ("phone", "", "0401234567", "+358401234567"),
        ("iban", "", "FI2112345600000786", ""),
    ],
)
def test_given_values_of_built_in_details_are_checked_and_put_in_one_form(
    name: str, pattern: str, value: str, used: str
) -> None:
    assert accepted(name, pattern, value, "en", TODAY) == used


def test_a_refused_value_is_told_how_it_is_written() -> None:
    assert refusal("order_number", ORDER, "x") == rf"'x' does not fit its pattern {ORDER}"
    assert refusal("date", "", "soon") == "'soon' does not read as one; write it as 24.12.2026"


@pytest.mark.parametrize("unit", ["0401234567 ", "huomenna ", "1.1. "])
def test_looking_for_all_details_takes_bounded_time(unit: str) -> None:
    with bounded():
        find_all(
            unit * 20_000, "", [("order_number", ORDER), ("phone", ""), ("date", "")], "fi", TODAY
        )
