"""Reads a customer's record from a JSON, YAML or CSV file (the row of an e-mail address)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from replykit.details import as_texts
from replykit.errors import ReplyKitError

_SUFFIXES = (".json", ".yaml", ".yml", ".csv")
# What customer systems and spreadsheets call the fields that templates know by one name.
_OTHER_NAMES = {
    "e-mail": "email",
    "email_address": "email",
    "sähköposti": "email",
    "sähköpostiosoite": "email",
    "nimi": "name",
    "full_name": "name",
    "etunimi": "first_name",
    "firstname": "first_name",
    "sukunimi": "last_name",
    "lastname": "last_name",
    "surname": "last_name",
    "puhelin": "phone",
    "puhelinnumero": "phone",
    "telephone": "phone",
    "yritys": "company",
}


def read_customer(path: Path, address: str) -> dict[str, str]:
    """The record as texts; {} where a file of many customers has none with this address.

    A list (JSON, YAML) or table (CSV) is searched by its `email`. Raises ReplyKitError for a
    file that cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise ReplyKitError(f"{path}: a customer's record is .json, .yaml or .csv")
    try:
        text = _decode(path.read_bytes(), suffix)
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ReplyKitError(f"{path}: not UTF-8; save the file as UTF-8") from None
    data = _parse(path, suffix, text)
    if isinstance(data, dict):
        return _named(data)
    rows = [_named(row) for row in data if isinstance(row, dict)]
    wanted = address.strip().casefold()
    for row in rows:
        if row.get("email", "").casefold() == wanted != "":
            return row
    return rows[0] if len(rows) == 1 and not wanted else {}


def _decode(data: bytes, suffix: str) -> str:
    """The file's text. Excel saves a table as UTF-16 or Windows-1252 where it is not told UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if suffix == ".csv" and b"\0" not in data:
            return data.decode("cp1252")
        raise


def _parse(path: Path, suffix: str, text: str) -> Any:
    try:
        if suffix == ".json":
            # Numbers stay as they stand: 1.50 is no 1.5.
            data = json.loads(text, parse_int=str, parse_float=str)
        elif suffix == ".csv":
            lines = io.StringIO(text, newline="")
            data = list(csv.DictReader(lines, delimiter=_delimiter(text), skipinitialspace=True))
        else:
            data = _load_yaml(text)
    except Exception as error:  # each parser has its own family of errors
        raise ReplyKitError(f"{path}: not valid {suffix[1:]}: {error}") from None
    if not isinstance(data, (dict, list)):
        raise ReplyKitError(f"{path}: expected a record, or a list of records with email")
    return data


def _load_yaml(text: str) -> Any:
    """YAML with all scalars as texts: to YAML, 0401234567 is an octal number."""
    import yaml

    return yaml.load(text, Loader=yaml.BaseLoader)


def _delimiter(text: str) -> str:
    """What parts the columns: `;` where the decimal sign is a comma, as in Finland."""
    header = text.lstrip().partition("\n")[0]
    return max(",;\t", key=header.count)


def _named(record: dict[Any, Any]) -> dict[str, str]:
    """The record's plain fields by the names that templates know."""
    named: dict[str, str] = {}
    for key, value in as_texts(record).items():
        name = "_".join(key.casefold().split())
        name = _OTHER_NAMES.get(name, name)
        text = "" if value in ("null", "~", "None") else value.strip()
        named[name] = named.get(name) or text
    return named
