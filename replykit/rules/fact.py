"""FACT: what the draft says against what is known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from replykit.linter import Draft, Fix
from replykit.names import first_names, is_other_sex, person_name, sign_off_name, titles
from replykit.rules import Example, Hit, Rule

_GREETING = re.compile(
    r"^[ \t]*(?:hello|hi|hey|dear|good\ (?:morning|afternoon|evening)|hei|heippa|moi|terve"
    r"|hyvä|arvoisa|hyvää\ (?:huomenta|päivää|iltaa)|huomenta|päivää|hej|bästa)[ \t]+"
    r"(?:(?P<title>mrs|mr|ms|miss|dr|prof|professor|sir|herra|rouva|neiti)\b\.?[ \t]*)?"
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
      |(?i:(?:(?:kind|best|warm)(?:est)?\ )?(?:regards|wishes|greetings|rgds)|best|cheers
        |(?:many\ )?thanks|thank\ you|br|(?:yours\ )?(?:faithfully|sincerely|truly)|yours
        |(?:yst(?:\.|ävällisin)?\ ?)?terv(?:eisin|\.)|kunnioit(?:taen|tavasti)|t\.?|yt\.?|kiitos
        |mvh)[,:!]?\s+)?(?:(?:Mrs|Mr|Ms|Dr|Miss)\.?\s+)?
      (?P<name>[A-ZÅÄÖÉÜ][\w'’-]{1,20}(?:\ [A-ZÅÄÖÉÜ][\w'’-]{1,25}){0,2})\.?\s*\Z""",
    re.VERBOSE,
)


# Spoken to within the text: ", Ms French," or "Emma, if you …" or "Thanks again, Emma!"
_SPOKEN_TO = re.compile(
    r"""(?:(?<=[^\W\d_]),\ (?:(?:[Mm]rs|[Mm][rs]|[Mm]iss|[Rr]ouva|[Hh]erra)\.?\ )
        (?P<titled>[A-ZÅÄÖ][\w'’-]{1,30})(?=,|[.!?](?:\s|\Z))
      |(?:^|(?<=[.!?]\ ))(?P<first>[A-ZÅÄÖ][\w'’-]{1,20}),\ (?=(?:if|please|you|your|could|can|jos
        |voit|voitko|saat|olet|vastaa|kerro)\b)
      |\b(?:[Tt]hanks|[Tt]hank\ you|[Ss]orry|[Kk]iitos|[Aa]nteeksi|[Tt]ervetuloa)
        (?:\ [a-zåäö]+){0,4},\ (?P<thanked>[A-ZÅÄÖ][\w'’-]{1,20})(?=[.!,]))""",
    re.VERBOSE | re.MULTILINE,
)


def _name_at_the_end(text: str) -> str:
    """The name that ends a message's last line, or nothing."""
    match = _SIGNED.search(text[-200:])
    return person_name(match["name"]) if match else ""


def _wrong_name(draft: Draft) -> Iterator[Hit]:
    """The name after the greeting, or by which the text speaks to somebody, is not the
    customer's."""
    names = known_names(draft)
    if not names:
        return
    known = set().union(*map(_parts, names))
    match = _GREETING.search(draft.text[:_BEGINNING])
    if match and match["name"][0].isupper() and _is_other(match["name"], names, known):
        message = f"the customer is {names[0]}, not {match['name']}"
        fix = Fix(names[0].split()[0], safe=False)
        yield Hit(match.start("name"), match.end("name"), message, fix)
    elif match and match["title"] and is_other_sex(match["title"], names[0].split()[0]):
        message = f"the customer is {names[0]}; “{match['title']}” is another's title"
        yield Hit(match.start("title"), match.end("name"), message)
    begin = match.end() if match else 0
    own = _parts(" ".join((draft.agent, *draft.details.values())))
    for spoken in _SPOKEN_TO.finditer(draft.text, begin):
        place = spoken.lastgroup or ""
        written = _parts(spoken[place])
        if not written & (known | own) and (place == "titled" or written <= first_names()):
            message = f"the customer is {names[0]}, not {spoken[place]}"
            yield Hit(*spoken.span(place), message)


def _is_other(written: str, names: list[str], known: set[str]) -> bool:
    """Whether a greeting's name is none of the customer's, or goes on as theirs does not."""
    parts = _parts(written)
    if not parts.isdisjoint(_NO_NAMES):
        return False
    if known.isdisjoint(parts):
        return True
    # "Martin Hall" to Martin Hale: who signs with the first name alone may have any other.
    strange = {part for part in parts - known if len(part) > 2}
    whole = any(len(_parts(name)) > 1 for name in names)
    return whole and 1 < len(parts) <= 3 and bool(strange) and strange.isdisjoint(titles())


def _parts(name: str) -> set[str]:
    """A name's parts in small letters without accents, for José may sign as Jose."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return set(re.split(r"[\s-]+", plain)) - {""}


def known_names(draft: Draft) -> list[str]:
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
            Example("fi", "Hyvä herra Virtanen,\n\nse lähti tänään.", message=_FI, sender=_MAIJA),
            Example("fi", "Hei Maija Virta,\n\nse lähti tänään.", message=_FI, sender=_MAIJA),
            Example("en", "Dear Mrs Smith,\n\nit left.", message=f"{_EN} Order 12. Priya Nair"),
            Example("en", "Hi Maija,\n\nit left. Anna, if you wait, it comes.", sender=_MAIJA),
            Example(
                "en", "Dear Ms Virtanen,\n\nit left. So, Ms Smith, please wait.", sender=_MAIJA
            ),
        ),
        good=(
            Example("en", "Hello Maija,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Dear Ms Virtanen,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Hi Maija,\n\nThanks, Maija. Our carpenter, Anna, calls.", sender=_MAIJA),
            Example("en", "Dear Maija Virtanen,\n\nit left.", message=_EN, sender="Maija"),
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
