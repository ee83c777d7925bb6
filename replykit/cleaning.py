"""Separates what a sender wrote now from quoted mail and the signature."""

from __future__ import annotations

import re

from replykit.names import SIGN_OFF, person_name

_QUOTE_START = re.compile(
    r"""^(?:
        -{2,}\s*(?:original\ message|alkuperäinen\ viesti|alkup\.\ viesti|ursprungligt\ meddelande
          |forwarded\ message|välitetty\ viesti|edelleenlähetetty\ viesti)\s*-{2,}
      | \*?(?:from|lähettäjä|från|von)\s*:\s?.{1,200}$
      | _{20,}\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# "On 16 Nov 2026 at 9.12, Customer Service <desk@example.fi> wrote:"; a line of the customer's own
# ("the courier wrote to me:") has neither a time nor an address.
_ATTRIBUTION = re.compile(
    r"(?:wrote|skrev|a écrit|schrieb|escribió|ha scritto|schreef|kirjoitti)\b.{0,80}:$",
    re.IGNORECASE,
)
_ATTRIBUTED = re.compile(r"\d[.:/]\d\d|\b(?:19|20)\d\d\b|\S@\S|\d\.\d+\.")
_HEADER_FIRST = re.compile(r"\*?(?:from|lähettäjä|från|von)\s*:|_{20}", re.IGNORECASE)
_HEADER_LINE = re.compile(
    r"^\*?(?:from|sent|to|date|subject|cc|lähettäjä|lähetetty|vastaanottaja|päivämäärä|päiväys|aihe"
    r"|kopio|från|skickat|till|ämne|von|gesendet|an|betreff)\s*:",
    re.IGNORECASE,
)
_MOBILE_FOOTER = re.compile(
    r"^(?:sent from my|sent from outlook|get outlook for|hanki outlook"
    r"|lähetetty .{0,30}(?:puhelime|iphone|ipad|android|outlook|laittee|mobiili)|skickat från min)",
    re.IGNORECASE,
)


def split(text: str) -> tuple[str, str, str]:
    """A mail's text in three: what the sender wrote now, quoted mail, and the signature.

    Every line that is not blank is in one of them.
    """
    now: list[str] = []
    quoted: list[str] = []
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        header = _quote_header(lines, number)
        # Above lines with > stands only their header: an answer may follow below them.
        if header and not _is_marked(lines, number + header):
            quoted += lines[number:]
            break
        taken = lines[number : number + max(header, 1)]
        (quoted if header or taken[0].startswith(">") else now).extend(taken)
        number += len(taken)
    start = _signature_start(now)
    now, signature = now[:start], now[start:]
    return tuple("\n".join(part).strip() for part in (now, quoted, signature))  # type: ignore[return-value]


def _quote_header(lines: list[str], number: int) -> int:
    """How many lines from here on say that earlier mail follows: none, one or two."""
    line = lines[number].strip()
    if _QUOTE_START.match(line):
        block = lines[number + 1 : number + 6]
        if not _HEADER_FIRST.match(line) or any(_HEADER_LINE.match(item.strip()) for item in block):
            return 1
    if _is_attribution(lines, number, line):
        return 1
    following = lines[number + 1].strip() if number + 1 < len(lines) else ""
    begins = re.match(r"(?:on|den|le|am|el|il|op|ma|ti|ke|to|pe|la|su)\b", line, re.IGNORECASE)
    if begins and following and _is_attribution(lines, number + 1, f"{line[:200]} {following}"):
        return 2
    return 0


def _is_attribution(lines: list[str], number: int, line: str) -> bool:
    """Whether the line, which ends at this number, names who wrote what follows."""
    if len(line) > 400 or not _ATTRIBUTION.search(line):
        return False
    return bool(_ATTRIBUTED.search(line)) or _is_marked(lines, number + 1)


def _is_marked(lines: list[str], number: int) -> bool:
    """Whether the first line from here on that is not blank begins with >."""
    following = (line for line in lines[number : number + 3] if line.strip())
    return next(following, "").startswith(">")


def _signature_start(lines: list[str]) -> int:
    """Where the signature begins: `-- `, a mobile footer, or a sign-off near the end."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    # What follows a sign-off is at most eight short lines, so only the last nine can be one.
    last = filled[-9:]
    for number in filled[1:]:
        line = lines[number].strip()
        if line == "--" or _MOBILE_FOOTER.match(line):
            return number
        if number in last and _is_sign_off(line):
            rest = lines[number + 1 :]
            if all(len(following) <= 80 for following in rest):
                return number
    return len(lines)


def _is_sign_off(line: str) -> bool:
    match = SIGN_OFF.match(line)
    return match is not None and (not match["name"] or bool(person_name(match["name"])))
