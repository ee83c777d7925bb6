"""Embeds the rows of an index; what an index holds already is taken over."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from replykit.encoder import Encoder, Side
from replykit.ranking import large
from replykit.ranking.features import (
    without_numbers,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_MOST_SOURCES = 5
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Row:
    """One text by which a response can be found, or (owner -1) that nothing answers."""

    text: str
    lang: str
    kind: str = "example"
    owner: int = -1

    @property
    def matter(self) -> str:
        """The text as it is compared with messages."""
        return without_numbers(self.text)


def _side(row: Row) -> Side:
    return "passage" if row.kind == "body" else "query"


def text_key(row: Row) -> str:
    return hashlib.sha256(f"{_side(row)}\0{row.matter}".encode("utf-8", "replace")).hexdigest()[:24]


def embed(
    rows: Sequence[Row],
    known: dict[str, NDArray[np.float32]],
    encoder: Encoder,
    progress: Progress,
) -> NDArray[np.float32]:
    """All rows' vectors (n, dim); those of texts that were embedded before are taken over."""
    import numpy as np

    vectors = np.zeros((len(rows), encoder.dim), dtype=np.float32)
    keys = [text_key(row) for row in rows]
    new = [number for number, key in enumerate(keys) if key not in known]
    for number, key in enumerate(keys):
        if key in known:
            vectors[number] = known[key]
    done = 0
    for side in ("query", "passage"):
        numbers = sorted(
            (n for n in new if _side(rows[n]) == side), key=lambda n: len(rows[n].text)
        )
        for start in range(0, len(numbers), 64):
            batch = numbers[start : start + 64]
            vectors[batch] = encoder.encode([rows[n].matter for n in batch], side)
            done += len(batch)
            progress(done, len(new))
    return vectors


def known_vectors(library: Path, encoder: Encoder) -> dict[str, NDArray[np.float32]]:
    """Vectors that this encoder has made already, by the key of their text.

    From the last index of this library, and from the largest of others: a clone of a library
    need not be embedded again.
    """
    import numpy as np

    built: list[tuple[bool, int, Path]] = []
    with suppress(OSError):  # another process may take an old one away meanwhile
        for path in library.parent.glob("*/*/[!.]*/hashes.npy"):
            built.append((library in path.parents, path.stat().st_size, path))
    known: dict[str, NDArray[np.float32]] = {}
    for _, _, hashes in sorted(built, reverse=True)[:_MOST_SOURCES]:
        try:
            meta = json.loads((hashes.parent / "meta.json").read_text("utf-8"))
            if meta.get("encoder") == encoder.key:
                vectors = _embedded(hashes.parent)
                known |= dict(zip(np.load(hashes).tolist(), vectors, strict=True))
        except (OSError, ValueError):
            continue
    return known


def _embedded(folder: Path) -> NDArray[np.float32]:
    """All vectors of an index; a large one keeps them in eight bits."""
    import numpy as np

    codes = large.open_codes(folder)
    if codes is not None:
        return codes.vectors(slice(None))
    vectors: NDArray[np.float32] = np.load(folder / "vectors.npy")
    return vectors
