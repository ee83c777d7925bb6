"""Tells sign-offs, signatures and footers from what the sender wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from replykit.cleaning.footers import (
    banner_end,
    footer_line,
    footer_parts,
    is_mobile,
    is_question,
    is_ruled_footer,
)
from replykit.cleaning.signoffs import closing, is_dash_name, is_free_closing, may_be_name
from replykit.cleaning.words import words
from replykit.patterns import prepared
from replykit.understanding.names import person_name

_WINDOW = 24  # lines at the end in which a sign-off is looked for
_BLOCK = 14  # lines that a signature has at most
_AFTER = 4  # lines of text that may follow one
_LONGEST = 90
_PARAGRAPHS = 60  # at the end in which footers are looked for, and lines of each
_DELIMITER = prepared(r"[-–—_=*~]{2,}|[—–]")
# An address, a link, a phone number: not the number of an order, which begins with no 0.
_REACH = r"\S@\S|https?://|www\.|(?:\+\d|\(\d{2,4}\)|(?<![\d.-])0\d)[\d\s()./-]{4,}\d"
_DIGIT = r"\d"
_BARS = (" | ", " • ", " · ", " / ", "\t")
_PS = prepared(r"^[\[(]?([^\W\d_](?:[\w.]{0,5}))\s?[:.,;!)\]-]", re.IGNORECASE)


def signature_lines(keys: Sequence[str], raw: Sequence[str], quoted: Sequence[bool]) -> list[bool]:
    """Of each line, whether it belongs to a sign-off, a signature, a footer or a banner."""
    signed = [False] * len(keys)
    segments = _segments(keys, quoted)
    if len(segments) > 12:  # between many quotes stand answers; signatures stand at the ends
        segments = [*segments[:4], *segments[-4:]]
    offs: list[int] = []
    above = False  # whether the sender has written something so far
    for segment in segments:
        filled = [number for number in segment if keys[number]]
        offs += _read(keys, raw, filled, above, signed)
        above = above or any(not signed[number] for number in filled)
    if not above:
        _give_back(keys, offs, signed, bool(any(quoted)))
    return signed


def _segments(keys: Sequence[str], quoted: Sequence[bool]) -> list[range]:
    """The runs of lines that are not quoted."""
    found, start = [], -1
    for number, is_quoted in enumerate(quoted):
        if is_quoted:
            if start >= 0:
                found.append(range(start, number))
            start = -1
        elif start < 0 and keys[number]:
            start = number
    if start >= 0:
        found.append(range(start, len(keys)))
    return found


def _read(
    keys: Sequence[str], raw: Sequence[str], filled: list[int], above: bool, signed: list[bool]
) -> list[int]:
    """Marks one segment's signature lines; the lines of its sign-off, which may yet be text."""
    parts = footer_parts("\n".join([keys[number] for number in filled]).casefold())
    if parts and not above:
        for number in filled[: banner_end(keys, filled, parts)]:
            signed[number] = True
    for number in filled:
        if is_mobile(keys[number]) and _stands_alone(keys, number):
            signed[number] = True
    filled = [number for number in filled if not signed[number]]
    _mark_footers(keys, filled, above, parts, signed)
    filled = [number for number in filled if not signed[number]]
    while filled and _DELIMITER.fullmatch(keys[filled[-1]]) and (len(filled) > 1 or above):
        signed[filled.pop()] = True
    delimiter = _delimiter(keys, raw, filled, above)
    if delimiter >= 0:
        exact = raw[filled[delimiter]].rstrip("\r") == "-- "
        _mark_block(keys, filled[delimiter:], signed, exact)
        filled = filled[:delimiter]
    place = _sign_off(keys, filled, above)
    if place < 0:
        place = _contact_block(keys, filled, above)
    if place < 0:
        return []
    before = {number for number in filled if signed[number]}
    _mark_block(keys, filled[place:], signed, exact=False)
    return [number for number in filled[place:] if signed[number] and number not in before]


def _stands_alone(keys: Sequence[str], number: int) -> bool:
    """Whether no text goes on below a line: a footer's last line ends its paragraph."""
    below = keys[number + 1] if number + 1 < len(keys) else ""
    if not below or below[0] in ">-_" or is_mobile(below):
        return True
    return not below[0].islower() and not _is_prose(below)


def _mark_footers(
    keys: Sequence[str],
    filled: Sequence[int],
    above: bool,
    parts: Sequence[tuple[str, str]],
    signed: list[bool],
) -> None:
    """Marks legal notices, and footers of lists and virus scanners; never the first line."""
    paragraphs = _paragraphs(keys, filled)
    above = above or len(paragraphs) > _PARAGRAPHS
    paragraphs = [paragraph[-_PARAGRAPHS:] for paragraph in paragraphs[-_PARAGRAPHS:]]
    if not parts:  # most mails: only a footer by its form may be there, at the end
        paragraphs = paragraphs[-1:] if above or len(paragraphs) > 1 else []
        above = True
    noticed = False
    for place, paragraph in enumerate(paragraphs):
        lines = [keys[number].casefold() for number in paragraph]
        start, is_notice = footer_line(lines, parts) if parts else (-1, False)
        if not start and not place and not above:
            continue
        if start < 0 and noticed and not is_question(" ".join(lines)) and not _is_ps(lines[0]):
            start = 0  # what follows a notice is more of it, in other words or languages
        last = place == len(paragraphs) - 1 and (place or above)
        if start < 0 and last and is_ruled_footer(lines):
            start = 0
        noticed = noticed or is_notice
        if start >= 0:
            for number in paragraph[start:]:
                signed[number] = True


def _paragraphs(keys: Sequence[str], filled: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for number in filled:
        if found and found[-1][-1] == number - 1 and not _starts_rule(keys[number]):
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _starts_rule(key: str) -> bool:
    return len(key) >= 10 and _DELIMITER.fullmatch(key) is not None


def _delimiter(keys: Sequence[str], raw: Sequence[str], filled: Sequence[int], above: bool) -> int:
    """The place of a line of dashes above what can be a signature; -1 where there is none."""
    for place, number in enumerate(filled):
        key = keys[number]
        if key[0] not in "-–—_=*~" or not _DELIMITER.fullmatch(key) or not (place or above):
            continue
        if key == "--" and raw[number].rstrip("\r").endswith(" "):
            return place
        if len(filled) - place > _WINDOW + _BLOCK:
            continue
        below = filled[place + 1 :]
        own, rest = _block_and_rest(keys, below)
        own = [n for n in own if not _DELIMITER.fullmatch(keys[n])]
        if len(own) <= _BLOCK and own and _may_follow(keys, own, rest):
            named = bool(person_name(keys[own[0]]) or closing(keys[own[0]]))
            named = named or any(re.search(_REACH, keys[n]) for n in own)
            letters = len(own) <= 2 and not any(re.search(_DIGIT, keys[n]) for n in own)
            if named or (key == "--" and letters):
                return place
    return -1


def _sign_off(keys: Sequence[str], filled: Sequence[int], above: bool) -> int:
    """The place of the last sign-off that only a signature follows; -1 where there is none."""
    first = len(filled)  # the place of the first line below that a signature cannot have
    for place in reversed(range(max(0, len(filled) - _WINDOW), len(filled))):
        if not (place or above):
            break
        key = keys[filled[place]]
        own, rest = filled[place + 1 : first], filled[first:]
        kind = closing(key)
        if kind and _is_sign_off(keys, filled[place], kind, own, rest):
            return _first_of_sign_offs(keys, filled, place, above)
        if not kind and not rest and is_free_closing(keys, filled[place], own):
            return place
        dashed = not kind and is_dash_name(keys, filled, place)
        if dashed and len(own) <= _BLOCK and (not rest or _is_ps(keys[rest[0]])):
            return place
        if _is_ps(key) or _is_prose(key):
            first = place
            if len(filled) - first > _AFTER and not _is_ps(key):
                break
    return -1


def _first_of_sign_offs(keys: Sequence[str], filled: Sequence[int], place: int, above: bool) -> int:
    """The first of several sign-offs one below the other: the same in two languages."""
    while place > (not above) and closing(keys[filled[place - 1]]) == "closing":
        place -= 1
    return place


def _is_sign_off(
    keys: Sequence[str], number: int, kind: str, own: Sequence[int], rest: Sequence[int]
) -> bool:
    """Whether a sign-off's words are one, by what stands below."""
    if len(own) > _BLOCK:
        return False
    if kind == "closing" and not rest:
        return True
    named = kind == "named" or bool(own and may_be_name(keys[own[0]]))
    return named and (not rest or _may_follow(keys, own or [number], rest))


def _contact_block(keys: Sequence[str], filled: Sequence[int], above: bool) -> int:
    """The place of a name at the end with ways to reach its bearer below; -1 where none is."""
    start = len(filled)
    while start and len(filled) - start <= _BLOCK and not _is_prose(keys[filled[start - 1]]):
        start -= 1
    for place in range(start, len(filled) - 1):
        if not (place or above):
            continue
        number = filled[place]
        if keys[number - 1] or not _is_full_name(keys[number]):
            continue
        before = keys[filled[place - 1]] if place else ""
        reached = any(re.search(_REACH, keys[n]) for n in filled[place + 1 :])
        if reached and not before.endswith(":"):
            return place
    return -1


def _is_full_name(key: str) -> bool:
    parts = key.partition(",")[0].split()
    return 2 <= len(parts) <= 4 and all(part[0].isupper() for part in parts) and "@" not in key


def _mark_block(
    keys: Sequence[str], filled: Sequence[int], signed: list[bool], exact: bool
) -> None:
    """Marks a signature from its first line on; what the sender wrote below it stays text."""
    if exact:
        later = (place for place in range(1, len(filled)) if _is_ps(keys[filled[place]]))
        own = list(filled[: next(later, len(filled))])
    else:
        own = [filled[0], *_block_and_rest(keys, filled[1:])[0]]
    for number in own:
        signed[number] = True


def _block_and_rest(keys: Sequence[str], filled: Sequence[int]) -> tuple[list[int], list[int]]:
    """The lines that can be a signature, and those from the first that cannot."""
    for place, number in enumerate(filled):
        if _is_ps(keys[number]) or _is_prose(keys[number]):
            return list(filled[:place]), list(filled[place:])
    return list(filled), []


def _may_follow(keys: Sequence[str], own: Sequence[int], rest: Sequence[int]) -> bool:
    """Whether text below a signature is an afterthought: a P.S., or little, set apart."""
    if not rest or _is_ps(keys[rest[0]]):
        return True
    return len(rest) <= _AFTER and rest[0] > own[-1] + 1


def _is_prose(key: str) -> bool:
    """Whether a line is more like a sentence than like a line of a signature."""
    count = key.count(" ") + 1
    if is_question(key):
        return count >= 2
    if count < 5 and len(key) <= _LONGEST:
        return False
    if count < 10 and key[-1] not in ".!…" and len(key) <= _LONGEST:
        return False
    listed = any(bar in key for bar in _BARS) and re.search(_REACH, key)
    return not listed or len(key) > 200


def _is_ps(key: str) -> bool:
    found = _PS.match(key)
    return found is not None and found[1].rstrip(".").casefold() in words().ps


def _give_back(
    keys: Sequence[str], offs: Sequence[int], signed: list[bool], has_quotes: bool
) -> None:
    """Makes text of a sign-off where nothing else is: "Thanks, Maija" may be the whole answer.

    Above a forwarded mail a bare sign-off says nothing; thanks do.
    """
    if offs and (not has_quotes or closing(keys[offs[0]]) in ("name", "named")):
        for number in offs:
            signed[number] = False
