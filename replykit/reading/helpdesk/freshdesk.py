"""Freshdesk: a ticket with its conversations, and the webhook of an automation."""

from __future__ import annotations

import re
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

_SOURCES = {
    "1": "email", "5": "social", "6": "social", "7": "chat", "10": "email", "12": "chat",
    "13": "social", "email": "email", "twitter": "social", "facebook": "social", "chat": "chat",
    "outbound email": "email", "bot": "chat", "whatsapp": "social",
}  # fmt: skip
_OUTBOUND = ("10", "outbound email")
# {{ticket.latest_public_comment}} names its writer: `Maija Virtanen : <div>…`.
_SIGNED = re.compile(r"\s*([^:<>\n]{1,80}?) : ?(.*)", re.DOTALL)


def read(record: dict[str, Any]) -> Ticket | None:
    """The ticket, or None for what is no Freshdesk object."""
    hook = record.get("freshdesk_webhook")
    if isinstance(hook, dict):
        return _from_webhook(hook)
    ticket = record.get("ticket") if isinstance(record.get("ticket"), dict) else record
    if not isinstance(ticket, dict) or "description" not in ticket:
        return None
    if "description_text" not in ticket and "conversations" not in ticket:
        return None
    person = at(ticket, "requester") or at(record, "requester") or {}
    name = text_at(person, "name") or text_at(ticket, "name")
    turns = [
        Turn(
            text=_body(ticket, "description", "description_text"),
            by_customer=text_at(ticket, "source") not in _OUTBOUND,
            name=name,
            time=when(ticket.get("created_at")),
        )
    ]
    for talk in objects(ticket.get("conversations") or record.get("conversations")):
        if talk.get("private") is not False:
            continue
        by_customer = talk.get("incoming") is True
        text = _body(talk, "body", "body_text")
        turns.append(
            Turn(text, by_customer, name if by_customer else "", when(talk.get("created_at")))
        )
    return Ticket(
        system="Freshdesk",
        turns=tuple(turns),
        subject=text_at(ticket, "subject"),
        name=name,
        address=text_at(person, "email") or text_at(ticket, "email"),
        channel=_SOURCES.get(text_at(ticket, "source"), "ticket"),
        customer=customer_fields(
            {
                "phone": text_at(person, "phone") or text_at(person, "mobile"),
                "company": text_at(ticket, "company", "name"),
                "customer_id": text_at(person, "unique_external_id"),
            },
            at(person, "custom_fields"),
        ),
    )


def _body(record: dict[str, Any], html: str, plain: str) -> str:
    """The body from its HTML: the plain one has lost its line ends."""
    return as_text(text_at(record, html), html=True) or text_at(record, plain)


def _from_webhook(hook: dict[str, Any]) -> Ticket:
    def said(*keys: str) -> str:
        return next((text for key in keys if (text := text_at(hook, key).strip())), "")

    name = said("ticket_requester_name", "ticket_contact_name", "requester_name")
    source = said("ticket_source", "ticket_via").lower()
    first = as_text(said("ticket_description", "ticket_description_text"), html=True)
    turns = [Turn(first, source not in _OUTBOUND, name)]
    newest = said("ticket_latest_public_comment", "ticket_public_comments")
    signed = _SIGNED.fullmatch(newest)
    notes: tuple[str, ...] = ()
    if newest:
        writer = signed[1] if signed else ""
        text = as_text(signed[2] if signed else newest, html=True)
        turns.append(Turn(text, not writer or writer == name, writer or name))
        if not writer:
            notes = ("it does not say who wrote the newest comment: taken for the customer",)
    return Ticket(
        system="Freshdesk",
        turns=tuple(turns),
        subject=said("ticket_subject", "subject"),
        name=name,
        address=said("ticket_requester_email", "ticket_contact_email", "requester_email"),
        channel=_SOURCES.get(source, "ticket"),
        customer=customer_fields(
            {
                "phone": said(
                    "ticket_requester_phone", "ticket_contact_phone", "ticket_contact_mobile"
                ),
                "company": said("ticket_company_name", "ticket_requester_company_name"),
            }
        ),
        notes=notes,
    )
