"""Keeps the rows of a library that is too large for one model, and opens them by memory map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.ranking.approximate import FROM_ROWS, Approximate, installed
from replykit.ranking.features import Counts, Postings, character_counts, lemma_counts
from replykit.ranking.forward import Forward
from replykit.ranking.neighbours import Codes, Local, Neighbours, open_neighbours

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# One model holds the kernel of all rows in memory (8 bytes a pair: 1.6 GB), and takes its
# machines' decisions for each message (rows times responses: two millions take 2 ms).
MOST_ROWS = 14_000
MOST_DECISIONS = 2_000_000


def is_large(rows: int, examples: int, responses: int) -> bool:
    """Whether a library is ranked by the rows near a message. On all of BANKING77 (8,003
    examples) that is right for 0.92 of messages, one model for 0.93."""
    return rows > MOST_ROWS or examples * responses > MOST_DECISIONS


class Rows:
    """Texts with their languages, as they are counted when an index is written."""

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        self._texts = texts

    def counts(self, row: int) -> tuple[Counts, Counts]:
        text, lang = self._texts[row]
        return character_counts(text), lemma_counts(text, lang)

    def __iter__(self) -> Iterator[tuple[Counts, Counts]]:
        return (self.counts(row) for row in range(len(self._texts)))


def write(folder: Path, rows: Rows, vectors: NDArray[np.float32] | None) -> None:
    """Writes all rows (n,) and their vectors (n, dim)."""
    import numpy as np

    forward = Forward.write(folder, rows)
    for view in _views(vectors is not None):
        for name, array in forward.postings(view).arrays.items():
            np.save(folder / f"words-{view}-{name}.npy", array)
    if vectors is None:
        return
    codes = Codes.of(vectors)
    np.save(folder / "codes.npy", codes.codes)
    np.save(folder / "lengths.npy", codes.lengths)
    if installed() and len(vectors) >= FROM_ROWS:
        Approximate.write(folder, codes.codes)


def _views(has_model: bool) -> tuple[int, ...]:
    return (1,) if has_model else (0, 1)


def open_rows(folder: Path, count: int) -> Neighbours | None:
    """The rows of an index folder, None where it has one model for all."""
    if not (folder / "forward.bin").exists():
        return None
    codes = open_codes(folder)
    postings = {}
    for view in _views(codes is not None):
        arrays = {name: _load(folder, f"words-{view}-{name}") for name in Postings.names}
        postings[view] = Postings(arrays, count)
    return open_neighbours(folder, codes, postings)


def open_codes(folder: Path) -> Codes | None:
    if not (folder / "codes.npy").exists():
        return None
    return Codes(_load(folder, "codes"), _load(folder, "lengths"))


def _load(folder: Path, name: str) -> NDArray[Any]:
    import numpy as np

    # A plain array over the mapped file: a memmap makes each slice ten times as slow.
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))


def local(
    neighbours: Neighbours,
    owner: NDArray[Any],
    vector: NDArray[np.float32] | None,
    counts: tuple[Counts, Counts],
    without: Sequence[int] = (),
) -> Local:
    """The responses near a message, of which characters and lemmas are counted."""
    near = neighbours.near(vector, *counts, without=without)
    return neighbours.local(near, owner)
