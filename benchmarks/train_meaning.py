"""Learns what tells a bad sentence of a reply by its meaning.

    python benchmarks/train_meaning.py [--data DIR] [--cache DIR] [--write]

Reads benchmarks/meaning/FAMILY.LANG.txt (a line is a sentence: `- ` bad, `+ ` good though it
looks alike), neutral.LANG.txt and replies.LANG.txt (sentences of good mails), mails.LANG.txt (whole
mails, the mark of a sentence before a tab: a family, `~FAMILY` for one that only looks like it, or
`good`) and the starter library's sentences. The last layers of the embedded model are tuned on them
(classes.py, for the extra `models`), and a linear model over hashed n-grams stands beside it.
Prints precision and recall by family and language from five runs that leave a fifth of the cases
out; near-duplicates, also across languages, are left out together. The limits weigh what is found
against false alarms on good sentences: those left out, those of the drafts' good twins and, with
--data, of real service mails. Customers' messages in --data are learnt from for what the vectors
said before they were tuned. With --write, replykit/data/meaning.npz. With --cache, a run that was
stopped goes on where it was: six times a quarter of an hour are a long time.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from classes import HYPERPARAMETERS, SCALE, TUNED, Network, tune
from meaning_cases import GOOD, ROOT, Case, cases, good_sentences, library_cases, messages
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.linear_model import LogisticRegression
from tuning import States, Weights, layers_name
from views import counted, embedded, rarity, weighed

from replykit.checking.meaning import BITS
from replykit.encoder.nano import NanoEncoder, weights_digest, weights_file
from replykit.encoder.tuned import open_layers

TARGET = ROOT / "replykit" / "data" / "meaning.npz"
# A cosine from which on two sentences say the same.
SAME = 0.75
FOLDS = 5
BLOCK = 2000
# How much the linear model counts beside the tuned one.
BESIDE = 0.5
# How many bad sentences of each family and language a finding may quote, and how long ones.
SHOWN, LONGEST_SHOWN = 120, 90
# How many bad sentences that are found are worth one false alarm: on a sentence that was written to
# look alike, on one of an ordinary mail, and on one of a real or complete mail.
ALIKE, ORDINARY, REAL = 2.0, 10.0, 60.0
# How far a limit lies above the least sure of what it finds, in log-odds: sentences that no limit
# was set by lie on either side of it, and weights that are stored in eight bits blur it.
MARGIN = 0.25


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
class Words:
    """A linear model over n-grams: each family's weights against a good sentence, and their idf."""

    grams: NDArray
    rarity: NDArray

    def scores(self, rows: csr_matrix) -> NDArray:
        """Each family's log-odds against a good sentence (n, families), less what all share."""
        return np.asarray(weighed(rows, self.rarity) @ self.grams)


def fit_words(rows: csr_matrix, labels: NDArray[np.str_], families: list[str]) -> Words:
    """Learns from counts (n, 2 · 2**BITS) and labels; the limits take the place of a bias."""
    idf = rarity(rows)
    linear = LogisticRegression(C=10.0, max_iter=300).fit(weighed(rows, idf), labels)
    names = list(linear.classes_)
    chosen = [names.index(family) for family in families]
    table = (linear.coef_[chosen] - linear.coef_[names.index(GOOD)]).T
    return Words(table * BESIDE, idf)


@dataclass(frozen=True)
class Learner:
    """All that there is to learn from; classes count from 1, 0 is good, -1 has none."""

    weights: Weights
    texts: list[str]
    states: States
    classes: NDArray[np.int64]
    vectors: NDArray[np.float32]
    mean: NDArray[np.float32]
    cache: Path | None

    def network(self, chosen: NDArray[np.int64], name: str) -> Network:
        """A network that has learnt from the chosen texts, or that of an earlier run."""
        network = Network(self.weights, self.mean, int(self.classes.max()) + 1)
        told = [self.texts[number] for number in chosen], self.classes[chosen].tolist()
        digest = hashlib.sha256(repr((HYPERPARAMETERS, *told)).encode()).hexdigest()[:16]
        kept = self.cache / f"network-{digest}.pt" if self.cache else None
        if kept and kept.exists():
            network.load_state_dict(torch.load(kept))
        else:
            tune(
                network, self.states, chosen, self.classes, self.vectors,
                lambda line: print(f"{name}, {line}", flush=True),
            )  # fmt: skip
            if kept:
                torch.save(network.state_dict(), kept)
        network.round()
        return network

    def scores(self, network: Network, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
        """Each family's log-odds against a good sentence (n, families)."""
        return against_good(network, network.run(self.states, chosen))

    def shipped(self, network: Network, texts: list[str]) -> NDArray[np.float32]:
        """The same of any texts, by the engine that people run: it rounds what it computes."""
        start, layers = self.weights.tail(list(network.layers))
        model, name = weights_digest(weights_file()), layers_name(layers)
        encoder = open_layers("meaning", model, name, lambda: (start, layers.tobytes()))
        return against_good(network, encoder.encode(texts))


def against_good(network: Network, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each family's log-odds against a good sentence (n, families) by vectors."""
    odds = network.odds(torch.from_numpy(vectors)).detach().numpy()
    return odds[:, 1:] - odds[:, :1]


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


def report(items: list[Case], families: list[str], held_out: NDArray, limits: NDArray) -> None:
    """Prints what is found of the cases that were left out, and what is wrongly found."""
    labels = np.array([case.label for case in items])
    langs = np.array([case.lang for case in items])
    alike = np.array([case.is_alike for case in items])
    in_mails = np.array([case.source == "mails" for case in items])
    good = labels == GOOD
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
        for name, chosen in (("all", here), ("in whole mails", here & in_mails)):
            print(f"{name}, {lang}: {fires[chosen].any(axis=1).mean():.2f} of {chosen.sum()}")
    for name, chosen in (
        ("look alike", good & alike),
        ("neutral", good & ~alike),
        ("in whole mails", good & in_mails),
    ):
        print(f"false alarms, {name}: {fires[chosen].any(axis=1).sum()} of {chosen.sum()}")


def report_outside(
    real: dict[str, list[str]], families: list[str], scores: NDArray, limits: NDArray
) -> None:
    """Prints what is wrongly found in good mails that nothing was learnt from."""
    start = 0
    for name, found in real.items():
        part = scores[start : start + len(found)]
        surest = part.argmax(axis=1)
        alarms = part[np.arange(len(part)), surest] > limits[surest]
        counts = Counter(families[number] for number in surest[alarms])
        print(f"false alarms, {name}: {alarms.sum()} of {len(found)} {dict(counts)}")
        start += len(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with mail_templates, to measure on")
    parser.add_argument("--cache", type=Path, help="a folder to keep what was computed in")
    parser.add_argument("--write", action="store_true", help="write replykit/data/meaning.npz")
    given = parser.parse_args()
    if given.cache:
        given.cache.mkdir(parents=True, exist_ok=True)
    items = [*cases(), *library_cases()]
    real = good_sentences(given.data)
    outside = [text for found in real.values() for text in found]
    texts = [case.text for case in items] + outside + (messages(given.data) if given.data else [])
    # As they are before anything is tuned.
    known = embedded(texts, NanoEncoder(), given.cache and given.cache / "vectors.npz")
    labels = np.array([case.label for case in items])
    alike = np.array([case.is_alike for case in items])
    families = sorted(set(labels) - {GOOD})
    classes = np.full(len(texts), -1)
    classes[: len(items)] = [([GOOD, *families]).index(label) for label in labels]
    weights = Weights(weights_file())
    learner = Learner(
        weights,
        texts,
        States(weights, texts, given.cache, TUNED),
        classes,
        known,
        NanoEncoder().mean(),
        given.cache,
    )
    numbers = np.arange(len(texts))
    # Good mails are measured on and never learnt from.
    others = numbers[len(items) + len(outside) :]

    rows, outside_rows = (counted(part, BITS) for part in (texts[: len(items)], outside))
    fold = folds(items, known[: len(items)])
    held_out = np.zeros((len(items), len(families)), dtype=np.float32)
    for number in range(FOLDS):
        left, rest = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        network = learner.network(np.concatenate([rest, others]), f"run {number + 1}")
        words = fit_words(rows[rest], labels[rest], families)
        held_out[left] = learner.scores(network, left) + words.scores(rows[left])
    network = learner.network(np.concatenate([numbers[: len(items)], others]), "the whole")
    words = fit_words(rows, labels, families)
    outside_scores = learner.shipped(network, outside) + words.scores(outside_rows)
    good = labels == GOOD
    good_scores = np.vstack([held_out[good], outside_scores])
    costs = np.concatenate([np.where(alike[good], ALIKE, ORDINARY), np.full(len(outside), REAL)])
    limits = thresholds(held_out, ~good, good_scores, costs)

    report(items, families, held_out, limits)
    report_outside(real, families, outside_scores, limits)
    if given.write:
        write(learner, network, words, limits, weights_digest(weights_file()), families, items)


def write(
    learner: Learner, network: Network, words: Words, limits: NDArray, model: str,
    families: list[str], items: list[Case],
) -> None:  # fmt: skip
    """The data file of the package."""
    # A finding quotes the known sentence that it is nearest to: a short one says enough.
    shown = np.array(
        [
            number
            for family in families
            for lang in ("en", "fi")
            for number in [
                number
                for number, case in enumerate(items)
                if (case.label, case.lang) == (family, lang) and len(case.text) <= LONGEST_SHOWN
            ][:SHOWN]
        ]
    )
    scale = np.abs(words.grams).max(axis=0) / 127
    head, bias = network.head.weight.detach().numpy(), network.head.bias.detach().numpy()
    start, layers = learner.weights.tail(list(network.layers))
    np.savez_compressed(
        TARGET,
        model=model,
        name=layers_name(layers),
        start=start,
        layers=layers,
        back=network.back.weight.detach().numpy().T.astype(np.float16),
        families=families,
        out=(SCALE * (head[1:] - head[:1]).T).astype(np.float16),
        grams=np.round(words.grams / scale).astype(np.int8),
        gram_scale=scale.astype(np.float32),
        rarity=words.rarity.astype(np.float16),
        bias=(bias[1:] - bias[0]).astype(np.float32),
        limits=limits.astype(np.float32),
        examples=[items[number].text for number in shown],
        langs=[items[number].lang for number in shown],
        labels=[items[number].label for number in shown],
        # Which example is nearest is told well enough in eight bits.
        vectors=np.clip(np.round(network.run(learner.states, shown) * 400), -127, 127).astype(
            np.int8
        ),
    )


if __name__ == "__main__":
    main()
