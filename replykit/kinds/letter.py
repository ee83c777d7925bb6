"""Tells a person's letter that holds a machine's words: a note below it, a promise, a parcel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from replykit.kinds.sign import Sign, total
from replykit.kinds.words import machine_signs, person_signs
from replykit.message import REPLY_PREFIX, Message
from replykit.patterns import prepared

_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_MOST_PARAGRAPHS = 12
_QUESTION = prepared(r"\w[\"”’')\]]{0,2}\?(?=[\s\"”’')!?.]|$)")
_REQUEST = prepared(r"^please [a-z]+", re.IGNORECASE | re.MULTILINE)
# A subject that programs begin so; what a person's letter has above its note is in its text.
_HEADED = 3.5
_MAIL = prepared(
    r"\b(?:e-?mails?|mail|messages?|mailbox|inbox|smtp|sähköpost\w*|viest\w*|postilaatik\w*"
    r"|vastaanottaj\w*|palvelin\w*|mejl\w*|meddeland\w*|e-post\w*|brevlåd\w*|mottagar\w*|nachricht"
    r"|postfach|empfänger\w*|server\w*|recipients?)\b|\b[45]\d\d[ -][45]\.\d",
    re.IGNORECASE,
)
_GOODS = prepared(
    r"\b(?:parcels?|packages?|couriers?|pakett?i\w*|pakett?e\w*|kuriiri\w*|paket(?:et|ets|en)?|kolli"
    r"|kolli[ae]?t?|pakete?s?)\b",
    re.IGNORECASE,
)


def is_persons(message: Message, kind: str, machine: Sequence[Sign], human: Sequence[Sign]) -> bool:
    """Whether words that speak for a machine stand in a person's letter; asked for where no header
    says so, too."""
    if kind == "bounce":
        return not _tells_of_mail(message)
    if kind != "auto_reply" or any(
        sign.group == "subject" and sign.kind == kind and sign.weight > _HEADED for sign in machine
    ):
        return False
    return _only_promises(message, machine, human) or _stands_below_a_letter(message)


def _tells_of_mail(message: Message) -> bool:
    """Parcels come back undelivered, too, and nobody gives their address in an e-mail's form."""
    told = f"{message.subject}\n{message.text}"
    return "@" in told or bool(_MAIL.search(told) and not _GOODS.search(told))


def _only_promises(message: Message, machine: Sequence[Sign], human: Sequence[Sign]) -> bool:
    """Whether somebody thanks and says in an answer that they will write again: who is away, and a
    firm that has received a message, says more."""
    said = [sign for sign in machine if sign.kind == "auto_reply"]
    promises = all(sign.group == "promise" for sign in said)
    return promises and total(human, ("letter",)) > 0 and bool(REPLY_PREFIX.match(message.subject))


def _stands_below_a_letter(message: Message) -> bool:
    """Whether somebody asks or signs above all that an automatic reply would say: who is away says
    so first, a person adds it below the letter."""
    above = []
    for paragraph in _PARAGRAPH.split(message.text, _MOST_PARAGRAPHS):
        alone = replace(message, subject="", text=paragraph, signature="")
        if any(sign.kind == "auto_reply" for sign in machine_signs(alone)):
            break
        above.append(paragraph)
    text = "\n\n".join(above)
    if not text.strip():
        return False
    asks = total(person_signs(replace(message, text=text)), ("asks", "own", "trouble")) > 0
    return asks or bool(_QUESTION.search(text) or _REQUEST.search(text))
