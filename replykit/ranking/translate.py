"""Translates the words of a message by a dictionary, to match examples of another language.

A dictionary is a sorted text file that is mapped and searched, so that a message reads only the
pages of its own words. Its keys are lemmas for Finnish (and spoken forms, as written) and stems
for English, single or two in a row; `benchmarks/train_dictionary.py` makes it.
"""

from __future__ import annotations

import math
import mmap
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path

from replykit.ranking.features import (
    Counts,
    character_counts,
    lemma_counts,
    lemmatizer,
    normal,
    voikko,
)

Weighted = tuple[tuple[str, float], ...]

PAIRS = (("fi", "en"), ("en", "fi"))
DATA = Path(__file__).parents[1] / "data"
UNITS = 9  # weights are stored as digits, 9 for the likeliest translation

_WORDS = re.compile(r"\w+")
_MAX_WORD = 40
_MOST_WORDS = 400  # of a message: what it wants is said by then
_LATER_READING = 0.5  # a word's second analysis counts for less than its first
_PART = 0.8  # a part of a compound that is not in the dictionary as a whole
_UNKNOWN = 1.0  # names and loans are the same word in the other language
_CLITICS = ("ko", "kö", "ks", "kaan", "kään", "han", "hän", "pa", "pä", "kin")
_LEAST_STEM = 3
_MOST_CANDIDATES = 64


def translates(source: str, target: str) -> bool:
    """Whether there is a dictionary from one language to the other."""
    return (source, target) in PAIRS


@lru_cache(maxsize=20_000)
def translations(word: str, source: str, target: str) -> Weighted:
    """What a word (in any form) may mean, with weights up to 1; empty where it is not known."""
    if not translates(source, target):
        return ()
    word = normal(word)[:_MAX_WORD]
    return _finnish(word) if source == "fi" else _english(word)


def translated_words(text: str, source: str, target: str) -> dict[str, float]:
    """The words of a text in the other language with their weights; unknown words as they are."""
    found: dict[str, float] = {}
    if not translates(source, target):
        return found
    words = [word[:_MAX_WORD] for word in _WORDS.findall(normal(text))[:_MOST_WORDS]]
    for meanings in _read(words, source, target):
        for other, weight in meanings:
            found[other] = found.get(other, 0.0) + weight
    return found


def translated_counts(text: str, source: str, target: str) -> Counts:
    """A text's translation as the lemma view sees it."""
    counts: Counts = {}
    for word, weight in translated_words(text, source, target).items():
        for feature, count in _lemmas(word, target).items():
            counts[feature] = counts.get(feature, 0.0) + weight * count
    return _damped(counts)


def translated_characters(text: str, source: str, target: str) -> Counts:
    """A text's translation as the character view sees it."""
    counts: Counts = {}
    for word, weight in translated_words(text, source, target).items():
        for feature, count in _characters(word).items():
            counts[feature] = counts.get(feature, 0.0) + weight * count
    return _damped(counts)


_characters = lru_cache(maxsize=5_000)(character_counts)
_lemmas = lru_cache(maxsize=5_000)(lemma_counts)


def _damped(counts: Counts) -> Counts:
    """Weights as counts: the views take 1 + log of a count, which is a weight below 1 again."""
    return {
        feature: weight if weight > 1 else math.exp(weight - 1)
        for feature, weight in counts.items()
    }


def _read(words: Sequence[str], source: str, target: str) -> Iterator[Weighted]:
    stem = lemmatizer(source)
    for place, word in enumerate(words):
        if source == "en" and place:
            yield _entry(source, target, f"{stem(words[place - 1])} {stem(word)}")
        yield translations(word, source, target) or ((word, _UNKNOWN),)


def _english(word: str) -> Weighted:
    return _entry("en", "fi", lemmatizer("en")(word))


def _finnish(word: str) -> Weighted:
    forms = readings(word)
    # A form that is a key and no base form is spoken language: the dictionary means just it.
    if word not in forms and (meanings := _entry("fi", "en", word)):
        return meanings
    if not forms:
        return _without_analysis(word)
    found: dict[str, float] = {}
    share = 1.0
    for base in forms:
        for other, weight in _entry("fi", "en", base) or _compound(base, forms[base]):
            found[other] = max(found.get(other, 0.0), share * weight)
        share = _LATER_READING if found else 1.0
    return tuple(found.items())


def readings(word: str) -> dict[str, str]:
    """Base forms of a Finnish word, each with its structure, by Voikko; none without it."""
    engine = voikko()
    if engine is None:
        return {}
    found: dict[str, str] = {}
    for analysis in engine.analyze(word):
        base = str(analysis.get("BASEFORM", word)).casefold()
        found.setdefault(base, str(analysis.get("STRUCTURE", "")))
    return found


def _without_analysis(word: str) -> Weighted:
    """Words that Voikko does not know: spoken forms with an ending, or all words without Voikko."""
    if voikko() is None:
        return _by_stem(word)
    for ending in _CLITICS:
        bare = word.removesuffix(ending)
        if bare != word and len(bare) >= _LEAST_STEM:
            for form in (bare, bare + "i"):  # toimisko, toimis: spoken for toimisi
                if meanings := _entry("fi", "en", form):
                    return meanings
                for base in readings(form):
                    if meanings := _entry("fi", "en", base):
                        return meanings
    return ()


def _compound(base: str, structure: str) -> Weighted:
    """The parts of a compound, each as long as the dictionary knows it."""
    parts = split(base, structure)
    if len(parts) < 2:
        return ()
    found: dict[str, float] = {}
    start = 0
    while start < len(parts):
        end = len(parts) if start else len(parts) - 1
        while end > start:
            if meanings := _part("".join(parts[start:end])):
                for other, weight in meanings:
                    found[other] = max(found.get(other, 0.0), _PART * weight)
                break
            end -= 1
        start = max(end, start + 1)
    return tuple(found.items())


def _part(part: str) -> Weighted:
    """A compound's part: as it is, or the base form where it is a genitive."""
    if meanings := _entry("fi", "en", part):
        return meanings
    return next((found for base in readings(part) if (found := _entry("fi", "en", base))), ())


def split(base: str, structure: str) -> list[str]:
    """A base form in the parts that Voikko's structure ("=pppp=ppp") shows."""
    lengths = [len(part.replace("-", "")) for part in structure.split("=")[1:]]
    parts: list[str] = []
    rest = base.replace("-", "")
    for length in lengths[:-1]:
        parts.append(rest[:length])
        rest = rest[length:]
    return [part for part in (*parts, rest) if part]


def _by_stem(word: str) -> Weighted:
    """The first key with the word's own stem, for Finnish without Voikko."""
    if meanings := _entry("fi", "en", word):
        return meanings
    stem = lemmatizer("fi")(word)
    if len(stem) < _LEAST_STEM:
        return ()
    for key, meanings in _dictionary("fi", "en").starting(stem, _MOST_CANDIDATES):
        if lemmatizer("fi")(key) == stem:
            return meanings
    return ()


def _entry(source: str, target: str, key: str) -> Weighted:
    return _dictionary(source, target).get(key)


class _Dictionary:
    """A mapped file of lines `key TAB word digit word digit …`, sorted by the keys' bytes."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def get(self, key: str) -> Weighted:
        return next((found for name, found in self._from(key) if name == key), ())

    def starting(self, beginning: str, most: int) -> Iterator[tuple[str, Weighted]]:
        """The first `most` entries whose key has this beginning."""
        place = self._place(beginning.encode("utf-8", "replace"))
        for _ in range(most):
            key, found, place = self._line(place)
            if not key.startswith(beginning):
                return
            yield key, found

    def _from(self, key: str) -> Iterator[tuple[str, Weighted]]:
        found = self._line(self._place(key.encode("utf-8", "replace")))
        yield found[0], found[1]

    def _place(self, key: bytes) -> int:
        """Where the first line begins whose key is not less."""
        low, high = 0, len(self._bytes)
        while low < high:
            start = self._bytes.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self._bytes.find(b"\n", start) + 1 or len(self._bytes)
            if self._bytes[start:end].partition(b"\t")[0] < key:
                low = end
            else:
                high = start
        return low

    def _line(self, start: int) -> tuple[str, Weighted, int]:
        end = self._bytes.find(b"\n", start) + 1 or len(self._bytes)
        key, _, rest = self._bytes[start:end].decode("utf-8").rstrip("\n").partition("\t")
        parts = rest.split(" ") if rest else []
        return key, tuple((part[:-1], int(part[-1]) / UNITS) for part in parts), end


@cache
def _dictionary(source: str, target: str) -> _Dictionary:
    return _Dictionary(DATA / f"dictionary.{source}-{target}.tsv")
