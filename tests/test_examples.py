"""The mails in `examples/`, through suggest, draft and lint as an agent would type them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Run

EXAMPLES = ROOT / "examples"


@dataclass(frozen=True)
class Case:
    """What must come of one mail."""

    file: str
    lang: str
    decision: str
    id: str
    names: str = ""
    order: str = ""

    @property
    def path(self) -> Path:
        return EXAMPLES / self.file


LATE = Case("late-parcel.fi.eml", "fi", "suggest", "delivery/late", "Marjatta", "48213377")
REFUND = Case("refund.en.eml", "en", "suggest", "returns/refund-status", "Siobhán", "70914552")
MISSING = Case("missing-number.en.eml", "en", "ask_details", "delivery/missing-item", "Tom")
NOTHING = Case("nothing-fits.en.eml", "en", "no_match", "")
COMPLETE = [LATE, REFUND]
ANSWERED = [LATE, REFUND, MISSING]
ALL = [LATE, REFUND, MISSING, NOTHING]


def named(case: Case) -> str:
    return case.file


def suggest(run: Run, case: Case) -> tuple[int, dict[str, Any]]:
    result = run("suggest", "-f", case.path, "--format", "json", cwd=ROOT)
    assert result.stdout, result.stderr
    return result.returncode, json.loads(result.stdout)


def draft(run: Run, case: Case, *more: str) -> subprocess.CompletedProcess[str]:
    return run("draft", case.id, "-f", case.path, *more, cwd=ROOT)


def test_every_example_is_tested() -> None:
    assert {case.file for case in ALL} == {path.name for path in EXAMPLES.glob("*.eml")}


@pytest.mark.parametrize("case", ALL, ids=named)
def test_suggest_decides_and_reads_the_language(run: Run, case: Case) -> None:
    code, found = suggest(run, case)
    assert found["decision"] == case.decision
    assert code == (1 if case is NOTHING else 0)
    assert found["message"]["lang"] == case.lang
    assert len(found["suggestions"]) == 3


@pytest.mark.parametrize("case", ANSWERED, ids=named)
def test_the_reply_that_fits_comes_first(run: Run, case: Case) -> None:
    _, found = suggest(run, case)
    assert found["suggestions"][0]["id"] == case.id
    assert found["suggestions"][0]["missing"] == (["order_number"] if case is MISSING else [])


@pytest.mark.parametrize("case", COMPLETE, ids=named)
def test_the_order_number_is_read_where_phone_and_quoted_numbers_stand_too(
    run: Run, case: Case
) -> None:
    _, found = suggest(run, case)
    assert found["message"]["details"]["order_number"] == case.order


@pytest.mark.parametrize("case", COMPLETE, ids=named)
def test_the_draft_names_customer_and_order_and_passes_its_lint(run: Run, case: Case) -> None:
    result = draft(run, case, "--format", "json")
    found = json.loads(result.stdout)
    assert result.returncode == 0, result.stderr
    greeting, blank, *_ = found["text"].splitlines()
    assert case.names in greeting
    assert blank == ""
    assert case.order in found["text"]
    assert found["details"]["order_number"] == {"value": case.order, "source": "message"}
    assert found["lint"]["summary"] == {"error": 0, "warning": 0, "suggestion": 0}


@pytest.mark.parametrize(
    ("case", "subject"),
    [
        (LATE, "Re: Missä viipyy?? pehmusteet tilattu jo lokakuussa"),
        (REFUND, "Re: We have received your return"),
    ],
    ids=["encoded", "of a thread"],
)
def test_the_draft_keeps_the_subject_of_the_thread(run: Run, case: Case, subject: str) -> None:
    assert json.loads(draft(run, case, "--format", "json").stdout)["subject"] == subject


@pytest.mark.parametrize("case", COMPLETE, ids=named)
def test_draft_1_takes_the_first_of_the_last_suggest(run: Run, case: Case) -> None:
    suggest(run, case)
    first = run("draft", "1", "-f", case.path, cwd=ROOT)
    assert first.returncode == 0, first.stderr
    assert first.stdout == draft(run, case).stdout


def test_a_missing_detail_is_named_in_one_line_and_nothing_is_written(run: Run) -> None:
    result = draft(run, MISSING, "--quiet")
    assert result.returncode == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "order_number" in result.stderr
    assert "--set" in result.stderr


def test_a_missing_detail_can_be_given(run: Run) -> None:
    result = draft(run, MISSING, "--set", "order_number=30551278")
    assert result.returncode == 0, result.stderr
    assert "Tom" in result.stdout
    assert "30551278" in result.stdout


@pytest.mark.parametrize("case", COMPLETE, ids=named)
def test_lint_finds_nothing_in_the_draft(run: Run, case: Case, tmp_path: Path) -> None:
    file = tmp_path / "draft.txt"
    file.write_text(draft(run, case).stdout, "utf-8")
    result = run("lint", "--ignore", "GRAM", "--message", case.path, file, cwd=ROOT)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


def test_lint_reports_the_gap_of_a_partial_draft_and_a_wrong_name(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "draft.txt"
    text = draft(run, MISSING, "--partial").stdout
    assert "[[order_number]]" in text
    file.write_text(text.replace("Tom", "Martin"), "utf-8")
    result = run("lint", "--message", MISSING.path, "--format", "json", file, cwd=ROOT)
    findings = json.loads(result.stdout)["files"][0]["findings"]
    assert result.returncode == 1
    assert {"[[order_number]]", "Martin"} <= {finding["text"] for finding in findings}


def test_what_nothing_answers_is_said_in_text(run: Run) -> None:
    result = run("suggest", "-f", NOTHING.path, cwd=ROOT)
    assert result.returncode == 1
    assert result.stdout.startswith("Nothing in the library answers this.")


def demo(mail: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """`make demo` after its installation, in a folder of the test's own."""
    (cwd / "replykit.toml").write_text((ROOT / "replykit.toml").read_text("utf-8"), "utf-8")
    (cwd / "responses").symlink_to(ROOT / "responses")
    return subprocess.run(
        [sys.executable, ROOT / "examples" / "demo.py", str(mail)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=dict(os.environ),
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("case", ALL, ids=named)
def test_the_demo_succeeds_and_ends_with_the_commands_that_it_ran(
    case: Case, tmp_path: Path
) -> None:
    result = demo(case.path, tmp_path)
    assert result.returncode == 0, result.stderr
    _, shown, typed = result.stdout.partition("To type them again:")
    assert shown
    words = [line.split(" ")[3] for line in typed.splitlines() if line.startswith("  ")]
    expected = {
        LATE: ["index", "suggest", "draft", "lint"],
        REFUND: ["index", "suggest", "draft", "lint"],
        MISSING: ["index", "suggest", "draft", "draft", "lint"],
        NOTHING: ["index", "suggest"],
    }
    assert words == expected[case]


def test_the_demo_fails_on_a_mail_that_is_not_there(tmp_path: Path) -> None:
    result = demo("no-such.eml", tmp_path)
    assert result.returncode == 2
    assert "no-such.eml" in result.stderr
