"""Reads a customer's record from a JSON, YAML or CSV file (the row of an e-mail address)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from replykit.details import as_texts
from replykit.errors import ReplyKitError


def read_customer(path: Path, address: str) -> dict[str, str]:
    """The record as texts; {} where a file of many customers has none with this address.

    A list (JSON, YAML) or table (CSV) is searched by its `email`. Raises ReplyKitError for a
    file that cannot be read.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ReplyKitError(f"{path}: not UTF-8; save the file as UTF-8") from None
    data = _parse(path, text)
    if isinstance(data, dict):
        return as_texts(data)
    wanted = address.casefold()
    for row in data:
        if isinstance(row, dict) and str(row.get("email", "")).strip().casefold() == wanted != "":
            return as_texts(row)
    if len(data) == 1 and not wanted and isinstance(data[0], dict):
        return as_texts(data[0])
    return {}


def _parse(path: Path, text: str) -> Any:
    suffix = path.suffix.lower()
    try:
        if suffix == ".json":
            data = json.loads(text)
        elif suffix in (".yaml", ".yml"):
            import yaml

            data = yaml.safe_load(text)
        elif suffix == ".csv":
            dialect = csv.Sniffer().sniff(text[:4096], ",;\t") if text.strip() else csv.excel
            data = list(csv.DictReader(io.StringIO(text), dialect=dialect))
        else:
            raise ReplyKitError(f"{path}: a customer's record is .json, .yaml or .csv")
    except ReplyKitError:
        raise
    except Exception as error:  # each parser has its own family of errors
        raise ReplyKitError(f"{path}: not valid {suffix[1:]}: {error}") from None
    if not isinstance(data, (dict, list)):
        raise ReplyKitError(f"{path}: expected a record, or a list of records with email")
    return data
