"""Prints what training gained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from replykit.ranking.fitting import Outcome
    from replykit.ranking.trial import Comparison


def training_json(outcome: Outcome) -> dict[str, Any]:
    """`replykit.train/1`."""
    found = outcome.comparison
    shares = None
    if found:
        shares = {
            "messages": found.messages,
            "before": _hits(found.before, found.messages),
            "after": _hits(found.after, found.messages),
            "gained": found.gained,
            "lost": found.lost,
            "p": found.p,
            "won": found.won,
        }
    written = None if outcome.written is None else str(outcome.written)
    return {"schema": "replykit.train/1", "comparison": shares, "written": written}


def _hits(right: tuple[int, int], messages: int) -> dict[str, float]:
    return {f"hit_{place}": round(n / messages, 4) for place, n in zip((1, 3), right, strict=True)}


def comparison(found: Comparison) -> str:
    """A table of held-out messages before and after."""
    lines = [f"{f'of {found.messages} held-out messages':<30}{'before':>8}{'after':>8}"]
    names = ("right reply first", "right reply among three")
    for name, old, new in zip(names, found.before, found.after, strict=True):
        lines.append(f"{name:<30}{old / found.messages:>8.1%}{new / found.messages:>8.1%}")
    return "\n".join(lines)
