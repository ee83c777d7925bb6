"""Text in three: what was written now, quoted mail, the signature."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.cleaning import split


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("Missä?\n\nTerveisin\nMaija", "Missä?"),
        ("Missä?\n\nt. Maija", "Missä?"),
        ("Missä?\nYT Maija Virtanen", "Missä?"),
        ("Where?\n\nBest,\nTom", "Where?"),
        ("Where?\nBest price you can give?", "Where?\nBest price you can give?"),
        ("Missä?\n-- \nMaija\n040", "Missä?"),
        ("Terveisin Maija", "Terveisin Maija"),
        (
            "Hei\nLähettäjä: en tiedä kuka\nmissä se on",
            "Hei\nLähettäjä: en tiedä kuka\nmissä se on",
        ),
        ("The courier wrote:\nnot at home. Why?", "The courier wrote:\nnot at home. Why?"),
        ("Kuski kirjoitti:\nei kotona. Miksi?", "Kuski kirjoitti:\nei kotona. Miksi?"),
        ("Hei\n... tai: a@b.fi", "Hei\n... tai: a@b.fi"),
        ("Yes\n> old\nand no\n> older", "Yes\nand no"),
        ("Hei\n-----Alkuperäinen viesti-----\nvanhaa", "Hei"),
        ("Hi\n---------- Forwarded message ---------\nold", "Hi"),
        ("Hi\n________________________________\nFrom: a\nSent: b\nold", "Hi"),
    ],
)
def test_split_keeps_what_was_written_now(text: str, now: str) -> None:
    assert split(text)[0] == now


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ["> old", "-- ", "", "Terveisin", "Best,", "From: a", "Sent: b", "On 1.1.2026 x wrote:",
             "On Monday, Customer Service", "<a@b.fi> wrote:", "_" * 25, "Sent from my iPhone"]
        ),
    )
)  # fmt: skip


@given(LINES)
def test_split_keeps_every_line_that_is_not_blank(lines: list[str]) -> None:
    text = "\n".join(lines)
    before = [line.strip() for line in text.split("\n") if line.strip()]
    after = [line.strip() for part in split(text) for line in part.split("\n") if line.strip()]
    assert sorted(before) == sorted(after)
