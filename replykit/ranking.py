"""Scores responses for one message by joining views, with a confidence learnt inside the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from replykit.encoder import Encoder
from replykit.features import Counts, character_counts, lemma_counts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from replykit.index import Index


# How much each view counts in the joined similarity of a row: meaning, characters, lemmas.
_WEIGHTS = (0.6, 0.2, 0.2)
_WEIGHTS_WITHOUT_MODEL = (0.0, 0.5, 0.5)


@dataclass(frozen=True)
class Query:
    """A message in every view. `vector` (dim,) is None where there is no model."""

    vector: NDArray[np.float32] | None
    characters: Counts
    lemmas: Counts


@dataclass(frozen=True)
class Ranking:
    """Responses by falling score: their numbers, joined scores, and best rows, all (responses,)."""

    order: NDArray[Any]
    scores: NDArray[np.float32]
    best_rows: NDArray[Any]


def queries(texts: list[str], langs: list[str], encoder: Encoder | None) -> list[Query]:
    """Messages in every view; the model sees them as one batch."""
    vectors = encoder.encode(texts, "query") if encoder else [None] * len(texts)
    return [
        Query(vector, character_counts(text), lemma_counts(text, lang))
        for text, lang, vector in zip(texts, langs, vectors, strict=True)
    ]


def similarities(index: Index, query: Query) -> NDArray[np.float32]:
    """Joined similarity of a query with every row of the index, (n,)."""
    characters = index.characters.similarities(query.characters)
    lemmas = index.lemmas.similarities(query.lemmas)
    if index.vectors is None or query.vector is None:
        _, a, b = _WEIGHTS_WITHOUT_MODEL
        return a * characters + b * lemmas
    dense, a, b = _WEIGHTS
    return dense * (index.vectors @ query.vector) + a * characters + b * lemmas


def rank(index: Index, query: Query) -> Ranking:
    """Responses by their best row."""
    return by_owner(similarities(index, query), index.owner, len(index.ids))


def by_owner(rows: NDArray[np.float32], owner: NDArray[Any], count: int) -> Ranking:
    """The best row of each response, and the responses by it; those without rows come last."""
    import numpy as np

    scores = np.full(count, -2.0, dtype=np.float32)
    best = np.full(count, -1, dtype=np.int64)
    ascending = np.argsort(rows, kind="stable")
    scores[owner[ascending]] = rows[ascending]
    best[owner[ascending]] = ascending
    return Ranking(np.argsort(-scores, kind="stable"), scores, best)


@dataclass(frozen=True)
class Calibration:
    """From the first score and its lead over the second to the chance of being right.

    A logistic curve fitted on the library's own examples, each ranked without itself;
    `threshold` is the confidence below which only the share `abstain` of right answers lies.
    """

    weights: tuple[float, float, float]
    confidences: tuple[float, ...]

    def confidence(self, first: float, second: float) -> float:
        import math

        a, b, c = self.weights
        exponent = a * first + b * (first - second) + c
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, exponent))))

    def threshold(self, abstain: float) -> float:
        """The confidence under which `no_match` is the answer."""
        if not self.confidences:
            return 0.0
        return self.confidences[int(abstain * (len(self.confidences) - 1))]


# Where a library has too few examples to learn from: fitted on the starter library.
_DEFAULT = (12.0, 10.0, -5.5)
_LEAST_EXAMPLES = 60
_MOST_EXAMPLES = 2000


def calibrate(
    owner: NDArray[Any],
    is_example: NDArray[Any],
    row_similarities: Any,
    count: int,
) -> Calibration:
    """Fits the calibration; `row_similarities(n)` gives row n's similarity with all rows."""
    import numpy as np

    examples = np.flatnonzero(is_example)
    if len(examples) > _MOST_EXAMPLES:
        examples = np.random.default_rng(0).choice(examples, _MOST_EXAMPLES, replace=False)
    features, right = [], []
    for row in examples.tolist():
        rows = row_similarities(row).copy()
        rows[row] = -2.0
        ranking = by_owner(rows, owner, count)
        first, second = ranking.scores[ranking.order[:2]] if count > 1 else (rows.max(), 0.0)
        features.append((first, first - second, 1.0))
        right.append(ranking.order[0] == owner[row])
    x, y = np.array(features, dtype=np.float64), np.array(right, dtype=np.float64)
    weights = _DEFAULT
    if len(examples) >= _LEAST_EXAMPLES and 0 < y.sum() < len(y):
        weights = _logistic(x, y)
    calibration = Calibration(weights, ())
    kept = sorted(calibration.confidence(f, f - m) for (f, m, _), ok in zip(features, right) if ok)
    return Calibration(weights, tuple(round(value, 4) for value in kept))


def _logistic(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float]:
    """Logistic regression by Newton's method with a little ridge."""
    import numpy as np

    w = np.zeros(x.shape[1])
    ridge = np.diag([1e-2, 1e-2, 1e-6])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + ridge @ w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if float(np.abs(step).max()) < 1e-8:
            break
    return float(w[0]), float(w[1]), float(w[2])
