"""Signs in the words of a mail: phrases of machines and of people, from a list per language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path

from replykit.books import kept
from replykit.kinds.sign import LIMITS, Sign
from replykit.message import REPLY_PREFIX, Message
from replykit.understanding.phrases import Book, Hit, Line, tokens

_FOLDER = Path(__file__).parents[1] / "data"
_HEAD, _TAIL, _OPENING = 2500, 1000, 900
_COMMON = "[common 1]\n"
_CHOICE = re.compile(r"\(([^()]*)\)")


def machine_signs(message: Message) -> Iterator[Sign]:
    """Phrases of machines. A subject that answers (`Re: Automatic reply`) is not its sender's."""
    in_subject: set[str] = set()
    if not REPLY_PREFIX.match(message.subject):
        for sign in _found("subject", message.subject):
            in_subject.add(sign.reason.partition(": ")[2].lower())
            yield sign
    text, skip = message.matter, 0
    if len(text) > _HEAD + _TAIL:
        text = f"{message.text[:_HEAD]}\n\n{message.text[-_TAIL:]}"
    else:  # others take the words of the same text: shared by its being equal
        skip = max(len(text) - len(message.text), 0)
    for sign in _found("machine", text, skip):
        # Who complains of a subject says its words again.
        if sign.reason.partition(": ")[2].lower() not in in_subject:
            yield sign
    if message.signature:  # there, only what is said of how it was sent
        found = _found("machine", message.signature[-_TAIL:])
        yield from (sign for sign in found if sign.group in LIMITS)


def person_signs(message: Message) -> Iterator[Sign]:
    """Phrases of people who want something, in the beginning of a message."""
    text = message.text[:_OPENING]
    unique = tokens(text).unique
    counts = {lang: len(unique & words) for lang, words in _common().items()}
    most = max(counts.values())
    for lang, count in counts.items():
        # What is a phrase in one language is an accident in another; short texts may be in any.
        if count == most:
            yield from _found(f"person.{lang}", text)
    yield from _found("person.other", text)


def _found(book: str, text: str, skip: int = 0) -> Iterator[Sign]:
    found: dict[tuple[str, str], Hit] = {}
    for hit in _book(book).find(tokens(text)):
        if (hit.line.sign == "^" and hit.first) or hit.start < skip:
            continue
        key = (hit.line.section, text[hit.start : hit.end].lower())
        if key not in found or found[key].line.weight < hit.line.weight:
            found[key] = hit
    counts: dict[str, int] = {}
    taken: list[Hit] = []
    for (section, _), hit in sorted(found.items(), key=lambda item: -item[1].line.weight):
        if counts.get(section, 0) == (2 if book.startswith("person") else 3) or any(
            hit.overlaps(other) and other.line.section == section for other in taken
        ):
            continue
        counts[section] = counts.get(section, 0) + 1
        taken.append(hit)
        kind, _, name = section.partition(".")
        words = " ".join(text[hit.start : hit.end].split())[:80]
        said = "subject" if book == "subject" else _SAYS.get(name, "text")
        # Programs write `Automatic reply: ` and the subject that they answer.
        prefix = 0.5 if book == "subject" and text[hit.end : hit.end + 1] == ":" else 0.0
        yield Sign(kind, hit.line.weight + prefix, f"{said}: {words}", _group(section, book))


def _group(section: str, book: str) -> str:
    kind, _, name = section.partition(".")
    if kind in ("person", "spam"):
        return name if kind == "person" else "spam"
    if name.startswith("tracker"):
        return "of a tracker"
    return name


_SAYS = {
    "asks": "asks",
    "own": "tells",
    "trouble": "tells",
    "greeting": "greets",
    "footer": "footer",
}


@cache
def _book(name: str) -> Book:
    """The phrases of machines in a subject or in a text, of all languages, or of people in one;
    each opened when first asked for."""

    def make() -> Book:
        book = Book()
        for lang, text in _texts().items():
            for line in read(text):
                if _belongs(line.section, lang) == name:
                    book.add(line, {})
        return book

    return kept(f"kinds.{name}", _texts().values(), make)


def _belongs(section: str, lang: str) -> str:
    kind, _, place = section.partition(".")
    if kind in ("person", "common"):
        return f"{kind}.{lang}"
    return "subject" if place.endswith("subject") else "machine"


@cache
def _common() -> Mapping[str, frozenset[str]]:
    """The commonest words of each language, which tell the language of a text."""
    found = {}
    for lang, text in _texts().items():
        words = text.partition(_COMMON)[2].partition("\n[")[0]
        if words:
            found[lang] = frozenset(words.split("\n"))
    return found


@cache
def _texts() -> Mapping[str, str]:
    """The list of each language."""
    return {
        path.name.split(".")[1]: path.read_text("utf-8")
        for path in sorted(_FOLDER.glob("kinds.*.txt"))
    }


def read(text: str) -> Iterator[Line]:
    """The lines of a list: `[kind.place weight]`, phrases; `^` begins one that begins a subject,
    `(one way|another way)` stands for either."""
    section, weight = "", 0.0
    for row in text.splitlines():
        if not row or row[0] == "#":
            continue
        if row[0] == "[":
            section, _, number = row.strip("[] ").partition(" ")
            weight = float(number)
            continue
        sign, phrase = ("^", row[1:]) if row[0] == "^" else ("", row)
        for expanded in _expanded(phrase):
            yield Line(section, expanded, sign, weight)


def _expanded(phrase: str) -> Iterator[str]:
    if "(" not in phrase:
        yield phrase
        return
    parts = _CHOICE.split(phrase)
    choices = [part.split("|") if number % 2 else [part] for number, part in enumerate(parts)]
    for chosen in product(*choices):
        yield "".join(chosen)
