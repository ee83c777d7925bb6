"""What a person wrote in a calendar part: a comment in an answer, a description else."""

from __future__ import annotations

import re

_LINE = re.compile(
    r"^(METHOD|COMMENT|DESCRIPTION)(?:;[^:\n]{0,200})?:([^\n]*)$", re.IGNORECASE | re.MULTILINE
)
_ESCAPED = re.compile(r"\\([nN,;\\])")


def written(calendar: str) -> tuple[str, str, str]:
    """The method of an iCalendar object (RFC 5545), its comment and its description."""
    unfolded = re.sub(r"\r?\n[ \t]", "", calendar)
    found: dict[str, str] = {}
    for name, value in _LINE.findall(unfolded.replace("\r\n", "\n")):
        found.setdefault(name.upper(), _ESCAPED.sub(_plain, value).strip())
    return (
        found.get("METHOD", "").upper(),
        found.get("COMMENT", ""),
        found.get("DESCRIPTION", ""),
    )


def _plain(match: re.Match[str]) -> str:
    return "\n" if match[1] in "nN" else match[1]
