"""Sums of money, however they are written, and what may be reckoned from them."""

from __future__ import annotations

from datetime import date

import pytest

from replykit.recognise.sums import reckoned, sums

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("lang", "text", "cents"),
    [
        ("en", "49.90 € or fifty euros", [4990, 5000]),
        ("en", "a hundred and six euros and forty cents", [10640]),
        ("en", "14.9 cents per kilowatt hour", [14.9]),
        ("en", "fifty chairs, 40 centimetres", []),
        ("fi", "kaksisataakuusi euroa ja 50 senttiä", [20650]),
        ("fi", "15,9 senttiin", [15.9]),
        ("fi", "viisitoista eurooppalaista", []),
    ],
)
def test_sums(lang: str, text: str, cents: list[float]) -> None:
    found = sorted(sums(text, lang, DAY), key=lambda one: one[1])
    assert [value for value, _, _ in found] == cents


def test_what_is_reckoned_from_sums() -> None:
    found = reckoned([5900, 4500], times={3, 4711}, shares={20})
    assert {10400, 1400, 17700, 1180, 4720} <= found
    assert 11400 not in found
    assert 5900 * 4711 not in found
