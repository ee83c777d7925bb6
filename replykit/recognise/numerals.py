"""Finds numbers that are written as words: twenty-one, kaksisataakuusi, kuudelletoista."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from replykit.patterns import prepared

_EN_SMALL = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen""".split()  # noqa: SIM905
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
# A Finnish numeral has its case in each of its parts: kahdellesadalle.
_CASE = r"(?:n[aä]?|ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|ksi)"
_FI_SMALL = (
    rf"yksi|yhtä|yhteen|yhtenä|yhde{_CASE}",
    rf"kaksi|kahta|kahteen|kahtena|kahde{_CASE}",
    rf"kolme(?:a|en|{_CASE})?",
    rf"neljä(?:ä|än|{_CASE})?",
    rf"viisi|viittä|viiteen|viitenä|viide{_CASE}",
    rf"kuusi|kuutta|kuuteen|kuutena|kuude{_CASE}",
    rf"seitsemä(?:ä|än|{_CASE})",
    rf"kahdeksa(?:a|an|{_CASE})",
    rf"yhdeksä(?:ä|än|{_CASE})",
)
_FI_TEN = rf"kymmen(?:tä|een|e{_CASE})"
_FI_HUNDRED = rf"sa(?:taa?|taan|da{_CASE})"
_FI_THOUSAND = rf"tuha(?:tta|t|nteen|nne{_CASE})"
_FI_PARTS = (
    *((str(value), form) for value, form in enumerate(_FI_SMALL, 1)),
    ("toista", "toista"), ("10", _FI_TEN), ("100", _FI_HUNDRED), ("1000", _FI_THOUSAND),
)  # fmt: skip


def numerals(text: str, lang: str) -> Iterator[tuple[int, int, int]]:
    """Numbers in words, with their places."""
    if lang in _WORDS:
        for match in _finder(lang).finditer(text):
            yield value(match.group(), lang), match.start(), match.end()


def value(words: str, lang: str) -> int:
    """What a number in words comes to."""
    parts = _fi_parts(words.casefold()) if lang == "fi" else _en_parts(words.casefold())
    total = current = last = 0
    for part in parts:
        if part == "toista":
            current += 10
        elif part in ("10", "100"):
            # Two hundred and six: the last part counts the hundreds, what was before stands.
            current += max(last, 1) * int(part) - last
        elif part == "1000":
            total, current = total + max(current, 1) * 1000, 0
        else:
            current += int(part)
        last = int(part) if part.isdigit() and int(part) < 20 else 0
    return total + current


def _en_parts(words: str) -> Iterator[str]:
    for word in re.findall(r"[a-z]+", words):
        if word in _EN_SMALL:
            yield str(_EN_SMALL.index(word) + 1)
        elif word in _EN_TENS:
            yield str((_EN_TENS.index(word) + 2) * 10)
        elif word in ("hundred", "thousand"):
            yield "100" if word == "hundred" else "1000"


def _fi_parts(words: str) -> Iterator[str]:
    place = 0
    while place < len(words):
        forms = ((form.match(words, place), name) for name, form in _fi_forms())
        found = [(match.end(), name) for match, name in forms if match]
        if not found:
            return
        place, name = max(found)
        yield name


@cache
def _fi_forms() -> list[tuple[str, re.Pattern[str]]]:
    return [(name, prepared(form)) for name, form in _FI_PARTS]


def _english() -> str:
    units, small, tens = ("|".join(words) for words in (_EN_SMALL[:9], _EN_SMALL[::-1], _EN_TENS))
    ten = rf"(?:(?:{tens})(?:[- ](?:{units}))?|{small})"
    hundred = rf"(?:(?:(?:a|{small})[- ]hundred(?:(?:[- ]and)?[- ]{ten})?)|{ten})"
    return rf"(?:(?:a|{hundred})[- ]thousand(?:(?:[- ]and)?[- ]{hundred})?|{hundred})"


def _finnish() -> str:
    unit = f"(?:{'|'.join(_FI_SMALL)})"
    ten = rf"(?:{unit}toista|{unit}?{_FI_TEN}{unit}?|{unit})"
    hundred = rf"(?:{unit}?{_FI_HUNDRED}{ten}?|{ten})"
    return rf"(?:{hundred}?{_FI_THOUSAND}{hundred}?|{hundred})"


_WORDS = {"en": _english, "fi": _finnish}
# What numbers begin with: most words of a text are done with by one letter.
_FIRST = {"en": "aefnost", "fi": "kntsvy"}


@cache
def pattern(lang: str) -> str:
    """A regular expression of all numbers in words; one of nothing where no words are known."""
    return _WORDS[lang]() if lang in _WORDS else "(?!)"


@cache
def _finder(lang: str) -> re.Pattern[str]:
    return prepared(rf"(?<![\w-])(?=[{_FIRST[lang]}]){pattern(lang)}(?![\w-])", re.IGNORECASE)
