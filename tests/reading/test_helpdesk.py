"""Tickets and webhooks of helpdesks: the customer's newest public message is the message."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.files import read_file
from replykit.reading.helpdesk import systems
from replykit.reading.record import from_record
from replykit.reading.ticket import Ticket, Turn, to_message

FOLDER = Path(__file__).parent.parent / "data" / "helpdesk"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "expected.yaml").read_text("utf-8"))
PARTS = ("text", "quoted", "signature")


def test_every_object_of_the_folder_has_expectations() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in FOLDER.glob("*.json"))


def test_every_system_has_objects() -> None:
    assert {path.name.partition("-")[0] for path in FOLDER.glob("*-*.json")} >= set(systems())


@pytest.mark.parametrize("name", sorted(name for name in EXPECTED if "error" not in EXPECTED[name]))
def test_objects_of_helpdesks_are_read(name: str) -> None:
    message, expected = read_file(FOLDER / name), EXPECTED[name]
    for field in (
        "subject",
        "sender_name",
        "sender_address",
        "channel",
        "lang",
        "customer",
        "text",
    ):
        if field in expected:
            assert getattr(message, field) == expected[field]
    for part in ("quoted", "signature"):
        for words in expected.get(part, []):
            assert words in getattr(message, part)
    everything = " ".join(getattr(message, part) for part in PARTS)
    for words in expected.get("nowhere", []):
        assert words not in everything
    assert len(message.notes) == len(expected.get("notes", []))
    for note, words in zip(message.notes, expected.get("notes", []), strict=True):
        assert words in note


@pytest.mark.parametrize("name", sorted(name for name in EXPECTED if "error" in EXPECTED[name]))
def test_objects_without_a_customers_message_are_refused(name: str) -> None:
    with pytest.raises(ReplyKitError) as caught:
        read_file(FOLDER / name)
    assert str(caught.value) == f"{FOLDER / name}: {EXPECTED[name]['error']}"


def test_turns_are_taken_in_the_order_of_their_times() -> None:
    turns = (Turn("second", True, time="2026-11-16T10:00"), Turn("first", True, time="2026-11-15"))
    assert to_message(Ticket("x", turns)).text == "second"


def test_a_ticket_of_a_thousand_turns_keeps_the_newest() -> None:
    message = to_message(Ticket("x", tuple(Turn(f"turn {number}", True) for number in range(1000))))
    assert message.text == "turn 999"
    assert "turn 998" in message.quoted
    assert "turn 3\n" not in message.quoted


def test_a_chat_that_is_one_transcript_is_taken_apart() -> None:
    text = "Agent: Hi, how can I help?\nErin Moss: My lamp is broken.\nAgent: A moment.\n"
    message = to_message(Ticket("x", (Turn(text, True),), channel="chat"))
    assert (message.text, message.sender_name) == ("My lamp is broken.", "Erin Moss")


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside),
    max_leaves=8,
)
OBJECTS = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in nested objects, as what holds it and its key."""
    found: list[tuple[Any, Any]] = []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        found.append((value, key))
        if isinstance(item, (dict, list)):
            found += places(item)
    return found


@given(st.sampled_from(OBJECTS), st.lists(st.tuples(st.integers(0), ANY), max_size=4))
def test_objects_with_anything_anywhere_are_read_or_refused(
    record: dict[str, Any], changes: list[tuple[int, Any]]
) -> None:
    record = json.loads(json.dumps(record))
    for number, value in changes:
        there = places(record)
        if there:
            holder, key = there[number % len(there)]
            holder[key] = value
    with contextlib.suppress(ReplyKitError):
        assert isinstance(from_record(record), Message)
