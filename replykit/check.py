"""Checks drafts, texts and response files by the rules, with all that is known of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from replykit import linter as engine
from replykit.config import Settings
from replykit.draft import CUSTOMER_FIELDS, Draft, draft
from replykit.language import detect
from replykit.library import LibraryFiles, Problem, Response
from replykit.message import Message
from replykit.report import Checked
from replykit.template import Templates


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
    ignore: Iterable[str] = (),
) -> Checked:
    """A text's findings; its language is detected where it is not given."""
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
    )
    findings, metrics = engine.lint(subject, settings, ignore=ignore)
    return Checked(path, text, lang, channel, metrics, tuple(findings))


def check_draft(
    result: Draft,
    message: Message | None,
    settings: Settings,
    now: datetime,
    ignore: Iterable[str] = (),
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
        ignore=ignore,
    )


def check_response(
    response: Response, source: str, templates: Templates, settings: Settings, now: datetime
) -> Checked:
    """What is wrong with a response's text, rendered for each of its channels.

    A finding is placed in the file where its words stand there, else at the body's first line.
    """
    found: dict[tuple[str, str], engine.Finding] = {}
    metrics = None
    sample = {item.name: _sample(item.name) for item in response.details if item.required}
    for channel in response.channels:
        rendered = _render(response, templates, settings, now, channel, sample)
        checked = check_text(
            rendered, response.path, settings, now,
            lang=response.lang, channel=channel, details=sample, ignore=response.lint_ignore,
        )  # fmt: skip
        metrics = metrics or checked.metrics
        for finding in checked.findings:
            found.setdefault((finding.code, finding.text), _placed(finding, response, source))
    findings = sorted(found.values(), key=lambda item: (item.start, item.code))
    return Checked(
        response.path, source, response.lang, response.channels[0], metrics, tuple(findings)
    )


def _sample(name: str) -> str:
    return "1234567" if "number" in name else "tieto"


def _render(
    response: Response,
    templates: Templates,
    settings: Settings,
    now: datetime,
    channel: str,
    sample: Mapping[str, str],
) -> str:
    """The response as it would go out, with made-up details."""
    unchecked = tuple(
        type(item)(name=item.name, required=item.required, default=item.default)
        for item in response.details
    )
    fields = dict.fromkeys(CUSTOMER_FIELDS, "")
    lenient = type(response)(**{**response.__dict__, "details": unchecked})
    return draft(
        lenient, templates, settings, now, channel=channel, customer=fields, given=sample
    ).text


def _placed(finding: engine.Finding, response: Response, source: str) -> engine.Finding:
    """The finding with its place in the response's file; a fix holds only there."""
    body = sum(len(line) + 1 for line in source.split("\n")[: response.body_line - 1])
    start = source.find(finding.text, body)
    if start < 0 or not finding.text:
        end = source.find("\n", body)
        start, stop, fix = body, len(source) if end < 0 else end, None
    else:
        stop, fix = start + len(finding.text), finding.fix
    return type(finding)(**{**finding.__dict__, "start": start, "end": stop, "fix": fix})


def library_problems(
    library: LibraryFiles, settings: Settings, now: datetime
) -> list[Problem]:
    """All that is wrong with a library: files, templates, and what its texts say."""
    templates = Templates(library.folder)
    found = list(library.problems)
    for response in library:
        faults = list(templates.problems(response))
        found += [Problem(response.path, line, message) for line, message in faults]
        found += _unused_details(response)
        if not faults:
            found += _lint_problems(response, templates, library, settings, now)
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
) -> list[Problem]:
    from replykit.errors import ReplyKitError

    source = (library.folder / response.path).read_text("utf-8-sig").replace("\r\n", "\n")
    try:
        checked = check_response(response, source, templates, settings, now)
    except ReplyKitError as error:
        return [Problem(response.path, response.body_line, str(error))]
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
