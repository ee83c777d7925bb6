"""What one sign says of a mail: for which kind it speaks, and how strongly."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    """A sign that a machine wrote a mail (`kind` auto_reply, bounce, bulk, system or spam) or that
    a person did (`person`).

    `group` says what of a mail it is a sign of; those of some groups together weigh no more than
    their limit in LIMITS, for they say the same in several ways. `reason` is a line for people.
    """

    kind: str
    weight: float
    reason: str
    group: str = ""


# How a mail was sent tells little of who wrote it: people write by newsletter tools, through
# lists, and behind helpdesks that mark all they send as automatic.
LIMITS = {
    "sent in bulk": 4.0,
    "footer": 3.0,
    "sent by a program": 4.0,
    "noreply": 2.5,
    "of a tracker": 4.0,
}


def total(signs: Iterable[Sign], groups: Container[str] | None = None) -> float:
    """The weight of signs together, each group within its limit; of some groups alone, if given."""
    sums: dict[str, float] = {}
    for sign in signs:
        if groups is None or sign.group in groups:
            sums[sign.group] = sums.get(sign.group, 0.0) + sign.weight
    return sum(min(weight, LIMITS.get(group, weight)) for group, weight in sums.items())
