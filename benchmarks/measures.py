"""Splits of labelled messages, and the figures that say how good a ranking of them is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 10
PRECISION = 0.98


@dataclass(frozen=True)
class Item:
    """A labelled message, in every language that it is there in."""

    label: str
    texts: dict[str, str]

    def wordings(self) -> set[str]:
        """What makes two messages the same one: their words in any language."""
        return {" ".join(text.casefold().split()) for text in self.texts.values()}


@dataclass(frozen=True)
class Split:
    """Numbers of the items that are learnt from (in random order), and of those that are asked."""

    train: list[int]
    test: list[int]


def split(items: Sequence[Item], tests: int, seed: int) -> Split:
    """Holds out up to `tests` items, each label by its share and at most half of its items.

    No text of the rest, in any language, is also a text that was held out.
    """
    order = np.random.default_rng(seed).permutation(len(items)).tolist()
    members: dict[str, list[int]] = {}
    for number in order:
        members.setdefault(items[number].label, []).append(number)
    wanted = quotas({label: len(numbers) for label, numbers in sorted(members.items())}, tests)
    test = [n for label in sorted(members) for n in members[label][: wanted[label]]]
    held = set(test)
    seen = {text for number in test for text in items[number].wordings()}
    rest = [n for n in order if n not in held and seen.isdisjoint(items[n].wordings())]
    return Split(rest, test)


def quotas(sizes: dict[str, int], total: int) -> dict[str, int]:
    """Shares out `total` by size (largest remainder), to none more than half of its size."""
    share = min(1.0, total / max(1, sum(sizes.values())))
    given = {label: min(int(share * size), size // 2) for label, size in sizes.items()}
    by_remainder = sorted(sizes, key=lambda label: given[label] - share * sizes[label])
    for label in by_remainder:
        if sum(given.values()) < total and given[label] < sizes[label] // 2:
            given[label] += 1
    return given


def few(items: Sequence[Item], numbers: Sequence[int], shots: int | None) -> list[int]:
    """The first `shots` numbers of each label (None: all), label by label."""
    chosen: dict[str, list[int]] = {}
    for number in numbers:
        own = chosen.setdefault(items[number].label, [])
        if shots is None or len(own) < shots:
            own.append(number)
    return [number for label in sorted(chosen) for number in chosen[label]]


def left_out(labels: Collection[str], seed: int) -> set[str]:
    """A third of the labels, by chance."""
    names = sorted(set(labels))
    order = np.random.default_rng([seed, 3]).permutation(len(names))
    return {names[number] for number in order[: len(names) // 3]}


def ece(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error, in ten bins that hold as many messages each."""
    order = np.argsort(confidence, kind="stable")
    sure, hit = np.asarray(confidence, float)[order], np.asarray(right, float)[order]
    gaps = [
        len(part) * abs(sure[part].mean() - hit[part].mean())
        for part in np.array_split(np.arange(len(order)), BINS)
        if len(part)
    ]
    return float(sum(gaps) / len(order))


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """The chance that a score from inside is above one from outside; equal ones count half."""
    below = np.sort(np.asarray(outside, float))
    less = np.searchsorted(below, inside, side="left")
    equal = np.searchsorted(below, inside, side="right") - less
    return float((less + equal / 2).sum() / (len(inside) * len(outside)))


def coverage(
    confidence: Sequence[float],
    right: Sequence[bool],
    inside: Sequence[bool] | None = None,
    precision: float = PRECISION,
) -> float:
    """The largest share of messages, by falling confidence, of which `precision` are right.

    The cut is a threshold: messages of one confidence stay together. Messages that are not
    `inside` are errors where they are taken, and the share is of those inside.
    """
    sure, hit = np.asarray(confidence, float), np.asarray(right, bool)
    counted: NDArray[Any] = np.ones(len(sure), bool) if inside is None else np.asarray(inside, bool)
    order = np.argsort(-sure, kind="stable")
    taken = np.arange(1, len(order) + 1)
    good = np.cumsum(hit[order] & counted[order]) >= precision * taken - 1e-9
    last_of_its_confidence = np.append(np.diff(sure[order]) != 0, True)
    cuts = np.flatnonzero(good & last_of_its_confidence)
    if not len(cuts):
        return 0.0
    return float(counted[order][: cuts[-1] + 1].sum() / counted.sum())
