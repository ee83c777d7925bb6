"""Tells whether a sentence asks something, also without a question mark, and from where on."""

from __future__ import annotations

from collections.abc import Iterator

from replykit.patterns import prepared
from replykit.understanding.cues import WORD, Cue, Read

_LONG = 35  # words; of a longer sentence only the clause that asks is a question
_QUOTED = prepared(r"[\"“”«»][^\"“”«»]{1,300}[\"“”«»]")
_ABOUT_US = ("you", "business", "request", "problem", "plea", "ask")
_WITHOUT_MARK = ("plea", "ask", "interrogative", "asking")


def asks(sentence: str, read: Read) -> bool:
    """Whether a sentence asks something that wants an answer. `read` are its words and cues."""
    counts = read.counts()
    if "?" in sentence:
        return "?" in _QUOTED.sub("", sentence) and not _is_rhetorical(read, counts)
    # Most sentences are done with here.
    if "rhetorical" in counts or counts.keys().isdisjoint(_WITHOUT_MARK):
        return False
    return (
        any(cue.section == "plea" and _is_meant(read, cue) for cue in read.cues)
        or _asks_indirectly(read)
        or _begins_as_question(read)
    )


def _is_rhetorical(read: Read, counts: dict[str, int]) -> bool:
    """A set phrase, or a question within a story that is about nobody here."""
    if "rhetorical" in counts:
        # "Can you believe it" begins as a request does, "you know what, can you …" holds one.
        return set(_places(read, "plea")) <= set(_places(read, "rhetorical"))
    return "story" in counts and counts.keys().isdisjoint(_ABOUT_US)


def _places(read: Read, *sections: str) -> Iterator[int]:
    return (cue.place for cue in read.cues if cue.section in sections)


def _asking_words(read: Read) -> list[int]:
    """Where words stand that ask by their ending, as Finnish `tuleeko` (not `laatikko`)."""
    not_asking = set(_places(read, "not_asking"))
    return [place for place in _places(read, "asking") if place not in not_asking]


def _asks_indirectly(read: Read) -> bool:
    """Whether a question word follows on "I would like to know" or is a part of the phrase."""
    meant = [cue.place for cue in read.cues if cue.section == "ask" and _is_meant(read, cue)]
    if not meant:
        return False
    return any(place > meant[0] for place in (*_asking_words(read), *_places(read, "wh")))


def _is_meant(read: Read, cue: Cue) -> bool:
    """Whether "tell me" or "could you" is said to the reader: not after "she won't" or "if"."""
    return not any(
        other.section == "unless" and other.place + other.words == cue.place for other in read.cues
    )


def _begins_as_question(read: Read) -> bool:
    """Whether a sentence opens as a question does, after a greeting or words such as "so"."""
    lengths = {cue.place: cue.words for cue in read.cues if cue.section in ("courtesy", "before")}
    place = 0
    while place in lengths:
        place += lengths[place]
    return place in (*_asking_words(read), *_places(read, "interrogative"))


def asked_from(sentence: str, read: Read) -> int:
    """Where the question begins in a sentence that asks: its first character, but in a very long
    sentence that of the first clause that opens as a question."""
    if len(read.words) <= _LONG:
        return 0
    starts = [match.start() for match in WORD.finditer(sentence.replace("’", "'"))]
    joined = set(_places(read, "before"))
    for place in sorted(_places(read, "interrogative", "plea")):
        if place - 1 in joined:
            return starts[place - 1]
        if sentence[: starts[place]].rstrip()[-1:] in tuple(",;:–-("):
            return starts[place]
    return 0
