"""Turns texts into sparse views for matching: hashed character n-grams and hashed lemmas."""

from __future__ import annotations

import re
import unicodedata
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
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

# Rows that are sorted at once when postings are built, and counts that a search by words reads.
_BLOCK = 50_000
_LEAST_READ, _MOST_READ = 5_000, 50_000

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
    def build(cls, texts: Iterable[Counts]) -> Postings:
        """Sublinear tf, smoothed idf, rows of length 1."""
        import numpy as np

        features, tf, lengths = array("i"), array("f"), array("i")
        for counts in texts:
            features.extend(counts)
            tf.extend(counts.values())
            lengths.append(len(counts))
        return cls.of(
            np.frombuffer(features, np.int32) if features else np.zeros(0, np.int32),
            np.frombuffer(tf, np.float32) if tf else np.zeros(0, np.float32),
            np.array(lengths, dtype=np.int64),
        )

    @classmethod
    def of(
        cls, features: NDArray[Any], counts: NDArray[np.float32], lengths: NDArray[Any]
    ) -> Postings:
        """The same of features and their counts, row after row, `lengths` (rows,) of each."""
        import numpy as np

        frequency = np.bincount(features, minlength=BUCKETS)
        idf = (np.log((1 + len(lengths)) / (1 + frequency)) + 1).astype(np.float32)
        starts = np.concatenate(([0], np.cumsum(frequency))).astype(np.int64)
        rows = np.empty(len(features), dtype=np.int32)
        values = np.empty(len(features), dtype=np.float32)
        # Blocks of rows in their order, each sorted by feature: a sort of all would need far more.
        free = starts[:-1].copy()
        ends = np.concatenate(([0], np.cumsum(lengths)))
        for first in range(0, len(lengths), _BLOCK):
            last = min(first + _BLOCK, len(lengths))
            here = features[ends[first] : ends[last]]
            row = np.repeat(np.arange(first, last, dtype=np.int32), lengths[first:last])
            weights = (1 + np.log(counts[ends[first] : ends[last]])) * idf[here]
            norms = np.sqrt(np.bincount(row - first, weights=weights**2, minlength=last - first))
            unit = weights / np.maximum(norms, 1e-9)[row - first]
            order = np.argsort(here, kind="stable")
            grouped = here[order]
            own = np.bincount(here, minlength=BUCKETS)
            before = np.concatenate(([0], np.cumsum(own)[:-1]))
            place = (free - before)[grouped] + np.arange(len(grouped))
            rows[place] = row[order]
            values[place] = unit[order]
            free += own
        arrays: dict[str, NDArray[Any]] = {
            "starts": starts, "rows": rows, "values": values, "idf": idf,
        }  # fmt: skip
        return cls(arrays, len(lengths))

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
        first, lengths = starts[features], starts[features + 1] - starts[features]
        # All runs as one list of places: a slice for each would take ten times as long.
        moved = np.repeat(first - np.cumsum(lengths) + lengths, lengths)
        places = moved + np.arange(len(moved))
        weights = self.arrays["values"][places] * np.repeat(values, lengths)
        rows = self.arrays["rows"][places]
        return np.bincount(rows, weights=weights, minlength=self.count).astype(np.float32)

    def rarest(self, counts: Counts, most: int) -> NDArray[np.int64]:
        """Up to `most` rows that share the rarest features with a query, nearest first by these.

        Features are read while few rows have them: the common ones cost most and tell least.
        """
        import numpy as np

        if not counts or not self.count:
            return np.zeros(0, dtype=np.int64)
        features, weights = self.weigh(counts)
        first, last = self.arrays["starts"][features], self.arrays["starts"][features + 1]
        order = np.argsort(last - first, kind="stable")
        most_read = min(max(_LEAST_READ, self.count // 50), _MOST_READ)
        order = order[np.cumsum((last - first)[order]) <= most_read]
        if not len(order):
            return np.zeros(0, dtype=np.int64)
        pieces = [slice(int(first[n]), int(last[n])) for n in order]
        rows = np.concatenate([self.arrays["rows"][piece] for piece in pieces])
        shares = np.concatenate(
            [weights[n] * self.arrays["values"][p] for n, p in zip(order, pieces, strict=True)]
        )
        found, place = np.unique(rows, return_inverse=True)
        nearness = np.bincount(place, weights=shares)
        return found[np.argsort(-nearness, kind="stable")[:most]].astype(np.int64)
