"""Slips that need no engine: words often misspelt, and patterns; data/misspelt and data/slips."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from replykit.grammar.reports import WORD
from replykit.linter import Draft, Fix
from replykit.patterns import prepared
from replykit.rules import Hit

_DATA = Path(__file__).parent.parent / "data"
_WHOLE = prepared(r"[^\W\d_]+(?:'[^\W\d_]+)*+")
_NAME = prepared(r"\{([a-z]\w*)\}")


@dataclass(frozen=True)
class _Slip:
    """A pattern, what is meant by it, and sets of words; it is compiled when a sentence first has
    one of each set."""

    words: tuple[frozenset[str], ...]
    source: str
    right: str
    severity: str

    def may_be_in(self, said: Set[str]) -> bool:
        """Whether words hold one of each set."""
        return not any(map(said.isdisjoint, self.words))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        source = self.source.replace("'", "['’]")
        # A pattern may begin within a word at its apostrophe: we'll.
        return prepared(rf"(?:(?<![\w'’-])|(?=['’]))(?:{source})(?!\w)", re.IGNORECASE)


def misspelt(draft: Draft, known: Set[str]) -> Iterator[Hit]:
    """Words that are often misspelt, unless they are known around the draft."""
    table = _misspelt(draft.lang)
    for match in WORD.finditer(draft.text) if table else ():
        word = match.group()
        right = table.get(word)
        if right and word not in known:
            message = f"“{word}” is misspelt; did you mean “{right}”?"
            yield Hit(match.start(), match.end(), message, Fix(right, safe=False))


def slips(draft: Draft) -> Iterator[Hit]:
    """What the patterns of the draft's language find, sentence by sentence."""
    anywhere = _said(draft.text)
    possible = [slip for slip in _slips(draft.lang) if slip.may_be_in(anywhere)]
    for sentence in draft.sentences if possible else ():
        said = _said(sentence.text)
        for slip in possible:
            if not slip.may_be_in(said):
                continue
            for match in slip.pattern.finditer(sentence.text):
                right = _as_begun(match.expand(slip.right), match.group()) if slip.right else ""
                message = f"“{{text}}”: did you mean “{right}”?" if right else ""
                fix = Fix(right, safe=False) if right else None
                start = sentence.start + match.start()
                yield Hit(start, start + len(match.group()), message, fix, slip.severity)


def _as_begun(right: str, written: str) -> str:
    """What is meant, with a capital where what is written has one."""
    return right[:1].upper() + right[1:] if written[:1].isupper() else right


@cache
def _misspelt(lang: str) -> Mapping[str, str]:
    """What is meant, by how it is written wrongly."""
    found = {}
    for line in _lines(f"misspelt.{lang}.txt"):
        right, _, wrong = line.partition(":")
        found.update(dict.fromkeys(wrong.split(), right))
    return found


@cache
def _slips(lang: str) -> tuple[_Slip, ...]:
    named: dict[str, str] = {}
    found = []
    severity = ""
    for line in _lines(f"slips.{lang}.txt"):
        if line.startswith("["):
            severity = line.strip("[]")
        elif line.startswith("@"):
            name, _, text = line[1:].partition(" = ")
            named[name] = _filled(text, named)
        else:
            words, _, rest = line.partition(": ")
            pattern, _, right = rest.rpartition("=>")
            found.append(
                _Slip(
                    tuple(_listed(part, named) for part in words.split("&")),
                    _filled(pattern.strip(), named),
                    right.strip(),
                    severity,
                )
            )
    return tuple(found)


def _said(text: str) -> frozenset[str]:
    """The words of a text, those with an apostrophe also in their parts."""
    whole = _WHOLE.findall(text.casefold().replace("’", "'"))
    return frozenset(whole).union(*(word.split("'") for word in whole if "'" in word))


def _listed(words: str, named: Mapping[str, str]) -> frozenset[str]:
    """Words, and those that a name stands for."""
    return frozenset(_filled(words, named).replace("-?", "").replace("|", " ").split())


def _filled(text: str, named: Mapping[str, str]) -> str:
    return _NAME.sub(lambda match: named[match[1]], text)


def _lines(name: str) -> Iterator[str]:
    path = _DATA / name
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        if line and not line.startswith("#"):
            yield line
