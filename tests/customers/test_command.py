"""Customers by a command: what it is passed, what it may print, how long it may take."""

from __future__ import annotations

import os
import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from replykit.customers.command import find_by_command
from replykit.customers.record import Sought
from replykit.customers.source import Command, parse_source
from replykit.errors import ReplyKitError

MAIJA = Sought("maija@example.fi", "+358 40 1234567", "Maija Mäkelä")
ECHO = "import json, sys; print(json.dumps({'arguments': repr(sys.argv[1:])}))"


def command(code: str, *arguments: str, **more: Any) -> Command:
    """A source that runs Python code."""
    found = parse_source(
        {"command": [sys.executable, "-c", code, *(arguments or ("{email}",))], **more}, "customers"
    )
    assert isinstance(found, Command)
    return found


def passed(folder: Path, *arguments: str, sought: Sought = MAIJA) -> list[str] | None:
    """The arguments that reach the program; None where it is not run."""
    found = find_by_command(command(ECHO, *arguments), sought, folder)
    return eval(found[0]["arguments"]) if found else None


def failure(source: Command, folder: Path) -> str:
    start = time.perf_counter()
    with pytest.raises(ReplyKitError) as caught:
        find_by_command(source, MAIJA, folder)
    assert time.perf_counter() - start < source.timeout + 5
    return str(caught.value).replace(sys.executable, "python")


def test_what_it_prints_is_the_record(tmp_path: Path) -> None:
    printed = (
        '{"Nimi": "Maija", "total": 1.50, "vip": true, "tags": ["a", "b"], "x": {}, "old": null}'
    )
    assert find_by_command(command(f"print({printed!r})"), MAIJA, tmp_path) == [
        {"name": "Maija", "total": "1.50", "vip": "true", "tags": "a, b", "old": ""}
    ]


def test_each_placeholder_is_a_part_of_one_argument(tmp_path: Path) -> None:
    assert passed(tmp_path, "show", "{email}", "--name={name}", "{phone}{other}") == [
        "show",
        "maija@example.fi",
        "--name=Maija Mäkelä",
        "+358 40 1234567{other}",
    ]


@pytest.mark.parametrize(
    "address",
    [
        "$(touch${IFS}hacked)@x.fi",
        "`touch${IFS}hacked`@x.fi",
        ";ls;@x.fi",
        "'\"@x.fi",
        "*@x.fi",
        "{name}@x.fi",
    ],
)
def test_there_is_no_shell_and_nothing_is_filled_in_twice(tmp_path: Path, address: str) -> None:
    assert passed(tmp_path, "{email}", sought=Sought(address, "", "N")) == [address]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "address",
    ["", " ", "-rf@x.fi", "--help", "@/etc/passwd", "no address", "a@b c", "a\n@x.fi", "a\0@x.fi",
     "a\x1b[2J@x.fi", "\u202ea@x.fi", "x" * 400 + "@x.fi", "a@b@c"],
)  # fmt: skip
def test_what_could_be_an_option_or_is_no_address_is_never_passed(
    tmp_path: Path, address: str
) -> None:
    assert passed(tmp_path, "{email}", sought=Sought(address)) is None
    assert passed(tmp_path, "--email={email}", sought=Sought(address)) is None


@pytest.mark.parametrize("name", ["", "-x", "@file", "a\x07b"])
def test_so_are_names_and_phones(tmp_path: Path, name: str) -> None:
    assert passed(tmp_path, "{name}", sought=Sought("a@x.fi", "", name)) is None
    assert passed(tmp_path, "{phone}", sought=Sought("a@x.fi", name, "N")) is None


@pytest.mark.parametrize("printed", ["", " \\n", "{}", "[]", "null"])
def test_nothing_means_nobody(tmp_path: Path, printed: str) -> None:
    assert find_by_command(command(f"print('{printed}')"), MAIJA, tmp_path) == []


def test_a_search_that_gives_several_is_searched_for_the_address(tmp_path: Path) -> None:
    code = """print('[{"email": "x@y.fi", "n": 1}, {"email": "MAIJA@example.fi", "n": 2}]')"""
    assert [row["n"] for row in find_by_command(command(code), MAIJA, tmp_path)] == ["2"]
    code = """print('[{"email": "other@x.fi", "n": 1}]')"""
    assert [row["n"] for row in find_by_command(command(code), MAIJA, tmp_path)] == ["1"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("print('{')", "its output is not valid JSON"),
        ("print('[' * 100_000)", "its output is not valid JSON"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe')", "its output is not valid UTF-8"),
        ("print('5')", "expected a record as a JSON object"),
        ("print('[1]')", "expected a record as a JSON object"),
        ("raise SystemExit(3)", "it ended with code 3"),
        ("import os; os.kill(os.getpid(), 9)", "it was killed by signal 9"),
        ("print('x' * 2_000_000)", "it prints more than 1,000,000 bytes"),
        ("while True: print('x' * 1000)", "it prints more than 1,000,000 bytes"),
    ],
)
def test_faults_are_one_line(tmp_path: Path, code: str, words: str) -> None:
    assert failure(command(code, timeout=20), tmp_path).startswith(f"python: {words}")


def test_it_gets_no_more_time_than_it_has(tmp_path: Path) -> None:
    for code in (
        "import time; time.sleep(60)",
        "import sys, time; sys.stdout.close(); import os; os.close(1); time.sleep(60)",
        "import time\nwhile True: print('{}', flush=True); time.sleep(0.1)",
    ):
        assert failure(command(code, timeout=0.5), tmp_path) == "python: no answer within 0.5 s"


def test_what_it_has_started_ends_with_it(tmp_path: Path) -> None:
    child = f"import time; time.sleep(2); open({str(tmp_path / 'late')!r}, 'w')"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    failure(command(code, timeout=1), tmp_path)
    time.sleep(2)
    assert not (tmp_path / "late").exists()


def test_neither_arguments_nor_standard_error_are_shown(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    code = "import sys; sys.stderr.write('salaisuus'); raise SystemExit(1)"
    text = failure(command(code, "--token=salaisuus", "{email}"), tmp_path)
    assert text == "python: it ended with code 1"
    assert "salaisuus" not in "".join(capfd.readouterr())
    assert "salaisuus" not in repr(command(code, "--token=salaisuus", "{email}"))


def test_a_command_that_cannot_be_run_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no program", "utf-8")
    for name, words in (
        ("no-such-crm", "no-such-crm: there is no such command"),
        ("./data", "./data: cannot be run (Permission denied)"),
        (".", ".: cannot be run (Permission denied)"),
    ):
        assert failure(Command((name, "{email}")), tmp_path) == words


def test_a_relative_command_is_relative_to_the_settings(tmp_path: Path) -> None:
    script = tmp_path / "crm"
    script.write_text('#!/bin/sh\nprintf \'{"name": "%s"}\' "$1"\n', "utf-8")
    os.chmod(script, stat.S_IRWXU)
    found = find_by_command(Command(("./crm", "{email}")), MAIJA, tmp_path)
    assert found == [{"name": "maija@example.fi"}]
