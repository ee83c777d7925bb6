"""Prints results: text for people, JSON for programs (shapes in `schemas/`)."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from replykit.config import SEVERITIES
from replykit.linter import Finding, Metrics, NotRun, line_starts, position
from replykit.masks import mask, masked
from replykit.patterns import prepared

if TYPE_CHECKING:
    from replykit.draft import Draft
    from replykit.ranking.explain import Explanation
    from replykit.ranking.fitting import Outcome
    from replykit.ranking.trial import Comparison
    from replykit.suggest import Suggestion, Suggestions

_ESCAPES = prepared(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_PREVIEW_LINES = 3
_BAR_CELLS = 10

Style = Callable[..., str]


@dataclass(frozen=True)
class Checked:
    """A draft that was linted, or why it could not be.

    `diff` is what fixes would change, `fixed` the text that has nowhere to be written to; None
    where nobody asked.
    """

    path: str
    text: str = ""
    lang: str = ""
    channel: str = ""
    metrics: Metrics | None = None
    findings: tuple[Finding, ...] = ()
    error: str = ""
    diff: str | None = None
    fixed: str | None = None


def printable(text: str) -> str:
    """The text without anything that a terminal would obey rather than show."""
    return _ESCAPES.sub("", text)


def plain(text: str, **_: Any) -> str:
    """A style that adds nothing."""
    return text


# suggest


def suggest_json(result: Suggestions) -> dict[str, Any]:
    """`replykit.suggest/1`."""
    value = {
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
    } | ({"explanation": asdict(result.explanation)} if result.explanation else {})
    return {name: masked(item) for name, item in value.items()}


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
    if result.promised is not None:
        who = "May go without a person" if result.auto else "A person should read this"
        lines += [f"{who} (--auto {result.promised:g}).", ""]
    if result.explanation:
        lines += _explanation_lines(result.explanation)
    text = mask("\n".join(lines).rstrip())
    return printable(text) if style is plain else text


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
            yield style(
                f"   several values for {name}: {values}; choose: --set {name}=…", fg="yellow"
            )
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


def _explanation_lines(why: Explanation) -> Iterator[str]:
    """Why the first is first: a table of shares, the near misses, the nearest texts."""
    views = list(next(iter(why.parts.values())))
    yield f"{'Why':<32}" + "".join(f"{view:>10}" for view in (*views, "together"))
    for id, parts in why.parts.items():
        total = sum(parts.values())
        yield f"  {id:<30}" + "".join(f"{parts[view]:>10.2f}" for view in views) + f"{total:>10.2f}"
    yield ""
    first = next(iter(why.parts))
    others = [f"{view} alone would name {id}" for view, id in why.alone.items() if id != first]
    if why.runner_up:
        others.insert(0, f"one against one, it leads {why.runner_up} by {why.lead:.2f}")
    if others:
        yield f"  {'; '.join(others)}"
    yield "  nearest texts (meaning, words):"
    for near in why.neighbours:
        text = _short(printable(near.text), 70)
        yield f"    {near.meaning:5.2f} {near.words:5.2f}  {near.id}: “{text}”"


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
        "details": masked({name: asdict(known) for name, known in draft.details.items()}),
        "follow_up": list(draft.follow_up),
        "lint": lint,
    } | ({"asking": True} if draft.asking else {})


def asked_for(draft: Draft) -> str:
    """What the draft asks the customer for, in the words of the library."""
    return ", ".join(item.description or item.name for item in draft.missing)


def missing_text(draft: Draft, has_message: bool = False) -> str:
    """One line that names what is missing and how to get it; who wrote can be asked."""
    parts = []
    for item in draft.missing:
        text = f"{item.name} ({item.description})" if item.description else item.name
        if item.name in draft.ambiguous:
            text += f", found several: {', '.join(draft.ambiguous[item.name][:5])}"
        parts.append(text)
    how = " ".join(f"--set {item.name}=…" for item in draft.missing)
    ways = "--ask, --ask-customer or --partial" if has_message else "--ask or --partial"
    text = f"missing: {'; '.join(parts)}; give {how}, or use {ways}"
    return printable(mask(text.replace("\n", " ")))


# lint


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


# train


def training_json(outcome: Outcome) -> dict[str, Any]:
    """`replykit.train/1`."""
    found = outcome.comparison
    shares = None
    if found:
        shares = {
            "messages": found.messages,
            "before": _hits(found.before, found.messages),
            "after": _hits(found.after, found.messages),
            "gained": found.gained,
            "lost": found.lost,
            "p": found.p,
            "won": found.won,
        }
    written = None if outcome.written is None else str(outcome.written)
    return {"schema": "replykit.train/1", "comparison": shares, "written": written}


def _hits(right: tuple[int, int], messages: int) -> dict[str, float]:
    return {f"hit_{place}": round(n / messages, 4) for place, n in zip((1, 3), right, strict=True)}


def comparison(found: Comparison) -> str:
    """A table of held-out messages before and after."""
    lines = [f"{f'of {found.messages} held-out messages':<30}{'before':>8}{'after':>8}"]
    names = ("right reply first", "right reply among three")
    for name, old, new in zip(names, found.before, found.after, strict=True):
        lines.append(f"{name:<30}{old / found.messages:>8.1%}{new / found.messages:>8.1%}")
    return "\n".join(lines)
