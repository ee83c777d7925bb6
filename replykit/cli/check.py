"""Commands that judge: lint, rules."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from replykit.cli.answer import Channel, Lang
from replykit.cli.common import (
    Command,
    Exit,
    Run,
    batch_lines,
    channel_option,
    lang_option,
    read_message,
    read_stdin,
    say_not_run,
)
from replykit.config import SEVERITIES, Settings
from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    from replykit.checking.checked import Checked
    from replykit.checking.engines import Engines
    from replykit.checking.judge import Judge

_STDIN = Path("-")
FORMATS = ("text", "json", "github", "junit", "rdjsonl", "sarif")


@partial(Command, formats=FORMATS)
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
    from replykit.checking.engines import Engines
    from replykit.checking.judge import Judge
    from replykit.checking.told import by_options, with_response

    paths = files or ([] if batch else [_STDIN])
    _refuse(paths, batch, message, fixing=fix or unsafe_fixes or diff)
    settings = _with_choices(run.settings, fail_on, select, ignore)
    told = by_options(
        run.settings,
        message=read_message(message, run) if message else None,
        customer=customer,
        pairs=set or [],
        say=run.say,
    )
    told = replace(
        told, lang=lang_option(lang, settings.languages), channel=channel_option(channel)
    )
    told = with_response(told, response, run.settings, run.now) if response else told
    engines = Engines(
        settings,
        no_model=no_model,
        at_terminal=sys.stdout.isatty() and batch is None,
        required=_names(require or []),
    )
    told = replace(told, tools=engines.tools, for_responses=engines.for_responses)
    judge = Judge(settings, run.now, told, run.say)
    if batch is not None:
        code = _lint_batch(run, judge, batch, engines)
    else:
        how = _Fixing(wanted=fix or unsafe_fixes, unsafe=unsafe_fixes, diff=diff)
        checked = [_lint_file(judge, path, how, stdin_filename or "") for path in paths]
        _print(run, checked, how, engines)
        code = _exit_code(checked, settings.lint_fail_on)
    engines.refuse_missing()
    raise typer.Exit(code)


@dataclass(frozen=True)
class _Fixing:
    """What is to happen to fixes."""

    wanted: bool
    unsafe: bool
    diff: bool


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
    from replykit.checking.choice import selecting
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


def _lint_file(judge: Judge, path: Path, how: _Fixing, stdin_name: str) -> Checked:
    """One draft's findings; one that cannot be read costs only itself."""
    from replykit.checking.checked import Checked
    from replykit.printing.lint import diff_text
    from replykit.printing.screen import printable

    name = (stdin_name or "-") if path == _STDIN else str(path)
    try:
        data = _read(path)
        checked = judge.data(data, name)
        if how.diff:
            fixed = judge.fixed(checked, unsafe=how.unsafe)
            return replace(checked, diff=diff_text(checked.text, fixed, name))
        if how.wanted:
            target = None if path == _STDIN else path
            return judge.mend(checked, data, target, unsafe=how.unsafe)
    except ReplyKitError as error:
        print(f"replykit: {printable(str(error))}", file=sys.stderr)
        return Checked(name, error=str(error))
    return checked


def _read(path: Path) -> bytes:
    if path == _STDIN:
        return read_stdin()
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None


def _print(run: Run, checked: list[Checked], how: _Fixing, engines: Engines) -> None:
    """Findings on stdout, except where the fixed text or the diff stands there."""
    from replykit.printing.lint import lint_json, lint_text
    from replykit.printing.screen import plain

    not_run = engines.not_run(item.lang for item in checked)
    if run.json:
        run.print_json(lint_json(checked, not_run))
        return
    say_not_run(run, not_run, engines.required)
    if run.format != "text":
        from replykit.formats import render
        from replykit.rules import rules_for

        print(render(run.format, checked, rules_for(run.settings)))
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


def _lint_batch(run: Run, judge: Judge, path: Path, engines: Engines) -> Exit:
    """A `replykit.lint/1` object per line, with the line's id, as soon as it is done."""
    from replykit.checking.told import by_line
    from replykit.printing.lint import lint_json

    failed = False
    for number, record in batch_lines(path):
        id = record.get("id") if isinstance(record, dict) else None
        try:
            if isinstance(record, str):
                raise ReplyKitError(record)
            text, told = by_line(record, f"line {number}", judge.told)
            name = str(id) if id is not None else f"line {number}"
            checked = [replace(judge, told=told).text(text, name)]
            not_run = engines.not_run(item.lang for item in checked)
            run.print_json({"id": id} | lint_json(checked, not_run))
        except ReplyKitError as error:
            run.print_json({"id": id, "error": str(error)})
            failed = True
        sys.stdout.flush()
    return Exit.USAGE if failed else Exit.OK


@Command
def rules(
    run: Run,
    code: Annotated[str | None, typer.Argument(help="A rule's code or name, or a family.")] = None,
) -> None:
    """List the rules of lint or of a family, or explain one."""
    from replykit.describe import explain, listing, rule_json
    from replykit.rules import find_rules, rules_for

    known = rules_for(run.settings)
    found = find_rules(code, known) if code else known
    one = found[0] if code and len(found) == 1 else None
    if run.json:
        run.print_json(rule_json(one) if one else [rule_json(item) for item in found])
    else:
        print(explain(one) if one else listing(found))


COMMANDS = {"lint": lint, "rules": rules}
