"""Reads a message from a file of any known form."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.plain import from_plain
from replykit.reading.text import decode_mail, refuse_binary

MAX_BYTES = 256_000_000
_MAIL_HEADER = re.compile(rb"\A\s*(?:From |[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n)")
_MAIL_SIGNS = re.compile(
    rb"^(?:From|To|Subject|Date|Received|Message-ID|MIME-Version|Return-Path):",
    re.IGNORECASE | re.MULTILINE,
)


def read_file(path: Path) -> Message:
    """Reads a message from a file. Raises ReplyKitError for what is missing, binary or empty."""
    try:
        with path.open("rb") as file:
            # To ask for more than there is would take up the memory for it.
            size = os.fstat(file.fileno()).st_size or MAX_BYTES
            data = file.read(min(size, MAX_BYTES) + 1)
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None
    return read_bytes(data, str(path))


def read_bytes(data: bytes, name: str, mail: bool = False) -> Message:
    """Reads a message from bytes; `name` (a path, or -) serves its suffix and error messages.

    With `mail`, the bytes are a mail whatever its name. Raises ReplyKitError for what is binary,
    broken or empty.
    """
    notes: tuple[str, ...] = ()
    if len(data) > MAX_BYTES:
        data, notes = data[:MAX_BYTES], (f"only the first {MAX_BYTES // 1_000_000} MB were read",)
    message = _read(data, name, mail)
    message = replace(message, notes=(*notes, *message.notes)) if notes else message
    if message.kind == "customer" and not message.matter.strip():
        why = "".join(f"; {note}" for note in message.notes)
        raise ReplyKitError(f"{name}: the message has no text{why}")
    return message


def looks_like_mail(data: bytes) -> bool:
    """Whether text begins with the headers of a mail."""
    head = data[:4096].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return bool(_MAIL_HEADER.match(data)) and len(_MAIL_SIGNS.findall(head)) >= 2


def is_mail(data: bytes, name: str) -> bool:
    """Whether a draft is a whole mail: by its name, or by its headers."""
    return Path(name).suffix.lower() == ".eml" or looks_like_mail(data)


def _read(data: bytes, name: str, mail: bool) -> Message:
    suffix = ".eml" if mail else os.path.splitext(name)[1].lower()
    if suffix != ".json" and looks_like_mail(data):  # a stray NUL in a mail makes it no binary
        return _from_mail(data, name)
    refuse_binary(data, name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
        if looks_like_mail(data):
            return _from_mail(data, name)
    if suffix == ".eml":
        return _from_mail(data, name)
    if suffix == ".json" or (suffix != ".txt" and data.lstrip()[:1] == b"{"):
        from replykit.reading.record import from_json

        message = from_json(data, name, strict=suffix == ".json")
        if message is not None:
            return message
    text, notes = decode_mail(data)
    from replykit.reading.transcript import from_transcript

    message = from_transcript(text) or from_plain(text)
    return replace(message, notes=(*notes, *message.notes)) if notes else message


def _from_mail(data: bytes, name: str) -> Message:
    # Python's mail package takes a tenth of a second that text and JSON need not wait for.
    from replykit.reading.mail import from_mail

    return from_mail(data, name)
