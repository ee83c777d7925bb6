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

_MOST = 20  # terminals whose last suggestion is kept


def remember(settings: Settings, result: Suggestions, file: Path | None) -> None:
    """Keeps the ids of a suggestion; a cache that cannot be written is no fault of the agent."""
    path = str(file.resolve()) if file and str(file) != "-" else None
    record = {"ids": [item.id for item in result.items], "file": path}
    with suppress(ReplyKitError, OSError):
        write_text(_memory(settings), json.dumps(record), private=True)
        for old in _memories(settings)[_MOST:]:
            old.unlink()


def recall(settings: Settings, rank: int) -> tuple[str, Path | None, str]:
    """The id at a rank, the message's file if there was one, and what should be said. Each terminal
    has its own last suggestion; one that has none takes the newest.

    Raises ReplyKitError where nothing was suggested, or not so many.
    """
    own = _memory(settings)
    try:
        memory = own if own.exists() else _memories(settings)[0]
        record: dict[str, Any] = json.loads(memory.read_text("utf-8"))
        ids, path = list(record["ids"]), record["file"]
    except (OSError, ValueError, TypeError, LookupError):
        raise ReplyKitError(
            f"draft {rank}: no suggestion to choose from; run replykit suggest first, or give an id"
        ) from None
    if not 1 <= rank <= len(ids):
        raise ReplyKitError(f"draft {rank}: the last suggestion has {len(ids)} replies")
    file = Path(path) if path and Path(path).is_file() else None
    notes = []
    if memory != own:
        notes.append(f"the last suggestion ({ids[rank - 1]}) was made in another terminal")
    if path:
        notes.append(f"message: {path}" if file else f"{path} is gone; drafting without it")
    return ids[rank - 1], file, "; ".join(notes)


def _memory(settings: Settings) -> Path:
    session = os.getsid(0) if hasattr(os, "getsid") else 0
    return cache_folder() / f"last-{_place(settings)}-{session}.json"


def _memories(settings: Settings) -> list[Path]:
    """What all terminals remember, the newest first."""
    found = cache_folder().glob(f"last-{_place(settings)}-*.json")
    return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)


def _place(settings: Settings) -> str:
    place = str(settings.library_path.resolve()).encode("utf-8", "replace")
    return hashlib.sha256(place).hexdigest()[:16]
