"""One part of a mail as text: its transfer encoding, its charset, its flowed lines."""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from email.message import Message as Mail

from replykit.patterns import prepared
from replykit.reading.headers import fields
from replykit.reading.mime import raw_payload
from replykit.reading.text import decode_mail

_BASE64_LINE = prepared(r"[A-Za-z0-9+/]+={0,2}")
_ONLY_BASE64 = prepared(r"[A-Za-z0-9+/\r\n]++={0,2}\s*+")
_NO_BASE64 = prepared(r"[^A-Za-z0-9+/=]")
_QUOTE_MARKS = prepared(r"(?:> ?)+")
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
# The first bytes of letters beyond ASCII as quoted-printable writes them, in UTF-8.
_QUOTED_LETTER = prepared(r"=C3=[89AB][0-9A-F]|=E2=80=[0-9A-F]{2}")


def part_text(part: Mail, parameters: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """A part's text with plain line ends, and what was odd about it."""
    payload = raw_payload(part)
    if payload is None:
        return "", ()
    data, rest, notes = decoded(payload, fields(part).get("content-transfer-encoding", ""))
    charset = parameters.get("charset", "")
    if not charset and b"<" in data[:500]:
        found = _META_CHARSET.search(data[:4096])
        charset = found[1].decode("ascii", "replace") if found else ""
    text, more = decode_mail(data, charset)
    text = text.replace("\r\n", "\n")
    if parameters.get("format", "").lower() == "flowed":
        text = unflowed(text, delete_space=parameters.get("delsp", "").lower() == "yes")
    return f"{text}\n{rest}" if rest else text, (*notes, *more)


def decoded(payload: str, encoding: str) -> tuple[bytes, str, tuple[str, ...]]:
    """A part's bytes, text that stands around them without their encoding, and notes."""
    encoding = encoding.partition(";")[0].strip().lower()
    if encoding == "base64":
        return _from_base64(payload)
    raw = payload.encode("utf-8", "surrogateescape")
    unnamed = not encoding and "=" in payload
    if encoding == "quoted-printable" or (unnamed and len(_QUOTED_LETTER.findall(payload)) > 2):
        return binascii.a2b_qp(raw), "", ()
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return _from_uuencode(raw), "", ()
    return raw, "", ()


def _from_uuencode(raw: bytes) -> bytes:
    """The bytes between `begin` and `end`; lines that are damaged are left out."""
    rows = iter(raw.splitlines())
    if not any(row.startswith(b"begin ") for row in rows):
        return raw
    data: list[bytes] = []
    for row in rows:
        if row == b"end":
            break
        try:
            data.append(binascii.a2b_uu(row))
        except binascii.Error:
            continue
    return b"".join(data)


def _from_base64(payload: str) -> tuple[bytes, str, tuple[str, ...]]:
    """Base64 line by line: what gateways and lists wrote around it is text, not more of it."""
    coded: list[str] = []
    rest: list[str] = []
    if len(payload) > 40 and _ONLY_BASE64.fullmatch(payload):
        return _whole("".join(payload.split()).rstrip("=")), "", ()
    width, ended, damaged = 0, False, False
    for line in payload.splitlines():
        row = line.strip()
        pure = bool(_BASE64_LINE.fullmatch(row))
        if not row or any(rest) or (ended and not (pure and len(row) == width)):
            rest.append(line)
        elif pure:
            coded.append(row)
            width = width or len(row)
            ended = row.endswith("=") or len(row) < width
        elif " " in row or len(letters := _NO_BASE64.sub("", row)) * 2 < len(row):
            rest.append(line)
        else:
            coded.append(letters)
            damaged = True
    joined = "".join(coded)
    if not joined or ("=" not in joined and len(joined) % 4 and len(joined) < 40):
        plain = payload.encode("utf-8", "surrogateescape")
        return plain, "", ("declared base64, but is plain text",)
    data = b"".join(map(_whole, re.findall("[^=]+", joined)))
    notes = ("its base64 is damaged; some characters may be wrong",) if damaged else ()
    return data, "\n".join(rest).strip(), notes


def _whole(letters: str) -> bytes:
    """The bytes of base64 without its padding; a single last letter holds no byte."""
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))


def unflowed(text: str, delete_space: bool) -> str:
    """Paragraphs in one line each again (RFC 3676); quotes stay quotes."""
    paragraphs: list[list[str]] = []
    open_depth = -1  # of the paragraph that the last line left open
    for line in text.split("\n"):
        marks = _QUOTE_MARKS.match(line)
        depth = marks.group().count(">") if marks else 0
        content = line[marks.end() :] if marks else line.removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        if soft and delete_space:
            content = content[:-1]
        if depth == open_depth and content and content != "-- ":
            paragraphs[-1].append(content)
        else:
            paragraphs.append([f"{'>' * depth} {content}" if depth else content])
        open_depth = depth if soft else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)
