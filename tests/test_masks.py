"""What is printed shows no card and no personal identity number."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.masks import mask, masked
from tests.limits import bounded


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kortti 4111 1111 1111 1111.", "Kortti **** **** **** 1111."),
        ("4111111111111111", "************1111"),
        ("5555-5555-5555-4444", "****-****-****-4444"),
        ("3782 822463 10005", "**** ****** *0005"),
        ("4111 1111 1111 1111 123", "**** **** **** 1111 ***"),
        ("4111 1111 1111 1111 12/27", "**** **** **** 1111 12/27"),
        ("Kortti 4111 1111\n1111 1111.", "Kortti **** ****\n**** 1111."),
        ("4111\n1111 1111 1111", "****\n**** **** 1111"),
        ("4111-1111-1111\n1111", "****-****-****\n1111"),
        ("3782 822463\n10005", "**** ******\n*0005"),
        ("3782\n822463 10005", "****\n****** *0005"),
        ("card=4111111111111111;", "card=************1111;"),
        ("131052-308T", "131052-****"),
        ("Hetu:131052-308t,", "Hetu:131052-****,"),
        ("131052–308T", "131052–****"),
        ("010101A123N", "010101A****"),
        ("131052-308T/liite.pdf", "131052-****/liite.pdf"),
        ("850709-9805", "850709-****"),
        ("19850709-9805", "19850709-****"),
        ("198507099805", "19850709****"),
        ("131052-308T ja 4111 1111 1111 1111", "131052-**** ja **** **** **** 1111"),
    ],
)
def test_cards_and_personal_identity_numbers_are_masked(text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Missä paketti on?",
        "4111 1111 1111 1112",
        "1234567812345670",
        "4111\n1111\n1111\n1111",
        "131052-308U",
        "850709-9806",
        "Tilaus 20261105",
        "Tilaus 202611051234",
        "JJFI64629910000041720",
        "00370574911862527601",
        "FI21 1234 5600 0007 85",
        "040 123 4567",
        "6414893400012",
        "1572860-0",
        "x131052-308T",
        "٤١١١١١١١١١١١١١١١",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert mask(text) == text


def test_values_of_json_are_masked_in_depth() -> None:
    value = {"a": ["131052-308T", 1, None], "b": {"c": "4111111111111111"}, "d": True}
    shown = {"a": ["131052-****", 1, None], "b": {"c": "************1111"}, "d": True}
    assert masked(value) == shown


@given(st.text("0123456789 -+ATF*\u00a0.\n", max_size=60))
def test_places_stay_true_and_masking_twice_is_masking_once(text: str) -> None:
    shown = mask(text)
    assert len(shown) == len(text)
    assert mask(shown) == shown
    assert all(new in (old, "*") for old, new in zip(text, shown, strict=True))


@pytest.mark.parametrize(
    "unit", ["1", "1 ", "1111 ", "4111 1111 1111 1111 ", "131052-308T ", "1234567890123456-"]
)
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    with bounded():
        mask(unit * (200_000 // len(unit)))


CARD, PERSON = "5555 5555 5555 4444", "010101A123N"
PAY = """---
title: Pay
details: {card: {}}
examples: [I want to pay by card]
---
Your card is {{ card }}.
"""
Run = Callable[..., subprocess.CompletedProcess[str]]
Make = Callable[[dict[str, str]], Path]


@pytest.mark.parametrize("shape", ["text", "json"])
def test_suggest_masks_what_it_prints(run: Run, library: Make, shape: str) -> None:
    folder = library({"pay.en.md": PAY})
    text = f"I want to pay by card {CARD}, my id is {PERSON}."
    done = run("suggest", text, "--library", folder, "--lang", "en", "--format", shape)
    assert "4444" in done.stdout
    assert "5555 5555" not in done.stdout
    assert "123N" not in done.stdout


@pytest.mark.parametrize("shape", ["text", "json", "github", "junit", "rdjsonl", "sarif"])
def test_lint_masks_what_it_prints_of_a_draft(run: Run, shape: str) -> None:
    text = f"Hello Mia,\n\nyour card {CARD} and your id {PERSON} are noted.\n"
    options = ("--lang", "en", "--channel", "social", "--no-model", "--format", shape)
    done = run("lint", *options, "-", stdin=text)
    assert "PRIV" in done.stdout
    assert "5555 5555" not in done.stdout
    assert "123N" not in done.stdout


def test_the_draft_itself_keeps_the_customers_number(run: Run, library: Make) -> None:
    folder = library({"pay.en.md": PAY})
    options = ("--set", f"card={CARD}", "--lang", "en", "--format", "json")
    value = json.loads(run("draft", "pay", "--library", folder, *options).stdout)
    assert "5555" in value.pop("text")
    assert "5555" not in json.dumps(value)
