"""A message given as a JSON object: a plain one, or a helpdesk's ticket or webhook."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from replykit.config import CHANNELS
from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.headers import name_and_address
from replykit.reading.plain import from_plain
from replykit.reading.text import MAX_HEADER, clean, decode, one_line
from replykit.understanding.language import language_code
from replykit.understanding.names import person_name

_WANTED = 'expected an object with "text", or a ticket or webhook of a known helpdesk'


def from_json(data: bytes, name: str, strict: bool) -> Message | None:
    """A message from JSON. What is no such JSON raises ReplyKitError, or is None if not strict."""
    text, notes = decode(data)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        if not strict:
            return None
        raise ReplyKitError(f"{name}: not valid JSON: {error}") from None
    if not isinstance(record, dict):
        raise ReplyKitError(f"{name}: {_WANTED}")
    try:
        message = from_record(record)
    except ReplyKitError as error:
        raise ReplyKitError(f"{name}: {error}") from None
    return replace(message, notes=(*notes, *message.notes))


def from_record(record: dict[str, Any]) -> Message:
    """A message from a JSON object: text, subject, from, channel, lang, customer; or from what a
    helpdesk's interface gives. Raises ReplyKitError for an object that is neither."""
    if isinstance(record.get("text"), str):
        return _from_plain_record(record)
    from replykit.reading.helpdesk import find
    from replykit.reading.ticket import to_message

    ticket = find(record)
    if ticket is None:
        raise ReplyKitError(_WANTED)
    return to_message(ticket)


def _from_plain_record(record: dict[str, Any]) -> Message:
    text, channel = record["text"], record.get("channel")
    if text.lstrip()[:1] == "<":
        from replykit.reading.html import html_text, is_html

        text = html_text(text) if is_html(text) else text
    message = None
    if channel == "chat":
        from replykit.reading.transcript import from_transcript

        message = from_transcript(text)
    message = message or from_plain(text)
    name, address, customer = _sender(record)
    return replace(
        message,
        subject=one_line(str(record.get("subject") or "")),
        sender_name=person_name(name) or message.sender_name,
        sender_address="".join(clean(address)[:MAX_HEADER].split()) or message.sender_address,
        channel=channel if channel in CHANNELS else "",
        lang=language_code(record.get("lang")),
        customer=customer,
    )


def _sender(record: dict[str, Any]) -> tuple[str, str, dict[str, str]]:
    """Name and address, and what else the record says of the customer."""
    sender, customer = record.get("from"), record.get("customer")
    name, address, known = "", "", dict[str, str]()
    if isinstance(sender, dict):
        name = str(sender.get("name") or "")
        address = str(sender.get("address") or sender.get("email") or "")
    elif isinstance(sender, str):
        name, address = name_and_address(clean(sender)[:MAX_HEADER])
    if isinstance(customer, dict):
        from replykit.reading.ticket import customer_fields

        known = customer_fields(customer)
        theirs = known.pop("name", ""), known.pop("email", "")
        name, address = name or theirs[0], address or theirs[1]
    return name, address, known
