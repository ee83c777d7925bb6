"""Says what a message is: whose, about what, in what mood, and what to do with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from replykit import details, recognise
from replykit.config import Settings
from replykit.details import Found
from replykit.message import Message
from replykit.understanding import matters, mood, routes
from replykit.understanding.language import detect
from replykit.understanding.matters import Matter

if TYPE_CHECKING:
    from replykit.suggest import Suggestions
    from replykit.understanding.hints import Listener

KINDS = ("customer", "auto_reply", "bounce", "bulk", "system", "spam")
ROUTES = ("answer", "ask_details", "escalate", "ignore")


@dataclass(frozen=True)
class Known:
    """What a triage goes by beside the message: the words that escalate, who ranks the library for
    a message, and who hears what is embedded for that, to say what it hints at (None where nobody
    does)."""

    words: routes.RouteWords
    rank: Callable[[Message], Suggestions] | None = None
    listener: Listener | None = None


@dataclass(frozen=True)
class Triage:
    """One message, understood.

    `reasons` say why it is of its kind and goes its route; `signals` are the words that carry
    urgency and sentiment, by name.
    """

    message: Message
    lang: str
    kind: str
    route: str
    reasons: tuple[str, ...]
    urgency: str = "normal"
    sentiment: str = "neutral"
    signals: Mapping[str, Sequence[str]] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    found: tuple[Found, ...] = ()
    questions: tuple[str, ...] = ()
    matters: tuple[Matter, ...] = ()


def triage(message: Message, settings: Settings, now: datetime, known: Known) -> Triage:
    """Reads all that a message says. Machine mail goes no further than its kind."""
    lang = message.lang or detect(message.matter, settings.languages, settings.language)
    if message.kind != "customer":
        return Triage(message, lang, message.kind, "ignore", message.reasons)
    ranked = known.rank(message) if known.rank else None
    found = _found(message, lang, now, ranked.found if ranked else ())
    escalating: Sequence[routes.Reason] = routes.reasons(message.matter, lang, known.words)
    urgency, hurry = mood.urgency(message.matter, lang)
    sentiment, feelings = mood.sentiment(message.matter, lang)
    hints: Sequence[str] = ()
    if ranked is not None and known.listener:
        heard, told = known.listener.heard(lang), (message.matter, known.words)
        escalating = heard.standing(escalating, *told)
        hints = heard.said(*told, {item.name for item in escalating})
    reasons = [*(f"{item.name}: {item.text}" for item in escalating), *hints]
    route = "escalate" if reasons else "answer"
    if not reasons and ranked and ranked.decision == "ask_details":
        route = "ask_details"
        reasons.append(f"the best reply, {ranked[0].id}, needs: {', '.join(ranked[0].missing)}")
    return Triage(
        message=message,
        lang=lang,
        kind="customer",
        route=route,
        reasons=(*message.reasons, *reasons),
        urgency=urgency,
        sentiment=sentiment,
        signals={"urgency": hurry, "sentiment": feelings},
        details=details.unambiguous(found),
        found=found,
        questions=matters.questions(message.text, lang),
        matters=matters.matters(message.text, lang),
    )


def _found(message: Message, lang: str, now: datetime, own: Sequence[Found]) -> tuple[Found, ...]:
    """The details of the likeliest replies and the built-in ones, in the order of the text; where
    two share a place, those of the replies."""
    taken = {(item.start, item.end) for item in own if item.end}
    general = [
        item
        for item in recognise.find(message.text, lang, message.day(now.date()))
        if not any(start < item.end and item.start < end for start, end in taken)
    ]
    unique = {(item.name, item.start, item.end, item.value): item for item in (*own, *general)}
    return tuple(sorted(unique.values(), key=lambda item: (item.start, item.end, item.name)))
