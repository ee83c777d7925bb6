"""Installing LanguageTool: by Maven, by a yes, once; what is missing is said in one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from replykit.errors import ReplyKitError
from replykit.grammar import installation
from tests.conftest import Run


def program(folder: Path, name: str, script: str) -> None:
    """A program of that name in `bin` of a folder."""
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no programs, and a data folder of its own."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("REPLYKIT_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def test_without_java_one_line_says_what_to_install(place: Path, run: Run) -> None:
    done = run("setup", "grammar")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "default-jre-headless" in line


def test_without_maven_and_without_a_yes_nothing_is_downloaded(place: Path, run: Run) -> None:
    program(place, "java", "exit 1")
    done = run("setup", "grammar")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert list((place / "data").iterdir()) == []


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo '[ERROR] no route to host'; exit 1", "no route to host"),
        (
            "for a; do case $a in -DoutputDirectory=*) echo x > ${a#*=}/evil.jar;; esac; done",
            "evil",
        ),
    ],
)
def test_what_fails_leaves_nothing_behind(script: str, words: str, place: Path) -> None:
    program(place, "java", "exit 0")
    program(place, "mvn", script)
    with pytest.raises(ReplyKitError, match=words):
        installation.install(lambda question: False, lambda text: None)
    assert list((place / "data").iterdir()) == []


def test_one_that_is_there_is_kept(place: Path, run: Run) -> None:
    folder = place / "data" / "languagetool-6.8"
    folder.mkdir(parents=True)
    (folder / "languagetool-server-6.8.jar").touch()
    done = run("setup", "grammar")
    assert done.returncode == 0
    assert "already" in done.stderr


@pytest.mark.parametrize(
    ("jar", "path"),
    [
        ("languagetool-server.jar", "languagetool-server.jar"),
        ("languagetool-server-6.8.jar", "*"),
        ("libs/languagetool-server-6.8.jar", "libs/*"),
        ("something.jar", ""),
    ],
)
def test_an_installed_one_is_found_as_zip_or_jars(
    jar: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / jar).parent.mkdir(exist_ok=True)
    (tmp_path / jar).touch()
    monkeypatch.setenv("LTP_JAR_DIR_PATH", str(tmp_path))
    assert installation.class_path() == (str(tmp_path / path) if path else "")
    assert os.environ["LTP_JAR_DIR_PATH"] == str(tmp_path)
