"""Scores responses for a message by their own titles and bodies: what to go by without examples.

A text's score is of meaning and of words. Meaning is the mean of two cosines with the message:
the greater of the title's and the whole body's, and a soft greatest over the body's sentences (a
reply says many things, of which one is asked for). Words add to it as far as they are evidence:
the cosine of shared words counts the more, the greater the share of the message that the text
covers, so that a search by a reply's own words goes by words, and a story in a customer's words
goes by meaning. numpy alone is needed to score.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from replykit.encoder import Side
from replykit.ranking.features import (
    Counts,
    Postings,
    character_counts,
    lemma_counts,
    without_numbers,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# These are no optimum of one set: each lies in a range within which the average
# over fifteen sets (replies, FAQ answers, titles; Finnish, English) hardly changes.
SHARPNESS = 10.0  # of the soft greatest over sentences: 0 is their mean, and infinity the best one
WORDS, WORDS_COVERED = 0.25, 1.25  # of words beside meaning: at least, and more when covered
_COVERED = 2  # the power of the share of the message that a text covers
_TYPICAL = 30  # so many pieces of a library count as much as what is known of texts in general

_LEAST_LEFT = 0.7  # of a vector's length; what differs has 0.8 to 0.95 left

_LEAST_WORDS = 3  # a shorter sentence is a greeting or a name
MOST_SENTENCES = 24  # of a body: a reply longer than that says too many things to be found by one
_BREAK = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Text:
    """A live variant of a response: `owner` is the response's number."""

    title: str
    body: str
    lang: str
    owner: int

    @property
    def whole(self) -> str:
        return without_numbers(f"{self.title}\n{self.body}").strip()


@dataclass(frozen=True)
class Piece:
    """What is embedded of a text (by its number): its title, its body or a sentence."""

    matter: str
    side: Side
    text: int
    sentence: bool


def sentences(body: str) -> list[str]:
    """The sentences of a body that say something."""
    found = (part.strip() for part in _BREAK.split(body))
    return [part for part in found if len(_WORD.findall(part)) >= _LEAST_WORDS][:MOST_SENTENCES]


def pieces(texts: Sequence[Text]) -> list[Piece]:
    """What is to be embedded of texts, in the order in which `build` wants the vectors.

    Titles are like messages (query side). A body of one sentence has no further piece for it.
    """
    found: list[Piece] = []
    for number, text in enumerate(texts):
        parts = sentences(text.body)
        if title := without_numbers(text.title).strip():
            found.append(Piece(title, "query", number, False))
        if (body := without_numbers(text.body).strip()) or not title:
            found.append(Piece(body, "passage", number, False))
        if len(parts) > 1:
            found += [Piece(without_numbers(part), "passage", number, True) for part in parts]
    return found


class Texts:
    """Texts ready to be scored, from arrays that may be mapped from disk.

    Arrays: `owner` (t,); of each lexical view its postings over texts; and, where there is a
    model, `whole` (p, dim) with the first row of each text in `whole-starts` (t,), and `parts`
    (s, dim) with `parts-starts` (t,).
    """

    views = ("characters", "lemmas")
    names = (
        "owner",
        *(f"{view}-{name}" for view in views for name in Postings.names),
        "whole",
        "whole-starts",
        "parts",
        "parts-starts",
    )

    def __init__(self, arrays: dict[str, NDArray[Any]], count: int) -> None:
        self.arrays = arrays
        self.count = count
        self._postings = [
            Postings({name: arrays[f"{view}-{name}"] for name in Postings.names}, len(self.owner))
            for view in self.views
        ]

    @property
    def owner(self) -> NDArray[Any]:
        return self.arrays["owner"]

    @classmethod
    def build(cls, texts: Sequence[Text], vectors: NDArray[np.float32] | None, count: int) -> Texts:
        """`vectors` (n, dim) are of `pieces(texts)`; `count` is the number of responses."""
        import numpy as np

        arrays: dict[str, NDArray[Any]] = {"owner": np.array([t.owner for t in texts], np.int32)}
        postings = {
            "characters": Postings.build([character_counts(text.whole) for text in texts]),
            "lemmas": Postings.build([lemma_counts(text.whole, text.lang) for text in texts]),
        }
        for view, found in postings.items():
            arrays |= {f"{view}-{name}": array for name, array in found.arrays.items()}
        if vectors is not None and len(texts):
            arrays |= _meaning(pieces(texts), vectors, len(texts))
        return cls(arrays, count)

    def score(
        self, vector: NDArray[np.float32] | None, characters: Counts, lemmas: Counts
    ) -> NDArray[np.float32]:
        """The score of every response (count,) for a message: -inf of those without texts."""
        import numpy as np

        scores = np.full(self.count, -np.inf, dtype=np.float32)
        if len(self.owner):
            np.maximum.at(scores, self.owner, self._of_texts(vector, characters, lemmas))
        return scores

    def _of_texts(
        self, vector: NDArray[np.float32] | None, characters: Counts, lemmas: Counts
    ) -> NDArray[np.float32]:
        import numpy as np

        by_characters, by_lemmas = self._postings
        like, covered = shared(by_characters, characters)
        more_like, more_covered = shared(by_lemmas, lemmas)
        alike = ((like + more_like) / 2).astype(np.float32)
        if vector is None or "whole" not in self.arrays:
            return alike
        weight = WORDS + WORDS_COVERED * ((covered + more_covered) / 2) ** _COVERED
        words = weight * alike
        return (self._meaning_of(vector) + words).astype(np.float32)

    def _meaning_of(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        import numpy as np

        arrays = self.arrays
        whole = np.maximum.reduceat(arrays["whole"] @ vector, arrays["whole-starts"])
        starts = arrays["parts-starts"]
        parts = np.exp(SHARPNESS * (arrays["parts"] @ vector))
        lengths = np.diff(starts, append=len(parts))
        soft = np.log(np.add.reduceat(parts, starts) / lengths) / SHARPNESS
        return np.asarray((whole + soft) / 2, np.float32)


def shared(postings: Postings, counts: Counts) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of every row, its cosine with a message, and the share of the message that it covers.

    The share is by idf: of a word that no text has, too.
    """
    import numpy as np

    if not counts or not postings.count:
        return np.zeros(postings.count, np.float32), np.zeros(postings.count, np.float32)
    features, values = postings.weigh(counts)
    starts = postings.arrays["starts"]
    first, last = starts[features], starts[features + 1]
    places = [slice(a, b) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    rows = np.concatenate([postings.arrays["rows"][place] for place in places])
    stored = np.concatenate([postings.arrays["values"][place] for place in places])
    weights = postings.arrays["idf"][features]
    weights = weights / max(float(weights.sum()), 1e-9)
    like = np.bincount(rows, stored * np.repeat(values, last - first), postings.count)
    covered = np.bincount(rows, np.repeat(weights, last - first), postings.count)
    return like.astype(np.float32), covered.astype(np.float32)


def _meaning(
    parts: Sequence[Piece], vectors: NDArray[np.float32], count: int
) -> dict[str, NDArray[Any]]:
    """The arrays of meaning; a text without sentences of its own has its last whole one there."""
    import numpy as np

    text = np.array([piece.text for piece in parts])
    sentence = np.array([piece.sentence for piece in parts])
    query = np.array([piece.side == "query" for piece in parts])
    numbers = np.arange(count)
    whole = np.flatnonzero(~sentence)
    last = whole[np.searchsorted(text[whole], numbers, side="right") - 1]
    rest = np.concatenate([np.flatnonzero(sentence), last[np.setdiff1d(numbers, text[sentence])]])
    rest = rest[np.argsort(text[rest], kind="stable")]
    centred = np.array(vectors, np.float32)
    for kind in (query, ~query & ~sentence):
        centred[kind] = centre(centred[kind])
    return {
        "whole": centred[whole],
        "whole-starts": np.searchsorted(text[whole], numbers),
        "parts": centre(vectors[rest]),
        "parts-starts": np.searchsorted(text[rest], numbers),
    }


def centre(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Unit vectors less what a library's own have in common, the more of it the more they are.

    The result is of length 1, or less where little is left: titles that are all alike tell nothing.
    """
    import numpy as np

    if not len(vectors):
        return vectors
    share = len(vectors) / (len(vectors) + _TYPICAL)
    moved = vectors - share * vectors.mean(axis=0)
    norms = np.linalg.norm(moved, axis=1, keepdims=True)
    return np.asarray(moved / np.maximum(norms, _LEAST_LEFT), np.float32)
