"""Finds customers' records in a database, by SQLAlchemy."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from replykit.customers.record import Sought, named
from replykit.customers.source import Database
from replykit.errors import ReplyKitError

# More rows than this are no customer; what they agree on is known by then.
_MOST_ROWS = 100
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_STEPS = 10_000  # of SQLite's machine, between two looks at the clock
_DRIVERS = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}


def find_in_database(source: Database, sought: Sought, folder: Path) -> list[dict[str, str]]:
    """The rows that the query gives for a customer.

    Raises ReplyKitError, without anything of the URL that could be secret, for a database that
    cannot be asked or that does not answer in time.
    """
    known = {name: getattr(sought, name) for name in source.parameters}
    if not any(known.values()):
        return []
    url = expanded(source.url)
    try:
        return _in_time(lambda: _ask(source, url, known, folder), source.timeout)
    except TimeoutError:
        raise ReplyKitError(f"{source}: no answer within {source.timeout:g} s") from None
    except ReplyKitError:
        raise
    except Exception as error:  # each driver has its own family of errors
        raise ReplyKitError(f"{source}: {_reason(error, url)}") from None


def expanded(url: str) -> str:
    """The URL with `${NAME}` replaced from the environment, quoted where it is a name or a
    password within the URL. Raises ReplyKitError for a variable that is not set."""

    def value(match: re.Match[str]) -> str:
        found = os.environ.get(match[1])
        if not found:
            raise ReplyKitError(f"customers.url: environment variable {match[1]} is not set")
        return found

    if _VARIABLE.fullmatch(url):
        return _VARIABLE.sub(value, url)
    user, at, place = url.rpartition("@")
    user = _VARIABLE.sub(lambda match: quote(value(match), safe=""), user)
    return user + at + _VARIABLE.sub(value, place)


def _in_time(ask: Callable[[], list[dict[str, str]]], seconds: float) -> list[dict[str, str]]:
    """What `ask` returns, or TimeoutError. It goes on in a thread that nothing waits for: no
    driver promises to stop while it looks for a host that does not answer."""
    found: list[list[dict[str, str]]] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            found.append(ask())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="replykit-customers", daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError
    return found[0]


def _ask(source: Database, url: str, known: dict[str, str], folder: Path) -> list[dict[str, str]]:
    try:
        import sqlalchemy
    except ImportError:
        raise ReplyKitError(
            "a database of customers needs SQLAlchemy: pip install 'replykit[customers]'"
        ) from None
    try:
        address = sqlalchemy.make_url(url)
    except Exception:  # its text would quote a part of the URL
        raise ReplyKitError(f"{source}: the URL cannot be read") from None
    engine = _engine(address, source.timeout, folder)
    try:
        with engine.connect() as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                milliseconds = int(source.timeout * 1000) or 1
                connection.execute(
                    sqlalchemy.text(f"SET LOCAL statement_timeout = {milliseconds:d}")
                )
            # What is not known is NULL, which equals nothing: '' could be many a customer's.
            rows = connection.execute(
                sqlalchemy.text(source.statement),
                {name: value or None for name, value in known.items()},
            )
            return [named(dict(row)) for row in rows.mappings().fetchmany(_MOST_ROWS)]
    finally:
        engine.dispose()


def _engine(url: Any, seconds: float, folder: Path) -> Any:
    """An engine that reads only, as far as the database knows how to."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    options: dict[str, Any] = {"poolclass": NullPool, "hide_parameters": True}
    backend = url.get_backend_name()
    if backend == "sqlite":
        url = _read_only_file(url, folder)
        options["connect_args"] = {"timeout": seconds}
    elif backend == "postgresql":
        options["execution_options"] = {"postgresql_readonly": True}
        if url.get_driver_name().startswith("psycopg") and "connect_timeout" not in url.query:
            options["connect_args"] = {"connect_timeout": max(2, int(seconds))}
    engine = create_engine(url, **options)
    if backend == "sqlite" and url.get_driver_name() == "pysqlite":
        end = time.monotonic() + seconds

        def watch(connection: Any, record: Any) -> None:
            connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)

        event.listen(engine, "connect", watch)
    return engine


def _read_only_file(url: Any, folder: Path) -> Any:
    """SQLite's file, relative to the settings' file, opened so that it is neither made nor
    changed."""
    name = url.database or ""
    if name.startswith("file:") or name in ("", ":memory:"):
        return url
    path = (folder / Path(name).expanduser()).resolve()
    return url.set(database=f"file:{quote(str(path))}", query={"mode": "ro", "uri": "true"})


def _reason(error: BaseException, url: str) -> str:
    """What the driver says, in one line that holds nothing of the URL that could be secret."""
    if isinstance(error, ModuleNotFoundError):
        extra = " (pip install 'replykit[customers]')" if error.name == "psycopg" else ""
        return f"its driver {error.name} is not installed{extra}"
    if type(error).__name__ == "NoSuchModuleError":
        return "SQLAlchemy knows no such kind of database"
    cause = getattr(error, "orig", None) or error
    text = " ".join(str(cause).split())
    for secret in _secrets(url):
        text = text.replace(secret, "…")
    return f"{type(cause).__name__}: {text[:300]}"


def _secrets(url: str) -> list[str]:
    """The whole URL, all its options, and its password: as it stands there, as it is, and the
    parts of it that an unquoted sign may have turned into a host."""
    found = [url, *(value for _, value in parse_qsl(url.partition("?")[2]))]
    user, at, _ = url.partition("://")[2].rpartition("@")
    if at:
        password = user.partition(":")[2]
        found += [password, unquote(password)]
        found += [part for part in re.split(r"\W+", unquote(password)) if len(part) > 2]
    return sorted(filter(None, found), key=len, reverse=True)
