"""Finds the customer in a mail that a web form, a helpdesk or another program sent for them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from email.message import Message as Mail

from replykit.cleaning import split
from replykit.forms import relays, senders
from replykit.forms.fields import ANSWER_WORDS, CONTACT, EMAIL, Field, first, read_fields
from replykit.kinds.headers import is_daemon, is_program
from replykit.message import REPLY_PREFIX, Message
from replykit.patterns import prepared
from replykit.reading.headers import fields as header_fields
from replykit.reading.headers import header, sender
from replykit.reading.parts import body, content_type
from replykit.reading.text import readable
from replykit.understanding.names import person_name, sign_off_name

_FORM_SENDER = prepared(
    r"^(?:wordpress|mailer|forms?|form-?submissions?|webform|web|website|www-data|lomake|lomakkeet"
    r"|formular|notifications?|alerts?|notify|system|nobody|contact-?form|enquiries|jotform"
    r"|typeform|webropol|lyyti|surveypal|netigate|voicemail|puheposti|chat)(?:[+._@-]|$)",
    re.IGNORECASE,
)
_FORM_SUBJECT = prepared(
    r"submission|contact form|\bform\b|lomake|yhteydenot|formulär|formular|e-tjänst|enquiry|inquiry"
    r"|customer message|new (?:customer )?message|uusi viesti|nytt meddelande|question from"
    r"|kysymys|fråga|palaute\b|feedback|anmälan|ilmoitus|soittopyyn|takaisinsoit|call ?back"
    r"|uppringning|ring upp|yhteydenottopyyn|kontaktförfrågan|vikailmoitus|reklamaatio",
    re.IGNORECASE,
)
_LABELS = prepared(
    r"^\W{0,4}(?:\w+ ){0,2}(?:name|e-?mail|message|phone|nimi|sähköposti\w*|viesti|puhelin\w*|namn"
    r"|e-?post|meddelande|telefon|nachricht|from|lähettäjä|från)\b",
    re.IGNORECASE | re.MULTILINE,
)
_FORM_HEADERS = ("x-wpcf7-content-type", "x-shopify-shop", "x-php-originating-script", "x-form-id")
_NOBODY = {"anonymous", "anonyymi", "vierailija", "guest", "gäst", "visitor", "kävijä", "besökare"}
_WORD = re.compile(r"\w+")
_SHORT_LINE = 25
_READ = 20_000
_NUMBER, _FEW, _INTRODUCTION = 7, 3, 8


def from_form(mail: Mail, message: Message) -> Message:
    """The message with the customer as its sender and their own words as its text, where a program
    sent it for them; else the message as it is.

    The fields that are not the message stay in the text below it; those that name the customer go
    to the signature, what the program wrote to the quoted part. `customer` then says what the
    form said of them, and is empty where no form or relay wrote.
    """
    if is_daemon(mail):
        return message
    given = _whole(mail, senders.from_list(mail, message))
    formed = _formed(mail, given)
    formed = formed if formed.text else given
    if not formed.sender_address and given.sender_address != message.sender_address:
        formed = _with_address(formed, given.sender_address)  # a list's sender, whom no field names
    before, after = ((it.text, it.quoted, it.signature) for it in (message, formed))
    left = _left_out(before, after) if before != after else ""
    return replace(formed, quoted=_joined([formed.quoted, left])) if left else formed


def _with_address(message: Message, address: str) -> Message:
    customer = {**message.customer, "email": address} if message.customer else {}
    return replace(message, sender_address=address, customer=customer)


def _left_out(before: Iterable[str], after: Iterable[str]) -> str:
    """The lines that a mail held and its reading as a form does not: beside a chat's words their
    time, attached mail, what stands below a very long form."""
    kept = Counter(_WORD.findall("\n".join(after)))
    left = []
    for line in "\n".join(before).split("\n"):
        words = _WORD.findall(line)
        kept.subtract(words)
        if any(kept[word] < 0 for word in words):
            left.append(line)
            kept.update(words)
    return "\n".join(left)


def _formed(mail: Mail, message: Message) -> Message:
    address = message.sender_address.lower()
    reply_to = senders.reply_to(mail, address)
    by_program = (
        is_program(address.partition("@")[0])
        or bool(_FORM_SENDER.match(address))
        or relays.is_spoken(mail, message.subject)
        or header_fields(mail).get("auto-submitted", "").lower().startswith("auto-generated")
    )
    for_others = by_program or (bool(reply_to[1]) and bool(_FORM_SUBJECT.search(message.subject)))
    if for_others or _has_labels(message):
        formed = _read(mail, message, reply_to, for_others)
        if formed is not None:
            return formed
    if reply_to[1] and (by_program or senders.is_tagged(address, reply_to[1])):
        name = senders.own_name(mail, message, reply_to[0]) or senders.closing_name(message)
        return replace(message, sender_name=name, sender_address=reply_to[1])
    name = message.sender_name or senders.own_name(mail, message)
    name = senders.persons_name(message, name, address)
    if " " not in name and is_program(address.partition("@")[0]):
        name = ""
    return message if name == message.sender_name else replace(message, sender_name=name)


def _whole(mail: Mail, message: Message) -> Message:
    """A mail that answers none has quoted none: what looked like it was a form's or relay's own."""
    if _answers(mail, message) or not message.quoted or len(message.text.split()) > _FEW:
        return message
    return replace(message, text=f"{message.text}\n\n{message.quoted}".strip(), quoted="")


def _answers(mail: Mail, message: Message) -> bool:
    known = header_fields(mail)
    return (
        bool(REPLY_PREFIX.match(message.subject)) or "in-reply-to" in known or "references" in known
    )


def _has_labels(message: Message) -> bool:
    """A cheap look for a form that comes from somebody's own address."""
    parts = (message.text, message.signature, message.quoted)
    text = "\n".join(part[:_READ] for part in parts if "@" in part)
    return bool(text) and len(_LABELS.findall(text)) > 1


def _read(
    mail: Mail, message: Message, reply_to: tuple[str, str], sends_for_others: bool
) -> Message | None:
    if sends_for_others or not _answers(mail, message):
        # As it stands in the mail: cleaning takes fields for quoted headers, or for a signature.
        text = readable(body(mail).text)[:_READ]
    else:  # a form may stand in the quoted mail, which is another's
        text = f"{message.text}\n\n{message.signature}"[:_READ]
    found = read_fields(text, alone=sends_for_others)
    if sends_for_others:
        _name_answers(found)
    passed = relays.spoken(mail, message.subject, found)
    if passed and not passed.text and not _has_sound(mail):
        return None  # a call that was missed, a fax
    if passed:
        own = sender(mail)[1]  # a gateway may give each number an address that takes answers
        number = re.sub(r"\D", "", passed.phone)[-_NUMBER:]
        return replace(
            message,
            text=passed.text or message.text,
            quoted=passed.around,
            signature="",
            sender_name="",
            sender_address=reply_to[1] or (own if number in own else ""),
            customer={"phone": passed.phone},
        )
    if not _is_form(mail, found, reply_to, sends_for_others):
        if not sends_for_others:
            return None
        relayed = _relayed(mail, message, found, text, reply_to)
        # What looked like quoted mail may be all that there is.
        few = len(message.text.split()) <= _FEW and bool(message.quoted)
        return (
            replace(message, text=text, quoted="", signature="") if few and not relayed else relayed
        )
    name, address = _who(mail, found, reply_to)
    passed = relays.chat(message.subject, text, name)
    shaped = _chatted(message, passed, found) if passed else _shaped(message, found)
    return replace(
        shaped,
        sender_name=person_name(name)
        or person_name(name.title())
        or sign_off_name(shaped.signature),
        sender_address=address or ("" if sends_for_others else message.sender_address),
        customer=_customer(found, name, address),
    )


def _name_answers(found: list[Field]) -> None:
    """`Where can we reach you?` and an address: a question is told by its answer."""
    for item in found:
        if item.kind == "question" and EMAIL.fullmatch(item.text):
            item.kind = "email"
    kinds = {item.kind for item in found}
    if "email" not in kinds or kinds & {"name", "first_name"}:
        return
    for item in found:
        if item.kind == "question" and senders.is_written_as_name(item.text):
            item.kind = "name"
            return


def _has_sound(mail: Mail) -> bool:
    parts = mail.get_payload() if mail.is_multipart() else None
    return isinstance(parts, list) and any(
        content_type(part).startswith("audio/") for part in parts[:20] if isinstance(part, Mail)
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
    given, family = first(found, "first_name"), first(found, "last_name")
    names = [
        *(first([item], "name") for item in found if item.kind == "name"),
        f"{given} {family}".strip(),
        first(found, "from"),
        reply_to[0],
    ]
    for name in names:
        plain = EMAIL.sub("", name).strip(" <>(),;")
        if plain and plain.casefold() not in _NOBODY and person_name(plain.title()):
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
        if item.kind == "question" and item.asked_above:
            # The form's question, or the customer's own: nobody can tell.
            text.append("\n".join((item.label, item.text)))
        elif item.kind == "message" or _is_answer(item):
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
        introduces = len(item.text.split()) <= _INTRODUCTION or _FORM_SUBJECT.search(item.text)
        return written and bool(introduces)
    foot = len(item.text) <= _SHORT_LINE or "://" in item.text
    return begun and before.kind == "frame" and foot


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
    passed = relays.chat(message.subject, text, name) or relays.marked(text)
    if passed is None:
        return None
    name = name or person_name(passed.name)
    if not name and not address and passed.marked:
        # A nickname, and an address of the marketplace that passes on what is sent to it.
        own = sender(mail)[1]
        address = "" if is_program(own.partition("@")[0]) else own
    if not name and not address:
        return None
    return replace(
        _chatted(message, passed, found),
        sender_name=name,
        sender_address=address,
        customer=_customer(found, name, address),
    )
