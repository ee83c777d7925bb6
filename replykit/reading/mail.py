"""A message given as mail (RFC 5322), with every fault that real mail has."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from email.message import Message as Mail

from replykit.errors import ReplyKitError
from replykit.forms import from_form
from replykit.kinds import kind_of
from replykit.message import Message
from replykit.names import person_name
from replykit.reading.headers import header, sender
from replykit.reading.html import html_text
from replykit.reading.plain import from_plain
from replykit.reading.text import clean, decode

_MAX_HEADERS = 1_000_000
_MAIL_HEADER = re.compile(rb"\A(?:From |[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n)")
_MAIL_SIGNS = re.compile(
    rb"^(?:From|To|Subject|Date|Received|Message-ID|MIME-Version|Return-Path):",
    re.IGNORECASE | re.MULTILINE,
)


def looks_like_mail(data: bytes) -> bool:
    """Whether text begins with the headers of a mail."""
    head = data[:4096].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return bool(_MAIL_HEADER.match(data)) and len(_MAIL_SIGNS.findall(head)) >= 2


def from_mail(data: bytes, name: str) -> Message:
    """Reads a mail; raises ReplyKitError, with its name, for one that the parser gives up."""
    # The parser knows no byte order mark, and takes a blank line for the end of the header.
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if len(data) > _MAX_HEADERS and not re.search(rb"\n\r?\n", data[:_MAX_HEADERS]):
        raise ReplyKitError(f"{name}: this mail cannot be read (its header has no end)")
    try:
        mail = email.message_from_bytes(data)
        text, notes = _mail_text(mail)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        raise ReplyKitError(f"{name}: this mail cannot be read ({error})") from None
    subject, (sender_name, address) = header(mail, "Subject"), sender(mail)
    message = from_plain(text)
    message = replace(
        message,
        subject=" ".join(clean(subject).split()),
        sender_name=person_name(sender_name) or message.sender_name,
        sender_address=address,
        channel="email",
        notes=(*notes, *message.notes),
    )
    message = from_form(mail, message)
    kind, reasons = kind_of(mail, message)
    return replace(message, kind=kind, reasons=reasons)


def _mail_text(mail: Mail) -> tuple[str, tuple[str, ...]]:
    """The first plain part that has text, else the HTML as text."""
    parts = [part for part in mail.walk() if not part.is_multipart()]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() != kind or part.get_content_disposition() == "attachment":
                continue
            payload = part.get_payload(decode=True)
            if not isinstance(payload, bytes):
                continue
            text, notes = decode(payload, _charset(part))
            text = html_text(text) if kind == "text/html" else text
            if text.strip():
                return text, notes
    return "", ()


def _charset(part: Mail) -> str:
    try:
        return part.get_content_charset() or "utf-8"
    except (ValueError, LookupError):
        return "utf-8"
