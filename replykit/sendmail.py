"""The program `replykit-sendmail`: checks a mail that is to go out, then hands it to sendmail."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import NoReturn

PROGRAM = "REPLYKIT_SENDMAIL"
ANYWAY = "REPLYKIT_SEND_ANYWAY"
_CANDIDATES = ("/usr/sbin/sendmail", "/usr/lib/sendmail", "sendmail", "msmtp")
_NAME = "replykit-sendmail"
_SECONDS = 120
# Of sendmail's other jobs (-bp, -bi, -q …) none sends a mail from standard input but these two.
_SMTP = ("-bs", "-bS")
_HELD, _FAULT = 1, 2


def main() -> NoReturn:
    """Reads a mail as sendmail does, with its arguments. What lint finds goes to standard error;
    a mail with findings at or above `lint.fail_on`, or one that could not be checked, is held.
    Every other goes to the real sendmail with the same arguments, byte for byte."""
    arguments = sys.argv[1:]
    if any(item.startswith(_SMTP) for item in arguments):
        _hold("SMTP on standard input cannot be checked; call without -bs", _FAULT)
    if _sends_nothing(arguments):
        _hand_over(arguments)
    data = sys.stdin.buffer.read()
    if os.environ.get(ANYWAY) == "1":
        _say(f"not checked, for {ANYWAY}=1")
    elif (found := _check(data)) == _HELD:
        _hold(f"not sent; mend it, or send it as it is with {ANYWAY}=1", _HELD)
    elif found:
        _hold(f"not sent, for it could not be checked; {ANYWAY}=1 sends it unchecked", _FAULT)
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        os.dup2(file.fileno(), 0)
        _hand_over(arguments)


def _sends_nothing(arguments: Sequence[str]) -> bool:
    modes = [item for item in arguments if item.startswith(("-b", "-q"))]
    return any(item != "-bm" for item in modes)


def _check(data: bytes) -> int:
    """The exit code of lint, in a process of its own so that no fault of it can send a mail."""
    lint = [sys.executable, "-m", "replykit", "lint", "--format", "text"]
    try:
        done = subprocess.run(
            [*lint, "--stdin-filename", "mail.eml", "-"],
            input=data, stdout=subprocess.PIPE, check=False, timeout=_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        _say(f"lint was not done in {_SECONDS} seconds")
        return _FAULT
    except OSError as error:
        _say(str(error))
        return _FAULT
    if done.stdout != b"no findings\n":
        sys.stderr.write(done.stdout.decode("utf-8", "replace"))
    return done.returncode


def _hand_over(arguments: Sequence[str]) -> NoReturn:
    """Becomes the real sendmail."""
    try:
        chosen = shlex.split(os.environ.get(PROGRAM, "")) or [_found()]
        path = shutil.which(chosen[0])
    except ValueError as error:
        _hold(f"{PROGRAM}: {error}", _FAULT)
    if not path:
        _hold(f"not sent: {chosen[0] or 'sendmail'} is not there; set {PROGRAM}", _FAULT)
    if _is_this(path):
        _hold(f"not sent: {PROGRAM} is {_NAME} itself; set it to the real program", _FAULT)
    try:
        os.execv(path, [*chosen, *arguments])
    except OSError as error:
        _hold(f"not sent: {path}: {error.strerror}", _FAULT)


def _found() -> str:
    """The first program there is that sends mail, this one apart."""
    there = (shutil.which(item) for item in _CANDIDATES)
    return next((path for path in there if path and not _is_this(path)), "")


def _is_this(path: str) -> bool:
    """Whether a program is this one, so that it would call itself for ever."""
    names = {os.path.basename(os.path.realpath(path)), os.path.basename(path)}
    return _NAME in names or os.path.realpath(path) == os.path.realpath(sys.argv[0])


def _say(text: str) -> None:
    print(f"{_NAME}: {text}", file=sys.stderr)


def _hold(text: str, code: int) -> NoReturn:
    _say(text)
    sys.exit(code)


if __name__ == "__main__":
    main()
