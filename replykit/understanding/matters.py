"""Finds what a message is about, and what it asks: the sentences that hold it, without a model.

A sentence weighs by what it shows: a question, a wish, something that went wrong, the words of
orders and bills, the firm that is written to, a day or a number; and less where it tells of other
people and other times. The weights were fitted (logistic regression, rounded) on the odd lines of
`tests/data/triage/rambling.*.jsonl`; `benchmarks/matters.py` measures them on all.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from replykit.understanding.cues import Read, lists
from replykit.understanding.questions import asked_from, asks
from replykit.understanding.sentences import spans

# Of a sentence's log-odds to hold the matter: by the section of `data/matters.LANG.txt`, for each
# time up to the second number.
_WEIGHTS = {
    "ask": (0.3, 2), "request": (1.0, 2), "problem": (0.8, 3), "business": (0.85, 4),
    "when": (1.1, 2), "turn": (0.65, 2), "courtesy": (-0.5, 2), "story": (-0.8, 3),
}  # fmt: skip
_YOU, _QUESTION, _NUMBER, _LENGTH, _BEGINNING, _CONSTANT = 0.95, 1.9, 2.0, 0.75, 1.25, -7.75

_MOST_CHARACTERS = 60_000  # what is longer was not written by hand
_MOST_MATTERS = 3
_FURTHER = -0.5  # log-odds of a further matter, at least

# A number that is no year: those belong to stories.
_NUMBER_SIGN = re.compile(r"(?<!\d)(?!(?:1[89]|20)\d\d(?!\d))\d")


@dataclass(frozen=True)
class Matter:
    """A sentence that holds what a message is about: its place in the text, and how likely it
    is (0 to 1)."""

    text: str
    start: int
    end: int
    strength: float = 1.0


@dataclass(frozen=True)
class Sentence:
    """A sentence of a message, its cues, whether it asks, and the log-odds that it
    holds the matter."""

    text: str
    start: int
    end: int
    read: Read
    asks: bool
    weight: float

    @property
    def strength(self) -> float:
        return 1.0 / (1.0 + math.exp(-self.weight))


def matters(text: str, lang: str) -> tuple[Matter, ...]:
    """What a text is about, in its order: the strongest sentence, and others that are strong by
    themselves. Empty where nothing is said beyond a greeting."""
    found = [sentence for sentence in weighed(text, lang) if _says_something(sentence)]
    if not found:
        return ()
    numbers = {id(sentence): number for number, sentence in enumerate(found)}
    best, *rest = sorted(found, key=lambda sentence: -sentence.weight)
    chosen = [best]
    for sentence in rest:
        if len(chosen) == _MOST_MATTERS or sentence.weight < _FURTHER:
            break
        # What stands beside a matter goes on about it.
        place = numbers[id(sentence)]
        if all(abs(place - numbers[id(other)]) > 1 for other in chosen):
            chosen.append(sentence)
    chosen.sort(key=lambda sentence: sentence.start)
    return tuple(
        Matter(item.text, item.start, item.end, round(item.strength, 2)) for item in chosen
    )


def _says_something(sentence: Sentence) -> bool:
    words = sum(cue.words for cue in sentence.read.cues if cue.section == "courtesy")
    return len(sentence.read.words) > words


@lru_cache(maxsize=4)
def weighed(text: str, lang: str) -> tuple[Sentence, ...]:
    """All sentences of a text; the last few texts are remembered."""
    text = text[:_MOST_CHARACTERS]
    known = lists(lang)
    found = []
    for number, (start, end) in enumerate(spans(text, lang)):
        part = text[start:end]
        read = known.read(part)
        is_asking = asks(part, read)
        weight = _weight(part, read, is_asking, number < 2)
        found.append(Sentence(part, start, end, read, is_asking, weight))
    return tuple(found)


def _weight(sentence: str, read: Read, is_asking: bool, beginning: bool) -> float:
    counts = read.counts()
    total = _CONSTANT + _LENGTH * math.log(max(len(read.words), 1))
    for section, (weight, most) in _WEIGHTS.items():
        if section in counts:
            total += weight * min(counts[section], most)
    if counts.get("you", 0) > counts.get("not_you", 0):
        total += _YOU
    if is_asking:
        total += _QUESTION
    if _NUMBER_SIGN.search(sentence):
        total += _NUMBER
    return total + (_BEGINNING if beginning else 0.0)


def questions(text: str, lang: str) -> tuple[str, ...]:
    """What a text asks, word for word and in its order: also without a question mark ("tuleeko se
    huomenna"), and indirectly ("I was wondering whether …"). Rhetorical questions and those that
    the text quotes are none."""
    return tuple(
        sentence.text[asked_from(sentence.text, sentence.read) :]
        for sentence in weighed(text, lang)
        if sentence.asks
    )
