"""Identity numbers of people and of companies, with their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from replykit.details import Found
from replykit.patterns import prepared
from replykit.recognise.view import View


def personal_ids(view: View) -> Iterator[Found]:
    """Finnish personal identity codes and Swedish personal numbers."""
    for match in view.matches(_person(), view.digits):
        value = _plain(match[0])
        if is_finnish_id(value):
            yield Found("personal_id", value, *match.span(), 0.99)
        elif is_swedish_id(value):
            # One of a hundred pairs of numbers passes by chance.
            yield Found("personal_id", value, *match.span(), 0.97 if view.lang == "sv" else 0.8)


def is_personal_id(text: str) -> bool:
    """Whether a text is the identity number of a person, by all its digits."""
    value = _plain(text)
    return is_finnish_id(value) or is_swedish_id(value)


def is_finnish_id(value: str) -> bool:
    """Whether a text is a Finnish personal identity code; also of a temporary person."""
    if not _FINNISH.fullmatch(value):
        return False
    from stdnum.fi import hetu

    return bool(hetu.is_valid(value, allow_temporary=True))


def is_swedish_id(value: str) -> bool:
    """Whether a text is a Swedish personal number, or a coordination number: its day is 60 more.

    Twelve digits without a hyphen are one only up to the year 2015, for orders are numbered by
    the day as well.
    """
    match = _SWEDISH.fullmatch(value)
    if not match or (not match["mark"] and not "1900" <= value[:4] <= "2015"):
        return False
    from stdnum import luhn
    from stdnum.se import personnummer

    if not luhn.is_valid(f"{match['date'][-6:]}{match['number']}"):
        return False
    day = int(match["date"][-2:])
    born = f"{match['date'][:-2]}{day - 60 if day > 60 else day:02}{match['mark'] or '-'}"
    try:
        personnummer.get_birth_date(f"{born}{match['number']}")
    except ValueError:
        return False
    return True


def business_ids(view: View) -> Iterator[Found]:
    """Finnish business IDs, also in the form of a VAT number."""
    for match in view.matches(_business(), view.digits):
        value = _plain(match[0])
        if _is_business(value):
            yield Found("business_id", value, *match.span(), 0.98)


def _is_business(value: str) -> bool:
    from stdnum.fi import alv, ytunnus

    return bool(alv.is_valid(value) if value.startswith("FI") else ytunnus.is_valid(value))


def _plain(text: str) -> str:
    """A number without spaces, in capitals, with a plain hyphen."""
    return re.sub("[–‐‑−]", "-", text.replace(" ", "")).upper()


_FINNISH = prepared(r"[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[\dA-Y]", re.ASCII)
_SWEDISH = prepared(
    r"(?P<date>(?:19|20)?\d\d[01]\d[0-36-9]\d)(?P<mark>[-+]?)(?P<number>\d{4})", re.ASCII
)


@cache
def _person() -> re.Pattern[str]:
    """The shapes of both, with a possible day and month."""
    return prepared(
        r"""(?<![\w.,/-])(?:
          [0-3]\d[01]\d{3}[-–‐‑−+A-FU-Ya-fu-y]\d{3}[\dA-Ya-y]
          |(?:(?:19|20)?\d\d[01]\d[0-36-9]\d[-–‐‑−+]|(?:19|20)\d\d[01]\d[0-36-9]\d)\d{4}
        )(?![\w-])""",
        re.VERBOSE,
    )


@cache
def _business() -> re.Pattern[str]:
    return prepared(r"(?<![\w.,/-])(?:\d{7}[-–‐‑−]\d|(?i:fi)[ ]?\d{8})(?![\w-]|[.,]\d|[ ]\d{4})")
