"""What of a mail's parts its sender wrote, what they forwarded, and what could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as Mail

from replykit.patterns import prepared
from replykit.reading.armor import without_armor
from replykit.reading.headers import fields, header, parameters
from replykit.reading.html import converted, is_html
from replykit.reading.invitation import written
from replykit.reading.mime import parse, raw_payload
from replykit.reading.transfer import decoded, part_text

_MAX_DEPTH = 100
_MAX_FORWARDED = 5
_MAX_TEXTS = 50
_MAX_ATTACHED_MAIL = 1_000_000
_MARKUP = frozenset({"text/html", "text/enriched", "text/richtext"})
_TEXT = _MARKUP | {"text/plain"}
_UNREAD = {
    "application/ms-tnef": (
        "winmail.dat was not read; where the text is only there, ask the sender to write in HTML "
        "or plain text"
    ),
    "multipart/encrypted": "encrypted (PGP): not read",
    "message/partial": "only a piece of a message that was sent in several mails",
}
_SMIME = ("application/pkcs7-mime", "application/x-pkcs7-mime")
# Plain text that says no more than that there is an HTML version.
_SEE_HTML = prepared(
    r"\bhtml|(?:view|read|open|display)\b.{0,40}\b(?:browser|online|web)|selaimes|verkkoversio"
    r"|webbläsare|im browser|navigateur|navegador",
    re.IGNORECASE,
)


@dataclass
class Body:
    """The text of a mail, mails that were attached to it, and notes on what was not read."""

    text: str = ""
    forwarded: list[str] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)

    def note(self, *notes: str) -> None:
        self.notes.update(dict.fromkeys(notes))


def body(mail: Mail, depth: int = 0) -> Body:
    """Reads the parts of a mail; attachments are named in no text and never decoded."""
    found = Body()
    texts: list[tuple[str, bool]] = []
    calendars: list[str] = []
    for text, kind in _texts(mail, found, depth, 0):
        if len(texts) + len(calendars) == _MAX_TEXTS:
            found.note(f"only the first {_MAX_TEXTS} texts of it were read")
            break
        if kind == "text/calendar":
            calendars.append(text)
        elif text.strip():
            _add(texts, text.strip("\n"), kind in _MARKUP)
    found.text = "\n\n".join(text for text, _ in texts)
    for calendar in calendars:
        _add_calendar(found, calendar)
    if not found.text.strip():
        _last_resort(mail, found)
    return found


def _texts(part: Mail, found: Body, depth: int, level: int) -> Iterator[tuple[str, str]]:
    """The texts of a part that are the sender's own, each with its type."""
    kind = content_type(part)
    _note(part, kind, found)
    if level > _MAX_DEPTH:
        found.note("its parts lie too deep in each other to be read")
    elif kind in ("message/rfc822", "message/global"):
        _forward(part, found, depth)
    elif part.is_multipart():
        children: list[Mail] = [child for child in part.get_payload() if isinstance(child, Mail)]
        if kind == "multipart/alternative":
            yield from _best(children, found, depth, level)
        elif kind.startswith("multipart/"):
            for child in children:
                yield from _texts(child, found, depth, level + 1)
    elif _is_own_text(part, kind):
        yield _text(part, found), kind
    elif is_attachment(part) and filename(part).lower().endswith(".eml"):
        _forward(part, found, depth)


def _is_own_text(part: Mail, kind: str) -> bool:
    """Whether a part is text that the sender wrote: a calendar entry may have a file's name."""
    if kind == "text/calendar":
        return not _is_put_aside(part)
    return (kind in _TEXT or kind.startswith("multipart/")) and not is_attachment(part)


def _best(children: list[Mail], found: Body, depth: int, level: int) -> Iterator[tuple[str, str]]:
    """The one of several versions that says most: the plain one, but where it is a stub."""
    plain = ""
    rich: list[Mail] = []
    for child in children:
        kind = content_type(child)
        if kind == "text/plain" and not plain and not is_attachment(child):
            plain = _text(child, found)
        elif kind == "text/calendar":
            yield from _texts(child, found, depth, level + 1)
        else:
            rich.append(child)
    if plain.strip() and not _is_stub(plain, rich):
        yield plain, "text/plain"
        for child in rich:  # what is forwarded there, or cannot be read, counts all the same
            if child.is_multipart():
                for text, kind in _texts(child, found, depth, level + 1):
                    if kind == "text/calendar":
                        yield text, kind
        return
    best: list[tuple[str, str]] = []
    for child in rich:
        texts = list(_texts(child, found, depth, level + 1))
        best = texts if any(text.strip() for text, _ in texts) else best
    words = sum(len(text.split()) for text, _ in best)
    # As a preview the plain version is a part of the other; a hint to read that need not be.
    if plain.strip() and words <= (0 if _SEE_HTML.search(plain) else len(plain.split())):
        best = [(plain, "text/plain")]
    yield from best


def _is_stub(plain: str, rich: list[Mail]) -> bool:
    """Whether plain text hardly says more than that the HTML beside it should be read."""
    size = len(plain.strip())
    if size > 400 or not rich:
        return False
    if _SEE_HTML.search(plain):
        return True
    # A line or two beside a page: many programs put a preview there, or the first line alone.
    page = raw_payload(rich[-1])
    return size < 60 and (page is None or len(page) > 2000)


def _text(part: Mail, found: Body) -> str:
    """A part as text, HTML converted; what was odd goes to the notes."""
    text, notes = part_text(part, parameters(part))
    found.note(*notes)
    if content_type(part) in _MARKUP or is_html(text):
        text, cut = converted(text)
        found.note(*(["a very long text was cut"] if cut else []))
        return text
    text, notes = without_armor(text)
    found.note(*notes)
    return text


def _add(texts: list[tuple[str, bool]], text: str, markup: bool) -> None:
    """Adds a text, but not one that says in HTML what another says in plain text, or reverse."""
    words = f" {' '.join(text.split())} "
    for number, (other, is_markup) in enumerate(texts):
        there = f" {' '.join(other.split())} "
        if markup != is_markup and words in there:
            return
        if markup != is_markup and there in words:
            texts[number] = (text, markup)
            return
    texts.append((text, markup))


def _add_calendar(found: Body, calendar: str) -> None:
    """A person's comment in a calendar answer; a description where nothing else is written."""
    method, comment, description = written(calendar)
    found.note(f"a calendar entry ({method.lower() or 'no method'}) is not part of the text")
    added = comment or ("" if found.text.strip() else description)
    if " ".join(added.split()) not in " ".join(found.text.split()):
        found.text = f"{found.text}\n\n{added}".strip("\n")


def _forward(part: Mail, found: Body, depth: int) -> None:
    """Takes a mail that lies in this one as earlier mail, under its own headers."""
    if depth >= _MAX_FORWARDED or len(found.forwarded) >= _MAX_FORWARDED:
        found.note("not all of the mails attached to it were read")
        return
    inner = _attached_mail(part)
    if inner is None:
        return
    read = body(inner, depth + 1)
    found.note(*read.notes)
    lines = [
        f"{key}: {text}" for key in ("From", "Date", "Subject") if (text := header(inner, key))
    ]
    found.forwarded.append("\n".join([*lines, "", read.text]).strip())
    found.forwarded += read.forwarded


def _attached_mail(part: Mail) -> Mail | None:
    """The mail that a part holds: parsed with it, or in base64, or a file with its name."""
    inner = next(iter(part.get_payload()), None) if part.is_multipart() else None
    if isinstance(inner, Mail) and fields(inner):
        return inner
    text = raw_payload(inner if isinstance(inner, Mail) else part)
    if not text or len(text) > _MAX_ATTACHED_MAIL:
        return None
    encoding = fields(part).get("content-transfer-encoding", "")
    return parse(decoded(text, encoding)[0].lstrip())[0]


def _note(part: Mail, kind: str, found: Body) -> None:
    """Notes what cannot be read, and is not merely attached."""
    if kind in _UNREAD:
        found.note(_UNREAD[kind])
    elif kind in _SMIME:
        sealed = "signed-data" not in parameters(part).get("smime-type", "")
        found.note(f"{'encrypted' if sealed else 'signed in a closed form'} (S/MIME): not read")
    elif kind == "application/octet-stream" and filename(part).lower() == "winmail.dat":
        found.note(_UNREAD["application/ms-tnef"])


def _last_resort(mail: Mail, found: Body) -> None:
    """Where no part is the text: one that has a name as if it were attached, else what there is."""
    kinds: dict[str, None] = {}
    for part in _leaves(mail, 0):
        kind = content_type(part)
        if kind in _TEXT and not (_is_put_aside(part) and filename(part)):
            found.text = _text(part, found)
            if found.text.strip():
                return
        kinds[kind] = None
    others = [kind for kind in kinds if kind not in (*_TEXT, "text/calendar")]
    if others and not found.forwarded:
        found.note(f"no part of it is text ({', '.join(others[:5])})")


def _leaves(part: Mail, level: int) -> Iterator[Mail]:
    if not part.is_multipart():
        yield part
    elif content_type(part).startswith("multipart/") and level <= _MAX_DEPTH:
        for child in part.get_payload():
            if isinstance(child, Mail):
                yield from _leaves(child, level + 1)


def content_type(part: Mail) -> str:
    """A part's type in small letters; what is no type is plain text, as RFC 2045 has it."""
    value = fields(part).get("content-type")
    if value is None:
        return part.get_default_type()
    kind = value.partition(";")[0].strip().lower()
    return kind if re.fullmatch(r"[\w.+-]{1,60}/[\w.+-]{1,100}", kind) else "text/plain"


def is_attachment(part: Mail) -> bool:
    """Whether a part is attached, or has a file's name: then it is not the text."""
    return _is_put_aside(part) or bool(filename(part))


def _is_put_aside(part: Mail) -> bool:
    return fields(part).get("content-disposition", "").lstrip()[:10].lower() == "attachment"


def filename(part: Mail) -> str:
    """The name of the file that a part is, or nothing."""
    known = fields(part)
    if "name" not in (known.get("content-type", "") + known.get("content-disposition", "")).lower():
        return ""
    named = parameters(part, "content-disposition").get("filename", "")
    return named or parameters(part).get("name", "")
