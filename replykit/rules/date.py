"""DATE: dates that cannot be right."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from replykit.details import Found
from replykit.linter import Draft, Fix
from replykit.rules import Example, Hit, Rule

# Monday first. Finnish and Swedish names go on with an ending; short ones stand before a date.
_WEEKDAYS = {
    "en": "mon(?:day)? tue(?:s|sday)? wed(?:nesday)? thu(?:r|rs|rsday)? fri(?:day)?"
    " sat(?:urday)? sun(?:day)?",
    "fi": "ma(?:anantai\\w{0,6})? ti(?:istai\\w{0,6})? ke(?:skiviik\\w{0,8})? to(?:rstai\\w{0,6})?"
    " pe(?:rjantai\\w{0,6})? la(?:uantai\\w{0,6})? su(?:nnuntai\\w{0,6})?",
    "sv": "mån(?:dag\\w{0,3})? tis(?:dag\\w{0,3})? ons(?:dag\\w{0,3})? tors(?:dag\\w{0,3})?"
    " fre(?:dag\\w{0,3})? lör(?:dag\\w{0,3})? sön(?:dag\\w{0,3})?",
}
_NAMES = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fi": ("maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai"),
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
}
_NEAR_DAYS = 150
_BEFORE, _AFTER = 30, 30  # characters in which a date's weekday stands
_SURE = 0.7  # what a date has that its weekday contradicts
# Words that hold a date to what is still to come, and those that tell of what has been.
_PROMISE = {
    "en": re.compile(
        r"\b(?:will|['’]ll|by|no later than|at the latest|expect(?:ed)?|due|going to|should arrive"
        r"|arrives?|leaves?|ships?|delivers?|is scheduled|ready|until|available|before)\b",
        re.IGNORECASE,
    ),
    "fi": re.compile(
        r"\b(?:mennessä|viimeistään|saapuu|tulee|toimitamme|toimitetaan|lähetämme|lähetetään"
        r"|lähtee|palaamme|palaan|vastaamme|vastaan|saat|saatte|hoidamme|soitamme|soitan|käymme"
        r"|perillä|valmis|valmistuu|noudettavissa|avautuu|alkaa|palautamme|palautetaan|maksamme"
        r"|hyvitämme|ilmoitamme|korjaamme|toimittaa|jälkeen|asti|saakka)\b",
        re.IGNORECASE,
    ),
    "sv": re.compile(
        r"\b(?:senast|kommer|skickar|levererar|återkommer|svarar|får|anländer|framme)\b",
        re.IGNORECASE,
    ),
}
_PAST = {
    "en": re.compile(
        r"\b(?:was|were|had|has been|have been|did|went|got|came|sent|left|paid|received|arrived"
        r"|ordered|promised|wrote|said|told|made|returned|shipped|delivered|expired|ended"
        r"|cancelled|booked|since|dated|last|you \w+ed|we \w+ed|I \w+ed|valid|bought|earlier)\b",
        re.IGNORECASE,
    ),
    "fi": re.compile(
        r"\b(?:oli\w*|ollut|olleet|tehty|lähti\w*|saapui\w*|tuli\w*|meni\w*|sait|saitte|sai"
        r"|teit\w*|teimme|kävi\w*|\w{2,}(?:ttiin|tiin|simme|simmekin|sitte|itte|neet|tty|ttu|ynyt"
        r"|unut|anut|änyt|sinut|issut)|\w{3,}(?:sit|tit)|päivätty|päättyi|vanheni|sitten|lähtien"
        r"|viime|piti|(?!voimme)\w{2,}imme|lupasin|lähetin|soitin|tarkistin)\b",
        re.IGNORECASE,
    ),
    "sv": re.compile(
        r"\b(?:var|hade|har|blev|skickade\w*|kom|fick|betalade\w*|lovade\w*|beställde\w*|sedan"
        r"|skulle|gick|gällde)\b",
        re.IGNORECASE,
    ),
}
_MONTHS = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "fi": "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
}
_JUST_GONE = 4  # months
_BY_MONTH = {
    "en": re.compile(
        r"""\b(?:(?:by|until|till|before|no\ later\ than|at)\ (?:the\ )?(?:(?:very\ )?
          (?:end|middle|start|beginning)\ of\ )?(?P<month>(?:jan|febr)uary|march|april|may|june|july
          |august|(?:septem|octo|novem|decem)ber)(?:\ (?P<year>20\d\d))?(?!\ \d|\w)
          |(?:will|going\ to|shall|should\ then)\ [^.!?]{0,40}?\blast\ (?:mon|tues|wednes|thurs|fri
          |satur|sun)day)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": re.compile(
        r"""\b(?P<month>(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu\w*)
          (?:\ (?P<year>20\d\d))?\ (?:loppuun|puoliväliin|alkuun|lopulla|lopussa|aikana
            |mennessä)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
_IMPOSSIBLE = re.compile(
    r"(?<![\d.:,/-])(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d)?(?![\d])(?!\.\d)"
)


def _dates(draft: Draft) -> list[Found]:
    from replykit.recognise import find

    day = draft.now.date() if draft.now else date.today()
    return [
        item
        for item in find(draft.text, draft.lang, day, ("date",))
        if item.confidence >= _SURE and any(map(str.isdigit, draft.text[item.start : item.end]))
    ]


def _wrong_weekday(draft: Draft) -> Iterator[Hit]:
    words = _WEEKDAYS.get(draft.lang)
    if not words:
        return
    names = "|".join(f"({name})" for name in words.split())
    before = re.compile(rf"(?<![\w-])(?:{names}),?\s{{0,2}}(?:the\s|den\s|on\s)?$", re.IGNORECASE)
    after = re.compile(
        rf"\s{{0,2}}[(,]\s?(?:(?:which|that|it)\sis\s|i\.e\.,?\s|eli\s|siis\s|joka\son\s)?"
        rf"(?:on\s|an?\s)?(?:{names})\b",
        re.IGNORECASE,
    )
    for item in _dates(draft):
        told = before.search(draft.text, max(0, item.start - _BEFORE), item.start)
        told = told or after.match(draft.text, item.end, item.end + _AFTER)
        if not told or not told.lastindex:
            continue
        day = _day(draft, item)
        if day is None or day.weekday() == told.lastindex - 1:
            continue
        right = _NAMES[draft.lang][day.weekday()]
        shown = f"{day.day}.{day.month}.{day.year}" if draft.lang != "en" else f"{day:%-d %B %Y}"
        start = min(told.start(told.lastindex), item.start)
        yield Hit(start, max(told.end(told.lastindex), item.end), f"{shown} is a {right}")


def _day(draft: Draft, item: Found) -> date | None:
    """The day that is meant: without a year the nearest, where that is near enough to be sure."""
    day = date.fromisoformat(item.value)
    if re.search(r"\d{4}", draft.text[item.start : item.end]):
        return day
    today = draft.now.date() if draft.now else date.today()
    years = (today.year - 1, today.year, today.year + 1)
    days = [day.replace(year=year) for year in years if day.day <= monthrange(year, day.month)[1]]
    nearest = min(days, key=lambda found: abs((found - today).days), default=None)
    return nearest if nearest and abs((nearest - today).days) <= _NEAR_DAYS else None


def _promised_months(lang: str, text: str, today: date) -> Iterator[re.Match[str]]:
    """Where a month that has just gone is a time limit, or "will" goes with last Friday."""
    pattern = _BY_MONTH.get(lang)
    for match in pattern.finditer(text) if pattern else ():
        if not match["month"]:
            yield match
            continue
        months = _MONTHS[lang].split()
        number = next(
            n for n, name in enumerate(months, 1) if match["month"].lower().startswith(name)
        )
        gone = (today.month - number) % 12
        same_year = not match["year"] or int(match["year"]) == today.year
        if (same_year and 0 < gone <= _JUST_GONE) or (
            match["year"] and int(match["year"]) < today.year
        ):
            yield match


def _promised_past(draft: Draft) -> Iterator[Hit]:
    promise, past = _PROMISE.get(draft.lang), _PAST.get(draft.lang)
    if draft.now is None or promise is None or past is None:
        return
    today, said = draft.now.date(), draft.message.known if draft.message else ""
    for span in draft.sentences:
        for match in _promised_months(draft.lang, span.text, today):
            if not past.search(span.text):
                yield Hit(span.start + match.start(), span.start + match.end())
    for item in _dates(draft):
        text = draft.text[item.start : item.end]
        day = _day(draft, item)
        if day is None or day >= today or text in said:
            continue
        for span in draft.sentences:
            if span.start <= item.start < span.end:
                if promise.search(span.text) and not past.search(span.text.replace(text, " ")):
                    yield Hit(item.start, item.end)
                break


def _impossible(draft: Draft) -> Iterator[Hit]:
    for match in _IMPOSSIBLE.finditer(draft.text):
        day, month = int(match["day"]), int(match["month"])
        if not 1 <= month <= 12 or not 29 <= day <= 31:
            continue
        year = int(match["year"] or (draft.now.year if draft.now else 2000))
        # Without a year 29.2. may be of a leap year.
        most = 29 if month == 2 and not match["year"] else monthrange(year, month)[1]
        if day > most:
            fix = Fix(f"{most}{match.group()[len(match['day']) :]}", safe=False)
            yield Hit(match.start(), match.end(), fix=fix)


RULES = (
    Rule(
        code="DATE001",
        name="wrong-weekday",
        severity="error",
        message="the weekday and the date do not agree",
        explanation=(
            "A customer who is told “Monday 1 December” when that is a Tuesday comes on the wrong "
            "day. The weekday before or after a date is compared with the calendar; a date without "
            "a year is the nearest."
        ),
        check=_wrong_weekday,
        bad=(
            Example("en", "We open on Monday 1 December 2026."),
            Example("en", "See you on Friday, December 3, 2026."),
            Example("en", "The visit is on 2 December (Thursday)."),
            Example("fi", "Avaamme maanantaina 1.12.2026."),
            Example("fi", "Aika on pe 3.12. klo 9."),
        ),
        good=(
            Example("en", "We open on Tuesday 1 December 2026."),
            Example("en", "Open from Monday to Friday. 1 December is an exception."),
            Example("fi", "Avaamme tiistaina 1.12.2026 ja suljemme pe 4.12."),
            Example("fi", "Palvelemme ma–pe 9–16. 1.12. olemme kiinni."),
        ),
    ),
    Rule(
        code="DATE002",
        name="promise-in-the-past",
        severity="warning",
        message="“{text}” has been already; give a day that is still to come",
        explanation=(
            "A day that is promised but lies behind shows that the reply is an old one. Sentences "
            "that tell of what has been, and dates that the customer wrote, are left alone."
        ),
        check=_promised_past,
        bad=(
            Example("en", "You will get the parcel by 12 November 2026."),
            Example("en", "We'll call you on 3 November 2026."),
            Example("fi", "Paketti saapuu viimeistään 12.11.2026."),
            Example("fi", "Vastaamme sinulle 3.11.2026 mennessä."),
        ),
        good=(
            Example("en", "You will get the parcel by 12 December 2026."),
            Example("en", "We sent the parcel on 12 November 2026, and it will arrive this week."),
            Example("en", "The invoice of 1 November 2026 is paid."),
            Example("fi", "Paketti saapuu viimeistään 12.12.2026."),
            Example("fi", "Lähetimme paketin 12.11.2026, ja se saapuu tällä viikolla."),
            Example("fi", "Lasku oli maksettava 3.11.2026 mennessä."),
        ),
    ),
    Rule(
        code="DATE003",
        name="no-such-date",
        severity="error",
        message="“{text}” is no day of the calendar",
        explanation="A month does not have so many days: a slip of the pen, or a date made up.",
        check=_impossible,
        bad=(
            Example("en", "The booking ends on 31.11.2026."),
            Example("fi", "Varaus päättyy 31.11."),
            Example("fi", "Eräpäivä on 29.2.2026."),
        ),
        good=(
            Example("en", "The booking ends on 30.11.2026. Version 3.31.2 is out."),
            Example("fi", "Varaus päättyy 30.11. ja eräpäivä on 29.2.2028."),
        ),
    ),
)
