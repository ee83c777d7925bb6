"""Tells whether a sentence asks something, also without a question mark, and from where on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.patterns import prepared
from replykit.understanding.cues import WORD, Cue, Read

_LONG = 35  # words; of a longer sentence only the clause that asks is a question
_QUOTED = prepared(r"[\"“”«»][^\"“”«»]{1,300}[\"“”«»]")
_WITHOUT_MARK = ("plea", "ask", "know", "interrogative", "asking")
_NEAR = 5  # words between "would be good" and "to know"
# After it a clause may begin that asks by itself: "it is torn, can I get a bit off".
_CLAUSE_END = prepared(r"[,;:–—(…]|\s-")


def asks(sentence: str, read: Read) -> bool:
    """Whether a sentence asks something that wants an answer. `read` are its words and cues."""
    counts = read.counts()
    if "?" in sentence:
        return "?" in _QUOTED.sub("", sentence) and not _is_rhetorical(read, counts)
    # Most sentences are done with here.
    if counts.keys().isdisjoint(_WITHOUT_MARK):
        return False
    set_phrases = set(_places(read, "rhetorical"))
    return (
        any(
            cue.section == "plea" and cue.place not in set_phrases and _is_meant(read, cue)
            for cue in read.cues
        )
        or _asks_indirectly(read)
        or not set_phrases.issuperset(_beginnings(sentence, read))
    )


def _is_rhetorical(read: Read, counts: dict[str, int]) -> bool:
    """Whether a question is a set phrase alone."""
    # "Can you believe it" begins as a request does, "you know what, can you …" holds one.
    if "rhetorical" not in counts:
        return False
    return set(_places(read, "plea")) <= set(_places(read, "rhetorical"))


def _places(read: Read, *sections: str) -> Iterator[int]:
    return (cue.place for cue in read.cues if cue.section in sections)


def _asking_words(read: Read) -> list[int]:
    """Where words stand that ask by their ending, as Finnish `tuleeko` (not `laatikko`)."""
    not_asking = set(_places(read, "not_asking"))
    return [place for place in _places(read, "asking") if place not in not_asking]


def _asks_indirectly(read: Read) -> bool:
    """Whether a question word follows on "I would like to know" or is a part of the phrase."""
    meant = [cue.place for cue in read.cues if cue.section == "ask" and _is_meant(read, cue)]
    wishes = list(_places(read, "wish"))
    meant += [
        place
        for place in _places(read, "know")
        if any(0 < place - wish <= _NEAR for wish in wishes)
    ]
    if not meant:
        return False
    return any(place > min(meant) for place in (*_asking_words(read), *_places(read, "wh")))


def _is_meant(read: Read, cue: Cue) -> bool:
    """Whether "tell me" or "could you" is said to the reader: not after "she won't" or "if"."""
    return not any(
        other.section == "unless" and other.place + other.words == cue.place for other in read.cues
    )


def _beginnings(sentence: str, read: Read) -> Iterator[int]:
    """Where a sentence, or a clause of it, opens as a question does, after a greeting or words
    such as "so"."""
    openings = {*_asking_words(read), *_places(read, "interrogative")}
    if not openings:
        return
    # After a comma "who is" or "onko" belongs to the clause before as often: only "can I" asks.
    inverted = {cue.place for cue in read.cues if cue.section == "interrogative" and cue.words > 1}
    inverted.difference_update(_places(read, "wh"))
    lengths = {cue.place: cue.words for cue in read.cues if cue.section in ("courtesy", "before")}
    end = 0
    for number, word in enumerate(_words(sentence)):
        ending, end = sentence[end : word.start()], word.end()
        if number and not _CLAUSE_END.search(ending):
            continue
        place = number
        while place in lengths:
            place += lengths[place]
        if place in (inverted if "," in ending else openings):
            yield place


def _words(sentence: str) -> Iterator[re.Match[str]]:
    return WORD.finditer(sentence.replace("’", "'"))


def asked_from(sentence: str, read: Read) -> int:
    """Where the question begins in a sentence that asks: its first character, but in a very long
    sentence that of the first clause that opens as a question."""
    if len(read.words) <= _LONG:
        return 0
    starts = [word.start() for word in _words(sentence)]
    joined = set(_places(read, "before"))
    for place in sorted(_places(read, "interrogative", "plea")):
        if place - 1 in joined:
            return starts[place - 1]
        if sentence[: starts[place]].rstrip()[-1:] in tuple(",;:–-("):
            return starts[place]
    return 0
