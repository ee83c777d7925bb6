"""Commands for LanguageTool: setup grammar; grammar start, stop and status."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from replykit.cli.common import Command, Run, add_commands
from replykit.errors import ReplyKitError

_START_WAIT = 120.0


def _group() -> None:
    """Install engines that some checks need."""


@Command
def install(
    run: Run,
    yes: Annotated[
        bool, typer.Option("--yes", help="Download without being asked, where Maven is missing.")
    ] = False,
) -> None:
    """Install LanguageTool, once; lint itself never downloads anything."""
    from replykit.grammar import installation

    def agree(question: str) -> bool:
        if yes or not sys.stdin.isatty():
            return yes
        return typer.confirm(question, err=True)

    folder, new = installation.install(agree, run.say)
    if run.json:
        run.print_json({"folder": str(folder), "new": new})
    else:
        run.say(f"LanguageTool {installation.VERSION} is {'now' if new else 'already'} in {folder}")


@Command
def start(run: Run) -> None:
    """Start the server and wait until it is warm."""
    from replykit.grammar import LANGUAGES, Unavailable, server

    settings = run.settings
    tags = (settings.language, *settings.languages)
    languages = [tag for tag in dict.fromkeys(tags) if tag in LANGUAGES] or ["en"]
    try:
        found = server.ensure(languages, _START_WAIT, settings.grammar_idle * 60)
    except Unavailable as error:
        raise ReplyKitError(f"grammar start: {error}") from None
    run.say(f"LanguageTool answers at {found.url}")


@Command
def stop(run: Run) -> None:
    """Stop the server."""
    from replykit.grammar import server

    run.say("LanguageTool is stopped" if server.stop() else "LanguageTool does not run")


@Command
def status(run: Run) -> None:
    """Say whether LanguageTool is installed and runs, where, and in which languages it is warm."""
    from replykit.grammar.status import status_json, status_text

    found = status_json(run.settings)
    if run.json:
        run.print_json(found)
    else:
        print(status_text(found))


def setup() -> typer.Typer:
    """The commands of `replykit setup`."""
    app = typer.Typer(help="Install engines that some checks need.", no_args_is_help=True)
    app.callback()(_group)
    add_commands(app, {"grammar": install})
    return app


def grammar() -> typer.Typer:
    """The commands of `replykit grammar`."""
    app = typer.Typer(help="The LanguageTool server of this machine.", no_args_is_help=True)
    add_commands(app, {"start": start, "stop": stop, "status": status})
    return app
