"""Finds what is known: the library's details in a message, and values given by other sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from replykit.errors import ReplyKitError

# A pattern that needs longer than this on one text is taken to find nothing.
_SECONDS = 0.1
_MAX_CHARACTERS = 50_000


@dataclass(frozen=True)
class Found:
    """A detail in a text: its value, its place (code points), and how sure it is (0 to 1)."""

    name: str
    value: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class Known:
    """A detail's value and where it comes from: default, customer, message, set, asked."""

    value: str
    source: str


def find(name: str, pattern: str, text: str) -> list[Found]:
    """All matches of a detail's pattern that are whole tokens of the text.

    A match's value is its first group if the pattern has one. Digits joined by `-`, `.`, `,`,
    `/` or `@` are one token, so that no part of a date or a phone number is an order number.
    """
    import regex

    try:
        matches = list(_whole(pattern).finditer(text[:_MAX_CHARACTERS], timeout=_SECONDS))
    except (TimeoutError, regex.error):
        return []
    found = []
    for match in matches:
        group = 1 if match.re.groups and match.group(1) is not None else 0
        if match.group(group):
            start, end = match.span(group)
            found.append((match.group(group), start, end))
    sure = 0.97 if len({value for value, _, _ in found}) == 1 else 0.5
    return [Found(name, value, start, end, sure) for value, start, end in found]


def unambiguous(found: Iterable[Found]) -> dict[str, str]:
    """The value of each detail that was found with one value only."""
    values: dict[str, set[str]] = {}
    for item in found:
        values.setdefault(item.name, set()).add(item.value)
    return {name: next(iter(seen)) for name, seen in values.items() if len(seen) == 1}


def fits(pattern: str, value: str) -> bool:
    """Whether a value that somebody gave is one that the pattern allows.

    The whole pattern may match, or its first group alone (the value without its context).
    """
    import regex

    if not pattern:
        return True
    parts = [pattern, *_first_group(pattern)]
    for part in parts:
        try:
            if regex.compile(part).fullmatch(value, timeout=_SECONDS):
                return True
        except (TimeoutError, regex.error):
            continue
    return False


def ambiguous(found: Iterable[Found]) -> dict[str, list[str]]:
    """The values of each detail that was found with several."""
    values: dict[str, list[str]] = {}
    for item in found:
        seen = values.setdefault(item.name, [])
        if item.value not in seen:
            seen.append(item.value)
    return {name: seen for name, seen in values.items() if len(seen) > 1}


def parse_set(pairs: Iterable[str]) -> dict[str, str]:
    """`key=value` texts as a mapping. Raises ReplyKitError for one without `=` or a name."""
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise ReplyKitError(f"--set {pair}: write it as name=value")
        values[name.strip()] = value.strip()
    return values


def as_texts(record: Mapping[str, Any]) -> dict[str, str]:
    """A customer record's plain fields as texts; nested ones are left out."""
    return {
        str(key): "" if value is None else str(value)
        for key, value in record.items()
        if not isinstance(value, (dict, list))
    }


@lru_cache(maxsize=1000)
def _whole(pattern: str) -> Any:
    import regex

    return regex.compile(
        rf"(?<!\w)(?<!\d[-.,/@])(?:{pattern})(?!\w)(?![-.,/@:]\d)(?!@)"
    )


def _first_group(pattern: str) -> list[str]:
    """The source of a pattern's first capturing group, as a list of none or one."""
    depth, start, escaped, in_class = 0, -1, False, False
    for place, character in enumerate(pattern):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(":
            depth += 1
            named = pattern[place + 1 : place + 3] in ("?P", "?<")
            if start < 0 and (pattern[place + 1 : place + 2] != "?" or named):
                start, level = place, depth
        elif character == ")":
            if start >= 0 and depth == level:
                return [pattern[start : place + 1]]
            depth -= 1
    return []
