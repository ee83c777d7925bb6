"""Tells machine mail from customers' mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.message import Message as Mail

from replykit.kinds import headers, letter, person, reports, shape, spam, words
from replykit.kinds.sign import Sign, total
from replykit.message import REPLY_PREFIX, Message
from replykit.reading.headers import sender

# How much more must speak for a machine than for a person: a customer's mail that is dropped does
# more harm than a machine's that is let through. Words alone, without any sign in the header,
# must say it more clearly.
_NEEDED, _NEEDED_BY_WORDS, _NEEDED_OF_NOBODY = 2.5, 3.5, 3.0
_KINDS = ("bounce", "auto_reply", "spam", "system", "bulk")
_FAMILIES = (("bounce", "auto_reply"), ("system", "bulk", "spam"))
_MOST_REASONS = 12
_OF_ANY_PROGRAM = ("sent by a program", "sender", "noreply", "page")
_OF_ITS_WAY = (*_OF_ANY_PROGRAM, "null path")
# What of a person speaks against each kind. Who is away, sells or cheats writes letters as any
# customer does; but asks nothing of us, or has no matter with us.
_AGAINST = {
    "bulk": (
        *("asks", "own", "trouble", "self", "doubts", "comment", "reply to", "letter", "greeting"),
        *("by hand", ""),
    ),
    "bounce": ("asks", "own", "trouble", "doubts", "comment", "by hand"),
    "auto_reply": ("asks", "own", "trouble", "doubts", "comment", "by hand"),
    "spam": ("own", "trouble", "doubts"),
    "pitch": ("own", "trouble", "doubts"),
}
_CONVINCING = 4.0
_SAID_TWICE, _TELLING, _OFFERED = 2, 2.0, 3.0
_REQUEST, _HEADED, _PHRASE = 2.0, 3.5, 2.5
# Newsletters ask, too; a person who writes with their tools signs.
_UNSIGNED = 0.6
# Where nobody asks or tells anything of their own, so much less must speak for a machine.
_WANTS = ("asks", "own", "self", "trouble", "doubts", "comment", "reply to", "letter", "by hand")
_SILENT, _SILENT_FROM_WORDS = 1.5, 6


def kind_of(mail: Mail, message: Message) -> tuple[str, tuple[str, ...]]:
    """A mail's kind, and a short line for each sign that spoke for a machine, or for a person
    where machines' signs were outweighed."""
    written = [*headers.signs(mail), *reports.signs(mail, message)]
    said = list(words.machine_signs(message))
    if message.customer:  # a form or relay sent it for them: how it was sent says nothing
        written = [sign for sign in written if sign.kind == "spam"]
        said = [sign for sign in said if sign.kind == "spam"]
    if not written and not said:
        return "customer", ()
    machine = [sign for sign in (*written, *said) if sign.kind != "person"]
    if all(sign.group == "sender" for sign in machine):  # forms write so, too
        return "customer", _reasons(machine)
    if any(sign.group == "of a tracker" for sign in machine) and headers.is_of_own_organisation(
        mail, message.text
    ):
        machine.append(Sign("system", 6.0, "from a service of our own"))
    human = [sign for sign in written if sign.kind == "person"]
    human += person.signs(mail, message)
    html = shape.html_of(mail)
    for sign in shape.signs(mail, message, html):
        (human if sign.kind == "person" else machine).append(sign)
    if any(sign.kind == "spam" for sign in machine):
        machine += spam.signs(mail, message, html)
    in_header = total(sign for sign in written if sign.kind != "person") >= _TELLING or (
        headers.is_program(sender(mail)[1].partition("@")[0])
    )
    needed = _NEEDED if in_header else _NEEDED_BY_WORDS
    kind = _kind(machine)
    silent = not total(human, _WANTS)
    footed = silent and total(machine, ("footer", "noreply")) > 0
    if silent and len(message.text.split()) >= _SILENT_FROM_WORDS:
        if in_header or footed:
            needed -= _SILENT
        elif _is_said_in_text(said, kind) and shape.is_from_nobody(message):
            needed, footed = _NEEDED_OF_NOBODY, True
    if not (in_header or footed or _is_said_clearly(machine, kind)):
        return "customer", _reasons(machine, human)
    if not in_header and letter.is_persons(message, kind, machine, human):
        return "customer", _reasons(machine, human)
    against = total(
        human,
        _AGAINST.get(_manner(machine, human, kind, bool(REPLY_PREFIX.match(message.subject)))),
    )
    if kind == "bulk" and in_header and not total(human, ("letter",)):
        against *= _UNSIGNED
    if _weight(machine, kind) - against < needed:
        return "customer", _reasons(machine, human)
    return kind, _reasons(machine)


def _is_said_clearly(signs: Sequence[Sign], kind: str) -> bool:
    """Whether words alone tell a kind: in two ways, or by a subject that programs begin so."""
    clear = [sign for sign in signs if sign.kind == kind and sign.weight >= 1]
    return len(clear) >= _SAID_TWICE or any(sign.weight > _CONVINCING for sign in clear)


def _is_said_in_text(signs: Sequence[Sign], kind: str) -> bool:
    """Whether a whole phrase of the text tells a kind: a subject is soon said."""
    return any(
        sign.kind == kind and sign.group != "subject" and sign.weight >= _PHRASE for sign in signs
    )


def _manner(signs: Sequence[Sign], human: Sequence[Sign], kind: str, answers: bool) -> str:
    """How a mail is of its kind: a pitch and a fraud only by what their words say, an automatic
    reply that asks something only by its header, and one that its header alone says to be one
    only where nothing speaks for a letter."""
    if kind == "bulk" and total(signs, ("pitch",)) >= _CONVINCING:
        return "pitch"
    if kind == "spam" and total(signs, ("spam",)) < _CONVINCING:
        return "flagged as spam"
    if kind == "auto_reply" and answers and all(sign.group in _OF_ITS_WAY for sign in signs):
        return "said by its header alone"
    if kind == "auto_reply" and total(human, ("asks",)) >= _REQUEST:
        headed = (sign.weight for sign in signs if sign.kind == kind and sign.group != "subject")
        return kind if max(headed, default=0.0) >= _HEADED else "asks"
    return kind


def _weight(signs: Sequence[Sign], kind: str) -> float:
    """How much speaks for a kind: signs of kinds that are nothing like it count half."""
    near = next(family for family in _FAMILIES if kind in family)
    others = total(sign for sign in signs if sign.kind not in near)
    return total(sign for sign in signs if sign.kind in near) + others / 2


def _kind(signs: Sequence[Sign]) -> str:
    """What most signs say. That a program sent it, and how it looks, says less of what it is than
    its words."""
    weights = {}
    for kind in _KINDS:
        mine = [sign for sign in signs if sign.kind == kind]
        weights[kind] = total(mine) - total(mine, _OF_ANY_PROGRAM) / 2
    # A pitch for what spam offers is spam.
    if total(signs, ("spam",)) >= _OFFERED:
        weights["spam"] += total(signs, ("pitch",))
    return max(_KINDS, key=lambda kind: weights[kind])


def _reasons(machine: Iterable[Sign], human: Iterable[Sign] = ()) -> tuple[str, ...]:
    lines = [sign.reason for sign in sorted(machine, key=lambda sign: -sign.weight)]
    lines += [f"but a person writes: {sign.reason}" for sign in human]
    return tuple(dict.fromkeys(lines))[:_MOST_REASONS]
