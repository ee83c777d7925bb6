"""Keeps the words of many rows by row, on disk: what a few rows share with a query, or together.

A row is a run of 32-bit numbers, each a feature (19 bits: characters, then lemmas) and its count.
Weights (sublinear tf by idf, each view of length 1, as in `features.py`) are made when rows are
read, so that the whole costs some 500 bytes a row and a query reads a few hundred rows of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.ranking.features import BUCKETS, Counts, Postings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FEATURES = 2 * BUCKETS
_FEATURE_BITS = _FEATURES.bit_length() - 1
_COUNT_BITS = 32 - _FEATURE_BITS
_MOST = (1 << _COUNT_BITS) - 1
_BLOCK = 4_000  # rows in memory at once while an index is built: some 15 KB each
# Odd factors, which spread features over a sketch: one chooses the column, one the sign.
_COLUMN, _SIGN = 0x9E3779B1, 0x85EBCA77
_BITS = 8


@dataclass(frozen=True)
class _Read:
    """Features of some rows: the place (t,) of each one's row, the feature, and its weight."""

    place: NDArray[Any]
    features: NDArray[Any]
    weights: NDArray[np.float32]


class Forward:
    """The word views of `count` rows in a folder, mapped into memory."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        self._starts = np.asarray(np.load(folder / "forward-starts.npy", mmap_mode="r"))
        self._idf = np.asarray(np.load(folder / "forward-idf.npy", mmap_mode="r"))
        self.count = len(self._starts) - 1
        size = int(self._starts[-1])  # an empty file cannot be mapped
        self._packed: NDArray[np.uint32] = (
            np.asarray(np.memmap(folder / "forward.bin", np.uint32, "r", shape=(size,)))
            if size
            else np.zeros(0, np.uint32)
        )
        self._tf = (1 + np.log(np.maximum(np.arange(_MOST + 1), 1))).astype(np.float32)

    @classmethod
    def write(cls, folder: Path, texts: Iterable[tuple[Counts, Counts]]) -> Forward:
        """Writes the characters and lemmas of each row, one block in memory at a time."""
        import numpy as np

        frequency = np.zeros(_FEATURES, dtype=np.int64)
        lengths: list[int] = []
        with (folder / "forward.bin").open("wb") as file:
            for block in _blocks(texts):
                lengths += [len(characters) + len(lemmas) for characters, lemmas in block]
                features = np.fromiter(
                    (f + view * BUCKETS for row in block for view in (0, 1) for f in row[view]),
                    np.uint32,
                )
                counts = np.fromiter((c for row in block for v in row for c in v.values()), float)
                counts = np.clip(np.rint(counts), 1, _MOST).astype(np.uint32)
                frequency += np.bincount(features, minlength=_FEATURES)
                file.write(((features << np.uint32(_COUNT_BITS)) | counts).tobytes())
        starts = np.concatenate(([0], np.cumsum(np.array(lengths, dtype=np.int64))))
        idf = (np.log((1 + len(lengths)) / (1 + frequency)) + 1).astype(np.float32)
        np.save(folder / "forward-starts.npy", starts.astype(np.int64))
        np.save(folder / "forward-idf.npy", idf)
        return cls(folder)

    def postings(self, view: int) -> Postings:
        """The rows of one view (0: characters, 1: lemmas) by feature."""
        import numpy as np

        features, counts, lengths = [], [], []
        for start in range(0, self.count, _BLOCK):
            stop = min(start + _BLOCK, self.count)
            packed = self._packed[int(self._starts[start]) : int(self._starts[stop])]
            row = np.repeat(np.arange(stop - start), np.diff(self._starts[start : stop + 1]))
            found = (packed >> np.uint32(_COUNT_BITS)).astype(np.int32) - view * BUCKETS
            wanted = (found >= 0) & (found < BUCKETS)
            features.append(found[wanted])
            counts.append((packed[wanted] & np.uint32(_MOST)).astype(np.float32))
            lengths.append(np.bincount(row[wanted], minlength=stop - start))
        if not features:
            return Postings.build([])
        return Postings.of(
            np.concatenate(features), np.concatenate(counts), np.concatenate(lengths)
        )

    def similarities(
        self, characters: Counts, lemmas: Counts, rows: NDArray[Any]
    ) -> NDArray[np.float32]:
        """Cosines of characters and of lemmas, added, of a query with some rows (r,)."""
        import numpy as np

        query = np.zeros(_FEATURES, dtype=np.float32)
        for view, counts in enumerate((characters, lemmas)):
            features = np.fromiter(counts, np.int64, len(counts)) + view * BUCKETS
            tf = np.fromiter(counts.values(), np.float32, len(counts))
            values = (1 + np.log(tf)) * self._idf[features]
            query[features] = values / max(float(np.linalg.norm(values)), 1e-9)
        read = self._read(rows)
        shares = read.weights * query[read.features]
        return np.bincount(read.place, weights=shares, minlength=len(rows)).astype(np.float32)

    def kernel(self, rows: NDArray[Any], bits: int = _BITS) -> NDArray[np.float32]:
        """About the same of some rows with one another, (r, r), by sketches of 2**bits numbers.

        A feature's weight is added to one of the numbers, or taken from it. With 8 bits, products
        err by 0.06 and labels are as right as with exact ones; with 19 they are exact.
        """
        import numpy as np

        read = self._read(rows)
        mixed = read.features * _COLUMN & (_FEATURES - 1)
        column = mixed >> (_FEATURE_BITS - bits)
        sign = 1 - 2 * ((read.features * _SIGN >> _FEATURE_BITS) & 1)
        sketch = np.bincount(
            (read.place << bits) + column, read.weights * sign, minlength=len(rows) << bits
        )
        sketch = sketch.reshape(len(rows), 1 << bits).astype(np.float32)
        return np.asarray(sketch @ sketch.T)

    def _read(self, rows: NDArray[Any]) -> _Read:
        import numpy as np

        starts = self._starts[rows]
        lengths = self._starts[rows + 1] - starts
        ends = np.cumsum(lengths)
        place = np.repeat(np.arange(len(rows)), lengths)
        packed = self._packed[np.arange(len(place)) + np.repeat(starts - ends + lengths, lengths)]
        features = (packed >> np.uint32(_COUNT_BITS)).astype(np.int64)
        weights = self._tf[packed & np.uint32(_MOST)] * self._idf[features]
        of_view = 2 * place + (features >= BUCKETS)
        squares = np.bincount(of_view, weights**2, minlength=2 * len(rows))
        norms = np.maximum(np.sqrt(squares), 1e-9).astype(np.float32)
        return _Read(place, features, weights / norms[of_view])


def _blocks(texts: Iterable[tuple[Counts, Counts]]) -> Iterable[list[tuple[Counts, Counts]]]:
    block = []
    for text in texts:
        block.append(text)
        if len(block) == _BLOCK:
            yield block
            block = []
    if block:
        yield block
