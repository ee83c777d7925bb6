"""Keeps compiled regular expressions in the user's cache: a call compiles for longer than it works.

Python compiles a pattern each time that a program starts, in Python, and the patterns of lint take
half of a call. What comes of it is a list of numbers, which is kept here and given to the same
engine, which checks it. Only patterns that ReplyKit itself brings belong here, never one that is
made of what a customer or an agent writes.
"""

from __future__ import annotations

import atexit
import marshal
import re
import sys
from array import array
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from replykit.errors import ReplyKitError
from replykit.paths import cache_folder, write_bytes

_MOST = 4000  # patterns; a file with more holds those of older versions too, and is begun anew
_Parts = tuple[Any, ...]  # flags, code, groups, the names' groups, the groups' names


def prepared(source: str, flags: int = 0) -> re.Pattern[str]:
    """The same as `re.compile`, from the cache where it has been compiled before."""
    key = source, int(flags)
    try:
        return _pattern(source, *kept(key, lambda: _parts(*key)))
    except Exception:  # a faulty pattern or cache, or a Python whose `re` is made otherwise
        return re.compile(source, flags)


def kept(key: tuple[Any, ...], make: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
    """What was made of a pattern before, else what is made now; numbers, texts and sets of them."""
    if key not in _kept():
        _kept()[key] = _new()[key] = make()
    return _kept()[key]


def _parts(source: str, flags: int) -> _Parts:
    """What `re.compile` gives to the engine."""
    compiler: Any = import_module("re._compiler")
    parsed = import_module("re._parser").parse(source, flags)
    groups, state = parsed.state.groupdict, parsed.state
    names: list[str | None] = [None] * state.groups
    for name, number in groups.items():
        names[number] = name
    code = array("I", compiler._code(parsed, flags)).tobytes()
    return flags | state.flags, code, state.groups - 1, dict(groups), tuple(names)


def _pattern(
    source: str,
    flags: int,
    code: bytes,
    groups: int,
    numbers: dict[str, int],
    names: tuple[str | None, ...],
) -> re.Pattern[str]:
    engine: Any = import_module("_sre")
    made = engine.compile(source, flags, array("I", code).tolist(), groups, numbers, names)
    return cast("re.Pattern[str]", made)


@cache
def _path() -> Path:
    """The file of this Python's patterns, for another one may number them otherwise."""
    version = f"{sys.implementation.cache_tag}-{import_module('_sre').MAGIC}-{sys.byteorder}"
    return cache_folder() / f"patterns-{version}.marshal"


@cache
def _kept() -> dict[tuple[Any, ...], _Parts]:
    with suppress(OSError, ReplyKitError, ValueError, EOFError, TypeError):
        return dict(marshal.loads(_path().read_bytes()))
    return {}


@cache
def _new() -> dict[tuple[Any, ...], _Parts]:
    """What this process has compiled itself; it is kept at the end."""
    found: dict[tuple[Any, ...], _Parts] = {}
    atexit.register(_keep, found)
    return found


def _keep(found: dict[tuple[Any, ...], _Parts]) -> None:
    """Writes the file anew; a cache that cannot be written costs time, and nothing else."""
    with suppress(OSError, ReplyKitError):
        every = _kept() if len(_kept()) <= _MOST else found
        write_bytes(_path(), marshal.dumps(every), private=True)
