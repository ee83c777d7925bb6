"""Ranks a library's responses for a message and decides: suggest, ask for details, be silent."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any

from replykit import details
from replykit.automation import Promise
from replykit.confidence import Calibration, features
from replykit.config import EMBEDDED_MODEL, Settings
from replykit.details import Found
from replykit.encoder import Encoder
from replykit.explain import Explanation, explain
from replykit.index import KINDS, Index
from replykit.language import detect
from replykit.message import Message
from replykit.ranking import Query, Ranking, queries, rank


@dataclass(frozen=True)
class Suggestion:
    """One response that may answer a message.

    `confidence` is the calibrated chance that it is the right one; `missing` names the
    required details that the message lacks; `ambiguous` those found with several values.
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


@dataclass(frozen=True)
class Suggestions:
    """The answer to one message. `decision`: suggest, ask_details, no_match or skip.

    `auto` says whether it may go without a person at the precision `promised`, None where nobody
    asked for one.
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

    def __iter__(self) -> Iterator[Suggestion]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, place: int) -> Suggestion:
        return self.items[place]


def suggest(
    index: Index,
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
    With a `promise`, `auto` is true where the reply lacks nothing and the promise holds.
    """
    langs = [lang or message.lang or _language(message, settings) for message in messages]
    asked = [message.matter for message in messages]
    prepared = queries(asked, langs, encoder, index.languages)
    strange = _strange(index, encoder)
    choice = _Choice(index, settings, now.date(), top, explained, promise, strange)
    return [
        choice.of(message, query, channel or message.channel or "email")
        for message, query in zip(messages, prepared, strict=True)
    ]


def _strange(index: Index, encoder: Encoder | None) -> Callable[[str], bool]:
    """Says of a language whether neither examples nor the model know it."""

    @cache
    def is_strange(lang: str) -> bool:
        if encoder is None or not index.languages or lang in index.languages:
            return False
        # The embedded model is known to bridge what the test could tell (tests/test_multilingual).
        if encoder.key.startswith(EMBEDDED_MODEL):
            return False
        from replykit.multilingual import bridges

        return not bridges(encoder, lang, index.languages)

    return is_strange


def _language(message: Message, settings: Settings) -> str:
    return detect(message.matter, settings.languages, settings.language)


@dataclass(frozen=True)
class _Choice:
    """What is the same for all messages of a call: the library, and how many to name."""

    index: Index
    settings: Settings
    today: date
    top: int
    explained: bool
    promise: Promise | None
    strange: Callable[[str], bool]

    def of(self, message: Message, query: Query, channel: str) -> Suggestions:
        """The suggestions for one message."""
        lang = query.lang
        if message.kind != "customer":
            return Suggestions("skip", message, lang, channel, {}, (), (), message.notes)
        ranking = rank(self.index, query)
        eligible = self._eligible(ranking, channel)
        calibration = self.index.calibration(lang)
        confidences = _confidences(calibration, ranking, list(eligible))
        variants = [self._variant(record, lang) for record in eligible.values()]
        found = _found(message, [variant for _, variant in variants[: self.top]])
        items = []
        for place, (number, record) in enumerate(islice(eligible.items(), self.top)):
            chosen, variant = variants[place]
            example = self._example(ranking, number)
            item = _suggestion(place + 1, record["id"], chosen, variant, confidences[place])
            items.append(replace(item, matched_example=example, **_missing(variant, found)))
        notes = message.notes
        if items and items[0].lang != lang:
            notes = (*notes, f"no reply in {lang!r}; answering in {items[0].lang!r}")
        if self.strange(lang):
            notes = (*notes, f"the model does not understand {lang!r} and no example is in it: "
                     "the suggestions are guesses")  # fmt: skip
        decision = self._decision(items, calibration)
        known = details.unambiguous(found)
        result = Suggestions(decision, message, lang, channel, known, found, tuple(items), notes)
        if self.promise:
            # What was measured on one language promises nothing of another.
            measured = decision == "suggest" and lang in self.index.languages
            auto = measured and self.promise.holds(items[0].confidence)
            result = replace(result, auto=auto, promised=self.promise.precision)
        if self.explained and items:
            why = explain(self.index, query, ranking, list(eligible))
            result = replace(result, explanation=why)
        return result

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

    def _variant(self, record: dict[str, Any], lang: str) -> tuple[str, dict[str, Any]]:
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


def choose_language(variants: Sequence[str], lang: str, settings: Settings) -> str:
    """The customer's language where there is a variant, else the default one, else any."""
    for wanted in (lang, settings.language):
        if wanted in variants:
            return wanted
    return sorted(variants)[0]


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


def _found(message: Message, variants: Sequence[dict[str, Any]]) -> tuple[Found, ...]:
    """The details of these responses that stand in the message."""
    patterns: dict[str, str] = {}
    for variant in variants:
        for item in variant["details"]:
            if item["pattern"]:
                patterns.setdefault(item["name"], item["pattern"])
    return find_details(message, patterns)


def find_details(message: Message, patterns: dict[str, str]) -> tuple[Found, ...]:
    """Details in what the customer wrote: in the text, else in the subject.

    Places count in the text; one that stands in the subject alone has start and end 0.
    """
    found: list[Found] = []
    for name, pattern in patterns.items():
        here = details.find(name, pattern, message.text)
        if not here:
            beside = details.find(name, pattern, f"{message.subject}\n{message.signature}")
            here = [Found(name, item.value, 0, 0, item.confidence * 0.95) for item in beside]
        found += here
    return tuple(found)


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
