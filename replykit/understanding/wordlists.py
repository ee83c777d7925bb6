"""The built-in lists of phrases of each language, opened quickly, and what of them a text says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from replykit.books import kept
from replykit.understanding.phrases import EXCEPT, PASSING, Book, Hit, Line, tokens

_FOLDER = Path(__file__).parents[1] / "data"
_LISTS = ("routes", "mood")
# read as plain words, never looked for in a text
_WORDS_ONLY = frozenset(
    {"mood.contrast", "mood.ending", "mood.negator", "mood.opener", "mood.strong"}
)


@dataclass(frozen=True)
class Lists:
    """The built-in lists of one language: their phrases, and their sets of words."""

    book: Book
    sets: Mapping[str, Sequence[str]]

    @property
    def lines(self) -> Sequence[Line]:
        return self.book.lines


@cache
def built_in(lang: str) -> Lists:
    """The lists of a language (`en-GB` has those of `en`), empty where there are none."""
    texts = _texts(lang)

    def make() -> Book:
        book, sets = Book(_common(lang)), dict[str, Sequence[str]]()
        for text in texts:
            for line in _read(text, sets):
                book.add(line, sets)
        return book

    book = kept(f"lists.{_tag(lang)}", (*texts, *_common(lang)), make) if texts else Book()
    return Lists(book, book.sets[0] if book.sets else {})


@cache
def plain_words(lang: str, section: str) -> frozenset[str]:
    """The single words of a section that is no list of phrases."""
    words = {
        word
        for text in _texts(lang)
        for line in _read(text, {}, words_only=True)
        if line.section == section
        for word in line.text.split("|")
    }
    return frozenset(words | {word.replace("'", "") for word in words})


def languages() -> list[str]:
    """The languages that have built-in lists."""
    return sorted(path.name.split(".")[1] for path in _FOLDER.glob("routes.*.txt"))


@lru_cache(maxsize=4)
def spot(text: str, lang: str) -> Mapping[str, Sequence[Hit]]:
    """All phrases of the built-in lists in a text, by section."""
    found: dict[str, list[Hit]] = {}
    for hit in built_in(lang).book.find(tokens(text)):
        found.setdefault(hit.line.section, []).append(hit)
    return found


@lru_cache(maxsize=4)
def _texts(lang: str) -> tuple[str, ...]:
    return tuple(text for name in _LISTS if (text := _text(name, lang)))


def _text(name: str, lang: str) -> str:
    path = _FOLDER / f"{name}.{_tag(lang)}.txt"
    return path.read_text("utf-8") if path.is_file() else ""


def _tag(lang: str) -> str:
    found = re.match(r"[a-z]{2,3}(?![a-z])", lang)
    return found.group() if found else ""


def _common(lang: str) -> Sequence[str]:
    rows = _text("common", lang).splitlines()
    return " ".join(row for row in rows if not row.startswith("#")).split()


def _read(text: str, sets: dict[str, Sequence[str]], words_only: bool = False) -> Iterator[Line]:
    """`[section weight]`, `[section sign kind]`, `[section except]`, `@set = words`, `# …`; a
    section of what is told in `passing` is written as one of exceptions."""
    section, sign = "", ""
    weights: dict[str, float] = {}
    for row in text.splitlines():
        first = row[:1]
        if first == "[":
            section, _, rest = row.strip("[] ").partition(" ")
            sign = rest if rest in (EXCEPT, PASSING) else ""
            if rest.startswith("sign "):
                sign = rest.removeprefix("sign ")
            elif rest and not sign:
                weights[section] = float(rest)
        elif first == "@":
            name, _, words = row[1:].partition("=")
            sets[name.strip()] = words.split()
        elif first and first != "#" and (section in _WORDS_ONLY) == words_only:
            yield Line(section, row, sign, weights.get(section, 1.0))
