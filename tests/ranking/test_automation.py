"""What may go without a person: promised only where the measured precision proves it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.special import betainc
from scipy.stats import beta

from replykit import Library, ReplyKitError
from replykit.ranking.automation import (
    Measured,
    checked,
    incomplete_beta,
    is_proven,
    needed,
    promise,
)
from tests.conftest import Run
from tests.ranking.test_index import reply
from tests.test_suggest import FILES

Make = Callable[[dict[str, str]], Path]


def measured(right: list[float] | np.ndarray, weight: np.ndarray | None = None) -> Measured:
    """Messages of falling confidence, all labelled."""
    count = len(right)
    weights = np.ones(count) if weight is None else weight
    return Measured(np.linspace(0.99, 0.01, count), np.array(right, float), weights, count)


def curve(count: int, seed: int) -> tuple[Measured, Callable[[float], float]]:
    """A sample whose confidences are the true chances, and the true precision from one on."""
    pick = np.random.default_rng(seed)
    chances = 1 / (1 + np.exp(-2 * pick.normal(1.5, 1.5, count)))
    many = 1 / (1 + np.exp(-2 * np.random.default_rng(0).normal(1.5, 1.5, 50_000)))
    sample = Measured(chances, pick.random(count) < chances, np.ones(count), count)
    return sample, lambda threshold: float(many[many >= threshold].mean())


def test_the_bound_is_the_exact_one() -> None:
    for right, size in ((149, 149), (148, 149), (234, 236), (95, 100)):
        bound = beta.ppf(0.05, right, size - right + 1)
        assert is_proven(right, size, bound - 1e-6)
        assert not is_proven(right, size, bound + 1e-6)


def test_the_incomplete_beta_function_is_scipys() -> None:
    pick = np.random.default_rng(0)
    for a, b, x in zip(
        pick.uniform(0.3, 9000, 300), pick.uniform(1, 200, 300), pick.uniform(0.5, 1, 300),
        strict=True,
    ):  # fmt: skip
        assert incomplete_beta(a, b, x) == pytest.approx(betainc(a, b, x), abs=1e-9)


@pytest.mark.parametrize(("precision", "count"), [(0.95, 59), (0.98, 149), (0.99, 299)])
def test_without_an_error_it_takes_the_well_known_numbers(precision: float, count: int) -> None:
    assert needed(1.0, precision) == count == math.ceil(math.log(0.05) / math.log(precision))
    assert promise(measured([1.0] * count), precision).threshold is not None
    short = promise(measured([1.0] * (count - 1)), precision)
    assert (short.threshold, short.more) == (None, 1)


def test_errors_make_it_take_more_and_too_many_cannot_be_outnumbered() -> None:
    assert 149 < needed(0.995, 0.98) < needed(0.985, 0.98)
    assert not is_proven(0.98 * 1e6, 1e6, 0.98)
    hopeless = promise(measured([1.0, 0.0] * 200), 0.98)
    assert (hopeless.threshold, hopeless.more) == (None, None)
    assert "not that precise" in str(hopeless)


def test_what_is_said_to_be_enough_is_enough_where_nothing_else_changes() -> None:
    def half_right(count: int) -> Measured:
        return measured([1.0] * (count // 2) + [0.0] * (count // 2))

    more = promise(half_right(200), 0.98).more
    assert more == 2 * 149 - 200
    assert promise(half_right(200 + more), 0.98).threshold is not None
    assert promise(half_right(200 + more - 2), 0.98).threshold is None


def test_a_library_that_is_measured_on_nothing_promises_nothing() -> None:
    nothing = Measured(np.zeros(0), np.zeros(0), np.zeros(0), 0)
    assert (promise(nothing, 0.98).threshold, promise(nothing, 0.98).more) == (None, 149)
    assert not promise(nothing, 0.98).holds(1.0)


def test_the_promise_covers_much_where_the_errors_lie_below() -> None:
    right = [1.0] * 700 + [0.0, 1.0] * 150
    found = promise(measured(right), 0.98)
    assert found.threshold is not None
    assert 0.99 - 0.98 * 0.75 < found.threshold < 0.5
    assert found.holds(found.threshold)
    assert not found.holds(found.threshold - 0.0001)


@pytest.mark.parametrize("precision", [0.9, 0.95, 0.98])
def test_a_promise_is_broken_less_often_than_one_time_in_twenty(precision: float) -> None:
    """Though the threshold is chosen by looking at many."""
    broken = 0
    for seed in range(200):
        sample, truth = curve(1000, seed)
        threshold = promise(sample, precision).threshold
        broken += threshold is not None and truth(threshold) < precision
    assert broken <= 0.05 * 200


def test_confidences_that_tell_nothing_are_not_searched_for_luck() -> None:
    pick = np.random.default_rng(5)
    lucky = [promise(measured(pick.random(1000) < 0.945), 0.95).threshold for _ in range(300)]
    assert sum(found is not None for found in lucky) <= 0.06 * 300


def test_equal_confidences_are_never_parted() -> None:
    right = np.array([1.0] * 300 + [0.0] * 300)
    alike = Measured(np.full(600, 0.8), right, np.ones(600), 600)
    assert promise(alike, 0.9).threshold is None


def test_an_error_counts_by_its_weight() -> None:
    right = np.array(([1.0] * 24 + [0.0]) * 40)
    light = np.where(right > 0, 1.0, 0.01)
    assert promise(measured(right), 0.98).threshold is None
    assert promise(measured(right, light), 0.98).threshold is not None


@pytest.mark.parametrize("precision", [0.5, 1.0, 1.2, -1.0, math.nan, math.inf])
def test_only_a_share_between_a_half_and_one_can_be_asked_for(precision: float) -> None:
    with pytest.raises(ReplyKitError, match=r"between 0\.5 and 1"):
        checked(precision)


# a library


TOPICS = {
    "password": (
        ["I forgot my password", "the login says wrong password", "how do I reset the password",
         "my password has expired", "cannot log in with my password", "change my login password",
         "the password link is broken", "my account password is locked"],
        ["again", "since the update", "on the phone", "in the app", "after the holiday",
         "and the code too", "help", "for my second account"],
    ),
    "piano": (
        ["our piano is out of tune", "who tunes a grand piano", "two keys of the piano stick",
         "the piano needs a tuner", "is tuning the piano worth it", "the piano sounds flat",
         "book a piano tuner", "the pedal of the piano squeaks"],
        ["before the concert", "at my grandmother", "it is from 1920", "and it is black",
         "in the music school", "this spring", "for the choir", "as always in winter"],
    ),
    "bread": (
        ["is the rye bread gluten free", "which bread has no yeast", "do you bake oat bread",
         "the sourdough bread was hard", "when is warm bread ready", "how long does bread keep",
         "I would like sliced bread", "what flour is in the bread"],
        ["from the bakery", "with seeds", "on the shelf", "and the rolls", "for a coeliac",
         "by the dozen", "in the morning", "made of spelt"],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def clear(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three replies, so many examples, and so clear, that 0.95 can be promised."""
    folder = tmp_path_factory.mktemp("clear")
    for topic, (heads, ends) in TOPICS.items():
        examples = [f"{head} {end}" for head in heads for end in ends]
        (folder / f"{topic}.en.md").write_text(reply(topic, *examples), "utf-8")
    return folder


def test_auto_is_true_where_the_promise_holds_and_nothing_is_missing(clear: Path) -> None:
    library = Library.open(clear)
    assert library.promise(0.95).threshold is not None
    sure = library.suggest("the piano sounds flat before the concert this spring", auto=0.95)
    assert (sure[0].id, sure.decision, sure.auto) == ("piano", "suggest", True)
    assert library.suggest("the piano sounds flat before the concert this spring").auto is False
    assert library.suggest("what is the weather like on the moon", auto=0.95).auto is False
    path = clear / "piano.en.md"
    text = path.read_text("utf-8")
    try:
        needs = "details: {number: {pattern: '\\d{6}'}}\n---\nHello {{ number }},"
        path.write_text(text.replace("---\nHello,", needs), "utf-8")
        lacking = library.suggest("the piano sounds flat before the concert this spring", auto=0.95)
    finally:
        path.write_text(text, "utf-8")
    assert (lacking.decision, lacking.auto) == ("ask_details", False)


def test_a_batch_says_at_its_end_how_many_may_go_alone(run: Run, clear: Path) -> None:
    texts = [
        "the piano sounds flat before the concert this spring",
        "the moon is made of cheese",
        "I forgot my login password again on the phone",
    ]
    stdin = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts))
    done = run("suggest", "--batch", "-", "--auto", "0.95", "--library", clear, stdin=stdin)
    auto = [json.loads(line)["auto"] for line in done.stdout.splitlines()]
    assert auto == [True, False, True]
    assert "2 of 3 may go without a person (--auto 0.95)" in done.stderr
    assert done.returncode == 0


def test_text_says_whether_a_person_must_look(run: Run, clear: Path) -> None:
    told = ("--auto", "0.95", "--library", clear)
    assert (
        "May go without a person"
        in run("suggest", "the piano sounds flat before the concert this spring", *told).stdout
    )
    assert "A person should read this" in run("suggest", "cheese of the moon", *told).stdout
    assert "person" not in run("suggest", "who could tune our piano", "--library", clear).stdout


def test_a_library_too_small_says_once_what_it_takes(run: Run, library: Make) -> None:
    folder = library(FILES)
    stdin = '{"text": "Where is my parcel?"}\n' * 130
    done = run("suggest", "--batch", "-", "--auto", "0.98", "--library", folder, stdin=stdin)
    assert done.stderr.count("--auto 0.98: ") == 1
    assert "more labelled messages" in done.stderr
    assert "0 of 130 may go without a person" in done.stderr
    assert not any(json.loads(line)["auto"] for line in done.stdout.splitlines())


@pytest.mark.parametrize("value", ["1", "0.5", "98", "nan", "much", "-0.9"])
def test_a_share_that_makes_no_sense_is_one_line_and_exit_2(run: Run, value: str) -> None:
    done = run("suggest", "where is my parcel", f"--auto={value}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "auto" in done.stderr
