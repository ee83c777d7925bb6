"""Finds letters without which a regular expression matches nothing: a look for them is cheaper.

A text is searched for plain letters some twenty times as fast as for a pattern of many words, and
a pattern that is never searched for need not be compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

from replykit.patterns import kept, prepared

_LEAST = 2  # letters; a single one stands in every text
_ENOUGH = 5


class Guarded:
    """A pattern in which upper and lower case are the same, compiled when a text may have it."""

    def __init__(self, source: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._source, self._flags = source, flags | re.IGNORECASE
        self._needed: tuple[frozenset[str], ...] | None = None

    def may_be_in(self, text: str) -> bool:
        """Whether a text has letters that a match needs."""
        if self._needed is None:
            key = "letters", self._source, int(self._flags)
            self._needed = kept(key, lambda: needed(self._source, self._flags))
        has = folded(text).__contains__
        for pieces in self._needed:  # noqa: SIM110 - a generator takes as long again
            if not any(map(has, pieces)):
                return False
        return True

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return prepared(self._source, self._flags)

    def finditer(self, text: str) -> Iterable[re.Match[str]]:
        """The matches in a text."""
        return self.pattern.finditer(text) if self.may_be_in(text) else ()


@lru_cache(maxsize=8)
def folded(text: str) -> str:
    """A text in small letters, those that `re.IGNORECASE` takes for the same being one: ſ and s, K
    and k, İ, ı and i. The last few texts are remembered: many patterns look at each."""
    small = text.casefold()
    return small if small.isascii() else small.replace("i\u0307", "i").replace("ı", "i")


def needed(source: str, flags: re.RegexFlag = re.IGNORECASE) -> tuple[frozenset[str], ...]:
    """Sets of pieces of text, of each of which a `folded` text with a match has at least one; those
    first that are likeliest to be missing. None where a match needs nothing worth a look."""
    # Private, and there since Python 1.5: the alternative is a second parser of expressions.
    parsed = import_module("re._parser").parse(source, int(flags))
    sets = dict.fromkeys(_of_row(parsed))
    return tuple(sorted(sets, key=_worth, reverse=True))


def _of_row(row: Iterable[tuple[Any, Any]]) -> Iterator[frozenset[str]]:
    """What all of what stands in a row needs."""
    run = ""
    for name, value in row:
        if str(name) == "LITERAL":
            run += chr(value)
            continue
        yield from _of_letters(run)
        yield from _of_item(str(name), value)
        run = ""
    yield from _of_letters(run)


def _of_letters(run: str) -> Iterator[frozenset[str]]:
    if len(run) >= _LEAST:
        yield frozenset([folded(run)])


def _of_item(name: str, value: Any) -> Iterator[frozenset[str]]:
    if name == "SUBPATTERN":
        yield from _of_row(value[-1])
    elif name == "ATOMIC_GROUP":
        yield from _of_row(value)
    elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0] > 0:
        yield from _of_row(value[2])
    elif name == "BRANCH":
        ways = [max(_of_row(way), key=_worth, default=None) for way in value[1]]
        if all(ways):
            yield frozenset().union(*(way for way in ways if way))


def _worth(pieces: frozenset[str]) -> tuple[int, int]:
    return min(_ENOUGH, *map(len, pieces), _ENOUGH), -len(pieces)
