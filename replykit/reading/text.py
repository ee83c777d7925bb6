"""Bytes as text, without what a screen or a parser could choke on."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from replykit.errors import ReplyKitError

# More text than this tells nothing more about the matter, and bounds the time of all that follows.
MAX_CHARACTERS = 200_000
MAX_HEADER = 2000
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_TERMINAL = re.compile("(?:\x1b\\[|\x9b)[0-?]{0,20}[ -/]{0,20}[@-~]")
_CONTROL_BYTES = bytes({*range(32)} - {*b"\t\n\r\f\x1b"})
# Not encodings of mail, and slow or raising on hostile bytes.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
# What calls itself Latin-1 or ASCII is in fact Windows-1252 (€ and curly quotes), as in browsers.
_WINDOWS = frozenset({"iso8859-1", "ascii"})


def decode_text(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Bytes of a text file, and what was odd about them. Raises ReplyKitError for a binary one."""
    refuse_binary(data, name)
    text, notes = decode(data)
    return text.replace("\r\n", "\n"), notes


def refuse_binary(data: bytes, name: str) -> None:
    """Raises ReplyKitError for what begins as no text does (in UTF-16, NUL is half of a letter)."""
    head = data[:8192]
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and (b"\0" in head or controls > len(head) / 20 or head.startswith(b"%PDF-")):
        raise ReplyKitError(f"{name}: a binary file; give text, or a message as .eml or .json")


def clean(text: str) -> str:
    """The text without control characters, with plain line ends, cut to MAX_CHARACTERS."""
    text = text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")
    text = _TERMINAL.sub("", text).replace("\xa0", " ")
    text = CONTROL.sub("", re.sub("[\x0b\x0c\x85\u2028\u2029]", "\n", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def decode(data: bytes, charset: str = "utf-8") -> tuple[str, tuple[str, ...]]:
    """Bytes as text; what does not fit is replaced, and said."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    for candidate in _charsets(charset):
        try:
            return data.decode(candidate).removeprefix("\ufeff"), ()
        except (UnicodeError, LookupError):
            continue
    note = "not valid UTF-8; unreadable characters were replaced"
    return data.decode("utf-8", "replace").removeprefix("\ufeff"), (note,)


def _charsets(charset: str) -> Sequence[str]:
    """The codecs to try for a declared charset, the likeliest first."""
    try:
        known = codecs.lookup(charset).name
    except (LookupError, ValueError):
        return ("utf-8",)
    if known in _WINDOWS:
        return ("ascii", "utf-8", "cp1252", known) if known == "ascii" else ("cp1252", known)
    return ("utf-8",) if known in _NO_CHARSETS else (known, "utf-8")
