"""Shared fixtures: a cache of the tests' own, small libraries, the command line as a process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Generated texts are the same in each run, so that a run fails only for what was changed; others,
# and more of them: HYPOTHESIS_PROFILE=many. None has a deadline: no test measures speed.
settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.register_profile("many", max_examples=5_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# Before anything loads OpenMP, which reads them once. Where torch's copy came first and its
# threads spin, each of two busy workers embeds a text in seventy times the time.
os.environ["OMP_WAIT_POLICY"] = "passive"
os.environ["OMP_NUM_THREADS"] = "1" if "PYTEST_XDIST_WORKER" in os.environ else "2"

ROOT = Path(__file__).parent.parent

# Where LanguageTool's jars are, as whoever calls the tests says it.
LANGUAGETOOL = os.environ.get("LTP_JAR_DIR_PATH", "")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test reads or writes the user's cache, the network or the user's settings.

    All processes of a run share one cache: the starter library is embedded once.
    """
    for name in [name for name in os.environ if name.startswith("REPLYKIT_")]:
        if name != "REPLYKIT_REQUIRE_ENGINES":
            del os.environ[name]
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    os.environ["REPLYKIT_CACHE_DIR"] = str(shared / "cache")
    # Hundreds of processes start: none of them compiles what one before it has compiled.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["REPLYKIT_DATA_DIR"] = str(shared / "data")
    # LanguageTool is there for the tests that ask for it, and for no other.
    os.environ.pop("LTP_JAR_DIR_PATH", None)
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["NO_COLOR"] = "1"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test finds the project's own settings by the way upward from where pytest runs."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def library(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Makes a library folder from a mapping of paths to texts."""
    return lambda files: _written(tmp_path / "responses", files)


@pytest.fixture(scope="session")
def shared_library(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[dict[str, str]], Path]:
    """As `library`, for tests that only read: the same files are one folder, indexed once."""
    made: dict[frozenset[tuple[str, str]], Path] = {}

    def make(files: dict[str, str]) -> Path:
        key = frozenset(files.items())
        if key not in made:
            made[key] = _written(tmp_path_factory.mktemp("shared") / "responses", files)
        return made[key]

    return make


def _written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def program(_own_cache: None) -> Iterator[list[str]]:
    """What starts `replykit`: where the system can fork well, a process whose imports are done."""
    if sys.platform != "linux":
        yield [sys.executable, "-m", "replykit"]
        return
    script = str(ROOT / "tests" / "forked.py")
    # A socket's path is at most 107 characters long; pytest's folders are longer.
    with tempfile.TemporaryDirectory(prefix="rk-") as folder:
        address = str(Path(folder, "socket"))
        server = subprocess.Popen(
            [sys.executable, script, "serve", address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a terminal of its own: others suggest at the same time
        )
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"
        yield [sys.executable, "-IS", script, address]
        server.communicate()


@pytest.fixture
def run(tmp_path: Path, program: list[str]) -> Run:
    """Runs `replykit …` as a process of its own in an empty folder."""

    def call(
        *arguments: str | Path, stdin: str | bytes = "", cwd: Path | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        result = subprocess.run(
            [*program, *map(str, arguments)],
            input=data,
            check=False,
            capture_output=True,
            cwd=cwd or tmp_path,
            env=os.environ | env,
            timeout=300,
        )
        return subprocess.CompletedProcess(
            result.args, result.returncode, result.stdout.decode(), result.stderr.decode()
        )

    return call


def _has_voikko() -> bool:
    from replykit.ranking.features import lemmatizer_key

    return lemmatizer_key() == "voikko"


def postgresql_programs() -> Path | None:
    """The folder of PostgreSQL's programs: on the path, or where Debian keeps its newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda path: float(path.parts[-3]), default=None)
    return newest.parent if newest else None


_ENGINES: dict[str, Callable[[], bool]] = {
    "voikko": _has_voikko,
    "postgresql": lambda: postgresql_programs() is not None,
    "java": lambda: shutil.which("java") is not None,
    "languagetool": lambda: bool(LANGUAGETOOL and shutil.which("java")),
    "make": lambda: shutil.which("make") is not None,
}


@pytest.fixture
def require_engine() -> Callable[[str, str], None]:
    """`require_engine("voikko", "what for")` skips a test where that engine is missing.

    Engines are programs and libraries from outside Python. With REPLYKIT_REQUIRE_ENGINES=1, as
    `.ci/run` sets it, the test fails instead.
    """

    def require(name: str, what_for: str) -> None:
        if _ENGINES[name]():
            return
        text = f"{name} is not installed; needed for {what_for}"
        if os.environ.get("REPLYKIT_REQUIRE_ENGINES") == "1":
            pytest.fail(text)
        pytest.skip(text)

    return require
