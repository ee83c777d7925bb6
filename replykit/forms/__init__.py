"""Finds the customer in a mail that a web form, a helpdesk or another program sent for them."""

from __future__ import annotations

import re
from dataclasses import replace
from email.message import Message as Mail

from replykit.cleaning import split
from replykit.forms import relays
from replykit.forms.fields import ANSWER_WORDS, CONTACT, EMAIL, Field, first, read_fields
from replykit.kinds.headers import is_daemon, is_no_reply
from replykit.message import Message
from replykit.names import person_name, sign_off_name
from replykit.reading.headers import fields as header_fields
from replykit.reading.headers import header, name_and_address, sender

_FORM_SENDER = re.compile(
    r"^(?:wordpress|mailer|forms?|form-?submissions?|webform|web|website|www-data|lomake|lomakkeet"
    r"|formular|notifications?|alerts?|notify|system|nobody|contact-?form|enquiries|jotform"
    r"|typeform|webropol|lyyti|surveypal|netigate|voicemail|puheposti|chat)(?:[+._@-]|$)",
    re.IGNORECASE,
)
_FORM_SUBJECT = re.compile(
    r"submission|contact form|\bform\b|lomake|yhteydenot|formulär|formular|e-tjänst|enquiry|inquiry"
    r"|customer message|new (?:customer )?message|uusi viesti|nytt meddelande|question from"
    r"|kysymys|fråga|palaute\b|feedback|anmälan|ilmoitus|soittopyyn|takaisinsoit|call ?back"
    r"|uppringning|ring upp|yhteydenottopyyn|kontaktförfrågan|vikailmoitus|reklamaatio",
    re.IGNORECASE,
)
_FORM_HEADERS = ("x-wpcf7-content-type", "x-shopify-shop", "x-php-originating-script", "x-form-id")
_VIA = re.compile(
    r"^['\"]?(?P<name>[^\n]{1,80}?)['\"]? (?:via|kautta|genom) .{1,80}$", re.IGNORECASE
)
_FOR_COMPANY = re.compile(r"^(?P<name>[^()\n]{2,60}?)\s*\([^()\n]{1,60}\)$")
_NOBODY = {"anonymous", "anonyymi", "vierailija", "guest", "gäst", "visitor", "kävijä", "besökare"}
_SHORT_LINE = 60
_READ = 20_000


def from_form(mail: Mail, message: Message) -> Message:
    """The message with the customer as its sender and their own words as its text, where a program
    sent it for them; else the message as it is.

    The fields that are not the message stay in the text below it; those that name the customer go
    to the signature, what the program wrote to the quoted part. `customer` then says what the
    form said of them, and is empty where no form or relay wrote.
    """
    if is_daemon(mail):
        return message
    message = _from_list(mail, message)
    address = message.sender_address.lower()
    reply_to = _reply_to(mail, address)
    sends_for_others = (
        is_no_reply(address)
        or bool(_FORM_SENDER.match(address))
        or relays.is_spoken(mail, message.subject)
        or header(mail, "Auto-Submitted").lower().startswith("auto-generated")
        or (bool(reply_to[1]) and bool(_FORM_SUBJECT.search(message.subject)))
    )
    if sends_for_others or _has_labels(message.text):
        formed = _read(mail, message, reply_to, sends_for_others)
        if formed is not None:
            return formed
    if reply_to[1] and (sends_for_others or _is_tagged(address, reply_to[1])):
        name = _own_name(mail, message, reply_to[0])
        return replace(message, sender_name=name, sender_address=reply_to[1])
    return replace(message, sender_name=message.sender_name or _own_name(mail, message))


def _from_list(mail: Mail, message: Message) -> Message:
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


def _reply_to(mail: Mail, address: str) -> tuple[str, str]:
    """Name and address of Reply-To, where it is neither the sender nor we ourselves."""
    name, reply_to = name_and_address(header(mail, "Reply-To"))
    known = header_fields(mail)
    ours = f"{known.get('to', '')} {known.get('delivered-to', '')}".lower()
    if (
        not EMAIL.fullmatch(reply_to)
        or reply_to.lower() == address
        or is_no_reply(reply_to)
        or reply_to.lower() in ours
    ):
        return "", ""
    return ("" if "@" in name else name), reply_to


def _is_tagged(address: str, reply_to: str) -> bool:
    """A helpdesk's thread: support@… asks to answer to support+id123@…."""
    local, _, domain = address.partition("@")
    return reply_to.lower().startswith(f"{local}+") and reply_to.lower().endswith(f"@{domain}")


def _own_name(mail: Mail, message: Message, name: str = "") -> str:
    """The person's name in a sender such as `Sanna Mäkivuori (Vuokratalot Oy)`, in Reply-To, or in
    a sign-off."""
    match = _FOR_COMPANY.match(sender(mail)[0])
    person = person_name(match["name"]) if match else ""
    return person or person_name(name) or sign_off_name(message.signature)


def _has_labels(text: str) -> bool:
    """A cheap look for a form that comes from somebody's own address."""
    return "@" in text[:_READ] and ":" in text[:_READ]


def _read(
    mail: Mail, message: Message, reply_to: tuple[str, str], sends_for_others: bool
) -> Message | None:
    parts = [message.text, message.signature, message.quoted if sends_for_others else ""]
    text = "\n\n".join(part for part in parts if part)[:_READ]
    found = read_fields(text)
    if passed := relays.spoken(mail, message.subject, found):
        return replace(
            message,
            text=passed.text or message.text,
            quoted=passed.around,
            signature="",
            sender_name="",
            sender_address="",
            customer={"phone": passed.phone},
        )
    if not _is_form(mail, found, reply_to, sends_for_others):
        return _relayed(mail, message, found, text, reply_to) if sends_for_others else None
    name, address = _who(mail, found, reply_to)
    passed = relays.chat(message.subject, text, name)
    shaped = _chatted(message, passed, found) if passed else _shaped(message, found)
    return replace(
        shaped,
        sender_name=person_name(name) or sign_off_name(shaped.signature),
        sender_address=address or ("" if sends_for_others else message.sender_address),
        customer=_customer(found, name, address),
    )


def _is_form(
    mail: Mail, found: list[Field], reply_to: tuple[str, str], sends_for_others: bool
) -> bool:
    """Whether fields say who writes, and something that they wrote."""
    wrote = any(
        item.kind == "message" or (item.kind == "question" and len(item.text.split()) >= 3)
        for item in found
    )
    own = sender(mail)[1].lower()
    address = _address(mail, found)
    known = header_fields(mail)
    by_program = (
        any(key in known for key in _FORM_HEADERS)
        or "form" in known.get("x-hubspot-message-source", "").lower()
        or bool(_FORM_SUBJECT.search(header(mail, "Subject")))
    )
    names = {item.kind for item in found} & {"name", "first_name", "last_name", "phone", "from"}
    if address and address.lower() != own:
        return (wrote and (bool(names) or by_program or sends_for_others)) or (
            bool(names) and sends_for_others and by_program
        )
    told = wrote or (by_program and "phone" in names)
    return told and bool(names) and sends_for_others and (by_program or bool(reply_to[1]))


def _address(mail: Mail, found: list[Field]) -> str:
    """The address that the form's fields give, but not one of our own."""
    known = header_fields(mail)
    ours = f"{known.get('to', '')} {known.get('delivered-to', '')}".lower()
    for kinds in (("email",), ("from", "name")):
        match = EMAIL.search(first(found, *kinds))
        if match and match[0].lower() not in ours:
            return match[0].rstrip(".")
    return ""


def _who(mail: Mail, found: list[Field], reply_to: tuple[str, str]) -> tuple[str, str]:
    address = _address(mail, found) or reply_to[1]
    names = [
        f"{first(found, 'first_name')} {first(found, 'last_name')}".strip(),
        *(first([item], "name") for item in found if item.kind == "name"),
        first(found, "from"),
        reply_to[0],
    ]
    for name in names:
        plain = EMAIL.sub("", name).strip(" <>(),;")
        if plain and plain.casefold() not in _NOBODY and person_name(plain):
            return plain, address
    return "", address


def _customer(found: list[Field], name: str, address: str) -> dict[str, str]:
    said = {
        "name": name,
        "email": address,
        "phone": first(found, "phone")[:40],
        "company": first(found, "company")[:100].strip(" -–"),
    }
    return {key: value for key, value in said.items() if value}


def _shaped(message: Message, found: list[Field]) -> Message:
    """Text, signature and quoted part of a form's mail."""
    written = any(item.kind == "message" and item.text for item in found)
    text: list[str] = []
    kept: list[str] = []
    contact: list[str] = []
    frame: list[str] = []
    before: Field | None = None
    for item in found:
        if item.kind == "message" or _is_answer(item):
            text.append(item.text)
            frame.append(item.label)
        elif item.kind in CONTACT:
            contact += item.lines
        elif item.kind == "loose":
            (frame if _is_around(item, before, written, bool(text)) else kept).extend(item.lines)
        elif item.kind == "other" or (item.kind == "subject" and item.text not in message.subject):
            kept += item.lines
        else:
            frame += item.lines
        if item.kind != "loose":
            before = item
    now, quoted, signature = split("\n\n".join(part for part in text if part))
    body = "\n\n".join(part for part in (now, "\n".join(kept).strip()) if part)
    if not body:
        return message
    return replace(
        message,
        text=body,
        quoted=_joined([quoted, "\n".join(frame)]),
        signature=_joined([signature, "\n".join(contact)]),
    )


def _is_around(item: Field, before: Field | None, written: bool, begun: bool) -> bool:
    """Whether lines under no label are the program's: an introduction, the foot of its mail."""
    if before is None:
        return written
    return begun and before.kind == "frame" and len(item.text) <= _SHORT_LINE


def _is_answer(item: Field) -> bool:
    return item.kind == "question" and len(item.text.split()) >= ANSWER_WORDS


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part.strip() for part in parts if part.strip())


def _chatted(message: Message, passed: relays.Passed, found: list[Field]) -> Message:
    contact = [line for item in found if item.kind in CONTACT for line in item.lines]
    around = "\n".join(line for line in passed.around.split("\n") if line not in contact)
    return replace(message, text=passed.text, quoted=around.strip(), signature="\n".join(contact))


def _relayed(
    mail: Mail, message: Message, found: list[Field], text: str, reply_to: tuple[str, str]
) -> Message | None:
    """A message that a marketplace or a chat passed on, with an address to answer to."""
    name, address = _who(mail, found, reply_to)
    name = name or relays.named_in_subject(message.subject)
    passed = relays.marked(text) or relays.chat(message.subject, text, name)
    if passed is None:
        return None
    name = name or person_name(passed.name)
    if not name and not address:
        return None
    return replace(
        _chatted(message, passed, found),
        sender_name=name,
        sender_address=address,
        customer=_customer(found, name, address),
    )
