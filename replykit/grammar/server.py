"""The one LanguageTool server of all ReplyKit processes: started, waited for, stopped."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

from replykit.grammar import Unavailable, state
from replykit.grammar.installation import JAVA, class_path, java
from replykit.grammar.state import State

_PAUSE = 0.05
_MOST_STARTS = 2  # by one caller: what ends at once would only end again
_ENDING = 8.0


def running() -> State | None:
    """The server that runs or starts; None where none does."""
    return state.read() if state.is_kept() else None


def ensure(languages: Sequence[str], wait: float, idle: float, *, instead_of: int = 0) -> State:
    """The server, ready for the first of the languages; started where none runs.

    Waits at most `wait` seconds. `idle` is after how many it may end itself. A server with the
    process id `instead_of` does not count: it has just failed.
    Raises Unavailable where it is not installed, cannot start or is not ready in time.
    """
    began, starts = time.time(), 0
    while True:
        found = state.read()
        if not state.is_kept():
            if found and found.error and found.at >= began:
                raise Unavailable(found.error, "replykit grammar start tries again")
            if starts == _MOST_STARTS:
                log = state.folder() / "keeper.log"
                raise Unavailable("LanguageTool ended at once", f"see {log}")
            starts += start(languages, idle)
        elif found and found.java != instead_of and found.is_ready(languages[0]):
            return found
        if time.time() - began >= wait:
            raise Unavailable(
                f"LanguageTool is still starting (waited {wait:g} s)",
                "try again in some seconds, or raise the setting grammar_wait",
            )
        time.sleep(_PAUSE)


def start(languages: Sequence[str], idle: float) -> bool:
    """Starts a keeper, which starts the server; False where another process is just doing so.

    Raises Unavailable where LanguageTool or Java is not installed.
    """
    if not class_path():
        raise Unavailable("LanguageTool is not installed", "replykit setup grammar")
    if not java():
        raise Unavailable("Java is not installed", JAVA)
    with state.claim() as lock:
        if lock is None:
            return False
        state.forget()
        command = [
            sys.executable, "-m", "replykit.grammar.keeper",
            f"--lock={lock}", f"--idle={idle}", *languages,
        ]  # fmt: skip
        log = os.open(state.folder() / "keeper.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=state.folder(),
                pass_fds=(lock,),
                start_new_session=True,
            )
        except OSError as error:
            raise Unavailable(f"LanguageTool cannot be started ({error})", "free it") from None
        finally:
            os.close(log)
    return True


def stop() -> bool:
    """Ends the server and its keeper; False where none runs."""
    if not state.is_kept():
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        told, limit = False, time.monotonic() + _ENDING
        while state.is_kept() and time.monotonic() < limit:
            found = state.read()
            if found and not told:
                told = True
                for process in filter(None, (found.keeper, found.java)):
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.kill(process, number)
            time.sleep(_PAUSE)
    state.forget()
    return True
