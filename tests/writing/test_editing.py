"""`draft --edit`: what the person wrote is checked and written, and never lost."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

REPLY = "---\ntitle: Thanks\nexamples: [thank you]\n---\nHello,\n\nthank you for your message.\n"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def edit(run: Run, library: Callable[[dict[str, str]], Path], tmp_path: Path) -> Run:
    """`replykit draft thanks --edit …` with an editor that runs this line of Python on `path`."""
    folder = library({"thanks.en.md": REPLY})

    def call(line: str, *options: str, **env: str) -> subprocess.CompletedProcess[str]:
        script = tmp_path / "editor.py"
        script.write_text(
            f"import sys, pathlib\npath = pathlib.Path(sys.argv[-1])\n{line}\n", "utf-8"
        )
        editor = f"{shlex.quote(sys.executable)} {shlex.quote(str(script))} --wait"
        given = {"VISUAL": editor, "TMPDIR": str(tmp_path)} | env
        base = ("draft", "thanks", "--edit", "--lang", "en", "--library", folder)
        return run(*base, *options, **given)

    return call


def kept(tmp_path: Path) -> list[Path]:
    return list(tmp_path.glob("replykit-*.txt"))


def test_the_editor_gets_the_filled_draft_and_its_text_is_printed(
    edit: Run, tmp_path: Path
) -> None:
    done = edit("path.write_text(path.read_text() + '\\nWe reply tomorrow.\\n')")
    assert done.stdout == "Hello,\n\nthank you for your message.\n\nWe reply tomorrow.\n"
    assert (done.returncode, kept(tmp_path)) == (0, [])


def test_what_comes_back_is_checked_with_lints_exit_code(edit: Run) -> None:
    done = edit("path.write_text('Hello [NAME],\\n\\nthank you.')", "--format", "json")
    value = json.loads(done.stdout)
    assert done.returncode == 1
    assert value["text"] == "Hello [NAME],\n\nthank you."
    assert "FILL001" in [item["code"] for item in value["lint"]["files"][0]["findings"]]


def test_the_edited_text_goes_into_the_file(edit: Run, tmp_path: Path) -> None:
    done = edit("path.write_text('Hello Mia,\\n\\nthank you.\\n')", "-o", "reply.txt")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "reply.txt").read_text() == "Hello Mia,\n\nthank you.\n"


@pytest.mark.parametrize(
    ("line", "options"),
    [
        ("path.write_text('my words'); sys.exit(3)", ()),
        ("path.write_text('my words')", ("-o", "no/such/folder/reply.txt")),
    ],
    ids=["the editor fails", "the file cannot be written"],
)
def test_nothing_is_lost(edit: Run, tmp_path: Path, line: str, options: tuple[str, ...]) -> None:
    (tmp_path / "no").write_text("no folder", "utf-8")
    done = edit(line, *options)
    (path,) = kept(tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(rf"replykit: .+; the draft is kept in {path}\n", done.stderr)
    assert path.read_text() == "my words"


def test_an_editor_that_is_not_there_is_named(edit: Run) -> None:
    done = edit("", VISUAL="no-such-editor --wait")
    assert done.returncode == 2
    assert done.stderr.startswith("replykit: no-such-editor: cannot be run (No such file")


def test_an_empty_file_means_that_nothing_is_written(edit: Run) -> None:
    done = edit("path.write_text('\\n')")
    assert (done.returncode, done.stdout) == (2, "")
    assert "came back empty" in done.stderr
