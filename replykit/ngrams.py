"""Hashed n-grams, of letters within words and of words: how often each stands in a text, and what
they alone say of it."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LETTERS = (3, 4, 5)
_WORDS = (1, 2, 3)
_LONGEST = 1000


@lru_cache(maxsize=512)
def grams(text: str, bits: int) -> tuple[tuple[tuple[int, ...], tuple[float, ...]], ...]:
    """The n-grams of a text, letters within words and then words: the rows of each in a table of
    2 · 2**bits, and how often it stands there (1 + its logarithm). A kind that has none is left
    out."""
    words = _WORD.findall(text[:_LONGEST].lower().replace("’", "'"))
    letters = Counter(
        f" {word} "[start : start + size]
        for word in words
        for size in _LETTERS
        for start in range(max(len(word) + 3 - size, 1))
    )
    rows = Counter(
        " ".join(words[start : start + size])
        for size in _WORDS
        for start in range(len(words) - size + 1)
    )
    found = []
    for offset, counts in enumerate((letters, rows)):
        places: dict[int, int] = {}
        for gram, count in counts.items():
            place = (crc32(gram.encode()) & (2**bits - 1)) + offset * 2**bits
            places[place] = places.get(place, 0) + count
        if places:
            found.append((tuple(places), tuple(1 + log(count) for count in places.values())))
    return tuple(found)


def by_words(
    texts: Sequence[str], table: NDArray[np.float32], rarity: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What n-grams alone say of each text (n, classes).

    `table` (2 · 2**bits, classes) weighs them, `rarity` (2 · 2**bits) is their idf. Letters count
    as much as words, and a long text as much as a short one.
    """
    import numpy as np

    bits = (len(rarity) // 2).bit_length() - 1
    found = np.zeros((len(texts), table.shape[1]), dtype=np.float32)
    for number, text in enumerate(texts):
        for places, counts in grams(text, bits):
            rows = list(places)
            weights = np.asarray(counts, dtype=np.float32) * rarity[rows]
            found[number] += weights @ table[rows] / np.linalg.norm(weights)
    return found
