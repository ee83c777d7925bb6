"""Reads the public sets of --data, each once: MASSIVE, BANKING77, Bitext, service mails."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

Rows = list[dict[str, str]]


def massive(data: Path) -> Rows:
    """Utterances by language (`fi`, `en`), with their `intent` and `scenario`."""
    return _table(data / "massive" / "fi_en.tsv", "\t")


def banking77(data: Path) -> Rows:
    """Messages to a bank (`text`) with their intents (`category`)."""
    return _table(data / "banking77" / "train.csv")


def bitext(data: Path) -> Rows:
    """Messages to a shop (`instruction`) with their `intent`, and the replies (`response`)."""
    return _table(data / "bitext" / "messages_and_replies.csv")


@cache
def mails(data: Path) -> list[dict[str, Any]]:
    """Service mails as they go out: `text` and `lang`."""
    with (data / "mail_templates" / "rendered.jsonl").open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


@dataclass(frozen=True)
class Messages:
    """What customers wrote in one language of a set."""

    source: str
    lang: str
    texts: list[str]


def customers(data: Path) -> list[Messages]:
    """The messages of all sets, in a fixed order."""
    both = massive(data)
    return [
        Messages("MASSIVE fi", "fi", [row["fi"] for row in both]),
        Messages("MASSIVE en", "en", [row["en"] for row in both]),
        Messages("BANKING77", "en", [row["text"] for row in banking77(data)]),
        Messages("Bitext", "en", [row["instruction"] for row in bitext(data)]),
    ]


def sampled(texts: Iterable[str], count: int, pick: Random) -> list[str]:
    """So many of the texts, or all; none twice. One `pick` goes through all sets of a script."""
    unique = sorted(set(texts))
    return pick.sample(unique, min(count, len(unique)))


@cache
def _table(path: Path, delimiter: str = ",") -> Rows:
    # MASSIVE quotes nothing: a quotation mark there is one that was said.
    quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=delimiter, quoting=quoting))
