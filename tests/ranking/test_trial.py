"""`replykit train`: what is held out, when it wins, and that nothing changes where it does not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from replykit.config import Settings, load
from replykit.encoder import Side
from replykit.library.files import read
from replykit.ranking import correction, fitting, trial
from tests.conftest import Run
from tests.ranking.test_index import reply
from tests.test_schemas import check
from tests.test_suggest import FILES

Make = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
REPLIES, EACH, DIM = 8, 12, 48


class Hidden:
    """An encoder that knows what each text is about, under a strong nuisance of the text's own
    (`nuisance` 0: none, and every text lies with its reply)."""

    def __init__(self, nuisance: float) -> None:
        self.key = f"hidden-{nuisance}"
        self.dim = DIM
        self.nuisance = nuisance

    def encode(self, texts: Sequence[str], side: Side = "query") -> np.ndarray:
        return np.array([self._vector(text) for text in texts], np.float32).reshape(-1, DIM)

    def _vector(self, text: str) -> np.ndarray:
        chance = np.random.default_rng(int(hashlib.sha256(text.encode()).hexdigest()[:8], 16))
        vector = 0.2 * chance.normal(size=DIM)
        vector[:4] += self.nuisance * chance.normal(size=4)
        if text in OWNERS:
            vector[-REPLIES:] += 2.0 * np.eye(REPLIES)[OWNERS[text]]
        return vector / np.linalg.norm(vector)


def word(number: int) -> str:
    """A word that shares nothing with any other that a language or a word view could use."""
    digest = hashlib.sha256(str(number).encode()).hexdigest()
    return "".join(chr(97 + int(digest[place : place + 2], 16) % 26) for place in range(0, 18, 2))


TEXTS = {owner: [word(owner * 100 + n) for n in range(EACH)] for owner in range(REPLIES)}
OWNERS = {text: owner for owner, texts in TEXTS.items() for text in texts}


@pytest.fixture
def settings(library: Make) -> Settings:
    files = {f"r{owner}.en.md": reply(word(9000 + owner), *TEXTS[owner]) for owner in TEXTS}
    return load(flags={"library": str(library(files))}, environment={})


def fit(settings: Settings, nuisance: float) -> fitting.Outcome:
    def say(text: str) -> None:
        pass

    return fitting.fit(settings, Hidden(nuisance), NOW, say, lambda done, total: None)


def test_it_wins_where_a_nuisance_hides_the_matter_and_is_written(settings: Settings) -> None:
    outcome = fit(settings, 4.0)
    assert outcome.comparison is not None
    assert outcome.comparison.won
    assert outcome.comparison.messages == REPLIES * EACH
    assert outcome.comparison.after[0] > outcome.comparison.before[0]
    found = correction.load(settings.library_path)
    assert found is not None
    assert found.encoder == "hidden-4.0"
    assert fit(settings, 4.0) == outcome
    again = correction.load(settings.library_path)
    assert again is not None
    assert again.digest == found.digest


def test_nothing_changes_where_nothing_can_be_won(settings: Settings) -> None:
    outcome = fit(settings, 0.0)
    assert outcome.comparison is not None
    assert not outcome.comparison.won
    assert outcome.written is None
    assert not (settings.library_path / correction.FILE_NAME).exists()
    assert "nothing is changed" in fitting.conclusion(outcome, settings)[-1]


def test_the_trial_leaves_nothing_behind(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPLYKIT_CACHE_DIR", str(tmp_path / "cache"))  # no other test writes here
    cache = tmp_path / "cache" / "index"
    fit(settings, 0.0)
    before = set(cache.iterdir())
    fit(settings, 0.0)
    assert set(cache.iterdir()) == before


def test_a_quarter_of_each_reply_is_held_out_and_equal_texts_stay_together(library: Make) -> None:
    eight = [f"message number {word(n)}" for n in range(8)]
    files = {
        "one.en.md": reply("One", *eight),
        "one.fi.md": reply("Yksi", eight[0].upper(), "aivan toinen viesti"),
        "few.en.md": reply("Few", "one", "two", "three"),
        "old.en.md": reply("Old", *[f"old {text}" for text in eight], extra="status: retired\n"),
    }
    settings = load(flags={"library": str(library(files))}, environment={})
    found = trial.examples(read(settings.library_path, settings))
    assert {item.id for item in found} == {"one", "few"}
    assert {item.part for item in found if item.id == "few"} == {None}
    parts = [item.part for item in found if item.id == "one"]
    assert sorted(map(parts.count, range(4))) in ([2, 2, 2, 4], [2, 2, 3, 3])
    same = {item.part for item in found if item.text.casefold() == eight[0].casefold()}
    assert len(same) == 1
    assert not fitting.enough(found)


@pytest.mark.parametrize(
    ("before", "after", "won"),
    [
        ([2, 2, 2, 2, 1], [1, 1, 1, 1, 1], True),
        ([2, 2, 2, 1, 1], [1, 1, 1, 1, 1], False),
        ([1] * 9, [1] * 9, False),
        ([1, 1, 1], [2, 2, 2], False),
        ([2] * 6 + [3] * 6, [1] * 6 + [4] * 6, False),
        ([], [], False),
    ],
    ids=["four of four", "three may be luck", "same", "worse", "lost among three", "none"],
)
def test_what_wins(before: list[int], after: list[int], won: bool) -> None:
    assert trial.compare(before, after).won is won


def test_luck_is_the_one_sided_sign_test() -> None:
    assert trial.luck(0, 0) == 1.0
    assert trial.luck(4, 0) == pytest.approx(1 / 16)
    assert trial.luck(8, 2) == pytest.approx((45 + 10 + 1) / 1024)


def test_a_library_with_too_little_says_so(run: Run, library: Make) -> None:
    folder = library(FILES)
    done = run("train", "--library", folder)
    assert done.returncode == 0
    assert "nothing is changed" in done.stderr
    shown = run("train", "--library", folder, "--format", "json", "--quiet")
    assert json.loads(shown.stdout)["comparison"] is None
    check("train", json.loads(shown.stdout))


def test_training_prints_a_table_and_json(run: Run, library: Make) -> None:
    files = {
        "late.en.md": reply("Late", "Where is my parcel?", "it has not come", "late", "my order"),
        "refund.en.md": reply("Refund", "money back", "pay me back", "refund", "my money"),
    }
    folder = library(files)
    table = run("train", "--library", folder)
    assert table.returncode == 0, table.stderr
    assert "of 8 held-out messages" in table.stdout
    assert "right reply first" in table.stdout
    shown = run("train", "--library", folder, "--format", "json")
    check("train", json.loads(shown.stdout))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--full"],
        ["-o", "model"],
        ["--full", "-o", "model", "--remove"],
        ["--full", "-o", "model"],
        ["--full", "-o", "model", "--rate", "2"],
    ],
    ids=["no folder", "no --full", "both", "embedded model", "rate"],
)
def test_what_cannot_be_trained_ends_in_one_line(
    run: Run, library: Make, arguments: list[str]
) -> None:
    done = run("train", "--library", library(FILES), *arguments)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr
