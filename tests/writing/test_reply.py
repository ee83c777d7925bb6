"""Replies as mail: who gets them, the thread they are in, and that no sender can add a header."""

from __future__ import annotations

import email
import email.policy
import email.utils
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from replykit.config import Settings
from replykit.draft import Draft, draft
from replykit.errors import ReplyKitError
from replykit.filling.template import Templates
from replykit.library.response import Response
from replykit.message import Envelope, Message
from replykit.reading.files import read_bytes, read_file
from replykit.reading.mailboxes import one_line
from replykit.writing.outbox import write_draft
from replykit.writing.reply import reply_mail
from tests.conftest import Run

FOLDER = Path(__file__).parents[1] / "data" / "reply"
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "cases.yaml").read_text("utf-8"))
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=2)))
ALWAYS = ("Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
LATE = """---
title: Parcel is late
subject: Your order
examples: [Where is my parcel?]
---
Hello Maija,

I am sorry that your order is late. The carrier brings it to your door tomorrow before noon, and you
need not do anything.

Kind regards,
Anna
"""


def filled(message: Message | None, lang: str = "en", channel: str = "email") -> Draft:
    """A draft whose text does not matter, with the subject that it would really have."""
    response = Response("x", lang, "x.md", "X", "Hello!", 1, subject="The reply's own")
    templates = Templates(Path())
    return draft(response, templates, Settings(), NOW, channel=channel, message=message)


def parsed(data: bytes) -> EmailMessage:
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def shown(mail: EmailMessage, name: str) -> str:
    """A header as a person reads it."""
    if name in ("From", "To", "Cc"):
        return ", ".join(
            f"{box.display_name} <{box.addr_spec}>" if box.display_name else box.addr_spec
            for box in mail[name].addresses
        )
    return str(mail[name])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["mail"])
def test_a_reply_has_exactly_these_headers(case: dict[str, Any]) -> None:
    message = read_file(FOLDER / case["mail"])
    lang = case["mail"].split(".")[-2]
    reply = reply_mail(filled(message, lang), message, Settings(**case.get("settings", {})), NOW)
    mail = parsed(reply.data)
    headers = {name: shown(mail, name) for name in mail if name not in ALWAYS}
    assert headers == case["headers"]
    assert len(mail.keys()) == len(headers) + len(ALWAYS)
    assert mail.get_content().split("\n\n")[1].split("\n")[0] == case["above"]
    assert list(reply.notes) == case.get("notes", [])


def test_the_same_in_every_reply() -> None:
    reply = reply_mail(filled(None), None, Settings(), NOW)
    mail = parsed(reply.data)
    assert mail["Date"] == "Sun, 22 Nov 2026 09:30:00 +0200"
    assert mail["MIME-Version"] == "1.0"
    assert mail["Content-Type"] == 'text/plain; charset="utf-8"; format="flowed"'
    assert re.fullmatch(r"<20261122093000\.[0-9a-f]{24}@replykit\.invalid>", mail["Message-ID"])
    assert reply.notes == ("nobody is known whom the reply could go to; fill in To yourself",)


def test_the_same_draft_is_the_same_mail_and_another_is_not() -> None:
    message = read_file(FOLDER / "thread.fi.eml")
    first = reply_mail(filled(message), message, Settings(), NOW)
    assert reply_mail(filled(message), message, Settings(), NOW) == first
    other = reply_mail(replace(filled(message), text="Hi!"), message, Settings(), NOW)
    assert parsed(other.data)["Message-ID"] != parsed(first.data)["Message-ID"]
    assert parsed(first.data)["Message-ID"].endswith("@example.com>")


def test_a_long_thread_keeps_its_first_mail_and_its_last_ones() -> None:
    message = read_file(FOLDER / "long-thread.en.eml")
    mail = parsed(reply_mail(filled(message), message, Settings(), NOW).data)
    ids = mail["References"].split()
    assert len(ids) == 20
    assert ids[0] == "<m0@example.com>"
    assert ids[-2:] == ["<m39@example.com>", "<last@example.com>"]


def test_long_ids_are_never_encoded_or_broken() -> None:
    id = f"<{'a' * 150}@example.com>"
    message = Message("Where?", envelope=Envelope(message_id=id, references="<first@example.com>"))
    data = reply_mail(filled(message), message, Settings(), NOW).data
    assert f"\nIn-Reply-To: {id}\n".encode() in data
    assert f"\nReferences: <first@example.com>\n {id}\n".encode() in data


@pytest.mark.parametrize("own", ["", "me@example.com"])
def test_a_mail_to_oneself_is_answered_to_oneself(own: str) -> None:
    there = Envelope(sender="Me <me@example.com>", to="me@example.com")
    message = Message("Where?", sender_address="me@example.com", envelope=there)
    mail = parsed(reply_mail(filled(message), message, Settings(agent_address=own), NOW).data)
    assert (shown(mail, "To"), mail["Cc"]) == ("Me <me@example.com>", None)


def test_a_message_that_is_no_mail_is_answered_too() -> None:
    message = read_bytes(
        b'{"text": "Where is it?", "subject": "Parcel", "channel": "email",'
        b' "from": {"name": "Anna Smith", "address": "anna@example.com"}}',
        "x.json",
    )
    mail = parsed(reply_mail(filled(message), message, Settings(), NOW).data)
    assert (shown(mail, "To"), mail["Subject"]) == ("Anna Smith <anna@example.com>", "Re: Parcel")
    assert "In-Reply-To" not in mail
    assert mail.get_content() == "Hello!\n\nAnna Smith wrote:\n> Where is it?\n"


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("bulk", "anna@example.com", "machine mail (bulk)"),
        ("customer", "no-reply@example.com", "no-reply@example.com takes no replies"),
        ("customer", "DoNotReply@example.com", "DoNotReply@example.com takes no replies"),
    ],
)
def test_a_reply_that_nobody_waits_for_is_said(kind: str, address: str, words: str) -> None:
    message = Message("x", sender_address=address, kind=kind)
    (note,) = reply_mail(filled(message), message, Settings(), NOW).notes
    assert words in note


# The original below


def quoted_part(message: Message, settings: Settings, channel: str = "email") -> str:
    mail = parsed(reply_mail(filled(message, channel=channel), message, settings, NOW).data)
    return "".join(line for line in mail.get_content().splitlines(True) if line.startswith(">"))


def test_the_original_is_quoted_with_its_signature_and_without_older_mail() -> None:
    message = Message("Where?\n\nIs it?", signature="-- \nMaija", quoted="> older", channel="email")
    assert quoted_part(message, Settings()) == "> Where?\n>\n> Is it?\n>\n> -- \n> Maija\n"


def test_card_and_identity_numbers_are_not_sent_about_again() -> None:
    text = "My card is 4111 1111 1111 1111, my code 131052-308T, my order 20418337."
    message = Message(text, subject="Card 4111111111111111")
    quoted = quoted_part(message, Settings())
    assert "**** 1111" in quoted
    assert "4111" not in quoted
    assert "308T" not in quoted
    assert "20418337" in quoted
    data = reply_mail(filled(message), message, Settings(), NOW).data
    assert parsed(data)["Subject"] == "Re: Card ************1111"


@pytest.mark.parametrize("channel", ["chat", "social", "ticket"])
def test_only_mail_quotes(channel: str) -> None:
    assert quoted_part(Message("Where?"), Settings(), channel) == ""


def test_quoting_can_be_turned_off() -> None:
    assert quoted_part(Message("Where?"), Settings(reply_quote=False)) == ""


def test_what_a_customer_sent_cannot_end_the_quotation() -> None:
    hostile = "a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029\x00h\x1b[2J\ud800"
    assert quoted_part(Message(hostile), Settings()) == (
        "> a\n> b\n> c\n> d\n> e\n> f\n> g\n> h[2J\n"
    )


# Text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Hello!", "7bit"), ("Hyvää päivää!", "8bit"), ("ä" * 600, "quoted-printable")],
)
def test_text_stands_as_it_is_where_its_lines_are_not_too_long(text: str, encoding: str) -> None:
    done = Draft("x", "fi", "email", "", text)
    data = reply_mail(done, None, Settings(), NOW).data
    assert parsed(data)["Content-Transfer-Encoding"] == encoding
    assert parsed(data).get_content() == text + "\n"
    assert max(map(len, data.split(b"\n"))) <= 998


def test_a_reply_reads_back_as_text_and_quotation(tmp_path: Path) -> None:
    message = read_file(FOLDER / "thread.fi.eml")
    text = (
        "Hei Maija!\n\n" + "Pakettisi on matkalla ja perillä huomenna. " * 5 + "\n\n"
        "Seuranta: https://example.com/seuranta/" + "a" * 80 + "\n\n"
        "Ystävällisin terveisin\nAnna\nAsiakaspalvelu"
    )
    file = tmp_path / "reply.eml"
    write_draft(file, replace(filled(message, "fi"), text=text), message, Settings(), NOW)
    back = read_file(file)
    assert f"{back.text}\n\n{back.signature}" == "\n".join(map(str.rstrip, text.split("\n")))
    original = "\n".join(line.removeprefix("> ").lstrip(">") for line in back.quoted.split("\n"))
    assert original.endswith(
        "Maija Mäkelä kirjoitti 16.11.2026 klo 9.12:\n"
        "Missä pakettini on? Tilausnumero on 20418337.\n\nTerveisin\nMaija Mäkelä"
    )
    assert back.subject == "Re: Missä pakettini on?"


# Nothing can be slipped in


@pytest.mark.parametrize(
    "id",
    [
        "<a@b\nBcc: x@evil.com>",
        "<a@b\r>",
        "<a b>",
        "<a\x85b>",
        "<ä@b>",
        "<>",
        "a@b",
        "<" + "a" * 999,
    ],
)
def test_what_is_no_message_id_is_not_written(id: str) -> None:
    message = Message("Where?", envelope=Envelope(message_id=id, references=f"{id} <ok@x.fi> {id}"))
    mail = parsed(reply_mail(filled(message), message, Settings(), NOW).data)
    assert "In-Reply-To" not in mail
    assert mail["References"] == "<ok@x.fi>"


hostile = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            ["\n", "\r\n", "\r", "Bcc: x@evil.com", ": ", ",", ";", "<", ">", '"', "\\", "(", ")",
             " ", "=?utf-8?q?=0ABcc:_x=40evil.com?=", "\x85", "\u2028", "\x00", "\x1b[2J", "a@b.fi",
             "ä", "Re: ", "<id@x.fi>", "\ud800", "日本", "x" * 300, "\n\n", "From "]
        ),
        max_size=12,
    ).map("".join),
)  # fmt: skip
envelopes = st.builds(Envelope, hostile, hostile, hostile, hostile, hostile, hostile, hostile)
messages = st.builds(
    Message,
    text=hostile,
    subject=hostile,
    sender_name=hostile,
    sender_address=hostile,
    signature=hostile,
    envelope=st.none() | envelopes,
)
ORDER = [
    "From",
    "To",
    "Cc",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    *ALWAYS[2:],
]


@given(messages, hostile, hostile)
def test_no_message_adds_a_header(message: Message, text: str, name: str) -> None:
    settings = Settings(agent_address="desk@example.com", agent_name=name)
    done = replace(filled(message), text=text)
    data = reply_mail(done, message, settings, NOW).data
    head, _, body = data.partition(b"\n\n")
    mail = parsed(data)
    assert mail.keys() == [name for name in ORDER if name in mail]  # each once, in this order
    assert mail.defects == []
    assert [box.addr_spec for box in mail["From"].addresses] == ["desk@example.com"]
    assert str(mail["Subject"]) == one_line(done.subject)
    for header in ("In-Reply-To", "References"):
        for id in str(mail.get(header, "")).split():
            assert message.envelope
            assert id in message.envelope.message_id + message.envelope.references
    assert b"\r" not in data
    assert all(len(line) <= 998 for line in data.split(b"\n"))
    said = [message.sender_address]
    if message.envelope:
        other = message.envelope
        said += [other.sender, other.reply_to, other.to, other.cc]
    old = email.message_from_string(head.decode())
    for header in ("To", "Cc"):
        value = " ".join(str(old.get(header, "")).split())
        for _, address in email.utils.getaddresses([value]):
            assert not address or any(address in text for text in said)
    # The body is nothing but the text and what stands behind >.
    same = reply_mail(done, replace(message, subject="", envelope=None), settings, NOW).data
    assert body.split(b"\n")[0] == same.partition(b"\n\n")[2].split(b"\n")[0]


@given(st.lists(st.tuples(st.sampled_from(["From", "To", "Cc", "Reply-To", "Subject", "Message-ID",
       "References", "Date"]), hostile), max_size=8), hostile)  # fmt: skip
def test_no_mail_as_it_arrives_adds_a_header(headers: list[tuple[str, str]], text: str) -> None:
    lines = [f"{name}: {value}" for name, value in headers]
    raw = "\n".join([*lines, "", f"x {text}"]).encode("utf-8", "replace")
    try:
        message = read_bytes(raw, "mail.eml")
    except ReplyKitError:
        return
    mail = parsed(reply_mail(filled(message), message, Settings(), NOW).data)
    assert mail.keys() == [name for name in ORDER if name in mail]


# Where it is written


def test_a_maildir_gets_a_draft(tmp_path: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (tmp_path / name).mkdir()
    message = read_file(FOLDER / "thread.fi.eml")
    write_draft(tmp_path, filled(message), message, Settings(), NOW)
    (file,) = (tmp_path / "cur").iterdir()
    assert file.name.endswith(":2,DS")
    assert file.read_bytes() == reply_mail(filled(message), message, Settings(), NOW).data
    assert [*(tmp_path / "new").iterdir(), *(tmp_path / "tmp").iterdir()] == []


def test_the_command_writes_a_mail_and_says_what_to_look_at(run: Run, tmp_path: Path) -> None:
    (tmp_path / "responses").mkdir()
    (tmp_path / "responses" / "late.en.md").write_text(LATE, "utf-8")
    mail = tmp_path / "in.eml"
    mail.write_bytes((FOLDER / "reply-to.en.eml").read_bytes())
    options = ("draft", "late", "-f", mail, "--now", "2026-11-22T09:30", "--no-lint")
    result = run(*options, "-o", "reply.EML", "--agent-address", "desk@example.com")
    assert (result.returncode, result.stdout) == (0, "")
    assert "replykit: the reply goes to anna@home.example.com, as Reply-To asks" in result.stderr
    reply = parsed((tmp_path / "reply.EML").read_bytes())
    assert reply["From"] == "desk@example.com"
    assert reply["Subject"] == "Re: Opening hours"
    assert reply.get_content().startswith("Hello Maija,\n\nI am sorry that your order is late.")
    text = run(*options, "-o", "reply.txt")
    assert text.returncode == 0
    assert (tmp_path / "reply.txt").read_text("utf-8").endswith("Kind regards,\nAnna\n")
    assert run(*options, "-o", "-").stdout == (tmp_path / "reply.txt").read_text("utf-8")


def test_an_address_that_is_none_is_one_line(run: Run) -> None:
    result = run("config", "--agent-address", "desk@example.com\nBcc: all@example.com")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "is no e-mail address; write it as desk@example.com" in result.stderr
