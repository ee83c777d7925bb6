"""Finds the words or the regular expressions of a house rule in a draft."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from replykit.errors import ReplyKitError
from replykit.linter import Draft, Fix
from replykit.rules import Hit
from replykit.rules.lexicon import whole_words
from replykit.understanding.phrases import Book, Line, tokens

_SECONDS = 1.0  # for all phrases of one rule on one draft


class Word(NamedTuple):
    """A word or a phrase as a file lists it: its replacement, where there is one, and its line."""

    text: str
    replacement: str
    line: int


Find = Callable[[Draft], Iterator[tuple[int, int, str]]]


def finder(
    words: Sequence[Word], unless: Sequence[Word], message: str, place: str, *, patterns: bool
) -> Callable[[Draft], Iterator[Hit]]:
    """What finds a rule's words in a draft, except in sentences that `unless` is found in; `place`
    is where the rule stands."""
    find = _phrases(words, unless, place) if patterns else _words(words, unless)

    def check(draft: Draft) -> Iterator[Hit]:
        for start, end, replacement in find(draft):
            fix = Fix(replacement, safe=False) if replacement else None
            yield Hit(start, end, message, fix)

    return check


def fault(word: str, *, pattern: bool) -> str:
    """What is wrong with a word or a regular expression, or nothing."""
    import regex

    try:
        if pattern:
            compiled([word])
        else:
            Book().add(Line("", word), {})
    except ReplyKitError as error:
        return str(error)
    except (regex.error, RecursionError, OverflowError, MemoryError) as error:
        return f"{word!r} is not a regular expression ({error}); write it as words"
    return ""


def _words(words: Sequence[Word], unless: Sequence[Word]) -> Find:
    """Finds words as `phrases.py` says; those in a sentence with an innocent one are left."""
    book, innocent = Book(), Book()
    for number, (word, _, _) in enumerate(words):
        book.add(Line(str(number), word), {})
    for word, _, _ in unless:
        innocent.add(Line("", word), {})

    def find(draft: Draft) -> Iterator[tuple[int, int, str]]:
        found = tokens(draft.text)
        left = {found.sentence(hit.first) for hit in innocent.find(found)}
        last = -1
        for hit in sorted(book.find(found), key=lambda hit: (hit.start, -hit.end)):
            if hit.start < last or found.sentence(hit.first) in left:
                continue
            last = hit.end
            word, replacement, _ = words[int(hit.line.section)]
            yield hit.start, hit.end, _replaced(draft.text[hit.start : hit.end], word, replacement)

    return find


def _replaced(text: str, word: str, replacement: str) -> str:
    """What stands in place of a text: with its capital and, where both words end with *, with its
    ending. Nothing where it is not the word as it was listed."""
    head, new = word.removesuffix("*"), replacement.removesuffix("*")
    if any(sign in head for sign in "*|…<_") or "..." in head:
        return ""
    if not text.casefold().startswith(head.casefold()):
        return ""
    ending = text[len(head) :]
    if ending and new == replacement:
        return ""
    return (new[:1].upper() + new[1:] if text[:1].isupper() else new) + ending


def _phrases(words: Sequence[Word], unless: Sequence[Word], place: str) -> Find:
    """Finds regular expressions, sentence by sentence, in bounded time."""
    pattern = compiled([word for word, _, _ in words])
    innocent = compiled([word for word, _, _ in unless]) if unless else None
    replacements = {word.casefold(): told for word, told, _ in words}

    def find(draft: Draft) -> Iterator[tuple[int, int, str]]:
        from time import process_time

        last = process_time() + _SECONDS
        try:
            for sentence in draft.sentences:
                left = max(0.001, last - process_time())
                if innocent and innocent.search(sentence.text, timeout=left):
                    continue
                for match in pattern.finditer(sentence.text, timeout=left):
                    start, end = (sentence.start + place for place in match.span())
                    yield start, end, replacements.get(match.group().casefold(), "")
        except TimeoutError:
            said = "these phrases take too long on this text; write them simpler, or as words"
            raise ReplyKitError(f"{place}: {said}") from None

    return find


def compiled(phrases: Sequence[str]) -> Any:
    """Phrases as one pattern of whole words, as in the built-in lists."""
    import regex

    return regex.compile(whole_words(phrases), regex.IGNORECASE)
