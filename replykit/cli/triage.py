"""The command that says what messages are: triage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
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
)
from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    from replykit.message import Message
    from replykit.suggest import Suggestions
    from replykit.triage import Known


@Command
def triage(
    run: Run,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Messages: .eml, .json, text, mbox, Maildir; none: standard input."),
    ] = None,
    batch: Annotated[Path | None, typer.Option(help="JSON Lines with id and text.")] = None,
    wanted: Annotated[
        str | None,
        typer.Option("--is", help="Print nothing; exit 0 where this is its kind or route, else 1."),
    ] = None,
    by_meaning: Annotated[
        bool,
        typer.Option("--by-meaning", help="Rank as suggest does, and hear what no list names."),
    ] = False,
    no_rank: Annotated[
        bool, typer.Option("--no-rank", help="Never rank the library: quick, no ask_details.")
    ] = False,
    lang: Annotated[str | None, typer.Option(help="The messages' language.")] = None,
    channel: Annotated[str | None, typer.Option(help="email, chat, social or ticket.")] = None,
) -> None:
    """Say what a message is, and what to do with it."""
    from replykit.printing.screen import plain
    from replykit.printing.triage import triage_json, triage_text
    from replykit.triage import KINDS, ROUTES
    from replykit.triage import triage as understand

    if wanted is not None and wanted not in (*KINDS, *ROUTES):
        raise ReplyKitError(f"--is {wanted}: known: {', '.join((*KINDS, *ROUTES))}")
    if files and batch:
        raise ReplyKitError("triage: name message files or --batch FILE, not both")
    if wanted is not None and (batch or len(files or ()) > 1):
        raise ReplyKitError("triage: --is asks of one message")
    told_by_ranking = {None, "ask_details", "answer"} | ({"escalate"} if by_meaning else set())
    ranks = not no_rank and wanted in told_by_ranking
    lang = lang_option(lang, ())
    known, done, failed = _known(run, ranks, by_meaning), 0, False
    with run.progress("reading", shown=batch is not None) as progress:
        for extra, message in _messages(run, files or [Path("-")], batch):
            done += 1
            progress(done, None)
            if isinstance(message, ReplyKitError):
                failed = True
                run.fail(message, extra if batch else None)
                continue
            told = replace(
                message,
                lang=lang or message.lang,
                channel=channel_option(channel) or message.channel or "email",
            )
            result = understand(told, run.settings, run.now, known)
            if wanted is not None:
                raise typer.Exit(Exit.OK if wanted in (result.kind, result.route) else Exit.NO)
            if run.json or batch:
                run.print_json(triage_json(result, extra))
            else:
                print(triage_text(result, str(extra["path"]), run.style if run.color else plain))
    raise typer.Exit(Exit.USAGE if failed else Exit.OK)


def _messages(
    run: Run, files: Sequence[Path], batch: Path | None
) -> Iterator[tuple[dict[str, Any], Message | ReplyKitError]]:
    """What is to be printed with each message (path, or id), and the message or why there is
    none."""
    from replykit.reading.boxes import read_all

    if batch is not None:
        yield from batch_messages(batch)
        return
    for file in files:
        try:
            if str(file) == "-":
                yield {"path": "-"}, read_message(file, run)
                continue
            for name, message in read_all(file):
                yield {"path": name}, message
        except ReplyKitError as error:
            yield {"path": str(file)}, error


def _known(run: Run, ranks: bool, by_meaning: bool) -> Known:
    """What the library says of details and of what escalates; a message is triaged without one,
    too."""
    from replykit.triage import Known
    from replykit.understanding.routes import read_words

    folder = run.settings.library_path
    words = read_words(folder)
    if not ranks or not folder.is_dir():
        return Known(words)
    from replykit.ranking.index import one_by_one
    from replykit.suggest import suggest
    from replykit.understanding.hints import listen

    encoder, listener = listen(encoder_or_note(run)) if by_meaning else (None, None)
    index_for = one_by_one(run.settings, encoder)

    def rank(message: Message) -> Suggestions:
        index = index_for(message.matter)
        return suggest(index, encoder, [message], run.settings, run.now, top=1)[0]

    return Known(words, rank, listener)


COMMANDS = {"triage": triage}
