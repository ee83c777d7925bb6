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

from replykit.features import BUCKETS, Postings
from replykit.ranking import Calibration, Ranking, Solution, Views, combine, features

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
_LEAST_SHARE = 2  # rows of a response: fewer leave nothing to learn
_LEAST_EXAMPLES = 60
_SELF = -9.0  # below any similarity: a row is never its own neighbour


@dataclass(frozen=True)
class Rows:
    """What there is to learn from: owners (n,), languages, which rows are examples, kernels, and
    the number of responses."""

    owner: NDArray[Any]
    lang: NDArray[Any]
    example: NDArray[Any]
    meaning: Matrix | None
    words: Matrix
    count: int


@dataclass(frozen=True)
class Learnt:
    """Solutions by language ("" for every other one) and the calibration."""

    solutions: dict[str, Solution]
    calibration: Calibration


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


def kernel(postings: Postings, rows: NDArray[Any]) -> Matrix:
    """Cosines of some rows with one another, (n, n)."""
    matrix = _sparse(postings)[rows]
    product: Matrix = (matrix @ matrix.T).toarray()
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
    return Learnt(solutions, _calibrate(fit, np.flatnonzero(rows.example)))


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
        count = self.rows.count
        seen = Views(meaning, words)
        return combine(seen, self.left_out[row], self.rows.owner, count, self.solution)


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


def _calibrate(fit: _Average, examples: NDArray[Any]) -> Calibration:
    """Fits the confidence's scale and level on examples, each ranked without itself."""
    found: list[tuple[float, ...]] = []
    right: list[bool] = []
    for row in examples.tolist():
        ranking = fit.ranking(row)
        found.append(features(ranking, ranking.order))
        right.append(bool(ranking.order[0] == fit.rows.owner[row]))
    if len(found) < _LEAST_EXAMPLES or all(right) or not any(right):
        return Calibration()
    values = np.array(found)
    scale = Calibration(
        centre=tuple(np.median(values, axis=0).tolist()),
        spread=tuple(np.maximum(values.std(axis=0), 1e-3).tolist()),
    )
    evidence = np.array([[scale.evidence(item), 1.0] for item in found])
    slope, constant = logistic(evidence, np.array(right, dtype=float)).tolist()
    fitted = replace(scale, level=(max(slope, 0.05), constant))
    kept = sorted(fitted.confidence(v) for v, ok in zip(found, right, strict=True) if ok)
    return replace(fitted, kept=tuple(round(value, 4) for value in kept))


def logistic(x: Matrix, y: Matrix) -> Matrix:
    """Logistic regression by Newton's method, with a little ridge; (columns,)."""
    w = np.zeros(x.shape[1])
    ridge = np.full(x.shape[1], 1e-2)
    for _ in range(100):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + ridge * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        w = w - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return np.asarray(w)
