"""FACT: numbers, sums and dates of a draft that stand nowhere in what is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule

# An order, an invoice, a parcel: five signs or more, most of them digits.
_NUMBER = prepared(
    r"(?<![\w@./:+-])#?(?P<number>(?:[A-Z]{1,5}-?)?\d[\d-]{3,20}\d[A-Z]{0,2})(?![\w@/:]|[.,-]\d)"
)
# A code with letters may be shorter: HB-5512, K-118, 4471-B.
_CODE = prepared(
    r"(?<![\w@./:+-])(?P<number>[A-Z]{1,4}-?\d{3,}(?:-\d{1,8})*[A-Z]?|\d{2,}-\d{2,}|\d{3,}-[A-Z])"
    r"(?![\w@/:-]|[.,]\d)"
)
_STANDARDS = ("ISO", "EN", "SFS", "RFC", "USB", "EU", "DIN", "COVID", "WCAG", "IEC")
_COUNTED = {
    "en": r"""one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty twenty-one twenty-two twenty-three
        twenty-four twenty-five twenty-six twenty-seven twenty-eight twenty-nine thirty""",
    "fi": r"""yksi|yhde\w* kaksi|kahde\w* kolm\w+ nelj\w+ viisi|viide\w* kuusi|kuude\w*
        seitsem\w+ kahdeksa\w+ yhdeksä\w+ kymmene\w+ yksitoista|yhdentoista
        kaksitoista|kahdentoista kolmetoista|kolmentoista neljätoista|neljäntoista
        viisitoista|viidentoista kuusitoista|kuudentoista seitsemäntoista kahdeksantoista
        yhdeksäntoista kaksikymmentä|kahdenkymmenen kaksikymmentäyksi kaksikymmentäkaksi
        kaksikymmentäkolme kaksikymmentäneljä kaksikymmentäviisi kaksikymmentäkuusi
        kaksikymmentäseitsemän kaksikymmentäkahdeksan kaksikymmentäyhdeksän
        kolmekymmentä|kolmenkymmenen""",
}
_UNITS = {
    "en": {"day": r"(?:calendar |working |business |banking )?days?", "week": r"weeks?",
           "month": r"months?", "year": r"years?", "percent": r"%|per ?cent"},
    "fi": {"day": r"(?:\w*päivä[nä]?|\w*päivää|\w*päivä(?:ssä|ksi|stä|lle)|vrk|vuorokau\w+)",
           "week": r"viik(?:ko|koa|on|ossa|oksi|osta|koon|olle)",
           "month": r"kuukau(?:si|tta|den|dessa|deksi|della|desta|teen)",
           "year": r"vuo(?:si|tta|den|dessa|deksi|della)", "percent": r"%|prosent\w+"},
}  # fmt: skip
# "Eight days is far too long": counted from what the customer told
_WAITED = prepared(
    r"\ (?:is|are|was|were|on)\ |\ (?:without|late|of|ago|already|ilman|myöhä\w+|sitten|on|oli)\b",
    re.IGNORECASE,
)
_KINDS = {"amount": "a sum", "date": "a date", "iban": "an account"}
_HOURS = prepared(r"\d{1,2}[.:]?\d{0,2}\s?[-–]\s?\d{1,2}")


def _unknown_numbers(draft: Draft) -> Iterator[Hit]:
    known = _known(draft)
    if known is None:
        return
    digits = re.sub(r"[\s-]", "", known).casefold()
    taken = [(start, end) for _, _, start, end in _facts(draft, draft.text, _OTHERS)]
    found = (match for one in (_NUMBER, _CODE) for match in one.finditer(draft.text))
    for match in sorted(found, key=lambda match: match.start()):
        start, end = match.span("number")
        if any(first < end and start < last for first, last in taken):
            continue
        taken.append((start, end))
        number = match["number"]
        if re.sub(r"[\s-]", "", number).casefold() in digits or _is_no_case(draft.text, match):
            continue
        yield Hit(start, end)


def _is_no_case(text: str, match: re.Match[str]) -> bool:
    """Whether a number is none of a case: a postcode, a year or two, a phone, hours."""
    number = match["number"]
    if number.startswith(_STANDARDS):
        return True
    if re.fullmatch(r"(?:19|20)\d\d(?:-(?:(?:19|20)?\d\d))?", number) or number.startswith("0"):
        return True
    after = text[match.end() : match.end() + 24]
    is_post_code = len(number) == 5 and number.isdigit() and re.match(r" [A-ZÅÄÖ][\w-]+", after)
    return bool(is_post_code) or _HOURS.fullmatch(number) is not None


def _unknown_facts(draft: Draft) -> Iterator[Hit]:
    yield from _unknown_sums_and_dates(draft)
    yield from _unknown_terms(draft)


def _unknown_sums_and_dates(draft: Draft) -> Iterator[Hit]:
    known = _known(draft)
    if known is None:
        return
    told = {(name, value) for name, value, _, _ in _facts(draft, known, tuple(_KINDS))}
    sums = {value.split(maxsplit=1)[0] for name, value in told if name == "amount"}
    plain = set(re.findall(r"\d+(?:[.,]\d+)?", known.replace("\u00a0", " ")))
    for name, value, start, end in _facts(draft, draft.text, tuple(_KINDS)):
        text = draft.text[start:end]
        if (name, value) in told or text in known:
            continue
        if name == "amount" and (value.split(maxsplit=1)[0] in sums or _plain(value) & plain):
            continue
        if name == "date" and (not any(map(str.isdigit, text)) or _same_day(value, told)):
            continue
        yield Hit(start, end, f"{_KINDS[name]} that is nowhere in what is known: “{text}”")


def _unknown_terms(draft: Draft) -> Iterator[Hit]:
    """Terms and shares that are nowhere in what is known: ten days where it says seven."""
    known = _known(draft)
    if known is None or draft.lang not in _UNITS:
        return
    known_terms = list(terms(known, draft.lang))
    told = {unit for _, unit, _, _ in known_terms}
    said = {length(value, unit) for value, unit, _, _ in known_terms}
    # "14 days" makes 14 known, but not fourteen weeks.
    rest = known
    for _, _, start, end in reversed(known_terms):
        rest = rest[:start] + rest[end:]
    numbers = set(re.findall(r"\d+", rest))
    numbers |= {str(_counted(match)) for match in _patterns(draft.lang)[0].finditer(rest)}
    for value, unit, start, end in terms(draft.text, draft.lang):
        if length(value, unit) in said or str(value) in numbers:
            continue
        # Without details nobody said what the terms are; then one may only contradict another.
        if (unit == "percent" or draft.details or unit in told) and not _WAITED.match(
            draft.text, end
        ):
            text = draft.text[start:end]
            yield Hit(start, end, f"a term that is nowhere in what is known: “{text}”")


@cache
def _patterns(lang: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds a number in words, and a number of days, weeks, months, years or per cent."""
    # The long ones first: "kolmetoista" begins as "kolme" does.
    counted = reversed(list(enumerate(_COUNTED[lang].split(), 1)))
    words = "|".join(f"(?P<n{place}>{word})" for place, word in counted)
    units = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS[lang].items())
    number = rf"(?<![\w.,:-])(?:(?P<digits>\d{{1,4}})|{words})"
    return (
        prepared(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE),
        prepared(rf"{number}[ \u00a0-]?(?:{units})(?!\w)", re.IGNORECASE),
    )


def terms(text: str, lang: str) -> Iterator[tuple[int, str, int, int]]:
    """Numbers of days, weeks, months, years and per cent, with their places."""
    for match in _patterns(lang)[1].finditer(text):
        unit = next(name for name in _UNITS[lang] if match[name])
        yield _counted(match), unit, match.start(), match.end()


def length(value: int, unit: str) -> tuple[int, str]:
    """A term in days where it is one of weeks: two weeks are fourteen days."""
    return (value * 7, "day") if unit == "week" else (value, unit)


def _counted(match: re.Match[str]) -> int:
    named = match.groupdict()
    if named.get("digits"):
        return int(named["digits"])
    return next(int(name[1:]) for name, text in named.items() if text and name[1:].isdigit())


def _plain(value: str) -> set[str]:
    """A sum as people write its number."""
    number = value.split(maxsplit=1)[0]
    whole, _, cents = number.partition(".")
    return {number, f"{whole},{cents}", *([whole] if cents in ("", "00") else [])}


def _same_day(value: str, told: set[tuple[str, str]]) -> bool:
    """Whether the same day of the same month is known, of whatever year."""
    return any(name == "date" and other[5:] == value[5:] for name, other in told)


_OTHERS = (
    "email", "phone", "date", "amount", "iban", "card", "personal_id", "business_id",
)  # fmt: skip


def _facts(draft: Draft, text: str, names: tuple[str, ...]) -> Iterator[tuple[str, str, int, int]]:
    from replykit.recognise import find

    day = draft.now.date() if draft.now else date.today()
    for item in find(text, draft.lang, day, names):
        if item.confidence >= 0.6:
            yield item.name, item.value, item.start, item.end


def _known(draft: Draft) -> str | None:
    """All that is known around the draft; None where no message is given."""
    if draft.message is None:
        return None
    message = draft.message
    parts = [
        message.known, message.quoted, draft.reply, draft.agent,
        *draft.details.values(), *draft.customer.values(), *message.customer.values(),
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


_ORDER = "Order 48213377 of 49.90 € is late. Where is it?"
_TILAUS = "Tilaus 48213377, 49,90 €, on myöhässä. Missä se on?"

RULES = (
    Rule(
        code="FACT002",
        name="unknown-number",
        severity="warning",
        message="“{text}” stands neither in the message nor in what is known of the customer",
        explanation=(
            "A number from another customer's case is easily pasted in. Numbers of five digits and "
            "more are looked for in the message with its quotes, in the details, in the customer's "
            "record and in the library's reply. Silent where no message is given; phone numbers, "
            "postcodes and years are left alone."
        ),
        check=_unknown_numbers,
        bad=(
            Example("en", "Your order 48213378 has left our warehouse.", message=_ORDER),
            Example("en", "Your claim TR-2091 is open.", message="How is claim TR-2019?"),
            Example("fi", "Tilauksesi 48213378 on lähtenyt varastosta.", message=_TILAUS),
        ),
        good=(
            Example("en", "Your order 48213377 has left. Call 09 310 12345.", message=_ORDER),
            Example("en", "Your order 48213378 has left our warehouse."),
            Example("fi", "Tilauksesi 4821 3377 lähti. Osoite: 00530 Helsinki.", message=_TILAUS),
            Example("fi", "Viite on 1232344.", message=_TILAUS, details={"reference": "1232344"}),
        ),
    ),
    Rule(
        code="FACT003",
        name="unknown-fact",
        severity="warning",
        message="this is nowhere in what is known",
        explanation=(
            "Sums, dates, accounts, terms and percentages are looked for in the message with its "
            "quotes, in the details, in the customer's record and in the library's reply; one that "
            "is in none of them may be another customer's, or made up. Give it with "
            "--set where it is right. Silent where no message is given."
        ),
        check=_unknown_facts,
        bad=(
            Example("en", "We refund 59.90 € to your card.", message=_ORDER),
            Example("en", "It arrives on 3 December 2026.", message=_ORDER),
            Example("fi", "Palautamme 59,90 € kortillesi.", message=_TILAUS),
            Example("fi", "Se saapuu 3.12.2026.", message=_TILAUS),
            Example("en", "It takes ten days.", message=_ORDER, details={"time": "seven days"}),
            Example("en", "You get 20 % off the next order.", message=_ORDER),
            Example("fi", "Se kestää 30 päivää.", message=_TILAUS, details={"aika": "14 päivää"}),
            Example("en", "It takes 14 weeks.", message=_ORDER, details={"time": "14 days"}),
            Example("fi", "Se kestää 14 viikkoa.", message=_TILAUS, details={"aika": "14 päivää"}),
            Example(
                "fi", "Kestää kolmetoista päivää.", message=_TILAUS, details={"aika": "3 päivää"}
            ),
        ),
        good=(
            Example("en", "We refund 49.90 euros to your card tomorrow.", message=_ORDER),
            Example("en", "It arrives on 3 Dec.", message=_ORDER, details={"day": "2026-12-03"}),
            Example("en", "We refund 59.90 € to your card."),
            Example("en", "It takes 7 days.", message=_ORDER, details={"time": "seven days"}),
            Example("en", "It takes two weeks.", message=_ORDER, details={"time": "14 days"}),
            Example("en", "It takes ten days.", message=_ORDER),
            Example("fi", "Palautamme 49,90 euroa huomenna.", message=_TILAUS),
            Example("fi", "Se saapuu 3.12.", message=_TILAUS, details={"day": "3.12.2026"}),
        ),
    ),
)
