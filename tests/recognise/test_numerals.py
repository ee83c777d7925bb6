"""Numbers in words: what they come to, and what only looks like one."""

from __future__ import annotations

import pytest

from replykit.recognise.numerals import numerals


@pytest.mark.parametrize(
    ("lang", "text", "values"),
    [
        ("en", "Twenty-one, a hundred and six or nineteen hundred.", [21, 106, 1900]),
        ("en", "a thousand two hundred and six", [1206]),
        ("en", "two thousand, seventeen", [2000, 17]),
        ("en", "Someone phoned often; tenants and a onesie.", []),
        ("fi", "kaksisataakuusitoista ja kaksisataakuusi", [216, 206]),
        ("fi", "kuudelletoista, ei kuudellekymmenelle", [16, 60]),
        ("fi", "kolmensadan ja kaksituhatta kahdeksankymmentäyhdeksän", [300, 2000, 89]),
        ("fi", "Yksinään kaksoset kuusikossa satavat.", []),
        ("sv", "tjugo", []),
    ],
)
def test_numbers_in_words(lang: str, text: str, values: list[int]) -> None:
    found = list(numerals(text, lang))
    assert [number for number, _, _ in found] == values
    assert all(text[start:end].strip() == text[start:end] for _, start, end in found)
