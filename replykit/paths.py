"""The user's cache and data folders; writes files so that nobody reads half of one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from replykit.errors import ReplyKitError


def cache_folder() -> Path:
    """Where indexes, models and the last suggestion live, readable by this user alone."""
    named = os.environ.get("REPLYKIT_CACHE_DIR")
    if named:
        return _own_folder(Path(named), "cache")
    from platformdirs import user_cache_path

    return _own_folder(user_cache_path("replykit", appauthor=False), "cache")


def data_folder() -> Path:
    """Where what `setup` installs lives: it is not lost when the cache is cleared."""
    named = os.environ.get("REPLYKIT_DATA_DIR")
    if named:
        return _own_folder(Path(named), "data")
    from platformdirs import user_data_path

    return _own_folder(user_data_path("replykit", appauthor=False), "data")


def _own_folder(folder: Path, kind: str) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ReplyKitError(
            f"{folder}: the {kind} folder cannot be made ({error.strerror}); "
            f"set REPLYKIT_{kind.upper()}_DIR to a folder of yours"
        ) from None
    return folder


@contextmanager
def write_folder(target: Path) -> Iterator[Path]:
    """A folder to write into, renamed to `target` at the end; the first of several writers wins.

    On an error nothing is left behind.
    """
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}-", dir=target.parent))
    except OSError as error:
        raise ReplyKitError(f"{target.parent}: cannot be written ({error.strerror})") from None
    try:
        yield draft
        try:
            draft.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def write_text(target: Path, text: str, private: bool = False) -> None:
    """Writes a text as `write_bytes` does."""
    write_bytes(target, text.encode("utf-8", "replace"), private)


def write_bytes(target: Path, data: bytes, private: bool = False) -> None:
    """Writes a file whole or not at all; `private`: readable by this user alone.

    A link's target is written, not the link; what is no plain file (/dev/stdout) is written into.
    Raises ReplyKitError where that fails.
    """
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        place = target.resolve()
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=".", delete=False) as draft:
            draft.write(data)
        try:
            os.chmod(draft.name, 0o600 if private else _mode(place))
            os.replace(draft.name, place)
        except OSError:
            os.unlink(draft.name)
            raise
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        reason = getattr(error, "strerror", None) or error
        raise ReplyKitError(f"{target}: cannot be written ({reason})") from None


def _mode(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o666 & ~_umask()


def _umask() -> int:
    value = os.umask(0o077)
    os.umask(value)
    return value
