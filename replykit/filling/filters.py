"""Provide the Jinja2 filters of canned replies: cases, dates, numbers and money in one language.

What a filter cannot make sense of comes back as it was, so a reply never shows an error text. An
undefined value is not such a case: turning it into text raises where Jinja2 is told to be strict.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial

# British English is the neutral choice in Europe: 25 November 2026, not November 25, 2026.
_DEFAULT_LOCALE = "en_GB"
_LOCALES = {"en": _DEFAULT_LOCALE}

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.,+Z-]+)?")
_CLOCK = r"([0-9]{1,2})[.:]([0-9]{2})(?:[.:]([0-9]{2}))?"
_FINNISH = re.compile(
    rf"([0-9]{{1,2}})\.([0-9]{{1,2}})\.([0-9]{{4}})(?:,? (?:klo |kl\. )?{_CLOCK})?"
)
_TIME = re.compile(rf"(?:klo |kl\. )?{_CLOCK}")
# Groups of three need one and the same separator throughout; with . or , at least two of them, or a
# decimal part after them, since a lone one may be the decimal separator.
_NUMBER = re.compile(
    r"([+-]?)([0-9]{1,30}|[0-9]{1,3}([ .,'\u2019])[0-9]{3}(?:\3[0-9]{3})*)(?:([.,])([0-9]{1,10}))?"
)
# Beyond this a number is a flood of zeros, and Babel's rounding runs out of precision.
_MAX_EXPONENT = 21


def filters(lang: str) -> dict[str, Callable[..., str]]:
    """Return the filters for a Jinja2 environment that writes in `lang` ("fi", "en", "sv", ...)."""
    available: dict[str, Callable[..., str]] = {
        "case": _case,
        "date": _date,
        "time": _time,
        "number": _number,
        "money": _money,
        "weekday": _weekday,
    }
    return {name: partial(function, lang) for name, function in available.items()}


def _case(lang: str, value: object, case: str) -> str:
    text = _text(value)
    if _language(lang) != "fi":
        return text
    from replykit.filling.inflect import inflect

    return inflect(text, case)


def _date(lang: str, value: object, format: str = "long") -> str:
    moment = _moment(value)
    if moment is None:
        return _text(value)
    from babel.dates import format_date

    return format_date(moment, format, locale=_locale(lang))


def _weekday(lang: str, value: object, case: str = "nominative") -> str:
    """The name of the day; in Finnish also "keskiviikkona" with the case "essive"."""
    moment = _moment(value)
    if moment is None:
        return _text(value)
    from babel.dates import format_date

    # In CLDR the stand-alone name is the dictionary form; within a date Finnish uses the essive.
    pattern = "EEEE" if case in ("essive", "essiivi") else "cccc"
    return format_date(moment, pattern, locale=_locale(lang))


def _time(lang: str, value: object, format: str = "short") -> str:
    clock = _clock(value)
    if clock is None:
        return _text(value)
    from babel.dates import format_time

    return format_time(clock, format, locale=_locale(lang))


def _number(lang: str, value: object) -> str:
    amount = _amount(value)
    if amount is None:
        return _text(value)
    from babel.numbers import format_decimal

    return format_decimal(amount, locale=_locale(lang), decimal_quantization=False)


def _money(lang: str, value: object, currency: str = "EUR") -> str:
    amount = _amount(value)
    if amount is None:
        return _text(value)
    from babel.numbers import format_currency

    return format_currency(amount, currency.upper(), locale=_locale(lang))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _language(lang: str) -> str:
    return re.split("[-_]", lang.lower(), maxsplit=1)[0]


def _locale(lang: str) -> str:
    """The Babel locale of a language tag; British English where Babel does not know the tag."""
    from babel import Locale, UnknownLocaleError

    try:
        return _LOCALES.get(lang.lower()) or str(Locale.parse(lang.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return _DEFAULT_LOCALE


def _moment(value: object) -> date | None:
    """The value as a date or a datetime, if it is one or is text that reads as one."""
    if isinstance(value, date):
        return value
    text = _text(value).strip()
    try:
        if _ISO.fullmatch(text):
            return datetime.fromisoformat(text)
        if match := _FINNISH.fullmatch(text):
            day, month, year, hour, minute, second = (int(group or 0) for group in match.groups())
            # A date without a time must not read as midnight.
            if match[4] is None:
                return date(year, month, day)
            return datetime(year, month, day, hour, minute, second)
    except ValueError:
        pass
    return None


def _clock(value: object) -> time | None:
    """The value's time of day as the clock on its own wall shows it."""
    if isinstance(value, time):
        return value.replace(tzinfo=None)
    # Babel would move an aware datetime to UTC, so its zone is dropped.
    if isinstance(moment := _moment(value), datetime):
        return moment.time()
    if match := _TIME.fullmatch(_text(value).strip()):
        hour, minute, second = (int(group or 0) for group in match.groups())
        try:
            return time(hour, minute, second)
        except ValueError:
            return None
    return None


def _amount(value: object) -> Decimal | None:
    """The value as a number, if it is one or is text that can be read in one way only."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        # By way of text a float keeps the digits that it is written with.
        amount = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    else:
        number = _NUMBER.fullmatch(re.sub(r"\s", " ", _text(value).strip()).replace("\u2212", "-"))
        if number is None:
            return None
        sign, whole, separator, point, fraction = number.groups(default="")
        if separator and separator == point:
            return None
        if len(fraction) == 3 and not separator and whole != "0":
            return None  # "1,234" is over a thousand to one reader and just over one to another
        amount = Decimal(f"{sign}{re.sub('[^0-9]', '', whole)}.{fraction or 0}")
    return amount if amount.is_finite() and abs(amount.adjusted()) < _MAX_EXPONENT else None
