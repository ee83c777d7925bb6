"""STYLE: small slips of typing, words doubled and wrong spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft, Fix
from replykit.rules import Example, Hit, Rule

_DOUBLED = re.compile(
    r"(?<![\w'’-])([^\W\d_]{2,}+)(?:[ \t]++\1(?![\w'’-]))+(?P<next>[ \t]++\w++)?", re.IGNORECASE
)
# Languages whose grammar does not double words all day, as French (nous nous) or German (die die).
_DOUBLED_LANGS = ("en", "fi", "sv")
# Doubled on purpose or by grammar: had had, log in in June, assure you you will, niin niin.
_MAY_DOUBLE = frozenset(
    """had that in you it her do up off as who very really bye no so long far more many again
    knock chop win niin hyvin tosi todella ja joo hei kyllä ei moi heippa melko aina yhä enemmän
    pois kovin isoja pian hiljalleen voi se ne hej mycket""".split()  # noqa: SIM905
)
# "Switch it on on arrival"; in Finnish "on on" is a slip.
_ENGLISH_MAY_DOUBLE = frozenset({"on"})
# "Saat sen sen jälkeen": the second one belongs to the word that follows.
_SEN_BEFORE = frozenset(
    """jälkeen sijaan sijasta mukaan vuoksi takia perusteella lisäksi kanssa osalta verran hetken
    kautta avulla yhteydessä johdosta ohella""".split()  # noqa: SIM905
)
_BEFORE_MARK = re.compile(r"(?<=[^\W\d_])([ \t]++)(?:[,;!?]|\.)(?!\S)")
_AROUND_MARK = re.compile(r"(?<=[^\W\d_])([ \t]++,)(?=[^\W\d_]{2})")
_AFTER_MARK = re.compile(r"(?<!\S)[^\W\d_]{2,}+[,;]()[^\W\d_]{2,}+[.!?,;:]*+(?!\S)")
_DOUBLE_SPACE = re.compile(r"(?<=[^\W\d_,;])([ \t]{2,}+)(?=[^\W\d_])")
_IN_BRACKET = re.compile(r"(?<!\S)\(([ \t]++)(?=\w)|(?<=\w)([ \t]++)(?=\)(?!\w))")
_SPACING = (
    (_BEFORE_MARK, "", "no space before the mark"),
    (_AROUND_MARK, ", ", "the space stands behind the mark"),
    (_AFTER_MARK, " ", "a space after the mark"),
    (_DOUBLE_SPACE, " ", "one space is enough"),
    (_IN_BRACKET, "", "no space inside the bracket"),
)
_WIDE_GAP = re.compile(r"(?<=\S)[ \t]{2,}+(?=\S)")


def _doubled(draft: Draft) -> Iterator[Hit]:
    if draft.lang not in _DOUBLED_LANGS:
        return
    for match in _DOUBLED.finditer(draft.text):
        end = match.start("next") if match["next"] else match.end()
        words = draft.text[match.start() : end].split()
        # A capital in the second word begins a name: "Bora Bora", "in Paris Paris Match".
        if any(word[0].isupper() for word in words[1:]):
            continue
        word = words[0].casefold()
        follows = (match["next"] or "").strip().casefold()
        may = word in _MAY_DOUBLE or (draft.lang == "en" and word in _ENGLISH_MAY_DOUBLE)
        if len(words) == 2 and (may or (word == "sen" and follows in _SEN_BEFORE)):
            continue
        yield Hit(match.start(), end, fix=Fix(words[0]))


def _spacing(draft: Draft) -> Iterator[Hit]:
    for line in draft.lines:
        # A line with tabs or several wide gaps is a table, set so on purpose.
        if "\t" in line.text or len(_WIDE_GAP.findall(line.text)) > 1:
            continue
        for pattern, replacement, message in _SPACING:
            if pattern is _BEFORE_MARK and draft.lang == "fr":
                continue
            for match in pattern.finditer(line.text):
                start, end = match.span(match.lastindex or 0)
                yield Hit(line.start + start, line.start + end, message, Fix(replacement))


RULES = (
    Rule(
        code="STYLE001",
        name="doubled-word",
        severity="warning",
        message="“{text}”: a word stands twice",
        explanation=(
            "A word typed twice within a line. Words that may stand twice (had had, niin niin), "
            "names (Bora Bora) and repetitions across lines are left alone."
        ),
        check=_doubled,
        bad=(
            Example("en", "We will send the the parcel today."),
            Example("en", "The the parcel left today. It is is ready."),
            Example("fi", "Lähetämme sen sen tänään."),
            Example("fi", "Paketti paketti lähti jo eilen."),
            Example("fi", "Se on on valmis."),
        ),
        good=(
            Example("en", "She had had the parcel, and that that is so is very very good."),
            Example("en", "I assure you you can log in in June, and switch it on on Monday."),
            Example("en", "The flight to Bora Bora is late."),
            Example("en", "Send it to the\nthe warehouse."),
            Example("fi", "Se on niin niin hyvä, ja hyvin hyvin nopea."),
            Example("fi", "Saat sen sen jälkeen, kun maksu näkyy meillä."),
            Example("fi", "Lähetämme sen\nsen jälkeen."),
        ),
    ),
    Rule(
        code="STYLE002",
        name="spacing",
        severity="suggestion",
        message="a space too many or too few",
        explanation=(
            "Spaces before marks, missing after them, or doubled within a sentence. Lines that "
            "are set as a table, addresses of the web and codes are left alone."
        ),
        check=_spacing,
        bad=(
            Example("en", "Thank you , it works."),
            Example("en", "Thank you,it works."),
            Example("en", "Thank you ,it works."),
            Example("en", "Thank you  it works."),
            Example("en", "It is here ( in the warehouse)."),
            Example("fi", "Kiitos , se toimii."),
            Example("fi", "Kiitos,se toimii."),
            Example("fi", "Kiitos  se toimii."),
            Example("fi", "Kiitos, se toimii ."),
        ),
        good=(
            Example(
                "en", "It costs 1,250 euros, see https://example.fi/a,b or a,b@example.fi (now)."
            ),
            Example("en", "Name:   Anna   Smith   Helsinki"),
            Example("en", "Sizes S,M,L are in stock; the code is AB1,CD. So ... yes :) or ;)"),
            Example("fr", "Bonjour ! Merci de votre message !"),
            Example("fi", "Se maksaa 12,50 €, katso www-sivu. Kiitos!"),
            Example("fi", "Nimi:\tAnna\tAho"),
        ),
    ),
)
