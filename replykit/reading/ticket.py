"""A ticket or conversation of any helpdesk, and the message that waits there for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.headers import name_and_address
from replykit.reading.html import html_text
from replykit.reading.plain import from_plain
from replykit.reading.text import MAX_HEADER, one_line
from replykit.reading.transcript import from_transcript
from replykit.understanding.names import person_name

_MAX_TURNS = 500
_MAX_FIELD = 500
_MAX_FIELDS = 100


@dataclass(frozen=True)
class Turn:
    """One public message; internal notes are none."""

    text: str
    by_customer: bool
    name: str = ""
    time: str = ""


@dataclass(frozen=True)
class Ticket:
    """What a helpdesk says of a conversation, its turns in the order in which they were said."""

    system: str
    turns: tuple[Turn, ...]
    subject: str = ""
    name: str = ""
    address: str = ""
    channel: str = "ticket"
    customer: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def to_message(ticket: Ticket) -> Message:
    """The customer's newest message, with all earlier ones as quoted.

    In a chat it is all that they wrote since an agent last did. Raises ReplyKitError where the
    customer has written nothing.
    """
    turns = [turn for turn in ticket.turns[-_MAX_TURNS:] if turn.text.strip()]
    if all(turn.time for turn in turns):
        turns.sort(key=lambda turn: turn.time)
    later = list(takewhile(lambda turn: not turn.by_customer, reversed(turns)))
    before = turns[: len(turns) - len(later)]
    if not before:
        raise ReplyKitError(f"{ticket.system}: there is no public message of the customer in it")
    count = 1
    if ticket.channel in ("chat", "social"):
        count = sum(1 for _ in takewhile(lambda turn: turn.by_customer, reversed(before)))
    said, earlier = before[-count:], [*before[:-count], *reversed(later)]
    text = "\n".join(turn.text.strip() for turn in said)
    message = from_transcript(text) if ticket.channel == "chat" and not earlier else None
    message = message or from_plain(text, "\n\n".join(_quoted(turn) for turn in earlier))
    notes = ("an agent has written since the customer did",) if later else ()
    return replace(
        message,
        subject=one_line(ticket.subject),
        sender_name=person_name(ticket.name) or message.sender_name,
        sender_address=address(ticket.address) or message.sender_address,
        channel=ticket.channel,
        customer=ticket.customer,
        notes=(*ticket.notes, *notes, *message.notes),
    )


def _quoted(turn: Turn) -> str:
    who = turn.name or ("Customer" if turn.by_customer else "Agent")
    return f"{one_line(who, 100)}:\n{turn.text.strip()}"


def at(record: Any, *keys: str) -> Any:
    """What lies in nested objects under these keys, or None."""
    for key in keys:
        record = record.get(key) if isinstance(record, dict) else None
    return record


def text_at(record: Any, *keys: str) -> str:
    """The same as text: that of a number too, and nothing for what is neither."""
    value = at(record, *keys)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def as_text(text: str, html: bool) -> str:
    """A body as text."""
    return html_text(text).strip() if html and "<" in text + "&" else text


def address(text: str) -> str:
    """An e-mail address, alone or behind a name; nothing where there is none."""
    found = name_and_address(one_line(text, MAX_HEADER))[1]
    return found if "@" in found else ""


def when(value: Any) -> str:
    """A time as ISO 8601, so that it sorts; helpdesks give seconds or text."""
    if isinstance(value, (int, float)) and 0 < value < 1e11:
        return datetime.fromtimestamp(value, UTC).isoformat()
    return value if isinstance(value, str) else ""


def customer_fields(*records: Any, without: tuple[str, ...] = ()) -> dict[str, str]:
    """What records say of a customer: their plain values, by names that templates can use."""
    found: dict[str, str] = {}
    for record in records:
        for key, value in record.items() if isinstance(record, dict) else ():
            name = "_".join(str(key).casefold().split())
            if isinstance(value, bool) or not isinstance(value, (str, int, float)):
                continue
            text = one_line(str(value), _MAX_FIELD)
            if text and name.isidentifier() and name not in (*without, "id"):
                found.setdefault(name, text)
            if len(found) == _MAX_FIELDS:
                return found
    return found
