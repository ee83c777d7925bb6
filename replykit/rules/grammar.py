"""GRAM: spelling and grammar, of Finnish by Voikko, of other languages by LanguageTool."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from replykit.grammar.reports import WORD, faults, misspellings
from replykit.grammar.slips import misspelt, slips
from replykit.linter import Draft, Fix
from replykit.ranking.features import voikko
from replykit.rules import Example, Hit, Rule

_LEAST_LETTERS = 4  # shorter ones are mostly abbreviations: alv, sis, hlö
_LEAST_ALIKE = 0.85
_LONGEST_WORD = 60
_MOST_CHARACTERS = 20_000
# Voikko's codes that are left alone. On 157 good replies and 33 service mails these alone fired,
# and wrongly: capitals (6, 7), a full stop missing from headings and lists (9), sentences without
# a verb (17), commas (18). Repeated words (8) and blanks (2) are STYLE's.
_UNSURE_ERRORS = frozenset((2, 6, 7, 8, 9, 17, 18))


def _misspelt(draft: Draft) -> Iterator[Hit]:
    known = _known(draft)
    said = list(_unknown_words(draft, known) if draft.lang == "fi" else misspellings(draft, known))
    yield from _first(said, misspelt(draft, known))


def _first(said: list[Hit], other: Iterator[Hit]) -> Iterator[Hit]:
    """What an engine says, and of our own what stands elsewhere."""
    yield from said
    for hit in other:
        if not any(hit.start < one.end and one.start < hit.end for one in said):
            said.append(hit)
            yield hit


def _unknown_words(draft: Draft, known: frozenset[str]) -> Iterator[Hit]:
    """Words that Voikko does not know and that are near to one that it does."""
    if voikko() is None:
        return
    for match in WORD.finditer(draft.text[:_MOST_CHARACTERS]):
        word = match.group()
        plain = len(word) >= _LEAST_LETTERS and word.islower() and len(word) <= _LONGEST_WORD
        if plain and word not in known and (right := _right_form(word)):
            message = f"“{word}” is no Finnish word; did you mean “{right}”?"
            yield Hit(match.start(), match.end(), message, Fix(right, safe=False))


def _known(draft: Draft) -> frozenset[str]:
    """Words that stand in what is known around the draft."""
    message = draft.message
    parts = [
        message.known if message else "", message.quoted if message else "", draft.reply,
        draft.agent, *draft.details.values(), *draft.customer.values(),
    ]  # fmt: skip
    return frozenset(WORD.findall(" ".join(parts).casefold())) | draft.spelt


# Right, and unknown to Voikko, which takes them for a word that is like them.
_NEW_WORDS = ("kaivuu", "kuvantami", "kuvantava", "papako", "pilates")


@lru_cache(maxsize=2000)
def _right_form(word: str) -> str:
    """What a word that Voikko does not know was meant to be; nothing where it may be right.

    A compound of known parts may be new, and a word that is like no other may be of another
    language.
    """
    engine = voikko()
    if engine is None or engine.spell(word) or word.startswith(_NEW_WORDS):
        return ""
    found = [str(item) for item in engine.suggest(word)]
    if any(re.sub(r"[\s-]", "", item) == word for item in found):
        return ""
    alike = [
        (SequenceMatcher(None, word, item).ratio(), item)
        for item in found
        if item[:1] == word[:1] and " " not in item
    ]
    best = max(alike, default=(0.0, ""), key=lambda pair: pair[0])
    return best[1] if best[0] >= _LEAST_ALIKE else ""


def _ungrammatical(draft: Draft) -> Iterator[Hit]:
    said: list[Hit] = []
    if draft.lang != "fi":
        said += faults(draft)
    elif voikko() is not None:
        said += _errors(draft.text[:_MOST_CHARACTERS])
    yield from _first(said, slips(draft))


@lru_cache(maxsize=8)
def _errors(text: str) -> tuple[Hit, ...]:
    found = []
    for error in voikko().grammarErrors(text, "en"):
        if error.errorCode in _UNSURE_ERRORS:
            continue
        start, end = error.startPos, error.startPos + error.errorLen
        fix = Fix(error.suggestions[0], safe=False) if error.suggestions else None
        found.append(Hit(start, end, f"“{{text}}”: {error.shortDescription}", fix))
    return tuple(found)


RULES = (
    Rule(
        code="GRAM001",
        name="misspelling",
        severity="warning",
        message="“{text}” is misspelt",
        explanation=(
            "A misspelt word makes the customer doubt the rest. Voikko checks Finnish, "
            "LanguageTool other languages, where they are installed; what is misspelt most often "
            "is found without them. Names, all else that begins with a capital, words of the "
            "message, of the details and of the library's _words.txt, "
            "British and American spelling, new compounds and foreign words are left alone."
        ),
        source="Voikko, voikko.puimula.org; LanguageTool, languagetool.org.",
        check=_misspelt,
        langs=("en", "fi", "sv"),
        bad=(
            Example("en", "We have recieved your order and will ship it tommorow."),
            Example("en", "Please let us know if you need anythingelse."),
            Example("sv", "Vi har motagit din beställning."),
            Example("fi", "Lähetimme tilaukssen eilen."),
            Example("fi", "Hei! Me pahoitelemme viivästystä."),
        ),
        good=(
            Example("fi", "Lähetimme tilauksen eilen, ja takaisinsoittopyyntö on kirjattu."),
            Example("fi", "Hei Jarkko! Kirjaudu osoitteessa omat.sivut.fi/tilaukssen."),
            Example(
                "fi", "Kuvantaminen on huomenna, papakoe ja pilates vasta kaivuutöiden jälkeen."
            ),
            Example("fi", "Malli on zorbix.", message="Ostin mallin zorbix."),
            Example("en", "We sent the tilaukssen yesterday."),
            Example(
                "en", "We apologise that the color looks different in the centre of Hakaniemi."
            ),
            Example(
                "en", "Hi Maija Virtanen,\n\nyour Kesäkonsertti is at varaamo.hel.fi/recieved."
            ),
            Example("en", "Fill the tank and add the descaler, or have it rebooked."),
            Example("en", "The acount zorbex is open.", message="I cannot open my acount zorbex"),
            Example("sv", "Hej Maija Virtanen! Bokningen i Hakaniemi är bekräftad."),
        ),
    ),
    Rule(
        code="GRAM002",
        name="grammar",
        severity="warning",
        message="“{text}”: see the grammar",
        explanation=(
            "What Voikko knows for sure of Finnish (words written apart or together, forms of "
            "verbs that do not go together, stray marks) and LanguageTool of other languages (its "
            "and it's, a and an, verbs that do not agree). Classic slips (your and you're, did not "
            "received, olemme lähettänyt) are found without them. What they guess of commas, "
            "capitals and style is left out, for on good replies it was wrong."
        ),
        source="Voikko, voikko.puimula.org; LanguageTool, languagetool.org.",
        check=_ungrammatical,
        langs=("en", "fi", "sv"),
        bad=(
            Example("fi", "Voit soittaa meille ,jos haluat."),
            Example("fi", "Olemme lähettänyt sinulle uuden koodin."),
            Example("fi", "Pystymme vaihtaa päivän, mutta emme voida perua tilausta."),
            Example("en", "Its possible to change the date once more."),
            Example("en", "You will get a email, and you should of received one by now."),
            Example("en", "We was not able to reach you by phone."),
            Example("sv", "Vi har ett ny modell i lager."),
        ),
        good=(
            Example("fi", "Voit soittaa meille, jos haluat."),
            Example("fi", "Te olette saanut koodin, ja pystymme vaihtamaan päivän."),
            Example("en", "Would you like help finding the place? It will last for ever."),
            Example("en", "Call 09 310 12345\nOrganiser's contact information\nPrice: 12,30 €"),
            Example("en", "Your application is with a case worker. Otherwise it ends in May."),
            Example("sv", "Vi har en ny modell i lager.\nDag: Måndag\nTid: 13:00-15:00"),
        ),
    ),
)
