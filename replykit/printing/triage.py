"""Prints what a triage found: JSON for programs, a few lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from replykit.masks import mask, masked
from replykit.printing.screen import Style, plain, printable
from replykit.triage import Triage

_KINDS = {
    "customer": "a customer's message",
    "auto_reply": "an automatic reply",
    "bounce": "a bounce",
    "bulk": "bulk mail",
    "system": "a system's mail",
    "spam": "spam",
}
_ROUTES = {
    "answer": "answer it",
    "ask_details": "ask for details",
    "escalate": "pass it on to a person in charge",
    "ignore": "no reply needed",
}


def triage_json(result: Triage, extra: Mapping[str, Any]) -> dict[str, Any]:
    """`replykit.triage/1`; `extra` holds the message's `path` or `id`."""
    message = result.message
    matters, questions = _pieces(result)
    value = {
        "schema": "replykit.triage/1",
        "path": "",
        **extra,
        "kind": result.kind,
        "reasons": list(result.reasons),
        "lang": result.lang,
        "channel": message.channel,
        "urgency": result.urgency,
        "sentiment": result.sentiment,
        "signals": {name: list(words) for name, words in result.signals.items()},
        "from": {"name": message.sender_name, "address": message.sender_address},
        "customer": dict(message.customer),
        "subject": message.subject,
        "text": message.text,
        "quoted": message.quoted,
        "signature": message.signature,
        "details": dict(result.details),
        "found": [asdict(item) for item in result.found],
        "questions": questions,
        "matters": [
            {"text": text, "start": item.start, "end": item.end}
            for text, item in zip(matters, result.matters, strict=True)
        ],
        "route": result.route,
        "notes": list(message.notes),
    }
    shown: dict[str, Any] = masked(value)
    # The caller's own names are no text of a customer.
    return shown | dict(extra)


def triage_text(result: Triage, name: str, style: Style = plain) -> str:
    """What an agent reads: what it is and what to do, then what was found."""
    lines = [f"{name}: {style(_KINDS[result.kind], bold=True)}, {_ROUTES[result.route]}"]
    # Why a customer was not taken for a machine is for those who look into the JSON.
    silent = result.message.reasons if result.kind == "customer" else ()
    lines += [f"  {reason}" for reason in result.reasons if reason not in silent]
    if result.kind == "customer":
        lines += _found_lines(result)
    lines += [f"  note: {note}" for note in result.message.notes]
    text = "\n".join(masked(line) for line in lines)
    return printable(text) if style is plain else text


def _found_lines(result: Triage) -> Iterator[str]:
    message = result.message
    sender = " ".join(part for part in (message.sender_name, message.sender_address) if part)
    if sender:
        yield f"  from: {printable(sender)}"
    for level, name in ((result.urgency, "urgency"), (result.sentiment, "sentiment")):
        words = ", ".join(map(_line, result.signals.get(name, ())))
        if level not in ("normal", "neutral"):
            yield f"  {name}: {level}" + (f" ({words})" if words else "")
    matters, questions = _pieces(result)
    yield from (f"  matter: {_line(matter)}" for matter in matters)
    yield from (f"  asks: {_line(question)}" for question in questions)
    for found in result.found:
        yield f"  {found.name}: {printable(found.value)}"


def _pieces(result: Triage) -> tuple[list[str], list[str]]:
    """Matters and questions as the masked text has them: a sentence may end within a number."""
    text, shown = result.message.text, mask(result.message.text)
    places = [(text.find(question), len(question)) for question in result.questions]
    return (
        [shown[item.start : item.end] for item in result.matters],
        [shown[start : start + length] for start, length in places],
    )


def _line(text: str) -> str:
    return printable(" ".join(text.split()))
