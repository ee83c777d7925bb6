"""Mails that are to go out: their own words, where these stand in the file, what they answer."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
import yaml

from replykit.errors import ReplyKitError
from replykit.linter import line_starts, position
from replykit.reading.files import is_mail
from replykit.reading.outgoing import Outgoing, read_outgoing
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "data" / "outgoing"
CASES: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "expected.yaml").read_text("utf-8"))
TEXT = "Hei Maija!\n\nÄlä huoli, täällä on se, mitä etsit: " + "älä jätä mitään pois, " * 12 + "ok?"


def read(name: str) -> Outgoing:
    return read_outgoing((FOLDER / name).read_bytes(), name)


def built(text: str, **how: Any) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "anna@example.com", "maija@example.net", "Re: it"
    mail.set_content(text, **how)
    return mail.as_bytes()


@pytest.mark.parametrize("name", CASES)
def test_of_a_mail_its_own_words_are_read_and_what_it_answers(name: str) -> None:
    mail, expected = read(name), CASES[name]
    to = mail.customer
    assert (f"{to.name} <{to.address}>".strip() if to else None) == expected.get("customer")
    assert mail.text == expected["text"]
    assert (mail.message.text if mail.message else None) == expected.get("message")
    assert list(mail.attachments) == expected.get("attachments", [])


@pytest.mark.parametrize("name", CASES)
def test_words_have_the_line_of_the_file_on_which_they_stand(name: str) -> None:
    mail = read(name)
    starts = line_starts(mail.source)
    for words, line in CASES[name]["lines"].items():
        start = mail.text.index(words)
        assert position(starts, mail.place(start, start + len(words))[0])[0] == line, words


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_each_letter_is_found_in_the_file_however_it_is_written(encoding: str, end: bytes) -> None:
    data = built(TEXT, cte=encoding).replace(b"\n", end)
    mail = read_outgoing(data, "draft.eml")
    assert mail.text == TEXT
    assert mail.source.startswith("From:")
    assert list(mail.places) == sorted(set(mail.places))
    for letter, place in zip(mail.text, mail.places, strict=False):
        code = "".join(f"={octet:02X}" for octet in letter.encode())
        there = mail.source[place : place + 14].replace("=\n", "")
        assert there.startswith((letter, code))


def test_of_a_text_in_base64_places_are_those_of_the_text() -> None:
    mail = read_outgoing(built(TEXT, cte="base64"), "draft.eml")
    assert mail.source == mail.text == TEXT
    assert mail.place(4, 9) == (4, 9)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"To: a@example.com\nSubject: x\n\n \n", "the draft is empty"),
        (
            b"To: a@example.com\nContent-Type: multipart/encrypted; boundary=b\n\n"
            b"--b\nContent-Type: application/octet-stream\n\nabc\n--b--\n",
            "encrypted",
        ),
    ],
    ids=["empty", "encrypted"],
)
def test_a_mail_in_which_nothing_can_be_checked_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ReplyKitError, match=why):
        read_outgoing(data, "draft.eml")


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"To: a@example.com\nSubject: x\n\nHello\n", "-", True),
        (b"Subject: x\n\nHello\n", "draft.eml", True),
        (b"Subject: x\n\nHello\n", "draft.txt", False),
        (b"Hello,\n\nthe price: 3 euros\n", "-", False),
    ],
)
def test_a_mail_is_told_by_its_name_or_its_headers(data: bytes, name: str, expected: bool) -> None:
    assert is_mail(data, name) is expected
