"""`_none.jsonl`: messages that nothing answers are rejected, and silence no reply of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from replykit import Library
from replykit.config import Settings, load
from replykit.errors import ReplyKitError
from replykit.library.files import read
from replykit.library.unanswered import parse
from replykit.ranking.building import build
from replykit.ranking.index import Index, location
from replykit.ranking.scores import LEAST_EXAMPLES
from tests.conftest import Run
from tests.ranking.test_index import Counting, reply
from tests.test_suggest import FILES

Make = Callable[[dict[str, str]], Path]

NONE = [
    "Do you have a parking place for my boat?",
    "I want to rent a boat for the summer",
    "is there a boat harbour close to you",
]


def lines(texts: list[str]) -> str:
    return "".join(json.dumps({"text": text, "lang": "en"}) + "\n" for text in texts)


@pytest.fixture
def settings(library: Make) -> Settings:
    folder = library(FILES | {"_none.jsonl": lines(NONE)})
    return load(flags={"library": str(folder)}, environment={})


def test_a_message_near_to_one_that_nothing_answers_is_rejected(library: Make) -> None:
    folder = library(FILES)
    asked = "is there a place where I can park my boat"
    before = Library.open(folder).suggest(asked)
    (folder / "_none.jsonl").write_text(lines(NONE), "utf-8")
    after = Library.open(folder).suggest(asked)
    assert after[0].confidence < before[0].confidence
    assert after.decision == "no_match"


def test_a_replys_own_message_loses_nothing(library: Make) -> None:
    folder = library(FILES)
    asked = "I want my money back"
    before = Library.open(folder).suggest(asked)[0]
    (folder / "_none.jsonl").write_text(lines(["I want my luggage back"]), "utf-8")
    after = Library.open(folder).suggest(asked)[0]
    assert (after.id, after.confidence) == ("refund", pytest.approx(before.confidence, abs=0.02))


def test_it_makes_the_index_stale_and_only_what_is_new_is_embedded(settings: Settings) -> None:
    encoder = Counting()
    first = location(settings, encoder.key)
    build(settings, encoder)
    assert set(NONE) <= set(encoder.texts)
    path = settings.library_path / "_none.jsonl"
    path.write_text(lines([*NONE, "do you teach how to sail"]), "utf-8")
    again = Counting()
    assert location(settings, again.key) != first
    index = Index(build(settings, again))
    assert again.texts == ["do you teach how to sail"]
    assert index.vectors is not None
    assert len(index.vectors) == len(index.owner) + 4


def test_they_are_labelled_messages_that_no_answer_is_right_for(settings: Settings) -> None:
    index = Index(build(settings, Counting()))
    _, right, weight = np.load(index.folder / "measured.npy")
    counts = np.bincount(index.owner[index.kind == 0])
    examples = counts[counts >= LEAST_EXAMPLES].sum()
    assert index.meta["labelled"] == examples + len(NONE)
    assert not right[examples:].any()
    outside = float(weight[examples:].sum())
    assert outside / (outside + examples) == pytest.approx(0.2)


@pytest.mark.parametrize(
    "files",
    [
        {"a.en.md": reply("A", "hello there")},
        {"a.en.md": reply("A"), "b.en.md": reply("B")},
        {"a.en.md": reply("A", "hello there"), "b.en.md": reply("B", extra="status: draft\n")},
    ],
    ids=["one reply", "no examples", "one live reply"],
)
@pytest.mark.filterwarnings("error")
def test_libraries_with_nothing_to_learn_from_do_no_harm(
    library: Make, files: dict[str, str]
) -> None:
    folder = library(files | {"_none.jsonl": lines(NONE)})
    index = Index(build(load(flags={"library": str(folder)}, environment={}), Counting()))
    assert index.promise(0.98).threshold is None


def test_other_keys_and_blank_lines_are_allowed() -> None:
    found, faults = parse('{"id": 7, "text": "Do you sell\\nboats?", "seen": true}\n\n')
    assert [(item.text, item.lang, item.line) for item in found] == [("Do you sell boats?", "", 1)]
    assert faults == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "not valid JSON"),
        ('"text"', "expected an object"),
        ('{"id": 1}', 'expected an object with "text"'),
        ('{"text": 5}', 'expected an object with "text"'),
        ('{"text": "  "}', "empty"),
        ('{"text": "boats", "lang": 1}', '"lang" must be'),
        ('{"text": "boats", "fits": ["late"]}', '"fits" names a reply'),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_each_fault_has_file_and_line(library: Make, line: str, reason: str) -> None:
    folder = library(FILES | {"_none.jsonl": '{"text": "boats"}\n\n' + line + "\n"})
    (problem,) = read(folder, Settings()).problems
    assert (problem.path, problem.line, problem.severity) == ("_none.jsonl", 3, "error")
    assert reason in problem.message
    with pytest.raises(ReplyKitError, match=r"_none\.jsonl:3: "):
        build(load(flags={"library": str(folder)}, environment={}), None)


def test_bytes_that_are_no_text_are_a_fault_with_their_line(library: Make) -> None:
    folder = library(FILES)
    (folder / "_none.jsonl").write_bytes('{"text": "boats"}\n{"text": "Myöhä"}\n'.encode("cp1252"))
    (problem,) = read(folder, Settings()).problems
    assert (problem.line, problem.message) == (2, "not UTF-8; save the file as UTF-8")


def test_a_text_that_is_an_example_too_is_a_warning(library: Make) -> None:
    folder = library(
        FILES | {"_none.jsonl": lines(["where is my PARCEL?", "can I buy a gift card"])}
    )
    (problem,) = read(folder, Settings()).problems
    assert (problem.severity, problem.line) == ("warning", 1)
    assert "late.en.md" in problem.message


def test_the_commands_name_the_fault(run: Run, library: Make) -> None:
    folder = library(FILES | {"_none.jsonl": "{broken\n"})
    for command in (("suggest", "where is my parcel"), ("index",)):
        done = run(*command, "--library", folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert "_none.jsonl:1: not valid JSON" in done.stderr
        assert done.stderr.count("\n") == 1
    done = run("library", "check", "--library", folder)
    assert done.returncode == 1
    assert "_none.jsonl:1: error: not valid JSON" in done.stdout
