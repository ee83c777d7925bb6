"""TONE: shouting and rows of exclamation marks (phrases of tone live in the lexicons)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.lint import Draft, Fix
from replykit.rules import Example, Hit, Rule

_CAPITALS = re.compile(r"[A-ZÅÄÖ]{2,}(?:[ \t]+[A-ZÅÄÖ]{2,}){2,}(?![\w-])")
_MARKS = re.compile(r"!(?:[ \t]?!)+|\?(?:[ \t]?\?)+|(?:!\?|\?!)[!?]*")
_VOWEL = re.compile("[AEIOUYÅÄÖ]")
_LEAST_LETTERS = 4


def _shouting(draft: Draft) -> Iterator[Hit]:
    for match in _CAPITALS.finditer(draft.text):
        # A heading in capitals, alone on its line, is no shouting; neither are acronyms.
        line = draft.text[draft.text.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0]
        words = match.group().split()
        spoken = [word for word in words if len(word) >= _LEAST_LETTERS and _VOWEL.search(word)]
        if len(spoken) >= 2 and (line.strip(" :*#-") != match.group() or "!" in line):
            yield Hit(match.start(), match.end())


def _repeated_marks(draft: Draft) -> Iterator[Hit]:
    for match in _MARKS.finditer(draft.text):
        mark = "?" if "?" in match.group() else "!"
        yield Hit(match.start(), match.end(), fix=Fix(mark))


RULES = (
    Rule(
        code="TONE001",
        name="shouting",
        severity="warning",
        message="capitals read as shouting; write “{text}” in small letters",
        explanation=(
            "Three words in capitals in a row read as shouting. Acronyms, and a heading alone on "
            "its line, are left alone."
        ),
        check=_shouting,
        bad=(
            Example("en", "Please READ THE TERMS before you order."),
            Example("fi", "Muista, että TÄMÄ PITÄÄ MAKSAA heti."),
        ),
        good=(
            Example("en", "VAT, GDPR and HTML: see IBAN BIC SWIFT codes in the ABC DEF GHI list."),
            Example("en", "ENROLMENT HAS BEEN ACCEPTED\n\nHello Maija,"),
            Example("fi", "ALV, KELA ja HSL: lue PDF."),
            Example("fi", "VARAUS ON VAHVISTETTU\n\nHei Maija!"),
        ),
    ),
    Rule(
        code="TONE002",
        name="repeated-marks",
        severity="warning",
        message="one mark is enough",
        explanation="Rows of exclamation or question marks sound upset or mocking.",
        check=_repeated_marks,
        bad=(
            Example("en", "Thank you for your order!!"),
            Example("en", "Did you try again??"),
            Example("fi", "Kiitos tilauksestasi!!!"),
            Example("fi", "Yrititkö uudelleen?!"),
        ),
        good=(
            Example("en", "Thank you! Did it work?"),
            Example("fi", "Kiitos! Toimiko se?"),
        ),
    ),
)
