"""The words that mail programs and people write around a message, of all languages together.

`languages/` has one file a language (or a family of them): lines `key: word | word`, read without
regard to case. A key may stand more than once. No word is a regular expression.

    from sent date to cc subject other   labels of a quoted mail's header
    lead         how "On … wrote:" begins; a digit does too
    quoting      the same of programs that leave out the time: "Quoting Maija <a@b.fi>:"
    wrote        its verb; wrote_end: the same where words are not set apart by blanks
    told         what after that verb makes a story of it: "the courier wrote to me:"
    original     what stands between dashes, or before a colon, above a quoted or forwarded mail
    above        "reply above this line"
    closing      a sign-off that may stand alone; closing_end: its last word, where it varies
    closing_name a sign-off that needs a name beside or below it
    thanks       words that are a sign-off only with a name: "Thanks," and "Maija" below
    mobile       how a phone's footer begins; mobile_device: the same, if a device ends the line
                 (`Lähetetty *sta`: a device in that case);
                 mobile_with: what a footer has that begins with the device's name
    device       parts of words for a device; excuse: what may follow one ("excuse typos")
    notice       parts of a legal notice; footer: of virus scanners' footers; footer_start: of
                 footers that begin a line or a sentence; list: a list's name has it
    banner       what servers set above a mail from outside; banner_more: what its next lines have
    ps           begins a line that is the sender's own again, below the signature
    clock        words of a time; you: "On Monday you wrote:"; via: stands before a sender's name
    whence       "Greetings from Oulu"; particle: small words within names
    others       "give her my regards" is no sign-off
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FOLDER = Path(__file__).parent / "languages"
_LABELS = ("from", "sent", "date", "to", "cc", "subject", "other")
_TOKEN = re.compile(r"[^\W_][\w'’]*")
Phrase = tuple[str, ...]


class Words(NamedTuple):
    """All languages' words, lower-case; phrases of closings as tuples of words."""

    labels: Mapping[str, str]
    lead: frozenset[str]
    quoting: frozenset[str]
    wrote: frozenset[str]
    wrote_end: tuple[str, ...]
    told: frozenset[str]
    original: tuple[str, ...]
    originals: frozenset[str]
    above: tuple[str, ...]
    above_start: frozenset[str]
    closings: Mapping[str, tuple[tuple[Phrase, str], ...]]
    closing_end: frozenset[str]
    mobile: tuple[str, ...]
    mobile_start: frozenset[str]
    mobile_device: tuple[tuple[str, str], ...]
    mobile_with: tuple[str, ...]
    mobile_ends: frozenset[str]
    device: tuple[str, ...]
    excuse: tuple[str, ...]
    footers: Mapping[str, tuple[tuple[str, str], ...]]
    banner_more: tuple[str, ...]
    ps: frozenset[str]
    clock: frozenset[str]
    you: frozenset[str]
    via: frozenset[str]
    whence: frozenset[str]
    particle: frozenset[str]
    others: frozenset[str]


@cache
def words() -> Words:
    """The words of all files, read once."""
    found: dict[str, dict[str, None]] = {}
    for path in sorted(_FOLDER.glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if not line.startswith("#") and line.strip():
                key, _, rest = line.partition(":")
                found.setdefault(key, {}).update(
                    dict.fromkeys(word.strip().casefold() for word in rest.split(" | "))
                )
    every = {key: tuple(values) for key, values in found.items()}
    original = every["original"]
    return Words(
        labels={word: label for label in reversed(_LABELS) for word in every[label]},
        lead=frozenset(every["lead"]),
        quoting=frozenset(every["quoting"]),
        wrote=frozenset(every["wrote"]),
        wrote_end=every["wrote_end"],
        told=frozenset(every["told"]),
        original=original,
        originals=frozenset(original),
        above=every["above"],
        above_start=frozenset(phrase[:3] for phrase in every["above"]),
        closings=_closings(every),
        closing_end=frozenset(every["closing_end"]),
        mobile=every["mobile"],
        mobile_start=frozenset(
            start[:4] for key in ("mobile", "mobile_device") for start in every[key]
        ),
        mobile_device=tuple(map(_start_and_end, every["mobile_device"])),
        mobile_with=every["mobile_with"],
        mobile_ends=frozenset(end[-1] for end in every["mobile_with"]),
        device=every["device"],
        excuse=every["excuse"],
        footers=_footers(every),
        banner_more=every["banner_more"],
        ps=frozenset(every["ps"]),
        clock=frozenset(every["clock"]),
        you=frozenset(every["you"]),
        via=frozenset(every["via"]),
        whence=frozenset(every["whence"]),
        particle=frozenset(every["particle"]),
        others=frozenset(every["others"]),
    )


def tokens(line: str) -> list[tuple[str, int, int]]:
    """The line's words, lower-case, with where each begins and ends."""
    found = _TOKEN.finditer(line)
    return [(match.group().casefold(), match.start(), match.end()) for match in found]


def _closings(every: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[tuple[Phrase, str], ...]]:
    """Sign-offs and their kinds by their first word, the longest first."""
    by_first: dict[str, list[tuple[Phrase, str]]] = {}
    for kind in ("closing", "closing_name", "thanks"):
        for text in every[kind]:
            phrase = tuple(word for word, _, _ in tokens(text))
            by_first.setdefault(phrase[0], []).append((phrase, kind))
    return {
        first: tuple(sorted(phrases, key=lambda item: -len(item[0])))
        for first, phrases in by_first.items()
    }


def _start_and_end(text: str) -> tuple[str, str]:
    start, _, end = text.partition(" *")
    return start, end


def _footers(every: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Parts of notices and footers and their kinds, by a word that each has in full: few texts
    have any of these words, so that few are searched for the parts."""
    by_word: dict[str, list[tuple[str, str]]] = {}
    for kind in ("notice", "footer", "footer_start", "list", "banner"):
        for text in every[kind]:
            found = text_words(text)
            whole = found[:-1] if text[-1].isalpha() else found  # the last may go on in the mail
            longest = max(whole, key=len, default="")
            word = longest if len(longest) > 6 else max(found, key=len)
            by_word.setdefault(word, []).append((text, kind))
    return {word: tuple(parts) for word, parts in by_word.items()}


def text_words(text: str) -> list[str]:
    """The words of a lower-case text, without the commonest marks at their ends."""
    for mark in ",.:()!":
        text = text.replace(mark, " ")
    return text.split()
