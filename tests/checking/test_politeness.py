"""Politeness: polite replies score above curt ones, with the words that say so."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from replykit import linter
from replykit.checking import meaning
from replykit.checking.politeness import costs, languages, names, politeness, signals
from replykit.linter import Draft, Tools
from replykit.rules import find_rule
from tests.limits import bounded

DATA = Path(__file__).parents[1] / "data"
FULL = ("en", "fi")


def score(text: str, lang: str) -> float:
    found, _ = politeness(text, lang)
    assert found is not None
    return found


@pytest.mark.parametrize("lang", FULL)
def test_the_polite_wording_of_a_reply_scores_above_the_curt_one(lang: str) -> None:
    lines = (DATA / f"politeness.{lang}.jsonl").read_text("utf-8").splitlines()
    pairs = [json.loads(line) for line in lines]
    assert len(pairs) >= 40
    right = [score(pair["polite"], lang) > score(pair["curt"], lang) for pair in pairs]
    assert sum(right) >= 0.95 * len(pairs)


@pytest.mark.parametrize("lang", FULL)
def test_a_curt_reply_is_found_and_a_polite_one_is_not(lang: str) -> None:
    rule = find_rule("curt-reply")
    lines = (DATA / f"politeness.{lang}.jsonl").read_text("utf-8").splitlines()
    pairs = [json.loads(line) for line in lines]
    curt = [list(rule.check(Draft(pair["curt"], lang))) for pair in pairs]
    assert sum(map(bool, curt)) >= 0.85 * len(pairs)
    assert not any(list(rule.check(Draft(pair["polite"], lang))) for pair in pairs)


def test_what_costs_politeness_is_named_once_and_the_gravest_first() -> None:
    text = "Send the form. Late claims are rejected. You should have read the terms."
    found = [text[start:end] for start, end in costs(text, "en")]
    assert found == ["You should have", "read the terms", "Send", "are rejected"]


@pytest.mark.parametrize("lang", FULL)
def test_good_replies_are_polite_and_hardly_one_is_curt(lang: str) -> None:
    lines = (DATA / f"drafts.{lang}.jsonl").read_text("utf-8").splitlines()
    scores = [score(json.loads(line)["good"], lang) for line in lines]
    assert sum(one >= 0.5 for one in scores) >= 0.97 * len(scores)
    assert min(scores) >= 0.35


@pytest.mark.parametrize(
    ("lang", "text", "least", "most"),
    [
        ("en", "Your parcel left our warehouse on Monday. You can follow it there.", 0.5, 0.75),
        ("en", "Thank you for your patience. I'm sorry for the wait; I'll call you today.", 0.8, 1),
        ("en", "The form is missing. Send it again. Late claims are rejected.", 0, 0.35),
        ("en", "You should have read the terms. This is your own fault.", 0, 0.35),
        ("fi", "Pakettisi lähti varastoltamme maanantaina. Näet sen matkan sivultamme.", 0.5, 0.75),
        ("fi", "Kiitos kärsivällisyydestäsi. Pahoittelen viivettä ja soitan tänään.", 0.8, 1),
        ("fi", "Lomake puuttuu. Lähetä se uudelleen. Myöhästyneet hakemukset hylätään.", 0, 0.35),
        ("fi", "Ehdot olisi pitänyt lukea. Vika on omassa huolimattomuudessa.", 0, 0.35),
        ("sv", "Tack för ditt tålamod. Vi beklagar felet och ringer dig i dag.", 0.8, 1),
        ("sv", "Blanketten saknas. Skicka den. Du borde ha läst villkoren.", 0, 0.35),
    ],
)  # fmt: skip
def test_neutral_warm_and_curt_replies_have_their_ranges(
    lang: str, text: str, least: float, most: float
) -> None:
    assert least <= score(text, lang) <= most


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Thank you for your patience.", {"patience": ["Thank you for your patience"]}),
        ("en", "Could you send the form?", {"indirect": ["Could you"]}),
        ("en", "Please call. Call me, please.", {"please": ["please"], "please_start": ["Please"]}),
        ("en", "You should have received it.", {}),
        ("en", "You should have read it.", {"blame": ["You should have"]}),
        ("en", "Send the form.", {"command": ["Send"]}),
        ("en", "Send the form and we'll check it.", {"ownership": ["we'll check"]}),
        ("fi", "Voisitko lähettää lomakkeen?", {"indirect": ["Voisitko"]}),
        ("fi", "Muistathan lomakkeen.", {"please": ["Muistathan"]}),
        ("fi", "Lähetä lomake.", {"command": ["Lähetä"], "terse": ["Lähetä lomake"]}),
        ("fi", "Lähetä lomake, niin tarkistan sen.", {"ownership": ["tarkistan"]}),
        ("fi", "Lomake olisi pitänyt lukea.", {"blame": ["olisi pitänyt"]}),
    ],
)  # fmt: skip
def test_the_score_comes_with_its_words(
    lang: str, text: str, expected: dict[str, list[str]]
) -> None:
    _, found = politeness(text, lang)
    assert expected.items() <= found.items()
    if not expected:
        assert "blame" not in found


@pytest.mark.parametrize("lang", FULL)
def test_a_reply_twice_as_long_is_as_polite(lang: str) -> None:
    for line in (DATA / f"politeness.{lang}.jsonl").read_text("utf-8").splitlines():
        for text in json.loads(line).values():
            assert score(f"{text} {text}", lang) == score(text, lang)


def test_what_cannot_be_measured_has_no_score() -> None:
    assert politeness("Vielen Dank", "de") == (None, {})
    assert politeness("", "en") == (None, {})
    assert politeness(" …!", "fi") == (None, {})


def test_the_measures_of_a_draft_hold_it() -> None:
    metrics = linter.measure(Draft("Thank you for\nwriting.", "en"))
    assert metrics.politeness == politeness("Thank you for\nwriting.", "en")[0]
    assert metrics.signals["gratitude"] == ["Thank you"]


def test_only_languages_whose_sound_was_learnt_are_embedded_for_it() -> None:
    asked: list[str] = []

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return np.zeros((len(texts), 384), dtype=np.float32)

    for text, lang in [
        ("Tack för ditt tålamod med oss.", "sv"),
        ("Thank you for your patience.", "en"),
    ]:
        linter.measure(Draft(text, lang, tools=Tools(embed=embed)))
    assert asked == ["Thank you for your patience."]


def weights() -> dict[str, Any]:
    path = Path(linter.__file__).parent / "data" / "politeness.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("lang", languages())
def test_every_signal_of_a_language_has_a_weight(lang: str) -> None:
    assert set(weights()["languages"][lang]["signals"]) == names(lang) | {"terse"}


def test_how_sentences_sound_was_learnt_with_the_tuned_layers_that_ship() -> None:
    assert weights()["sound"]["layers"] == meaning.load().layers


@settings(max_examples=50)
@given(st.text(max_size=200), st.sampled_from(languages()))
def test_any_text_has_a_score_and_its_words_stand_in_it(text: str, lang: str) -> None:
    found, words = politeness(text, lang)
    assert found is None or 0 <= found <= 1
    assert all(isinstance(word, str) for several in words.values() for word in several)
    for spans in signals(text, lang).values():
        assert all(0 <= start < end <= len(text) for start, end in spans)


@pytest.mark.parametrize("text", ["you " * 50_000, "kiitos. " * 25_000, "thank" * 40_000])
def test_a_huge_text_is_measured_at_once(text: str) -> None:
    with bounded():
        for lang in FULL:
            politeness(text, lang)
