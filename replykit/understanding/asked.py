"""Takes a message's questions apart: each by itself, its own words, the kind of answer it wants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from replykit.patterns import prepared
from replykit.ranking.features import lemmatizer
from replykit.understanding.cues import lists
from replykit.understanding.matters import Sentence, weighed
from replykit.understanding.questions import asked_from, asks

_MOST = 10
_SHORT = 3  # words; "Jouko Laine" ends as a Finnish question word does
_WORD = prepared(r"[^\W\d_]{3,}")
_ANY_CASE = re.IGNORECASE
_EMPTY = {
    "en": """about and any are can could did does for from had has have how its not that the there
        this was were what when where which who why will with would you your still please get
        know also all back been but come else even give going her him his into just like let long
        make many may more much must new next now off one only our out over put same see send shall
        she should some somebody somewhere soon still
        take them then they too use very want way well whether wonder
        wondering nice hello thanks regards dear hear ask question tell time
        meanwhile before after money""",
    "fi": """että jos kun oli olla olen onko ovat saako saanko sekä sen tai vai vielä voi voiko
        voin voinko ette että eikä mikä mitä miten miksi milloin missä mistä mihin kuka kuinka
        minun minä sinun sinä teidän tämä tuo niin nyt myös saada voida pitää tulla mennä ottaa
        antaa käyttää aika uusi vanha sama koska jokin joku kaikki hän tehdä nähdä haluta kysyä
        kysymys entä entäs vasta siihen siitä siinä meillä teillä minulla meidän minulta mukaan
        lisäksi olla kiva hei moi terve päivää kiitos paljonko kauanko montako ehkä sitten jostain
        miettiä pohtia kertoa takaisin taata jälkeen asti silloin jollain erikseen samalla
        voisitteko voisiko saisiko saisinko""",
    "sv": """att den det för har hur jag kan man med när och om ska som till var vad vem vilken
        här där inte också""",
}
# Words that a question may have of its own and that still say nothing of its matter.
_ANY_MATTER = frozenset(
    """check explain help happen thing wrong kind possible mean work advise look cost much
    need something anything safe normal okay right true tarkistaa selittää auttaa tietää
    tapahtua vika väärin mahdollinen maksaa tarvita onnistua toimia totta normaali""".split()  # noqa: SIM905
)
# How a question begins, within a sentence too.
_OPENS = {
    "en": r"(?:(?:by |for |from |until |at |to )?(?:what|when|where|which|whom|how)|who|why|can"
    r"|could|do|does|did|is|are|may|will|would|should|has|have)\b",
    "fi": r"(?:milloin|millon|mi(?:hin|stä|tä|kä|ten|nkä|tkä|llä|lle|ssä|ltä|ks|ksi|nne)"
    r"|minkälai\w+|millai\w+|kuinka|ku(?:ka|mpi|mpaa)|ke(?:nelle|lle|neltä|tä)|paljonko"
    r"|mone(?:lta?|sta|t|ssa)|on(?:ks|han)|saa(?:ks|han)|voi(?:ks|han)|käy(?:ks|hän)"
    r"|[^\W\d_]{2,20}k[oö](?:han|hän)?)\b",
}
# "Is it included, and may we come late?": two questions in one sentence. What "or" joins is one.
_JOINED = {
    lang: prepared(rf",?\s+(?:{words})(?:,?\s+(?:{more}))?,?\s+(?={_OPENS[lang]})", _ANY_CASE)
    for lang, words, more in (
        ("en", "and|but|plus", "also|if so|if not|then|finally|last but not least"),
        ("fi", "ja|entä|sekä|mutta", "myös|lisäksi|vielä|jos on|jos ei|samalla|sitten|niin"),
    )
}
# In a row of questions that ends with "and" a comma parts them as well.
_LISTED = {
    "en": prepared(
        r"[,;]\s+(?=(?:(?:can|could|do|does|did|is|are|may|will|would|should|has|have) (?:i|we|you"
        r"|he|she|it|they|there|the|my|our|your|this|that|these)|what|how|where|why)\b)",
        _ANY_CASE,
    ),
    "fi": prepared(rf"[,;]\s+(?={_OPENS['fi']})", _ANY_CASE),
}
# Not where what comes before the comma only asks to be told, or opens the question.
_TELLING = prepared(
    r"\b(?:know|tell|say|check|ask(?:s|ed|ing)?|wonder\w*|confirm|see|explain|curious|sure|told|idea"
    r"|hear|find out|advise|(?:how|what) about|what (?:happens|if)|the deal|osaa\w*|arvioi\w*"
    r"|tie(?:tää|dä|toa|don|ttek?ö\w*)|kerto\w*|tarkist\w*|sano\w*|selvi\w*|kats\w*|ilmoit\w*|mie\w*"
    r"|poh\w*|kys\w*|kuulla|vahvist\w*|neuvo\w*|kiinnosta\w*|ihmette\w*)\b",
    _ANY_CASE,
)
_STARTS = {
    lang: prepared(rf"(?:^|[,;:–—-]\s*|\b(?:and|so|but|ja|niin|mutta)\s+){opens}", _ANY_CASE)
    for lang, opens in _OPENS.items()
}
_GREETING = prepared(
    r"^(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|dear|morning|hei|moi|moikka|terve"
    r"|päivää|huomenta|iltaa|hyvää (?:päivää|huomenta|iltaa))\b[^,!?.]{0,25}[,!]\s+",
    _ANY_CASE,
)
# Questions that go by none of the words that questions of any message go by.
_ALSO = {
    "en": prepared(
        r"\bwonder\w*(?: too| also)? (?:if|whether|how|when)|\bnot sure (?:if|whether|how|when)"
        r"|\bwasn['’]t sure (?:if|whether)|\bquestion is (?:if|whether)"
        r"|^(?:and|also|then),? (?:what|when|how|where|who|is|are|do|does|can)\b.*\?",
        _ANY_CASE,
    ),
    "fi": prepared(
        r"^(?:ja )?entäs?\b|\b(?:mietin|pohdin|en tiedä|epäselvää|kysymys on)\b.{0,15}, "
        r"(?:milloin|koska|miten|kuinka|paljonko|missä|mitä|mihin|mistä|millä|\w{2,20}k[oö])\b"
        r"|^(?:ja|myös|lisäksi) \w{2,20}k[oö]\b"
        r"|, niin (?:\w{2,20}k[oö]|kuinka|miten|mitä|milloin)\b",
        _ANY_CASE,
    ),
}
# What is asked for, and what an answer to it has.
_TIME = prepared(
    r"\b(?:when|how (?:long|soon|quickly)|what time|milloin|koska|kuinka (?:kauan|nopeasti)"
    r"|kauanko|mihin aikaan)\b",
    _ANY_CASE,
)
_TIMES = prepared(
    r"\d{1,2}[.:]\d|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|tonight|soon|until"
    r"|always|weeks?|days?|months?|hours?|minutes?|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|tänään|huomenna|aina|heti|klo|viik\w+|päiv\w+|kuukau\w+"
    r"|tun\w+|minuut\w+|vuo\w+|years?|\w+tai(?:na|ksi|hin)|\w+kuu\w*)\b",
    _ANY_CASE,
)
_PRICE = prepared(
    r"\b(?:costs?|price|fee|charge|how much|pay|maksa\w*|hinta|paljonko|maksu\w*)\b", _ANY_CASE
)
_PRICES = prepared(
    r"[€£$]|\b(?:euro\w*|free|nothing|cost\w*|fee\w*|price\w*|charge\w*|pay|paid|maksu\w*|ilmai\w+"
    r"|maksa\w*|hin\w+|veloit\w+|sisälty\w+|kuulu\w*|included?)\b",
    _ANY_CASE,
)
_PLACE = prepared(r"\b(?:where|missä|mistä|mihin|minne)\b", _ANY_CASE)
_PLACES = prepared(
    r"\b(?:at|in|on|under|near|from|to|behind)\b|(?:ssa|ssä|lla|llä|sta|stä|lta|ltä|lle|alta)\b",
    _ANY_CASE,
)
_NUMBER = prepared(r"\bhow many|\b(?:montako|kuinka mon\w+)\b", _ANY_CASE)
_NUMBERS = prepared(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|none|yksi|kaksi|kolme"
    r"|neljä|viisi|kuusi|seitsemän|kahdeksan|yhdeksän|kymmenen|kahdelle|kolmelle)\b",
    _ANY_CASE,
)
_KINDS = ((_TIME, _TIMES), (_PRICE, _PRICES), (_PLACE, _PLACES), (_NUMBER, _NUMBERS))


@dataclass(frozen=True)
class Asked:
    """A question by itself: its text, and the words, in their first form, that are its own and not
    those of the rest of the message."""

    text: str
    words: frozenset[str]

    def kind(self, answer: str) -> int:
        """1 where it asks for a time, a price, a place or a number and the answer names one, -1
        where the answer names none, else 0."""
        for wants, tells in _KINDS:
            if wants.search(self.text):
                return 1 if tells.search(answer) else -1
        return 0


def asked(text: str, lang: str) -> list[Asked]:
    """A message's questions one by one, also those that one sentence joins."""
    also = _ALSO.get(lang)
    parts: list[str] = []
    others: set[str] = set()
    for sentence in weighed(text, lang):
        whole = sentence.text
        if not (sentence.asks or (also and also.search(whole))) or _is_name(sentence):
            others |= matter_words(whole, lang)
            continue
        question = whole[asked_from(whole, sentence.read) if sentence.asks else 0 :]
        parts += _parted(_GREETING.sub("", question), lang)
    found = [(part.strip(), matter_words(part, lang)) for part in parts[:_MOST]]
    counts = [word for _, words in found for word in words]
    return [
        Asked(
            part, frozenset(w for w in words if counts.count(w) == 1 and w not in others) or words
        )
        for part, words in found
    ]


def _parted(sentence: str, lang: str) -> list[str]:
    """The questions of one sentence. What asks nothing by itself stays with the question after it:
    "my friend has two dogs, and may they come?"."""
    if lang not in _JOINED:
        return [sentence]
    cuts = [*_JOINED[lang].finditer(sentence)]
    if cuts:
        cuts += [
            cut
            for cut in _LISTED[lang].finditer(sentence)
            if not _TELLING.search(sentence, 0, cut.start())
        ]
    parts: list[str] = []
    start = 0
    for cut in sorted(cuts, key=lambda cut: cut.start()):
        part = sentence[start : cut.start()]
        if cut.start() >= start and (parts or _is_question(part, lang)):
            parts.append(part)
            start = cut.end()
    return [*parts, sentence[start:]]


def _is_question(part: str, lang: str) -> bool:
    return bool(_STARTS[lang].search(part)) or asks(part, lists(lang).read(part))


def _is_name(sentence: Sentence) -> bool:
    if "?" in sentence.text or "interrogative" in sentence.read.counts():
        return False
    return len(_WORD.findall(sentence.text)) < _SHORT


@cache
def _empty(lang: str) -> frozenset[str]:
    return _ANY_MATTER.union(_EMPTY.get(lang, "").split())


def matter_words(text: str, lang: str) -> frozenset[str]:
    """The words of a text that say what it is about, in their first form."""
    lemma, empty = lemmatizer(lang), _empty(lang)
    words = {word for word in _WORD.findall(text.casefold()) if word not in empty}
    return frozenset({lemma(word) for word in words} - empty)


def is_kin(word: str, other: str) -> bool:
    """Whether two words begin or, as Finnish compounds do, hold each other: sakko, sakkomaksu."""
    short, long = sorted((word, other), key=len)
    if len(short) < 5:
        return short == long
    return (
        long.startswith(short[: max(5, len(short) - 2)]) or short[: max(6, len(short) - 1)] in long
    )
