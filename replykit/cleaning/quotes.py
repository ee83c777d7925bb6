"""Tells quoted and forwarded mail from what the sender wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence

from replykit.cleaning.attribution import (
    attribution_start,
    ends_attribution,
    names_sender,
    opens_attribution,
)
from replykit.cleaning.blocks import header_block, label
from replykit.cleaning.words import words

DIVIDER = r"[-_=*~—–#+\s]{3,}"
_DASHED = r"^[-–—=_*]{2,}\s?([^\W_].{0,160}?)\s?[-–—=_*]{2,}"
_RULE = r"_{20,}|-{20,}"
_RULES = "-–—=_*#"
_MORE_THAN = r"^>\s?\d+(?![.)\d])|^>.*<$"
_MAX_GAP = 12  # blank lines between a header and what it announces
_LONG = 60  # a line of this length may have been wrapped by a program, without a > for the rest


def quoted_lines(keys: Sequence[str]) -> list[bool]:
    """Of each line, stripped, whether it is quoted. What is quoted without > goes to the end."""
    return _Reader(keys).read()


class _Reader:
    """One way down the lines.

    `own` are those so far that the sender wrote; `announced`: the line above says that a mail
    follows; `begun`: some line is quoted; `comb`: a program wrapped quoted lines.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        self.quoted = [False] * len(keys)
        self.own: list[int] = []
        self.announced = False
        self.begun = False
        self.comb = False

    def read(self) -> list[bool]:
        number = 0
        above = words().above_start
        while number < len(self.keys):
            key = self.keys[number]
            if not key:
                number += 1
            elif key[0] == ">" and not _is_broken_end(key):
                number = self._marked(number)
            elif ":" in key or "：" in key or key[0] in _RULES or key[:3].casefold() in above:
                number = self._perhaps_header(number)
            else:
                self.own.append(number)
                self.announced = False
                number += 1
        return self.quoted

    def _perhaps_header(self, number: int) -> int:
        start, end = self._header(number)
        if start >= 0:
            return self._below_header(start, end)
        end = max(end, number + 1)
        self._keep(number, end)
        return end

    def _keep(self, start: int, end: int) -> None:
        self.own += [number for number in range(start, end) if self.keys[number]]
        self.announced = False

    def _header(self, number: int) -> tuple[int, int]:
        """The lines of a header that begins here, or (an attribution) ends here; -1: none, and
        where to look again."""
        key = self.keys[number]
        if label(key):
            end, proved = header_block(self.keys, number, self.announced)
            proved = proved or (self._is_ruled(number) and self._labels(number, end) >= 2)
            return (number if proved else -1), end
        if ends_attribution(key):
            start = attribution_start(self.keys, number, self._is_marked(number + 1))
            while 0 <= start < number and self.quoted[start]:
                start += 1
            if start >= 0:
                return start, number + 1
        if "@" in key and opens_attribution(key):
            return number, number + 1
        if _announces(key):
            self.announced = True
            return number, number + 1
        return -1, 0

    def _below_header(self, start: int, end: int) -> int:
        """Marks a header, and all that follows where it has no > of its own."""
        while self.own and self.own[-1] >= start:
            self.own.pop()
        start = self._with_divider(start)
        if self._is_marked(end) or (not self.own and self._is_block(start, end)):
            self._mark(start, end)  # with nothing above, what follows is what was sent
            return end
        self._mark(start, len(self.keys))
        return len(self.keys)

    def _is_block(self, start: int, end: int) -> bool:
        """Whether the header is a block of labels or a line between dashes, no attribution."""
        return self._labels(start, end) >= 2 or _announces(self.keys[end - 1])

    def _labels(self, start: int, end: int) -> int:
        return sum(bool(label(key)) for key in self.keys[start:end])

    def _is_ruled(self, number: int) -> bool:
        """Whether the line above is the long rule that Outlook draws above a header."""
        last = self.own[-1] if self.own else -1
        return last >= max(0, number - 3) and re.fullmatch(_RULE, self.keys[last]) is not None

    def _with_divider(self, start: int) -> int:
        """The header's start, with a line of dashes above it."""
        while self.own and self.own[-1] >= start - 3 and _is_divider(self.keys[self.own[-1]]):
            start = self.own.pop()
        return start

    def _marked(self, number: int) -> int:
        """Marks lines that begin with >, with what belongs to them above and below."""
        keys, end = self.keys, number
        while end < len(keys) and keys[end][:1] == ">":
            end += 1
        if self._is_no_quote(number, end):
            self._keep(number, end)
            return end
        if self.own and self.own[-1] >= number - 2 and names_sender(keys[self.own[-1]]):
            self._mark(self.own.pop(), number)
        self._mark(number, end)
        while self._is_wrapped(end):
            self.comb = True
            self._mark(end, end + 1)
            end += 1
        return end

    def _is_no_quote(self, start: int, end: int) -> bool:
        """Whether a > is the sender's own: "> 50 kg", or the end of a wrapped link."""
        above = self.keys[start - 1] if start else ""
        if above.rfind("<") > above.rfind(">") and ("://" in above or "mailto:" in above):
            return True
        if end - start > 1 or not re.match(_MORE_THAN, self.keys[start]):
            return False
        return not self.begun and not self._is_marked(end)

    def _is_wrapped(self, number: int) -> bool:
        """Whether a line without > is the end of the quoted line above, wrapped by a program.

        A sender's short answer between two quoted lines looks alike: in doubt it is theirs.
        """
        keys = self.keys
        if number + 1 >= len(keys) or not keys[number] or keys[number + 1][:1] != ">":
            return False
        above, key = keys[number - 1], keys[number]
        if "://" in key and key[-1] == ">":
            return True
        if "://" in above and " " not in key and above.rfind("(") > above.rfind(")"):
            return True
        if above[:1] != ">" or len(above) < _LONG or not (key[0].islower() and " " in key):
            return False
        if above[-1] in ".!?:;":
            return self.comb and above[-1] == "." and key[-1] == "."
        return above[-1] == "," or key[-1] in ".?!,;:)\"'”"

    def _is_marked(self, number: int) -> bool:
        """Whether the next line that is not blank begins with >."""
        for key in self.keys[number : number + _MAX_GAP]:
            if key:
                return key[0] == ">"
        return False

    def _mark(self, start: int, end: int) -> None:
        self.quoted[start:end] = [True] * (end - start)
        self.begun = True


def _announces(key: str) -> bool:
    """Whether a line says that another mail follows: "-----Original Message-----"."""
    known = words()
    if key[0] in _RULES:
        dashed = re.match(_DASHED, key)
        inner = dashed[1].casefold() if dashed else ""
        if inner and inner.startswith(known.original):
            return True
        return key.strip(" -–—=_*#[]()").casefold().startswith(known.above)
    if key.endswith((":", "：")) and len(key) <= 60:
        return key.rstrip(":： ").casefold() in known.originals
    if key[:3].casefold() not in known.above_start:
        return False
    return len(key) <= 200 and key.casefold().startswith(known.above)


def _is_broken_end(key: str) -> bool:
    """Whether the > is the end of an address that was broken over lines: "> wrote:"."""
    rest = key[1:].strip(" :").casefold()
    return key.endswith(":") and (not rest or rest in words().wrote)


def _is_divider(key: str) -> bool:
    return re.fullmatch(DIVIDER, key) is not None
