"""Scores responses of a large library by the rows near a message: a small model, made each time.

A model over all rows costs too much from some ten thousand on. Here the nearest rows are found,
by meaning (exactly, or by a graph) and by rare words, and kernel ridge regression is solved over
these hundred alone. On all of BANKING77 it is right for about 0.92 of messages, a model over all
rows for 0.933. numpy alone is needed, and no time or memory grows with the rows but that of an
exact scan.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.ranking.approximate import Approximate
from replykit.ranking.features import Counts, Postings
from replykit.ranking.forward import Forward

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORDS = 0.25  # how much cosines of words count beside that of meaning
NEAR = 100  # rows that the model of a message is made from
BY_MEANING, BY_WORDS = 200, 100  # candidates; 99 % of the exact nearest 100 are among them
_SLOPE = 2.0  # of the kernel, exp(slope * (similarity - 1))
_PENALTY = 2 / 3
_SCAN = 4096  # rows whose codes become float32 at once
_LONGEST = 127.0


@dataclass(frozen=True)
class Codes:
    """Vectors in eight bits: `codes` (n, dim), each row by its own scale, and their lengths (n,).

    A product with a unit vector errs by 0.001; answers on BANKING77 and MASSIVE are the same.
    """

    codes: NDArray[np.int8]
    lengths: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> Codes:
        """Encodes vectors (n, dim); one of zeros stays one. Encoding again changes nothing."""
        import numpy as np

        most = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
        codes = np.rint(vectors * (_LONGEST / np.maximum(most, 1e-9))).astype(np.int8)
        return cls(codes, np.linalg.norm(codes.astype(np.float32), axis=1).astype(np.float32))

    def vectors(self, rows: NDArray[Any] | slice) -> NDArray[np.float32]:
        """Unit vectors of some rows (r, dim)."""
        import numpy as np

        lengths = np.maximum(self.lengths[rows], 1e-9)
        return np.asarray(self.codes[rows].astype(np.float32) / lengths[:, None])

    def similarities(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosines with all rows (n,)."""
        import numpy as np

        found = np.empty(len(self.codes), dtype=np.float32)
        for start in range(0, len(found), _SCAN):
            found[start : start + _SCAN] = (
                self.codes[start : start + _SCAN].astype(np.float32) @ vector
            )
        found /= np.maximum(self.lengths, np.float32(1e-9))
        return found


@dataclass(frozen=True)
class Near:
    """Rows near a message by falling similarity (r,), and what meaning and words give to it.

    A similarity is between 0 and 1: (meaning + share * words) over the most that can be.
    """

    rows: NDArray[Any]
    similarity: NDArray[np.float32]
    meaning: NDArray[np.float32]
    words: NDArray[np.float32]


@dataclass(frozen=True)
class Local:
    """The responses near a message (k,), by falling score: scores, the nearest row, its
    similarity, and the greatest of meaning. `outside` is the similarity of the nearest row that
    no response owns, -inf of none. `near` are the rows that it was made from.
    """

    responses: NDArray[Any]
    scores: NDArray[np.float32]
    rows: NDArray[Any]
    nearest: NDArray[np.float32]
    meaning: NDArray[np.float32]
    outside: float
    near: Near


class Neighbours:
    """The rows of a large library: `codes` None without a model.

    `postings` are those of the views by whose words rows are found: 1 (lemmas) is enough beside
    a model, 0 (characters) and 1 without.
    """

    def __init__(
        self,
        codes: Codes | None,
        forward: Forward,
        postings: Mapping[int, Postings],
        approximate: Approximate | None = None,
    ) -> None:
        self.codes = codes
        self.forward = forward
        self.postings = postings
        self.approximate = approximate

    def near(
        self,
        vector: NDArray[np.float32] | None,
        characters: Counts,
        lemmas: Counts,
        *,
        share: float = WORDS,
        most: int = NEAR,
        without: Sequence[int] = (),
    ) -> Near:
        """The rows nearest to a message, but those `without` (a row is not its own neighbour)."""
        import numpy as np

        rows = self._candidates(vector, characters, lemmas, share, most, len(without))
        rows = np.setdiff1d(rows, np.asarray(without, dtype=np.int64), assume_unique=True)
        meaning = np.zeros(len(rows), dtype=np.float32)
        if self.codes is not None and vector is not None:
            meaning = (self.codes.vectors(rows) @ vector).astype(np.float32)
        words: NDArray[np.float32] = np.zeros(len(rows), dtype=np.float32)
        if share:
            words = self.forward.similarities(characters, lemmas, rows)
        similarity = meaning + np.float32(share) * words
        similarity /= np.float32(self._greatest(vector is not None, share))
        order = np.argsort(-similarity, kind="stable")[:most]
        return Near(rows[order], similarity[order], meaning[order], words[order])

    def local(
        self, near: Near, owner: NDArray[Any], *, share: float = WORDS, bits: int | None = None
    ) -> Local:
        """Scores the responses that own near rows; `owner` (n,) is -1 of what nothing answers."""
        import numpy as np

        owners = owner[near.rows]
        strange = near.similarity[owners < 0]
        outside = float(strange.max()) if len(strange) else -math.inf
        inside = np.flatnonzero(owners >= 0)
        rows = near.rows[inside]
        responses, first, place = np.unique(owners[inside], return_index=True, return_inverse=True)
        targets = np.zeros((len(rows), len(responses)))
        targets[np.arange(len(rows)), place] = 1.0
        kernel = _curve(self._kernel(rows, share, bits))
        kernel[np.diag_indices(len(rows))] = 1.0 + _PENALTY
        # One right side instead of one a response: the kernel is symmetric.
        weights = np.linalg.solve(kernel, _curve(near.similarity[inside].astype(np.float64)))
        scores = (weights @ targets).astype(np.float32)
        meaning = np.full(len(responses), -np.inf, dtype=np.float32)
        np.maximum.at(meaning, place, near.meaning[inside])
        order = np.argsort(-scores, kind="stable")
        return Local(
            responses=responses[order].astype(np.int64),
            scores=scores[order],
            rows=rows[first][order],
            nearest=near.similarity[inside][first][order],
            meaning=meaning[order],
            outside=outside,
            near=near,
        )

    def _kernel(self, rows: NDArray[Any], share: float, bits: int | None) -> NDArray[np.float64]:
        """Similarities of rows with one another."""
        import numpy as np

        found = np.zeros((len(rows), len(rows)), dtype=np.float64)
        if self.codes is not None:
            vectors = self.codes.vectors(rows)
            found += vectors @ vectors.T
        if share:
            found += share * (self.forward.kernel(rows, *(() if bits is None else (bits,))))
        return found / self._greatest(self.codes is not None, share)

    def _greatest(self, has_meaning: bool, share: float) -> float:
        """The similarity of a row with itself, before it is brought to 1."""
        return (1.0 if has_meaning and self.codes is not None else 0.0) + 2 * share or 1.0

    def _candidates(
        self,
        vector: NDArray[np.float32] | None,
        characters: Counts,
        lemmas: Counts,
        share: float,
        most: int,
        more: int,
    ) -> NDArray[np.int64]:
        """Rows among which the nearest are, each once."""
        import numpy as np

        wanted = max(BY_MEANING, 2 * most) + more
        found = [np.zeros(0, dtype=np.int64)]
        if self.codes is not None and vector is not None and vector.any():
            if self.approximate:
                code = Codes.of(vector[None]).codes[0]
                found.append(self.approximate.near(code, wanted))
            else:
                found.append(greatest(self.codes.similarities(vector), wanted))
        if share:
            wanted = max(BY_WORDS if len(found) > 1 else wanted, most) + more
            for view, postings in self.postings.items():
                found.append(postings.rarest((characters, lemmas)[view], wanted))
        return np.unique(np.concatenate(found))


def open_neighbours(
    folder: Path, codes: Codes | None, postings: Mapping[int, Postings], approximate: bool = True
) -> Neighbours:
    """The neighbours of an index folder; the graph is opened where there is one."""
    forward = Forward(folder)
    graph = None
    if codes is not None and approximate:
        graph = Approximate.open(folder, len(codes.codes), codes.codes.shape[1])
    return Neighbours(codes, forward, postings, graph)


def greatest(values: NDArray[Any], most: int) -> NDArray[np.int64]:
    """The places of the `most` greatest values, in no order."""
    import numpy as np

    if len(values) <= most:
        return np.arange(len(values))
    return np.argpartition(values, len(values) - most)[len(values) - most :]


def _curve(similarities: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    return np.exp(_SLOPE * (similarities - 1.0))
