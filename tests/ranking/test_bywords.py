"""Ranking without numpy names the replies that ranking with it names, just as surely."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from replykit.config import Settings, load
from replykit.message import Message
from replykit.ranking.building import build
from replykit.ranking.bywords import Words, mapped
from replykit.ranking.evaluate import read_cases
from replykit.ranking.index import Index, open_index, open_words
from replykit.reading.files import read_file
from replykit.reading.plain import from_text
from replykit.suggest import Suggestions, suggest
from tests.conftest import ROOT
from tests.test_suggest import FILES

NOW = datetime(2026, 11, 23, 12)
STARTER = load(config=ROOT / "replykit.toml", environment={})


def told(index: Index | Words, message: Message, settings: Settings) -> Suggestions:
    return suggest(index, None, [message], settings, NOW)[0]


def assert_alike(messages: list[Message], settings: Settings) -> None:
    folder = build(settings, None)
    whole, words = Index(folder), Words(folder)
    for message in messages:
        expected, found = told(whole, message, settings), told(words, message, settings)
        assert (found.decision, found.details) == (expected.decision, expected.details)
        assert [item.id for item in found] == [item.id for item in expected]
        assert [item.matched_example for item in found] == [
            item.matched_example for item in expected
        ]
        assert [item.confidence for item in found] == pytest.approx(
            [item.confidence for item in expected], abs=2e-4
        )


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_the_starter_library_is_ranked_alike(lang: str) -> None:
    cases = read_cases(ROOT / "tests" / "data" / f"cases.{lang}.jsonl")[:40]
    assert_alike([case.message for case in cases], STARTER)


def test_a_long_message_is_ranked_alike_by_its_sentences() -> None:
    mails = sorted((ROOT / "examples").glob("*.eml"))
    assert_alike([read_file(mail) for mail in mails], STARTER)


WITHOUT_EXAMPLES = {
    "delay.en.md": "---\ntitle: Late parcel\n---\nYour parcel is late. We ask the carrier.\n",
    "account.en.md": "---\ntitle: Refund\n---\nThe money is on its way to your account.\n",
}
UNANSWERED = {"_none.jsonl": '{"text": "Do you sell boats?"}\n'}


@pytest.mark.parametrize(
    "files",
    [FILES, WITHOUT_EXAMPLES, FILES | UNANSWERED, FILES | WITHOUT_EXAMPLES],
    ids=["few examples", "no examples", "what nothing answers", "some without examples"],
)
def test_small_libraries_are_ranked_alike(
    files: dict[str, str], library: Callable[[dict[str, str]], Path]
) -> None:
    settings = load(flags={"library": str(library(files))}, environment={})
    texts = ["Where is my parcel?", "I want my money back", "boats?", "7 !", "Missä paketti?"]
    assert_alike([from_text(text) for text in texts], settings)


def test_a_large_library_is_opened_whole(
    library: Callable[[dict[str, str]], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("replykit.ranking.large.MOST_ROWS", 1)
    settings = load(flags={"library": str(library(FILES))}, environment={})
    build(settings, None)
    assert isinstance(open_words(settings), Index)
    assert isinstance(open_index(settings, None), Index)


@pytest.mark.parametrize("kind", ["i4", "i8", "f4", "f8", "u1"])
def test_an_array_is_read_as_numpy_wrote_it(kind: str, tmp_path: Path) -> None:
    array = np.arange(6).reshape(2, 3).astype(kind)
    for made in (array, array[:0]):
        np.save(tmp_path / "array.npy", made)
        assert mapped(tmp_path / "array.npy").tolist() == made.ravel().tolist()


def test_an_array_of_another_kind_is_refused(tmp_path: Path) -> None:
    for other in (np.arange(3, dtype="c8"), np.asfortranarray(np.ones((2, 3)))):
        np.save(tmp_path / "array.npy", other)
        with pytest.raises(ValueError, match="not an array of an index"):
            mapped(tmp_path / "array.npy")
