"""Scores how polite a reply is, with the words that say so.

The signals are phrases of a list (`data/politeness.LANG.txt`), most of them the politeness
strategies of Danescu-Niculescu-Mizil et al., "A computational approach to politeness with
application to social factors" (ACL 2013), and such as only replies have. A score is the logistic
function of the signals' weighted sum (`data/politeness.json`, made by
benchmarks/train_politeness.py). How often a signal stands there counts against the number of
sentences, so that a long reply is no politer than a short one. Where the embedded model is at hand,
how the sentences sound counts too: a linear classifier over the mean of their vectors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.understanding.phrases import Book, Hit, Line, Tokens, tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FOLDER = Path(__file__).parents[1] / "data"
_START = "^"
_NOTHING = "nothing"
_SEVERAL = frozenset(" *_<")
_TERSE = "terse"
# Sentences of so few words are terse, and Finnish ones of fewer: its words say more.
_TERSE_WORDS = {"fi": 2}
_TERSE_ELSE = 3
# How the sentences sound says no more than a signal or two.
MOST_BY_SOUND = 1.0
# A reply of this many sentences needs no more than one thanks or one apology.
ENOUGH = 8
# A bare imperative is none where the sentence asks, thanks or says what the writer will do.
_BARE = "command"
_SOFTENING = frozenset({"please", "please_start", "indirect", "ownership", "offer", "gratitude"})
_FRIENDLY = _SOFTENING | {
    "apology", "closing", "deference", "empathy", "greeting", "i", "positive", "reassurance", "we",
    "you",
}  # fmt: skip


@dataclass(frozen=True)
class Weights:
    """The weights of one language's signals; those in `dense` count by the sentence, the others
    are full with one in `ENOUGH` sentences."""

    bias: float
    signals: Mapping[str, float]
    dense: frozenset[str]


def politeness(
    text: str, lang: str, vectors: NDArray[Any] | None = None
) -> tuple[float | None, dict[str, list[str]]]:
    """How polite a text is, from 0 to 1, and its signals with the words of each.

    `vectors` (n, dim) are those of its sentences, as `meaning` embeds them. None where the language
    is not known or the text has no words.
    """
    weights = _weights(lang)
    found = tokens(text)
    if weights is None or not found.words:
        return None, {}
    hits = signals(text, lang)
    words: dict[str, list[str]] = {}
    for name, spans in sorted(hits.items()):
        if name in weights.signals:
            texts = (" ".join(text[start:end].split()) for start, end in spans)
            words[name] = list(dict.fromkeys(texts))
    shares = features(hits, len(found.breaks) - 1, weights.dense)
    total = weights.bias + sum(
        weights.signals[name] * share for name, share in shares.items() if name in weights.signals
    )
    if vectors is not None:
        total += sound(lang, vectors)
    return round(1 / (1 + exp(-total)), 2), words


def sound(lang: str, vectors: NDArray[Any]) -> float:
    """What the vectors (n, dim) of a text's sentences add to its score, as a logit; 0 where nothing
    was learnt for the language."""
    if not has_sound(lang) or not len(vectors):
        return 0.0
    known = _known()["sound"]
    found: float = float((vectors @ known["weights"]).mean()) + known["bias"][lang]
    return max(-MOST_BY_SOUND, min(MOST_BY_SOUND, found))


def has_sound(lang: str) -> bool:
    """Whether it was learnt how polite sentences of a language sound, so that vectors say more."""
    return lang in _known()["sound"]["bias"]


def costs(text: str, lang: str) -> list[tuple[int, int]]:
    """The places of the signals that make a text less polite, the gravest first; none lies within
    another."""
    weights = _weights(lang)
    if weights is None:
        return []
    found = [
        (weights.signals[name], *span)
        for name, spans in signals(text, lang).items()
        if weights.signals.get(name, 0) < 0
        for span in spans
    ]
    places: list[tuple[int, int]] = []
    for _, start, end in sorted(found):
        if all(end <= first or start >= last for first, last in places):
            places.append((start, end))
    return places


def features(
    hits: Mapping[str, list[tuple[int, int]]], sentences: int, dense: frozenset[str]
) -> dict[str, float]:
    """Each signal's strength, from 0 to 1."""
    return {
        name: min(1.0, len(spans) * (1 if name in dense else ENOUGH) / max(1, sentences))
        for name, spans in hits.items()
    }


def signals(text: str, lang: str) -> dict[str, list[tuple[int, int]]]:
    """The places of each signal of a text, in its order; no word belongs to two of them."""
    found = tokens(text)
    begins = set(found.breaks)
    book, single, endings = _lists(lang)
    hits = [hit for hit in book.find(found) if hit.line.sign != _START or hit.first in begins]
    for place, word in enumerate(found.words):
        lines = [*single.get(word, ()), *(line for end, line in endings if word.endswith(end))]
        for line in lines:
            if line.sign != _START or place in begins:
                hits.append(Hit(line, place, place, *found.span(place, place)))
    # The longest wins, a sentence's first word before that word anywhere.
    hits.sort(key=lambda hit: (hit.first - hit.last, hit.line.sign != _START, hit.first))
    taken: set[int] = set()
    kept: list[Hit] = []
    for hit in hits:
        places = range(hit.first, hit.last + 1)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(hit)
    kept.sort(key=lambda hit: hit.first)
    return _placed(text, found, kept, _TERSE_WORDS.get(lang, _TERSE_ELSE))


def _placed(
    text: str, found: Tokens, hits: list[Hit], few: int
) -> dict[str, list[tuple[int, int]]]:
    sections: dict[int, set[str]] = {}
    for hit in hits:
        sections.setdefault(found.sentence(hit.first)[0], set()).add(hit.line.section)
    spans: dict[str, list[tuple[int, int]]] = {}
    for hit in hits:
        name = hit.line.section
        around = sections[found.sentence(hit.first)[0]]
        if name != _NOTHING and not (name == _BARE and around & _SOFTENING):
            spans.setdefault(name, []).append((hit.start, hit.end))
    for first, after in zip(found.breaks, found.breaks[1:], strict=False):
        if 0 < after - first <= few and not sections.get(first, set()) & _FRIENDLY:
            start, end = found.span(first, after - 1)
            if text[end : end + 1] == "." and not found.words[first][0].isdigit():
                spans.setdefault(_TERSE, []).append((start, end))
    return spans


def languages() -> list[str]:
    """The languages that have a list of signals."""
    return sorted(path.name.split(".")[1] for path in _FOLDER.glob("politeness.*.txt"))


def names(lang: str) -> frozenset[str]:
    """The signals that a language's list has."""
    rows = (_FOLDER / f"politeness.{lang}.txt").read_text("utf-8").splitlines()
    return frozenset(row.strip("[]") for row in rows if row.startswith("[")) - {_NOTHING}


@cache
def _lists(lang: str) -> tuple[Book, dict[str, list[Line]], list[tuple[tuple[str, ...], Line]]]:
    """The phrases of a language; apart from them single words and endings, which most are and
    which need no search."""
    book, section = Book(), ""
    endings: list[tuple[tuple[str, ...], Line]] = []
    single: dict[str, list[Line]] = {}
    for row in (_FOLDER / f"politeness.{lang}.txt").read_text("utf-8").splitlines():
        if row.startswith("["):
            section = row.strip("[]")
        elif row and not row.startswith("#"):
            text = row.removeprefix(_START)
            line = Line(section, text, _START if text != row else "")
            words = text.split("|")
            if " " not in text and all(word[0] == "*" for word in words):
                endings.append((tuple(word[1:] for word in words), line))
            elif _SEVERAL.isdisjoint(text):
                for word in words:
                    single.setdefault(word, []).append(line)
            else:
                book.add(line, {})
    return book, single, endings


@cache
def _known() -> dict[str, Any]:
    known: dict[str, Any] = json.loads((_FOLDER / "politeness.json").read_text("utf-8"))
    return known


@cache
def _weights(lang: str) -> Weights | None:
    known = _known()
    mine = known["languages"].get(lang)
    if mine is None:
        return None
    return Weights(mine["bias"], mine["signals"], frozenset(known["dense"]))
