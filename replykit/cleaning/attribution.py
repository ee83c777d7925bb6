"""Tells the line that names who wrote what is quoted below: "On Monday, Maija wrote:"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from replykit.cleaning.words import words

MAX_LINES = 5
_MAX_LENGTH = 500
_MAX_WORDS = 8  # of a line that is known as an attribution only by the quoted lines below it
_COLONS = (":", "：")
_DASHES = ("--", "——", "––")
_EDGES = " \t*>-–—_~\"'«»„“”"
# Patterns as text: each is compiled when first needed, and most messages need none.
_DATED = (
    r"\d{1,4}\s?[./:-]\s?\d{1,2}|\b(?:19|20)\d\d\b|\d[年月. ]"
    r"|\b\d{1,2}\.?\s[^\W\d]{3}|[^\W\d]{3}\.?\s\d"
)
_BRACKETED = r"[<(\[]\s*(?:mailto:)?[^<>()\[\]\s]*\S@\S[^<>]{0,200}[>)\]]"
_AT_END = r"[<(\[]\s?[^<>()\[\]\s]*\S@\S[^<>()\[\]]*[>)\]]+\s*[:：]?$"
_WORD = r"[^\W\d_]+"
_CASELESS = r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7ff]"
_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_NUMBER = r"\d+"
_CLOCK = r"\d[.:]\d\d"


def ends_attribution(key: str) -> bool:
    """Whether a line can be the last of an attribution: one look, for every line is asked."""
    return key.endswith(_COLONS) or (key.endswith(_DASHES) and key.startswith(_DASHES))


def attribution_start(keys: Sequence[str], end: int, marked: bool) -> int:
    """Where the attribution begins that ends with this line; -1 where there is none.

    `marked`: the lines that follow begin with >.
    """
    if keys[end].endswith(_DASHES):  # "---- Maija Virtanen wrote ----"
        framed = len(keys[end]) <= _MAX_LENGTH and _strength(keys[end], marked, isolated=False)
        return end if framed else -1
    joined, weak = "", -1
    start, taken = end, 0
    while start >= 0 and taken < MAX_LINES:
        key = keys[start]
        if not key and not joined.startswith(("<", ">")):
            break  # a paragraph ends here; only a broken address goes on above a blank line
        if start < end and (key.endswith(("!", "?", ":")) or _ends_sentence(key)):
            break
        joined = f"{key} {joined}".strip() if key else joined
        if len(joined) > _MAX_LENGTH:
            break
        isolated = _blank(keys, start - 1) and _blank(keys, end + 1)
        strength = _strength(joined, marked, isolated)
        if strength == 2:
            return start
        if strength == 1 and weak < 0:
            weak = start
        start, taken = start - 1, taken + 1
    return weak


def names_sender(key: str) -> bool:
    """Whether a line without a colon, above lines with >, is a date and an address alone."""
    if len(key) > _MAX_LENGTH or not key[:1].isdigit():
        return False
    return bool(re.search(_AT_END, key)) and bool(re.match(_DATED, key))


def opens_attribution(key: str) -> bool:
    """Whether an attribution begins the line, with what is quoted behind it in the same line."""
    first = key.split(None, 1)[0].rstrip(".,").casefold()
    if first not in words().lead and not first[:1].isdigit():
        return False
    end = key.find(": ", key.find("@"), _MAX_LENGTH)
    return end > 0 and _strength(key[: end + 1], marked=False, isolated=False) == 2


def _strength(line: str, marked: bool, isolated: bool) -> int:
    """2: an attribution from its first word on; 1: one whose beginning may stand above; 0: none."""
    framed = line.endswith(_DASHES)
    text = line.strip(_EDGES).rstrip(":： ").removesuffix("(a)").removesuffix("(а)")
    if not text:
        return 0
    known = words()
    found = re.findall(_WORD, text.casefold())
    verb = next((n for n in reversed(range(len(found))) if found[n] in known.wrote), -1)
    has_verb = verb >= 0 or text.endswith(known.wrote_end)
    if verb >= 0 and verb + 1 < len(found) and found[verb + 1] in known.told:
        return 0  # "the courier wrote to me:"
    if framed:
        return 2 if has_verb else 0
    first = found[0] if found else ""
    address = "@" in text and re.search(_BRACKETED, text) is not None
    if first in known.quoting and text[0].isupper():
        return 2 if address or marked else 0
    leads = text[0].isdigit() or (first in known.lead and text[0] != "<")
    dated = re.search(_DATED, text) is not None
    if not has_verb:
        if not (address and dated and (leads or marked) and re.search(_AT_END, line)):
            return 0
        return 2 if leads and _stands_after_name(line) else int(marked)
    if leads and dated:
        named = isolated and re.search(_YEAR, text) is not None and _names(text, verb)
        if marked or "@" in text or named:
            return 2
    if marked and (address or len(text.split()) <= _MAX_WORDS):
        return 1
    if address and first not in known.others and (isolated or _is_all_name(text)):
        return 1
    return int(isolated and dated and _named_first(text, verb, found))


def _ends_sentence(key: str) -> bool:
    """Whether the line ends with a full stop that is not an abbreviation's."""
    return key.endswith(".") and len(key.rsplit(maxsplit=1)[-1]) > 5


def _blank(keys: Sequence[str], number: int) -> bool:
    return not 0 <= number < len(keys) or not keys[number] or keys[number][0] == ">"


def _names(text: str, verb: int) -> bool:
    """Whether a name or "you" stands by the verb: not so in "On 12 March the courier wrote:"."""
    if verb < 0 or re.search(_CASELESS, text):
        return True
    named = re.findall(_WORD, text)[verb + 1 :]  # "schrieb Maija": the name follows the verb
    if not named:  # "Maija wrote": it stands between the time and the verb
        last = max(match.end() for match in re.finditer(_NUMBER, text))
        named = [
            word for word in re.findall(_WORD, text[last:]) if word.casefold() not in words().clock
        ]
    word = named[0] if named else ""
    return word[:1].isupper() or word.casefold() in words().you


def _named_first(text: str, verb: int, found: Sequence[str]) -> bool:
    """ "Maija Virtanen kirjoitti 12.11.2026 klo 14.05": two words of a name, then a full time."""
    originals = re.findall(_WORD, text)
    name = originals[:verb]
    if not 2 <= verb <= 4 or not re.search(_CLOCK, text) or not text.startswith(name[0]):
        return False
    return all(word[0].isupper() for word in name) and bool(re.search(_YEAR, text))


def _is_all_name(text: str) -> bool:
    """Whether only a name stands before the address: not so in "Your agent Ann <a@b.fi> wrote"."""
    before = text[: min(place for mark in "<([" if (place := text.find(mark)) >= 0)].split()
    return all(word.strip("\"'«„,")[:1].isupper() for word in before)


def _stands_after_name(line: str) -> bool:
    """Whether what stands before the address can be a name: not so in "I sent it to <a@b.fi>:"."""
    before = line[: line.rfind("@")].rstrip("<([").rpartition("<")[0].split()
    if not before:
        return True
    word = before[-1].strip("\"',;")
    return not word or not word[0].islower() or word.casefold() in words().via
