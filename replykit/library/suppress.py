"""Suppressions in templates, `{# replykit: ignore TONE003 #}`: what each covers in a text.

One beside words covers its line, one on a line of its own the paragraph that follows. A template's
comments are gone when it is rendered, so each becomes a mark in the text, taken out at once.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from replykit.checking.choice import family

_COMMENT = re.compile(
    r"(?P<before>^[ \t]*)?\{#[-+]?\s*replykit:\s*ignore\b(?P<names>(?:(?!#\}).)*?)[-+]?#\}"
    r"(?P<after>[ \t]*(?:\n|\Z))?",
    re.MULTILINE | re.DOTALL,
)
_MEANT = re.compile(
    r"\{#[-+]?\s*replykit(?:\s*:|\s+(?:ignore|disable|off))(?:(?!#\}).)*#\}",
    re.DOTALL | re.IGNORECASE,
)
# Nobody who writes to a customer knows the number, so no message can hold a mark. Digits between
# signs of the private plane: no filter of a template changes them.
_KEY = f"{secrets.randbelow(10**12):012}"
_OPEN, _CLOSE = "\U000ff1c0", "\U000ff1c1"
_MARK = re.compile(rf"{_OPEN}{_KEY}(?P<number>\d+){_CLOSE}")
# A mark that a filter cut short goes too; a line keeps no blank where one stood at its end.
_TRACE = rf"{_OPEN}\d*+{_CLOSE}?"
_TRACES = re.compile(rf"(?:[ \t]*{_TRACE})+(?=[ \t]*(?:\n|\Z))|{_TRACE}")


@dataclass(frozen=True)
class Comment:
    """A suppression as a template says it: rules, file ("" is the response's own) and line, and
    whether it stands alone, so that it covers a paragraph."""

    names: tuple[str, ...]
    path: str
    line: int
    alone: bool


@dataclass(frozen=True)
class Suppression:
    """A comment, and the words of a rendered text that it covers."""

    comment: Comment
    text: str


def misspelt(source: str) -> Iterator[re.Match[str]]:
    """Comments that name ReplyKit and suppress nothing, for they are written otherwise or name no
    rule."""
    for match in _MEANT.finditer(source):
        comment = _COMMENT.fullmatch(match.group())
        if not comment or not comment["names"].strip(" ,\n\t"):
            yield match


class Placed(Protocol):
    """What a rule found, and where."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def mark(source: str, path: str, known: dict[Comment, int]) -> str:
    """A template's source with marks for its suppressions, which are added to `known`; the numbers
    of its lines stay."""

    def replaced(match: re.Match[str]) -> str:
        alone = match["before"] is not None and match["after"] is not None
        names = tuple(match["names"].replace(",", " ").split())
        line = source.count("\n", 0, match.start()) + 1
        number = known.setdefault(Comment(names, path, line, alone), len(known))
        lines = "\n" * match.group().count("\n")
        hidden = f"{{#{lines}#}}" if lines else ""
        around = ("", "") if alone else (match["before"] or "", match["after"] or "")
        if not alone and around[1].endswith("\n"):
            hidden = f"{{#{lines[1:]}#}}" if lines[1:] else ""
        return f"{around[0]}{_OPEN}{_KEY}{number}{_CLOSE}{hidden}{around[1]}"

    return _COMMENT.sub(replaced, source)


def take_out(text: str, known: dict[Comment, int]) -> tuple[str, list[Suppression]]:
    """A rendered text without marks, and what each of them covers."""
    if not known or _OPEN not in text:
        return text, []
    comments = list(known)
    found = []
    for match in _MARK.finditer(text):
        comment = comments[int(match["number"])]
        if comment.alone:
            covered = _TRACES.sub("", text[match.end() :]).lstrip()
            covered = re.split(r"\n[ \t]*\n", covered, maxsplit=1)[0]
        else:
            first = text.rfind("\n", 0, match.start()) + 1
            last = text.find("\n", match.end())
            covered = _TRACES.sub("", text[first : last if last >= 0 else len(text)])
        covered = re.sub(r"[ \t]+\n", "\n", covered).strip()
        found.append(Suppression(comment, covered))
    return _TRACES.sub("", text), found


def covering(
    finding: Placed, text: str, suppressions: Iterable[Suppression]
) -> Iterator[Suppression]:
    """The suppressions that leave a finding of a text out."""
    for item in suppressions:
        if named(finding.code, finding.name, item.comment.names) and _covers(item, finding, text):
            yield item


def named(code: str, name: str, names: Iterable[str]) -> bool:
    """Whether a rule is among names: by its code, its name or its family, or as all are."""
    return not {code, name, family(code), "all"}.isdisjoint(names)


def _covers(item: Suppression, finding: Placed, text: str) -> bool:
    start = text.find(item.text) if item.text else -1
    while start >= 0:
        end = start + len(item.text)
        if finding.start <= end and start <= finding.end:
            return True
        start = text.find(item.text, end)
    return False
