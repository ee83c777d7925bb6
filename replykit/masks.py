"""Masks card numbers and personal identity numbers in whatever is printed or logged."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from replykit.patterns import prepared
from replykit.recognise.identity import is_personal_id
from replykit.recognise.money import is_card


def mask(text: str) -> str:
    """The text with `*` for all but the last four digits of a card, and for the last four signs
    of a personal identity number. Its length stays, so that places in it stay true; numbers whose
    check digits are wrong stay as well, for orders and invoices have numbers as long.
    """
    if not any(map(text.__contains__, "1203456789")):
        return text
    if _LONG.search(text) is None:
        return text
    return _person().sub(_without_end, _card().sub(_without_start, text))


def masked(value: Any) -> Any:
    """A value of JSON with all texts in it masked."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item) for item in value]
    return value


def _without_start(match: re.Match[str]) -> str:
    """A card; three digits behind it, in a group of their own, may be its security code."""
    text = match[0]
    for part in (text, text[: match.start("more") - match.start()] if match["more"] else ""):
        digits = re.sub(r"\D", "", part)
        if digits.isascii() and is_card(digits):
            hidden = re.sub(r"\d", "*", part, count=len(digits) - 4)
            return hidden + re.sub(r"\d", "*", text[len(part) :])
    return text


def _without_end(match: re.Match[str]) -> str:
    return f"{match[0][:-4]}****" if is_personal_id(match[0]) else match[0]


# Both kinds hold six digits in a row, or groups of four.
_LONG = prepared(r"\d{4}(?:\d\d|[ \u00a0.-]\d{4})")


# What must not stand before a number is asked behind its first digit: a pattern that begins with
# a plain digit is searched for five times as fast.
# One of the gaps may be where a mail program broke the line.
@cache
def _card() -> re.Pattern[str]:
    return prepared(
        r"""\d(?<!\d\d)(?:
          \d{13,18}
          |\d{3}(?:([ \u00a0.-])\d{4}(?:\1\d{4}(?:\1|\n)|\n\d{4}\1)|\n\d{4}([ \u00a0.-])\d{4}\2)
            \d{4}(?P<more>[ \u00a0.-]\d{3})?
          |\d{3}(?:([ \u00a0.-])\d{6}(?:\4|\n)|\n\d{6}[ \u00a0.-])\d{4,5}
        )(?!\d)""",
        re.VERBOSE,
    )


@cache
def _person() -> re.Pattern[str]:
    return prepared(
        r"""\d(?<![^\W_]\d)(?:
          \d{5}[-–‐‑−+A-FU-Ya-fu-y]\d{3}[\dA-Ya-y]
          |\d{5}(?:\d\d)?[-–‐‑−+]\d{4}
          |(?<=[12])[09]\d{10}
        )(?![^\W_])""",
        re.VERBOSE,
    )
