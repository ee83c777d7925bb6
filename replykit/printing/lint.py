"""Prints what the checks of drafts found."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from replykit.checking.checked import Checked
from replykit.config import SEVERITIES
from replykit.linter import Finding, NotRun, line_starts, position
from replykit.masks import mask
from replykit.printing.screen import Style, plain, printable


def lint_json(checked: Sequence[Checked], not_run: Iterable[NotRun] = ()) -> dict[str, Any]:
    """`replykit.lint/1`. A file that could not be read has `error` and no findings."""
    return {
        "schema": "replykit.lint/1",
        "files": [_file_json(discreet(item)) for item in checked],
        "summary": summary(checked),
        "not_run": [asdict(item) for item in not_run],
    }


def discreet(item: Checked) -> Checked:
    """A draft with what is shown of it masked; what is to be written (`fixed`, `diff`) stays."""
    findings = tuple(
        replace(finding, text=mask(finding.text), message=mask(finding.message))
        for finding in item.findings
    )
    return replace(item, text=mask(item.text), findings=findings)


def summary(checked: Iterable[Checked]) -> dict[str, int]:
    """How many findings there are of each severity."""
    counts = dict.fromkeys(SEVERITIES, 0)
    for item in checked:
        for finding in item.findings:
            counts[finding.severity] += 1
    return counts


def _file_json(item: Checked) -> dict[str, Any]:
    if item.error:
        return {"path": item.path, "error": item.error, "findings": []}
    starts = line_starts(item.text)
    extra = {"diff": item.diff, "fixed": item.fixed}
    return {
        "path": item.path,
        "lang": item.lang,
        "channel": item.channel,
        "metrics": asdict(item.metrics) if item.metrics else {},
        "findings": [finding_json(finding, starts) for finding in item.findings],
    } | {name: text for name, text in extra.items() if text is not None}


def finding_json(finding: Finding, starts: Sequence[int]) -> dict[str, Any]:
    """A finding with its place as line, column and offset; `starts` are those of lines."""

    def place(offset: int) -> dict[str, int]:
        line, column = position(starts, offset)
        return {"line": line, "column": column, "offset": offset}

    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "message": finding.message,
        "text": finding.text,
        "start": place(finding.start),
        "end": place(finding.end),
        "fix": asdict(finding.fix) if finding.fix else None,
    }


_COLOURS = {"error": "red", "warning": "yellow", "suggestion": "blue"}


def lint_text(checked: Sequence[Checked], style: Style = plain) -> str:
    """Each finding: its place, its line with the words underlined, the reason and the fix."""
    lines: list[str] = []
    for item in map(discreet, checked):
        starts = line_starts(item.text)
        for finding in item.findings:
            lines += [*_finding_lines(finding, item, starts, style), ""]
    counts = [
        f"{count} {severity}{'s' if count != 1 else ''}"
        for severity, count in summary(checked).items()
        if count
    ]
    if counts:
        lines.append(", ".join(counts))
    elif not all(item.error for item in checked):
        lines.append(style("no findings", fg="green"))
    return "\n".join(lines)


def _finding_lines(
    finding: Finding, item: Checked, starts: Sequence[int], style: Style
) -> Iterator[str]:
    line, column = position(starts, finding.start)
    severity = style(finding.severity, fg=_COLOURS[finding.severity], bold=True)
    place = f"{printable(item.path)}:{line}:{column}"
    yield f"{place}: {severity} {finding.code} {finding.name}: {_shown(finding.message)}"
    yield from _underlined(finding, item.text, starts[line - 1], style)
    if finding.fix:
        kind = "fix" if finding.fix.safe else "fix (unsafe)"
        replacement = finding.fix.replacement
        yield f"    {kind}: {_BLANK_FIXES.get(replacement) or _shown(replacement)}"


_BLANK_FIXES = {"": "(remove)", " ": "(one space)"}
# A long line is shown from a little before the words.
_LINE_WIDTH, _LEAD = 90, 30


def _underlined(finding: Finding, text: str, line_start: int, style: Style) -> Iterator[str]:
    """The finding's first line and, below it, a mark under its words."""
    line_end = text.find("\n", line_start)
    line_end = len(text) if line_end < 0 else line_end
    left = line_start
    if line_end - line_start > _LINE_WIDTH:
        left = max(line_start, finding.start - _LEAD)
    right = min(line_end, left + _LINE_WIDTH)
    before = _shown(text[left : finding.start])
    words = _shown(text[finding.start : min(finding.end, right)])
    after = _shown(text[min(finding.end, right) : right])
    marks = "^" * max(1, _cells(words))
    yield f"    {before}{words}{after}"
    yield f"    {' ' * _cells(before)}{style(marks, fg=_COLOURS[finding.severity])}"


def _shown(text: str) -> str:
    """Text as one line of a terminal."""
    return printable(text.replace("\t", " ").replace("\n", " "))


def _cells(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.category(character) in ("Mn", "Me", "Cf")
        else 2 if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )  # fmt: skip


def diff_text(text: str, fixed: str, name: str) -> str:
    """What fixes would change, as a unified diff; for eyes, so without control characters."""
    lines = difflib.unified_diff(
        [printable(line) for line in text.split("\n")],
        [printable(line) for line in fixed.split("\n")],
        printable(name),
        printable(name),
        lineterm="",
    )
    return "\n".join(lines)
