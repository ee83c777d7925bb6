"""Local scores: the same as plain kernel ridge, from the exact nearest rows; hostile queries."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from replykit.ranking.approximate import FROM_ROWS, SLOW_ROWS, Approximate, installed
from replykit.ranking.features import Counts, Postings, character_counts, lemma_counts
from replykit.ranking.forward import Forward
from replykit.ranking.neighbours import WORDS, Codes, Neighbours, open_neighbours

TEXTS = [
    "where is my parcel", "my parcel has not come", "track the parcel", "when will it arrive",
    "I want my money back", "refund me please", "how long does a refund take", "pay it back",
    "reset my password", "I forgot the password", "cannot log in", "the login fails",
    "change my address", "I have moved house", "new delivery address", "update the address",
]  # fmt: skip
OWNER = np.repeat(np.arange(4, dtype=np.int32), 4)


def words(text: str) -> tuple[Counts, Counts]:
    return character_counts(text), lemma_counts(text, "en")


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def clustered(count: int, seed: int = 0, dim: int = 48) -> np.ndarray:
    """Vectors as messages have them: around some hundred middles, of unlike density."""
    pick = np.random.default_rng(seed)
    middles = np.random.default_rng(99).standard_normal((150, dim))
    chosen = np.minimum(pick.geometric(0.02, count) - 1, 149)
    return unit(middles[chosen] + 0.6 * pick.standard_normal((count, dim)))


@pytest.fixture
def small(tmp_path: Path) -> Neighbours:
    forward = Forward.write(tmp_path, map(words, TEXTS))
    return Neighbours(Codes.of(clustered(len(TEXTS))), forward, {1: forward.postings(1)})


def exact(small: Neighbours, vector: np.ndarray, text: str) -> tuple[np.ndarray, np.ndarray]:
    """The similarity of a text with all rows, and of these with one another, by `Postings`."""
    assert small.codes is not None
    vectors = small.codes.vectors(slice(None))
    views = list(zip(*map(words, TEXTS), strict=True))
    every = [Postings.build(view) for view in views]
    own = [view.similarities(counts) for view, counts in zip(every, words(text), strict=True)]
    among = [
        [view.similarities(counts) for counts in texts]
        for view, texts in zip(every, views, strict=True)
    ]
    query = (vectors @ vector + WORDS * np.sum(own, axis=0)) / (1 + 2 * WORDS)
    return query, (vectors @ vectors.T + WORDS * np.sum(among, axis=0)) / (1 + 2 * WORDS)


def test_with_all_rows_the_scores_are_those_of_kernel_ridge(small: Neighbours) -> None:
    vector, text = clustered(1, seed=5)[0], "where does my parcel stay"
    similarity, kernel = exact(small, vector, text)
    local = small.local(small.near(vector, *words(text)), OWNER, bits=19)
    kernel = np.exp(2 * (kernel - 1)) + 2 / 3 * np.eye(len(TEXTS))
    expected = np.exp(2 * (similarity - 1)) @ np.linalg.solve(kernel, np.eye(4)[OWNER])
    assert local.scores == pytest.approx(expected[local.responses], abs=1e-4)
    assert local.responses.tolist() == np.argsort(-expected).tolist()
    assert local.outside == -math.inf
    for place, response in enumerate(local.responses):
        own = np.flatnonzero(response == OWNER)
        assert local.rows[place] == own[similarity[own].argmax()]
        assert local.nearest[place] == pytest.approx(similarity[own].max(), abs=1e-4)


def test_sketches_are_near_to_what_they_stand_for(small: Neighbours) -> None:
    rows = np.arange(len(TEXTS))
    error = small.forward.kernel(rows) - small.forward.kernel(rows, bits=19)
    assert np.abs(error).std() < 0.1


def test_the_near_rows_are_the_nearest_of_all(small: Neighbours) -> None:
    vector, text = clustered(1, seed=6)[0], "the login page"
    similarity, _ = exact(small, vector, text)
    near = small.near(vector, *words(text), most=5)
    assert near.rows.tolist() == np.argsort(-similarity, kind="stable")[:5].tolist()
    assert near.similarity == pytest.approx(np.sort(similarity)[::-1][:5], abs=1e-5)


def test_a_row_may_be_left_out(small: Neighbours) -> None:
    assert small.codes is not None
    vector = small.codes.vectors(np.array([3]))[0]
    assert small.near(vector, *words(TEXTS[3])).rows[0] == 3
    assert 3 not in small.near(vector, *words(TEXTS[3]), without=[3]).rows


def test_rows_without_an_owner_score_nothing_and_are_told_of(small: Neighbours) -> None:
    owner = np.where(OWNER == 2, -1, OWNER)
    vector, text = clustered(1, seed=7)[0], "I forgot the password"
    near = small.near(vector, *words(text))
    local = small.local(near, owner)
    assert set(local.responses.tolist()) == {0, 1, 3}
    assert local.outside == pytest.approx(near.similarity[OWNER[near.rows] == 2].max())


@pytest.mark.parametrize("text", ["", "\x00\ud800", "汉字 " * 900, "a" * 5000, "?!", "the the"])
@pytest.mark.parametrize("share", [0.0, WORDS])
def test_hostile_queries_give_finite_scores(small: Neighbours, text: str, share: float) -> None:
    for vector in (np.zeros(48, np.float32), clustered(1, seed=8)[0], None):
        near = small.near(vector, *words(text), share=share)
        local = small.local(near, OWNER, share=share)
        assert np.isfinite(local.scores).all()
        assert len(local.responses) == len(local.rows) == len(set(local.responses.tolist()))


def test_without_a_model_words_alone_rank(tmp_path: Path) -> None:
    forward = Forward.write(tmp_path, map(words, TEXTS))
    by_words = Neighbours(None, forward, {view: forward.postings(view) for view in (0, 1)})
    local = by_words.local(by_words.near(None, *words("passwrod forgot")), OWNER)
    assert local.responses[0] == 2


def test_an_empty_library_has_no_neighbours(tmp_path: Path) -> None:
    forward = Forward.write(tmp_path, [])
    empty = Neighbours(None, forward, {1: forward.postings(1)})
    local = empty.local(empty.near(None, *words("hello")), OWNER)
    assert local.responses.tolist() == []


def test_postings_from_rows_are_those_from_texts(small: Neighbours) -> None:
    for view, texts in enumerate(zip(*map(words, TEXTS), strict=True)):
        built, made = Postings.build(texts), small.forward.postings(view)
        for name in ("starts", "idf"):
            assert (built.arrays[name] == made.arrays[name]).all()
        assert built.similarities(texts[0]) == pytest.approx(made.similarities(texts[0]))


def test_codes_are_near_and_stay_the_same() -> None:
    vectors = clustered(500)
    codes = Codes.of(vectors)
    assert np.abs(codes.vectors(slice(None)) @ vectors[:9].T - vectors @ vectors[:9].T).max() < 0.01
    assert (Codes.of(codes.vectors(slice(None))).codes == codes.codes).all()
    assert not Codes.of(np.zeros((1, 4), np.float32)).vectors(slice(None)).any()


def test_a_large_library_without_a_graph_says_so_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Approximate.open(tmp_path, FROM_ROWS - 1, 8) is None
    assert Approximate.open(tmp_path, FROM_ROWS, 8) is None
    assert capsys.readouterr().err == ""
    assert Approximate.open(tmp_path, SLOW_ROWS, 8) is None
    assert capsys.readouterr().err.count("\n") == 1


needs_usearch = pytest.mark.skipif(not installed(), reason="the extra `scale` is not installed")


@needs_usearch
def test_the_graph_finds_nearly_all_that_a_scan_finds(tmp_path: Path) -> None:
    codes, queries = Codes.of(clustered(FROM_ROWS)), clustered(40, seed=1)
    Approximate.write(tmp_path, codes.codes, threads=1)
    graph = Approximate.open(tmp_path, FROM_ROWS, 48)
    assert graph is not None
    shares = []
    for query, code in zip(queries, Codes.of(queries).codes, strict=True):
        best = np.argsort(-codes.similarities(query))[:100]
        shares.append(len(np.intersect1d(best, graph.near(code, 100))) / 100)
    assert np.mean(shares) > 0.95


@needs_usearch
def test_a_damaged_graph_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "vectors.usearch").write_bytes(b"\x00" * 100)
    assert Approximate.open(tmp_path, FROM_ROWS, 48) is None


def test_a_folder_is_opened_as_it_was_written(small: Neighbours, tmp_path: Path) -> None:
    again = open_neighbours(tmp_path, small.codes, small.postings)
    vector = clustered(1, seed=9)[0]
    found = again.near(vector, *words("parcel")).rows
    assert found.tolist() == small.near(vector, *words("parcel")).rows.tolist()
