"""Tells what programs add to a mail: phones' footers, legal notices, banners, lists' footers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from replykit.cleaning.words import text_words, words

_MAX_MOBILE = 120
# Words after "Sent from my" in a phone's footer; more are a sentence.
_WITH_DEVICE, _WITHOUT_DEVICE = 7, 3
_MARKS = '<[(*_"“•- '
_LINKS = re.compile(r"<[^<>]*>|\(https?:[^()]*\)|[\[\]*_<>()\"“”]")
_CLAUSE = re.compile(r"[,;.:!–—(]\s|\s[-–—]\s")
_QUESTION = re.compile(r"\?(?:\s|$)")  # not the one in a link
_REACH = re.compile(r"https?://|www\.|\S@\S")
_RULE = re.compile(r"[-_=*~—–#]{5,}")


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
    line = " ".join(_LINKS.sub(" ", key).casefold().split()).strip(" .!-–—•")
    sure = next((start for start in known.mobile if line.startswith(start)), "")
    start = sure or _device_start(line)
    if not start or _QUESTION.search(line):
        return False
    clause = _CLAUSE.search(line)
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


def is_question(text: str) -> bool:
    return "?" in text and _QUESTION.search(text) is not None


def is_notice(paragraph: str, parts: Sequence[tuple[str, str]]) -> bool:
    """Whether a lower-case paragraph is a legal notice."""
    return not is_question(paragraph) and "notice" in _kinds(paragraph, parts)


def is_footer(paragraph: str, parts: Sequence[tuple[str, str]]) -> bool:
    """Whether a lower-case paragraph is a virus scanner's or a mailing list's footer."""
    if is_question(paragraph):
        return False
    kinds = _kinds(paragraph, parts)
    if "footer" in kinds:
        return True
    return "footer_line" in kinds and len(paragraph) <= 400 and bool(_REACH.search(paragraph))


def _kinds(paragraph: str, parts: Sequence[tuple[str, str]]) -> set[str]:
    return {kind for part, kind in parts if part in paragraph}


def is_ruled_footer(lines: Sequence[str]) -> bool:
    """Whether lines are a mailing list's footer by its form: a rule, a few short lines, a link."""
    if not _RULE.fullmatch(lines[0]) or not 2 <= len(lines) <= 8:
        return False
    rest = lines[1:]
    short = all(len(line) <= 120 and not is_question(line) for line in rest)
    return short and any(_REACH.search(line) for line in rest) and _few_words(rest)


def _few_words(lines: Sequence[str]) -> bool:
    return all(len(line.split()) <= 6 or _REACH.search(line) for line in lines)


def banner_end(keys: Sequence[str], filled: Sequence[int], parts: Sequence[tuple[str, str]]) -> int:
    """How many of the first filled lines are a banner that a server set above the message."""
    more = words().banner_more
    if not any(kind == "banner" for _, kind in parts):
        return 0
    for place, number in enumerate(filled[:3]):
        line = keys[number].casefold()
        if "banner" not in _kinds(line, parts) or is_question(line):
            continue
        last = place + 1
        while last < min(len(filled), place + 4) and filled[last] == filled[last - 1] + 1:
            if not _has_any(keys[filled[last]].casefold(), more):
                break
            last += 1
        return last
    return 0
