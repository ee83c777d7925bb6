"""The command line: its commands are found here, its exit codes and errors are made here."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Annotated

import typer

from replykit import __version__
from replykit.cli.common import Exit, add_commands
from replykit.errors import ReplyKitError

# Each command's module, and each group's, in the order of `replykit -h`.
_COMMANDS = {
    "suggest": "answer", "draft": "answer", "lint": "check", "rules": "check", "triage": "triage",
    "index": "maintain", "train": "maintain", "schema": "maintain", "hooks": "maintain",
    "config": "maintain",
}  # fmt: skip
_GROUPS = {"library": "maintain", "setup": "grammar", "grammar": "grammar"}


def app(arguments: Sequence[str] = ()) -> typer.Typer:
    """The command line for a call: with the command that it begins with, else with all.

    What a command needs is imported and made ready only then, for all take longer than a call.
    """
    found = typer.Typer(
        name="replykit",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    found.callback()(replykit)
    named = {name for name in arguments[:1] if name in (*_COMMANDS, *_GROUPS)}
    for name, module in _COMMANDS.items():
        if not named or name in named:
            add_commands(found, {name: _module(module).COMMANDS[name]})
    for name, module in _GROUPS.items():
        if not named or name in named:
            found.add_typer(getattr(_module(module), name)(), name=name)
    return found


def _module(name: str) -> ModuleType:
    return import_module(f"replykit.cli.{name}")


def _show_version(wanted: bool) -> None:
    if wanted:
        print(__version__)
        raise typer.Exit


def replykit(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Canned replies and reply quality: triage, suggest, draft, lint."""


def main() -> None:
    """Runs the command line; every expected fault ends in one line and exit code 2."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.exit(app(sys.argv[1:])(standalone_mode=False))
    except ReplyKitError as error:
        _complain(str(error))
        sys.exit(Exit.USAGE)
    except typer.TyperException as error:  # bad usage, which Typer would put in a box
        _complain_of_usage(error)
        sys.exit(Exit.USAGE)
    except typer.Abort:
        sys.exit(Exit.INTERRUPTED)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing to say to it, and nothing to flush at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.OK)
    except OSError as error:  # a full disk, a folder that may not be read
        _complain(f"{error.filename or 'replykit'}: {error.strerror or error}")
        sys.exit(Exit.USAGE)
    except Exception:
        # A fault of ours must not end like `no_match` or `findings`: Python's own code would be 1.
        import traceback

        traceback.print_exc()
        sys.exit(Exit.FAULT)


def _complain_of_usage(error: typer.TyperException) -> None:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "replykit"
    describe = getattr(error, "format_message", error.__str__)
    text = " ".join(describe().split()).rstrip(".") or "which command"
    _complain(f"{text}; see {path.replace('python -m ', '')} -h")


def _complain(text: str) -> None:
    from replykit.printing.screen import printable
    from replykit.ranking.index import BuildFailed

    if not isinstance(sys.exc_info()[1], BuildFailed):
        print(f"replykit: {printable(text)}", file=sys.stderr)
