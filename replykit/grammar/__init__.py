"""LanguageTool: its installation, its server, and what it finds in a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Match:
    """What LanguageTool reports: where (offsets in code points, end exclusive), by which of its
    rules, and what to write instead. `kind` is its issue type: misspelling, grammar, …"""

    start: int
    end: int
    rule: str
    category: str
    kind: str
    message: str
    replacements: tuple[str, ...] = ()
