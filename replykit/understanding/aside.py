"""Tells what a long message mentions in a story from what it is about.

Who tells of an illness on the way to a question about cushions wants an answer about cushions.
What stands far from the sentence that holds the matter, in one that does not speak of the firm,
is told aside; two things said side by side are not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from replykit.understanding.matters import Sentence, weighed
from replykit.understanding.phrases import Hit

# Short messages have no room for stories.
_FEWEST_WORDS = 60
# Log-odds to hold the matter, from the sentences around a phrase to the strongest of the message.
_FAR = 4.0


def of_the_matter(
    hits: Sequence[Hit], sure: Collection[Hit], text: str, lang: str
) -> Sequence[Hit]:
    """The phrases found of one reason that belong to what a message is about; those that are
    `sure` do so wherever they stand."""
    if text.count(" ") < _FEWEST_WORDS:
        return hits
    sentences = weighed(text, lang)
    if not sentences:
        return hits
    far = max(sentence.weight for sentence in sentences) - _FAR
    places = [_place(hit, sentences) for hit in hits]
    return [
        hit
        for hit, place in zip(hits, places, strict=True)
        if hit in sure
        or _speaks_of_us(sentences[place])
        or max(item.weight for item in sentences[max(place - 1, 0) : place + 2]) > far
        or _has_company(place, hit, hits, places)
    ]


def _place(hit: Hit, sentences: Sequence[Sentence]) -> int:
    """The number of the sentence that a phrase stands in."""
    return next((n for n, item in enumerate(sentences) if hit.start < item.end), 0)


def _speaks_of_us(sentence: Sentence) -> bool:
    counts = sentence.read.counts()
    return counts.get("you", 0) > counts.get("not_you", 0)


def _has_company(place: int, hit: Hit, hits: Sequence[Hit], places: Sequence[int]) -> bool:
    """Whether something more of the kind is said beside it: a phrase that is a sign only needs it
    in its own sentence."""
    near = 0 if hit.line.sign else 1
    return any(
        other is not hit and abs(place - at) <= near for other, at in zip(hits, places, strict=True)
    )
