"""Reads a customer's message (mail, JSON, text): what was written now, apart from the rest."""

from __future__ import annotations

import codecs
import email
import email.header
import email.utils
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import Message as Mail
from pathlib import Path
from typing import Any

from replykit.config import CHANNELS
from replykit.errors import ReplyKitError

# More text than this tells nothing more about the matter, and bounds the time of all that follows.
MAX_CHARACTERS = 200_000
_MAX_BYTES = 64_000_000
_MAX_HEADER = 2000
_MAX_HEADERS = 1_000_000
_MAX_NESTING = 20


@dataclass(frozen=True)
class Message:
    """One incoming message, as far as it could be read.

    `text` is what the sender wrote now; `quoted` is earlier mail; `notes` are things that a
    person should know of how it was read (bad encoding, cut).
    """

    text: str
    subject: str = ""
    sender_name: str = ""
    sender_address: str = ""
    channel: str = ""
    lang: str = ""
    quoted: str = ""
    signature: str = ""
    kind: str = "customer"
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def known(self) -> str:
        """All that the customer has said here, subject first: where facts are looked for."""
        return "\n".join(part for part in (self.subject, self.text, self.signature) if part)

    @property
    def matter(self) -> str:
        """What is to be answered: the text, with a subject that says more than `Re:`."""
        subject = REPLY_PREFIX.sub("", self.subject).strip()
        if not subject or subject.casefold() in self.text.casefold():
            return self.text
        return f"{subject}\n{self.text}".strip()


REPLY_PREFIX = re.compile(r"^(?:\s*(?:re|vs|vl|sv|fw|fwd|aw|wg)\s*:)+", re.IGNORECASE)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
_TERMINAL = re.compile("(?:\x1b\\[|\x9b)[0-?]{0,20}[ -/]{0,20}[@-~]")
_CONTROL_BYTES = bytes({*range(32)} - {*b"\t\n\r\f\x1b"})
# Not encodings of mail, and slow or raising on hostile bytes.
_NO_CHARSETS = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
# What calls itself Latin-1 or ASCII is in fact Windows-1252 (€ and curly quotes), as in browsers.
_WINDOWS = frozenset({"iso8859-1", "ascii"})
_ENCODED_WORDS = re.compile(
    r"(?:=\?[^?\s]{1,60}\?[bq]\?[^?]{0,500}\?=(?:\s+(?==\?))?)+", re.IGNORECASE
)
_MAIL_HEADER = re.compile(rb"\A(?:From |[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n)")
_MAIL_SIGNS = re.compile(
    rb"^(?:From|To|Subject|Date|Received|Message-ID|MIME-Version|Return-Path):",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTE_START = re.compile(
    r"""^(?:
        -{2,}\s*(?:original\ message|alkuperäinen\ viesti|alkup\.\ viesti|ursprungligt\ meddelande
          |forwarded\ message|välitetty\ viesti|edelleenlähetetty\ viesti)\s*-{2,}
      | \*?(?:from|lähettäjä|från|von)\s*:\s?.{1,200}$
      | _{20,}\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# "On 16 Nov 2026 at 9.12, Customer Service <desk@example.fi> wrote:"; a line of the customer's own
# ("the courier wrote to me:") has neither a time nor an address.
_ATTRIBUTION = re.compile(
    r"(?:wrote|skrev|a écrit|schrieb|escribió|ha scritto|schreef|kirjoitti)\b.{0,80}:$",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(r"\d[.:/]\d\d|\b(?:19|20)\d\d\b|\S@\S|\d\.\d+\.")
_HEADER_FIRST = re.compile(r"\*?(?:from|lähettäjä|från|von)\s*:|_{20}", re.IGNORECASE)
_HEADER_LINE = re.compile(
    r"^\*?(?:from|sent|to|date|subject|cc|lähettäjä|lähetetty|vastaanottaja|päivämäärä|päiväys|aihe"
    r"|kopio|från|skickat|till|ämne|von|gesendet|an|betreff)\s*:",
    re.IGNORECASE,
)
_MOBILE_FOOTER = re.compile(
    r"^(?:sent from my|sent from outlook|get outlook for|hanki outlook"
    r"|lähetetty .{0,30}(?:puhelime|iphone|ipad|android|outlook|laittee|mobiili)|skickat från min)",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"""^(?:(?:ystävällisin\ |parhain\ |yst\.?\ ?)?terv(?:eisin|eisiä|\.)?|yt\.?|t\.?
      |(?:kind\ |best\ |warm\ )?regards|best\ wishes|many\ thanks|yours\ (?:sincerely|faithfully)
      |sincerely|cheers|best|br|med\ vänliga?\ häls\w+|mvh|vänligen)\b
      [\s,.!:-]*(?P<name>.{0,60})$""",
    re.IGNORECASE | re.VERBOSE,
)


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
    _refuse_binary(data, name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    message = None
    if suffix == ".json" or (suffix not in (".eml", ".txt") and data.lstrip()[:1] == b"{"):
        message = _from_json(data, name, strict=suffix == ".json")
    if message is None and (suffix == ".eml" or _looks_like_mail(data)):
        message = _from_mail(data, name)
    if message is None:
        text, notes = _decode(data)
        message = _from_text(text)
        message = replace(message, notes=(*notes, *message.notes))
    if message.kind == "customer" and not message.matter.strip():
        raise ReplyKitError(f"{name}: the message has no text")
    return message


def decode_text(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Bytes of a text file, and what was odd about them. Raises ReplyKitError for a binary one."""
    _refuse_binary(data, name)
    text, notes = _decode(data)
    return text.replace("\r\n", "\n"), notes


def _refuse_binary(data: bytes, name: str) -> None:
    """Raises ReplyKitError for what begins as no text does (in UTF-16, NUL is half of a letter)."""
    head = data[:8192]
    controls = len(head) - len(head.translate(None, _CONTROL_BYTES))
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and (b"\0" in head or controls > len(head) / 20 or head.startswith(b"%PDF-")):
        raise ReplyKitError(f"{name}: a binary file; give text, or a message as .eml or .json")


def from_text(text: str) -> Message:
    """A message given as text. Raises ReplyKitError where there is none."""
    message = _from_text(text)
    if not message.text:
        raise ReplyKitError("the message has no text")
    return message


def clean(text: str) -> str:
    """The text without control characters, with plain line ends, cut to MAX_CHARACTERS."""
    text = text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")
    text = _TERMINAL.sub("", text).replace("\xa0", " ")
    text = _CONTROL.sub("", re.sub("[\x0b\x0c\x85\u2028\u2029]", "\n", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def split(text: str) -> tuple[str, str, str]:
    """A mail's text in three: what the sender wrote now, quoted mail, and the signature.

    Every line that is not blank is in one of them.
    """
    now: list[str] = []
    quoted: list[str] = []
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        header = _quote_header(lines, number)
        # Above lines with > stands only their header: an answer may follow below them.
        if header and not _is_marked(lines, number + header):
            quoted += lines[number:]
            break
        taken = lines[number : number + max(header, 1)]
        (quoted if header or taken[0].startswith(">") else now).extend(taken)
        number += len(taken)
    start = _signature_start(now)
    now, signature = now[:start], now[start:]
    return tuple("\n".join(part).strip() for part in (now, quoted, signature))  # type: ignore[return-value]


def sign_off_name(signature: str) -> str:
    """The name that stands in or below a sign-off, or nothing."""
    lines = [line.strip() for line in signature.split("\n") if line.strip(" -_")]
    for number, line in enumerate(lines[:3]):
        match = _SIGN_OFF.match(line)
        if match:
            name = match["name"] or (lines[number + 1] if number + 1 < len(lines) else "")
            return person_name(name)
    return ""


def person_name(text: str) -> str:
    """The text where it can be a person's name, in plain spaces, else nothing."""
    text = unicodedata.normalize("NFC", _CONTROL.sub(" ", text[:_MAX_HEADER]))
    text = " ".join(text.strip(" \t\"'<>,;.").split())
    last, comma, first = text.partition(", ")
    if comma and " " not in last and first:
        text = f"{first} {last}"
    words = text.split()
    if not 1 <= len(words) <= 4 or len(text) > 60:
        return ""
    letters = all(re.fullmatch(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*\.?", word) for word in words)
    if not letters or not text[0].isupper() or any(map(_is_no_name, words)):
        return ""
    return text


def _is_no_name(word: str) -> bool:
    """Whether a word tells that a shared mailbox or a firm is named, not a person."""
    plain = word.casefold().strip(".")
    return (
        plain in _MAILBOX_WORDS
        or plain.replace("-", "") in _MAILBOX_WORDS
        or plain.endswith(("palvelu", "palvelut", "service", ".com", ".fi", ".net", ".org"))
    )


_MAILBOX_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        info admin administrator office support team sales orders order billing invoices invoicing
        service services customer customers customerservice help helpdesk desk contact noreply reply
        donotreply mailer daemon mailerdaemon postmaster webmaster newsletter newsletters marketing
        shop store webshop accounts accounting feedback notification notifications
        tilaukset tilaus asiakas asiakaspalvelu asiakkaat tuki neuvonta toimisto kirjaamo myynti
        laskut laskutus verkkokauppa kauppa palaute posti viestintä markkinointi uutiskirje tiedotus
        hallinto talous ostot reskontra varaukset vastaanotto toimitus yritys firma
        kundtjänst kundservice beställningar faktura
        oy oyj ab ry ky tmi ltd limited inc llc gmbh plc aps
        """,
    )
)


def _quote_header(lines: list[str], number: int) -> int:
    """How many lines from here on say that earlier mail follows: none, one or two."""
    line = lines[number].strip()
    if _QUOTE_START.match(line):
        block = lines[number + 1 : number + 6]
        if not _HEADER_FIRST.match(line) or any(_HEADER_LINE.match(item.strip()) for item in block):
            return 1
    if _is_attribution(lines, number, line):
        return 1
    following = lines[number + 1].strip() if number + 1 < len(lines) else ""
    begins = re.match(r"(?:on|den|le|am|el|il|op|ma|ti|ke|to|pe|la|su)\b", line, re.IGNORECASE)
    if begins and following and _is_attribution(lines, number + 1, f"{line[:200]} {following}"):
        return 2
    return 0


def _is_attribution(lines: list[str], number: int, line: str) -> bool:
    """Whether the line, which ends at this number, names who wrote what follows."""
    if len(line) > 400 or not _ATTRIBUTION.search(line):
        return False
    return bool(_ATTRIBUTED.search(line)) or _is_marked(lines, number + 1)


def _is_marked(lines: list[str], number: int) -> bool:
    """Whether the first line from here on that is not blank begins with >."""
    following = (line for line in lines[number : number + 3] if line.strip())
    return next(following, "").startswith(">")


def _signature_start(lines: list[str]) -> int:
    """Where the signature begins: `-- `, a mobile footer, or a sign-off near the end."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    # What follows a sign-off is at most eight short lines, so only the last nine can be one.
    last = filled[-9:]
    for number in filled[1:]:
        line = lines[number].strip()
        if line == "--" or _MOBILE_FOOTER.match(line):
            return number
        if number in last and _is_sign_off(line):
            rest = lines[number + 1 :]
            if all(len(following) <= 80 for following in rest):
                return number
    return len(lines)


def _is_sign_off(line: str) -> bool:
    match = _SIGN_OFF.match(line)
    return match is not None and (not match["name"] or bool(person_name(match["name"])))


def _from_text(text: str) -> Message:
    cut = len(text) > MAX_CHARACTERS
    now, quoted, signature = split(clean(text))
    notes = (f"only the first {MAX_CHARACTERS} characters were read",) if cut else ()
    return Message(
        text=now or quoted,
        quoted=quoted if now else "",
        signature=signature,
        sender_name=sign_off_name(signature),
        notes=notes,
    )


def _looks_like_mail(data: bytes) -> bool:
    head = data[:4096].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return bool(_MAIL_HEADER.match(data)) and len(_MAIL_SIGNS.findall(head)) >= 2


def _decode(data: bytes, charset: str = "utf-8") -> tuple[str, tuple[str, ...]]:
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


def _from_json(data: bytes, name: str, strict: bool) -> Message | None:
    """A message from JSON. What is no such JSON raises ReplyKitError, or is None if not strict."""
    text, notes = _decode(data)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        if not strict:
            return None
        raise ReplyKitError(f"{name}: not valid JSON: {error}") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ReplyKitError(f'{name}: expected an object with "text"')
    message = from_record(record)
    return replace(message, notes=(*notes, *message.notes))


def from_record(record: dict[str, Any]) -> Message:
    """A message from a plain JSON object: text, subject, from, channel, lang."""
    message = _from_text(record["text"])
    sender = record.get("from")
    sender_name, address = "", ""
    if isinstance(sender, dict):
        sender_name, address = str(sender.get("name") or ""), str(sender.get("address") or "")
    elif isinstance(sender, str):
        sender_name, address = _name_and_address(clean(sender)[:_MAX_HEADER])
    channel = record.get("channel")
    return replace(
        message,
        subject=" ".join(clean(str(record.get("subject") or "")).split()),
        sender_name=person_name(sender_name) or message.sender_name,
        sender_address="".join(clean(address)[:_MAX_HEADER].split()),
        channel=channel if channel in CHANNELS else "",
        lang=record["lang"] if isinstance(record.get("lang"), str) else "",
    )


def _from_mail(data: bytes, name: str) -> Message:
    # The parser knows no byte order mark, and takes a blank line for the end of the header.
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if len(data) > _MAX_HEADERS and not re.search(rb"\n\r?\n", data[:_MAX_HEADERS]):
        raise ReplyKitError(f"{name}: this mail cannot be read (its header has no end)")
    try:
        mail = email.message_from_bytes(data)
        text, notes = _mail_text(mail)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError) as error:
        raise ReplyKitError(f"{name}: this mail cannot be read ({error})") from None
    subject, (sender_name, address) = _header(mail, "Subject"), _sender(mail)
    message = _from_text(text)
    kind, reasons = _kind(mail)
    return replace(
        message,
        subject=" ".join(clean(subject).split()),
        sender_name=person_name(sender_name) or message.sender_name,
        sender_address=address,
        channel="email",
        kind=kind,
        reasons=reasons,
        notes=(*notes, *message.notes),
    )


def _raw_header(mail: Mail, key: str) -> str:
    """A header as it stands in the mail, unfolded; bytes beyond ASCII as UTF-8 or Windows-1252."""
    for name, value in mail.raw_items():
        if name.lower() == key.lower():
            raw = str(value)[:_MAX_HEADER].encode("utf-8", "surrogateescape")
            try:
                text = raw.decode("utf-8")
            except UnicodeDecodeError:
                text = raw.decode("cp1252", "replace")
            return " ".join(text.split())
    return ""


def _decoded(text: str) -> str:
    """A header's text with its encoded words (=?utf-8?Q?…?=) decoded; broken ones stay."""

    def decode(match: re.Match[str]) -> str:
        try:
            parts = email.header.decode_header(match.group())
        except ValueError:  # among them binascii.Error
            return match.group()
        return "".join(
            part if isinstance(part, str) else _decode(part, charset or "utf-8")[0]
            for part, charset in parts
        )

    return _ENCODED_WORDS.sub(decode, text)


def _header(mail: Mail, key: str) -> str:
    return _decoded(_raw_header(mail, key))


def _sender(mail: Mail) -> tuple[str, str]:
    """Name and address; taken apart before decoding, for an encoded name may hold anything."""
    name, address = _name_and_address(_raw_header(mail, "From"))
    return clean(_decoded(name)), address


def _name_and_address(text: str) -> tuple[str, str]:
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
            text, notes = _decode(payload, _charset(part))
            text = _html_text(text) if kind == "text/html" else text
            if text.strip():
                return text, notes
    return "", ()


def _charset(part: Mail) -> str:
    try:
        return part.get_content_charset() or "utf-8"
    except (ValueError, LookupError):
        return "utf-8"


def _html_text(text: str) -> str:
    """HTML as plain text, links without their targets."""
    from html2text import HTML2Text

    text = _plain_html(text)[:MAX_CHARACTERS]
    converter = HTML2Text(bodywidth=0)
    converter.ignore_links = converter.ignore_images = converter.ignore_emphasis = True
    converter.ignore_tables = converter.unicode_snob = True
    try:
        found = converter.handle(text)
    except (AssertionError, ValueError, IndexError, RecursionError):
        found = re.sub(r"<[^<>]*>", " ", text)
    # Markdown would need these: 1\. \- \+
    return re.sub(r"^(\s*\d*)\\([.+-])", r"\1\2", found, flags=re.MULTILINE)


def _plain_html(text: str) -> str:
    """HTML without what a reader never sees, cut to a size that is quick to convert.

    Python's parser takes minutes for a long row of `<!--` or `<`, so those are taken out here, in
    time that grows with the length alone.
    """
    text = text[: MAX_CHARACTERS * 20]
    for start, end in (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>")):
        text = _without_blocks(text, start, end)
    text = re.sub(r"<[!?][^<>]*>", "", text)
    # A tag's attributes say nothing here; a < that begins no tag is a character.
    text = re.sub(r"<(/?[A-Za-z][A-Za-z0-9]{0,20})(?:[\s/][^<>]*)?>", r"<\1>", text)
    text = re.sub(r"<(?!/?[A-Za-z][A-Za-z0-9]{0,20}>)", "&lt;", text)
    return _flat(text)


def _flat(text: str) -> str:
    """The HTML without lists and quotations that lie too deep: each level indents all its lines."""
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag.group().startswith("</"):
            depth = max(0, depth - 1)
            return tag.group() if depth < _MAX_NESTING else ""
        depth += 1
        return tag.group() if depth <= _MAX_NESTING else ""

    return re.sub(r"</?(?:ul|ol|blockquote)>", keep, text, flags=re.IGNORECASE)


def _without_blocks(text: str, start: str, end: str) -> str:
    """The text without what lies between the marks; one that is never closed goes to the end."""
    kept: list[str] = []
    place, lower = 0, text.lower()
    if len(lower) != len(text):  # a few capital letters grow when they are made small
        lower = text
    while (begin := lower.find(start, place)) >= 0:
        kept.append(text[place:begin])
        close = lower.find(end, begin)
        if close < 0:
            return "".join(kept)
        place = close + len(end)
    return "".join([*kept, text[place:]])


def _kind(mail: Mail) -> tuple[str, tuple[str, ...]]:
    """Machine mail by the signs that machines are to set (RFC 3834, RFC 3464)."""
    automatic = _header(mail, "Auto-Submitted").strip().lower()
    if _sender(mail)[1].lower().startswith(("mailer-daemon@", "postmaster@")):
        return "bounce", (f"From: {_sender(mail)[1]}",)
    report = mail.get_content_type() == "multipart/report"
    if report or _header(mail, "Return-Path").strip() == "<>":
        return "bounce", ("multipart/report" if report else "Return-Path: <>",)
    if automatic and not automatic.startswith("no"):
        return "auto_reply", (f"Auto-Submitted: {automatic[:40]}",)
    for key in ("X-Autoreply", "X-Autorespond"):
        if _header(mail, key):
            return "auto_reply", (key,)
    precedence = _header(mail, "Precedence").strip().lower()
    if precedence in ("bulk", "list", "junk"):
        return "bulk", (f"Precedence: {precedence}",)
    for key in ("List-Id", "List-Unsubscribe"):
        if _header(mail, key):
            return "bulk", (key,)
    return "customer", ()
