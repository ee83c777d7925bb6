"""Prints results: text for people, JSON for programs (shapes in `schemas/`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from replykit.config import SEVERITIES
from replykit.draft import Draft
from replykit.linter import Finding, Metrics, NotRun, position
from replykit.suggest import Suggestion, Suggestions

_ESCAPES = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_PREVIEW_LINES = 3
_BAR_CELLS = 10

Style = Callable[..., str]


@dataclass(frozen=True)
class Checked:
    """A draft that was linted, or why it could not be."""

    path: str
    text: str = ""
    lang: str = ""
    channel: str = ""
    metrics: Metrics | None = None
    findings: tuple[Finding, ...] = ()
    error: str = ""


def printable(text: str) -> str:
    """The text without anything that a terminal would obey rather than show."""
    return _ESCAPES.sub("", text)


def plain(text: str, **_: Any) -> str:
    """A style that adds nothing."""
    return text


# suggest


def suggest_json(result: Suggestions) -> dict[str, Any]:
    """`replykit.suggest/1`."""
    return {
        "schema": "replykit.suggest/1",
        "decision": result.decision,
        "auto": result.auto,
        "message": {
            "lang": result.lang,
            "channel": result.channel,
            "kind": result.message.kind,
            "text": result.message.text,
            "details": result.details,
            "found": [asdict(item) for item in result.found],
        },
        "suggestions": [_suggestion_json(item) for item in result.items],
    }


def _suggestion_json(item: Suggestion) -> dict[str, Any]:
    return {
        "rank": item.rank,
        "id": item.id,
        "lang": item.lang,
        "title": item.title,
        "confidence": item.confidence,
        "matched_example": item.matched_example,
        "missing": list(item.missing),
        "ambiguous": item.ambiguous,
        "follow_up": list(item.follow_up),
    }


def suggest_text(result: Suggestions, style: Style = plain) -> str:
    """What an agent reads: the decision where it matters, then each suggestion."""
    lines: list[str] = []
    if result.decision == "skip":
        lines.append(f"This is {_KINDS.get(result.message.kind, 'machine mail')}; no reply needed.")
        lines += [f"  {reason}" for reason in result.message.reasons]
        return printable("\n".join(lines))
    if result.decision == "no_match":
        lines += [style("Nothing in the library answers this.", bold=True), ""]
        if result.items:
            lines += ["Nearest, if you want to look:", ""]
    for item in result.items:
        lines += [*_suggestion_lines(item, result, style), ""]
    return printable("\n".join(lines).rstrip()) if style is plain else "\n".join(lines).rstrip()


_KINDS = {
    "auto_reply": "an automatic reply",
    "bounce": "a bounce",
    "bulk": "bulk mail",
    "system": "a system's mail",
    "spam": "spam",
}


def _suggestion_lines(item: Suggestion, result: Suggestions, style: Style) -> Iterator[str]:
    filled = round(item.confidence * _BAR_CELLS)
    bar = "█" * filled + "░" * (_BAR_CELLS - filled)
    colour = "green" if item.confidence >= 0.7 else "yellow" if item.confidence >= 0.4 else "red"
    title = style(printable(item.title), bold=True)
    yield f"{item.rank}. {title}  {style(item.id, fg='cyan')}"
    yield f"   {style(bar, fg=colour)} {item.confidence:.0%}  {item.lang}"
    if item.matched_example:
        yield f"   like: “{_short(printable(item.matched_example), 90)}”"
    for name in item.missing:
        if name in item.ambiguous:
            values = printable(", ".join(item.ambiguous[name][:5]))
            yield style(f"   several values for {name}: {values}; choose: --set {name}=…", fg="yellow")
        else:
            yield style(f"   missing: {name}", fg="yellow")
    if item.rank == 1 and result.decision != "no_match":
        known = ", ".join(f"{name} {value}" for name, value in result.details.items())
        if known:
            yield f"   known: {printable(known)}"
        if item.follow_up:
            yield f"   next, often: {', '.join(item.follow_up)}"
    lines = [line for line in printable(item.preview).splitlines() if line.strip()]
    for line in lines[: _PREVIEW_LINES if item.rank == 1 else 1]:
        yield style(f"   │ {_short(line, 96)}", dim=True)


def _short(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1].rstrip() + "…"


# draft


def draft_json(draft: Draft, lint: dict[str, Any] | None) -> dict[str, Any]:
    """`replykit.draft/1`; `lint` is null with --no-lint."""
    return {
        "schema": "replykit.draft/1",
        "id": draft.id,
        "lang": draft.lang,
        "channel": draft.channel,
        "subject": draft.subject,
        "text": draft.text,
        "missing": [item.name for item in draft.missing],
        "details": {name: asdict(known) for name, known in draft.details.items()},
        "follow_up": list(draft.follow_up),
        "lint": lint,
    }


def missing_text(draft: Draft) -> str:
    """One line that names what is missing and how to give it."""
    parts = []
    for item in draft.missing:
        text = f"{item.name} ({item.description})" if item.description else item.name
        if item.name in draft.ambiguous:
            text += f", found several: {', '.join(draft.ambiguous[item.name][:5])}"
        parts.append(text)
    how = " ".join(f"--set {item.name}=…" for item in draft.missing)
    return printable(
        f"missing: {'; '.join(parts)}; give {how}, or use --ask or --partial".replace("\n", " ")
    )


# lint


def lint_json(checked: Sequence[Checked], not_run: Iterable[NotRun] = ()) -> dict[str, Any]:
    """`replykit.lint/1`. A file that could not be read has `error` and no findings."""
    return {
        "schema": "replykit.lint/1",
        "files": [_file_json(item) for item in checked],
        "summary": summary(checked),
        "not_run": [asdict(item) for item in not_run],
    }


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
    return {
        "path": item.path,
        "lang": item.lang,
        "channel": item.channel,
        "metrics": asdict(item.metrics) if item.metrics else {},
        "findings": [finding_json(finding, item.text) for finding in item.findings],
    }


def finding_json(finding: Finding, text: str) -> dict[str, Any]:
    """A finding with its place as line, column and offset."""

    def place(offset: int) -> dict[str, int]:
        line, column = position(text, offset)
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
    for item in checked:
        if item.error:
            continue
        for finding in item.findings:
            lines += [*_finding_lines(finding, item, style), ""]
    counts = [
        f"{count} {severity}{'s' if count != 1 else ''}"
        for severity, count in summary(checked).items()
        if count
    ]
    lines.append(", ".join(counts) if counts else style("no findings", fg="green"))
    return "\n".join(lines)


def _finding_lines(finding: Finding, item: Checked, style: Style) -> Iterator[str]:
    line, column = position(item.text, finding.start)
    severity = style(finding.severity, fg=_COLOURS[finding.severity], bold=True)
    message = printable(finding.message)
    yield f"{item.path}:{line}:{column}: {severity} {finding.code} {finding.name}: {message}"
    start = finding.start - column + 1
    shown = item.text[start:].partition("\n")[0]
    width = max(1, min(finding.end, start + len(shown)) - finding.start)
    # A long line is shown from a little before the words.
    left = max(0, column - 1 - 30) if len(shown) > 90 else 0
    marker = " " * (column - 1 - left) + "^" * min(width, 90 - (column - 1 - left))
    yield f"    {printable(shown[left : left + 90])}"
    yield f"    {style(marker, fg=_COLOURS[finding.severity])}"
    if finding.fix:
        kind = "fix" if finding.fix.safe else "fix (unsafe)"
        yield f"    {kind}: {printable(finding.fix.replacement) or '(remove)'}"


