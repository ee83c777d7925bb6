"""One server for all processes: started once, found again, ended, missed."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from replykit.config import load
from replykit.grammar import Unavailable, server, state
from replykit.grammar.client import Grammar
from tests.conftest import Run

WRONG = "We recieve your parcel."
CALL = [sys.executable, "-m", "replykit", "lint", "--lang", "en", "--no-model", "--format", "json"]
CALL += ["--require", "grammar"]


def servers(folder: Path) -> list[str]:
    """The Java processes whose lock lies in a folder: each has the file open."""
    processes = Path("/proc").glob("[0-9]*")
    return [item.name for item in processes if _is_java(item) and _has_open(item, folder / "lock")]


def _is_java(process: Path) -> bool:
    try:
        return (process / "comm").read_text() == "java\n"
    except OSError:  # it has ended meanwhile
        return False


def _has_open(process: Path, file: Path) -> bool:
    """Whether a process has a file open, whatever else it closes while one looks."""
    try:
        links = list((process / "fd").iterdir())
    except OSError:
        return False
    return any(os.path.realpath(link) == str(file) for link in links)


def until(condition: Callable[[], bool]) -> None:
    """Returns when something has come about; a test that waits in vain fails."""
    limit = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
def test_ten_at_once_on_a_cold_machine_share_one_server_that_may_die(
    cold: None, tmp_path: Path
) -> None:
    (tmp_path / "draft.txt").write_text(WRONG, "utf-8")
    call = [*CALL, str(tmp_path / "draft.txt")]
    processes = [subprocess.Popen(call, stdout=subprocess.PIPE, text=True) for _ in range(10)]
    answers = [json.loads(process.communicate(timeout=300)[0]) for process in processes]
    assert [answer["not_run"] for answer in answers] == [[]] * 10
    assert [process.returncode for process in processes] == [0] * 10
    (java,) = servers(state.folder())

    grammar = Grammar(load(), 200)
    first = grammar(WRONG, "en")
    os.kill(int(java), signal.SIGKILL)
    assert grammar(WRONG + " Thanks.", "en") == first, grammar.not_run
    (second,) = servers(state.folder())
    assert second != java

    os.kill(state.read().keeper, signal.SIGKILL)  # type: ignore[union-attr]
    until(lambda: not servers(state.folder()) and server.running() is None)

    impatient = Grammar(load(), 0.1)
    assert impatient(WRONG, "en") is None
    assert "still starting" in impatient.not_run[0].reason


def test_it_ends_itself_when_nobody_uses_it(cold: None, run: Run) -> None:
    found = server.ensure(["en"], 200, 2)
    assert found.port
    until(lambda: server.running() is None)
    assert state.read() is None
    until(lambda: not state.is_kept())


def test_what_a_dead_server_left_behind_deceives_nobody(cold: None) -> None:
    state.write(state.State(keeper=1, java=1, port=9, warm=("en",)))
    assert server.running() is None
    assert not server.stop()


def test_commands_say_how_it_stands(installed: None, run: Run) -> None:
    assert run("grammar", "start").returncode == 0
    found = json.loads(run("grammar", "status", "--format", "json").stdout)
    assert found["running"]
    assert found["installed"]
    assert "en" in found["warm"]
    assert str(found["pid"]) in run("grammar", "status").stdout


def test_stop_ends_it(cold: None, run: Run) -> None:
    server.start(["en"], 60)
    assert "is stopped" in run("grammar", "stop").stderr
    assert server.running() is None
    assert "does not run" in run("grammar", "stop").stderr


def test_only_the_user_may_read_where_it_is(cold: None) -> None:
    state.write(state.State(keeper=1))
    assert stat.S_IMODE((state.folder() / "server.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(state.folder().stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo java.lang.UnsupportedClassVersionError: 61.0; exit 1", ["too old", "Java 17"]),
        ("echo Error: Could not find or load main class; exit 1", ["Could not find"]),
    ],
)
def test_a_java_that_cannot_do_it_is_told_at_once(
    script: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLYKIT_CACHE_DIR", str(tmp_path / "cold"))
    jars = tmp_path / "jars"
    jars.mkdir()
    (jars / "languagetool-server-6.8.jar").touch()
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("LTP_JAR_DIR_PATH", str(jars))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(Unavailable) as told:
        server.ensure(["en"], 100, 60)
    assert all(word in str(told.value) for word in words)
