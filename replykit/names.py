"""Tells a person's name from a mailbox's, and finds the name in a sign-off."""

from __future__ import annotations

import re
import unicodedata

from replykit.reading.text import CONTROL, MAX_HEADER

SIGN_OFF = re.compile(
    r"""^(?:(?:ystävällisin\ |parhain\ |yst\.?\ ?)?terv(?:eisin|eisiä|\.)?|yt\.?|t\.?
      |(?:kind\ |best\ |warm\ )?regards|best\ wishes|many\ thanks|yours\ (?:sincerely|faithfully)
      |sincerely|cheers|best|br|med\ vänliga?\ häls\w+|mvh|vänligen)\b
      [\s,.!:-]*(?P<name>.{0,60})$""",
    re.IGNORECASE | re.VERBOSE,
)


def sign_off_name(signature: str) -> str:
    """The name that stands in or below a sign-off, or nothing."""
    lines = [line.strip() for line in signature.split("\n") if line.strip(" -_")]
    for number, line in enumerate(lines[:3]):
        match = SIGN_OFF.match(line)
        if match:
            name = match["name"] or (lines[number + 1] if number + 1 < len(lines) else "")
            return person_name(name)
    return ""


def person_name(text: str) -> str:
    """The text where it can be a person's name, in plain spaces, else nothing."""
    text = unicodedata.normalize("NFC", CONTROL.sub(" ", text[:MAX_HEADER]))
    text = " ".join(text.strip(" \t\"'<>,;.").split())
    last, comma, first = text.partition(", ")
    if comma and " " not in last and first:
        text = f"{first} {last}"
    words = text.split()
    if not 1 <= len(words) <= 4 or len(text) > 60:
        return ""
    letters = all(re.fullmatch(r"[^\W\d_]+(?:[-'’.][^\W\d_]*)*\.?", word) for word in words)
    if not letters or not text[0].isupper() or any(map(_is_no_name, words)):
        return ""
    return text


def _is_no_name(word: str) -> bool:
    """Whether a word tells that a shared mailbox or a firm is named, not a person."""
    plain = word.casefold().strip(".")
    return (
        plain in _MAILBOX_WORDS
        or plain.replace("-", "") in _MAILBOX_WORDS
        or plain.endswith(("palvelu", "palvelut", "service", ".com", ".fi", ".net", ".org"))
    )


_MAILBOX_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        info admin administrator office support team sales orders order billing invoices invoicing
        service services customer customers customerservice help helpdesk desk contact noreply reply
        donotreply mailer daemon mailerdaemon postmaster webmaster newsletter newsletters marketing
        shop store webshop accounts accounting feedback notification notifications
        tilaukset tilaus asiakas asiakaspalvelu asiakkaat tuki neuvonta toimisto kirjaamo myynti
        laskut laskutus verkkokauppa kauppa palaute posti viestintä markkinointi uutiskirje tiedotus
        hallinto talous ostot reskontra varaukset vastaanotto toimitus yritys firma
        kundtjänst kundservice beställningar faktura
        oy oyj ab ry ky tmi ltd limited inc llc gmbh plc aps
        """,
    )
)
