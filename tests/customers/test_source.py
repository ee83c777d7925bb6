"""The setting `customers`: what it may be, where its file is sought, what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from replykit.config import Settings, load, options, public
from replykit.customers import find_customer
from replykit.customers.source import Command, Database, File, parse_source
from replykit.errors import ReplyKitError
from replykit.message import Message

SELECT = "SELECT * FROM c WHERE e = :email"
ROW = "email,name\nmaija@example.fi,Maija\n"
MAIJA = Message("Hei", sender_address="maija@example.fi")


def load_in(folder: Path, text: str = "", **environment: str) -> Settings:
    (folder / "replykit.toml").write_text(text, "utf-8")
    return load(environment=environment, directory=folder)


def test_a_path_in_the_file_is_relative_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "crm.csv").write_text(ROW, "utf-8")
    below = tmp_path / "below"
    below.mkdir()
    (tmp_path / "replykit.toml").write_text('customers = "crm.csv"\n', "utf-8")
    settings = load(environment={}, directory=below)
    assert find_customer(settings, MAIJA)["name"] == "Maija"


def test_a_path_of_a_variable_or_a_flag_is_relative_to_where_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "crm.csv").write_text(ROW, "utf-8")
    monkeypatch.chdir(work)
    settings = load_in(tmp_path, 'customers = "none.csv"\n', REPLYKIT_CUSTOMERS="crm.csv")
    assert find_customer(settings, MAIJA)["name"] == "Maija"
    settings = load(flags={"customers": "crm.csv"}, environment={}, directory=tmp_path)
    assert find_customer(settings, MAIJA)["name"] == "Maija"


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ('"crm.yaml"', File("crm.yaml")),
        (f'{{url = "sqlite:///a.db", query = "{SELECT};"}}', Database("sqlite:///a.db", SELECT)),
        (
            f'{{url = "${{CRM}}", query = "{SELECT}", timeout = 2}}',
            Database("${CRM}", SELECT, 2.0),
        ),
        ('{command = ["crm", "{email}"]}', Command(("crm", "{email}"))),
        ('{command = ["crm", "--p={phone}"], timeout = 0.5}', Command(("crm", "--p={phone}"), 0.5)),
    ],
)
def test_file_and_variable_take_the_same(tmp_path: Path, value: str, source: Any) -> None:
    for settings in (
        load_in(tmp_path, f"customers = {value}\n"),
        load_in(tmp_path, "", REPLYKIT_CUSTOMERS=value.strip('"')),
    ):
        assert parse_source(settings.customers, "") == source


@pytest.mark.parametrize(
    "query",
    [
        "select 1 from c where e=:email",
        "WITH x AS (SELECT 1) SELECT * FROM x WHERE e = :email;",
        "SELECT updated, \"update\", 'delete; x' FROM c WHERE e = :email -- into; :x",
        "SELECT replace(e, '''', '') FROM c WHERE n = :name AND p::text = :phone",
    ],
)
def test_one_select_of_any_kind_is_taken(query: str) -> None:
    assert parse_source({"url": "sqlite://", "query": query}, "")


URL = {"url": "sqlite:///a.db"}
WRONG: list[tuple[Any, str]] = [
    (5, "customers: expected text or a table"),
    ("sqlite:///crm.db", "customers: a database needs a query too"),
    ({"timeout": 3}, "customers: a table has url and query, or command"),
    ({"file": "x"}, "customers: 'file' is unknown; a table has url and query, or command"),
    ({"comand": ["x"]}, "customers: 'comand' is unknown; did you mean command?"),
    ({**URL, "query": SELECT, "querry": 1}, "customers: 'querry' is unknown; did you mean query?"),
    ({**URL, "command": ["x"]}, "customers: 'command' is unknown"),
    ({"url": 5, "query": SELECT}, "customers.url: expected a URL"),
    ({"url": "crm.db", "query": SELECT}, "customers.url: expected a URL"),
    (URL, "customers.query: expected a SELECT with :email"),
    ({**URL, "query": " "}, "customers.query: expected a SELECT with :email"),
    ({**URL, "query": "SELECT 1"}, "customers.query: it names nobody; known are :email, :phone"),
    ({**URL, "query": "SELECT ':email'"}, "customers.query: it names nobody"),
    ({**URL, "query": SELECT + " :mail"}, "customers.query: there is no :mail; known are"),
    ({**URL, "query": f"{SELECT}; {SELECT}"}, "customers.query: expected one SELECT and nothing"),
    ({**URL, "query": "DELETE FROM c WHERE e = :email"}, "customers.query: expected one SELECT"),
    ({**URL, "query": f"/* x */ {SELECT}; DROP TABLE c"}, "customers.query: expected one SELECT"),
    ({**URL, "query": "SELECT * INTO d FROM c WHERE e = :email"}, "that only reads has no INTO"),
    ({**URL, "query": f"{SELECT} FOR UPDATE"}, "a SELECT that only reads has no UPDATE"),
    (
        {**URL, "query": "WITH x AS (DELETE FROM c RETURNING *) SELECT * FROM x WHERE e=:email"},
        "a SELECT that only reads has no DELETE",
    ),
    ({"command": "crm {email}"}, "customers.command: expected a list"),
    ({"command": []}, "customers.command: expected a list"),
    ({"command": ["", "{email}"]}, "customers.command: expected a list"),
    ({"command": ["crm", 5]}, "customers.command: expected a list"),
    ({"command": ["crm"]}, "customers.command: it names nobody; known after its first word are"),
    ({"command": ["{email}"]}, "customers.command: it names nobody"),
    ({"command": ["crm", "{mail}"]}, "customers.command: it names nobody"),
    ({"command": ["crm", "{email}"], "timeout": 0}, "customers.timeout: 0 is not between 0 and 60"),
    ({"command": ["crm", "{email}"], "timeout": 61}, "customers.timeout: 61 is not between"),
    ({"command": ["crm", "{email}"], "timeout": True}, "customers.timeout: expected a number"),
]


@pytest.mark.parametrize(("value", "words"), WRONG)
def test_what_is_wrong_is_said_when_the_settings_are_read(
    tmp_path: Path, value: Any, words: str
) -> None:
    (tmp_path / "replykit.toml").write_text(f"customers = {_toml(value)}\n", "utf-8")
    with pytest.raises(ReplyKitError) as caught:
        load(environment={}, directory=tmp_path)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'replykit.toml'}: customers")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + "}"
    return json.dumps(value)


def test_a_table_in_a_variable_that_is_no_toml_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReplyKitError, match=r"^REPLYKIT_CUSTOMERS: not a valid TOML table"):
        load_in(tmp_path, "", REPLYKIT_CUSTOMERS="{url}")


def test_settings_that_are_shown_hold_no_secret(tmp_path: Path) -> None:
    (option,) = [option for option in options() if option.name == "customers"]
    for value, text in (
        ({"url": "postgresql://a:secret@h/d?p=secret", "query": SELECT}, "postgresql://…"),
        ({"url": "${CRM_URL}", "query": SELECT}, "database"),
        ({"command": ["crm", "--token=secret", "{email}"]}, "crm"),
        ("crm.csv", "crm.csv"),
        ("", ""),
    ):
        assert public(option, Settings(customers=value)) == text
