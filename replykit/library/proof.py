"""Checks response files and whole libraries: each text as it could go out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from replykit import linter as engine
from replykit.checking.check import check_text
from replykit.checking.checked import Checked
from replykit.checking.choice import family
from replykit.config import Settings
from replykit.draft import CUSTOMER_FIELDS, Draft, draft
from replykit.errors import ReplyKitError
from replykit.filling.template import Templates
from replykit.library.files import LibraryFiles, split_name
from replykit.library.front_matter import parse
from replykit.library.house import house_faults
from replykit.library.places import source_span
from replykit.library.response import Problem, Response
from replykit.library.suppress import Suppression
from replykit.library.unused import Uses, unused_in_file, unused_in_partials
from replykit.message import Message
from replykit.recognise import EXAMPLES

# Letters on either side that tell one place in a response's file from another.
_CONTEXT = 15
_SOMEBODY = {"name": "Maija Virtanen", "first_name": "Maija", "last_name": "Virtanen"}


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
    where: dict[tuple[str, int, int, str], list[str]] = {}
    for channel, sample, filled in renderings(response, templates, settings, now):
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
            key = (placed.code, placed.start, placed.end, placed.text)
            found.setdefault(key, placed)
            where.setdefault(key, []).append(channel)
    own = [_in_channels(finding, where[key], response) for key, finding in found.items()]
    findings = [*own, *unused_in_file(uses, response, source, settings)]
    findings.sort(key=lambda item: (item.start, item.code))
    checked = Checked(
        response.path, source, response.lang, response.channels[0], metrics, tuple(findings)
    )
    return checked, uses


def _in_channels(
    finding: engine.Finding, channels: Sequence[str], response: Response
) -> engine.Finding:
    """The finding, with the channels in its message where the reply is good in others."""
    own = [channel for channel in response.channels if channel in channels]
    if len(own) == len(response.channels) or family(finding.code) != "PRIV":
        return finding
    message = f"{finding.message} (in {' and '.join(own)}; `channels` says where it may go)"
    return replace(finding, message=message)


@dataclass(frozen=True)
class Filled:
    """A response as it could go out: to whom, and how they are addressed."""

    text: str
    suppressions: tuple[Suppression, ...]
    customer: Mapping[str, str]
    formal: bool


def renderings(
    response: Response, templates: Templates, settings: Settings, now: datetime
) -> Iterator[tuple[str, dict[str, str], Filled]]:
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
                filled = Filled(result.text, result.suppressions, known, formal)
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
    around = source_span(rendered[line[0] : line[1]], finding.start - line[0],
                         finding.end - line[0], source, body)  # fmt: skip
    if around:
        return replace(finding, start=around[0], end=around[1], fix=None)
    place = source.find(finding.text, body) if finding.text.strip() else -1
    if place >= 0:
        return replace(finding, start=place, end=place + len(finding.text), fix=None)
    stop = source.find("\n", body)
    return replace(finding, start=body, end=stop if stop >= 0 else len(source), fix=None)


def library_problems(library: LibraryFiles, settings: Settings, now: datetime) -> list[Problem]:
    """All that is wrong with a library: files, templates, and what its texts say."""
    from replykit.ranking import correction
    from replykit.understanding import route_file, routes

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
    found += _shared_examples(library)
    if not broken:
        found += unused_in_partials(uses, library.folder, settings)
    return sorted(set(found))


def _rendering_fault(response: Response, folder: Path, cause: str) -> Problem:
    """A template's fault as a problem at its own line, where the fault names one of this file."""
    own = re.match(rf"{re.escape(str(folder / response.path))}:(\d+): ", cause)
    if own:
        return Problem(response.path, int(own[1]), cause[own.end() :])
    return Problem(response.path, response.body_line, cause)


def _shared_examples(library: LibraryFiles) -> Iterator[Problem]:
    """An example that stands twice: of two replies neither is found by it."""
    first: dict[str, Response] = {}
    for response in library:
        lines = response.example_lines or (response.line("examples"),) * len(response.examples)
        for text, line in zip(response.examples, lines, strict=False):
            other = first.setdefault(" ".join(text.casefold().split()), response)
            # Variants of one reply may share a word that all languages have.
            if other is response and other.examples.count(text) > 1:
                told = f"examples: {text!r} stands here twice"
            elif other.id != response.id and "live" == response.status == other.status:
                told = f"examples: {text!r} is one of {other.id} too; leave it to one reply"
            else:
                continue
            yield Problem(response.path, line, told, "warning")


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
        return [_rendering_fault(response, library.folder, str(error))]
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
