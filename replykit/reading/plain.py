"""A message given as text alone."""

from __future__ import annotations

from replykit.cleaning import split
from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.names import sign_off_name
from replykit.reading.text import MAX_CHARACTERS, clean


def from_plain(text: str) -> Message:
    """A message from text, which may be empty."""
    cut = len(text) > MAX_CHARACTERS
    now, quoted, signature = split(clean(text))
    notes = (f"only the first {MAX_CHARACTERS} characters were read",) if cut else ()
    return Message(
        text=now or quoted,
        quoted=quoted if now else "",
        signature=signature,
        sender_name=sign_off_name(signature),
        notes=notes,
    )


def from_text(text: str) -> Message:
    """A message given as text. Raises ReplyKitError where there is none."""
    message = from_plain(text)
    if not message.text:
        raise ReplyKitError("the message has no text")
    return message
