"""Finds where a draft takes for true what the customer wrote is not so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from replykit.patterns import prepared
from replykit.understanding.asked import is_kin


@dataclass(frozen=True)
class _State:
    """What a customer may have said, what of the message makes that doubtful, and what in a draft
    then says the opposite."""

    said: str
    doubtful: str
    denied: str


# Lines are joined as they stand, so that a blank within one is a blank.
_I = r"\b(?:i|we)(?:['’]ve| have| had)?(?: already| also| even| just| both)?"
_DID_NOT = r"(?:did not|didn['’]t|had not|hadn['’]t|have not|haven['’]t|has not|hasn['’]t|never)"
_TELL = r"(?:tell|told|inform\w*|report\w*|notif\w+|contact\w*|complain\w*|mention\w*|let)"
_PARCEL = r"(?:parcel|package|delivery|shipment|box|goods)"
_FI_PARCEL = r"(?:pake(?:tt|t)|lähety|toimitu|tilau|tavara|kirje)\w*"
_FI_NOT = r"(?:et|ette|ettet|ettette)(?: ole)?(?: vielä)?"
_FI_TOLD = r"(?:kerto|ilmoit|soitta|sano|mainin)\w+"
_STATES = {
    "en": (
        # It came.
        _State(
            rf"""\b{_PARCEL}\b(?: \w+){{0,3}}? (?:came|arrived|was delivered|has (?:come|arrived))
            |{_I} (?:received|got) (?:my|the|your|a) (?:\w+ )?{_PARCEL}\b""",
            r"""n['’]t\b|\b(?:not|never|nothing|nobody|missing|only|still|where|before|until
            |other|another|second)\b""",
            rf"""\byou {_DID_NOT} (?:yet )?(?:received?|got)\b
            |\b(?:{_PARCEL}|order|letter)\b(?: \w+){{0,2}} {_DID_NOT} (?:yet )?
            (?:arrived?|come|been delivered|reach\w*)|\b(?:lost|missing) {_PARCEL}""",
        ),
        # They told somebody.
        _State(
            rf"""{_I} (?:told|informed|reported|called|rang|phoned|contacted|notified|complained
            |e-?mailed|mentioned|asked)\b""",
            r"\b(?:if|should|not) (?:i|we)\b",
            rf"""\b(?:pity|shame|unfortunate|wish|sad|regret\w*)\b[^.!?]{{0,25}}
            \byou (?:{_DID_NOT}|had) {_TELL}\b
            |\byou (?:{_DID_NOT}|failed to) {_TELL}\b(?: (?:us|the \w+|anyone|anybody|me))?
            (?: (?:it|this|that|about (?:it|this|that)|earlier|before|then|at the time))?
            (?=\s*[.,;!])""",
        ),
        # They are not to be called.
        _State(
            r"""(?<!you )(?<!they )(?<!we )\b(?:do not|don['’]t) (?:please |ever )?
            (?:call|phone|ring)\b
            |\b(?:do not|don['’]t|cannot|can['’]t) (?:\w+ )?
            (?:talk on|speak on|(?:answer|take|receive) (?:\w+ )?(?:calls?|phone))\b
            |\bno (?:phone )?calls\b
            |\bmy (?:phone|mobile) (?:is|has been|was) (?:broken|stolen|lost|dead)
            |\bi (?:have no|lost my) (?:phone|mobile)\b|\b(?:i am|i['’]m) deaf\b""",
            r"""\b(?:new number|another number|call me (?:at|on|after)|can call)\b
            |\b(?:could|cannot|can['’]t|do not|don['’]t) (?:\w+ )?call (?:you|out|abroad)""",
            r"""\b(?:we|i|he|she|they|technician|driver|colleague|repairman|nurse|doctor|specialist
            |adviser|agent)(?: will|['’]ll| can)? (?:call|ring|phone)s? you\b""",
        ),
        # They never ordered anything.
        _State(
            r"""\b(?:i|we)(?: have|['’]ve)? (?:never|not|did not|didn['’]t|haven['’]t) (?:\w+ )?
            (?:order(?:ed)?|bought|buy|subscribed?) (?:anything|from|to|with|this|it|them)
            |\bnever been (?:your|a) customer""",
            r"\bi ordered\b|\border number\b",
            r"""\bthank(?:s| you)\b[^.!?]{0,12} for (?:your|the) (?:order|purchase)\b
            |\b(?:which|that|what) you (?:have )?(?:ordered|bought) (?:from|with|on|in)\b""",
        ),
        # They want it ended.
        _State(
            r"""\b(?:want|like|wish|please|need|ask\w*) (?:you )?(?:to )?
            (?:cancel|end|terminate)\b""",
            r"\b(?:not|unless|if)\b|n['’]t\b",
            r"""\b(?:i|we)(?:['’]ve| have)?
            (?: renewed| extended| prolonged| continued| upgraded) your\b""",
        ),
    ),
    "fi": (
        _State(
            r"""(?<!\w)(?:paketti|paketin|lähetys|toimitus|laatikko|tavarat)(?!\w)[^.!?,]{0,25}?
            (?: tuli| saapui| on tullut| on saapunut| toimitettiin)(?!\w)
            |(?<!\w)(?:sain|saimme|vastaanotin) (?:\w+ ){0,2}(?:paketin|lähetyksen|toimituksen)""",
            r"""(?<!\w)(?:ei|en|emme|eivät|vasta|vain|puuttu\w*|missä|ennen|toinen|muut|yhä|vielä)
            (?!\w)""",
            rf"""(?<!\w){_FI_NOT} saa(?:nut|neet)(?!\w)
            |{_FI_PARCEL} (?:\w+ ){{0,2}}?ei (?:ole )?(?:vielä )?(?:tullut|saapunut)
            |(?<!\w)kadonn\w+ {_FI_PARCEL}""",
        ),
        _State(
            r"""(?<!\w)(?:kerroin|kerroimme|ilmoitin|ilmoitimme|soitin|soitimme|sanoin|sanoimme
            |valitin|valitimme|mainitsin|mainitsimme|ole(?:n|mme)(?: jo| myös)?
            (?: kerto| ilmoitta| soitta| sano)(?:nut|neet))(?!\w)""",
            r"(?<!\w)(?:jos|en) (?:kerro|soit|ilmoit)",
            rf"""(?<!\w)(?:harmi|ikävä|sääli|valitettav|kurja)\w*,?[^.!?]{{0,20}}
            \b{_FI_NOT} (?:{_FI_TOLD}|ottan\w+)
            |(?<!\w){_FI_NOT} {_FI_TOLD}
            (?: siitä| asiasta| tästä| vasta| meille| heti| silloin| ajoissa)""",
        ),
        _State(
            r"""(?<!\w)(?:älkää|älä|ei (?:saa|kannata|voi)) (?:\w+ )?soit(?:a|taa|tako)(?!\w)
            |(?<!\w)(?:puhelin|puhelime(?:ni|mme)|kännykkäni) (?:\w+ ){0,2}?
            (?:rikki|hukassa|varastettiin|varastettu|rikkoutui|hajosi)
            |(?<!\w)en (?:voi|pysty) (?:puhua|vastata|ottaa) (?:\w+ )?puhel
            |(?<!\w)(?:olen|oon) kuuro""",
            r"(?<!\w)(?:uusi numero|toinen numero|soittakaa|voi soittaa|soita \w+)(?!\w)",
            r"(?<!\w)(?:soita(?:n|mme)|soittaa|soittavat) (?:sinulle|teille)(?!\w)",
        ),
        _State(
            r"""(?<!\w)(?:en|emme)(?: ole)?(?: koskaan| ikinä)?
            (?: tilan| osta)(?:nut|neet) (?:teiltä|mitään|sitä|tätä)
            |(?<!\w)en ole (?:koskaan ollut )?asiakkaan""",
            r"(?<!\w)(?:tilasin|tilausnumero)",
            r"""(?<!\w)kiitos (?:\w+ )?(?:tilaukses|ostokses)\w+
            |(?<!\w)(?:jotka|jonka|mitä) (?:sinä )?
            (?:ostit|tilasit|ostitte|tilasitte) (?:meiltä|verkko|myymälä)""",
        ),
        _State(
            r"""(?<!\w)(?:halu\w+|toivo\w+|pyydän|voitteko|voisitteko) (?:\w+ )?
            (?:perua|peruuttaa|irtisanoa|lopettaa|päättää)(?!\w)""",
            r"(?<!\w)(?:en|emme|ellei|jos)(?!\w)",
            r"""(?<!\w)(?:uusin|uusimme|jatkoin|jatkoimme|pidensin|pidensimme) (?:\w+ )?
            \w+(?:si|nne)(?!\w)""",
        ),
    ),
}
_ANY_CASE = re.IGNORECASE
_IF = prepared(
    r"(?<!\w)(?:if|unless|in case|should you|whether|until|jos|mikäli|ellei|kunnes)(?!\w)",
    _ANY_CASE,
)
_NOT = prepared(
    r"n['’]t\b|\b(?:not|no|never|cannot|without|nor|ei|en|et|emme|ette|eivät|eikä|ilman)\b",
    _ANY_CASE,
)
# What a customer has or has not by themselves. Of what the house gives them, an invoice or a line
# that works, they may soon have one.
_THINGS = {
    "en": r"""printer|scanner|lift|elevator|car(?!\ [a-z])|garage|computer|laptop|smartphone|garden
        |balcony|cellar|bathtub|dog|cat|child(?:ren)?|husband|wife|bicycle""",
    "fi": r"""tulostin|skanneri|hissi|auto(?!ma)|autotalli|tietoko|kannettava|älypuhelin|puutarha
        |piha|parvek|kellari|kylpyam|koira|kissa|lapsi|last|aviomie|vaimo|polkupyör""",
}
_LACKS = {
    "en": rf"""(?<!\w)(?:(?:i|we)\ (?:have\ no|(?:do\ not|don['’]t)\ (?:have|own)\ (?:a|an|any))
        |there\ (?:is|are)\ no|there['’]s\ no)
        \ (?P<thing>{_THINGS["en"]})s?(?!\w)""",
    "fi": rf"""(?<!\w)(?:ei|eikä)\ (?:\w+\ ){{0,2}}?(?:ole|oo|löydy)
        \ (?P<thing>{_THINGS["fi"]})\w{{0,6}}(?!\w)""",
}
_OWNED = {
    "en": r"\b(?:your|there is an?|as you have an?|since you have an?) {thing}s?\b",
    "fi": r"(?<!\w)(?:{thing}\w{{0,6}}(?:si|nne)|(?:on|löytyy) {thing}\w{{0,3}})(?!\w)",
}
# The verb that a sentence begins with.
_FIRST = prepared(
    r"\W*(?:(?:please|just|then|first|now|you (?:can|may|should)|kindly|ensin|sitten) )?"
    r"(?P<verb>[^\W\d_]{4,25})",
    _ANY_CASE,
)


def turned(
    said: str, sentences: list[tuple[str, int]], lang: str
) -> Iterator[tuple[int, int, str]]:
    """Places in a draft's sentences (text, start) that deny what the customer said, with their
    words."""
    for number in range(len(_STATES.get(lang, ()))):
        told, doubtful, denied = _patterns(lang, number)
        match = told.search(said)
        if match is None or denied.search(said):
            continue
        sentence = _sentence(said, match)
        if _IF.search(sentence) or doubtful.search(sentence):
            continue
        for text, start in sentences:
            found = denied.search(text)
            if found and not _IF.search(text[: found.start()]) and "?" not in text:
                yield start + found.start(), start + found.end(), " ".join(match.group().split())
    yield from _lacked(said, sentences, lang)


def _lacked(
    said: str, sentences: list[tuple[str, int]], lang: str
) -> Iterator[tuple[int, int, str]]:
    if lang not in _LACKS:
        return
    for match in prepared(_LACKS[lang], _ANY_CASE | re.VERBOSE).finditer(said):
        thing = match["thing"].casefold()
        owned = prepared(_OWNED[lang].format(thing=thing), _ANY_CASE)
        for text, start in sentences:
            if _IF.search(text) or _NOT.search(text) or "?" in text:
                continue
            found = owned.search(text) or _with_it(text, thing)
            if found:
                yield start + found.start(), start + found.end(), " ".join(match.group().split())


def _with_it(text: str, thing: str) -> re.Match[str] | None:
    """A sentence that tells to do what needs the thing: "print the label", without a printer."""
    found = _FIRST.match(text)
    verb = found["verb"].casefold() if found else ""
    alike = (
        verb != thing and len(verb) > 4 and is_kin(verb, thing) and not verb.endswith(("in", "mme"))
    )
    return found if alike else None


def _sentence(text: str, match: re.Match[str]) -> str:
    """The sentence around a match."""
    start = max(text.rfind(mark, 0, match.start()) for mark in ".!?\n") + 1
    ends = [place for mark in ".!?\n" if (place := text.find(mark, match.end())) >= 0]
    return text[start : min(ends, default=len(text))]


@cache
def _patterns(lang: str, number: int) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    state = _STATES[lang][number]
    return _joined(state.said), _joined(state.doubtful), _joined(state.denied)


def _joined(source: str) -> re.Pattern[str]:
    return prepared("".join(line.lstrip() for line in source.split("\n")), _ANY_CASE)
