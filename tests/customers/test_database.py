"""Customers in a database: SQLite and a PostgreSQL that the tests start, both for real."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from replykit.customers.database import expanded, find_in_database
from replykit.customers.record import Sought, agreed
from replykit.customers.source import Database, parse_source
from replykit.errors import ReplyKitError
from tests.customers.conftest import PASSWORD, Server

QUERY = "SELECT * FROM customer WHERE lower(email) = lower(:email)"
MAIJA = Sought("Maija@example.fi", "0401234567", "Maija Mäkelä")
# Runs until somebody ends it.
ENDLESS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT max(i) FROM n WHERE :email != ''"
)


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    """A folder with a SQLite database of customers."""
    connection = sqlite3.connect(tmp_path / "crm.db")
    connection.execute("CREATE TABLE customer (name, email, phone, order_number, vip)")
    connection.executemany(
        "INSERT INTO customer VALUES (?, ?, ?, ?, ?)",
        [
            ("Maija Mäkelä", "maija@example.fi", "0401234567", "00123456", 1),
            ("Matti Möttönen", "matti@example.fi", "0501112233", "1", 0),
            ("Matti Möttönen", "matti@example.fi", "0501112233", "2", 0),
            ("Nameless", "", "", "3", 0),
        ],
    )
    connection.commit()
    connection.close()
    return tmp_path


def source(url: str, query: str = QUERY, **more: Any) -> Database:
    found = parse_source({"url": url, "query": query, **more}, "customers")
    assert isinstance(found, Database)
    return found


def ask(folder: Path, query: str = QUERY, sought: Sought = MAIJA, **more: Any) -> dict[str, str]:
    return agreed(find_in_database(source("sqlite:///crm.db", query, **more), sought, folder))


def test_a_row_is_a_record_its_file_relative_to_the_settings(crm: Path) -> None:
    assert ask(crm) == {
        "name": "Maija Mäkelä",
        "email": "maija@example.fi",
        "phone": "0401234567",
        "order_number": "00123456",
        "vip": "1",
    }


@pytest.mark.parametrize("condition", ["phone = :phone", "name = :name and email != :email"])
def test_a_customer_is_also_found_by_phone_and_name(crm: Path, condition: str) -> None:
    query = f"SELECT name FROM customer WHERE {condition}"
    assert ask(crm, query, Sought("other@example.fi", "0401234567", "Maija Mäkelä")) == {
        "name": "Maija Mäkelä"
    }


def test_columns_may_be_named_as_templates_name_them(crm: Path) -> None:
    query = "SELECT name AS 'Nimi', phone AS puhelinnumero FROM customer WHERE email = :email"
    assert ask(crm, query, Sought("maija@example.fi")) == {
        "name": "Maija Mäkelä",
        "phone": "0401234567",
    }


def test_of_several_rows_only_what_they_agree_on_is_taken(crm: Path) -> None:
    found = ask(crm, sought=Sought("matti@example.fi"))
    assert found["name"] == "Matti Möttönen"
    assert "order_number" not in found


@pytest.mark.parametrize(
    "address",
    [
        "' OR 1=1 --",
        "x' UNION SELECT 1,2,3,4,5 --",
        "%",
        ":name",
        "\\",
        "a\nb",
        "ä😀",
        "x" * 10_000,
    ],
)
def test_an_address_is_a_value_and_never_a_part_of_the_query(crm: Path, address: str) -> None:
    assert ask(crm, sought=Sought(address)) == {}


def test_who_is_unknown_is_nobody_even_where_a_field_is_empty(crm: Path) -> None:
    assert ask(crm, sought=Sought()) == {}
    assert ask(crm, sought=Sought(name="Nobody")) == {}
    query = "SELECT * FROM customer WHERE email = :email OR phone = :phone"
    assert ask(crm, query, Sought(phone="0")) == {}


def test_the_database_cannot_be_written_to(crm: Path) -> None:
    before = (crm / "crm.db").read_bytes()
    url = f"sqlite:///{crm}/crm.db"
    for statement in (
        "DELETE FROM customer WHERE email != :email",
        "UPDATE customer SET vip = :email",
    ):
        with pytest.raises(ReplyKitError, match="readonly"):
            find_in_database(Database(url, statement), MAIJA, crm)
    assert (crm / "crm.db").read_bytes() == before


def test_a_file_that_is_not_there_is_said_and_not_made(crm: Path) -> None:
    with pytest.raises(ReplyKitError, match=r"^sqlite://…: OperationalError: unable to open"):
        find_in_database(source("sqlite:///none.db"), MAIJA, crm)
    assert not (crm / "none.db").exists()


def test_a_query_that_the_database_refuses_is_one_line(crm: Path) -> None:
    with pytest.raises(ReplyKitError) as caught:
        ask(crm, "SELECT nope FROM customer WHERE email = :email")
    assert str(caught.value) == "sqlite://…: OperationalError: no such column: nope"


def test_a_colon_in_a_text_or_a_comment_is_no_parameter(crm: Path) -> None:
    query = "SELECT ':at 12:30; ' AS note -- :x ; drop\n FROM customer /* :y */ WHERE email=:email;"
    assert ask(crm, query, Sought("maija@example.fi")) == {"note": ":at 12:30;"}


def test_an_endless_query_is_ended(crm: Path) -> None:
    start = time.perf_counter()
    with pytest.raises(ReplyKitError, match=r"no answer within 0.3 s|interrupted"):
        ask(crm, ENDLESS, timeout=0.3)
    assert time.perf_counter() - start < 5


def test_a_host_that_does_not_answer_is_not_waited_for(crm: Path) -> None:
    import socket

    with socket.socket() as silent:  # takes connections, and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        url = f"postgresql://agent:salaisuus@127.0.0.1:{silent.getsockname()[1]}/crm"
        start = time.perf_counter()
        with pytest.raises(ReplyKitError) as caught:
            find_in_database(source(url, timeout=0.5), MAIJA, crm)
        assert time.perf_counter() - start < 5
    assert str(caught.value) == "postgresql://…: no answer within 0.5 s"


def test_postgresql_gives_the_record_with_every_type_as_text(
    postgresql: Server, tmp_path: Path
) -> None:
    (record,) = find_in_database(source(postgresql.url()), MAIJA, tmp_path)
    assert record.pop("seen").startswith("2026-11-20T")
    assert record == {
        "id": "1",
        "name": "Maija Mäkelä",
        "email": "maija@example.fi",
        "phone": "0401234567",
        "vip": "",
        "since": "2019-03-01",
        "balance": "12.50",
        "photo": "",
    }


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_goes_by_all_its_names(postgresql: Server, tmp_path: Path, scheme: str) -> None:
    (record,) = find_in_database(source(postgresql.url(scheme=scheme)), MAIJA, tmp_path)
    assert record["name"] == "Maija Mäkelä"


def test_the_url_comes_whole_or_in_part_from_the_environment(
    postgresql: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_URL", postgresql.url())
    monkeypatch.setenv("CRM_PASSWORD", PASSWORD)
    part = postgresql.url("$").replace("%24", "${CRM_PASSWORD}")
    for url in ("${CRM_URL}", part):
        (record,) = find_in_database(source(url), MAIJA, tmp_path)
        assert record["name"] == "Maija Mäkelä"


def test_postgresql_is_only_read(postgresql: Server, tmp_path: Path) -> None:
    for statement in (
        "WITH gone AS (DELETE FROM customer RETURNING *) SELECT * FROM gone WHERE email = :email",
        "DELETE FROM customer WHERE email = :email",
    ):
        with pytest.raises(ReplyKitError, match="ReadOnlySqlTransaction"):
            find_in_database(Database(postgresql.url(), statement), MAIJA, tmp_path)
    assert find_in_database(source(postgresql.url()), MAIJA, tmp_path)


def test_postgresql_ends_a_slow_query_itself(postgresql: Server, tmp_path: Path) -> None:
    slow = "SELECT pg_sleep(30), * FROM customer WHERE email = lower(:email)"
    start = time.perf_counter()
    with pytest.raises(ReplyKitError, match=r"no answer within 1 s|QueryCanceled"):
        find_in_database(source(postgresql.url(), slow, timeout=1), MAIJA, tmp_path)
    assert time.perf_counter() - start < 10
    still = "SELECT query FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND :email != ''"
    own = still + " AND pid != pg_backend_pid() AND state = 'active'"
    for _ in range(50):
        if not find_in_database(source(postgresql.url(), own), MAIJA, tmp_path):
            return
        time.sleep(0.1)
    pytest.fail("the query still runs")


def test_a_hostile_address_reaches_postgresql_as_a_value(
    postgresql: Server, tmp_path: Path
) -> None:
    for address in ("'; DROP TABLE customer; --", "%", "$1", "x" * 100_000):
        assert find_in_database(source(postgresql.url()), Sought(address), tmp_path) == []
    with pytest.raises(ReplyKitError):  # PostgreSQL knows no text with a zero byte
        find_in_database(source(postgresql.url()), Sought("a\0b"), tmp_path)
    assert find_in_database(source(postgresql.url()), MAIJA, tmp_path)


Break = Callable[[Server], str]
BROKEN: dict[str, Break] = {
    "wrong password": lambda server: server.url(PASSWORD + "x"),
    "no such database": lambda server: server.url().replace("/postgres?", "/none?"),
    "no such option": lambda server: server.url() + "&pasword=salaisuus",
    "signs that are not quoted": lambda server: f"postgresql://agent:{PASSWORD}@localhost/x",
    "a port that is none": lambda server: "postgresql://agent@salaisuus:@/?salaisuus%/x",
    "no such kind": lambda server: server.url(scheme="salaisuus"),
    "no such driver": lambda server: server.url(scheme="postgresql+salaisuus"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_no_failure_shows_a_password(
    postgresql: Server, tmp_path: Path, broken: Break, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = broken(postgresql)
    with pytest.raises(ReplyKitError) as caught:
        find_in_database(source(url, timeout=3), MAIJA, tmp_path)
    text = str(caught.value)
    assert url not in text
    for part in (PASSWORD, "salaisuus", "kuu:", "kuu%3A"):
        assert part not in text.replace("salaisuus://…", "")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_source_shows_nothing_of_its_url() -> None:
    made = source("postgresql://agent:secret@crm.example/x?password=secret")
    assert str(made) == "postgresql://…"
    assert "secret" not in repr(made)
    assert "agent" not in repr(made)


def test_variables_are_quoted_only_where_a_url_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A", "a:/@ä")
    assert expanded("${A}") == "a:/@ä"
    assert expanded("x://me:${A}@host/${A}") == "x://me:a%3A%2F%40%C3%A4@host/a:/@ä"
    assert expanded("sqlite:///${A}/crm.db") == "sqlite:///a:/@ä/crm.db"
    assert expanded("x://$A/{A}") == "x://$A/{A}"
    with pytest.raises(ReplyKitError, match="environment variable NONE is not set"):
        expanded("x://${NONE}")
