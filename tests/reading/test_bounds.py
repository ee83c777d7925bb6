"""Ten megabytes of anything take bounded time."""

from __future__ import annotations

import pytest

from replykit.reading.files import read_bytes
from replykit.reading.text import MAX_CHARACTERS
from tests.limits import bounded

HEADER = b"From: Maija Virtanen <maija@example.fi>\nSubject: Hei\nTo: x@example.com\n"


@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        "t\n",
        "best\n",
        "From: x\n",
        "> a\n",
        "--\n",
        "_" * 20 + "\n",
        "\n",
        "a",
        "on x wrote:\n",
    ],
)
def test_ten_megabytes_of_text_take_bounded_time(unit: str) -> None:
    data = b"Hei\n" + unit.encode() * (10_000_000 // len(unit))
    with bounded():
        message = read_bytes(data, "x.txt")
    assert len(message.text) <= MAX_CHARACTERS
    assert any("were read" in note for note in message.notes)


@pytest.mark.parametrize(
    "unit", ["<!--", "<", "&", "<div>", "<a href='x", "<blockquote>", "<ul><li>a", "<b>a"]
)
def test_ten_megabytes_of_html_take_bounded_time(unit: str) -> None:
    data = (
        HEADER
        + b"Content-Type: text/html\n\n<p>Where is it?</p>"
        + unit.encode() * (10_000_000 // len(unit))
    )
    with bounded():
        assert read_bytes(data, "x.eml").text.startswith("Where is it?")
