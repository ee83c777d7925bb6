"""E-mail addresses and phone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from replykit.details import Found
from replykit.patterns import prepared
from replykit.recognise.view import View, compiled

# A message that holds more candidates than this is no customer's.
_MOST_CANDIDATES = 40
_MOST_DIGITS = 15  # E.164
_FEWEST_DIGITS = 6
_LONGEST_ADDRESS = 254
_BETWEEN = " \u00a0\u202f()-"


def emails(view: View) -> Iterator[Found]:
    """E-mail addresses, as they are written but for the case of the domain."""
    for match in view.matches(_email(), view.around("@", _LONGEST_ADDRESS)):
        local, _, domain = match[0].rpartition("@")
        yield Found("email", f"{local}@{domain.lower()}", *match.span(), 0.99)


def phones(view: View) -> Iterator[Found]:
    """Phone numbers that can be dialled, in E.164; national ones by the language's countries."""
    text, lang = view.text, view.lang
    candidates = 0
    for match in view.matches(_run(), view.digits):
        if _is_other_number(text, match.start()):
            continue
        candidates += 1
        if candidates > _MOST_CANDIDATES:
            return
        # A run of digits and spaces may go on with another number: try it whole, then shorter.
        run = match[0].rstrip(_BETWEEN)
        told = compiled(_TELLS).search(text, max(0, match.start() - 30), match.start()) is not None
        while run:
            end = match.start() + len(run)
            digits = sum(character.isdigit() for character in run)
            if digits < _FEWEST_DIGITS:
                break
            if digits <= _MOST_DIGITS and not _goes_on(text, end):
                value, confidence = _number(run, lang, told)
                if value:
                    yield Found("phone", value, match.start(), end, confidence)
                    break
            run = run.rpartition(" ")[0].rstrip(_BETWEEN)


@lru_cache(maxsize=1000)
def _number(run: str, lang: str, told: bool) -> tuple[str, float]:
    """A candidate in E.164, and how sure it is; nothing where no country has such a number."""
    library = _library()
    abroad = run.startswith(("+", "00"))
    regions = _REGIONS.get(lang, _REGIONS["en"])
    for place, region in enumerate(regions[:1] if abroad else regions):
        try:
            number = library.parse(run, region)
        except library.NumberParseException:
            continue
        value = str(library.format_number(number, library.PhoneNumberFormat.E164))
        if library.is_valid_number(number):
            sure = 0.98 if abroad or told else (0.93, 0.88)[place]
            return value, sure
        # Written as one, or called one: of the right length is enough.
        if abroad and (told or run[0] == "+") and library.is_possible_number(number):
            return value, 0.8
    return "", 0.0


def _is_other_number(text: str, start: int) -> bool:
    """Whether the words before say that an order, an invoice or the like is numbered."""
    return compiled(_OTHER).search(text, max(0, start - 30), start) is not None


def _goes_on(text: str, end: int) -> bool:
    """Whether what follows makes the run a part of something else, as in 070-1234-AB."""
    following = text[end : end + 2]
    if following[:1].isalnum() or following[:1] in ("_", "@"):
        return True
    joined = following[1:].isalnum() if following[:1] == "-" else following[1:].isdigit()
    return following[:1] in ("-", ".", ",", "/") and joined


# National numbers: the countries to try, for each language. A customer of a Finnish shop who
# writes in another language is likely to have a Finnish number.
_REGIONS = {"fi": ("FI", "SE"), "sv": ("SE", "FI"), "en": ("GB", "FI")}
_TELLS = (
    r"(?i)\b(?:p(?:uh(?:elin\w*|nro)?)?|tel(?:ephone|efon\w*)?|phone|mobile|mobil\w*|gsm|whatsapp|cell"
    r"|numero\w*|number|nummer|call|ring|text|sms|soi\w+)\b[^\n\d]{0,20}$"
)
_OTHER = (
    r"(?i)\b(?:tilau[sk]\w*|lasku\w*|viit\w*|asiakas\w*|sarja\w*|tuote\w*|order\w*|invoice|reference"
    r"|ref|customer|serial|account|faktur\w*|kund\w*|best[aä]llning\w*|ocr|ean|sn|artikel\w*)"
    r"(?:[ -]?(?:nro|no|nr|num\w*|id))?(?: (?:on|is|was|är))?[.:]? {0,2}#?$"
)


@cache
def _email() -> re.Pattern[str]:
    return prepared(
        r"(?<![\w.%+'-])[\w%+-](?:[\w.%+'-]{0,63})@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}"
        r"[^\W\d_]{2,24}(?![\w-]|@)"
    )


@cache
def _run() -> re.Pattern[str]:
    """From + or 0, the digits that follow with spaces, hyphens and brackets between them."""
    return prepared(r"(?<![\w@#+(])(?<!\d[.,/ -])(?:\+|\(?0|\(\+)[ ]?[\d()\u00a0\u202f -]{4,30}+")


@cache
def _library() -> Any:
    import phonenumbers

    return phonenumbers
