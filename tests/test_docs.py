"""The documentation: its examples run and show what it says; generated pages are current."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from replykit.describe import settings_page
from tests.conftest import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
CUT = "…"  # a line by itself: what is printed here is left out
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def sessions(page: Path) -> list[tuple[str, list[str]]]:
    """The commands of a page's console blocks, each with the lines that it is to print."""
    found = []
    for block in CONSOLE.findall(page.read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.splitlines()
            found.append((command, [line for line in lines if line.strip()]))
    return found


EXAMPLES = [(page.name, *example) for page in PAGES for example in sessions(page)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a reader has: the settings, the library, the examples and the cases."""
    folder = tmp_path_factory.mktemp("reader")
    for name in ("responses", "examples", "tests/data"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "replykit.toml", folder)
    return folder


def same(text: str) -> str:
    """A line without what may differ between processors: the bar and the share."""
    return re.sub(r"[█░]+ +\d+%", "bar", " ".join(text.split()))


@pytest.mark.parametrize(("page", "command", "lines"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_example_prints_what_the_page_shows(
    page: str, command: str, lines: list[str], folder: Path
) -> None:
    program = f"{shlex.quote(sys.executable)} -m replykit"
    typed = re.sub(r"(^|\| )replykit ", rf"\1{program} ", command)
    done = subprocess.run(
        typed, shell=True, cwd=folder, capture_output=True, text=True, timeout=300, check=False,
        env=os.environ | {"REPLYKIT_NOW": "2026-11-22T12:00"},
    )  # fmt: skip
    printed = same(done.stdout + done.stderr)
    for line in lines:
        assert line == CUT or same(line) in printed, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_in_a_page_runs(page: Path, folder: Path) -> None:
    for code in PYTHON.findall(page.read_text("utf-8")):
        subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, timeout=300)


def test_the_page_of_settings_is_current() -> None:
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == settings_page()
