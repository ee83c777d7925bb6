"""Drafts: which source of a value wins, what counts as missing, whose name is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from replykit.config import Settings
from replykit.details import Known
from replykit.draft import Draft, draft, find_response
from replykit.errors import ReplyKitError
from replykit.filling.template import Templates
from replykit.library.files import LibraryFiles, read
from replykit.library.response import Detail
from replykit.message import Message
from replykit.reading.plain import from_text
from tests.limits import bounded

Make = Callable[[dict[str, str]], Path]
NOW = datetime(2026, 11, 22, 9, 30)

# The example of the contract, as it stands there.
CONTRACT = """---
title: Parcel is late
subject: Your order {{ order_number }}
examples:
  - Where is my parcel?
  - my order still hasn't arrived
channels: [email, chat]
tags: [delivery]
details:
  order_number:
    description: Order number
    pattern: '\\d{6,10}'
    ask: Could you tell me your order number?
  delivery_date: {required: false}
follow_up: []
status: live
valid_from: 2026-11-01
valid_until: 2027-01-31
owner: delivery-team
review_by: 2027-03-01
lint: {ignore: [LEN002]}
---
Hello {{ customer.first_name | default("there", true) }},

your order {{ order_number }} is on its way …
"""
SOURCES = """---
title: Sources
details:
  number: {pattern: '\\d{6}', default: '000000'}
  free: {required: false}
---
{{ number }}|{{ free }}|
{{- customer.name }}|{{ customer.first_name }}|{{ customer.last_name }}|{{ customer.email }}
"""


@pytest.fixture
def replies(library: Make) -> LibraryFiles:
    folder = library(
        {
            "late.en.md": CONTRACT,
            "sources.en.md": SOURCES,
            "sources.fi.md": SOURCES,
            "only.fi.md": "---\ntitle: Vain\n---\nHei {{ lang }} {{ channel }} {{ formal }}!\n",
            "all.en.md": "---\ntitle: All\n---\n{{ customer.name }}{{ customer.first_name }}"
            "{{ customer.last_name }}{{ customer.email }}{{ customer.phone }}"
            "{{ customer.company }}{{ agent.name }}{{ agent.team }}{{ message.subject }}"
            "{{ message.text }}{{ channel }} {{ lang }} {{ formal }} {{ now.year }}\n",
        }
    )
    found = read(folder, Settings())
    assert found.problems == ()
    return found


def fill(replies: LibraryFiles, id: str, lang: str = "en", **given: Any) -> Draft:
    settings = given.pop("settings", Settings())
    response = find_response(replies, id, lang, settings)
    given.setdefault("channel", "email")
    return draft(response, Templates(replies.folder), settings, NOW, **given)


def message(text: str, name: str = "", address: str = "", subject: str = "") -> Message:
    return Message(text=text, sender_name=name, sender_address=address, subject=subject)


def test_the_contracts_example_renders_without_a_customer(replies: LibraryFiles) -> None:
    done = fill(replies, "late", given={"order_number": "123456"})
    assert done.text == "Hello there,\n\nyour order 123456 is on its way …"
    assert done.subject == "Your order 123456"
    assert done.missing == ()
    assert done.details == {"order_number": Known("123456", "set")}


def test_the_names_of_the_contract_always_exist(replies: LibraryFiles) -> None:
    assert fill(replies, "all").text == "email en False 2026"


def test_sources_win_in_rising_precedence(replies: LibraryFiles) -> None:
    record = {"number": "111111", "name": "Risto Record", "email": "r@example.com"}
    mail = message("number 222222", "Maija Mail", "m@example.com")
    given = {"number": "333333", "customer.name": "Sanna Set"}
    expected = {
        "default": ("000000||||", {}),
        "customer": ("111111||Risto Record|Risto|Record|r@example.com", {"customer": record}),
        "message": (
            "222222||Maija Mail|Maija|Mail|m@example.com",
            {"customer": record, "message": mail},
        ),
        "set": (
            "333333||Sanna Set|Sanna|Set|m@example.com",
            {"customer": record, "message": mail, "given": given},
        ),
    }
    for source, (text, sources) in expected.items():
        done = fill(replies, "sources", **sources)
        assert done.details["number"].source == source
        assert done.text.rstrip("|") == text.rstrip("|")


def test_ask_comes_last_and_only_for_what_is_missing(replies: LibraryFiles) -> None:
    asked: list[str] = []

    def ask(item: Detail) -> str:
        asked.append(item.name)
        return "654321"

    done = fill(replies, "late", ask=ask)
    assert done.details == {"order_number": Known("654321", "asked")}
    assert "654321" in done.text
    assert asked == ["order_number"]
    fill(replies, "late", ask=ask, given={"order_number": "123456"})
    assert asked == ["order_number"]


def test_an_answer_that_is_not_given_leaves_it_missing(replies: LibraryFiles) -> None:
    done = fill(replies, "late", ask=lambda item: "")
    assert [item.name for item in done.missing] == ["order_number"]


def test_a_missing_detail_leaves_nothing_written(replies: LibraryFiles) -> None:
    done = fill(replies, "late")
    assert [item.name for item in done.missing] == ["order_number"]
    assert (done.text, done.subject) == ("", "")


def test_partial_leaves_a_mark_that_can_be_seen(replies: LibraryFiles) -> None:
    done = fill(replies, "late", partial=True)
    assert "your order [[order_number]] is on its way" in done.text
    assert done.subject == "Your order [[order_number]]"
    assert [item.name for item in done.missing] == ["order_number"]


def test_two_different_numbers_count_as_missing_and_are_shown(replies: LibraryFiles) -> None:
    done = fill(replies, "late", message=from_text("order 123456 or 654321?"))
    assert [item.name for item in done.missing] == ["order_number"]
    assert done.ambiguous == {"order_number": ["123456", "654321"]}
    done = fill(
        replies, "late", message=from_text("123456 or 654321"), given={"order_number": "654321"}
    )
    assert "order 654321" in done.text


def test_two_different_numbers_outweigh_a_default_and_a_record(replies: LibraryFiles) -> None:
    done = fill(replies, "sources", message=from_text("222222 or 333333"), partial=True)
    assert done.text.startswith("[[number]]")


def test_the_subject_and_signature_are_read_too(replies: LibraryFiles) -> None:
    done = fill(replies, "late", message=message("where is it?", subject="order 123456"))
    assert done.details["order_number"].value == "123456"


def test_quoted_mail_gives_no_details(replies: LibraryFiles) -> None:
    done = fill(replies, "late", message=from_text("Where is it?\n> your order 123456"))
    assert [item.name for item in done.missing] == ["order_number"]


def test_a_reply_keeps_its_threads_subject(replies: LibraryFiles) -> None:
    for subject, expected in (
        ("Where?", "Re: Where?"),
        ("Re: Where?", "Re: Where?"),
        ("VS: Re: RE: Where?", "Re: Where?"),
        ("Vl: Missä?", "Re: Missä?"),
        ("SV: AW: Antw: Re[2]: RE (3): Where?", "Re: Where?"),
        ("Re： Where?", "Re: Where?"),
        ("[EXT] Re: [shop] VS:Where?", "Re: [EXT] [shop] Where?"),
        ("[re: order] Where?", "Re: [re: order] Where?"),
        ("Reply: where?", "Re: Reply: where?"),
        ("Where? Re: order", "Re: Where? Re: order"),
        ("{{ 7*7 }}", "Re: {{ 7*7 }}"),
    ):
        done = fill(replies, "late", message=message("order 123456", subject=subject))
        assert done.subject == expected


def test_a_subject_of_prefixes_alone_gives_way_to_the_replys_own(replies: LibraryFiles) -> None:
    for subject in ("Re:", "VS: Re[2]: ", " "):
        done = fill(replies, "late", message=message("order 123456", subject=subject))
        assert done.subject == "Your order 123456"


def test_a_subject_of_any_length_takes_bounded_time(replies: LibraryFiles) -> None:
    with bounded():
        for piece in ("re: ", "[a] re: ", "[", "re [1", " "):
            fill(replies, "late", message=message("order 123456", subject=piece * 5000))


def test_a_customers_words_are_never_rendered(replies: LibraryFiles) -> None:
    evil = "{{ 7*7 }}{% include 'x' %}"
    done = fill(
        replies,
        "all",
        message=message(evil, subject=evil),
        customer={"company": evil, "name": evil, "phone": "{{ customer }}"},
    )
    assert done.text.count("{{ 7*7 }}{% include 'x' %}") == 4
    assert "49" not in done.text
    assert "{{ customer }}" in done.text
    done = fill(replies, "sources", given={"free": "{{ 7*7 }}"})
    assert "{{ 7*7 }}" in done.text


@pytest.mark.parametrize(
    ("record", "sender", "given", "name"),
    [
        ({}, "Maija Mäkelä", {}, "Maija Mäkelä|Maija|Mäkelä"),
        ({}, "Maija", {}, "Maija|Maija|"),
        ({"name": "Risto Record"}, "Maija", {}, "Maija|Maija|"),
        ({"first_name": "Risto", "last_name": "Record"}, "", {}, "Risto Record|Risto|Record"),
        ({"first_name": "Risto"}, "", {}, "Risto|Risto|"),
        ({"name": "Record, Risto"}, "", {}, "Risto Record|Risto|Record"),
        ({"name": "Rakennus Oy"}, "", {}, "Rakennus Oy||"),
        ({"name": "R. Record", "first_name": "Risto", "last_name": "Record"}, "", {},
         "R. Record|Risto|Record"),
        ({}, "Maija Mäkelä", {"customer.first_name": "Maikki"}, "Maikki Mäkelä|Maikki|Mäkelä"),
        ({}, "Maija Mäkelä", {"customer.name": "Anna"}, "Anna|Anna|"),
        ({"name": "Risto\nRecord\x1b[0m"}, "", {}, "Risto Record [0m||"),
    ],
)  # fmt: skip
def test_a_name_comes_whole_from_one_source(
    replies: LibraryFiles,
    record: dict[str, str],
    sender: str,
    given: dict[str, str],
    name: str,
) -> None:
    done = fill(replies, "sources", customer=record, message=message("hello", sender), given=given)
    assert "|".join(done.text.split("|")[2:5]) == name


def test_a_record_that_lacks_a_field_keeps_what_is_known(replies: LibraryFiles) -> None:
    done = fill(
        replies,
        "sources",
        customer={"email": "r@example.com", "vip": "yes"},
        message=message("hello", "Maija", ""),
    )
    assert done.text.endswith("|Maija|Maija||r@example.com")
    assert done.customer["vip"] == "yes"


def test_a_records_value_that_does_not_fit_is_not_taken(replies: LibraryFiles) -> None:
    done = fill(replies, "sources", customer={"number": "12"})
    assert done.details["number"] == Known("000000", "default")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"order_number": "12"}, r"--set order_number: '12' does not fit its pattern \\d{6,10}"),
        ({"order_number": " "}, "--set order_number: the value is empty"),
        ({"order_numbr": "123456"}, "late has no such detail; did you mean order_number?"),
        ({"zzz": "1"}, "it has: order_number, delivery_date"),
    ],
)
def test_given_values_are_checked(replies: LibraryFiles, given: dict[str, str], words: str) -> None:
    with pytest.raises(ReplyKitError) as caught:
        fill(replies, "late", given=given)
    assert words.replace("\\\\", "\\") in str(caught.value)


def test_an_unknown_id_names_the_nearest(replies: LibraryFiles) -> None:
    with pytest.raises(ReplyKitError, match="no response 'lat'; did you mean late"):
        fill(replies, "lat")


@pytest.mark.parametrize(
    ("id", "lang", "default", "written"),
    [
        ("sources", "fi", "en", "fi"),
        ("sources", "en", "fi", "en"),
        ("sources", "de", "fi", "fi"),
        ("only", "en", "en", "fi"),
    ],
)
def test_the_customers_language_then_the_default_then_any(
    replies: LibraryFiles, id: str, lang: str, default: str, written: str
) -> None:
    assert fill(replies, id, lang, settings=Settings(language=default)).lang == written


def test_settings_reach_the_template(replies: LibraryFiles) -> None:
    settings = Settings(formal=True)
    done = fill(replies, "only", "fi", settings=settings, channel="chat")
    assert done.text == "Hei fi chat True!"
