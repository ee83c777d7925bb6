"""Learns the confidence of a large library from a sample of its own examples.

A library too large for one model (`training.py`) is ranked by the rows near a message
(`neighbours.py`); here its own examples are, each without itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from replykit.ranking.scores import Model, Ranking, far
from replykit.ranking.training import Learnt, Pair, fitted, known_of, measured

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from replykit.ranking.neighbours import Local

MOST = 1000  # examples that are ranked
_SPREAD_FROM = 300
Rank = Callable[[int], "Local"]  # how the library ranks the text of a row, without that row


def rehearse(
    rank: Rank,
    owner: NDArray[Any],
    lang: Sequence[str],
    examples: NDArray[Any],
    count: int,
) -> Learnt:
    """`owner` (n,) of all rows is -1 of what nothing answers, `examples` are rows, `count` is the
    number of responses."""
    pick = np.random.default_rng(0)
    chosen = np.sort(pick.permutation(examples)[:MOST])
    strange = np.sort(pick.permutation(np.flatnonzero(owner < 0))[:MOST])
    found = {row: rank(row) for row in (*chosen.tolist(), *strange.tolist())}
    spreads = [local.scores.std() for local in list(found.values())[:_SPREAD_FROM]]
    model = Model(spread=max(float(np.mean(spreads)), 1e-6) if spreads else 1.0)

    def ranking(row: int, absent: int = -1) -> Ranking:
        return far(found[row], count, model, absent)

    pairs = [Pair(ranking(row), ranking(row, int(owner[row]))) for row in chosen.tolist()]
    strangers = [ranking(row) for row in strange.tolist()]
    every = known_of(pairs, owner[chosen], strangers)
    calibrations = {"": fitted(every)}
    for code in sorted({lang[row] for row in chosen}):
        own = [n for n, row in enumerate(chosen) if lang[row] == code]
        others = [item for item, row in zip(strangers, strange, strict=True) if lang[row] == code]
        known = known_of([pairs[n] for n in own], owner[chosen[own]], others)
        calibrations[code] = fitted(known, calibrations[""])
    langs = [lang[row] for row in chosen], [lang[row] for row in strange]
    return Learnt(model, calibrations, measured(every, calibrations, *langs))
