"""The bytes of a mail as its tree of parts, in time and memory that its attachments do not set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email._policybase import Compat32
from email.feedparser import FeedParser
from email.message import Message as Mail

from replykit.patterns import prepared

_CUT_FROM = 1_000_000
_MAX_ATTACHED = 100_000
_MAX_TEXT = 6_000_000
_MAX_PARSED = 8_000_000
_MAX_PARTS = 5000
# The parser takes the parameters of a header apart in time that grows with its square.
_MAX_PARAMETERS = 4000
_HEADER_END = re.compile(rb"\n\r?\n")
_FIRST_BLANK = prepared(r"\n\r?\n")
_HAS_PARTS = prepared(r"multipart/|message/", re.IGNORECASE)
_NAMES_TEXT = re.compile(
    rb"^content-type:\s*(?:text/(?:plain|html|calendar|enriched)|multipart/|message/)",
    re.IGNORECASE | re.MULTILINE,
)
_NAMES_TYPE = re.compile(rb"^content-type:", re.IGNORECASE | re.MULTILINE)
_NAMES_ATTACHMENT = re.compile(rb"^content-disposition:\s*attachment", re.IGNORECASE | re.MULTILINE)
_LOST_BOUNDARY = prepared(
    r'^--([^\s"][^\r\n"]{0,200}?)[ \t]*\r?\n(?=content-[a-z-]+:)', re.IGNORECASE | re.MULTILINE
)


class _Policy(Compat32):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value of a header; what says how a part is read is cut to a parseable length."""
        name, _, value = sourcelines[0].partition(":")
        value = (value.lstrip(" \t") + "".join(sourcelines[1:])).rstrip("\r\n")
        return name, value[:_MAX_PARAMETERS] if name[:8].lower() == "content-" else value


_POLICY = _Policy()


def parse(data: bytes) -> tuple[Mail, tuple[str, ...]]:
    """The tree of a mail's parts, and what of it was left out."""
    notes: tuple[str, ...] = ()
    if len(data) > _CUT_FROM or data.count(b"\n--") > _MAX_PARTS:
        data, notes = _without_attachments(data)
    try:
        mail = _parse(data.decode("ascii", "surrogateescape"))
    except RecursionError:
        head = _HEADER_END.split(data, maxsplit=1)[0]
        lines = [line for line in head.split(b"\n") if not line.lower().startswith(b"content-")]
        mail = _parse(b"\n".join(lines).decode("ascii", "surrogateescape"))
        notes = (*notes, "its parts lie too deep in each other to be read")
    return _mended(mail), notes


def _parse(text: str) -> Mail:
    """The tree of parts. The body of a mail that has but one goes past the parser, which would
    look for the end of a part in each of its lines."""
    head, body = text, ""
    if end := _FIRST_BLANK.search(text):
        head = text[: end.end()]
        if not _HAS_PARTS.search(head):
            body = text[end.end() :]
        else:
            head = text
    parser: FeedParser[Mail] = FeedParser(policy=_POLICY)
    parser.feed(head)
    mail = parser.close()
    if body:
        # Not empty where a line of the header is none: the body began there.
        mail.set_payload((raw_payload(mail) or "") + body)
    return mail


def raw_payload(part: Mail) -> str | None:
    """The content of a part that has no parts, as it stands: get_payload() would already replace
    what does not fit the declared charset, or raise for an odd one."""
    payload = vars(part).get("_payload")
    return payload if isinstance(payload, str) else None


def _mended(mail: Mail) -> Mail:
    """The mail; one whose boundary is lost or wrong, parsed by the boundary that stands in it."""
    body = raw_payload(mail)
    if not body or mail.get_content_maintype() != "multipart":
        return mail
    found = _LOST_BOUNDARY.search(body)
    if found:
        mended = _parse(f'Content-Type: multipart/mixed; boundary="{found[1]}"\n\n{body}')
        if mended.is_multipart():
            mail.set_payload(mended.get_payload())
    return mail


def _without_attachments(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A large mail without the content of its large attachments, which nobody decodes."""
    notes: Mapping[str, None] = {}
    places = [0]
    for match in re.finditer(rb"\n--(?=[^\s])", data):
        if len(places) == _MAX_PARTS:
            notes = {f"only the first {_MAX_PARTS} parts were read": None}
            data = data[: match.start()]
            break
        places.append(match.start())
    kept: list[bytes] = []
    room = _MAX_PARSED
    for start, end in zip(places, [*places[1:], len(data)], strict=True):
        most = min(_most(data, start, end), room)
        if end - start > most:
            kept.append(data[start : start + most] + b"\n")
            if most in (_MAX_TEXT, room):
                notes = {**notes, "a very long text was cut": None}
        else:
            kept.append(data[start:end])
        room -= len(kept[-1])
        if room <= 0:
            break
    return b"".join(kept), tuple(notes)


def _most(data: bytes, start: int, end: int) -> int:
    """How much to keep of what stands between two lines that may be boundaries."""
    if end - start <= _MAX_ATTACHED:
        return end - start
    head_end = _HEADER_END.search(data, start, start + _MAX_ATTACHED)
    if head_end is None:
        return _MAX_ATTACHED if start else _MAX_TEXT
    head = data[start : head_end.start() + 1]
    attached = _NAMES_ATTACHMENT.search(head)
    if attached or (_NAMES_TYPE.search(head) and not _NAMES_TEXT.search(head)):
        return head_end.end() - start
    return _MAX_TEXT
