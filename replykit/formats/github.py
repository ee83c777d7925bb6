"""GitHub's workflow commands: each finding an annotation at its line of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Sequence

from replykit.checking.checked import Checked
from replykit.linter import line_starts, position
from replykit.rules import Rule

_LEVELS = {"error": "error", "warning": "warning", "suggestion": "notice"}


def render(checked: Sequence[Checked], _: Sequence[Rule] = ()) -> str:
    """A line a finding; a file that could not be read is an error."""
    lines = []
    for item in checked:
        if item.error:
            lines.append(f"::error file={_property(item.path)}::{_data(item.error)}")
        starts = line_starts(item.text)
        for finding in item.findings:
            line, column = position(starts, finding.start)
            end_line, end_column = position(starts, finding.end)
            place = f"file={_property(item.path)},line={line},endLine={end_line}"
            if line == end_line:  # elsewhere GitHub takes columns for a fault
                place += f",col={column},endColumn={end_column}"
            title = _property(f"{finding.code} {finding.name}")
            level = _LEVELS[finding.severity]
            lines.append(f"::{level} {place},title={title}::{_data(finding.message)}")
    return "\n".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
