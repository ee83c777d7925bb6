"""The words by which chats tell who speaks, in Finnish, Swedish and English."""

from __future__ import annotations

import re

from replykit.patterns import prepared
from replykit.understanding.names import person_name

AGENT = "agent"
CUSTOMER = "customer"
_AGENTS = (
    r"(?:live |support |service |chat )?agent|operator|support(?: team)?|advis[eo]r|assistant"
    r"|representative|consultant|moderator|help ?desk|staff|admin|(?:chat|answer ?)?bot|system"
    r"|customer (?:service|support|care)(?: \w+)?|customer success|team"
    r"|asiakaspalvel\w+|aspa|asiantuntija|(?:palvelu)?neuvoja|virkailija|tuki(?:henkilö)?|myyjä"
    r"|\w*botti|virtuaali\w+|järjestelmä|automaatti\w*|ylläpito"
    r"|kund(?:tjänst|service|support)\w*|handläggare|(?:kund)?rådgivare|medarbetare|säljare"
)
_CUSTOMERS = (
    r"customer|client|visitor|guest|end[ -]?user|user|asiakas|vierailija|kävijä|käyttäjä|vieras"
    r"|kund(?:en)?|besökare(?:n)?|gäst(?:en)?|användare(?:n)?"
)
# A firm's name where a person's would stand: Kauppa Oy, Norrsken AB, Shop Ltd.
_FIRM = r"[^\n:]{2,40} (?:oyj?|ab|ltd|llc|inc|gmbh|oü)\.?$"
_AGENT = prepared(rf"\b(?:{_AGENTS})\b|^{_FIRM}", re.IGNORECASE)
_CUSTOMER = prepared(rf"\b(?:{_CUSTOMERS})\b", re.IGNORECASE)
_ROLE = prepared(rf"[(\[]?\b(?:{_AGENTS}|{_CUSTOMERS})\b[)\]]?(?:\s#?\d+)?", re.IGNORECASE)
OFFERS_HELP = prepared(
    r"(?:kuinka|miten) voi(?:n|mme|sin|simme)\b.{0,20}(?:auttaa|palvella|avuksi)"
    r"|voi(?:n|mme|sin)ko (?:auttaa|olla avuksi)|kiitos yhteydenotosta"
    r"|(?:how|what) (?:can|may) (?:i|we) (?:help|assist|do for)|thank(?:s| you) for contacting"
    r"|(?:hur|vad) kan (?:jag|vi) (?:hjälpa|stå till tjänst)|tack för att du kontakta",
    re.IGNORECASE,
)
GREETING = prepared(
    r"(?:hei|moi|moikka|terve|tervehdys|päivää|huomenta|iltaa|hyvää|hi|hello|hey|good (?:day|m|a|e)"
    r"|hej|hallå|god (?:dag|m|e)|tja)\b",
    re.IGNORECASE,
)
# What a chat says of itself, and not a sentence of somebody's that begins like it.
SYSTEM_LINE = prepared(
    r"\s*(?:[*=]{3,}|-{3,}\s)"
    r"|\[?(?:the |live )?(?:chat|keskustelu|conversation|chatten|konversationen|samtalet)"
    r"(?: (?:has|is|was|on|har))?(?: been)? (?:started|began|ended|closed|alkoi|alkanut|aloitettu"
    r"|päättyi|päättynyt|suljettu|avslutades|avslutats|avslutad|började|startade|stängdes)[:.]?"
    r"(?:\s(?:at |klo |kl\.? |on )?[\d.:,/ -]*)?\]?$"
    r"|.{1,60}\b(?:joined|left|ended|entered|was transferred to) the (?:chat|conversation|room)\b"
    r"|.{1,60} has joined[.!]?$"
    r"|.{1,60}\b(?:liittyi|poistui|lopetti|aloitti) (?:chatti?|chatin|chatist|keskustelu)"
    r"|.{1,60}\b(?:anslöt(?: sig)?|lämnade|avslutade|startade)(?: till)? (?:chatt|samtal|konvers)",
    re.IGNORECASE,
)
# Fields of mail and forms, and words before a colon in what anybody writes.
_NO_SPEAKERS = frozenset(
    re.findall(
        r"\w+",
        """
        from to cc bcc subject date sent reply re fwd fw name email mail phone address order invoice
        number product price size colour color amount total sum time status note ps nb question
        answer attachment attachments company website url http https customer_number
        lähettäjä vastaanottaja kopio piilokopio aihe päiväys päivämäärä pvm lähetetty vs vl nimi
        sähköposti puhelin puh osoite tilaus tilausnumero lasku laskunumero asiakasnumero tuote
        tuotteet hinta koko väri määrä yhteensä summa aika tila huom kysymys vastaus liite liitteet
        yritys viesti asia otsikko postinumero paikkakunta
        från till kopia ämne datum skickat sv vb namn epost telefon adress ordernummer faktura
        fakturanummer kundnummer produkt pris storlek färg antal summa tid obs fråga svar bilaga
        företag meddelande
        von an betreff gesendet datum antwort
        monday tuesday wednesday thursday friday saturday sunday
        maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
        måndag tisdag onsdag torsdag fredag lördag söndag
        """,
    )
)
_WROTE = prepared(r"\b(?:wrote|kirjoitti|skrev|schrieb|a écrit)\b", re.IGNORECASE)
_NAMED_IN = prepared(
    r"^[ \t]*(?:visitor|customer|client|name|nimi|asiakas|vierailija|namn|kund|besökare)"
    r"(?:'s name| name)?\s*:\s*([^\n]{2,60})$",
    re.IGNORECASE | re.MULTILINE,
)


def role(label: str) -> str:
    """Whether a label is an agent's or a customer's by its words; nothing where they tell not."""
    if _AGENT.search(label):
        return AGENT
    return CUSTOMER if _CUSTOMER.search(label) else ""


def without_role(label: str) -> str:
    """A label without the words of a role: the name that stands beside them."""
    return " ".join(_ROLE.sub(" ", label).split()).strip(" -–/|,")


def is_no_speaker(label: str) -> bool:
    """Whether a label is that of a field, a header or a remark."""
    words = label.casefold().replace("-", "").split()
    return (
        not words
        or len(words) > 5
        or len(label) < 2
        or words[0] in _NO_SPEAKERS
        or bool(_WROTE.search(label))
    )


def named_in(preamble: str) -> str:
    """The customer's name in what a transcript says above itself."""
    for match in _NAMED_IN.finditer(preamble):
        if name := person_name(match[1]):
            return name
    return ""
