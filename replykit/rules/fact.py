"""FACT: what the draft says against what is known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.lint import Draft, Fix
from replykit.message import person_name
from replykit.rules import Example, Hit, Rule

_GREETING = re.compile(
    r"^[ \t]*(?:hello|hi|hey|dear|good\ (?:morning|afternoon|evening)|hei|heippa|moi|terve|hyvä|arvoisa"
    r"|hyvää\ (?:huomenta|päivää|iltaa)|huomenta|päivää|hej|bästa)[ \t]+"
    r"(?:mr|mrs|ms|miss|dr|herra|rouva)?\.?[ \t]*"
    r"(?P<name>[^\W\d_][\w'’-]*(?:[ \t]+[^\W\d_][\w'’-]*){0,3})[ \t]*[,!.\n]",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_NO_NAMES = frozenset(
    "there all everyone customer sir madam team asiakas asiakkaamme kaikki vastaanottaja kuntalainen "
    "vanhemmat ystävä ystävämme kund alla and or again from to for kiitos taas vaan jälleen sinulle "
    "teille huomenta päivää iltaa friend neighbour resident valued parents".split()
)


def _wrong_name(draft: Draft) -> Iterator[Hit]:
    """The name after the greeting is none of the customer's."""
    known = {
        part.casefold()
        for name in _known_names(draft)
        for part in re.split(r"[\s-]+", name)
        if part
    }
    match = _GREETING.search(draft.text[:500])
    if not known or not match or match["name"].split()[0].casefold() in _NO_NAMES:
        return
    written = re.split(r"[\s-]+", match["name"])
    if not written[0][0].isupper() or not known.isdisjoint(part.casefold() for part in written):
        return
    first = _known_names(draft)[0].split()[0]
    message = f"the customer is {_known_names(draft)[0]}, not {match['name']}"
    yield Hit(match.start("name"), match.end("name"), message, Fix(first, safe=False))


def _known_names(draft: Draft) -> list[str]:
    """Whole names by which the customer is known: the record's, the message's."""
    names = [
        draft.customer.get("name", ""),
        f"{draft.customer.get('first_name', '')} {draft.customer.get('last_name', '')}",
        draft.message.sender_name if draft.message else "",
    ]
    return [name.strip() for name in names if person_name(name.strip())]


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
            Example("en", "Hello Anna,\n\nit left today.", message="Where is it?", sender="Maija Virtanen"),
            Example("fi", "Hei Liisa!\n\nSe lähti tänään.", message="Missä se on?", sender="Matti Meikäläinen"),
            Example("fi", "Hei Liisa,\n\nse lähti tänään.", message="Missä se on?\n\nT. Matti"),
        ),
        good=(
            Example("en", "Hello Maija,\n\nit left today.", message="Where is it?", sender="Maija Virtanen"),
            Example("en", "Dear Ms Virtanen,\n\nit left today.", message="Where is it?", sender="Maija Virtanen"),
            Example("en", "Hello there,\n\nit left today.", message="Where is it?", sender="Maija Virtanen"),
            Example("en", "Hello Anna,\n\nit left today.", message="Where is it?"),
            Example("fi", "Hei Matti!\n\nSe lähti.", message="Missä se on?\n\nTerveisin Matti Meikäläinen"),
            Example("fi", "Hei taas!\n\nSe lähti.", message="Missä?", sender="Matti Meikäläinen"),
            Example("fi", "Hei Anna-Liisa!\n\nSe lähti.", message="Missä?", sender="Anna-Liisa Aho"),
        ),
    ),
)
