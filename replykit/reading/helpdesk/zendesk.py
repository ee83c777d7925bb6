"""Zendesk: a ticket with its comments, the events of tickets and chats, and what triggers send."""

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

_CHANNELS = {
    "email": "email", "mail": "email", "chat": "chat", "messaging": "chat", "sms": "chat",
    "native_messaging": "chat", "web_messaging": "chat", "chat_transcript": "chat",
    "facebook": "social", "facebook_post": "social", "facebook_message": "social",
    "twitter": "social", "twitter_dm": "social", "twitter_like": "social", "whatsapp": "social",
    "instagram_dm": "social", "instagram": "social", "telegram": "social", "viber": "social",
    "line": "social", "wechat": "social", "any_channel": "social",
}  # fmt: skip
_EVENT = "zen:event-type:"
_NEWEST = ("latest_public_comment", "latest_public_comment_html", "latest_public_comment_rich")
_FIRST = ("verbatim_description", "description")
# {{ticket.description}} and {{ticket.latest_public_comment_formatted}} stand below a line, their
# writer and a date.
_SIGNED = re.compile(r"\s*-{20,}\s*\n\s*([^\n,]{1,100}), ([^\n]{1,60}\d{1,2}:\d\d[^\n]{0,20})\n")


def read(record: dict[str, Any]) -> Ticket | None:
    """The ticket, or None for what is no Zendesk object."""
    if text_at(record, "type").startswith(_EVENT):
        return _from_event(record)
    ticket = record["ticket"] if isinstance(record.get("ticket"), dict) else record
    if "description_text" in ticket or "conversations" in ticket:
        return None
    comments = objects(record.get("comments") or ticket.get("comments"))
    if comments and all("public" in one and "body" in one for one in comments):
        return _from_comments(record, ticket, comments)
    if "requester" in ticket or "requester_id" in ticket or "requester_email" in ticket:
        return _from_trigger(record, ticket)
    return None


def _from_comments(
    record: dict[str, Any], ticket: dict[str, Any], comments: list[dict[str, Any]]
) -> Ticket:
    users = {text_at(user, "id"): user for user in objects(record.get("users"))}
    person = at(ticket, "requester") or at(record, "requester")
    wanted = text_at(ticket, "requester_id") or text_at(person, "id")
    wanted = wanted or text_at(comments[0], "author_id")
    person = person if isinstance(person, dict) else users.get(wanted, {})
    turns: list[Turn] = []
    for comment in comments:
        author = text_at(comment, "author_id") or text_at(comment, "author", "id")
        user = users.get(author) or at(comment, "author") or {}
        theirs = bool(author) and author == wanted
        if comment["public"] is not True or text_at(comment, "type") == "VoiceComment":
            continue
        plain = text_at(comment, "plain_body") or text_at(comment, "body")
        turns.append(
            Turn(
                text=plain or as_text(text_at(comment, "html_body"), html=True),
                by_customer=theirs or text_at(user, "role") == "end-user",
                name=text_at(user, "name") or (text_at(person, "name") if theirs else ""),
                time=when(comment.get("created_at")),
            )
        )
    groups = {text_at(one, "id"): one for one in objects(record.get("organizations"))}
    company = at(ticket, "organization") or groups.get(text_at(ticket, "organization_id"))
    return _ticket(ticket, turns, person, company)


def _from_event(record: dict[str, Any]) -> Ticket | None:
    """A ticket's event: a comment of whoever, a message of a chat, or the ticket's creation."""
    detail, event = at(record, "detail"), at(record, "event")
    turns: list[Turn] = []
    if description := text_at(detail, "description"):
        turns.append(Turn(_unsigned(description)[1], by_customer=True))
    comment, message = at(event, "comment"), at(event, "message")
    person: dict[str, Any] = {}
    if isinstance(comment, dict) and comment.get("is_public") is True:
        staff = at(comment, "author", "is_staff") is not False
        name = text_at(comment, "author", "name")
        text = text_at(comment, "body")
        if not turns or turns[0].text.strip() != text.strip():
            turns.append(Turn(text, by_customer=not staff, name=name))
        person = {} if staff else {"name": name}
    elif isinstance(message, dict):
        theirs = text_at(event, "actor", "type") == "end_user"
        name = text_at(event, "actor", "name")
        turns = [Turn(text_at(message, "body"), by_customer=theirs, name=name)]
        person = {"name": name} if theirs else {}
        detail = {"via": {"channel": "messaging"}, "subject": text_at(detail, "subject")}
    return _ticket(detail if isinstance(detail, dict) else {}, turns, person, None)


def _from_trigger(record: dict[str, Any], ticket: dict[str, Any]) -> Ticket | None:
    """What a trigger or an automation sends: an object that its maker fills with placeholders,
    here by the placeholders' own names."""
    person = ticket.get("requester")
    if not isinstance(person, dict):
        person = {key: text_at(ticket, f"requester_{key}") for key in ("name", "email", "phone")}
    name, address = text_at(person, "name"), text_at(person, "email")
    first = next((text for key in _FIRST if (text := text_at(ticket, key).strip())), "")
    newest = next((text for key in _NEWEST if (text := text_at(ticket, key).strip())), "")
    if not first and not newest:
        return None
    first = _unsigned(as_text(first, html=first.startswith("<")))[1]
    writer, newest = _unsigned(as_text(newest, html=newest.startswith("<")))
    turns = [Turn(first, by_customer=True, name=name)]
    notes: tuple[str, ...] = ()
    if newest and newest != first:
        user = record.get("current_user") or ticket.get("current_user")
        if writer or isinstance(user, dict):
            role = text_at(user, "role").lower()
            same = writer == name if writer else _is_same(user, name, address)
            theirs = same or role in ("end-user", "end user")
        else:
            theirs = True
            notes = ("it does not say who wrote the newest comment: taken for the customer",)
        turns.append(Turn(newest, by_customer=theirs, name=name if theirs else writer))
    company = ticket.get("organization") or {"name": text_at(ticket, "organization_name")}
    return _ticket(ticket, turns, person, company, notes)


def _is_same(user: Any, name: str, address: str) -> bool:
    written = text_at(user, "email").lower()
    return written == address.lower() if written else text_at(user, "name") == name != ""


def _unsigned(text: str) -> tuple[str, str]:
    """Who wrote a formatted comment, and the comment without that."""
    signed = _SIGNED.match(text[:1000])
    return (signed[1].strip(), text[signed.end() :].strip()) if signed else ("", text)


def _ticket(
    ticket: dict[str, Any],
    turns: list[Turn],
    person: Any,
    company: Any,
    notes: tuple[str, ...] = (),
) -> Ticket:
    source = at(ticket, "via", "source", "from")
    channel = text_at(ticket, "via", "channel") or text_at(ticket, "via")
    return Ticket(
        system="Zendesk",
        turns=tuple(turns),
        subject=text_at(ticket, "subject") or text_at(ticket, "title"),
        name=text_at(person, "name") or text_at(source, "name"),
        address=text_at(person, "email") or text_at(source, "address"),
        channel=_CHANNELS.get(channel.lower(), "ticket"),
        customer=customer_fields(
            {
                "phone": text_at(person, "phone"),
                "company": text_at(company, "name"),
                "customer_id": text_at(person, "external_id"),
            },
            at(person, "user_fields"),
        ),
        notes=notes,
    )
