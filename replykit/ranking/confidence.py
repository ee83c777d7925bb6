"""From a ranking to the chance that its first response is right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from replykit.ranking.scores import Ranking

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RIVALS = 5  # that the first response is held against
FEATURES = ("margin", "decision", "nearest", "crowd")
# How much each tells of a first response being right, in units of its spread in the library:
# rounded from what was fitted on BANKING77, MASSIVE and Bitext, ten examples an intent, a third
# of the intents left out as messages that nothing answers. Fitted inside each library, the
# weights were not better, and worse where the library's examples are all alike.
# That of the crowd, which is 0 where the library has no `_none.jsonl`, was chosen on the starter
# library with 450 messages that nothing answers: more of it knows those better still, and right
# answers from wrong ones worse.
_WEIGHTS = (1.0, 0.6, 0.6, 2.0)
# What a message that nothing answers counts that is nearer than the first response, and how sharply
# it begins to: see `Calibration.evidence`.
_OUTSIDE, _SHARPNESS = 5.0, 8.0


@dataclass(frozen=True)
class Calibration:
    """From a ranking to the chance that its first response is right.

    `centre` and `spread` are of each of FEATURES among the library's own examples, each ranked
    without itself; `level` is a logistic curve's slope and constant over their weighted sum.
    `kept` are confidences of right answers in rising order: what `abstain` counts in. The values
    here are for libraries too small to have their own; in those the crowd counts next to nothing,
    for what is usual depends on how many rows there are.
    """

    centre: tuple[float, ...] = (0.6, 0.9, 0.9, 0.0)
    spread: tuple[float, ...] = (0.7, 0.35, 0.3, 1000.0)
    level: tuple[float, float] = (0.7, 0.7)
    kept: tuple[float, ...] = ()

    def confidence(self, values: Sequence[float]) -> float:
        """The chance for a ranking's `features`, between 0 and 1."""
        slope, constant = self.level
        exponent = slope * self.evidence(values) + constant
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, exponent))))

    def evidence(self, values: Sequence[float]) -> float:
        """The features as one number; what rises with it rises with the confidence.

        The last value is by how much a message that nothing answers is nearer than the first
        response. It counts _OUTSIDE times, and a little where both are about as near: a corner in
        place of the curve knew strangers worse (AUROC with BANKING77 0.926, with the curve 0.939;
        MASSIVE Finnish 0.794 and 0.811; strangers of a kind that was not listed as before).
        """
        *own, excess = values
        parts = zip(_WEIGHTS, own, self.centre, self.spread, strict=True)
        found = sum(weight * (value - centre) / spread for weight, value, centre, spread in parts)
        nearer = math.log1p(math.exp(_SHARPNESS * excess)) / _SHARPNESS
        return found - _OUTSIDE * nearer / self.spread[FEATURES.index("nearest")]

    def abroad(self) -> Calibration:
        """For messages in a language that no example is written in, whose similarities are lower
        all over: what kept the confidence level on MASSIVE, in both directions."""
        slope, constant = self.level
        return replace(self, level=(slope, constant + _ABROAD * slope))

    def threshold(self, abstain: float) -> float:
        """The confidence below which only the share `abstain` of right answers lies."""
        if not self.kept:
            return _DEFAULT_THRESHOLD
        return self.kept[int(abstain * (len(self.kept) - 1))]


_DEFAULT_THRESHOLD = 0.35
_ABROAD = 0.6  # of `evidence`
_FAR = 9.0  # beyond any difference of similarities
_ALONE = 2.0  # the decision against a rival that is not there


def features(ranking: Ranking, order: Sequence[int] | NDArray[Any]) -> tuple[float, ...]:
    """What the confidence is made of (FEATURES), then by how much what nothing answers is nearer.

    Of the first response: its narrowest decision against its rivals, its mean decision, and the
    similarity of its nearest row; of all rows, how they crowd about the message. `order` holds
    what may be named.
    """
    first, *rivals = (int(number) for number in order[: _RIVALS + 1])
    rivals = [number for number in rivals if ranking.rows[number] >= 0]
    nearest = float(ranking.nearest[first])
    return (
        min(ranking.against(first, rivals), default=_ALONE),
        _mean_decision(ranking, first),
        nearest,
        ranking.crowd,
        max(-_FAR, min(_FAR, ranking.outside - nearest)) if math.isfinite(nearest) else 0.0,
    )


def _mean_decision(ranking: Ranking, first: int) -> float:
    """How clearly the response beats all others on average."""
    taught = ranking.taught.tolist()
    if first in taught and len(taught) > 1:
        return math.fsum(ranking.decisions[taught.index(first)]) / (len(taught) - 1)
    known = [value for value in ranking.close.tolist() if math.isfinite(value)]
    return (float(ranking.close[first]) - math.fsum(known) / len(known)) / ranking.spread
