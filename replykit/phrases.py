"""Finds phrases of a word list in a text: whole words, stems with `*`, gaps of a few words.

A phrase is a row of words. `stem*`, `*end` and `*part*` are words that begin, end or go on in any
way; `one|two|more_words` is any of these; `<name>` is any word of a named set; `…` (or `...`) is
up to four words in between, `…2` up to two. A phrase lies within one sentence. Upper and lower
case are the same.

Each phrase is looked up by its rarest-looking word, so that a text costs one look a word however
long the lists are; from there it is compared word by word within its own length. No regular
expression is made of a phrase: nothing that is written in a list can hang.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from itertools import accumulate
from pathlib import Path

from replykit.errors import ReplyKitError

GAP = 4
EXCEPT = "except"
_FOLDER = Path(__file__).parent / "data"
_LISTS = ("routes", "mood")
# read as plain words, never looked for in a text
_WORDS_ONLY = frozenset({"mood.negator", "mood.strong"})
_MAX_CHARACTERS = 60_000
# A word that stands a thousand times in a text is looked at no oftener than this.
_MAX_PLACES = 40
_SHORTEST_STEM = 3
_HEAD = 4
_WORD = re.compile(
    "((?:\\w+(?:['’´`:-]\\w+)*)|[\u2639\u263a\u2764\u2665\U0001f300-\U0001faff]|[:;]-?[()])"
)
_END = re.compile(r"[.!?…]|\n\s*\n")
_GAP = re.compile(r"(?:…|\.\.\.)(\d?)")
_LETTER = re.compile(r"\w")
_SET = re.compile(r"<(\w+)>")
_EDGES = " \t.,;:!?\"'“”’«»"


@dataclass(frozen=True)
class Line:
    """A phrase of a list: its section (`legal`, `mood.angry`), its sign (`except`, the
    name of a kind of weak signs, else empty) and its section's weight."""

    section: str
    text: str
    sign: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class Hit:
    """A phrase found: whose it is, and its place in words and in code points."""

    line: Line
    first: int
    last: int
    start: int
    end: int

    def overlaps(self, other: Hit) -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Tokens:
    """A text as words in lower case, the code points where each begins, and the words that
    begin a sentence (ending with the number of all)."""

    words: list[str]
    starts: list[int]
    breaks: list[int]
    unique: frozenset[str]

    def sentence(self, place: int) -> tuple[int, int]:
        """The first word of the sentence around a word, and the first after it."""
        at = bisect_right(self.breaks, place)
        return self.breaks[at - 1], self.breaks[at]

    def span(self, first: int, last: int) -> tuple[int, int]:
        return self.starts[first], self.starts[last] + len(self.words[last])


@lru_cache(maxsize=4)
def tokens(text: str) -> Tokens:
    """The words of a text. The last few texts are remembered: several lists read each."""
    text = text[:_MAX_CHARACTERS]
    lower = text.lower()
    if len(lower) != len(text):  # İ is two code points in lower case; places must stay
        lower = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    if "’" in lower:
        lower = lower.replace("’", "'")
    parts = _WORD.split(lower)
    ends = list(accumulate(map(len, parts)))
    words = parts[1::2]
    between = parts[2:-1:2]
    breaks = [0]
    for number, sign in enumerate(between, 1):
        # "3. kerta" is an ordinal number, not the end of a sentence
        if len(sign) > 1 and _END.search(sign):
            if sign[0] == "." and words[number - 1].isdigit():
                continue
            breaks.append(number)
    breaks.append(len(words))
    return Tokens(words, ends[0:-1:2], breaks, frozenset(words))


@dataclass(frozen=True)
class _Step:
    """One word of a phrase: what it may be, and how many words may stand before it."""

    exact: frozenset[str]
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    gap: int

    def fits(self, word: str) -> bool:
        return (
            word in self.exact
            or (bool(self.heads) and word.startswith(self.heads))
            or (bool(self.tails) and word.endswith(self.tails))
            or any(_has(word, head, rest) for head, rest in self.parts)
        )


def _has(word: str, head: str, rest: str) -> bool:
    """`a*b`, `*b*` (no head): the head, then the rest somewhere after it."""
    if not head:
        return rest in word
    return word.startswith(head) and word.endswith(rest) and len(word) >= len(head) + len(rest)


@dataclass
class _Phrase:
    """A phrase as written, compiled when the word that it is looked up by is first seen."""

    line: Line
    words: Sequence[str]
    gaps: Mapping[int, int]
    anchor: int
    sets: Mapping[str, Sequence[str]]

    @cached_property
    def compiled(self) -> list[_Step]:
        return [
            _step(_alternatives(word, self.sets), self.gaps.get(number, 0))
            for number, word in enumerate(self.words)
        ]

    def match(self, found: Tokens, place: int) -> tuple[int, int] | None:
        """The first and the last word, where the phrase's rarest word stands at `place`."""
        steps, words, anchor = self.compiled, found.words, self.anchor
        low, high = found.sentence(place)
        if not steps[anchor].fits(words[place]):
            return None
        last = {place}
        for step in steps[anchor + 1 :]:
            last = {
                at
                for before in last
                for at in range(before + 1, min(before + 2 + step.gap, high))
                if step.fits(words[at])
            }
            if not last:
                return None
        first = {place}
        for number in range(anchor, 0, -1):
            gap, step = steps[number].gap, steps[number - 1]
            first = {
                at
                for after in first
                for at in range(max(after - 1 - gap, low), after)
                if step.fits(words[at])
            }
            if not first:
                return None
        return max(first), min(last)


def _step(alternatives: Iterable[str], gap: int) -> _Step:
    exact: list[str] = []
    heads: list[str] = []
    tails: list[str] = []
    parts: list[tuple[str, str]] = []
    for word in alternatives:
        head, star, rest = word.partition("*")
        if not star:
            exact.append(word)
            if "'" in word:  # "dont", "im": typed without it as often as not
                exact.append(word.replace("'", ""))
        elif not rest:
            heads.append(head)
        elif not head and not rest.endswith("*"):
            tails.append(rest)
        else:
            parts.append((head, rest.rstrip("*")))
    return _Step(frozenset(exact), tuple(heads), tuple(tails), tuple(parts), gap)


@dataclass
class Book:
    """Phrases, by the words that they are looked up by."""

    exact: dict[str, list[_Phrase]] = field(default_factory=dict)
    heads: dict[str, list[tuple[str, _Phrase]]] = field(default_factory=dict)
    loose: list[tuple[str, _Phrase]] = field(default_factory=list)

    def add(self, line: Line, sets: Mapping[str, Sequence[str]]) -> None:
        """Adds one phrase. Raises ReplyKitError where it says nothing to look up."""
        for text in _variants(line.text):
            self._add(line, text, sets)

    def _add(self, line: Line, text: str, sets: Mapping[str, Sequence[str]]) -> None:
        words, gaps = _parse(text)
        anchor = _anchor(text, words, sets)
        phrase = _Phrase(line, words, gaps, anchor, sets)
        for word in _alternatives(words[anchor], sets):
            head, star, rest = word.partition("*")
            if not star:
                self.exact.setdefault(word, []).append(phrase)
                if "'" in word:
                    self.exact.setdefault(word.replace("'", ""), []).append(phrase)
            elif len(head) >= _SHORTEST_STEM:
                self.heads.setdefault(head[:_HEAD], []).append((head, phrase))
            else:
                self.loose.append((max((head, *rest.split("*")), key=len), phrase))

    def find(self, found: Tokens) -> Iterator[Hit]:
        """All phrases of a text, in no order; a phrase as often as it stands there."""
        if not found.words:
            return
        for word, phrases in self._looked_up(found.unique):
            places = list(_places(found.words, word))
            for phrase in phrases:
                for place in places:
                    if span := phrase.match(found, place):
                        yield Hit(phrase.line, *span, *found.span(*span))

    def _looked_up(self, unique: frozenset[str]) -> Iterator[tuple[str, list[_Phrase]]]:
        for word in unique & self.exact.keys():
            yield word, self.exact[word]
        heads = self.heads
        for word in unique:
            for length in (_HEAD, _SHORTEST_STEM):
                if near := heads.get(word[:length]):
                    fitting = [phrase for head, phrase in near if word.startswith(head)]
                    if fitting:
                        yield word, fitting
        for part, phrase in self.loose:
            for word in unique:
                if part in word:
                    yield word, [phrase]


def _places(words: list[str], word: str) -> Iterator[int]:
    at = -1
    for _ in range(_MAX_PLACES):
        try:
            at = words.index(word, at + 1)
        except ValueError:
            return
        yield at


def _variants(text: str) -> Iterator[str]:
    """A phrase for each alternative of several words, and one for all others."""
    place = text.find("_")
    if place < 0:
        yield text
        return
    start = text.rfind(" ", 0, place) + 1
    end = text.find(" ", place)
    end = len(text) if end < 0 else end
    alternatives = text[start:end].split("|")
    several = [word.replace("_", " ") for word in alternatives if "_" in word]
    single = "|".join(word for word in alternatives if "_" not in word)
    for words in filter(None, (single, *several)):
        yield from _variants(text[:start] + words + text[end:])


def _parse(text: str) -> tuple[list[str], dict[int, int]]:
    """The words of a phrase, and how many others may stand before which of them."""
    words: list[str] = []
    gaps: dict[int, int] = {}
    for word in text.lower().replace("’", "'").split():
        if word[0] in "…." and (match := _GAP.fullmatch(word)):
            gaps[len(words)] = int(match[1] or GAP)
            continue
        # a smiley is nothing but edges
        words += filter(None, [word.strip(_EDGES) if _LETTER.search(word) else word.strip(",")])
    if not words:
        raise ReplyKitError(f"{text!r} has no word; write what customers say, as: third … email")
    return words, gaps


def _alternatives(word: str, sets: Mapping[str, Sequence[str]]) -> list[str]:
    if "<" not in word:
        return word.split("|")
    found: list[str] = []
    for part in word.split("|"):
        match = _SET.search(part)
        if match is None:
            found.append(part)
        elif match[1] not in sets:
            near = difflib.get_close_matches(match[1], sets, 1)
            hint = f"; did you mean <{near[0]}>?" if near else f"; known: {', '.join(sets)}"
            raise ReplyKitError(f"no set of words {match[0]}{hint}")
        else:
            found += [part.replace(match[0], item) for item in sets[match[1]]]
    return found


def _anchor(text: str, words: Sequence[str], sets: Mapping[str, Sequence[str]]) -> int:
    """The step whose words look rarest: the longest, whole ones before stems."""
    best, place = 0, -1
    for number, word in enumerate(words):
        several = "|" in word or "<" in word
        alternatives = _alternatives(word, sets) if several else (word,)
        rare = 2 * min(map(len, alternatives))
        if "*" in word:
            rare = min(rare - 3, *map(_rarity, alternatives), 99)
        if rare > best:
            best, place = rare, number
    if place < 0:
        raise ReplyKitError(
            f"{text!r} has no word to look for; it needs one with at least "
            f"{_SHORTEST_STEM} letters beside the *"
        )
    return place


def _rarity(word: str) -> int:
    head, star, rest = word.partition("*")
    if not star or len(head) >= _SHORTEST_STEM:
        return 2 * len(word)
    # Looking for a part of a word costs a look at every word: only where there is no other way.
    return 1 if len(rest.strip("*")) >= _SHORTEST_STEM else 0


@dataclass(frozen=True)
class Lists:
    """The built-in lists of one language: their phrases, their lines and their sets of words."""

    book: Book
    lines: Mapping[str, Sequence[Line]]
    sets: Mapping[str, Sequence[str]]


@cache
def built_in(lang: str) -> Lists:
    """The lists of a language (`en-GB` has those of `en`), empty where there are none."""
    tag = re.match(r"[a-z]{2,3}(?![a-z])", lang)
    book, lines, sets = Book(), dict[str, list[Line]](), dict[str, Sequence[str]]()
    for name in _LISTS if tag else ():
        path = _FOLDER / f"{name}.{tag.group()}.txt" if tag else _FOLDER
        if path.is_file():
            for line in _read(path.read_text("utf-8"), sets):
                lines.setdefault(line.section, []).append(line)
                if line.section not in _WORDS_ONLY:
                    book.add(line, sets)
    return Lists(book, lines, sets)


def languages() -> list[str]:
    """The languages that have built-in lists."""
    return sorted(path.name.split(".")[1] for path in _FOLDER.glob("routes.*.txt"))


def _read(text: str, sets: dict[str, Sequence[str]]) -> Iterator[Line]:
    """`[section weight]`, `[section sign kind]`, `[section except]`, `@set = words`, `# …`."""
    section, sign = "", ""
    weights: dict[str, float] = {}
    for row in text.splitlines():
        first = row[:1]
        if first == "[":
            section, _, rest = row.strip("[] ").partition(" ")
            sign = EXCEPT if rest == "except" else ""
            if rest.startswith("sign "):
                sign = rest.removeprefix("sign ")
            elif rest and not sign:
                weights[section] = float(rest)
        elif first == "@":
            name, _, words = row[1:].partition("=")
            sets[name.strip()] = words.split()
        elif first and first != "#":
            yield Line(section, row, sign, weights.get(section, 1.0))


@lru_cache(maxsize=4)
def spot(text: str, lang: str) -> tuple[Hit, ...]:
    """All phrases of the built-in lists in a text, in its order."""
    hits = built_in(lang).book.find(tokens(text))
    return tuple(sorted(set(hits), key=lambda hit: (hit.first, hit.last, hit.line.section)))
