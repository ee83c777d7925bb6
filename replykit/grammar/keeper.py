"""Keeps the LanguageTool server: starts and warms it, ends it when idle, says how it is.

A process of its own, `python -m replykit.grammar.keeper`, that `server.start` detaches. It holds
the lock of `state.py` for as long as it lives, and so does the server.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import replace
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import Any
from urllib.parse import urlencode

from replykit.grammar import LANGUAGES, state
from replykit.grammar.installation import JAVA, class_path, java
from replykit.grammar.state import State

START_LIMIT = 120.0  # seconds until it answers; on an idle machine it takes 3
_WARM_LIMIT = 120.0  # for the first check of a language: 5
_PAUSE = 0.2
_MOST_PORTS = 3
_ENDING = 5.0
# English, Swedish and German fit into 768 MB. The serial collector and the first compiler alone
# take less memory and start sooner, and are as fast on texts as short as a reply.
_OPTIONS = (
    "-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true",
)  # fmt: skip
# Faults of spelling and grammar, so that what knows of them is loaded as well.
_SAMPLE = "Thiss are a smal exampel. Detta är et litett exempel."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lock", type=int, required=True, help="the descriptor of the lock")
    parser.add_argument("--idle", type=float, required=True, help="seconds")
    parser.add_argument("languages", nargs="*", help="to warm, the first one first")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    languages = tuple(dict.fromkeys(item for item in given.languages if item in LANGUAGES))
    keeper = Keeper(State(os.getpid(), warming=languages, idle=given.idle), given.lock)
    try:
        keeper.start()
        keeper.warm()
        keeper.watch()
    except _Failed as failure:
        keeper.say(error=str(failure))
        return 1
    finally:
        keeper.stop()
        if not keeper.state.error:
            state.forget()
    return 0


class _Failed(Exception):
    """Why the server could not be started."""


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not cut the ending short
    sys.exit(0)


class Keeper:
    """The server's process and what is known of it."""

    def __init__(self, first: State, lock: int) -> None:
        self._lock = lock
        self._server: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._said: deque[str] = deque(maxlen=40)  # its last lines; none is kept on disk
        self.state = first
        state.touch()
        state.write(first)

    def say(self, **what: Any) -> None:
        """Tells all processes what is new."""
        self.state = replace(self.state, **what)
        state.write(self.state)

    def start(self) -> None:
        """Starts a server and waits until it answers; on another port where somebody took the
        free one meanwhile. Raises _Failed where it does not start."""
        for _ in range(_MOST_PORTS):
            port = _free_port()
            server = self._launch(port)
            self.say(java=server.pid)
            if _answers(server, port):
                self.say(port=port)
                return
            self.stop()
            text = " ".join(self._said)
            if "Address already in use" not in text:
                break
        if "UnsupportedClassVersionError" in text:
            raise _Failed(f"this Java is too old for LanguageTool; {JAVA}")
        cause = next((line for line in self._said if "rror" in line or "xception" in line), "")
        raise _Failed(f"LanguageTool did not start: {cause.strip()[:200] or 'it said nothing'}")

    def _launch(self, port: int) -> subprocess.Popen[str]:
        command = [
            java(), *_OPTIONS, "-cp", class_path(), "org.languagetool.server.HTTPServer",
            "--port", str(port),
        ]  # fmt: skip
        try:
            self._server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                pass_fds=(self._lock,),
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - no other thread runs yet
            )
        except OSError as error:
            raise _Failed(f"Java cannot be run ({error.strerror}); {JAVA}") from None
        self._said.clear()
        target, said = self._said.extend, (self._server.stdout,)
        self._reader = threading.Thread(target=target, args=said, daemon=True)
        self._reader.start()
        return self._server

    def warm(self) -> None:
        """A first check in each language, which is slow, before anybody waits for one."""
        for lang in self.state.warming:
            query = urlencode({"language": LANGUAGES[lang], "text": _SAMPLE})
            if self._lives():
                _answered(self.state.port, "/v2/check", query, _WARM_LIMIT)
                rest = tuple(item for item in self.state.warming if item != lang)
                self.say(warm=(*self.state.warm, lang), warming=rest)
        state.touch()

    def watch(self) -> None:
        """Returns when the server has died or nobody has used it for long."""
        while self._lives() and time.time() - state.last_use() < self.state.idle:
            time.sleep(_PAUSE)

    def _lives(self) -> bool:
        return self._server is not None and self._server.poll() is None

    def stop(self) -> None:
        """Ends the server."""
        if self._server is None:
            return
        self._server.terminate()
        try:
            self._server.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        if self._reader:
            self._reader.join(_ENDING)  # what it said last is why it ended


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _die_with_parent() -> None:
    """On Linux the server ends with its keeper, however that ends."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _answers(server: subprocess.Popen[str], port: int) -> bool:
    limit = time.monotonic() + START_LIMIT
    while server.poll() is None and time.monotonic() < limit:
        if _answered(port, "/v2/healthcheck"):
            return True
        time.sleep(_PAUSE / 2)
    return False


def _answered(port: int, path: str, body: str | None = None, limit: float = 2.0) -> bool:
    """Whether the server answers well; with a body, to a POST."""
    connection = HTTPConnection("127.0.0.1", port, timeout=limit)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("POST" if body else "GET", path, body, headers if body else {})
        answer = connection.getresponse()
        answer.read()
        return answer.status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
