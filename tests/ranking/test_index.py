"""The index: what it holds, when it is stale, and that nobody ever reads half of one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from replykit.config import Settings, load
from replykit.encoder import Side
from replykit.errors import ReplyKitError
from replykit.ranking.building import build
from replykit.ranking.index import Index, location, open_index

Make = Callable[[dict[str, str]], Path]


def reply(title: str, *examples: str, extra: str = "") -> str:
    """A response file's text."""
    lines = "".join(f"  - '{example}'\n" for example in examples)
    listed = f"examples:\n{lines}" if examples else ""
    return f"---\ntitle: {title}\n{listed}{extra}---\nHello,\n\nwe answer on {title}.\n"


FILES = {
    "late.en.md": reply("Parcel is late", "Where is my parcel?", "it has not come"),
    "late.fi.md": reply("Paketti on myöhässä", "missä paketti", "ei oo tullu"),
    "refund.en.md": reply("Refund", "I want my money back", "when do you pay the refund"),
    "old.en.md": reply("Old", "where is the fax number", extra="status: retired\n"),
}


class Counting:
    """An encoder that counts what it embeds; its vectors are letters' frequencies."""

    key = "counting"
    dim = 26

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: list[str], side: Side = "query") -> np.ndarray:
        self.texts += texts
        counts = [[text.lower().count(chr(97 + n)) for n in range(26)] for text in texts]
        vectors = np.array(counts, dtype=np.float32).reshape(-1, 26) + 0.01
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def settings(library: Make) -> Settings:
    return load(flags={"library": str(library(FILES))}, environment={})


def test_the_index_holds_every_live_text_and_every_record(settings: Settings) -> None:
    index = Index(build(settings, Counting()))
    texts = {index.text(row) for row in range(len(index.owner))}
    assert {"Where is my parcel?", "missä paketti", "Refund"} <= texts
    assert "where is the fax number" not in texts
    assert index.ids == ["late", "old", "refund"]
    assert set(index.record(0)["variants"]) == {"en", "fi"}


def test_an_unchanged_library_is_not_built_again(settings: Settings) -> None:
    encoder = Counting()
    first = build(settings, encoder)
    count = len(encoder.texts)
    assert build(settings, encoder) == first
    assert len(encoder.texts) == count


def test_only_what_changed_is_embedded_again(settings: Settings) -> None:
    build(settings, Counting())
    path = settings.library_path / "refund.en.md"
    path.write_text(reply("Refund", "I want my money back", "give it back now"), "utf-8")
    encoder = Counting()
    build(settings, encoder)
    assert encoder.texts == ["give it back now"]


def test_an_edit_a_new_file_and_a_removed_one_each_make_it_stale(settings: Settings) -> None:
    places = {location(settings, "x")}
    (settings.library_path / "new.en.md").write_text(reply("New"), "utf-8")
    places.add(location(settings, "x"))
    (settings.library_path / "new.en.md").write_text(reply("Newer"), "utf-8")
    places.add(location(settings, "x"))
    (settings.library_path / "refund.en.md").unlink()
    places.add(location(settings, "x"))
    assert len(places) == 4


def test_another_model_or_language_list_has_an_index_of_its_own(settings: Settings) -> None:
    other = load(flags={"library": settings.library, "languages": "en,fi"}, environment={})
    assert location(settings, "a") != location(settings, "b")
    assert location(settings, "a") != location(other, "a")


def test_a_half_written_index_is_never_read(settings: Settings) -> None:
    folder = build(settings, Counting())
    draft = folder.parent / f".{folder.name}-abc"
    folder.rename(draft)  # what a killed process leaves
    (draft / "meta.json").unlink()
    again = build(settings, Counting())
    assert again == folder
    assert Index(again).ids == ["late", "old", "refund"]


def test_a_failed_build_leaves_nothing(settings: Settings) -> None:
    class Failing(Counting):
        key = "failing"

        def encode(self, texts: list[str], side: Side = "query") -> np.ndarray:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        build(settings, Failing())
    folder = location(settings, "failing")
    assert not folder.exists()
    assert list(folder.parent.iterdir()) == []


def test_older_indexes_of_the_library_are_removed(settings: Settings) -> None:
    first = build(settings, Counting())
    (settings.library_path / "new.en.md").write_text(reply("New"), "utf-8")
    second = build(settings, Counting())
    assert not first.exists()
    assert second.exists()


def test_a_library_with_faults_is_refused_with_the_first_file_and_line(settings: Settings) -> None:
    (settings.library_path / "a.en.md").write_text("---\ntitel: A\n---\nHi\n", "utf-8")
    with pytest.raises(ReplyKitError, match=r"a\.en\.md:2: unknown key titel; did you mean title"):
        build(settings, Counting())


def test_an_empty_library_is_refused(library: Make) -> None:
    settings = load(flags={"library": str(library({"_none.jsonl": ""}))}, environment={})
    with pytest.raises(ReplyKitError, match="no responses"):
        build(settings, None)


def test_a_stale_index_is_built_by_a_child_so_this_process_stays_light(settings: Settings) -> None:
    code = (
        "import sys; from replykit.config import load;"
        "from replykit.ranking.index import open_index;"
        f"s = load(flags={{'library': {str(settings.library_path)!r}}});"
        "from replykit.encoder import open_encoder;"
        "index = open_index(s, open_encoder(s)); print(index.ids);"
        "heavy = {'scipy', 'sklearn', 'torch', 'yaml'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "late" in done.stdout


def test_two_processes_may_build_at_once(settings: Settings) -> None:
    command = [sys.executable, "-m", "replykit", "index", "--library", str(settings.library_path)]
    both = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    for process in both:
        assert process.stderr is not None
        process.stderr.close()


def test_without_a_model_the_index_has_words_alone(settings: Settings) -> None:
    index = Index(build(settings, None))
    assert index.vectors is None
    assert open_index(settings, None).ids == index.ids
