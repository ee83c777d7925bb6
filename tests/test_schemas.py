"""The JSON Schemas against what the commands really write and the library's files really hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.conftest import ROOT, Run

SCHEMAS = ROOT / "replykit" / "schemas"
LATE = """---
title: Parcel is late
examples: [Where is my parcel?, my order has not arrived, still waiting for the delivery]
details:
  order_number: {description: Order number, pattern: '\\d{6,10}'}
---
Hello,

your order {{ order_number }} is on its way. 😀 Thank you for waiting!!

Kind regards,
Anna
"""
HOURS = """---
title: Opening hours
examples: [When are you open?, opening hours on Saturday, what time do you close today]
---
Hello,

we are open from nine to five on every weekday.

Kind regards,
Anna
"""


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def check(name: str, value: Any) -> None:
    assert [error.message for error in validator(name).iter_errors(value)] == []


def is_valid(name: str, value: Any) -> bool:
    return bool(validator(name).is_valid(value))


@pytest.fixture
def folder(shared_library: Callable[[dict[str, str]], Path]) -> Path:
    return shared_library({"delivery/late.en.md": LATE, "contact/hours.en.md": HOURS})


@pytest.mark.parametrize("path", sorted(SCHEMAS.iterdir()), ids=lambda path: path.stem)
def test_each_schema_is_one_of_2020_12(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_the_schema_command_names_and_prints_them(run: Run) -> None:
    names = run("schema").stdout.split()
    assert {"suggest", "draft", "lint", "triage", "case", "response"} <= set(names)
    assert json.loads(run("schema", "lint").stdout)["title"] == "replykit.lint/1"
    unknown = run("schema", "nope")
    assert (unknown.returncode, unknown.stdout) == (2, "")


def test_the_lint_of_a_draft_has_the_schema_of_lint() -> None:
    """It stands in both files, so that each can be used alone."""
    own = json.loads((SCHEMAS / "lint.json").read_text("utf-8"))
    inner = json.loads((SCHEMAS / "draft.json").read_text("utf-8"))["$defs"]["lint"]
    text = json.dumps(inner).replace("#/$defs/lint/", "#/")
    assert json.loads(text) == {key: value for key, value in own.items() if key != "$schema"}


@pytest.mark.parametrize(
    "message", ["Where is my parcel? Order 123456 ä😀", "qwerty zxcvb", "Where is my parcel?"]
)
def test_suggest(run: Run, folder: Path, message: str) -> None:
    result = run("suggest", message, "--library", folder, "--format", "json")
    assert result.returncode in (0, 1), result.stderr
    value = json.loads(result.stdout)
    check("suggest", value)
    assert value["suggestions"]
    for item in value["message"]["found"]:
        assert value["message"]["text"][item["start"] : item["end"]] == item["value"]


def test_suggest_of_machine_mail(run: Run, folder: Path, tmp_path: Path) -> None:
    mail = "From: a@b.fi\nTo: c@d.fi\nSubject: Out\nAuto-Submitted: auto-replied\n\nI am away.\n"
    (tmp_path / "m.eml").write_text(mail, "utf-8")
    result = run("suggest", "-f", "m.eml", "--library", folder, "--format", "json")
    value = json.loads(result.stdout)
    check("suggest", value)
    assert value["decision"] == "skip"


def test_suggest_batch(run: Run, folder: Path) -> None:
    lines = [{"id": 1, "text": "Where is my parcel?"}, {"id": "b", "text": "when are you open"}]
    stdin = "".join(json.dumps(line) + "\n" for line in lines)
    result = run("suggest", "--batch", "-", "--library", folder, stdin=stdin)
    values = [json.loads(line) for line in result.stdout.splitlines()]
    assert [value["id"] for value in values] == [1, "b"]
    for value in values:
        check("suggest", value)


@pytest.mark.parametrize(
    "options",
    [["--set", "order_number=123456"], ["--partial"], [], ["--no-lint", "--partial"]],
    ids=["whole", "partial", "missing", "unchecked"],
)
def test_draft(run: Run, folder: Path, options: list[str]) -> None:
    arguments = ["draft", "delivery/late", "--library", folder, "--format", "json", *options]
    value = json.loads(run(*arguments).stdout)
    check("draft", value)
    assert (value["lint"] is None) == (not options or "--no-lint" in options)


def test_lint(run: Run, tmp_path: Path) -> None:
    text = "Hei ä😀 Maija!!\n\nTilaus XXX lähti , kiitos kiitos."
    (tmp_path / "d.txt").write_text(text, "utf-8")
    result = run("lint", "d.txt", "nofile", "--lang", "fi", "--format", "json")
    value = json.loads(result.stdout)
    check("lint", value)
    good, failed = value["files"]
    assert failed["error"]
    assert len(good["findings"]) >= 4
    for finding in good["findings"]:
        assert text[finding["start"]["offset"] : finding["end"]["offset"]] == finding["text"]
        line = text.split("\n")[finding["start"]["line"] - 1]
        assert line[finding["start"]["column"] - 1 :].startswith(finding["text"])


def test_lint_batch(run: Run) -> None:
    lines = [
        {"id": "a", "text": "Hello Anna!!", "channel": "chat", "lang": "en"},
        {"id": 2, "text": "Hei! Paketti lähti.", "message": "Missä?", "details": {"n": 1}},
    ]
    result = run("lint", "--batch", "-", stdin="".join(json.dumps(line) + "\n" for line in lines))
    values = [json.loads(line) for line in result.stdout.splitlines()]
    assert [value["id"] for value in values] == ["a", 2]
    for value in values:
        check("lint", value)
        assert len(value["files"]) == 1


def test_a_shape_that_lacks_a_field_is_refused() -> None:
    good = {
        "schema": "replykit.lint/1",
        "files": [],
        "summary": {"error": 0, "warning": 0, "suggestion": 0},
        "not_run": [],
    }
    check("lint", good | {"more": 1})
    for key in good:
        assert not is_valid("lint", {name: value for name, value in good.items() if name != key})


def test_triage_of_the_contract() -> None:
    value = {
        "schema": "replykit.triage/1", "path": "in.eml", "kind": "customer", "reasons": ["…"],
        "lang": "fi", "urgency": "normal", "sentiment": "negative",
        "from": {"name": "…", "address": "…"}, "subject": "…", "text": "…", "quoted": "…",
        "signature": "…", "details": {}, "found": [], "questions": ["…"],
        "matters": [{"text": "…", "start": 0, "end": 41}], "route": "answer",
    }  # fmt: skip
    check("triage", value)
    assert not is_valid("triage", value | {"kind": "human"})


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_labelled_cases(lang: str) -> None:
    lines = (ROOT / f"tests/data/cases.{lang}.jsonl").read_text("utf-8").splitlines()
    assert lines
    for line in lines:
        check("case", json.loads(line))
    assert not is_valid("case", {"id": "x", "text": " ", "fits": []})


class _Plain(yaml.SafeLoader):
    """YAML as editors that use a schema see it: dates are text."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in found if not tag.endswith(":timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def front_matter(text: str) -> Any:
    return yaml.load(text.split("\n---\n", maxsplit=1)[0].removeprefix("---\n"), Loader=_Plain)


def test_front_matter_of_the_whole_starter_library() -> None:
    paths = [
        path
        for path in (ROOT / "responses").rglob("*.md")
        if not any(part.startswith("_") for part in path.relative_to(ROOT / "responses").parts)
    ]
    assert len(paths) >= 100
    for path in paths:
        errors = list(validator("response").iter_errors(front_matter(path.read_text("utf-8"))))
        assert errors == [], path


@pytest.mark.parametrize(
    "text",
    [
        "examples: [a]",
        "title: T\nexampels: [a]",
        "title: T\nchannels: [fax]",
        "title: T\nstatus: alive",
        "title: T\nreview_by: 2027-3-1",
        "title: T\ndetails: {id: {}}",
        "title: T\ndetails: {order_number: {patern: a}}",
        "title: T\nlint: {ignored: [LEN002]}",
    ],
)
def test_front_matter_with_a_fault_is_refused(text: str) -> None:
    assert not is_valid("response", front_matter(text))
