"""Finds the header of a quoted or forwarded mail: lines of From, Sent, To and Subject."""

from __future__ import annotations

import re
from collections.abc import Sequence

from replykit.cleaning.words import words

_MAX_LINES = 40
_MAX_LABEL = 30
_MAX_SENDER = 300
_BETWEEN = 2  # lines that a long recipient list or subject goes on for, or blank ones
_NUMBER = r"\d"
_ADDRESS = r"\S@\S"
_NAMED_ADDRESS = r"^\S.{0,100}[<\[(]\s?(?:mailto:)?[^\s<>]+@[^\s<>]+[>\])]+$"
_OTHER_LABEL = r"^[^\W\d_][\w /-]{1,24}:(?:\s|$)"
_WRAPPED = ("<", ",", ";", "[mailto:")


def label(key: str) -> str:
    """The kind of header line that a line is, by its label in any language; or nothing."""
    colon = key.find(":")
    if not 0 < colon <= _MAX_LABEL:
        colon = key.find("：")
        if not 0 < colon <= _MAX_LABEL:
            return ""
    return words().labels.get(key[:colon].strip(" *\t_|").casefold(), "")


def header_block(keys: Sequence[str], start: int, announced: bool) -> tuple[int, bool]:
    """Where the run of header lines ends that begins here, and whether it is a mail's header.

    `announced`: a line as "-----Original Message-----" stands above, so that less is proof enough.
    """
    kinds: dict[str, str] = {}
    end = number = start
    while number < min(len(keys), start + _MAX_LINES):
        kind = label(keys[number])
        if kind:
            value = _value(keys[number])
            if kind in kinds and kind != "other" and kinds[kind]:
                break  # a second header, of a mail quoted in it
            if not value and number + 1 < len(keys) and not label(keys[number + 1]):
                value = keys[number + 1]
            kinds[kind] = value
            number += 1
            end = number
            continue
        ahead = _next_label(keys, number)
        if not ahead:
            break
        number = ahead
    end = _with_wrapped(keys, end)
    if len(kinds) == 1 and not announced:
        alone = kinds.get("from", "")
        return end, bool(alone) and (
            _in_one_line(alone) or _is_sender_alone(keys, start, end, alone)
        )
    proved = announced and ("from" in kinds or len(kinds) >= 2)
    return end, proved or _is_header(keys, start, end, kinds)


def _next_label(keys: Sequence[str], number: int) -> int:
    """The next header line, where at most two others, blank or wrapped, stand before it."""
    for ahead in range(number, min(len(keys), number + _BETWEEN + 1)):
        if keys[ahead][:1] == ">":
            return 0
        if label(keys[ahead]):
            between = keys[number:ahead]
            joined = keys[number - 1].endswith(_WRAPPED) or len(between) == 1
            return ahead if joined or not any(between) else 0
    return 0


def _with_wrapped(keys: Sequence[str], end: int) -> int:
    """The end of the block, with what its last line was wrapped to."""
    while 0 < end < len(keys) and keys[end] and keys[end - 1].endswith(_WRAPPED):
        end += 1
    return end


def _is_header(keys: Sequence[str], start: int, end: int, kinds: dict[str, str]) -> bool:
    """Whether the lines are a mail's header: a journey or a form has a From and a To as well."""
    dated = any(re.search(_NUMBER, kinds.get(kind, "")) for kind in ("sent", "date"))
    address = any(re.search(_ADDRESS, kinds.get(kind, "")) for kind in ("from", "to", "cc"))
    received = "to" in kinds or "subject" in kinds
    if "from" in kinds and dated and received and (address or "subject" in kinds):
        return True
    if "from" in kinds and "sent" in kinds and dated and len(kinds) >= 2:
        return not _beside_form(keys, start, end)
    if dated and "to" in kinds and (address or "subject" in kinds):
        return not _beside_form(keys, start, end)
    if "from" in kinds and received and re.search(_ADDRESS, kinds["from"]):
        return not _beside_form(keys, start, end)
    return False


def _in_one_line(value: str) -> bool:
    """Whether the whole header stands in one line, as some programs make of it: "From: … To: …"."""
    if value.count(":") < 2:
        return False
    known = words().labels
    inner = {
        known.get(word[:-1].casefold().strip("*")) for word in value.split() if word[-1] == ":"
    }
    return len(inner & {"sent", "date", "to", "subject"}) >= 2


def _is_sender_alone(keys: Sequence[str], start: int, end: int, value: str) -> bool:
    """Whether one line names a mail's sender in full, and stands apart."""
    apart = not (start and keys[start - 1]) and not (end < len(keys) and keys[end])
    return apart and len(value) <= _MAX_SENDER and bool(re.match(_NAMED_ADDRESS, value))


def _beside_form(keys: Sequence[str], start: int, end: int) -> bool:
    """Whether a line of a form ("Phone: …") stands directly above or below."""
    above = keys[start - 1] if start else ""
    below = keys[end] if end < len(keys) else ""
    return any(bool(re.match(_OTHER_LABEL, key)) and not label(key) for key in (above, below))


def _value(key: str) -> str:
    return key.replace("：", ":").partition(":")[2].strip(" *\t")
