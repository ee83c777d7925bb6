"""House rules: the word lists that a library's trainers write in `_lexicons/`.

    # _lexicons/brand.fi.yaml, or brand.yaml for all languages of the library
    STYLE901:
      name: old-account-name
      message: the account is called Säästötili now
      severity: warning
      words: {kasvutili*: säästötili*}     # as in _routes.yaml; or phrases, as regular expressions
      bad: [Avaa kasvutilisi tänään.]
      good: [Kasvatamme säästöjä.]

The shape is that of the built-in lists in `lexicons/`. A rule may go by its name alone; its code is
then made from the name.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zlib import crc32

from replykit.checking.choice import FAMILIES, family
from replykit.config import SEVERITIES, Settings
from replykit.errors import ReplyKitError
from replykit.library import nodes
from replykit.library.housewords import Word, fault, finder
from replykit.linter import Draft
from replykit.rules import Example, Hit, Rule
from replykit.rules import rules as built_in

FOLDER = "_lexicons"
_CODE = re.compile(r"[A-Z]{2,6}\d{3}")
_NAME = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_TAG = re.compile(r"[a-z]{2}")
_FIRST = 900  # built-in codes stay below
_HINT = "quote texts that contain ': ' or begin with a special character"
_KEYS = (
    "code", "name", "severity", "message", "explanation", "source", "languages", "words", "word",
    "phrases", "replacement", "unless", "bad", "good",
)  # fmt: skip

Fault = tuple[str, int, str]


@dataclass
class _Entry:
    """A rule as one file says it: its place, and what stands under each key."""

    path: str
    line: int
    langs: tuple[str, ...]
    code: str = ""
    name: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)
    is_pattern: bool = False
    unless: list[Word] = field(default_factory=list)
    bad: list[tuple[str, int]] = field(default_factory=list)
    good: list[tuple[str, int]] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


def house_rules(settings: Settings) -> tuple[Rule, ...]:
    """The rules of the library's `_lexicons/`, by code.

    Raises ReplyKitError for the first fault: a rule that does not work must not be missed in
    silence.
    """
    found, faults = _read(settings)
    for path, line, message in faults:
        raise ReplyKitError(f"{settings.library_path}/{path}:{line}: {message}")
    return found


def house_faults(settings: Settings) -> tuple[Fault, ...]:
    """All that is wrong with the library's house rules: (file, line, message)."""
    return _read(settings)[1]


def _read(settings: Settings) -> tuple[tuple[Rule, ...], tuple[Fault, ...]]:
    try:
        paths = sorted((settings.library_path / FOLDER).glob("*.y*ml"))
        states = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)
    except OSError:
        states = ()
    return _parsed(states, settings.languages) if states else ((), ())


@lru_cache(maxsize=4)
def _parsed(
    states: tuple[tuple[Path, int, int], ...], languages: tuple[str, ...]
) -> tuple[tuple[Rule, ...], tuple[Fault, ...]]:
    reader = _Reader(languages)
    for path, *_ in states:
        reader.read(path)
    by_code: dict[str, list[_Entry]] = {}
    for entry in reader.entries:
        reader.join(entry, by_code)
    found = [reader.rule(entries) for _, entries in sorted(by_code.items())]
    return tuple(found), tuple(sorted(set(reader.faults)))


class _Reader:
    """Reads files into entries and entries into rules; collects faults on the way."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self.entries: list[_Entry] = []
        self.faults: list[Fault] = []

    def read(self, path: Path) -> None:
        name = f"{FOLDER}/{path.name}"
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.faults.append((name, line, "not UTF-8; save the file as UTF-8"))
            return
        except OSError as error:
            self.faults.append((name, 1, f"cannot be read ({error.strerror})"))
            return
        root, faults = nodes.load(text, _HINT)
        self.faults += [(name, line, message) for line, message in faults]
        if root is None:
            return
        if root.id != "mapping":
            said = "expected rules by code or name, each a table, as STYLE901: {words: [cheap]}"
            self._fault(name, root, said)
            return
        tag = path.name.rpartition(".")[0].rpartition(".")[2]
        known = tag in self.languages or _TAG.fullmatch(tag)
        for key, node in root.value:
            self._entry(_Entry(name, key.start_mark.line + 1, (tag,) if known else ()), key, node)

    def _fault(self, path: str, node: Any, message: str) -> None:
        self.faults.append((path, node.start_mark.line + 1, message))

    def _entry(self, entry: _Entry, key: Any, node: Any) -> None:
        title, count = str(key.value), len(self.faults)
        wrong = partial(self._fault, entry.path)
        if node.id != "mapping":
            wrong(key, f"{title}: expected a table, as {{message: …, words: [cheap]}}")
            return
        seen: set[str] = set()
        for key_node, value in node.value:
            name = str(key_node.value)
            if name not in _KEYS:
                near = difflib.get_close_matches(name, _KEYS, 1)
                hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(_KEYS)}"
                wrong(key_node, f"{title}: unknown key {name}; {hint}")
            elif name in seen:
                wrong(key_node, f"{title}: {name} stands twice")
            elif name == "languages":
                entry.langs = tuple(text for text, _ in self._texts(entry, title, name, value))
            elif name in ("words", "word", "phrases"):
                if entry.words:
                    wrong(key_node, f"{title}: give words or phrases, not both")
                entry.words = self._words(entry, title, name, value)
                entry.is_pattern = name == "phrases"
            elif name == "unless":
                entry.unless = self._words(entry, title, name, value)
            elif name in ("bad", "good"):
                setattr(entry, name, self._texts(entry, title, name, value))
            elif value.id == "scalar" and value.value.strip():
                entry.texts[name] = " ".join(value.value.split())
            else:
                wrong(value, f"{title}: {name}: expected text")
            seen.add(name)
        entry.langs = entry.langs or self.languages
        self._check(entry, title, key, len(self.faults) == count)

    def _check(self, entry: _Entry, title: str, key: Any, sound: bool) -> None:
        """Whether an entry can be a rule; what is wrong with it as a whole."""
        count, wrong = len(self.faults), partial(self._fault, entry.path, key)
        is_code = bool(re.fullmatch(r"[A-Za-z]+\d+", title))
        entry.name = entry.texts.get("name", title.lower() if is_code else title)
        entry.code = entry.texts.get("code", title if is_code else _made(title))
        number = int(entry.code[-3:]) if _CODE.fullmatch(entry.code) else 0
        if family(entry.code) not in FAMILIES or number < _FIRST:
            near = difflib.get_close_matches(family(entry.code.upper()), FAMILIES, 1)
            said = f"as {(near or ['STYLE'])[0]}{_FIRST + number % 100}"
            wrong(f"{entry.code}: a house rule's code is a family and 900 to 999, {said}")
        if not _NAME.fullmatch(entry.name):
            wrong(f"{title}: the name {entry.name!r} is not of the shape old-name")
        if entry.texts.get("severity", SEVERITIES[1]) not in SEVERITIES:
            said = f"severity: {entry.texts['severity']!r} is none of {', '.join(SEVERITIES)}"
            wrong(f"{title}: {said}")
        if sound and not entry.words:
            wrong(f"{title}: words are missing; give words: [cheap] or phrases: ['cheap(er)?']")
        if sound and "message" not in entry.texts:
            wrong(f"{title}: message is missing; it says why, and what to write instead")
        if told := entry.texts.get("replacement"):
            entry.words = [word._replace(replacement=word[1] or told) for word in entry.words]
        self._check_words(entry, title)
        if sound and len(self.faults) == count:
            self.entries.append(entry)

    def _check_words(self, entry: _Entry, title: str) -> None:
        for word, replacement, line in (*entry.words, *entry.unless):
            if said := fault(word, pattern=entry.is_pattern):
                self.faults.append((entry.path, line, f"{title}: {said}"))
            if replacement and _digits(replacement) != _digits(word):
                said = "the replacement changes a number; say in the message what is right"
                self.faults.append((entry.path, line, f"{title}: {said}"))

    def _texts(self, entry: _Entry, title: str, key: str, node: Any) -> list[tuple[str, int]]:
        items = node.value if node.id == "sequence" else [node]
        found = []
        for item in items:
            if item.id == "scalar" and item.value.strip():
                found.append((str(item.value), item.start_mark.line + 1))
            else:
                self._fault(entry.path, item, f"{title}: {key}: expected text; put it in quotes")
        return found

    def _words(self, entry: _Entry, title: str, key: str, node: Any) -> list[Word]:
        """Words with their replacements: a text, a list, or a table."""
        if node.id != "mapping":
            return [Word(text, "", line) for text, line in self._texts(entry, title, key, node)]
        found: list[Word] = []
        for word, value in node.value:
            texts = [] if value.value == "" else self._texts(entry, title, key, value)
            if word.id != "scalar" or len(texts) > 1:
                self._fault(entry.path, word, f"{title}: {key}: expected word: replacement")
                continue
            told = texts[0][0] if texts else ""
            found.append(Word(str(word.value), told, word.start_mark.line + 1))
        return found

    def join(self, entry: _Entry, by_code: dict[str, list[_Entry]]) -> None:
        """Adds an entry to those of its code: one rule may have words in several languages."""
        said = ""
        for rule in built_in():
            if rule.name == entry.name:
                said = f"{entry.name} is the name of {rule.code}; choose another"
        for other in (other for entries in by_code.values() for other in entries):
            if other.code != entry.code and other.name == entry.name:
                said = f"{entry.name} is the name of {other.code} ({other.place}) too"
            elif other.code == entry.code and other.name != entry.name:
                free = _free(entry.code, by_code)
                said = f"{entry.code} is taken by {other.name} ({other.place}); write code: {free}"
            elif other.code == entry.code and set(other.langs) & set(entry.langs):
                said = f"{entry.code} stands in {other.place} for the same language; join them"
            elif other.code == entry.code and _severity(other) != _severity(entry):
                said = f"{entry.code}: the severity differs from that in {other.place}"
        if said:
            self.faults.append((entry.path, entry.line, said))
        else:
            by_code.setdefault(entry.code, []).append(entry)

    def rule(self, entries: list[_Entry]) -> Rule:
        """One rule of all its entries; its examples are tried on it."""
        checks = {lang: _finder(entry) for entry in entries for lang in entry.langs}
        first = entries[0]
        rule = Rule(
            code=first.code,
            name=first.name,
            severity=_severity(first),
            message=first.texts["message"],
            explanation=first.texts.get("explanation", first.texts["message"]),
            source=first.texts.get("source", ", ".join(entry.path for entry in entries)),
            check=partial(_by_language, checks),
            bad=_examples(entries, "bad"),
            good=_examples(entries, "good"),
            langs=tuple(checks),
        )
        for entry in entries:
            for kind in ("bad", "good"):
                for text, line in getattr(entry, kind):
                    self._try(rule, entry, kind, text, line)
        return rule

    def _try(self, rule: Rule, entry: _Entry, kind: str, text: str, line: int) -> None:
        try:
            fires = any(True for _ in rule.check(Draft(text, entry.langs[0])))
        except ReplyKitError as error:
            self.faults.append((entry.path, line, str(error).partition(": ")[2]))
            return
        if fires != (kind == "bad"):
            does = "finds this good example" if fires else "does not find this bad example"
            said = f"{rule.code} {does}: mend the words or the example"
            self.faults.append((entry.path, line, said))


def _by_language(checks: Mapping[str, Callable[[Draft], Iterator[Hit]]], draft: Draft) -> Any:
    return checks[draft.lang](draft) if draft.lang in checks else iter(())


def _finder(entry: _Entry) -> Callable[[Draft], Iterator[Hit]]:
    place = f"{entry.place}: {entry.code}"
    said = entry.texts["message"]
    return finder(entry.words, entry.unless, said, place, patterns=entry.is_pattern)


def _severity(entry: _Entry) -> str:
    return entry.texts.get("severity", SEVERITIES[1])


def _examples(entries: Iterable[_Entry], kind: str) -> tuple[Example, ...]:
    return tuple(
        Example(entry.langs[0], text) for entry in entries for text, _ in getattr(entry, kind)
    )


def _made(name: str) -> str:
    """A code made of a rule's name: the same whatever other rules there are."""
    return f"STYLE{_FIRST + crc32(name.encode()) % 100}"


def _free(code: str, taken: Mapping[str, Any]) -> str:
    codes = (f"{family(code)}{number}" for number in range(_FIRST, 1000))
    return next((found for found in codes if found not in taken), code)


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)
