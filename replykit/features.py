"""Turns texts into sparse views for matching: hashed character n-grams and hashed lemmas."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BUCKETS = 1 << 18
NGRAMS = (2, 5)
_MAX_CHARACTERS = 3000
_MAX_WORD = 40

_LONG_NUMBER = re.compile(r"#?\b[A-Za-z]{0,3}-?\d{4,}\b")
_WORDS = re.compile(r"\w+", re.UNICODE)
_SNOWBALL = {"en": "english", "fi": "finnish", "sv": "swedish", "de": "german", "da": "danish"}

Counts = dict[int, float]


def without_numbers(text: str) -> str:
    """The text without long numbers: they are details of a matter, and tell nothing of it."""
    return _LONG_NUMBER.sub(" ", text)


def normal(text: str) -> str:
    """The text as all views see it: NFKC, lower case, numbers as one sign, single spaces."""
    text = unicodedata.normalize("NFKC", text[:_MAX_CHARACTERS])[:_MAX_CHARACTERS].casefold()
    return re.sub(r"\d+", "0", " ".join(text.split()))


def character_counts(text: str) -> Counts:
    """Counts of the character n-grams (2 to 5) within the words of a text, by hashed feature."""
    counts: Counter[str] = Counter()
    least, most = NGRAMS
    for word in _WORDS.findall(normal(text)):
        padded = f" {word[:_MAX_WORD]} "
        for size in range(least, most + 1):
            for start in range(max(1, len(padded) - size + 1)):
                counts[padded[start : start + size]] += 1
    return _hashed(counts.items())


def lemma_counts(text: str, lang: str) -> Counts:
    """Counts of the lemmas of a text, by hashed feature."""
    lemma = lemmatizer(lang)
    words = (word[:_MAX_WORD] for word in _WORDS.findall(normal(text)))
    return _hashed(Counter(lemma(word) for word in words).items())


def lemmatizer_key() -> str:
    """What lemmas depend on: an index made with another one is stale."""
    return "voikko" if voikko() else "snowball"


@cache
def lemmatizer(lang: str) -> Callable[[str], str]:
    """A function from a lower-case word to its lemma (Voikko) or stem (Snowball)."""
    if lang == "fi" and (engine := voikko()):

        @lru_cache(maxsize=50_000)
        def base_form(word: str) -> str:
            analyses = engine.analyze(word)
            return str(analyses[0].get("BASEFORM", word)).casefold() if analyses else word

        return base_form
    import Stemmer

    stemmer = Stemmer.Stemmer(_SNOWBALL.get(lang, "english"))
    return lambda word: str(stemmer.stemWord(word))


@cache
def voikko() -> Any:
    """Voikko for Finnish, or None where libvoikko or its dictionary is not installed."""
    try:
        from voikko.libvoikko import Voikko, VoikkoLibrary

        VoikkoLibrary.open()  # fails cleanly where libvoikko is missing; Voikko() complains at exit
        return Voikko("fi")
    except Exception:  # the binding raises OSError, or its own VoikkoException
        return None


def _hashed(counts: Iterable[tuple[str, int]]) -> Counts:
    found: dict[int, float] = {}
    for feature, count in counts:
        bucket = zlib.crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS
        found[bucket] = found.get(bucket, 0.0) + count
    return found


class Postings:
    """tf-idf rows of a sparse view, stored by feature, so that a query reads only what it shares.

    Arrays: `starts` (BUCKETS + 1), `rows` and `values` (one per stored count), `idf` (BUCKETS).
    """

    names = ("starts", "rows", "values", "idf")

    def __init__(self, arrays: dict[str, NDArray[Any]], count: int) -> None:
        self.arrays = arrays
        self.count = count

    @classmethod
    def build(cls, texts: Sequence[Counts]) -> Postings:
        """Sublinear tf, smoothed idf, rows of length 1."""
        import numpy as np

        lengths = [len(counts) for counts in texts]
        total = sum(lengths)
        features = np.fromiter((f for counts in texts for f in counts), np.int32, total)
        tf = np.fromiter((c for counts in texts for c in counts.values()), np.float32, total)
        rows = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
        frequency = np.bincount(features, minlength=BUCKETS)
        idf = (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)
        values = (1 + np.log(tf)) * idf[features]
        norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=len(texts)))
        unit = values / np.maximum(norms, 1e-9)[rows]
        order = np.argsort(features, kind="stable")
        starts = np.concatenate(([0], np.cumsum(frequency))).astype(np.int64)
        arrays: dict[str, NDArray[Any]] = {
            "starts": starts,
            "rows": rows[order],
            "values": unit[order].astype(np.float32),
            "idf": idf,
        }
        return cls(arrays, len(texts))

    def weigh(self, counts: Counts) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """A query's features and their tf-idf values, of length 1 together."""
        import numpy as np

        features = np.fromiter(counts, np.int64, len(counts))
        tf = np.fromiter(counts.values(), np.float32, len(counts))
        values = (1 + np.log(tf)) * self.arrays["idf"][features]
        norm = float(np.linalg.norm(values))
        return features, (values / max(norm, 1e-9)).astype(np.float32)

    def similarities(self, counts: Counts) -> NDArray[np.float32]:
        """Cosines of a query with all rows, shape (count,)."""
        import numpy as np

        if not counts or not self.count:
            return np.zeros(self.count, dtype=np.float32)
        features, values = self.weigh(counts)
        starts = self.arrays["starts"]
        first, last = starts[features], starts[features + 1]
        pieces = [slice(a, b) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        rows = np.concatenate([self.arrays["rows"][piece] for piece in pieces])
        shares = np.concatenate([self.arrays["values"][piece] for piece in pieces])
        weights = shares * np.repeat(values, last - first)
        return np.bincount(rows, weights=weights, minlength=self.count).astype(np.float32)
