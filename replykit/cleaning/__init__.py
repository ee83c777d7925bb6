"""Separates what a sender wrote now from quoted mail and the signature."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from replykit.cleaning.quotes import quoted_lines
from replykit.cleaning.signatures import signature_lines

# Marks of no width, which some programs set before a header or a quotation.
_INVISIBLE = re.compile("[\u200b-\u200f\ufeff]")
_BLANK_LINES = re.compile(r"\n{3,}")


OWN, QUOTED, SIGNED = 0, 1, 2


def split(text: str) -> tuple[str, str, str]:
    """A mail's text in three: what the sender wrote now, quoted mail, and the signature.

    Every line that is not blank is in one of them, in its order. What cannot be told for sure is
    text: a quoted line too much is a nuisance, a customer's line too few a lost question.
    """
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    for part, line in marked_lines(text):
        parts[part].append(line.rstrip())
    now, old, signature = map(_joined, parts)
    return now, old, signature


def marked_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line of a mail's text with what it is: OWN, QUOTED or SIGNED; a blank line goes with
    what stands above it."""
    raw = text.split("\n")
    # Some systems write ä as a and two dots; the words to compare with have it in one.
    plain = text if text.isascii() else unicodedata.normalize("NFC", text)
    plain = plain if plain.isascii() else _INVISIBLE.sub("", plain)
    keys = [line.strip() for line in plain.split("\n")]
    quoted = quoted_lines(keys)
    signed = signature_lines(keys, raw, quoted)
    part = OWN
    for line, key, is_quoted, is_signed in zip(raw, keys, quoted, signed, strict=True):
        if key:
            part = QUOTED if is_quoted else SIGNED if is_signed else OWN
        yield part, line


def _joined(lines: list[str]) -> str:
    text = "\n".join(lines).strip()
    return _BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text
