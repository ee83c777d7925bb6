"""What a reply must know of a mail's headers: whole, on one line, with nothing slipped in."""

from __future__ import annotations

import email.utils

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.message import Envelope
from replykit.reading.files import read_bytes
from replykit.reading.mailboxes import mailboxes


def envelope(*header: str) -> Envelope:
    data = "\n".join((*header, "To: shop@example.com", "", "Hei?")).encode(
        "utf-8", "surrogateescape"
    )
    found = read_bytes(data, "x.eml").envelope
    assert found is not None
    return found


def test_the_headers_of_a_thread_are_kept() -> None:
    found = envelope(
        "From: =?utf-8?Q?P=C3=A4ivi_M=C3=A4kel=C3=A4?= <paivi@example.fi>",
        "Reply-To: Koti <koti@example.fi>",
        'Cc: a@example.fi, "B, C" <b@example.fi>',
        "Date: Mon, 16 Nov 2026 09:12:00 +0200",
        "Message-ID: <3@example.fi>",
        "In-Reply-To: <2@example.com>",
        "References: <1@example.com>\n <2@example.com>",
    )
    assert found == Envelope(
        message_id="<3@example.fi>",
        references="<1@example.com> <2@example.com>",
        sender="Päivi Mäkelä <paivi@example.fi>",
        reply_to="Koti <koti@example.fi>",
        to="shop@example.com",
        cc='a@example.fi, "B, C" <b@example.fi>',
        date="Mon, 16 Nov 2026 09:12:00 +0200",
    )


def test_without_references_the_mail_that_is_answered_leads_the_thread() -> None:
    found = envelope("In-Reply-To: Your message of Monday <2@example.com> (and <9@x.fi>)")
    assert found.references == "<2@example.com>"


def test_a_long_thread_keeps_its_beginning_and_its_end() -> None:
    ids = [f"<{number}@example.com>" for number in range(500)]
    kept = envelope("References: " + "\n ".join(ids)).references.split()
    assert (kept[0], kept[-1], len(kept)) == (ids[0], ids[-1], 20)


@pytest.mark.parametrize("header", ["", "Message-ID: none", "Message-ID: <a b>", "References: x"])
def test_what_is_no_id_is_left_out(header: str) -> None:
    found = envelope("From: a@b.fi", *([header] if header else []))
    assert (found.message_id, found.references) == ("", "")


def test_a_name_that_decodes_to_addresses_or_headers_adds_none() -> None:
    found = envelope(
        "From: =?utf-8?Q?a@evil.example=2C_=3Cb@evil.example=3E=0D=0ABcc:_c?= <maija@example.fi>"
    )
    assert [address for _, address in email.utils.getaddresses([found.sender])] == [
        "maija@example.fi"
    ]
    assert [box.address for box in mailboxes(found.sender)] == ["maija@example.fi"]


def test_a_list_that_is_too_long_ends_with_a_whole_address() -> None:
    addresses = [f"person.number.{number}@example.com" for number in range(2000)]
    found = envelope("Cc: " + ",\n ".join(addresses)).cc.split(", ")
    assert found == addresses[: len(found)]
    assert len(found) > 300


def test_text_and_json_have_no_envelope() -> None:
    assert read_bytes(b"Where is it?", "x.txt").envelope is None
    assert read_bytes(b'{"text": "Where?"}', "x.json").envelope is None


NAMES = st.sampled_from(["From", "Reply-To", "Cc", "Message-ID", "References", "Date", "Subject"])


@given(st.lists(st.tuples(NAMES, st.text(max_size=80)), max_size=6))
def test_each_value_is_one_line_without_control_characters(headers: list[tuple[str, str]]) -> None:
    data = "".join(f"{name}: {value}\n" for name, value in headers)
    message = read_bytes(
        f"{data}To: a@b.fi\nSubject: Hei\n\nHei?".encode("utf-8", "surrogatepass"), "x.eml"
    )
    assert message.envelope is not None
    values = [message.subject, message.sender_name, message.sender_address]
    for value in (*vars(message.envelope).values(), *values):
        assert value == " ".join(value.split())
        assert value.isprintable() or not any(ord(character) < 32 for character in value)
