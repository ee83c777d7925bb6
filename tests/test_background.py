"""Calls beside the caller's own work: their results, their faults, their limits."""

from __future__ import annotations

import threading

import pytest

from replykit.background import Background
from replykit.errors import ReplyKitError


def test_the_result_is_waited_for() -> None:
    may_end = threading.Event()
    begun = Background(lambda: may_end.wait(60))
    may_end.set()
    assert begun.result() is True


def test_a_fault_is_raised_where_the_result_is_wanted() -> None:
    def fails() -> None:
        raise ReplyKitError("no such model")

    begun = Background(fails)
    with pytest.raises(ReplyKitError, match="no such model"):
        begun.result()


def test_what_takes_longer_than_the_limit_is_no_result() -> None:
    never = threading.Event()
    with pytest.raises(TimeoutError):
        Background(never.wait).result(0.01)
    never.set()
