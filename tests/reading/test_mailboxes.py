"""Mailboxes of headers: every shape that stands in mail is read, and what is written says no more
than was meant."""

from __future__ import annotations

import email
import email.policy
import email.utils
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.reading.mailboxes import (
    Mailbox,
    address_header,
    is_address,
    mailboxes,
    one_line,
    text_header,
)
from tests.limits import bounded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("maija@example.fi", [("", "maija@example.fi")]),
        ("<maija@example.fi>", [("", "maija@example.fi")]),
        ("Maija <maija@example.fi>", [("Maija", "maija@example.fi")]),
        ("maija@example.fi (Maija)", [("Maija", "maija@example.fi")]),
        ("Mäkelä, Maija <m@example.fi>", [("Mäkelä, Maija", "m@example.fi")]),
        ('"Mäkelä, Maija" <m@example.fi>', [("Mäkelä, Maija", "m@example.fi")]),
        (r'"A \"B\" C" <a@example.fi>', [('A "B" C', "a@example.fi")]),
        ('"broken <a@example.fi>', [('"broken', "a@example.fi")]),
        ("a@example.fi, B <b@example.fi>", [("", "a@example.fi"), ("B", "b@example.fi")]),
        ("Mäkelä, Maija <m@x.fi>, b@x.fi", [("Mäkelä, Maija", "m@x.fi"), ("", "b@x.fi")]),
        ("a@example.fi; b@example.fi", [("", "a@example.fi"), ("", "b@example.fi")]),
        ("a@example.fi, A@Example.fi", [("", "a@example.fi")]),
        ("undisclosed-recipients:;", []),
        ("Team: a@x.fi, b@x.fi;", [("", "a@x.fi"), ("", "b@x.fi")]),
        ("", []),
        (" , ;", []),
        ("<>", []),
        ("nobody", []),
        ("a@b@c", []),
        ("<a b@c>", []),
    ],
)
def test_mailboxes_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(box.name, box.address) for box in mailboxes(text)] == expected


@pytest.mark.parametrize("text", ['"' * 9000, '\\"' * 9000, "(" * 9000, ",a" * 9000, "<@" * 9000])
def test_hostile_headers_take_bounded_time(text: str) -> None:
    with bounded():
        mailboxes(text)


def test_a_header_that_is_too_long_loses_whole_addresses() -> None:
    wanted = [f"somebody.{number}@example.com" for number in range(2000)]
    found = [box.address for box in mailboxes(", ".join(wanted))]
    assert found == wanted[: len(found)]
    assert len(found) > 500


def parsed(header: str) -> email.message.EmailMessage:
    return email.message_from_string(header + "\n\nbody", policy=email.policy.default)


names = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "Maija",
            "Mäkelä, Maija",
            'A "B" C\\',
            "=?utf-8?q?a=2C_b=40c=0ABcc:_x?=",
            "=?utf-8?q?Anna?=",
            "x\r\nBcc: evil@example.com",
            "evil@example.com,",
            "<evil@example.com>",
            "a\x85Bcc: b",
            "日本語" * 30,
        ]
    ),
)
addresses = st.from_regex(r"[a-z.+'=?_-]{1,20}@[a-z-]{1,20}\.fi", fullmatch=True)
boxes = st.builds(Mailbox, names, addresses)


@given(st.lists(boxes, min_size=1, max_size=5))
def test_what_is_written_names_exactly_these_mailboxes(wanted: list[Mailbox]) -> None:
    header = address_header("To", wanted)
    mail = parsed(header)
    assert mail.keys() == ["To"]
    assert mail.get_payload() == "body"
    old = email.message_from_string(header + "\n\n")
    pairs = email.utils.getaddresses([" ".join(str(old["To"]).split())])
    assert [address for _, address in pairs] == [box.address for box in wanted]
    shown = [str(make_header(decode_header(name))) for name, _ in pairs]
    assert shown == [one_line(box.name) for box in wanted]


@given(st.text(max_size=200))
def test_a_text_header_says_the_text_and_nothing_more(text: str) -> None:
    header = text_header("Subject", f"Re: {text}")
    assert all(len(line) <= 998 for line in header.split("\n"))
    mail = parsed(header)
    assert mail.keys() == ["Subject"]
    assert str(mail["Subject"]) == one_line(f"Re: {text}")


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("Re: Where?", "Subject: Re: Where?"),
        ("Re: Missä se on?", "Subject: Re: =?utf-8?b?TWlzc8Ok?= se on?"),
        ("Re: =?utf-8?q?=0A?=", "Subject: Re: =?utf-8?b?PT91dGYtOD9xPz0wQT89?="),
        ("a\nBcc: b", "Subject: a Bcc: b"),
    ],
)
def test_only_what_needs_it_is_encoded(text: str, header: str) -> None:
    assert text_header("Subject", text) == header


@pytest.mark.parametrize(
    "text", ["a@b", "a@b\n", "a@b ", "a b@c", "a@b,c", "<a@b>", "a", "", "a\x85@b", "a@\u2028b"]
)
def test_an_address_is_one_and_nothing_else(text: str) -> None:
    assert is_address(text) == (text == "a@b")
