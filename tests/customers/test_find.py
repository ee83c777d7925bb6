"""The customer's record in use: draft, lint and the Python API, and sources that fail."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from replykit import Library
from replykit.config import Settings
from replykit.customers import find_customer, sought_by
from replykit.customers.record import Sought
from replykit.message import Message
from tests.conftest import Run

Make = Callable[[dict[str, str]], Path]
REPLY = """---
title: Late
details: {order_number: {pattern: '[0-9]{6}'}}
---
Hello {{ customer.name }},

order {{ order_number }} is on its way.

Kind regards,
Sam
"""
MAIL = "From: maija@example.fi\nSubject: Late\n\nWhere is it?\n"
ROWS = """email,name,order_number
maija@example.fi,Maija Virtanen,123456
matti@example.fi,Matti,654321
"""
DRAFT = ("draft", "late", "-f", "in.eml", "--lang", "en")


@pytest.fixture
def folder(library: Make, tmp_path: Path) -> Path:
    """A library, a mail, and a table of customers that the settings name."""
    library({"late.en.md": REPLY})
    (tmp_path / "in.eml").write_text(MAIL, "utf-8")
    (tmp_path / "crm.csv").write_text(ROWS, "utf-8")
    (tmp_path / "replykit.toml").write_text('customers = "crm.csv"\n', "utf-8")
    return tmp_path


def test_a_draft_knows_what_the_settings_source_knows(folder: Path, run: Run) -> None:
    done = run(*DRAFT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Hello Maija Virtanen,\n\norder 123456 is")


def test_a_named_file_wins_over_the_setting(folder: Path, run: Run) -> None:
    (folder / "one.json").write_text('{"name": "Anna", "order_number": "111111"}', "utf-8")
    done = run(*DRAFT, "--customer", "one.json")
    assert done.stdout.startswith("Hello Anna,\n\norder 111111 is")


def test_set_wins_over_the_record_and_says_whose_it_is(folder: Path, run: Run) -> None:
    done = run(*DRAFT, "--set", "customer.email=matti@example.fi", "--set", "order_number=999999")
    assert done.stdout.startswith("Hello Matti,\n\norder 999999 is")


def test_who_is_not_found_is_said_once(folder: Path, run: Run) -> None:
    (folder / "in.eml").write_text(MAIL.replace("maija", "new"), "utf-8")
    done = run(*DRAFT, "--set", "order_number=123456")
    assert done.returncode == 0
    assert done.stderr.count("no record of new@example.fi") == 1
    done = run(*DRAFT, "--set", "order_number=123456", "--customer", "crm.csv")
    assert done.stderr.count("crm.csv: no customer with the address new@example.fi") == 1


def test_without_a_message_nobody_is_sought_and_nothing_said(folder: Path, run: Run) -> None:
    done = run("draft", "late", "--lang", "en", "--set", "order_number=123456")
    assert done.returncode == 0
    assert "customer" not in done.stderr


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("'none.csv'", "none.csv: cannot be read"),
        ("'crm.xlsx'", "crm.xlsx: a customer's record is .json"),
        ("{command = ['no-such-crm', '{email}']}", "no-such-crm: there is no such command"),
        ("{command = ['sh', '-c', 'sleep 9', '{email}'], timeout = 0.2}", "sh: no answer within"),
        ("{url = '${NO_CRM}', query = 'SELECT :email'}", "variable NO_CRM is not set"),
        ("{url = 'sqlite:///none.db', query = 'SELECT 1 WHERE 1 = :email'}", "unable to open"),
    ],
)
def test_no_draft_waits_for_a_source_that_is_down(
    folder: Path, run: Run, value: str, words: str
) -> None:
    (folder / "replykit.toml").write_text(f"customers = {value}\n", "utf-8")
    done = run(*DRAFT, "--set", "order_number=123456", "--set", "customer.name=Maija")
    assert done.returncode == 0
    assert done.stdout.startswith("Hello Maija,")
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("replykit: customers:")]
    assert words in line
    assert line.endswith("; going on without the customer's record")
    assert "Traceback" not in done.stderr


def test_a_named_file_that_cannot_be_read_is_an_error(folder: Path, run: Run) -> None:
    done = run(*DRAFT, "--customer", "none.csv")
    assert done.returncode == 2
    assert done.stderr.strip() == "replykit: none.csv: cannot be read (No such file or directory)"


def test_lint_compares_with_the_record(folder: Path, run: Run) -> None:
    text = "Hello Anna,\n\nit left today.\n\nKind regards,\nSam\n"
    done = run("lint", "--lang", "en", "--message", "in.eml", "-", stdin=text)
    assert "FACT001" in done.stdout
    assert "the customer is Maija Virtanen, not Anna" in done.stdout


def test_the_python_api_knows_it_too(folder: Path) -> None:
    library = Library.open("responses")
    message = Message("Where is it?", sender_address="maija@example.fi")
    assert "Maija Virtanen" in library.draft("late", lang="en", message=message).text
    given = library.draft("late", lang="en", message=message, customer={}, partial=True)
    assert given.missing == ("order_number",)
    stranger = Message("Where is it?", sender_address="new@example.fi")
    with pytest.warns(UserWarning, match="no record of new@example.fi"):
        library.draft("late", lang="en", message=stranger)


def test_no_password_is_shown_by_a_draft_or_the_settings(folder: Path, run: Run) -> None:
    url = "postgresql://agent:salaisuus@127.0.0.1:1/crm?password=salaisuus"
    table = f"customers = {{url = '{url}', query = 'SELECT 1 WHERE 1 = :email', timeout = 2}}\n"
    (folder / "replykit.toml").write_text(table, "utf-8")
    for arguments in (DRAFT, (*DRAFT, "--format", "json"), ("config",)):
        done = run(*arguments)
        assert "postgresql://…" in done.stdout + done.stderr
        assert "salaisuus" not in done.stdout + done.stderr


def test_a_command_that_another_user_could_have_written_is_not_run(folder: Path, run: Run) -> None:
    settings = folder / "replykit.toml"
    settings.write_text("customers = {command = ['touch', 'hacked', '{email}']}\n", "utf-8")
    settings.chmod(0o666)
    done = run(*DRAFT, "--set", "order_number=123456")
    assert done.returncode == 0
    assert "another user may have written it, so its command is not run" in done.stderr
    assert not (folder / "hacked").exists()
    settings.chmod(0o644)
    if os.getuid() == 0:
        os.chown(settings, 12345, 12345)
        run(*DRAFT, "--set", "order_number=123456")
        assert not (folder / "hacked").exists()
        os.chown(settings, 0, 0)
    run(*DRAFT, "--set", "order_number=123456")
    assert (folder / "hacked").exists()


def test_one_record_alone_is_not_everybodys_where_the_settings_name_it(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text('{"name": "Anna", "email": "anna@example.fi"}', "utf-8")
    settings = Settings(customers=str(path))
    assert find_customer(settings, Message("", sender_address="other@example.fi")) == {}
    assert find_customer(settings, Message("", sender_name="Anna")) == {}
    assert find_customer(settings, Message("", sender_address="anna@example.fi"))["name"] == "Anna"


def test_what_is_stated_counts_more_than_what_the_message_says() -> None:
    message = Message(
        "",
        sender_name="Maija\nM",
        sender_address="m@x.fi",
        customer={"phone": "040", "email": "o@x"},
    )
    assert sought_by(message, {}) == Sought("m@x.fi", "040", "Maija M")
    assert sought_by(message, {"customer.email": "a@x.fi"}) == Sought("a@x.fi", "040", "Maija M")
    assert sought_by(Message("", customer={"email": "o@x"}), {}) == Sought("o@x")
    assert not sought_by(None, {})


def test_a_draft_without_a_database_imports_none(folder: Path) -> None:
    code = (
        "import sys; sys.argv = ['replykit', *sys.argv[1:]]\n"
        "from replykit.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "names = {'sqlalchemy', 'psycopg', 'vobject', 'holidays', 'dateutil'}\n"
        "print('HEAVY', sorted(names & {n.partition('.')[0] for n in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *DRAFT, "--no-lint"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "HEAVY []" in done.stdout, done.stdout + done.stderr


NOT_ALWAYS = """---
title: Vip
---
Hello,

{% if customer.vip %}you are first. {% endif %}{{ customer.nick | default("friend") }}, wait.

Kind regards,
Sam
"""


def test_a_field_of_a_source_is_empty_for_whom_it_does_not_know(
    folder: Path, run: Run, library: Make
) -> None:
    """No reply waits for a CRM that is down, or falls for somebody who is in none."""
    library(
        {
            "vip.en.md": NOT_ALWAYS,
            "slip.en.md": NOT_ALWAYS.replace("customer.vip", "customer.emial"),
        }
    )
    (folder / "crm.csv").write_text("email,vip\nmaija@example.fi,yes\n", "utf-8")
    draft = ("draft", "vip", "--no-lint", "--lang", "en")
    assert "you are first. friend," in run(*draft, "-f", "in.eml").stdout
    unknown = run(*draft, "--set", "customer.email=zed@example.fi")
    assert (unknown.returncode, "first" in unknown.stdout, "friend," in unknown.stdout) == (
        0,
        False,
        True,
    )
    (folder / "crm.csv").unlink()
    assert run(*draft, "-f", "in.eml").returncode == 0
    slip = run("draft", "slip", "--lang", "en")
    assert (slip.returncode, "customer.emial is unknown" in slip.stderr) == (2, True)


def test_without_a_source_an_unknown_field_is_an_error(run: Run, library: Make) -> None:
    library({"vip.en.md": NOT_ALWAYS})
    done = run("draft", "vip", "--lang", "en")
    assert (done.returncode, "customer.vip is unknown" in done.stderr) == (2, True)
