"""What stays of a mail: real-looking threads line by line, every line kept, and in time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.cleaning import split
from replykit.cleaning.words import text_words, words
from tests.limits import bounded

FOLDER = Path(__file__).parents[1] / "data" / "cleaning"
PARTS = {"t": 0, "q": 1, "s": 2}


def mails() -> Iterator[object]:
    """Each mail of the data files: the mail, and the lines of its three parts."""
    for path in sorted(FOLDER.glob("*.txt")):
        for block in path.read_text("utf-8").split("\n=== ")[1:]:
            name, _, rest = block.partition("\n")
            lines = rest.rstrip("\n").split("\n")
            marked = [(line[0], line[2:]) if line else ("", "") for line in lines]
            parts = [[text.strip() for key, text in marked if key == part] for part in PARTS]
            mail = "\n".join(text for _, text in marked)
            expected = [[line for line in part if line] for part in parts]
            yield pytest.param(mail, expected, id=f"{path.stem}: {name}")


@pytest.mark.parametrize(("mail", "expected"), list(mails()))
def test_a_mail_is_read_line_by_line(mail: str, expected: list[list[str]]) -> None:
    assert [filled(part) for part in split(mail)] == expected


def filled(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(
            ["> old", ">", "-- ", "--", "", "", "Terveisin", "Best,", "Thanks", "Maija Virtanen",
             "-Maija", "From: a <a@b.fi>", "Sent: 1.1.2026", "To: c", "Subject: d", "P.S. e",
             "\x1f", "\u200b",
             "On 1.1.2026 x wrote:", "On Monday, Customer Service", "<a@b.fi> wrote:", "wrote:",
             "ke 12. marrask. 2025 klo 14.05 A <a@b.fi> kirjoitti:", "_" * 32, "* * *", "----",
             "-----Original Message-----", "Sent from my iPhone", "Is it so? I wonder.",
             "If you are not the intended recipient, delete it.", "+358 40 123 4567", "\r",
             "\ufeff",
             "> Begin forwarded message:", "----- x wrote -----", "Begin forwarded message:"]
        ),
    ),
    max_size=40,
)  # fmt: skip


@settings(max_examples=500)
@given(LINES)
def test_every_line_is_in_one_part_and_in_its_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    written = filled(text)
    parts = [filled(part) for part in split(text)]
    assert sum(map(len, parts)) == len(written)
    assert _is_merged(written, parts)


def _is_merged(written: list[str], parts: list[list[str]]) -> bool:
    """Whether the lines can be dealt to the three parts one after the other."""
    ends = {(0, 0, 0)}
    for line in written:
        ends = {
            tuple(end + (part == number) for number, end in enumerate(at))  # type: ignore[misc]
            for at in ends
            for part in range(3)
            if at[part] < len(parts[part]) and parts[part][at[part]] == line
        }
    return tuple(map(len, parts)) in ends


HOSTILE = {
    "marks": ">\n",
    "marks and text": ">\na\n",
    "labels": "From: a\n",
    "labels and text": "From: a@b.fi\nx\n",
    "all labels": "From: a\nTo: b\nSubject: c\nDate: d\n\n",
    "colons": "wrote:\n",
    "open brackets": "<a@b wrote:\n",
    "one line of brackets": "<a@",
    "one line of dates": "1.1.2026 ",
    "one line of dashes": "-",
    "dashes": "--\n",
    "dashes and names": "--\nMaija\n",
    "rules": "_" * 40 + "\n",
    "sign-offs": "Terveisin\n",
    "sign-offs and names": "Best,\nTom\n",
    "one line of sign-offs": "best regards ",
    "footers": "Sent from my iPhone\n",
    "one line of footers": "Sent from my iPhone ",
    "notices": "intended recipient\n\n",
    "banners": "[external] originated from outside\n",
    "attributions": "On 1.1.2026 at 10:00, A <a@b.fi> wrote:\n> b\nc\n",
    "broken attributions": "On 1.1.2026\n",
    "blank lines": "\n",
    "blanks": " ",
    "tabs and marks": "\t> ",
    "questions": "? ",
    "P.S.": "P.S. a?\n",
    "zero width": "\u200b",
    "dots": ".",
    "a colon at each end": "On Monday 1.1.2026 some words of a long line, with a comma:\n",
    "urls": "<http://a.b/c\n> d\n",
    "phones": "+358 40 123 4567 ",
    "questions below notices": "intended recipient\nit is so?\n",
    "words of notices, a line each": "\n".join(words().footers) + "\n",
    "words of notices, a paragraph each": "\n\n".join(words().footers) + "\n\n",
    "words of notices above short lines": " ".join(words().footers) + "\na" * 90_000,
    "words of notices above short paragraphs": " ".join(words().footers) + "\n\na" * 60_000,
    "slashes": "a/" * 35 + "\n",
    "labels in one line": "From: To: ",
    "open links": "> <http://a\nb\n",
    "wrapped quotations": "> " + "a" * 70 + "\nb c,\n",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_read_in_bounded_time(piece: str) -> None:
    text = (piece * (200_000 // len(piece) + 1))[:200_000]
    for mail in (text, f"Hei\n\n{text}\n\nTerveisin\nMaija"):
        with bounded():
            split(mail)


LINES_THAT_NEVER_END = [
    ("1<", "@", "\n> old"),
    ("From: a <", "@", ""),
    ("From: a <", "a@", ">"),
    ("On 1.1.2026 <", "@", " wrote:"),
    ("--", "<a@", "--"),
    ("-- x", " wrote", " --"),
    ("-", "a", "!"),
    ("Hi\n\nMaija Virtanen\n+1", "(", ""),
    ("Hi\n\nMaija Virtanen\n(11)", " ", "x"),
    ("Hi\n-- \n", "<a", "@"),
    ("Hi\nSent from my ", "iPhone ", ""),
    ("Hi\nbest ", "regards/", ""),
    ("> a <http://", "a(", "\nb\n> c"),
    ("From: ", "To: ", "Subject:"),
]


@pytest.mark.parametrize(("before", "piece", "after"), LINES_THAT_NEVER_END)
def test_a_hostile_line_is_read_in_bounded_time(before: str, piece: str, after: str) -> None:
    mail = before + piece * (200_000 // len(piece)) + after
    with bounded():
        split(mail)


def test_each_part_of_a_notice_can_be_found_by_a_word_of_it() -> None:
    for word, parts in words().footers.items():
        for part, _ in parts:
            assert word in text_words(part)


def test_words_are_written_once_and_without_blanks_at_their_ends() -> None:
    for path in sorted((Path(__file__).parents[2] / "replykit/cleaning/languages").glob("*.txt")):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("#"):
                continue
            key, colon, rest = line.partition(": ")
            found = rest.split(" | ")
            assert colon, f"{path.name}: {line}"
            assert key.replace("_", "").isalpha(), f"{path.name}: {line}"
            assert all(word and word == word.strip() for word in found), f"{path.name}: {line}"
            assert len(set(found)) == len(found), f"{path.name}: {key} has a word twice"
