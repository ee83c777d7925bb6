"""LEN: how long a reply, its paragraphs and its sentences are, by channel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft, Span
from replykit.rules import Example, Hit, Rule

# Words. A chat window and a public post show some five lines; a mail of more than a page is not
# read to its end. The limits for sentences leave room for one subordinate clause.
_MOST_WORDS = {"email": 300, "ticket": 300, "chat": 90, "social": 70}
_LEAST_IN_WINDOW, _SHORT_LINE, _WRAPPED_FROM = 4, 5, 50
_LEAST_WORDS = {"email": 8, "ticket": 5}
_MOST_IN_SENTENCE = {"fi": 24, "default": 34}


# Words in one paragraph, by language and whether it is a window or a page that shows it. The
# longest of 314 good replies have 67 in English and 49 in Finnish.
_MOST_IN_PARAGRAPH = {"fi": {"page": 65, "window": 48}, "default": {"page": 90, "window": 60}}
_WINDOWS = ("chat", "social")
# Words of an answer without greeting and name: less leaves the customer to ask again.
_LEAST_ANSWER = {"fi": 11, "default": 17}
_LEAST_ASKED = 12  # words of a message that wants more than a word


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
    if draft.message and len(draft.message.text.split()) >= _LEAST_ASKED:
        count = _words_of_body(draft)
        if draft.channel in _WINDOWS:
            too_few = "?" in draft.message.text and count < _LEAST_IN_WINDOW
        else:
            too_few = count < _LEAST_ANSWER.get(draft.lang, _LEAST_ANSWER["default"])
    else:
        too_few = len(draft.words) < least
    if too_few and draft.words:
        yield Hit(draft.words[0].start, draft.words[-1].end)


def _words_of_body(draft: Draft) -> int:
    """Words without a greeting on a line of its own and the short lines of the signature."""
    lines = list(draft.lines)
    if len(lines) > 1 and len(lines[0].text.split()) <= _SHORT_LINE:
        del lines[0]
    blank = draft.text.rstrip().rfind("\n\n")
    block = [line for line in lines if line.start > blank >= 0]
    if all(len(line.text.split()) <= _SHORT_LINE and line.text[-1] != "." for line in block):
        lines = lines[: len(lines) - len(block)] or lines
    return sum(draft.count_words(line) for line in lines)


def _wall(draft: Draft) -> Iterator[Hit]:
    limits = _MOST_IN_PARAGRAPH.get(draft.lang, _MOST_IN_PARAGRAPH["default"])
    most = limits["window" if draft.channel in _WINDOWS else "page"]
    for match in re.finditer(r"(?:[^\n]+\n?)+", draft.text):
        lines = match.group().rstrip().split("\n")
        # Lines that were broken short are a list or a table.
        if any(len(line) < _WRAPPED_FROM for line in lines[:-1]):
            continue
        if len(match.group().split()) > most:
            span = Span(match.group().rstrip(), match.start())
            count = draft.count_words(span)
            message = f"{count} words in one paragraph; a blank line after each matter helps"
            yield Hit(span.start, span.end, message)


_LONG_EN = " ".join(["We checked your order in our warehouse this morning."] * 12)
_LONG_FI = " ".join(
    ["Tarkistimme tilauksesi varastolta tänä aamuna ja soitimme kuljettajalle."] * 13
)
_ASKED_EN = "Hello, is the lamp that I saw last week still in your shop, and may I fetch it?"
_ASKED_FI = (
    "Hei, onko se lamppu, jonka näin viime viikolla, vielä teillä, ja saisinko sen heti noutaa?"
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
        bad=(
            Example("en", "Yes, it is."),
            Example("fi", "Kyllä on."),
            Example("en", "Hello Anna,\n\nyes, it is.\n\nRegards,\nMatti", message=_ASKED_EN),
            Example("fi", "Hei Anna,\n\nkyllä onnistuu.\n\nTerveisin\nMatti", message=_ASKED_FI),
        ),
        good=(
            Example("en", "Yes, it is.", channel="chat"),
            Example("fi", "Kyllä on.", channel="chat"),
            Example("en", "Hello Anna, yes, it is, and we will send it today. Regards, Matti"),
            Example("fi", "Hei Anna! Kyllä on, ja lähetämme sen vielä tänään. Terveisin Matti"),
        ),
    ),
    Rule(
        code="LEN004",
        name="wall-of-text",
        severity="warning",
        message="a paragraph that nobody reads to its end; a blank line after each matter helps",
        explanation=(
            "A page without a blank line looks like work. Give each matter a paragraph of its own. "
            "Limits in words: 90 in mail and tickets, 60 in chat and public posts; 65 and 48 in "
            "Finnish, whose words carry more."
        ),
        check=_wall,
        bad=(Example("en", _LONG_EN), Example("fi", _LONG_FI)),
        good=(
            Example("en", "\n\n".join(["We checked your order this morning."] * 30)),
            Example("en", "\n".join(["Monday 9 to 16, not on holidays"] * 30)),
            Example("fi", "\n\n".join(["Tarkistimme tilauksesi varastolta."] * 30)),
        ),
    ),
)
