"""Finds what a message is about, and what it asks: the sentences that hold it, without a model.

A sentence weighs by what it shows: a question, a wish, something that went wrong, the words of
orders and bills, the firm that is written to, a day or a number; and less where it tells of other
people and other times. The weights were fitted (logistic regression, rounded) on the odd lines of
`tests/data/triage/rambling.*.jsonl`; `benchmarks/matters.py` measures them on all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from replykit.cues import Cue, Read, lists
from replykit.sentences import spans

# Of a sentence's log-odds to hold the matter: by the section of `data/matters.LANG.txt`, for each
# time up to the second number.
_WEIGHTS = {
    "ask": (1.2, 2), "request": (1.6, 2), "problem": (0.9, 2), "business": (0.8, 4),
    "when": (1.3, 2), "turn": (0.65, 2), "courtesy": (-0.4, 2), "story": (-0.85, 3),
}  # fmt: skip
_YOU, _QUESTION, _NUMBER, _LENGTH, _BEGINNING, _CONSTANT = 0.85, 1.6, 2.2, 1.0, 1.2, -8.0

_MOST_CHARACTERS = 60_000  # what is longer was not written by hand
_MOST_MATTERS = 3
_SECOND, _BEHIND = -0.5, 4.0  # log-odds of a further matter: at least, and behind the first
_LONG_QUESTION = 35  # words; of a longer sentence only the clause that asks is a question

# A number that is no year: those belong to stories.
_NUMBER_SIGN = re.compile(r"(?<!\d)(?!(?:1[89]|20)\d\d(?!\d))\d")
_QUOTED = re.compile(r"[\"“”«»][^\"“”«»]{1,300}[\"“”«»]")
# Finnish asks by an ending: tuleeko, onkohan, and in speech tuleeks; not verkko, not laatikko.
_ASKING_WORD = re.compile(r"(?!.*kk[oö]$)\w{1,40}[aeiouyäönltrs]k[oö](?:h[aä]n|s)?$")
_SHORTEST_ASKING = 3
_NO_QUESTION_WORD = (
    "joko", "jokohan", "niinkö", "asko", "esko", "marko", "mirko", "disko", "kasko", "fiasko",
)  # fmt: skip
_ABOUT_US = ("you", "business", "request", "problem")


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
    """A sentence of a message, its cues, and the log-odds that it holds the matter."""

    text: str
    start: int
    end: int
    read: Read
    weight: float

    @property
    def strength(self) -> float:
        return 1.0 / (1.0 + math.exp(-self.weight))


def matters(text: str, lang: str) -> tuple[Matter, ...]:
    """What a text is about, in its order: the strongest sentence, and others that are about as
    strong. Empty where nothing is said beyond a greeting."""
    found = [sentence for sentence in weighed(text, lang) if _says_something(sentence)]
    if not found:
        return ()
    numbers = {id(sentence): number for number, sentence in enumerate(found)}
    best, *rest = sorted(found, key=lambda sentence: -sentence.weight)
    chosen = [best]
    for sentence in rest:
        if len(chosen) == _MOST_MATTERS or sentence.weight < max(_SECOND, best.weight - _BEHIND):
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
        found.append(Sentence(part, start, end, read, _weight(part, read, number < 2)))
    return tuple(found)


def _weight(sentence: str, read: Read, beginning: bool) -> float:
    counts = read.counts()
    total = _CONSTANT + _LENGTH * math.log(max(len(read.words), 1))
    for section, (weight, most) in _WEIGHTS.items():
        if section in counts:
            total += weight * min(counts[section], most)
    if counts.get("you", 0) > counts.get("not_you", 0):
        total += _YOU
    if "?" in sentence and "rhetorical" not in counts:
        total += _QUESTION
    if _NUMBER_SIGN.search(sentence):
        total += _NUMBER
    return total + (_BEGINNING if beginning else 0.0)


def questions(text: str, lang: str) -> tuple[str, ...]:
    """What a text asks, word for word and in its order: also without a question mark ("tuleeko se
    huomenna"), and indirectly ("I was wondering whether …"). Rhetorical questions and those that
    the text quotes are none."""
    found = []
    for sentence in weighed(text, lang):
        if (start := _asks_from(sentence, lang)) is not None:
            found.append(sentence.text[start:])
    return tuple(found)


def _asks_from(sentence: Sentence, lang: str) -> int | None:
    """Where a question begins in a sentence; None where it holds none."""
    read = sentence.read
    if "?" in sentence.text:
        if "?" not in _QUOTED.sub("", sentence.text) or _is_rhetorical(read):
            return None
    elif not _asks_without_mark(read, lang):
        return None
    return _clause(sentence) if len(read.words) > _LONG_QUESTION else 0


def _is_rhetorical(read: Read) -> bool:
    """A set phrase, or a question within a story that is about nobody here."""
    counts = read.counts()
    if "rhetorical" in counts:
        # "Can you believe it" begins as a request does, "you know what, can you …" holds one.
        set_phrases = {cue.place for cue in read.cues if cue.section == "rhetorical"}
        return set_phrases >= {cue.place for cue in read.cues if cue.section == "plea"}
    return "story" in counts and counts.keys().isdisjoint(_ABOUT_US)


def _asks_without_mark(read: Read, lang: str) -> bool:
    if any(cue.section == "rhetorical" for cue in read.cues):
        return False
    if any(cue.section == "plea" and _is_meant(read, cue) for cue in read.cues):
        return True
    asking = [place for place, word in enumerate(read.words) if _is_asking_word(word, lang)]
    return _asks_indirectly(read, asking) or _begins_as_question(read, asking)


def _asks_indirectly(read: Read, asking: Sequence[int]) -> bool:
    """Whether a question word follows on "I would like to know" or is a part of the phrase."""
    for cue in read.cues:
        if cue.section == "ask" and _is_meant(read, cue):
            begin = cue.place + 1
            places = [*asking, *(cue.place for cue in read.cues if cue.section == "wh")]
            return any(place >= begin for place in places)
    return False


def _is_meant(read: Read, cue: Cue) -> bool:
    """Whether "tell me" or "could you" is said to the reader: not after "she won't" or "if"."""
    return not any(
        other.section == "unless" and other.place + other.words == cue.place for other in read.cues
    )


def _begins_as_question(read: Read, asking: Sequence[int]) -> bool:
    """Whether a sentence opens as a question does, after a greeting or words such as "so"."""
    places = {*asking, *(cue.place for cue in read.cues if cue.section == "interrogative")}
    return _lead(read) in places


def _lead(read: Read) -> int:
    """How many words stand before a sentence really begins."""
    lengths = {cue.place: cue.words for cue in read.cues if cue.section in ("courtesy", "before")}
    place = 0
    while place in lengths:
        place += lengths[place]
    return place


def _is_asking_word(word: str, lang: str) -> bool:
    """Whether a Finnish word ends as questions do; other languages have no such ending."""
    return (
        lang == "fi"
        and len(word) > _SHORTEST_ASKING
        and _ASKING_WORD.match(word) is not None
        and word not in _NO_QUESTION_WORD
    )


def _clause(sentence: Sentence) -> int:
    """Where the clause begins that asks, in a sentence of many: at the last beginning of a
    question before the question mark, or 0."""
    read = sentence.read
    starts = [cue for cue in read.cues if cue.section in ("interrogative", "plea")]
    joined = {cue.place for cue in read.cues if cue.section == "before"}
    begins = [cue for cue in starts if _is_beginning(sentence, cue, joined)]
    if not begins:
        return 0
    first = begins[0].place
    return _character(sentence, first - 1 if first - 1 in joined else first)


def _is_beginning(sentence: Sentence, cue: Cue, joined: set[int]) -> bool:
    if cue.place == 0:
        return True
    if cue.place - 1 in joined:
        return True
    start = _character(sentence, cue.place)
    return sentence.text[:start].rstrip()[-1:] in tuple(",;:–-(")


def _character(sentence: Sentence, place: int) -> int:
    """Where a word of the sentence begins."""
    words = re.finditer(r"\w+(?:['’]\w+)*", sentence.text)
    return next((match.start() for n, match in enumerate(words) if n == place), 0)
