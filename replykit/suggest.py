"""Ranks a library's responses for a message and decides: suggest, ask for details, be silent."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from replykit import details
from replykit.config import EMBEDDED_MODEL, Settings
from replykit.details import Found
from replykit.encoder import Encoder
from replykit.message import Message
from replykit.ranking.confidence import Calibration, features
from replykit.ranking.focus import Heard, Part, join, parts
from replykit.ranking.scores import Query, Ranking, queries
from replykit.ranking.shelf import KINDS, Shelf
from replykit.understanding.language import choose_language, detect, language_code
from replykit.understanding.matters import Matter

if TYPE_CHECKING:
    from replykit.ranking.automation import Promise
    from replykit.ranking.explain import Explanation

# How sure the reply to a further matter must be: beside another sentence, beside the whole. Chosen
# on the odd lines of rambling.*.jsonl, where nine of ten that are told so are marked.
_SURE, _SURE_BESIDE_WHOLE = 0.2, 0.5


@dataclass(frozen=True)
class Suggestion:
    """One response that may answer a message.

    `confidence` is the calibrated chance that it is the right one; `missing` names the
    required details that the message lacks; `ambiguous` those found with several values.
    `matter` is the sentence of a long message that it answers, None where that is the whole.
    """

    rank: int
    id: str
    lang: str
    title: str
    confidence: float
    matched_example: str | None = None
    missing: tuple[str, ...] = ()
    ambiguous: Mapping[str, list[str]] = field(default_factory=dict)
    follow_up: tuple[str, ...] = ()
    preview: str = ""
    matter: Matter | None = None


@dataclass(frozen=True)
class Suggestions:
    """The answer to one message. `decision`: suggest, ask_details, no_match or skip.

    `auto` says whether it may go without a person at the precision `promised`, None where nobody
    asked for one. `matters` are the sentences of a long message that the suggestions answer, in
    its order; empty where it was ranked as a whole.
    """

    decision: str
    message: Message
    lang: str
    channel: str
    details: dict[str, str]
    found: tuple[Found, ...]
    items: tuple[Suggestion, ...]
    notes: tuple[str, ...] = ()
    auto: bool = False
    promised: float | None = None
    explanation: Explanation | None = None
    matters: tuple[Matter, ...] = ()

    def __iter__(self) -> Iterator[Suggestion]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, place: int) -> Suggestion:
        return self.items[place]


def suggest(
    index: Shelf,
    encoder: Encoder | None,
    messages: Sequence[Message],
    settings: Settings,
    now: datetime,
    *,
    top: int = 3,
    lang: str = "",
    channel: str = "",
    explained: bool = False,
    promise: Promise | None = None,
) -> list[Suggestions]:
    """The best `top` responses for each message, in the messages' order.

    Only live responses that are valid on the day and written for the channel are named; each id
    once, in the customer's language where it has that, else in the library's default language.
    With a `promise`, `auto` is true where the reply lacks nothing and the promise holds. A long
    message is ranked by its strongest sentences (`focus.py`); those of all messages are embedded
    as one batch.
    """
    langs = [lang or message.lang or _language(message, settings) for message in messages]
    divided = [_parts(message, lang) for message, lang in zip(messages, langs, strict=True)]
    asked = [(part.text, lang) for lang, own in zip(langs, divided, strict=True) for part in own]
    texts, languages = [text for text, _ in asked], [lang for _, lang in asked]
    prepared = iter(queries(texts, languages, encoder, index.languages))
    strange = _strange(index, encoder)
    choice = _Choice(index, settings, now.date(), top, explained, promise, strange)
    return [
        choice.of(
            message,
            list(zip(own, islice(prepared, len(own)), strict=True)),
            lang,
            channel or message.channel or "email",
        )
        for message, own, lang in zip(messages, divided, langs, strict=True)
    ]


def _parts(message: Message, lang: str) -> tuple[Part, ...]:
    """What is ranked for a message; nothing for machine mail, which nobody answers."""
    return parts(message, lang) if message.kind == "customer" else ()


def _strange(index: Shelf, encoder: Encoder | None) -> Callable[[str], bool]:
    """Says of a language whether neither examples nor the model know it."""

    @cache
    def is_strange(lang: str) -> bool:
        if encoder is None or not index.languages or lang in index.languages:
            return False
        # The embedded model is known to bridge what the test could tell (tests/test_multilingual).
        if encoder.key.startswith(EMBEDDED_MODEL):
            return False
        from replykit.ranking.multilingual import bridges

        return not bridges(encoder, lang, index.languages)

    return is_strange


def _language(message: Message, settings: Settings) -> str:
    return detect(message.matter, settings.languages, settings.language)


@dataclass(frozen=True)
class _Choice:
    """What is the same for all messages of a call: the library, and how many to name."""

    index: Shelf
    settings: Settings
    today: date
    top: int
    explained: bool
    promise: Promise | None
    strange: Callable[[str], bool]

    def of(
        self, message: Message, asked: Sequence[tuple[Part, Query]], lang: str, channel: str
    ) -> Suggestions:
        """The suggestions for one message, of which the parts are `asked`."""
        if message.kind != "customer":
            return Suggestions("skip", message, lang, channel, {}, (), (), message.notes)
        heard = [self._heard(part, query, lang, channel) for part, query in asked]
        named = join(heard)
        variants = [self._variant(item.record, lang) for item in named]
        found = _found(message, [variant for _, variant in variants[: self.top]], lang, self.today)
        items = []
        for place, item in enumerate(named[: self.top]):
            chosen, variant = variants[place]
            made = _suggestion(place + 1, item.record["id"], chosen, variant, item.confidence)
            example = self._example(item.heard.ranking, item.number)
            answered = item.heard.part.matter
            extra = _missing(variant, found)
            items.append(replace(made, matched_example=example, matter=answered, **extra))
        decision = self._decision(items, self.index.calibration(lang))
        result = Suggestions(
            decision=decision,
            message=message,
            lang=lang,
            channel=channel,
            details=details.unambiguous(found),
            found=found,
            items=tuple(items),
            notes=self._notes(message, items, lang),
            matters=_answered(items),
        )
        if self.promise:
            # What was measured on one language promises nothing of another, and what was measured
            # on whole messages nothing of their parts.
            measured = decision == "suggest" and lang in self.index.languages and len(heard) == 1
            auto = measured and self.promise.holds(items[0].confidence)
            result = replace(result, auto=auto, promised=self.promise.precision)
        if self.explained and items:
            first = named[0].heard
            near = [item.number for item in named if first.ranking.rows[item.number] >= 0]
            why = self.index.explain(first.query, first.ranking, near[: self.top + 1])
            result = replace(result, explanation=why)
        return result

    def _heard(self, part: Part, query: Query, lang: str, channel: str) -> Heard:
        """A part, its ranking, and how sure that is of each response that may be named."""
        ranking = self.index.rank(query)
        eligible = self._eligible(ranking, channel)
        confidences = _confidences(self.index.calibration(lang), ranking, list(eligible))
        return Heard(part, query, ranking, eligible, confidences)

    def _notes(self, message: Message, items: Sequence[Suggestion], lang: str) -> tuple[str, ...]:
        notes = message.notes
        if items and language_code(items[0].lang) != language_code(lang):
            notes = (*notes, f"no reply in {lang!r}; answering in {items[0].lang!r}")
        if self.strange(lang):
            notes = (*notes, f"the model does not understand {lang!r} and no example is in it: "
                     "the suggestions are guesses")  # fmt: skip
        return notes

    def _eligible(self, ranking: Ranking, channel: str) -> dict[int, dict[str, Any]]:
        """The records of the best responses that may be named, one more than are wanted."""
        eligible: dict[int, dict[str, Any]] = {}
        for number in ranking.order.tolist():
            if len(eligible) > self.top or ranking.rows[number] < 0:
                break
            record = self.index.record(number)
            record["variants"] = _usable(record["variants"], channel, self.today)
            if record["variants"]:
                eligible[number] = record
        return eligible

    def _variant(self, record: Mapping[str, Any], lang: str) -> tuple[str, dict[str, Any]]:
        chosen = choose_language(list(record["variants"]), lang, self.settings)
        return chosen, record["variants"][chosen]

    def _example(self, ranking: Ranking, number: int) -> str | None:
        """The example that is nearest, None where the title or the body is nearer."""
        row = int(ranking.rows[number])
        return self.index.text(row) if KINDS[self.index.kind[row]] == "example" else None

    def _decision(self, items: Sequence[Suggestion], calibration: Calibration) -> str:
        threshold = calibration.threshold(self.settings.abstain)
        if not items or items[0].confidence < threshold:
            return "no_match"
        return "ask_details" if items[0].missing else "suggest"


def _answered(items: Sequence[Suggestion]) -> tuple[Matter, ...]:
    """The sentences that are answered, in the order of the text: the first suggestion's, and
    those of others that are sure enough."""
    if not items:
        return ()
    least = _SURE if items[0].matter else _SURE_BESIDE_WHOLE
    sure = [item for item in items if item.rank == 1 or item.confidence >= least]
    found = {item.matter for item in sure if item.matter is not None}
    return tuple(sorted(found, key=lambda matter: matter.start))


def _usable(variants: dict[str, Any], channel: str, today: date) -> dict[str, Any]:
    """The variants that may be suggested: live, written for the channel, valid today."""

    def is_usable(variant: dict[str, Any]) -> bool:
        first, last = variant["valid_from"], variant["valid_until"]
        return (
            variant["status"] == "live"
            and channel in variant["channels"]
            and not (first and today < date.fromisoformat(first))
            and not (last and today > date.fromisoformat(last))
        )

    return {lang: variant for lang, variant in variants.items() if is_usable(variant)}


def _confidences(
    calibration: Calibration, ranking: Ranking, eligible: Sequence[int]
) -> list[float]:
    """The first one's calibrated confidence; those below share what it leaves, by their scores."""
    if not eligible:
        return []
    first = calibration.confidence(features(ranking, eligible))
    lead = [math.exp(-2.0 * lost) for lost in ranking.against(eligible[0], eligible[1:])]
    total = sum(lead) or 1.0
    found = [first]
    for share in lead:
        found.append(min(found[-1], (1.0 - first) * share / total))
    return [round(value, 4) for value in found]


def _found(
    message: Message, variants: Sequence[dict[str, Any]], lang: str, today: date
) -> tuple[Found, ...]:
    """The details of these responses that stand in the message."""
    patterns: dict[str, str] = {}
    for variant in variants:
        for item in variant["details"]:
            patterns[item["name"]] = patterns.get(item["name"]) or item["pattern"]
    return details.find_in(message, patterns.items(), lang, today)


def _suggestion(
    place: int, id: str, lang: str, variant: dict[str, Any], confidence: float
) -> Suggestion:
    return Suggestion(
        rank=place,
        id=id,
        lang=lang,
        title=variant["title"],
        confidence=confidence,
        follow_up=tuple(variant["follow_up"]),
        preview=variant["preview"],
    )


def _missing(variant: dict[str, Any], found: Sequence[Found]) -> dict[str, Any]:
    """The required details that were not found, and those found with several values."""
    known, several = details.unambiguous(found), details.ambiguous(found)
    names = [
        item["name"]
        for item in variant["details"]
        if item["required"] and not item["default"] and item["name"] not in known
    ]
    return {
        "missing": tuple(names),
        "ambiguous": {name: several[name] for name in names if name in several},
    }
