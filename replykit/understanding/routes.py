"""Says why a person must see a message: threats, legal or medical matters, press, minors, …

The phrases are in `data/routes.LANG.txt`; a library adds its own in `_routes.yaml`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from replykit.understanding.aside import of_the_matter
from replykit.understanding.phrases import EXCEPT, NO_REASON, PASSING, Book, Hit, Tokens, tokens
from replykit.understanding.wordlists import spot

NAMES = (
    "threat",
    "legal",
    "medical",
    "media",
    "minor",
    "self_harm",
    "data_breach",
    "repeated",
)
FILE_NAME = "_routes.yaml"
# What customers tell of in passing; nobody hints at self-harm beside the matter.
_TOLD_OF = frozenset(NAMES) - {"self_harm"}
# Words from one weak sign to the next that still speak of the same thing: two sentences or three.
_NEAR = 30
# Words between a phrase and one that says that it is told in passing, within their sentence.
_IN_PASSING = 12


@dataclass(frozen=True)
class Reason:
    """Why a message is escalated, and the words that say so, with their place (code points)."""

    name: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class RouteWords:
    """What a library says beside the built-in lists, by language: its own phrases, and the
    built-in ones that it takes back, as (reason, phrase)."""

    books: Mapping[str, Book] = field(default_factory=dict)
    removed: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)


def reasons(text: str, lang: str, words: RouteWords) -> tuple[Reason, ...]:
    """The reasons to escalate a message, in the order of the text.

    A phrase that lies over an exception of its reason does not count, nor one that is told in
    passing: beside words that say so, or in a story far from the matter. Some phrases are signs
    only: they count where signs of several kinds come together.
    """
    removed, book = words.removed.get(lang), words.books.get(lang)
    if not removed and not book:
        return _built_in_reasons(text, lang)
    hits = {
        name: [hit for hit in its if not removed or (name, hit.line.text) not in removed]
        for name, its in spot(text, lang).items()
    }
    own = list(book.find(tokens(text))) if book else []
    for hit in own:
        hits.setdefault(hit.line.section, []).append(hit)
    return _reasons(text, lang, hits, frozenset(own))


@lru_cache(maxsize=4)
def _built_in_reasons(text: str, lang: str) -> tuple[Reason, ...]:
    return _reasons(text, lang, spot(text, lang))


def _reasons(
    text: str,
    lang: str,
    hits: Mapping[str, Sequence[Hit]],
    own: frozenset[Hit] = frozenset(),
) -> tuple[Reason, ...]:
    """`own` are the phrases of the library: where its trainers' words stand, they count."""
    words = tokens(text)
    counting = {
        name: chosen
        for name, its in hits.items()
        if not name.startswith("mood.") and (chosen := _counting(its, words))
    }
    found = [
        Reason(name, text[hit.start : hit.end], hit.start, hit.end)
        for name, its in counting.items()
        for hit in (of_the_matter(its, own, text, lang) if name in _TOLD_OF else its)
    ]
    return tuple(sorted(found, key=lambda item: (item.start, item.end, item.name)))


def read_words(folder: Path) -> RouteWords:
    """The words of a library's `_routes.yaml`, none where there is no such file.

    Raises ReplyKitError with file and line for what is no list of phrases by language and reason.
    """
    from replykit.understanding.route_file import read

    return read(folder / FILE_NAME)


def _counting(hits: Sequence[Hit], words: Tokens) -> list[Hit]:
    """The hits of one reason that make it one: the longest where several lie in one another."""
    exceptions = [hit for hit in hits if hit.line.sign == EXCEPT]
    passing = [hit for hit in hits if hit.line.sign == PASSING]
    kept = [
        hit
        for hit in hits
        if hit.line.sign not in NO_REASON
        and not any(hit.overlaps(other) for other in exceptions)
        and not any(_in_passing(hit, other, words) for other in passing)
    ]
    strong = [hit for hit in kept if not hit.line.sign]
    if not strong:
        needed = max([2.0, *(hit.line.weight for hit in kept)])
        strong = _together(kept, needed)
    return longest(strong)


def _in_passing(hit: Hit, other: Hit, words: Tokens) -> bool:
    """Whether a phrase stands in one sentence with another, and not far from it."""
    near = max(hit.first - other.last, other.first - hit.last) <= _IN_PASSING
    return near and words.sentence(hit.first) == words.sentence(other.first)


def _together(signs: Sequence[Hit], needed: float) -> list[Hit]:
    """The signs that stand near enough to others of enough kinds: in a long story, words that have
    nothing to do with one another come together somewhere."""
    ordered = sorted(signs, key=lambda hit: hit.first)
    firsts = [hit.first for hit in ordered]
    chosen: dict[Hit, None] = {}
    for number, hit in enumerate(ordered):
        near = ordered[number : bisect_right(firsts, hit.first + _NEAR)]
        if _kinds(near) >= needed:
            chosen.update(dict.fromkeys(near))
    return list(chosen)


def _kinds(signs: Iterable[Hit]) -> int:
    """How many kinds of signs there are, no word being a sign of two."""
    seen: dict[str, Hit] = {}
    for hit in signs:
        if hit.line.sign not in seen and not any(hit.overlaps(other) for other in seen.values()):
            seen[hit.line.sign] = hit
    return len(seen)


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Hits of which none overlap, the longest first chosen."""
    chosen: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.first - hit.last, hit.first)):
        if not any(hit.overlaps(other) for other in chosen):
            chosen.append(hit)
    return chosen
