"""Where customers' records are, as the setting says it: a file, a database, or a command."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from replykit.customers.record import PARAMETERS
from replykit.errors import ReplyKitError

_SECONDS = 5.0
_MOST_SECONDS = 60.0
# What in SQL is no keyword and no parameter: texts, quoted names, comments.
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL)
_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_WRITES = re.compile(r"\b(?:insert|update|delete|merge|into)\b", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """A file of records; its path may be relative to the settings' file."""

    path: str

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class Database:
    """A table of records behind an SQLAlchemy URL, and the one SELECT that is asked of it."""

    url: str = field(repr=False)
    query: str
    timeout: float = _SECONDS

    @property
    def parameters(self) -> frozenset[str]:
        return frozenset(_PARAMETER.findall(_QUOTED.sub(" ", self.query)))

    @property
    def statement(self) -> str:
        """The query as SQLAlchemy reads it: no comments, and a colon in a text is no parameter."""
        return _QUOTED.sub(
            lambda part: " " if part[0][0] in "-/" else part[0].replace(":", r"\:"), self.query
        )

    def __str__(self) -> str:
        """The kind of database alone: all else in a URL may be a secret."""
        kind, colon, _ = self.url.partition("://")
        return f"{kind}://…" if colon else "database"


@dataclass(frozen=True)
class Command:
    """A program that prints a record as JSON."""

    arguments: tuple[str, ...] = field(repr=False)
    timeout: float = _SECONDS

    def __str__(self) -> str:
        """The program alone: its arguments may hold a secret."""
        return self.arguments[0]


Source = File | Database | Command


def parse_source(value: str | Mapping[str, Any], place: str) -> Source:
    """The setting's value as a source. Raises ReplyKitError for what makes no sense."""
    if isinstance(value, str):
        if "://" in value:
            raise ReplyKitError(
                f'{place}: a database needs a query too: {{url = "…", query = "SELECT …"}}'
            )
        return File(value)
    keys = ("url", "query", "timeout") if "url" in value else ("command", "timeout")
    for key in value:
        if key not in keys:
            near = difflib.get_close_matches(key, ("url", "query", "command", "timeout"), 1)
            hint = f"did you mean {near[0]}?" if near and near[0] in keys else ""
            raise ReplyKitError(
                f"{place}: {key!r} is unknown; {hint or 'a table has url and query, or command'}"
            )
    timeout = _timeout(value.get("timeout", _SECONDS), place)
    if "url" in value:
        return _database(value, timeout, place)
    if "command" in value:
        return _command(value["command"], timeout, place)
    raise ReplyKitError(f"{place}: a table has url and query, or command")


def _timeout(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ReplyKitError(f"{place}.timeout: expected a number of seconds")
    if not 0 < value <= _MOST_SECONDS:
        raise ReplyKitError(f"{place}.timeout: {value} is not between 0 and {_MOST_SECONDS:g}")
    return float(value)


def _database(value: Mapping[str, Any], timeout: float, place: str) -> Database:
    url, query = value["url"], value.get("query")
    if not isinstance(url, str) or not ("://" in url or url.startswith("${")):
        raise ReplyKitError(f'{place}.url: expected a URL, as "sqlite:///crm.db" or "${{CRM_URL}}"')
    if not isinstance(query, str) or not query.strip():
        raise ReplyKitError(f"{place}.query: expected a SELECT with :email")
    bare = _QUOTED.sub(" ", query).strip().rstrip(";").strip()
    if ";" in bare or not re.match(r"(?:select|with)\b", bare, re.IGNORECASE):
        raise ReplyKitError(f"{place}.query: expected one SELECT and nothing else")
    if word := _WRITES.search(bare):
        raise ReplyKitError(
            f"{place}.query: a SELECT that only reads has no {word[0]}; "
            "put double quotes around it where it is a name"
        )
    database = Database(url, query.strip().rstrip(";"), timeout)
    unknown = database.parameters - set(PARAMETERS)
    if unknown or not database.parameters:
        wrong = f"there is no :{min(unknown)}" if unknown else "it names nobody"
        raise ReplyKitError(f"{place}.query: {wrong}; known are {_listed(':{}')}")
    return database


def _command(value: Any, timeout: float, place: str) -> Command:
    texts = isinstance(value, list) and all(isinstance(part, str) for part in value)
    if not texts or not value or not value[0].strip():
        raise ReplyKitError(f'{place}.command: expected a list, as ["crm", "show", "{{email}}"]')
    known = ["{" + name + "}" for name in PARAMETERS]
    if not any(mark in part for part in value[1:] for mark in known):
        raise ReplyKitError(
            f"{place}.command: it names nobody; known after its first word are {_listed('{{{}}}')}"
        )
    return Command(tuple(value), timeout)


def _listed(form: str) -> str:
    return ", ".join(form.format(name) for name in PARAMETERS)
