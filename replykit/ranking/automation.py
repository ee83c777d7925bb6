"""Says which messages may be answered without a person, and from what sample that is known.

A precision is promised from a confidence on, and only where the exact (Clopper-Pearson) lower
bound of what was measured holds at 95 %. The best of many such bounds would promise too much, so
the sample is read from the top in fixed steps, and the search ends at the first step that does
not hold: each step is tested only if all above it held, and then the chance that any promise is
wrong stays at 5 % (a fixed sequence of tests). Where it starts depends on sizes alone: a search
that begins where a single error ends it finds nothing in most libraries.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RISK = 0.05  # of a promise that does not hold
OUTSIDE_SHARE = 0.2  # of messages that nothing answers: 10 to 20 % of a queue do not belong there
_STEPS = 20
# The search starts where so many errors could be forgiven, or at this share of the sample where
# that is earlier: in simulations, best of what was tried for 500 to 3,000 messages.
_FORGIVEN, _START_SHARE = 3, 0.2
_MOST = 10**7  # messages; beyond that nobody labels
_MOST_TERMS, _EXACT, _TINY = 10_000, 1e-12, 1e-300


@dataclass(frozen=True)
class Measured:
    """Messages whose right answer is known, each as the library ranks it without itself.

    `confidence`, `right` and `weight` are (n,); `labelled` is how many of them somebody
    labelled (the others stand in for messages that nothing answers).
    """

    confidence: Array
    right: Array
    weight: Array
    labelled: int


@dataclass(frozen=True)
class Promise:
    """The lowest confidence from which `precision` is promised, or what keeps it from being.

    `more` is how many further labelled messages it takes at least, None where no number would
    do: `best` is then the highest precision that was measured.
    """

    precision: float
    threshold: float | None = None
    more: int | None = None
    best: float = 0.0

    def holds(self, confidence: float) -> bool:
        """Whether a message of this confidence may be answered without a person."""
        return self.threshold is not None and confidence >= self.threshold

    def __str__(self) -> str:
        asked = f"{self.precision:.6g}"
        if self.threshold is not None:
            return f"--auto {asked}: promised from a confidence of {self.threshold:.4f} on"
        if self.more is None:
            return (
                f"--auto {asked}: the library is not that precise, and more labelled messages "
                f"alone will not make it so (measured: at best {self.best:.4g})"
            )
        return (
            f"--auto {asked}: cannot be promised yet; as precise as the library is now, it takes "
            f"at least {self.more} more labelled messages (examples, or lines of _none.jsonl)"
        )


def checked(precision: float) -> float:
    """The precision, where it is one that can be asked for. Raises ReplyKitError."""
    if not 0.5 < precision < 1:
        raise ReplyKitError(f"--auto {precision}: give a number between 0.5 and 1, as 0.98")
    return precision


def promise(measured: Measured, precision: float) -> Promise:
    """The lowest threshold from which `precision` holds on what was measured."""
    steps, least = _steps(measured), needed(1.0, precision)
    if not steps:
        return Promise(precision, more=least)
    forgiving = _least(lambda count: is_proven(count - _FORGIVEN, count, precision))
    threshold, failed = None, []
    for step in steps:
        failed.append(step)
        if step.size >= forgiving or (step.size >= least and not step.is_early):
            if not is_proven(step.right, step.size, precision):
                break
            threshold = step.threshold
    if threshold is not None:
        return Promise(precision, threshold)
    return _unproven(failed, measured.labelled, precision, forgiving)


def _unproven(
    failed: Sequence[_Step], labelled: int, precision: float, forgiving: float
) -> Promise:
    """What it would take, at the rates of the steps that were not enough."""
    best = max(step.rate for step in failed)
    growth = min(
        # A step above the share where a search starts is reached once it forgives errors.
        max(needed(step.rate, precision), forgiving if step.is_early else 0) / step.size
        for step in failed
    )
    if growth * failed[-1].size > _MOST:
        return Promise(precision, best=best)
    # Stand-ins grow with what is labelled.
    return Promise(precision, more=math.ceil((growth - 1) * labelled - 1e-6), best=best)


@dataclass(frozen=True)
class _Step:
    """All measured messages from a confidence on: how many, what share of all, how many right."""

    threshold: float
    size: float
    share: float
    right: float

    @property
    def rate(self) -> float:
        return self.right / self.size

    @property
    def is_early(self) -> bool:
        """Whether it is above the share where a search starts."""
        return self.share < _START_SHARE - 1e-9


def _steps(measured: Measured) -> list[_Step]:
    """Growing parts of the sample from the top; equal confidences are never parted.

    Sizes are effective ones, (sum of weights)² / (sum of squares): weights that differ are worth
    less than as many alike.
    """
    import numpy as np

    order = np.argsort(-measured.confidence, kind="stable")
    confidence, weight = measured.confidence[order], measured.weight[order]
    if not len(order):
        return []
    sums = np.cumsum(weight)
    squares, right = np.cumsum(weight**2), np.cumsum(weight * measured.right[order])
    ends = np.searchsorted(sums, sums[-1] * np.arange(1, _STEPS + 1) / _STEPS - 1e-9)
    lowest = confidence[np.minimum(ends, len(order) - 1)]
    last = np.unique(np.searchsorted(-confidence, -lowest, side="right") - 1)
    found = []
    for place in last.tolist():
        size, share = sums[place] ** 2 / squares[place], sums[place] / sums[-1]
        rate = right[place] / sums[place]
        found.append(_Step(float(confidence[place]), float(size), float(share), float(size * rate)))
    return found


def needed(rate: float, precision: float) -> int:
    """How many messages prove `precision` at this rate of right ones, more than _MOST if none do.

    With every one right that is ln(RISK) / ln(precision).
    """
    return _least(lambda count: is_proven(rate * count, count, precision))


def _least(holds: Callable[[int], bool]) -> int:
    """The smallest count for which it holds, given that it then holds for all above."""
    low, high = 0, 1
    while high <= _MOST and not holds(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def is_proven(right: float, size: float, precision: float) -> bool:
    """Whether the exact one-sided lower bound of `right` of `size` is `precision` or above.

    That is so where at most RISK of such samples would be as good at `precision` itself: a tail
    of the binomial distribution, as incomplete beta function, which allows of fractions.
    """
    if right <= 0:
        return False
    return incomplete_beta(right, max(size - right, 0.0) + 1.0, precision) <= RISK


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction."""
    if x > (a + 1) / (a + b + 2):  # converges faster from the other side
        return 1.0 - incomplete_beta(b, a, 1.0 - x)
    factor = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    factor = math.exp(factor + a * math.log(x) + b * math.log1p(-x)) / a
    numerator, denominator = 1.0, 1.0 / _not_zero(1.0 - (a + b) * x / (a + 1))
    result = denominator
    for n in range(1, _MOST_TERMS):
        for term in (
            n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n)),
            -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1)),
        ):
            denominator = 1.0 / _not_zero(1.0 + term * denominator)
            numerator = _not_zero(1.0 + term / numerator)
            result *= numerator * denominator
        if abs(numerator * denominator - 1.0) < _EXACT:
            break
    return factor * result


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
