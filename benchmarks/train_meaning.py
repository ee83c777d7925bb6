"""Learns the classifiers that tell a bad sentence of a reply by its meaning.

    python benchmarks/train_meaning.py [--data DIR] [--cache FILE] [--write]

Reads benchmarks/meaning/FAMILY.LANG.txt (a line is a sentence: `- ` bad, `+ ` good though it
looks alike), neutral.LANG.txt and replies.LANG.txt (sentences of good mails) and the starter
library's sentences.
Prints precision and recall by family and language from five runs that leave a fifth of the cases
out; near-duplicates, also across languages, are left out together. The limits weigh what is found
against false alarms on good sentences: those left out, those of the drafts' good twins and, with
--data, of real service mails. With --write, replykit/data/meaning.npz.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import normalize

from replykit.config import load, parse_now
from replykit.draft import draft
from replykit.encoder.nano import NanoEncoder
from replykit.library import read
from replykit.linter import Draft
from replykit.meaning import BITS, grams
from replykit.template import Templates

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "benchmarks" / "meaning"
TARGET = ROOT / "replykit" / "data" / "meaning.npz"
GOOD = "good"
# A cosine from which on two sentences say the same.
SAME = 0.75
FOLDS = 5
BLOCK = 2000
NETS, UNITS = 3, 128
# How many bad sentences of each family and language a finding may quote, and how long ones.
SHOWN, LONGEST_SHOWN = 120, 90
# How many bad sentences that are found are worth one false alarm: on a sentence that was written to
# look alike, on one of an ordinary mail, and on one of a real or complete mail.
ALIKE, ORDINARY, REAL = 2.0, 10.0, 60.0
# The rules leave shorter sentences alone.
FEWEST_WORDS = 4
# How far a limit lies above the least sure of what it finds, in log-odds: sentences that no limit
# was set by lie on either side of it, and weights that are stored in eight bits blur it.
MARGIN = 0.25


@dataclass(frozen=True)
class Case:
    """A sentence, what is wrong with it ("good": nothing), and which file it stands in."""

    text: str
    lang: str
    label: str
    source: str
    place: int


def cases() -> list[Case]:
    """All sentences of the files."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        family, lang = path.name.split(".")[:2]
        for place, line in enumerate(path.read_text("utf-8").splitlines()):
            mark, _, text = line.partition(" ")
            if mark not in ("-", "+"):
                mark, text = "+", line
            label = family if mark == "-" else GOOD
            found.append(Case(text.strip(), lang, label, family, place))
    return found


def vectors(texts: list[str], cache: Path | None) -> tuple[NDArray[np.float32], str]:
    """The sentences' vectors and the key of the model."""
    encoder = NanoEncoder()
    known: dict[str, NDArray[np.float32]] = {}
    if cache and cache.exists():
        with np.load(cache) as stored:
            if str(stored["key"]) == encoder.key:
                known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    new = sorted({text for text in texts if text not in known})
    known |= dict(zip(new, encoder.encode(new), strict=True))
    if cache:
        np.savez(cache, key=encoder.key, texts=list(known), vectors=list(known.values()))
    return np.array([known[text] for text in texts]), encoder.key


def folds(items: list[Case], matrix: NDArray[np.float32]) -> NDArray[np.int64]:
    """A fold for each case; near-duplicates share one, as do the same lines of two languages."""
    twins: dict[tuple[str, int], int] = {}
    same = [twins.setdefault((case.source, case.place), n) for n, case in enumerate(items)]
    alike = csr_matrix((np.ones(len(items)), (range(len(items)), same)), (len(items), len(items)))
    for start in range(0, len(items), BLOCK):
        found, other = np.nonzero(matrix[start : start + BLOCK] @ matrix.T > SAME)
        alike += csr_matrix((np.ones(len(found)), (found + start, other)), alike.shape)
    _, groups = connected_components(alike, directed=False)
    order = np.random.default_rng(0).permutation(groups.max() + 1)
    return order[groups] % FOLDS


@dataclass(frozen=True)
class Model:
    """What is learnt: a layer of units over vectors, and a table of n-grams; see Meaning."""

    hidden: NDArray
    hidden_bias: NDArray
    out: NDArray
    grams: NDArray
    rarity: NDArray
    bias: NDArray

    def scores(self, matrix: NDArray, rows: csr_matrix) -> NDArray:
        """Each family's log-odds against a good sentence (n, families)."""
        units = np.maximum(matrix @ self.hidden + self.hidden_bias, 0)
        return units @ self.out + weighed(rows, self.rarity) @ self.grams + self.bias


def counted(texts: list[str]) -> csr_matrix:
    """How often each n-gram stands in each text (n, 2 · 2**BITS), as `meaning.grams` counts."""
    places, values, ends = [], [], [0]
    for text in texts:
        for found, counts in grams(text):
            places += found
            values += counts
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(texts), 2 ** (BITS + 1)))


def weighed(rows: csr_matrix, rarity: NDArray) -> csr_matrix:
    """Counts times rarity, letters and words each of length 1."""
    parts = (
        rows.multiply(rarity).tocsr()[:, : 2**BITS],
        rows.multiply(rarity).tocsr()[:, 2**BITS :],
    )
    return hstack([normalize(part) for part in parts]).tocsr()


def fit(
    matrix: NDArray[np.float32], rows: csr_matrix, labels: NDArray[np.str_], families: list[str]
) -> Model:
    """Some nets of one layer over the vectors and a linear model over n-grams, all averaged.

    The log-odds of two classes of a softmax are the difference of what goes into it, so that all
    of it is a sum.
    """
    rarity = (
        np.log((1 + len(labels)) / (1 + np.bincount(rows.indices, minlength=rows.shape[1]))) + 1
    )
    linear = LogisticRegression(C=10.0, max_iter=300).fit(weighed(rows, rarity), labels)
    nets = [
        MLPClassifier((UNITS,), alpha=0.1, early_stopping=True, max_iter=40, random_state=seed)
        for seed in range(NETS)
    ]
    hidden, hidden_bias, out = [], [], []
    table, constant = against_good(linear.coef_.T, linear.intercept_, linear.classes_, families)
    bias = constant / 2
    for net in nets:
        net.fit(matrix, labels)
        hidden.append(net.coefs_[0])
        hidden_bias.append(net.intercepts_[0])
        weights, constant = against_good(net.coefs_[1], net.intercepts_[1], net.classes_, families)
        out.append(weights / (2 * NETS))
        bias = bias + constant / (2 * NETS)
    return Model(np.hstack(hidden), np.hstack(hidden_bias), np.vstack(out), table / 2, rarity, bias)


def against_good(
    weights: NDArray, bias: NDArray, classes: NDArray, families: list[str]
) -> tuple[NDArray, NDArray]:
    """The weights (inputs, families) and biases of each family less those of a good sentence."""
    names = list(classes)
    good, chosen = names.index(GOOD), [names.index(family) for family in families]
    return weights[:, chosen] - weights[:, [good]], bias[chosen] - bias[good]


def good_sentences(data: Path | None) -> dict[str, list[str]]:
    """What no classifier may fire on and none learns from: real mails, good twins of drafts."""
    found: dict[str, list[str]] = {"twins": []}
    for lang in ("en", "fi"):
        file = ROOT / "tests" / "data" / f"drafts.{lang}.jsonl"
        for line in file.read_text("utf-8").splitlines():
            # The faulty twin is never looked at.
            found["twins"] += sentences(json.loads(line)["good"], lang)
    if data:
        found["mails"] = []
        for line in (data / "mail_templates" / "rendered.jsonl").read_text("utf-8").splitlines():
            mail = json.loads(line)
            if mail["lang"] in ("en", "fi"):
                found["mails"] += sentences(mail["text"], mail["lang"])
    return {name: sorted(set(texts)) for name, texts in found.items()}


def library_cases() -> list[Case]:
    """The sentences of the starter library, all of them good."""
    settings = load()
    library = read(settings.library_path, settings)
    templates = Templates(library.folder)
    found: dict[str, str] = {}
    for response in library:
        if response.lang in ("en", "fi"):
            for channel in response.channels:
                # Details that nobody gave stay in double brackets.
                filled = draft(
                    response, templates, settings, parse_now(None), channel=channel, partial=True
                )
                found |= dict.fromkeys(sentences(filled.text, response.lang), response.lang)
    return [
        Case(text, lang, GOOD, "library", place)
        for place, (text, lang) in enumerate(sorted(found.items()))
    ]


def sentences(text: str, lang: str) -> list[str]:
    """The sentences as rules see them."""
    draft = Draft(text, lang)
    return [item.text for item in draft.sentences if draft.count_words(item) >= FEWEST_WORDS]


def thresholds(
    scores: NDArray, bad: NDArray, good_scores: NDArray, costs: NDArray
) -> NDArray[np.float64]:
    """For each family the limit that finds most for what its false alarms cost.

    `bad` says which of `scores` are of bad sentences; `costs` are those of the good ones. A
    sentence counts for the family that is surest, as in the rules.
    """
    limits = []
    for family in range(scores.shape[1]):
        found = scores[bad & (scores.argmax(axis=1) == family), family]
        mine = good_scores.argmax(axis=1) == family
        values = np.concatenate([found, good_scores[mine, family]])
        order = np.argsort(-values)
        gain = np.cumsum(np.concatenate([np.ones(len(found)), -costs[mine]])[order])
        best = gain.argmax()
        limit = values[order][best] + MARGIN if gain[best] > 0 else values.max() + 1.0
        limits.append(limit)
    return np.array(limits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with mail_templates, to measure on")
    parser.add_argument("--cache", type=Path, help="a file to keep vectors in")
    parser.add_argument("--write", action="store_true", help="write replykit/data/meaning.npz")
    given = parser.parse_args()
    items = [
        *(case for case in cases() if case.source != "coldness" or case.label == GOOD),
        *library_cases(),
    ]
    real = good_sentences(given.data)
    texts = [text for found in real.values() for text in found]
    every, key = vectors([case.text for case in items] + texts, given.cache)
    matrix, outside = every[: len(items)], every[len(items) :]
    labels = np.array([case.label for case in items])
    langs = np.array([case.lang for case in items])
    alike = np.array([case.source not in ("neutral", "replies", "library") for case in items])
    families = sorted(set(labels) - {GOOD})
    fold = folds(items, matrix)

    rows, outside_rows = counted([case.text for case in items]), counted(texts)
    held_out = np.zeros((len(items), len(families)))
    parts = [fold != number for number in range(FOLDS)]
    models = Parallel(n_jobs=-1)(
        delayed(fit)(matrix[known], rows[known], labels[known], families) for known in parts
    )
    for known, model in zip(parts, models, strict=True):
        held_out[~known] = model.scores(matrix[~known], rows[~known])
    model = fit(matrix, rows, labels, families)
    good = labels == GOOD
    outside_scores = model.scores(outside, outside_rows)
    good_scores = np.vstack([held_out[good], outside_scores])
    costs = np.concatenate([np.where(alike[good], ALIKE, ORDINARY), np.full(len(outside), REAL)])
    limits = thresholds(held_out, ~good, good_scores, costs)

    fires = (held_out > limits) & (held_out == held_out.max(axis=1, keepdims=True))
    print("family           lang  bad  found by any  by its own  precision")
    for number, family in enumerate(families):
        for lang in ("en", "fi"):
            here = (labels == family) & (langs == lang)
            right = fires[here, number].sum()
            wrong = fires[(langs == lang) & good, number].sum()
            precision = right / (right + wrong) if right + wrong else float("nan")
            print(
                f"{family:<16} {lang}  {here.sum():>4}  {fires[here].any(axis=1).mean():>8.2f}"
                f"  {right / here.sum():>12.2f}  {precision:>8.2f}"
            )
    for lang in ("en", "fi"):
        here = ~good & (langs == lang)
        print(f"all, {lang}: {fires[here].any(axis=1).mean():.2f} of {here.sum()}")
    for name, chosen in (("look alike", good & alike), ("neutral", good & ~alike)):
        print(f"false alarms, {name}: {fires[chosen].any(axis=1).sum()} of {chosen.sum()}")
    start = 0
    for name, found in real.items():
        part = outside_scores[start : start + len(found)]
        surest = part.argmax(axis=1)
        alarms = part[np.arange(len(part)), surest] > limits[surest]
        print(f"false alarms, {name}: {alarms.sum()} of {len(found)}", end=" ")
        print(
            {families[number]: int((surest[alarms] == number).sum()) for number in surest[alarms]}
        )
        start += len(found)
    if given.write:
        write(model, limits, key, families, items, matrix)


def write(
    model: Model, limits: NDArray, key: str, families: list[str], items: list[Case], matrix: NDArray
) -> None:
    """The data file of the package."""
    # A finding quotes the known sentence that it is nearest to: a short one says enough.
    shown = [
        number
        for family in families
        for lang in ("en", "fi")
        for number in [
            number
            for number, case in enumerate(items)
            if (case.label, case.lang) == (family, lang) and len(case.text) <= LONGEST_SHOWN
        ][:SHOWN]
    ]
    scale = np.abs(model.grams).max(axis=0) / 127
    np.savez_compressed(
        TARGET,
        key=key,
        families=families,
        hidden=model.hidden.astype(np.float16),
        hidden_bias=model.hidden_bias.astype(np.float16),
        out=model.out.astype(np.float16),
        grams=np.round(model.grams / scale).astype(np.int8),
        gram_scale=scale.astype(np.float32),
        rarity=model.rarity.astype(np.float16),
        bias=(model.bias - limits).astype(np.float32),
        examples=[items[number].text for number in shown],
        langs=[items[number].lang for number in shown],
        labels=[items[number].label for number in shown],
        # Which example is nearest is told well enough in eight bits.
        vectors=np.clip(np.round(matrix[shown] * 400), -127, 127).astype(np.int8),
    )


if __name__ == "__main__":
    main()
