"""Chooses what of a long message is ranked: its strongest sentences, each by itself.

A long message that keeps to its matter is told best by the whole of it; one that tells a life
story is told by a sentence or two. So the strongest sentences are ranked one by one, and the
message as a whole counts beside them as far as it is short or its sentences hold the matter.
What is embedded stays below 400 tokens, and costs no more time than 256 tokens in one piece.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from replykit.message import Message
from replykit.ranking.scores import Query, Ranking
from replykit.understanding.cues import languages
from replykit.understanding.matters import Matter, Sentence, weighed

SHORT = 60  # words; what is no longer is ranked as it is
# A token has 3.3 bytes on average (English 3.36, Finnish 3.25 in rambling.*.jsonl), but a digit or
# a sign is nearly one of its own; a text has three more.
_BYTES, _SIGN, _FRAME = 3.4, 0.8, 3
_SIGNS = re.compile(r"[^\w\s]|\d")
_WHOLE, _SENTENCES, _SENTENCES_ALONE = 200, 150, 256  # tokens
MOST_SENTENCES = 5
# What the whole weighs at most (a sentence: up to 1), and where it weighs so much and where
# nothing: by its length in characters, by the share of it that holds the matter.
_MOST_WHOLE = 1.5
_LENGTHS = (450, 950)
_SHARES = (0.6, 0.4)
# How much the confidence of all parts counts beside that of the loudest (`join`): of 0, 1/4, 1/3
# and 1/2, on odd lines of messages with and without an answer, the last that lost few answers.
_DOUBT = 1 / 3
_SUBJECT = 2.0  # log-odds that a subject has beyond a sentence


@dataclass(frozen=True)
class Part:
    """A text that is ranked for a message, how much that counts, and which sentence of the
    message's text it is (None: the whole, or a subject)."""

    text: str
    weight: float = 1.0
    matter: Matter | None = None


@dataclass(frozen=True)
class Heard:
    """A part's ranking: the records of the best responses that may be named, by their numbers,
    and how sure it is of each, in falling order."""

    part: Part
    query: Query
    ranking: Ranking
    records: Mapping[int, Mapping[str, Any]]
    confidences: Sequence[float]


@dataclass(frozen=True)
class Named:
    """A response that is named, how sure that is, and the part that speaks loudest for it."""

    number: int
    confidence: float
    heard: Heard

    @property
    def record(self) -> Mapping[str, Any]:
        return self.heard.records[self.number]


def join(heard: Sequence[Heard]) -> list[Named]:
    """One list of what the parts name, by the sum of weight times confidence.

    The first response is as sure as the part that speaks loudest for it, less what all parts
    together doubt: of many parts one often resembles some reply, whatever the message is about.
    One that another part speaks for is so only as far as that looks like a matter itself, and
    never surer than the one before it: of a message with two matters, both may be sure.
    """
    total = sum(part.part.weight for part in heard)
    scores: dict[int, float] = {}
    loudest: dict[int, tuple[float, float, Heard]] = {}
    for part in heard:
        for number, confidence in zip(part.records, part.confidences, strict=True):
            score = part.part.weight * confidence
            scores[number] = scores.get(number, 0.0) + score
            if number not in loudest or score > loudest[number][0]:
                loudest[number] = (score, confidence, part)
    named: list[Named] = []
    for number in sorted(scores, key=lambda number: -scores[number]):
        _, confidence, part = loudest[number]
        if not named and len(heard) > 1:
            confidence *= (scores[number] / total / confidence) ** _DOUBT if confidence else 0.0
        if named:
            if part is not named[0].heard:
                confidence *= min(part.part.weight, 1.0)
            confidence = min(confidence, named[-1].confidence)
        named.append(Named(number, round(confidence, 4), part))
    return named


def parts(message: Message, lang: str) -> tuple[Part, ...]:
    """What is ranked for a message: itself if it is short, else its essence and sentences."""
    whole = message.matter
    # Where no list knows the language's words, sentences are told apart by their form alone.
    if len(whole.split()) <= SHORT or lang[:2] not in languages():
        return (Part(whole),)
    sentences = [*_subject(message, lang), *weighed(message.text, lang)]
    weight = _whole_weight(whole, sentences)
    chosen = _strongest(sentences, _SENTENCES if weight else _SENTENCES_ALONE, MOST_SENTENCES)
    found = [_part(sentence) for sentence in chosen]
    if weight or not found:
        found.insert(0, Part(_essence(whole, sentences), weight or 1.0))
    return tuple(found)


def _essence(whole: str, sentences: Sequence[Sentence]) -> str:
    """The message, or its strongest sentences in their order where it is too long."""
    if _tokens(whole) <= _WHOLE:
        return whole
    strongest = sorted(_strongest(sentences, _WHOLE), key=lambda item: item.start)
    return " ".join(item.text for item in strongest) or whole


def _subject(message: Message, lang: str) -> list[Sentence]:
    """A subject that says more than the text, as one sentence; its place is none of the text."""
    subject, line_end, _ = message.matter.removesuffix(message.text).partition("\n")
    if not line_end or not subject:
        return []
    first, *_ = weighed(subject, lang) or (None,)
    if first is None:
        return []
    return [replace(first, text=subject, start=-1, end=-1, weight=first.weight + _SUBJECT)]


def _part(sentence: Sentence) -> Part:
    if sentence.start < 0:
        return Part(sentence.text, sentence.strength)
    matter = Matter(sentence.text, sentence.start, sentence.end, round(sentence.strength, 2))
    return Part(sentence.text, sentence.strength, matter)


def _strongest(
    sentences: Sequence[Sentence], tokens: int, most: int | None = None
) -> list[Sentence]:
    """The strongest sentences that have room in so many tokens, strongest first."""
    found: list[Sentence] = []
    for sentence in sorted(sentences, key=lambda item: -item.weight):
        if len(found) == most:
            break
        size = _tokens(sentence.text)
        if size <= tokens:
            found.append(sentence)
            tokens -= size
    return found


def _tokens(text: str) -> int:
    """About how many tokens the model makes of a text."""
    signs = len(_SIGNS.findall(text))
    letters = len(text.encode("utf-8", "replace")) - signs
    return _FRAME + math.ceil(letters / _BYTES + _SIGN * signs)


def _whole_weight(whole: str, sentences: Sequence[Sentence]) -> float:
    length = _ramp(len(whole), *_LENGTHS)
    words = sum(len(item.read.words) for item in sentences)
    held = sum(len(item.read.words) * _holds(item) for item in sentences)
    return _MOST_WHOLE * max(length, _ramp(held / max(words, 1), *_SHARES))


def _holds(sentence: Sentence) -> float:
    """How far a sentence speaks of the matter at all, between 0 and 1."""
    return 1.0 / (1.0 + math.exp(-0.5 * (sentence.weight + 2.0)))


def _ramp(value: float, full: float, none: float) -> float:
    """1 at `full`, 0 at `none`, and straight between."""
    return min(1.0, max(0.0, (value - none) / (full - none)))
