"""Hooks as their programs call them: sendmail's place, git's pre-commit, Vim's list of errors."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, Run

GOOD = (ROOT / "tests" / "data" / "outgoing" / "attached.eml").read_bytes()
BAD = GOOD.replace(b"Hyv=C3=A4 Maija,", b"Dear [NAME],")
HOOKS = ROOT / "replykit" / "hooks"

Send = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """Where the program that stands for sendmail leaves `mail` and `arguments`."""
    folder = tmp_path / "sent"
    folder.mkdir()
    program = folder / "program"
    program.write_text(
        f'#!/bin/sh\ncat > {folder}/mail\nprintf "%s\\n" "$@" > {folder}/arguments\nexit 75\n'
    )
    program.chmod(0o755)
    return folder


@pytest.fixture
def send(sent: Path, tmp_path: Path) -> Send:
    """Calls `replykit-sendmail`."""

    def call(data: bytes, *arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "replykit.sendmail", *arguments],
            input=data, capture_output=True, check=False, cwd=tmp_path, timeout=300,
            env=os.environ | {"REPLYKIT_SENDMAIL": f"{sent}/program -a 'my desk'"} | env,
        )  # fmt: skip

    return call


# sendmail


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_a_good_mail_goes_as_it_came_with_the_same_arguments(
    send: Send, sent: Path, end: bytes
) -> None:
    data = GOOD.replace(b"\n", end)
    done = send(data, "-oi", "-f", "anna@example.com", "--", "maija@example.net")
    assert done.returncode == 75, done.stderr  # what sendmail itself said
    assert (sent / "mail").read_bytes() == data
    given = (sent / "arguments").read_text().splitlines()
    assert given == ["-a", "my desk", "-oi", "-f", "anna@example.com", "--", "maija@example.net"]


def test_a_bad_mail_is_held_and_its_findings_are_shown(send: Send, sent: Path) -> None:
    done = send(BAD, "-t")
    assert done.returncode == 1
    assert not (sent / "mail").exists()
    assert b"mail.eml:12:6: error FILL001" in done.stderr
    assert b"REPLYKIT_SEND_ANYWAY=1" in done.stderr
    assert done.stdout == b""


@pytest.mark.parametrize(
    ("data", "env", "reason"),
    [
        (GOOD, {"REPLYKIT_LINT_FAIL_ON": "never"}, b"REPLYKIT_LINT_FAIL_ON"),
        (GOOD, {"REPLYKIT_CONFIG": "nofile.toml"}, b"nofile.toml"),
        (b"To: a@example.com\nSubject: x\n\n", {}, b"the draft is empty"),
        (GOOD, {"REPLYKIT_SENDMAIL": "/no/such/program"}, b"/no/such/program is not there"),
        (GOOD, {"REPLYKIT_SENDMAIL": "'"}, b"REPLYKIT_SENDMAIL: No closing quotation"),
    ],
    ids=["settings", "no settings", "empty", "no program", "a quote that is open"],
)
def test_what_cannot_be_checked_or_sent_is_held_with_the_reason(
    send: Send, sent: Path, data: bytes, env: dict[str, str], reason: bytes
) -> None:
    done = send(data, "-t", **env)
    assert done.returncode == 2
    assert reason in done.stderr
    assert not (sent / "mail").exists()


def test_a_bad_mail_goes_when_its_sender_says_so(send: Send, sent: Path) -> None:
    done = send(BAD, "-t", REPLYKIT_SEND_ANYWAY="1")
    assert (sent / "mail").read_bytes() == BAD
    assert b"not checked" in done.stderr


def test_sendmails_other_jobs_are_left_to_it_but_smtp_is_not(send: Send, sent: Path) -> None:
    send(b"", "-bp")
    assert (sent / "arguments").read_text().splitlines()[-1] == "-bp"
    (sent / "arguments").unlink()
    assert send(b"EHLO me\r\n", "-bs").returncode == 2
    assert not (sent / "arguments").exists()


def test_it_never_calls_itself(send: Send, tmp_path: Path) -> None:
    program = tmp_path / "replykit-sendmail"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    done = send(GOOD, "-t", REPLYKIT_SENDMAIL=str(program))
    assert done.returncode == 2
    assert b"itself" in done.stderr


# git


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Calls git in a repository that has the hook; `replykit` is on its path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "replykit"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m replykit "$@"\n')
    program.chmod(0o755)
    folder = tmp_path / "desk"
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(tmp_path)}
    for part in ("AUTHOR", "COMMITTER"):
        own |= {f"GIT_{part}_NAME": "Anna", f"GIT_{part}_EMAIL": "anna@example.com"}
    env = os.environ | own | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False,
            timeout=300,
        )  # fmt: skip

    folder.mkdir()
    call("init", "-q")
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    shutil.copy(HOOKS / "pre-commit", hook)
    hook.chmod(0o755)
    return call


DRAFT = "Hello Maija,\n\nyour parcel left today.\n\nKind regards,\nAnna\n"
REPLY = "---\ntitle: Late\nexamples: []\n---\nHello,\n\nit arrives today.\n\nRegards,\nAnna\n"


@pytest.mark.parametrize(
    ("staged", "on_disk", "stopped"),
    [
        ({"drafts/a b.txt": DRAFT, "responses/late.en.md": REPLY}, {}, ""),
        ({"drafts/a b.txt": DRAFT.replace("Maija", "[NAME]")}, {}, "drafts/a b.txt:1:7: error"),
        (
            {"drafts/a b.txt": DRAFT.replace("Maija", "[NAME]")},
            {"drafts/a b.txt": DRAFT},
            "drafts/a b.txt:1:7: error",
        ),
        ({"drafts/a b.txt": DRAFT}, {"drafts/a b.txt": DRAFT.replace("Maija", "[NAME]")}, ""),
        ({"notes.txt": "[NAME]\n"}, {}, ""),
        (
            {"responses/late.en.md": REPLY.replace("today", "{{ day }}")},
            {},
            "late.en.md:7: error: {{ day }} is declared nowhere",
        ),
    ],
    ids=["good", "bad", "bad, mended on disk alone", "spoilt on disk alone", "other", "library"],
)
def test_git_commits_only_what_is_good_as_it_is_staged(
    git: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    staged: dict[str, str],
    on_disk: dict[str, str],
    stopped: str,
) -> None:
    for files in (staged, on_disk):
        for name, text in files.items():
            path = tmp_path / "desk" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        if files is staged:
            git("add", "-A")
    done = git("commit", "-m", "x")
    assert done.returncode == (1 if stopped else 0), done.stderr
    assert stopped in done.stderr


def test_the_hooks_of_the_pre_commit_framework_call_commands_that_there_are(run: Run) -> None:
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")):
        program, *command = hook["entry"].split()
        assert program == "replykit"
        assert run(*command, "--help").returncode == 0


# Vim, and how hooks are found


def test_vim_goes_to_the_letter_of_each_finding(tmp_path: Path, run: Run) -> None:
    if not shutil.which("vim"):
        pytest.skip("vim is not installed; needed for its list of errors")
    compilers = tmp_path / "vim" / "compiler"
    compilers.mkdir(parents=True)
    shutil.copy(HOOKS / "replykit.vim", compilers)
    program = tmp_path / "replykit"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m replykit "$@"\n')
    program.chmod(0o755)
    text = "Hei!\n\nÄläpä hätäile, äiti: sinun olisi pitänyt lukea [NIMI].\n\nTerveisin\nAnna\n"
    (tmp_path / "a b.txt").write_text(text, "utf-8")
    listing = "[i.lnum, i.type, i.text[:5], i.bufnr == bufnr('%')]"
    visit = "execute('cc ' . (n + 1)) . strcharpart(getline('.')[col('.') - 1:], 0, 5)"
    commands = [
        "edit a\\ b.txt", "compiler replykit", "silent make!",
        f"let found = map(getqflist(), {{n, i -> string({listing}) . ({visit})[-5:]}})",
        "call writefile(found, 'found')", "qall!",
    ]  # fmt: skip
    subprocess.run(
        ["vim", "-N", "-es", "-u", "NONE", "-i", "NONE", "--cmd", "set rtp^=vim encoding=utf-8",
         *(part for command in commands for part in ("-c", command))],
        cwd=tmp_path, check=False, timeout=120, stdin=subprocess.DEVNULL, capture_output=True,
        env=os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
    )  # fmt: skip
    assert (tmp_path / "found").read_text("utf-8").splitlines() == [
        "[3, 'e', 'TONE00', 1]sinun",
        "[3, 'e', 'FILL00', 1][NIMI",
    ]


def test_hooks_are_printed_to_be_saved_where_they_belong(run: Run) -> None:
    names = run("hooks").stdout.split()
    assert names == ["pre-commit", "replykit.vim"]
    for name in names:
        assert run("hooks", name).stdout == (HOOKS / name).read_text("utf-8")
    assert run("hooks", "nix").returncode == 2
