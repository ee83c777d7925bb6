"""How each language writes dates: months, weekdays, and words such as tomorrow.

A further language is a further entry of LANGUAGES. Patterns are read without regard to case and
match whole words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class DateWords:
    """One language's words for dates.

    `day_stems`, `weekday_names` and `month_stems` are pieces in small letters: patterns are tried
    around them alone. `written` are dates with a `day` and perhaps a `year`,
    where {month} stands for any of `months`. `days` are words for a day by its distance from
    today; `distances` have a {count} of days, by the direction. `weekday_forms` say for each way
    to name a weekday which one is meant: the one of this, the next or the last week, the coming
    or the past one, or, of a name alone, the nearest that fits the sentence, whose signs of past
    and future are `was` and `will`. `weekday_before` may stand before a date in numbers.
    `bare_before` is what makes a date of 5.12 (None: nothing has to), `slashed_before` of 5/12.
    """

    day_stems: tuple[str, ...]
    weekday_names: tuple[str, ...]
    month_stems: tuple[str, ...]
    months: tuple[str, ...]
    weekday_stems: tuple[str, ...]
    weekday: str
    weekday_before: str
    written: tuple[str, ...]
    days: Mapping[int, str]
    distances: Mapping[int, str]
    numbers: tuple[str, ...]
    weekday_forms: Mapping[str, str]
    day_of_month: str
    was: str
    will: str
    has_bare: bool
    slashed_before: str
    date_before: str
    date_behind: str
    number_before: str
    born: str


_FINNISH = DateWords(
    day_stems=(
        "tänään", "tästä päiv", "huomen", "huomis", "eilen", "eilis", "eilin", "toissap",
        "päivää sitten", "pv sitten", "päivän päästä", "päivän kuluttua",
    ),
    weekday_names=("ntai", "stai", "keskiviik"),
    month_stems=("kuun ", "kuuta"),
    months=(
        "tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka",
        "marras", "joulu",
    ),
    weekday_stems=("ma", "ti", "ke", "to", "pe", "la", "su"),
    weekday=r"(?:maanan|tiis|tors|perjan|lauan|sunnun)tai(?:na|ksi|hin|sta|lle|lta|n)?"
            r"|keskiviik(?:ko(?:na|on)?|o(?:ksi|sta|lle|lta|n))",
    weekday_before=r"(?:ma|ti|ke|to|pe|la|su|\w{3,6}tai(?:na)?|keskiviikko(?:na)?)",
    written=(
        r"(?P<day>\d{1,2})\.?(?: päivä(?:nä)?)? {month}kuu(?:ta|n)(?:,? (?P<year>\d{4}))?",
        r"{month}kuun (?P<day>\d{1,2})(?!\d)\.?(?: ?(?:päiv\w{1,6}|pvä?\b\.?))?"
        r"(?:,? (?P<year>\d{4}))?",
    ),
    days={
        -2: "toissapäivä(?:nä|ltä|stä|n)",
        -1: "eilen|eilis(?:eltä|estä|een|en|tä)|eilinen",
        0: "tänään|tästä päivästä",
        1: "huomenna|huomis(?:een|eksi|esta|elle)",
        2: "ylihuomenna|ylihuomis(?:een|eksi|elle)",
    },
    distances={-1: "{count} (?:päivää|pv) sitten", 1: "{count} päivän (?:päästä|kuluttua)"},
    numbers=(
        "", "yhden|yksi", "kahden|kaksi|pari|parin", "kolmen?", "neljän?", "viiden|viisi",
        "kuuden|kuusi", "seitsemän", "kahdeksan", "yhdeksän", "kymmenen",
    ),
    weekday_forms={
        "next_week": r"(?:ensi|seuraavan) viikon {day}|(?:ensi|seuraavalla) viikolla {day}"
            r"|{day} (?:ensi|seuraavalla) viikolla",
        "last_week": r"(?:viime|edellisen) viikon {day}|viime viikolla {day}|{day} viime viikolla",
        "this_week": r"(?:tämän|kuluvan) viikon {day}|tällä viikolla {day}|{day} tällä viikolla",
        "coming": r"(?:ensi|tuleva\w{0,3}|tänä|tämän|seuraava\w{0,3}|nyt) {day}",
        "past": r"(?:viime|menneenä|edellisenä|kuluneena|nyt viime) {day}",
        "alone": "{day}",
    },
    day_of_month=r"(?P<day>\d{1,2})\. ?(?:päivä(?:nä|än|ksi|stä|ltä|lle)?|pvä?\b\.?)",
    was=r"olin|olimme|oli|olivat|eivät? (?:tullut|saapunut|ollut)|tilasi(?:n|mme)|osti(?:n|mme)"
        r"|maksoi(?:n|mme)|sai(?:n|mme)|lähet(?:in|imme)|palauti(?:n|mme)|soit(?:in|imme)"
        r"|kävi(?:n|mme)?|tuli(?:n|mme|vat)?|piti|lupasi(?:tte|vat)?|saapui(?:vat)?|kirjoiti\w+"
        r"|varasi(?:n|mme)|peruin|jäti(?:n|mme)|lähti|rikkoutui|lakkasi|hajosi|katosi|unohdi\w+"
        r"|noudi(?:n|mme)|sanoi(?:t|tte|vat)?|ei \w+(?:nut|nyt)|\w{3,}[tst]tiin",
    will=r"haluaisi\w*|voisi\w*|sopisi\w*|pitäisi|ehtisi\w*|voitteko|voiko|mennessä|asti|saakka",
    has_bare=True,
    slashed_before="",
    date_before=r"pvm|eräpäivä\w*|päivä(?:nä|ys)?|jo|vasta|viimeistään|ennen|alkaen|välillä"
                r"|ma|ti|ke|to|pe|la|su",
    date_behind="alkaen|asti|saakka|mennessä|lähtien|jälkeen|välisenä",
    number_before=r"koh[dt]a\w*|luku|luvu\w*|pykäl\w*|versio\w*|kello\w*|klo|kappale\w*|sivu\w*"
                  r"|taulukko|kuva|momentti|artikla\w*|§",
    born=r"s\.|synt\w*",
)  # fmt: skip

_ENGLISH = DateWords(
    day_stems=("today", "tomorrow", "yesterday", "day ago", "days"),
    weekday_names=("nday", "sday", "friday", "saturday"),
    month_stems=(
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ),
    months=(
        "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?",
        "aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
    ),
    weekday_stems=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    weekday=r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    weekday_before=r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}",
    written=(
        r"(?P<day>\d{1,2})(?: ?(?:st|nd|rd|th))?(?:[ -]|\. ?| of |)(?=[a-z]){month}"
        r"(?:\.?(?:,? |-)(?P<year>\d{4}))?",
        r"{month}\.? (?:the )?(?P<day>\d{1,2})(?!\d|[.:]\d)(?:st|nd|rd|th)?"
        r"(?:,? (?P<year>\d{4}))?",
    ),
    days={
        -2: "the day before yesterday",
        -1: "yesterday",
        0: "today",
        1: "tomorrow",
        2: "the day after tomorrow",
    },
    distances={-1: "{count} days? ago", 1: "(?:in )?{count} days?(?:'? time| from now)"},
    numbers=("", "one|a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    weekday_forms={
        "next_week": r"next week(?:'s|,? on|,)? {day}|{day}(?: of)? next week",
        "last_week": r"last week(?:'s|,? on|,)? {day}|{day}(?: of)? last week",
        "this_week": r"this week(?:'s|,? on|,)? {day}|{day}(?: of)? this week",
        "coming": r"(?:next|(?:this |the )?coming|this) {day}",
        "past": r"(?:last|(?:this |the )?past) {day}",
        "alone": "{day}",
    },
    day_of_month=r"(?<=the )(?P<day>\d{1,2})(?:st|nd|rd|th)"
                 r"(?= (?:at|and|but|to|because|for|i|we|it)\b|[.,;:!?)]|$)",
    was=r"was|were|had|did|didn'?t|came|got|bought|ordered|paid|sent|received|called|phoned|went"
        r"|placed|spoke|told|said|arrived|wasn'?t|weren'?t|broke|lost|left|made|returned|took"
        r"|promised|booked|cancelled|emailed|wrote|picked|stopped|dropped|turned|been",
    will=r"will|won'?t|can|could|may|would|want|need|should|please|going to|by|until|before",
    has_bare=False,
    slashed_before="on|by|before|until|till|from|since",
    date_before="date|dated|due|on|from|since|by|until|before|after",
    date_behind="onwards",
    number_before="section|clause|chapter|paragraph|article|version|page|table|figure|appendix|at",
    born="born|birth|dob",
)  # fmt: skip

_SWEDISH = DateWords(
    day_stems=("i dag", "idag", "morgon", "i går", "igår", "förrgår", "dagar", "en dag"),
    weekday_names=("ndag", "sdag", "redag", "rdag"),
    month_stems=(
        "jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
    ),
    months=(
        "jan(?:uari)?", "feb(?:ruari)?", "mars?", "apr(?:il)?", "maj", "juni?", "juli?",
        "aug(?:usti)?", "sept?(?:ember)?", "okt(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
    ),
    weekday_stems=("mån", "tis", "ons", "tor", "fre", "lör", "sön"),
    weekday=r"(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?",
    weekday_before=r"(?:mån|tis|ons|tors?|fre|lör|sön)(?:dag(?:en)?)?",
    written=(r"(?:den )?(?P<day>\d{1,2})(?: ?:?[ea]|\.)? {month}(?:\.?,? (?P<year>\d{4}))?",),
    days={-2: "i ?förrgår", -1: "i ?går", 0: "i ?dag", 1: "i ?morgon", 2: "i ?över ?morgon"},
    distances={-1: "för {count} dag(?:ar)? sedan", 1: "om {count} dag(?:ar)?"},
    numbers=("", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio"),
    weekday_forms={
        "next_week": r"(?:på )?{day} (?:i )?nästa vecka|nästa veckas? (?:på )?{day}",
        "last_week": r"(?:på )?{day} (?:i )?förra veckan|förra veckans? (?:på )?{day}",
        "this_week": r"(?:denna|den här) veckans {day}|på {day} (?:denna|den här) vecka",
        "coming": r"(?:nästa|(?:nu )?på|kommande|denna|nu) {day}",
        "past": r"i {day}s|(?:förra|senaste) {day}",
        "alone": "{day}",
    },
    day_of_month=r"den (?P<day>\d{1,2})(?::[ea])?(?= (?:och|men|för|om|så|kl|i)\b|[.,;:!?)]|$)",
    was=r"var|hade|fick|köpte|beställde|betalade|skickade|skulle|kom|ringde|lämnade|gick|\w{3,}ade"
        r"|blev|slutade|lovade",
    will=r"kan|ska|skall|vill|kommer|behöver|senast|före|innan|till",
    has_bare=True,
    slashed_before="den|till|från|före|innan|senast|på|per",
    date_before=r"den|datum|förfallo\w*|före|innan|senast|från|till|per",
    date_behind="och framåt",
    number_before=r"kapit\w*|avsnitt\w*|punkt\w*|paragraf\w*|sida|version\w*|klockan|kl\.?|tabell|§",
    born=r"född|f\.",
)  # fmt: skip

LANGUAGES: Mapping[str, DateWords] = {"fi": _FINNISH, "en": _ENGLISH, "sv": _SWEDISH}
