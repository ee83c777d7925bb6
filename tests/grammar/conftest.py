"""A real LanguageTool for tests: one server of all test processes, or a cold place for one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from replykit.grammar import server
from tests.conftest import LANGUAGETOOL

Require = Callable[[str, str], None]


@pytest.fixture
def installed(require_engine: Require, monkeypatch: pytest.MonkeyPatch) -> None:
    """LanguageTool is installed, and a busy machine gets the time that it needs."""
    require_engine("languagetool", "grammar and spelling (LTP_JAR_DIR_PATH names its jars)")
    monkeypatch.setenv("LTP_JAR_DIR_PATH", LANGUAGETOOL)
    # No other test is to find the server that these share.
    own = Path(os.environ["REPLYKIT_CACHE_DIR"]).with_name("languagetool")
    monkeypatch.setenv("REPLYKIT_CACHE_DIR", str(own))
    monkeypatch.setenv("REPLYKIT_GRAMMAR_WAIT", "200")
    # The server ends soon after the last test: nobody stops what all processes share.
    monkeypatch.setenv("REPLYKIT_GRAMMAR_IDLE", "3")


@pytest.fixture
def cold(installed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No server has ever run here; whatever a test leaves running is ended."""
    monkeypatch.setenv("REPLYKIT_CACHE_DIR", str(tmp_path / "cold"))
    monkeypatch.setenv("REPLYKIT_LANGUAGES", "en")
    yield
    os.environ["REPLYKIT_CACHE_DIR"] = str(tmp_path / "cold")
    server.stop()
