"""Keeps books of phrases in the user's cache: to make one takes longer than to triage a message."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from zlib import crc32

from replykit.errors import ReplyKitError
from replykit.paths import cache_folder, write_bytes
from replykit.understanding.phrases import Book

_FOLDER = "phrases"
_LAYOUT = 1


def kept(name: str, sources: Iterable[str], make: Callable[[], Book]) -> Book:
    """The book of this name that was made of these texts before, else one made now and kept.

    A cache that cannot be written costs time at the next start, and nothing else.
    """
    key = crc32("\0".join(sources).encode("utf-8"))
    file = f"{name}-{key:08x}-{sys.implementation.cache_tag}-{_LAYOUT}.marshal"
    with suppress(OSError, ReplyKitError, ValueError, EOFError, TypeError):
        return Book.load((cache_folder() / _FOLDER / file).read_bytes())
    book = make()
    with suppress(OSError, ReplyKitError):
        folder = cache_folder() / _FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        write_bytes(folder / file, book.dump(), private=True)
    return book
