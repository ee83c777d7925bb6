"""Ranks a library for one message by words alone and without numpy, which takes longer to import.

The arrays are those of `index.py` and the ranking is that of `scores.py`, number by number. Of
several messages, or of a long one, which is ranked sentence by sentence, numpy is quicker.
"""

from __future__ import annotations

import math
import mmap
import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from operator import mul
from pathlib import Path
from typing import Any, cast

from replykit.ranking.features import Counts
from replykit.ranking.scores import CROWD, NEAREST_WORDS, Query, Ranking
from replykit.ranking.shelf import KINDS, MACHINES, Shelf

_HEADER = re.compile(rb"'descr': '[<|](\w\d)', 'fortran_order': False")
_CODES = {b"i4": "i", b"i8": "q", b"f4": "f", b"f8": "d", b"u1": "B"}
_VIEWS = ("characters", "lemmas")
_EXAMPLE = KINDS.index("example")
_NOTHING = -math.inf


def mapped(path: Path) -> memoryview:
    """The numbers of a `.npy` file, row by row, mapped into memory.

    Raises ValueError for numbers that are stored otherwise than an index stores its own.
    """
    with path.open("rb") as file:
        data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    start = 10 + int.from_bytes(data[8:10], "little")
    header = _HEADER.search(data[:start])
    if bytes(data[:7]) != b"\x93NUMPY\x01" or header is None or header[1] not in _CODES:
        raise ValueError(f"{path}: not an array of an index")
    numbers: Any = data[start:]
    return cast("memoryview", numbers.cast(_CODES[header[1]]))


class Words(Shelf):
    """An index of a library that one model is learnt for, opened for one message."""

    def _load(self, name: str) -> memoryview:
        return mapped(self.folder / f"{name}.npy")

    def explain(self, query: Query, ranking: Ranking, eligible: Sequence[int]) -> None:
        """Nothing: what is ranked without numpy is not taken apart."""

    def rank(self, query: Query) -> Ranking:
        """All responses for a query; its vector is not looked at."""
        rows, count = len(self.owner), len(self.ids)
        every = rows + self.meta["unanswered"]
        words = self._similarities("", query, every)
        nearest, place = self._best(words[:rows], count)
        close = self._close(query, words, nearest)
        taught, decisions = self._decisions([value * query.stretch for value in words])
        spread = self.meta["spread"]
        scores = [value / spread for value in close]
        if taught:
            scores = votes(scores, taught, decisions)
        none = words[rows:]
        outside = NEAREST_WORDS * max(none) if none else _NOTHING
        order = sorted(range(count), key=lambda number: -scores[number])
        similarity = array("d", (value / NEAREST_WORDS for value in nearest))
        return Ranking(
            order=array("q", order),
            scores=array("d", scores),
            nearest=array("d", nearest),
            meaning=array("d", [0.0]) * count,
            words=similarity,
            rows=array("q", place),
            close=array("d", close),
            spread=spread,
            taught=array("q", taught),
            decisions=decisions,
            outside=outside,
            crowd=_density(words[:rows]) - _density(none) if none else 0.0,
        )

    def _similarities(self, prefix: str, query: Query, count: int) -> list[float]:
        """The cosines of characters and of lemmas, added, of a query with all of `count` rows."""
        found = [0.0] * count
        for view, counts in zip(_VIEWS, (query.characters, query.lemmas), strict=True):
            if counts:
                self._add(found, f"{prefix}{view}", counts)
        return found

    def _add(self, found: list[float], view: str, counts: Counts) -> None:
        starts, rows, values, idf = (
            self._load(f"{view}-{name}") for name in ("starts", "rows", "values", "idf")
        )
        weights = {key: (1 + math.log(tf)) * idf[key] for key, tf in counts.items()}
        norm = max(math.hypot(*weights.values()), 1e-9)
        for feature, weight in weights.items():
            share, first, last = weight / norm, starts[feature], starts[feature + 1]
            for row, value in zip(
                rows[first:last].tolist(), values[first:last].tolist(), strict=True
            ):
                found[row] += share * value

    def _best(
        self, words: Sequence[float], count: int, examples: bool = False
    ) -> tuple[list[float], list[int]]:
        """Of each response, its nearest row's similarity, and that row; perhaps of examples."""
        nearest, place = [_NOTHING] * count, [-1] * count
        kinds = self.kind.tolist()
        for row, (owner, similarity) in enumerate(zip(self.owner.tolist(), words, strict=True)):
            value = NEAREST_WORDS * similarity
            if value > nearest[owner] and (not examples or kinds[row] == _EXAMPLE):
                nearest[owner], place[owner] = value, row
        return nearest, place

    def _close(
        self, query: Query, words: Sequence[float], nearest: Sequence[float]
    ) -> Sequence[float]:
        """How close each response is: by its nearest row or, where responses are found by their
        texts too, by those or by its nearest example."""
        if not (self.folder / "texts-owner.npy").exists():
            return nearest
        owners = self._load("texts-owner").tolist()
        texts = [_NOTHING] * len(nearest)
        alike = self._similarities("texts-", query, len(owners))
        for owner, value in zip(owners, alike, strict=True):
            texts[owner] = max(texts[owner], value / len(_VIEWS))
        examples, _ = self._best(words[: len(self.owner)], len(nearest), examples=True)
        lead = self.meta["example_lead"]
        return [
            max(text, example - lead) if near > _NOTHING else near
            for text, example, near in zip(texts, examples, nearest, strict=True)
        ]

    @cached_property
    def _machines(self) -> list[list[Any]]:
        """What `votes.Machines` is made of, as lists: those are read quicker than memory is."""
        return [self._load(f"machines-{part}").tolist() for part in MACHINES]

    def _decisions(self, kernel: Sequence[float]) -> tuple[list[int], list[array[float]]]:
        """The responses that were learnt, and what their machines decide (`votes.Machines`)."""
        if not (self.folder / "machines-dual.npy").exists():
            return [], []
        rows, starts, taught, dual, constant = self._machines
        size, count = len(rows), len(taught)
        support = [kernel[row] for row in rows]
        table = [[0.0] * count for _ in range(count)]
        for number, (first, last) in enumerate(zip(starts, [*starts[1:], size], strict=True)):
            own = support[first:last]
            for machine in range(count - 1):
                at = machine * size
                other = machine + (machine >= number)
                shares = map(mul, dual[at + first : at + last], own)
                table[number][other] = sum(shares)
        decisions = [array("d", constant[n * count : (n + 1) * count]) for n in range(count)]
        for one in range(count):
            for other in range(one + 1, count):
                share = table[one][other] + table[other][one]
                decisions[one][other] += share
                decisions[other][one] -= share
        return taught, decisions


def _density(words: Sequence[float]) -> float:
    """How near rows are all together, by words alone (`ranking.Views.density`)."""
    scale = CROWD * NEAREST_WORDS
    most = scale * max(words)
    return (most + math.log(math.fsum(math.exp(scale * word - most) for word in words))) / CROWD


def votes(
    near: Sequence[float], taught: Sequence[int], decisions: Sequence[Sequence[float]]
) -> list[float]:
    """The share of the others that each response beats: by machines, else by the nearest row."""
    present = [value > _NOTHING for value in near]
    known = set(taught)
    rest = sorted(
        value for number, value in enumerate(near) if number not in known and value > _NOTHING
    )
    learnt = sorted(near[number] for number in taught)
    beaten = [float(bisect_left(rest, value)) for value in near]
    for number, row in zip(taught, decisions, strict=True):
        total = sum(row)
        beaten[number] += sum(value > 0 for value in row) + total / (3.0 * (abs(total) + 1.0))
    for number, value in enumerate(near):
        if number not in known and present[number]:
            beaten[number] += bisect_left(learnt, value) + 0.3 * math.tanh(value)
    others = max(sum(present) - 1, 1)
    return [
        value / others if there else _NOTHING for value, there in zip(beaten, present, strict=True)
    ]
