"""Finds where a draft asks for a step that the customer writes they have taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from replykit.patterns import prepared
from replykit.understanding.asked import is_kin

_ANY_CASE = re.IGNORECASE | re.VERBOSE
# Verbs of the past that do not begin as their infinitive does.
_IRREGULAR = {
    "sent": "send", "took": "take", "taken": "take", "told": "tell", "gave": "give",
    "given": "give", "wrote": "write", "written": "write", "paid": "pay", "filled": "fill",
    "tried": "try", "unplugged": "unplug", "put": "put", "reset": "reset", "made": "make",
}  # fmt: skip
# Steps on the way to others, which a customer has to take each time.
_ON_THE_WAY = frozenset(
    """open click choose select check visit read press enter bring take give tell write call make
    order want need look find avaa avasin valits valitsin paina painoin klikkaa klikkasin katso
    katsoin tarkista tarkistin lue luin ota otin laita laitoin anna annoin kerro kerroin kirjoita
    kirjoitin tuo toin kirjaudu kirjauduin""".split()  # noqa: SIM905
)
_DONE = {
    "en": prepared(
        r"""\b(?:(?:i|we)(?:['’]ve|\ have|\ had)?|and|then|have|also|already)
            (?:\ (?:already|also|even|just|both|of\ course|tried))*
            \ (?P<verb>[a-z]{3,12}ed|sent|took|taken|gave|given|wrote|written|reset|put|paid
              |(?<=tried\ )[a-z]{3,12}ing)(?=\ (?P<what>[^.!?;:\n,]{3,50}))""",
        _ANY_CASE,
    ),
    "fi": prepared(
        r"""(?<!\w)(?:ole(?:n|mme)\ (?:(?:jo|myös|kyllä|itse)\ )*)?
            (?P<verb>[a-zåäö]{3,20}(?:(?<!k)in|imme|nut|nyt|neet))
            (?=\ (?P<what>[^.!?;:\n,]{3,50}))""",
        _ANY_CASE,
    ),
}
_ASKED = {
    "en": prepared(
        r"""(?:^|(?<=[.!?:\n]\ )|(?<=\n)|\b(?:please|kindly|and|then|first|(?:could|can|would)\ you
            |try\ to|you\ (?:should|must|need\ to|have\ to|can)|ask\ you\ to)\ )
            (?:\W{0,2}(?:please|first|then|just|kindly|try)\ )*
            (?P<verb>[a-z]{3,12})\ (?P<what>[^.!?;:\n,]{2,40})""",
        _ANY_CASE,
    ),
    "fi": prepared(
        r"""(?:^|(?<=[.!?:\n]\ )|(?<=\n)|(?<!\w)(?:ja|sitten|ensin|että|hyvä)\ )\W{0,2}
            (?P<verb>[a-zåäö]{4,20}(?:(?<!tt)(?<!mm)[aeiouyäö]|isitko|isitteko))(?:t?h[aä]n)?
            \ (?P<what>[^.!?;:\n,]{2,40})""",
        _ANY_CASE,
    ),
}
_AGAIN = prepared(
    r"\b(?:again|once\ more|another|other|new|different|also|longer|instead|this\ time|next|second"
    r"|rest|remaining|if|when|after|unless|toinen|tois\w+|uusi|uuden|uutta|vielä|kerran|muu\w*|eri|jos"
    r"|kun|lisää|seuraav\w+|loput)\b",
    _ANY_CASE,
)
_RETRY = prepared(r"\b(?:and|ja)\ (?:then\ )?(?:try|yritä\w*)\b[^,;:]{0,30}", _ANY_CASE)
# Where what is done to something ends: "restart the router | by …".
_BOUND = prepared(
    r"\b(?:to|from|with|by|for|on|in|at|and|or|but|so|because|that|which|until|before|twice|yesterday"
    r"|today|already|several|of|ja|tai|mutta|sekä|koska|jotta|että|johon|josta|kahdesti)\b",
    _ANY_CASE,
)
_IT = prepared(r"(?:it|them|se|sen|ne)\b", _ANY_CASE)
_WORD = prepared(r"[^\W\d_]{4,}")
_MOST = 5  # words that a verb is done to
_EMPTY = frozenset(
    """this that these those your mine them message mail email e-mail information details
    question please have been with some thing things time back everything anything again
    viesti viestin viestiä tiedot tietoja kysymys asia asian asiaa minulle teille meille sinulle
    tämä tämän sen sitä kaikki jo uudelleen yhteyttä oman omat""".split()  # noqa: SIM905
)


def asked_again(
    said: str, sentences: list[tuple[str, int]], lang: str
) -> Iterator[tuple[int, int, str]]:
    """Places of a draft's sentences (text, start) that ask for what has been done, with the
    customer's words for it."""
    if lang not in _DONE:
        return
    done = [
        (verb, what, " ".join(match.group().split()))
        for match in _DONE[lang].finditer(said)
        if (what := _things(match["what"]))
        and (verb := _plain(match["verb"].casefold())) not in _ON_THE_WAY
        and verb.removesuffix("ed") not in _ON_THE_WAY
    ]
    for text, start in sentences if done else ():
        if ("?" in text and lang == "fi") or _AGAIN.search(_RETRY.sub("", text)):
            continue
        for match in _ASKED[lang].finditer(text):
            verb = match["verb"].casefold()
            # "The invoice is unpaid, so please pay it."
            asked = _things(text if _IT.match(match["what"]) else match["what"])
            for done_verb, things, words in done:
                if _is_same_verb(verb, done_verb, lang) and any(
                    is_kin(one, other) for one in asked for other in things
                ):
                    yield start + match.start("verb"), start + match.end("verb"), words
                    break


def _things(text: str) -> set[str]:
    """What a verb is done to: the words right behind it."""
    bound = _BOUND.search(text)
    words = _WORD.findall(text[: bound.start()] if bound else text)
    return {word.casefold() for word in words[:_MOST]} - _EMPTY


def _is_same_verb(asked: str, done: str, lang: str) -> bool:
    """Whether two forms are of one verb: restart and restarted, maksa and maksoin."""
    if lang == "en":
        return asked == done if len(asked) < 5 else is_kin(asked, done)
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(asked, done, strict=False))
    )
    return same >= max(4, len(asked) - 3)


def _plain(verb: str) -> str:
    return _IRREGULAR.get(verb, verb)
