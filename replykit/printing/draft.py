"""Prints a draft, and what it lacks."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from replykit.masks import mask, masked
from replykit.printing.screen import printable

if TYPE_CHECKING:
    from replykit.draft import Draft


def draft_json(draft: Draft, lint: dict[str, Any] | None) -> dict[str, Any]:
    """`replykit.draft/1`; `lint` is null with --no-lint."""
    return {
        "schema": "replykit.draft/1",
        "id": draft.id,
        "lang": draft.lang,
        "channel": draft.channel,
        "subject": mask(draft.subject),
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
