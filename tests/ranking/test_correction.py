"""The correction of a library's vectors: learnt, kept in a file, applied, found broken, dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from replykit import Library
from replykit.encoder import open_encoder
from replykit.encoder.corrected import CorrectedEncoder, corrected
from replykit.errors import ReplyKitError
from replykit.ranking import correction
from tests.conftest import Run
from tests.ranking.test_index import Counting
from tests.test_suggest import FILES

Make = Callable[[dict[str, str]], Path]


def points(
    seed: int = 0, replies: int = 12, each: int = 8, dim: int = 64
) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors: their matter lies in the last directions, a strong nuisance in the first."""
    chance = np.random.default_rng(seed)
    matter = np.random.default_rng(99).normal(size=(replies, dim))
    matter[:, : dim - 6] = 0.0
    owners = np.repeat(np.arange(replies), each)
    vectors = matter[owners] + 0.3 * chance.normal(size=(len(owners), dim))
    vectors[:, :4] += 6.0 * chance.normal(size=(len(owners), 4))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit.astype(np.float32), owners


def nearest(known: np.ndarray, owners: np.ndarray, asked: np.ndarray) -> np.ndarray:
    return owners[(asked @ known.T).argmax(axis=1)]


def test_a_nuisance_that_hides_the_matter_is_shrunk() -> None:
    vectors, owners = points()
    asked, wanted = points(seed=1)
    learnt = correction.learn(vectors, owners, "key")
    assert learnt is not None
    before = (nearest(vectors, owners, asked) == wanted).mean()
    after = (nearest(learnt.apply(vectors), owners, learnt.apply(asked)) == wanted).mean()
    assert after > before + 0.1


def test_corrected_vectors_are_of_length_one_and_nothing_stays_nothing() -> None:
    vectors, owners = points()
    learnt = correction.learn(vectors, owners, "key")
    assert learnt is not None
    changed = learnt.apply(np.vstack([vectors, np.zeros((1, 64), dtype=np.float32)]))
    assert changed.dtype == np.float32
    assert np.allclose(np.linalg.norm(changed[:-1], axis=1), 1.0, atol=1e-5)
    assert not changed[-1].any()
    assert learnt.left.shape[1] <= 40


@pytest.mark.parametrize(
    "owners", [np.zeros(6, dtype=int), np.arange(6)], ids=["one reply", "an example each"]
)
def test_where_nothing_can_be_learnt_nothing_is(owners: np.ndarray) -> None:
    assert correction.learn(points()[0][:6], owners, "key") is None


def test_the_same_examples_give_the_same_bytes(tmp_path: Path) -> None:
    files = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        learnt = correction.learn(*points(), "key")
        assert learnt is not None
        files.append(correction.save(learnt, tmp_path / name).read_bytes())
    assert files[0] == files[1]
    again = correction.load(tmp_path / "one")
    assert again is not None
    assert again.digest == learnt.digest


def some(encoder: str, dim: int) -> correction.Correction:
    vectors, owners = points(dim=dim)
    learnt = correction.learn(vectors, owners, encoder)
    assert learnt is not None
    return learnt


def test_messages_and_rows_are_corrected_alike(library: Make) -> None:
    folder = library(FILES)
    plain = Library.open(folder)
    encoder = open_encoder(plain.settings)
    assert encoder is not None
    before = plain.index
    correction.save(some(encoder.key, encoder.dim), folder)
    fitted = Library.open(folder)
    assert isinstance(fitted.encoder, CorrectedEncoder)
    after = fitted.index
    assert after.folder != before.folder
    text = next(after.text(row) for row in range(len(after.owner)) if after.kind[row] == 0)
    row = [after.text(row) for row in range(len(after.owner))].index(text)
    asked = fitted.encoder.encode([text])[0]
    assert after.vectors is not None
    assert before.vectors is not None
    assert float(after.vectors[row] @ asked) == pytest.approx(1.0, abs=1e-3)
    assert float(before.vectors[row] @ asked) < 0.999
    assert fitted.suggest("I want my money back")[0].id == "refund"


def test_one_of_another_model_is_left_out_and_it_is_said(run: Run, library: Make) -> None:
    folder = library(FILES)
    correction.save(some("another:model", 384), folder)
    assert run("index", "--library", folder).returncode == 0
    done = run("suggest", "I want my money back", "--library", folder)
    assert done.returncode == 0
    assert done.stderr.count("learnt on another model") == 1
    with pytest.warns(UserWarning, match="another model"):
        assert Library.open(folder).suggest("I want my money back")[0].id == "refund"


def test_an_encoder_of_another_size_is_another(tmp_path: Path) -> None:
    encoder, notes = Counting(), list[str]()
    correction.save(some(encoder.key, 64), tmp_path)
    assert corrected(encoder, tmp_path, notes.append) is encoder
    assert len(notes) == 1


@pytest.mark.parametrize("broken", ["", "version https://git-lfs", "PK\x03\x04half"])
def test_a_broken_file_is_named_with_what_to_do(run: Run, library: Make, broken: str) -> None:
    folder = library(FILES | {correction.FILE_NAME: broken})
    done = run("suggest", "I want my money back", "--library", folder)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "_correction.npz" in done.stderr
    assert "replykit train --remove" in done.stderr
    checked = run("library", "check", "--library", folder)
    assert checked.returncode == 1
    assert "_correction.npz:1: error: " in checked.stdout
    assert run("train", "--remove", "--library", folder).returncode == 0
    assert run("suggest", "I want my money back", "--library", folder).returncode == 0


def test_parts_that_do_not_fit_or_are_no_numbers_are_a_fault(tmp_path: Path) -> None:
    good = some("key", 64)
    bad = np.full_like(good.left, np.nan)
    for left, right in ((bad, good.right), (good.left[:, :2], good.right)):
        correction.save(correction.Correction("key", left, right), tmp_path)
        with pytest.raises(ReplyKitError, match="not a correction"):
            correction.load(tmp_path)


def test_removing_says_whether_there_was_one(run: Run, library: Make) -> None:
    folder = library(FILES)
    correction.save(some("key", 64), folder)
    first, second = (run("train", "--remove", "--library", folder) for _ in range(2))
    assert (first.returncode, second.returncode) == (0, 0)
    assert "removed" in first.stderr
    assert "not there" in second.stderr
    assert not (folder / correction.FILE_NAME).exists()
