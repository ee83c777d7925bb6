"""A customer's record: who is sought, fields by one name, and what several records agree on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from replykit.details import as_texts

PARAMETERS = ("email", "phone", "name")
# What customer systems and spreadsheets call the fields that templates know by one name.
_OTHER_NAMES = {
    "e-mail": "email",
    "email_address": "email",
    "sähköposti": "email",
    "sähköpostiosoite": "email",
    "e-post": "email",
    "e-postadress": "email",
    "nimi": "name",
    "namn": "name",
    "full_name": "name",
    "etunimi": "first_name",
    "förnamn": "first_name",
    "firstname": "first_name",
    "sukunimi": "last_name",
    "efternamn": "last_name",
    "lastname": "last_name",
    "surname": "last_name",
    "puhelin": "phone",
    "puhelinnumero": "phone",
    "telefon": "phone",
    "telephone": "phone",
    "yritys": "company",
    "företag": "company",
}


@dataclass(frozen=True)
class Sought:
    """What is known of the customer whose record is sought; empty where nothing is."""

    email: str = ""
    phone: str = ""
    name: str = ""

    def __bool__(self) -> bool:
        return bool(self.email or self.phone or self.name)

    def __str__(self) -> str:
        return self.email or self.phone or self.name


def named(record: Mapping[Any, Any]) -> dict[str, str]:
    """The record's plain fields as texts, by the names that templates know."""
    plain = {key: _plain(value) for key, value in record.items()}
    found: dict[str, str] = {}
    for key, value in as_texts(plain).items():
        name = "_".join(key.casefold().split())
        name = _OTHER_NAMES.get(name, name)
        text = "" if value in ("null", "~", "None") else value.strip()
        found[name] = found.get(name) or text
    return found


def _plain(value: Any) -> Any:
    """A value as the filters of templates read it: what is false is empty, as `if` needs it; a
    list of plain values is one text; what is nested deeper stays, to be left out."""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return ""
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = [_plain(part) for part in value]
        nested = any(isinstance(part, (dict, list)) for part in parts)
        return {} if nested else ", ".join(str(part) for part in parts if part is not None)
    return value


def agreed(records: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """The fields in which all records agree, for any of them may be the one that is meant.

    An export with a row per order gives the customer's name so, and no order's number.
    """
    if not records:
        return {}
    first, *others = records
    return {
        name: value
        for name, value in first.items()
        if all(_same(value, other.get(name, "")) for other in others)
    }


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def of_address(rows: Sequence[Any], address: str) -> list[dict[str, str]]:
    """The records among the rows that have this e-mail address, alone or with others; none for
    no address."""
    wanted = address.strip().casefold()
    if not wanted:
        return []
    found = []
    for row in rows:
        if isinstance(row, dict) and any(wanted in str(value).casefold() for value in row.values()):
            record = named(row)
            addresses = re.split(r"[,;\s]+", record.get("email", "").casefold())
            if wanted in addresses:
                found.append(record | ({"email": address.strip()} if len(addresses) > 1 else {}))
    return found
