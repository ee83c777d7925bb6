"""Prints suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from replykit.masks import mask, masked
from replykit.printing.screen import Style, plain, printable, shortened

if TYPE_CHECKING:
    from replykit.ranking.explain import Explanation
    from replykit.suggest import Suggestion, Suggestions

_PREVIEW_LINES = 3
_BAR_CELLS = 10


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
        yield f"   like: “{shortened(printable(item.matched_example), 90)}”"
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
        yield style(f"   │ {shortened(line, 96)}", dim=True)


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
        text = shortened(printable(near.text), 70)
        yield f"    {near.meaning:5.2f} {near.words:5.2f}  {near.id}: “{text}”"
