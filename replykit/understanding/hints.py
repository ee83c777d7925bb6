"""Hears a reason to escalate that no list has words for: a linear classifier over the vectors that
ranking has made of a message anyway, and over hashed n-grams.

`benchmarks/train_routes.py` learns it and writes `data/routes.npz`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from replykit.encoder import Encoder, Side
from replykit.encoder.corrected import CorrectedEncoder
from replykit.ngrams import by_words
from replykit.ranking.focus import SHORT
from replykit.understanding.phrases import EXCEPT, tokens
from replykit.understanding.routes import Reason, RouteWords
from replykit.understanding.sentences import spans
from replykit.understanding.wordlists import built_in

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# N-grams are told apart by so many bits of their hash: few messages need fewer than the sentences
# of `meaning.py`.
BITS = 12
_FEW_WORDS = 15
NEVER_DOUBTED = frozenset({"threat", "self_harm"})
_LONGEST = 100  # characters of a sentence that is quoted
_READS = {
    "threat": "a threat",
    "legal": "a legal matter",
    "medical": "a matter of health",
    "media": "a matter for the press",
    "minor": "a matter of a child",
    "self_harm": "a hint at self-harm",
    "data_breach": "a data breach",
    "repeated": "a matter that was written about before",
}
_DATA = Path(__file__).parents[1] / "data" / "routes.npz"


@dataclass(frozen=True)
class Hints:
    """The classifiers of all reasons; a score above 0 is a hint.

    `encoder` is the key of the encoder that they were learnt with, `langs` are the languages that
    they were measured in. `out` (dim, reasons) weighs a vector, `grams` (2 · 2**BITS, reasons)
    weighs n-grams, `rarity` is their idf. `limits` are the log-odds of a hint; where all are below
    `doubt`, what lists found was not meant.
    """

    encoder: str
    langs: frozenset[str]
    names: tuple[str, ...]
    out: NDArray[np.float32]
    grams: NDArray[np.float32]
    rarity: NDArray[np.float32]
    bias: NDArray[np.float32]
    limits: NDArray[np.float32]
    doubt: float

    def scores(self, texts: Sequence[str], vectors: NDArray[Any]) -> NDArray[np.float32]:
        """How surely each text gives each reason (n, reasons); `vectors` (n, dim)."""
        import numpy as np

        long = np.array([[length_cost(text)] for text in texts], dtype=np.float32)
        found: NDArray[np.float32] = vectors @ self.out + self.bias - self.limits - long
        return found + self.words(texts)

    def words(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What n-grams alone say of each text (n, reasons)."""
        return by_words(texts, self.grams, self.rarity)


def length_cost(text: str) -> float:
    """The log-odds that a text loses by its length: in many words something is always near."""
    return max(0.0, log(max(len(text.split()), 1) / _FEW_WORDS))


@cache
def load() -> Hints:
    """The classifiers that ship with the package."""
    import numpy as np

    with np.load(_DATA) as data:
        return Hints(
            encoder=str(data["encoder"]),
            langs=frozenset(data["langs"].tolist()),
            names=tuple(data["names"].tolist()),
            out=data["out"].astype(np.float32),
            grams=data["grams"] * data["gram_scale"],
            rarity=data["rarity"].astype(np.float32),
            bias=data["bias"],
            limits=data["limits"],
            doubt=float(data["doubt"]),
        )


@dataclass(frozen=True)
class Overheard:
    """The parts of one message that were embedded to rank it (none where nothing was), their
    vectors (n, dim), and the hints that are known."""

    parts: Sequence[str]
    vectors: NDArray[np.float32]
    known: Hints
    lang: str

    def said(self, text: str, words: RouteWords, without: Collection[str] = ()) -> list[str]:
        """The hints of the message as people read them, but for the reasons that are known
        already."""
        return [
            f"reads like {_READS[item.name]}: “{shorten(item.text, _LONGEST, placeholder='…')}”"
            for item in self.reasons(text)
            if item.name not in without and not taken_back(item, self.lang, words)
        ]

    def standing(self, found: Sequence[Reason], text: str, words: RouteWords) -> list[Reason]:
        """What lists found in the message, less what was not meant by the sound of the whole, which
        must have been embedded. Trainers' own phrases stand, and what nobody may miss."""
        if not found or not self._doubts(text):
            return list(found)
        book = words.books.get(self.lang)
        own = {hit.line.section for hit in book.find(tokens(text))} if book else set()
        return [item for item in found if item.name in NEVER_DOUBTED | own]

    def _doubts(self, text: str) -> bool:
        # A short message is ranked whole, though long numbers in it are not.
        is_whole = len(self.parts) == 1 and len(text.split()) <= SHORT
        if not is_whole or not self._is_measured:
            return False
        over = self.known.scores(self.parts, self.vectors) + self.known.limits
        return float(over.max()) < self.known.doubt

    def reasons(self, text: str) -> tuple[Reason, ...]:
        """What the parts of the message hint at, each reason once, with the sentence that says it
        most."""
        if not self.parts or not self._is_measured:
            return ()
        names = self.known.names
        best: dict[str, tuple[float, str]] = {}
        scored = zip(self.parts, self.known.scores(self.parts, self.vectors), strict=True)
        for part, scores in scored:
            # What is longer is of many matters, and was not learnt from.
            name, score = names[int(scores.argmax())], float(scores.max())
            if score > max(0.0, best.get(name, (0.0, ""))[0]) and len(part.split()) <= SHORT:
                best[name] = score, part
        found = [self._reason(name, part, text) for name, (_, part) in best.items()]
        return tuple(sorted(found, key=lambda item: item.start))

    @property
    def _is_measured(self) -> bool:
        return self.lang[:2] in self.known.langs

    def _reason(self, name: str, part: str, text: str) -> Reason:
        """The sentence of a part whose words hint most at a reason."""
        sentences = [part[start:end] for start, end in spans(part, self.lang)] or [part]
        words = self.known.words(sentences)[:, self.known.names.index(name)]
        said = sentences[int(words.argmax())]
        start = max(text.find(said), 0)
        return Reason(name, said, start, start + len(said))


class Listener:
    """An encoder that remembers what it embedded last."""

    def __init__(self, encoder: Encoder, known: Hints) -> None:
        self._encoder = encoder
        self._known = known
        self._last: tuple[Sequence[str], NDArray[np.float32]] | None = None
        self.key: str = encoder.key
        self.dim: int = encoder.dim

    def encode(self, texts: Sequence[str], side: Side = "query") -> NDArray[np.float32]:
        """The encoder's own vectors (n, dim)."""
        vectors = self._encoder.encode(texts, side)
        self._last = texts, vectors
        return vectors

    def heard(self, lang: str) -> Overheard:
        """What was embedded last, as parts of a message in that language. It is forgotten: no
        message gets the hints of an earlier one."""
        import numpy as np

        nothing = (), np.zeros((0, self.dim), dtype=np.float32)
        parts, vectors = self._last or nothing
        self._last = None
        return Overheard(parts, vectors, self._known, lang)


def listen(encoder: Encoder | None) -> tuple[Encoder | None, Listener | None]:
    """An encoder to rank with, and who remembers what it embeds; nobody where it is another than
    the hints were learnt with."""
    base = encoder.base if isinstance(encoder, CorrectedEncoder) else encoder
    if base is None or base.key != load().encoder:
        return encoder, None
    listener = Listener(base, load())
    if isinstance(encoder, CorrectedEncoder):
        return CorrectedEncoder(listener, encoder.correction), listener
    return listener, listener


def taken_back(reason: Reason, lang: str, words: RouteWords) -> bool:
    """Whether a library's trainers took a hint back: with all built-in phrases of its reason
    (`remove: {legal: "*"}`), or by words of theirs that are innocent beside it."""
    removed = {text for name, text in words.removed.get(lang, ()) if name == reason.name}
    listed = {line.text for line in built_in(lang).lines if line.section == reason.name}
    if removed and removed >= listed:
        return True
    book = words.books.get(lang)
    hits = book.find(tokens(reason.text)) if book else ()
    return any(hit.line.sign == EXCEPT and hit.line.section == reason.name for hit in hits)
