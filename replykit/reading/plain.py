"""A message given as text alone."""

from __future__ import annotations

from replykit.cleaning import split
from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.text import MAX_CHARACTERS, readable
from replykit.understanding.names import sign_off_name


def from_plain(text: str, earlier: str = "") -> Message:
    """A message from text, which may be empty, and from earlier messages known beside it.

    Where the sender wrote nothing of their own, as in a mail that is only forwarded, what they
    sent on is the text.
    """
    cut = len(text) > MAX_CHARACTERS or len(earlier) > MAX_CHARACTERS
    now, quoted, signature = split(readable(text))
    written = [part for part in (now, quoted, readable(earlier) if earlier else "") if part]
    return Message(
        text=written[0] if written else "",
        quoted="\n\n".join(written[1:]),
        signature=signature,
        sender_name=sign_off_name(f"{now}\n\n{signature}"),
        notes=(f"only the first {MAX_CHARACTERS} characters were read",) if cut else (),
    )


def from_text(text: str) -> Message:
    """A message given as text. Raises ReplyKitError where there is none."""
    message = from_plain(text)
    if not message.text:
        raise ReplyKitError("the message has no text")
    return message
