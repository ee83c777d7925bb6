"""A draft that was checked: what was found in it."""

from __future__ import annotations

from dataclasses import dataclass

from replykit.linter import Finding, Metrics


@dataclass(frozen=True)
class Checked:
    """A draft that was linted, or why it could not be.

    `diff` is what fixes would change, `fixed` the text that has nowhere to be written to; None
    where nobody asked.
    """

    path: str
    text: str = ""
    lang: str = ""
    channel: str = ""
    metrics: Metrics | None = None
    findings: tuple[Finding, ...] = ()
    error: str = ""
    diff: str | None = None
    fixed: str | None = None
