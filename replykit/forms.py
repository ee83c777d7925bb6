"""Finds the customer in a mail that a web form sent for them."""

from __future__ import annotations

from dataclasses import replace
from email.message import Message as Mail

from replykit.message import Message
from replykit.names import person_name
from replykit.reading.headers import header, name_and_address


def from_form(mail: Mail, message: Message) -> Message:
    """The message with the customer as its sender, where Reply-To names them in the place of a
    sender that takes no replies; else the message as it is."""
    name, address = name_and_address(header(mail, "Reply-To"))
    if not address or not message.sender_address.lower().startswith(("no-reply@", "noreply@")):
        return message
    return replace(message, sender_name=person_name(name), sender_address=address)
