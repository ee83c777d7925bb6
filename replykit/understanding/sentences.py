"""Splits a message into sentences, also one that runs on without capitals, stops or line ends.

`sentencex` knows the abbreviations of many languages, but takes a stop before a small letter for
one of them. In a chat it is the end of a sentence, so such stops are cut at as well, where a word
of three letters or more stands before that is no abbreviation (`6. päivä` stays whole). What
is still too long to be one thought is cut where a clause begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from replykit.patterns import prepared

MOST_WORDS = 60  # of a sentence; the longest that careful writers sent had 55
_CLAUSE_WORDS = 40
_LEAST_CLAUSE = 8
_WRAPPED_FROM = 55  # a line that is shorter ends a sentence: an address, a greeting, a list
_BREAK = prepared(r"\n[ \t\r]*\n\s*|\n")
# After one of these, or after a word of less than three letters, a stop ends no sentence.
_SHORT = (
    "approx", "ent", "esim", "etc", "eur", "jne", "klo", "kpl", "max", "min", "mrs", "nro", "osv",
    "puh", "tel", "tms", "vrk", "yms",
)  # fmt: skip
_STOP = prepared(r"([.!?…])[\"”’)\]]*\s+(?=\S)")
_LAST_WORD = prepared(r"[^\W\d]+$")
_LONGEST_SHORT = 8
_WORD = prepared(r"\w")
_CLAUSE = prepared(
    r"(?:[,;:]|\s[–-])\s+"
    r"|\s(?=(?:and|but|so|then|because|mut|mutta|ja|sit|sitten|ni|niin|eli|och|men|så|för)\s)",
    re.IGNORECASE,
)
_SPACE = prepared(r"\s+")

Span = tuple[int, int]


def spans(text: str, lang: str) -> list[Span]:
    """The places of the sentences of a text that hold a word, in their order."""
    found: list[Span] = []
    for start, end in _blocks(text):
        for first, last in _sentences(text[start:end], lang):
            part = text[start + first : start + last]
            if _WORD.search(part):
                found.append(_trimmed(start + first, part))
    return found


def _trimmed(start: int, part: str) -> Span:
    start += len(part) - len(part.lstrip())
    return start, start + len(part.strip())


def _blocks(text: str) -> Iterator[Span]:
    """Paragraphs and short lines; a line that was wrapped by hand goes on in the next one."""
    start = line = 0
    for match in _BREAK.finditer(text):
        is_paragraph = "\n" in match.group()[1:]
        if is_paragraph or match.start() - line < _WRAPPED_FROM:
            yield start, match.start()
            start = match.end()
        line = match.end()
    yield start, len(text)


def _sentences(block: str, lang: str) -> Iterator[Span]:
    from sentencex import get_sentence_boundaries

    block = block.replace("\n", " ")  # one blank for one line end keeps every place
    for item in get_sentence_boundaries(lang, block):
        start, end = item["start_index"], item["end_index"]
        stops = (match.end() for match in _STOP.finditer(block, start, end) if _ends(block, match))
        cuts = [start, *stops, end]
        for first, last in pairwise(cuts):
            yield from _clauses(block, first, last)


def _ends(block: str, stop: re.Match[str]) -> bool:
    """Whether a sentence ends at a stop: not after an abbreviation or a number."""
    is_quoted = len(stop[0].rstrip()) > 1
    if stop[1] in "!?" or is_quoted:
        return True
    word = _LAST_WORD.search(block, max(stop.start() - _LONGEST_SHORT, 0), stop.start())
    return word is not None and len(word[0]) > 2 and word[0].lower() not in _SHORT


def _clauses(block: str, start: int, end: int) -> Iterator[Span]:
    """A sentence that is short enough, else its clauses, each as long as may be."""
    if end - start <= 3 * MOST_WORDS or block.count(" ", start, end) < MOST_WORDS:
        yield start, end
        return
    words, best, first = 0, 0, start
    for match in _SPACE.finditer(block, start, end):
        words += 1
        if words >= _LEAST_CLAUSE and _CLAUSE.match(block, max(match.start() - 1, first)):
            best = match.end()
        if words >= _CLAUSE_WORDS:
            cut = best or match.end()
            yield first, cut
            words = block.count(" ", cut, match.end())
            first, best = cut, 0
    yield first, end
