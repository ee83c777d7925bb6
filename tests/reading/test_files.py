"""Messages from text, bytes and JSON: read, or refused in one clear line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from replykit.errors import ReplyKitError
from replykit.reading.files import read_bytes, read_file
from replykit.reading.plain import from_plain, from_text
from replykit.reading.record import from_record
from replykit.reading.text import MAX_CHARACTERS

HEADER = b"From: Maija Virtanen <maija@example.fi>\nSubject: Hei\nTo: x@example.com\n"


def test_a_mail_of_quotations_alone_is_read_as_its_text() -> None:
    message = from_text("> Where is my parcel?")
    assert "Where is my parcel?" in message.text


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf", b"\x1b[0m"])
@pytest.mark.parametrize("name", ["x.txt", "-", "x.eml"])
def test_an_empty_message_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(ReplyKitError, match="the message has no text"):
        read_bytes(data, name)


def test_an_empty_machine_mail_is_no_error() -> None:
    assert read_bytes(b"From: a@b.fi\nAuto-Submitted: auto-replied\n\n", "x.eml").kind != "customer"


def test_a_subject_alone_is_a_message() -> None:
    message = read_bytes(b"From: a@b.fi\nSubject: Missing parcel\n\n", "x.eml")
    assert message.matter == "Missing parcel"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04\x14\0\0",
        b"%PDF-1.7\n1 0 obj",
        bytes(range(256)),
    ],
)
@pytest.mark.parametrize("name", ["x.txt", "-", "x.eml", "photo.png"])
def test_a_binary_file_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(ReplyKitError, match="binary file"):
        read_bytes(data, name)


def test_text_that_is_not_utf8_is_guessed_and_said() -> None:
    message = read_bytes("Missä paketti on?".encode("latin-1"), "x.txt")
    assert message.text == "Missä paketti on?"
    assert any("read as cp1252" in note for note in message.notes)


def test_damaged_utf8_is_replaced_and_said() -> None:
    message = read_bytes("Missä pöytä on?".encode()[:-2] + b"\xc3", "x.txt")
    assert message.text == "Missä pöytä o\ufffd"
    assert any("not valid UTF-8" in note for note in message.notes)


def test_valid_text_has_nothing_to_say() -> None:
    message = read_bytes("\ufeffMissä paketti on?\r\nHei".encode(), "x.txt")
    assert (message.text, message.notes) == ("Missä paketti on?\nHei", ())


def test_text_in_utf16_is_read() -> None:
    assert read_bytes("Missä paketti?".encode("utf-16"), "x.txt").text == "Missä paketti?"


def test_a_mail_is_known_by_its_headers_whatever_its_name() -> None:
    assert read_bytes(HEADER + b"\nWhere?", "-").sender_name == "Maija Virtanen"
    assert read_bytes(b"Order: 123456\nWhere is it?", "-").text.startswith("Order: 123456")


@pytest.mark.parametrize(
    "sender", ["Virtanen, Maija <m@x.fi>", {"name": "Maija Virtanen", "address": "m@x.fi"}]
)
def test_json_messages_are_read(sender: object) -> None:
    record = {"text": "Missä?", "subject": "a\nb", "from": sender, "channel": "chat", "lang": "fi"}
    message = read_bytes(json.dumps(record).encode(), "x.json")
    assert (message.text, message.subject, message.channel, message.lang) == (
        "Missä?",
        "a b",
        "chat",
        "fi",
    )
    assert (message.sender_name, message.sender_address) == ("Maija Virtanen", "m@x.fi")


@pytest.mark.parametrize(
    "data", ["", "[]", "{}", "5", '{"text": 5}', '{"text": null}', '{"text": "', "[" * 100_000]
)
def test_json_without_a_text_is_refused_in_one_line(data: str) -> None:
    with pytest.raises(ReplyKitError, match=r"x\.json: (?:not valid JSON|expected an object)"):
        read_bytes(data.encode(), "x.json")


@pytest.mark.parametrize("name", ["-", "x.txt", "message"])
def test_text_that_begins_with_a_brace_is_text(name: str) -> None:
    assert read_bytes(b"{{ 7*7 }} where?", name).text == "{{ 7*7 }} where?"


def test_a_json_message_that_is_cut_says_so() -> None:
    message = read_bytes(json.dumps({"text": "a " * MAX_CHARACTERS}).encode(), "x.json")
    assert any("were read" in note for note in message.notes)


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    for path in (tmp_path / "none.eml", tmp_path):
        with pytest.raises(ReplyKitError, match="cannot be read") as caught:
            read_file(path)
        assert str(path) in str(caught.value)


def test_an_empty_mail_with_notes_says_them() -> None:
    data = b"From: a@b.fi\nContent-Type: text/plain; charset=utf-8\nTo: c@d.fi\n\n"
    with pytest.raises(ReplyKitError) as caught:
        read_bytes(data, "x.eml")
    assert str(caught.value) == "x.eml: the message has no text"


def test_a_mail_needs_no_suffix_and_no_headers_where_it_is_known_to_be_one() -> None:
    assert read_bytes(HEADER + b"\nHei?", "1700000000.M1P2.host:2,S").channel == "email"
    assert read_bytes(b"Subject: Hei\n\nHei?", "1700000000", mail=True).subject == "Hei"


def test_nul_bytes_make_a_mail_no_binary_file() -> None:
    assert read_bytes(HEADER + b"\nWhere\0 is it?", "x").text == "Where is it?"


def test_what_is_forwarded_alone_is_the_text() -> None:
    message = from_plain("", "From: x\n\nYour parcel is late.")
    assert message.text == "From: x\n\nYour parcel is late."
    assert from_plain("Is it?", "earlier").quoted == "earlier"
    assert from_plain("Is it?\n> so", "earlier").quoted == "> so\n\nearlier"


def test_a_record_tells_of_its_customer() -> None:
    customer = {"name": "Maija Virtanen", "email": "m@x.fi", "phone": "040 1", "vip": True, "n": 3}
    message = from_record({"text": "Missä?", "customer": customer})
    assert (message.sender_name, message.sender_address) == ("Maija Virtanen", "m@x.fi")
    assert message.customer == {"phone": "040 1", "n": "3"}


def test_what_a_record_says_of_the_sender_comes_before_its_customer() -> None:
    sender = {"name": "Ville Niemi", "email": "v@x.fi"}
    message = from_record({"text": "Missä?", "from": sender, "customer": {"name": "Maija Laine"}})
    assert (message.sender_name, message.sender_address) == ("Ville Niemi", "v@x.fi")


def test_html_in_a_record_is_converted() -> None:
    assert from_record({"text": "<div>Missä<br>se on?</div>"}).text == "Missä\nse on?"
    assert from_record({"text": "<maija@x.fi> kirjoitti"}).text == "<maija@x.fi> kirjoitti"


@pytest.mark.parametrize("field", ["subject", "from", "channel", "lang", "customer"])
@pytest.mark.parametrize("value", [None, 5, [], {}, {"name": {}}, [1], True, "\x1b[2J\n"])
def test_odd_fields_of_a_record_hurt_nothing(field: str, value: object) -> None:
    message = from_record({"text": "Missä?", field: value})
    assert message.text == "Missä?"
    assert not {"\n", "\x1b"} & set(message.subject + message.sender_name + message.sender_address)
