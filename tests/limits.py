"""Stops what runs on and on: a limit that linear work stays far below on any machine. No measure of
speed, for which there are benchmarks."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_LIMIT = 20.0  # seconds of CPU time


@contextmanager
def bounded(seconds: float = _LIMIT) -> Iterator[None]:
    """Raises TimeoutError in what takes more CPU time; patterns let signals through."""

    def stop(*_: Any) -> None:
        raise TimeoutError(f"took more than {seconds} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
