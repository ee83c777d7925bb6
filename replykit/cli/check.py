"""Commands that judge: lint, rules."""

from __future__ import annotations

import sys
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
)
from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    from replykit.message import Message
    from replykit.report import Checked


def register(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command()(lint)
    app.command()(rules)


@command
def lint(
    run: Run,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Drafts or response files; - is standard input.")
    ] = None,
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
    select: Annotated[str | None, typer.Option(help="Only these rules.")] = None,
    ignore: Annotated[str | None, typer.Option(help="Without these rules.")] = None,
    stdin_filename: Annotated[
        str | None, typer.Option(help="The name that standard input goes by.")
    ] = None,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="Without checks that need the model.")
    ] = False,
    lang: Lang = None,
    channel: Channel = None,
) -> None:
    """Check drafts before they go out."""
    from replykit.check import check_text
    from replykit.customer import read_customer
    from replykit.details import parse_set
    from replykit.linter import apply_fixes, worst
    from replykit.paths import write_text
    from replykit.report import Checked, lint_json, lint_text, plain
    from replykit.rules import known_rules

    settings = _with_choices(run, fail_on, select, ignore)
    known_rules((*settings.lint_select, *settings.lint_ignore))
    channel = channel_option(channel)
    if batch is not None:
        raise typer.Exit(_lint_batch(run, settings, batch, lang or "", channel))
    asked = read_message(message, run) if message else None
    address = asked.sender_address if asked else ""
    known = parse_set(set or [])
    record = read_customer(customer, address) if customer else {}
    record |= {
        name.removeprefix("customer."): value
        for name, value in known.items()
        if name.startswith("customer.")
    }
    ignored = _response_ignores(settings, response)

    def check(text: str, path: str) -> Checked:
        if path.endswith(".md") and text.startswith("---\n"):
            return _check_response_file(run, settings, text, Path(path))
        return check_text(
            text, path, settings, run.now,
            lang=lang or "", channel=channel, message=asked, customer=record, details=known,
            ignore=ignored,
        )  # fmt: skip

    checked: list[Checked] = []
    for path in files or [Path("-")]:
        name = (stdin_filename or "-") if str(path) == "-" else str(path)
        try:
            text = _read_draft(path, run)
            item = check(text, name)
        except ReplyKitError as error:
            print(f"replykit: {error}", file=sys.stderr)
            checked.append(Checked(name, error=str(error)))
            continue
        if fix or unsafe_fixes or diff:
            fixed = apply_fixes(text, item.findings, unsafe=unsafe_fixes)
            if diff:
                _print_diff(text, fixed, name)
                continue
            if str(path) == "-":
                sys.stdout.write(fixed)
                checked.append(check(fixed, name))
                continue
            if fixed != text:
                write_text(path, fixed)
                item = check(fixed, name)
        checked.append(item)
    if run.json and not diff:
        run.print_json(lint_json(checked))
    elif not diff:
        to_stdin = (fix or unsafe_fixes) and Path("-") in (files or [Path("-")])
        stream = sys.stderr if to_stdin else sys.stdout
        print(lint_text(checked, run.style if run.color else plain), file=stream)
    if any(item.error for item in checked):
        raise typer.Exit(Exit.USAGE)
    findings = [finding for item in checked for finding in item.findings]
    raise typer.Exit(Exit.NO if worst(findings, settings.lint_fail_on) else Exit.OK)


def _with_choices(run: Run, fail_on: str | None, select: str | None, ignore: str | None) -> Any:
    """The settings with this command's short flags for them."""
    from dataclasses import replace

    from replykit.config import SEVERITIES

    settings = run.settings
    if fail_on is not None:
        if fail_on not in SEVERITIES:
            raise ReplyKitError(f"--fail-on {fail_on}: known: {', '.join(SEVERITIES)}")
        settings = replace(settings, lint_fail_on=fail_on)
    if select is not None:
        settings = replace(settings, lint_select=tuple(select.replace(",", " ").split()))
    if ignore is not None:
        names = (*settings.lint_ignore, *ignore.replace(",", " ").split())
        settings = replace(settings, lint_ignore=names)
    return settings


def _response_ignores(settings: Any, id: str | None) -> tuple[str, ...]:
    """What the response that a draft comes from leaves out."""
    if not id:
        return ()
    from replykit.draft import find_response
    from replykit.library import read_one

    return find_response(read_one(settings, id), id, settings.language, settings).lint_ignore


def _read_draft(path: Path, run: Run) -> str:
    from replykit.message import decode_text

    if str(path) == "-":
        data = read_stdin()
    else:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None
    text, notes = decode_text(data, str(path))
    for note in notes:
        run.say(f"{path}: {note}")
    return text


def _check_response_file(run: Run, settings: Any, text: str, path: Path) -> Checked:
    """A response file: its text for each channel, with made-up details."""
    from dataclasses import replace

    from replykit.check import check_response
    from replykit.library import parse, split_name
    from replykit.template import Templates

    folder = settings.library_path.resolve()
    inside = path.resolve().is_relative_to(folder)
    relative = str(path.resolve().relative_to(folder)) if inside else path.name
    id, lang = split_name(relative, settings)
    response, problems = parse(text, str(path), id, lang)
    if response is None:
        raise ReplyKitError(str(problems[0]))
    templates = Templates(folder if inside else path.parent)
    return replace(check_response(response, text, templates, settings, run.now), path=str(path))


def _print_diff(text: str, fixed: str, name: str) -> None:
    import difflib

    lines = difflib.unified_diff(
        text.splitlines(keepends=True), fixed.splitlines(keepends=True), name, name
    )
    sys.stdout.writelines(lines)


def _lint_batch(run: Run, settings: Any, path: Path, lang: str, channel: str) -> Exit:
    """A `replykit.lint/1` object per line, with the line's id."""
    from replykit.check import check_text
    from replykit.message import from_record
    from replykit.report import lint_json

    failed = False
    for number, record in batch_lines(path):
        id = record.get("id") if isinstance(record, dict) else None
        try:
            if isinstance(record, str):
                raise ReplyKitError(record)
            if not isinstance(record.get("text"), str) or not record["text"].strip():
                raise ReplyKitError(f'line {number}: "text" is missing or empty')
            details = record.get("details") or {}
            if not isinstance(details, dict):
                raise ReplyKitError(f'line {number}: "details" is not an object')
            message: Message | None = None
            said = record.get("message")
            if isinstance(said, dict) and isinstance(said.get("text"), str):
                message = from_record(said)
            elif isinstance(said, str) and said.strip():
                message = from_record({"text": said})
            checked = check_text(
                record["text"], str(id), settings, run.now,
                lang=lang or str(record.get("lang") or ""),
                channel=channel or channel_option(record.get("channel")),
                message=message,
                details={str(name): str(value) for name, value in details.items()},
            )  # fmt: skip
            run.print_json({"id": id} | lint_json([checked]))
        except ReplyKitError as error:
            run.print_json({"id": id, "error": str(error)})
            failed = True
    return Exit.USAGE if failed else Exit.OK


@command
def rules(
    run: Run,
    code: Annotated[str | None, typer.Argument(help="A rule's code or name.")] = None,
) -> None:
    """List the rules of lint, or explain one."""
    from replykit.rules import find_rule
    from replykit.rules import rules as all_rules
    from replykit.describe import explain, listing, rule_json

    chosen = [find_rule(code)] if code else list(all_rules())
    if run.json:
        run.print_json([rule_json(rule) for rule in chosen])
    else:
        print(explain(chosen[0]) if code else listing(chosen))
