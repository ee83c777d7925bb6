"""A PostgreSQL of the tests' own: made, started and stopped by them, on a Unix socket alone."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.conftest import postgresql_programs

# Signs that a URL must quote, and that a message could show in parts.
PASSWORD = "kuu:@/?salaisuus%"
TABLE = """
create table customer (id serial primary key, name text, email text, phone text, vip boolean,
    since date, balance numeric(8, 2), seen timestamptz, photo bytea);
insert into customer (name, email, phone, vip, since, balance, seen, photo) values
    ('Maija Mäkelä', 'maija@example.fi', '0401234567', false, '2019-03-01', 12.50,
     '2026-11-20 10:15:00+02', '\\x00ff'),
    ('Matti Möttönen', 'matti@example.fi', '0501112233', true, '2020-04-02', 0, null, null),
    ('Nameless', '', '', false, '2021-01-01', 0, null, null);
create user agent password '{password}';
grant select, insert, update, delete on customer to agent;
"""


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL that knows one user by password."""

    folder: Path

    def url(self, password: str = PASSWORD, scheme: str = "postgresql+psycopg") -> str:
        secret = quote(password, safe="")
        return f"{scheme}://agent:{secret}@/postgres?host={quote(str(self.folder), safe='')}"


@pytest.fixture(scope="session")
def _server() -> Iterator[Server | None]:
    """The server, or None where PostgreSQL is not installed."""
    programs = postgresql_programs()
    if programs is None:
        yield None
        return
    # A socket's path is at most 107 characters long; pytest's folders are longer, and closed to
    # the user that a server must be started as where the tests run as root.
    folder = Path(tempfile.mkdtemp(prefix="rk-pg-"))
    user = _other_user()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(program: str, *arguments: str | Path, stdin: str = "") -> None:
        done = subprocess.run(
            [programs / program, *arguments],
            input=stdin, text=True, capture_output=True, user=user, cwd=folder, timeout=120,
            check=False, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    run("initdb", "-D", data, "-A", "trust", "-U", "owner", "-E", "UTF8", "--no-sync")
    (data / "pg_hba.conf").write_text(
        "local all owner trust\nlocal all all scram-sha-256\n", "utf-8"
    )
    options = f"-F -c listen_addresses= -k {folder}"
    run("pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        table = TABLE.format(password=PASSWORD)
        run("psql", "-h", folder, "-U", "owner", "-v", "ON_ERROR_STOP=1", "postgres", stdin=table)
        yield Server(folder)
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(_server: Server | None, require_engine: Callable[[str, str], None]) -> Server:
    """A PostgreSQL with a table of customers."""
    require_engine("postgresql", "customers in PostgreSQL")
    assert _server is not None
    return _server


def _other_user() -> str | None:
    """Whom to run the server as: PostgreSQL refuses root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
