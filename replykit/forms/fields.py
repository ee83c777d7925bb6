"""The fields of a web form's mail: labels, their values, and what its program wrote around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from replykit.patterns import prepared

_PATH = Path(__file__).parents[1] / "data" / "forms.txt"
_MAX_LABEL = 60
_MAX_LINES = 2000
_DECORATION = " \t*_#|>•·-–—"
_NUMBERED = prepared(r"^(?:\d{1,2}[.)]|\[|Q\d{1,2}[.:])\s{0,3}(?=[^\W\d])")
_LABEL_END = " \t*_:|=?.()[]"
_SPLIT = prepared(r"\s?\.{3,}\s?:?|[:|\t\]=]|(?<=\?)(?=\s)|\s[-–]\s|\s{3,}")
_ASIDE = prepared(r"\s*\([^()]{0,60}\)\s*:?\s*$")
_RULE = prepared(r"[-_=*~\s]{2,}")
_SUBMISSION = prepared(
    r"\W{0,3}https?://\S{1,200}(?:submission|response|entry|vastau|svar)\S{0,100}"
)
EMAIL = prepared(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
# Not "product name", "file name", the child's name.
_BY_WORD = (
    (
        prepared(
            r"lapse|child|barn|puoliso|spouse|koira|lemmik|tuot|tiedost|product|file|item|event|tapahtum|käyttäjä|user|produkt|fil|konto"
        ),
        "",
    ),
    (prepared(r"e-?mail|sähköposti|s-posti|e-?post|mejl"), "email"),
    (prepared(r"puhelin|puh\b|phone|\bgsm|mobil|\btel\b|telefon"), "phone"),
    (prepared(r"yritys|yrity|yhtiö|organis|company|företag|firma|business"), "company"),
    (prepared(r"etunimi|förnamn|first name"), "first_name"),
    (prepared(r"sukunimi|efternamn|surname|last name"), "last_name"),
    (prepared(r"nimi\b|nimesi\b|namn\b|\bname\b|yhteyshenkilö|kontaktperson"), "name"),
    (
        prepared(
            r"viesti\b|viestisi|viestin|palaut|kysymy|kuvaus|kommentt|selostus|lisätie|terveis"
            r"|message|comment|question|description|feedback|enquiry|inquiry|details"
            r"|meddelande|beskriv|fråga|kommentar|synpunkt|nachricht|frage|anliegen"
        ),
        "message",
    ),
)
_MOST_WORDS, _LONGEST_CONTACT = 5, 7
ANSWER_WORDS = 4
CONTACT = frozenset({"name", "first_name", "last_name", "from", "email", "phone", "company"})
_WRITTEN = frozenset({"message", "question"})
_IN_MESSAGE = frozenset(
    {"name", "first_name", "last_name", "email", "phone", "company", "technical", "message"}
)


@dataclass
class Field:
    """A part of a form's mail.

    `kind` is that of its label (`name`, `message` …), `question` for another label that asks,
    `other` for another label, `loose` for lines under none, `frame` for what the program wrote.
    """

    kind: str
    label: str = ""
    value: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    @property
    def asked_above(self) -> bool:
        """Whether its label is a line of its own."""
        return bool(self.lines) and self.lines[0].strip(_DECORATION).endswith(self.label)

    @property
    def text(self) -> str:
        return "\n".join(self.value).strip()


def read_fields(text: str, alone: bool = False) -> list[Field]:
    """The parts of a text in their order; every line that is not blank is in one of them.

    `alone` where a question on a line of its own is taken for a label, its answer below: else
    only after a label that stands so.
    """
    found: list[Field] = []
    current: Field | None = None
    for line in text.split("\n")[:_MAX_LINES]:
        plain = _NUMBERED.sub("", line.strip(_DECORATION))
        if not plain:
            if line.strip():  # a row of dashes: what follows is the foot of the mail, or a field
                found.append(Field("frame", lines=[line]))
                current = None
            elif current is not None and current.kind in _WRITTEN:
                current.value.append("")
            continue
        labelled = _labelled(plain, line, current, alone)
        if labelled is not None:
            alone = alone or (labelled.kind in CONTACT and not labelled.value)
            current = labelled
            found.append(current)
        elif is_frame(plain):
            current = None
            found.append(Field("frame", lines=[line]))
        elif current is not None and (current.kind in _WRITTEN or not current.text):
            current.value.append(line.strip(" \t|"))
            current.lines.append(line)
        else:
            current = None
            found.append(Field("loose", value=[line], lines=[line]))
    return found


def _labelled(plain: str, line: str, current: Field | None, alone: bool) -> Field | None:
    """The field that a line begins, if it does; `alone` where labels stand above their values."""
    inside = current is not None and _is_inside(current)
    wanted = current is not None and current.kind not in _WRITTEN and not current.text
    whole = kind_of_label(plain)
    if whole and not (wanted and not plain.endswith(":")) and (not inside or whole in _IN_MESSAGE):
        return Field(whole, plain, [], [line])
    if plain.endswith("?") and not inside and not wanted:
        whole = kind_of_label(plain, "")
        if whole:
            return Field(whole, plain, [], [line])
    match = _SPLIT.search(plain[: 2 * _MAX_LABEL])
    if match is None:
        asks = plain.endswith("?") and len(plain) <= 100 and not inside and not wanted
        alone = alone or (current is not None and current.kind == "question")
        return Field("question", plain, [], [line]) if asks and alone else None
    label, value = plain[: match.start()], plain[match.end() :].strip(" \t*_|")
    if label[-1:].isdigit() and value[:1].isdigit():  # a time
        return None
    kind = kind_of_label(label) if inside else kind_of_label(label, value)
    if inside:
        # Within a message a label alone begins the next field; a word and a colon may be its own.
        known = kind in _IN_MESSAGE and (kind != "message" or not value)
        if known:
            return Field(kind, label, [value] if value else [], [line])
        ticked = current is not None and current.kind == "question" and label.endswith("?")
        return Field("question", label, [value], [line]) if ticked and _is_short(value) else None
    if kind:
        return Field(kind, label, [value] if value else [], [line])
    if label.endswith("?"):
        return Field("question", label, [value] if value else [], [line])
    if value and 0 < len(label) <= 40 and not value.startswith("//"):
        return Field("other", label, [value], [line])
    return None


def _is_inside(current: Field) -> bool:
    """Whether a message, or a long answer to a question, has begun and may go on."""
    if current.kind == "question":
        return not _is_short(current.text)
    return current.kind == "message"


def _is_short(text: str) -> bool:
    return len(text.split()) < ANSWER_WORDS


def kind_of_label(label: str, value: str | None = None) -> str:
    """Which field a label names; nothing where it is no known one.

    Labels that are not in the list are told by a word in them, where a value stands beside.
    """
    if len(label) > 2 * _MAX_LABEL:
        return ""
    label = " ".join(_ASIDE.sub("", label.lower()).strip(_LABEL_END + _DECORATION).split())
    kind = _labels()[0].get(label, "")
    if value is None:
        return kind
    if not kind and EMAIL.fullmatch(value.strip("<>. ")):
        return "email"
    if not kind and len(label.split()) <= _MOST_WORDS:
        kind = next((kind for pattern, kind in _BY_WORD if pattern.search(label)), "")
    # Who is asked for their phone's fault does not give a number.
    return kind if kind not in CONTACT or len(value.split()) <= _LONGEST_CONTACT else ""


def is_frame(plain: str) -> bool:
    """Whether a line is one that the programs of forms write."""
    lowered = " ".join(plain[:200].lower().split())
    return (
        lowered.startswith(_labels()[1])
        or bool(_RULE.fullmatch(plain))
        or bool(_SUBMISSION.fullmatch(plain))
    )


@cache
def _labels() -> tuple[dict[str, str], tuple[str, ...]]:
    labels: dict[str, str] = {}
    frames: list[str] = []
    section = ""
    for row in _PATH.read_text("utf-8").splitlines():
        if row.startswith("["):
            section = row.strip("[]")
        elif row and row[0] != "#" and section == "frame":
            frames.append(row)
        elif row and row[0] != "#":
            labels.setdefault(row.strip(_LABEL_END + _DECORATION), section)
    return labels, tuple(frames)


def first(fields: Iterable[Field], *kinds: str) -> str:
    """The value of the first field of the kinds that has one, on one line."""
    values = (" ".join(item.text.split()) for item in fields if item.kind in kinds)
    return next((value for value in values if value), "")
