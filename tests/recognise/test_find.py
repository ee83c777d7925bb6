"""Details that any message may hold: what is found, with which value, and what is left alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit import recognise
from replykit.details import Found
from replykit.recognise.words import LANGUAGES
from tests.limits import bounded

TODAY = date(2026, 11, 23)  # a Monday
HERE = Path(__file__).parent
BLIND = HERE.parent / "data" / "triage" / "details.jsonl"


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def found(text: str, lang: str = "fi", today: date = TODAY) -> list[tuple[str, str, str]]:
    items = recognise.find(text, lang, today)
    return [(item.name, item.value, text[item.start : item.end]) for item in items]


def only(text: str, lang: str = "fi") -> Found:
    (item,) = recognise.find(text, lang, TODAY)
    return item


CASES = read(HERE / "cases.jsonl")


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:50] for case in CASES])
def test_details_are_found_with_their_values_and_places(case: dict[str, Any]) -> None:
    assert [list(item) for item in found(case["text"], case["lang"])] == case["found"]


@pytest.mark.parametrize(
    ("half", "precision", "recall"),
    # The odd lines were read while the recognisers were made, the even ones never.
    [(0, 1.0, 1.0), (1, 0.96, 0.98)],
)
def test_messages_written_before_the_code_keep_their_floors(
    half: int, precision: float, recall: float
) -> None:
    right = wrong = missed = 0
    for case in read(BLIND)[half::2]:
        wanted = {(item["name"], item["value"], item["text"]) for item in case["found"]}
        got = set(found(case["text"], case["lang"]))
        right, wrong = right + len(got & wanted), wrong + len(got - wanted)
        missed += len(wanted - got)
    assert right / (right + wrong) >= precision
    assert right / (right + missed) >= recall


@pytest.mark.parametrize("name", recognise.NAMES)
def test_each_built_in_name_has_an_example_that_it_takes(name: str) -> None:
    assert recognise.value_of(name, recognise.EXAMPLES[name], "fi", TODAY)
    others = [item for item in recognise.NAMES if item != name]
    assert not recognise.find(recognise.EXAMPLES[name], "fi", TODAY, others)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("date", "huomenna", "2026-11-24"),
        ("date", " 24.12. ", "2026-12-24"),
        ("date", "24.12. klo 10", ""),
        ("phone", "040 123 4567", "+358401234567"),
        ("phone", "123", ""),
        ("amount", "49,9 €", "49.90 EUR"),
        ("amount", "49,90", ""),
        ("iban", "FI21 1234 5600 0007 86", ""),
        ("email", "maija@example", ""),
    ],
)
def test_a_text_is_a_value_only_as_a_whole(name: str, text: str, value: str) -> None:
    assert recognise.value_of(name, text, "fi", TODAY) == value


@pytest.mark.parametrize(
    ("today", "text", "value"),
    [
        (date(2026, 12, 30), "2.1.", "2027-01-02"),
        (date(2027, 1, 2), "30.12.", "2026-12-30"),
        (date(2026, 11, 23), "29.2.", ""),
        (date(2027, 12, 1), "29.2.", "2028-02-29"),
        (date(2026, 11, 23), "ma 23.11.", "2026-11-23"),
        (date(2026, 11, 23), "pe 15.5.", "2026-05-15"),
        (date(2026, 11, 23), "la 15.5.", "2027-05-15"),
        (date(2026, 11, 27), "ensi perjantaina", "2026-12-04"),
        (date(2026, 11, 27), "viime perjantaina", "2026-11-20"),
        (date(2026, 11, 29), "ensi viikon maanantaina", "2026-11-30"),
        (date(2026, 12, 31), "huomenna", "2027-01-01"),
        (date(2027, 3, 1), "eilen", "2027-02-28"),
    ],
)
def test_a_date_without_a_year_is_the_nearest_that_fits(today: date, text: str, value: str) -> None:
    assert [item[1] for item in found(text, "fi", today)] == ([value] if value else [])


def test_what_can_be_read_in_two_ways_is_less_sure() -> None:
    assert only("tilasin 5.12. sen").confidence > 0.9
    assert only("tilasin 5.12 sen").confidence < 0.5
    assert only("perjantaina").confidence < only("ensi perjantaina").confidence
    assert only("on 5/12/2026", "en").confidence < only("on 25/12/2026", "en").confidence
    assert only("Friday 11 December", "en").confidence > only("Monday 11 December", "en").confidence
    assert only("viite 4111111111111111").confidence < only("4111 1111 1111 1111").confidence
    assert only("040 123 4567", "en").confidence < only("+358 40 123 4567", "en").confidence
    assert only("100 kr", "sv").confidence > only("100 kr", "fi").confidence


def test_of_two_that_share_a_place_the_one_with_check_digits_stands() -> None:
    assert found("FI21 1234 5600 0007 85")[0][0] == "iban"
    assert [item[0] for item in found("131052-308T ja 13.10.52")] == ["personal_id"]
    assert [item[0] for item in found("maija.040123456@example.fi")] == ["email"]
    assert [item[0] for item in found("1250,00 € 12.11.")] == ["amount", "date"]


def test_only_names_that_are_asked_for_are_given() -> None:
    text = "FI21 1234 5600 0007 85, 12.11., 040 123 4567"
    assert [item.name for item in recognise.find(text, "fi", TODAY, ["phone"])] == ["phone"]
    assert recognise.find(text, "fi", TODAY, []) == []


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("sv", "040 123 45 67", "+46401234567"),
        ("fi", "040 123 4567", "+358401234567"),
        ("en", "020 7946 0018", "+442079460018"),
        ("en", "040 123 4567", "+358401234567"),
        ("de", "040 123 4567", "+358401234567"),
    ],
)
def test_a_national_number_is_of_the_languages_country(lang: str, text: str, value: str) -> None:
    assert found(text, lang) == [("phone", value, text)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_weekday_and_month_of_a_language_is_read(lang: str) -> None:
    from babel.dates import format_date

    for month in range(1, 13):
        day = date(2026, month, 17)
        text = format_date(day, "d MMMM y", locale=lang)
        text = text.replace("17 ", "17. ") if lang == "fi" else text
        assert [item[1] for item in found(f"x {text} x", lang)] == [day.isoformat()]
    for number in range(7):
        day = date(2026, 11, 24 + number)  # tomorrow, and so on for a week
        name = format_date(day, "EEEE" if lang == "fi" else "cccc", locale=lang)
        assert [item[1] for item in found(name, lang)] == [day.isoformat()]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_kinds_of_days_are_told_by_their_group_so_patterns_have_none_of_their_own(
    lang: str,
) -> None:
    import re

    words = LANGUAGES[lang]
    for source in (*words.days.values(), *words.weekday_forms.values(), words.weekday):
        assert re.compile(source.replace("{day}", "x")).groups == 0


@pytest.mark.parametrize(
    "unit",
    [
        "1", "0", "1 ", "0 ", "1.", "1.1. ", ".", " ", "FI12 ", "4111 ", "a@", "a.", "a@a.", "+1 ",
        "(0", "040 ", "1-", "1/", "00 ", "1 € ", "maanantai ", "Monday to ", "May 1 ", "1.–5.12.",
        "131052-308T ", "1Z ", "JJFI1234 ", "12 of may ", "0401234567 ", "den 5 ", "İ", "1 euro",
        "viime viikolla ", "2026-11-", "٣", "1 1 1 1 1 1 12.", "tel ", "klo 5.12 ",
        "RR123456785FI ",
    ],
)  # fmt: skip
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    for lang in LANGUAGES:
        recognise.find("040 1234567, 1.1. FI21 1234 5600 0007 85", lang, TODAY)
        with bounded():
            recognise.find(text, lang, TODAY)


ALPHABET = "0123456789 .,-–/+:()@€£eFIäSExkr\u00a0\n٣²"
PIECES = st.sampled_from(
    ["040 123 4567", "5.12.", "FI21 1234 5600 0007 85", "huomenna", "49,90 €", "131052-308T",
     "maija@example.fi", "4111 1111 1111 1111", "next Friday", "den 5 december", "1.–5.12.",
     "1572860-0", "JJFI64629910000041720", "İ", "Monday", "klo"]
)  # fmt: skip


@settings(max_examples=300)
@given(
    st.lists(st.one_of(PIECES, st.text(ALPHABET, max_size=12), st.text(max_size=8)), max_size=12),
    st.sampled_from(["fi", "sv", "en", "de", ""]),
)
def test_what_is_found_stands_there_in_order_and_does_not_overlap(
    pieces: list[str], lang: str
) -> None:
    text = " ".join(pieces)
    end = 0
    for item in recognise.find(text, lang, TODAY):
        assert end <= item.start < item.end <= len(text)
        assert 0 < item.confidence < 1
        assert item.name in recognise.NAMES
        assert item.value
        assert text[item.start : item.end].strip() == text[item.start : item.end]
        end = item.end
