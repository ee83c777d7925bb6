"""Settings: file, environment, flags, the last one wins; every fault in one line with its place."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from replykit.config import Settings, load, options, parse_now
from replykit.errors import ReplyKitError


def load_in(folder: Path, environment: dict[str, str] | None = None, **flags: Any) -> Settings:
    return load(flags=flags, environment=environment or {}, directory=folder)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_all_settings_are_their_defaults(tmp_path: Path) -> None:
    settings = load_in(tmp_path)
    assert settings.source is None
    for option in options():
        assert getattr(settings, option.name) == option.default
    assert settings.library_path == tmp_path / "responses"


def test_file_environment_and_flag_win_in_this_order(tmp_path: Path) -> None:
    write(tmp_path / "replykit.toml", 'language = "fi"\nabstain = 0.1\n[agent]\nname = "Aino"\n')
    assert load_in(tmp_path).language == "fi"
    environment = {"REPLYKIT_LANGUAGE": "sv", "REPLYKIT_AGENT_NAME": "Eero"}
    settings = load_in(tmp_path, environment)
    assert (settings.language, settings.agent_name, settings.abstain) == ("sv", "Eero", 0.1)
    assert load_in(tmp_path, environment, language="en").language == "en"


def test_a_flag_that_was_not_given_changes_nothing(tmp_path: Path) -> None:
    assert load_in(tmp_path, {"REPLYKIT_LANGUAGE": "sv"}, language=None).language == "sv"


def test_an_empty_environment_variable_counts_as_not_set(tmp_path: Path) -> None:
    empty = {option.environment: "" for option in options()}
    assert load_in(tmp_path, empty) == load_in(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("formal", "true", True),
        ("formal", "No", False),
        ("formal", "1", True),
        ("abstain", "0.25", 0.25),
        ("languages", "fi, en", ("fi", "en")),
        ("lint_ignore", "LEN002,TONE", ("LEN002", "TONE")),
        ("lint_severity", "LEN002=warning", {"LEN002": "warning"}),
        ("lint_fail_on", "warning", "warning"),
    ],
)
def test_every_kind_is_read_from_text(tmp_path: Path, name: str, text: str, value: object) -> None:
    option = next(option for option in options() if option.name == name)
    assert getattr(load_in(tmp_path, {option.environment: text}), name) == value
    assert getattr(load_in(tmp_path, {}, **{name: text}), name) == value


def test_the_file_is_found_upward(tmp_path: Path) -> None:
    file = write(tmp_path / "replykit.toml", 'language = "fi"\n')
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert load_in(deep).source == file.resolve()


def test_the_nearest_file_wins(tmp_path: Path) -> None:
    write(tmp_path / "replykit.toml", 'language = "fi"\n')
    write(tmp_path / "a" / "replykit.toml", 'language = "sv"\n')
    assert load_in(tmp_path / "a").language == "sv"


def test_pyproject_serves_where_it_has_our_table(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[tool.replykit]\nlanguage = "fi"\n')
    write(tmp_path / "a" / "pyproject.toml", '[project]\nname = "other"\n')
    assert load_in(tmp_path / "a").language == "fi"
    write(tmp_path / "replykit.toml", 'language = "sv"\n')
    assert load_in(tmp_path / "a").language == "sv"


def test_a_relative_library_is_relative_to_whoever_names_it(tmp_path: Path) -> None:
    write(tmp_path / "replykit.toml", 'library = "texts"\n')
    below = tmp_path / "a"
    below.mkdir()
    assert load_in(below).library_path == tmp_path / "texts"
    assert load_in(below, {"REPLYKIT_LIBRARY": "x"}).library_path == below / "x"
    assert load_in(below, {}, library="y").library_path == below / "y"
    assert load_in(below, {}, library="/z").library_path == Path("/z")


def test_a_home_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ReplyKitError, match="no such home"):
        _ = load_in(tmp_path, {}, library="~nobody-of-this-name/x").library_path


def test_a_named_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    file = write(tmp_path / "other.toml", '\ufefflanguage = "sv"\n')
    assert load(file, environment={}).language == "sv"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("language = [", "not valid TOML"),
        ("langage = 'fi'", "unknown setting 'langage'; did you mean language?"),
        ("[lint]\nselct = []", "unknown setting 'lint.selct'; did you mean lint.select?"),
        ("[xyzzy]\nplugh = 1", "unknown setting 'xyzzy.plugh'"),
        ("agent = 'Aino'", "unknown setting 'agent'"),
        ("language = 5", "language: expected text"),
        ("language = ''", "language: the value is empty"),
        ("language = 'FI'", "language: 'FI' is no language's code"),
        ("languages = ['fi', 'english']", "languages: 'english' is no language's code"),
        ("languages = ['fi', '']", "languages: '' is no language's code"),
        ("languages = 'fi'", "languages: expected a list of texts"),
        ("languages = [1]", "languages: expected a list of texts"),
        ("formal = 'yes'", "formal: expected true or false"),
        ("abstain = true", "abstain: expected a number"),
        ("abstain = 0.9", "abstain: 0.9 is not between 0 and 0.5"),
        ("abstain = nan", "abstain: nan is not between"),
        ("[lint]\nfail_on = 'fatal'", "lint.fail_on: 'fatal' is none of error, warning"),
        ("[lint.severity]\nLEN002 = 'fatal'", "lint.severity.LEN002: 'fatal' is none of"),
        ("lint.severity = 5", "lint.severity: expected a table"),
    ],
)
def test_faults_of_a_file_name_the_file_and_the_place(
    tmp_path: Path, text: str, words: str
) -> None:
    file = write(tmp_path / "replykit.toml", text)
    with pytest.raises(ReplyKitError) as caught:
        load_in(tmp_path)
    assert str(caught.value).startswith(f"{file}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_faults_of_flags_and_environment_name_them(tmp_path: Path) -> None:
    with pytest.raises(ReplyKitError, match=r"^--abstain: expected a number"):
        load_in(tmp_path, {}, abstain="much")
    with pytest.raises(ReplyKitError, match=r"^REPLYKIT_FORMAL: expected true or false"):
        load_in(tmp_path, {"REPLYKIT_FORMAL": "maybe"})


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(ReplyKitError, match="cannot be read"):
            load(path, environment={})
    file = tmp_path / "latin.toml"
    file.write_bytes("language = 'ä'".encode("latin-1"))
    with pytest.raises(ReplyKitError, match="not valid TOML"):
        load(file, environment={})


def test_a_working_directory_that_is_gone_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    os.rmdir(gone)
    with pytest.raises(ReplyKitError, match="working directory is gone"):
        load(environment={})


def test_the_clock_always_has_a_time_zone() -> None:
    assert parse_now("2026-11-22T09:30").isoformat().startswith("2026-11-22T09:30:00")
    assert parse_now("2026-11-22T09:30").tzinfo is not None
    assert parse_now("2026-11-22T09:30+02:00").utcoffset() == timedelta(hours=2)
    assert parse_now(None).tzinfo is not None
    with pytest.raises(ReplyKitError, match=r"--now: 'soon' is not a time"):
        parse_now("soon")


def test_names_of_flags_and_variables_follow_from_the_setting() -> None:
    names = {option.name: (option.key, option.flag, option.environment) for option in options()}
    assert names["lint_fail_on"] == ("lint.fail_on", "--lint-fail-on", "REPLYKIT_LINT_FAIL_ON")
