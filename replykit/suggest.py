"""Ranks a library's responses for one message and decides: suggest, ask for details, or be silent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from replykit import details
from replykit.config import Settings
from replykit.details import Found
from replykit.encoder import Encoder
from replykit.index import Index
from replykit.language import detect
from replykit.message import Message
from replykit.ranking import Query, queries, rank


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
    matched_example: str | None
    missing: tuple[str, ...]
    ambiguous: dict[str, list[str]]
    follow_up: tuple[str, ...]
    preview: str


@dataclass(frozen=True)
class Suggestions:
    """The answer to one message. `decision`: suggest, ask_details, no_match or skip."""

    decision: str
    message: Message
    lang: str
    channel: str
    details: dict[str, str]
    found: tuple[Found, ...]
    items: tuple[Suggestion, ...]
    notes: tuple[str, ...] = ()
    auto: bool = False

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
) -> list[Suggestions]:
    """The best `top` responses for each message, in the messages' order.

    Only live responses that are valid on the day and written for the channel are named; each id
    once, in the customer's language where it has that, else in the library's default language.
    """
    langs = [lang or message.lang or _language(message, settings) for message in messages]
    asked = [message.matter for message in messages]
    prepared = queries(asked, langs, encoder)
    return [
        _one(index, message, query, settings, now, top, found, channel or message.channel or "email")
        for message, query, found in zip(messages, prepared, langs, strict=True)
    ]


def _language(message: Message, settings: Settings) -> str:
    return detect(message.matter, settings.languages, settings.language)


def _one(
    index: Index,
    message: Message,
    query: Query,
    settings: Settings,
    now: datetime,
    top: int,
    lang: str,
    channel: str,
) -> Suggestions:
    if message.kind != "customer":
        return Suggestions("skip", message, lang, channel, {}, (), (), message.notes)
    ranking = rank(index, query)
    eligible: list[tuple[int, dict[str, Any]]] = []
    for number in ranking.order.tolist():
        if len(eligible) > top or ranking.best_rows[number] < 0:
            break
        record = index.record(number)
        record["variants"] = _usable(record["variants"], channel, now.date())
        if record["variants"]:
            eligible.append((number, record))
    scores = [float(ranking.scores[number]) for number, _ in eligible]
    confidences = _confidences(index, scores)
    found = _found(message, [record for _, record in eligible[:top]], lang, settings)
    items = tuple(
        _suggestion(index, place, record, confidences[place], ranking.best_rows[number], found, lang, settings)
        for place, (number, record) in enumerate(eligible[:top])
    )
    threshold = index.calibration.threshold(settings.abstain)
    notes = message.notes
    if items and items[0].lang != lang:
        notes = (*notes, f"no reply in {lang!r}; answering in {items[0].lang!r}")
    if not items or items[0].confidence < threshold:
        decision = "no_match"
    else:
        decision = "ask_details" if items[0].missing else "suggest"
    known = details.unambiguous(found)
    return Suggestions(decision, message, lang, channel, known, found, items, notes)


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


def _confidences(index: Index, scores: Sequence[float]) -> list[float]:
    """The first one's calibrated confidence, and what is left of it for those below."""
    if not scores:
        return []
    second = scores[1] if len(scores) > 1 else 0.0
    first = index.calibration.confidence(scores[0], second)
    found = [first]
    for score in scores[1:]:
        share = index.calibration.confidence(score, scores[0])
        found.append(min(found[-1], share, 1.0 - first))
    return [round(value, 4) for value in found]


def _found(
    message: Message, records: Sequence[dict[str, Any]], lang: str, settings: Settings
) -> tuple[Found, ...]:
    """The details of these responses that stand in the message."""
    patterns: dict[str, str] = {}
    for record in records:
        variant = record["variants"][choose_language(record["variants"], lang, settings)]
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
    index: Index,
    place: int,
    record: dict[str, Any],
    confidence: float,
    row: int,
    found: Sequence[Found],
    lang: str,
    settings: Settings,
) -> Suggestion:
    chosen = choose_language(record["variants"], lang, settings)
    variant = record["variants"][chosen]
    known, several = details.unambiguous(found), details.ambiguous(found)
    missing = [
        item["name"]
        for item in variant["details"]
        if item["required"] and not item["default"] and item["name"] not in known
    ]
    return Suggestion(
        rank=place + 1,
        id=record["id"],
        lang=chosen,
        title=variant["title"],
        confidence=confidence,
        matched_example=index.text(row) if index.kind[row] == 0 else None,
        missing=tuple(missing),
        ambiguous={name: several[name] for name in missing if name in several},
        follow_up=tuple(variant["follow_up"]),
        preview=variant["preview"],
    )
