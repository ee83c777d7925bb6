"""Tone by meaning: what the classifiers need, when they are silent, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from replykit.checking import meaning
from replykit.config import Settings
from replykit.encoder.nano import NanoEncoder, weights_digest, weights_file
from replykit.linter import Draft, Finding, Tools, lint

BLAME = "It seems the washing instructions were not followed."


@cache
def tools() -> Tools:
    found, not_run = meaning.tools(Settings())
    assert not_run is None
    return found


def findings(text: str, lang: str = "en", with_tools: Tools | None = None) -> list[Finding]:
    draft = Draft(text, lang, tools=tools() if with_tools is None else with_tools)
    return [item for item in lint(draft, Settings())[0] if item.name.endswith("-by-meaning")]


def test_the_classifiers_belong_to_the_embedded_model() -> None:
    assert weights_digest(weights_file()) == meaning.load().model


def test_what_a_sentence_is_about_is_kept_beside_how_it_sounds() -> None:
    texts = [BLAME, "When does the refund arrive?", "Paketti lähti varastostamme tänään."]
    embed = tools().embed
    assert embed is not None
    plain = meaning.load().plain(embed(texts))
    assert (plain * NanoEncoder().encode(texts)).sum(axis=1).min() > 0.8


def test_a_finding_is_the_sentence_and_says_which_known_one_it_resembles() -> None:
    text = f"Hello Mia,\n\nthank you for your message. {BLAME}\n\nKind regards,\nTom"
    (found,) = findings(text)
    assert (found.code, found.text) == ("TONE020", BLAME)
    assert found.message == f"reads like “{BLAME}” (blames the customer)"


def test_without_the_model_nothing_is_judged_by_meaning() -> None:
    assert findings(BLAME, with_tools=Tools()) == []
    assert meaning.tools(Settings(), no_model=True) == (Tools(), None)


def test_another_model_in_the_settings_is_said_with_what_to_do() -> None:
    found, not_run = meaning.tools(replace(Settings(), model="other/model"))
    assert found == Tools()
    assert not_run is not None
    assert "other/model" in not_run.reason
    assert not_run.how


def test_a_missing_model_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("replykit.encoder.available", lambda _: False)
    found, not_run = meaning.tools(Settings())
    assert found == Tools()
    assert not_run is not None
    assert "not installed" in not_run.reason


def test_a_language_that_was_not_learnt_is_left_alone() -> None:
    assert findings(BLAME, lang="sv") == []


def test_where_a_listed_word_fires_the_meaning_is_not_told_again() -> None:
    text = "It is your own fault that the washing instructions were not followed."
    codes = [item.code for item in lint(Draft(text, "en", tools=tools()), Settings())[0]]
    assert "TONE003" in codes
    assert "TONE020" not in codes


GOOD = {
    "en": "Hello Mia,\n\nthank you for your message. The parcel left our warehouse this morning "
    "and should be with you on Thursday. If the size is wrong, we will gladly change it.\n\n"
    "Kind regards,\nTom",
    "fi": "Hei Mia,\n\nkiitos viestistäsi. Paketti lähti varastostamme tänä aamuna, ja sen "
    "pitäisi olla perillä torstaina. Jos koko on väärä, vaihdamme sen mielellämme.\n\n"
    "Ystävällisin terveisin\nTomi",
}


@pytest.mark.parametrize("lang", GOOD)
def test_a_good_reply_is_left_alone(lang: str) -> None:
    assert findings(GOOD[lang], lang) == []


def test_greetings_and_names_are_not_embedded() -> None:
    seen: list[str] = []

    def embed(texts: Sequence[str]) -> Any:
        seen.extend(texts)
        return np.ones((len(texts), 384), dtype=np.float32)

    findings(f"Hello Mia,\n\n{BLAME}\n\nKind regards,\nTom", with_tools=Tools(embed=embed))
    assert seen == [BLAME]


def test_what_is_begun_ahead_gives_the_same_vectors_and_others_are_asked_for_anew() -> None:
    embedder = meaning.Embedder()
    embedder.ahead([BLAME])
    begun, other = embedder([BLAME]), embedder(["Thank you for your patience."])
    again = meaning.Embedder()([BLAME])
    np.testing.assert_allclose(begun, again, atol=1e-6)
    assert float((begun @ other.T).item()) < 0.9
