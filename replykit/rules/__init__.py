"""What a rule is, and the list of all rules: one module a family, plus the lexicons' entries."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from replykit.checking.choice import family, rule_names
from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    from replykit.config import Settings
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
    reply: str = ""


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


_LISTED = "replykit rules lists them"


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


def rules_for(settings: Settings) -> tuple[Rule, ...]:
    """All rules, and those of the library's own lexicons. Raises ReplyKitError for their faults."""
    from replykit.library.house import house_rules

    own = house_rules(settings)
    return tuple(sorted((*rules(), *own), key=lambda rule: rule.code)) if own else rules()


def find_rule(name: str, among: Sequence[Rule] = ()) -> Rule:
    """The rule of a code or name, of all or of these. Raises ReplyKitError for an unknown one."""
    for rule in among or rules():
        if name.upper() == rule.code or name.lower() == rule.name:
            return rule
    near = _nearest(name, _names(among or rules()))
    raise ReplyKitError(f"no rule {name!r}; " + (f"did you mean {near[0]}?" if near else _LISTED))


def find_rules(name: str, among: Sequence[Rule]) -> list[Rule]:
    """The rule of a code or name, or those of a family. Raises ReplyKitError for an unknown one."""
    own = [rule for rule in among if family(rule.code) == name.upper()]
    return own or [find_rule(name, among)]


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    """The name that was meant, where one is near: first that which differs in capitals alone."""
    names = sorted(known)
    same = [other for other in names if other.casefold() == name.casefold()]
    return same or difflib.get_close_matches(name, names, 1)


def known_rules(names: Iterable[str], among: Sequence[Rule] = (), place: str = "") -> None:
    """Raises ReplyKitError, led by the place, where a name is neither a rule's code or name nor a
    family."""
    known: frozenset[str] = frozenset()
    for name in names:
        known = known or _names(among or rules())
        if name not in known:
            near = _nearest(name, known)
            hint = f"; did you mean {near[0]}?" if near else f"; {_LISTED}"
            where = f"{place}: " if place else ""
            raise ReplyKitError(f"{where}no rule or family {name!r}{hint}")


def check_choice(settings: Settings) -> tuple[Rule, ...]:
    """All rules of the settings' library. Raises ReplyKitError where the settings name another."""
    found = rules_for(settings)
    for place, name in rule_names(settings):
        known_rules([name], found, place)
    return found


def _names(among: Sequence[Rule]) -> frozenset[str]:
    """All by which rules are chosen."""
    own = {name for rule in among for name in (rule.code, rule.name, family(rule.code))}
    return frozenset(own | {"all"})
