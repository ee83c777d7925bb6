"""FORM: the frame of a letter, greeting and closing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule

_GREETING = prepared(
    r"^\W*+(?:hello|hi|hey|dear|good\ (?:morning|afternoon|evening|day)|greetings|thank\ you|thanks"
    r"|hei|hei\w*|moi|moikka|terve|tervehdys|hyvää\ (?:huomenta|päivää|iltaa|iltapäivää)"
    r"|huomenta|päivää"
    r"|hyvä|arvoisa|kiitos|tervetuloa|welcome|hej|hejsan|god\ \w+|bästa|tack|välkommen)\b",
    re.IGNORECASE | re.VERBOSE,
)
_CLOSING = prepared(
    r"^\W*+(?:(?:(?:with\ )?(?:kind|best|warm|kindest|warmest)\ )?regards|best(?:\ wishes)?|yours"
    r"|sincerely|cheers|many\ thanks|thank\ you|thanks|take\ care|have\ a|see\ you|all\ the\ best"
    r"|with\ best|(?:ystävällisin|parhain|lämpimin|yhteistyö|aurinkoisin|talvisin|hyvin|kauniin)"
    r"\ ?\w*+|terve\w*+|terv(?=\.)|kiitos|kiittäen|kiittäin|hyvää|mukavaa|ihanaa|aurinkoista"
    r"|rauhallista|pidä\ huolta|nähdään|t(?=\.)|yt|yst|med\ vänlig\w*+|mvh|vänligen|vänliga"
    r"|hälsningar|ha\ en|tack)\b",
    re.IGNORECASE | re.VERBOSE,
)
# Those of which greetings and closings stand above.
_LANGUAGES = ("en", "fi", "sv")
_FIRST_LINES, _LAST_LINES = 3, 8
_SHORT_LINE = 5
_NAME = prepared(r"\W*+[^\W\d_][^.?!:@]{0,40}+$")


def _greeting_missing(draft: Draft) -> Iterator[Hit]:
    lines = draft.lines
    if _is_letter(draft) and not any(_GREETING.match(line.text) for line in lines[:_FIRST_LINES]):
        yield Hit(lines[0].start, lines[0].end)


def _closing_missing(draft: Draft) -> Iterator[Hit]:
    lines = draft.lines
    if not _is_letter(draft):
        return
    # The first line is a greeting, in whatever words.
    last = lines[-_LAST_LINES:][1 if len(lines) > 1 else 0 :]
    if not any(_CLOSING.match(line.text) for line in last) and not _signed(draft):
        yield Hit(lines[-1].start, lines[-1].end)


def _is_letter(draft: Draft) -> bool:
    return draft.channel == "email" and draft.lang in _LANGUAGES and bool(draft.lines)


def _signed(draft: Draft) -> bool:
    """Whether a paragraph of short lines ends the mail, a name last: a wish in words of its own."""
    block = draft.text.rstrip().rpartition("\n\n")[2].strip().split("\n")
    short = all(len(line.split()) <= _SHORT_LINE and not line.endswith(".") for line in block)
    return 2 <= len(block) <= 4 and short and bool(_NAME.match(block[-1].strip()))


_BODY_EN = "your parcel left our warehouse today and reaches you on Friday."
_BODY_FI = "Pakettisi lähti tänään ja on perillä perjantaina."

RULES = (
    Rule(
        code="FORM001",
        name="greeting-missing",
        severity="suggestion",
        message="the mail begins without a greeting; a short Hello or Hei is enough",
        explanation=(
            "A mail that begins with the matter can sound curt. A greeting in one of the first "
            "lines makes it friendly. Chat, tickets and public posts may do without."
        ),
        check=_greeting_missing,
        bad=(
            Example("en", f"{_BODY_EN.capitalize()}\n\nKind regards,\nAnna"),
            Example("fi", f"{_BODY_FI}\n\nYstävällisin terveisin\nAnna"),
        ),
        good=(
            Example("en", f"Hello Maija,\n\n{_BODY_EN}\n\nKind regards,\nAnna"),
            Example("en", f"Re: your order\n\nDear Mr Smith,\n\n{_BODY_EN}\n\nRegards,\nAnna"),
            Example("en", _BODY_EN.capitalize(), channel="chat"),
            Example("fi", f"Hei Maija!\n\n{_BODY_FI}\n\nTerveisin\nAnna"),
            Example("fi", f"Hyvää huomenta,\n\n{_BODY_FI}\n\nTerveisin\nAnna"),
            Example("fi", _BODY_FI, channel="chat"),
        ),
    ),
    Rule(
        code="FORM002",
        name="closing-missing",
        severity="suggestion",
        message="the mail ends without a closing; add one with your name",
        explanation=(
            "A closing with a name shows that a person answered and to whom the customer can "
            "turn. Chat, tickets and public posts may do without."
        ),
        check=_closing_missing,
        bad=(
            Example("en", f"Hello Maija,\n\n{_BODY_EN}"),
            Example("fi", f"Hei Maija!\n\n{_BODY_FI}"),
        ),
        good=(
            Example("en", f"Hello Maija,\n\n{_BODY_EN}\n\nBest wishes,\nAnna\nCustomer service"),
            Example("fi", f"Hei Maija!\n\n{_BODY_FI}\n\nYstävällisin terveisin\nAnna\nPalvelu"),
            Example("en", f"Hello Maija,\n\n{_BODY_EN}\n\nWith sympathy,\nAnna Smith\nService"),
            Example("fi", f"Hei Maija!\n\n{_BODY_FI}\n\nLeppoisia löylyjä!\nAnna"),
            Example("fi", f"Hei!\n\n{_BODY_FI}", channel="chat"),
        ),
    ),
)
