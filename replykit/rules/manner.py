"""FORM: emoji, and what a reply says a second time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft
from replykit.ranking.features import lemmatizer
from replykit.rules import Example, Hit, Rule

# A picture with its tone of skin, those that it is joined with, and flags: one sign to the reader.
_PICTURE = "[\U0001f300-\U0001f3fa\U0001f400-\U0001faff\u2600-\u26ff\u2700-\u27bf]"
_EMOJI = re.compile(
    rf"{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*)*"
    "|[\U0001f1e6-\U0001f1ff]{2}"
    r"|(?<!\S)[:;=][-^']?[)D(P/|\\](?![\w/])|(?<!\S)(?:<3|xD|XD)(?!\w)"
)
_PLAIN_SIGNS = "☎✉✓✔✗✘★☆●■▪►✂☑☐"
_SERIOUS = ("email", "ticket")

_LEAST_OWN = 4  # longer words that a sentence must have to be told again in other words
_FURTHER = 4
_MOST_OF = 0.75
_LETTER = 40  # of the same characters in a row make a reply the same as before


def _emoji(draft: Draft) -> Iterator[Hit]:
    found = [match for match in _EMOJI.finditer(draft.text) if match.group()[0] not in _PLAIN_SIGNS]
    most = 0 if draft.channel in _SERIOUS else 1
    angry = draft.message is not None and _is_angry(draft)
    for match in found[0 if angry else most :]:
        yield Hit(match.start(), match.end())


def _is_angry(draft: Draft) -> bool:
    from replykit.understanding.mood import sentiment

    assert draft.message is not None
    return sentiment(draft.message.matter, draft.lang)[0] in ("angry", "negative")


def _already_sent(draft: Draft) -> Iterator[Hit]:
    """A paragraph of the draft stands in the thread already."""
    if draft.message is None or not draft.message.quoted:
        return
    said = _letters(draft.message.quoted)
    before = _own_words(draft.message.quoted, draft.lang)
    for line in draft.lines:
        own = _letters(line.text)
        if len(own) >= _LETTER and own in said:
            yield Hit(line.start, line.end)
            return
    for span in draft.sentences:
        own = _letters(span.text)
        words = _own_words(span.text, draft.lang)
        if (len(own) >= _LETTER and own in said) or _is_told_again(words, before):
            yield Hit(span.start, span.end)
            return


def _is_told_again(words: list[str], before: list[str]) -> bool:
    """Whether most of a sentence's words stand close together in what was sent before."""
    if len(words) < _LEAST_OWN:
        return False
    wide, wanted = len(words) + _FURTHER, set(words)
    for start in range(max(1, len(before) - wide + 1)):
        if len(wanted & set(before[start : start + wide])) >= _MOST_OF * len(wanted):
            return True
    return False


def _own_words(text: str, lang: str) -> list[str]:
    """The words that carry what is said, without their endings."""
    lemma = lemmatizer(lang)
    return [lemma(word) for word in re.findall(r"[^\W\d_]{4,}", text.casefold())]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


RULES = (
    Rule(
        code="FORM005",
        name="emoji",
        severity="warning",
        message="“{text}” looks careless here; say it in words",
        explanation=(
            "A smile in a mail about an invoice reads as mockery. In mail and tickets use none; in "
            "chat and on social media one is enough, and none where the customer is upset."
        ),
        check=_emoji,
        bad=(
            Example("en", "Your parcel is late 😊"),
            Example("en", "Hi! 😊 It is on its way 🚚", "chat"),
            Example("fi", "Lasku erääntyi eilen :)"),
            Example("fi", "Se tulee pian 🇫🇮"),
            Example("fi", "Moi! 😊 Se on matkalla 🚚", "chat"),
        ),
        good=(
            Example("en", "It is on its way 😊", "chat"),
            Example("en", "☎ 09 310 12345 (see: note) http://example.com/D"),
            Example("en", "It is on its way 👍🏽", "chat"),
            Example("fi", "Se on matkalla 👨‍👩‍👧", "chat"),
            Example("fi", "Se on matkalla 😊", "social"),
            Example("fi", "Avoinna: ma–pe 9–16 (poikkeukset: joulu)."),
        ),
    ),
    Rule(
        code="ANSW003",
        name="already-sent",
        severity="warning",
        message="the thread has this text already; say what is new",
        explanation=(
            "Who asks again was not helped by the first answer. The same paragraph once more tells "
            "them that nobody read their message."
        ),
        check=_already_sent,
        bad=(
            Example(
                "en",
                "You can follow the parcel with the code that we sent you.",
                message="It does not work!\n\n> You can follow the parcel with the code that\n"
                "> we sent you.",
            ),
            Example(
                "fi",
                "Voit seurata pakettia lähettämällämme koodilla verkossa.",
                message="Ei toimi!\n\n> Voit seurata pakettia lähettämällämme koodilla\n"
                "> verkossa.",
            ),
        ),
        good=(
            Example(
                "en",
                "I followed the parcel for you: it is in Turku.",
                message="It does not work!\n\n> You can follow the parcel with the code.",
            ),
            Example(
                "fi",
                "Seurasin pakettia puolestasi: se on Turussa.",
                message="Ei toimi!\n\n> Voit seurata pakettia koodilla.",
            ),
        ),
    ),
)
