"""Transcripts of chats: the customer's last turns are the message; letters are no transcripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from replykit.reading.files import read_bytes
from replykit.reading.text import MAX_CHARACTERS
from replykit.reading.transcript import from_transcript
from tests.limits import bounded

FOLDER = Path(__file__).parent.parent / "data" / "chat"
TRANSCRIPTS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "transcripts.yaml").read_text("utf-8"))
LETTERS: list[str] = yaml.safe_load((FOLDER / "letters.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", TRANSCRIPTS, ids=lambda case: case["name"])
def test_what_the_customer_wrote_last_is_the_message(case: dict[str, Any]) -> None:
    message = read_bytes(case["text"].encode(), "chat.txt")
    assert message.channel == "chat"
    assert message.text == case["now"]
    assert message.sender_name == case.get("sender_name", "")
    assert message.sender_address == case.get("sender_address", "")
    for words in case.get("quoted", []):
        assert words in message.quoted


@pytest.mark.parametrize("case", TRANSCRIPTS, ids=lambda case: case["name"])
def test_all_that_was_said_is_text_or_quoted(case: dict[str, Any]) -> None:
    message = from_transcript(case["text"])
    assert message is not None
    kept = {*message.text.split(), *message.quoted.split(), *message.signature.split()}
    lost = {word for word in case["text"].replace("*", "").split() if word not in kept}
    # All that goes is the label and the time above the customer's last words.
    heads = [line for line in case["text"].split("\n") if lost & set(line.split())]
    assert all(":" in line or line[-1].isdigit() for line in heads)
    assert not lost & set(case["now"].split())


@pytest.mark.parametrize("text", LETTERS)
def test_what_is_no_transcript_is_read_as_it_stands(text: str) -> None:
    assert from_transcript(text) is None


@pytest.mark.parametrize(
    "unit",
    ["a: b\n", "[12:03] ", "12:03 Maija: x\n", "A" * 40 + " ", "12.03 ", "**", "(12:03) *** "],
)
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    text = unit * (MAX_CHARACTERS // len(unit))
    for hostile in (text, text.replace(" ", "\n"), "Agent: x\nMe: y\nAgent: z\n" + text):
        with bounded():
            from_transcript(hostile)


LINES = st.sampled_from(
    [
        *(
            "Agent: Hi",
            "Maija: Hei",
            "12:03 Agent: x",
            "[12:03] Maija: y",
            "Maija 12:03",
            "Asiakas:",
        ),
        *("Order: 1", "", "ok", "*** z ***", "Chat ended", "16.11.2026, 12.03 - Maija: z"),
    ]
)


@given(st.lists(LINES))
def test_any_mixture_of_lines_is_a_chat_or_no_transcript(lines: list[str]) -> None:
    message = from_transcript("\n".join(lines))
    assert message is None or message.channel == "chat"
