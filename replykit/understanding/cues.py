"""Finds the words by which a sentence shows what it does: ask, want, complain, tell a story.

The lists are `data/matters.LANG.txt`. A text of 900 words is read in half a millisecond: a word is
looked up once and remembered, and only what begins with it is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).parents[1] / "data"
WORD = re.compile(r"\w+(?:'\w+)*")
_STEM = 3  # letters that every stem of the lists has at least
_MOST_REMEMBERED = 50_000

_Rest = tuple[tuple[str, ...], str]  # what follows a phrase's first word, and its section
_Entry = tuple[tuple[str, ...], Mapping[str, Sequence[_Rest]]]
_NOTHING: _Entry = ((), {})


class Cue(NamedTuple):
    """A phrase of a list: its section, its first word's number in the sentence, its words."""

    section: str
    place: int
    words: int


class Read(NamedTuple):
    """A sentence's words in lower case and the cues among them."""

    words: Sequence[str]
    cues: Sequence[Cue]

    def counts(self) -> dict[str, int]:
        """How many cues there are of each section."""
        found: dict[str, int] = {}
        for section, _, _ in self.cues:
            found[section] = found.get(section, 0) + 1
        return found


@dataclass
class Lists:
    """One language's phrases, by their first words; `remembered` are words looked up before."""

    exact: dict[str, list[_Rest]] = field(default_factory=dict)
    stems: dict[str, list[tuple[str, _Rest]]] = field(default_factory=dict)
    ends: dict[str, list[_Rest]] = field(default_factory=dict)
    remembered: dict[str, _Entry] = field(default_factory=dict)

    def add(self, section: str, phrase: str) -> None:
        first, *rest = phrase.lower().split()
        entry = (tuple(rest), section)
        if first.startswith("*"):
            self.ends.setdefault(first[1:], []).append(entry)
            return
        if first.endswith("*"):
            self.stems.setdefault(first[:_STEM], []).append((first[:-1], entry))
            return
        self.exact.setdefault(first, []).append(entry)
        if "'" in first:  # "id like": typed without it as often as not
            self.exact.setdefault(first.replace("'", ""), []).append(entry)

    def read(self, sentence: str) -> Read:
        """A sentence's words and cues."""
        words = WORD.findall(sentence.lower().replace("’", "'"))
        return Read(words, list(self._cues(words)))

    def _cues(self, words: Sequence[str]) -> Iterator[Cue]:
        remembered = self.remembered
        for place, word in enumerate(words):
            entry = remembered.get(word)
            if entry is None:
                entry = self._look_up(word)
            alone, more = entry
            for section in alone:
                yield Cue(section, place, 1)
            if more and place + 1 < len(words):
                for rest, section in more.get(words[place + 1], ()):
                    if _follows(words, place + 1, rest):
                        yield Cue(section, place, 1 + len(rest))

    def _look_up(self, word: str) -> _Entry:
        found = list(self.exact.get(word, ()))
        found += [rest for stem, rest in self.stems.get(word[:_STEM], ()) if word.startswith(stem)]
        for end, several in self.ends.items():
            if word.endswith(end) and len(word) > len(end) + 1:
                found += several
        more: dict[str, list[_Rest]] = {}
        for rest, section in found:
            if rest:
                more.setdefault(rest[0], []).append((rest, section))
        entry = (tuple(section for rest, section in found if not rest), more)
        if len(self.remembered) > _MOST_REMEMBERED:
            self.remembered.clear()
        self.remembered[word] = entry if found else _NOTHING
        return self.remembered[word]


def _follows(words: Sequence[str], place: int, rest: Sequence[str]) -> bool:
    if len(rest) == 1:
        return True  # it was looked up by this word
    return tuple(words[place : place + len(rest)]) == tuple(rest)


@cache
def lists(lang: str) -> Lists:
    """The lists of a language (`en-GB` has those of `en`); empty where there are none."""
    found = Lists()
    for section, phrase in phrases(lang):
        found.add(section, phrase)
    return found


def phrases(lang: str) -> Iterator[tuple[str, str]]:
    """Each phrase of a language's lists after its section."""
    tag = re.match(r"[a-z]{2,3}(?![a-z])", lang)
    path = _FOLDER / f"matters.{tag.group()}.txt" if tag else None
    if path is None or not path.is_file():
        return
    rows = [row for row in path.read_text("utf-8").splitlines() if row and row[0] != "#"]
    for part in "\n".join(rows).split("\n["):
        section, _, body = part.lstrip("[").partition("]")
        for phrase in " ".join(body.split()).split(", "):
            yield section, phrase


@cache
def languages() -> tuple[str, ...]:
    """The languages that have lists."""
    found = (path.name.split(".")[1] for path in _FOLDER.glob("matters.*.txt"))
    return tuple(sorted(found))
