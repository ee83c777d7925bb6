"""Learns a library's ranking and its confidence from its own rows, when the index is built.

The model is a support vector machine for every two responses (scikit-learn), over a kernel of
meaning and words (`ranking.kernel`). The confidence is fitted by cross-validation: every example
is ranked by machines that have not seen it, once as it is, and once as if its response were not
there, which stands in for a message that nothing answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from replykit.ranking.automation import OUTSIDE_SHARE, Measured
from replykit.ranking.confidence import Calibration, features
from replykit.ranking.features import BUCKETS, Postings
from replykit.ranking.scores import LEAST_EXAMPLES, Model, Ranking, Views, combine, crowd
from replykit.ranking.scores import kernel as joined
from replykit.ranking.votes import Machines

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Matrix = NDArray[np.float64]

_PENALTY = 10.0  # of the machines: of 1, 3 and 10, the best at ten examples and at a hundred
_FOLDS, _FOLDS_OF_MANY, _MANY = 10, 3, 4000
MOST_OUTSIDE = 2000  # messages that nothing answers, to learn from
_SAMPLE = 300  # rows that usual values are taken from
_LEAST_KNOWN = 60  # examples to fit a confidence on
_SELF = -9.0  # below any similarity: a row is never its own neighbour
NOTHING_MEASURED = Measured(np.zeros(0), np.zeros(0), np.zeros(0), 0)


@dataclass(frozen=True)
class Outside:
    """Messages that nothing answers: their languages (m,), their similarity (m, n + m) with the
    rows, then with one another, of meaning (None without a model) and of words; and what makes up
    for their lengths (m,)."""

    lang: NDArray[Any]
    meaning: NDArray[Any] | None
    words: NDArray[Any]
    stretch: NDArray[np.float32]


@dataclass(frozen=True)
class Rows:
    """What there is to learn from: owners (n,) in rising order, languages, which rows are examples,
    similarities (n, n), what makes up for the rows' lengths (n,) where they stand for messages,
    the number of responses, what nothing answers, and, where some responses have no examples, a
    function that scores the responses' own texts for a row."""

    owner: NDArray[Any]
    lang: NDArray[Any]
    example: NDArray[Any]
    meaning: NDArray[np.float32] | None
    words: NDArray[np.float32]
    stretch: NDArray[np.float32]
    count: int
    outside: Outside | None = None
    texts: Callable[[int], NDArray[np.float32]] | None = None


@dataclass(frozen=True)
class Learnt:
    """The model, the calibration for messages of each language with examples and for all others
    (""), and what they give on the library's own messages."""

    model: Model
    calibrations: dict[str, Calibration]
    measured: Measured = NOTHING_MEASURED


def sample(numbers: NDArray[Any], most: int = MOST_OUTSIDE) -> NDArray[Any]:
    """As many of them as `most`, by chance, in their order."""
    return np.sort(np.random.default_rng(0).permutation(numbers)[:most])


def cosines(
    postings: Postings, rows: NDArray[Any], others: NDArray[Any] | None = None
) -> NDArray[np.float32]:
    """Cosines of some rows with one another, (n, n), or with others."""
    matrix = _sparse(postings)
    right = matrix[rows if others is None else others]
    product: NDArray[np.float32] = (matrix[rows] @ right.T).toarray()
    return product


def _sparse(postings: Postings) -> csr_matrix:
    from scipy.sparse import csc_matrix

    arrays = postings.arrays
    return csc_matrix(
        (arrays["values"], arrays["rows"], arrays["starts"]), shape=(postings.count, BUCKETS)
    ).tocsr()


def train(rows: Rows) -> Learnt:
    """What a library's rows teach: one model, and for each language with examples the confidence.

    A model for each language by itself was no better in English and worse in Finnish.
    """
    if not len(rows.owner) or rows.count < 2:
        return Learnt(Model(), {"": Calibration()})
    model = _plain(rows)
    examples = _examples(rows)
    if not len(examples):
        return Learnt(model, {"": Calibration()})
    kernel = _kernel(rows)
    model = replace(model, machines=machines(kernel, rows.owner, examples))
    pairs = _left_out(rows, kernel, model, examples)
    every = known_of(pairs, rows.owner[examples], list(_strangers(rows, model)))
    calibrations = {"": fitted(every)}
    langs = rows.lang[examples]
    for lang in sorted(set(langs.tolist())):
        own = np.flatnonzero(langs == lang)
        strangers = list(_strangers(rows, model, lang))
        known = known_of([pairs[n] for n in own], rows.owner[examples[own]], strangers)
        calibrations[lang] = fitted(known, calibrations[""])
    outside = rows.outside.lang if rows.outside else langs[:0]
    return Learnt(model, calibrations, measured(every, calibrations, langs, outside))


def measured(
    known: Known,
    calibrations: dict[str, Calibration],
    examples: Sequence[str] | NDArray[Any],
    strangers: Sequence[str] | NDArray[Any],
) -> Measured:
    """How sure the library is of all known messages, each by its own language's calibration: as
    callers see it. `examples` and `strangers` are their languages."""
    langs = [*examples, *strangers, *examples]
    confidence = [
        calibrations.get(str(lang), calibrations[""]).confidence(values)
        for lang, values in zip(langs, known.values, strict=True)
    ]
    labelled = known.examples + known.strangers
    return Measured(np.array(confidence), known.right, known.weight, labelled)


def _examples(rows: Rows) -> NDArray[Any]:
    """The rows that are learnt from: the examples of responses that have enough of them; none
    where only one response has.

    Titles and texts are not learnt from: they do not read like messages.
    """
    counts = np.bincount(rows.owner[rows.example], minlength=rows.count)
    enough = counts >= LEAST_EXAMPLES
    found = np.flatnonzero(rows.example & enough[rows.owner])
    return found if enough.sum() > 1 else found[:0]


def _kernel(rows: Rows) -> Matrix:
    """The kernel of all rows (n, n), made in parts: it is the largest thing in memory."""
    size = len(rows.owner)
    found = np.empty((size, size))
    for start in range(0, size, 1000):
        part = slice(start, start + 1000)
        meaning = rows.words[part] if rows.meaning is None else rows.meaning[part]
        found[part] = joined(Views(meaning, rows.words[part]), rows.meaning is not None)
    return found


def machines(kernel: Matrix, owner: NDArray[Any], chosen: NDArray[Any]) -> Machines:
    """Learns a machine for every two responses from the chosen rows."""
    from sklearn.svm import SVC

    learner = SVC(C=_PENALTY, kernel="precomputed", cache_size=500)
    learner.fit(kernel[np.ix_(chosen, chosen)], owner[chosen])
    size = len(learner.classes_)
    constant = np.zeros((size, size), dtype=np.float32)
    constant[np.triu_indices(size, 1)] = learner.intercept_
    if size == 2:  # scikit-learn turns the signs of a single machine around
        constant = -constant
    dual = learner.dual_coef_ if size > 2 else -learner.dual_coef_
    return Machines(
        rows=chosen[learner.support_],
        starts=np.concatenate(([0], np.cumsum(learner.n_support_)[:-1])),
        responses=np.asarray(learner.classes_),
        dual=dual.astype(np.float32),
        constant=constant - constant.T,
    )


def _plain(rows: Rows) -> Model:
    """The model without machines."""
    chosen = np.random.default_rng(0).permutation(len(rows.owner))[:_SAMPLE]
    model = Model(has_meaning=rows.meaning is not None)
    if rows.texts is not None and (examples := [row for row in chosen if rows.example[row]]):
        leads = []
        for row in examples:
            alike = np.where(rows.example, _seen(rows, row).together(), -np.inf)
            own = rows.owner[row]
            leads.append(alike[rows.owner == own].max() - rows.texts(row)[own])
        if known := [lead for lead in leads if lead > _SELF / 2]:
            model = replace(model, example_lead=float(np.median(known)))
    spreads = []
    for row in chosen:
        texts = rows.texts(row) if rows.texts else None
        found = combine(_seen(rows, row), rows.owner, rows.count, model, texts, rows.example)
        spreads.append(found.close[np.isfinite(found.close)].std())
    return replace(model, spread=max(float(np.mean(spreads)), 1e-6))


@dataclass(frozen=True)
class Pair:
    """An example's ranking without itself, and without its response."""

    own: Ranking
    without: Ranking


def _left_out(rows: Rows, kernel: Matrix, model: Model, examples: NDArray[Any]) -> list[Pair]:
    """How each example would be ranked by a library without it, in the examples' order."""
    found: dict[int, Pair] = {}
    for fold in _folds(rows.owner[examples]):
        held = examples[fold]
        rest = np.setdiff1d(examples, held)
        learnt = machines(kernel, rows.owner, rest)
        for row in held.tolist():
            seen, none = _seen(rows, row), _outside_of(rows, row)
            texts = rows.texts(row) if rows.texts else None
            fitted = replace(model, machines=learnt)
            both = [
                replace(
                    combine(seen, rows.owner, rows.count, fitted, texts, rows.example, absent),
                    outside=none.nearest(),
                    crowd=crowd(seen.at(rows.owner != absent), none),
                )
                for absent in (-1, int(rows.owner[row]))
            ]
            found[row] = Pair(*both)
    return [found[row] for row in examples.tolist()]


def _folds(owner: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Parts of the examples (their places), each with its share of every response's."""
    shuffled = np.random.default_rng(0).permutation(len(owner))
    order = shuffled[np.argsort(owner[shuffled], kind="stable")]
    count = _FOLDS if len(owner) <= _MANY else _FOLDS_OF_MANY
    for fold in range(min(count, len(owner))):
        yield np.sort(order[fold::count])


def _seen(rows: Rows, row: int) -> Views:
    """A row's similarity with all others."""
    words = rows.words[row].copy()
    meaning = np.zeros_like(words) if rows.meaning is None else rows.meaning[row].copy()
    words[row] = meaning[row] = _SELF
    return Views(meaning, words, float(rows.stretch[row]))


def _outside_of(rows: Rows, row: int) -> Views:
    """A row's similarity with what nothing answers."""
    outside = rows.outside
    if outside is None:
        return Views(np.zeros(0, np.float32), np.zeros(0, np.float32))
    words = outside.words[:, row]
    meaning = np.zeros_like(words) if outside.meaning is None else outside.meaning[:, row]
    return Views(meaning, words)


def _strangers(rows: Rows, model: Model, lang: str = "") -> Iterator[Ranking]:
    """How each message (of a language) that nothing answers would be ranked by a library without
    it."""
    outside, count = rows.outside, len(rows.owner)
    if outside is None:
        return
    chosen = outside.lang == lang if lang else np.ones(len(outside.lang), dtype=bool)
    for number in np.flatnonzero(chosen).tolist():
        words = outside.words[number]
        meaning = np.zeros_like(words) if outside.meaning is None else outside.meaning[number]
        longer = float(outside.stretch[number])
        seen, others = Views(meaning, words, longer).parted(count)
        others = others.at(np.arange(len(others.words)) != number)
        texts = rows.texts(count + number) if rows.texts else None
        ranking = combine(seen, rows.owner, rows.count, model, texts, rows.example)
        yield replace(ranking, outside=others.nearest(), crowd=crowd(seen, others))


@dataclass(frozen=True)
class Known:
    """Messages with known answers: `features` (n, features), whether the first response is
    right, and their share in what is measured. First come the examples, then what nothing
    answers, at last what stands in for it."""

    values: Matrix
    right: Matrix
    weight: Matrix
    examples: int
    strangers: int


def known_of(rankings: list[Pair], owners: NDArray[Any], strangers: list[Ranking]) -> Known:
    """The examples, each ranked without itself; the messages of `_none.jsonl`, each without
    itself; and each example without its own response, as if nothing answered it, as far as the
    former are no OUTSIDE_SHARE of all."""
    right = [pair.own.order[0] == own for pair, own in zip(rankings, owners, strict=True)]
    wanted = len(rankings) * OUTSIDE_SHARE / (1 - OUTSIDE_SHARE)
    listed = min(1.0, wanted / max(len(strangers), 1))
    rest = max(0.0, wanted - listed * len(strangers))
    every = (
        *(pair.own for pair in rankings),
        *strangers,
        *(pair.without for pair in rankings),
    )
    weights = (
        np.ones(len(rankings)),
        np.full(len(strangers), listed),
        np.full(len(rankings), rest / max(len(rankings), 1)),
    )
    return Known(
        values=np.array([features(item, item.order) for item in every]),
        right=np.array(right + [False] * (len(every) - len(right)), dtype=float),
        weight=np.concatenate(weights),
        examples=len(rankings),
        strangers=len(strangers),
    )


def fitted(known: Known, otherwise: Calibration | None = None) -> Calibration:
    """The calibration, or `otherwise` where there is too little to fit it on.

    Stand-ins are no part of it, for they are not what customers wrote.
    """
    own, labelled = slice(None, known.examples), slice(None, known.examples + known.strangers)
    right = known.right[own]
    if len(right) < _LEAST_KNOWN or right.all() or not right.any():
        return otherwise or Calibration()
    values = known.values
    scale = Calibration(
        centre=tuple(np.median(values[own, :-1], axis=0).tolist()),
        spread=tuple(np.maximum(values[own, :-1].std(axis=0), 1e-3).tolist()),
    )
    evidence = np.array([[scale.evidence(item), 1.0] for item in values[labelled]])
    slope, constant = logistic(evidence, known.right[labelled], known.weight[labelled]).tolist()
    fitted = replace(scale, level=(max(slope, 0.05), constant))
    kept = sorted(fitted.confidence(v) for v, ok in zip(values[own], right, strict=True) if ok)
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
