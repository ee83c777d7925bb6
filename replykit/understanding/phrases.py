"""Finds phrases of a word list in a text: whole words, stems with `*`, gaps of a few words.

A phrase is a row of words. `stem*`, `*end` and `*part*` are words that begin, end or go on in any
way; `one|two|more_words` is any of these; `<name>` is any word of a named set; `…` (or `...`) is
up to four words in between, `…2` up to two. A phrase lies within one sentence. Upper and lower
case are the same.

Each phrase is looked up by the one of its words that is rarest in its list, so that a text costs
one look a word however long the lists are; from there it is compared word by word within its own
length. No regular expression is made of a phrase: nothing that is written in a list can hang.
"""

from __future__ import annotations

import difflib
import marshal
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from replykit.errors import ReplyKitError

GAP = 4
EXCEPT = "except"
PASSING = "passing"
NO_REASON = frozenset({EXCEPT, PASSING})
_MAX_CHARACTERS = 60_000
# A word that stands a thousand times in a text is looked at no oftener than this.
_MAX_PLACES = 40
_SHORTEST_STEM = 3
_MOST_REMEMBERED, _LONGEST_REMEMBERED = 50_000, 40
_HEAD = 4
_WORD = re.compile(
    "((?:\\w+(?:['’´`:-]\\w+)*)|[\u2639\u263a\u2764\u2665\u2b50\U0001f300-\U0001faff]|[:;]-?[()])"
)
_END = re.compile(r"[.!?…]|\n\s*\n")
_GAP = re.compile(r"(?:…|\.\.\.)(\d?)")
_LETTER = re.compile(r"\w")
_SET = re.compile(r"<(\w+)>")
_EDGES = " \t.,;:!?\"'“”’«»"


class Line(NamedTuple):
    """A phrase of a list: its section (`legal`, `mood.angry`), its sign (`except`, `passing`, the
    name of a kind of weak signs, else empty) and its section's weight."""

    section: str
    text: str
    sign: str = ""
    weight: float = 1.0


class Hit(NamedTuple):
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

    @cached_property
    def places(self) -> Mapping[str, list[int]]:
        """Where each word stands."""
        found: dict[str, list[int]] = {}
        for number, word in enumerate(self.words):
            found.setdefault(word, []).append(number)
        return found

    @cached_property
    def cuts(self) -> list[str]:
        """The first four letters of each word."""
        return [word[:_HEAD] for word in self.words]

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
    breaks = [0]
    for number, sign in enumerate(parts[2:-1:2], 1):
        if len(sign) > 1 and _END.search(sign):
            # "3. kerta" is an ordinal number, not the end of a sentence
            if sign[0] == "." and words[number - 1].isdigit():
                continue
            breaks.append(number)
    breaks.append(len(words))
    return Tokens(words, ends[0:-1:2], breaks, frozenset(words))


class _Step:
    """One word of a phrase: what it may be, and how many words may stand before it."""

    __slots__ = ("cuts", "exact", "gap", "heads", "parts", "sure", "tails")

    def __init__(self, alternatives: Iterable[str], gap: int) -> None:
        exact, heads, tails, parts = set[str](), list[str](), list[str](), list[tuple[str, str]]()
        for word in alternatives:
            head, star, rest = word.partition("*")
            if not star:
                exact.add(word)
                if "'" in word:  # "dont", "im": typed without it as often as not
                    exact.add(word.replace("'", ""))
            elif not rest:
                heads.append(head)
            elif not head and not rest.endswith("*"):
                tails.append(rest)
            else:
                parts.append((head, rest.rstrip("*")))
        self.exact, self.gap = frozenset(exact), gap
        self.heads, self.tails, self.parts = tuple(heads), tuple(tails), tuple(parts)
        self.cuts = frozenset(head[:_HEAD] for head in heads)
        self.sure = not (tails or parts or any(len(head) < _HEAD for head in heads))

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


class _Phrase:
    """A phrase, ready to be compared with a text; made when its rarest word is first seen."""

    __slots__ = ("anchor", "line", "steps", "windows")

    def __init__(
        self, line: Line, text: str, anchor: int, sets: Mapping[str, Sequence[str]]
    ) -> None:
        words, gaps = _parse(text)
        self.line, self.anchor = line, anchor
        self.steps = steps = [
            _Step(_alternatives(word, sets), gaps.get(number, 0))
            for number, word in enumerate(words)
        ]
        self.windows = [self._window(number) for number in self._outward() if steps[number].sure]

    def _outward(self) -> list[int]:
        """The steps but the anchor, the nearest to it first."""
        others = [number for number in range(len(self.steps)) if number != self.anchor]
        return sorted(others, key=lambda number: abs(number - self.anchor))

    def _window(self, number: int) -> tuple[frozenset[str], frozenset[str], int, int]:
        """What a step may be, and between which words, from the anchor, it must stand: one look
        there spares most comparisons."""
        step, away = self.steps[number], number - self.anchor
        between = sorted((number, self.anchor))
        gaps = sum(step.gap for step in self.steps[between[0] + 1 : between[1] + 1])
        if away > 0:
            return step.exact, step.cuts, away, away + gaps + 1
        return step.exact, step.cuts, away - gaps, away + 1

    def match(self, found: Tokens, place: int) -> tuple[int, int] | None:
        """The first and the last word, where the phrase's rarest word stands at `place`."""
        words, steps, anchor = found.words, self.steps, self.anchor
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


@dataclass
class _Index:
    """Phrases by the words that they are looked up by; `anchors` are those words' places."""

    anchors: list[int]
    exact: dict[str, list[int]]
    heads: dict[str, list[tuple[str, int]]]
    loose: list[tuple[str, int]]


@dataclass
class Book:
    """Phrases to look for. `rows` are the phrases, each with the number of its line and of its
    sets of words; an alternative of several words makes one more row of its line. By the words in
    `common`, the commonest first, no phrase is looked up if it has others."""

    common: Sequence[str] = ()
    lines: list[Line] = field(default_factory=list)
    rows: list[tuple[int, str, int]] = field(default_factory=list)
    sets: list[Mapping[str, Sequence[str]]] = field(default_factory=list)
    _found: _Index | None = None
    _phrases: dict[int, _Phrase] = field(default_factory=dict)
    _remembered: dict[str, Sequence[_Phrase]] = field(default_factory=dict)

    def add(self, line: Line, sets: Mapping[str, Sequence[str]]) -> None:
        """Adds one phrase. Raises ReplyKitError where it says nothing to look up."""
        if not self.sets or self.sets[-1] is not sets:
            self.sets.append(sets)
        for text in _variants(line.text):
            _checked(text, sets)
            self.rows.append((len(self.lines), text, len(self.sets) - 1))
        self.lines.append(line)
        self._found = None

    def find(self, found: Tokens) -> Iterator[Hit]:
        """All phrases of a text, by the first place of the word that each is looked up by; a
        phrase as often as it stands there."""
        if not found.words:
            return
        words, cuts, remembered = found.words, found.cuts, self._remembered
        for word, places in found.places.items():
            phrases = remembered.get(word)
            if phrases is None:
                phrases = self._look_up(word)
            for phrase in phrases:
                for place in places[:_MAX_PLACES]:
                    for exact, heads, first, last in phrase.windows:
                        start, end = place + first, place + last
                        if start < 0:
                            start, end = 0, max(0, end)
                        if exact.isdisjoint(words[start:end]) and (
                            not heads or heads.isdisjoint(cuts[start:end])
                        ):
                            break
                    else:
                        if span := phrase.match(found, place):
                            yield Hit(phrase.line, *span, *found.span(*span))

    def dump(self) -> bytes:
        """The book with its index, for `load`."""
        index = self._index
        lines = [tuple(line) for line in self.lines]
        sets = [{name: list(words) for name, words in found.items()} for found in self.sets]
        parts = (index.anchors, index.exact, index.heads, index.loose)
        return marshal.dumps((lines, self.rows, sets, parts))

    @classmethod
    def load(cls, data: bytes) -> Book:
        """A book as `dump` wrote it, by the same version of Python."""
        lines, rows, sets, parts = marshal.loads(data)
        return cls((), list(map(Line._make, lines)), rows, sets, _Index(*parts))

    def _phrase(self, number: int) -> _Phrase:
        line, text, sets = self.rows[number]
        phrase = _Phrase(self.lines[line], text, self._index.anchors[number], self.sets[sets])
        self._phrases[number] = phrase
        return phrase

    @property
    def _index(self) -> _Index:
        if self._found is None:
            self._phrases.clear()
            self._remembered.clear()
            self._found = _indexed(
                [(text, self.sets[sets]) for _, text, sets in self.rows], self.common
            )
        return self._found

    def _look_up(self, word: str) -> Sequence[_Phrase]:
        """The phrases that are looked up by a word; remembered, for most words come again."""
        index, short = self._index, word[:_SHORTEST_STEM]
        numbers = list(index.exact.get(word, ()))
        for cut in dict.fromkeys((word[:_HEAD], short)):
            numbers += [at for head, at in index.heads.get(cut, ()) if word.startswith(head)]
        numbers += [at for part, at in index.loose if part in word]
        found = tuple(self._phrases.get(at) or self._phrase(at) for at in dict.fromkeys(numbers))
        if len(word) <= _LONGEST_REMEMBERED:
            if len(self._remembered) == _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[word] = found
        return found


def _indexed(
    rows: Sequence[tuple[str, Mapping[str, Sequence[str]]]], common: Sequence[str]
) -> _Index:
    """Each phrase under the step whose words are rarest: seldom met in texts, as far as is known,
    and in few of the phrases."""
    steps = [[_alternatives(word, sets) for word in _parse(text)[0]] for text, sets in rows]
    counts = Counter(word for row in steps for alternatives in row for word in alternatives)
    ranks = {word: 1000 / (number + 10) for number, word in enumerate(common)}
    costs = {word: _cost(word, count, ranks) for word, count in counts.items()}
    index = _Index([], {}, {}, [])
    for number, row in enumerate(steps):
        sums = [sum(costs[word] for word in words) for words in row]
        anchor = sums.index(min(sums))
        index.anchors.append(anchor)
        for word in row[anchor]:
            head, star, rest = word.partition("*")
            if not star:
                for form in {word, word.replace("'", "")}:
                    index.exact.setdefault(form, []).append(number)
            elif len(head) >= _SHORTEST_STEM:
                index.heads.setdefault(head[:_HEAD], []).append((head, number))
            else:
                index.loose.append((max((head, *rest.split("*")), key=len), number))
    return index


def _cost(word: str, count: int, ranks: Mapping[str, float]) -> float:
    """How often a word is likely to be met."""
    head, star, _ = word.partition("*")
    if not star:
        return ranks.get(word, 0.1) + count / 50
    if len(head) < _SHORTEST_STEM:
        return 10_000
    known = sum(cost for common, cost in ranks.items() if common.startswith(head))
    return known + 0.5 + count / 50


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
        bare = word.strip(_EDGES)
        if not _LETTER.search(word) and _WORD.fullmatch(word.strip(",")):
            bare = word.strip(",")  # a smiley is nothing but edges
        words += filter(None, [bare])
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


def _checked(text: str, sets: Mapping[str, Sequence[str]]) -> None:
    """Raises ReplyKitError for a phrase that has no word that can be looked up."""
    words = _parse(text)[0]
    if not words:
        raise ReplyKitError(f"{text!r} has no word; write what customers say, as: third … email")
    steps = [_alternatives(word, sets) for word in words]
    if any(all(map(_can_be_looked_up, alternatives)) for alternatives in steps):
        return
    raise ReplyKitError(
        f"{text!r} has no word to look for; it needs one with at least "
        f"{_SHORTEST_STEM} letters beside the *"
    )


def _can_be_looked_up(word: str) -> bool:
    head, star, rest = word.partition("*")
    return bool(head) if not star else len(max((head, *rest.split("*")), key=len)) >= _SHORTEST_STEM
