"""Reads a message from a file of any known form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.mail import from_mail, looks_like_mail
from replykit.reading.plain import from_plain
from replykit.reading.record import from_json
from replykit.reading.text import decode, refuse_binary

_MAX_BYTES = 64_000_000


def read_file(path: Path) -> Message:
    """Reads a message from a file. Raises ReplyKitError for what is missing, binary or empty."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES)
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None
    return read_bytes(data, str(path))


def read_bytes(data: bytes, name: str) -> Message:
    """Reads a message from bytes; `name` (a path, or -) serves its suffix and error messages."""
    suffix = Path(name).suffix.lower()
    refuse_binary(data, name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    message = None
    if suffix == ".json" or (suffix not in (".eml", ".txt") and data.lstrip()[:1] == b"{"):
        message = from_json(data, name, strict=suffix == ".json")
    if message is None and (suffix == ".eml" or looks_like_mail(data)):
        message = from_mail(data, name)
    if message is None:
        text, notes = decode(data)
        message = from_plain(text)
        message = replace(message, notes=(*notes, *message.notes))
    if message.kind == "customer" and not message.matter.strip():
        raise ReplyKitError(f"{name}: the message has no text")
    return message
