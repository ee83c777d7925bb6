"""Word-list rules: reads `lexicons/`, where a rule is one entry per language.

A file is LANG.yaml or SUBJECT.LANG.yaml. Of the hundreds of phrases that a draft is read for, few
are compiled and searched for: those of which it has letters that none of their matches lacks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from replykit.checking.literals import Guarded
from replykit.linter import Draft, Fix
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_KEYS = {
    "name", "severity", "message", "explanation", "source", "phrases", "unless", "bad", "good",
}  # fmt: skip


@dataclass(frozen=True)
class _Entry:
    """A rule's phrases in one language; each compiled when a draft first needs it, for to compile
    all takes longer than to check a draft."""

    words: tuple[str, ...]
    innocent: tuple[str, ...]
    replacements: dict[str, str]

    @cached_property
    def phrases(self) -> tuple[Guarded, ...]:
        return tuple(Guarded(whole_words([phrase])) for phrase in self.words)

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        return _pattern(self.innocent) if self.innocent else None

    def possible(self, text: str) -> list[re.Pattern[str]]:
        """The patterns of the phrases that a text may hold."""
        return [phrase.pattern for phrase in self.phrases if phrase.may_be_in(text)]


def load() -> tuple[Rule, ...]:
    """The rules of all lexicons; entries of one code in several languages are one rule."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    tables: dict[str, dict[str, dict[str, Any]]] = {}
    for lang, path in _files():
        for code, table in yaml.load(path.read_text("utf-8"), Loader=loader).items():
            tables.setdefault(code, {})[lang] = table
    return tuple(_rule(code, by_lang) for code, by_lang in tables.items())


def languages() -> frozenset[str]:
    """The languages that word lists are there for."""
    return frozenset(lang for lang, _ in _files())


def _files() -> list[tuple[str, Traversable]]:
    """The files by name, each with its language."""
    found = files("replykit").joinpath("lexicons").iterdir()
    yaml = sorted((path for path in found if path.name.endswith(".yaml")), key=lambda p: p.name)
    return [(path.name.removesuffix(".yaml").rpartition(".")[2], path) for path in yaml]


def _rule(code: str, by_lang: dict[str, dict[str, Any]]) -> Rule:
    for lang, table in by_lang.items():
        if unknown := set(table) - _KEYS:
            raise ValueError(f"lexicons, {lang}: {code}: unknown keys {sorted(unknown)}")
    first = by_lang["en"]
    return Rule(
        code=code,
        name=first["name"],
        severity=first["severity"],
        message=first["message"],
        explanation=" ".join(first["explanation"].split()),
        source=first.get("source", ""),
        check=_check({lang: _entry(lang, table) for lang, table in by_lang.items()}),
        bad=_examples(by_lang, "bad"),
        good=_examples(by_lang, "good"),
    )


def _examples(by_lang: dict[str, dict[str, Any]], key: str) -> tuple[Example, ...]:
    return tuple(
        Example(lang, text) for lang, table in by_lang.items() for text in table.get(key, ())
    )


def _entry(lang: str, table: dict[str, Any]) -> _Entry:
    phrases = table["phrases"]
    # Unquoted, YAML reads a phrase with `(?: ` in it as a mapping.
    if wrong := [phrase for phrase in phrases if not isinstance(phrase, str)]:
        raise ValueError(f"lexicons, {lang}: quote this phrase: {wrong[0]}")
    replacements = phrases if isinstance(phrases, dict) else {}
    return _Entry(
        tuple(phrases),
        tuple(table.get("unless", ())),
        {phrase.casefold(): text for phrase, text in replacements.items() if text},
    )


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    return prepared(whole_words(phrases), re.IGNORECASE)


def whole_words(phrases: Iterable[str]) -> str:
    """Phrases as one pattern of whole words; a blank stands for any white space.

    Mails have curly apostrophes too.
    """
    joined = "|".join(phrase.replace(" ", r"\s++").replace("'", "['’]") for phrase in phrases)
    return rf"(?<!\w)(?:{joined})(?!\w)"


def _check(by_lang: dict[str, _Entry]) -> Callable[[Draft], Iterator[Hit]]:
    def check(draft: Draft) -> Iterator[Hit]:
        entry = by_lang.get(draft.lang)
        if entry is None:
            return
        patterns = entry.possible(draft.text)
        for sentence in draft.sentences if patterns else ():
            matches = list(_matches(patterns, sentence.text))
            # Few sentences have a match, so that most drafts never need the second pattern.
            if matches and entry.unless and entry.unless.search(sentence.text):
                continue
            for match in matches:
                replacement = entry.replacements.get(match.group().casefold())
                fix = Fix(replacement, safe=False) if replacement else None
                start = sentence.start + match.start()
                yield Hit(start, start + len(match.group()), fix=fix)

    return check


def _matches(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    """The matches of patterns as if they were alternatives of one: at a place, of the first."""
    place = 0
    while found := [match for pattern in patterns if (match := pattern.search(text, place))]:
        match = min(found, key=lambda match: match.start())
        yield match
        place = max(match.end(), match.start() + 1)


RULES = load()
