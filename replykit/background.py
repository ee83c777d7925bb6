"""Runs a call beside the caller's own work, in a thread that no exit waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Background(Generic[T]):
    """A call that has begun; what it raises is raised where its result is wanted."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._results: list[T] = []
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._results.append(self._call())
        except BaseException as error:
            self._fault = error

    def result(self, limit: float | None = None) -> T:
        """What the call returned. Raises TimeoutError where it takes longer than the limit."""
        self._thread.join(limit)
        if self._fault is not None:
            raise self._fault
        if not self._results:
            raise TimeoutError
        return self._results[0]
