"""Finds what a text counts and what it numbers: twelve chairs, row 12, size M."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from replykit.patterns import prepared
from replykit.ranking.features import lemmatizer
from replykit.recognise.numerals import pattern, value


@dataclass(frozen=True)
class Counted:
    """A number or a letter with the word it goes with, in its first form, and its place; `is_name`
    where that word is a name, of a street or a product."""

    key: str
    value: str
    start: int
    end: int
    is_name: bool = False


# Words that have a number behind them; a Finnish compound ends in one of its own.
_LABELS = {
    "en": """room flat apartment row seat coach carriage platform gate bus tram train flight line
        zone size order invoice case ticket claim account contract policy booking reservation model
        article item locker shelf door entrance floor group class course table pitch cabin berth
        court hall parcel box""",
    "fi": """huone asunto talo rivi paikka vaunu laituri portti bussi raitiovaunu juna lento linja
        vyöhyke koko tilaus lasku tapaus tiketti sopimus varaus malli artikkeli kaappi hylly ovi
        rappu porras kerros ryhmä luokka kurssi pöytä sali kenttä hytti paketti lähetys alue""",
}
_NUMBERED = {
    "en": r"(?:\ (?:number|no\.?|nr\.?|id))?",
    "fi": r"(?:\ (?:numero\w*|nro|n:o))?",
}
_NO_STREET = frozenset(
    """january february march april may june july august september october november december
    week page step version viikko sivu vaihe versio""".split()  # noqa: SIM905
)
# What is counted and is a length, a sum or a time is compared elsewhere.
_UNITS = {
    "en": """day week month year hour minut second euro pound dollar cent per percent degre time
        o clock am pm calendar work busi bank time and or to of the in is are was were at on for
        from with by but if that more other extra addit new last first next januari februari march
        april may june juli august septemb octob novemb decemb jan feb mar apr jun jul aug sep sept
        oct nov dec gb mb mbit kg km cm mm kilo gram kilomet mile litr liter""",
    "fi": """päivä viikko kuukausi vuosi tunti minuutti sekunti euro sentti prosentti aste kerta
        arkipäivä vuorokausi ja tai sekä on oli että jos kun muu uusi lisä ensimmäinen viimeinen
        seuraava klo aamu ilta vuotias vrk min h kk v kpl
        tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu
        marraskuu joulukuu gt gigatavu gb mb mbit kg km cm mm kilo gramma kilometri litra""",
}
_STATED = prepared(
    r"(?<!\w)(?P<word>[^\W\d_]{4,30})(?:\ (?:on|are|is|oli|was|were))?:?\ (?P<value>\d{1,3})"
    r"(?:\ (?:pcs|kpl|x|pieces))?(?=[,;)\n]|\.\s|\.?$)",
    re.IGNORECASE,
)
_PARTY = prepared(
    r"\b(?:group|party|table|class) (?:of|for) (?P<value>\d{1,3})(?![\w:-]|[.,]\d)", re.IGNORECASE
)
# Limits and offers are the house's own, whatever the customer counted.
_LIMIT = prepared(
    r"(?:\b(?:up to|at most|at least|under|over|below|above|than|per|every|each|another|maximum"
    r"|minimum|max|min|most|within|between|from|only|about|around|(?:\d|seats?|sleeps?|holds?|takes?)"
    r"(?: to| or| for)?|for (?:groups|parties) of|enintään|korkeintaan|vähintään|alle|yli|noin|joka"
    r"|kuin|vielä|toiset|vain|alkaa)|[-–/x×]) ?$",
    re.IGNORECASE,
)


_LIMIT_BEHIND = prepared(
    r"(?: [^\W\d_]+){1,2} (?:alkaen|lähtien|asti|saakka|mahtu\w*|or more|or less|at most|and up"
    r"|upwards)\b",
    re.IGNORECASE,
)


def counts(text: str, lang: str) -> Iterator[Counted]:
    """Things with their number before them; each of the two words that follow may be the thing."""
    if lang not in _UNITS:
        return
    lemma, units = lemmatizer(lang), _units(lang)
    for match in _count(lang).finditer(text):
        number = match["digits"] or str(value(match["words"], lang))
        if int(number) < 2 or _LIMIT.search(text, max(0, match.start() - 20), match.start()):
            continue
        if _LIMIT_BEHIND.match(text, match.end("number")):
            continue
        for name in ("one", "two"):
            key = lemma(match[name].casefold()) if match[name] else ""
            if not key or key in units:
                break
            yield Counted(key, number, match.start(), match.end("number"))


def stated(text: str, lang: str) -> Iterator[Counted]:
    """As `counts`, where the number comes after: "tickets: 4", "a group of 18"."""
    lemma = lemmatizer(lang)
    for match in _STATED.finditer(text):
        yield Counted(lemma(match["word"].casefold()), match["value"], *match.span("value"))
    for match in _PARTY.finditer(text):
        yield Counted(lemma("people"), match["value"], *match.span("value"))


def labels(text: str, lang: str) -> Iterator[Counted]:
    """Numbers and letters that follow what they number: a row, a size, a street."""
    if lang not in _LABELS:
        return
    for match in _label(lang).finditer(text):
        if match["size"]:
            yield Counted("koko", match["size"].upper(), *match.span("size"))
            continue
        word = match["word"]
        key = _label_of(word.casefold(), lang)
        number = match["value"]
        is_street = word[0].isupper() and len(word) > 3 and number.isdigit()
        if key or (is_street and word.casefold() not in _NO_STREET):
            yield Counted(key or word.casefold(), number, *match.span("value"), is_name=not key)


def _label_of(word: str, lang: str) -> str:
    """The label that a word is a form of, or empty."""
    known = _LABELS[lang].split()
    if lang == "en":
        return next((one for one in known if word in (one, f"{one}s")), "")
    base = lemmatizer(lang)(word.removesuffix("numero")).removesuffix("numero")
    return next((one for one in known if base.endswith(one)), "")


@cache
def _units(lang: str) -> frozenset[str]:
    return frozenset(_UNITS[lang].split())


@cache
def _count(lang: str) -> re.Pattern[str]:
    return prepared(
        rf"(?<![\w.,:/#€£$-])(?P<number>(?P<digits>\d{{1,4}})|(?P<words>{pattern(lang)}))"
        rf"(?=[ \u00a0](?!{pattern(lang)}\b)(?P<one>[^\W\d_]{{2,30}})"
        r"(?:[ \u00a0](?P<two>[^\W\d_]{3,30}))?(?!\w))",
        re.IGNORECASE,
    )


@cache
def _label(lang: str) -> re.Pattern[str]:
    number = r"\d{1,4}(?![\w/%€]|[.,:]\d|\s?[-–]\s?\d|\s?(?:€|eur|%))"
    # Not the first of "rows A to D", nor the English I.
    letter = r"(?!I\b)[A-ZÅÄÖ]{1,3}(?![\w-]| (?:to|and|or|ja|tai|[A-ZÅÄÖ])\b|[–/])"
    return prepared(
        rf"(?<![\w-])(?:(?P<word>[^\W\d_]{{3,30}}){_NUMBERED[lang]}(?::?[ \u00a0]#?|-)"
        rf"(?P<value>{number}|{letter})|(?P<size>[XSML]{{1,4}})-ko(?:ko|on|ossa))"
    )
