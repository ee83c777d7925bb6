"""Who writes, where the sender of a mail is a list, a department or a helpdesk."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import Message as Mail

from replykit.forms.fields import EMAIL
from replykit.kinds.headers import is_department, is_no_reply
from replykit.kinds.shape import first_names
from replykit.message import Message
from replykit.patterns import prepared
from replykit.reading.headers import fields as header_fields
from replykit.reading.headers import header, name_and_address, sender
from replykit.understanding.names import person_name, sign_off_name

_VIA = prepared(r"^['\"]?(?P<name>[^\n]{1,80}?)['\"]? (?:via|kautta|genom) .{1,80}$", re.IGNORECASE)
_FOR_COMPANY = prepared(r"^(?P<name>[^()\n]{2,60}?)\s*\([^()\n]{1,60}\)$")
_CLOSING = prepared(
    r"regards|terveis|hälsning|wishes|thanks|kiit|tack\b|cheers|greetings|grüße|sincerely|vänlig",
    re.IGNORECASE,
)
_LAST_LINES, _LONGEST = 8, 60


def from_list(mail: Mail, message: Message) -> Message:
    """`'Maija Virtanen' via Service <service@…>`: what a group's address makes of a sender."""
    name, address = sender(mail)
    via = _VIA.match(name)
    if not via:
        return message
    original = [name_and_address(header(mail, key)) for key in ("Reply-To", "X-Original-From")]
    original.append(("", header(mail, "X-Original-Sender")))
    for _, real in original:
        if EMAIL.fullmatch(real) and real.lower() != address.lower():
            return replace(message, sender_name=person_name(via["name"]), sender_address=real)
    return message


def reply_to(mail: Mail, address: str) -> tuple[str, str]:
    """Name and address of Reply-To, where it is neither the sender nor we ourselves."""
    name, other = name_and_address(header(mail, "Reply-To"))
    known = header_fields(mail)
    ours = f"{known.get('to', '')} {known.get('delivered-to', '')}".lower()
    if (
        not EMAIL.fullmatch(other)
        or other.lower() == address
        or is_no_reply(other)
        or other.lower() in ours
    ):
        return "", ""
    return ("" if "@" in name else name), other


def is_tagged(address: str, other: str) -> bool:
    """A helpdesk's thread: support@… asks to answer to support+id123@…."""
    local, _, domain = address.partition("@")
    return other.lower().startswith(f"{local}+") and other.lower().endswith(f"@{domain}")


def own_name(mail: Mail, message: Message, name: str = "") -> str:
    """The person's name in a sender such as `Sanna Mäkivuori (Vuokratalot Oy)`, in Reply-To, or in
    a sign-off."""
    match = _FOR_COMPANY.match(sender(mail)[0])
    person = person_name(match["name"]) if match else ""
    return person or person_name(name) or sign_off_name(message.signature)


def closing_name(message: Message) -> str:
    """The name of a person that a letter of a firm or department ends with, on a line of its own
    or with their title: `Dora Kask, shop manager`."""
    lines = message.text.split("\n")[-2 * _LAST_LINES :]
    filled = [number for number, line in enumerate(lines) if line.strip()][-_LAST_LINES:]
    after_blank = [lines[n].strip() for n in filled if n and not lines[n - 1].strip()]
    after_blank += [lines[n].strip() for n in filled[-1:]]
    signed = [line.strip() for line in message.signature.split("\n")[:3]]
    for line in (*after_blank, *signed):
        name = person_name(line.partition(", ")[0]) if len(line) <= _LONGEST else ""
        if is_written_as_name(name):
            return name
    return ""


def persons_name(message: Message, name: str, address: str) -> str:
    """The name that a letter ends with, where the sender's is none or may be that of a firm."""
    if name and _has_first_name(name):
        return name
    closing = closing_name(message)
    may_be_firm = not name or is_department(address.partition("@")[0])
    return closing if closing and (may_be_firm or _has_first_name(closing)) else name


def _has_first_name(name: str) -> bool:
    words = name.lower().replace("-", " ").split()
    return any(word in first_names() for word in words)


def is_written_as_name(text: str) -> bool:
    """Whether a line is two or three words, each with a capital letter, that can be a name."""
    words = text.split()
    return (
        2 <= len(words) <= 3
        and all(word[0].isupper() for word in words)
        and bool(person_name(text))
        and not _CLOSING.search(text)
    )
