"""Tells what programs add to a mail: phones' footers, legal notices, banners, lists' footers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from replykit.cleaning.words import text_words, words

_MAX_MOBILE = 120
# Words after "Sent from my" in a phone's footer; more are a sentence.
_WITH_DEVICE, _WITHOUT_DEVICE = 7, 3
_SPAN = 3  # lines over which a part of a notice may be wrapped
_WRAPPED = 50  # a line shorter than this was not wrapped
_MARKS = '<[(*_"“•- '
_LINKS = r"<[^<>]*>|\(https?:[^()]*\)|[\[\]*_<>()\"“”]"
_CLAUSE = r"[,;.:!–—(]\s|\s[-–—]\s"
_QUESTION = r"\?(?:\s|$)"  # not the one in a link
_REACH = r"https?://|www\.|\S@\S"
_RULE = r"[-_=*~—–#]{5,}"


def is_mobile(key: str) -> bool:
    """Whether a line is a phone's or a program's footer, in full: "Sent from my iPhone"."""
    known = words()
    if key[-1] in known.mobile_ends and len(key) <= 40:
        line = key.casefold()
        if line.endswith(known.mobile_with):
            return _has_any(line, known.device)
    begins = key.lstrip(_MARKS) if key[0] in _MARKS else key
    if begins[:4].casefold() not in known.mobile_start or len(key) > _MAX_MOBILE:
        return False
    line = " ".join(re.sub(_LINKS, " ", key).casefold().split()).strip(" .!-–—•")
    sure = next((start for start in known.mobile if line.startswith(start)), "")
    start = sure or _device_start(line)
    if not start or re.search(_QUESTION, line):
        return False
    clause = re.search(_CLAUSE, line)
    head = (line[: clause.start()] if clause else line)[len(start) :].split()
    ends = " ".join(head[-3:] if sure else head[-2:])
    device = _has_any(ends, known.device) or (bool(sure) and _has_any(sure, known.device))
    if clause and line[clause.end() :]:  # "Sent from my iPhone, please excuse typos"
        rest = line[clause.end() :]
        return device and _has_any(rest, (*known.excuse, *known.device))
    return len(head) <= (_WITH_DEVICE if device else _WITHOUT_DEVICE if sure else -1)


def _device_start(line: str) -> str:
    """What a footer begins with that must end with a device; where its case tells, in that case:
    "Lähetetty puhelimesta", not "Lähetetty puhelin"."""
    last = line.rsplit(" ", 1)[-1]
    for start, end in words().mobile_device:
        if line.startswith(start) and last.endswith(end):
            return start
    return ""


def _has_any(text: str, parts: Sequence[str]) -> bool:
    return any(part in text for part in parts)


def footer_parts(text: str) -> list[tuple[str, str]]:
    """The parts of notices and footers that a lower-case text may have, with their kinds."""
    known = words().footers
    return [part for word in known.keys() & set(text_words(text)) for part in known[word]]


def footer_line(lines: Sequence[str], parts: Sequence[tuple[str, str]]) -> tuple[int, bool]:
    """The first of a paragraph's lower-case lines that a notice or footer begins with (-1: none),
    and whether it is a legal notice. What stands above it in the paragraph may be text."""
    for place, line in enumerate(lines):
        window = " ".join(lines[place : place + _SPAN])
        kind = next((kind for part, kind in parts if _begins(part, kind, line, window)), "")
        if kind and (kind != "list" or _is_list_name(lines, place)):
            start = _start_of_sentence(lines, place)
            if not is_question(" ".join(lines[start:])):
                return start, kind == "notice"
    return -1, False


def is_question(text: str) -> bool:
    return "?" in text and re.search(_QUESTION, text) is not None


def _begins(part: str, kind: str, line: str, window: str) -> bool:
    """Whether a part of a footer begins in the line; it may go on in the next ones."""
    at = window.find(part)
    if not 0 <= at < len(line) or kind == "banner":
        return False
    return kind != "footer_start" or not window[:at].strip(_MARKS) or window[at - 2] in ".!"


def _is_list_name(lines: Sequence[str], place: int) -> bool:
    """Whether a line names a list: the next is its address and nothing else."""
    below = lines[place + 1] if place + 1 < len(lines) else ""
    short = len(lines[place].split()) <= 6
    return short and below.count(" ") <= 1 and re.search(_REACH, below) is not None


def _start_of_sentence(lines: Sequence[str], place: int) -> int:
    """The line where the sentence begins that goes on, wrapped, in this line."""
    while place and len(lines[place - 1]) >= _WRAPPED and lines[place - 1][-1] not in ".?!:;":
        place -= 1
    return place


def is_ruled_footer(lines: Sequence[str]) -> bool:
    """Whether lines are a mailing list's footer by its form: a rule, a few short lines, a link."""
    if not re.fullmatch(_RULE, lines[0]) or not 2 <= len(lines) <= 8:
        return False
    rest = lines[1:]
    short = all(len(line) <= 120 and not is_question(line) for line in rest)
    return short and any(re.search(_REACH, line) for line in rest) and _few_words(rest)


def _few_words(lines: Sequence[str]) -> bool:
    return all(len(line.split()) <= 6 or re.search(_REACH, line) for line in lines)


def banner_end(keys: Sequence[str], filled: Sequence[int], parts: Sequence[tuple[str, str]]) -> int:
    """How many of the first filled lines are a banner that a server set above the message."""
    more = words().banner_more
    if not any(kind == "banner" for _, kind in parts):
        return 0
    for place, number in enumerate(filled[:3]):
        line = keys[number].casefold()
        banner = any(kind == "banner" and part in line for part, kind in parts)
        if not banner or is_question(line):
            continue
        last = place + 1
        while last < min(len(filled), place + 4) and filled[last] == filled[last - 1] + 1:
            if not _has_any(keys[filled[last]].casefold(), more):
                break
            last += 1
        return last
    return 0
