"""Suggestions: which replies are named, in which language, with what is missing, or none."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from replykit import Library
from replykit.message import Message
from tests.conftest import Run
from tests.ranking.test_index import reply

Make = Callable[[dict[str, str]], Path]

NUMBER = "details:\n  order_number:\n    pattern: '\\d{6,10}'\n"
FILES = {
    "late.en.md": reply(
        "Parcel is late", "Where is my parcel?", "my order still has not arrived", extra=NUMBER
    ),
    "late.fi.md": reply(
        "Paketti on myöhässä", "missä mun paketti on", "tilaus ei ole tullut", extra=NUMBER
    ),
    "refund.en.md": reply("Refund", "I want my money back", "when do you pay the refund"),
    "hours.fi.md": reply("Aukioloajat", "milloin olette auki", "mihin asti puhelinpalvelu on auki"),
    "chat/hello.en.md": reply("Greeting", "hello is anybody there", extra="channels: [chat]\n"),
    "season.en.md": reply(
        "Christmas hours",
        "are you open at christmas",
        extra="valid_from: 2026-12-01\nvalid_until: 2026-12-31\n",
    ),
    "draft.en.md": reply("Gift cards", "can I buy a gift card", extra="status: draft\n"),
}


@pytest.fixture
def replies(shared_library: Make) -> Library:
    return Library.open(shared_library(FILES), languages=("en", "fi"))


@pytest.fixture
def own_replies(library: Make) -> Library:
    """For tests that write a reply."""
    return Library.open(library(FILES), languages=("en", "fi"))


def test_the_reply_that_fits_comes_first(replies: Library) -> None:
    assert replies.suggest("I still have not got my parcel")[0].id == "late"
    assert replies.suggest("please give my money back")[0].id == "refund"


def test_each_id_is_named_once_in_the_customers_language(replies: Library) -> None:
    result = replies.suggest("missä pakettini viipyy, tilasin sen viikko sitten", top=5)
    assert result.lang == "fi"
    assert (result[0].id, result[0].lang) == ("late", "fi")
    assert len({item.id for item in result}) == len(result)


def test_a_language_without_a_reply_falls_back_to_the_default_and_says_so(
    replies: Library,
) -> None:
    result = replies.suggest("haluaisin rahani takaisin, milloin maksatte hyvityksen")
    assert (result[0].id, result[0].lang) == ("refund", "en")
    assert any("no reply in 'fi'" in note for note in result.notes)


def test_a_finnish_question_finds_a_reply_with_english_examples_only(replies: Library) -> None:
    if replies.encoder is None:
        pytest.skip("the embedded model has a wheel for Linux on x86-64 only")
    ids = [item.id for item in replies.suggest("haluan rahat takaisin")]
    assert ids[0] == "refund"


def test_a_required_detail_that_the_message_lacks_is_named(replies: Library) -> None:
    result = replies.suggest("Where is my parcel?")
    assert result[0].missing == ("order_number",)
    assert result.decision in ("ask_details", "no_match")


def test_a_detail_in_the_message_is_known_with_its_place(replies: Library) -> None:
    result = replies.suggest("Where is my order 123456?")
    assert result.details == {"order_number": "123456"}
    assert result[0].missing == ()
    found = result.found[0]
    assert result.message.text[found.start : found.end] == "123456"


def test_two_different_numbers_are_ambiguous_and_count_as_missing(replies: Library) -> None:
    result = replies.suggest("Where is my parcel, order 123456 or 654321?")
    assert result[0].missing == ("order_number",)
    assert result[0].ambiguous == {"order_number": ["123456", "654321"]}


def test_a_reply_for_another_channel_is_not_named(replies: Library) -> None:
    asked = "hello is anybody there"
    assert replies.suggest(asked, channel="chat")[0].id == "chat/hello"
    assert "chat/hello" not in [item.id for item in replies.suggest(asked, top=9)]


@pytest.mark.parametrize(
    ("day", "named"),
    [("2026-11-30", False), ("2026-12-01", True), ("2026-12-31", True), ("2027-01-01", False)],
)
def test_a_reply_is_named_only_on_its_days(replies: Library, day: str, named: bool) -> None:
    now = datetime.fromisoformat(f"{day}T12:00").astimezone()
    ids = [item.id for item in replies.suggest("are you open at christmas", top=9, now=now)]
    assert ("season" in ids) is named


def test_drafts_are_never_named(replies: Library) -> None:
    ids = [item.id for item in replies.suggest("can I buy a gift card", top=9)]
    assert "draft" not in ids


def test_a_last_response_without_live_texts_does_no_harm(own_replies: Library) -> None:
    path = own_replies.settings.library_path / "zzz.en.md"
    path.write_text(reply("Old", "fax number", extra="status: retired\n"), "utf-8")
    assert own_replies.suggest("please give my money back")[0].id == "refund"


def test_confidences_are_shares_and_never_rise(replies: Library) -> None:
    for text in ("Where is my parcel?", "aukiolo", "xyzzy", "money"):
        values = [item.confidence for item in replies.suggest(text, top=9)]
        assert values == sorted(values, reverse=True)
        assert all(0 <= value <= 1 for value in values)


def test_machine_mail_is_skipped(replies: Library) -> None:
    result = replies.suggest(Message(text="I am on holiday", kind="auto_reply", lang="en"))
    assert (result.decision, len(result)) == ("skip", 0)


def test_the_matched_example_is_one_of_the_replys_own(replies: Library) -> None:
    assert replies.suggest("Where is my parcel?")[0].matched_example == "Where is my parcel?"


def test_a_new_reply_takes_effect_at_the_next_call(own_replies: Library) -> None:
    path = own_replies.settings.library_path / "gift.en.md"
    path.write_text(reply("Gift wrapping", "can you wrap it as a present"), "utf-8")
    assert own_replies.suggest("could you wrap my order as a present")[0].id == "gift"


# as a process


def test_json_keeps_the_contract(run: Run, shared_library: Make) -> None:
    done = run(
        "suggest", "Where is order 123456?", "--library", shared_library(FILES), "--format", "json"
    )
    data = json.loads(done.stdout)
    assert data["schema"] == "replykit.suggest/1"
    assert data["message"]["details"] == {"order_number": "123456"}
    assert [item["rank"] for item in data["suggestions"]] == [1, 2, 3]
    assert done.returncode == (0 if data["decision"] in ("suggest", "ask_details") else 1)


def test_text_shows_what_an_agent_needs(run: Run, shared_library: Make) -> None:
    done = run("suggest", "Where is my parcel?", "--library", shared_library(FILES))
    for part in ("1. Parcel is late", "late", "%", "█", "Where is my parcel?", "order_number"):
        assert part in done.stdout


def test_a_batch_answers_each_line_in_order_and_names_bad_ones(
    run: Run, shared_library: Make, tmp_path: Path
) -> None:
    lines = [
        '{"id": "a", "text": "Where is my parcel?"}',
        "{broken",
        '{"id": 7}',
        '{"id": "d", "text": "refund"}',
    ]
    batch = tmp_path / "in.jsonl"
    batch.write_text("\n".join(lines), "utf-8")
    done = run("suggest", "--batch", batch, "--library", shared_library(FILES))
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in out] == ["a", None, 7, "d"]
    assert out[0]["suggestions"][0]["id"] == "late"
    assert "line 2" in out[1]["error"]
    assert "text" in out[2]["error"]
    assert out[3]["suggestions"][0]["id"] == "refund"
    assert done.returncode == 2


def test_escape_codes_of_a_customer_never_reach_the_terminal(
    run: Run, shared_library: Make
) -> None:
    text = "Where is my parcel \x1b[31m123456\x1b[0m or 654321\x07?"
    done = run("suggest", text, "--library", shared_library(FILES))
    assert "\x1b" not in done.stdout + done.stderr
    assert "\x07" not in done.stdout + done.stderr


def test_an_explanation_takes_each_score_apart(run: Run, shared_library: Make) -> None:
    told = ("--library", shared_library(FILES), "--explain")
    done = run("suggest", "where is my parcel now", *told, "--format", "json")
    data = json.loads(done.stdout)
    why = data["explanation"]
    assert why["runner_up"] == data["suggestions"][1]["id"]
    assert why["lead"] > 0
    totals = [sum(why["parts"][item["id"]].values()) for item in data["suggestions"]]
    assert totals[0] == max(totals)
    assert why["neighbours"][0]["text"] == "Where is my parcel?"
    shown = run("suggest", "where is my parcel now", *told).stdout
    assert "Why" in shown
    assert "one against one, it leads " in shown
