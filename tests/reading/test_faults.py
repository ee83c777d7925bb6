"""What no part of a mail can give is said; what is odd is read all the same."""

from __future__ import annotations

import base64
import email.message
from typing import Any

import pytest

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading import parts
from replykit.reading.files import read_bytes

HEADER = b"From: Maija Virtanen <maija@example.fi>\nSubject: Hei\nTo: x@example.com\n"


def mail(body: bytes, *header: str) -> Message:
    head = "".join(f"{line}\n" for line in header).encode()
    return read_bytes(HEADER + head + b"\n" + body, "x.eml")


def multipart(kind: str, *contents: bytes) -> Message:
    body = b"".join(b"\n--b\n" + content for content in contents) + b"\n--b--\n"
    return mail(body, f'Content-Type: multipart/{kind}; boundary="b"')


TEXT = b"Content-Type: text/plain\n\nWhere is my parcel?"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("undefined", "utf-8"),
        ("punycode", "utf-8"),
        ("hex", "utf-8"),
        ("idna", "utf-8"),
        ("no-such", "utf-8"),
        ("utf-8", "utf-8"),
        ("", "utf-8"),
        ('"utf-8"', "utf-8"),
        ("us-ascii", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("iso-8859-1", "utf-8"),
        ("windows-1252", "utf-8"),
        ("ISO-8859-15", "iso-8859-15"),
        ("utf-7", "utf-7"),
        ("utf-16", "utf-16"),
        ("x-mac-roman", "mac_roman"),
    ],
)
def test_letters_are_read_whatever_the_charset_is_called(charset: str, encoding: str) -> None:
    body = base64.b64encode("Missä pöytä on?".encode(encoding))
    head = (f"Content-Type: text/plain; charset={charset}", "Content-Transfer-Encoding: base64")
    message = mail(body, *head)
    assert (message.text, message.notes) == ("Missä pöytä on?", ())


@pytest.mark.parametrize("charset", ["idna", "undefined", "punycode"])
@pytest.mark.parametrize("kind", ["text/html", "message/rfc822", "text/plain; name=a.eml"])
def test_a_part_in_no_charset_of_mail_costs_nothing_else(kind: str, charset: str) -> None:
    other = f"Content-Type: {kind}; charset={charset}\n\nMissä pöytä on?".encode()
    message = multipart("alternative", TEXT, other)
    assert message.text == "Where is my parcel?"


def test_east_asian_charsets_are_read_by_their_supersets() -> None:
    for charset, encoding in (("gb2312", "gb18030"), ("shift_jis", "cp932")):
        body = base64.b64encode("我的包裹在哪里 ①".encode("gb18030"))
        if encoding == "cp932":
            body = base64.b64encode("荷物はどこですか ①".encode("cp932"))
        message = mail(
            body,
            f"Content-Type: text/plain; charset={charset}",
            "Content-Transfer-Encoding: base64",
        )
        assert message.text.endswith("①")
        assert message.notes == ()


def test_html_names_its_own_charset() -> None:
    html = '<meta charset="iso-8859-7"><p>Πού είναι το δέμα;</p>'.encode("iso-8859-7")
    assert mail(html, "Content-Type: text/html").text == "Πού είναι το δέμα;"


def test_a_damaged_letter_is_replaced_and_said() -> None:
    body = "Missä pöytä on? Köysi?".encode().replace("ö".encode(), b"\xc3", 1)
    message = mail(body, "Content-Type: text/plain; charset=utf-8")
    assert message.text == "Missä p\ufffdytä on? Köysi?"
    assert "were replaced" in message.notes[0]


@pytest.mark.parametrize(
    "encoding", ["8bit", "binary", "7BIT", "utf-8", "none", "x-unknown", "8bit; charset=utf-8", ""]
)
def test_a_transfer_encoding_that_is_none_changes_nothing(encoding: str) -> None:
    head = ("Content-Type: text/plain; charset=utf-8", f"Content-Transfer-Encoding: {encoding}")
    assert mail("Missä 100 % =20 on?".encode(), *head).text == "Missä 100 % =20 on?"


def test_uuencoded_text_is_read() -> None:
    body = b"begin 644 text.txt\n;5VAE<F4@:7,@;7D@<&%R8V5L/PH\n`\nend\n"
    message = mail(body, "Content-Transfer-Encoding: x-uuencode")
    assert message.text.startswith("Where is my parcel?")


@pytest.mark.parametrize(
    "head",
    [
        "Content-Type: text",
        "Content-Type: ;;;",
        "Content-Type: text/plain; charset",
        "Content-Type: text/plain; charset*0*=utf''x; charset*=%",
        'Content-Type: text/plain; charset="utf-8',
        "Content-Type: TEXT/PLAIN ; CHARSET = UTF-8",
        "Content-Disposition: inline",
    ],
)
def test_a_broken_content_type_is_plain_text(head: str) -> None:
    assert mail("Missä se on?".encode(), head).text == "Missä se on?"


@pytest.mark.parametrize(
    "word", ["=?utf-8?B?TG=hc3U?=", "=?utf-8?B?a?=", "=?x-no?Q?=FF?=", "=?utf-8?"]
)
def test_a_broken_word_of_a_header_breaks_no_mail(word: str) -> None:
    message = read_bytes(f"Subject: {word}\nFrom: {word} <a@b.fi>\n\nHei?".encode(), "x.eml")
    assert (message.text, message.sender_address) == ("Hei?", "a@b.fi")


def test_twenty_parts_inside_each_other_are_read() -> None:
    content = TEXT
    for level in range(20):
        head = f'Content-Type: multipart/mixed; boundary="b{level}"\n\n'.encode()
        content = head + f"--b{level}\n".encode() + content + f"\n--b{level}--\n".encode()
    assert read_bytes(HEADER + content, "x.eml").text == "Where is my parcel?"


def test_parts_too_deep_in_each_other_are_said() -> None:
    content = b"".join(
        f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n'.encode()
        for level in range(3000)
    )
    message = read_bytes(HEADER + content + TEXT, "x.eml")
    assert message.subject == "Hei"
    assert any("too deep" in note for note in message.notes)


def test_what_is_encrypted_is_said() -> None:
    sealed = "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"
    pgp = b"-----BEGIN PGP MESSAGE-----\n\nhQEMA=\n-----END PGP MESSAGE-----\n"
    for message in (
        mail(b"MIIB", sealed, "Content-Transfer-Encoding: base64"),
        multipart(
            "encrypted",
            b"Content-Type: application/pgp-encrypted\n\nVersion: 1",
            b"Content-Type: application/octet-stream; name=encrypted.asc\n\n" + pgp,
        ),
        mail(pgp),
    ):
        assert (message.text, message.matter) == ("", "Hei")
        assert any("encrypted" in note for note in message.notes)


def test_a_mail_of_winmail_dat_alone_says_what_to_do() -> None:
    data = b"From: a@b.fi\nContent-Type: application/ms-tnef; name=winmail.dat\n\nx"
    with pytest.raises(ReplyKitError, match=r"has no text; winmail\.dat .* ask the sender"):
        read_bytes(data, "x.eml")


def test_a_mail_without_text_says_what_it_holds() -> None:
    data = b"From: a@b.fi\nContent-Type: image/png\n\nx"
    with pytest.raises(ReplyKitError, match=r"has no text; no part of it is text \(image/png\)"):
        read_bytes(data, "x.eml")


def test_the_better_one_of_two_versions_is_the_text() -> None:
    html = b"Content-Type: text/html\n\n<p>Where is my parcel?</p><p>It is late.</p>"
    stub = b"Content-Type: text/plain\n\nPlease view this message in an HTML mail program."
    empty = b"Content-Type: text/plain\n\n \n"
    assert multipart("alternative", TEXT, html).text == "Where is my parcel?"
    assert multipart("alternative", html, TEXT).text == "Where is my parcel?"
    for plain in (stub, empty):
        assert multipart("alternative", plain, html).text == "Where is my parcel?\n\nIt is late."
    html = b"Content-Type: text/html\n\n<p></p>"
    assert "Please view" in multipart("alternative", stub, html).text


def test_html_in_the_plain_part_is_converted() -> None:
    plain = b"Content-Type: text/plain\n\n<html><body><p>Where &amp; when?</p></body></html>"
    assert multipart("alternative", plain).text == "Where & when?"


def test_texts_after_each_other_are_one_text() -> None:
    more = b"Content-Type: text/plain\n\nIt is late."
    assert multipart("mixed", TEXT, more).text == "Where is my parcel?\n\nIt is late."
    html = b"Content-Type: text/html\n\n<p>Where is <b>my</b> parcel?</p>"
    assert multipart("mixed", TEXT, html).text == "Where is my parcel?"
    assert multipart("mixed", html, TEXT).text == "Where is my parcel?"


def test_a_calendar_file_that_is_attached_is_no_text() -> None:
    file = (
        b"Content-Type: text/calendar; name=a.ics\nContent-Disposition: attachment\n\n"
        b"METHOD:REPLY\nCOMMENT:no"
    )
    message = multipart("mixed", TEXT, file)
    assert (message.text, message.notes) == ("Where is my parcel?", ())


def test_the_report_on_a_mail_is_not_its_text() -> None:
    report = b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\n"
    original = b"Content-Type: message/rfc822\n\nSubject: Reply 55\n\nOur reply."
    message = multipart("report", TEXT, report, original)
    assert message.text == "Where is my parcel?"
    assert message.quoted == "Subject: Reply 55\n\nOur reply."


def test_mails_in_mails_end_somewhere() -> None:
    content = b"Subject: 0\n\nend"
    for _ in range(50):
        content = b"Content-Type: message/rfc822\n\n" + content
    message = read_bytes(HEADER + content, "x.eml")
    assert any("not all of the mails" in note for note in message.notes)


def test_attachments_are_never_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true readers run; what they are given is recorded."""
    seen: list[str] = []
    text_of = parts.part_text

    def recorded(part: email.message.Message, known: Any) -> tuple[str, tuple[str, ...]]:
        seen.append(part.get_content_type())
        return text_of(part, known)

    def refused(*_: Any, **kind: Any) -> Any:
        raise AssertionError(f"get_payload was called with {kind}")

    monkeypatch.setattr(parts, "part_text", recorded)
    monkeypatch.setattr(email.message.Message, "get_payload", _plain_payload(refused))
    message = multipart(
        "mixed",
        TEXT,
        b"Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: base64\n\niVBO",
        b"Content-Type: text/plain; name=a.txt\nContent-Disposition: attachment\n\nno",
        b"Content-Type: application/pdf\nContent-Disposition: attachment\n\nno",
    )
    assert message.text == "Where is my parcel?"
    assert seen == ["text/plain"]


def _plain_payload(refused: Any) -> Any:
    original = email.message.Message.get_payload

    def get_payload(self: Any, i: int | None = None, decode: bool = False) -> Any:
        return refused(decode=True) if decode else original(self, i)

    return get_payload


def test_large_attachments_do_not_even_reach_the_parser() -> None:
    photo = base64.encodebytes(bytes(range(256)) * 8000)
    head = b"Content-Transfer-Encoding: base64\n\n"
    data = HEADER + b"".join(
        (
            b'Content-Type: multipart/mixed; boundary="b"\n\n--b\n',
            b"Content-Type: image/jpeg; name=a.jpg\n" + head + photo,
            b"\n--b\nContent-Type: text/plain\n\nWhere is my parcel?\n",
            b"--b\nContent-Type: text/plain\nContent-Disposition: attachment\n" + head + photo,
            b"\n--b--\n",
        )
    )
    tree, notes = parts.parse(data)
    sizes = [len(part.get_payload()) for part in tree.walk() if not part.is_multipart()]
    assert sizes == [1, len("Where is my parcel?"), 1]
    assert notes == ()
    assert read_bytes(data, "x.eml").text == "Where is my parcel?"


def test_a_header_that_would_take_the_parser_hours_is_cut() -> None:
    for rest in (";" * 900_000, ';"' * 450_000, "; a*0*=x" * 100_000):
        assert mail(b"Where is it?", f"Content-Type: text/plain{rest}").text == "Where is it?"


def test_a_mail_of_a_hundred_thousand_parts_is_read_in_part() -> None:
    data = HEADER + b'Content-Type: multipart/mixed; boundary="b"\n' + b"\n--b\n\nx" * 100_000
    message = read_bytes(data, "x.eml")
    assert message.text.startswith("x")
    assert any("were read" in note for note in message.notes)


def test_a_header_without_end_is_refused() -> None:
    with pytest.raises(ReplyKitError, match="header has no end"):
        read_bytes(b"From: " + b"a" * 2_000_000 + b"\n\nHei", "x.eml")


def test_the_cells_of_a_table_are_apart_and_its_rows_are_lines() -> None:
    html = (
        b"<table><tbody><tr><td><b>Order</b></td><td>123456</td></tr>\n"
        b"<tr><th>Reason</th><td>Too small</td><td></td></tr></tbody></table>"
    )
    assert mail(html, "Content-Type: text/html").text == "Order\t123456\nReason\tToo small"


def test_what_only_looks_like_a_tag_is_text() -> None:
    html = b"<p>I wrote to <help@shop.example>, 1 < 2, C:\\temp\\*.* 1\\.</p>2. so <o:p>it</o:p>"
    assert mail(html, "Content-Type: text/html").text == (
        "I wrote to <help@shop.example>, 1 < 2, C:\\temp\\*.* 1\\.\n\n2. so it"
    )


def test_html_that_is_cut_is_said_and_a_picture_in_it_cuts_nothing() -> None:
    picture = b'<img src="data:image/png;base64,' + b"QUFB" * 600_000 + b'"><p>Where is it?</p>'
    message = mail(picture, "Content-Type: text/html")
    assert (message.text, message.notes) == ("Where is it?", ())
    message = mail(b"<p>Where is it?</p>" * 20_000, "Content-Type: text/html")
    assert len(message.text) > 100_000
    assert "<" not in message.text
    assert message.notes == ("a very long text was cut",)
