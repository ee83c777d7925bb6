"""Which rules are in force, and how grave they are, by language and channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from replykit.checking.choice import choice, selecting
from replykit.config import Settings, load
from replykit.errors import ReplyKitError
from replykit.linter import Draft, lint
from tests.conftest import Run

SETTINGS = """
[lint]
ignore = ["STYLE004"]
severity = {TONE002 = "suggestion", LEN = "off"}

[lint.lang.fi]
severity = {TONE002 = "warning", FORM = "error"}

[lint.channel.chat]
ignore = ["FORM001", "closing-missing"]
severity = {TONE002 = "error", LEN001 = "warning"}

[lint.channel.social]
select = ["PRIV", "TONE"]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "replykit.toml").write_text(SETTINGS, "utf-8")
    return load(directory=tmp_path, environment={})


@pytest.mark.parametrize(
    ("code", "lang", "channel", "expected"),
    [
        ("TONE002", "en", "email", "suggestion"),
        ("TONE002", "fi", "email", "warning"),
        ("TONE002", "fi", "chat", "error"),
        ("TONE003", "fi", "chat", ""),
        ("STYLE004", "en", "chat", None),
        ("FORM002", "fi", "email", "error"),
        ("FORM001", "fi", "chat", None),
        ("LEN002", "en", "email", None),
        ("LEN001", "en", "chat", "warning"),
        ("TONE002", "en", "social", "suggestion"),
        ("STYLE001", "en", "social", None),
    ],
)
def test_the_nearest_setting_says_how_grave_a_rule_is(
    settings: Settings, code: str, lang: str, channel: str, expected: str | None
) -> None:
    assert choice(settings, lang, channel).severity(code, "name") == expected


def test_a_name_is_as_good_as_a_code(settings: Settings) -> None:
    assert choice(settings, "en", "chat").severity("FORM002", "closing-missing") is None


def test_a_choice_for_one_call_selects_alone(settings: Settings) -> None:
    chosen = choice(selecting(settings, ("STYLE",)), "en", "social")
    assert chosen.severity("STYLE001", "doubled-word") == ""
    assert chosen.severity("TONE003", "blaming-phrase") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[lint.channel.chta]\nignore = []", "lint.channel.chta: no channel 'chta'; did you mean"),
        ("[lint.channel.chat]\nignroe = []", "unknown key 'ignroe'; did you mean ignore?"),
        ("[lint.channel.chat]\nignore = 'LEN'", "lint.channel.chat.ignore: expected a list"),
        ("[lint.channel]\nchat = 1", "lint.channel.chat: expected a table"),
        ("[lint.lang.finnish]\nignore = []", "write its tag, as fi or en"),
        ("[lint.lang.fi]\nseverity = 'error'", "lint.lang.fi.severity: expected a table"),
        ("[lint.lang.fi.severity]\nLEN = 'warn'", "lint.lang.fi.severity.LEN: 'warn' is none of"),
        ("[lint.lnag.fi]\nignore = []", "unknown setting 'lint.lnag.fi.ignore'"),
    ],
)
def test_a_wrong_table_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "replykit.toml").write_text(text, "utf-8")
    with pytest.raises(ReplyKitError) as error:
        load(directory=tmp_path, environment={})
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        (Settings(lint_channel={"chat": {"ignore": ["LENN001"]}}), "lint.channel.chat.ignore"),
        (Settings(lint_lang={"sv": {"severity": {"LENN001": "off"}}}), "lint.lang.sv.severity"),
        (Settings(lint_select=("LENN001",)), "lint.select"),
    ],
)
def test_a_rule_that_does_not_exist_is_told_with_the_nearest_one(
    settings: Settings, place: str
) -> None:
    with pytest.raises(ReplyKitError, match=f"{place}: no rule.*did you mean LEN001"):
        lint(Draft("Hello", "en"), settings)


def test_lint_goes_by_the_channel_of_the_draft(run: Run, tmp_path: Path) -> None:
    (tmp_path / "replykit.toml").write_text('[lint.channel.chat.severity]\nTONE002 = "off"\n')
    bad = "Your parcel left today!! It reaches you on Friday."
    assert "TONE002" in run("lint", "-", stdin=bad).stdout
    assert run("lint", "-", "--channel", "chat", stdin=bad).stdout == "no findings\n"
    told = '{chat = {severity = {TONE002 = "error"}}}'
    assert run("lint", "-", "--channel", "chat", "--lint-channel", told, stdin=bad).returncode == 1
