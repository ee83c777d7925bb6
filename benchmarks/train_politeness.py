"""Learns the weights of politeness, and measures them.

    python benchmarks/train_politeness.py --data DIR [--cache FILE] [--write] [--no-model]

Reads DIR/politeness/wikipedia.annotated.csv (Stanford Politeness Corpus). As in the paper, the
politest quarter of the requests is told from the least polite; ten folds, drawn once; also the
rank correlation over all requests. Then what it was not trained on: tests/data/politeness.*.jsonl
(the same reply polite and curt), and the sentences of benchmarks/meaning, bad against good. With
--write, the English signals that the corpus has get their learnt weights in
replykit/data/politeness.json, and those of Finnish and Swedish by the same names; the weights of
what only replies have are set by hand, below.
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

from replykit.checking import politeness
from replykit.linter import Draft
from replykit.understanding.phrases import tokens

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "replykit" / "data" / "politeness.json"
MEANING = ROOT / "benchmarks" / "meaning"
RUDE = ("blaming", "coldness", "dismissive", "sarcasm", "defensive")

# Counted by the sentence; of the others, one in a reply is enough.
DENSE = ("command", "direct_start", "i", "i_start", "must", "terse", "we", "you", "you_start")
# On talk pages, these say what they do not say in a reply, or too few requests have them.
BY_HAND = {
    "closing": 0.5,
    "empathy": 1.1,
    "ownership": 0.9,
    "reassurance": 0.5,
    "commitment": 0.5,
    "patience": 1.5,
    "offer": 0.8,
    "we": 0.6,
    "you": 0.4,
    "you_start": 0.3,
    "blame": -2.2,
    "dismissal": -2.0,
    "must": -1.8,
    "command": -1.8,
    "terse": -1.5,
}
# The score of a reply without any signal, as a logit: what is said so bare is a little cold.
BIAS = -0.4
# A reply holds more signals than a request of two sentences, and each says less.
SCALE = 0.6
# No single word decides: the most that a learnt weight may say.
MOST = 1.5
STRETCH = 10.0
# So many sentences of good mails say what is usual.
ORDINARY = 1500
# How much the sound of the sentences says beside the signals.
BESIDE = 0.4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--no-model", action="store_true", help="only learn the weights")
    arguments = parser.parse_args()
    texts, scores = corpus(arguments.data)
    low, high = np.quantile(scores, [0.25, 0.75])
    names = sorted(politeness.names("en") - set(BY_HAND))
    by_signals = matrix(texts, names)
    chosen = (scores <= low) | (scores >= high)
    model = LogisticRegression(C=1.0, max_iter=1000)
    model.fit(by_signals[chosen], scores[chosen] > 0)
    learnt = dict(zip(names, model.coef_[0].tolist(), strict=True))
    if arguments.no_model:
        if arguments.write:
            write(learnt)
        return
    vectors = embedded(texts, "en", arguments.cache)
    print(f"{len(texts)} requests, {chosen.sum()} of them in the outer quarters\n")
    print("| by | accuracy, outer quarters | AUC | Spearman, all |")
    print("| --- | --- | --- | --- |")
    for name, features in (
        ("signals", by_signals),
        ("embedding", vectors),
        ("both", np.hstack([by_signals, vectors])),
    ):
        print(f"| {name} | " + " | ".join(f"{x:.3f}" for x in measured(features, scores)) + " |")
    print("\n| weight | learnt | in the corpus |\n| --- | --- | --- |")
    for name, weight in sorted(learnt.items(), key=lambda item: -item[1]):
        share = (by_signals[:, names.index(name)] > 0).mean()
        print(f"| {name} | {weight:+.2f} | {share:.1%} |")
    head = LogisticRegression(C=0.1, max_iter=1000).fit(vectors[chosen], scores[chosen] > 0)
    sound = by_sound(head, arguments.cache)
    if arguments.write:
        write(learnt, sound)
    report(sound, arguments.cache)


def corpus(data: Path) -> tuple[list[str], NDArray[np.float64]]:
    """The requests and their scores, normalised by annotator."""
    with (data / "politeness" / "wikipedia.annotated.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["Request"] for row in rows], np.array(
        [float(row["Normalized Score"]) for row in rows]
    )


def matrix(texts: list[str], names: list[str]) -> NDArray[np.float64]:
    """The signals of English texts, by name."""
    found = np.zeros((len(texts), len(names)))
    for row, text in enumerate(texts):
        hits = politeness.signals(text, "en")
        sentences = len(tokens(text).breaks) - 1
        shares = politeness.features(hits, sentences, frozenset(DENSE))
        found[row] = [shares.get(name, 0.0) for name in names]
    return found


def measured(features: NDArray[Any], scores: NDArray[np.float64]) -> tuple[float, float, float]:
    """Accuracy and AUC in the outer quarters, rank correlation over all; ten folds."""
    low, high = np.quantile(scores, [0.25, 0.75])
    outer = (scores <= low) | (scores >= high)
    guess = np.zeros(len(scores))
    for train, test in KFold(10, shuffle=True, random_state=0).split(features):
        taught = train[outer[train]]
        model = LogisticRegression(C=1.0, max_iter=1000)
        model.fit(features[taught], scores[taught] > 0)
        guess[test] = model.decision_function(features[test])
    right = scores[outer] > 0
    return (
        float(((guess[outer] > 0) == right).mean()),
        float(roc_auc_score(right, guess[outer])),
        float(spearmanr(guess, scores).statistic),
    )


def embedded(texts: list[str], lang: str, cache: Path | None) -> NDArray[np.float32]:
    """The mean of the vectors of each text's sentences (n, dim), as lint has them, scaled so that
    a weight of one means much."""
    from replykit.checking.meaning import Embedder, load

    parts = [[span.text for span in Draft(text, lang).statements] for text in texts]
    known: dict[str, Any] = {}
    if cache and cache.exists():
        with np.load(cache) as stored:
            if str(stored["layers"]) == load().layers:
                known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    new = sorted({text for part in parts for text in part if text not in known})
    if new:
        known |= dict(zip(new, Embedder()(new), strict=True))
        if cache:
            told = {"texts": list(known), "vectors": list(known.values())}
            np.savez(cache, layers=load().layers, **told)
    nothing = np.zeros((1, len(load().back)), dtype=np.float32)
    means = [np.mean([known[text] for text in part] or nothing, axis=0) for part in parts]
    return np.array(means, dtype=np.float32) * STRETCH


def by_sound(head: LogisticRegression, cache: Path | None) -> dict[str, Any]:
    """What a classifier of stretched vectors says of vectors: weights, and for each language the
    bias by which the sentences of good mails neither gain nor lose."""
    from replykit.checking.meaning import load

    weights = head.coef_[0] * STRETCH * BESIDE
    bias = {}
    for lang in ("en", "fi"):
        good = sentences("replies", lang, "")[:ORDINARY]
        bias[lang] = -float((embedded(good, lang, cache) / STRETCH @ weights).mean())
    return {
        "layers": load().layers,
        "bias": {lang: round(value, 3) for lang, value in bias.items()},
        "weights": [round(float(weight), 3) for weight in weights],
    }


def write(learnt: dict[str, float], sound: dict[str, Any] | None = None) -> None:
    """Weights for each language: learnt ones by the signal's name, the others by hand; and those
    of vectors, which stay as they were where there are no new ones."""
    weights = {name: max(-MOST, min(MOST, weight)) for name, weight in learnt.items()} | BY_HAND
    languages = {}
    for lang in politeness.languages():
        mine = politeness.names(lang) | {"terse"}
        languages[lang] = {
            "bias": round(SCALE * BIAS, 2),
            "signals": {name: round(SCALE * weights[name], 2) for name in sorted(mine)},
        }
    known = json.loads(TARGET.read_text("utf-8"))
    told = {"dense": list(DENSE), "languages": languages, "sound": sound or known["sound"]}
    TARGET.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    politeness._known.cache_clear()
    politeness._weights.cache_clear()


def report(sound: dict[str, Any], cache: Path | None) -> None:
    """What it was not trained on: pairs, and sentences of another kind."""

    def by_signals(texts: list[str], lang: str) -> NDArray[np.float64]:
        found = np.array([politeness.politeness(text, lang)[0] or 0.0 for text in texts])
        logits: NDArray[np.float64] = np.log((found + 0.005) / (1.005 - found))
        return logits

    def by_vectors(texts: list[str], lang: str) -> NDArray[np.float64]:
        found = embedded(texts, lang, cache) / STRETCH @ np.array(sound["weights"])
        most = politeness.MOST_BY_SOUND
        limited: NDArray[np.float64] = np.clip(found + sound["bias"][lang], -most, most)
        return limited

    print("\n| pairs | signals | embedding | both |\n| --- | --- | --- | --- |")
    for path in sorted((ROOT / "tests" / "data").glob("politeness.*.jsonl")):
        lang = path.name.split(".")[1]
        pairs = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        row = []
        sides = [[pair[side] for pair in pairs] for side in ("polite", "curt")]
        words = [by_signals(side, lang) for side in sides]
        vectors = [by_vectors(side, lang) for side in sides]
        for polite, curt in (words, vectors, np.add(words, vectors)):
            row.append(f"{(polite > curt).mean():.3f}")
        print(f"| {lang} ({len(pairs)}) | " + " | ".join(row) + " |")
    # The vectors have learnt from these sentences: by signals alone.
    print("\n| sentences, AUC of good against bad | en | fi |\n| --- | --- | --- |")
    for name in RUDE:
        row = []
        for lang in ("en", "fi"):
            good, bad = sentences("neutral", lang, ""), sentences(name, lang, "- ")
            labels = [1] * len(good) + [0] * len(bad)
            row.append(f"{roc_auc_score(labels, by_signals([*good, *bad], lang)):.3f}")
        print(f"| {name} | " + " | ".join(row) + " |")


def sentences(name: str, lang: str, mark: str) -> list[str]:
    """The sentences of a file of benchmarks/meaning with a mark."""
    lines = (MEANING / f"{name}.{lang}.txt").read_text("utf-8").splitlines()
    return [line.removeprefix(mark).strip() for line in lines if line.startswith(mark)]


if __name__ == "__main__":
    main()
