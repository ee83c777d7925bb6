"""What the shape of a mail says: links and pictures of a page, or a letter from one person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message as Mail
from functools import cache
from pathlib import Path

from replykit.kinds.headers import is_program
from replykit.kinds.sign import Sign
from replykit.message import REPLY_PREFIX, Message
from replykit.patterns import prepared
from replykit.reading.headers import parameters, sender
from replykit.reading.parts import content_type
from replykit.reading.transfer import part_text
from replykit.understanding.names import person_name

_LINK = prepared(r"https?://|\bwww\.", re.IGNORECASE)
_MAX_HTML = 100_000
_MAX_DEPTH, _MAX_CHILDREN = 5, 20
_MANY_LINKS, _VERY_MANY_LINKS = 4, 9
_SHORT_LINE = 45
_MOST_LINES = 200
_MANY_LINES = 8
_ROW = prepared(r"[^\W\d_][^:\n]{1,40}:\s+\S[^\n]{0,60}$")
_AMOUNT = prepared(r"\S\s+-?\d[\d .,]{0,12}\d(?:\s?(?:€|eur|kr|sek|kpl|st|pcs|%))?$", re.IGNORECASE)
_EMOJI = prepared("[\u2600-\u27bf\U0001f300-\U0001faff]")
_SHORT = 120
_LETTERS = prepared(r"[^\W\d_]+")
_PLAIN = str.maketrans("åäöéèüøæáíóõšž", "aaoeeuoaaioosz")


def signs(mail: Mail, message: Message, html: str) -> Iterator[Sign]:
    """Signs of a page, or of a letter; asked for where a mail has signs of a machine."""
    linked = html.count('href="http') + html.count("<img")
    links = max(len(_LINK.findall(message.text[:_MAX_HTML])), linked)
    words = len(message.text.split())
    if links >= _MANY_LINKS:
        weight = 2.0 if links < _VERY_MANY_LINKS else 3.0
        yield Sign("bulk", weight, f"{links} links and pictures", "page")
    yield from _layout(message)
    name, address = sender(mail)
    letter = []
    if _is_own_address(name, address.partition("@")[0]):
        letter.append(Sign("person", 2.0, f"From: {name[:60]}, whose own address it is", "letter"))
    first = person_name(message.sender_name).partition(" ")[0]
    if first and first in f"{message.text[-120:]}\n{message.signature[:200]}":
        # A firm signs, too; what nobody is called counts for less.
        weight = 1.5 if first.lower() in first_names() else 0.5
        letter.append(Sign("person", weight, f"signed by {first[:40]}", "letter"))
    named = message.sender_name if " " in message.sender_name else ""
    if named and is_program(address.partition("@")[0]) and named in message.text:
        letter.append(Sign("person", 4.0, f"sent by a device, signed by {named[:40]}", "letter"))
    if letter and not links and 0 < words <= _SHORT:
        letter.append(Sign("person", 1.0, "short, without links", "letter"))
    yield from letter


def is_from_nobody(message: Message) -> bool:
    """Whether the sender is named, and not as a person is, and answers nothing."""
    names = message.sender_name.lower().replace("-", " ").split()
    known = first_names()
    local = message.sender_address.partition("@")[0].lower()
    parts = {*names, *_LETTERS.findall(local)}
    return not (REPLY_PREFIX.match(message.subject) or parts & known)


@cache
def first_names() -> frozenset[str]:
    """Common first names, in small letters."""
    text = Path(__file__).parents[1].joinpath("data", "first_names.txt").read_text("utf-8")
    return frozenset(text.split())


def _layout(message: Message) -> Iterator[Sign]:
    """Headings, rows of values and short lines: what programs and editors write."""
    lines = [line.strip() for line in message.text.split("\n")[:_MOST_LINES] if line.strip()]
    rows = sum(1 for line in lines if _ROW.match(line))
    amounts = sum(1 for line in lines if _AMOUNT.search(line))
    if rows >= 3 or amounts >= 3:
        weight = 2.0 + (2 * max(rows, amounts) > len(lines))
        yield Sign("system", weight, f"{max(rows, amounts)} rows of values", "page")
    headings = sum(1 for line in lines if line.isupper() and len(line.split()) > 1)
    if headings and len(lines) > 2 * headings:
        yield Sign("bulk", 0.5 if headings == 1 else 1.0, "headings in capitals", "page")
    short = sum(1 for line in lines if len(line) < _SHORT_LINE and line[-1] not in ".,!?:;")
    if len(lines) >= _MANY_LINES and short * 2 > len(lines):
        yield Sign("system" if rows >= 3 else "bulk", 1.0, "mostly short lines", "page")
    if _EMOJI.search(message.subject):
        yield Sign("bulk", 1.0, "a picture in the subject", "page")


def _is_own_address(name: str, local: str) -> bool:
    """Whether a person's name stands in the part of the address before the @."""
    parts = [_plain(word) for word in _LETTERS.findall(person_name(name))]
    local = _plain(local)
    if len(parts) == 1:
        return parts[0] == local and local in first_names()
    if len(parts) < 2 or is_program(local):
        return False
    return (len(parts[0]) > 2 and parts[0] in local) or (len(parts[-1]) > 3 and parts[-1] in local)


def _plain(text: str) -> str:
    return text.lower().translate(_PLAIN)


def html_of(mail: Mail) -> str:
    """The HTML of a mail in small letters, up to a size that tells enough."""
    parts = [(mail, 0)]
    for part, depth in parts:
        kind = content_type(part)
        if kind == "text/html":
            return part_text(part, parameters(part))[0][:_MAX_HTML].lower()
        if kind.startswith("multipart/") and part.is_multipart() and depth < _MAX_DEPTH:
            children = [child for child in part.get_payload() if isinstance(child, Mail)]
            parts += [(child, depth + 1) for child in children[:_MAX_CHILDREN]]
    return ""
