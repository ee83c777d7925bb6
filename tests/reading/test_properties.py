"""Generated and mutated mail: never a crash, and no line that a person sees is lost."""

from __future__ import annotations

import base64
import html
import quopri
import re
from collections import Counter
from pathlib import Path
from unicodedata import normalize

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.files import read_bytes

MAIL = Path(__file__).parent.parent / "data" / "mail"
HEAD = "From: Maija Virtanen <maija@example.fi>\nTo: x@example.com\nSubject: Hei\n"
LETTERS = st.characters(categories=["L", "N", "P", "Zs"], exclude_characters="<&\xad")
# What a person writes, and what readers of mail take for something else.
LINE = st.one_of(
    st.text(LETTERS, max_size=40),
    st.sampled_from(
        [
            *("> old", ">> older", "> > oldest", "--", "-- ", "", "Terveisin", "Best,", "Maija"),
            *(
                "From: a",
                "Sent: b",
                "To: c",
                "On 1.1.2026 x wrote:",
                "1.1.2026 klo 9.12 x kirjoitti:",
            ),
            *("_" * 25, "Sent from my iPhone", "-----Original Message-----", "--b", "--b--"),
            *(
                "Content-Type: text/html",
                "Agent: hello",
                "Order: 1",
                "begin 644 x",
                "=C3=A4",
                "ok.",
            ),
            *(
                "-----BEGIN PGP MESSAGE-----",
                "From now on",
                ">From",
                "BEGIN:VCALENDAR",
                "\x0c",
                "=",
            ),
        ]
    ),
)
LINES = st.lists(LINE, min_size=1, max_size=12)
ENCODINGS = st.sampled_from(["base64", "quoted-printable", "8bit"])
CHARSETS = st.sampled_from(["utf-8", "utf-16", "cp1252", "iso-8859-15"])


def part(lines: list[str], encoding: str, charset: str, kind: str) -> tuple[bytes, list[str]]:
    """A part of a mail, and the lines that a person sees of it."""
    encoding = "base64" if charset == "utf-16" else encoding
    lines = [line.encode(charset, "ignore").decode(charset) for line in lines]
    if charset in ("cp1252", "iso-8859-15"):
        assume(not any(is_utf8(line.encode(charset)) for line in lines))
    text = "\n".join(lines)
    if kind == "html":
        text = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines)
    data = text.encode(charset)
    if encoding == "base64":
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data)
    head = f"Content-Type: text/{kind}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n"
    return head.encode() + b"\n" + data, lines


def is_utf8(data: bytes) -> bool:
    """Whether bytes of another charset could be UTF-8: then its name is taken for wrong."""
    try:
        return not data.isascii() and bool(data.decode())
    except UnicodeDecodeError:
        return False


def seen(lines: list[str]) -> Counter[str]:
    """Words: HTML and long lines are broken anew, and marks of quotes and lists are readers'. One
    letter may be written in two ways, and marks that nobody sees need not stay."""
    shown = re.sub("[\xad\u180e\u200b\u2060\ufeff]", "", "\n".join(lines))
    words = normalize("NFC", shown).replace("\xa0", " ").split()
    return Counter(word for word in words if any(map(str.isalnum, word)))


@settings(max_examples=300)
@given(LINES, ENCODINGS, CHARSETS, st.sampled_from(["plain", "html"]), st.booleans())
def test_all_that_a_person_sees_is_text_quoted_or_signature(
    lines: list[str], encoding: str, charset: str, kind: str, wrapped: bool
) -> None:
    content, shown = part(lines, encoding, charset, kind)
    if wrapped:
        other = b"--xyz\nContent-Type: application/pdf; name=a.pdf\n\nnot shown\n"
        head = b'Content-Type: multipart/mixed; boundary="xyz"\n\n--xyz\n'
        content = head + content + b"\n" + other + b"--xyz--\n"
    message = read_bytes(HEAD.encode() + content, "x.eml")
    kept = seen([message.text, message.quoted, message.signature])
    assert not seen(shown) - kept


@settings(max_examples=100)
@given(st.lists(LINES, min_size=1, max_size=4), ENCODINGS)
def test_all_that_a_person_sees_of_several_parts_is_kept(
    contents: list[list[str]], encoding: str
) -> None:
    parts = [part(lines, encoding, "utf-8", "plain") for lines in contents]
    body = b"".join(b"\n--xyz\n" + content for content, _ in parts) + b"\n--xyz--\n"
    head = HEAD + 'Content-Type: multipart/mixed; boundary="xyz"\n'
    message = read_bytes(head.encode() + body, "x.eml")
    kept = seen([message.text, message.quoted, message.signature])
    for _, shown in parts:
        assert not seen(shown) - kept


@settings(max_examples=100)
@given(LINES)
def test_every_line_of_a_text_is_kept(lines: list[str]) -> None:
    text = "\n".join(["Hei!", *lines])
    message = read_bytes(text.encode(), "x.txt")
    kept = seen([message.text, message.quoted, message.signature])
    assert not seen(["Hei!", *lines]) - kept or message.channel == "chat"


DAMAGE = [
    *(b"\0", b"\r", b"\n\n", b"--b\n", b'"', b";", b"=?utf-8?B?", b"\xff\xfe", b"<!--", b"\x1b[2J"),
    *(b"Content-Type: message/rfc822\n\n", b"Content-Transfer-Encoding: base64\n", b"multipart/"),
]
CHANGE = st.tuples(
    st.floats(0, 1), st.integers(0, 40), st.binary(max_size=20) | st.sampled_from(DAMAGE)
)
SAMPLES = [path.read_bytes() for path in sorted(MAIL.glob("*.eml"))]


@settings(max_examples=500)
@given(st.sampled_from(SAMPLES), st.lists(CHANGE, max_size=8), st.sampled_from(["x.eml", "-", "x"]))
def test_mail_damaged_in_any_way_is_a_message_or_one_clear_line(
    data: bytes, changes: list[tuple[float, int, bytes]], name: str
) -> None:
    for place, length, new in changes:
        start = int(place * len(data))
        data = data[:start] + new + data[start + length :]
    check(data, name)


@settings(max_examples=300)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=300).map(lambda data: HEAD.encode() + data),
        st.binary(max_size=200).map(
            lambda data: HEAD.encode() + b"Content-Type: text/html\n\n<p>" + data
        ),
        st.binary(max_size=60).map(lambda data: b"Content-Type: " + data + b"\n\nHei"),
        st.binary(max_size=60).map(lambda data: b"From: =?utf-8?Q?" + data + b"?= <a@b>\n\nHei"),
        st.text(max_size=60).map(lambda text: f'{{"text": "{text}"}}'.encode()),
    ),
    st.sampled_from(["x.eml", "x.txt", "x.json", "-"]),
)
def test_any_bytes_are_a_message_or_one_clear_line(data: bytes, name: str) -> None:
    check(data, name)


def check(data: bytes, name: str) -> None:
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
        assert "\x1b" not in message.text + message.quoted + message.signature
        assert "\n" not in message.subject + message.sender_name + message.sender_address
