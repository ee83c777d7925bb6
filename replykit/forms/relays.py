"""Messages that a program passed on for a person: voicemail, chats, marketplaces, mailing lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message as Mail

from replykit.forms.fields import Field, first, is_frame
from replykit.patterns import prepared
from replykit.reading.headers import fields as header_fields
from replykit.understanding.names import person_name

_PHONE = prepared(r"\+?\d[\d ()./-]{4,20}\d")
_SPOKEN = prepared(
    r"voice ?-?(?:mail|message)|ääniviesti|puheviesti|puheposti|vastaajaviesti|röstmeddelande"
    r"|röstbrevlåda|talmeddelande|talesvar|telefonsvar|sprachnachricht|talepost|message vocal"
    r"|\bsms\b|tekstiviesti|text message|textmeddelande|whatsapp|\bfaxi?\b",
    re.IGNORECASE,
)
_BEGIN = prepared(
    r"^\W{3,}\s*(?:begin )?(?:message|viesti|meddelande|nachricht)\s*:?\W{3,}$",
    re.IGNORECASE | re.M,
)
_END = prepared(
    r"^\W{3,}\s*(?:end (?:of )?(?:the )?message|viesti päättyy|viestin loppu|slut på meddelandet)"
    r"\s*\W{3,}$",
    re.IGNORECASE | re.MULTILINE,
)
_SAYS = prepared(
    r"^\W*(?:message from |viesti käyttäjältä |meddelande från )?(?P<name>[^\W\d_][^\n:<>]{0,40}?)"
    r"\s(?:skriver|skrev|frågar|writes|wrote|says|said|asks|asked|kirjoittaa|kirjoitti|kysyy|kysyi"
    r"|sanoo|schreibt|(?:lähetti|jätti|on lähettänyt|on jättänyt|skickade|lämnade|har skickat"
    r"|har lämnat|sent|left|has sent|has left)"
    r"(?= [^\n]{0,40}(?:viesti|kysymy|palaut|arvost|meddelande|fråga|omdöme|message|question|review"
    r"|feedback)))(?: to you| sinulle| teille| till (?:dig|er))?[^\n:.!?]{0,60}"
    r"(?:\d[.:]\d\d)?\s?[:.]\s*(?P<said>[^\n]*)$"
    r"|^\W*(?:message from|viesti käyttäjältä|viesti asiakkaalta|meddelande från)\s"
    r"(?P<from>[^\n:<>]{1,40}):\s*(?P<text>[^\n]*)$",
    re.IGNORECASE | re.MULTILINE,
)
_TIME = r"[(\[]?\d\d?[:.]\d\d(?:[:.]\d\d)?(?![.:]?\d)(?:\s?[ap]\.?m\.?)?[)\]]?"
_WHO = r"(?P<who>[^\W\d_][^\n:()\[\]\d]{0,40}?)"
_TURNS = (
    prepared(rf"^\W{{0,4}}{_TIME}[\s-]{{1,4}}{_WHO}\s?:\s*(?P<said>.*)$", re.IGNORECASE),
    prepared(rf"^\W{{0,4}}{_WHO}[\s,-]{{1,4}}{_TIME}\s?:?\s*(?P<said>.*)$", re.IGNORECASE),
)
_MOST_ABOVE, _FEW_WORDS = 25, 4
# What a gateway says of a message that we sent.
_OF_OURS = prepared(
    r"delivery (?:report|receipt|status|failure)|\b(?:un|not )delivered|toimitusraportti"
    r"|toimitustila|ei (?:voitu toimittaa|toimitettu)|leveransrapport|leveransstatus|ej levererat"
    r"|zustellbericht|nicht zugestellt",
    re.IGNORECASE,
)
# A number, or how many of what.
_TELLS = prepared(r"\d{4,}|\b\d+ ?[x×] ")
_CHAT = prepared(
    r"\bchat|\bchatt|conversation with|transcript|keskustelu|\bsamtal|live ?chat", re.IGNORECASE
)
_VISITOR = {
    *("visitor", "guest", "customer", "client", "you", "me", "besökare", "kund", "gäst", "du"),
    *("vierailija", "kävijä", "asiakas", "sinä"),
}
_NAMED_IN_SUBJECT = prepared(
    r"""(?:customer|buyer|guest|asiakkaalta|ostajalta|käyttäjältä|kunden|köparen)\s
            (?P<a>[^\W\d_][\w'’-]{1,20}(?:\s[^\W\d_][\w'’-]{1,20}){0,2})(?=\s*(?:\(|:|$|[-–#]))
      | (?:conversation|chat|keskustelu|samtal)\s(?:with|med)?\s?
            (?P<b>[^\W\d_][\w'’-]{1,20}(?:\s[^\W\d_][\w'’-]{1,20}){0,2})(?=\s*(?:\(|\#|:|$|[-–]))
      | ^(?P<c>[^\W\d_][\w'’-]{1,20}(?:\s[^\W\d_][\w'’-]{1,20}){0,2})\s
            (?:har\ en\ fråga|har\ skickat|skickade|kysyy|kysyi|lähetti|sent\ you|asked
              |has\ a\ question|sinulle|skriver|on\ lähettänyt)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Passed:
    """What a relay passed on: whose words, and what it wrote around them; `marked` where it set
    marks before and after the words."""

    text: str
    around: str
    name: str = ""
    phone: str = ""
    marked: bool = False


def is_spoken(mail: Mail, subject: str) -> bool:
    """Whether a switchboard or a gateway sent a voicemail, a text message or a fax."""
    known = header_fields(mail)
    headers = ("x-voice-caller", "x-vm-duration", "x-sms-from", "x-fax-from", "x-caller-id")
    return bool(_SPOKEN.search(subject)) or any(key in known for key in headers)


def spoken(mail: Mail, subject: str, found: Sequence[Field]) -> Passed | None:
    """A voicemail, text message or fax: its words, and the number it came from."""
    opening = " ".join(line for item in found[:3] for line in item.lines)[:300]
    if not is_spoken(mail, f"{subject}\n{opening}") or _OF_OURS.search(subject):
        return None
    numbers = (first(found, "phone"), first(found, "from", "name"), subject, opening)
    phone = next((match[0] for text in numbers if (match := _PHONE.search(text))), "")
    if not phone:
        return None
    said = [item for item in found if item.kind == "message" and item.text]
    rest = [item for item in found if item.kind in ("loose", "other", "question", "subject")]
    if len(_words(said)) < min(len(_words(rest)), _FEW_WORDS):
        # All that stands above the gateway's own foot.
        foot = next((n for n, item in enumerate(found) if n and item.kind == "frame"), len(found))
        above = [item for item in found[:foot] if item in rest]
        said = above if _words(above) else rest
    # A question in the message is no label of what follows it.
    lines = ((item.kind == "message" and item.value) or item.lines for item in said)
    words = "\n".join(line.lstrip("> ") for part in lines for line in part)
    around = [line for item in found if item not in said for line in item.lines]
    return Passed(words.strip(' "“”\n'), "\n".join(around), phone=phone.strip())


def _words(items: Sequence[Field]) -> list[str]:
    return " ".join(item.text for item in items).split()


def chat(subject: str, text: str, name: str) -> Passed | None:
    """What the customer said in a chat whose transcript was sent as mail."""
    if not _CHAT.search(f"{subject}\n{text[:300]}"):
        return None
    turns = _turns(text)
    wanted = (name or named_in_subject(subject)).casefold().split()[:1]
    mine = {
        who
        for who, _ in turns
        if who.casefold() in _VISITOR or (who and who.casefold().split()[:1] == wanted)
    }
    if not mine:
        from replykit.reading.transcript import from_transcript

        read = from_transcript(text)
        return Passed(read.text, read.quoted, name=name or read.sender_name) if read else None
    said = [line for who, lines in turns if who in mine for line in lines]
    around = [line for who, lines in turns if who not in mine for line in (who, *lines) if line]
    return Passed("\n".join(said).strip(), "\n".join(around), name=name)


def _turns(text: str) -> list[tuple[str, list[str]]]:
    """Who said which lines; before the first turn and after a blank line, nobody did."""
    turns: list[tuple[str, list[str]]] = [("", [])]
    for line in text.split("\n")[:2000]:
        match = next((match for turn in _TURNS if (match := turn.match(line[:500]))), None)
        if match:
            who = " ".join(match["who"].split())
            turns.append((who, [match["said"] + line[500:]]))
        elif not line.strip():
            turns.append(("", []))
        else:
            turns[-1][1].append(line)
    return turns


def marked(text: str) -> Passed | None:
    """What stands between the marks that a marketplace sets, or after `Lotta writes:`; what stands
    above and is not its own frame, such as the order, is kept below."""
    name, end = "", None
    if begin := _BEGIN.search(text):
        end = _END.search(text, begin.end())
        words = text[begin.end() : end.start() if end else len(text)]
        after = text[end.end() :] if end else ""
        above = text[: begin.start()]
    elif (begin := _says(text)) is not None:
        words, after = _until_frame(text[begin.end() :])
        words = f"{begin['said'] or begin['text'] or ''}\n{words}"
        above = text[: begin.start()]
        name = " ".join((begin["name"] or begin["from"] or "").split())
    else:
        return None
    lines = [line for line in above.split("\n") if line.strip()]
    kept = [line for line in lines if not is_frame(line.strip(" \t*_#|>-")) and _TELLS.search(line)]
    around = [line for line in lines if line not in kept]
    words = "\n\n".join(part for part in (words.strip(), "\n".join(kept)) if part)
    frame = "\n".join((*around, after.strip())).strip()
    return Passed(words, frame, name=name, marked=end is not None)


def _says(text: str) -> re.Match[str] | None:
    """`Lotta writes:`, near the top; not what a customer tells of somebody (`The driver said:`)."""
    begin = _SAYS.search(text)
    if begin is None or len(text[: begin.start()].split()) > _MOST_ABOVE:
        return None
    name = (begin["name"] or begin["from"] or "").strip()
    written = person_name(name) and all(word[0].isupper() for word in name.split())
    return begin if written or name.casefold() in _VISITOR else None


def _until_frame(text: str) -> tuple[str, str]:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip() and is_frame(line.strip(" \t*_#|>-")):
            return "\n".join(lines[:number]).strip(), "\n".join(lines[number:]).strip()
    return text.strip(), ""


def _name_in(subject: str) -> str:
    match = _NAMED_IN_SUBJECT.search(subject[:300])
    return next((name for name in match.groups() if name), "") if match else ""


def named_in_subject(subject: str) -> str:
    """The person whose message a subject announces: `Question from customer Sheila (Order: …)`."""
    return person_name(_name_in(subject))
