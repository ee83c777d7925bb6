"""Tells whether a model sees two languages alike, by sentences that mean the same in both."""

from __future__ import annotations

from collections.abc import Sequence

from replykit.encoder import Encoder

# The same twelve sentences in each language, each unlike the others of its own.
_SENTENCES = {
    "en": (
        "Where is my parcel?",
        "I want my money back.",
        "The invoice is too high.",
        "How do I change my password?",
        "My internet connection is not working.",
        "Please cancel my subscription.",
        "Are you open on Sunday?",
        "The shoes are too small for me.",
        "Thank you for the friendly service!",
        "I have moved and have a new address.",
        "Can I pay by card?",
        "The screen was broken when it arrived.",
    ),
    "fi": (
        "Missä pakettini on?",
        "Haluan rahani takaisin.",
        "Lasku on liian suuri.",
        "Miten vaihdan salasanani?",
        "Nettiyhteyteni ei toimi.",
        "Peruuttakaa tilaukseni, kiitos.",
        "Oletteko auki sunnuntaina?",
        "Kengät ovat minulle liian pienet.",
        "Kiitos ystävällisestä palvelusta!",
        "Olen muuttanut ja minulla on uusi osoite.",
        "Voinko maksaa kortilla?",
        "Näyttö oli rikki, kun se saapui.",
    ),
    "sv": (
        "Var är mitt paket?",
        "Jag vill ha mina pengar tillbaka.",
        "Fakturan är för hög.",
        "Hur byter jag mitt lösenord?",
        "Min internetanslutning fungerar inte.",
        "Var vänlig och säg upp min prenumeration.",
        "Har ni öppet på söndag?",
        "Skorna är för små för mig.",
        "Tack för den vänliga servicen!",
        "Jag har flyttat och har en ny adress.",
        "Kan jag betala med kort?",
        "Skärmen var trasig när den kom fram.",
    ),
}
# Of the twelve, ten to twelve find their like with multilingual-e5-small; with all-MiniLM-L6-v2,
# an English model, two between Finnish and English, four or five between Swedish and English.
_ENOUGH = 0.6


def bridges(encoder: Encoder, lang: str, others: Sequence[str]) -> bool:
    """Whether the model sees a language like one of others; True where that cannot be told."""
    known = [other for other in others if other in _SENTENCES]
    if lang not in _SENTENCES or not known:
        return True
    return any(share(encoder, lang, other) >= _ENOUGH for other in known)


def share(encoder: Encoder, one: str, other: str) -> float:
    """The share of the sentences that are nearest to their own translation."""
    vectors = encoder.encode([*_SENTENCES[one], *_SENTENCES[other]], "query")
    half = len(_SENTENCES[one])
    nearest = (vectors[:half] @ vectors[half:].T).argmax(axis=1)
    return float((nearest == range(half)).mean())
