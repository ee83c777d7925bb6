"""A library too large for one model: ranked by the rows near a message, through the same doors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from replykit import Library
from replykit.config import Settings, load
from replykit.ranking import large
from replykit.ranking.building import build
from replykit.ranking.index import Index
from tests.library.test_unanswered import lines
from tests.ranking.test_index import Counting, reply
from tests.test_suggest import FILES

Make = Callable[[dict[str, str]], Path]

NONE = ["Could I keep my canoe at your office?", "who won the rowing race yesterday"]


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "MOST_ROWS", 3)


@pytest.fixture
def settings(library: Make) -> Settings:
    folder = library(FILES | {"_none.jsonl": lines(NONE)})
    return load(flags={"library": str(folder)}, environment={})


def test_the_switch_is_by_rows_or_by_examples_times_responses() -> None:
    assert large.is_large(rows=4, examples=1, responses=1)
    assert large.is_large(rows=2, examples=2_000, responses=2_000)
    assert not large.is_large(rows=3, examples=2, responses=2)


def test_a_message_finds_its_reply(settings: Settings) -> None:
    index = Index(build(settings, Counting()))
    assert index.neighbours is not None
    found = Library.open(settings.library_path).suggest("I would like to have my money back")
    assert found[0].id == "refund"
    assert 0 < found[0].confidence <= 1


def test_what_nothing_answers_is_rejected(settings: Settings) -> None:
    build(settings, Counting())  # here: a child process would not know what is large
    library = Library.open(settings.library_path)
    asked, other = NONE[0], "Where is my parcel?"
    assert library.suggest(asked)[0].confidence < library.suggest(other)[0].confidence


def test_only_new_texts_are_embedded_again(settings: Settings) -> None:
    build(settings, Counting())
    (settings.library_path / "boat.en.md").write_text(reply("Boats", "may I rent a boat"), "utf-8")
    again = Counting()
    build(settings, again)
    assert "may I rent a boat" in again.texts
    assert "Where is my parcel?" not in again.texts


def test_an_explanation_names_the_nearest_texts(settings: Settings) -> None:
    from replykit.encoder import open_encoder
    from replykit.ranking.explain import explain
    from replykit.ranking.scores import queries, rank

    encoder = open_encoder(settings)
    index = Index(build(settings, encoder))
    (query,) = queries(["where is my parcel now"], ["en"], encoder, index.languages)
    ranking = rank(index, query)
    named = [int(n) for n in ranking.order[:2] if ranking.rows[n] >= 0]
    why = explain(index, query, ranking, named)
    assert why.neighbours[0].text == "Where is my parcel?"
    assert why.neighbours[0].id == index.ids[named[0]]


def test_responses_that_are_not_near_are_never_named(settings: Settings) -> None:
    from replykit.ranking.scores import far

    index = Index(build(settings, Counting()))
    assert index.neighbours is not None
    nothing: dict[int, float] = {}
    near = large.local(index.neighbours, index.owner, None, (nothing, nothing))
    ranking = far(near, len(index.ids), index.model)
    assert not np.isfinite(ranking.scores).any()
    assert (ranking.rows == -1).all()
