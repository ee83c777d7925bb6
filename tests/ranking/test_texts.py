"""Texts of responses: sentences, scores of meaning and words, and what is missing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from replykit.ranking.features import Postings, character_counts, lemma_counts
from replykit.ranking.texts import MOST_SENTENCES, Text, Texts, centre, pieces, sentences, shared

DIM = 384  # so many numbers that vectors by chance have nothing in common
CANCEL = Text(
    "Cancel an order",
    "We are sorry to hear that.\n\nOpen your orders and press the red button. A receipt follows.",
    "en",
    0,
)
BILL = Text("", "You find every bill in your account.", "en", 1)
LASKU = Text("Laskut", "Kaikki laskut ovat tilillä. Ne voi ladata sieltä.", "fi", 1)
LIBRARY = [CANCEL, BILL, LASKU]


def vectors_of(texts: list[Text]) -> NDArray[np.float32]:
    found = np.random.default_rng(0).normal(size=(len(pieces(texts)), DIM)).astype(np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def words_of(message: str, lang: str = "en") -> tuple[dict[int, float], dict[int, float]]:
    return character_counts(message), lemma_counts(message, lang)


def test_sentences_leave_out_greetings_and_names() -> None:
    body = "Hi Anna!\nYour parcel is late. It comes at 9.30 on Monday.\n\nRegards,\nMatti"
    assert sentences(body) == ["Your parcel is late.", "It comes at 9.30 on Monday."]


def test_a_long_body_has_a_limit() -> None:
    assert len(sentences("This is one sentence. " * 500)) == MOST_SENTENCES


def test_pieces_are_title_body_and_sentences_in_order() -> None:
    found = [(piece.text, piece.side, piece.sentence) for piece in pieces(LIBRARY)]
    passages = [(0, "passage", True)] * 3
    assert found[:2] == [(0, "query", False), (0, "passage", False)]
    assert found[2:5] == passages
    assert found[5] == (1, "passage", False)  # its one sentence is the body
    assert [text for text, *_ in found] == [0] * 5 + [1] + [2] * 4


def test_every_text_has_a_piece() -> None:
    assert [piece.matter for piece in pieces([Text("", "", "en", 0)])] == [""]


def test_a_message_in_a_replys_own_words_finds_it_without_a_model() -> None:
    texts = Texts.build(LIBRARY, None, 2)
    assert texts.score(None, *words_of("Where is the red button?")).argmax() == 0
    assert texts.score(None, *words_of("laskuni", "fi")).argmax() == 1


def test_a_message_of_a_sentences_meaning_finds_its_response() -> None:
    vectors = vectors_of(LIBRARY)
    texts = Texts.build(LIBRARY, vectors, 2)
    nothing: dict[int, float] = {}
    for piece, vector in zip(pieces(LIBRARY), vectors, strict=True):
        owner = LIBRARY[piece.text].owner
        assert texts.score(vector, nothing, nothing).argmax() == owner


def test_the_score_is_what_the_module_says() -> None:
    vectors = vectors_of(LIBRARY)
    texts = Texts.build(LIBRARY, vectors, 2)
    message, (characters, lemmas) = vectors[3], words_of("press the button, my friend")
    arrays, found = texts.arrays, []
    for number in range(3):
        whole = np.split(arrays["whole"], arrays["whole-starts"][1:])[number] @ message
        parts = np.split(arrays["parts"], arrays["parts-starts"][1:])[number] @ message
        meaning = (whole.max() + np.log(np.exp(10 * parts).mean()) / 10) / 2
        like, covered = 0.0, 0.0
        for view, counts in (("characters", characters), ("lemmas", lemmas)):
            postings = Postings({n: arrays[f"{view}-{n}"] for n in Postings.names}, 3)
            rows = shared(postings, counts)
            like, covered = like + rows[0][number] / 2, covered + rows[1][number] / 2
        found.append(meaning + (0.25 + 1.25 * covered**2) * like)
    expected = [found[0], max(found[1:])]
    np.testing.assert_allclose(texts.score(message, characters, lemmas), expected, rtol=1e-4)


def test_shared_is_the_cosine_and_the_share_of_the_message() -> None:
    rows = ["press the red button", "press", "green tea"]
    postings = Postings.build([lemma_counts(row, "en") for row in rows])
    like, covered = shared(postings, lemma_counts("press the red button", "en"))
    assert like == pytest.approx(postings.similarities(lemma_counts(rows[0], "en")), abs=1e-6)
    assert covered[0] == pytest.approx(1.0)
    assert 0 < covered[1] < 0.5
    assert covered[2] == 0
    _, with_unknown = shared(postings, lemma_counts("press the red button zebra", "en"))
    assert 0.5 < with_unknown[0] < 1


def test_a_response_without_texts_is_never_named() -> None:
    vectors = vectors_of([BILL])
    scores = Texts.build([BILL], vectors, 3).score(vectors[0], *words_of("bill"))
    assert np.isneginf(scores[[0, 2]]).all()
    assert np.isfinite(scores[1])


@pytest.mark.parametrize("message", ["", "???", "12345"])
def test_a_message_of_nothing_gives_no_nan(message: str) -> None:
    vectors = vectors_of(LIBRARY)
    for texts in (Texts.build(LIBRARY, vectors, 2), Texts.build(LIBRARY, None, 2)):
        zero = np.zeros(DIM, np.float32)
        assert np.isfinite(texts.score(zero, *words_of(message))).all()


def test_no_texts_at_all() -> None:
    texts = Texts.build([], np.zeros((0, DIM), np.float32), 2)
    assert np.isneginf(texts.score(np.zeros(DIM, np.float32), *words_of("hello"))).all()


def test_empty_texts_are_harmless() -> None:
    empty = [Text("", "", "en", 0), Text("Hello", "", "en", 1)]
    vectors = np.array([[0, 0], [1, 0]], np.float32)
    scores = Texts.build(empty, vectors, 2).score(np.array([1, 0], np.float32), *words_of("hello"))
    assert np.isfinite(scores).all()
    assert scores.argmax() == 1


def test_arrays_may_be_mapped_from_disk(tmp_path: Path) -> None:
    vectors = vectors_of(LIBRARY)
    built = Texts.build(LIBRARY, vectors, 2)
    mapped = {}
    for name in Texts.names:
        np.save(tmp_path / f"{name}.npy", built.arrays[name])
        mapped[name] = np.load(tmp_path / f"{name}.npy", mmap_mode="r")
    message = (vectors[0], *words_of("cancel an order"))
    np.testing.assert_array_equal(Texts(mapped, 2).score(*message), built.score(*message))


def test_centring_takes_what_all_have_in_common_and_leaves_a_single_vector() -> None:
    common = np.array([[1.0, 0.1], [1.0, -0.1]], np.float32)
    many = centre(np.repeat(common, 1000, axis=0))
    assert many[0] @ many[1000] < 0
    assert centre(common[:1])[0] @ common[0] > 0.99
    assert centre(common[:0]).shape == (0, 2)
