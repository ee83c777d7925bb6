"""Says why a reply was named: what each view gave, the nearest examples, and what stood close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from replykit.ranking.scores import KERNEL_WORDS, Model, Query, Ranking, Views, kernel, views

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from replykit.ranking.index import Index

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

    `parts` are, for each suggested id, what gives its mean decision against the others that are
    named: meaning, words and the machines' constant, or the nearest row where one of two has too
    few examples. `lead` is the first one's decision against the runner-up. `alone` names, of
    those, the reply that each view by itself would put first: what it would take to change the
    choice.
    """

    parts: Mapping[str, Mapping[str, float]]
    runner_up: str | None
    lead: float | None
    alone: Mapping[str, str]
    neighbours: tuple[Neighbour, ...]


def explain(index: Index, query: Query, ranking: Ranking, eligible: Sequence[int]) -> Explanation:
    """Takes a ranking apart; `eligible` are the numbers of the responses that may be named."""
    import numpy as np

    if ranking.near is None:
        seen, _ = views(index, query).parted(len(index.owner))
        rows = np.arange(len(index.owner))
    else:
        own = np.flatnonzero(index.owner[ranking.near.rows] >= 0)
        seen = Views(ranking.near.meaning[own], ranking.near.words[own])
        rows = ranking.near.rows[own]
    model = index.model
    first, *others = eligible
    lead = ranking.against(first, others[:1])[0] if others else None
    by_view = {"meaning": ranking.meaning, "words": ranking.words, "nearest": ranking.nearest}
    return Explanation(
        parts={index.ids[n]: _parts(model, seen, ranking, n, eligible) for n in eligible},
        runner_up=index.ids[others[0]] if others else None,
        lead=None if lead is None else round(lead, 3),
        alone={
            view: index.ids[max(eligible, key=lambda n: float(found[n]))]
            for view, found in by_view.items()
        },
        neighbours=_neighbours(index, seen, rows),
    )


def _parts(
    model: Model, seen: Views, ranking: Ranking, number: int, eligible: Sequence[int]
) -> dict[str, float]:
    """What each view gives to a response's mean decision against the others that are named."""
    rivals = [other for other in eligible if other != number]
    if not rivals:
        return {}
    machines, meaning = model.machines, model.has_meaning
    place = {int(n): at for at, n in enumerate(ranking.taught)}
    total = {"meaning": 0.0, "words": 0.0, "constant": 0.0, "nearest": 0.0}
    for rival, decision in zip(rivals, ranking.against(number, rivals), strict=True):
        if machines is None or number not in place or rival not in place:
            total["nearest"] += decision
            continue
        pair = (place[number], place[rival])
        near = kernel(seen.at(machines.rows), has_meaning=False)
        words = float(machines.shares(near)[pair]) * (KERNEL_WORDS if meaning else 1.0)
        constant = float(machines.constant[pair])
        total["words"] += words
        total["constant"] += constant
        total["meaning"] += decision - words - constant
    return {view: round(value / len(rivals), 3) for view, value in total.items()}


def _neighbours(index: Index, seen: Views, rows: NDArray[Any]) -> tuple[Neighbour, ...]:
    """The nearest of some rows, of which `seen` are the similarities."""
    import numpy as np

    nearest = np.argsort(-seen.together(), kind="stable")[:_NEIGHBOURS]
    return tuple(
        Neighbour(
            index.ids[int(index.owner[rows[place]])],
            index.text(int(rows[place])),
            round(float(seen.meaning[place]), 3),
            round(float(seen.words[place]), 3),
        )
        for place in nearest.tolist()
    )
