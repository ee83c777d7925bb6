"""Formats for other tools: each finding at its place, in the shape that the tool reads."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sarif_pydantic import Sarif

from replykit.checking.checked import Checked
from replykit.formats import names, render
from replykit.linter import Finding, Fix
from replykit.rules import rules
from tests.conftest import Run

TEXT = "Hei 😊 asiakas,\nsinun olisi pitänyt lukea, 100 %: ohje, [NIMI]"


def finding(words: str, severity: str = "error", fix: Fix | None = None) -> Finding:
    start = TEXT.index(words)
    message = f"“{words}”: 100 % wrong,\nsee <b>&\x00"
    return Finding("TONE003", "blaming-phrase", severity, message, words, start,
                   start + len(words), fix)  # fmt: skip


CHECKED = [
    Checked("a,b/draft 1.txt", TEXT, "fi", "email", None,
            (finding("asiakas", "suggestion", Fix("ystävä")), finding("sinun olisi"))),
    Checked("gone.txt", error="gone.txt: cannot be read"),
]  # fmt: skip


def test_there_is_a_module_for_each_format() -> None:
    assert names() == ("github", "junit", "rdjsonl", "sarif")


def test_github_gets_one_line_a_finding_and_no_other_command() -> None:
    lines = render("github", CHECKED, rules()).splitlines()
    assert lines == [
        "::notice file=a%2Cb/draft 1.txt,line=1,endLine=1,col=7,endColumn=14,"
        "title=TONE003 blaming-phrase::“asiakas”: 100 %25 wrong,%0Asee <b>&\x00",
        "::error file=a%2Cb/draft 1.txt,line=2,endLine=2,col=1,endColumn=12,"
        "title=TONE003 blaming-phrase::“sinun olisi”: 100 %25 wrong,%0Asee <b>&\x00",
        "::error file=gone.txt::gone.txt: cannot be read",
    ]


def test_junit_is_xml_that_fails_for_errors_and_warnings_alone() -> None:
    suite = ElementTree.fromstring(render("junit", CHECKED, rules()).encode())[0]
    assert suite.attrib == {"name": "replykit lint", "tests": "2", "failures": "1", "errors": "1"}
    first, second = suite
    assert first.find("failure").text.startswith("2:1: error TONE003")  # type: ignore[union-attr]
    assert "asiakas" in first.find("system-out").text  # type: ignore[union-attr, operator]
    assert second.find("error").get("message") == "gone.txt: cannot be read"  # type: ignore[union-attr]


def test_reviewdog_counts_bytes() -> None:
    first, second, third = map(json.loads, render("rdjsonl", CHECKED, rules()).splitlines())
    start = first["location"]["range"]["start"]
    assert start == {"line": 1, "column": len("Hei 😊 ".encode()) + 1}
    assert first["suggestions"][0]["text"] == "ystävä"
    assert (first["severity"], second["severity"], third["severity"]) == ("INFO", "ERROR", "ERROR")


def test_sarif_is_valid_and_counts_code_points() -> None:
    text = render("sarif", CHECKED, rules())
    run = Sarif.model_validate_json(text).runs[0]
    assert run.results is not None
    region = json.loads(text)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["charOffset"]) == (1, 7, 6)
    assert [result["level"] for result in json.loads(text)["runs"][0]["results"]] == [
        "note", "error",
    ]  # fmt: skip
    (described,) = json.loads(text)["runs"][0]["tool"]["driver"]["rules"]
    assert (described["id"], described["name"]) == ("TONE003", "blaming-phrase")
    assert described["help"]["text"].startswith("TONE003 blaming-phrase (error)")


@pytest.mark.parametrize("name", names())
def test_nothing_found_is_a_document_too(name: str) -> None:
    text = render(name, [Checked("a.txt", "Hei!", "fi", "email")], rules())
    assert text == "" if name in ("github", "rdjsonl") else text


def test_the_command_prints_them_and_keeps_its_exit_code(run: Run) -> None:
    done = run("lint", "--lang", "en", "--format", "sarif", stdin="You should have read it.")
    assert done.returncode == 1
    assert Sarif.model_validate_json(done.stdout).version == "2.1.0"
    unknown = run("suggest", "hi", "--format", "sarif")
    assert unknown.returncode == 2
    assert "known: text, json" in unknown.stderr


HOUSE = """old-account-name:
  message: the account is called Savings now
  severity: warning
  words: {growth account: savings account}
  bad: [Open a growth account today.]
  good: [Your savings grow.]
"""


def test_sarif_describes_the_house_rules_of_a_library(
    run: Run, library: Callable[[dict[str, str]], Path]
) -> None:
    folder = library({"_lexicons/brand.en.yaml": HOUSE})
    text = "Hello,\n\nopen a growth account today.\n"
    done = run("lint", "--library", folder, "--lang", "en", "--no-model", "--select",
               "old-account-name", "--format", "sarif", stdin=text)  # fmt: skip
    Sarif.model_validate_json(done.stdout)
    found = json.loads(done.stdout)["runs"][0]
    (rule,), (result,) = found["tool"]["driver"]["rules"], found["results"]
    assert (rule["id"], rule["name"]) == (result["ruleId"], "old-account-name")
    assert rule["fullDescription"]["text"]
    assert result["ruleIndex"] == 0


def test_on_github_annotations_come_by_themselves(run: Run) -> None:
    bad = "You should have read it."
    done = run("lint", "--lang", "en", stdin=bad, GITHUB_ACTIONS="true")
    assert done.stdout.startswith("::")
    told = run("lint", "--lang", "en", "--format", "text", stdin=bad, GITHUB_ACTIONS="true")
    assert not told.stdout.startswith("::")
