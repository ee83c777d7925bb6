"""Signs that a person wrote a mail who wants something, whatever its header says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message as Mail

from replykit.cleaning.footers import is_mobile
from replykit.kinds.headers import is_department, is_no_reply
from replykit.kinds.sign import Sign
from replykit.kinds.words import person_signs
from replykit.masks import mask
from replykit.message import Message
from replykit.patterns import prepared
from replykit.reading.headers import fields, header, name_and_address, sender

_QUESTION = prepared(r"\w[\"”’')\]]{0,2}\?(?=[\s\"”’')!?.]|$)")
_ABOUT = prepared(
    r"""\b(?:order|booking|invoice|claim|case|ticket|customer|serial|parcel|tracking|delivery
        |reservation|contract|tilau|varau|lasku|asiakas|sarjan|lähety|paket|seuranta|sopimu|nouto
        |bokning|beställning|faktura|kund|kolli|sändning|ärende|avtal|bestell|rechnung|kunden)\w{0,14}
        [\W_]{1,4}(?:\w{1,10}[\W_]{1,3}){0,2}?[\w/-]{0,8}\d[\w-]{2,}
      | \b[A-ZÅÄÖ]{2,5}-?\d[\dA-Z-]{3,}\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Finnish asks (tuleeko, saanko), wishes (haluaisin), tells what you did (pyysitte) and says my
# (laskuni) by endings.
_ENDING = prepared(
    r"\b[a-zäö]{3,}itte(?:han|kin|kaan|hän|kään)?\b|\b(?!\w*sähkö\b|ulko\b|disko\b)[^\W\d]{2,}[^\Wk\d]k[oö]\b|\b(?!\w*[tu]aisin|\w*uisin)[a-zäö]{3,}isin\b"
)
_MINE = prepared(r"\b[a-zäö]{3,}[aeiouyäö]ni\b")
_PERSONS_PROGRAM = prepared(
    r"iphone mail|ipad mail|apple mail|thunderbird|roundcube|outlook|mutt|evolution|k-?9|kmail"
    r"|android|samsung|yahoo|gmx|geary|horde|squirrelmail|mailspring|spark|airmail|em client"
    r"|fairemail",
    re.IGNORECASE,
)
# Who wants something says so at the beginning; a newsletter asks and tells all along.
_OPENING, _LOOKED_AT = 900, 4000
_FOOTER_LINES = 20
_RATING = prepared("[★⭐]|\\b[0-5](?:[.,]5)?\\s?(?:/|av|of|out of|von)\\s?5\\b")
# Under which labels a helpdesk, a shop or a portal passes on what somebody wrote, and who did.
_PASSED_ON = prepared(
    r"""^\W{0,4}(?:(?:order|delivery|customer)\s(?:notes?|comments?|instructions?)
          |comments?|feedback|review|question|palaute|kommentti|kysymys|lisätie(?:to|dot)
          |arvostelu|kommentar|fråga|synpunkt|omdöme|anmerkung(?:en)?|frage)\s?:
          \s+\S+(?:\s+\S+){3}
      | ^\W{0,4}(?:requester|requested\sby|reported\sby|reporter|asukas|ilmoittaja
          |pyytäjä|kommentoija|anmälare|melder)\s?:\s+
          [^\W\d_][\w'’-]+\s[^\W\d_][\w'’-]+
      | ^[^\W\d_][\w'’-]+\s[^\W\d_][\w'’-]+\s(?:kommentoi|kysyi|commented|asked|kommenterade
          |frågade)(?:\s[^\n:]{1,40})?:\s""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
# A few words in quotation marks are a title, but for a question.
_SPEECH = prepared(r"[\"“”»«]([^\"“”»«]{30,800}|[^\"“”»«]{10,29}\?)[\"”»«]")


def signs(mail: Mail, message: Message) -> Iterator[Sign]:
    """All signs of a person; asked for where a mail has signs of a machine."""
    text = message.text[:_OPENING]
    found = list(person_signs(message))
    if questions := _QUESTION.findall(text):
        found.append(Sign("person", min(1.0 + len(questions) / 2, 2.0), "asks a question", "asks"))
    if match := _ENDING.search(text):
        found.append(Sign("person", 1.5, f"asks: {match.group()[:40]}", "asks"))
    if match := _MINE.search(text):
        found.append(Sign("person", 1.0, f"tells: {match.group()[:40]}", "self"))
    wants = any(sign.group in ("asks", "own") for sign in found)
    if wants and (match := _ABOUT.search(text) or _ABOUT.search(message.subject[:200])):
        about = " ".join(match.group().split())[:40]
        found.append(Sign("person", 1.0, f"names {about}", "own"))
    # Programs tell of troubles and orders, too; a person says whose they are, or what to do.
    yield from (sign for sign in found if wants or sign.group != "trouble")
    if rating := _RATING.search(message.text[:_LOOKED_AT]):
        yield Sign("person", 2.0, f"rates: {rating.group()[:20]}", "speech")
    if passed_on := _PASSED_ON.search(message.text[:_LOOKED_AT]):
        words = " ".join(mask(passed_on.group()).split())[:40]
        yield Sign("person", 4.0, f"passes on: {words}", "comment")
    if speech := _SPEECH.search(message.text[:_LOOKED_AT]):
        words = " ".join(mask(speech[1]).split())[:40]  # half a number is not masked later
        yield Sign("person", 3.0, f"quotes somebody: {words}", "speech")
    for line in message.signature.split("\n", _FOOTER_LINES)[:_FOOTER_LINES]:
        if line.strip() and is_mobile(line.strip()):
            yield Sign("person", 2.5, f"typed on a phone: {line.strip()[:40]}", "by hand")
            break
    known = fields(mail)
    if _PERSONS_PROGRAM.search(known.get("x-mailer", "") + known.get("user-agent", "")):
        yield Sign("person", 0.5, "written with a person's mail program")
    address = sender(mail)[1].lower()
    reply_to = name_and_address(header(mail, "Reply-To"))[1].lower()
    if reply_to and reply_to != address and not is_no_reply(reply_to):
        for_other = is_no_reply(address) and _is_persons(reply_to, address)
        yield Sign("person", 3.0 if for_other else 1.0, f"Reply-To: {reply_to[:60]}", "reply to")


def _is_persons(reply_to: str, address: str) -> bool:
    """Whether an address is of another domain than a sender's, and no department's."""
    local, _, domain = reply_to.partition("@")
    return domain != address.partition("@")[2] and not is_department(local)
