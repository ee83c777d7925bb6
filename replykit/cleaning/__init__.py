"""Separates what a sender wrote now from quoted mail and the signature."""

from __future__ import annotations

import re
import unicodedata

from replykit.cleaning.quotes import quoted_lines
from replykit.cleaning.signatures import signature_lines

# Marks of no width, which some programs set before a header or a quotation.
_INVISIBLE = re.compile("[\u200b-\u200f\ufeff]")
_BLANK_LINES = re.compile(r"\n{3,}")


def split(text: str) -> tuple[str, str, str]:
    """A mail's text in three: what the sender wrote now, quoted mail, and the signature.

    Every line that is not blank is in one of them, in its order. What cannot be told for sure is
    text: a quoted line too much is a nuisance, a customer's line too few a lost question.
    """
    raw = text.split("\n")
    # Some systems write ä as a and two dots; the words to compare with have it in one.
    plain = text if text.isascii() else unicodedata.normalize("NFC", text)
    plain = plain if plain.isascii() else _INVISIBLE.sub("", plain)
    keys = [line.strip() for line in plain.split("\n")]
    quoted = quoted_lines(keys)
    signed = signature_lines(keys, raw, quoted)
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    part = 0
    for line, key, is_quoted, is_signed in zip(raw, keys, quoted, signed, strict=True):
        if key:  # a blank line goes with what stands above it
            part = 1 if is_quoted else 2 if is_signed else 0
        parts[part].append(line.rstrip())
    now, old, signature = map(_joined, parts)
    return now, old, signature


def _joined(lines: list[str]) -> str:
    text = "\n".join(lines).strip()
    return _BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text
