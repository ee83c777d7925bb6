"""format=flowed: what RFC 3676 says of reading it gives the text back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.writing.flowed import flowed


def read(text: str) -> list[tuple[int, str]]:
    """Lines of flowed text with their depth of quotation, as sections 4.1 to 4.5 say."""
    found: list[tuple[int, str]] = []
    continued = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        rest = line[depth:].removeprefix(" ")
        if depth == continued and rest != "-- ":
            found[-1] = (depth, found[-1][1] + rest)
        else:
            found.append((depth, rest))
        continued = depth if rest.endswith(" ") and rest != "-- " else -1
    return found


def meant(text: str) -> list[str]:
    """The lines that a reader is to see: as they are, but for blanks at their ends."""
    lines = (line.rstrip(" ") for line in text.split("\n"))
    return ["-- " if line == "--" else line for line in lines]


pieces = st.sampled_from(
    ["a", "word", " ", "  ", "-- ", "--", ">", "From ", "\n", "\n\n", "ä" * 40, "x" * 80, "\u00a0"]
)
texts = st.one_of(
    st.lists(pieces, max_size=60).map("".join),
    st.text(st.characters(exclude_characters="\r"), max_size=300),
)


@given(texts, st.booleans())
def test_a_reader_gets_every_line_back(text: str, quoted: bool) -> None:
    assert read(flowed(text, quoted)) == [(int(quoted), line) for line in meant(text)]


@given(texts, st.booleans())
def test_no_line_is_longer_than_a_word_that_cannot_be_broken(text: str, quoted: bool) -> None:
    for line in flowed(text, quoted).split("\n"):
        words = line.strip(" >").removeprefix("-- ").strip(" ")
        assert len(line.rstrip(" ")) <= 76 or " " not in words


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Hei!", "Hei!"),
        ("ends with blanks  ", "ends with blanks"),
        (" indented", "  indented"),
        ("> mark", " > mark"),
        ("From here on", " From here on"),
        ("-- \nAnna", "-- \nAnna"),
        ("--\nAnna", "-- \nAnna"),
        ("word " * 20, "word " * 14 + "\n" + "word " * 5 + "word"),
        ("https://example.com/" + "a" * 90, "https://example.com/" + "a" * 90),
        ("-- https://example.com/" + "a" * 90, "-- https://example.com/" + "a" * 90),
    ],
)
def test_lines_are_written_so(text: str, written: str) -> None:
    assert flowed(text) == written


def test_a_blank_line_of_a_quotation_does_not_continue() -> None:
    assert flowed("a\n\nb", quoted=True) == "> a\n>\n> b"
