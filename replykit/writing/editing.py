"""Opens a draft in the person's editor, so that nothing of what they write there is lost."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from replykit.errors import ReplyKitError

_DEFAULT = "notepad" if sys.platform == "win32" else "vi"


@contextmanager
def edited(text: str) -> Iterator[str]:
    """The text as it comes back from $VISUAL or $EDITOR.

    The editor's file is removed once the caller is done with the text, and kept where the editor
    or the caller fails. Raises ReplyKitError, which then names the file.
    """
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", newline="\n", prefix="replykit-", suffix=".txt", delete=False
    ) as file:
        file.write(text.rstrip("\n") + "\n")
    path = Path(file.name)
    try:
        _run(path)
        yield _read(path)
    except ReplyKitError as error:
        raise ReplyKitError(f"{error}; the draft is kept in {path}") from None
    path.unlink(missing_ok=True)


def _run(path: Path) -> None:
    """Waits for the editor, which has the terminal even where our output goes elsewhere."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or _DEFAULT
    command = editor
    try:
        # The variable holds a command with its options, as `code --wait`.
        command, *options = shlex.split(editor)
        with open(_terminal(), "rb+", buffering=0) as terminal:
            done = subprocess.run(
                [command, *options, path], check=False, stdin=terminal, stdout=terminal
            )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReplyKitError(f"{command}: cannot be run ({reason}); set VISUAL or EDITOR") from None
    if done.returncode:
        raise ReplyKitError(f"{command}: ended with {done.returncode}")


def _terminal() -> str:
    """The terminal's file; that of nothing where nobody sits at one."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return os.devnull
    return "/dev/tty"


def _read(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n")
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ReplyKitError(f"{path}: not UTF-8; let the editor save UTF-8") from None
    if not text.strip():
        raise ReplyKitError("the draft came back empty, so nothing was written")
    return text
