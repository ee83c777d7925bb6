"""FORM: how a reply addresses the customer: by first name or title, by Finnish sinä or te."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule
from replykit.rules.fact import is_of_another
from replykit.understanding.names import first_names

# Second person in Finnish: singular by verb and pronoun, plural by pronoun and ending.
_SINGULAR = prepared(
    r"""(?<![\w-])(?:sinä(?!\ \w+n[aä]\b)|sinun|sinua|sinulle|sinulla|sinulta|sinusta
      |sinuun|sun|sulle|sulla|sulta
      |olet|voit|saat|sait|tarvitset|haluat|löydät|etkö|et|oletko|voisitko|voitko|haluatko|saitko
      |\w*(?:poika|juna|lasku|viesti|tili|numero|kortti|paketti|nime|koti|auto|asia|laittee|tuottee
        |perhee|lapse|asunto|toivee|maksu|harmi|kuitti|pankki|posti|tieto|sopimukse|\w\w(?:[uy]kse|ee|oo|uu))si
      |(?<=[.,:!?]\ )(?:vastaa|kerro|soita|ota|kirjoita|lähetä|tarkista|valitse|palauta|käy|avaa
        |paina|ilmoita|täytä|odota|säilytä|pakkaa|vie|näytä|kirjaudu|tutustu|katso|klikkaa|lataa
        |kokeile|siirry|nouda)(?=\ \w)
      |(?<=[.,:!?]\ )muista(?=\ \w+[aä]\b)|(?<=\ ja\ )(?:valitse|klikkaa|paina|kirjaudu)(?=\ \w)
      |(?!\w*v[aä]th[aä]n)\w{3,}[aeiouyäö]t(?:han|hän)
      |(?!haittasi)\w{2,}(?:ll[aäe]|lt[aä]|ss[aä]|(?<!\bva)st[aä]|ii|tt[aä])si
      |tiedät|näet|pääset|pystyt|lähetät|lähetätkö|kerrotko|teit|tilasit|maksoit|kirjoitit|pyysit
      |soitit|palautit|ostit|varasit)(?![\w-])""",
    re.IGNORECASE | re.VERBOSE,
)
_PLURAL = prepared(
    r"""(?<![\w-])(?:te|teidän|teitä|teille|teillä|teiltä|teistä|teihin|teidänkin|olette|voitte
      |saatte|saitte|tarvitsette|haluatte|löydätte|ette|ettekö|oletteko|voisitteko|voitteko
      |(?!(?:\w*(?:tila|raken|liiken|luon|ase|perin|kään|suhda|tun|rin|ken|kan|varme|talle|lyhe|paina|juo))nne|minne|sinne|tänne
          |tuonne|jonne|muunne|enne)\w{3,}nne
      |(?:\w*(?:tta|ttä|sta|stä)|vasta|vastat|valit|tul|men|käy|avat|paina|varat|nouta|maksa|ol|katso
        |tilat|peru|pyytä|huomat|lisät|kokeil|kirjautu|tutustu|kerto|ajat|aja|sano)k[aä][aä]
      |(?!charlo|bague|vinaigre|racle)\w{2,}[aeiouyäö]tte(?:k[oö]|h[aä]n|kin)?
      |haluatteko|saitteko|tiedätte|näette|pääsette|pystytte|lähetätte|lähetättekö|kerrotteko|teitte
      |tilasitte|maksoitte|kirjoititte|pyysitte|soititte|palautitte|ostitte|varasitte)(?![\w-])""",
    re.IGNORECASE | re.VERBOSE,
)
_SINGULAR_SV = prepared(r"(?<!\w)(?:du|dig|din|ditt|dina)(?!\w)", re.IGNORECASE)
_PLURAL_SV = prepared(r"(?<!\w)(?:Ni|Er|Ert|Era)(?!\w)")
_FIRST_NAME = prepared(
    r"^\W*(?:hello|hi|hey|dear)\ (?!mr|mrs|ms|miss|dr|sir|madam)[A-Z][\w'-]+\ ?[,!.]?$",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
_TITLE = prepared(
    r"(?:, |^|(?<=[.!?] ))(?P<title>(?:Mr|Mrs|Ms|Miss)\.? [A-Z][\w'-]+|[Ss]ir|[Mm]adam"
    r"|Dear (?:Sir|Madam|[Cc]ustomer)(?: or Madam)?)(?=[,.!?]|$)",
    re.MULTILINE,
)
_ABBREVIATED = prepared(r"\b(?:mr|mrs|ms|dr|ltd|inc|co)\.", re.IGNORECASE)
_GREETED = prepared(r"^\W*(?:hello|hi|hey|dear|good \w+) [A-Z]", re.MULTILINE | re.IGNORECASE)
_FORMAL = prepared(
    r"^\W*(?:dear|hello|good\ \w+)\ (?:mr|mrs|ms|miss|dr|sir|madam)\b", re.IGNORECASE | re.MULTILINE
)
# "… suits you, Debbie, and", "Cheers, Tom": a first name by which the reader is spoken to
_CALLED = prepared(
    r"(?:(?P<you>\b(?:you|yours|thanks|again|please|sorry|cheers|soon|writing|waiting|patience|day"
    r"|evening|weekend|week|helps|understanding|touch|wait|welcome|know))|[a-z]|^),\ "
    r"(?P<name>[A-Z][a-z]{1,20})(?=[,.!?])",
    re.MULTILINE | re.IGNORECASE,
)
# The reader spoken of as a stranger: "the customer's refund was sent".
_STRANGER = prepared(
    r"(?<!\w)the customer(?:['’]s (?:order|refund|parcel|account|card|payment|money|request)"
    r"| (?:has been|was|will|must|should|is (?:advised|asked|requested)|needs to))(?!\w)",
    re.IGNORECASE,
)
_BEGINNING = 200
# "You" of several people: a family, a firm.
_SEVERAL = prepared(
    r"(?<!\w)(?:molem\w+|kaikki\w*|perhee\w+|yrityks\w+|taloyhtiö\w*|porukk\w+|lapsesi\w*|lapsenne\w*"
    r"|lapset|lasten\w*|tiimi\w+"
    r"|teidän kaikkien|seur\w+|yhdisty\w+|vanhem\w+|luoka\w+|koulu\w+|ryhm\w+)(?!\w)",
    re.IGNORECASE,
)
_WE = prepared(
    r"(?<!\w)(?:me|meidän|meille|meillä|meitä|vi|oss|vår|\w{3,}mme)(?!\w)", re.IGNORECASE
)


def _mixed_address(draft: Draft) -> Iterator[Hit]:
    """Both forms of address in one reply: what comes second is named."""
    if draft.lang == "en":
        yield from _first_name_and_title(draft)
    pairs = {"fi": (_SINGULAR, _PLURAL), "sv": (_SINGULAR_SV, _PLURAL_SV)}.get(draft.lang)
    theirs = draft.message.matter if draft.message else ""
    if pairs is None or _SEVERAL.search(draft.text) or _WE.search(theirs):
        return
    singular, plural = ([match.span() for match in one.finditer(draft.text)] for one in pairs)
    if singular and plural:
        fewer = min((singular, plural), key=len)
        yield Hit(*fewer[0])


def _first_name_and_title(draft: Draft) -> Iterator[Hit]:
    said = draft.message.known if draft.message else ""
    stranger = _STRANGER.search(draft.text)
    if stranger and _GREETED.search(draft.text[:_BEGINNING]) and "customer" not in said.casefold():
        yield Hit(*stranger.span())
    if first := _FIRST_NAME.search(draft.text[:_BEGINNING]):
        for title in _TITLE.finditer(draft.text, first.end()):
            # "Best wishes,\nMs Lahtinen": who signs, not who is addressed.
            place = title.span("title")
            if not _signs(draft.text, place[0]) and not is_of_another(draft.text, *place):
                yield Hit(*place)
                return
    elif formal := _FORMAL.search(draft.text[:_BEGINNING]):
        for called in _CALLED.finditer(draft.text, formal.end()):
            name = called["name"]
            if name in said or (called["you"] and name.casefold() in first_names()):
                yield Hit(*called.span("name"))
                return


def _signs(text: str, start: int) -> bool:
    """Whether a name begins one of the last short lines, as that of whoever signs does."""
    below = text[start:]
    begins = not text[:start].rstrip(" \t") or text[:start].rstrip(" \t").endswith("\n")
    return begins and not re.search(r"[.!?](?:\s|$)", _ABBREVIATED.sub("", below))


RULES = (
    Rule(
        code="FORM006",
        name="mixed-address",
        severity="warning",
        message="“{text}”: two forms of address in one reply; keep to one of them",
        explanation=(
            "A reply that says “olet” in one line and “teidän” in the next was glued together, and "
            "it shows, as “Hi Anna” and “Ms Smith” do. Choose one form; the setting `formal` holds "
            "for the library's replies. A reply to several people is left alone."
        ),
        source="Kielitoimiston ohjepankki: sinuttelu ja teitittely.",
        check=_mixed_address,
        bad=(
            Example("fi", "Hei! Voit noutaa paketin huomenna. Lähetämme teille viestin."),
            Example("fi", "Tilauksenne lähti. Saatte viestin, kun voit noutaa sen."),
            Example("sv", "Tack för ditt brev. Vi ringer Er i morgon."),
            Example("en", "Hi Anna,\n\nIt left today. Thank you for your patience, Ms Smith."),
            Example("en", "Hi Anna,\n\nIt left today. Thank you for your order, Ms Smith."),
            Example("fi", "Olette saaneet sen. Kiitos sinulle!"),
            Example("fi", "Raha on tililläsi. Vastatkaa tähän viestiin."),
            Example("fi", "Lähetimme laskunne. Onko sähköpostiisi tullut kuitti?"),
            Example("en", "Dear Mrs Crane,\n\nIt left today. Thanks again, Emma!"),
            Example("en", "Hi Anna,\n\nIt left. Madam, please wait for it."),
            Example("en", "Hi Anna,\n\nThe customer's refund was sent; you see it on Friday."),
            Example("en", "Dear Sir or Madam,\n\nThanks for writing, Anna."),
            Example("fi", "Muistathan, että voitte muuttaa aikaa."),
            Example("fi", "Kiitos palautteestasi. Toivomme, että asioitte meillä taas."),
            Example("fi", "Kirjautukaa tilillenne ja valitse uusi salasana."),
        ),
        good=(
            Example("fi", "Hei! Voit noutaa paketin huomenna. Lähetämme sinulle viestin."),
            Example("fi", "Hei! Voitte noutaa paketin huomenna. Lähetämme teille viestin."),
            Example("fi", "Voit ilmoittaa koko perheesi: saatte kaikki kortit samalla kertaa."),
            Example("fi", "Uusi varmenne on asennettu, ja tallenne on tililläsi. Lyhenne on VPN."),
            Example("fi", "Hei! Uusi tilanne: matkaa on jäljellä, ja voit jatkaa tililläsi."),
            Example(
                "fi", "Hei! Ovathan kengät tallella? Voit palauttaa ne, ja vie sitten laatikko."
            ),
            Example(
                "en", "Hi Anna,\n\nThe customer service will ring you. The customer pays the post."
            ),
            Example("en", "Dear Mrs Crane,\n\nOur nurse, Edwina, will ring you."),
            Example("en", "Hi Anna,\n\nIt left today. Ask for Ms Smith at the desk."),
            Example(
                "en", "Hi Anna,\n\nYour neighbour, Mrs Koski, has it. Ask our lawyer, Ms Berg."
            ),
            Example("en", "Dear parent,\n\nThe bus leaves at 8.\n\nBest wishes,\nMs Lahtinen"),
        ),
    ),
)
