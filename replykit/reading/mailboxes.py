"""Names and addresses of mail headers: taken apart, and written so that nothing can be slipped in.

Python's own `EmailMessage` is not used to write headers: it writes long message ids as encoded
words, which breaks threads (cpython#100991), and lets a name decode to a line end or to further
addresses (cpython#121650, cpython#121284) in versions that are still in use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.header import Header

_LINE = 76
_LONGEST_HEADER = 20_000
_LONGEST_NAME = 100
_LONGEST_WORD = 200
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_PART = (
    r"[^\s\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff<>()\[\],;:\"\\@]"
)
_ADDRESS = re.compile(rf"{_PART}{{1,64}}@{_PART}{{1,255}}")
_TOKENS = re.compile(r'"(?:[^"\\]|\\.){0,300}"|<[^<>]*>|\([^()]*\)|[^"<>(),;]+|.', re.DOTALL)


@dataclass(frozen=True)
class Mailbox:
    """An address, and the name that stands before it."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """What is equal where two mailboxes are the same."""
        return self.address.lower()


def one_line(text: str) -> str:
    """A text as a header may hold it: one line, nothing that a screen or a parser obeys."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def is_address(text: str) -> bool:
    """Whether a text is one plain address and nothing else."""
    return bool(_ADDRESS.fullmatch(text))


def mailboxes(text: str) -> list[Mailbox]:
    """The mailboxes of a decoded header, each once; what is no address is left out.

    A name may hold a comma without quotes (`Virtanen, Maija <maija@…>`), as decoded ones do.
    """
    found: dict[str, Mailbox] = {}
    if len(text) > _LONGEST_HEADER:  # half an address would be another's
        text = text[:_LONGEST_HEADER].rpartition(",")[0]
    for part in _parts(text):
        box = _mailbox(part)
        if box:
            found.setdefault(box.key, box)
    return list(found.values())


def _parts(text: str) -> Iterator[list[str]]:
    """The tokens of each mailbox: a comma ends one only after an address."""
    part: list[str] = []
    complete = False
    for token in _TOKENS.findall(text):
        if token in (",", ";") and complete:
            yield part
            part, complete = [], False
        else:
            part.append(token)
            complete = complete or bool(_address_in(token))
    yield part


def _address_in(token: str) -> str:
    """The address that a token is (`<a@b>`) or ends with (`Team: a@b`)."""
    if token.startswith("<"):
        text = token[1:-1].strip()
    else:
        text = (token.replace(":", " ").split() or [""])[-1]
    return text if is_address(text) else ""


def _mailbox(part: list[str]) -> Mailbox | None:
    address, names = "", []
    for token in reversed(part):
        if not address and (address := _address_in(token)):
            continue
        names.append(token)
    if not address:
        return None
    name = "".join(_unquoted(token) for token in reversed(names))
    return Mailbox(one_line(name).strip(" ,;")[:_LONGEST_NAME].strip(), address)


def _unquoted(token: str) -> str:
    if len(token) > 1 and token[0] + token[-1] in ('""', "()"):
        return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)
    return token


def address_header(name: str, boxes: Iterable[Mailbox]) -> str:
    """A header that holds mailboxes, folded."""
    tokens: list[str] = []
    for box in boxes:
        if tokens:
            tokens[-1] += ","
        tokens += [*_phrase(box.name), f"<{box.address}>"] if box.name else [box.address]
    return folded(name, tokens)


def _phrase(name: str) -> list[str]:
    """A name as tokens: plain words, a quoted text, or encoded words."""
    name = one_line(name)
    if not name.isascii() or "=?" in name:
        return _encoded(name)
    if _ATOMS.fullmatch(name):
        return name.split(" ")
    return ['"' + re.sub(r'(["\\])', r"\\\1", name) + '"']


def text_header(name: str, text: str) -> str:
    """A header that holds text, folded; from the first word to the last that need it, encoded
    (RFC 2047)."""
    words = one_line(text).split(" ")
    odd = [number for number, word in enumerate(words) if _is_odd(word)]
    if odd:
        first, last = odd[0], odd[-1] + 1
        words[first:last] = _encoded(" ".join(words[first:last]))
    return folded(name, words)


def _is_odd(word: str) -> bool:
    """Whether a word may not stand in a header as it is."""
    return not word.isascii() or "=?" in word or len(word) > _LONGEST_WORD


def _encoded(text: str) -> list[str]:
    return Header(text, "utf-8", maxlinelen=_LINE - 8).encode().split()


def folded(name: str, tokens: Iterable[str]) -> str:
    """A header in lines of at most 76 characters, where its tokens allow that."""
    lines = [f"{name}:"]
    for number, token in enumerate(tokens):
        if number and len(lines[-1]) + 1 + len(token) > _LINE:
            lines.append("")
        lines[-1] += f" {token}"
    return "\n".join(lines)
