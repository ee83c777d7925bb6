"""Shared fixtures: a cache folder of the tests' own, small libraries, the command line as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the user's cache, the network or the user's settings."""
    for name in [name for name in os.environ if name.startswith("REPLYKIT_")]:
        if name != "REPLYKIT_REQUIRE_ENGINES":
            del os.environ[name]
    os.environ["REPLYKIT_CACHE_DIR"] = str(tmp_path_factory.mktemp("cache"))
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["NO_COLOR"] = "1"


@pytest.fixture
def library(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Makes a library folder from a mapping of paths to texts."""

    def make(files: dict[str, str]) -> Path:
        folder = tmp_path / "responses"
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return folder

    return make


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `replykit …` as a process of its own in an empty folder."""

    def call(*arguments: str | Path, stdin: str | bytes = "", cwd: Path | None = None, **env: str):
        data = stdin.encode() if isinstance(stdin, str) else stdin
        result = subprocess.run(
            [sys.executable, "-m", "replykit", *map(str, arguments)],
            input=data,
            capture_output=True,
            cwd=cwd or tmp_path,
            env=os.environ | env,
            timeout=300,
        )
        return subprocess.CompletedProcess(
            result.args, result.returncode, result.stdout.decode(), result.stderr.decode()
        )

    return call
