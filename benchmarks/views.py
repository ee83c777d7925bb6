"""The views of texts that linear models learn from: vectors, and weighed counts of n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.preprocessing import normalize

from replykit.encoder import Encoder
from replykit.ngrams import grams


def embedded(texts: Sequence[str], encoder: Encoder, kept: Path | None) -> NDArray[np.float32]:
    """The texts' vectors (n, dim); those that the file holds already are not made again."""
    known: dict[str, NDArray[np.float32]] = {}
    if kept and kept.exists():
        with np.load(kept) as stored:
            if str(stored["key"]) == encoder.key:
                known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    new = sorted({text for text in texts if text not in known})
    known |= dict(zip(new, encoder.encode(new), strict=True))
    if kept:
        np.savez(kept, key=encoder.key, texts=list(known), vectors=np.array(list(known.values())))
    return np.array([known[text] for text in texts])


def counted(texts: Sequence[str], bits: int) -> csr_matrix:
    """How often each n-gram stands in each text (n, 2 · 2**bits), as `ngrams.grams` counts."""
    places: list[int] = []
    values: list[float] = []
    ends = [0]
    for text in texts:
        for found, counts in grams(text, bits):
            places += found
            values += counts
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(texts), 2 ** (bits + 1)))


def rarity(counts: csr_matrix) -> NDArray[np.float64]:
    """The idf of each n-gram in counted texts."""
    texts, rows = counts.shape
    seen = np.bincount(counts.indices, minlength=rows)
    idf: NDArray[np.float64] = np.log((1 + texts) / (1 + seen)) + 1
    return idf


def weighed(counts: csr_matrix, idf: NDArray[np.float64]) -> csr_matrix:
    """Counts times their rarity, letters and words each of length 1."""
    whole, half = counts.multiply(idf).tocsr(), counts.shape[1] // 2
    return hstack([normalize(whole[:, :half]), normalize(whole[:, half:])]).tocsr()
