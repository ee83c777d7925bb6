"""Finds the nearest of very many vectors by a graph (HNSW), with the optional library usearch.

The graph is a file of its own that is mapped, not read: a query touches some thousand of its rows.
Its vectors are the index's 8-bit codes, for which the cosine needs no scale.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FROM_ROWS = 10_000  # below, an exact scan takes less than 2 ms
SLOW_ROWS = 200_000  # from here on, an exact scan takes 30 ms and more
FILE = "vectors.usearch"
_BLOCK = 20_000
# Of 100,000 noised real vectors: recall of the first hundred 0.99, at a millisecond a query.
_CONNECTIVITY, _BREADTH_ADD, _BREADTH = 16, 64, 400


def installed() -> bool:
    """Whether the extra `scale` is there."""
    from importlib.util import find_spec

    return find_spec("usearch") is not None


class Approximate:
    """A graph over the rows of an index, mapped into memory."""

    def __init__(self, graph: Any) -> None:
        self._graph = graph

    @classmethod
    def write(
        cls,
        folder: Path,
        codes: NDArray[np.int8],
        progress: Callable[[int, int], None] = lambda done, total: None,
        threads: int = 0,
    ) -> None:
        """Writes the graph of codes (n, dim) to a folder; `threads` 0 takes all processors."""
        import numpy as np

        graph = _graph(codes.shape[1])
        for start in range(0, len(codes), _BLOCK):
            block = np.ascontiguousarray(codes[start : start + _BLOCK])
            keys = np.arange(start, start + len(block), dtype=np.uint64)
            graph.add(keys, block, threads=threads)
            progress(start + len(block), len(codes))
        graph.save(str(folder / FILE))

    @classmethod
    def open(cls, folder: Path, count: int, dim: int) -> Approximate | None:
        """The graph of a folder, or None: too few rows, none written, or none that can be read.

        Where the rows are so many that an exact scan is slow, a line on stderr says so.
        """
        if count < FROM_ROWS:
            return None
        reason = "install replykit[scale], then run replykit index"
        if installed():
            reason = "run replykit index again"
            if (folder / FILE).exists():
                try:
                    graph = _graph(dim)
                    graph.view(str(folder / FILE))
                    if len(graph) == count:
                        return cls(graph)
                except (RuntimeError, ValueError, OSError) as error:
                    reason = f"the file cannot be read ({error})"
        if count >= SLOW_ROWS:
            print(f"replykit: {count:,} examples without a search graph: {reason}", file=sys.stderr)
        return None

    def near(self, code: NDArray[np.int8], most: int) -> NDArray[np.int64]:
        """About the `most` nearest rows of a code (dim,)."""
        import numpy as np

        keys = self._graph.search(code, most, threads=1).keys
        return np.asarray(keys).astype(np.int64)


def _graph(dim: int) -> Any:
    from usearch.index import Index

    return Index(
        ndim=dim,
        metric="cos",
        dtype="i8",
        connectivity=_CONNECTIVITY,
        expansion_add=_BREADTH_ADD,
        expansion_search=_BREADTH,
        # Rows are never looked up by key, and the table of keys would be made at each opening.
        enable_key_lookups=False,
    )
