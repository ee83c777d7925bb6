"""Finds what is known: the library's details in a message, and values given by other sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from replykit.errors import ReplyKitError
from replykit.patterns import prepared

if TYPE_CHECKING:
    from replykit.message import Message

# A pattern that needs longer than this on one text is taken to find nothing.
_SECONDS = 0.1
_MAX_CHARACTERS = 50_000
_INLINE_FLAGS = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE
# What is found with less is shown, but nothing goes by it.
_SURE_ENOUGH = 0.45
# In a subject or a signature a number is a little less likely to be the one that is meant.
_BESIDE = 0.95
_CAPTURES = re.compile(r"\((?:(?![?*])|\?P?<[^\W\d]\w*>)")
# Signs, classes and plain groups, each so many times, at most three of them more or less often.
# Such a pattern cannot hang; Python's own engine, which has no time limit, is ready for it sooner.
_PLAIN = re.compile(
    r"(?:\\b|\((?!\?)|\)(?![{?*+])|(?:\\[dDwWsS]|\\[^\w\s]|\[(?:\w(?:-\w)?|\\[dws]|[ /#.]){1,20}\]"
    r"|[^\W_]|[ #/_:,@-])(?:\{\d{1,2}(?:,\d{1,2})?\}|\?)?){1,60}"
)
_MORE_OR_LESS, _FEW = re.compile(r"\{\d+,|\?"), 3
# E-mail addresses, bank accounts and payment cards.
_OTHER_NUMBERS = prepared(
    r"""(?<![\w.+-])[\w.+-]{1,64}+@[\w.-]{1,255}+
      | \b[A-Z]{2}\d{2}(?:\ ?[A-Z\d]{4}){2,7}(?:\ ?[A-Z\d]{1,4})?\b
      | \b(?i:fi|se|ee|no|dk|de)\d{2}(?:\ ?\d{2,8}){2,6}\b
      | \b(?:\d{4}[ -]){3}\d{4}\b | \b\d{4}[ -]\d{6}[ -]\d{4,5}\b
    """,
    re.VERBOSE,
)
# Phone numbers (each in a group).
_PHONES = prepared(
    r"""\b(?:puh(?:elin(?:numero\w*|nro)?)?|tel(?:ephone)?|phone|mobile|gsm|whatsapp
          |soit\w+\s+numero\w*|call\s+me)\b[.:]?
          (?:\s{1,9}(?:number|numero\w*|nro|no|on|is|at|:))*\s{0,9}[.:]?\s{0,9}
          (\(?[+\d](?:[\d ()-]{3,18})\d)(?!\w)
      | (?<![\w.,/-])((?:\+|00(?=[\d -]{8}))\d{1,3}(?:[ -]?\(0\))?(?:[ -]?\d){6,12})(?!\w)
      | (?<![\w.,/-])(\(?0\d{1,4}\)?[ -]\d{3,8}(?:[ -]\d{2,5}){0,3})(?!\w)
      | (?<![\w.,/-])(0(?:4\d|50)\d{6,7})(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """A detail in a text: its value, its place (code points), and how sure it is (0 to 1)."""

    name: str
    value: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class Known:
    """A detail's value and where it comes from: default, customer, message, set, asked."""

    value: str
    source: str


def find_in(
    message: Message, wanted: Iterable[tuple[str, str]], lang: str, today: date
) -> tuple[Found, ...]:
    """Details in what the customer wrote, each by its pattern or its built-in name: in the text,
    else in the subject or signature.

    Places count in the text; one that stands beside it alone has start and end 0.
    """
    beside = f"{message.subject}\n{message.signature}"
    return find_all(message.text, beside, wanted, lang, message.day(today))


def find_all(
    text: str,
    beside: str,
    wanted: Iterable[tuple[str, str]],
    lang: str,
    now: date,
) -> tuple[Found, ...]:
    """Details in a text, each that is not there in what stands beside it (with start and end 0).

    `wanted` are names with patterns, of one name several perhaps; a name without a pattern is
    looked for where it is one of `recognise.NAMES`. What a pattern finds is that detail and
    nothing else: twenty digits that it takes for an order number are no parcel's.
    """
    from replykit import recognise

    pairs = list(dict.fromkeys(wanted))
    everything: list[Found] = []
    for part in (text, beside):
        general = {name for name, pattern in pairs if not pattern and name in recognise.NAMES}
        own = [item for name, pattern in pairs if pattern for item in find(name, pattern, part)]
        taken = {place for item in own for place in range(item.start, item.end)}
        others = recognise.find(part, lang, now, general) if general and part.strip() else []
        found = [*own, *(item for item in others if taken.isdisjoint(range(item.start, item.end)))]
        if part is beside:
            found = [
                replace(item, start=0, end=0, confidence=item.confidence * _BESIDE)
                for item in found
            ]
        everything += dict.fromkeys(found)
        names = {item.name for item in found}
        pairs = [pair for pair in pairs if pair[0] not in names]
    return tuple(everything)


def accepted(name: str, pattern: str, value: str, lang: str, now: date) -> str:
    """A value that somebody gave for a detail, in the form in which it is used; nothing where its
    pattern, or for a built-in name without one the recogniser, does not allow it."""
    from replykit import recognise

    if pattern or name not in recognise.NAMES:
        return value if fits(pattern, value) else ""
    # An agent may write 24.12. for a reply in English.
    langs = dict.fromkeys((lang, "fi", "sv", "en"))
    return next(
        (found for tag in langs if (found := recognise.value_of(name, value, tag, now))), ""
    )


def refusal(name: str, pattern: str, value: str) -> str:
    """Why `accepted` gives nothing for a value."""
    from replykit.recognise import EXAMPLES

    if pattern or name not in EXAMPLES:
        return f"{value!r} does not fit its pattern {pattern}"
    return f"{value!r} does not read as one; write it as {EXAMPLES[name]}"


def find(name: str, pattern: str, text: str) -> list[Found]:
    """All matches of a detail's pattern that are whole tokens of the text.

    A match's value is its first group if the pattern has one. Digits joined by `-`, `.`, `,`,
    `/` or `@` are one token, so that no part of a date is an order number; nor is a match within
    an e-mail address, a phone number or a bank account.
    """
    text = text[:_MAX_CHARACTERS]
    matches = _matches(pattern, text)
    taken = _taken(text) if matches else ()
    found = []
    for match in matches:
        group = 1 if match.re.groups and match.group(1) is not None else 0
        if match.group(group) and not _is_part(name, pattern, match.span(), taken):
            start, end = match.span(group)
            found.append((match.group(group), start, end))
    sure = 0.97 if len({value for value, _, _ in found}) == 1 else 0.5
    return [Found(name, value, start, end, sure) for value, start, end in found]


def unambiguous(found: Iterable[Found]) -> dict[str, str]:
    """The value of each detail that was found with one value only, and surely enough."""
    values: dict[str, set[str]] = {}
    for item in _sure(found):
        values.setdefault(item.name, set()).add(item.value)
    return {name: next(iter(seen)) for name, seen in values.items() if len(seen) == 1}


def fits(pattern: str, value: str) -> bool:
    """Whether a value that somebody gave is one that the pattern allows.

    The whole pattern may match, or its first group alone (the value without its context).
    """
    import regex

    if not pattern:
        return True
    try:
        flags = regex.compile(pattern).flags & _INLINE_FLAGS
    except regex.error:
        return False
    for part in (pattern, *_first_group(pattern)):
        try:
            if regex.compile(part, flags).fullmatch(value, timeout=_SECONDS):
                return True
        except (TimeoutError, regex.error):
            continue
    return False


def ambiguous(found: Iterable[Found]) -> dict[str, list[str]]:
    """The values of each detail that was found with several."""
    values: dict[str, list[str]] = {}
    for item in _sure(found):
        seen = values.setdefault(item.name, [])
        if item.value not in seen:
            seen.append(item.value)
    return {name: seen for name, seen in values.items() if len(seen) > 1}


def _sure(found: Iterable[Found]) -> Iterator[Found]:
    return (item for item in found if item.confidence >= _SURE_ENOUGH)


def parse_set(pairs: Iterable[str]) -> dict[str, str]:
    """`key=value` texts as a mapping. Raises ReplyKitError for one without `=` or a name."""
    values: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise ReplyKitError(f"--set {pair}: write it as name=value")
        values[name.strip()] = value.strip()
    return values


def as_texts(record: Mapping[str, Any]) -> dict[str, str]:
    """A record's plain fields as texts, a list of plain values in one; nested ones are left
    out."""
    return {
        str(key): _as_text(value)
        for key, value in record.items()
        if key is not None and _is_plain(value)
    }


def _is_plain(value: Any) -> bool:
    several = value if isinstance(value, list) else [value]
    return not any(isinstance(item, (dict, list)) for item in several)


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))
    return "" if value is None else str(value)


def _matches(pattern: str, text: str) -> list[Any]:
    """What a library's pattern finds; nothing where it is faulty or would take too long."""
    try:
        if _PLAIN.fullmatch(pattern) and len(_MORE_OR_LESS.findall(pattern)) <= _FEW:
            return list(prepared(_whole(pattern)).finditer(text))
    except re.error:
        return []
    import regex

    try:
        return list(_compiled(_whole(pattern)).finditer(text, timeout=_SECONDS))
    except (TimeoutError, regex.error):
        return []


def _whole(pattern: str) -> str:
    """The pattern at the edges of tokens. One that begins with a sign, as #, is its own edge."""
    return rf"(?:(?<!\w)|(?=[#:(\[№]))(?<!\d[-.,/@])(?:{pattern})(?!\w)(?![-.,/@:]\d)(?!@)"


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> Any:
    import regex

    return regex.compile(pattern)


@lru_cache(maxsize=16)
def _taken(text: str) -> tuple[tuple[int, int, bool], ...]:
    """Places of numbers that are something else: start, end, and whether it is a phone."""
    found = [(*match.span(), False) for match in _OTHER_NUMBERS.finditer(text)]
    for match in _PHONES.finditer(text):
        found.append((*match.span(match.lastindex or 0), True))
    return tuple(found)


def _is_part(
    name: str, pattern: str, span: tuple[int, int], taken: Iterable[tuple[int, int, bool]]
) -> bool:
    """Whether a match lies within such a number. A pattern may be meant for the whole of one: of
    a phone number only where its name or the pattern says so, for any ten digits look like one.
    """
    start, end = span
    for first, last, is_phone in taken:
        if first <= start and end <= last:
            whole = (first, last) == (start, end)
            if not whole or (is_phone and not _is_about_phones(name, pattern)):
                return True
    return False


def _is_about_phones(name: str, pattern: str) -> bool:
    words = ("phone", "puh", "tel", "mobile", "gsm")
    return any(word in name.lower() for word in words) or pattern.startswith(
        (r"\+", "0", "(0", r"(?:\+")
    )


def _first_group(pattern: str) -> list[str]:
    """The source of a pattern's first capturing group, as a list of none or one."""
    depth, level, start, escaped, in_class = 0, 0, -1, False, False
    for place, character in enumerate(pattern):
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = True
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(":
            depth += 1
            if start < 0 and _CAPTURES.match(pattern, place):
                start, level = place, depth
        elif character == ")":
            if start >= 0 and depth == level:
                return [pattern[start : place + 1]]
            depth -= 1
    return []
