"""Signs in a mail's parts: delivery reports (RFC 3464), receipts (RFC 8098), calendar answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message as Mail

from replykit.kinds.sign import Sign
from replykit.message import Message
from replykit.patterns import prepared
from replykit.reading.headers import parameters
from replykit.reading.invitation import written
from replykit.reading.parts import content_type
from replykit.reading.transfer import part_text

_MAX_PARTS = 50
_MAX_DEPTH = 5
_BY_TYPE = {
    "message/delivery-status": "bounce",
    "message/global-delivery-status": "bounce",
    "message/disposition-notification": "receipt",
    "message/global-disposition-notification": "receipt",
    "message/feedback-report": "system",
    "text/calendar": "calendar",
}
_BY_REPORT = {
    "delivery-status": "bounce",
    "disposition-notification": "receipt",
    "feedback-report": "system",
}
# What programs write into receipts and calendar answers beside the headers of what they answer.
_PROGRAMS_WORDS = prepared(
    r"""^\W*(?:
        (?:your|this|the|a)\ (?:message|e?-?mail|return\ receipt|receipt)\b.*
      | (?:to|from|subject|sent|date|when|where|who|cc|vastaanottaja|lähettäjä|aihe|lähetetty
          |päivä\w*|till|från|ämne|skickat|datum|an|von|betreff|gesendet|milloin|missä|när|var|wann|wo)\s?:.*
      | (?:was|has\ been|is|luettiin|on\ luettu|lästes|har\ lästs|wurde|avattiin|öppnades)\b
          .{0,30}(?:\d|read|displayed|gelesen|opened|deleted|luettu|avattu).*
      | viesti(?:si|nne)?\b.{0,60} | meddelandet?\b.{0,60} | ditt\ meddelande\b.{0,80}
      | (?:ihre|die)\ nachricht\b.{0,80}
      | note:.* | there\ is\ no\ guarantee.* | recipient.s\ computer.* | has\ read\ or\ understood.*
      | .{0,80}\bhas\ (?:accepted|declined|tentatively\ accepted)\b.*
      | .{0,80}\b(?:hyväksyi|hylkäsi|on\ hyväksynyt|har\ accepterat|har\ tackat|hat\ zugesagt)\b.*
      | (?:invitation|kutsu)\ (?:from|palvelusta)\b.* | https?://\S+ | [-_=*~]{3,}
      | microsoft\ teams.* | join\ .{0,40}(?:meeting|online).*
    )$""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
# Google writes who answered, and repeats the invitation.
_ANSWERS = prepared(
    r"\b(?:has|have|on|har|hat)\s+(?:accepted|declined|tentatively accepted|replied|hyväksynyt"
    r"|hylännyt|accepterat|tackat (?:ja|nej)|angenommen|abgelehnt)\b[^.\n]{0,20}"
    r"\b(?:invitation|invite|kutsun|inbjudan|einladung)",
    re.IGNORECASE,
)
_NOTED = prepared(
    r"[?\"“”»]|\bnote|\bcomment|huomautu|\bviesti|kommentti|anteckning|kommentar|notiz",
    re.IGNORECASE,
)
_MANY_WORDS = 5
_DECLINED = prepared(r"PARTSTAT=(?:DECLINED|TENTATIVE)", re.IGNORECASE)
_WORD = prepared(r"\w+")


def signs(mail: Mail, message: Message) -> Iterator[Sign]:
    """The kind of a report, and whether a person added a word of their own to it."""
    found = _found(mail)
    if "bounce" in found:
        yield Sign("bounce", 8.0, "delivery status report (RFC 3464)")
    elif "receipt" in found:
        if not _comment(message.text):
            yield Sign("auto_reply", 8.0, "receipt (disposition notification)")
        else:
            yield Sign("person", 8.0, "wrote a comment into a receipt", "comment")
    elif "system" in found:
        yield Sign("system", 8.0, "abuse report (RFC 5965)")
    elif "calendar" in found:
        yield from _calendar(found["calendar"], message)


def _calendar(part: Mail, message: Message) -> Iterator[Sign]:
    method, _, description = written(part_text(part, parameters(part))[0])
    method = method or parameters(part).get("method", "").upper()
    if method not in ("REPLY", "COUNTER"):
        return
    said = message.text
    if description and " ".join(said.split()) in " ".join(description.split()):
        said = ""
    declined = bool(_DECLINED.search(part_text(part, parameters(part))[0]))
    if method == "COUNTER" or _comment(said, 1 if declined else _MANY_WORDS):
        yield Sign("person", 8.0, "wrote a comment into a calendar answer", "comment")
    else:
        yield Sign("auto_reply", 8.0, f"calendar answer (METHOD:{method})")


def _comment(text: str, words: int = _MANY_WORDS) -> bool:
    """Whether a text beside a report says or asks something that may need an answer: `See you on
    Monday!` does not, a question or a longer sentence may."""
    if _ANSWERS.search(text[:3000]) and not _NOTED.search(text[:3000]):
        return False
    own = _PROGRAMS_WORDS.sub("", text[:3000])
    return "?" in own or len(_WORD.findall(own)) >= words


def _found(mail: Mail) -> dict[str, Mail]:
    """Parts that say what the mail is, not looking into mails that are attached."""
    kind = content_type(mail)
    if kind == "multipart/report":
        known = _BY_REPORT.get(parameters(mail).get("report-type", "").lower())
        if known:
            return {known: mail}
    found: dict[str, Mail] = {}
    parts = [(mail, 0)]
    for part, depth in parts:
        kind = content_type(part)
        if kind in _BY_TYPE:
            found.setdefault(_BY_TYPE[kind], part)
        elif kind.startswith("multipart/") and part.is_multipart() and depth < _MAX_DEPTH:
            children = [child for child in part.get_payload() if isinstance(child, Mail)]
            parts += [(child, depth + 1) for child in children[: _MAX_PARTS - len(parts)]]
    return found
