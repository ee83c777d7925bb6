"""Remembers the last suggestion of each library, so that `draft 1` means its first reply.

Kept are ids and the path of the message's file, never its text.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from replykit.config import Settings
from replykit.errors import ReplyKitError
from replykit.paths import cache_folder, write_text
from replykit.suggest import Suggestions


def remember(settings: Settings, result: Suggestions, file: Path | None) -> None:
    """Keeps the ids of a suggestion; a cache that cannot be written is no fault of the agent."""
    path = str(file.resolve()) if file and str(file) != "-" else None
    record = {"ids": [item.id for item in result.items], "file": path, "session": _session()}
    with suppress(ReplyKitError):
        write_text(_memory(settings), json.dumps(record), private=True)


def recall(settings: Settings, rank: int) -> tuple[str, Path | None, str]:
    """The id at a rank, the message's file if there was one, and what should be said.

    Raises ReplyKitError where nothing was suggested, or not so many.
    """
    try:
        record: dict[str, Any] = json.loads(_memory(settings).read_text("utf-8"))
        ids, path, session = list(record["ids"]), record["file"], record["session"]
    except (OSError, ValueError, TypeError, KeyError):
        raise ReplyKitError(
            f"draft {rank}: no suggestion to choose from; run replykit suggest first, or give an id"
        ) from None
    if not 1 <= rank <= len(ids):
        raise ReplyKitError(f"draft {rank}: the last suggestion has {len(ids)} replies")
    file = Path(path) if path and Path(path).is_file() else None
    notes = []
    if session != _session():
        notes.append(f"the last suggestion ({ids[rank - 1]}) was made in another terminal")
    if path:
        notes.append(f"message: {path}" if file else f"{path} is gone; drafting without it")
    return ids[rank - 1], file, "; ".join(notes)


def _memory(settings: Settings) -> Path:
    place = hashlib.sha256(str(settings.library_path.resolve()).encode("utf-8", "replace"))
    return cache_folder() / f"last-{place.hexdigest()[:16]}.json"


def _session() -> int:
    return os.getsid(0) if hasattr(os, "getsid") else 0
