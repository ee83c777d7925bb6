"""Zammad: the webhook of an article, and a ticket with all its articles."""

from __future__ import annotations

from typing import Any

from replykit.reading.headers import name_and_address
from replykit.reading.text import one_line
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

# In Zammad's own database: 1 agent, 2 customer, 3 system; and the first types of articles.
_CUSTOMER = ("Customer", "2")
_AGENT = ("Agent", "1")
_TYPES = {"1": "email", "2": "sms", "3": "chat", "6": "twitter", "7": "twitter", "8": "facebook"}
_SOCIAL = ("twitter", "facebook", "telegram", "whatsapp")


def read(record: dict[str, Any]) -> Ticket | None:
    """The ticket, or None for what is no Zammad object."""
    assets = record.get("assets")
    if at(assets, "TicketArticle"):
        articles = _values(at(assets, "TicketArticle"))
        ticket = next(iter(_values(at(assets, "Ticket"))), {})
        users = at(assets, "User")
        person = at(users, text_at(ticket, "customer_id")) if isinstance(users, dict) else None
    else:
        ticket = record["ticket"] if isinstance(record.get("ticket"), dict) else record
        articles = objects(record.get("articles") or ticket.get("articles"))
        articles = articles or objects([record.get("article") or ticket.get("article")])
        person = ticket.get("customer")
    if not articles or not all("internal" in article and "body" in article for article in articles):
        return None
    turns = tuple(_turn(article) for article in articles if _is_public(article))
    theirs = [
        article for article in articles if _is_public(article) and _said_by(article, _CUSTOMER)
    ]
    name, address = _writer(theirs[-1]) if theirs else ("", "")
    kind = text_at(theirs[-1], "type") if theirs else ""
    kind = kind or _TYPES.get(text_at(theirs[-1], "type_id") if theirs else "", "")
    full = f"{text_at(person, 'firstname')} {text_at(person, 'lastname')}".strip()
    return Ticket(
        system="Zammad",
        turns=turns,
        subject=text_at(ticket, "title") or text_at(articles[-1], "subject"),
        name=full or name,
        address=text_at(person, "email") or (person if isinstance(person, str) else "") or address,
        channel=_channel(kind),
        customer=_customer(person, ticket),
    )


def _values(found: Any) -> list[dict[str, Any]]:
    return objects(list(found.values())) if isinstance(found, dict) else []


def _said_by(article: dict[str, Any], who: tuple[str, ...]) -> bool:
    return (text_at(article, "sender") or text_at(article, "sender_id")) in who


def _is_public(article: dict[str, Any]) -> bool:
    return article["internal"] is False and _said_by(article, (*_CUSTOMER, *_AGENT))


def _writer(article: dict[str, Any]) -> tuple[str, str]:
    return name_and_address(one_line(text_at(article, "from")))


def _turn(article: dict[str, Any]) -> Turn:
    name, address = _writer(article)
    return Turn(
        text=as_text(text_at(article, "body"), html="html" in text_at(article, "content_type")),
        by_customer=_said_by(article, _CUSTOMER),
        name=name or address,
        time=when(article.get("created_at")),
    )


def _channel(kind: str) -> str:
    if kind in ("email", "chat"):
        return kind
    if kind.startswith(_SOCIAL):
        return "social"
    return "chat" if kind == "sms" else "ticket"


def _customer(person: Any, ticket: Any) -> dict[str, str]:
    company = text_at(ticket, "organization", "name") or text_at(ticket, "organization")
    known = {
        "phone": text_at(person, "phone") or text_at(person, "mobile"),
        "company": company or text_at(person, "organization"),
        "street": text_at(person, "street"),
        "zip": text_at(person, "zip"),
        "city": text_at(person, "city"),
        "country": text_at(person, "country"),
    }
    return customer_fields(known)
