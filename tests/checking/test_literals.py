"""A text is searched for a pattern only where it has the letters that a match needs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.checking.literals import Guarded, needed

SOURCES = (
    r"(?<!\w)(?:sinun|sun) olisi (?:kyllä )?(?:pitänyt|kannattanut)(?!\w)",
    r"(?<!jos\s)(?:et|ette) (?:ole )?(?:ilmoittan|vastann)(?:ut|yt)",
    r"kis{2,3}k|(?:ski){1,2}k",
    r"(?!ei)\w+(?:nut|nyt) (?>väärin|väärä[nä])",
)
PIECES = (
    *("sinun ", "SUN ", "olisi ", "kyllä ", "pitänyt", "KANNATTANUT", "ette ", "et ", "jos "),
    *("ilmoittan", "ut", "väärin", "vaivannut ", "kiss", "ki\u017f\u017f", "\u212aissk", "s"),
    *("\u0130lmoittan", "\u0131lmoittan", "skik", "\u00df", "\n"),
)


@pytest.mark.parametrize("source", SOURCES)
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_a_guard_loses_no_match(source: str, text: str) -> None:
    plain = [match.span() for match in re.finditer(source, text, re.IGNORECASE)]
    assert [match.span() for match in Guarded(source).finditer(text)] == plain


def test_the_rarest_letters_are_looked_for_first() -> None:
    assert needed(r"(?:et|ette) (?:ole )?(?:lukenut|maksanut)") == (
        {"lukenut", "maksanut"},
        {"et"},
    )


@pytest.mark.parametrize("source", [r"\w+", "(?:abc)?", "abc|d?", "(?=abc)", "a[bc]d"])
def test_what_may_match_without_letters_needs_none(source: str) -> None:
    assert needed(source) == ()


def test_a_pattern_whose_letters_are_missing_is_not_compiled() -> None:
    # An expression that cannot be compiled: a look behind must have one width.
    guarded = Guarded(r"(?<=a+)sorry")
    assert list(guarded.finditer("thank you")) == []
    with pytest.raises(re.error, match="look-behind"):
        guarded.finditer("I am sorry")
