"""Checks drafts, texts and response files by the rules, with all that is known of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from replykit import linter as engine
from replykit.choice import family
from replykit.config import Settings
from replykit.draft import CUSTOMER_FIELDS, Draft, draft
from replykit.errors import ReplyKitError
from replykit.house import house_faults
from replykit.language import detect
from replykit.library import LibraryFiles, Problem, Response, parse, split_name
from replykit.message import REPLY_PREFIX, Message
from replykit.recognise import EXAMPLES
from replykit.report import Checked
from replykit.suppress import Suppression, covering
from replykit.template import Templates
from replykit.unused import Uses, unused_in_file, unused_in_partials

if TYPE_CHECKING:
    from replykit.reading.outgoing import Outgoing

# Letters on either side that tell one place in a response's file from another.
_CONTEXT = 15
_SOMEBODY = {"name": "Maija Virtanen", "first_name": "Maija", "last_name": "Virtanen"}


@cache
def own_words(folder: Path) -> frozenset[str]:
    """The words of the library's `_words.txt`, in small letters: a word or more a line, # begins
    a comment."""
    try:
        text = (folder / "_words.txt").read_text("utf-8-sig")
    except OSError:
        return frozenset()
    except UnicodeDecodeError:
        raise ReplyKitError(f"{folder}/_words.txt: not UTF-8; save the file as UTF-8") from None
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(word for line in lines for word in line.casefold().split())


def check_text(
    text: str,
    path: str,
    settings: Settings,
    now: datetime,
    *,
    lang: str = "",
    channel: str = "",
    message: Message | None = None,
    customer: Mapping[str, str] | None = None,
    details: Mapping[str, str] | None = None,
    reply: str = "",
    attachments: int | None = None,
    ignore: Iterable[str] = (),
    tools: engine.Tools | None = None,
    suppressions: Sequence[Suppression] = (),
) -> Checked:
    """A text's findings, without those that a template's comments suppress; its language is
    detected where it is not given."""
    lang = lang or detect(text, settings.languages, settings.language)
    channel = channel or (message.channel if message else "") or "email"
    subject = engine.Draft(
        text=text,
        lang=lang,
        channel=channel,
        message=message,
        customer=customer or {},
        details=details or {},
        agent=settings.agent_name,
        now=now,
        reply=reply,
        spelt=own_words(settings.library_path),
        attachments=attachments,
        tools=tools or engine.Tools(),
    )
    findings, metrics = engine.lint(subject, settings, ignore=ignore)
    left = tuple(item for item in findings if not any(covering(item, text, suppressions)))
    return Checked(path, text, lang, channel, metrics, left)


def check_mail(
    mail: Outgoing,
    path: str,
    settings: Settings,
    now: datetime,
    *,
    lang: str = "",
    message: Message | None = None,
    customer: Mapping[str, str] | None = None,
    details: Mapping[str, str] | None = None,
    reply: str = "",
    ignore: Iterable[str] = (),
    tools: engine.Tools | None = None,
    suppressions: Sequence[Suppression] = (),
) -> Checked:
    """The findings of a mail that is to go out, in its own words and a new subject, placed in its
    file; what it quotes is the message, where no other is given."""
    name = mail.customer.name if mail.customer else ""
    checked = check_text(
        mail.text, path, settings, now,
        lang=lang, channel="email", message=message or mail.message,
        customer={"name": name} | dict(customer or {}), details=details,
        attachments=len(mail.attachments), reply=reply, ignore=ignore, tools=tools,
        suppressions=suppressions,
    )  # fmt: skip
    # A mail that only forwards another, or carries a file, has nothing to say.
    found = [_in_mail(finding, mail) for finding in checked.findings if mail.text]
    found[:0] = _in_subject(mail, settings, now, ignore)
    return replace(checked, text=mail.source, findings=tuple(found))


def _in_mail(finding: engine.Finding, mail: Outgoing) -> engine.Finding:
    """The finding with its place in the mail's file; a fix holds where the words stand there as
    they are, and where no encoding could spoil it."""
    start, end = mail.place(finding.start, finding.end)
    fix = finding.fix
    if fix and (
        mail.source[start:end] != finding.text
        or not fix.replacement.isascii()
        or "=" in fix.replacement
    ):
        fix = None
    return replace(finding, start=start, end=end, fix=fix)


def _in_subject(
    mail: Outgoing, settings: Settings, now: datetime, ignore: Iterable[str]
) -> Iterator[engine.Finding]:
    """What is not filled in of the subject of a new mail; that of a reply is the customer's."""
    header = re.search(r"^Subject:.*$", mail.source, re.IGNORECASE | re.MULTILINE)
    if not mail.subject or REPLY_PREFIX.match(mail.subject):
        return
    line, first = (header.group(), header.start()) if header else ("", 0)
    for finding in check_text(mail.subject, "", settings, now, ignore=ignore).findings:
        if family(finding.code) == "FILL":
            place = line.find(finding.text)
            start = first + max(0, place)
            end = start + (len(finding.text) if place >= 0 else len(line))
            yield replace(finding, start=start, end=end, fix=None)


def filled(
    response: Response,
    settings: Settings,
    now: datetime,
    *,
    channel: str = "",
    message: Message | None = None,
    customer: Mapping[str, str] | None = None,
    details: Mapping[str, str] | None = None,
) -> Draft:
    """A response with what is known of a draft that comes from it; `[[name]]` where that is too
    little. Raises ReplyKitError for a detail that its pattern does not allow."""
    own = {item.name for item in response.details}
    given = {
        name: value
        for name, value in (details or {}).items()
        if name in own or name.startswith("customer.")
    }
    return draft(
        response, Templates(settings.library_path), settings, now,
        channel=channel or (message.channel if message else "") or "email",
        message=message, customer=customer, given=given, partial=True,
    )  # fmt: skip


def check_draft(
    result: Draft,
    message: Message | None,
    settings: Settings,
    now: datetime,
    ignore: Iterable[str] = (),
    tools: engine.Tools | None = None,
) -> Checked:
    """The findings of a draft that was just filled."""
    return check_text(
        result.text,
        result.id,
        settings,
        now,
        lang=result.lang,
        channel=result.channel,
        message=message,
        customer=result.customer,
        details={name: known.value for name, known in result.details.items()},
        reply=result.text,
        ignore=ignore,
        tools=tools,
        suppressions=result.suppressions,
    )


def check_response(
    response: Response,
    source: str,
    templates: Templates,
    settings: Settings,
    now: datetime,
    *,
    tools: engine.Tools | None = None,
) -> Checked:
    """What is wrong with a response's text, rendered for each of its channels, with the required
    details alone and with all; and suppressions of its file that suppress nothing.

    A finding is placed in the file where its line or its words stand there, else at the body's
    first line.
    """
    return _examine(response, source, templates, settings, now, tools)[0]


def _examine(
    response: Response,
    source: str,
    templates: Templates,
    settings: Settings,
    now: datetime,
    tools: engine.Tools | None = None,
) -> tuple[Checked, Uses]:
    """What `check_response` gives, and what came of the suppressions, those of partials too."""
    metrics = None
    uses = Uses()
    found: dict[tuple[str, int, int, str], engine.Finding] = {}
    for channel, sample, filled in _renderings(response, templates, settings, now):
        checked = check_text(
            filled.text, response.path, settings, now,
            lang=response.lang, channel=channel, details=sample, customer=filled.customer,
            tools=tools,
        )  # fmt: skip
        metrics = metrics or checked.metrics
        left = uses.left(checked, response, filled.suppressions)
        if filled.customer or filled.formal != settings.formal:
            continue  # a variant, rendered for the suppressions alone
        for finding in left:
            placed = _placed(finding, filled.text, response, source)
            found.setdefault((placed.code, placed.start, placed.end, placed.text), placed)
    findings = [*found.values(), *unused_in_file(uses, response, source, settings)]
    findings.sort(key=lambda item: (item.start, item.code))
    checked = Checked(
        response.path, source, response.lang, response.channels[0], metrics, tuple(findings)
    )
    return checked, uses


@dataclass(frozen=True)
class _Filled:
    """A response as it could go out: to whom, and how they are addressed."""

    text: str
    suppressions: tuple[Suppression, ...]
    customer: Mapping[str, str]
    formal: bool


def _renderings(
    response: Response, templates: Templates, settings: Settings, now: datetime
) -> Iterator[tuple[str, dict[str, str], _Filled]]:
    """Each channel's texts as they could go out, with made-up details. Where something is
    suppressed, also addressed the other way and to a customer with a name."""
    every = {
        item.name: EXAMPLES.get(item.name, f"tieto{n}") for n, item in enumerate(response.details)
    }
    every |= {name: "1234567" for name in every if "number" in name}
    needed = {item.name: every[item.name] for item in response.details if item.required}
    lenient = replace(
        response, details=tuple(replace(item, pattern="") for item in response.details)
    )
    nobody = dict.fromkeys(CUSTOMER_FIELDS, "")
    for channel in response.channels:
        seen: set[str] = set()
        ways = [(needed, nobody, settings.formal), (every, nobody, settings.formal)]
        for sample, customer, formal in ways:
            result = draft(
                lenient, templates, replace(settings, formal=formal), now,
                channel=channel, customer=customer, given=sample,
            )  # fmt: skip
            if (response.lint_ignore or result.suppressions) and len(ways) == 2:
                ways += [(every, _SOMEBODY, settings.formal), (every, _SOMEBODY, not formal)]
            if result.text not in seen:
                known = {name: value for name, value in customer.items() if value}
                filled = _Filled(result.text, result.suppressions, known, formal)
                yield channel, sample, filled
            seen.add(result.text)


def check_response_file(
    text: str, path: Path, settings: Settings, now: datetime, *, tools: engine.Tools | None = None
) -> Checked:
    """A response file as it stands on disk or in an editor. Raises ReplyKitError for its faults."""
    folder = settings.library_path.resolve()
    inside = path.resolve().is_relative_to(folder)
    relative = path.resolve().relative_to(folder).as_posix() if inside else path.name
    id, lang = split_name(relative, settings)
    response, problems = parse(text, relative, id, lang)
    if response is None or problems:
        raise ReplyKitError(f"{path}:{problems[0].line}: {problems[0].message}")
    templates = Templates(folder if inside else path.parent)
    checked = check_response(response, text, templates, settings, now, tools=tools)
    return replace(checked, path=str(path))


def is_response_file(text: str, path: str) -> bool:
    """Whether a text is a response rather than a draft: Markdown with front matter."""
    return path.endswith(".md") and text.startswith("---\n")


def _placed(
    finding: engine.Finding, rendered: str, response: Response, source: str
) -> engine.Finding:
    """The finding with its place in the response's file; a fix holds only where that is sure."""
    body = engine.line_starts(source)[response.body_line - 1]
    first = rendered.rfind("\n", 0, finding.start) + 1
    last = rendered.find("\n", finding.end)
    line = (first, last if last >= 0 else len(rendered))
    near = (max(line[0], finding.start - _CONTEXT), min(line[1], finding.end + _CONTEXT))
    for start, end in (line, near):
        place = source.find(rendered[start:end], body)
        if place >= 0:
            place += finding.start - start
            return replace(finding, start=place, end=place + len(finding.text))
    place = source.find(finding.text, body) if finding.text.strip() else -1
    if place >= 0:
        return replace(finding, start=place, end=place + len(finding.text), fix=None)
    stop = source.find("\n", body)
    return replace(finding, start=body, end=stop if stop >= 0 else len(source), fix=None)


def library_problems(library: LibraryFiles, settings: Settings, now: datetime) -> list[Problem]:
    """All that is wrong with a library: files, templates, and what its texts say."""
    from replykit import correction, route_file, routes

    templates = Templates(library.folder)
    found = list(library.problems)
    if cause := correction.fault(library.folder):
        found.append(Problem(correction.FILE_NAME, 1, cause))
    for line, message in route_file.faults(library.folder / routes.FILE_NAME):
        found.append(Problem(routes.FILE_NAME, line, message))
    # Without the house rules a text's findings would be others: first these, then the texts.
    broken = [Problem(*item) for item in house_faults(settings)]
    found += broken
    uses = Uses()
    for response in library:
        faults = list(templates.problems(response))
        found += [Problem(response.path, line, message) for line, message in faults]
        found += _unused_details(response)
        if not faults and not broken:
            found += _lint_problems(response, templates, library, settings, now, uses)
    if not broken:
        found += unused_in_partials(uses, library.folder, settings)
    return sorted(set(found))


def _unused_details(response: Response) -> list[Problem]:
    text = response.body + response.subject
    return [
        Problem(response.path, 1, f"details.{item.name} is used nowhere", "warning")
        for item in response.details
        if item.name not in text
    ]


def _lint_problems(
    response: Response,
    templates: Templates,
    library: LibraryFiles,
    settings: Settings,
    now: datetime,
    uses: Uses,
) -> list[Problem]:
    source = (library.folder / response.path).read_text("utf-8-sig").replace("\r\n", "\n")
    try:
        checked, own = _examine(response, source, templates, settings, now)
    except ReplyKitError as error:
        return [Problem(response.path, response.body_line, str(error))]
    uses.add(own)
    starts = engine.line_starts(source)
    return [
        Problem(
            response.path,
            engine.position(starts, finding.start)[0],
            f"{finding.code} {finding.name}: {finding.message}",
            finding.severity,
        )
        for finding in checked.findings
    ]
