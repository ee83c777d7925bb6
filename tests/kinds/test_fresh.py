"""Machine mail is told from customers' mail that was written by others than the rules' writers.

Of `../data/triage/fresh` odd numbers may be looked at while rules are changed; the even ones are
the measure, so that of those only counts are shown.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from replykit.reading.files import read_bytes
from tests.kinds.test_kinds import of

DATA = Path(__file__).parents[1] / "data"
FRESH = DATA / "triage" / "fresh"
_NAME = re.compile(r"\d+-(auto-reply|bounce|bulk|system|spam)-")
# Answers to invitations and receipts are called the system's there, automatic replies in the docs.
_ANSWERS = re.compile(r"kalenteri|calendar|read-receipt")


@cache
def found(folder: str) -> Mapping[str, str]:
    """The kind found for each mail."""
    mails = sorted((FRESH / folder).glob("*.eml"))
    return {path.stem: read_bytes(path.read_bytes(), path.name).kind for path in mails}


def half(folder: str, remainder: int) -> dict[str, str]:
    return {name: kind for name, kind in found(folder).items() if int(name[:3]) % 2 == remainder}


def fits(name: str, kind: str) -> bool:
    match = _NAME.match(name)
    assert match, name
    answers = kind == "auto_reply" and bool(_ANSWERS.search(name))
    return answers or kind == match[1].replace("-", "_")


def known(remainder: int) -> Counter[str]:
    """How many of each kind are known as that."""
    rows = half("machine", remainder).items()
    return Counter(name.split("-")[1] for name, kind in rows if fits(name, kind))


def test_no_customer_that_looks_like_a_machine_is_lost() -> None:
    assert not [name for name, kind in half("people", 1).items() if kind != "customer"]
    unseen = Counter(kind for kind in half("people", 0).values())
    assert unseen == {"customer": 55}


def test_few_machines_are_taken_for_customers() -> None:
    assert "customer" not in half("machine", 1).values()
    assert list(half("machine", 0).values()).count("customer") <= 5


@pytest.mark.parametrize(
    ("kind", "seen", "unseen"),
    [
        ("auto", 14, 12),
        ("bounce", 10, 10),
        ("bulk", 11, 6),
        ("system", 13, 10),
        ("spam", 10, 8),
    ],
)
def test_most_machine_mail_is_known_by_its_kind(kind: str, seen: int, unseen: int) -> None:
    """Of 14, 10, 11, 13 and 11 that were looked at, of 13, 11, 11, 12 and 11 that were not."""
    assert known(1)[kind] >= seen
    assert known(0)[kind] >= unseen


def plain() -> list[Mapping[str, Any]]:
    """Mails without a telling header, or with the wrong one, that the rules were written with."""
    lines = (DATA / "kinds" / "plain.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("row", [row for row in plain() if row["kind"] == "customer"],
                         ids=lambda row: row["subject"])  # fmt: skip
def test_a_customer_whose_words_or_headers_are_a_machines_is_a_customer(
    row: Mapping[str, Any],
) -> None:
    message = read_bytes(of(row), "a.eml")
    assert message.kind == "customer", message.reasons


def test_words_alone_tell_what_was_seen() -> None:
    machines = [row for row in plain() if row["kind"] != "customer"]
    right = sum(read_bytes(of(row), "a.eml").kind == row["kind"] for row in machines)
    assert right / len(machines) > 0.9
