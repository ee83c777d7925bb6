"""Commands of agents: suggest, draft."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replykit.cli.common import (
    Command,
    Exit,
    Run,
    batch_messages,
    channel_option,
    encoder_or_note,
    lang_option,
    read_message,
    say_not_run,
)
from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    from replykit.checking.checked import Checked
    from replykit.draft import Draft
    from replykit.library.response import Detail
    from replykit.linter import NotRun
    from replykit.message import Message
    from replykit.ranking.automation import Promise
    from replykit.ranking.index import Index

_BATCH = 64

Lang = Annotated[str | None, typer.Option(help="Language of the reply.")]
Channel = Annotated[str | None, typer.Option(help="email, chat, social or ticket.")]


@Command
def suggest(
    run: Run,
    text: Annotated[str | None, typer.Argument(help="The message; - for standard input.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="The message: .eml, .json or text.")
    ] = None,
    batch: Annotated[Path | None, typer.Option(help="JSON Lines with id and text.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many to name.")] = 3,
    explain: Annotated[bool, typer.Option("--explain", help="Say why.")] = False,
    auto: Annotated[
        float | None,
        typer.Option(help="Say what may go without a person at this precision, as 0.98."),
    ] = None,
    lang: Lang = None,
    channel: Channel = None,
) -> None:
    """Name the closest replies for a message."""
    from replykit.ranking.automation import checked

    auto = auto if auto is None else checked(auto)
    told: dict[str, Any] = {
        "top": top,
        "lang": lang_option(lang, run.settings.languages),
        "channel": channel_option(channel),
        "explained": explain,
    }
    if batch is not None:
        if text is not None or file is not None:
            raise ReplyKitError("suggest: give a message or --batch, not both")
        raise typer.Exit(_suggest_batch(run, batch, told, auto))
    from replykit.last import remember
    from replykit.printing.screen import plain
    from replykit.printing.suggest import suggest_json, suggest_text
    from replykit.ranking.index import open_index
    from replykit.suggest import suggest as rank

    message = _message(run, text, file)
    encoder = encoder_or_note(run)
    index = open_index(run.settings, encoder)
    told["promise"] = _promise(run, index, auto)
    result = rank(index, encoder, [message], run.settings, run.now, **told)[0]
    for note in result.notes[len(message.notes) :]:
        run.say(note)
    remember(run.settings, result, file)
    if run.json:
        run.print_json(suggest_json(result))
    else:
        print(suggest_text(result, run.style if run.color else plain))
    raise typer.Exit(Exit.OK if result.decision in ("suggest", "ask_details") else Exit.NO)


def _message(run: Run, text: str | None, file: Path | None) -> Message:
    from replykit.reading.plain import from_text

    if (text is None) == (file is None):
        raise ReplyKitError('give one message: replykit suggest "text", or -f FILE')
    if text == "-":
        file = Path("-")
    return read_message(file, run) if file else from_text(text or "")


def _promise(run: Run, index: Index, precision: float | None) -> Promise | None:
    """What the library promises at a precision; that it promises nothing is said."""
    if precision is None:
        return None
    promise = index.promise(precision)
    if promise.threshold is None:
        run.say(str(promise))
    return promise


def _suggest_batch(run: Run, path: Path, told: dict[str, Any], auto: float | None) -> Exit:
    """A line out per line in, as soon as its portion is done."""
    from replykit.printing.suggest import suggest_json
    from replykit.ranking.index import open_index
    from replykit.suggest import suggest as rank

    encoder = encoder_or_note(run)
    index = open_index(run.settings, encoder)
    told["promise"] = _promise(run, index, auto)
    incoming, failed, done = batch_messages(path), False, 0
    answered = alone = 0
    with run.progress("suggesting", shown=not sys.stdout.isatty()) as progress:
        while portion := list(islice(incoming, _BATCH)):
            messages, good, out = [], [], list[dict[str, Any]]()
            for place, (extra, message) in enumerate(portion):
                if isinstance(message, ReplyKitError):
                    out.append(extra | {"error": str(message)})
                    failed = True
                    continue
                messages.append(message)
                good.append(place)
                out.append(extra)
            results = rank(index, encoder, messages, run.settings, run.now, **told)
            for place, result in zip(good, results, strict=True):
                out[place] |= suggest_json(result)
            for line in out:
                run.print_json(line)
            sys.stdout.flush()
            done += len(portion)
            answered, alone = answered + len(results), alone + sum(item.auto for item in results)
            progress(done, None)
    if auto is not None:
        run.say(f"{alone} of {answered} may go without a person (--auto {auto:g})")
    return Exit.USAGE if failed else Exit.OK


@Command
def draft(
    run: Run,
    id: Annotated[str, typer.Argument(help="A response's id, or its rank in the last suggest.")],
    file: Annotated[Path | None, typer.Option("--file", "-f", help="The message.")] = None,
    customer: Annotated[
        Path | None, typer.Option(help="The customer's record: JSON, YAML, CSV, vCard.")
    ] = None,
    set: Annotated[list[str] | None, typer.Option(help="A detail: name=value.")] = None,
    ask: Annotated[bool, typer.Option("--ask", help="Prompt for what is missing.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave [[name]] where something is missing.")
    ] = False,
    ask_customer: Annotated[
        bool, typer.Option("--ask-customer", help="Write to the customer for what is missing.")
    ] = False,
    edit: Annotated[
        bool, typer.Option("--edit", help="Edit it in $VISUAL or $EDITOR, then check that.")
    ] = False,
    no_lint: Annotated[bool, typer.Option("--no-lint", help="Do not check the draft.")] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write it here: text; a mail as .eml or in a Maildir."),
    ] = None,
    lang: Lang = None,
    channel: Channel = None,
) -> None:
    """Fill a reply with the customer's details, and check it."""
    from replykit.customers import find_customer
    from replykit.details import parse_set
    from replykit.draft import draft as fill
    from replykit.draft import find_response
    from replykit.filling.template import Templates
    from replykit.last import recall
    from replykit.library.files import read_one
    from replykit.linter import worst
    from replykit.printing.draft import draft_json, missing_text
    from replykit.printing.lint import lint_json
    from replykit.understanding.language import detect, language_code

    settings = run.settings
    if partial and ask_customer:
        raise ReplyKitError("draft: give --partial or --ask-customer, not both")
    if id.isdecimal():
        id, remembered, note = recall(settings, int(id))
        if note:
            run.say(note)
        file = file or remembered
    message = read_message(file, run) if file else None
    wanted = lang_option(lang, settings.languages) or (message.lang if message else "")
    if not wanted and message:
        wanted = detect(message.matter, settings.languages, settings.language)
    chosen_channel = channel_option(channel) or (message.channel if message else "") or "email"
    response = find_response(read_one(settings, id), id, wanted or settings.language, settings)
    if wanted and language_code(wanted) != language_code(response.lang):
        run.say(f"no reply in {wanted!r}; writing in {response.lang!r}")
    given = parse_set(set or [])
    result = fill(
        response,
        Templates(settings.library_path),
        settings,
        run.now,
        channel=chosen_channel,
        message=message,
        customer=find_customer(settings, message, given, file=customer, say=run.say),
        given=given,
        ask=(lambda item: _ask(item, response.lang, run.now.date())) if ask else None,
        partial=partial,
        ask_customer=ask_customer,
    )
    written = not result.lacks or partial
    checked: Checked | None = None
    not_run: tuple[NotRun, ...] = ()
    if result.lacks:  # the reason of exit code 1, so said even with --quiet
        print(f"replykit: {missing_text(result, message is not None)}", file=sys.stderr)
    with _edited(result.text) if edit and written else nullcontext(result.text) as text:
        if written and not no_lint:
            checked, not_run = _check(run, result, message, response.lint_ignore, text)
        result = replace(result, text=text)
        if written:
            _write(run, result, message, output)
        if run.json:
            run.print_json(draft_json(result, lint_json([checked], not_run) if checked else None))
        elif written:
            _say_more(run, result, checked, not_run)
    if ask_customer and not result.asking:
        run.say("nothing is missing, so this is the reply itself")
    passed = not checked or not worst(checked.findings, settings.lint_fail_on)
    # What was missing may have been written by hand; lint finds a gap that is left.
    complete = not result.lacks or (edit and checked is not None)
    raise typer.Exit(Exit.OK if complete and passed and written else Exit.NO)


def _write(run: Run, result: Draft, message: Message | None, output: Path | None) -> None:
    """The draft in its file, or on stdout where no JSON stands there."""
    if output and str(output) != "-":
        from replykit.writing.outbox import write_draft

        for note in write_draft(output, result, message, run.settings, run.now):
            run.say(note)
    elif not run.json:
        print(result.text)


def _edited(text: str) -> AbstractContextManager[str]:
    from replykit.writing.editing import edited

    return edited(text)


def _check(
    run: Run, result: Draft, message: Message | None, ignore: tuple[str, ...], text: str
) -> tuple[Checked, tuple[NotRun, ...]]:
    """The findings of a draft, and the checks that could not run."""
    from replykit.checking.check import check_draft
    from replykit.checking.engines import Engines

    engines = Engines(run.settings, at_terminal=sys.stdout.isatty())
    checked = check_draft(result, message, run.settings, run.now, ignore, engines.tools, text=text)
    return checked, engines.not_run([checked.lang])


def _say_more(
    run: Run, result: Draft, checked: Checked | None, not_run: tuple[NotRun, ...]
) -> None:
    """What the lint of a draft found and could not do, its subject and what follows, on stderr."""
    from replykit.printing.draft import asked_for
    from replykit.printing.lint import lint_text
    from replykit.printing.screen import plain

    say_not_run(run, not_run)

    if checked and checked.findings:
        print(lint_text([checked], plain), file=sys.stderr)
    if result.subject:
        from replykit.masks import mask

        run.say(f"subject: {mask(result.subject)}")
    if result.asking:
        run.say(f"asks the customer for: {asked_for(result)}")
    elif result.follow_up:
        run.say(f"next, often: {', '.join(result.follow_up)}")


def _ask(item: Detail, lang: str, today: date) -> str:
    """Prompts on stderr until the answer fits; an empty answer gives up."""
    from replykit.details import accepted, refusal

    while True:
        prompt = item.description or item.name
        print(f"{prompt}: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        value = " ".join(line.split())
        if not value:
            return ""
        if used := accepted(item.name, item.pattern, value, lang, today):
            return used
        print(f"  {refusal(item.name, item.pattern, value)}", file=sys.stderr)


COMMANDS = {"suggest": suggest, "draft": draft}
