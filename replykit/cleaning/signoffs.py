"""Tells a sign-off, and a name that stands for one, from a line of text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from replykit.cleaning.words import tokens, words
from replykit.understanding.names import person_name

_DASH_NAME = r"^(?:[-–—~/*]{1,2}|//)\s?([^\W\d_][^\W\d_'’-]+(?:\s[^\W\d_][\w'’.-]*){0,2})[.!]?$"
_PARTED = r"[:./,!;-]"
_ENDS = " .,;:!-–—*_~()/'’"
_BULLETS = " \t-–—*_~>•|"
_NEAR = 40  # lines at the end in which a list's other items are looked for
_NAME_MARKS = "-–—~/*"


def closing(key: str) -> str:
    """Whether a line is a sign-off: "closing" on its own, "name" where a name must follow, "named"
    with the name in it; or nothing."""
    if len(key) > 80 or key[-1] == "?":
        return ""
    if "/" in key[1:-1]:  # in two languages: "Terveisin / Regards"
        first, _, second = key.partition("/")
        kinds = [closing(part.strip()) if part.strip() else "" for part in (first, second)]
        if all(kinds):
            return kinds[1]
    known = words()
    split = key.casefold().split()
    if len(split) > 9:
        return ""
    first = re.split(_PARTED, split[0].strip(_BULLETS), maxsplit=1)[0]
    ends = any(word.rstrip(_ENDS) in known.closing_end for word in split[:6])
    if first not in known.closings and not ends:
        return ""
    found = tokens(key)
    if not found:
        return ""
    plain = tuple(word for word, _, _ in found)
    for phrase, kind in known.closings.get(plain[0], ()):
        size = len(phrase)
        if plain[:size] != phrase:
            continue
        if len(plain) == size:
            return "closing" if kind == "closing" else "name"
        if _inline_name(key[found[size - 1][2] :], kind):
            return "named"
    for size, word in enumerate(plain[:6], 1):
        if word in known.others:  # "give her my regards"
            break
        if word in known.closing_end:
            if size == len(plain):
                return "closing"
            return "named" if _inline_name(key[found[size - 1][2] :], "closing") else ""
    return ""


def _inline_name(rest: str, kind: str) -> bool:
    """Whether what follows the sign-off's words in its line is a name: "Terveisin Maija"."""
    if kind == "thanks" and rest.strip()[0] not in ",!.-–—":
        return False
    name = rest.strip(" ,.!:;-–—*_")
    parts = name.split()
    if kind == "closing" and parts and parts[0].casefold() in words().whence:
        return len(parts) <= 4
    if person_name(name):
        return True
    if kind == "closing" and 0 < len(parts) <= 4 and all(part[0].isupper() for part in parts):
        return True
    plain = 0 < len(parts) <= 2 and all(part.strip(".,!").isalpha() for part in parts)
    return plain and kind != "thanks" and len(name) <= 30


def may_be_name(key: str) -> bool:
    """Whether the line below "Thanks," is a person's name."""
    text = key.strip(_BULLETS)
    capital = all(word[0].isupper() or word.casefold() in words().particle for word in text.split())
    return capital and bool(person_name(text))


def is_dash_name(keys: Sequence[str], filled: Sequence[int], place: int) -> bool:
    """Whether a line is a name behind a dash or a slash, and no item of a list."""
    key = keys[filled[place]]
    found = re.match(_DASH_NAME, key) if key[0] in _NAME_MARKS else None
    if not found:
        return False
    above = keys[filled[place - 1]] if place else ""
    spaced = key[1:2] == " "
    if above.endswith(":") or any(
        _is_item(keys[number], spaced) for number in filled[max(0, place - _NEAR) : place]
    ):
        return False
    if person_name(found[1]):
        return True
    return place == len(filled) - 1 and not spaced and " " not in key and key[0] in "-/~"


def _is_item(key: str, spaced: bool) -> bool:
    """Whether a line is an item of a list whose items begin as the line in question does."""
    return key[0] in _NAME_MARKS and (key[1:2] == " ") == spaced and len(key) > 2


def is_free_closing(keys: Sequence[str], number: int, own: Sequence[int]) -> bool:
    """Whether a line is a sign-off in words of the sender's own, by its form: "Until then," with a
    name in the next line, the last of all."""
    key = keys[number]
    if key[-1] != "," or keys[number - 1] or len(own) != 1 or own[0] != number + 1:
        return False
    return key.count(" ") <= 6 and may_be_name(keys[own[0]])
