"""Text as a terminal may show it: nothing that it would obey, and styles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from replykit.patterns import prepared

_ESCAPES = prepared(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)

Style = Callable[..., str]


def printable(text: str) -> str:
    """The text without anything that a terminal would obey rather than show."""
    return _ESCAPES.sub("", text)


def plain(text: str, **_: Any) -> str:
    """A style that adds nothing."""
    return text


def shortened(text: str, width: int) -> str:
    """The text on one line, cut to so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"
