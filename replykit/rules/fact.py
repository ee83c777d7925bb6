"""FACT: what the draft says against what is known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from replykit.linter import Draft, Fix
from replykit.names import person_name, sign_off_name
from replykit.rules import Example, Hit, Rule

_GREETING = re.compile(
    r"^[ \t]*(?:hello|hi|hey|dear|good\ (?:morning|afternoon|evening)|hei|heippa|moi|terve"
    r"|hyvä|arvoisa|hyvää\ (?:huomenta|päivää|iltaa)|huomenta|päivää|hej|bästa)[ \t]+"
    r"(?:mr|mrs|ms|miss|dr|herra|rouva)?\.?[ \t]*"
    r"(?P<name>[^\W\d_][\w'’-]*(?:[ \t]+[^\W\d_][\w'’-]*){0,3})[ \t]*(?:[,!.\r\n]|\Z)",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
# A greeting stands here; further on a line that begins with Hi may be a quotation.
_BEGINNING = 500
_NO_NAMES = frozenset(
    """there all everyone customer sir madam team asiakas asiakkaamme kaikki vastaanottaja
    kuntalainen vanhemmat ystävä ystävämme kund alla and or again from to for kiitos taas vaan
    jälleen sinulle teille huomenta päivää iltaa friend neighbour resident valued parents member
    subscriber jäsen tilaaja""".split()  # noqa: SIM905
)


# "… Where is it? Regards, Priya Nair": signed within the last line.
_SIGNED = re.compile(
    r"""[.?!)]\s+(?:[-–—]\s*
      |(?i:(?:(?:kind|best|warm)\ )?(?:regards|wishes)|many\ thanks|thanks|thank\ you|br
        |(?:yst(?:\.|ävällisin)?\ ?)?terv(?:eisin|\.)|t\.?|yt\.?|kiitos|mvh)[,:!]?\s+)?
      (?P<name>[A-ZÅÄÖÉÜ][\w'’-]{1,20}(?:\ [A-ZÅÄÖÉÜ][\w'’-]{1,25}){0,2})\.?\s*\Z""",
    re.VERBOSE,
)


def _name_at_the_end(text: str) -> str:
    """The name that ends a message's last line, or nothing."""
    match = _SIGNED.search(text[-200:])
    return person_name(match["name"]) if match else ""


def _wrong_name(draft: Draft) -> Iterator[Hit]:
    """The name after the greeting is none of the customer's."""
    names = _known_names(draft)
    match = _GREETING.search(draft.text[:_BEGINNING])
    if not names or not match or not match["name"][0].isupper():
        return
    written = _parts(match["name"])
    if not written.isdisjoint(_NO_NAMES) or any(written & _parts(name) for name in names):
        return
    message = f"the customer is {names[0]}, not {match['name']}"
    fix = Fix(names[0].split()[0], safe=False)
    yield Hit(match.start("name"), match.end("name"), message, fix)


def _parts(name: str) -> set[str]:
    """A name's parts in small letters without accents, for José may sign as Jose."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return set(re.split(r"[\s-]+", plain)) - {""}


def _known_names(draft: Draft) -> list[str]:
    """Whole names by which the customer is known: the record's, the message's."""
    names = [
        draft.customer.get("name", ""),
        f"{draft.customer.get('first_name', '')} {draft.customer.get('last_name', '')}",
        draft.message.sender_name if draft.message else "",
        sign_off_name(draft.message.signature) if draft.message else "",
        _name_at_the_end(draft.message.text) if draft.message else "",
    ]
    return [name.strip() for name in names if person_name(name.strip())]


_EN, _FI = "Where is it?", "Missä se on?"
_MAIJA, _MATTI = "Maija Virtanen", "Matti Meikäläinen"

RULES = (
    Rule(
        code="FACT001",
        name="wrong-customer-name",
        severity="error",
        message="this is not the customer's name",
        explanation=(
            "Another customer's name is the mistake that people remember. The greeting is "
            "compared with the sender's name, the sign-off of the message, and the customer's "
            "record; any part of the name will do. Silent where no name is known."
        ),
        check=_wrong_name,
        bad=(
            Example("en", "Hello Anna,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Dear Ms Smith,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("fi", "Hei Liisa!\n\nSe lähti tänään.", message=_FI, sender=_MATTI),
            Example("fi", "Hei Liisa,\n\nse lähti tänään.", message=f"{_FI}\n\nT. Matti"),
            Example("en", "Hello Anna,\n\nit left today.", message=f"{_EN} Regards, Priya Nair"),
            Example("fi", "Hei Anna,\n\nse lähti tänään.", message=f"{_FI} Terveisin Pirkko Aho"),
        ),
        good=(
            Example("en", "Hello Maija,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Dear Ms Virtanen,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Hello there,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Dear Library Member,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Hello Jose,\n\nit left today.", message=_EN, sender="José Díaz"),
            Example("en", "Hello Anna,\n\nit left today.", message=_EN),
            Example("en", "Hi Anna,\n\nit left.", message=f"{_EN}\n\nRegards, Anna", sender=_MAIJA),
            Example("fi", "Hei Matti!\n\nSe lähti.", message=f"{_FI}\n\nTerveisin {_MATTI}"),
            Example("fi", "Hei taas!\n\nSe lähti.", message=_FI, sender=_MATTI),
            Example("fi", "Hei Anna-Liisa!\n\nSe lähti.", message=_FI, sender="Anna-Liisa Aho"),
        ),
    ),
)
