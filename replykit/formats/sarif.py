"""SARIF 2.1.0, which code scanning reads (OASIS standard, 2020)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from replykit import __version__
from replykit.checking.checked import Checked
from replykit.describe import explain
from replykit.linter import Finding, line_starts, position
from replykit.rules import Rule

_LEVELS = {"error": "error", "warning": "warning", "suggestion": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(checked: Sequence[Checked], rules: Sequence[Rule]) -> str:
    """One run, with those of the rules that fired; columns count code points."""
    fired = {finding.code for item in checked for finding in item.findings}
    own = [rule for rule in rules if rule.code in fired]
    place = {rule.code: number for number, rule in enumerate(own)}
    results = [
        _result(finding, item, line_starts(item.text), place)
        for item in checked
        for finding in item.findings
    ]
    faults = [
        {"level": "error", "message": {"text": item.error}, "locations": [_location(item.path)]}
        for item in checked
        if item.error
    ]
    run = {
        "tool": {"driver": _driver(own)},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": not faults, "toolExecutionNotifications": faults}
        ],
        "results": results,
    }  # fmt: skip
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False)


def _driver(own: Sequence[Rule]) -> dict[str, Any]:
    return {
        "name": "ReplyKit",
        "version": __version__,
        "rules": [_described(rule) for rule in own],
    }


def _described(rule: Rule) -> dict[str, Any]:
    """A rule, built in or the library's own, with all that `replykit rules CODE` says of it."""
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.name.replace("-", " ")},
        "fullDescription": {"text": rule.explanation or rule.message},
        "help": {"text": explain(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(
    finding: Finding, item: Checked, starts: Sequence[int], place: dict[str, int]
) -> dict[str, Any]:
    region = _region(finding, starts)
    value: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(item.path, region)],
    }
    if finding.code in place:
        value["ruleIndex"] = place[finding.code]
    if finding.fix:
        inserted = {"text": finding.fix.replacement}
        change = {
            "artifactLocation": {"uri": _uri(item.path)},
            "replacements": [{"deletedRegion": region, "insertedContent": inserted}],
        }
        value["fixes"] = [{"artifactChanges": [change]}]
    return value


def _region(finding: Finding, starts: Sequence[int]) -> dict[str, int]:
    line, column = position(starts, finding.start)
    end_line, end_column = position(starts, finding.end)
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
        "charOffset": finding.start,
        "charLength": finding.end - finding.start,
    }


def _location(path: str, region: dict[str, int] | None = None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(path)}}
    if region:
        place["region"] = region
    return {"physicalLocation": place}


def _uri(path: str) -> str:
    return "stdin" if path == "-" else quote(Path(path).as_posix())
