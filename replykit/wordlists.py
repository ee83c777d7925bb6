"""The built-in lists of phrases of each language, opened quickly, and what of them a text says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from zlib import crc32

from replykit.errors import ReplyKitError
from replykit.paths import cache_folder, write_bytes
from replykit.phrases import EXCEPT, Book, Hit, Line, tokens

_FOLDER = Path(__file__).parent / "data"
_LISTS = ("routes", "mood")
# read as plain words, never looked for in a text
_WORDS_ONLY = frozenset({"mood.negator", "mood.strong"})
_LAYOUT = 1


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
    """The lists of a language (`en-GB` has those of `en`), empty where there are none.

    Their index takes longer to make than a message to triage, so it is kept in the user's cache.
    """
    texts = _texts(lang)
    key = crc32("\0".join([*texts, *_common(lang)]).encode("utf-8"))
    name = f"{lang}-{key:08x}-{sys.implementation.cache_tag}-{_LAYOUT}.marshal"
    book = _kept(name) if texts else None
    if book is None:
        book, sets = Book(_common(lang)), dict[str, Sequence[str]]()
        for text in texts:
            for line in _read(text, sets):
                book.add(line, sets)
        if texts:
            _keep(name, book)
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
    tag = re.match(r"[a-z]{2,3}(?![a-z])", lang)
    path = _FOLDER / f"{name}.{tag.group()}.txt" if tag else _FOLDER
    return path.read_text("utf-8") if path.is_file() else ""


def _common(lang: str) -> Sequence[str]:
    rows = _text("common", lang).splitlines()
    return " ".join(row for row in rows if not row.startswith("#")).split()


def _kept(name: str) -> Book | None:
    """A book of the cache; None where there is none that can be read."""
    with suppress(OSError, ReplyKitError, ValueError, EOFError, TypeError):
        return Book.load((cache_folder() / "wordlists" / name).read_bytes())
    return None


def _keep(name: str, book: Book) -> None:
    """Puts a book into the cache. One that cannot be written costs time at the next start only."""
    with suppress(OSError, ReplyKitError):
        folder = cache_folder() / "wordlists"
        folder.mkdir(mode=0o700, exist_ok=True)
        write_bytes(folder / name, book.dump(), private=True)


def _read(text: str, sets: dict[str, Sequence[str]], words_only: bool = False) -> Iterator[Line]:
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
        elif first and first != "#" and (section in _WORDS_ONLY) == words_only:
            yield Line(section, row, sign, weights.get(section, 1.0))
