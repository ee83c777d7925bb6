"""Learns a library's ranking and its confidence from its own rows, when the index is built.

The model is kernel ridge regression, one response against the rest, a response's own rows
weighted by the number of responses (so that ten rows stand against hundreds). All systems share
one inverse; a response's weights are a low-rank update of it (Woodbury), and each row's score
without itself follows in closed form (leave-one-out), on which the confidence is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from replykit.automation import OUTSIDE_SHARE, Measured
from replykit.features import BUCKETS, Postings
from replykit.ranking import Calibration, Ranking, Solution, Views, combine, features, learnt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Matrix = NDArray[np.float64]

# How much words count beside meaning. The three are averaged: no one of them is right for short
# spoken Finnish and for English sentences, and leaving a row out does not show which one is, for
# who writes examples avoids to say the same thing twice.
_WORD_WEIGHTS = (0.25, 1.0, 4.0)
_NEAREST_WORDS = 1.0
_BIAS = 0.5  # the kernel's constant: an intercept for every response
# The time of the inverse grows with the cube of the rows: 6,000 take some ten seconds and 2 GB.
MOST_ROWS = 6000
MOST_OUTSIDE = 2000  # messages that nothing answers, to learn from
_LEAST_SHARE = 2  # rows of a response: fewer leave nothing to learn
_LEAST_EXAMPLES = 60
_SELF = -9.0  # below any similarity: a row is never its own neighbour
NOTHING_MEASURED = Measured(np.zeros(0), np.zeros(0), np.zeros(0), 0)


@dataclass(frozen=True)
class Outside:
    """Messages that nothing answers: their similarity (m, n + m) with the rows, then with one
    another, of meaning (None without a model) and of words."""

    meaning: NDArray[Any] | None
    words: NDArray[Any]


@dataclass(frozen=True)
class Rows:
    """What there is to learn from: owners (n,), languages, which rows are examples, kernels, the
    number of responses, and what nothing answers."""

    owner: NDArray[Any]
    lang: NDArray[Any]
    example: NDArray[Any]
    meaning: Matrix | None
    words: Matrix
    count: int
    outside: Outside | None = None


@dataclass(frozen=True)
class Learnt:
    """Solutions by language ("" for every other one), the calibration, and what it gives on the
    library's own messages."""

    solutions: dict[str, Solution]
    calibration: Calibration
    measured: Measured = NOTHING_MEASURED


def anchors(owner: NDArray[Any], most: int = MOST_ROWS) -> NDArray[Any]:
    """The rows to learn from: all, or as many of each response as `most` in all allows.

    Empty where there are too many responses to have two rows of each.
    """
    counts = np.bincount(owner)
    share = len(owner)
    while np.minimum(counts, share).sum() > most and share:
        share = min(share - 1, int(share * 0.95))
    if share < _LEAST_SHARE and share < counts.max():
        return np.zeros(0, dtype=np.int64)
    shuffled = np.random.default_rng(0).permutation(len(owner))
    order = shuffled[np.argsort(owner[shuffled], kind="stable")]
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.sort(order[place < share])


def sample(numbers: NDArray[Any], most: int = MOST_OUTSIDE) -> NDArray[Any]:
    """As many of them as `most`, by chance, in their order."""
    return np.sort(np.random.default_rng(0).permutation(numbers)[:most])


def kernel(postings: Postings, rows: NDArray[Any], others: NDArray[Any] | None = None) -> Matrix:
    """Cosines of some rows with one another, (n, n), or with others."""
    matrix = _sparse(postings)
    right = matrix[rows if others is None else others]
    product: Matrix = (matrix[rows] @ right.T).toarray()
    return product


def _sparse(postings: Postings) -> csr_matrix:
    from scipy.sparse import csc_matrix

    arrays = postings.arrays
    return csc_matrix(
        (arrays["values"], arrays["rows"], arrays["starts"]), shape=(postings.count, BUCKETS)
    ).tocsr()


def train(rows: Rows) -> Learnt:
    """Solutions for each language that has examples, and one for all others."""
    nearest = Solution(meaning=float(rows.meaning is not None), words=_NEAREST_WORDS)
    if not len(rows.owner) or rows.count < 2:
        return Learnt({"": nearest}, Calibration())
    weights = _WORD_WEIGHTS if rows.meaning is not None else (1.0,)
    fit = _Average(rows, {w: _Fit.of(rows, w) for w in weights}, nearest)
    solutions = dict.fromkeys(sorted(set(rows.lang[rows.example].tolist())), fit.solution)
    # Words of another language tell nothing: a message in one without examples goes by meaning.
    if rows.meaning is not None:
        by_meaning = _Average(rows, {0.0: _Fit.of(rows, 0.0)}, replace(nearest, words=0.0))
        solutions[""] = by_meaning.solution
    else:
        solutions[""] = fit.solution
    return Learnt(solutions, *_calibrate(fit, np.flatnonzero(rows.example)))


@dataclass(frozen=True)
class _Fit:
    """Ridge regression for one weight of words, its scores in units of their usual spread."""

    coefficients: Matrix
    left_out: Matrix

    @classmethod
    def of(cls, rows: Rows, words: float) -> _Fit:
        kernel = _BIAS + words * rows.words
        if rows.meaning is not None:
            kernel = kernel + rows.meaning
        coefficients, left_out = ridge(kernel, rows.owner, rows.count)
        spread = max(float(left_out.std(axis=1).mean()), 1e-6)
        return cls(coefficients / spread, left_out / spread)


class _Average:
    """The average of some fits as a solution, with every row's ranking without itself."""

    def __init__(self, rows: Rows, fits: dict[float, _Fit], nearest: Solution) -> None:
        self.rows = rows
        share = 1.0 / len(fits)
        coefficients = sum(share * fit.coefficients for fit in fits.values())
        on_words = sum(share * weight * fit.coefficients for weight, fit in fits.items())
        self.left_out = np.asarray(sum(share * fit.left_out for fit in fits.values()), np.float32)
        self.solution = replace(
            nearest,
            spread=self._spread(nearest),
            on_meaning=None if rows.meaning is None else np.asarray(coefficients, np.float32),
            on_words=np.asarray(on_words, np.float32),
            constant=(_BIAS * np.asarray(coefficients).sum(axis=0)).astype(np.float32),
        )

    def _spread(self, nearest: Solution) -> float:
        """The usual spread, over responses, of the nearest row's similarity."""
        sample = np.random.default_rng(0).permutation(len(self.rows.owner))[:300]
        order = np.argsort(self.rows.owner, kind="stable")
        starts = np.unique(self.rows.owner[order], return_index=True)[1]
        values = nearest.words * self.rows.words[np.ix_(sample, order)]
        if self.rows.meaning is not None:
            values = values + nearest.meaning * self.rows.meaning[np.ix_(sample, order)]
        best = np.maximum.reduceat(values, starts, axis=1)
        return max(float(best.std(axis=1).mean()), 1e-6)

    def ranking(self, row: int) -> Ranking:
        """How a row's text would be ranked by a library without it."""
        words = self.rows.words[row].astype(np.float32)
        meaning = np.zeros_like(words)
        if self.rows.meaning is not None:
            meaning = self.rows.meaning[row].astype(np.float32)
        words[row] = meaning[row] = _SELF
        return self._combined(Views(meaning, words), self.left_out[row], self._outside_of(row))

    def strangers(self) -> list[Ranking]:
        """How each message that nothing answers would be ranked by a library without it."""
        outside, count = self.rows.outside, len(self.rows.owner)
        found = []
        for number in range(0 if outside is None else len(outside.words)):
            seen, others = self._views_of(number).parted(count)
            others.words[number] = others.meaning[number] = _SELF
            near = others.nearest(self.solution) if len(others.words) > 1 else -np.inf
            found.append(self._combined(seen, learnt(seen, self.solution), near))
        return found

    def _combined(self, seen: Views, scores: NDArray[np.float32] | None, outside: float) -> Ranking:
        ranking = combine(seen, scores, self.rows.owner, self.rows.count, self.solution)
        return replace(ranking, outside=outside)

    def _outside_of(self, row: int) -> float:
        """How near the nearest message that nothing answers is to a row."""
        outside = self.rows.outside
        if outside is None or not len(outside.words):
            return -np.inf
        words = outside.words[:, row]
        meaning = np.zeros_like(words) if outside.meaning is None else outside.meaning[:, row]
        return Views(meaning, words).nearest(self.solution)

    def _views_of(self, number: int) -> Views:
        """A message that nothing answers against all rows, then against its like."""
        outside = self.rows.outside
        assert outside is not None
        words = outside.words[number].astype(np.float32)
        if outside.meaning is None:
            return Views(np.zeros_like(words), words)
        return Views(outside.meaning[number].astype(np.float32), words)


def ridge(kernel: Matrix, owner: NDArray[Any], count: int) -> tuple[Matrix, Matrix]:
    """Weighted kernel ridge regression of every response against the rest.

    Returns coefficients and leave-one-out predictions, both (n, count). Targets are 1 for a
    response's own rows and -1 for others; own rows have the weight `count`, and the penalty is
    `count` too, so that own rows are fitted about as closely as in plain ridge with penalty 1.
    """
    n, penalty = len(owner), float(count)
    inverse = np.linalg.inv(kernel + penalty * np.eye(n))
    relief = penalty - 1.0
    base, diagonal = -inverse.sum(axis=1), np.diag(inverse)
    coefficients = np.empty((n, count))
    left_out = np.empty((n, count))
    for response in range(count):
        own = np.flatnonzero(owner == response)
        columns = inverse[:, own]
        solved = base + 2.0 * columns.sum(axis=1)
        spread = diagonal
        if relief > 0 and len(own):
            update = columns @ np.linalg.inv(np.eye(len(own)) / relief - columns[own])
            solved = solved + update @ solved[own]
            spread = diagonal + (update * columns).sum(axis=1)
        coefficients[:, response] = solved
        left_out[:, response] = np.where(owner == response, 1.0, -1.0) - solved / spread
    return coefficients, left_out


def _calibrate(fit: _Average, examples: NDArray[Any]) -> tuple[Calibration, Measured]:
    """Fits the confidence's scale and level on examples, each ranked without itself, and on what
    nothing answers; then measures it on them."""
    if not len(examples):
        return Calibration(), NOTHING_MEASURED
    known = _known(fit, examples)
    calibration = _fitted(known)
    confidence = np.array([calibration.confidence(item) for item in known.values])
    labelled = len(known.right) - known.stand_ins
    return calibration, Measured(confidence, known.right, known.weight, labelled)


@dataclass(frozen=True)
class _Known:
    """Messages with known answers: their `features`, whether the first response is right, and
    weights. First come the examples, then what nothing answers, at last what stands in for it."""

    values: list[tuple[float, ...]]
    right: Matrix
    weight: Matrix
    examples: int
    stand_ins: int


def _known(fit: _Average, examples: NDArray[Any]) -> _Known:
    """The examples, each ranked without itself; the messages of `_none.jsonl`, each without
    itself; and, as far as these are no OUTSIDE_SHARE of all, each example ranked without its own
    response, as if nothing answered it."""
    rankings = [fit.ranking(row) for row in examples.tolist()]
    owners = fit.rows.owner[examples]
    right = [float(found.order[0] == own) for found, own in zip(rankings, owners, strict=True)]
    strangers = fit.strangers()
    wanted = len(rankings) * OUTSIDE_SHARE / (1 - OUTSIDE_SHARE)
    listed = min(1.0, wanted / max(len(strangers), 1))
    stand_ins = []
    if (rest := wanted - listed * len(strangers)) > 0:
        stand_ins = [without(found, own) for found, own in zip(rankings, owners, strict=True)]
    weights = (
        np.ones(len(rankings)),
        np.full(len(strangers), listed),
        np.full(len(stand_ins), rest / max(len(stand_ins), 1)),
    )
    return _Known(
        [features(item, item.order) for item in (*rankings, *strangers, *stand_ins)],
        np.array(right + [0.0] * (len(strangers) + len(stand_ins))),
        np.concatenate(weights),
        len(rankings),
        len(stand_ins),
    )


def without(ranking: Ranking, response: int) -> Ranking:
    """The ranking as it is when a response is not there."""
    scores = ranking.scores.copy()
    scores[response] = -np.inf
    order = ranking.order[ranking.order != response]
    return replace(ranking, order=np.append(order, response), scores=scores)


def _fitted(known: _Known) -> Calibration:
    """The calibration; stand-ins are no part of it, for they are not what customers wrote."""
    own, count = slice(None, known.examples), len(known.right) - known.stand_ins
    right = known.right[own]
    if len(right) < _LEAST_EXAMPLES or right.all() or not right.any():
        return Calibration()
    values = np.array(known.values[:count])
    scale = Calibration(
        centre=tuple(np.median(values[own, :-1], axis=0).tolist()),
        spread=tuple(np.maximum(values[own, :-1].std(axis=0), 1e-3).tolist()),
    )
    evidence = np.array([[scale.evidence(item), 1.0] for item in values])
    slope, constant = logistic(evidence, known.right[:count], known.weight[:count]).tolist()
    fitted = replace(scale, level=(max(slope, 0.05), constant))
    kept = sorted(fitted.confidence(v) for v, ok in zip(values, known.right, strict=False) if ok)
    return replace(fitted, kept=tuple(round(value, 4) for value in kept))


def logistic(x: Matrix, y: Matrix, weight: Matrix | float = 1.0) -> Matrix:
    """Weighted logistic regression by Newton's method, with a little ridge; (columns,)."""
    w = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], 1e-2)
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (weight * (p - y)) + ridge * w
        hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        w = w - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return np.asarray(w)
