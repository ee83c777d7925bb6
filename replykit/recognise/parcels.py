"""Tracking codes of parcels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from replykit.details import Found
from replykit.patterns import prepared
from replykit.recognise.view import View


def tracking_codes(view: View) -> Iterator[Found]:
    """Codes of the post (S10), of Posti (JJFI), of UPS, and SSCC, with their check digits."""
    for match in view.matches(_code(), view.digits):
        value = re.sub("[ ()]", "", match[0]).upper()
        if match["post"] and _is_s10(value):
            yield Found("tracking", value, *match.span(), 0.99)
        elif match["posti"]:
            yield Found("tracking", value, *match.span(), 0.97)
        elif match["ups"] and _is_ups(value):
            yield Found("tracking", value, *match.span(), 0.98)
        elif match["sscc"] and _is_sscc(value):
            yield Found("tracking", value, *match.span(), 0.93)


def _is_s10(value: str) -> bool:
    """Whether the ninth digit is right (Universal Postal Union, standard S10)."""
    weighed = sum(int(digit) * weight for digit, weight in zip(value[2:10], _S10, strict=True))
    check = 11 - weighed % 11
    return int(value[10]) == {10: 0, 11: 5}.get(check, check)


_S10 = (8, 6, 4, 2, 3, 5, 9, 7)


def _is_ups(value: str) -> bool:
    """Whether the last digit is right; letters count as digits from A = 2."""
    digits = [int(sign) if sign.isdigit() else (ord(sign) - 63) % 10 for sign in value[2:-1]]
    total = sum(digits[::2]) + 2 * sum(digits[1::2])
    return int(value[-1]) == -total % 10


def _is_sscc(value: str) -> bool:
    """Whether the check digit of a GS1 serial shipping container code (00 and 18 digits) is."""
    from stdnum import ean

    return bool(ean.calc_check_digit(value[2:-1]) == value[-1])


@cache
def _code() -> re.Pattern[str]:
    return prepared(
        r"""(?<![\w.,/-])(?<!\d[ ])(?:
          (?P<post>(?i:[a-z]{2})
            (?:\d{9}|[ ]\d{9}[ ]|[ ](?:\d{3}[ ]){3}|[ ]\d{4}[ ]\d{4}[ ]\d[ ])(?i:[a-z]{2}))
          |(?P<posti>(?i:jjfi)[ ]?(?:\d{17}|\d{4}(?:[ ]\d{4}){3}[ ]\d))
          |(?P<ups>(?i:1z)[ ]?
            (?:[\dA-Za-z]{15}|(?:[\dA-Za-z]{3}[ ]){2}[\dA-Za-z]{2}[ ]\d{4}[ ]\d{3})\d)
          |(?P<sscc>\(?00\)?[ ]?\d{18}|00\d\d(?:[ ]\d{4}){4})
        )(?![\w-])""",
        re.VERBOSE,
    )
