"""Fixes: idempotent, and none changes a number or a name."""

from __future__ import annotations

import re

import pytest

from replykit.checking.check import check_text
from replykit.config import Settings, parse_now
from replykit.linter import Finding, fix_all
from replykit.reading.record import from_record
from replykit.rules import Example, rules

NOW = parse_now("2026-11-22T09:30+02:00")
EXAMPLES = [
    pytest.param(example, id=f"{rule.code}-{example.lang}-{number}")
    for rule in rules()
    if not rule.needs_model
    for number, example in enumerate(rule.bad)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_safe_fixes_are_made_once_and_keep_numbers_and_names(example: Example) -> None:
    message = None
    if example.message or example.sender:
        message = from_record({"text": example.message, "from": {"name": example.sender}})

    def find(text: str) -> tuple[Finding, ...]:
        return check_text(
            text, "draft", Settings(), NOW, lang=example.lang, channel=example.channel,
            message=message, details=example.details, reply=example.reply,
        ).findings  # fmt: skip

    once = fix_all(example.text, find)
    assert fix_all(once, find) == once
    assert _facts(once) == _facts(example.text)


def _facts(text: str) -> tuple[list[str], set[str]]:
    """The numbers of a text, and its words with a capital within a sentence; links have a rule of
    their own, which takes out what follows the customer."""
    text = re.sub(r"\S*https?://\S*|\b[A-ZÅÄÖ]{2,}\b", "", text)
    return re.findall(r"\d+", text), set(re.findall(r"(?<=[\w,] )[A-ZÅÄÖ][\w'’-]+", text))
