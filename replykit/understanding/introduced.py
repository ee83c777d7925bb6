"""Finds by what name the writer of a message goes where no sign-off tells: "this is Tariq", or
a name that ends the text with a place, an order or a firm behind it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from replykit.patterns import prepared
from replykit.understanding.names import first_names, person_name

_FIRST = r"[A-ZÅÄÖÉÜØ][\w'’-]{1,20}"
_NAME = rf"{_FIRST}(?:\ [A-ZÅÄÖÉÜØ][\w'’-]{{1,25}}){{0,2}}"

# "… Where is it? Regards, Priya Nair": signed within the last line.
_SIGNED = prepared(
    rf"""(?:[.?!):;,…]|[\U0001f300-\U0001faff\u2600-\u27bf])\s+(?:[-–—/]\s*
      |(?i:(?:(?:kind|best|warm)(?:est)?\ )?(?:regards|wishes|greetings|rgds)|best|cheers|love
        |(?:many\ )?thanks|thank\ you|br|(?:yours\ )?(?:faithfully|sincerely|truly)|yours
        |(?:yst(?:\.|ävällisin)?\ ?)?terv(?:eisin|\.)|terkuin|kunnioit(?:taen|tavasti)|t\.?|yt\.?
        |kiitos|mvh|(?:card|account)\ holder)[,:!.]?\s+)
      (?:(?:Mrs|Mr|Ms|Dr|Miss|Prof)\.?\s+)?(?P<name>{_NAME})\.?\s*\Z""",
    re.VERBOSE,
)
_LAST = prepared(
    rf"[.?!)]\s+(?:(?:Mrs|Mr|Ms|Dr|Miss|Prof)\.?\s+)?(?P<name>{_NAME}(?:\ [A-ZÅÄÖ])?)\.?\s*\Z",
    re.VERBOSE,
)
# "… coming back? Viktor Sand, Elm Court 12", "… Terhi, taloyhtiön isännöinti"
_WITH_MORE = prepared(
    rf"[.?!)]\s+(?:[-–—/]\s*)?(?P<name>{_NAME}),\s[^.?!,]{{2,40}}\.?\s*\Z", re.VERBOSE
)
# "… What should I do? Block C, Kev"
_BEHIND = prepared(rf"[.?!)]\s+[A-ZÅÄÖ][^.?!,]{{1,30}},\s(?P<name>{_NAME})\s*\Z", re.VERBOSE)
_SLASHED = prepared(rf"\s(?:/|[-–—]{{1,2}})\s?(?P<name>{_NAME})\s*\Z", re.VERBOSE)
_TOLD = prepared(
    rf"""(?:(?<!\w)(?:[Mm]y\ name\ is|[Tt]his\ is|[Nn]imeni\ on|[Oo]len|[Tt]äällä\ on
        |[Tt]ässä\ on|I\ am|I['’]m|[Jj]ag\ heter)\ (?P<name>{_NAME})(?=[.,!?]|\s(?:from|and|again|ja
        |täältä|here|writing)\b)
      |(?:^|(?<=[,!.]\s)|(?<=^[Mm]oi\s)|(?<=^[Hh]ei\s)|(?<=^[Tt]erve\s))(?P<here>{_NAME})\s
        (?:tässä|täällä|here)\b(?!\s(?:is|are|on|we)\b))""",
    re.VERBOSE | re.MULTILINE,
)
_OWN_KEYS = prepared(
    r"(?:^|_)(?:name|customer|customer_name|holder|account_holder|tenant|guest|patient|member_name"
    r"|passenger|recipient|nimi|asiakas|asiakkaan_nimi|haltija|vuokralainen|potilas|matkustaja"
    r"|vastaanottaja|tilaaja)$",
    re.IGNORECASE,
)
_NOT_OWN = prepared(
    r"agent|company|product|user|file|host|brand|shop|store|firm|team|course|street|technician"
    r"|driver|doctor|contact|yritys|tuote|kurssi|asentaja|lääkäri|kuljettaja|yhteys",
    re.IGNORECASE,
)
_FIRST_PART, _LAST_PART = 300, 200  # characters


def introduced(text: str) -> Iterator[str]:
    """Names by which a message's writer says to go, in its first lines or at its end."""
    end = text[-_LAST_PART:]
    for pattern in (_SIGNED, _SLASHED, _LAST):
        if match := pattern.search(end):
            # "Hävetkää." is a sentence, "Dean" a name.
            if (
                pattern is not _LAST
                or not match.group().rstrip().endswith(".")
                or _is_first(match["name"])
            ):
                yield person_name(match["name"])
            break
    else:
        # "Thanks, order 12" and "Tampere, Hakaniemi" are no names.
        match = _WITH_MORE.search(end)
        if not match or not _is_first(match["name"]):
            match = _BEHIND.search(end)
        if match and not _is_place(match["name"]):
            yield person_name(match["name"])
    for match in _TOLD.finditer(text[:_FIRST_PART]):
        name = match["name"] or match["here"]
        sure = match["name"] and not match.group().startswith(("I", "O", "o"))
        if sure or _is_first(name):
            yield person_name(name)


def own_names(details: Mapping[str, str]) -> Iterator[str]:
    """The customer's names that stand in the details, by what they are called there."""
    for key, value in details.items():
        if _OWN_KEYS.search(key) and not _NOT_OWN.search(key):
            name = person_name(value)
            if name and _is_first(name):
                yield name


def _is_first(name: str) -> bool:
    first, _, rest = name.partition(" ")
    return first.casefold() in first_names() or (bool(rest) and _looks_like_two(rest))


def _looks_like_two(rest: str) -> bool:
    return not any(map(str.isdigit, rest)) and all(len(part) > 1 for part in rest.split())


def _is_place(name: str) -> bool:
    return len(name) < 2 or name.casefold().endswith(("katu", "tie", "kuja", "street", "road"))


def plain_parts(name: str) -> set[str]:
    """A name's parts in small letters without accents, for José may sign as Jose."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return set(re.split(r"[\s-]+", plain)) - {""}
