"""Builds the mail that answers a message: recipients, thread, and the original quoted below."""

from __future__ import annotations

import email.utils
import hashlib
import quopri
import re
from dataclasses import dataclass
from datetime import datetime

from replykit.config import Settings
from replykit.draft import Draft
from replykit.filling.letters import Letters, letters
from replykit.masks import mask
from replykit.message import Envelope, Message
from replykit.reading.mailboxes import (
    Mailbox,
    address_header,
    folded,
    is_address,
    mailboxes,
    one_line,
    text_header,
)
from replykit.writing.flowed import flowed

# RFC 5322 sets no limit to References; servers do. The first begins the thread, the last lead here.
_MOST_REFERENCES = 20
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")
_NO_REPLY = re.compile(r"(?:no|do-?not)[-_.]?reply@", re.IGNORECASE)
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_NO_DOMAIN = "replykit.invalid"
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# A line of mail may have 998 bytes (RFC 5322); what has longer ones is encoded.
_LONGEST_LINE = 998


@dataclass(frozen=True)
class Reply:
    """A mail as bytes, and what its sender should look at before it goes."""

    data: bytes
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Recipients:
    """Who gets a reply, in whose name it goes, and what its sender should look at."""

    to: list[Mailbox]
    cc: list[Mailbox]
    own_domain: str
    notes: tuple[str, ...]


def reply_mail(draft: Draft, message: Message | None, settings: Settings, now: datetime) -> Reply:
    """A draft as a mail that answers the message; a new mail where there is none.

    Without `agent.address` it has no From, which the program that sends it fills in. The same
    draft at the same `now` gives the same bytes, so that nothing goes out twice under two ids.
    """
    envelope = (message.envelope if message else None) or Envelope()
    who = _recipients(message, envelope, settings)
    text = _body(draft, message, envelope, settings)
    body, encoding = _transfer(text)
    headers = []
    if settings.agent_address:
        own = Mailbox(one_line(settings.agent_name), settings.agent_address)
        headers.append(address_header("From", [own]))
    if who.to:
        headers.append(address_header("To", who.to))
    if who.cc:
        headers.append(address_header("Cc", who.cc))
    if draft.subject:
        headers.append(text_header("Subject", mask(draft.subject)))
    headers.append(folded("Date", email.utils.format_datetime(now).split(" ")))
    answered = _MESSAGE_ID.findall(envelope.message_id)[:1]
    unique = hashlib.sha256("\n".join([*headers, *answered, text]).encode()).hexdigest()
    id = f"<{now:%Y%m%d%H%M%S}.{unique[:24]}@{who.own_domain or _NO_DOMAIN}>"
    headers.append(folded("Message-ID", [id]))
    if answered:
        headers.append(folded("In-Reply-To", answered))
    if thread := _thread(envelope, answered):
        headers.append(folded("References", thread))
    headers += [
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8; format=flowed",
        f"Content-Transfer-Encoding: {encoding}",
    ]
    return Reply("\n".join(headers).encode() + b"\n\n" + body, who.notes)


# Recipients


def _recipients(message: Message | None, envelope: Envelope, settings: Settings) -> _Recipients:
    """Who gets the reply: Reply-To, else From; of To and Cc those who are not ourselves.

    A web form's mail is for the customer that it names alone: its other recipients are ours.
    """
    sender, addressed = mailboxes(envelope.sender), mailboxes(envelope.to)
    asked, copied = mailboxes(envelope.reply_to), mailboxes(envelope.cc)
    own = {settings.agent_address.lower(), *(alias.lower() for alias in settings.agent_aliases)}
    known = any(box.key in own for box in (*sender, *asked, *addressed, *copied))
    # A mail that came here, so its only recipient is us.
    desk = addressed[0].address if len(addressed) == 1 and not known else ""
    ours = own | {desk.lower()}
    notes = []
    named = _named(message)
    if named and named.key not in {box.key for box in sender or asked}:
        to, others = [named], []
    else:
        near = (_without(boxes, ours) for boxes in (asked, sender, addressed))
        to = next(filter(None, near), asked or sender)  # the last: a mail to oneself
        others = addressed + copied
        if to and sender and to[0].key not in {box.key for box in sender} and to[0] in asked:
            notes.append(
                f"the reply goes to {to[0].address}, as Reply-To asks, not to {sender[0].address}"
            )
    cc = _without(others, ours | {box.key for box in (*to, *sender)})
    if cc and not desk and not known:
        notes.append(
            "all whom the message went to get a copy: agent.address and agent.aliases do not say "
            "which of them is you"
        )
    notes += _warnings(message, to)
    domain = (settings.agent_address or desk).rpartition("@")[2]
    return _Recipients(to, cc, domain if _DOMAIN.fullmatch(domain) else "", tuple(notes))


def _named(message: Message | None) -> Mailbox | None:
    """The sender as the reading understood it: of a web form's mail, the customer."""
    if message is None or not is_address(message.sender_address):
        return None
    return Mailbox(one_line(message.sender_name)[:100], message.sender_address)


def _without(boxes: list[Mailbox], keys: set[str]) -> list[Mailbox]:
    found = {box.key: box for box in reversed(boxes) if box.key not in keys}
    return list(reversed(found.values()))


def _warnings(message: Message | None, to: list[Mailbox]) -> list[str]:
    found = []
    if message and message.kind != "customer":
        found.append(f"the message is machine mail ({message.kind}); a reply may not be wanted")
    if not to:
        found.append("nobody is known whom the reply could go to; fill in To yourself")
    return found + [f"{box.address} takes no replies" for box in to if _NO_REPLY.match(box.address)]


def _thread(envelope: Envelope, answered: list[str]) -> list[str]:
    """The ids of the thread, the oldest first and the one that is answered last."""
    ids = [id for id in _MESSAGE_ID.findall(envelope.references) if id not in answered]
    ids = [*dict.fromkeys(ids), *answered]
    return ids if len(ids) <= _MOST_REFERENCES else [ids[0], *ids[1 - _MOST_REFERENCES :]]


# Text


def _body(draft: Draft, message: Message | None, envelope: Envelope, settings: Settings) -> str:
    """The reply and, below it, what it answers; chats and tickets keep their own history."""
    text = flowed(_lines(draft.text).strip("\n"))
    original = _original(message) if message and settings.reply_quote else ""
    if draft.channel != "email" or message is None or not original:
        return f"{text}\n"
    head = flowed(_attribution(message, envelope, letters(draft.lang) or letters("en")))
    quoted = flowed(original, quoted=True)
    return "\n\n".join([text, f"{head}\n{quoted}" if head else quoted]) + "\n"


def _original(message: Message) -> str:
    """What this sender wrote now, signature included; earlier mail is in the thread.

    Card and identity numbers are masked: a copy of them must not go through the mail again.
    """
    parts = (_lines(message.text), _lines(message.signature))
    return mask("\n\n".join(part for part in parts if part.strip()).strip("\n"))


def _attribution(message: Message, envelope: Envelope, words: Letters | None) -> str:
    """The line that says who wrote what follows and, on the sender's own clock, when."""
    address = message.sender_address
    names = [box.name for box in mailboxes(envelope.sender) if box.address == address]
    name = one_line(message.sender_name or "".join(names) or address)[:80]
    if not name or words is None:
        return ""
    form = words.attribution
    try:
        moment = email.utils.parsedate_to_datetime(envelope.date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return form["undated"].format(name=name)
    from babel.dates import format_datetime

    date, time = (
        format_datetime(moment.replace(tzinfo=None), form[part], locale=form["locale"])
        for part in ("date", "time")
    )
    return form["dated"].format(name=name, date=date, time=time)


def _lines(text: str) -> str:
    """A text with plain line ends and without control characters."""
    return _CONTROL.sub("", _LINE_ENDS.sub("\n", text))


def _transfer(text: str) -> tuple[bytes, str]:
    """The text's bytes and how they are encoded: as they are, so that it can be read and edited
    in any program, but for lines that are too long for mail."""
    data = text.encode()
    if max(map(len, data.split(b"\n"))) > _LONGEST_LINE:
        return quopri.encodestring(data), "quoted-printable"
    return data, "7bit" if text.isascii() else "8bit"
