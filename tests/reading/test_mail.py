"""Mail with the faults that real mail has: a file for each, and what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from replykit.reading.files import read_file

MAIL = Path(__file__).parent.parent / "data" / "mail"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((MAIL / "expected.yaml").read_text("utf-8"))
PARTS = ("text", "quoted", "signature")


def test_every_mail_of_the_folder_has_expectations() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in MAIL.glob("*.eml"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_real_looking_mails_are_read(name: str) -> None:
    message, expected = read_file(MAIL / name), EXPECTED[name]
    for field in ("subject", "sender_name", "sender_address"):
        if field in expected:
            assert getattr(message, field) == expected[field]
    assert expected.get("kind", "customer") in (message.kind, "any")
    assert message.channel == "email"
    for part in PARTS:
        here = getattr(message, part)
        others = " ".join(getattr(message, other) for other in PARTS if other != part)
        for words in expected.get(part, []):
            assert words in here
            assert words not in others
    everything = " ".join(getattr(message, part) for part in PARTS)
    for words in expected.get("nowhere", []):
        assert words not in everything
    for words in expected.get("once", []):
        assert everything.count(words) == 1
    assert len(message.notes) == len(expected.get("notes", []))
    for note, words in zip(message.notes, expected.get("notes", []), strict=True):
        assert words in note
