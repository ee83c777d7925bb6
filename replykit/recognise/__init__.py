"""Recognises the details that any message may hold: addresses, numbers, dates and sums."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from itertools import islice

from replykit.details import Found
from replykit.recognise import contact, dates, identity, money, parcels
from replykit.recognise.view import View

Finder = Callable[[View], Iterator[Found]]

# More text than this holds no detail that a reply needs, and bounds the time.
_MAX_CHARACTERS = 50_000
_MOST = 300  # of one name

# In the order of their claims: what holds a check digit or a sign of its own comes first, so that
# no part of a bank account is a phone number and no personal identity code a date.
_FINDERS: Mapping[str, Finder] = {
    "email": contact.emails,
    "iban": money.ibans,
    "personal_id": identity.personal_ids,
    "business_id": identity.business_ids,
    "tracking": parcels.tracking_codes,
    "card": money.cards,
    "amount": money.amounts,
    "date": dates.dates,
    "phone": contact.phones,
}
_WITHOUT_DIGITS = ("email", "date")

# The names that a library may give to a detail without a pattern, each with a value as people
# write it.
EXAMPLES: Mapping[str, str] = {
    "email": "maija@example.com",
    "phone": "040 123 4567",
    "date": "24.12.2026",
    "amount": "49,90 €",
    "iban": "FI21 1234 5600 0007 85",
    "card": "5555 5555 5555 4444",
    "personal_id": "131052-308T",
    "business_id": "1572860-0",
    "tracking": "JJFI64629910000041720",
}
NAMES = tuple(EXAMPLES)


def find(text: str, lang: str, now: date, names: Collection[str] | None = None) -> list[Found]:
    """What stands in a text of these names (default: all), in the order of the text.

    Values are in one form each: e-mail as it is written, phone in E.164, date in ISO 8601, amount
    as `49.90 EUR`, the others without spaces. A date without a year is the nearest to `now`. No
    two overlap.
    """
    text = text[:_MAX_CHARACTERS]
    view = View(text, lang, now)
    found: list[Found] = []
    taken = bytearray()
    for name, finder in _FINDERS.items():
        if not view.digits and name not in _WITHOUT_DIGITS:
            continue
        if name == "phone" and names is not None and name not in names:
            continue  # the last one: nothing yields to it
        for item in islice(finder(view), _MOST):
            taken = taken or bytearray(len(text))
            if not any(taken[item.start : item.end]):
                taken[item.start : item.end] = b"\1" * (item.end - item.start)
                found.append(item)
    wanted = [item for item in found if names is None or item.name in names]
    return sorted(wanted, key=lambda item: item.start)


def value_of(name: str, text: str, lang: str, now: date) -> str:
    """A text as the value of such a detail, where all of it is one; else nothing."""
    text = text.strip()
    for item in find(text, lang, now, (name,)):
        if (item.start, item.end) == (0, len(text)):
            return item.value
    return ""
