"""STYLE: small slips of typing, words doubled and wrong spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.lint import Draft, Fix
from replykit.rules import Example, Hit, Rule

_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]{2,})[ \t]+\1(?![\w'’-])", re.IGNORECASE)
# Doubled on purpose: grammar (had had), emphasis (niin niin), names of places and songs.
_MAY_DOUBLE = frozenset(
    "had that very really bye no so long far more many again knock chop win "
    "niin hyvin tosi todella ja joo hei kyllä ei moi heippa melko aina yhä enemmän "
    "pois kovin isoja pian hej mycket".split()
)
_SPACING = (
    (re.compile(r"(?<=[^\W\d_])[ \t]+(?=[,;!?](?:\s|$))"), "", "no space before the mark"),
    (re.compile(r"(?<=[^\W\d_])[ \t]+(?=\.(?:\s|$))"), "", "no space before the full stop"),
    (re.compile(r"(?<=[^\W\d_][,;])(?=[^\W\d_])"), " ", "a space after the mark"),
    (re.compile(r"(?<=[^\W\d_]{2}[,.!?]|\w{3}[,.!?])[ \t]{2,}(?=[^\W\d_])"), " ", "one space is enough"),
    (re.compile(r"(?<=[^\W\d_])[ \t]{2,}(?=[^\W\d_])"), " ", "one space is enough"),
    (re.compile(r"(?<=\()[ \t]+(?=\w)|(?<=\w)[ \t]+(?=\))"), "", "no space inside the bracket"),
)


def _doubled(draft: Draft) -> Iterator[Hit]:
    for match in _DOUBLED.finditer(draft.text):
        word = match.group(1)
        # A capital in the second word begins a name: "in Paris Paris Match".
        if word.casefold() in _MAY_DOUBLE or match.group().split()[1][0].isupper() != word[0].isupper():
            continue
        if word[0].isupper() and match.start() and draft.text[match.start() - 1] not in "\n":
            continue
        yield Hit(match.start(), match.end(), fix=Fix(word))


def _spacing(draft: Draft) -> Iterator[Hit]:
    taken: set[int] = set()
    for pattern, replacement, message in _SPACING:
        for match in pattern.finditer(draft.text):
            if match.start() in taken or _is_table(draft.text, match.start()):
                continue
            taken.add(match.start())
            yield Hit(match.start(), match.end(), message, Fix(replacement))


def _is_table(text: str, place: int) -> bool:
    """A line with several wide gaps, or an address of the web, is set so on purpose."""
    start = text.rfind("\n", 0, place) + 1
    line = text[start:].partition("\n")[0]
    word = text[text.rfind(" ", 0, place) + 1 :].split(" ", 1)[0] if text else ""
    return len(re.findall(r"\S[ \t]{2,}\S", line)) > 1 or "\t" in line or "://" in word or "@" in word


RULES = (
    Rule(
        code="STYLE001",
        name="doubled-word",
        severity="warning",
        message="“{text}”: a word stands twice",
        explanation=(
            "A word typed twice within a line. Words that may stand twice (had had, niin niin) "
            "and repetitions across lines are left alone."
        ),
        check=_doubled,
        bad=(
            Example("en", "We will send the the parcel today."),
            Example("fi", "Lähetämme sen sen tänään."),
        ),
        good=(
            Example("en", "She had had the parcel, and that that is so is very very good."),
            Example("en", "Send it to the\nthe warehouse."),
            Example("fi", "Se on niin niin hyvä, ja hyvin hyvin nopea."),
            Example("fi", "Lähetämme sen\nsen jälkeen."),
        ),
    ),
    Rule(
        code="STYLE002",
        name="spacing",
        severity="suggestion",
        message="a space too many or too few",
        explanation="Spaces before marks, missing after them, or doubled within a sentence.",
        check=_spacing,
        bad=(
            Example("en", "Thank you , it works."),
            Example("en", "Thank you,it works."),
            Example("en", "Thank you  it works."),
            Example("fi", "Kiitos , se toimii."),
            Example("fi", "Kiitos,se toimii."),
            Example("fi", "Kiitos  se toimii ."),
        ),
        good=(
            Example("en", "It costs 1,250 euros, see https://example.fi/a,b or a,b@example.fi (now)."),
            Example("en", "Name:   Anna   Smith   Helsinki"),
            Example("fi", "Se maksaa 12,50 €, katso www-sivu. Kiitos!"),
        ),
    ),
)
