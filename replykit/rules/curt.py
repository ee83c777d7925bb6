"""TONE: a reply that is curt as a whole, with the words that cost and those that would help."""

from __future__ import annotations

from collections.abc import Iterator

from replykit.checking.politeness import costs, politeness
from replykit.linter import Draft
from replykit.rules import Example, Hit, Rule

# Of 314 good replies none scores below 0.59, of 99 service mails none below 0.40; of 80 replies
# written to be curt 76 do (tests/data/politeness.*.jsonl).
_CURT = 0.35
# "Yes, until six." answers a chat.
_FEWEST_WORDS = 4
_MOST_QUOTED = 2
# A signal that a reply may lack, and how it is said.
_HELPS = {
    "en": {
        "gratitude": "thank you for …", "apology": "I'm sorry that …", "indirect": "could you …?",
        "offer": "I'm happy to help with …",
    },
    "fi": {
        "gratitude": "kiitos …", "apology": "pahoittelen, että …", "indirect": "voisitko …?",
        "offer": "autan mielelläni …",
    },
    "sv": {
        "gratitude": "tack för …", "apology": "jag beklagar att …",
        "indirect": "skulle du kunna …?", "offer": "jag hjälper gärna till med …",
    },
}  # fmt: skip


def _check(draft: Draft) -> Iterator[Hit]:
    helps = _HELPS.get(draft.lang)
    if helps is None or len(draft.words) < _FEWEST_WORDS:
        return
    score, found = politeness(draft.text, draft.lang)
    if score is None or score >= _CURT:
        return
    places = costs(draft.text, draft.lang)
    words = dict.fromkeys(" ".join(draft.text[start:end].split()) for start, end in places)
    quoted = [f"“{word}”" for word in list(words)[:_MOST_QUOTED]]
    lacking = [f"“{words}”" for name, words in helps.items() if name not in found]
    first = places[0] if places else (draft.sentences[0].start, draft.sentences[0].end)
    yield Hit(
        *first,
        f"the reply is curt (politeness by its words {score:.2f})"
        + (f": {' and '.join(quoted)} cost{'s' if len(quoted) == 1 else ''} most" if quoted else "")
        + (f"; {' or '.join(lacking[:3])} would help" if lacking else ""),
    )


RULES = (
    Rule(
        code="TONE033",
        name="curt-reply",
        severity="warning",
        message="the reply is curt",
        explanation="Every sentence may be right, and the whole still reads as if the customer "
        "were in the way. Thanks, a question in place of an order, or a word on what you do "
        "about it changes that. The score is by the words of the whole reply, and those that cost "
        "most are named; metrics.politeness, where the model is at hand, also counts how the "
        "sentences sound, and may differ.",
        source="Danescu-Niculescu-Mizil et al., A computational approach to politeness, ACL 2013",
        langs=("en", "fi", "sv"),
        check=_check,
        bad=(
            Example("en", "Your parcel is late because the carrier is late. Wait until Thursday."),
            Example("fi", "Paketti on myöhässä. Odota torstaihin. Seuranta on verkossa."),
            Example("sv", "Paketet är försenat. Vänta till torsdag. Du borde ha läst villkoren."),
        ),
        good=(
            Example("en", "Thank you for your message. Your parcel is late, and I am sorry for it. "
                    "It should be with you on Thursday."),
            Example("en", "Yes, until six."),
            Example("fi", "Kiitos viestistäsi. Pakettisi on myöhässä, mitä pahoittelemme. Sen "
                    "pitäisi olla perillä torstaina."),
            Example("fi", "Kyllä, kuuteen asti."),
            Example("sv", "Tack för ditt meddelande. Paketet är försenat, vilket vi beklagar. Det "
                    "bör komma på torsdag."),
        ),
    ),
)  # fmt: skip
