"""Learns the classifiers that tell a bad sentence of a reply by its meaning.

    python benchmarks/train_meaning.py [--data DIR] [--cache FILE] [--write]

Reads benchmarks/meaning/FAMILY.LANG.txt (a line is a sentence: `- ` bad, `+ ` good though it
looks alike) and neutral.LANG.txt (sentences of good mails). Prints precision and recall by
family and language from five runs that leave a fifth of the cases out; near-duplicates, also
across languages, are left out together. The limits are set so that good sentences (those left
out, those of the starter library, of the drafts' good twins and, with --data, of real service
mails) give at most one false alarm in 400. With --write, replykit/data/meaning.npz.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression

from replykit.config import load, parse_now
from replykit.draft import draft
from replykit.encoder.nano import NanoEncoder
from replykit.library import read
from replykit.linter import Draft
from replykit.template import Templates

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "benchmarks" / "meaning"
TARGET = ROOT / "replykit" / "data" / "meaning.npz"
GOOD = "good"
# A cosine from which on two sentences say the same.
SAME = 0.75
FOLDS = 5
# At most one false alarm in so many good sentences.
PER_ALARM = 400
# What a false alarm on a sentence that was written to look alike weighs.
ALIKE_WEIGHT = 0.15
# What one on a sentence of a real or complete mail weighs: there it costs trust.
REAL_WEIGHT = 3.0
# The rules leave shorter sentences alone.
FEWEST_WORDS = 4
# How far a limit lies above the good sentence next to it.
MARGIN = 1e-3


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
    alike = matrix @ matrix.T > SAME
    twins: dict[tuple[str, int], list[int]] = {}
    for number, case in enumerate(items):
        twins.setdefault((case.source, case.place), []).append(number)
    for numbers in twins.values():
        alike[np.ix_(numbers, numbers)] = True
    _, groups = connected_components(alike, directed=False)
    order = np.random.default_rng(0).permutation(groups.max() + 1)
    return order[groups] % FOLDS


def fit(matrix: NDArray[np.float32], labels: NDArray[np.str_]) -> LogisticRegression:
    """One model of all families and of good sentences."""
    return LogisticRegression(C=30.0, max_iter=500).fit(matrix, labels)


def odds(model: LogisticRegression, families: list[str]) -> tuple[NDArray, NDArray]:
    """Weights and biases of each family's log-odds against a good sentence."""
    names = list(model.classes_)
    good = names.index(GOOD)
    chosen = [names.index(family) for family in families]
    return model.coef_[chosen] - model.coef_[good], model.intercept_[chosen] - model.intercept_[
        good
    ]


def good_sentences(data: Path | None) -> dict[str, list[str]]:
    """What no classifier may fire on: real mails, the starter library, the good twins of drafts."""
    found: dict[str, list[str]] = {"twins": [], "library": []}
    for lang in ("en", "fi"):
        file = ROOT / "tests" / "data" / f"drafts.{lang}.jsonl"
        for line in file.read_text("utf-8").splitlines():
            # The faulty twin is never looked at.
            found["twins"] += sentences(json.loads(line)["good"], lang)
    settings = load()
    library = read(settings.library_path, settings)
    templates = Templates(library.folder)
    for response in library:
        if response.lang in ("en", "fi"):
            for channel in response.channels:
                # Details that nobody gave stay in double brackets.
                filled = draft(
                    response, templates, settings, parse_now(None), channel=channel, partial=True
                )
                found["library"] += sentences(filled.text, response.lang)
    if data:
        found["mails"] = []
        for line in (data / "mail_templates" / "rendered.jsonl").read_text("utf-8").splitlines():
            mail = json.loads(line)
            if mail["lang"] in ("en", "fi"):
                found["mails"] += sentences(mail["text"], mail["lang"])
    return {name: sorted(set(texts)) for name, texts in found.items()}


def sentences(text: str, lang: str) -> list[str]:
    """The sentences as rules see them."""
    draft = Draft(text, lang)
    return [item.text for item in draft.sentences if draft.count_words(item) >= FEWEST_WORDS]


def thresholds(
    scores: NDArray, bad: NDArray, good_scores: NDArray, weights: NDArray
) -> NDArray[np.float64]:
    """A limit for each family, lowered step by step where that finds most for each false alarm.

    `bad` says which of `scores` are of bad sentences; a good sentence that looks alike weighs
    less than one of a real mail.
    """
    budget = len(weights) / PER_ALARM
    limits = np.full(scores.shape[1], np.inf)
    tops = -np.sort(-good_scores, axis=0)[:8]
    while True:
        best, quality = None, 0.0
        now = weights[(good_scores > limits).any(axis=1)].sum()
        caught = (scores[bad] > limits).any(axis=1).sum()
        for family in range(scores.shape[1]):
            for top in tops[:, family]:
                tried = limits.copy()
                tried[family] = top + MARGIN
                if tried[family] >= limits[family]:
                    continue
                alarms = weights[(good_scores > tried).any(axis=1)].sum()
                if alarms > budget:
                    break
                more = (scores[bad] > tried).any(axis=1).sum() - caught
                if more / (alarms - now + 0.3) > quality:
                    best, quality = tried, more / (alarms - now + 0.3)
        if best is None:
            # A family for which nothing was worth its alarms still has a limit above them all.
            return np.where(np.isinf(limits), tops[0] + 1.0, limits)
        limits = best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with mail_templates, to measure on")
    parser.add_argument("--cache", type=Path, help="a file to keep vectors in")
    parser.add_argument("--write", action="store_true", help="write replykit/data/meaning.npz")
    given = parser.parse_args()
    items = [case for case in cases() if case.source != "coldness" or case.label == GOOD]
    real = good_sentences(given.data)
    texts = [text for found in real.values() for text in found]
    every, key = vectors([case.text for case in items] + texts, given.cache)
    matrix, outside = every[: len(items)], every[len(items) :]
    labels = np.array([case.label for case in items])
    langs = np.array([case.lang for case in items])
    alike = np.array([case.source != "neutral" for case in items])
    families = sorted(set(labels) - {GOOD})
    fold = folds(items, matrix)

    held_out = np.zeros((len(items), len(families)))
    for number in range(FOLDS):
        weights, bias = odds(fit(matrix[fold != number], labels[fold != number]), families)
        held_out[fold == number] = matrix[fold == number] @ weights.T + bias
    weights, bias = odds(fit(matrix, labels), families)
    good = labels == GOOD
    good_scores = np.vstack([held_out[good], outside @ weights.T + bias])
    count = np.concatenate(
        [np.where(alike[good], ALIKE_WEIGHT, 1.0), np.full(len(outside), REAL_WEIGHT)]
    )
    limits = thresholds(held_out, ~good, good_scores, count)

    fires = held_out > limits
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
        part = outside[start : start + len(found)] @ weights.T + bias
        print(f"false alarms, {name}: {(part > limits).any(axis=1).sum()} of {len(found)}")
        start += len(found)
    if given.write:
        bad = [number for number, case in enumerate(items) if case.label != GOOD]
        np.savez_compressed(
            TARGET,
            key=key,
            families=families,
            weights=weights.astype(np.float32),
            bias=(bias - limits).astype(np.float32),
            examples=[items[number].text for number in bad],
            langs=[items[number].lang for number in bad],
            labels=[items[number].label for number in bad],
            # Which example is nearest is told well enough in eight bits.
            vectors=np.clip(np.round(matrix[bad] * 400), -127, 127).astype(np.int8),
        )
        for number, family in enumerate(families):
            for lang in ("en", "fi"):
                here = np.flatnonzero((labels == family) & (langs == lang))
                final = matrix[here] @ weights[number] + bias[number] - limits[number]
                best = here[np.argsort(-final)[:4]]
                print(family, lang, *(f"\n    {items[n].text}" for n in best))


if __name__ == "__main__":
    main()
