"""A response as its file says it, what it must know, and what is wrong with its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from replykit.config import CHANNELS

RESERVED_NAMES = frozenset(
    {"customer", "agent", "message", "channel", "lang", "formal", "now", "id"}
)
STATUSES = ("draft", "live", "retired")


@dataclass(frozen=True)
class Detail:
    """Something that must (or may) be known before a reply can go out."""

    name: str
    description: str = ""
    pattern: str = ""
    ask: str = ""
    required: bool = True
    default: str = ""


@dataclass(frozen=True)
class Response:
    """One reply in one language, as its file says it."""

    id: str
    lang: str
    path: str
    title: str
    body: str
    body_line: int
    subject: str = ""
    examples: tuple[str, ...] = ()
    channels: tuple[str, ...] = CHANNELS
    tags: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    follow_up: tuple[str, ...] = ()
    status: str = "live"
    valid_from: date | None = None
    valid_until: date | None = None
    owner: str = ""
    review_by: date | None = None
    lint_ignore: tuple[str, ...] = ()
    example_lines: tuple[int, ...] = ()
    key_lines: Mapping[str, int] = field(default_factory=dict)

    def line(self, key: str) -> int:
        """The line of a front-matter key, 1 where it is not there."""
        return self.key_lines.get(key, 1)


@dataclass(frozen=True, order=True)
class Problem:
    """A fault in the library: its file (relative to the library), its line, and what to do."""

    path: str
    line: int
    message: str
    severity: str = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"
