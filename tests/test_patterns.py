"""Patterns that are kept are the ones that Python makes; a bad cache changes nothing."""

from __future__ import annotations

import marshal
import re
import subprocess
import sys
from pathlib import Path

import pytest

from replykit.patterns import prepared

PATTERNS = [
    (r"(?<!\w)(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?!\w)", re.NOFLAG),
    (r"(?i)\b(hyvää|parasta) (?:päivää|iltaa)\b", re.NOFLAG),
    (r"a{2,300}+ [^\W\d_]++ | [äöåÄÖÅ€–] # a note", re.IGNORECASE | re.VERBOSE),
    (r"^(x)?(?(1)y|z)$", re.MULTILINE),
]
CALL = "from replykit.patterns import prepared; print(prepared('(?P<a>b+)c').search('abbc')['a'])"


@pytest.mark.parametrize(("source", "flags"), PATTERNS)
def test_a_prepared_pattern_is_the_one_that_python_compiles(source: str, flags: int) -> None:
    for _ in ("made", "kept"):
        assert repr(prepared(source, flags)) == repr(re.compile(source, flags))
        assert prepared(source, flags).groupindex == re.compile(source, flags).groupindex
        assert prepared(source, flags) == re.compile(source, flags)


def test_a_faulty_pattern_is_refused_as_python_refuses_it() -> None:
    with pytest.raises(re.error, match="unterminated"):
        prepared("(a")


def call(folder: Path, code: str = CALL) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"REPLYKIT_CACHE_DIR": str(folder), "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout


def test_the_next_call_compiles_nothing(tmp_path: Path) -> None:
    call(tmp_path)
    forbidden = CALL.replace("; ", "; import re; re._compiler._code = None; ", 1)
    assert call(tmp_path, forbidden) == "bb\n"
    assert [file.stat().st_mode & 0o777 for file in tmp_path.iterdir()] == [0o600]


def damaged(data: bytes) -> list[bytes]:
    kept = marshal.loads(data)
    wrong = {key: (parts[0], b"\xff" * len(parts[1]), *parts[2:]) for key, parts in kept.items()}
    return [b"", data[: len(data) // 2], marshal.dumps([1, 2]), marshal.dumps(wrong)]


def test_a_damaged_cache_changes_nothing(tmp_path: Path) -> None:
    call(tmp_path)
    (file,) = tmp_path.iterdir()
    for data in damaged(file.read_bytes()):
        file.write_bytes(data)
        assert call(tmp_path) == "bb\n"


def test_a_cache_that_cannot_be_made_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    assert call(tmp_path / "file") == "bb\n"
