"""What a call of lint is told of its drafts: by options, a response's id, a line of a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.config import CHANNELS, Settings
from replykit.errors import ReplyKitError
from replykit.linter import Tools

if TYPE_CHECKING:
    from replykit.library.suppress import Suppression
    from replykit.message import Message


@dataclass(frozen=True)
class Told:
    """What is known of drafts before they are read. `for_responses` are the tools for response
    files: a library's texts are many and seldom new, so no server is started for them unasked."""

    lang: str = ""
    channel: str = ""
    message: Message | None = None
    customer: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    reply: str = ""
    suppressions: tuple[Suppression, ...] = ()
    tools: Tools = field(default_factory=Tools)
    for_responses: Tools = field(default_factory=Tools)


def by_options(
    settings: Settings,
    *,
    message: Message | None,
    customer: Path | None,
    pairs: list[str],
    say: Callable[[str], None],
) -> Told:
    """What `--message`, `--customer` and `--set` tell; the customer's record is looked up."""
    from replykit.customers import find_customer
    from replykit.details import parse_set

    given = parse_set(pairs)
    record = find_customer(settings, message, given, file=customer, say=say)
    own = {
        name.removeprefix("customer."): value
        for name, value in given.items()
        if name.startswith("customer.")
    }
    return Told(message=message, customer=record | own, details=given)


def with_response(told: Told, id: str, settings: Settings, now: datetime) -> Told:
    """What the response that a draft comes from adds: its text, as far as it can be filled, and
    what it suppresses. Raises ReplyKitError for an unknown id."""
    from replykit.draft import find_response
    from replykit.library.files import read_one
    from replykit.library.proof import filled
    from replykit.understanding.language import detect

    message = told.message
    lang = told.lang or (message.lang if message else "") or settings.language
    if message and not told.lang and not message.lang:
        lang = detect(message.matter, settings.languages, settings.language)
    response = find_response(read_one(settings, id), id, lang, settings)
    reply = filled(
        response, settings, now, channel=told.channel, message=message,
        customer=told.customer, details=told.details,
    )  # fmt: skip
    return replace(
        told, ignore=response.lint_ignore, reply=reply.text, suppressions=reply.suppressions
    )


def by_line(record: dict[str, Any], place: str, told: Told) -> tuple[str, Told]:
    """The text of a batch's line, and what the line tells of it over what is told of all.

    Raises ReplyKitError that begins with the place for a value of another kind.
    """
    from replykit.details import as_texts
    from replykit.reading.record import from_record
    from replykit.understanding.language import language_tag

    text, details = record.get("text"), record.get("details") or {}
    if not isinstance(text, str) or not text.strip():
        raise ReplyKitError(f'{place}: "text" is missing or empty')
    if not isinstance(details, dict):
        raise ReplyKitError(f'{place}: "details" is not an object')
    said = record.get("message") or None
    said = {"text": said} if isinstance(said, str) else said
    if said is not None and not (isinstance(said, dict) and isinstance(said.get("text"), str)):
        raise ReplyKitError(f'{place}: "message" is neither text nor an object with "text"')
    lang, channel = record.get("lang") or "", record.get("channel") or ""
    if not isinstance(lang, str) or not isinstance(channel, str):
        raise ReplyKitError(f'{place}: "lang" and "channel" are texts')
    try:
        lang = language_tag(lang, ())
    except ReplyKitError as error:
        raise ReplyKitError(f"{place}: {error}") from None
    if channel and channel not in CHANNELS:
        raise ReplyKitError(f"{place}: channel {channel}: known: {', '.join(CHANNELS)}")
    return text, replace(
        told,
        lang=told.lang or lang,
        channel=told.channel or channel,
        message=from_record(said) if said else told.message,
        details={**told.details, **as_texts(details)},
    )
