"""What all processes know of the one LanguageTool server: its file, its lock, its last use."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from replykit.errors import ReplyKitError
from replykit.grammar import Unavailable
from replykit.paths import cache_folder, write_text


@dataclass(frozen=True)
class State:
    """The server as its keeper describes it.

    `port` is 0 until it answers; `warm` are languages that it has checked, `warming` those that it
    is about to; `error` is why it could not start, `at` when this was written.
    """

    keeper: int
    java: int = 0
    port: int = 0
    warm: tuple[str, ...] = ()
    warming: tuple[str, ...] = ()
    idle: float = 0.0
    error: str = ""
    at: float = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_ready(self, lang: str) -> bool:
        """Whether it answers, and is not about to warm for this language."""
        return self.port > 0 and lang not in self.warming


def folder() -> Path:
    """The server's own folder, readable by this user alone."""
    found = cache_folder() / "grammar"
    try:
        found.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ReplyKitError(f"{found}: cannot be made ({error.strerror})") from None
    return found


def read() -> State | None:
    """What the keeper wrote last; None where nothing, or nothing that can be read, is there."""
    try:
        found = json.loads((folder() / "server.json").read_text("utf-8"))
        return State(**found | {name: tuple(found[name]) for name in ("warm", "warming")})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(state: State) -> None:
    """Tells all processes."""
    text = json.dumps(asdict(state) | {"at": time.time()})
    write_text(folder() / "server.json", text, private=True)


def forget() -> None:
    """Nothing is known of a server any more."""
    (folder() / "server.json").unlink(missing_ok=True)


def touch() -> None:
    """Says that the server is used now."""
    (folder() / "used").touch(0o600)


def last_use() -> float:
    """When the server was last used; 0 for never."""
    try:
        return (folder() / "used").stat().st_mtime
    except OSError:
        return 0.0


def is_kept() -> bool:
    """Whether a keeper or its server lives: they hold the lock, so a stale file deceives nobody."""
    import fcntl

    with _lock_file() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def claim() -> Iterator[int | None]:
    """The lock, as a file descriptor for a keeper to inherit; None where another has it."""
    import fcntl

    with _lock_file() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        # Closed here and not unlocked: the lock lasts as long as any heir has the file open.
        yield lock


@contextmanager
def _lock_file() -> Iterator[int]:
    try:
        lock = os.open(folder() / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Unavailable(f"{folder()} cannot be written ({error.strerror})", "free it") from None
    try:
        yield lock
    finally:
        with contextlib.suppress(OSError):
            os.close(lock)
