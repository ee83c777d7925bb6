"""Settings: what they are, and where they come from (file, environment, flags: the last wins)."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from replykit.errors import ReplyKitError

FILE_NAME = "replykit.toml"
ENVIRONMENT_PREFIX = "REPLYKIT_"
EMBEDDED_MODEL = "multilingual-e5-small"
CHANNELS = ("email", "chat", "social", "ticket")
SEVERITIES = ("error", "warning", "suggestion")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+")
_URL = re.compile(r"https?://[^\s/]+")
_HERE = Path()


def _setting(
    default: Any, text: str, *, key: str = "", choices: Sequence[str] = (), table: bool = False
) -> Any:
    """One setting: its default, what it means, its dotted place in the file, and whether a table
    may stand for the text."""
    metadata = {"text": text, "key": key, "choices": tuple(choices), "table": table}
    if isinstance(default, (list, dict)):
        return field(default_factory=type(default), metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings in force. Field names are the flags and the environment variables.

    A field's place in `replykit.toml` is its own name, or the dotted `key` of its metadata.
    """

    library: str = _setting("responses", "Folder of the response library.")
    language: str = _setting("en", "The library's default language.")
    languages: tuple[str, ...] = _setting(
        ("en", "fi", "sv"), "Languages that a file name's tag may name."
    )
    model: str = _setting(
        EMBEDDED_MODEL,
        "The embedded model, or a sentence-transformers folder or hub name (extra `models`).",
    )
    precision: str = _setting(
        "fp32",
        "Weights of an exported sentence-transformers model (int8: a quarter of the size).",
        choices=("int8", "fp32"),
    )
    abstain: float = _setting(
        0.05, "Share of right answers given up so as to be silent when nothing fits (0 to 0.5)."
    )
    formal: bool = _setting(False, "Address the customer formally (Finnish `te`).")
    agent_name: str = _setting("", "Your name, for the closing.", key="agent.name")
    agent_team: str = _setting("", "Your team, for the closing.", key="agent.team")
    agent_address: str = _setting(
        "", "Your e-mail address: From of replies, and never in their Cc.", key="agent.address"
    )
    agent_aliases: tuple[str, ...] = _setting(
        (), "Other addresses of yours, kept out of Cc as well.", key="agent.aliases"
    )
    reply_quote: bool = _setting(
        True, "Quote the customer's message below a reply by mail.", key="reply.quote"
    )
    lint_select: tuple[str, ...] = _setting(
        (), "Only these rules: codes, families or names.", key="lint.select"
    )
    lint_ignore: tuple[str, ...] = _setting(
        (), "Without these rules: codes, families or names.", key="lint.ignore"
    )
    lint_fail_on: str = _setting(
        "error",
        "The severity from which findings make exit code 1.",
        key="lint.fail_on",
        choices=SEVERITIES,
    )
    lint_severity: Mapping[str, str] = _setting(
        {},
        "Another severity for a rule, a family or a name: a table of code = severity, or off.",
        key="lint.severity",
    )
    lint_channel: Mapping[str, Mapping[str, Any]] = _setting(
        {},
        "By channel: `[lint.channel.chat]` with select, ignore and severity (docs/lint.md).",
        key="lint.channel",
    )
    lint_lang: Mapping[str, Mapping[str, Any]] = _setting(
        {},
        "By language: `[lint.lang.fi]` with select, ignore and severity (docs/lint.md).",
        key="lint.lang",
    )
    languagetool_url: str = _setting(
        "",
        "A LanguageTool server of yours, as https://grammar.example.com, instead of one that "
        "ReplyKit starts on this machine. Every draft that is checked is sent there, with the "
        "customers' data in it.",
    )
    grammar_wait: float = _setting(
        -1.0,
        "Seconds to wait for LanguageTool while it starts; -1: 1 at a terminal, 30 elsewhere.",
    )
    grammar_idle: float = _setting(
        30.0, "Minutes without a check after which LanguageTool ends itself."
    )
    customers: str | Mapping[str, Any] = _setting(
        "",
        "Where customers' records are: a file, or a table that names a database or a command "
        "(docs/customers.md).",
        table=True,
    )
    opening: Mapping[str, Any] = _setting(
        {}, "Opening hours and holidays, for templates (docs/opening.md)."
    )

    source: Path | None = field(default=None, metadata={"internal": True})
    root: Path = field(default=_HERE, metadata={"internal": True})
    # The file that says where customers are; None: a flag, a variable or a caller does.
    customers_source: Path | None = field(default=None, metadata={"internal": True})

    @property
    def library_path(self) -> Path:
        """The library's folder; a relative one is relative to the settings' file."""
        try:
            return self.root / Path(self.library).expanduser()
        except RuntimeError:
            raise ReplyKitError(f"{self.library}: there is no such home folder") from None

    @property
    def model_source(self) -> str:
        """The model's whole path where it is a folder (relative to the settings' file), else its
        name."""
        folder = self.root / self.model
        return str(folder.resolve()) if folder.is_dir() else self.model


@dataclass(frozen=True)
class Option:
    """What documentation and the command line need to know of one setting."""

    name: str
    key: str
    kind: type
    text: str
    default: Any
    choices: tuple[str, ...]
    table: bool = False

    @property
    def environment(self) -> str:
        return ENVIRONMENT_PREFIX + self.name.upper()

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")


def options() -> list[Option]:
    """Every setting, in the order of their declaration."""
    defaults = Settings()
    return [
        Option(
            name=item.name,
            key=item.metadata["key"] or item.name,
            kind=type(getattr(defaults, item.name)),
            text=item.metadata["text"],
            default=getattr(defaults, item.name),
            choices=item.metadata["choices"],
            table=item.metadata["table"],
        )
        for item in fields(Settings)
        if not item.metadata.get("internal")
    ]


def load(
    config: Path | None = None,
    flags: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
) -> Settings:
    """Settings from the file, then the environment, then the flags that were given.

    `flags` maps setting names to values; None means that the flag was not given, as an empty
    environment variable does. A relative `library` is taken from the file's folder when the file
    gives it, else from the working directory. Raises ReplyKitError for an unreadable file, an
    unknown key or a wrong value.
    """
    directory = directory or _working_directory()
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    root = directory
    source, table = _read_file(config, directory)
    if source:
        values = _from_table(table, source)
        if "library" in values:
            root = source.parent
    told = source if "customers" in values else None
    for option in options():
        text = environment.get(option.environment)
        if text:
            values[option.name] = _from_text(option, text, option.environment)
            root = directory if option.name == "library" else root
            told = None if option.name == "customers" else told
        given = (flags or {}).get(option.name)
        if given is not None:
            values[option.name] = _from_flag(option, given)
            root = directory if option.name == "library" else root
            told = None if option.name == "customers" else told
    return Settings(**values, source=source, root=root, customers_source=told)


def parse_now(text: str | None) -> datetime:
    """The clock of rules and templates: ISO 8601, or the present; always with a time zone."""
    if not text:
        return datetime.now().astimezone()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ReplyKitError(
            f"--now: {text!r} is not a time; write it as 2026-11-22T09:30"
        ) from None
    return moment if moment.tzinfo else moment.astimezone()


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except OSError:
        raise ReplyKitError("the working directory is gone; change to one that exists") from None


def _read_file(config: Path | None, directory: Path) -> tuple[Path | None, dict[str, Any]]:
    """The nearest settings file upward, or the one that was named."""
    if config is not None:
        table = _parse(config)
        return config.resolve(), _tool_table(table) if config.name == "pyproject.toml" else table
    for folder in (directory.resolve(), *directory.resolve().parents):
        path = folder / FILE_NAME
        if _is_there(path):
            return path, _parse(path)
        path = folder / "pyproject.toml"
        if _is_there(path) and (table := _tool_table(_parse(path))):
            return path, table
    return None, {}


def _is_there(path: Path) -> bool:
    """Whether there is a file of this name; one in a folder that may not be entered is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _tool_table(table: dict[str, Any]) -> dict[str, Any]:
    tool = table.get("tool", {})
    found = tool.get("replykit", {}) if isinstance(tool, dict) else {}
    return found if isinstance(found, dict) else {}


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ReplyKitError(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ReplyKitError(f"{path}: not valid TOML: {error}") from None


def _from_table(table: Mapping[str, Any], source: Path) -> dict[str, Any]:
    """The file's dotted keys as setting names and checked values."""
    known = {option.key: option for option in options()}
    values: dict[str, Any] = {}
    for key, value in _flatten(table, known):
        option = known.get(key)
        if option is None:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ReplyKitError(f"{source}: unknown setting {key!r}{hint}")
        values[option.name] = _checked(option, value, f"{source}: {key}")
    return values


def _flatten(
    table: Mapping[str, Any], known: Mapping[str, Option], prefix: str = ""
) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in table.items():
        key = prefix + name
        if isinstance(value, dict) and key not in known:
            found += _flatten(value, known, key + ".")
        else:
            found.append((key, value))
    return found


def _from_flag(option: Option, value: Any) -> Any:
    if isinstance(value, str):
        return _from_text(option, value, option.flag)
    return _checked(option, value, option.flag)


def _from_text(option: Option, text: str, place: str) -> Any:
    """A value from the environment or a flag, where all is text."""
    value: Any = text
    if (option.table or option.kind is dict) and text.lstrip().startswith("{"):
        try:
            value = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError as error:
            raise ReplyKitError(f"{place}: not a valid TOML table: {error}") from None
    elif option.kind is bool:
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        value = words.get(text.strip().lower())
    elif option.kind is float:
        try:
            value = float(text)
        except ValueError:
            value = None
    elif option.kind is tuple:
        value = [part.strip() for part in text.split(",") if part.strip()]
    elif option.kind is dict:
        pairs = [part.partition("=") for part in text.split(",") if part.strip()]
        value = {left.strip(): right.strip() for left, _, right in pairs}
    return _checked(option, value, place)


def _checked(option: Option, value: Any, place: str) -> Any:
    """The value in its setting's type, or an error that says what belongs there."""
    wanted = {bool: "true or false", float: "a number", str: "text", tuple: "a list of texts"}
    if option.kind is tuple and isinstance(value, list):
        value = tuple(value)
    if option.kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if isinstance(value, dict):
        value = _without_dates(value)
    if option.table and isinstance(value, dict):
        _check_meaning(option, value, place)
        return value
    if not isinstance(value, option.kind) or (
        isinstance(value, tuple) and not all(isinstance(part, str) for part in value)
    ):
        expected = wanted.get(option.kind, "a table") + (" or a table" if option.table else "")
        raise ReplyKitError(f"{place}: expected {expected}")
    _check_meaning(option, value, place)
    return value


def _without_dates(value: Any) -> Any:
    """A table with its dates, which TOML has and JSON has not, as texts."""
    if isinstance(value, dict):
        return {name: _without_dates(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_without_dates(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _check_meaning(option: Option, value: Any, place: str) -> None:
    """Raises ReplyKitError for a value of the right type that makes no sense."""
    if option.choices and value not in option.choices:
        raise ReplyKitError(f"{place}: {value!r} is none of {', '.join(option.choices)}")
    if option.kind is str and option.default and not value.strip():
        raise ReplyKitError(f"{place}: the value is empty")
    if option.name in ("language", "languages"):
        _check_languages((value,) if isinstance(value, str) else value, place)
    if option.name == "abstain" and not 0 <= value <= 0.5:
        raise ReplyKitError(f"{place}: {value} is not between 0 and 0.5")
    if option.name == "grammar_idle" and not value > 0:
        raise ReplyKitError(f"{place}: {value:g} is not above 0")
    if option.name == "languagetool_url" and value and not _URL.match(value):
        raise ReplyKitError(f"{place}: {value!r} is no URL; write it as http://127.0.0.1:8081")
    if option.name == "agent_address" and value and not _ADDRESS.fullmatch(value):
        raise ReplyKitError(
            f"{place}: {value!r} is no e-mail address; write it as desk@example.com"
        )
    if option.name in ("lint_severity", "lint_channel", "lint_lang"):
        from replykit.checking.choice import check_severities, check_tables

        if option.name == "lint_severity":
            check_severities(value, place)
        else:
            check_tables(value, option.key.rpartition(".")[2], place)
    if option.name == "customers" and value:
        from replykit.customers.source import parse_source

        parse_source(value, place)
    if option.name == "opening" and value:
        from replykit.filling.opening import parse_hours

        parse_hours(value, place)


def _check_languages(values: Sequence[str], place: str) -> None:
    """Raises ReplyKitError for a language that no message and no rule is ever of."""
    from replykit.understanding.language import language_code

    for value in values:
        if not value or language_code(value) != value.partition("-")[0]:
            raise ReplyKitError(
                f"{place}: {value!r} is no language's code; write it as fi, en or en-GB"
            )


def public(option: Option, settings: Settings) -> Any:
    """A setting's value as it may be shown: of a customer source, nothing that could be secret."""
    value = getattr(settings, option.name)
    if option.name == "customers" and value:
        from replykit.customers.source import parse_source

        return str(parse_source(value, option.key))
    return value
