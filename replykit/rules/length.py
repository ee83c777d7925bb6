"""LEN: how long a reply and its sentences are, by channel."""

from __future__ import annotations

from collections.abc import Iterator

from replykit.linter import Draft
from replykit.rules import Example, Hit, Rule

# Words. A chat window and a public post show some five lines; a mail of more than a page is not
# read to its end. The limits for sentences leave room for one subordinate clause.
_MOST_WORDS = {"email": 300, "ticket": 300, "chat": 90, "social": 70}
_LEAST_WORDS = {"email": 8, "ticket": 5}
_MOST_IN_SENTENCE = {"fi": 28, "default": 36}


def _too_long(draft: Draft) -> Iterator[Hit]:
    most = _MOST_WORDS[draft.channel]
    if len(draft.words) > most:
        first = draft.words[most]
        message = f"{len(draft.words)} words; {most} are enough in {draft.channel}"
        yield Hit(first.start, first.end, message)


def _long_sentence(draft: Draft) -> Iterator[Hit]:
    most = _MOST_IN_SENTENCE.get(draft.lang, _MOST_IN_SENTENCE["default"])
    for sentence in draft.sentences:
        count = draft.count_words(sentence)
        if count > most:
            message = f"a sentence of {count} words; split it in two"
            yield Hit(sentence.start, sentence.end, message)


def _too_short(draft: Draft) -> Iterator[Hit]:
    least = _LEAST_WORDS.get(draft.channel, 0)
    if 0 < len(draft.words) < least:
        yield Hit(draft.words[0].start, draft.words[-1].end)


_LONG_EN = " ".join(["We checked your order in our warehouse this morning."] * 12)
_LONG_FI = " ".join(
    ["Tarkistimme tilauksesi varastolta tänä aamuna ja soitimme kuljettajalle."] * 13
)
_SENTENCE_EN = (
    "We checked your order in our warehouse this morning and found that the carrier had already "
    "picked it up but had not scanned it, which is why you could not follow it on the page that "
    "we told you about in the message we sent last week."
)
_SENTENCE_FI = (
    "Tarkistimme tilauksesi varastolta tänä aamuna ja huomasimme, että kuljetusliike oli jo "
    "noutanut sen mutta ei ollut lukenut sen koodia, minkä vuoksi et voinut seurata sitä sivulta, "
    "josta kerroimme sinulle viestissä, jonka lähetimme viime viikolla."
)

RULES = (
    Rule(
        code="LEN001",
        name="too-long",
        severity="warning",
        message="too long for its channel",
        explanation=(
            "Long replies are not read. Answer first, leave out what the customer did not ask, "
            "and put lists behind a link. Limits in words: "
            + ", ".join(f"{channel} {most}" for channel, most in _MOST_WORDS.items())
            + "."
        ),
        check=_too_long,
        bad=(
            Example("en", _LONG_EN, channel="chat"),
            Example("fi", _LONG_FI, channel="chat"),
        ),
        good=(
            Example("en", _LONG_EN, channel="email"),
            Example("fi", _LONG_FI, channel="email"),
            Example("en", "Your parcel left today.", channel="chat"),
        ),
    ),
    Rule(
        code="LEN002",
        name="long-sentence",
        severity="warning",
        message="a long sentence; split it in two",
        explanation=(
            "Readers lose a long sentence halfway. Finnish words carry more, so the limit is "
            f"{_MOST_IN_SENTENCE['fi']} words in Finnish and {_MOST_IN_SENTENCE['default']} in "
            "other languages."
        ),
        check=_long_sentence,
        bad=(Example("en", _SENTENCE_EN), Example("fi", _SENTENCE_FI)),
        good=(
            Example("en", "We checked your order this morning. It is on its way."),
            Example("fi", "Tarkistimme tilauksesi aamulla. Se on matkalla."),
        ),
    ),
    Rule(
        code="LEN003",
        name="too-short",
        severity="warning",
        message="so short that it can sound curt; say what happens next",
        explanation=(
            "A word or two in a mail reads as indifference. One sentence on what happens next "
            "costs seconds. Chat and public posts may be short."
        ),
        check=_too_short,
        bad=(Example("en", "Yes, it is."), Example("fi", "Kyllä on.")),
        good=(
            Example("en", "Yes, it is.", channel="chat"),
            Example("fi", "Kyllä on.", channel="chat"),
            Example("en", "Hello Anna, yes, it is, and we will send it today. Regards, Matti"),
            Example("fi", "Hei Anna! Kyllä on, ja lähetämme sen vielä tänään. Terveisin Matti"),
        ),
    ),
)
