"""Reads `_routes.yaml`: what a library's trainers add to the reasons to escalate, and take back.

    en:
      legal: [small claims, "consumer|rental board", lawsuit*]    # more phrases of a reason
      vip: [board of directors]                                   # a reason of one's own
      except:
        legal: [legal size paper]       # words that are innocent wherever a phrase meets them
      remove:
        media: [podcast, "*"]           # built-in phrases that these words meet; "*": all of them

How phrases are written is said in `phrases.py`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from replykit.errors import ReplyKitError
from replykit.library import nodes
from replykit.understanding.phrases import EXCEPT, NO_REASON, Book, Line, tokens
from replykit.understanding.routes import NAMES, RouteWords
from replykit.understanding.wordlists import built_in

_REMOVE = "remove"
_ALL = "*"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?")
_REASON = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_ALIKE = 0.8
_HINT = 'quote phrases that begin with a special character, as "*claim"'


def parse(text: str) -> tuple[RouteWords, list[tuple[int, str]]]:
    """The words of a file's text, and the faults of its lines."""
    reader = _Reader()
    root = reader.load(text)
    if root is not None:
        reader.read(root)
    removed = {lang: frozenset(found) for lang, found in reader.removed.items()}
    return RouteWords(reader.books, removed), reader.faults


@dataclass
class _Reader:
    books: dict[str, Book] = field(default_factory=dict)
    removed: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    faults: list[tuple[int, str]] = field(default_factory=list)

    def fault(self, node: Any, message: str) -> None:
        self.faults.append((node.start_mark.line + 1, message))

    def load(self, text: str) -> Any:
        """The file as nodes; None where it cannot be used."""
        root, faults = nodes.load(text, _HINT)
        self.faults += faults
        if root is not None and root.id != "mapping":
            self.fault(root, "expected languages, each with reasons, as en: {legal: [lawsuit]}")
            return None
        return root

    def read(self, root: Any) -> None:
        for lang, node in self._pairs(root, "", lambda name: bool(_LANGUAGE.fullmatch(name))):
            self.books[lang], self.removed[lang] = Book(), set()
            for key, value in self._pairs(node, lang, self._is_reason):
                if key == EXCEPT:
                    for reason, phrases in self._pairs(value, f"{lang}.{key}", self._is_reason):
                        self._add(lang, reason, phrases, EXCEPT)
                elif key == _REMOVE:
                    for reason, phrases in self._pairs(value, f"{lang}.{key}", NAMES.__contains__):
                        self._remove(lang, reason, phrases)
                else:
                    self._add(lang, key, value, "")

    def _pairs(
        self, node: Any, place: str, known: Callable[[str], bool]
    ) -> Iterator[tuple[str, Any]]:
        """The keys and values of a table; what is no table, or no key, is a fault."""
        if node.id != "mapping":
            if not (node.id == "scalar" and not node.value):
                self.fault(node, f"{place}: expected reasons, each with a list of phrases")
            return
        seen: set[str] = set()
        for key_node, value in node.value:
            key = str(key_node.value)
            if key in seen:
                self.fault(key_node, f"{place}: {key} stands twice".removeprefix(": "))
            elif not known(key):
                self.fault(key_node, _unknown(key, place))
            else:
                seen.add(key)
                yield key, value

    @staticmethod
    def _is_reason(name: str) -> bool:
        if name in (*NAMES, EXCEPT, _REMOVE):
            return True
        near = difflib.get_close_matches(name, (*NAMES, EXCEPT, _REMOVE), 1, _ALIKE)
        return bool(_REASON.fullmatch(name)) and not near

    def _phrases(self, node: Any, place: str) -> Iterator[tuple[Any, str]]:
        if node.id == "scalar" and node.value:
            yield node, node.value
        elif node.id == "sequence":
            for item in node.value:
                if item.id == "scalar" and item.value:
                    yield item, item.value
                else:
                    self.fault(item, f"{place}: expected a phrase; put it in quotes")
        else:
            self.fault(node, f"{place}: expected a list of phrases, as [lawsuit, small claims]")

    def _add(self, lang: str, reason: str, node: Any, sign: str) -> None:
        for item, phrase in self._phrases(node, f"{lang}.{reason}"):
            try:
                self.books[lang].add(Line(reason, phrase, sign), built_in(lang).sets)
            except ReplyKitError as fault:
                self.fault(item, f"{lang}.{reason}: {fault}")

    def _remove(self, lang: str, reason: str, node: Any) -> None:
        """Takes back the built-in phrases that some words meet."""
        lists = built_in(lang)
        for item, words in self._phrases(node, f"{lang}.{_REMOVE}.{reason}"):
            lines = lists.lines if words == _ALL else _met(words, lists.book)
            found = {(line.section, line.text) for line in lines if line.section == reason}
            if found:
                self.removed[lang] |= found
            else:
                self.fault(item, f"{lang}.{_REMOVE}: no built-in phrase of {reason} is {words!r}")


def _met(words: str, book: Book) -> list[Line]:
    """The lines that are these words, or that are found in them."""
    same = [line for line in book.lines if line.text == words]
    return same or [hit.line for hit in book.find(tokens(words)) if hit.line.sign not in NO_REASON]


def _unknown(key: str, place: str) -> str:
    where = f"{place}: " if place else ""
    if not place:
        return f"{key!r} is no language; write its tag, as fi, en or sv"
    near = difflib.get_close_matches(key.lower(), (*NAMES, EXCEPT, _REMOVE), 1, 0.6)
    hint = f"; did you mean {near[0]}?" if near else f"; known: {', '.join(NAMES)}"
    if not _REASON.fullmatch(key):
        hint += " (a reason of your own is in small letters, as late_delivery)"
    return f"{where}unknown key {key}{hint}"


def read(path: Path) -> RouteWords:
    """The words of a library's file, none where there is no such file.

    Raises ReplyKitError for its first fault.
    """
    words, found = _read(path)
    for line, message in found:
        raise ReplyKitError(f"{path}:{line}: {message}")
    return words


def faults(path: Path) -> list[tuple[int, str]]:
    """What is wrong with a library's file: (line, message)."""
    return _read(path)[1]


def _read(path: Path) -> tuple[RouteWords, list[tuple[int, str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return RouteWords(), []
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return RouteWords(), [(line, "not UTF-8; save the file as UTF-8")]
    except OSError as error:
        return RouteWords(), [(1, f"cannot be read ({error.strerror})")]
    words, found = parse(text)
    return words, sorted(found)
