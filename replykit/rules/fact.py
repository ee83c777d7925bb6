"""FACT: what the draft says against what is known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft, Fix
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule
from replykit.understanding.introduced import introduced, own_names, plain_parts
from replykit.understanding.names import (
    first_names,
    is_other_sex,
    person_name,
    sign_off_name,
    titles,
)

_GREETING = prepared(
    r"^[ \t]*(?:hello|hi|hey|dear|good\ (?:morning|day|afternoon|evening)|hei|heippa|moi|terve"
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


# Spoken to within the text: ", Ms French," or "Emma, if you …" or "Thanks again, Emma!"
_SPOKEN_TO = prepared(
    r"""(?:(?<=[^\W\d_]),\ (?:(?:[Mm]rs|[Mm][rs]|[Mm]iss|[Rr]ouva|[Hh]erra)\.?\ )
        (?P<titled>[A-ZÅÄÖ][\w'’-]{1,30})(?=,|[.!?](?:\s|\Z))
      |(?:^|(?<=[.!?]\ ))(?P<first>[A-ZÅÄÖ][\w'’-]{1,20}),\ (?=(?:if|please|you|your|could|can|jos
        |voit|voitko|saat|olet|vastaa|kerro)\b)
      |\b(?:[Tt]hanks|[Tt]hank\ you|[Ss]orry|[Kk]iitos|[Aa]nteeksi|[Tt]ervetuloa)
        (?:\ [a-zåäö]+){0,4},\ (?P<thanked>[A-ZÅÄÖ][\w'’-]{1,20})(?=[.!,])
      |(?<=[a-zåäö]),\ (?P<within>[A-ZÅÄÖ][\w'’-]{1,20}),\ (?=(?:so\ that|if|because|you|I|we|jotta
        |niin|kun|voit|voitte|saat|saatte|kirjoitan|soitan)\b)
      |(?<=[a-zåäö]),\ (?P<last>[A-ZÅÄÖ][\w'’-]{1,20})(?=[.!?](?:\s|\Z)))""",
    re.VERBOSE | re.MULTILINE,
)


# Before and behind the name of somebody who is spoken of: what they are, and what they do.
_ROLE = prepared(
    r"""\b(?:our|my|your|the|an?|his|her|their)\ (?:[\w-]+\ ){0,3}(?:surveyor|fitter|plumber
      |electrician|carpenter|driver|courier|manager|director|supervisor|lawyer|solicitor|advis[eo]r
      |inspector|teacher|instructor|trainer|coach|officer|handler|\w*worker|engineer|technician
      |mechanic|specialist|expert|\w*therapist|dentist|hygienist|receptionist|librarian|assistant
      |consultant|accountant|nurse|doctor|neighbou?r|chief|head|colleague|contact|person|guide|host
      |cook|chef|principal|midwife|clerk|agent|president|friend|owner|landlord|landlady|caretaker
      |janitor|cleaner|gardener|painter|baker|tailor|hairdresser|photographer|secretary|chair\w*
      |representative|partner|founder|husband|wife|mother|father)$
    |\w{3,}(?:ja|jä|ri|kko|kkö)(?:mme|nne)?$""",
    re.IGNORECASE | re.VERBOSE,
)
_DOES = prepared(
    r""",\ (?!(?:this|always|perhaps|besides|unless|thanks|indeed|needed)\ )(?:who|will|would|is|was
      |has|had|can|could|[a-z]{3,}(?<!s)(?:s|ed)|soittaa|tulee|on|ottaa|hoitaa|auttaa|käy|vastaa
      |joka)\ (?!you\ (?:please|kindly))""",
    re.VERBOSE,
)
_CAPITALS = prepared(r"(?<!\w)[A-ZÅÄÖÉÜØ][\w'’-]{2,25}(?: [A-ZÅÄÖÉÜØ][\w'’-]{2,25}){0,3}")
_WITHIN = (*"abcdefghijklmnopqrstuvwxyzåäö,;:(", "”", '"')
_INITIAL = prepared(r"(?<!\w)[A-ZÅÄÖ]\.\s?$")
_LEAST_LETTERS = 5
_NEAR = 0.72  # of the letters, in their order
_SHORT_LINE = 5


def _wrong_name(draft: Draft) -> Iterator[Hit]:
    """The name after the greeting, or by which the text speaks to somebody, is not the
    customer's."""
    names = known_names(draft)
    if not names:
        return
    known = set().union(*map(plain_parts, names))
    match = _GREETING.search(draft.text[:_BEGINNING])
    if match and match["name"][0].isupper() and _is_other(match["name"], names, known):
        message = f"the customer is {names[0]}, not {match['name']}"
        # "Dear Ms Maija" would be no better: with a title the family name belongs there.
        fix = None if match["title"] else Fix(names[0].split()[0], safe=False)
        yield Hit(match.start("name"), match.end("name"), message, fix)
    elif match and match["title"] and is_other_sex(match["title"], names[0].split()[0]):
        message = f"the customer is {names[0]}; “{match['title']}” is another's title"
        yield Hit(match.start("title"), match.end("name"), message)
    begin = match.end() if match else 0
    own = plain_parts(" ".join((draft.agent, *draft.details.values())))
    taken: list[int] = []
    for spoken in _SPOKEN_TO.finditer(draft.text, begin):
        place = spoken.lastgroup or ""
        if place == "titled" and is_of_another(draft.text, *spoken.span()):
            continue
        written = plain_parts(spoken[place])
        strange = written - known - own
        # Mrs Crane-Walters is not Mrs Crane.
        other = strange == written or (place == "titled" and "-" in spoken[place])
        if strange and other and (place == "titled" or written <= first_names()):
            message = f"the customer is {names[0]}, not {spoken[place]}"
            yield Hit(*spoken.span(place), message)
            taken.append(spoken.start(place))
    yield from (
        hit
        for hit in _near_names(draft, names, begin)
        if not any(hit.start <= at < hit.end for at in taken)
    )


def is_of_another(text: str, start: int, end: int) -> bool:
    """Whether a titled name says who somebody is: "our surveyor, Mr Aalto, will visit you"."""
    before = text[max(0, start - 60) : start].rstrip(", ")
    return bool(_ROLE.search(before) or _DOES.match(text, end))


def _near_names(draft: Draft, names: list[str], begin: int) -> Iterator[Hit]:
    """Names that are the customer's but for a part or some letters: Johanna Sandström, who is
    Johanna Sundström."""
    known = {part for name in names for part in name.split() if len(part) > 1}
    others = plain_parts(re.sub(r"[^\w-]+", " ", _around(draft)))
    firsts = {name.split()[0] for name in names}
    lasts = {name.split()[-1] for name in names if " " in name}
    end = _signature(draft.text)
    for match in _CAPITALS.finditer(draft.text, begin, end):
        words = match.group().split()
        strange = [
            word
            for word in words
            if plain_parts(word).isdisjoint(others)
            and not any(_is_form(word, part, draft.lang) for part in known)
        ]
        if not strange:
            continue
        before = _INITIAL.sub("", draft.text[max(0, match.start() - 40) : match.start()])
        starts = not before.rstrip(" \t").endswith(_WITHIN)
        pair = (
            len(words) == 2
            and bool(lasts)
            and (
                (words[0] in firsts and strange == words[1:])
                or (strange == words[:1] and _is_first_of(words, firsts, lasts, draft.lang))
                # Another of the family: Elena Russo, whose husband is Stefan Rusu.
                or (strange == words[1:] and any(_is_near(words[1], last, 4) for last in lasts))
            )
        )
        # "Pyke, Jonathan": as on a shelf.
        turned = re.match(r", (\w+)", draft.text[match.end() :][:30])
        least = 4 if turned and turned[1] in firsts else _LEAST_LETTERS
        near = (
            not pair
            and len(words) == 1
            and not starts
            and any(_is_near(words[0], part, least) for part in known)
        )
        if pair or near:
            yield Hit(*match.span(), f"the customer is {names[0]}, not {match.group()}")


def _around(draft: Draft) -> str:
    """All that may name others: the message, the details, the library's reply, the agent."""
    message = draft.message
    said = (message.known, message.quoted) if message else ()
    record = [value for name, value in draft.customer.items() if "name" not in name]
    return " ".join((*said, *draft.details.values(), *record, draft.reply, draft.agent))


def _is_form(word: str, name: str, lang: str) -> bool:
    """Whether a word is a name, also in another case."""
    word, plain = re.sub(r"['’]s?$", "", word).casefold(), name.casefold()
    if word == plain or plain_parts(word) == plain_parts(plain):
        return True
    if lang != "fi":
        return word in (f"{plain}s", f"{plain}es")
    if word.startswith(plain):
        return True
    from replykit.filling.inflect import CASES, inflect

    forms = {inflect(name, case).casefold() for case in CASES}
    # Where no form is known, the beginning has to do.
    beginning = plain[: max(3, len(plain) - 3)]
    return word in forms or (len(forms) == 1 and word.startswith(beginning))


def _is_first_of(words: list[str], firsts: set[str], lasts: set[str], lang: str) -> bool:
    """Whether two words are another first name, or one nearly theirs, with the customer's last."""
    if not any(_is_form(words[1], last, lang) for last in lasts):
        return False
    known = words[0].casefold() in first_names()
    return known or any(_is_near(words[0], first, _LEAST_LETTERS) for first in firsts)


def _is_near(word: str, name: str, least: int) -> bool:
    from difflib import SequenceMatcher

    return (
        min(len(word), len(name)) >= least
        and word[0] == name[0]
        and SequenceMatcher(None, word.casefold(), name.casefold()).ratio() >= _NEAR
    )


def _signature(text: str) -> int:
    """Where a mail's last short lines begin, in which the agent and the firm are named."""
    end = len(text.rstrip())
    while (start := text.rfind("\n", 0, end)) > 0:
        line = text[start + 1 : end]
        if len(line.split()) > _SHORT_LINE or line.rstrip().endswith((".", "?")):
            break
        end = start
    return end


def _is_other(written: str, names: list[str], known: set[str]) -> bool:
    """Whether a greeting's name is none of the customer's, or goes on as theirs does not."""
    parts = plain_parts(written)
    if not parts.isdisjoint(_NO_NAMES) or all(len(part) == 1 for part in parts):
        return False  # "Dear T. Abernathy" begins with an initial
    if known.isdisjoint(parts):
        return True
    # "Martin Hall" to Martin Hale: who signs with the first name alone may have any other.
    strange = {part for part in parts - known if len(part) > 2}
    whole = any(len(plain_parts(name)) > 1 for name in names)
    return whole and 1 < len(parts) <= 3 and bool(strange) and strange.isdisjoint(titles())


def known_names(draft: Draft) -> list[str]:
    """Whole names by which the customer is known: the record's, the message's."""
    names = [
        draft.customer.get("name", ""),
        f"{draft.customer.get('first_name', '')} {draft.customer.get('last_name', '')}",
        draft.message.sender_name if draft.message else "",
        sign_off_name(draft.message.signature) if draft.message else "",
        *(introduced(draft.message.text) if draft.message else ()),
        *own_names(draft.details),
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
            "Another customer's name is the mistake that people remember. The greeting, and names "
            "in the text that are nearly the customer's, are compared with the sender's name, the "
            "sign-off of the message, the details and the customer's record; any part of the name "
            "will do. Silent where no name is known."
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
            Example("en", "Good day Mrs Boyle,\n\nit left.", message=f"{_EN} Yours, Ann Doyle"),
            Example("en", "Hello,\n\nThank you for your order, Ms Smith.", sender=_MAIJA),
            Example("en", "Hi Omar! It left today.", message=f"Hi, this is Tariq. {_EN}"),
            Example("en", "Hi Ken! It left.", message=f"{_EN} Block C, Kev"),
            Example(
                "en", "Hello,\n\nit left, and is yours on Friday, Anders.", sender="Andreas Kuhn"
            ),
            Example("en", "Hello! It is under Pyke, Jonathan.", sender="Jonathan Pike"),
            Example("en", "Hi! It is in the name of A. Monroe.", sender="Alastair Munro"),
            Example("fi", "Moi Oskari! Se lähti.", message=f"Moi, Oskar tässä. {_FI}"),
            Example("fi", "Hyvä Kirsi Aho,\n\nse lähti.", message=f"{_FI} Kirsti Vuori, tilaus 72"),
            Example("fi", "Hei!\n\nSe on nyt Pirkko Ahon nimissä.", details={"name": "Pirjo Aho"}),
            Example(
                "fi", "Hei!\n\nSe on nyt Johanna Sandströmin nimissä.", sender="Johanna Sundström"
            ),
        ),
        good=(
            Example("en", "Hello Maija,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Dear Ms Virtanen,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Hi Maija,\n\nThanks, Maija. Our carpenter, Anna, calls.", sender=_MAIJA),
            Example(
                "en",
                "Hi Maija,\n\nOur fitter, Mr Aalto, will call. Ask our manager, Ms Berg.",
                sender=_MAIJA,
            ),
            Example("fi", "Hei Maija,\n\nhuoltajamme, herra Aalto, soittaa.", sender=_MAIJA),
            Example("en", "Dear Maija Virtanen,\n\nit left.", message=_EN, sender="Maija"),
            Example("en", "Hello there,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Dear Library Member,\n\nit left today.", message=_EN, sender=_MAIJA),
            Example("en", "Hello Jose,\n\nit left today.", message=_EN, sender="José Díaz"),
            Example("en", "Hello Anna,\n\nit left today.", message=_EN),
            Example("en", "Hi Anna,\n\nit left.", message=f"{_EN}\n\nRegards, Anna", sender=_MAIJA),
            Example("en", "Dear T. Abernathy,\n\nit left.", sender="T. Abernathy"),
            Example("fi", "Hei Matti!\n\nSe lähti.", message=f"{_FI}\n\nTerveisin {_MATTI}"),
            Example("fi", "Hei taas!\n\nSe lähti.", message=_FI, sender=_MATTI),
            Example("fi", "Hei Anna-Liisa!\n\nSe lähti.", message=_FI, sender="Anna-Liisa Aho"),
            Example("en", "Hi Kev! It left.", message=f"{_EN} Block C, Kev"),
            Example("en", "Hi Maja! It left today.", message=f"{_EN} /Maja"),
            Example(
                "en",
                "Hi Jo! The card of Anna Virtanen left.",
                message="Send Anna hers! Jo Virtanen",
            ),
            Example("fi", "Hei Johanna,\n\nse on Sundströmin nimissä.", sender="Johanna Sundström"),
            Example("fi", "Moi Oskar! Eero auttaa. Se lähti.", message=f"Moi, Oskar tässä. {_FI}"),
        ),
    ),
)
