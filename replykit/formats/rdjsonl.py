"""Reviewdog's diagnostics, a JSON object a line.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf: columns count the bytes of UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from replykit.checking.checked import Checked
from replykit.linter import Finding, line_starts, position
from replykit.rules import Rule

_LEVELS = {"error": "ERROR", "warning": "WARNING", "suggestion": "INFO"}


def render(checked: Sequence[Checked], _: Sequence[Rule] = ()) -> str:
    """A line a finding; a file that could not be read is an error of its first line."""
    lines = []
    for item in checked:
        if item.error:
            place = {"path": item.path}
            fault = {"message": item.error, "location": place, "severity": "ERROR"}
            lines.append(json.dumps(fault, ensure_ascii=False))
        starts = line_starts(item.text)
        for finding in item.findings:
            diagnostic = _diagnostic(finding, item, starts)
            lines.append(json.dumps(diagnostic, ensure_ascii=False))
    return "\n".join(lines)


def _diagnostic(finding: Finding, item: Checked, starts: Sequence[int]) -> dict[str, Any]:
    span = {
        "start": _place(item.text, starts, finding.start),
        "end": _place(item.text, starts, finding.end),
    }
    value: dict[str, Any] = {
        "message": finding.message,
        "location": {"path": item.path, "range": span},
        "severity": _LEVELS[finding.severity],
        "source": {"name": "replykit"},
        "code": {"value": finding.code},
    }
    if finding.fix:
        value["suggestions"] = [{"range": span, "text": finding.fix.replacement}]
    return value


def _place(text: str, starts: Sequence[int], offset: int) -> dict[str, int]:
    line, _ = position(starts, offset)
    before = text[starts[line - 1] : offset]
    return {"line": line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
