"""Formats of lint's findings that other tools read: one module each, found by its name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence

from replykit.checking.checked import Checked
from replykit.printing.lint import discreet
from replykit.rules import Rule


def names() -> tuple[str, ...]:
    """The formats that there are, in the order of the alphabet."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def render(name: str, checked: Sequence[Checked], rules: Sequence[Rule]) -> str:
    """The findings of checked texts in a format of `names`, without a line end; `rules` are all
    that may have fired, for formats that describe them."""
    module = importlib.import_module(f"{__name__}.{name}")
    text: str = module.render([discreet(item) for item in checked], rules)
    return text
