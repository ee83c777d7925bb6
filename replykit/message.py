"""Reads a customer's message (mail, JSON, text) and separates what was written now from the rest."""

from __future__ import annotations

import email
import email.policy
import email.utils
import html
import json
import re
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from replykit.config import CHANNELS
from replykit.errors import ReplyKitError

# More text than this tells nothing more about the matter, and bounds the time of all that follows.
MAX_CHARACTERS = 200_000
_MAX_BYTES = 64_000_000


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
        subject = _REPLY_PREFIX.sub("", self.subject).strip()
        if not subject or subject.casefold() in self.text.casefold():
            return self.text
        return f"{subject}\n{self.text}"


_REPLY_PREFIX = re.compile(r"^(?:\s*(?:re|vs|vl|sv|fw|fwd|aw|wg)\s*:)+", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_MAIL_HEADER = re.compile(rb"\A(?:From |[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n)")
_MAIL_SIGNS = re.compile(
    rb"^(?:From|To|Subject|Date|Received|Message-ID|MIME-Version|Return-Path):",
    re.IGNORECASE | re.MULTILINE,
)
_QUOTE_START = re.compile(
    r"""^(?:
        (?:on|den|le|am|el|il|op)\b.{0,200}\b(?:wrote|skrev|a\ écrit|schrieb|escribió|ha\ scritto|schreef)\s*:\s*$
      | .{0,200}\bkirjoitti\b.{0,80}:\s*$
      | -{2,}\s*(?:original\ message|alkuperäinen\ viesti|ursprungligt\ meddelande|forwarded\ message|välitetty\ viesti)\s*-{2,}
      | (?:from|lähettäjä|från|von)\s*:\s.{1,200}$
      | _{20,}\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_HEADER_LINE = re.compile(
    r"^(?:sent|to|date|subject|cc|lähetetty|vastaanottaja|päivämäärä|aihe|kopio|skickat|till|ämne"
    r"|gesendet|an|betreff)\s*:",
    re.IGNORECASE,
)
_MOBILE_FOOTER = re.compile(
    r"^(?:sent from my|get outlook for|lähetetty .{0,30}(?:puhelime|iphone|ipad|android|outlook)"
    r"|skickat från min)",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"^(?:ystävällisin\ terveisin|parhain\ terveisin|terveisin|terveisiä|terv\.?|yst\.?\ ?terv\.?|yt\.?|t\.?"
    r"|kind\ regards|best\ regards|regards|best\ wishes|many\ thanks|yours\ sincerely|yours\ faithfully"
    r"|sincerely|cheers|best|br|med\ vänlig(?:a)?\ häls\w+|mvh|vänligen)\b[\s,.!:-]*(?P<name>.{0,60})$",
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
    if suffix == ".json" or (suffix != ".eml" and data.lstrip()[:1] == b"{"):
        message = _from_json(data, name)
    elif suffix == ".eml" or _looks_like_mail(data):
        message = _from_mail(data, name)
    else:
        text, notes = decode_text(data, name)
        message = _from_text(text)
        message = replace(message, notes=(*notes, *message.notes))
    if not message.matter.strip():
        raise ReplyKitError(f"{name}: the message has no text")
    return message


def decode_text(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Bytes of a text file, and what was odd about them. Raises ReplyKitError for a binary one."""
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReplyKitError(f"{name}: a binary file; give text, or a message as .eml or .json")
    text, notes = _decode(data)
    return text.replace("\r\n", "\n"), notes


def from_text(text: str) -> Message:
    """A message given as text. Raises ReplyKitError where there is none."""
    message = _from_text(text)
    if not message.text:
        raise ReplyKitError("the message has no text")
    return message


def clean(text: str) -> str:
    """The text without control characters, with plain line ends, cut to MAX_CHARACTERS."""
    text = text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text.replace("\u2028", "\n").replace("\u2029", "\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def split(text: str) -> tuple[str, str, str]:
    """A mail's text in three: what the sender wrote now, quoted mail, and the signature."""
    now: list[str] = []
    quoted: list[str] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if _QUOTE_START.match(line.strip()) and _is_quote(lines, number):
            quoted += lines[number:]
            break
        (quoted if line.startswith(">") else now).append(line)
    signature: list[str] = []
    start = next((n for n, line in enumerate(now) if _ends_text(now, n, line)), None)
    if start is not None and any(line.strip() for line in now[:start]):
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
    text = " ".join(_CONTROL.sub(" ", text).strip(" \t\"'<>,;.").split())
    last, comma, first = text.partition(", ")
    if comma and " " not in last and first:
        text = f"{first} {last}"
    words = text.split()
    if not 1 <= len(words) <= 4 or len(text) > 60:
        return ""
    letters = all(re.fullmatch(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*\.?", word) for word in words)
    return text if letters and text[0].isupper() else ""


def _is_quote(lines: list[str], number: int) -> bool:
    """A header block needs a second header line; other quote headers stand for themselves."""
    line = lines[number].strip()
    if re.match(r"(?:from|lähettäjä|från|von)\s*:|_{20}", line, re.IGNORECASE):
        return any(_HEADER_LINE.match(following.strip()) for following in lines[number + 1 :][:5])
    return True


def _ends_text(lines: list[str], number: int, line: str) -> bool:
    """Whether the signature begins here: `-- `, a mobile footer, or a sign-off near the end."""
    if line.rstrip() == "--" or _MOBILE_FOOTER.match(line.strip()):
        return True
    rest = [following for following in lines[number + 1 :] if following.strip()]
    match = _SIGN_OFF.match(line.strip())
    if not match or len(rest) > 8 or any(len(following) > 80 for following in rest):
        return False
    return not match["name"] or bool(person_name(match["name"]))


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
    try:
        return data.decode("utf-8-sig" if charset == "utf-8" else charset), ()
    except (UnicodeDecodeError, LookupError):
        pass
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        note = "not valid UTF-8; unreadable characters were replaced"
        return data.decode("utf-8", "replace"), (note,)


def _from_json(data: bytes, name: str) -> Message:
    text, notes = _decode(data)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReplyKitError(f"{name}: not valid JSON: {error}") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ReplyKitError(f'{name}: expected an object with "text"')
    return replace(from_record(record), notes=notes)


def from_record(record: dict[str, Any]) -> Message:
    """A message from a plain JSON object: text, subject, from, channel, lang."""
    message = _from_text(record["text"])
    sender = record.get("from")
    sender_name, address = "", ""
    if isinstance(sender, dict):
        sender_name, address = str(sender.get("name") or ""), str(sender.get("address") or "")
    elif isinstance(sender, str):
        sender_name, address = email.utils.parseaddr(clean(sender))
    channel = record.get("channel")
    return replace(
        message,
        subject=" ".join(clean(str(record.get("subject") or "")).split()),
        sender_name=person_name(sender_name) or message.sender_name,
        sender_address=address,
        channel=channel if channel in CHANNELS else "",
        lang=record["lang"] if isinstance(record.get("lang"), str) else "",
    )


def _from_mail(data: bytes, name: str) -> Message:
    try:
        mail = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        text, notes = _mail_text(mail)
        subject, (sender_name, address) = _header(mail, "Subject"), _sender(mail)
    except (ValueError, LookupError, RecursionError, AttributeError, IndexError) as error:
        raise ReplyKitError(f"{name}: this mail cannot be read ({error})") from None
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


def _header(mail: EmailMessage, key: str) -> str:
    """A header's text; the parser raises many things on broken ones, which then count as empty."""
    try:
        return str(mail.get(key, ""))
    except Exception:
        return ""


def _sender(mail: EmailMessage) -> tuple[str, str]:
    name, address = email.utils.parseaddr(_header(mail, "From"))
    return clean(name), "".join(clean(address).split())


def _mail_text(mail: EmailMessage) -> tuple[str, tuple[str, ...]]:
    """The first plain part that has text, else the HTML as text."""
    parts = [part for part in mail.walk() if not part.is_multipart()]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() != kind or part.get_content_disposition() == "attachment":
                continue
            payload = part.get_payload(decode=True)
            if not isinstance(payload, bytes):
                continue
            text, notes = _decode(payload, part.get_content_charset() or "utf-8")
            text = _html_text(text) if kind == "text/html" else text
            if text.strip():
                return text, notes
    return "", ()


def _html_text(text: str) -> str:
    """HTML as plain text, links without their targets."""
    from html2text import HTML2Text

    converter = HTML2Text(bodywidth=0)
    converter.ignore_links = converter.ignore_images = converter.ignore_emphasis = True
    try:
        return html.unescape(converter.handle(text[: MAX_CHARACTERS * 4]))
    except (AssertionError, ValueError, IndexError, RecursionError):
        return html.unescape(re.sub(r"<[^<>]{0,2000}>", " ", text[: MAX_CHARACTERS * 4]))


def _kind(mail: EmailMessage) -> tuple[str, tuple[str, ...]]:
    """Machine mail by the signs that machines are to set (RFC 3834, RFC 3464)."""
    automatic = _header(mail, "Auto-Submitted").strip().lower()
    report = mail.get_content_type() == "multipart/report"
    if report or _header(mail, "Return-Path").strip() == "<>":
        return "bounce", ("multipart/report" if report else "Return-Path: <>",)
    if automatic and not automatic.startswith("no"):
        return "auto_reply", (f"Auto-Submitted: {automatic[:40]}",)
    if _header(mail, "List-Id") or _header(mail, "Precedence").strip().lower() == "bulk":
        sign = "List-Id" if _header(mail, "List-Id") else "Precedence: bulk"
        return "bulk", (sign,)
    return "customer", ()
