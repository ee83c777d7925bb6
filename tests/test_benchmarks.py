"""The ranking benchmark: its figures by hand, and splits and libraries that give nothing away."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.conftest import ROOT, Run


@pytest.fixture
def measures(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    yield from _of_the_benchmarks("measures", monkeypatch)


@pytest.fixture
def ranking(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    yield from _of_the_benchmarks("ranking", monkeypatch)


def _of_the_benchmarks(name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    yield __import__(name)
    for module in ("baselines", "measures", "public_sets", "ranking"):
        sys.modules.pop(module, None)


def test_calibration_error_is_the_mean_gap_of_ten_equal_bins(measures: ModuleType) -> None:
    confidence = [0.05 + 0.1 * (n // 10) for n in range(100)]
    fitting = [n % 10 < n // 10 for n in range(100)]  # bin k: k of ten are right
    assert measures.ece(confidence, fitting) == pytest.approx(0.05)
    assert measures.ece([1.0] * 40, [True] * 40) == 0
    assert measures.ece([0.9] * 40, [False] * 40) == pytest.approx(0.9)
    assert measures.ece([0.2, 0.7], [False, True]) == pytest.approx(0.25)  # fewer than bins


def test_auroc_counts_pairs_and_half_of_equal_ones(measures: ModuleType) -> None:
    assert measures.auroc([0.8, 0.9], [0.1, 0.2, 0.3]) == 1
    assert measures.auroc([0.1], [0.8, 0.9]) == 0
    assert measures.auroc([0.5, 0.5], [0.5]) == 0.5
    pick = np.random.default_rng(0)
    inside, outside = pick.integers(0, 9, 50) + 2, pick.integers(0, 9, 30)
    pairs = [(a > b) + (a == b) / 2 for a in inside for b in outside]
    assert measures.auroc(inside, outside) == pytest.approx(np.mean(pairs))


def test_coverage_is_the_largest_share_that_is_right_enough(measures: ModuleType) -> None:
    falling = [1 - n / 100 for n in range(100)]
    assert measures.coverage(falling, [True] * 100) == 1
    assert measures.coverage(falling, [False] * 100) == 0
    # The first is wrong: from fifty on, 98 % are right; the second error comes at sixty.
    right = [n not in (0, 60) for n in range(100)]
    assert measures.coverage(falling, right) == 1
    assert measures.coverage(falling[:99], right[:99]) == pytest.approx(60 / 99)
    assert measures.coverage(falling[:49], right[:49]) == 0


def test_coverage_cuts_between_confidences_only(measures: ModuleType) -> None:
    assert measures.coverage([0.9, 0.9, 0.8], [True, False, True], precision=1.0) == 0
    assert measures.coverage([0.9, 0.8, 0.8], [True, True, False], precision=1.0) == 1 / 3


def test_messages_from_outside_are_errors_and_not_counted(measures: ModuleType) -> None:
    confidence, right = [0.9, 0.8, 0.7, 0.6], [True, False, True, True]
    inside = [True, False, True, True]
    assert measures.coverage(confidence, right, inside, precision=1.0) == pytest.approx(1 / 3)
    assert measures.coverage(confidence, right, inside, precision=0.75) == 1


def _items(measures: ModuleType) -> list[object]:
    """Labels of 6, 40 and 200 messages; every tenth is said twice, once in other letters."""
    found = []
    for label, size in (("rare", 6), ("usual", 40), ("common", 200)):
        for n in range(size):
            same = n - 1 if n % 10 == 9 else n
            english = f"{label} {same}" if same == n else f"{label.upper()}  {same}"
            found.append(measures.Item(label, {"en": english, "fi": f"{label} numero {n}"}))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_no_text_is_both_learnt_and_asked(measures: ModuleType, seed: int) -> None:
    items = _items(measures)
    parts = measures.split(items, 60, seed)
    asked = {text for n in parts.test for text in items[n].wordings()}
    assert set(parts.train).isdisjoint(parts.test)
    assert all(asked.isdisjoint(items[n].wordings()) for n in parts.train)
    assert len(parts.test) == 60
    shares = Counter(items[n].label for n in parts.test)
    assert shares["rare"] in (1, 2)
    assert abs(shares["common"] - 60 * 200 / 246) <= 1


def test_splits_repeat_by_seed_and_differ_between_seeds(measures: ModuleType) -> None:
    items = _items(measures)
    assert measures.split(items, 60, 1) == measures.split(items, 60, 1)
    assert measures.split(items, 60, 1).test != measures.split(items, 60, 2).test


def test_a_label_keeps_half_of_its_items(measures: ModuleType) -> None:
    assert measures.quotas({"a": 4, "b": 5, "c": 1}, 100) == {"a": 2, "b": 2, "c": 0}
    assert measures.quotas({"a": 10, "b": 30}, 8) == {"a": 2, "b": 6}


def test_few_takes_the_first_of_each_label(measures: ModuleType) -> None:
    items = _items(measures)
    train = measures.split(items, 60, 0).train
    chosen = Counter(items[n].label for n in measures.few(items, train, 10))
    assert chosen == {"rare": sum(items[n].label == "rare" for n in train), "usual": 10,
                      "common": 10}  # fmt: skip
    assert sorted(measures.few(items, train, None)) == sorted(train)


def test_a_third_of_the_labels_is_left_out(measures: ModuleType) -> None:
    labels = [f"intent {n}" for n in range(77)]
    assert len(measures.left_out(labels, 0)) == 25
    assert measures.left_out(labels, 0) == measures.left_out(reversed(labels), 0)
    assert measures.left_out(labels, 0) != measures.left_out(labels, 1)


def test_placeholders_become_words(ranking: ModuleType) -> None:
    assert ranking.plain("order {{Order Number}}, {{ Person Name }}!") == (
        "order order number, person name!"
    )
    assert not set("{}") & set(ranking.plain("{% raw %} {# a #} {{ {x} }} }}"))


def test_libraries_are_accepted_and_their_names_tell_nothing(
    ranking: ModuleType, tmp_path: Path, run: Run
) -> None:
    odd = ["No", "a: b", "it's #1", 'say "no"', "two\nlines", "- x", "ä\u2028ö", "100 % {{ y }}"]
    given = ranking.Task(odd, ["refund"] * 4 + ["late"] * 4, [], [])
    names = ranking.write_library(tmp_path / "some", given, ranking.ROWS[0], set())
    assert names == {"r000": "late", "r001": "refund"}
    assert run("library", "check", "--library", tmp_path / "some").returncode == 0
    written = [path.read_text("utf-8") for path in (tmp_path / "some").iterdir()]
    assert not any("refund" in text or "late" in text for text in written)
    part = ranking.write_library(tmp_path / "part", given, ranking.ROWS[0], {"late"})
    assert part == {"r001": "refund"}
    replies = ranking.Task([ranking.plain("Order {{Order Number}}")], ["late"], [], [])
    ranking.write_library(tmp_path / "replies", replies, ranking.ROWS[-1], set())
    assert run("library", "check", "--library", tmp_path / "replies").returncode == 0
