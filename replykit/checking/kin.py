"""Finds where a draft speaks of another of a kind: "your daughter" where the message has a son."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from replykit.patterns import prepared

# Kinds; words joined by a slash mean the same. Finnish ones are patterns of words' beginnings, and
# what follows is short: äitinne, but not äitiyslomanne.
_KINDS = {
    "en": (
        "son/boy daughter/girl husband wife mother/mum/mom father/dad brother sister grandson"
        " granddaughter grandmother grandfather",
        "dog/puppy/terrier/labrador cat/kitten horse/pony rabbit parrot",
        "kettle toaster fridge/refrigerator dishwasher dryer oven cooker/stove microwave freezer",
        "sofa/couch armchair wardrobe mattress bookcase/bookshelf",
        "shirt/t-shirt jacket trousers skirt dress sweater/jumper",
    ),
    "fi": (
        "poika/poiki/poja/poji tytär/tyttär/tytö/tyttö vaimo miehe/aviomie äiti/äidi"
        " isä(?!n[tn]|t) velje/veli sisko/sisar(?!u)",
        "koira/pentu/pennu kissa hevose/hevonen/poni",
        "vedenkeit leivänpaah jääkaap astianpesuko pesuko kuivausru liesi/liede mikroaalto",
        "sohva nojatuoli vaatekaap patja/patjo kirjahylly",
        "paita/paida takki/takin/takis housu hame mekko/meko villapai/neule",
    ),
}
_YOURS = {
    "en": r"\byour (?:new |old |little |dear )?(?P<word>{})\b(?! tongue)",
    "fi": r"(?<!\w)(?P<word>(?:{})\w{{0,5}}(?:si|nne))(?:kin|kaan|kään)?(?!\w)",
}
_STANDS = {"en": r"(?<!\w){}s?(?!\w)", "fi": r"(?<!\w){}(?!nn|nt)\w{{0,7}}(?!\w)"}


def other_of_a_kind(said: str, known: str, text: str, lang: str) -> Iterator[tuple[int, int, str]]:
    """Places in a draft that speak of "your" one of a kind where the message has another, and the
    customer's word for it. `known` is all that may name it."""
    said, known = said.casefold(), known.casefold()
    for kind in _kinds(lang):
        names = [name for group in kind for name in group]
        for match in _yours(lang, tuple(names)).finditer(text):
            word = match["word"].casefold()
            own = next((group for group in kind if any(re.match(name, word) for name in group)), ())
            others = [name for group in kind if group != own for name in group]
            # A Finnish compound names it too: kulmasohva.
            if any(re.search(name, known) for name in own):
                continue
            found = (re.search(_STANDS[lang].format(name), said) for name in others)
            told = next((one for one in found if one), None)
            if told:
                yield *match.span("word"), told.group()


@cache
def _kinds(lang: str) -> list[list[tuple[str, ...]]]:
    kinds = _KINDS.get(lang, ())
    return [[tuple(word.split("/")) for word in kind.split()] for kind in kinds]


@cache
def _yours(lang: str, names: tuple[str, ...]) -> re.Pattern[str]:
    return prepared(_YOURS[lang].format("|".join(names)), re.IGNORECASE)
