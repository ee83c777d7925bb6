"""Reads customers' records from a file: JSON, YAML, CSV or vCard."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from replykit.customers.record import Sought, named, of_address
from replykit.errors import ReplyKitError

SUFFIXES = (".json", ".yaml", ".yml", ".csv", ".vcf")


def find_in_file(path: Path, sought: Sought, *, lone: bool = False) -> list[dict[str, str]]:
    """The records of the sought address.

    With `lone`, as for a file that was named for this one message, a file of one record means
    the customer, whatever address it holds, or none; in a list it must not hold another. Raises
    ReplyKitError for a file that cannot be read.
    """
    data = _read(path, sought)
    if isinstance(data, dict):
        return [named(data)] if lone else of_address([data], sought.email)
    if lone and not sought.email and len(data) == 1 and isinstance(data[0], dict):
        return [named(data[0])]
    return of_address(data, sought.email)


def _read(path: Path, sought: Sought) -> Any:
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ReplyKitError(f"{path}: a customer's record is .json, .yaml, .csv or .vcf")
    try:
        text = _decode(path.read_bytes(), suffix)
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ReplyKitError(f"{path}: not UTF-8; save the file as UTF-8") from None
    try:
        data = _parse(suffix, text, sought)
    except Exception as error:  # each parser has its own family of errors
        raise ReplyKitError(f"{path}: not valid {suffix[1:]}: {error}") from None
    if not isinstance(data, (dict, list)):
        raise ReplyKitError(f"{path}: expected a record, or a list of records with email")
    return data


def _decode(data: bytes, suffix: str) -> str:
    """The file's text. Excel saves a table as UTF-16 or Windows-1252 where it is not told UTF-8,
    and so do older programs with a vCard."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if suffix in (".csv", ".vcf") and b"\0" not in data:
            return data.decode("cp1252")
        raise


def _parse(suffix: str, text: str, sought: Sought) -> Any:
    if suffix == ".json":
        return load_json(text)
    if suffix == ".csv":
        lines = io.StringIO(text, newline="")
        return list(csv.DictReader(lines, delimiter=_delimiter(text), skipinitialspace=True))
    if suffix == ".vcf":
        from replykit.customers.vcard import cards

        return cards(text, sought.email)
    return _load_yaml(text)


def load_json(text: str) -> Any:
    """JSON whose numbers stay as they stand: 1.50 is no 1.5."""
    return json.loads(text, parse_int=str, parse_float=str)


def _load_yaml(text: str) -> Any:
    """YAML with all scalars as texts: to YAML, 0401234567 is an octal number."""
    import yaml

    # The C parser reads ten times as fast, where PyYAML was built with it.
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def _delimiter(text: str) -> str:
    """What parts the columns: `;` where the decimal sign is a comma, as in Finland."""
    header = text.lstrip().partition("\n")[0]
    return max(",;\t", key=header.count)
