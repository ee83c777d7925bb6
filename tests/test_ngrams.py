"""Hashed n-grams: their rows, how they are counted, and what they weigh."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from replykit.ngrams import by_words, grams

TEXT = "No, no, no: it’s late again, and nobody told us."


@pytest.mark.parametrize("bits", [1, 12, 15])
def test_letters_and_words_have_a_half_of_the_table_each(bits: int) -> None:
    (letters, _), (words, _) = grams(TEXT, bits)
    assert all(0 <= place < 2**bits for place in letters)
    assert all(2**bits <= place < 2 ** (bits + 1) for place in words)


def test_n_grams_that_share_a_row_are_counted_together() -> None:
    # Of letters " no" and "no ", and " no " for each of the longer sizes; of words one.
    assert grams("No", 0) == (((0,), (1 + log(4),)), ((1,), (1.0,)))


def test_what_has_no_letters_says_nothing() -> None:
    assert grams("1234 …", 12) == ()
    table, rarity = np.ones((2**13, 3), dtype=np.float32), np.ones(2**13, dtype=np.float32)
    assert by_words(["1234 …"], table, rarity).tolist() == [[0, 0, 0]]


def test_letters_and_words_count_alike_however_long_a_text_is() -> None:
    # Each half is one row, which weighs in one class.
    table = np.zeros((2, 2), dtype=np.float32)
    table[0, 0] = table[1, 1] = 1
    rarity = np.array([3, 5], dtype=np.float32)
    assert by_words([TEXT, "No"], table, rarity) == pytest.approx(np.ones((2, 2)))
