"""A message given as a JSON object."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from replykit.config import CHANNELS
from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.names import person_name
from replykit.reading.headers import name_and_address
from replykit.reading.plain import from_plain
from replykit.reading.text import MAX_HEADER, clean, decode


def from_json(data: bytes, name: str, strict: bool) -> Message | None:
    """A message from JSON. What is no such JSON raises ReplyKitError, or is None if not strict."""
    text, notes = decode(data)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        if not strict:
            return None
        raise ReplyKitError(f"{name}: not valid JSON: {error}") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ReplyKitError(f'{name}: expected an object with "text"')
    message = from_record(record)
    return replace(message, notes=(*notes, *message.notes))


def from_record(record: dict[str, Any]) -> Message:
    """A message from a plain JSON object: text, subject, from, channel, lang."""
    message = from_plain(record["text"])
    sender = record.get("from")
    sender_name, address = "", ""
    if isinstance(sender, dict):
        sender_name, address = str(sender.get("name") or ""), str(sender.get("address") or "")
    elif isinstance(sender, str):
        sender_name, address = name_and_address(clean(sender)[:MAX_HEADER])
    channel = record.get("channel")
    return replace(
        message,
        subject=" ".join(clean(str(record.get("subject") or "")).split()),
        sender_name=person_name(sender_name) or message.sender_name,
        sender_address="".join(clean(address)[:MAX_HEADER].split()),
        channel=channel if channel in CHANNELS else "",
        lang=record["lang"] if isinstance(record.get("lang"), str) else "",
    )
