"""TONE: shouting and rows of exclamation marks (phrases of tone live in the lexicons)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft, Fix
from replykit.rules import Example, Hit, Rule

_CAPITALS = re.compile(r"(?<![\w-])[A-ZÅÄÖ]{2,}+(?![\w-])(?:[ \t]++[A-ZÅÄÖ]{2,}+(?![\w-])){2,}")
_MARKS = re.compile(r"[!?](?:[!?]|[ \t][!?](?!\w))++")
_WORD_END = re.compile(r"[)\"'”’»*_]*+(?!\S)")
_VOWEL = re.compile("[AEIOUYÅÄÖ]")
_LEAST_LETTERS = 4
_LONGEST_WORD = 60
_ACRONYMS = frozenset(
    ("IBAN", "SWIFT", "SEPA", "KELA", "ISBN", "JPEG", "WIFI", "WLAN", "IKEA", "NATO", "UNICEF")
)
# One of these among capitals makes a sentence of them, where all others could be acronyms.
_SENTENCE_WORDS = frozenset(
    """THE AND NOT ARE YOU YOUR DID WAS WILL MUST HAVE HAS NOW FOR WITH THIS THAT
    ON EI ETTE TÄMÄ SEN NYT JA OLE PITÄÄ TÄYTYY MUTTA VAIN HETI""".split()  # noqa: SIM905
)


def _shouting(draft: Draft) -> Iterator[Hit]:
    for match in _CAPITALS.finditer(draft.text):
        # A heading in capitals, alone on its line, is no shouting; neither are acronyms.
        line = draft.line_at(match.start())
        words = match.group().split()
        spoken = [word for word in words if _is_spoken(word)]
        is_sentence = len(spoken) >= 2 or not _SENTENCE_WORDS.isdisjoint(words)
        if is_sentence and (line.strip(" \r\t:*#=-") != match.group() or "!" in line):
            yield Hit(match.start(), match.end())


def _is_spoken(word: str) -> bool:
    """Whether capitals are a word rather than an acronym."""
    return len(word) >= _LEAST_LETTERS and bool(_VOWEL.search(word)) and word not in _ACRONYMS


def _repeated_marks(draft: Draft) -> Iterator[Hit]:
    for match in _MARKS.finditer(draft.text):
        start, end = match.span()
        mark = "?" if "?" in match.group() else "!"
        yield Hit(start, end, fix=Fix(mark, safe=_is_prose(draft.text, start, end)))


def _is_prose(text: str, start: int, end: int) -> bool:
    """Whether marks end a word: in a code or a password they may be letters like any others."""
    before = text[max(0, start - _LONGEST_WORD) : start]
    word = "" if before[-1:].isspace() else (before.split() or [""])[-1].strip("\"'”“()*")
    return bool(_WORD_END.match(text, end)) and (word.isalpha() or word.isdigit() or not word)


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
            Example("en", "DO NOT PAY the reminder."),
            Example("fi", "Muista, että TÄMÄ PITÄÄ MAKSAA heti."),
            Example("fi", "Paketti EI OLE MYÖHÄSSÄ vielä."),
        ),
        good=(
            Example("en", "VAT, GDPR and HTML: see IBAN BIC SWIFT codes in the list."),
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
            Example("en", "We are sorry! !"),
            Example("fi", "Yrititkö uudelleen?!"),
        ),
        good=(
            Example("en", "Thank you! Did it work?"),
            Example("fi", "Kiitos! Toimiko se?"),
        ),
    ),
)
