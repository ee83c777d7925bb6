"""What LanguageTool reports, and what is told where it cannot be asked."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from replykit.config import Settings, load
from replykit.grammar import client, server
from replykit.grammar.client import Grammar
from tests.conftest import Run

WRONG = "Hello,\n\nwe recieve your parcel tomorow.\n\nKind regards,\nAnna\n"


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("We recieve your parcel.", "en", ["recieve"]),
        ("😀 We recieve 😀😀 your parcel tomorow.", "en", ["recieve", "tomorow"]),
        ("𝒳 It is here. We recieve it.", "en", ["recieve"]),
        ("Vi har mottagitt ditt paket.", "sv", ["mottagitt"]),
        ("We recieve it\ud800.", "en", ["recieve"]),
        ("We have received your parcel.", "en", []),
    ],
)
def test_places_are_counted_in_code_points(
    text: str, lang: str, words: list[str], installed: None
) -> None:
    found = Grammar(load(), 200)(text, lang)
    assert found is not None
    spelling = [match for match in found if match.category == "TYPOS"]
    assert [text[match.start : match.end] for match in spelling] == words
    assert all(match.replacements for match in spelling)


def test_a_match_that_holds_an_emoji_ends_after_it(installed: None) -> None:
    text = "It is here ( 😀 ) now."
    for match in Grammar(load(), 200)(text, "en") or ():
        assert text[match.end - 1] != "n"
        assert match.end <= text.index("now")


def test_a_text_far_beyond_a_reply_is_cut(installed: None) -> None:
    text = "This is fine. " * 2000 + "We recieve it."
    found = Grammar(load(), 200)(text, "en")
    assert found is not None
    assert not any(match.start > 20_000 for match in found)


def test_a_language_that_no_engine_knows_is_told_only_where_grammar_is_required() -> None:
    grammar, required = Grammar(Settings(), 0), Grammar(Settings(), 0, required=True)
    assert grammar("Tere!", "et") is None
    assert required("Tere!", "et") is None
    assert not grammar.not_run
    assert "'et'" in required.not_run[0].reason


def test_without_voikko_finnish_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("replykit.ranking.features.voikko", lambda: None)
    grammar = Grammar(Settings(), 0)
    assert grammar("Hei!", "fi") is None
    (item,) = grammar.not_run
    assert (item.check, item.how) == ("grammar", "apt install libvoikko1 voikko-fi")


def test_not_installed_is_told_once_and_lint_goes_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(WRONG, "utf-8")
    (tmp_path / "b.txt").write_text(WRONG, "utf-8")
    done = run("lint", "--lang", "en", "--no-model", "a.txt", "b.txt", "--format", "json")
    assert json.loads(done.stdout)["not_run"] == [
        {
            "check": "grammar",
            "reason": "LanguageTool is not installed",
            "how": "replykit setup grammar",
        }
    ]
    done = run("lint", "--lang", "en", "--no-model", "a.txt", "b.txt")
    assert done.returncode == 0
    assert done.stderr.count("setup grammar") == 1


def test_required_grammar_that_cannot_run_is_one_line_and_exit_code_2(run: Run) -> None:
    done = run("lint", "--lang", "en", "--no-model", "--require", "grammar", "-", stdin=WRONG)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "not installed" in line
    assert "replykit setup grammar" in line


def test_required_without_a_name_that_exists_is_refused(run: Run) -> None:
    done = run("lint", "--require", "magic", "-", stdin=WRONG)
    assert done.returncode == 2
    assert "grammar, meaning" in done.stderr


def test_rules_that_are_left_out_start_nothing(run: Run, cold: None) -> None:
    done = run("lint", "--lang", "en", "--no-model", "--ignore", "GRAM", "-", stdin=WRONG)
    assert done.stderr == ""
    assert server.running() is None


def test_a_response_file_starts_no_server_unasked(run: Run, cold: None, tmp_path: Path) -> None:
    (tmp_path / "late.en.md").write_text("---\ntitle: Late\n---\nHello,\n\nit is late.\n", "utf-8")
    run("lint", "--no-model", "late.en.md")
    assert server.running() is None


def test_draft_tells_it_the_same_way(run: Run, tmp_path: Path) -> None:
    (tmp_path / "responses").mkdir()
    text = "---\ntitle: Late\nexamples: []\n---\nHello,\n\nit is late.\n"
    (tmp_path / "responses" / "late.en.md").write_text(text, "utf-8")
    done = run("draft", "late", "--lang", "en")
    assert done.stderr.count("grammar: not checked, LanguageTool is not installed") == 1
    found = json.loads(run("draft", "late", "--lang", "en", "--format", "json").stdout)
    assert [item["check"] for item in found["lint"]["not_run"]] == ["grammar"]


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes every call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        kept: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    kept.append(listener.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for item in kept:
            item.close()


def test_a_server_that_never_answers_costs_one_deadline(
    silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("language_tool_python")
    monkeypatch.setattr(client, "_ANSWER_LIMIT", 0.5)
    grammar = Grammar(replace(Settings(), languagetool_url=silent), 0)
    assert grammar(WRONG, "en") is None
    assert grammar("Another text.", "en") is None
    (item,) = grammar.not_run
    assert "no answer within 0.5 s" in item.reason


def test_a_server_elsewhere_is_used_instead_of_ours(
    installed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.ensure(["en"], 200, 60).url
    monkeypatch.setenv("REPLYKIT_CACHE_DIR", str(tmp_path / "empty"))
    monkeypatch.delenv("LTP_JAR_DIR_PATH")
    # A proxy of the environment is asked for what lies elsewhere, so this machine is excepted.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    found = Grammar(replace(Settings(), languagetool_url=url), 0)(WRONG, "en")
    assert found
    assert WRONG[found[0].start : found[0].end] == "recieve"
    assert server.running() is None


def test_a_proxy_of_the_environment_does_not_stand_before_our_server(
    installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    grammar = Grammar(load(environment=os.environ), 200)
    assert grammar(WRONG, "en"), grammar.not_run


def test_a_url_that_is_none_is_refused(run: Run) -> None:
    done = run("lint", "--languagetool-url", "grammar.example.com", "-", stdin=WRONG)
    assert done.returncode == 2
    assert "http://127.0.0.1:8081" in done.stderr
