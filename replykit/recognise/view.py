"""A text as the recognisers look at it: only around its digits, or around some words.

Most of a message holds neither, and a pattern that looks at every letter of it takes as long as
all the rest of reading it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import islice

from replykit.patterns import prepared

# No detail reaches further from its digits ("5 kruunulla"), or from the word that tells it
# ("5th of December, 2026"), than this.
_FROM_DIGITS = 20
_REACH = 45
_MOST_MATCHES = 3000
_FOREIGN_DIGIT = r"(?![0-9])\d"
Windows = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class View:
    """A text in a language, read on a day."""

    text: str
    lang: str
    now: date

    @cached_property
    def digits(self) -> Windows:
        """The parts of the text that lie around its digits."""
        return self._around(_places(self.text, "0123456789"), _FROM_DIGITS)

    def around(self, pieces: Iterable[str], reach: int = _REACH) -> Windows:
        """The parts of the text that lie around pieces of words, given in small letters."""
        return self._around(_places(self.small, pieces), reach)

    def matches(
        self, pattern: re.Pattern[str], windows: Windows, *, small: bool = False
    ) -> Iterator[re.Match[str]]:
        """The matches of a pattern within some parts of the text (or of `small`): the first few
        thousand, and none with digits of other scripts, which no check digit is made for."""
        text = self.small if small else self.text
        matches = (match for start, end in windows for match in pattern.finditer(text, start, end))
        for match in islice(matches, _MOST_MATCHES):
            if match[0].isascii() or not compiled(_FOREIGN_DIGIT).search(match[0]):
                yield match

    @cached_property
    def small(self) -> str:
        """The text in small letters, each in its place."""
        small = self.text.lower()
        # A few capitals are two signs in small (İ): they stay, as all places must.
        return small if len(small) == len(self.text) else "".join(map(_small, self.text))

    def _around(self, places: Iterable[int], reach: int) -> Windows:
        windows: list[tuple[int, int]] = []
        first = last = -1
        for place in sorted(places):
            if first >= 0 and place - last > 2 * reach:
                windows.append((max(0, first - reach), last + reach))
                first = place
            first = place if first < 0 else first
            last = place
        if first >= 0:
            windows.append((max(0, first - reach), last + reach))
        return tuple(windows)


@cache
def compiled(source: str) -> re.Pattern[str]:
    """A pattern, made when it is first asked for: many messages need few of them."""
    return prepared(source)


def _small(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter


def _places(text: str, pieces: Iterable[str]) -> list[int]:
    """Where pieces stand in a text. Searching for plain text is far quicker than for a pattern."""
    places = []
    for piece in pieces:
        place = text.find(piece)
        while place >= 0:
            places.append(place)
            place = text.find(piece, place + len(piece))
    return places
