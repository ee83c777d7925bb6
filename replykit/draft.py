"""Fills one response with what is known and says what is still missing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from replykit import details as finder
from replykit.config import Settings
from replykit.details import Found, Known
from replykit.errors import ReplyKitError
from replykit.filling import asking
from replykit.filling.template import Templates, Values
from replykit.library.files import LibraryFiles
from replykit.library.response import Detail, Response
from replykit.library.suppress import Suppression
from replykit.message import Message
from replykit.understanding.language import choose_language
from replykit.understanding.names import person_name

CUSTOMER_FIELDS = ("name", "first_name", "last_name", "email", "phone", "company")
# What mailers of several languages put before a subject, some with a count: Re[2]:, AW:, VS:, SV:.
_PREFIXES = re.compile(
    r"^(?P<tags>(?:\[[^\[\]]{1,60}\] ?)*)"
    r"(?:(?:re|vs|sv|aw|antw|antwort|odp|ynt|vl|fw|fwd|wg|rv) ?(?:[\[(]\d{1,4}[\])] ?)?[:：] ?)+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Draft:
    """A filled reply. `missing` names required details that nobody gave; `text` then holds
    `[[name]]` in their places, the message that asks the customer for them (`asking`), or nothing
    where neither was wanted."""

    id: str
    lang: str
    channel: str
    subject: str
    text: str
    missing: tuple[Detail, ...] = ()
    ambiguous: Mapping[str, list[str]] = field(default_factory=dict)
    details: Mapping[str, Known] = field(default_factory=dict)
    customer: Mapping[str, str] = field(default_factory=dict)
    follow_up: tuple[str, ...] = ()
    path: str = ""
    asking: bool = False
    suppressions: tuple[Suppression, ...] = ()

    @property
    def lacks(self) -> bool:
        """Whether a required detail is missing that the text does not ask for."""
        return bool(self.missing) and not self.asking


def find_response(library: LibraryFiles, id: str, lang: str, settings: Settings) -> Response:
    """The variant of an id for a language. Raises ReplyKitError with the nearest id."""
    variants = library.variants.get(id)
    if not variants:
        near = difflib.get_close_matches(id, library.variants, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ReplyKitError(f"{settings.library}: no response {id!r}{hint}")
    return variants[choose_language(list(variants), lang, settings)]


def draft(
    response: Response,
    templates: Templates,
    settings: Settings,
    now: datetime,
    *,
    channel: str,
    message: Message | None = None,
    customer: Mapping[str, str] | None = None,
    given: Mapping[str, str] | None = None,
    ask: Callable[[Detail], str] | None = None,
    partial: bool = False,
    ask_customer: bool = False,
) -> Draft:
    """Fills a response. Values in rising precedence: defaults, the customer's record, the
    message, `given` (--set), `ask` (called for each required detail still missing). With
    `ask_customer` the message that asks for what is missing then is written in its place.

    Raises ReplyKitError for a value that its pattern does not allow, an unknown name, and
    whatever is wrong with the template.
    """
    given = dict(given or {})
    _check_names(response, given)
    person = _customer(message, customer or {}, given)
    known, several = _details(response, message, customer or {}, given, now.date())
    missing = [item for item in response.details if item.required and item.name not in known]
    if ask:
        for item in missing:
            if value := ask(item):
                known[item.name] = Known(value, "asked")
        missing = [item for item in missing if item.name not in known]
    result = Draft(
        id=response.id,
        lang=response.lang,
        channel=channel,
        subject="",
        text="",
        missing=tuple(missing),
        ambiguous={item.name: several[item.name] for item in missing if item.name in several},
        details=known,
        customer={name: value for name, value in person.items() if value},
        follow_up=response.follow_up,
        path=response.path,
    )
    if missing and not partial and not ask_customer:
        return result
    names = _names(response, settings, now, channel, message, person, known, missing)
    if missing and ask_customer:
        text = asking.ask_customer(response, templates, names, missing, result.ambiguous)
        subject = _reply_subject(message) or asking.subject(response.lang)
        return replace(result, text=text, subject=subject, asking=True)
    text, suppressions = templates.render_all(response, response.body, names)
    subject = _subject(response, templates, names, message)
    return replace(result, text=text, subject=subject, suppressions=suppressions)


def _check_names(response: Response, given: Mapping[str, str]) -> None:
    """`--set` takes details of the response and fields of the customer."""
    names = [item.name for item in response.details]
    known = names + [f"customer.{name}" for name in CUSTOMER_FIELDS]
    for name in given:
        if name in names or name.startswith("customer."):
            continue
        near = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"it has: {', '.join(names) or 'none'}"
        raise ReplyKitError(f"--set {name}: {response.id} has no such detail; {hint}")


def _customer(
    message: Message | None, record: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """The customer's fields; each part of a name follows the source that gave the name."""
    person = _with(dict.fromkeys(CUSTOMER_FIELDS, ""), record)
    if message:
        person = _with(person, {"name": message.sender_name, "email": message.sender_address})
    own = {
        name.removeprefix("customer."): value
        for name, value in given.items()
        if name.startswith("customer.")
    }
    return _with(person, own)


def _with(person: Mapping[str, str], record: Mapping[str, str]) -> dict[str, str]:
    """The person with what a further source knows; that source's name replaces the whole name."""
    fields = {name: _one_line(value) for name, value in record.items()}
    fields = {name: value for name, value in fields.items() if value or name not in person}
    name = fields.get("name", "")
    if name and "first_name" not in fields and "last_name" not in fields:
        full = person_name(name)  # a firm has a name, but no first one
        words = full.split()
        fields["name"] = full or name
        fields["first_name"] = words[0] if words else ""
        fields["last_name"] = words[-1] if len(words) > 1 else ""
    elif not name and ("first_name" in fields or "last_name" in fields):
        both = dict(person) | fields
        parts = both["first_name"], both["last_name"]
        fields["name"] = " ".join(part for part in parts if part)
    return dict(person) | fields


def _one_line(text: object) -> str:
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f]", " ", str(text or "")).split())


def _details(
    response: Response,
    message: Message | None,
    record: Mapping[str, str],
    given: Mapping[str, str],
    today: date,
) -> tuple[dict[str, Known], dict[str, list[str]]]:
    """The values of the response's details, and those found in the message with several."""
    known: dict[str, Known] = {}
    found: tuple[Found, ...] = ()
    if message:
        wanted = [(item.name, item.pattern) for item in response.details]
        found = finder.find_in(message, wanted, message.lang or response.lang, today)
    in_message = finder.unambiguous(found)
    several = finder.ambiguous(found)
    for item in response.details:
        recorded = _one_line(record.get(item.name, ""))
        recorded = recorded and finder.accepted(
            item.name, item.pattern, recorded, response.lang, today
        )
        if item.default:
            known[item.name] = Known(item.default, "default")
        if recorded:
            known[item.name] = Known(recorded, "customer")
        if item.name in in_message:
            known[item.name] = Known(in_message[item.name], "message")
        elif item.name in several and item.required:
            known.pop(item.name, None)
        if item.name in given:
            known[item.name] = Known(
                checked(item, given[item.name], "--set", response.lang, today), "set"
            )
    return known, several


def checked(item: Detail, value: str, place: str, lang: str, today: date) -> str:
    """The value in one line and in the form in which it is used, where the detail's pattern or
    its built-in name allows it. Raises ReplyKitError."""
    value = _one_line(value)
    if not value:
        raise ReplyKitError(f"{place} {item.name}: the value is empty")
    used = finder.accepted(item.name, item.pattern, value, lang, today)
    if not used:
        why = finder.refusal(item.name, item.pattern, value)
        raise ReplyKitError(f"{place} {item.name}: {why}")
    return used


def _names(
    response: Response,
    settings: Settings,
    now: datetime,
    channel: str,
    message: Message | None,
    person: Mapping[str, str],
    known: Mapping[str, Known],
    missing: list[Detail],
) -> dict[str, object]:
    """All that the template may name."""
    names = _names_of_hours(settings, now)
    names |= {item.name: "" for item in response.details}
    names |= {name: value.value for name, value in known.items()}
    names |= {item.name: f"[[{item.name}]]" for item in missing}
    return names | {
        "customer": Values("customer", person, source=bool(settings.customers)),
        "agent": Values("agent", {"name": settings.agent_name, "team": settings.agent_team}),
        "message": Values(
            "message",
            {
                "subject": message.subject if message else "",
                "text": message.text if message else "",
            },
        ),
        "channel": channel,
        "lang": response.lang,
        "formal": settings.formal,
        "now": now,
    }


def _names_of_hours(settings: Settings, now: datetime) -> dict[str, object]:
    """`opening` and `promise`, where the settings have opening hours."""
    if not settings.opening:
        return {}
    from replykit.filling.opening import template_names

    fields, promise = template_names(settings.opening, now)
    return {"opening": Values("opening", {}, fields), "promise": promise}


def _subject(
    response: Response, templates: Templates, names: Mapping[str, object], message: Message | None
) -> str:
    """A reply keeps its thread's subject; a new mail gets the response's own."""
    if subject := _reply_subject(message):
        return subject
    if not response.subject:
        return ""
    return _one_line(templates.render(response, response.subject, names))


def _reply_subject(message: Message | None) -> str:
    """The message's subject with one `Re:`, whatever its prefixes were; nothing where it has none.

    A tag before or between them stays: `[EXT] VS: Re[2]: Order` is `Re: [EXT] Order`.
    """
    bare = _one_line(message.subject) if message else ""
    while match := _PREFIXES.match(bare):
        bare = match["tags"] + bare[match.end() :]
    return f"Re: {bare.strip()}" if bare.strip() else ""
