"""Who wrote, and what, where a form, a helpdesk or another program sent the mail for them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from replykit.forms.fields import kind_of_label, read_fields
from replykit.forms.relays import marked, named_in_subject
from replykit.reading.files import read_bytes
from tests.kinds.test_kinds import DATA, TRIAGE, mail, of, rows

Row = Mapping[str, Any]
OWN = yaml.safe_load((DATA / "kinds" / "customers.yaml").read_text("utf-8"))
# Read otherwise by design: cleaning takes the text for a signature; a name that is none.
NOT_IN_TEXT = {"disclaimer-012.en"}
OTHER_NAME = {"looks-like-spam-006.fi", "looks-like-spam-007.fi"}


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("row", rows("customers.jsonl"), ids=lambda row: Path(row["path"]).stem)
def test_the_sender_is_the_customer_and_the_text_theirs(row: Row) -> None:
    message = read_bytes((TRIAGE / row["path"]).read_bytes(), row["path"])
    name = Path(row["path"]).stem
    assert message.sender_address == row["from"]["address"]
    if name not in OTHER_NAME:
        assert message.sender_name.casefold() == row["from"]["name"].casefold()
    if name not in NOT_IN_TEXT:
        for phrase in row["contains"]:
            assert words(phrase) in words(message.text)


@pytest.mark.parametrize("row", OWN, ids=lambda row: row["name"])
def test_forms_and_relays_of_every_make(row: Row) -> None:
    message = read_bytes(of(row), "a.eml")
    assert [message.sender_name, message.sender_address] == row["sender"]
    for phrase in row.get("says", ()):
        assert phrase in words(message.text)
    for phrase in row.get("keeps", ()):
        assert phrase in words(f"{message.text}\n{message.signature}")
    for phrase in row.get("not_in_text", ()):
        assert phrase not in message.text


FORM = """You received a new message from your online store's contact form.

Name: Maija Virtanen
Email: maija@example.fi
Phone: 040 555 0101
Company: Virtanen Oy
Order number: 104882
IP: 192.0.2.1
Message:
One chair is missing.
Shall I fetch it?

Kind regards
Maija
"""


def test_a_form_comes_apart_and_nothing_is_lost() -> None:
    message = read_bytes(mail(FORM, "Shop <noreply@shop.example>"), "a.eml")
    assert (message.sender_name, message.sender_address) == ("Maija Virtanen", "maija@example.fi")
    assert message.text == "One chair is missing.\nShall I fetch it?\n\nOrder number: 104882"
    assert dict(message.customer) == {
        "name": "Maija Virtanen",
        "email": "maija@example.fi",
        "phone": "040 555 0101",
        "company": "Virtanen Oy",
    }
    assert "IP: 192.0.2.1" in message.quoted
    held = f"{message.text}\n{message.quoted}\n{message.signature}"
    assert all(line in held for line in FORM.split("\n") if line)


def test_an_address_of_our_own_in_a_form_is_not_the_customers() -> None:
    text = FORM.replace("maija@example.fi", "service@shop.example")
    data = mail(text, "noreply@shop.example", Reply_To="maija@example.fi")
    assert read_bytes(data, "a.eml").sender_address == "maija@example.fi"


def test_a_signature_with_an_address_is_no_form() -> None:
    text = "Where is my parcel?\n\nMaija Virtanen\nPhone: 040 555 0101\nEmail: maija.v@work.example"
    message = read_bytes(mail(text), "a.eml")
    assert message.sender_address == "maija.virtanen@example.fi"
    assert not message.customer


def test_a_persons_reply_to_is_for_the_reply_not_the_sender() -> None:
    message = read_bytes(mail("Where is it?", Reply_To="home@example.fi"), "a.eml")
    assert message.sender_address == "maija.virtanen@example.fi"


def test_a_customer_who_quotes_a_dialogue_keeps_their_text() -> None:
    text = 'Hello,\n\nThe driver said: "Not my job."\nCan you collect the sofa tomorrow?\n\nMaija'
    message = read_bytes(mail(text), "a.eml")
    assert "Can you collect the sofa tomorrow?" in message.text
    assert "The driver said" in message.text


def test_a_bounce_is_no_form() -> None:
    text = "The following message was not delivered:\nFrom: a@x.example\nMessage: Offer\nName: x"
    message = read_bytes(mail(text, "Mail <MAILER-DAEMON@mx.example>"), "a.eml")
    assert message.sender_address == "MAILER-DAEMON@mx.example"
    assert message.kind == "bounce"


def test_a_reply_is_not_taken_for_a_form_by_what_it_quotes() -> None:
    quoted = "\n".join(f"> {line}" for line in FORM.split("\n"))
    text = f"Thanks, it came.\n\nOn 3.11.2026 at 9.12 Shop <s@shop.example> wrote:\n{quoted}"
    message = read_bytes(mail(text, Subject="Re: Order", In_Reply_To="<1@shop.example>"), "a.eml")
    assert message.sender_address == "maija.virtanen@example.fi"
    assert message.text == "Thanks, it came."


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Sähköpostiosoite *", "email"),
        ("E-post:", "email"),
        ("Viestin sisältö", "message"),
        ("How can we help?", "message"),
        ("Transcript (may contain errors)", "message"),
        ("Order number", ""),
    ],
)
def test_labels_are_known_in_many_languages(label: str, kind: str) -> None:
    assert kind_of_label(label) == kind


@pytest.mark.parametrize(
    ("label", "value", "kind"),
    [
        ("Yhteydenottajan sähköposti", "a@b.example", "email"),
        ("Product name", "Lamp", ""),
        ("Lapsen etunimi", "Elias", ""),
        ("Puhelimen vika", "ei lataudu enää vaikka johto on uusi ja ehjä", ""),
        ("Reach me at", "a@b.example", "email"),
    ],
)
def test_other_labels_are_told_by_a_word_and_by_their_value(
    label: str, value: str, kind: str
) -> None:
    assert kind_of_label(label, value) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Name: Maija\nMessage: It broke.",
        "Name\nMaija\nMessage\nIt broke.",
        "Name | Maija\nMessage | It broke.",
        "1. Name: Maija\n2. Message: It broke.",
        "*Name:* Maija\n*Message:* It broke.",
        "Name ......: Maija\nMessage ...: It broke.",
        "Name\tMaija\nMessage\tIt broke.",
        "Name     Maija\nMessage     It broke.",
    ],
)
def test_fields_are_read_in_every_layout(text: str) -> None:
    found = {item.kind: item.text for item in read_fields(text)}
    assert found == {"name": "Maija", "message": "It broke."}


def test_a_time_is_no_label() -> None:
    assert [item.kind for item in read_fields("Sent 11.11.2026 - 16:47")] == ["loose"]


def test_a_label_within_a_message_is_the_customers_own() -> None:
    found = read_fields("Message:\nSee the list.\nTime: Monday\nColour: red\nEmail: a@b.example")
    assert [(item.kind, item.text) for item in found] == [
        ("message", "See the list.\nTime: Monday\nColour: red"),
        ("email", "a@b.example"),
    ]


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Inquiry from Amberzon customer Sheila (Order: 1)", "Sheila"),
        ("Conversation with Kenji Morimoto #55182", "Kenji Morimoto"),
        ("Lotta har en fråga om en hylla", "Lotta"),
        ("Your weekly report", ""),
    ],
)
def test_a_relays_subject_may_name_the_customer(subject: str, name: str) -> None:
    assert named_in_subject(subject) == name


def test_what_stands_between_marks_is_the_message() -> None:
    text = "Order ID 203-0011223:\n--- Message ---\nDoes it fit?\n--- End message ---\nFor you: x"
    passed = marked(text)
    assert passed is not None
    assert passed.text == "Does it fit?\n\nOrder ID 203-0011223:"
    assert passed.around == "For you: x"


def test_a_mail_that_would_hold_no_text_as_a_relays_is_read_as_it_stands() -> None:
    message = read_bytes(mail("Maija wrote:", "noreply@shop.example"), "x.eml")
    assert message.text == "Maija wrote:"


def test_what_a_form_does_not_take_stays_in_the_quoted_part() -> None:
    lines = [f"Row {number} of what was sent along" for number in range(2100)]
    form = ["Name: Maija Virtanen", "E-mail: maija@x.example", "Message: Where is it?", "", *lines]
    message = read_bytes(mail("\n".join(form), "form@shop.example"), "x.eml")
    assert message.sender_address == "maija@x.example"
    assert "Row 0 of" in message.text
    assert "Row 2099 of" in message.quoted


def test_a_question_in_a_text_message_is_no_label() -> None:
    text = "Aino on kuumeessa. Tuleeko siitä\nhyvitys kun päivä oli varattu? T. isä"
    message = read_bytes(mail(text, "1@sms.example", Subject="SMS +358500000166"), "x.eml")
    assert words(f"{message.text} {message.signature}") == words(text)


def test_what_stands_between_a_marketplaces_marks_is_a_nicknames_message() -> None:
    data = (
        b"From: Market <m-88@market.example>\nTo: us@shop.example\nSubject: Item 33\n"
        b"Auto-Submitted: auto-generated\n\nBuyer tess_88 sent you a message:\n\n"
        b"---- Begin message ----\nIs the box the original one?\n---- End message ----\n"
    )
    message = read_bytes(data, "a.eml")
    assert (message.kind, message.sender_address) == ("customer", "m-88@market.example")
    assert message.text == "Is the box the original one?"


def test_a_gateways_report_on_our_text_message_is_no_customers_text_message() -> None:
    data = (
        b"From: sms@gateway.example\nSubject: SMS delivery report: failed\nReturn-Path: <>\n\n"
        b"To: +358 40 123 4567\nStatus: undelivered\nText: Your parcel is here\n"
    )
    assert read_bytes(data, "a.eml").kind == "bounce"
