"""FACT: what the draft says against what the customer wrote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from itertools import combinations

from replykit.checking.counted import Counted, counts, labels, stated
from replykit.checking.done import asked_again
from replykit.checking.kin import other_of_a_kind
from replykit.checking.turned import turned
from replykit.linter import Draft
from replykit.message import Message
from replykit.patterns import prepared
from replykit.recognise.numerals import numerals
from replykit.rules import Example, Hit, Rule

_LANGS = ("en", "fi")
_DAYS = {
    "en": r"(?<!\w)(?P<day>mon|tues|wednes|thurs|fri|satur|sun)days?(?!\w)",
    "fi": r"(?<!\w)(?P<day>maanan|tiis|keskiviik|tors|perjan|lauan|sunnun)(?:tai|ko|o|k)\w*",
}
# What may stand between a weekday and its hour: a date.
_AT = {"en": r"(?:,?\ (?!at\b)[\w.]+){0,3}?,?\ at\ ", "fi": r"(?:\ [\d.]+)?,?\ (?:klo|kello)\ "}
_HOUR = r"(?P<hour>\d{1,2}(?:[.:]\d\d)?)(?!\d|[.:]\d|\s?[-–]\s?\d)"
# Another day that is offered is no slip.
_OFFER = prepared(
    r"""(?<!\w)(?:instead|full|free|available|moved|possible|offer|another|other|but|also|or|only
    |sijaan|täynnä|vapaa\w*|siirr\w*|siirs\w*|mahdollis\w*|tarjo\w*|myös|tai|mutta|vasta)(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_TIMES = prepared(r"\b(?:klo|kello|at)? ?\d{1,2}[.:]\d\d\b|\b(?:klo|kello|at) \d{1,2}\b")
_LETTERS = prepared(r"\b[A-ZÅÄÖ]{1,3}\b")
_MOST = 12  # small numbers of a message that are reckoned with


def _contradicts(draft: Draft) -> Iterator[Hit]:
    message = draft.message
    if message is None or draft.lang not in _LANGS:
        return
    said, known = message.known, _known(draft, message)
    yield from _other_numbers(draft, said, known)
    yield from _other_day(draft, said)
    yield from _other_hour(draft, said)
    sentences = [(span.text, span.start) for span in draft.sentences]
    for find in (turned, asked_again):
        for start, end, words in find(said, sentences, draft.lang):
            yield Hit(start, end, f"the customer wrote “{words}”, the draft says “{{text}}”")
    for start, end, words in other_of_a_kind(said, known, draft.text, draft.lang):
        yield Hit(start, end, f"the customer wrote of “{words}”, the draft of “{{text}}”")


def _known(draft: Draft, message: Message) -> str:
    details = (*draft.details.values(), *draft.customer.values(), *message.customer.values())
    return "\n".join((message.known, message.quoted, draft.reply, *details))


def _other_numbers(draft: Draft, said: str, known: str) -> Iterator[Hit]:
    """Another number of a thing that the customer counted or numbered."""
    finders: tuple[tuple[_Finder, _Finder], ...] = ((counts, _all_counts), (labels, labels))
    for find, find_told in finders:
        mine = list(find(draft.text, draft.lang))
        told = list(find_told(said, draft.lang)) if mine else []
        taken: set[int] = set()
        for one in mine if told else ():
            same = [other for other in told if _is_same_thing(one, other)]
            # A thing may be named by two words, and each of them be the customer's.
            if same and one.start not in taken and not _is_right(one, same, draft, known):
                taken.add(one.start)
                theirs = said[same[0].start : same[0].end]
                message = f"the customer wrote “{theirs}” of this, the draft says “{{text}}”"
                yield Hit(one.start, one.end, message)


def _is_right(one: Counted, same: list[Counted], draft: Draft, known: str) -> bool:
    """Whether a number is known otherwise, or the customer's own stands in the draft too."""
    if not one.value.isdigit():
        return one.value in _LETTERS.findall(known)
    mine = _plain_numbers(draft.text, draft.lang)
    if any(other.value in mine for other in same):
        return True
    return one.value in _numbers(_without_times(draft, known), draft.lang)


_Finder = Callable[[str, str], Iterable[Counted]]


def _all_counts(text: str, lang: str) -> list[Counted]:
    return [*counts(text, lang), *stated(text, lang)]


def _is_same_thing(one: Counted, other: Counted) -> bool:
    """Whether two go with the same word; of a street another house may be meant, unless it has the
    same digits."""
    if one.key != other.key or one.value.isdigit() != other.value.isdigit():
        return False
    return not one.is_name or sorted(one.value) == sorted(other.value)


def _without_times(draft: Draft, text: str) -> str:
    """A text without its dates and hours, whose numbers count nothing."""
    from replykit.recognise import find

    for item in sorted(
        find(text, draft.lang, _today(draft), ("date",)), key=lambda item: -item.start
    ):
        text = f"{text[: item.start]} {text[item.end :]}"
    return _TIMES.sub(" ", text)


def _numbers(text: str, lang: str) -> set[str]:
    """All numbers of a text, with the sums of two small ones and what is between them: of twelve
    chairs nine have come, three are missing."""
    found = _plain_numbers(text, lang)
    small = sorted({int(one) for one in found if len(one) < 4})[:_MOST]
    return found.union(
        *({str(other - one), str(one + other)} for one, other in combinations(small, 2))
    )


def _plain_numbers(text: str, lang: str) -> set[str]:
    found = {one.lstrip("0") or "0" for one in re.findall(r"\d+", text)}
    return found | {str(count) for count, _, _ in numerals(text, lang)}


def _other_day(draft: Draft, said: str) -> Iterator[Hit]:
    """The hour that the customer named, on another weekday."""
    named = _named_hours(draft.lang)
    told = {_hour(match["hour"]): match for match in named.finditer(said)}
    if not told:
        return
    days = prepared(_DAYS[draft.lang], re.IGNORECASE)
    theirs = {match["day"].casefold() for match in days.finditer(said)}
    mine = {match["day"].casefold() for match in days.finditer(draft.text)}
    for span in draft.sentences:
        if "?" in span.text or _OFFER.search(span.text):
            continue
        for match in named.finditer(span.text):
            right = told.get(_hour(match["hour"]))
            if (
                right
                and match["day"].casefold() not in theirs
                and right["day"].casefold() not in mine
            ):
                message = f"the customer wrote “{right.group()}”, the draft says “{{text}}”"
                yield Hit(span.start + match.start(), span.start + match.end(), message)


def _other_hour(draft: Draft, said: str) -> Iterator[Hit]:
    """The date that the customer named, at another hour."""
    told = dict(_dated_hours(draft, said))
    if not told:
        return
    hours = {_hour(match["hour"]) for match in told.values()}
    for span in draft.sentences:
        if "?" in span.text or _OFFER.search(span.text):
            continue
        for day, match in _dated_hours(draft, span.text):
            if day in told and _hour(match["hour"]) not in hours:
                theirs = told[day]["hour"]
                message = f"the customer wrote “{theirs}” of this day, the draft says “{{text}}”"
                start, end = match.span("hour")
                yield Hit(span.start + start, span.start + end, message)


def _dated_hours(draft: Draft, text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Dates with an hour right behind them."""
    from replykit.recognise import find

    after = prepared(rf",?\ (?:at|klo|kello)\ {_HOUR}", re.IGNORECASE)
    for item in find(text, draft.lang, _today(draft), ("date",)):
        match = after.match(text, item.end)
        if match:
            yield item.value, match


def _today(draft: Draft) -> date:
    return draft.now.date() if draft.now else date.today()


@cache
def _named_hours(lang: str) -> re.Pattern[str]:
    return prepared(_DAYS[lang] + _AT[lang] + _HOUR, re.IGNORECASE)


def _hour(written: str) -> str:
    return written.replace(".", ":").removesuffix(":00").lstrip("0")


_CHAIRS = "We ordered 12 chairs, and 9 have come. My son Elias waits in row 14, seat B."
_TUOLIT = "Tilasimme 12 tuolia, ja 9 on tullut. Poikani Elias odottaa rivillä 14, koko M."
_ROUTER = (
    "I have already restarted the router twice. We have no lift. The table is for Saturday at 19."
)
_REITITIN = (
    "Olen jo käynnistänyt reitittimen kahdesti. Talossa ei ole hissiä. Pöytä on lauantaiksi klo 19."
)
_CAME = "My parcel came on Tuesday, but the vase is broken. We told the driver, too."
_TULI = "Paketti tuli tiistaina, mutta maljakko on rikki. Kerroimme siitä kuljettajallekin."

RULES = (
    Rule(
        code="FACT005",
        name="contradicts-message",
        severity="warning",
        message="the customer wrote otherwise",
        explanation=(
            "A draft that has the customer's own story wrong shows that nobody read it. Compared "
            "are the number of what they count (twelve chairs) or what has a number or letter (row "
            "14, size M), the weekday or date beside their hour, of whom or of what kind they "
            "write (their son, a toaster), steps that they have taken, things that they lack, and "
            "whether a parcel came, they told somebody or may be called. A number that the "
            "message's give by adding or taking away is right. Silent where no message is given."
        ),
        check=_contradicts,
        bad=(
            Example("en", "The four missing chairs come on Monday.", message=_CHAIRS),
            Example("en", "He can stay in row 41.", message=_CHAIRS),
            Example("en", "Your daughter is welcome.", message=_CHAIRS),
            Example("en", "Please restart the router.", message=_ROUTER),
            Example(
                "en", "It begins on 14 January at 17:30.", message="Is it 14 January at 18:00?"
            ),
            Example("en", "The tour is booked for eighty people.", message="We are a group of 18."),
            Example("en", "As there is a lift, it is quick.", message=_ROUTER),
            Example("en", "Your table is booked for Sunday at 19.", message=_ROUTER),
            Example("en", "I am sorry that you have not received your parcel.", message=_CAME),
            Example("en", "It is a pity that you did not tell the driver.", message=_CAME),
            Example("en", "We call you today.", message="Please do not call, I am deaf."),
            Example(
                "en",
                "The invoice is unpaid, so please pay it.",
                message="I paid the invoice 7718 on Monday.",
            ),
            Example("fi", "Puuttuvat neljä tuolia tulevat pian.", message=_TUOLIT),
            Example("fi", "Laitoin syrjään S-koon.", message=_TUOLIT),
            Example("fi", "Tyttäresi on tervetullut.", message=_TUOLIT),
            Example("fi", "Käynnistä reititin uudelleen.", message=_REITITIN),
            Example("fi", "Kurssi alkaa 14.1. klo 17.30.", message="Alkaako kurssi 14.1. klo 18?"),
            Example("fi", "Koska talossanne on hissi, se käy äkkiä.", message=_REITITIN),
            Example("fi", "Pöytänne on varattu sunnuntaille klo 19.", message=_REITITIN),
            Example("fi", "Ikävää, että et ole saanut pakettiasi.", message=_TULI),
            Example("fi", "Harmi, ettette kertoneet siitä kuljettajalle.", message=_TULI),
            Example("fi", "Soitamme sinulle.", message="Älkää soittako, puhelimeni on rikki."),
        ),
        good=(
            Example("en", "The three missing chairs and a 13th come on Monday.", message=_CHAIRS),
            Example("en", "Row 14 it is; seats A and C are free.", message=_CHAIRS),
            Example(
                "en", "Your daughter is welcome, too.", message=f"{_CHAIRS} My daughter reads."
            ),
            Example(
                "en", "Please restart the router once more, without the cable.", message=_ROUTER
            ),
            Example("en", "As there is no lift, two men come.", message=_ROUTER),
            Example("en", "Saturday is full; on Sunday at 19 there is room.", message=_ROUTER),
            Example("en", "If you have not received the new vase by Friday, write.", message=_CAME),
            Example("en", "Call us when it suits you.", message="Please do not call, I am deaf."),
            Example(
                "en", "We call you today.", message="Three promises, not one call! You do not call."
            ),
            Example("en", "Please pay the next one.", message="I paid the invoice 7718 on Monday."),
            Example("fi", "Puuttuvat kolme tuolia tulevat pian.", message=_TUOLIT),
            Example("fi", "Laitoin syrjään M-koon paidan.", message=_TUOLIT),
            Example("fi", "Kurssi alkaa 14.1. klo 18.", message="Alkaako kurssi 14.1. klo 18.00?"),
            Example("fi", "Poikasi ja hänen sisaruksensa ovat tervetulleita.", message=_TUOLIT),
            Example("fi", "Äitiyslomanne ja isännöitsijänne eivät vaikuta.", message=_TUOLIT),
            Example("fi", "Käynnistä reititin vielä kerran.", message=_REITITIN),
            Example("fi", "Koska hissiä ei ole, meitä tulee kaksi.", message=_REITITIN),
            Example("fi", "Sunnuntaina klo 19 olisi vapaata.", message=_REITITIN),
            Example("fi", "Jos et ole saanut uutta maljakkoa, kirjoita.", message=_TULI),
        ),
    ),
)
