"""An encoder with a library's own correction (`replykit train`) upon its vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from replykit.encoder import Encoder, Side

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from replykit.ranking.correction import Correction


class CorrectedEncoder:
    """Another encoder's vectors, corrected; its key names the correction too, so that no cached
    vector of the one is taken for one of the other."""

    def __init__(self, base: Encoder, correction: Correction) -> None:
        self.base = base
        self.correction = correction
        self.key: str = f"{base.key}+{correction.digest}"
        self.dim: int = base.dim

    def encode(self, texts: Sequence[str], side: Side = "query") -> NDArray[np.float32]:
        """Corrected unit vectors (n, dim); an empty text's row of zeros stays one."""
        return self.correction.apply(self.base.encode(texts, side))


def corrected(
    encoder: Encoder | None, library: Path, note: Callable[[str], None]
) -> Encoder | None:
    """The encoder with the correction of a library's folder, where it has one for this encoder.

    One for another encoder is left out, which `note` is told. Raises ReplyKitError where the
    correction's file is broken.
    """
    from replykit.ranking.correction import FILE_NAME, load

    correction = load(library) if encoder is not None else None
    if encoder is None or correction is None:
        return encoder
    if correction.encoder != encoder.key or correction.left.shape[0] != encoder.dim:
        note(
            f"{FILE_NAME} was learnt on another model and is left out; "
            "renew it with replykit train, or drop it with replykit train --remove"
        )
        return encoder
    return CorrectedEncoder(encoder, correction)
