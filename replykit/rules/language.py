"""LANG: the reply's language against the customer's."""

from __future__ import annotations

from collections.abc import Iterator

from replykit.linter import Draft
from replykit.rules import Example, Hit, Rule
from replykit.understanding.language import detect

# Below this a name or a number can tip the scale.
_LEAST_WORDS = 5


def _wrong_language(draft: Draft) -> Iterator[Hit]:
    message = draft.message
    if message is None or not draft.lines or len(draft.words) < _LEAST_WORDS:
        return
    asked = message.lang
    if not asked:
        if len(message.text.split()) < _LEAST_WORDS:
            return
        asked = detect(message.text)
    written = detect(draft.text)
    if written != asked:
        first = draft.lines[0]
        reason = f"the customer wrote in {asked}, the draft is in {written}"
        yield Hit(first.start, first.end, reason)


_EN = "Hello Maija,\n\nyour parcel left our warehouse today and reaches you on Friday.\n\nAnna"
_FI = "Hei Maija!\n\nPakettisi lähti varastolta tänään ja on perillä perjantaina.\n\nAnna"
_ASKED_EN = "Hello, where is my parcel? I ordered it a week ago already."
_ASKED_FI = "Hei, missä mun paketti viipyy? Tilasin sen jo viikko sitten."

RULES = (
    Rule(
        code="LANG001",
        name="wrong-language",
        severity="error",
        message="the draft is not in the customer's language",
        explanation=(
            "A customer who is answered in another language has to guess whether the answer "
            "meant them. Silent where no message is given, or it is too short to tell."
        ),
        check=_wrong_language,
        bad=(
            Example("en", _EN, message=_ASKED_FI),
            Example("fi", _FI, message=_ASKED_EN),
        ),
        good=(
            Example("en", _EN, message=_ASKED_EN),
            Example("fi", _FI, message=_ASKED_FI),
            Example("en", _EN, message="Order 123456"),
            Example("fi", _FI),
        ),
    ),
)
