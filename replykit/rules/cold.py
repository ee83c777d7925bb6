"""TONE: an answer to an angry or hurt customer that has no word for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule

# Signatures and headings are shorter.
_FEWEST_WORDS = 4
# Regret, sympathy or an error owned up to. Thanks, "unfortunately" and "we understand that
# queues vary" are said to anybody.
_WARM = {
    "en": prepared(
        r"""\b(?:sorry|apolog\w{1,6}|forgive|forgiveness|ashamed|regret\ that\ (?:you|your|we|this)
          |understand(?:s|able|ably)?\ (?:very\ well\ |completely\ |fully\ |entirely\ )?(?:how|why
            |your|that\ (?:you|this|your)|the\ (?:anger|frustration|disappointment))
          |(?:quite|fully|completely|entirely)\ understandable
          |(?:can|could)\ (?:well\ |only\ )?imagine|every\ (?:reason|right)\ to
          |(?:must|should)\ (?:never|not)\ (?:have|be|happen)|shouldn['’]t\ (?:have|be|happen)
          |you(?:\ are|['’]re)\ (?:quite\ |absolutely\ |completely\ )?right|let\ you\ (?:all\ )?down
          |(?:our|my)\ (?:own\ )?(?:mistake|fault|error|failure)
          |(?:we|i)\ (?:failed|got\ this\ wrong)
          |(?:is|was|are|were|been|must\ be|sounds?)\ (?:\w+\ ){0,3}(?:awful|frightening|upsetting
            |frustrating|distressing|unacceptable|maddening|exhausting|horrible|terrible|infuriating
            |far\ too\ long|not\ (?:acceptable|good\ enough|how\ we))
          |no\ one\ should|nobody\ should|my\ condolences|sympath\w{1,6})\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\b(?:pahoill\w+|pahoit\w+|anteeksi\w{0,5}|häpeä\w*|harmi\w{0,12}|kurja\w*|ikävä\w*
          |valitan|valitamme|otan\ osaa|osanotto\w*|myötätunto\w*|myötäelä\w*
          |ymmärr\w{2,9}[^.!?]{0,60}?(?:\w{3,}(?:nne|si)\b|\bole(?:t|tte)\b|\bteistä\b|\bsinusta\b
            |harmi|pahalta|turhau|vihai|suuttu|järkyt|pettym)
          |(?:aivan\ |täysin\ )?ymmärrettävää|oikeassa|(?:meidän|minun)\ virhe\w*|virhe(?:emme|eni)
          |petimme|epäonnistuimme
          |(?:näin|tällaista|tuollaista|niin|tämä|sellaista)\ ei\ (?:saa\w*|olisi|pitäisi|kuulu)
          |ei\ (?:olisi\ )?(?:saisi|saa|saanut|pitäisi|pitänyt)\ (?:käydä|tapahtua|joutua|sattua)
          |kenenkään\ ei|(?:aivan\ |ihan\ )?liian\ (?:pitkä|kauan|monta)\w*|liikaa
          |kohtuuto\w*|kohtuutto\w*|raskasta|järkyttävää|syytä\ olla)""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
# An apology that is none: for inconvenience that may have been, or for what the customer feels.
_EMPTY = prepared(
    r"""(?:sorry|apolog\w{1,6})\ (?:for\ )?(?:any|the|possible)\ (?:possible\ )?inconveniences?\b
      |sorry\ (?:if|but|to\ say|that\ you\ (?:feel|think|are\ not\ (?:happy|satisfied))
        |you\ feel)\b|\bsorry,\ but\b
      |pahoit\w+\ (?:mahdoll\w+|(?:siitä\ )?(?:aiheutu\w+|koitu\w+)\ (?:haitt|häiriö|vaiv)\w+)
        (?:\ \w+){0,2}
      |pahoit\w+,\ (?:mutta|jos)|pahoill\w+,\ (?:mutta|jos)|ikävä\ kyllä|ikävä,?\ jos""",
    re.IGNORECASE | re.VERBOSE,
)
# What hurts without a word of anger.
_HURT = {
    "en": prepared(
        r"\b(?:in tears|crying|cried|ashamed|humiliat\w+|heartbroken|appalled|shocked|nobody"
        r"|no one|not one of you|for the (?:third|fourth|fifth|\d+th) time|third time"
        r"|let (?:us|me) down|never again|unacceptable|devastated|scandal\w*|lost (?:all )?trust"
        r"|what are you going to do)\b",
        re.IGNORECASE,
    ),
    "fi": prepared(
        r"\b(?:itk\w{1,4}|järkyt\w+|nöyryyt\w+|häpe\w+|kyynel\w+|kukaan ei|ei(?:kä)? kukaan"
        r"|kolmas kerta|kolmannen kerran|neljäs kerta|en luota|luottamu\w+|en(?:kä)? enää ikinä"
        r"|pettynyt|pöyristy\w+|kohtuuto\w*|sietämät\w+)\b",
        re.IGNORECASE,
    ),
}


def _cold(draft: Draft) -> Iterator[Hit]:
    """Fires on the first sentence of an answer without sympathy, apology or ownership."""
    warm = _WARM.get(draft.lang)
    if draft.message is None or warm is None or warm.search(_EMPTY.sub(" ", draft.text)):
        return
    spans = [span for span in draft.sentences if draft.count_words(span) >= _FEWEST_WORDS]
    if spans and _is_upset(draft.message.matter, draft.lang):
        yield Hit(spans[0].start, spans[0].end)


def _is_upset(text: str, lang: str) -> bool:
    from replykit.understanding.mood import sentiment
    from replykit.understanding.routes import RouteWords, reasons

    label, words = sentiment(text, lang)
    if label == "angry":
        # A threat is no mood; whoever answers one says what happens now.
        threats = {item.text for item in reasons(text, lang, RouteWords()) if item.name == "threat"}
        return not threats.issuperset(words)
    return label == "negative" and bool(_HURT[lang].search(text))


_ANGRY = {
    "en": "This is outrageous! I am furious, you are liars and your service is a disgrace!",
    "fi": "Tämä on törkeää! Olen raivoissani, palvelunne on ala-arvoista ja pelkkää huijausta!",
}
RULES = (
    Rule(
        code="TONE023",
        name="cold-reply",
        severity="warning",
        message="the customer is angry, and no word of this says that you are sorry or understand",
        explanation=(
            "An angry customer who is told facts alone writes again, angrier. One sentence that "
            "names what happened and says that you are sorry for it comes before the facts. Thanks "
            "for the message, “unfortunately” and “any inconvenience” are not that sentence."
        ),
        check=_cold,
        bad=(
            Example(
                "en",
                "Thank you for your message. We apologise for any inconvenience.",
                message=_ANGRY["en"],
            ),
            Example(
                "fi",
                "Kiitos viestistäsi. Valitettavasti kuljetus on myöhässä.",
                message=_ANGRY["fi"],
            ),
            Example("en", "Refunds are made in 14 working days.", message=_ANGRY["en"]),
            Example("fi", "Palautukset maksetaan 14 arkipäivässä.", message=_ANGRY["fi"]),
        ),
        good=(
            Example(
                "en",
                "You have every reason to be angry. The refund is made today.",
                message=_ANGRY["en"],
            ),
            Example(
                "en",
                "I am sorry for the long wait. The refund is made today.",
                message=_ANGRY["en"],
            ),
            Example("en", "Refunds are made in 14 working days.", message="How long does it take?"),
            Example(
                "fi", "Olen pahoillani odotuksesta. Palautus tehdään tänään.", message=_ANGRY["fi"]
            ),
            Example("fi", "Palautukset maksetaan 14 arkipäivässä.", message="Kauanko se kestää?"),
        ),
    ),
)
