"""Scores responses for one message: a linear model over similarities, and the nearest row.

Two kinds of similarity of a message with every row of the index are read: of meaning (cosine of
the vectors) and of words (cosines of characters and of lemmas, added). `training.py` learns a
coefficient per row and response for each kind; a response's score is their sum, plus a share of
its nearest row's similarity. numpy alone is needed here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from replykit.encoder import Encoder
from replykit.features import Counts, character_counts, lemma_counts, without_numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from replykit.index import Index

NEAREST = 0.3  # the share of the nearest row, both parts in units of their own spread


@dataclass(frozen=True)
class Query:
    """A message in every view. `vector` (dim,) is None where there is no model."""

    lang: str
    vector: NDArray[np.float32] | None
    characters: Counts
    lemmas: Counts


@dataclass(frozen=True)
class Solution:
    """What was learnt for messages in one language.

    `anchors` (a,) are the rows that were learnt from (None: all); `on_meaning` and `on_words`
    (a, responses) and `constant` (responses,) are the linear model, None where there was nothing
    to learn from. The nearest row's similarity is `meaning` times that of meaning plus `words`
    times that of words; `spread` is its usual spread.
    """

    meaning: float
    words: float
    spread: float = 1.0
    anchors: NDArray[Any] | None = None
    on_meaning: NDArray[np.float32] | None = None
    on_words: NDArray[np.float32] | None = None
    constant: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Ranking:
    """Of all responses (responses,): the order by falling score, the scores, the nearest row's
    similarity, the nearest in meaning, and the nearest row. Without rows: -inf, and row -1.

    `outside` is the similarity of the nearest message that nothing answers (`_none.jsonl`), in
    the units of `nearest`.
    """

    order: NDArray[Any]
    scores: NDArray[np.float32]
    nearest: NDArray[np.float32]
    meaning: NDArray[np.float32]
    rows: NDArray[Any]
    outside: float = -math.inf


def queries(texts: Sequence[str], langs: Sequence[str], encoder: Encoder | None) -> list[Query]:
    """Messages in every view; the model sees them as one batch."""
    texts = [without_numbers(text) for text in texts]
    vectors = encoder.encode(texts, "query") if encoder else [None] * len(texts)
    return [
        Query(lang, vector, character_counts(text), lemma_counts(text, lang))
        for text, lang, vector in zip(texts, langs, vectors, strict=True)
    ]


@dataclass(frozen=True)
class Views:
    """A message's similarity with every row (rows,): of meaning, and of words."""

    meaning: NDArray[np.float32]
    words: NDArray[np.float32]

    def parted(self, count: int) -> tuple[Views, Views]:
        """The first `count` rows, and the rest: messages that nothing answers."""
        first, rest = slice(None, count), slice(count, None)
        return (
            Views(self.meaning[first], self.words[first]),
            Views(self.meaning[rest], self.words[rest]),
        )

    def nearest(self, solution: Solution) -> float:
        """The greatest similarity, -inf of nothing."""
        together = solution.meaning * self.meaning + solution.words * self.words
        return float(together.max()) if len(together) else -math.inf


def views(index: Index, query: Query) -> Views:
    """How near a query is to every row of the index, then to what nothing answers."""
    import numpy as np

    words = index.characters.similarities(query.characters)
    words = words + index.lemmas.similarities(query.lemmas)
    if index.vectors is None or query.vector is None:
        return Views(np.zeros_like(words), words)
    return Views(index.vectors @ query.vector, words)


def rank(index: Index, query: Query) -> Ranking:
    """All responses for a query."""
    solution = index.solution(query.lang)
    seen, none = views(index, query).parted(len(index.owner))
    ranking = combine(seen, learnt(seen, solution), index.owner, len(index.ids), solution)
    return replace(ranking, outside=none.nearest(solution))


def learnt(seen: Views, solution: Solution) -> NDArray[np.float32] | None:
    """The linear model's score of every response (responses,), None where there is no model."""
    import numpy as np

    parts = shares(seen, solution)
    return np.sum(list(parts.values()), axis=0) if parts else None


def shares(seen: Views, solution: Solution) -> dict[str, NDArray[np.float32]]:
    """What meaning and words give to every response's learnt score (responses,)."""
    if solution.on_words is None or solution.constant is None:
        return {}
    rows = slice(None) if solution.anchors is None else solution.anchors
    parts = {"words": seen.words[rows] @ solution.on_words + solution.constant}
    if solution.on_meaning is not None:
        parts = {"meaning": seen.meaning[rows] @ solution.on_meaning} | parts
    return parts


def combine(
    seen: Views,
    learnt: NDArray[np.float32] | None,
    owner: NDArray[Any],
    count: int,
    solution: Solution,
) -> Ranking:
    """Joins the learnt scores (responses,) with each response's nearest row."""
    import numpy as np

    similarities = solution.meaning * seen.meaning + solution.words * seen.words
    nearest = np.full(count, -np.inf, dtype=np.float32)
    rows = np.full(count, -1, dtype=np.int64)
    ascending = np.argsort(similarities, kind="stable")
    nearest[owner[ascending]] = similarities[ascending]
    rows[owner[ascending]] = ascending
    closest = np.full(count, -np.inf, dtype=np.float32)
    np.maximum.at(closest, owner, seen.meaning)
    share = 1.0 if learnt is None else NEAREST
    scores = share * nearest / solution.spread
    if learnt is not None:
        scores = scores + learnt
    scores = np.where(rows >= 0, scores, -np.inf).astype(np.float32)
    return Ranking(np.argsort(-scores, kind="stable"), scores, nearest, closest, rows)


# How much each feature tells of a first answer being right. Fitted (and rounded) on BANKING77,
# MASSIVE and Bitext, ten examples an intent, a third of the intents left out as messages that
# nothing answers; the nearest row counts for more than there, for left-out intents of one domain
# are nearer than what strangers write. The unit of each is its own spread in the library.
_SHAPE = (0.6, 0.6, 0.9, 0.4)
# What a message loses by being nearer to one that nothing answers than to its first response:
# of 1, 2, 4 and 8, what rejected most on BANKING77 at no loss of right answers.
_OUTSIDE = 4.0


@dataclass(frozen=True)
class Calibration:
    """From a ranking to the chance that its first response is right.

    `centre` and `spread` are of each of `features` but the last among the library's own examples,
    each ranked without itself; `level` is a logistic curve's slope and constant over their weighted
    sum. `kept` are confidences of right answers in rising order: what `abstain` counts in.
    The values here are the starter library's, for libraries too small to have their own.
    """

    centre: tuple[float, ...] = (1.2, 0.63, 0.79, 0.43)
    spread: tuple[float, ...] = (1.1, 0.74, 0.25, 0.085)
    level: tuple[float, float] = (0.6, 0.6)
    kept: tuple[float, ...] = ()

    def confidence(self, values: Sequence[float]) -> float:
        """The chance for a ranking's `features`, between 0 and 1."""
        slope, constant = self.level
        exponent = slope * self.evidence(values) + constant
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, exponent))))

    def evidence(self, values: Sequence[float]) -> float:
        """The features as one number; what rises with it rises with the confidence."""
        *own, excess = values
        parts = zip(_SHAPE, own, self.centre, self.spread, strict=True)
        found = sum(weight * (value - centre) / spread for weight, value, centre, spread in parts)
        return found - _OUTSIDE * excess / self.spread[_NEAREST_PLACE]

    def threshold(self, abstain: float) -> float:
        """The confidence below which only the share `abstain` of right answers lies."""
        if not self.kept:
            return _DEFAULT_THRESHOLD
        return self.kept[int(abstain * (len(self.kept) - 1))]


_DEFAULT_THRESHOLD = 0.35
_NO_SECOND = 2.0
_NEAREST_PLACE = 2  # of the nearest similarity among the features


def features(ranking: Ranking, order: Sequence[int] | NDArray[Any]) -> tuple[float, ...]:
    """What the confidence is made of: the first score, its lead over the second, the first's
    nearest similarity, how near in meaning it is, and by how much a message that nothing answers
    is nearer (0 where none is: a response's own messages lose nothing). `order` holds what may
    be named."""
    first = order[0]
    second = float(ranking.scores[order[1]]) if len(order) > 1 else -math.inf
    lead = float(ranking.scores[first]) - second if math.isfinite(second) else math.inf
    return (
        float(ranking.scores[first]),
        lead if math.isfinite(lead) else _NO_SECOND,
        float(ranking.nearest[first]),
        float(ranking.meaning[first]),
        max(0.0, ranking.outside - float(ranking.nearest[first])),
    )
