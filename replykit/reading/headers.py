"""Headers of a mail as text, however they are encoded or broken."""

from __future__ import annotations

import email.header
import email.utils
import re
from email.message import Message as Mail

from replykit.reading.text import MAX_HEADER, clean, decode

_ENCODED_WORDS = re.compile(
    r"(?:=\?[^?\s]{1,60}\?[bq]\?[^?]{0,500}\?=(?:\s+(?==\?))?)+", re.IGNORECASE
)


def raw_header(mail: Mail, key: str) -> str:
    """A header as it stands in the mail, unfolded; bytes beyond ASCII as UTF-8 or Windows-1252."""
    for name, value in mail.raw_items():
        if name.lower() == key.lower():
            raw = str(value)[:MAX_HEADER].encode("utf-8", "surrogateescape")
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError:
                text = raw.decode("cp1252", "replace")
            return " ".join(text.split())
    return ""


def decoded(text: str) -> str:
    """A header's text with its encoded words (=?utf-8?Q?…?=) decoded; broken ones stay."""

    def decode_words(match: re.Match[str]) -> str:
        try:
            parts = email.header.decode_header(match.group())
        except ValueError:  # among them binascii.Error
            return match.group()
        return "".join(
            part if isinstance(part, str) else decode(part, charset or "utf-8")[0]
            for part, charset in parts
        )

    return _ENCODED_WORDS.sub(decode_words, text)


def header(mail: Mail, key: str) -> str:
    """A header's text; nothing where there is none."""
    return decoded(raw_header(mail, key))


def sender(mail: Mail) -> tuple[str, str]:
    """Name and address; taken apart before decoding, for an encoded name may hold anything."""
    name, address = name_and_address(raw_header(mail, "From"))
    return clean(decoded(name)), address


def name_and_address(text: str) -> tuple[str, str]:
    """The two parts of a sender; many a mailer leaves the comma in `Virtanen, Maija <…>` bare."""
    match = re.fullmatch(r"\s*([^<>]*)<([^<>]*)>\s*", text)
    try:
        name, address = match.groups() if match else email.utils.parseaddr(text)
    except RecursionError:  # a long row of (
        return "", ""
    name = name.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return name, "".join(clean(address).split())
