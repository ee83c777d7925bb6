"""A message given as mail (RFC 5322), with every fault that real mail has."""

from __future__ import annotations

import re
from dataclasses import replace
from email.errors import MessageError

from replykit.errors import ReplyKitError
from replykit.forms import from_form
from replykit.kinds import kind_of
from replykit.message import Message
from replykit.reading.headers import envelope, header, sender
from replykit.reading.mime import parse
from replykit.reading.parts import body
from replykit.reading.plain import from_plain
from replykit.reading.text import one_line
from replykit.understanding.names import person_name

_MAX_HEADERS = 1_000_000
BROKEN = (ValueError, LookupError, RecursionError, AttributeError, TypeError, MessageError)


def from_mail(data: bytes, name: str) -> Message:
    """Reads a mail; raises ReplyKitError, with its name, for one that the parser gives up."""
    # The parser knows no byte order mark, and takes a blank line for the end of the header.
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if len(data) > _MAX_HEADERS and not re.search(rb"\n\r?\n", data[:_MAX_HEADERS]):
        raise ReplyKitError(f"{name}: this mail cannot be read (its header has no end)")
    try:
        mail, notes = parse(data)
        read = body(mail)
        sender_name, address = sender(mail)
        message = from_plain(read.text, "\n\n".join(read.forwarded))
        message = replace(
            message,
            subject=one_line(header(mail, "Subject")),
            sender_name=person_name(sender_name) or message.sender_name,
            sender_address=address,
            channel="email",
            envelope=envelope(mail),
            notes=tuple(dict.fromkeys((*notes, *read.notes, *message.notes))),
        )
        message = from_form(mail, message)
        kind, reasons = kind_of(mail, message)
    except BROKEN as error:
        raise ReplyKitError(f"{name}: this mail cannot be read ({error})") from None
    return replace(message, kind=kind, reasons=reasons)
