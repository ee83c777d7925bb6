"""Reads many messages: an mbox, a Maildir, a folder of mails, a JSONL file, or one file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.files import read_bytes, read_file

_MBOX = (".mbox", ".mbx")
_JSON_LINES = (".jsonl", ".ndjson")
# A mail that is larger has attachments; what is over this is left out, and said.
_MAX_MAIL = 32_000_000
_HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:|>?From ")
_ESCAPED = re.compile(rb"^>(?=>*From )", re.MULTILINE)

Found = tuple[str, Message | ReplyKitError]


def read_all(path: Path) -> Iterator[Found]:
    """Each message by its name (a file's path, or `box.mbox#3`), or the error for that one alone.

    One message at a time is in memory. Raises ReplyKitError for what cannot be opened, or holds
    no mail.
    """
    if path.is_dir():
        yield from _from_folder(path)
    elif path.suffix.lower() in _JSON_LINES:
        yield from _from_lines(path)
    elif path.suffix.lower() in _MBOX or (path.suffix.lower() != ".eml" and _is_mbox(path)):
        yield from _from_mbox(path)
    else:
        yield _one(str(path), partial(read_file, path))


def _from_folder(path: Path) -> Iterator[Found]:
    """A Maildir by its `cur` and `new`, else all .eml files below the folder, in order."""
    maildir = [path / name for name in ("cur", "new") if (path / name).is_dir()]
    if maildir:
        files = sorted(
            file for folder in maildir for file in folder.iterdir() if file.name[:1] != "."
        )
    else:
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() == ".eml")
    if not files and not maildir:
        raise ReplyKitError(f"{path}: no Maildir (cur, new), and no .eml file in it")
    for file in files:
        # Files of a Maildir have no suffix, and are mails all the same.
        yield _one(str(file), partial(_read_mail if maildir else read_file, file))


def _read_mail(path: Path) -> Message:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_MAIL + 1)
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None
    return _cut(data, str(path))


def _cut(data: bytes, name: str) -> Message:
    message = read_bytes(data[:_MAX_MAIL], name, mail=True)
    if len(data) <= _MAX_MAIL:
        return message
    note = f"only the first {_MAX_MAIL // 1_000_000} MB were read"
    return replace(message, notes=(note, *message.notes))


def _is_mbox(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            first = file.readline(1000)
            return first.startswith(b"From ") and bool(_HEADER_LINE.match(file.readline(1000)))
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None


def _from_mbox(path: Path) -> Iterator[Found]:
    """The mails of an mbox, read line by line.

    Python's mailbox begins a mail at every `From ` in a text, and reads the whole file twice.
    """
    try:
        with path.open("rb") as file:
            for number, data in enumerate(_mails(_lines(file)), 1):
                name = f"{path}#{number}"
                yield _one(name, partial(_cut, _ESCAPED.sub(b"", data), name))
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; one without end comes in pieces."""
    return iter(partial(file.readline, _MAX_MAIL), b"")


def _mails(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of each mail, a bit over the limit where it is too large.

    A mail begins with `From ` after a blank line, where a header follows: other such lines are
    sentences that some program did not mark with >.
    """
    mail: list[bytes] = []
    size = 0
    held = b""  # a line that may begin the next mail
    blank = True
    for line in lines:
        if held:
            if _HEADER_LINE.match(line):
                if mail:
                    yield b"".join(mail)
                mail, size = [], 0
            elif size <= _MAX_MAIL:
                mail.append(held)
            held = b""
        if blank and line.startswith(b"From "):
            held = line
            blank = False
            continue
        blank = not line.strip()
        if size <= _MAX_MAIL:
            mail.append(line)
            size += len(line)
    mail.append(held)
    if any(line.strip() for line in mail):
        yield b"".join(mail)


def _from_lines(path: Path) -> Iterator[Found]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_lines(file), 1):
                if line.strip():
                    name = f"{path}#{number}"
                    yield _one(name, partial(_from_line, line, name))
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None


def _from_line(line: bytes, name: str) -> Message:
    from replykit.reading.record import from_json

    message = from_json(line, name, strict=True)
    if message is None or not message.matter.strip():
        raise ReplyKitError(f"{name}: the message has no text")
    return message


def _one(name: str, read: Callable[[], Message]) -> Found:
    """A message, or the error that stands for it; the rest of the box goes on."""
    try:
        return name, read()
    except ReplyKitError as error:
        return name, error
