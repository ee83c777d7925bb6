"""What the rest of the way knows of one incoming message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

REPLY_PREFIX = re.compile(r"^(?:\s*(?:re|vs|vl|sv|fw|fwd|aw|wg)\s*:)+", re.IGNORECASE)
# Clocks that were never set begin in 1970 or 1980.
_FIRST_MAIL = date(1990, 1, 1)


@dataclass(frozen=True)
class Envelope:
    """What a reply to a mail must know of its headers: decoded, unfolded, free of control
    characters; empty where the mail has none."""

    message_id: str = ""
    references: str = ""
    sender: str = ""
    reply_to: str = ""
    to: str = ""
    cc: str = ""
    date: str = ""


@dataclass(frozen=True)
class Message:
    """One incoming message, as far as it could be read.

    `text` is what the sender wrote now; `quoted` is earlier mail; `customer` is what a helpdesk
    or web form said of the sender beside name and address; `envelope` is there where the message
    came as mail; `notes` are things that a person should know of how it was read (bad encoding,
    cut).
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
    customer: Mapping[str, str] = field(default_factory=dict)
    envelope: Envelope | None = None
    notes: tuple[str, ...] = ()

    @property
    def known(self) -> str:
        """All that the customer has said here, subject first: where facts are looked for."""
        return "\n".join(part for part in (self.subject, self.text, self.signature) if part)

    def day(self, today: date) -> date:
        """The day from which the sender counts `yesterday` and `on Friday`: that of a mail's own
        Date, on their clock; today where it has none, or one that cannot be."""
        if self.envelope is None or not self.envelope.date:
            return today
        from email.utils import parsedate_to_datetime  # slow to import; a mail has done so

        try:
            written = parsedate_to_datetime(self.envelope.date).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            return today
        return written if _FIRST_MAIL <= written <= today + timedelta(days=1) else today

    @property
    def matter(self) -> str:
        """What is to be answered: the text, with a subject that says more than `Re:`. A blank line
        parts them, for no phrase begins in the one and goes on in the other."""
        subject = REPLY_PREFIX.sub("", self.subject).strip()
        if not subject or subject.casefold() in self.text.casefold():
            return self.text
        return f"{subject}\n\n{self.text}".strip()
