"""Which rules are in force for a draft, and how grave: settings in general, by language, channel.

    [lint]
    ignore = ["STYLE004"]
    severity = {TONE005 = "error", LEN = "off"}
    [lint.lang.fi]
    severity = {FORM001 = "warning"}
    [lint.channel.chat]
    ignore = ["FORM001", "FORM002"]
    severity = {LEN001 = "error"}

What is ignored anywhere is ignored. A severity by channel wins over one by language, and that over
the general one; so does a `select`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from replykit.config import CHANNELS, SEVERITIES, Settings
from replykit.errors import ReplyKitError

FAMILIES = {
    "FILL": "what a template left behind",
    "FACT": "what the draft says against what is known",
    "PRIV": "what must not stand in public",
    "TONE": "how it sounds",
    "LEN": "how long it is",
    "FORM": "greeting, closing and layout",
    "LANG": "which language it is in",
    "GRAM": "grammar and spelling",
    "STYLE": "slips of typing and wording",
    "LINK": "links",
    "DATE": "dates",
    "ANSW": "whether it answers",
}
OFF = "off"
LEVELS = (*SEVERITIES, OFF)
_KEYS = ("select", "ignore", "severity")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?")


@dataclass(frozen=True)
class Choice:
    """The rules chosen for one language and channel; tables of severities, the nearest first."""

    select: frozenset[str]
    ignore: frozenset[str]
    severities: tuple[Mapping[str, str], ...]

    def severity(self, code: str, name: str) -> str | None:
        """The severity that was chosen for a rule, "" for the rule's own, None where it is out."""
        names = (code, name, family(code))
        if not self.ignore.isdisjoint((*names, "all")):
            return None
        if self.select and self.select.isdisjoint((*names, "all")):
            return None
        for table in self.severities:
            for key in names:
                if key in table:
                    return None if table[key] == OFF else table[key]
        return ""


def family(code: str) -> str:
    """The letters of a rule's code."""
    return code.rstrip("0123456789")


def choice(settings: Settings, lang: str, channel: str) -> Choice:
    """What the settings choose for a draft of a language and channel."""
    tables = [settings.lint_channel.get(channel, {}), settings.lint_lang.get(lang, {})]
    selects = [table["select"] for table in tables if table.get("select")]
    return Choice(
        frozenset([*selects, settings.lint_select][0]),
        frozenset(settings.lint_ignore).union(*(table.get("ignore", ()) for table in tables)),
        (*(table.get("severity", {}) for table in tables), settings.lint_severity),
    )


def selecting(settings: Settings, names: tuple[str, ...]) -> Settings:
    """The settings with these rules alone, whatever a channel or a language selects."""

    def without(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        return {
            name: {key: value for key, value in table.items() if key != "select"}
            for name, table in tables.items()
        }

    return replace(
        settings,
        lint_select=names,
        lint_channel=without(settings.lint_channel),
        lint_lang=without(settings.lint_lang),
    )


def rule_names(settings: Settings) -> list[tuple[str, str]]:
    """Every name of a rule that the settings hold, with the setting's place."""
    places: list[tuple[str, Any]] = [
        ("lint.select", settings.lint_select),
        ("lint.ignore", settings.lint_ignore),
        ("lint.severity", settings.lint_severity),
    ]
    for kind, tables in (("channel", settings.lint_channel), ("lang", settings.lint_lang)):
        for name, table in tables.items():
            places += [(f"lint.{kind}.{name}.{key}", table[key]) for key in _KEYS if key in table]
    return [(place, name) for place, names in places for name in names]


def check_tables(tables: Mapping[str, Any], kind: str, place: str) -> None:
    """Raises ReplyKitError where `lint.channel` or `lint.lang` is not as the module says."""
    for name, table in tables.items():
        here = f"{place}.{name}"
        if kind == "channel" and name not in CHANNELS:
            raise ReplyKitError(f"{here}: no channel {name!r}{_nearest(name, CHANNELS)}")
        if kind == "lang" and not _LANGUAGE.fullmatch(name):
            raise ReplyKitError(f"{here}: {name!r} is no language; write its tag, as fi or en")
        if not isinstance(table, dict):
            raise ReplyKitError(f'{here}: expected a table, as {{ignore = ["LEN001"]}}')
        for key, value in table.items():
            if key not in _KEYS:
                raise ReplyKitError(f"{here}: unknown key {key!r}{_nearest(key, _KEYS)}")
            if key == "severity":
                check_severities(value, f"{here}.{key}")
            elif not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise ReplyKitError(f'{here}.{key}: expected a list of texts, as ["LEN001"]')


def check_severities(table: Any, place: str) -> None:
    """Raises ReplyKitError for a table that is not one of rules and their severities."""
    if not isinstance(table, dict):
        raise ReplyKitError(f'{place}: expected a table, as {{TONE005 = "error"}}')
    for code, severity in table.items():
        if severity not in LEVELS:
            raise ReplyKitError(f"{place}.{code}: {severity!r} is none of {', '.join(LEVELS)}")


def _nearest(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]}?" if near else f"; known: {', '.join(known)}"
