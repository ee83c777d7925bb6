"""Tells machine mail from customers' mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.message import Message as Mail

from replykit.kinds import headers, person, reports, shape, spam, words
from replykit.kinds.sign import Sign, total
from replykit.message import Message

# How much more must speak for a machine than for a person: a customer's mail that is dropped does
# more harm than a machine's that is let through. Words alone, without any sign in the header,
# must say it more clearly.
_NEEDED, _NEEDED_BY_WORDS = 2.5, 3.5
_KINDS = ("bounce", "auto_reply", "spam", "system", "bulk")
_MOST_REASONS = 12
# What of a person speaks against each kind. Who is away, sells or cheats writes letters as any
# customer does; but asks nothing of us, or has no matter with us.
_AGAINST = {
    "bounce": ("asks", "own", "trouble", "doubts", "comment"),
    "auto_reply": ("asks", "own", "trouble", "doubts", "comment"),
    "spam": ("own", "trouble", "doubts"),
    "pitch": ("own", "trouble", "doubts"),
}
_PITCHES = 4.0


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
    needed = _NEEDED if written else _NEEDED_BY_WORDS
    kind = _kind(machine)
    sells = kind == "bulk" and total(machine, ("pitch",)) >= _PITCHES
    against = total(human, _AGAINST.get("pitch" if sells else kind))
    if total(machine) - against < needed:
        return "customer", _reasons(machine, human)
    return kind, _reasons(machine)


def _kind(signs: Sequence[Sign]) -> str:
    weights = {kind: total(sign for sign in signs if sign.kind == kind) for kind in _KINDS}
    return max(_KINDS, key=lambda kind: weights[kind])


def _reasons(machine: Iterable[Sign], human: Iterable[Sign] = ()) -> tuple[str, ...]:
    lines = [sign.reason for sign in sorted(machine, key=lambda sign: -sign.weight)]
    lines += [f"but a person writes: {sign.reason}" for sign in human]
    return tuple(dict.fromkeys(lines))[:_MOST_REASONS]
