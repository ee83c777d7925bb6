"""What `library eval` measures: coverage, and what --auto gives on labelled cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.ranking.automation import Promise
from replykit.ranking.evaluate import Case, coverage, read_cases, score
from replykit.suggest import Suggestion, Suggestions
from tests.conftest import Run
from tests.test_suggest import FILES

Make = Callable[[dict[str, str]], Path]


def result(id: str, confidence: float, decision: str = "suggest") -> Suggestions:
    item = Suggestion(1, id, "en", id, confidence)
    return Suggestions(decision, Message(text="?"), "en", "email", {}, (), (item,))


def case(*fits: str) -> Case:
    return Case("x", Message(text="?"), fits)


@pytest.mark.parametrize(
    ("right", "precision", "share"),
    [
        ([1, 1, 1, 1], 0.95, 1.0),
        ([1, 1, 1, 0], 0.95, 0.75),
        ([1, 0, 1, 1], 0.75, 1.0),
        ([1, 0, 0, 0], 0.95, 0.25),
        ([0, 1, 1, 1], 0.95, 0.0),
        ([], 0.95, 0.0),
    ],
)
def test_coverage_is_the_largest_share_that_is_right_often_enough(
    right: list[int], precision: float, share: float
) -> None:
    sure = [(0.9 - place / 100, bool(ok)) for place, ok in enumerate(right)]
    assert coverage(sure, precision) == share


def test_equal_confidences_are_never_parted() -> None:
    assert coverage([(0.9, True), (0.8, True), (0.8, False)], 0.95) == pytest.approx(
        1 / 3, abs=0.01
    )


def test_what_nothing_answers_is_an_error_and_counts_among_all() -> None:
    cases = [case("a"), case("b"), case(), case("c")]
    results = [result("a", 0.9), result("b", 0.8), result("a", 0.7), result("c", 0.6, "no_match")]
    found = score(cases, results, [Promise(0.95, threshold=0.5), Promise(0.99, more=80)])
    assert found.coverage == {"0.95": 0.5, "0.99": 0.5}
    given = found.auto["0.95"]
    assert (given.threshold, given.share) == (0.5, 0.75)  # the last one is silent
    assert given.precision == pytest.approx(2 / 3, abs=0.001)
    assert (found.auto["0.99"].threshold, found.auto["0.99"].share) == (None, 0.0)
    assert found.auto["0.99"].precision is None


def test_the_command_prints_them_and_json_has_them(run: Run, library: Make, tmp_path: Path) -> None:
    lines = [
        {"text": "where is my parcel now", "fits": ["late"]},
        {"text": "give me my money back", "fits": ["refund"]},
        {"text": "is there life on mars", "fits": []},
    ]
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    command = ("library", "eval", path, "--library", library(FILES))
    shown = run(*command).stdout
    for at in ("0.95", "0.98", "0.99"):
        assert f"coverage at {float(at):.0%} right" in shown
        assert f"suggest --auto {at}: of all" in shown
    found = json.loads(run(*command, "--format", "json").stdout)
    assert set(found["coverage"]) == set(found["auto"]) == {"0.95", "0.98", "0.99"}
    assert found["auto"]["0.98"] == {"threshold": None, "share": 0.0, "precision": None}
    assert found["hit_1"] == 1.0


@pytest.mark.parametrize(
    ("data", "reason"),
    [(None, "No such file or directory"), (b"{\xe4}\n", "not UTF-8; save the file as UTF-8")],
)
def test_cases_that_cannot_be_read_are_said_once_by_name(
    data: bytes | None, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "cases.jsonl"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ReplyKitError) as found:
        read_cases(path)
    assert str(found.value) == f"{path}: cannot be read ({reason})"
