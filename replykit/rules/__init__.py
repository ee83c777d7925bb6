"""What a rule is, and the list of all rules: one module a family, plus the lexicons' entries."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from replykit.choice import family
from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    from replykit.linter import Draft, Fix


@dataclass(frozen=True)
class Hit:
    """Where a rule fires; its own message, severity or fix where the rule's does not serve."""

    start: int
    end: int
    message: str = ""
    fix: Fix | None = None
    severity: str = ""


@dataclass(frozen=True)
class Example:
    """A draft that a rule must fire on (bad) or keep silent on (good): the rule's own tests."""

    lang: str
    text: str
    channel: str = "email"
    message: str = ""
    sender: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """One rule: what it is called, how grave it is, why it exists, how it finds, and for which
    languages it must have examples."""

    code: str
    name: str
    severity: str
    message: str
    explanation: str
    check: Callable[[Draft], Iterator[Hit]]
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    source: str = ""
    langs: tuple[str, ...] = ("en", "fi")
    needs_model: bool = False


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, by code. A module of this package lists its own in `RULES`."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(__path__):
        for rule in importlib.import_module(f"{__name__}.{module.name}").RULES:
            if rule.code in found:
                raise ValueError(f"two rules have the code {rule.code}")
            found[rule.code] = rule
    return tuple(sorted(found.values(), key=lambda rule: rule.code))


def find_rule(name: str) -> Rule:
    """The rule of a code or name. Raises ReplyKitError for an unknown one."""
    for rule in rules():
        if name.upper() == rule.code or name.lower() == rule.name:
            return rule
    raise ReplyKitError(f"no rule {name!r}; replykit rules lists them")


def known_rules(names: Iterable[str], place: str = "") -> None:
    """Raises ReplyKitError, led by the place, where a name is neither a rule's code or name nor a
    family."""
    known = _names()
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else "; replykit rules lists them"
            where = f"{place}: " if place else ""
            raise ReplyKitError(f"{where}no rule or family {name!r}{hint}")


@cache
def _names() -> frozenset[str]:
    """All by which rules are chosen."""
    own = {name for rule in rules() for name in (rule.code, rule.name, family(rule.code))}
    return frozenset(own | {"all"})
