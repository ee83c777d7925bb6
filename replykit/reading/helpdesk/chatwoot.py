"""Chatwoot: the webhook of a message, and a conversation with its messages."""

from __future__ import annotations

from typing import Any

from replykit.reading.ticket import (
    Ticket,
    Turn,
    as_text,
    at,
    customer_fields,
    objects,
    text_at,
    when,
)

# The API counts the types; webhooks name them. Activities and templates are nobody's words.
_INCOMING = (0, "incoming")
_OUTGOING = (1, "outgoing")
_CHANNELS = {
    "email": "email",
    "webwidget": "chat",
    "api": "chat",
    "sms": "chat",
    "twiliosms": "chat",
    "whatsapp": "social",
    "facebookpage": "social",
    "instagram": "social",
    "twitterprofile": "social",
    "telegram": "social",
    "line": "social",
    "tiktok": "social",
}


def read(record: dict[str, Any]) -> Ticket | None:
    """The ticket, or None for what is no Chatwoot object."""
    if record.get("event") and isinstance(record.get("conversation"), dict) and "content" in record:
        conversation = record["conversation"]
        messages = [record]
    elif objects(record.get("messages")) and isinstance(record.get("meta"), dict):
        conversation = record
        messages = objects(record["messages"])
    elif objects(record.get("payload")) and isinstance(record.get("meta"), dict):
        conversation = {"meta": record["meta"]}
        messages = objects(record["payload"])
    else:
        return None
    if not all("message_type" in message for message in messages):
        return None
    contact = at(conversation, "meta", "sender") or at(conversation, "meta", "contact")
    senders = [at(message, "sender") for message in messages if _is_incoming(message)]
    contact = contact or next((sender for sender in senders if sender), {})
    mail = next((mail for message in reversed(messages) if (mail := _mail(message))), {})
    kind = text_at(conversation, "channel") or text_at(conversation, "meta", "channel")
    return Ticket(
        system="Chatwoot",
        turns=tuple(_turn(message) for message in messages if _is_public(message)),
        subject=text_at(mail, "subject")
        or text_at(conversation, "additional_attributes", "mail_subject"),
        name=text_at(contact, "name"),
        address=text_at(contact, "email"),
        channel=_CHANNELS.get(kind.rpartition("::")[2].lower(), "email" if mail else "chat"),
        customer=_customer(contact),
    )


def _is_incoming(message: dict[str, Any]) -> bool:
    return message.get("message_type") in _INCOMING and not message.get("private")


def _is_public(message: dict[str, Any]) -> bool:
    return not message.get("private") and message.get("message_type") in (*_INCOMING, *_OUTGOING)


def _turn(message: dict[str, Any]) -> Turn:
    text = text_at(message, "content")
    mail = _mail(message)
    if not text.strip() and mail:
        plain = text_at(mail, "text_content", "reply") or text_at(mail, "text_content", "full")
        text = plain or as_text(text_at(mail, "html_content", "full"), html=True)
    return Turn(
        text=text,
        by_customer=_is_incoming(message),
        name=text_at(message, "sender", "name"),
        time=when(message.get("created_at")),
    )


def _mail(message: dict[str, Any]) -> dict[str, Any]:
    mail = at(message, "content_attributes", "email")
    return mail if isinstance(mail, dict) else {}


def _customer(contact: Any) -> dict[str, str]:
    more = at(contact, "additional_attributes")
    known = {
        "phone": text_at(contact, "phone_number"),
        "company": text_at(more, "company_name"),
        "city": text_at(more, "city"),
        "country": text_at(more, "country"),
        "customer_id": text_at(contact, "identifier"),
    }
    return customer_fields(known, at(contact, "custom_attributes"))
