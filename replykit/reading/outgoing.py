"""A mail that is to go out: its own words with their places in the file, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message as Mail

from replykit.cleaning import OWN, QUOTED, SIGNED, marked_lines
from replykit.cleaning.attribution import MAX_LINES, ends_attribution
from replykit.cleaning.blocks import header_block, label
from replykit.cleaning.signoffs import closing, may_be_name
from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.headers import envelope, header
from replykit.reading.mail import BROKEN
from replykit.reading.mailboxes import Mailbox, mailboxes
from replykit.reading.mime import parse
from replykit.reading.parts import body, content_type, filename, is_attachment
from replykit.reading.plain import from_plain
from replykit.reading.text import clean, decode_mail, one_line

_MOST_STARTS = 200  # ends of headers after which the text is looked for
_MOST_PARTS = 1000
# Parts with a name of their own that no sender means by "attached".
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "text/x-vcard")
_QUOTE_MARK = re.compile(r"^> ?")
_PATCH = re.compile(r"^diff --git a/", re.MULTILINE)
_PATCH_HEAD = "\n---\n"
_OCTET = r"(?:=\n)?=([0-9A-Fa-f]{2})"
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Outgoing:
    """What is to be checked of a mail.

    `text` is what its sender wrote now, with greeting and sign-off, without quotes, signature and
    patches; `places` are the offsets of its characters, and of its end, in `source`. That is the
    whole file where the text can be found in it, else (base64, HTML) the text itself. `message`
    is what is quoted below: what the customer wrote; `customer` the one recipient.
    """

    text: str
    source: str
    places: tuple[int, ...]
    subject: str = ""
    customer: Mailbox | None = None
    message: Message | None = None
    attachments: tuple[str, ...] = ()

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of the text stands in the source."""
        last = self.places[end - 1] + 1 if end > start else self.places[start]
        return self.places[start], last


def read_outgoing(data: bytes, name: str) -> Outgoing:
    """Reads a mail that is to go out. Raises ReplyKitError for one that cannot be read, and for
    one in which there is nothing."""
    try:
        mail, _ = parse(data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
        read = body(mail)
        whole = clean(read.text)
        attachments = tuple(_attachments(mail))
        to = mailboxes(envelope(mail).to)
        subject = one_line(header(mail, "Subject"))
    except BROKEN as error:
        raise ReplyKitError(f"{name}: this mail cannot be read ({error})") from None
    unread = [note for note in read.notes if "not read" in note]
    if not whole and (unread or not (attachments or read.forwarded)):
        raise ReplyKitError(f"{name}: {'; '.join(unread) or 'the draft is empty'}")
    text, offsets = _own(whole)
    source = decode_mail(data)[0].replace("\r\n", "\n")
    places = _aligned(whole, source, offsets)
    customer = to[0] if len(to) == 1 else None
    return Outgoing(
        text=text,
        source=source if places else text,
        places=places or tuple(range(len(text) + 1)),
        subject=subject,
        customer=customer,
        message=_answered(whole, subject, customer),
        attachments=attachments,
    )


def _attachments(mail: Mail) -> Iterator[str]:
    """The names of the files that a mail carries."""
    waiting = [mail]
    for _ in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        kind = content_type(part)
        if kind in _SIGNATURES:
            continue
        if kind.startswith("message/") or is_attachment(part):
            yield one_line(filename(part), 200) or kind
        elif part.is_multipart():
            waiting += [child for child in part.get_payload() if isinstance(child, Mail)]


# Own words


def _own(whole: str) -> tuple[str, list[int]]:
    """What the sender wrote now, and the offset in the whole text of each of its characters."""
    patch = _PATCH.search(whole)
    if patch:
        head = whole.rfind(_PATCH_HEAD, 0, patch.start())
        whole = whole[: head + 1 if head >= 0 else patch.start()]
    text: list[str] = []
    offsets: list[int] = []
    start = 0
    for keep, line in _kept(whole):
        if keep:
            text.append(line + "\n")
            offsets += range(start, start + len(line) + 1)
        start += len(line) + 1
    joined = "".join(text)
    stripped = joined.strip()
    first = joined.find(stripped)
    offsets = offsets[first : first + len(stripped)]
    for gap in reversed(list(_BLANK_LINES.finditer(stripped))):  # where quotes were left out
        stripped = stripped[: gap.start() + 2] + stripped[gap.end() :]
        del offsets[gap.start() + 2 : gap.end()]
    return stripped, offsets


def _marked(whole: str) -> list[tuple[int, str]]:
    """Each line with what it is. Of a mail that is only sent on nothing is its sender's own."""
    lines = list(marked_lines(whole))
    filled = [(part, line) for part, line in lines if line.strip()]
    sent_on = filled and filled[0][0] == QUOTED
    if sent_on and not any(part == QUOTED and line.startswith(">") for part, line in filled):
        return [(QUOTED, line) for _, line in lines]
    return lines


def _kept(whole: str) -> Iterator[tuple[bool, str]]:
    """Each line, and whether it is checked: of a signature the words of the sign-off are, and the
    name below them."""
    above, last = False, OWN  # whether a name may follow; what the line above is
    for part, line in _marked(whole):
        key = line.strip()
        off = part == SIGNED and bool(key) and _is_sign_off(key, first=last != SIGNED)
        named = part == SIGNED and above and bool(key) and may_be_name(key)
        yield part == OWN or off or named or (not key and part != QUOTED), line
        above = off or (above and not key)
        last = part


def _is_sign_off(key: str, first: bool) -> bool:
    """Whether a signature's line is its sign-off: known words, or its first line by its form."""
    return bool(closing(key)) or (first and (key.endswith(",") or may_be_name(key)))


def _answered(whole: str, subject: str, customer: Mailbox | None) -> Message | None:
    """The message that a mail quotes, by the one whom it goes to."""
    lines = [line.strip() for part, line in _marked(whole) if part == QUOTED]
    marked = [_QUOTE_MARK.sub("", line) for line in lines if line.startswith(">")]
    message = from_plain("\n".join(marked or lines[_head(lines) :]))
    if not message.text:
        return None
    address = customer.address if customer else ""
    return replace(message, subject=subject, sender_address=address, channel="email")


def _head(lines: list[str]) -> int:
    """How many lines of a quote only say whose it is."""
    first = next((number for number, line in enumerate(lines) if label(line)), -1)
    if 0 <= first <= MAX_LINES:
        return header_block(lines, first, announced=True)[0]
    ends = (number for number, line in enumerate(lines[:MAX_LINES]) if line)
    return next((number + 1 for number in ends if ends_attribution(lines[number])), 0)


# Places


def _aligned(whole: str, source: str, offsets: list[int]) -> tuple[int, ...]:
    """The places in the file of the characters at `offsets` of its text, and of their end; nothing
    where the text does not stand in it letter by letter."""
    starts = [0, *(match.end() for match in re.finditer(r"\n\n", source))][: _MOST_STARTS + 1]
    for start in starts[1:] or starts:
        places = _walk(whole, source, start)
        if places:
            found = [places[offset] for offset in offsets]
            end = found[-1] + 1 if found else start
            return (*found, min(end, len(source)))
    return ()


def _walk(whole: str, source: str, place: int) -> list[int]:
    """The place of each character of a text in the file, from `place` on; nothing where one is
    missing. What stands between them is what mail programs add: line ends of flowed and of
    quoted-printable text, blanks, marks of quotation."""
    found: list[int] = []
    size = len(source)
    above = ""
    for character in whole:
        after_mark, above = above == ">", character
        while True:
            if place >= size:
                return []
            there = source[place]
            if after_mark and character == " " and there != " ":  # ">" was made "> "
                found.append(place)
                break
            if there == character or (there.isspace() and character == " "):
                found.append(place)
                place += 1
                break
            if there == "=" and source[place + 1 : place + 2] == "\n":
                place += 2
            elif there == "=" and (width := _encoded_width(source, place, character)):
                found.append(place)
                place += width
                break
            elif character == "\n" and not there.isspace() and there != ">":
                return []
            elif there.isspace() or there == ">" or not there.isprintable():
                place += 1
            else:
                return []
    return found


def _encoded_width(source: str, place: int, character: str) -> int:
    """How long a character is at this place as quoted-printable; 0: it is another."""
    for charset in ("utf-8", "cp1252"):
        data = character.encode(charset, "ignore")
        found = re.compile(_OCTET * len(data)).match(source, place) if data else None
        if found and bytes.fromhex("".join(found.groups())) == data:
            return len(found.group())
    blank = re.compile(r"=(?:20|09|A0|C2=A0)").match(source, place) if character == " " else None
    return len(blank.group()) if blank else 0
