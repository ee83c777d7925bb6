"""Headers of a mail as text, however they are encoded or broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from replykit.message import Envelope
from replykit.patterns import prepared
from replykit.reading.text import MAX_HEADER, decode_mail, one_line

if TYPE_CHECKING:
    from email.message import Message as Mail

_ENCODED_WORDS = prepared(
    r"(?:=\?[^?\s]{1,60}\?[bq]\?[^?]{0,500}\?=(?:\s+(?==\?))?)+", re.IGNORECASE
)
_NAMED = prepared(r"\s*([^<>]*)<([^<>]*)>\s*")
_BARE = prepared(r"""\s*([^\s<>()@,;:"\\]+@[^\s<>()@,;:"\\]+)\s*""")
_PARAMETER = prepared(r';\s*([\w-]+)\s*=\s*(?:"([^"]*)"?|([^\s;"]*))')
_MESSAGE_ID = prepared(r"<[^<>\s]{1,250}>")
_SPECIAL = prepared(r'[()<>@,;:\\".\[\]]')
# A thread's first mail and its last ones tell all that a mail program needs.
_MAX_REFERENCES = 20
_MAX_LIST = 20_000


def fields(mail: Mail) -> dict[str, str]:
    """The first header of each name, names in small letters, values as they stand."""
    # Read many times by those who tell machines from people: taken apart once.
    known: tuple[int, dict[str, str]] | None = mail.__dict__.get("_replykit_fields")
    if known is None or known[0] != len(mail):
        found: dict[str, str] = {}
        for name, value in mail.raw_items():
            found.setdefault(name.lower(), str(value))
        known = mail.__dict__["_replykit_fields"] = (len(mail), found)
    return known[1]


def raw_header(mail: Mail, key: str, most: int = MAX_HEADER) -> str:
    """A header as it stands in the mail, unfolded; bytes beyond ASCII as UTF-8 or Windows-1252."""
    value = fields(mail).get(key.lower())
    if not value:
        return ""
    if len(value) > most:  # cut between two addresses or ids: half of one would be another
        value = value[:most].rpartition("," if "," in value else " ")[0] or value[:most]
    if not value.isascii():
        value = decode_mail(value.encode("utf-8", "surrogateescape"))[0]
    return " ".join(value.split())


def decoded(text: str) -> str:
    """A header's text with its encoded words (=?utf-8?Q?…?=) decoded; broken ones stay."""
    return _ENCODED_WORDS.sub(_decoded_words, text) if "=?" in text else text


def _decoded_words(match: re.Match[str]) -> str:
    import email.errors
    import email.header

    try:
        parts = email.header.decode_header(match.group())
    except (ValueError, email.errors.HeaderParseError):
        return match.group()
    return "".join(
        part if isinstance(part, str) else decode_mail(part, charset or "utf-8")[0]
        for part, charset in parts
    )


def header(mail: Mail, key: str) -> str:
    """A header's text; nothing where there is none."""
    return decoded(raw_header(mail, key))


def sender(mail: Mail) -> tuple[str, str]:
    """Name and address; taken apart before decoding, for an encoded name may hold anything."""
    name, address = name_and_address(raw_header(mail, "From"))
    return one_line(decoded(name)), address


def name_and_address(text: str) -> tuple[str, str]:
    """The two parts of a sender; many a mailer leaves the comma in `Virtanen, Maija <…>` bare."""
    if not text:
        return "", ""
    if match := _NAMED.fullmatch(text):
        name, address = match.groups()
    elif match := _BARE.fullmatch(text):
        name, address = "", match[1]
    else:
        import email.utils

        try:
            name, address = email.utils.parseaddr(text)
        except RecursionError:  # a long row of (
            return "", ""
    name = name.strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    return name, "".join(one_line(address).split())


def envelope(mail: Mail) -> Envelope:
    """What a reply must know: each value on one line, of bounded length, safe in a header."""
    references = _MESSAGE_ID.findall(raw_header(mail, "References", _MAX_LIST))
    references = references or _MESSAGE_ID.findall(raw_header(mail, "In-Reply-To"))[:1]
    if len(references) > _MAX_REFERENCES:
        references = [references[0], *references[1 - _MAX_REFERENCES :]]
    message_id = _MESSAGE_ID.search(raw_header(mail, "Message-ID"))
    return Envelope(
        message_id=one_line(message_id.group()) if message_id else "",
        references=one_line(" ".join(references), _MAX_LIST),
        sender=_addresses(raw_header(mail, "From")),
        reply_to=_addresses(raw_header(mail, "Reply-To")),
        to=_addresses(raw_header(mail, "To", _MAX_LIST)),
        cc=_addresses(raw_header(mail, "Cc", _MAX_LIST)),
        date=one_line(raw_header(mail, "Date"), 100),
    )


def _addresses(text: str) -> str:
    """A list of addresses with their names decoded, and quoted where they could be read as more
    addresses than one."""
    if not text:
        return ""
    one = _NAMED.fullmatch(text)
    if (one and not ("@" in one[1] and "," in one[1])) or _BARE.fullmatch(text):
        pairs = [name_and_address(text)]
    else:
        import email.utils

        try:
            pairs = email.utils.getaddresses([text])
        except RecursionError:
            return ""
    return ", ".join(filter(None, (_address(name, address) for name, address in pairs)))


def _address(name: str, address: str) -> str:
    name = one_line(decoded(name), 200)
    address = "".join(one_line(address).split())
    if _SPECIAL.search(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if "@" not in address or len(address) > 320 or re.search('[<>,;"]', address):
        return ""
    return f"{name} <{address}>" if name else address


def parameters(part: Mail, key: str = "content-type") -> dict[str, str]:
    """The parameters of a header that says what a part is; broken ones are left out."""
    value = fields(part).get(key, "")
    _, semicolon, rest = value.partition(";")
    if not semicolon:
        return {}
    if "*" not in rest and "\\" not in rest:
        pairs = [(name, quoted or bare) for name, quoted, bare in _PARAMETER.findall(value)]
    else:
        pairs = _long_parameters(part, key)
    found: dict[str, str] = {}
    for name, text in pairs:
        found.setdefault(name.lower(), text.strip())
    return found


def _long_parameters(part: Mail, key: str) -> list[tuple[str, str]]:
    """Parameters with escapes, or in pieces and charsets of their own (RFC 2231)."""
    import email.utils

    try:
        pairs: list[tuple[str, Any]] = part.get_params([], key, unquote=True)[1:]
        return [(name, email.utils.collapse_rfc2231_value(text)) for name, text in pairs]
    except (ValueError, LookupError, TypeError, AttributeError):
        return []
