"""Reasons to escalate that no list has words for: who hears them, when, and what is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from replykit.config import Settings
from replykit.encoder import Encoder, open_encoder
from replykit.encoder.corrected import CorrectedEncoder
from replykit.ranking.correction import Correction
from replykit.ranking.features import without_numbers
from replykit.understanding.hints import Overheard, listen, load
from replykit.understanding.route_file import parse
from replykit.understanding.routes import NAMES, Reason, RouteWords, reasons
from tests.conftest import ROOT, Run

Make = Callable[[dict[str, str]], Path]
QUIET = "I am so tired that I don't see a reason to wake up any more."
ORDINARY = "Could you send the invoice again, please?"


@cache
def encoder() -> Encoder:
    found = open_encoder(Settings())
    assert found is not None
    return found


def hear(*parts: str, lang: str = "en") -> Overheard:
    listener = listen(encoder())[1]
    assert listener is not None
    listener.encode(parts)
    return listener.heard(lang)


def said(text: str, lang: str = "en", words: str = "") -> list[str]:
    return hear(text, lang=lang).said(text, parse(words)[0] if words else RouteWords())


def fresh(lang: str) -> list[dict[str, str]]:
    path = ROOT / "tests" / "data" / "routes" / f"fresh.{lang}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_hints_were_learnt_with_the_encoder_of_ranking() -> None:
    assert encoder().key == load().encoder
    assert load().names == NAMES


def test_a_hint_quotes_the_sentence_that_it_goes_by() -> None:
    assert said(QUIET) == [f"reads like a hint at self-harm: “{QUIET}”"]
    assert said(f"Hello, this is Tom. {QUIET}") == said(QUIET)
    assert said(ORDINARY) == []


def test_what_is_known_already_is_not_said_again() -> None:
    assert hear(QUIET).said(QUIET, RouteWords(), {"self_harm"}) == []


def test_no_message_gets_the_hints_of_an_earlier_one() -> None:
    listener = listen(encoder())[1]
    assert listener is not None
    assert listener.heard("en").said(QUIET, RouteWords()) == []
    listener.encode([QUIET])
    assert listener.heard("en").said(QUIET, RouteWords()) == said(QUIET)
    found = [Reason("legal", "invoice", 20, 27)]
    later = listener.heard("en")
    assert later.said(QUIET, RouteWords()) == []
    assert later.standing(found, ORDINARY, RouteWords()) == found


def test_nobody_hears_without_the_model_that_hints_were_learnt_with() -> None:
    other = open_encoder(Settings())
    assert other is not None
    other.key = "another"
    assert listen(other) == (other, None)
    assert listen(None) == (None, None)


def test_a_library_s_own_correction_of_vectors_changes_no_hint() -> None:
    part = np.full((encoder().dim, 1), 0.1, dtype=np.float16)
    own = Correction(encoder().key, part, part.T)
    corrected, listener = listen(CorrectedEncoder(encoder(), own))
    assert corrected is not None
    assert listener is not None
    corrected.encode([QUIET])
    assert listener.heard("en").said(QUIET, RouteWords()) == said(QUIET)


def test_no_hint_in_a_language_that_was_not_measured() -> None:
    assert said(QUIET, "de") == []


@pytest.mark.parametrize(
    "words",
    ['en: {remove: {self_harm: "*"}}', "en: {except: {self_harm: [tired]}}"],
)
def test_trainers_take_hints_back_as_they_take_back_phrases(words: str) -> None:
    assert said(QUIET, words=words) == []


def test_what_lists_find_in_an_ordinary_message_was_not_meant_but_trainers_words_are() -> None:
    found = [Reason("legal", "invoice", 20, 27), Reason("threat", "again", 28, 33)]
    words, _ = parse("en: {legal: [invoice]}")
    assert hear(ORDINARY).standing(found, ORDINARY, RouteWords()) == found[1:]
    assert hear(ORDINARY).standing(found, ORDINARY, words) == found
    assert hear(ORDINARY, "another part").standing(found, ORDINARY, RouteWords()) == found


def test_a_long_number_that_is_not_ranked_changes_nothing_of_that() -> None:
    """A fifth of messages name an order, and ranking leaves its number out."""
    text = "Could you send the invoice of order 48213377 again, please?"
    found = [Reason("legal", "invoice", 20, 27)]
    assert hear(without_numbers(text)).standing(found, text, RouteWords()) == []


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_most_that_nobody_had_words_for_goes_to_a_person_and_little_else(lang: str) -> None:
    rows = fresh(lang)
    wanted = [bool(row["why"]) for row in rows]
    got = [
        bool(reasons(row["text"], lang, RouteWords()) or said(row["text"], lang)) for row in rows
    ]
    right = sum(want and have for want, have in zip(wanted, got, strict=True))
    assert right / sum(wanted) >= 0.7
    assert right / sum(got) >= 0.85


def test_a_message_that_is_ranked_by_meaning_is_passed_on_by_what_it_hints_at(
    run: Run, library: Make
) -> None:
    folder = library({"late.en.md": "---\ntitle: Late\nexamples: [Where is it?]\n---\nSoon.\n"})

    def route(*more: str) -> str:
        done = run("triage", "-", "--library", folder, *more, stdin=QUIET)
        return str(json.loads(done.stdout)["route"])

    assert route("--by-meaning", "--format", "json") == "escalate"
    assert route("--format", "json") == "answer"
    assert route("--by-meaning", "--no-rank", "--format", "json") == "answer"
    assert run("triage", "--is", "escalate", "--by-meaning", stdin=QUIET).returncode == 0
