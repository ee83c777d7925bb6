"""Which of LanguageTool's reports count, judged by its recorded answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from replykit.grammar import Match
from replykit.grammar.slips import misspelt, slips
from replykit.linter import Draft, Tools
from replykit.message import Message
from replykit.rules import Hit, find_rule
from tests.conftest import ROOT
from tests.recorded import answer

CODES = ("GRAM001", "GRAM002")
# Of the sentences with one error each, as measured; the English ones were read when the patterns of
# data/slips were written.
LEAST_FOUND = {"en": 0.90, "sv": 0.40}


def rows(name: str) -> list[dict[str, str]]:
    path = ROOT / "tests" / "data" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def sentences(lang: str) -> list[dict[str, str]]:
    return rows(f"grammar.{lang}")


def hits(text: str, lang: str = "en", **known: Any) -> list[Hit]:
    draft = Draft(text, lang, tools=Tools(grammar=answer), **known)
    return [hit for code in CODES for hit in find_rule(code).check(draft)]


def cases() -> list[Any]:
    path = ROOT / "tests" / "data" / "grammar.cases.jsonl"
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [pytest.param(row, id=f"{row['lang']}-{row['why']}") for row in rows]


@pytest.mark.parametrize("case", cases())
def test_what_counts(case: dict[str, Any]) -> None:
    found = hits(case["text"], case["lang"])
    assert [case["text"][hit.start : hit.end] for hit in found] == case["found"]
    assert {hit.severity for hit in found} <= {case.get("severity", "warning")}


@pytest.mark.parametrize("lang", LEAST_FOUND)
def test_most_of_what_is_wrong_in_replies_is_found(lang: str) -> None:
    found = [bool(hits(row["text"], lang)) for row in sentences(lang)]
    assert sum(found) / len(found) >= LEAST_FOUND[lang]


@pytest.mark.parametrize("lang", LEAST_FOUND)
def test_nothing_is_said_of_the_same_sentences_mended(lang: str) -> None:
    assert [row["right"] for row in sentences(lang) if hits(row["right"], lang)] == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Your acount is open again.", "account"),
        ("Please let us know if you need anythingelse.", "anything else"),
        ("The company has changed it's delivery terms.", "its"),
    ],
)
def test_the_nearest_replacement_is_offered_but_not_made_unasked(text: str, right: str) -> None:
    (hit,) = hits(text)
    assert hit.fix is not None
    assert hit.fix.replacement == right
    assert not hit.fix.safe


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("You will get a email when the parcel leaves us.", "an"),
        ("That isnt how it should be.", "isn't"),
    ],
)
def test_what_is_certain_is_mended_unasked(text: str, right: str) -> None:
    (hit,) = hits(text)
    assert hit.fix is not None
    assert hit.fix.replacement == right
    assert hit.fix.safe


def test_a_word_of_the_message_the_details_or_the_library_is_no_misspelling() -> None:
    text = "Your acount is open again."
    assert hits(text)
    assert not hits(text, message=Message("My acount is closed."))
    assert not hits(text, details={"what": "acount"})
    assert not hits(text, reply="The acount is open.")
    assert not hits(text, spelt=frozenset({"acount"}))


@pytest.mark.parametrize(
    ("words", "right"), [("12 days", "13 days"), ("mr Ek", "mr ek"), ("mr Ek", "mr Ek and Öst")]
)
def test_a_fix_of_grammar_changes_no_number_and_no_name(words: str, right: str) -> None:
    match = Match(0, len(words), "ANY", "GRAMMAR", "grammar", "Why.", (right,))
    tools = Tools(grammar=lambda text, lang: [match])
    (hit,) = find_rule("GRAM002").check(Draft(words, "en", tools=tools))
    assert hit.fix is None


def test_without_languagetool_only_what_is_misspelt_most_often_is_said() -> None:
    draft = Draft("We have recieved your ordder.", "en")
    (hit,) = [hit for code in CODES for hit in find_rule(code).check(draft)]
    assert draft.text[hit.start : hit.end] == "recieved"


@pytest.mark.parametrize(
    ("text", "right"), [("Its possible.", "It's possible"), ("So its possible.", "it's possible")]
)
def test_what_is_meant_begins_as_what_is_written(text: str, right: str) -> None:
    (hit,) = slips(Draft(text, "en"))
    assert hit.fix
    assert hit.fix.replacement == right


@pytest.mark.parametrize("row", rows("slips.fi"), ids=lambda row: row["text"])
def test_classic_slips_of_finnish_are_found_without_an_engine(row: dict[str, str]) -> None:
    def found(text: str) -> list[Hit]:
        draft = Draft(text, "fi")
        return [*slips(draft), *misspelt(draft, frozenset())]

    assert found(row["text"])
    assert not found(row["right"])
