"""Reading messages: what the sender wrote now, from any bytes, in bounded time."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.cleaning import split
from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.names import person_name
from replykit.reading.files import read_bytes, read_file
from replykit.reading.plain import from_text
from replykit.reading.text import MAX_CHARACTERS

MAIL = Path(__file__).parent / "data" / "mail"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((MAIL / "expected.yaml").read_text("utf-8"))
PARTS = ("text", "quoted", "signature")
HEADER = b"From: Maija Virtanen <maija@example.fi>\nSubject: Hei\nTo: x@example.com\n"


def test_every_mail_of_the_folder_has_expectations() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in MAIL.glob("*.eml"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_real_looking_mails_are_read(name: str) -> None:
    message, expected = read_file(MAIL / name), EXPECTED[name]
    for field in ("subject", "sender_name", "sender_address"):
        if field in expected:
            assert getattr(message, field) == expected[field]
    assert message.kind == expected.get("kind", "customer")
    assert message.channel == "email"
    for part in PARTS:
        here = getattr(message, part)
        others = " ".join(getattr(message, other) for other in PARTS if other != part)
        for words in expected.get(part, []):
            assert words in here
            assert words not in others
    everything = " ".join(getattr(message, part) for part in PARTS)
    for words in expected.get("nowhere", []):
        assert words not in everything
    assert len(message.notes) == len(expected.get("notes", []))
    for note, words in zip(message.notes, expected.get("notes", []), strict=True):
        assert words in note


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('"Virtanen, Maija" <m@example.fi>', "Maija Virtanen"),
        ("Virtanen, Maija <m@example.fi>", "Maija Virtanen"),
        ("=?utf-8?Q?P=C3=A4ivi_M=C3=A4kel=C3=A4?= <p@example.fi>", "Päivi Mäkelä"),
        ('"O\'Brien, Siobhán" <s@example.ie>', "Siobhán O'Brien"),
        ("Anna-Liisa von Bergen <a@example.se>", "Anna-Liisa von Bergen"),
        ("tilaukset <tilaukset@example.fi>", ""),
        ("Tilaukset <tilaukset@example.fi>", ""),
        ("Asiakaspalvelu <x@example.fi>", ""),
        ("no-reply <no-reply@example.fi>", ""),
        ("No-Reply <no-reply@example.fi>", ""),
        ("NOREPLY <noreply@example.fi>", ""),
        ("Customer Service <x@example.fi>", ""),
        ("Rakennus Virtanen Oy <x@example.fi>", ""),
        ("Verkkokauppa.com <x@example.fi>", ""),
        ("maija@example.fi <maija@example.fi>", ""),
        ("Maija 99 <maija@example.fi>", ""),
        ("<maija@example.fi>", ""),
        ("maija@example.fi", ""),
        ("(" * 5000, ""),
        ("", ""),
    ],
)
def test_senders_name_is_a_persons_or_nothing(header: str, name: str) -> None:
    mail = f"From: {header}\nSubject: x\n\nMissä paketti on?\n".encode()
    assert read_bytes(mail, "x.eml").sender_name == name


def test_person_name_takes_decomposed_letters() -> None:
    assert person_name("Pa\u0308ivi Kivela\u0308") == "Päivi Kivelä"


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("Missä?\n\nTerveisin\nMaija", "Missä?"),
        ("Missä?\n\nt. Maija", "Missä?"),
        ("Missä?\nYT Maija Virtanen", "Missä?"),
        ("Where?\n\nBest,\nTom", "Where?"),
        ("Where?\nBest price you can give?", "Where?\nBest price you can give?"),
        ("Missä?\n-- \nMaija\n040", "Missä?"),
        ("Terveisin Maija", "Terveisin Maija"),
        (
            "Hei\nLähettäjä: en tiedä kuka\nmissä se on",
            "Hei\nLähettäjä: en tiedä kuka\nmissä se on",
        ),
        ("The courier wrote:\nnot at home. Why?", "The courier wrote:\nnot at home. Why?"),
        ("Kuski kirjoitti:\nei kotona. Miksi?", "Kuski kirjoitti:\nei kotona. Miksi?"),
        ("Yes\n> old\nand no\n> older", "Yes\nand no"),
        ("Hei\n-----Alkuperäinen viesti-----\nvanhaa", "Hei"),
        ("Hi\n---------- Forwarded message ---------\nold", "Hi"),
        ("Hi\n________________________________\nFrom: a\nSent: b\nold", "Hi"),
    ],
)
def test_split_keeps_what_was_written_now(text: str, now: str) -> None:
    assert split(text)[0] == now


def test_a_mail_of_quotations_alone_is_read_as_its_text() -> None:
    message = from_text("> Where is my parcel?")
    assert "Where is my parcel?" in message.text


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            ["> old", "-- ", "", "Terveisin", "Best,", "From: a", "Sent: b", "On 1.1.2026 x wrote:",
             "On Monday, Customer Service", "<a@b.fi> wrote:", "_" * 25, "Sent from my iPhone"]
        ),
    )
)  # fmt: skip


@given(LINES)
def test_split_keeps_every_line_that_is_not_blank(lines: list[str]) -> None:
    text = "\n".join(lines)
    before = [line.strip() for line in text.split("\n") if line.strip()]
    after = [line.strip() for part in split(text) for line in part.split("\n") if line.strip()]
    assert sorted(before) == sorted(after)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=300).map(lambda data: HEADER + data),
        st.binary(max_size=200).map(lambda data: HEADER + b"Content-Type: text/html\n\n<p>" + data),
        st.binary(max_size=60).map(lambda data: b"Content-Type: " + data + b"\n\nHei"),
        st.binary(max_size=60).map(lambda data: b"From: =?utf-8?Q?" + data + b"?= <a@b>\n\nHei"),
        st.text(max_size=60).map(lambda text: json.dumps({"text": text, "from": text}).encode()),
    ),
    st.sampled_from(["x.eml", "x.txt", "x.json", "-"]),
)
def test_any_bytes_are_a_message_or_one_clear_line(data: bytes, name: str) -> None:
    message: Message | None = None
    refused = ""
    try:
        message = read_bytes(data, name)
    except ReplyKitError as error:
        refused = str(error)
    if message is None:
        assert refused.startswith(name)
        assert "\n" not in refused
    else:
        assert "\x1b" not in message.text
        assert "\n" not in message.subject + message.sender_name + message.sender_address


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


def test_invalid_utf8_is_replaced_and_said() -> None:
    message = read_bytes("Missä paketti on?".encode("latin-1"), "x.txt")
    assert message.text == "Miss\ufffd paketti on?"
    assert any("not valid UTF-8" in note for note in message.notes)


def test_valid_text_has_nothing_to_say() -> None:
    message = read_bytes("\ufeffMissä paketti on?\r\nHei".encode(), "x.txt")
    assert (message.text, message.notes) == ("Missä paketti on?\nHei", ())


@pytest.mark.parametrize(
    "charset", ["undefined", "punycode", "hex", "idna", "no-such", "utf-8", ""]
)
def test_a_mail_with_an_unusable_charset_is_read_as_utf8(charset: str) -> None:
    data = HEADER + f"Content-Type: text/plain; charset={charset}\n\nMissä?\n".encode()
    assert read_bytes(data, "x.eml").text == "Missä?"


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


@pytest.mark.parametrize(
    "unit",
    [
        "word ",
        "t\n",
        "best\n",
        "From: x\n",
        "> a\n",
        "--\n",
        "_" * 20 + "\n",
        "\n",
        "a",
        "on x wrote:\n",
    ],
)
def test_ten_megabytes_of_text_take_bounded_time(unit: str) -> None:
    data = b"Hei\n" + unit.encode() * (10_000_000 // len(unit))
    start = time.perf_counter()
    message = read_bytes(data, "x.txt")
    assert time.perf_counter() - start < 5
    assert len(message.text) <= MAX_CHARACTERS
    assert any("were read" in note for note in message.notes)


@pytest.mark.parametrize(
    "unit", ["<!--", "<", "&", "<div>", "<a href='x", "<blockquote>", "<ul><li>a", "<b>a"]
)
def test_ten_megabytes_of_html_take_bounded_time(unit: str) -> None:
    data = (
        HEADER
        + b"Content-Type: text/html\n\n<p>Where is it?</p>"
        + unit.encode() * (10_000_000 // len(unit))
    )
    start = time.perf_counter()
    assert read_bytes(data, "x.eml").text.startswith("Where is it?")
    assert time.perf_counter() - start < 20


def test_a_header_without_end_is_refused() -> None:
    with pytest.raises(ReplyKitError, match="header has no end"):
        read_bytes(b"From: " + b"a" * 2_000_000 + b"\n\nHei", "x.eml")


def test_a_missing_file_and_a_folder_are_refused_by_name(tmp_path: Path) -> None:
    for path in (tmp_path / "none.eml", tmp_path):
        with pytest.raises(ReplyKitError, match="cannot be read") as caught:
            read_file(path)
        assert str(path) in str(caught.value)
