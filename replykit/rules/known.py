"""FACT: numbers, sums and dates of a draft that stand nowhere in what is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache

from replykit.checking.prices import is_day_to_come, is_price
from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.recognise.numerals import numerals, pattern, value
from replykit.recognise.sums import reckoned, sums
from replykit.rules import Example, Hit, Rule

# An order, an invoice, a parcel: five signs or more, most of them digits.
_NUMBER = prepared(
    r"(?<![\w@./:+-])#?(?P<number>(?:[A-Z]{1,5}-?)?\d[\d-]{3,20}\d[A-Z]{0,2})"
    r"(?![\w@/]|[.,-]\d|:(?![a-zåäö]))"
)
# A code with letters may be shorter: HB-5512, K-118, 4471-B.
_CODE = prepared(
    r"(?<![\w@./:+-])(?P<number>[A-Z]{1,4}-?\d{3,}(?:-\d{1,8})*[A-Z]?|\d{2,}-\d{2,}|\d{3,}-[A-Z])"
    r"(?![\w@/-]|[.,]\d|:(?![a-zåäö]))"
)
# Three or four digits alone: a room, a bus, an order of a small shop.
_SHORT = prepared(
    r"(?<![\w@./:,#+€£$&=-])#?(?P<number>(?!(?:19|20)\d\d)\d{3,4})"
    r"(?![\w@/-]|\s?[%€£$]|[.,:]\d)"
)
# A number that is dialled or texted: "text PAC to 65075".
_DIALLED = prepared(
    r"\b(?:[Cc]all|[Rr]ing|[Tt]ext|[Pp]hone|[Dd]ial|[Ss]oit\w+|[Tt]ekstiviesti\w*|[Pp]uh"
    r"|[Pp]äivysty\w+|[Nn]umero(?:on|sta|ssa))"
    r"(?:[ :.]+(?:us|me|him|her|them|on|at|to|the|word|number|numero\w*|[A-Z]{2,10})\b){0,4}"
    r"[ :.]*$",
)
_STANDARDS = ("ISO", "EN", "SFS", "RFC", "USB", "EU", "DIN", "COVID", "WCAG", "IEC")
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
# "Eleven days ago", "our puppy, 11 weeks old": no term that a draft could contradict.
_PASSED = prepared(r"[ -](?:ago|old|earlier|sitten|vanha\w*|ikäi\w+)\b", re.IGNORECASE)
_PLAIN = prepared(r"\d+(?:[.,]\d+)?")
_BARE = prepared(r"(?<![\w.,:/-])(?:\d{1,4}[.,]\d\d|[1-9]\d{1,2})(?![\w:/-]|[.,]\d)")
_KINDS = {"date": "a date", "iban": "an account"}
_HOUR = r"(?:[01]?\d|2[0-4])"
_HOURS = prepared(rf"{_HOUR}(?:[.:]?[0-5]\d)?\s?[-–]\s?{_HOUR}")


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
    yield from _swapped(draft, known, taken)


def _swapped(draft: Draft, known: str, taken: list[tuple[int, int]]) -> Iterator[Hit]:
    """Short numbers that are one of the message's but for two digits that changed places."""
    told = set(re.findall(r"\d+", known))
    for match in _SHORT.finditer(draft.text):
        start, end = match.span("number")
        number = match["number"]
        if number in told or any(first < end and start < last for first, last in taken):
            continue
        meant = next((one for one in _swaps(number) if one in told), "")
        if meant:
            yield Hit(start, end, f"“{{text}}” stands nowhere; is it {meant}?")


def _swaps(number: str) -> Iterator[str]:
    for place in range(len(number) - 1):
        yield number[:place] + number[place + 1] + number[place] + number[place + 2 :]


def _is_no_case(text: str, match: re.Match[str]) -> bool:
    """Whether a number is none of a case: a postcode, a year or two, a phone, hours."""
    number = match["number"]
    if number.startswith(_STANDARDS):
        return True
    if re.fullmatch(r"(?:19|20)\d\d(?:-(?:(?:19|20)?\d\d))?", number) or number.startswith("0"):
        return True
    if _DIALLED.search(text, max(0, match.start() - 60), match.start()):
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
    yield from _unknown_sums(draft, known)
    told = {(name, fact) for name, fact, _, _ in _facts(draft, known, tuple(_KINDS))}
    for name, fact, start, end in _facts(draft, draft.text, tuple(_KINDS)):
        text = draft.text[start:end]
        if (name, fact) in told or _stands(text, known):
            continue
        if name == "date" and (not any(map(str.isdigit, text)) or _same_day(fact, told)):
            continue
        asked = name == "date" and not told and is_day_to_come(_sentence(draft, start), known)
        yield _unknown(draft, start, end, _KINDS[name], asked)


def _unknown_sums(draft: Draft, known: str) -> Iterator[Hit]:
    day = _day(draft)
    mine = list(sums(draft.text, draft.lang, day))
    told = [cents for cents, _, _ in sums(known, draft.lang, day)] if mine else []
    found = [one for one in mine if one[0] not in told]
    if not found:
        return
    numbers = set(map(_number, _PLAIN.findall(known)))
    shares = {count for count, unit, _, _ in terms(known, draft.lang) if unit == "percent"}
    counts = {int(one) for one in numbers if one.is_integer()}
    counts |= {count for count, _, _ in numerals(known, draft.lang)}
    # "24.90 in October and again 24.90": what is said of one sum is often said of the next.
    bare = Counter(100 * _number(one) for one in _BARE.findall(known)) - Counter(told)
    right = (
        reckoned([*told, *bare.elements()], counts, shares)
        | numbers
        | {round(100 * one) for one in numbers}
    )
    for cents, start, end in found:
        text = draft.text[start:end]
        # In words, a sum is mostly the house's own price; it may only contradict another.
        is_told = bool(told) or any(map(str.isdigit, text))
        if is_told and cents not in right and not _stands(text, known):
            asked = not told and is_price(_sentence(draft, start), known)
            yield _unknown(draft, start, end, "a sum", asked)


def _unknown(draft: Draft, start: int, end: int, what: str, is_asked: bool) -> Hit:
    """A fact that nobody gave. Where the customer asks for it, and no reply of the library and no
    detail says what the house's prices and days are, it can only be looked up."""
    text = draft.text[start:end]
    if is_asked and not draft.reply and not draft.details:
        return Hit(
            start, end, f"{what} that nobody gave, so look it up: “{text}”", severity="suggestion"
        )
    return Hit(start, end, f"{what} that is nowhere in what is known: “{text}”")


def _sentence(draft: Draft, place: int) -> str:
    spans = (span for span in draft.sentences if span.start <= place < span.end)
    return next((span.text for span in spans), draft.text)


def _number(written: str) -> float:
    return float(written.replace(",", "."))


def _unknown_terms(draft: Draft) -> Iterator[Hit]:
    """Terms and shares that are nowhere in what is known: ten days where it says seven."""
    known = _known(draft)
    if known is None or draft.lang not in _UNITS:
        return
    known_terms = list(terms(known, draft.lang))
    told = {unit for _, unit, _, end in known_terms if not _PASSED.match(known, end)}
    said = {length(count, unit) for count, unit, _, _ in known_terms}
    # "14 days" makes 14 known, but not fourteen weeks.
    rest = known
    for _, _, start, end in reversed(known_terms):
        rest = rest[:start] + rest[end:]
    numbers = set(re.findall(r"\d+", rest))
    numbers |= {str(count) for count, _, _ in numerals(rest, draft.lang)}
    for count, unit, start, end in terms(draft.text, draft.lang):
        if length(count, unit) in said or str(count) in numbers:
            continue
        # Without details nobody said what the terms are; then one may only contradict another.
        if (unit == "percent" or draft.details or unit in told) and not _WAITED.match(
            draft.text, end
        ):
            text = draft.text[start:end]
            yield Hit(start, end, f"a term that is nowhere in what is known: “{text}”")


@cache
def _term(lang: str) -> re.Pattern[str]:
    """What finds a number of days, weeks, months, years or per cent."""
    units = "|".join(f"(?P<{name}>{unit})" for name, unit in _UNITS[lang].items())
    number = rf"(?<![\w.,:-])(?:(?P<digits>\d{{1,4}})|(?P<words>{pattern(lang)}))"
    return prepared(rf"{number}[ \u00a0-]?(?:{units})(?!\w)", re.IGNORECASE)


def terms(text: str, lang: str) -> Iterator[tuple[int, str, int, int]]:
    """Numbers of days, weeks, months, years and per cent, with their places."""
    for match in _term(lang).finditer(text):
        unit = next(name for name in _UNITS[lang] if match[name])
        number = int(match["digits"]) if match["digits"] else value(match["words"], lang)
        yield number, unit, match.start(), match.end()


def length(count: int, unit: str) -> tuple[int, str]:
    """A term in days where it is one of weeks: two weeks are fourteen days."""
    return (count * 7, "day") if unit == "week" else (count, unit)


def _stands(text: str, known: str) -> bool:
    """Whether these very words stand there; "7 November" does not in "17 November"."""
    return re.search(rf"(?<!\d){re.escape(text)}(?!\d)", known) is not None


def _same_day(day: str, told: set[tuple[str, str]]) -> bool:
    """Whether the same day of the same month is known, of whatever year."""
    return any(name == "date" and other[5:] == day[5:] for name, other in told)


_OTHERS = (
    "email", "phone", "date", "amount", "iban", "card", "personal_id", "business_id",
)  # fmt: skip


def _facts(draft: Draft, text: str, names: tuple[str, ...]) -> Iterator[tuple[str, str, int, int]]:
    from replykit.recognise import find

    for item in find(text, draft.lang, _day(draft), names):
        if item.confidence >= 0.6:
            yield item.name, item.value, item.start, item.end


def _day(draft: Draft) -> date:
    return draft.now.date() if draft.now else date.today()


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
            "more, and shorter ones that are the message's with two digits swapped, are looked for "
            "in the message with its quotes, in the details, in the customer's record and in the "
            "library's reply. Silent where no message is given; phone numbers, postcodes and years "
            "are left alone."
        ),
        check=_unknown_numbers,
        bad=(
            Example("en", "Your order 48213378 has left our warehouse.", message=_ORDER),
            Example("en", "Your claim TR-2091 is open.", message="How is claim TR-2019?"),
            Example("fi", "Tilauksesi 48213378 on lähtenyt varastosta.", message=_TILAUS),
            Example("en", "It is in room 471.", message="I left my hat in room 417."),
            Example("fi", "DW-540:n luukku vuotaa.", message="DW-450 vuotaa luukusta."),
            Example("fi", "Kortti 9902-31 on suljettu.", message="Sulkekaa kortti 9920-31."),
        ),
        good=(
            Example("en", "Your order 48213377 has left. Call 09 310 12345.", message=_ORDER),
            Example("en", "Your order 48213378 has left our warehouse."),
            Example("fi", "Tilauksesi 4821 3377 lähti. Osoite: 00530 Helsinki.", message=_TILAUS),
            Example("fi", "Viite on 1232344.", message=_TILAUS, details={"reference": "1232344"}),
            Example("en", "At night call 116117, or text HELP to 65075.", message=_ORDER),
            Example("fi", "DW-450:n luukku vuotaa, klo 9–17.", message="DW-450 vuotaa luukusta."),
        ),
    ),
    Rule(
        code="FACT003",
        name="unknown-fact",
        severity="warning",
        message="this is nowhere in what is known",
        explanation=(
            "Sums, dates, accounts, terms and percentages, also in words, are looked for in the "
            "message with its quotes, in the details, in the customer's record and in the "
            "library's reply; one that is in none of them, nor reckoned from sums that are, may be "
            "another customer's, or made up. Give it with --set where it is right. A price or a "
            "day that the customer asks for is new to them: where neither a detail nor a reply of "
            "the library gives any, that is only a suggestion to look it up. Silent where no "
            "message is given."
        ),
        check=_unknown_facts,
        bad=(
            Example("en", "We refund 59.90 € to your card.", message=_ORDER),
            Example("en", "It arrives on 3 December 2026.", message=_ORDER),
            Example("en", "You paid on 7 November.", message="I paid on 17 November."),
            Example("fi", "Palautamme 59,90 € kortillesi.", message=_TILAUS),
            Example("fi", "Se saapuu 3.12.2026.", message=_TILAUS),
            Example("fi", "Kävit meillä 7.11.", message="Kävin teillä 17.11."),
            Example("en", "It takes ten days.", message=_ORDER, details={"time": "seven days"}),
            Example("en", "You get 20 % off the next order.", message=_ORDER),
            Example("en", "We refund fifty-nine euros and ninety cents.", message=_ORDER),
            Example("en", "It costs 14.9 cents per kilowatt hour.", message=_ORDER),
            Example("fi", "Palautamme viisikymmentäyhdeksän euroa.", message=_TILAUS),
            Example("fi", "Palautamme 114 euroa.", message="Kengät maksoivat 59 ja 45 euroa."),
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
            Example("en", "We refund 104 euros.", message="They were 59 euros and 45 euros."),
            Example("en", "We refund forty-nine euros and ninety cents.", message=_ORDER),
            Example("en", "We take four euros off the next bill.", message="Where is my parcel?"),
            Example("en", "You may return it within 30 days.", message="It came ten days ago."),
            Example("en", "That is 49.80 euros.", message="You took 24.90 and again 24.90 euros."),
            Example("fi", "Erotus on 90 euroa.", message="Maksoin 389 €, nyt hinta on 299 €."),
            Example("en", "It takes 7 days.", message=_ORDER, details={"time": "seven days"}),
            Example("en", "It takes two weeks.", message=_ORDER, details={"time": "14 days"}),
            Example("en", "It takes ten days.", message=_ORDER),
            Example("fi", "Palautamme 49,90 euroa huomenna.", message=_TILAUS),
            Example("fi", "Se saapuu 3.12.", message=_TILAUS, details={"day": "3.12.2026"}),
        ),
    ),
)
