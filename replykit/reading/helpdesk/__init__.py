"""Helpdesks' tickets and webhooks: one module a system, found by being here."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from replykit.reading.ticket import Ticket

Reader = Callable[[dict[str, Any]], Ticket | None]


@cache
def systems() -> dict[str, Reader]:
    """The readers of all systems by their modules' names; each knows its own shapes alone."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").read for name in names}


def find(record: dict[str, Any]) -> Ticket | None:
    """The ticket in a JSON object of any system, or None where no system has such a shape."""
    for read in systems().values():
        ticket = read(record)
        if ticket is not None:
            return ticket
    return None
