"""Finds where words of a rendered line stand in the template's own."""

from __future__ import annotations

import re

# A line of a template: what it puts out, what it does, and words as they are.
_PIECE = re.compile(r"(\{\{.*?\}\})|(\{%.*?%\}|\{#.*?#\})")


def source_span(line: str, start: int, end: int, source: str, body: int) -> tuple[int, int] | None:
    """The span in the source, from `body` on, of a piece of a rendered line, where a line of the
    template has all the words of that line around what it puts out. None where no line has."""
    at = body
    for own in source[body:].split("\n"):
        if "{{" in own and (found := _aligned(own, line, start, end)):
            return at + found[0], at + found[1]
        at += len(own) + 1
    return None


def _aligned(own: str, line: str, start: int, end: int) -> tuple[int, int] | None:
    pattern, spans, last = "", [], 0
    for piece in _PIECE.finditer(own):
        if words := own[last : piece.start()]:
            pattern += f"({re.escape(words)})"
            spans.append((last, piece.start()))
        if piece[1]:
            pattern += "(.*?)"
            spans.append(piece.span())
        last = piece.end()
    if words := own[last:]:
        pattern += f"({re.escape(words)})"
        spans.append((last, len(own)))
    # A line that only puts something out would be any line.
    if not re.search(r"\w", _PIECE.sub("", own)):
        return None
    match = re.fullmatch(pattern, line)
    if not match:
        return None
    first = next(n for n in range(1, len(spans) + 1) if match.end(n) > start)
    final = next(n for n in range(len(spans), 0, -1) if match.start(n) < max(end, start + 1))
    return (
        _within(match.span(first), spans[first - 1], own, start, begins=True),
        _within(match.span(final), spans[final - 1], own, end, begins=False),
    )


def _within(
    rendered: tuple[int, int], written: tuple[int, int], own: str, place: int, *, begins: bool
) -> int:
    """A place of a rendered piece in the template: exact in words, an edge of what is put out."""
    if own.startswith("{{", written[0]):
        return written[0] if begins else written[1]
    return written[0] + min(place, rendered[1]) - rendered[0]
