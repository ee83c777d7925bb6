"""`replykit train --full`: fine-tuning, what it needs, and that only a winner is written."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from replykit.config import Settings, load
from replykit.encoder.finetune import BATCH, Trainable, _batches, _schedule
from replykit.errors import ReplyKitError
from replykit.ranking import fitting, trial
from tests.conftest import Run
from tests.encoder.conftest import LETTERS
from tests.ranking.test_index import reply
from tests.test_schemas import check

Make = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def silent(*_: object) -> None:
    pass


def messages(number: int, count: int = 8) -> list[str]:
    """Messages in which single letters say what they are about, under letters that say nothing."""
    chance = random.Random(number)
    own, noise = LETTERS[number * 2 : number * 2 + 2], LETTERS[16:28]
    return [
        " ".join(chance.sample([*own, *chance.sample(noise, 5)], 7)) + "." * n for n in range(count)
    ]


@pytest.fixture
def settings(library: Make, tiny: Callable[..., Path]) -> Settings:
    files = {f"r{n}.en.md": reply(f"Reply {n}", *messages(n)) for n in range(6)}
    flags = {"library": str(library(files)), "model": str(tiny())}
    return load(flags=flags, environment={})


def test_messages_of_one_reply_are_drawn_together(tiny: Callable[..., Path]) -> None:
    model = Trainable(str(tiny()))
    texts = [text for n in range(6) for text in messages(n)]
    owners = np.repeat(np.arange(6), 8)

    def contrast() -> float:
        vectors = model.encode(texts)
        cosines, same = vectors @ vectors.T, owners[:, None] == owners
        return float(cosines[same].mean() - cosines[~same].mean())

    steps: list[tuple[int, int]] = []
    before = contrast()
    model.tune(texts, owners.tolist(), 8, lambda *step: steps.append(step), rate=1e-3)
    assert contrast() > before + 0.1
    assert [done for done, _ in steps] == list(range(1, steps[-1][1] + 1))
    assert np.allclose(np.linalg.norm(model.encode(texts), axis=1), 1.0, atol=1e-4)


def test_training_is_the_same_each_time(tiny: Callable[..., Path]) -> None:
    texts = [text for n in range(3) for text in messages(n, 4)]
    owners = [str(n) for n in range(3) for _ in range(4)]
    vectors = []
    for _ in range(2):
        model = Trainable(str(tiny()))
        model.tune(texts, owners, 2, silent, rate=1e-3)
        vectors.append(model.encode(texts))
    assert np.array_equal(*vectors)


def test_what_wins_is_written_and_used(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """What wins is tested with the trial; here is only what comes of a win."""
    win = trial.compare([2] * 9, [1] * 9)
    monkeypatch.setattr(trial, "compare", lambda before, after: win)
    outcome = fitting.fit_fully(settings, tmp_path / "new", NOW, silent, silent, 1, 1e-3)
    assert outcome.written == tmp_path / "new"
    assert fitting.conclusion(outcome, settings)[-1].endswith('model = "new"')
    told = ("--library", settings.library_path, "--model", tmp_path / "new")
    done = run("suggest", messages(2)[0], *told, "--format", "json")
    assert json.loads(done.stdout)["suggestions"][0]["id"] == "r2", done.stderr
    assert not np.allclose(
        Trainable(str(tmp_path / "new")).encode(["a b"]), Trainable(settings.model).encode(["a b"])
    )


def test_what_does_not_win_is_not_written(settings: Settings, run: Run, tmp_path: Path) -> None:
    told = ("--library", settings.library_path, "--model", settings.model, "--format", "json")
    done = run("train", "--full", "-o", "new", "--epochs", "1", "--rate", "1e-9", *told)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    check("train", shown)
    assert shown["comparison"]["messages"] == 12
    assert not shown["comparison"]["won"]
    assert shown["written"] is None
    assert not (tmp_path / "new").exists()
    assert "nothing is changed" in done.stderr


def test_a_folder_that_is_there_is_never_written_over(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine").touch()
    with pytest.raises(ReplyKitError, match="is there already"):
        fitting.fit_fully(settings, tmp_path / "new", NOW, silent, silent)


def test_a_model_that_is_none_is_one_line(run: Run, library: Make, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    files = {f"r{n}.en.md": reply(f"Reply {n}", *messages(n)) for n in range(2)}
    done = run("train", "--full", "-o", "new", "--library", library(files), "--model", "empty")
    assert done.returncode == 2
    assert "empty is no model" in done.stderr


def test_without_the_extra_it_says_how_to_get_it(library: Make, tmp_path: Path) -> None:
    files = {f"r{n}.en.md": reply(f"Reply {n}", *messages(n)) for n in range(2)}
    code = (
        "import sys; sys.modules['sentence_transformers'] = None\n"
        "sys.argv = ['replykit', *sys.argv[1:]]\nfrom replykit.cli import main\nmain()"
    )
    told = ["train", "--full", "-o", "new", "--library", str(library(files)), "--model", "any/name"]
    done = subprocess.run(
        [sys.executable, "-c", code, *told],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'replykit[models]'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_batch_never_holds_a_reply_twice() -> None:
    groups = [[f"{n} {m}" for m in range(3 + n % 4)] for n in range(50)]
    batches = list(_batches(groups, random.Random(0)))
    for batch in batches:
        owners = [anchor.split()[0] for anchor, _ in batch]
        assert len(set(owners)) == len(owners) <= BATCH
        assert all(
            anchor != other and anchor.split()[0] == other.split()[0] for anchor, other in batch
        )
    seen = [anchor for batch in batches for anchor, _ in batch]
    assert len(seen) == len(set(seen))
    assert len(seen) > 0.95 * sum(map(len, groups))


def test_the_rate_rises_and_falls() -> None:
    shares = [_schedule(100)(step) for step in range(101)]
    assert max(shares) == 1.0
    assert all(old < new for old, new in pairwise(shares[:10]))
    assert all(old > new for old, new in pairwise(shares[10:]))
    assert shares[-1] == 0.0
