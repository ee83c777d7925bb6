"""PRIV: what must not stand in public, and secrets that belong in no message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule
from replykit.rules.fact import known_names

_PERSONAL = ("card", "iban", "personal_id", "phone", "email")
_NAMES = {
    "card": "a card number", "iban": "a bank account", "personal_id": "a personal identity number",
    "phone": "a phone number", "email": "an e-mail address",
}  # fmt: skip
# A street and its number: an ending of Finnish or Swedish streets, or an English one of its own.
_ADDRESS = prepared(
    r"""(?<!\w)(?:[A-ZÅÄÖ][\w-]{2,30}(?:katu|tie|kuja|polku|kaari|ranta|raitti|väylä|gatan|vägen)
      |[A-Z][a-z]{2,20}\ (?:Street|Road|Avenue|Lane|Drive|Square|Crescent|St\.?|Rd\.?|Ave\.?))
      (?:lla|llä|lle|lta|ltä)?\ \d{1,3}(?:\ ?[A-Z](?:\ ?\d{1,3})?)?(?!\w)
      |(?<!\w)\d{1,3}[a-z]?\ [A-Z][a-z]{2,20}\ (?:Street|Road|Avenue|Lane|Drive|Square|Crescent
      |St|Rd|Ave)(?!\w)""",
    re.VERBOSE,
)
_DOOR = prepared(r"\d\ ?[A-Z]\ ?\d{1,3}$", re.VERBOSE)
_DESK = prepared(
    r"\b(?:our|us|we\ are|visit|office|shop|store|desk|come\ to|meidän|meille|\w{3,}mme"
    r"|toimisto\w*|myymälä\w*|palvelupiste\w*|tervetuloa|vår|butik\w*|kontor\w*)\b",
    re.IGNORECASE | re.VERBOSE,
)
# What says that a number or an address is the customer's; else it is taken for the desk's own.
_YOURS = prepared(
    r"""\b(?:
        your?\ (?:\w+\ )?(?:address|home|phone|number|mobile|e-?mail|account|place)
      | (?:call|called|phone|phoned|ring|rang|reach|reached|text|texted|e-?mail|e-?mailed|write
        |wrote|written|sent\ it|send\ it)\ (?:to\ )?you\b
      | \w{3,}(?:osoitteesi|osoitteenne|numerosi|numeronne)
      | (?:osoittee|kotii|numeroo|tilille|sähköpostii)(?:see)?(?:si|nne)\w*
      | (?:osoitteesi|osoitteenne|numerosi|numeronne|tilisi|tilinne|sähköpostisi|kotisi)\w*
      | (?:soit|lähet|post|toimit)\w{1,8}\ (?:\w+\ ){0,2}(?:sinulle|teille)
      | (?:sinulle|teille)\ (?:\w+\ ){0,2}(?:osoittee|numero)\w+
      | (?:din|ditt|er|ert)\ (?:adress|telefon\w*|mobil\w*|e-post\w*|konto\w*|nummer)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# What a detail's name says: these belong to a person.
_OF_PERSON = prepared(
    r"(?:^|_)(?:name|nimi|e-?mail|sähköposti|phone|puhelin|mobile|birth\w*|date_of_birth|syntymä\w*"
    r"|address|osoite|iban|ssn|henkilötunnus|policy|member\w*|jäsen\w*)$|order|invoice|booking",
    re.IGNORECASE,
)
_HEALTH_OR_DEBT = prepared(
    r"""\b(?:your\ (?:\w+\ ){0,2}(?:blood\ test|test\ results?\ (?:was|were|is|are|show)|diagnosis
        |medicine|medication|prescription|pregnancy|illness|treatment|operation|surgery|debts?
        |arrears|overdue\ (?:bill|invoice|payment|rent)|unpaid\ (?:bill|invoice|rent)\w*)
      |(?:verikokee|diagnoosi|lääkityks(?:e|estä)|resepti|raskaute|sairaute|leikkaukse|hoito|velka
        |maksuhäiriö|ulosotto|vuokrarästi|perintä)\w{0,6}(?:si|nne)
      |\w{3,}lääkity\w+(?:si|nne))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PASSWORD = {
    "en": r"(?:password|passcode|pin(?:\ code)?)",
    "fi": r"(?:salasana|tunnusluku|pin-koodi)(?:si|nne|mme)?",
    "sv": r"(?:lösenord(?:et)?|pinkod(?:en)?)",
}
_IS = {"en": r"(?:is|was|will\ be)", "fi": r"(?:on|oli)(?:\ nyt)?", "sv": "är"}
_ANY = "|".join(_PASSWORD.values())
_ANY_IS = "|".join(rf"{_PASSWORD[lang]}\ {_IS[lang]}:?" for lang in _PASSWORD)
# A word that has a digit or a sign in it, or one in quotes.
_SECRET = prepared(
    rf"""(?<!\w)(?:{_ANY_IS}|(?:{_ANY})\s?[:=])\s{{0,2}}
      (?P<secret>(?=\S{{0,60}}[\d#$%&*+=@^_~])[^\s"'“”‘’«»`]{{4,60}}
        |(?<=["'“”‘’«»`])[^\s"'“”‘’«»`]{{4,60}}(?=["'”’»`])
        |["'“”‘’«»`][^\s"'“”‘’«»`]{{4,60}}["'”’»`])""",
    re.VERBOSE | re.IGNORECASE,
)
_TOKEN = prepared(
    r"""(?<![\w-])(?:
        AKIA[A-Z0-9]{16} | gh[pousr]_[A-Za-z0-9]{30,} | github_pat_\w{20,} | glpat-[\w-]{20,}
      | sk_(?:live|test)_[A-Za-z0-9]{16,} | sk-[A-Za-z0-9_-]{24,} | xox[abprs]-[\w-]{10,}
      | eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,} | AIza[\w-]{30,}
      | -----BEGIN\ (?:[A-Z]+\ )?PRIVATE\ KEY-----
      | (?i:(?:api[ _-]?(?:key|avain)|access[ _-]?token|bearer|client[ _-]?secret)
          (?:\ (?:is|on)|\s?[:=])?\s["'`]?)(?=[\w-]{0,40}\d)[\w-]{12,}
      | https?://[^\s/@:]{1,60}:[^\s/@]{1,60}@[^\s]{1,200}
      | https?://[^\s?]{1,200}\?[^\s]{0,200}
          \b(?i:token|password|passwd|access_token|api_?key|secret|sessionid)=[^\s&]{6,}
    )""",
    re.VERBOSE,
)


def _found(draft: Draft, names: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
    from replykit.recognise import find

    day = draft.now.date() if draft.now else date.today()
    for item in find(draft.text, draft.lang, day, names):
        yield item.name, item.start, item.end


def _in_public(draft: Draft) -> Iterator[Hit]:
    if draft.channel != "social":
        return
    for name, start, end in _found(draft, _PERSONAL):
        if name in ("phone", "email") and _is_ours(draft, start, end):
            continue
        yield Hit(start, end, f"{_NAMES[name]} in public; take it to a private message")
    for match in _ADDRESS.finditer(draft.text):
        if _is_home(draft, match) or not _is_ours(draft, *match.span()):
            yield Hit(*match.span(), "an address in public; take it to a private message")
    for match in _HEALTH_OR_DEBT.finditer(draft.text):
        yield Hit(*match.span(), "health or debts in public; take it to a private message")
    for name, value in draft.details.items():
        shown = _shown(draft.text, name, value)
        if shown:
            yield Hit(*shown, "what is known of a customer in public; take it to a private message")
    for name in known_names(draft):
        if " " not in name:
            continue
        shown = _shown(draft.text, "name", name)
        if shown and name not in draft.details.values():
            yield Hit(*shown, "a customer's whole name in public; take it to a private message")


def _shown(text: str, name: str, value: str) -> tuple[int, int] | None:
    """Where a customer's number, name, address or birth date is told."""
    value = value.strip()
    if (_is_about_orders(name) and len(value) >= 5) or _OF_PERSON.search(name):
        if re.search("company|product|agent|shop|store|staff|our|desk|yritys|tuote", name):
            return None
        if re.search("(?:^|_)(?:name|nimi)$|address|osoite", name):
            return _named(text, value)
        place = text.find(value)
        return (place, place + len(value)) if place >= 0 and len(value) >= 4 else None
    return None


def _named(text: str, value: str) -> tuple[int, int] | None:
    """Where two words of a name or a street stand, a Finnish one with another ending."""
    words = re.findall(r"[^\W\d_]{2,}", value)[:2]
    if not words or (len(words) == 1 and len(words[0]) < 8):
        return None
    pattern = r"(?<!\w)" + r"[ \w-]{1,4}".join(
        re.escape(word[: max(3, len(word) - 2)]) for word in words
    )
    if len(words) == 1:
        pattern = rf"(?<!\w){re.escape(words[0][:-2])}"
    match = re.search(pattern + r"\w*", text)
    return match.span() if match else None


def _is_about_orders(name: str) -> bool:
    words = (
        "order",
        "invoice",
        "booking",
        "customer",
        "account",
        "case",
        "reference",
        "claim",
        "tilaus",
        "lasku",
        "varaus",
        "asiakasnum",
        "viite",
    )
    return any(word in name.casefold() for word in words)


def _is_ours(draft: Draft, start: int, end: int) -> bool:
    """Whether this is a way to reach the sender rather than the customer's own."""
    if draft.message and draft.text[start:end] in draft.message.known:
        return False
    return not any(
        span.start <= start < span.end and _YOURS.search(span.text) for span in draft.sentences
    )


def _is_home(draft: Draft, address: re.Match[str]) -> bool:
    """Whether an address has a staircase and a door, as homes have, and is not said to be ours."""
    return bool(_DOOR.search(address.group())) and not any(
        span.start <= address.start() < span.end and _DESK.search(span.text)
        for span in draft.sentences
    )


def _number_in_full(draft: Draft) -> Iterator[Hit]:
    if draft.channel == "social":
        return  # PRIV001 says it there
    for name, start, end in _found(draft, ("card", "personal_id")):
        yield Hit(start, end, f"{_NAMES[name]} in full; leave it out, or its last digits alone")


def _secret(draft: Draft) -> Iterator[Hit]:
    for match in _SECRET.finditer(draft.text):
        yield Hit(match.start("secret"), match.end("secret"))
    for match in _TOKEN.finditer(draft.text):
        yield Hit(*match.span())


RULES = (
    Rule(
        code="PRIV001",
        name="personal-data-in-public",
        severity="error",
        message="personal data in public; take it to a private message",
        explanation=(
            "A reply on social media is read by everybody. Card and account numbers, identity "
            "codes, the customer's phone, e-mail, street address and order number belong in a "
            "private message. The desk's own contacts are left alone."
        ),
        source="GDPR, articles 5 (1) f and 32.",
        check=_in_public,
        bad=(
            Example(
                "en",
                "We call you on +358 40 123 4567 today.",
                "social",
                message="Call me! +358 40 123 4567",
            ),
            Example("en", "We sent it to your address at 12 Baker Street.", "social"),
            Example(
                "en", "Your order 48213377 is late.", "social", details={"order_number": "48213377"}
            ),
            Example("fi", "Palautamme rahat tilillesi FI21 1234 5600 0007 85.", "social"),
            Example("fi", "Lähetimme sen sinulle osoitteeseen Mannerheimintie 12 A 4.", "social"),
            Example("en", "It went to Mannerheimintie 12 A 4.", "social"),
            Example("fi", "Henkilötunnuksesi 131052-308T on tarkistettu.", "social"),
        ),
        good=(
            Example("en", "Call us on 09 310 12345 or send us a private message.", "social"),
            Example("en", "Your order 48213377 is late.", details={"order_number": "48213377"}),
            Example("en", "Our shop at 12 Baker Street is open today.", "social"),
            Example("fi", "Soita meille numeroon 09 310 12345.", "social"),
            Example("fi", "Myymälämme on osoitteessa Mannerheimintie 12.", "social"),
            Example("fi", "Tervetuloa toimistoon: Mannerheimintie 12 A 4.", "social"),
            Example("fi", "Lähetätkö tilausnumeron yksityisviestillä?", "social"),
        ),
    ),
    Rule(
        code="PRIV002",
        name="full-identity-number",
        severity="warning",
        message="an identity or card number in full",
        explanation=(
            "Nobody needs to be told their own card number or identity code, and a mail may be "
            "read by others. Leave it out, or name its last digits alone."
        ),
        source="Tietosuojalaki 1050/2018, section 29; PCI DSS 3.4.",
        check=_number_in_full,
        bad=(
            Example("en", "We charged your card 5555 5555 5555 4444."),
            Example("fi", "Henkilötunnuksesi 131052-308T on tarkistettu."),
        ),
        good=(
            Example("en", "We charged the card that ends in 4444 for order 5555555555554445."),
            Example("fi", "Tarkistimme henkilötunnuksesi, ja varaus 131052-309 on voimassa."),
        ),
    ),
    Rule(
        code="PRIV003",
        name="secret",
        severity="error",
        message="a password or a key in a message; send a way to set a new one instead",
        explanation=(
            "A password that was sent is a password that is known. Send a link by which the "
            "customer sets one, and never a key, a token or an address that holds one."
        ),
        source="OWASP Forgot Password Cheat Sheet.",
        check=_secret,
        bad=(
            Example("en", "Your new password is Kesa2026! and you can change it later."),
            Example("en", "Use password: hunter2-now to sign in."),
            Example("en", "The API key is sk_live_4eC39HqLyjWDarjtT1zdp7dc."),
            Example("en", "Sign in at https://example.com/in?token=9f8a7b6c5d4e."),
            Example("fi", "Uusi salasanasi on Kesa2026!, voit vaihtaa sen myöhemmin."),
            Example("fi", "Tunnuslukusi on nyt 4821, kirjaudu sillä."),
        ),
        good=(
            Example("en", "Your new password is ready when you have chosen it."),
            Example("en", "The password is sent by text message. Your PIN is never asked for."),
            Example("en", "Reset it at https://example.com/password?lang=en."),
            Example("fi", "Salasanasi on vanhentunut. Vaihda se osoitteessa example.fi."),
            Example("fi", "Uusi salasanasi on voimassa heti, kun olet valinnut sen."),
            Example("fi", "Tunnuslukusi on kirjeessä, jonka saat postissa."),
        ),
    ),
)
