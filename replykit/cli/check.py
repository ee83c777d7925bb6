"""Commands that judge: lint, rules."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replykit.cli.answer import Channel, Lang
from replykit.cli.common import (
    Exit,
    Run,
    batch_lines,
    channel_option,
    command,
    read_message,
    read_stdin,
    say_not_run,
)
from replykit.config import SEVERITIES, Settings
from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    from replykit.engines import Engines
    from replykit.linter import Tools
    from replykit.message import Message
    from replykit.report import Checked
    from replykit.suppress import Suppression

_STDIN = Path("-")
FORMATS = ("text", "json", "github", "junit", "rdjsonl", "sarif")


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(lint)
    app.command()(rules)


@partial(command, formats=FORMATS)
def lint(
    run: Run,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Drafts or response files; - is standard input.")
    ] = None,
    *,
    message: Annotated[Path | None, typer.Option(help="The message that is answered.")] = None,
    response: Annotated[str | None, typer.Option(help="The id of the reply it comes from.")] = None,
    customer: Annotated[Path | None, typer.Option(help="The customer's record.")] = None,
    set: Annotated[list[str] | None, typer.Option(help="A known detail: name=value.")] = None,
    batch: Annotated[Path | None, typer.Option(help="JSON Lines with id and text.")] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Apply the safe fixes.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Apply the other fixes too.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show fixes, apply none.")] = False,
    fail_on: Annotated[str | None, typer.Option(help="error, warning or suggestion.")] = None,
    select: Annotated[
        list[str] | None, typer.Option(help="Only these rules: codes, families or names.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Without these rules.")] = None,
    stdin_filename: Annotated[
        str | None, typer.Option(help="The name that standard input goes by.")
    ] = None,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Without checks that need the model.")
    ] = False,
    require: Annotated[
        list[str] | None,
        typer.Option(help="Fail where this check cannot run: grammar or meaning."),
    ] = None,
    lang: Lang = None,
    channel: Channel = None,
) -> None:
    """Check drafts before they go out."""
    from replykit.engines import Engines

    paths = files or ([] if batch else [_STDIN])
    _refuse(paths, batch, message, fixing=fix or unsafe_fixes or diff)
    settings = _with_choices(run.settings, fail_on, select, ignore)
    known = _known(run, message, customer, set or [])
    known = replace(known, lang=lang or "", channel=channel_option(channel))
    known = _with_response(run, known, response) if response else known
    engines = Engines(
        settings,
        no_model=no_model,
        at_terminal=sys.stdout.isatty() and batch is None,
        required=_names(require or []),
    )
    known = replace(known, engines=engines)
    if batch is not None:
        code = _lint_batch(run, settings, batch, known, engines)
    else:
        how = _Fixing(wanted=fix or unsafe_fixes, unsafe=unsafe_fixes, diff=diff)
        job = _Job(run, settings, known, how)
        checked = [_lint_file(job, path, stdin_filename or "") for path in paths]
        _print(run, checked, how, engines)
        code = _exit_code(checked, settings.lint_fail_on)
    engines.refuse_missing()
    raise typer.Exit(code)


@dataclass(frozen=True)
class _Known:
    """What the command line tells of the drafts."""

    lang: str = ""
    channel: str = ""
    message: Message | None = None
    customer: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    reply: str = ""
    suppressions: tuple[Suppression, ...] = ()
    engines: Engines | None = None

    @property
    def tools(self) -> Tools | None:
        return self.engines.tools if self.engines else None


@dataclass(frozen=True)
class _Fixing:
    """What is to happen to fixes."""

    wanted: bool
    unsafe: bool
    diff: bool


@dataclass(frozen=True)
class _Job:
    """What holds for every file of one call."""

    run: Run
    settings: Settings
    known: _Known
    how: _Fixing


def _refuse(paths: list[Path], batch: Path | None, message: Path | None, *, fixing: bool) -> None:
    """Raises ReplyKitError where options contradict one another."""
    if batch and paths:
        raise ReplyKitError("lint: give files or --batch, not both")
    if batch and fixing:
        raise ReplyKitError("lint --batch fixes nothing; its findings carry their fixes")
    if message == _STDIN and _STDIN in (*paths, batch):
        raise ReplyKitError("lint: only one of --message and the draft can be standard input")


def _with_choices(
    settings: Settings, fail_on: str | None, select: list[str] | None, ignore: list[str] | None
) -> Settings:
    """The settings with this command's short flags for them."""
    from replykit.choice import selecting
    from replykit.rules import check_choice

    if fail_on is not None:
        if fail_on not in SEVERITIES:
            raise ReplyKitError(f"--fail-on {fail_on}: known: {', '.join(SEVERITIES)}")
        settings = replace(settings, lint_fail_on=fail_on)
    if select:
        settings = selecting(settings, _names(select))
    if ignore:
        settings = replace(settings, lint_ignore=(*settings.lint_ignore, *_names(ignore)))
    check_choice(settings)
    return settings


def _names(given: list[str]) -> tuple[str, ...]:
    return tuple(name for text in given for name in text.replace(",", " ").split())


def _known(run: Run, message: Path | None, customer: Path | None, pairs: list[str]) -> _Known:
    from replykit.customers import find_customer
    from replykit.details import parse_set

    asked = read_message(message, run) if message else None
    given = parse_set(pairs)
    record = find_customer(run.settings, asked, given, file=customer, say=run.say)
    own = {
        name.removeprefix("customer."): value
        for name, value in given.items()
        if name.startswith("customer.")
    }
    return _Known(message=asked, customer=record | own, details=given)


def _with_response(run: Run, known: _Known, id: str) -> _Known:
    """What the response that a draft comes from adds: its text, as far as it can be filled, and
    what it suppresses."""
    from replykit.check import filled
    from replykit.draft import find_response
    from replykit.language import detect
    from replykit.library import read_one

    settings, message = run.settings, known.message
    lang = known.lang or (message.lang if message else "") or settings.language
    if message and not known.lang and not message.lang:
        lang = detect(message.matter, settings.languages, settings.language)
    response = find_response(read_one(settings, id), id, lang, settings)
    reply = filled(
        response, settings, run.now, channel=known.channel, message=message,
        customer=known.customer, details=known.details,
    )  # fmt: skip
    return replace(
        known, ignore=response.lint_ignore, reply=reply.text, suppressions=reply.suppressions
    )


def _lint_file(job: _Job, path: Path, stdin_name: str) -> Checked:
    """One draft's findings; one that cannot be read costs only itself."""
    from replykit.report import Checked, printable

    name = (stdin_name or "-") if path == _STDIN else str(path)
    try:
        data = _read(path)
        check = _checker(job, data, name)
        checked = check(data)
        if job.how.wanted or job.how.diff:
            checked = _fix(job, checked, data, path, lambda text: check(text.encode()))
    except ReplyKitError as error:
        print(f"replykit: {printable(str(error))}", file=sys.stderr)
        return Checked(name, error=str(error))
    return checked


def _checker(job: _Job, data: bytes, name: str) -> Callable[[bytes], Checked]:
    """How a draft is checked: as a mail that is to go out, or as a text."""
    from replykit.reading.outgoing import is_mail

    if is_mail(data, name):
        return partial(_check_mail, job, name)
    return lambda data: _check(
        job.run, job.settings, _decoded(data, name, job.run), name, job.known
    )


def _check_mail(job: _Job, name: str, data: bytes) -> Checked:
    """A mail's findings; what is not told of its customer is looked up by their address."""
    from replykit.check import check_mail
    from replykit.customers import find_customer
    from replykit.reading.outgoing import read_outgoing

    known = job.known
    mail = read_outgoing(data, name)
    if not mail.text:
        job.run.say(f"{name}: the mail has no words of its own")
    customer = known.customer
    if mail.customer and not customer:
        told = {"customer.email": mail.customer.address, "customer.name": mail.customer.name}
        customer = find_customer(job.settings, None, told | dict(known.details), say=job.run.say)
    return check_mail(
        mail,
        name,
        job.settings,
        job.run.now,
        lang=known.lang,
        message=known.message,
        customer=customer,
        details=known.details,
        reply=known.reply,
        ignore=known.ignore,
        tools=known.tools,
        suppressions=known.suppressions,
    )


def _read(path: Path) -> bytes:
    if path == _STDIN:
        return read_stdin()
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None


def _decoded(data: bytes, name: str, run: Run) -> str:
    from replykit.reading.text import decode_text

    text, notes = decode_text(data, name)
    for note in notes:
        run.say(f"{name}: {note}")
    if not text.strip():
        raise ReplyKitError(f"{name}: the draft is empty")
    return text


def _check(run: Run, settings: Settings, text: str, name: str, known: _Known) -> Checked:
    from replykit.check import check_response_file, check_text, is_response_file

    if is_response_file(text, name):
        # A library's texts are many and seldom new: no server is started for them unasked.
        wanted = known.engines and "grammar" in known.engines.required
        return check_response_file(
            text, Path(name), settings, run.now, tools=known.tools if wanted else None
        )
    return check_text(
        text,
        name,
        settings,
        run.now,
        lang=known.lang,
        channel=known.channel,
        message=known.message,
        customer=known.customer,
        details=known.details,
        reply=known.reply,
        ignore=known.ignore,
        tools=known.tools,
        suppressions=known.suppressions,
    )


def _fix(
    job: _Job, checked: Checked, data: bytes, path: Path, check: Callable[[str], Checked]
) -> Checked:
    """Shows fixes, or applies them: to the file, or to the text that came in."""
    from replykit.linter import fix_all
    from replykit.paths import write_text
    from replykit.report import diff_text

    text = checked.text
    fixed = fix_all(text, lambda now: check(now).findings, unsafe=job.how.unsafe)
    if job.how.diff:
        return replace(checked, diff=diff_text(text, fixed, checked.path))
    if fixed != text:
        if path != _STDIN:
            write_text(path, _as_it_was(fixed, text, data, path))
        checked = check(fixed)
    return replace(checked, fixed=fixed) if path == _STDIN else checked


def _as_it_was(fixed: str, text: str, data: bytes, path: Path) -> str:
    """The fixed text with the file's own line ends and mark; a file in another code is left."""
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    for end in ("\n", "\r\n"):
        if (mark + text.replace("\n", end)).encode("utf-8", "replace") == data:
            return mark + fixed.replace("\n", end)
    raise ReplyKitError(f"{path}: not fixed, for it is not plain UTF-8; save it as UTF-8 first")


def _print(run: Run, checked: list[Checked], how: _Fixing, engines: Engines) -> None:
    """Findings on stdout, except where the fixed text or the diff stands there."""
    from replykit.report import lint_json, lint_text, plain

    if run.json:
        run.print_json(lint_json(checked, engines.not_run))
        return
    say_not_run(run, engines.not_run, engines.required)
    if run.format != "text":
        from replykit.formats import render

        print(render(run.format, checked))
        return
    found = lint_text(checked, run.style if run.color else plain)
    texts = [item.diff or item.fixed or "" for item in checked]
    taken = how.diff or any(item.fixed is not None for item in checked)
    if not taken:
        print(found, end="\n" if found else "")
        return
    sys.stdout.write("".join(f"{text}\n" if how.diff and text else text for text in texts))
    print(found.rpartition("\n")[2] if how.diff else found, file=sys.stderr)


def _exit_code(checked: list[Checked], fail_on: str) -> Exit:
    from replykit.linter import worst

    if any(item.error for item in checked):
        return Exit.USAGE
    findings = [finding for item in checked for finding in item.findings]
    return Exit.NO if worst(findings, fail_on) else Exit.OK


def _lint_batch(run: Run, settings: Settings, path: Path, known: _Known, engines: Engines) -> Exit:
    """A `replykit.lint/1` object per line, with the line's id, as soon as it is done."""
    from replykit.report import lint_json

    failed = False
    for number, record in batch_lines(path):
        id = record.get("id") if isinstance(record, dict) else None
        try:
            if isinstance(record, str):
                raise ReplyKitError(record)
            text, own = _from_line(record, f"line {number}", known)
            name = str(id) if id is not None else f"line {number}"
            checked = [_check(run, settings, text, name, own)]
            run.print_json({"id": id} | lint_json(checked, engines.not_run))
        except ReplyKitError as error:
            run.print_json({"id": id, "error": str(error)})
            failed = True
        sys.stdout.flush()
    return Exit.USAGE if failed else Exit.OK


def _from_line(record: dict[str, Any], place: str, known: _Known) -> tuple[str, _Known]:
    """A line's text and what it tells of it, over what the command line tells."""
    from replykit.details import as_texts
    from replykit.reading.record import from_record

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
    return text, replace(
        known,
        lang=known.lang or lang,
        channel=known.channel or channel_option(channel),
        message=from_record(said) if said else known.message,
        details={**known.details, **as_texts(details)},
    )


@command
def rules(
    run: Run,
    code: Annotated[str | None, typer.Argument(help="A rule's code or name.")] = None,
) -> None:
    """List the rules of lint, or explain one."""
    from replykit.describe import explain, listing, rule_json
    from replykit.rules import find_rule, rules_for

    known = rules_for(run.settings)
    rule = find_rule(code, known) if code else None
    if run.json:
        run.print_json(rule_json(rule) if rule else [rule_json(item) for item in known])
    else:
        print(explain(rule) if rule else listing(known))
