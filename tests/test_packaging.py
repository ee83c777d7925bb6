"""What is installed and how: lock files, the wheel, the Makefile's first lines of advice."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

LOCKS = ["run", "test", "lock"]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def locked(name: str) -> dict[str, list[Requirement]]:
    """A lock file's requirements by name; several where versions of Python need several."""
    found: dict[str, list[Requirement]] = {}
    for line in (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines():
        if re.match(r"\w", line):
            requirement = Requirement(line.rstrip(" \\"))
            found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def declared(*groups: str, extras: bool = False) -> list[Requirement]:
    """What pyproject.toml asks for, itself apart."""
    texts = list(PROJECT["project"]["dependencies"]) if "run" in groups else []
    for group in groups:
        texts += PROJECT["dependency-groups"].get(group, [])
    if extras:
        for extra in PROJECT["project"]["optional-dependencies"].values():
            texts += extra
    asked = [Requirement(text) for text in texts]
    return [requirement for requirement in asked if requirement.name != "replykit"]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_one_version_and_hashes(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    blocks = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
    assert blocks
    for block in blocks:
        assert re.match(r"[\w.-]+(?:\[[\w,-]+\])?==[\w.+!]+( |$)", block.splitlines()[0]), block
        assert "--hash=sha256:" in block, block


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_name_no_host_and_no_path_of_a_machine(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert not re.search(r"://|--(?:index|extra-index|find-links|trusted)| @ |(?<!\w)/\w", text)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("run", declared("run", "build")),
        ("test", declared("run", "build", "test", extras=True)),
        ("lock", declared("lock")),
    ],
    ids=LOCKS,
)
def test_lock_files_are_up_to_date(name: str, asked: list[Requirement]) -> None:
    """Every declared requirement is locked at a version that its range allows."""
    pins = locked(name)
    for requirement in asked:
        found = pins.get(canonicalize_name(requirement.name), [])
        assert found, f"{requirement} is not locked: make lock"
        for pin in found:
            (version,) = (specifier.version for specifier in pin.specifier)
            assert requirement.specifier.contains(version), f"{pin}: {requirement}: make lock"


def test_people_and_tests_run_the_same_versions() -> None:
    tested = locked("test")
    for name, pins in locked("run").items():
        assert {str(pin) for pin in pins} == {str(pin) for pin in tested[name]}


def test_running_needs_no_torch() -> None:
    heavy = {"torch", "transformers", "sentence-transformers", "onnxruntime"}
    assert not heavy & locked("run").keys()
    assert heavy <= locked("test").keys()


def test_torch_is_not_the_version_that_differs_between_machines() -> None:
    (pin,) = locked("test")["torch"]
    assert not pin.specifier.contains("2.13.0")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as the locked backend builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel: Path) -> None:
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "replykit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name for name in names if ".dist-info/" not in name} == package
    for kind in ("data/*.npz", "data/*.txt", "lexicons/*.yaml", "schemas/*.json"):
        assert any(Path(name).match(f"replykit/{kind}") for name in names), kind


def test_the_wheel_says_what_it_needs_and_under_which_licence(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (folder,) = {name.split("/")[0] for name in archive.namelist() if ".dist-info/" in name}
    metadata = archive.read(f"{folder}/METADATA").decode()
    assert "License-Expression: GPL-3.0-or-later" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert not re.search(r"^Requires-Dist: torch[^;]*$", metadata, re.MULTILINE)
    for file in ("LICENSE", "NOTICE"):
        assert archive.read(f"{folder}/licenses/{file}").strip()


def test_the_unpacked_wheel_works_without_the_sources(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "import replykit, runpy, sys\n"
        "print(replykit.__file__, file=sys.stderr)\n"
        "runpy.run_module('replykit', run_name='__main__')"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, "lint", "--lang", "en", "-"],
        input="Hello,\n\nyou should have read the instructions.\n\nKind regards,\nSam\n",
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert str(tmp_path) in result.stderr.splitlines()[0]
    assert result.returncode == 1, result.stderr
    assert "you should have" in result.stdout


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """make as a person calls it, whatever make called these tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        env=own | {"MAKELEVEL": "0"},
        capture_output=True,
        text=True,
        check=False,
    )


# Pythons that people have, in the little that the Makefile asks of them.
OLD = """#!/bin/sh
case "$1" in -V) echo Python 3.9.2 ;; *) exit 1 ;; esac
"""
WITHOUT_VENV = """#!/bin/sh
case "$2" in *ensurepip*) echo "No module named ensurepip" >&2; exit 1 ;; esac
exit 0
"""


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (OLD, ["Python 3.9.2", "3.11 or newer"]),
        (WITHOUT_VENV, ["venv", "apt install python3-venv"]),
        ("", ["is not there", "3.11 or newer"]),
    ],
    ids=["too old", "without venv", "none"],
)
def test_a_python_that_cannot_do_it_is_named_in_one_line(
    script: str,
    words: list[str],
    tmp_path: Path,
    require_engine: Callable[[str, str], None],
) -> None:
    require_engine("make", "the Makefile")
    python = tmp_path / "python3"
    if script:
        python.write_text(script, "utf-8")
        python.chmod(0o755)
    result = make("demo", f"PYTHON={python}", f"RUN={tmp_path / 'venv'}")
    ours = [line for line in result.stderr.splitlines() if not line.startswith("make: ***")]
    assert result.returncode == 2
    assert len(ours) == 1, result.stderr
    assert all(word in ours[0] for word in words), ours
    assert not (tmp_path / "venv").exists()


def test_make_alone_says_what_there_is(require_engine: Callable[[str, str], None]) -> None:
    require_engine("make", "the Makefile")
    result = make()
    assert result.returncode == 0
    assert {"make demo", "make test"} <= set(re.findall(r"make \w+", result.stdout))


def test_the_makefile_rebuilds_nothing_when_nothing_changed(
    tmp_path: Path, require_engine: Callable[[str, str], None]
) -> None:
    require_engine("make", "the Makefile")
    stamp = tmp_path / "installed"
    stamp.touch()
    assert make(str(stamp), f"RUN={tmp_path}", "--question").returncode == 0
    os.utime(stamp, (0, 0))
    assert make(str(stamp), f"RUN={tmp_path}", "--question").returncode == 1


def test_contributing_describes_every_module_and_no_other() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    described = re.findall(r"^\| `([\w/]+\.py)` \|", text, flags=re.MULTILINE)
    package = ROOT / "replykit"
    modules = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    assert sorted(described) == sorted(modules)
