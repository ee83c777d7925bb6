"""Tells a person's name from a mailbox's, and finds the name in a sign-off."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from replykit.patterns import prepared
from replykit.reading.text import CONTROL, MAX_HEADER

# A signature has at most so many lines, and a sign-off stands near the end of a message.
_LAST_LINES = 14
_LONGEST = 80
_LAST_CHARACTERS = 3000


def sign_off_name(text: str) -> str:
    """The name in or below the sign-off of a message or of its signature, or nothing."""
    lines = _last_lines(text)
    if name := _last_name(lines, known=True):
        return name
    for number in reversed(range(len(lines))):
        found = _signed(lines, number) if lines[number] else None
        if found is not None:
            return found
    return _last_name(lines, known=False)


def person_name(text: str) -> str:
    """The text where it can be a person's name, in plain spaces, else nothing.

    Titles are left out, "Virtanen, Maija" is turned round, MAIJA VIRTANEN is written as others
    are, and so is a known first name in small letters with what follows it.
    """
    text = _ADDED.sub("", CONTROL.sub(" ", unicodedata.normalize("NFC", text[:MAX_HEADER])))
    text = " ".join(text.strip(" \t\"'<>,;").split())
    if not _INITIAL.search(text):
        text = text.rstrip(". ")
    last, comma, first = text.partition(", ")
    if comma and " " not in last and first:
        text = f"{first} {last}"
    words = _without_titles(text)
    if _is_known(words):
        words = _capitalised(" ".join(words)).split()
    text = " ".join(words)
    if not 1 <= len(words) <= 4 or len(text) > 60:
        return ""
    letters = all(re.fullmatch(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*\.?", word) for word in words)
    if not letters or text[0].islower() or any(map(_is_no_name, words)):
        return ""
    if text.isupper() and len(words) > 1 and all(len(word) > 2 for word in words):
        return _capitalised(text)
    return text


def _signed(lines: Sequence[str], number: int) -> str | None:
    """The name that a line or the one below it is signed with; None where it signs nothing,
    empty where what it is signed with is no name."""
    line, above = lines[number], next(filter(None, reversed(lines[:number])), "")
    below = [line for line in lines[number + 1 :] if line][:2]
    if dash := _DASH.fullmatch(line):
        known = dash["name"].split(maxsplit=1)[0].casefold() in first_names()
        if known or not (line[1] == " " or below or _DASH.match(above)):  # else items of a list
            return _given(dash["name"]) or None
    rest, kind = _after_closing(line)
    if not kind or (rest and _after_closing(above) == ("", "closing")):
        return None  # "T. Virtanen" below "Regards" is a name, not "Terveisin Virtanen"
    if rest:
        return _inline(rest, kind)
    for place, text in enumerate(below):
        # Below the firm may stand who writes for it.
        if name := _given(text, kind, strange=not place):
            return name
    # "Thanks" alone may begin a paragraph as well.
    return "" if kind == "closing" else None


def _inline(rest: str, kind: str) -> str | None:
    """The name behind the words of a sign-off; None where they greet somebody else."""
    first, _, others = rest.partition(" ")
    plain = first.casefold()
    greets = plain.endswith("lle") and plain not in first_names()
    if greets or plain in _words()["recipient"]:
        return None  # "Terveisiä Annalle", "Regards to Anna"
    if plain in _words()["origin"]:
        return _given(others, kind, strange=" " in others)
    name = _given(rest, kind)
    return name if name or kind != "thanks" else None


def _after_closing(line: str) -> tuple[str, str]:
    """What follows the words of a sign-off in a line, and their kind (closing, closing_name or
    thanks); no kind where the line does not begin with such words."""
    # cleaning asks this module for names.
    from replykit.cleaning.words import tokens

    found = tokens(line) if len(line) <= _LONGEST else []
    plain = tuple(word for word, _, _ in found)
    place, kind = 0, ""
    while place < len(plain):
        size, next_kind = _closing(plain[place:])
        if size:
            place, kind = place + size, next_kind
        elif kind and plain[place] in _words()["and"] and _closing(plain[place + 1 :])[0]:
            place += 1  # "Many thanks and kind regards": one sign-off after the other
        else:
            break
    rest = line[found[place - 1][2] if place else 0 :].strip()
    if kind == "thanks" and rest and rest[0] not in ",.!-–—/":
        return "", ""  # "Thanks Bob" may as well thank Bob
    return rest.lstrip(f"{_MARKS}.").rstrip(_MARKS), kind


def _closing(plain: tuple[str, ...]) -> tuple[int, str]:
    """How many words from the first on are a sign-off, and its kind; none and nothing else."""
    from replykit.cleaning.words import words

    if not plain:
        return 0, ""
    for phrase, kind in (*words().closings.get(plain[0], ()), *_more_closings()):
        if plain[: len(phrase)] == phrase:
            return len(phrase), kind
    for size, word in enumerate(plain[:5], 1):
        if word in words().closing_end:
            return size, "closing"
    return 0, ""


def _last_name(lines: Sequence[str], *, known: bool) -> str:
    """The last line where it is a name on its own: a known one below the end of a sentence, or
    any in two or three words below a blank line."""
    if len(lines) < 2 or lines[-1][-1] in "!?:" or _after_closing(lines[-1])[1]:
        return ""
    parts = lines[-1].strip(_MARKS).split()
    is_known = bool(parts) and parts[0].casefold() in first_names()
    ended = not lines[-2] or (is_known and lines[-2][-1] in ".!?,)")
    if not ended or is_known != known or len(parts) > 3 or (len(parts) == 1 and not is_known):
        return ""
    return _given(lines[-1])


def _given(text: str, kind: str = "", *, strange: bool = True) -> str:
    """A name as somebody signs with it, without what stands behind it: a job, a firm, kisses.

    It may be a known first name with others behind it, or (if `strange`) what no dictionary has
    as a word: in small letters that only behind a sign-off's words (`kind`), and not behind thanks.
    """
    turned = _TURNED.fullmatch(text.strip(_MARKS))
    if turned and turned["first"].casefold() in first_names():
        text = f"{turned['first']} {turned['last']}"  # Virtanen, Maija
    text = _KISSES.sub("", _BEHIND.split(text.strip(_MARKS), maxsplit=1)[0]).strip(_MARKS)
    if not _INITIAL.search(text):
        text = text.rstrip(".")
    parts = _without_titles(text)
    if parts and _is_origin(parts[-1]):
        parts.pop()
    if not parts or any(map(_is_other_word, parts)) or text.count("&"):
        return ""
    known = parts[0].casefold() in first_names()
    if not known and not (strange and _may_be_name(parts)):
        return ""
    if text.islower():
        signed = kind in ("closing", "closing_name") and len(parts) <= 2 and len(text) > 2
        return person_name(_capitalised(" ".join(parts))) if signed or _is_known(parts) else ""
    small = [place for place, part in enumerate(parts) if _is_small(part)]
    if small and known and len(parts) == 2 and not _is_word(parts[1]):
        return person_name(_capitalised(" ".join(parts)))  # Anna virtanen
    if small and known and parts[small[0]] not in _words()["and"]:
        parts = parts[: small[0]]  # "Tom from London"
    elif small:
        return ""
    text = " ".join(parts)
    return person_name(_capitalised(text) if len(text) > 3 and text.isupper() else text)


def _may_be_name(parts: Sequence[str]) -> bool:
    """Whether words without a known first name begin with no place, no firm's letters and no
    word of a dictionary."""
    first = parts[0]
    letters = len(parts) == 1 and 1 < len(first) <= 4 and first.isupper()
    is_place = first.casefold() in _words()["place"]
    return not letters and not is_place and not _is_word(first)


def _is_origin(word: str) -> bool:
    """Whether a word says in Finnish where somebody comes from: Tampereelta."""
    plain = word.casefold()
    return plain.endswith(("sta", "stä", "lta", "ltä")) and plain[:3] in _place_beginnings()


@cache
def _place_beginnings() -> frozenset[str]:
    # Three letters stay in all cases: Turku, Turusta.
    return frozenset(place[:3] for place in _words()["place"])


def _is_small(part: str) -> bool:
    return part.islower() and part not in _words()["particle"]


def _is_word(word: str) -> bool:
    """Whether a dictionary has a word, in English or Finnish."""
    plain = word.casefold().strip(".")
    return len(plain) > 2 and any(_has_row(text, plain) for text in _dictionaries())


def _has_row(table: str, word: str) -> bool:
    """Whether a row of a sorted table begins with a word: some twenty rows are looked at."""
    low, high = 0, len(table)  # where a row begins, both
    while low < high:
        start = table.rfind("\n", low, (low + high) // 2) + 1 or low
        found = table[start : table.index("\t", start)]
        if found == word:
            return True
        if found < word:
            low = table.index("\n", start) + 1
        else:
            high = start
    return False


@cache
def _dictionaries() -> tuple[str, ...]:
    folder = Path(__file__).parents[1] / "data"
    names = ("dictionary.en-fi.tsv", "dictionary.fi-en.tsv")
    return tuple((folder / name).read_text(encoding="utf-8") for name in names)


def _without_titles(text: str) -> list[str]:
    """The words of a name without the titles before and behind it."""
    words = text.split()
    while len(words) > 1 and words[0].casefold().strip(".,") in _words()["title"]:
        del words[0]
    # Behind a name they are in capitals: Jack Ma is no master of arts.
    while (
        len(words) > 1
        and words[-1].casefold().strip(".,") in _words()["degree"]
        and not words[-1].istitle()
    ):
        del words[-1]
    return words


def _is_known(words: Sequence[str]) -> bool:
    """Whether words in small letters are a person's name: a first name that is no word as well,
    and at most two more."""
    return (
        1 <= len(words) <= 3
        and all(word.islower() and len(word) > 1 for word in words)
        and words[0] in first_names()
        and words[0] not in _words()["wordlike"]
        and not any(map(_is_other_word, words))
    )


@cache
def first_names() -> frozenset[str]:
    """Common first names in small letters."""
    return frozenset(word for line in _lines("first_names.txt") for word in line.split())


def titles() -> frozenset[str]:
    """Words that stand before a name, in small letters."""
    return _words()["title"]


def is_other_sex(title: str, first_name: str) -> bool:
    """Whether a title is plainly not that of a first name: Mr to Deborah, rouva to Yrjö."""
    other = {"woman": ("mr", "herra", "sir", "herr"), "man": ("mrs", "ms", "miss", "rouva", "fru")}
    plain = title.casefold().strip(".")
    return any(
        plain in titles and first_name.casefold() in _words()[key] for key, titles in other.items()
    )


@cache
def _words() -> Mapping[str, frozenset[str]]:
    """The words around names by their key; those of a key without any are none."""
    found: dict[str, set[str]] = {}
    for key, _, rest in (line.partition(":") for line in _lines("names.txt")):
        found.setdefault(key, set()).update(rest.split())
    return {key: frozenset(words) for key, words in found.items()}


@cache
def _more_closings() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Sign-offs and their kinds, beside those by which the signature is found."""
    kinds = {"closing": "closing_name", "farewell": "thanks"}
    return tuple(
        (tuple(phrase.split()), kinds[key])
        for key, _, rest in (line.partition(":") for line in _lines("names.txt"))
        if key in kinds
        for phrase in rest.split(" | ")
    )


def _lines(name: str) -> list[str]:
    text = (Path(__file__).parents[1] / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _last_lines(text: str) -> list[str]:
    """The last lines in which a sign-off can stand, with a blank line as an empty one between
    paragraphs; without what a phone adds, and how to reach the writer."""
    from replykit.cleaning.footers import is_mobile

    found: list[str] = []
    for line in map(str.strip, reversed(text[-_LAST_CHARACTERS:].split("\n"))):
        if line and (line[0] == ">" or not line.strip(_MARKS) or is_mobile(line)):
            continue
        if not any(found) and _REACH.search(line):
            continue
        if line or (found and found[-1]):
            found.append(line)
        if len(found) > 2 * _LAST_LINES:
            break
    return found[::-1]


def _capitalised(text: str) -> str:
    """Each part of a name with a capital, but for particles as von."""
    words = (
        word if word in _words()["particle"] else word.title() for word in text.lower().split()
    )
    return re.sub(r"\bMc[a-z]", lambda match: f"Mc{match[0][2].upper()}", " ".join(words))


def _is_other_word(word: str) -> bool:
    """Whether a word of a sign-off tells that it is no name; Van and An are names, van is none."""
    plain = word.casefold().strip(".")
    return plain in _words()["other"] or (word.islower() and plain in _words()["small"])


def _is_no_name(word: str) -> bool:
    """Whether a word tells that a shared mailbox or a firm is named, not a person."""
    plain = word.casefold().strip(".")
    return (
        plain in _words()["mailbox"]
        or plain.replace("-", "") in _words()["mailbox"]
        or plain.endswith(("palvelu", "palvelut", "service", ".com", ".fi", ".net", ".org"))
    )


_MARKS = " \t,!:;-–—_*~\"'<>|/()"
_DASH = prepared(r"(?:[-–—~]{1,2}|/{1,2})\s?(?P<name>[^\W\d_][^\d_]{1,40})")
# What people add to their names in a header or below a mail: "(Firm Ltd)", " | Sales", ", CEO".
_ADDED = prepared(r"\s*\([^()]*\)|\s+(?:via|c/o)\s.*$|\s+[|•·].*$", re.IGNORECASE)
_BEHIND = prepared(r"\s*[,(|•·;:/]|\s\+?\d|\s[-–—]\s|\s(?=[^\w\s'’.&-])|[\u2600-\U0001faff]")
_REACH = prepared(r"\S@\S|https?://|www\.|^(?:\w{1,12}[.:]?\s)?\+?\(?\d[\d ()/-]{5,}\d\W?$")
_TURNED = prepared(r"(?P<last>[^\W\d_][\w-]+), (?P<first>[^\W\d_][\w-]+)")
_KISSES = prepared(r"\s+(?:[xX]{1,5}|[xX][oO][xX][oO])$")
# A dot belongs to an initial, as in "Oona K.", and to Jr.
_INITIAL = prepared(r"(?:^|[\s.])(?:[^\W\d_]|[JS]r)\.$")
