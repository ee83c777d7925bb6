"""Reads customers' records from vCards (2.1, 3.0 and 4.0), as address books export them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_FOLD = re.compile(r"\r?\n[ \t]")
_FIELDS = {"tel": "phone", "note": "note", "title": "title", "lang": "lang", "bday": "birthday"}
# What stands in a card of an address book, but in no reply: its bookkeeping, pictures, keys.
_LEFT_OUT = frozenset(
    """version prodid uid rev kind photo logo sound key agent adr label geo org n fn email
    categories related member clientpidmap source xml""".split()  # noqa: SIM905
)


def cards(text: str, address: str) -> list[dict[str, str]]:
    """The cards with this address; all of them where it is empty.

    Only such cards are parsed, so that an address book of thousands costs no more than a search.
    A text that holds no card at all raises ValueError.
    """
    import vobject

    blocks = list(_blocks(text))
    if not blocks:
        raise ValueError("there is no BEGIN:VCARD")
    wanted = address.strip().casefold()
    found = []
    for block in blocks:
        whole = _FOLD.sub("", block).casefold().replace("=40", "@")  # quoted-printable
        if wanted not in whole:
            continue
        for card in vobject.readComponents(
            block, allowQP=True, validate=False, ignoreUnreadable=True
        ):
            found.append(_record(card, wanted))
    return found


def _blocks(text: str) -> Iterator[str]:
    """The text of each card."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip().upper() == "BEGIN:VCARD":
            lines = []
        lines.append(line)
        if line.strip().upper() == "END:VCARD":
            yield "\n".join(lines) + "\n"


def _record(card: Any, wanted: str) -> dict[str, str]:
    """A card's fields. Of several addresses the one that is sought counts, else the first; of all
    else that stands there more than once, the first."""
    record: dict[str, str] = {}
    addresses: list[str] = []
    for line in card.getChildren():
        name, value = line.name.casefold(), line.value
        if name == "email":
            addresses.append(str(value).strip())
        elif name == "n" and not isinstance(value, str):
            record["first_name"], record["last_name"] = _text(value.given), _text(value.family)
        elif name == "fn":
            record.setdefault("name", _text(value))
        elif name == "org":
            parts = value if isinstance(value, list) else [value]
            record.setdefault("company", _text(parts[0] if parts else ""))
        elif name not in _LEFT_OUT and isinstance(value, str):
            key = _FIELDS.get(name) or name.removeprefix("x-").replace("-", "_")
            record.setdefault(key, value.removeprefix("tel:").strip())
    same = [one for one in addresses if one.casefold() == wanted]
    if addresses:
        record["email"] = (same or addresses)[0]
    return record


def _text(value: Any) -> str:
    """A part of a name, which may be a list of names."""
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
