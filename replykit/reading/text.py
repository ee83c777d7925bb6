"""Bytes as text, without what a screen or a parser could choke on."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from unicodedata import normalize

from replykit.errors import ReplyKitError
from replykit.patterns import prepared

# More text than this tells nothing more about the matter, and bounds the time of all that follows.
MAX_CHARACTERS = 200_000
MAX_HEADER = 2000
CONTROL = prepared("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_HALVES = prepared("[\ud800-\udfff]")
_TERMINAL = prepared("(?:\x1b\\[|\x9b)[0-?]{0,20}[ -/]{0,20}[@-~]")
# Soft hyphens, and marks of no width; those that join letters of a script or an emoji stay.
_UNSEEN = prepared("[\xad\u180e\u200b\u2060\ufeff]")
_LINE_ENDS = prepared("[\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = prepared(r"\n{3,}")
_CONTROL_BYTES = bytes({*range(32)} - {*b"\t\n\r\f\x1b"})
# Not encodings of mail, and slow or raising on hostile bytes.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
# What calls itself Latin-1 or ASCII is in fact Windows-1252 (€ and curly quotes), as in browsers;
# the East Asian charsets are their vendors' supersets.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_ALIASES = {"x-sjis": "cp932", "x-gbk": "gb18030", "x-mac-roman": "mac_roman", "utf8mb4": "utf-8"}
# Of these, bytes beyond ASCII that are valid UTF-8 make no sense: their names are wrong.
_ONE_BYTE = prepared(r"ascii|iso8859-\d+|cp125\d|mac-roman")
_NOT_UTF8 = "not valid UTF-8; unreadable characters were replaced"


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
    if "\x1b" in text or "\x9b" in text:
        text = _TERMINAL.sub("", text)
    text = CONTROL.sub("", _LINE_ENDS.sub("\n", text.replace("\xa0", " ")))
    return _BLANK_LINES.sub("\n\n", text).strip()


def readable(text: str) -> str:
    """The text as `clean` gives it, written as the word lists are: each letter as one character
    (some systems write ä as a and two dots), and nothing unseen within a word or a number."""
    return clean(text if text.isascii() else normalize("NFC", _UNSEEN.sub("", text)))


def one_line(text: str, most: int = MAX_HEADER) -> str:
    """The text on one line, without control characters, cut: fit for a header or a screen."""
    text = text[:most]
    text = text if text.isascii() else normalize("NFC", _UNSEEN.sub("", text))
    if not text.isprintable():
        text = CONTROL.sub("", " ".join(text.split()))
    return " ".join(text.split())


def whole_characters(text: str) -> str:
    """The text, with a sign in the place of each half of a character: JSON can write those, and
    what is in no encoding can be neither printed nor judged."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


def decode(data: bytes, charset: str = "utf-8") -> tuple[str, tuple[str, ...]]:
    """Bytes as text; what does not fit is replaced, and said."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    for candidate in _charsets(charset):
        try:
            return data.decode(candidate).removeprefix("\ufeff"), ()
        except (UnicodeError, LookupError):
            continue
    return data.decode("utf-8", "replace").removeprefix("\ufeff"), (_NOT_UTF8,)


def decode_mail(data: bytes, charset: str = "") -> tuple[str, tuple[str, ...]]:
    """Bytes of a mail as text: what its charset gets wrong is guessed, and the guess is said."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    for candidate in _charsets(charset or "utf-8"):
        try:
            return data.decode(candidate).removeprefix("\ufeff"), ()
        except (UnicodeError, LookupError):
            continue
    return _guessed(data)


def _charsets(charset: str) -> Sequence[str]:
    """The codecs to try for a declared charset, the likeliest first."""
    charset = charset.strip(" \t\"'").lower()
    try:
        known = codecs.lookup(_ALIASES.get(charset, charset)).name
    except (LookupError, ValueError):
        return ("utf-8",)
    if known in ("utf-8", *_NO_CHARSETS):
        return ("utf-8",)
    meant = _MEANT.get(known, known)
    return ("utf-8", meant, known) if _ONE_BYTE.fullmatch(known) else (meant, known, "utf-8")


def _guessed(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text in a charset that nothing rightly names: damaged UTF-8, Windows-1252 or Cyrillic."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    letters = sum(character > "\x7f" for character in text)
    damaged = text.count("\ufffd")
    if letters - damaged >= damaged:
        return text, (_NOT_UTF8,)
    best = "cp1252"
    if sum(byte > 0xBF for byte in data) * 2 > sum(chr(byte).isalpha() for byte in data):
        # More foreign letters than plain ones: Russian, whose two charsets swap the cases.
        best = max(("cp1251", "koi8-r"), key=lambda name: _small_letters(data, name))
    try:
        guess = data.decode(best)
    except UnicodeError:
        return text, (_NOT_UTF8,)
    return guess, (f"not valid UTF-8; read as {best}",)


def _small_letters(data: bytes, charset: str) -> int:
    return sum(character.islower() for character in data.decode(charset, "replace"))
