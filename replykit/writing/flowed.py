"""Writes text as format=flowed (RFC 3676): long lines broken so that a reader can join them."""

from __future__ import annotations

import re

# RFC 3676 advises at most 78; 72 leaves room for the marks of a few further quotations.
WIDTH = 72
SEPARATOR = "-- "
_WORDS = re.compile(" *[^ ]+ *")


def flowed(text: str, quoted: bool = False) -> str:
    """The text as flowed lines, each behind a `>` where it is quoted.

    A blank at the end of a line says that the next one continues it, so those that stand there
    are taken away first. What would be read as a mark at the beginning gets a blank before it.
    """
    lines = [row for line in text.split("\n") for row in _rows(line.rstrip(" "))]
    return "\n".join(_quoted(row) if quoted else _stuffed(row) for row in lines)


def _rows(line: str) -> list[str]:
    """A line in pieces, all but the last with a blank at their end; a long word stays whole."""
    if line == "--":
        return [SEPARATOR]
    rows, row = [], ""
    for word in _WORDS.findall(line):
        # A row `-- ` alone would begin a signature.
        if row and row != SEPARATOR and len(row) + len(word.rstrip(" ")) > WIDTH:
            rows.append(row)
            row = ""
        row += word
    return [*rows, row]


def _stuffed(row: str) -> str:
    return f" {row}" if row.startswith((" ", ">", "From ")) else row


def _quoted(row: str) -> str:
    return f"> {row}" if row else ">"
