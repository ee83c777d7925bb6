"""Amounts of money, bank accounts and payment cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from replykit.details import Found
from replykit.patterns import prepared
from replykit.recognise.view import View, compiled


def amounts(view: View) -> Iterator[Found]:
    """Amounts with their currency, as `49.90 EUR`; of a range both."""
    for match in view.matches(_amount(), view.digits):
        currency, sure = _currency(match, view.lang)
        value = _decimal(match["number"])
        if not value or not currency:
            continue
        if match["first"] and (first := _decimal(match["first"])):
            yield Found("amount", f"{first} {currency}", *match.span("first"), 0.8)
        start = match.start("before" if match["before"] else "number")
        yield Found("amount", f"{value} {currency}", start, match.end(), sure)


def ibans(view: View) -> Iterator[Found]:
    """Bank accounts whose check digits are right."""
    for match in view.matches(_account(), view.digits):
        country = match[0][:2].upper()
        length = _account_length(country)
        if not length:
            continue
        # What follows an account may look like a part of it: take the country's length.
        end, count = match.start(), 0
        while end < match.end() and count < length:
            count += view.text[end].isalnum()
            end += 1
        value = re.sub(r"[\W_]", "", view.text[match.start() : end]).upper()
        if count == length and not view.text[end : end + 1].isalnum() and _is_iban(value):
            yield Found("iban", value, match.start(), end, 0.99)


def cards(view: View) -> Iterator[Found]:
    """Payment cards: a known issuer's prefix and length, written as on a card, and checked."""
    for match in view.matches(_card(), view.digits):
        digits = re.sub(r"\D", "", match[0])
        if is_card(digits):
            grouped = len(digits) < len(match[0])
            other = compiled(_REFERENCE).search(
                view.text, max(0, match.start() - 30), match.start()
            )
            sure = 0.98 if grouped else 0.4 if other else 0.9
            yield Found("card", digits, *match.span(), sure)


def is_card(digits: str) -> bool:
    """Whether an issuer gives out such numbers, and the check digit is right."""
    if not compiled(_ISSUERS).fullmatch(digits):
        return False
    from stdnum import luhn

    return bool(luhn.is_valid(digits))


_REFERENCE = (
    r"(?i)\b(?:viit\w*|ref\w*|tilau\w*|lasku\w*|order\w*|invoice|ocr|faktur\w*|best[aä]llning\w*)"
    r"(?: (?:nro|no|nr|number))?[.:]? {0,2}$"
)
# Visa, Mastercard, American Express, Discover, Diners Club, JCB, UnionPay, Maestro.
_ISSUERS = r"""(?x)
        4\d{15}(?:\d{3})? | 5[1-5]\d{14} | 2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}
      | 3[47]\d{13} | 6(?:011|5\d\d|4[4-9]\d)\d{12} | 3(?:0[0-5]|[689]\d)\d{11}
      | 35(?:2[89]|[3-8]\d)\d{12} | 62\d{14,17}
      | (?:5018|5020|5038|5893|6304|6759|676[1-3])\d{12,15}
    """


@lru_cache(maxsize=1000)
def _is_iban(value: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(value))


@cache
def _account_length(country: str) -> int:
    """How long a country's account numbers are; 0 where it has none."""
    from stdnum import numdb

    ((_, known), *_) = numdb.get("iban").info(country)
    return 4 + sum(map(int, re.findall(r"(\d+)!", known["bban"]))) if known else 0


def _decimal(number: str) -> str:
    """A number as it is written here, with two decimals and a point; else nothing."""
    number = re.sub(r"[,.:][-–—]{1,2}$", "", number)
    whole, mark, decimals = number, "", ""
    if match := re.search(r"([.,])(\d{1,2})$", number):
        whole, mark, decimals = number[: match.start()], match[1], match[2]
    elif re.fullmatch(r"0[.,]\d{3}", number):
        return ""
    if mark and mark in whole:
        return ""
    digits = re.sub(r"\D", "", whole)
    return f"{int(digits)}.{decimals:0<2}" if digits and len(digits) < 13 else ""


def _currency(match: re.Match[str], lang: str) -> tuple[str, float]:
    """The code of an amount's currency by its sign, code or word, and how sure it is."""
    sign = (match["before"] or match["after"] or match["word"] or "").casefold()
    if not sign:
        # 54,- alone is the custom of shops; only Finns shorten euros to an e.
        home = {"fi": "EUR", "sv": "SEK"}.get(lang, "")
        return (home if not match["e"] or lang == "fi" else ""), 0.85
    if sign == "kr":
        return _CROWNS.get(lang, "SEK"), 0.97 if lang in _CROWNS else 0.75
    if sign in _SIGNS:
        return _SIGNS[sign], 0.97
    for stem, code in _STEMS:
        if sign.startswith(stem):
            return code, 0.7 if stem in ("poun", "pund") else 0.97  # they are weights too
    return sign.upper(), 0.97


_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "us$": "USD", "quid": "GBP"}
_CROWNS = {"sv": "SEK", "da": "DKK", "no": "NOK"}
_STEMS = (
    ("euro", "EUR"),
    ("kron", "SEK"),
    ("kruun", "SEK"),
    ("pund", "GBP"),
    ("punta", "GBP"),
    ("punna", "GBP"),
    ("poun", "GBP"),
    ("dollar", "USD"),
)
_CODES = "EUR|SEK|NOK|DKK|GBP|USD|CHF|PLN|CZK|JPY|CAD|AUD|ISK|HUF"


@cache
def _amount() -> re.Pattern[str]:
    number = r"(?:\d{1,3}(?:[ .,'\u00a0\u202f]\d{3}){1,3}|\d{1,9})(?:[.,]\d{1,2})?"
    space = r"[ \u00a0\u202f]?"
    return prepared(
        rf"""(?=[\d€£$A-Z])(?<![\w€£$])(?<!\d[.,:/-])
        (?:(?P<before>€|£|(?:US)?\$|(?:{_CODES})\b){space})?
        (?:(?P<first>{number}){space}[-–]{space})?
        (?P<number>{number}(?:[.,:][-–—]{{1,2}}(?![\w)(|/\\]))?)(?![\d%])
        (?(before)(?![.,]\d)|
          (?:{space}(?:(?P<after>€|£|\$)
            |(?P<word>(?:{_CODES})
              |(?i:eur|euro(?!op)[a-zåäö]{{0,5}}|kronor|krona|kruunu\w{{0,4}}|pund|punta\w{{0,2}}
                |punna\w{{0,3}}|pounds?|quid|dollari?\w{{0,4}}|kr))(?!\w)
            |(?P<e>e)(?![\w-]))
          |(?<=[-–—]))
        )""",
        re.VERBOSE,
    )


@cache
def _account() -> re.Pattern[str]:
    return prepared(
        r"(?<![\w@.-])[A-Za-z]{2}\d{2}(?=[ \u00a0-]?[A-Z\d])(?:[ \u00a0-]?[A-Za-z\d]){11,38}+"
    )


@cache
def _card() -> re.Pattern[str]:
    """Digits in one piece, in fours, or in 4-6-5 (American Express) and 4-6-4 (Diners Club)."""
    return prepared(
        r"""(?<![\w.,/-])(?<!\d[ ])
        (?:\d{14,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|\d{4}([ -])\d{6}\2\d{4,5})
        (?![\w-]|[.,]\d|[ ]\d)""",
        re.VERBOSE,
    )
