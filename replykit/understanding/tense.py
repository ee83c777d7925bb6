"""Says whether a day in a sentence is still to come, or told of, by the words around it."""

from __future__ import annotations

import re
from functools import cache

# Words that hold a date to what is still to come. Those of _SURELY do so whoever named the day.
_SURELY = {
    "en": r"""will|by|no\ later\ than|at\ the\ latest|due|going\ to
      |should\ (?:arrive|be|reach)|arrives|leaves|ships|delivers|comes|reaches|starts|begins|opens
      |(?:we|they|I)\ (?:arrive|leave|ship|deliver|come|start|begin|open)|(?:is|are)\ (?:scheduled
      |coming|expected)|upcoming|this\ coming|shall|see\ you|look\ forward""",
    "fi": r"""mennessä|viimeistään|saapuu|saapuvat|tulee|tulevat|toimitamme|toimitetaan|lähetämme
      |lähetetään|lähtee|lähtevät|palaamme|palaan|palaavat|vastaamme|vastaan|saat|saatte|hoidamme
      |soitamme|soitan|käymme|perillä|valmistuu|noudettavissa|avautuu|alkaa|alkavat|palautamme
      |palautetaan|maksamme|maksetaan|hyvitämme|hyvitetään|ilmoitamme|korjaamme|toimittaa|tuomme
      |tuodaan|tuo|aloitamme|aloitetaan|järjestetään|pidetään|asennetaan|korjataan|otetaan|tehdään
      |tulossa|siirretään|vahvistetaan|käsitellään|noudetaan|haetaan|vaihdetaan|avataan|lähetän
      |toimitan|selvitän|kerron|ilmoitan|palautan|maksan|hyvitän|hoidan|tuon|tulen|tulemme|käyn
      |teemme|teen|kirjoitan|kirjoitamme|vapautuu|päättyy|jatkuu|aukeaa|näkyy|nähdään|tervetuloa
      |ehtii|ilmestyy|ilmestyvät|on\ määrä""",
    "sv": r"senast|kommer|skickar|levererar|återkommer|svarar|får|anländer|framme",
}
_MAYBE = {
    "en": r"""expect(?:ed)?|ready|until|till|through|available|before|is|are|book(?:ed)?\ for
      |set\ for|scheduled|can|could|may|please|want|visits?|pays?|repays?|refunds?|sends?|brings?
      |calls?|lets|gives|takes|goes|gets|runs|ends|meets|closes|returns|changes|checks|looks|repairs
      |decides|follows|works|replaces|finishes|stops|moves""",
    "fi": r"""valmis|asti|saakka|on|ovat|voi|voit|voitte|voimme|pääset|pääsette|käy|sopii
      |\w{4,}(?:avat|ävät|uvat|yvät)|\w{2,}(?:taa|tää)|\w{3,}(?:[td]aan|[td]ään|llaan|llään)
      |laitan|annan""",
    "sv": r"är|kan",
}
_PAST = {
    "en": r"""was|were|had|has|(?<!ll\ )have(?!\ to\b)|did|went|got|came|sent|left|paid|received
      |arrived|ordered|tried|promised|wrote|said|told|made|returned|shipped|delivered|expired|ended
      |cancelled|booked|since|dated|last|valid|bought|earlier|started|began|became|took|gave|found|lost
      |broke|held|ran|rose|met|spoke|called|kept|moved|opened|closed|been|ago|[a-z]{2,}ied
      |reported|marked|(?:you|we|I|it|they|he|she|which|that|who)\ [a-z]{2,}ed
      |agreed|rang|fell|saw|confirmed
      |registered|changed|happened|stopped|already""",
    "fi": r"""oli\w*|ollut|olleet|tehty|tehtiin|lähti\w*|saapui\w*|tuli(?!si)\w*|meni\w*|sait|saitte
      |sai|saivat|saimme|teit\w*|teimme|teki|kävi\w*|\w{2,}(?:ttiin|tiin|simme|simmekin|sitte|neet
      |tty|ttu|ynyt|unut|anut|änyt|sinut|issut|lleet|nneet|llut|ssut|nnut)|(?!voitte)\w{2,}itte
      |\w{3,}(?:sit|tit)|päivätty|päättyi|vanheni|sitten|lähtien|viime|piti|(?!voimme)\w{2,}imme
      |lupasin|lähetin|soitin|tarkistin|kirjasin|varasin|jälkeen|alkoi\w*|katkesi\w*|jäi\w*|sattui
      |kului|tapahtui|asti\ oli|erääntyi|\w{3,}(?:nyt|nut)|\w*(?:oitti|utti|ytti|ähetti|ätti
      |oimitti)|(?!voivat|soivat)\w{2,}(?:ivat|ivät)|(?!voi|soi)\w{2,}oit?|jatkui|muuttui|sulkeutui|siirsi|otti|kertoi|korjasi|ilmestyi""",
    "sv": r"""var|hade|har|blev|skickade\w*|kom|fick|betalade\w*|lovade\w*|beställde\w*|sedan|skulle
      |gick|gällde""",
}
# "Your payment of 12 November", "the days from 10 November": a day of something, no promise.
_OF = {
    "en": r"""(?:of|dated|from|since|after|between|for|last|as|like|than
      |(?<!be\ )(?<!is\ )(?<!are\ )(?<!get\ )(?:placed|made|bought|ordered|paid|sent|booked|received
        |held)\ (?:before|by|until))\s+(?:in\s+|on\s+)?(?:the\s+)?(?:\w+day,?\s+)?
      |(?:for|between)\s+(?:the\s+)?\d\d?\s?(?:[-–]|to|and)\s?""",
    "fi": r"""(?:päivätty\w*|alkaen|tilauksesta|laskusta|kuin|kuten|ajalta|ennen)\s+
      (?:\w+(?:taina|iikkona)\s+)?(?:[\d.]+\s?[-–]\s?)?""",
    "sv": r"(?:av\s+den|från)\s+",
}
_OF_BEHIND = {
    "en": r"['’]s\b|\s+(?:bill|invoice|visit|payment|order|letter|message|delivery|meeting)s?\b",
    "fi": r"""\s*(?:(?:asti|saakka|mennessä)\ )?(?:päivät\w+|tehd\w+|lähetet\w+|saapu(?:nu|ne)\w+
      |\w{3,}(?:tut|tyt|tuja|tyjä|neet)\b|tilat\w+|jälkeen|tapahtu\w+|ollut\w*|maksettu\w*|jättä\w+
      |soite\w+|\w+m[aä]\w{0,4}(?:si|nne|mme|ni|nsa|nsä)\b)""",
    "sv": r"\s+års\b",
}
# What somebody has set a day for is still to come, though the setting has been.
_SET = {
    "en": r"""\b(?:have|has|['’]ve|is|are)\ (?:now\ |already\ |been\ )*(?:booked|moved|changed
      |rescheduled|postponed|set|scheduled|reserved|arranged|ordered|fixed|agreed|confirmed)\b
      [^.,;]{0,40}?\b(?:to|for|on|until)\ (?:the\ )?(?:\w+day,?\ )?$""",
    "fi": r"""\b(?<!oli\ )(?:varasin|varasimme|siirsin|siirsimme|sovin|varannut|varanneet|varattu
      |siirretty|sovittu|merkitty|sovittiin|tilasin)\b[^.,;]{0,40}\w(?:lle|ksi|hin)\ $""",
}
# A limit may as well have been one: "it had to be paid by", "oli maksettava mennessä".
_LIMITS = frozenset(
    ("by", "due", "no later than", "at the latest", "mennessä", "viimeistään", "perillä")
)
_STATES = frozenset(("on", "ovat"))
_CLAUSE = re.compile(
    r"[;:–—(]|,|\b(?:and|but|because|which|who|while|although|as|so|ja|mutta|koska|sillä|joka|jotka"
    r"|jonka|joten|kun|vaikka|och|men|som)\b",
    re.IGNORECASE,
)
_BEHIND = 12  # characters by which a word behind a day counts as further away
_CLOSE = 14  # "13.11. klo 12 mennessä"
_FAR_BEFORE, _NEAR_BEHIND = 90, 40

LANGUAGES = frozenset(_SURELY)


def tense(lang: str, sentence: str, place: tuple[int, int]) -> str:
    """Whether a day at a place of a sentence is still to come: "sure" by a plain promise, "maybe"
    by words of the present, "past" where it is told of or nothing says."""
    start, end = place
    before, behind = sentence[max(0, start - _FAR_BEFORE) : start], sentence[end:]
    if lang in _SET and _pattern(_SET[lang]).search(before):
        return "sure"
    if _pattern(rf"(?:^|\W)(?:{_OF[lang]})$").search(before):
        return "past"
    if _pattern(_OF_BEHIND[lang]).match(behind[:_NEAR_BEHIND]):
        return "past"
    cuts = [match.end() for match in _CLAUSE.finditer(sentence[:start])]
    next_cut = _CLAUSE.search(sentence, end)
    last = next_cut.start() if next_cut else len(sentence)
    # "by Thursday, 12 November": what stands between is no clause.
    for first in [*reversed(cuts), 0][:2]:
        if found := _nearest(lang, sentence, first, last, place):
            return found
    return "past"


def _nearest(lang: str, sentence: str, first: int, last: int, place: tuple[int, int]) -> str:
    """The tense of the word that stands nearest to a day within a clause, nothing without one."""
    found = []
    for name in ("past", "sure", "maybe"):
        for match in _words(name, lang).finditer(sentence, first, last):
            if place[0] <= match.start() < place[1]:
                continue
            before, word = match.end() <= place[0], match.group().casefold()
            away = place[0] - match.end() if before else match.start() - place[1] + _BEHIND
            # "Lukema 31.10. on oikein" is of a day, "määräaika on 31.10." names one.
            if not before and word in _STATES:
                continue
            if word == "mennessä" and (before or away > _BEHIND + _CLOSE):
                continue  # that of another day
            limit = word in _LIMITS
            found.append((away, "limit" if limit else name))
    names = {name for _, name in found}
    if "past" in names:
        # What is told of wins over what may be a promise, and over a limit, which may be past.
        found = [item for item in found if item[1] in ("past", "sure")]
    elif names - {"maybe"}:
        found = [item for item in found if item[1] != "maybe"]
    return min(found)[1].replace("limit", "sure") if found else ""


@cache
def _words(name: str, lang: str) -> re.Pattern[str]:
    table = {"past": _PAST, "sure": _SURELY, "maybe": _MAYBE}[name]
    # "will be delivered" tells of nothing that has been; "we'll" has its word behind a mark.
    passive = r"(?<!\bbe\ )(?<!\bis\ )(?<!\bare\ )(?<!\bget\ )" if name == "past" else ""
    more = r"|['’]ll(?!\w)" if name == "sure" else ""
    return _pattern(rf"(?<!\w){passive}(?:{table[lang]})(?!\w){more}")


@cache
def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE | re.VERBOSE)
