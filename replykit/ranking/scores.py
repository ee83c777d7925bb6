"""Scores responses for one message: votes of machines that were learnt, and the nearest rows.

Two kinds of similarity of a message with every row of the index are read: of meaning (cosine of
the vectors) and of words (cosines of characters and of lemmas, added). Between two responses with
examples a machine decides (`votes.py`); where one of them has none, the nearer row does. numpy
alone is needed here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from replykit.encoder import Encoder
from replykit.ranking.features import Counts, character_counts, lemma_counts, without_numbers
from replykit.ranking.translate import translated_characters, translated_counts, translates

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from replykit.ranking.index import Index
    from replykit.ranking.neighbours import Local, Near
    from replykit.ranking.votes import Machines

LEAST_EXAMPLES = 2  # of a response that is learnt; one with fewer is found by its texts too
# What words weigh beside meaning: in the machines' kernel, and in the nearest row.
KERNEL_WORDS, NEAREST_WORDS = 0.4, 0.5
# How fast a row counts less the farther it is (`Views.density`): 10 to 30 were alike.
CROWD = 20.0
_NARROW = 4.0  # the narrower of the kernel's two widths (`kernel`)
# Translated words match less well, and say all that words can say: on MASSIVE, Finnish messages
# against English examples, hit@1 is 0.54 at 1, 0.63 at 2, 0.65 at 3; on the starter library's
# English cases against Finnish examples it falls beyond 1.
_FOREIGN_STRETCH = 2.0
# Beside examples of its own language, a message gains by translation from Finnish (when it was
# chosen: hit@1 on the starter library's cases 0.82 without, 0.86 with it; MASSIVE 0.70 and 0.73),
# not from English (0.86 and 0.86; hit@3 0.96 and 0.94).
_SELF_SUFFICIENT = ("en",)
_STRETCH, _SHORT, _MOST_STRETCH = 0.75, 6, 10.0  # words


@dataclass(frozen=True)
class Query:
    """A message in every view. `vector` (dim,) is None where there is no model; `stretch` makes
    up for its length, and for its words being translated."""

    lang: str
    vector: NDArray[np.float32] | None
    characters: Counts
    lemmas: Counts
    stretch: float = 1.0


@dataclass(frozen=True)
class Views:
    """A message's similarity with every row (rows,): of meaning, and of words. `stretch` makes
    up for the length of the message in the machines' kernel."""

    meaning: NDArray[np.float32]
    words: NDArray[np.float32]
    stretch: float = 1.0

    def parted(self, count: int) -> tuple[Views, Views]:
        """The first `count` rows, and the rest: messages that nothing answers."""
        return self.at(slice(None, count)), self.at(slice(count, None))

    def at(self, rows: Any) -> Views:
        """The similarity with some rows."""
        return Views(self.meaning[rows], self.words[rows], self.stretch)

    def together(self) -> NDArray[np.float32]:
        """Both as one, (rows,)."""
        return self.meaning + NEAREST_WORDS * self.words

    def nearest(self) -> float:
        """The greatest similarity, -inf of nothing."""
        return float(self.together().max()) if len(self.words) else -math.inf

    def density(self) -> float:
        """How near the rows are all together: the logarithm of the sum of exp(CROWD * similarity),
        over CROWD. A kernel density estimate, in units of similarity."""
        import numpy as np

        values = CROWD * self.together()
        return float(np.logaddexp.reduce(values)) / CROWD


def crowd(seen: Views, none: Views) -> float:
    """By how much the rows lie denser about a message than what nothing answers; 0 where nothing of
    that kind is known."""
    return seen.density() - none.density() if len(seen.words) and len(none.words) else 0.0


@dataclass(frozen=True)
class Model:
    """What was learnt: machines (None where there was too little to learn from), over meaning
    and words or over words alone; the usual spread of what the others are compared by (`close`)
    over the responses; and by how much a response's nearest example is usually nearer than its
    own text."""

    spread: float = 1.0
    machines: Machines | None = None
    has_meaning: bool = True
    example_lead: float = 0.0


@dataclass(frozen=True)
class Ranking:
    """Of all responses (responses,): the order by falling score, the scores, the similarity of
    the nearest row, also by each view, that row, and how close the response is by its text or its
    examples. Without rows: -inf, and row -1.

    They are arrays, of numpy or, where it is not loaded (`bywords.py`), of `array`.
    `decisions` (taught, taught) are between the responses `taught`; `outside` is the similarity
    of the nearest message that nothing answers (`_none.jsonl`), in the units of `nearest`, and
    `crowd` tells how much denser the rows lie about the message than those do (`crowd`); `near`
    are the rows that a large library was ranked by.
    """

    order: Any
    scores: Any
    nearest: Any
    meaning: Any
    words: Any
    rows: Any
    close: Any
    spread: float
    taught: Any
    decisions: Any
    outside: float = -math.inf
    crowd: float = 0.0
    near: Near | None = None

    def against(self, first: int, others: Sequence[int]) -> list[float]:
        """By how much a response beats each of others; negative where it loses."""
        place = {int(number): n for n, number in enumerate(self.taught)}
        found = []
        for other in others:
            if first in place and other in place:
                found.append(float(self.decisions[place[first]][place[other]]))
            else:
                found.append(float(self.close[first] - self.close[other]) / self.spread)
        return found


def queries(
    texts: Sequence[str],
    langs: Sequence[str],
    encoder: Encoder | None,
    known: Sequence[str] = (),
) -> list[Query]:
    """Messages in every view; the model sees them as one batch.

    `known` are the languages that the library's examples are written in: the words of a message
    are translated into those that it is not written in, where there is a dictionary.
    """
    texts = [without_numbers(text) for text in texts]
    vectors = encoder.encode(texts, "query") if encoder else [None] * len(texts)
    return [
        _query(text, lang, vector, known)
        for text, lang, vector in zip(texts, langs, vectors, strict=True)
    ]


def _query(text: str, lang: str, vector: NDArray[np.float32] | None, known: Sequence[str]) -> Query:
    own = lang in known or not known
    longer = stretch(len(text.split())) * (1.0 if own else _FOREIGN_STRETCH)
    characters = character_counts(text) if own else {}
    lemmas = lemma_counts(text, lang) if own else {}
    for other in known:
        if other != lang and translates(lang, other) and not (own and lang in _SELF_SUFFICIENT):
            characters = _added(characters, translated_characters(text, lang, other))
            lemmas = _added(lemmas, translated_counts(text, lang, other))
    return Query(lang, vector, characters, lemmas, longer)


def _added(counts: Mapping[int, float], others: Mapping[int, float]) -> Counts:
    return {**others, **{key: value + others.get(key, 0.0) for key, value in counts.items()}}


def views(index: Index, query: Query) -> Views:
    """How near a query is to every row of the index, then to what nothing answers."""
    import numpy as np

    words = index.characters.similarities(query.characters)
    words = words + index.lemmas.similarities(query.lemmas)
    if index.vectors is None or query.vector is None:
        return Views(np.zeros_like(words), words, query.stretch)
    return Views(index.vectors @ query.vector, words, query.stretch)


def stretch(words: int) -> float:
    """What makes up for the length of a message in its similarity of words.

    A long message spreads its words thin: what it shares with an example weighs less in the
    cosine the more else it says. Of the powers 0, 0.5, 0.75 and 1 the third was best on the
    starter library's cases (when it was chosen, hit@1 in Finnish was 0.72 without, 0.81 with it).
    """
    return float(min(max(words / _SHORT, 1.0), _MOST_STRETCH) ** _STRETCH)


def rank(index: Index, query: Query) -> Ranking:
    """All responses for a query."""
    if index.neighbours is not None:
        from replykit.ranking.large import local

        near = local(index.neighbours, index.owner, query.vector, (query.characters, query.lemmas))
        return far(near, len(index.ids), index.model)
    seen, none = views(index, query).parted(len(index.owner))
    texts = None
    if index.texts is not None:
        texts = index.texts.score(query.vector, query.characters, query.lemmas)
    ranking = combine(seen, index.owner, len(index.ids), index.model, texts, index.kind == 0)
    return replace(ranking, outside=none.nearest(), crowd=crowd(seen, none))


def far(found: Local, count: int, model: Model, absent: int = -1) -> Ranking:
    """The ranking of a large library: of `count` responses, those near the message.

    The response `absent` is taken for one without rows.
    """
    import numpy as np

    stay = found.responses != absent

    def spread(values: NDArray[Any], nothing: float) -> NDArray[Any]:
        every = np.full(count, nothing, dtype=values.dtype)
        every[found.responses[stay]] = values[stay]
        return every

    scores = spread(found.scores, -np.inf)
    nearest = spread(found.nearest, -np.inf)
    return Ranking(
        order=np.argsort(-scores, kind="stable"),
        scores=scores,
        nearest=nearest,
        meaning=spread(found.meaning, -np.inf),
        words=nearest,
        rows=spread(found.rows, -1),
        close=scores,
        spread=model.spread,
        taught=np.zeros(0, dtype=np.int64),
        decisions=np.zeros((0, 0), dtype=np.float32),
        outside=found.outside,
        near=found.near,
    )


def kernel(seen: Views, has_meaning: bool) -> NDArray[np.float32]:
    """What the machines learn from and decide by, for similarities of any shape.

    Of meaning, the sum of a wide and a narrow exponential: the wide one tells responses with ten
    examples apart, the narrow one those with hundreds (BANKING77, all examples: 0.922 with the
    wide one alone, 0.933 with both; ten examples: 0.3 points less).
    """
    import numpy as np

    words = seen.words * np.float32(seen.stretch)
    if not has_meaning:
        return np.asarray(words, dtype=np.float32)
    distance = seen.meaning - 1.0
    both = np.exp(distance) + np.exp(_NARROW * distance) + KERNEL_WORDS * words
    return np.asarray(both, dtype=np.float32)


def combine(
    seen: Views,
    owner: NDArray[Any],
    count: int,
    model: Model,
    texts: NDArray[np.float32] | None = None,
    example: NDArray[Any] | None = None,
    absent: int = -1,
) -> Ranking:
    """Joins the machines' decisions with how close each response is.

    `owner` (rows,) rises. `texts` (responses,) are the scores of the responses' own texts, where
    there are responses without examples; `example` (rows,) says which rows are examples. The
    response `absent` is taken for one without rows.
    """
    import numpy as np

    together = seen.together()
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    present = owner[starts]

    def best_of(values: NDArray[np.float32]) -> NDArray[np.float32]:
        found = np.full(count, -np.inf, dtype=np.float32)
        if len(owner):
            found[present] = np.maximum.reduceat(values, starts)
        return found

    nearest = best_of(together)
    rows = np.full(count, -1, dtype=np.int64)
    best = np.flatnonzero(together == nearest[owner])[::-1]
    rows[owner[best]] = best
    close = nearest.copy()
    if texts is not None and example is not None:
        by_example = best_of(np.where(example, together, -np.inf)) - model.example_lead
        close = np.where(np.isfinite(nearest), np.maximum(texts, by_example), -np.inf)
    taught, decisions = np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=np.float32)
    if model.machines is not None:
        taught = np.asarray(model.machines.responses, dtype=np.int64)
        decisions = model.machines.decisions(
            kernel(seen.at(model.machines.rows), model.has_meaning)
        )
    if absent >= 0:
        nearest[absent], close[absent], rows[absent] = -np.inf, -np.inf, -1
        stay = taught != absent
        taught, decisions = taught[stay], decisions[np.ix_(stay, stay)]
    scores = (close / model.spread).astype(np.float32)
    if len(taught):
        scores = _votes(scores, taught, decisions)
    return Ranking(
        order=np.argsort(-scores, kind="stable"),
        scores=scores,
        nearest=nearest,
        meaning=best_of(seen.meaning),
        words=best_of(seen.words),
        rows=rows,
        close=close.astype(np.float32),
        spread=model.spread,
        taught=taught,
        decisions=decisions,
    )


def _votes(
    near: NDArray[np.float32], taught: NDArray[Any], decisions: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The share of the others that each response beats: by machines, else by the nearest row."""
    import numpy as np

    from replykit.ranking.votes import tally

    present = np.isfinite(near)
    by_machine = np.zeros(len(near), dtype=bool)
    by_machine[taught] = True
    rest = np.sort(near[present & ~by_machine])
    beaten = np.searchsorted(rest, near).astype(np.float32)
    beaten[taught] += tally(decisions) * max(len(taught) - 1, 1)
    others = present & ~by_machine
    beaten[others] += np.searchsorted(np.sort(near[taught]), near[others])
    beaten[others] += 0.3 * np.tanh(near[others])  # equal votes: the nearer one
    found = beaten / max(int(present.sum()) - 1, 1)
    return np.where(present, found, -np.inf).astype(np.float32)
