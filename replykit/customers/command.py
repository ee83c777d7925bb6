"""Finds a customer's record by a command that prints it as JSON."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from replykit.customers.files import load_json
from replykit.customers.record import PARAMETERS, Sought, named, of_address
from replykit.customers.source import Command
from replykit.errors import ReplyKitError

_MOST_BYTES = 1_000_000
_MOST_CHARACTERS = 320  # of an address, by RFC 3696; no name is longer
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")
_PLACEHOLDER = re.compile("|".join(rf"\{{{name}\}}" for name in PARAMETERS))


def find_by_command(source: Command, sought: Sought, folder: Path) -> list[dict[str, str]]:
    """The records that the command prints for a customer; it runs in `folder`, without a shell.

    `{}`, `[]`, `null` and nothing mean that there is none. Raises ReplyKitError, without the
    command's arguments and without what it wrote to standard error, where it fails.
    """
    arguments = _arguments(source.arguments, sought)
    if arguments is None:
        return []
    output = _output(source, arguments, folder)
    try:
        text = output.decode("utf-8-sig")
        data = load_json(text) if text.strip() else None
    except (ValueError, RecursionError) as error:
        what = "JSON" if isinstance(error, json.JSONDecodeError | RecursionError) else "UTF-8"
        raise ReplyKitError(f"{source}: its output is not valid {what}") from None
    if data is None or data in ({}, []):
        return []
    if isinstance(data, dict):
        return [named(data)]
    if isinstance(data, list) and all(isinstance(row, dict) for row in data):
        rows = [named(row) for row in data]
        # Of several that a search gives, some may be near misses; one alone may be known to the
        # CRM by another address.
        searchable = len(rows) > 1 and any("email" in row for row in rows)
        return of_address(rows, sought.email) if searchable else rows
    raise ReplyKitError(f"{source}: expected a record as a JSON object, or a list of such")


def _arguments(arguments: tuple[str, ...], sought: Sought) -> list[str] | None:
    """The command for one customer; None where it would name nobody, or name what a program
    could take for something else than a value."""
    filled = [arguments[0]]
    for argument in arguments[1:]:
        for mark in _PLACEHOLDER.findall(argument):
            if not _is_harmless(mark[1:-1], getattr(sought, mark[1:-1])):
                return None
        filled.append(_PLACEHOLDER.sub(lambda mark: getattr(sought, mark[0][1:-1]), argument))
    return filled


def _is_harmless(name: str, value: str) -> bool:
    """Whether a value can be passed: `-x` could be an option, and `@x` a file to read."""
    if not value.strip() or value[0] in "-@" or len(value) > _MOST_CHARACTERS:
        return False
    return value.isprintable() and (name != "email" or bool(_ADDRESS.fullmatch(value)))


def _output(source: Command, arguments: list[str], folder: Path) -> bytes:
    """What the command prints, if it ends well and in time."""
    end = time.monotonic() + source.timeout
    try:
        process = subprocess.Popen(
            arguments,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except FileNotFoundError:
        raise ReplyKitError(f"{source}: there is no such command") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "bad arguments"
        raise ReplyKitError(f"{source}: cannot be run ({reason})") from None
    assert process.stdout is not None
    try:
        output = _read(process.stdout, end)
        if len(output) > _MOST_BYTES:
            raise ReplyKitError(f"{source}: it prints more than {_MOST_BYTES:,} bytes")
        code = process.wait(max(0.0, end - time.monotonic()))
    except (TimeoutError, subprocess.TimeoutExpired):
        _kill(process)
        raise ReplyKitError(f"{source}: no answer within {source.timeout:g} s") from None
    except BaseException:
        _kill(process)
        raise
    if code != 0:
        how = f"it ended with code {code}" if code > 0 else f"it was killed by signal {-code}"
        raise ReplyKitError(f"{source}: {how}")
    return output


def _read(stream: IO[bytes], end: float) -> bytes:
    """The output up to a byte more than is allowed. Raises TimeoutError.

    A thread reads, for a pipe cannot be waited for everywhere; it ends with the processes.
    """
    found: list[bytes] = []

    def work() -> None:
        with stream:
            found.append(stream.read(_MOST_BYTES + 1))

    thread = threading.Thread(target=work, name="replykit-command", daemon=True)
    thread.start()
    thread.join(max(0.0, end - time.monotonic()))
    if not found:
        raise TimeoutError
    return found[0]


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Ends the command and what it has started."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
