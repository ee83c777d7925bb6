"""Says why a reply was named: what each view gave, the nearest examples, and what stood close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from replykit.ranking import NEAREST, Query, Ranking, Views, shares, views

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from replykit.index import Index

_NEIGHBOURS = 5


@dataclass(frozen=True)
class Neighbour:
    """A text of the library that is near the message: whose, and how near by each view."""

    id: str
    text: str
    meaning: float
    words: float


@dataclass(frozen=True)
class Explanation:
    """Why the first suggestion is first.

    `parts` are, for each suggested id, the shares of its score: meaning, words (with the
    constant) and nearest, which add up to it. `lead` is the first score's lead over the
    runner-up's. `alone` names the reply that each view by itself would put first.
    """

    parts: Mapping[str, Mapping[str, float]]
    runner_up: str | None
    lead: float | None
    alone: Mapping[str, str]
    neighbours: tuple[Neighbour, ...]


def explain(index: Index, query: Query, ranking: Ranking, eligible: Sequence[int]) -> Explanation:
    """Takes a ranking apart; `eligible` are the numbers of the responses that may be named."""
    seen, _ = views(index, query).parted(len(index.owner))
    given = _shares(index, query, seen, ranking)
    first, *others = eligible
    lead = float(ranking.scores[first] - ranking.scores[others[0]]) if others else None
    return Explanation(
        parts={
            index.ids[n]: {view: round(float(share[n]), 3) for view, share in given.items()}
            for n in eligible
        },
        runner_up=index.ids[others[0]] if others else None,
        lead=None if lead is None else round(lead, 3),
        alone={
            view: index.ids[max(eligible, key=lambda n: float(share[n]))]
            for view, share in given.items()
        },
        neighbours=_neighbours(index, seen),
    )


def _shares(
    index: Index, query: Query, seen: Views, ranking: Ranking
) -> dict[str, NDArray[np.float32]]:
    """The parts of all scores, (responses,) each."""
    solution = index.solution(query.lang)
    nearest = ranking.nearest / solution.spread
    parts = shares(seen, solution)
    return parts | {"nearest": NEAREST * nearest if parts else nearest}


def _neighbours(index: Index, seen: Views) -> tuple[Neighbour, ...]:
    import numpy as np

    nearest = np.argsort(-(seen.meaning + seen.words), kind="stable")[:_NEIGHBOURS]
    return tuple(
        Neighbour(
            index.ids[int(index.owner[row])],
            index.text(row),
            round(float(seen.meaning[row]), 3),
            round(float(seen.words[row]), 3),
        )
        for row in nearest.tolist()
    )
