"""What a message asks, each question by itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from replykit.understanding.asked import asked
from tests.conftest import ROOT


def records(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (ROOT / path).read_text("utf-8").splitlines()]


@pytest.mark.parametrize(
    ("record", "lang"),
    [
        pytest.param(record, lang, id=f"{lang}: {record['text'][:50]}")
        for lang in ("en", "fi")
        for record in records(f"tests/data/matters/asked.{lang}.jsonl")
    ],
)
def test_each_question_is_told_by_itself(record: dict[str, Any], lang: str) -> None:
    assert [question.text for question in asked(record["text"], lang)] == record["asked"]


# A little below what was measured: of the lines that rules were written by 0.96 and 0.99, of the
# others 0.90 and 0.99 are heard; 0.99 of what is heard is a question.
@pytest.mark.parametrize(("lang", "heard"), [("en", 0.92), ("fi", 0.98)])
def test_most_questions_are_heard_and_little_else(lang: str, heard: float) -> None:
    right, known = [], []
    for record in records(f"benchmarks/answers/{lang}.jsonl"):
        text = record["message"]
        found = [_span(text, question.text) for question in asked(text, lang)]
        marked = [_span(text, question["text"]) for question in record["questions"]]
        right += [any(_meet(one, other) for other in marked) for one in found]
        known += [any(_meet(one, other) for other in found) for one in marked]
    assert sum(known) / len(known) >= heard
    assert sum(right) / len(right) >= 0.98


def _span(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    return start, start + len(part)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two pieces of a text share half of the shorter."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared * 2 >= min(one[1] - one[0], other[1] - other[0])
