"""Which of LanguageTool's reports count, and as what; decisions in data/languagetool.txt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from replykit.grammar import Match
from replykit.linter import Draft, Fix
from replykit.rules import Hit

_DECISIONS = Path(__file__).parent.parent / "data" / "languagetool.txt"
_SPELLER = re.compile(r"MORFOLOGIK|HUNSPELL|SPELLER")
# No part of an address, a path or a code.
WORD = re.compile(r"(?<![\w@./:#-])[^\W\d_]+(?:[-'’][^\W\d_]+)*+(?![\w@/:=(]|\.[^\W\d_])")
# "‘colour’ is British English": right where its writer is at home.
_OTHER_VARIANT = re.compile(r"\bis (?:British|American|Australian|Canadian) English")
# What the American dictionary does not name as British: ploughing, moulted, judgement, off-centre.
_BRITISH = (
    (re.compile(r"ough"), "ow"),
    (re.compile(r"ou(?=[lr])"), "o"),
    (re.compile(r"[ao]e"), "e"),
    (re.compile(r"(?<=dg)e(?=ment)|e(?=able)"), ""),
    (re.compile(r"re(?=s?$)"), "er"),
    (re.compile(r"([iy])s(?=[ei])"), r"\1z"),
    (re.compile(r"ll(?=(?:ed|er|ers|ing|or|ors|ous)$)"), "l"),
)
_LEAST_LETTERS = 4  # shorter ones are mostly abbreviations: tbh, incl
# Slips are at least so near to what was meant; words of other languages (varaus: various) are not.
_LEAST_ALIKE = 0.8
# New words made of known ones by the book: descaler, rebookable.
_PREFIXES = ("anti", "co", "e", "mis", "multi", "non", "over", "pre", "re", "sub", "un")
_ENDINGS = ("able", "er", "ers", "ish", "less", "like", "ness", "wise")
_LONGEST = 60
_SMALL_WORD = 2


@dataclass(frozen=True)
class _Decisions:
    """What was decided for a language: a severity by rule and by category, the sure rules, and
    words that its dictionary lacks."""

    severities: Mapping[str, str]
    safe: Set[str]
    words: Set[str]

    def severity(self, match: Match) -> str:
        """How grave a report is; nothing where it does not count."""
        found = self.severities.get(match.rule) or self.severities.get(match.category, "off")
        return "" if found == "off" else found


@cache
def _decisions(lang: str) -> _Decisions:
    sections: dict[str, _Decisions] = {}
    severities: dict[str, str] = {}
    safe: set[str] = set()
    words: set[str] = set()
    for line in _DECISIONS.read_text("utf-8").splitlines():
        word, *names = line.split() or ["#"]
        if word.startswith("["):
            severities, safe, words = {}, set(), set()
            sections[word.strip("[]")] = _Decisions(severities, safe, words)
        elif word == "safe":
            safe.update(names)
        elif word == "words":
            words.update(names)
        elif word != "#":
            severities.update(dict.fromkeys(names, word))
    return sections.get(lang.partition("-")[0], sections["other"])


def misspellings(draft: Draft, known: Set[str]) -> Iterator[Hit]:
    """Words that LanguageTool's dictionaries do not have and that are near to one they have."""
    decided = _decisions(draft.lang)
    for match in draft.matches or ():
        severity = decided.severity(match)
        word = draft.text[match.start : match.end]
        if not severity or not _SPELLER.search(match.rule) or not _is_plain(draft.text, match):
            continue
        if word in known or word in decided.words or _is_british(word, match, draft.lang):
            continue
        right, alike = _nearest(word, match.replacements)
        if alike >= _LEAST_ALIKE and not (_is_made_of(word, right) or _is_name(right, word)):
            grave = "suggestion" if _is_custom(word, right) else severity
            message = f"“{word}” is in no dictionary; did you mean “{right}”?"
            yield Hit(match.start, match.end, message, Fix(right, safe=False), grave)


def faults(draft: Draft) -> Iterator[Hit]:
    """What LanguageTool finds in the grammar, and words taken for others."""
    decided = _decisions(draft.lang)
    for match in draft.matches or ():
        severity = decided.severity(match)
        if not severity or _SPELLER.search(match.rule):
            continue
        text = draft.text[match.start : match.end]
        fix = None
        if match.replacements and _same_facts(text, match.replacements[0]):
            fix = Fix(match.replacements[0], safe=match.rule in decided.safe)
        about = " ".join(match.message.split())
        yield Hit(match.start, match.end, f"“{{text}}”: {about}", fix, severity)


def _is_plain(text: str, match: Match) -> bool:
    """Whether a report is of a whole word in small letters: names are no misspellings."""
    found = WORD.match(text, match.start)
    size = match.end - match.start
    return (
        found is not None
        and found.end() == match.end
        and found.group().islower()
        and _LEAST_LETTERS <= size <= _LONGEST
    )


def _is_british(word: str, match: Match, lang: str) -> bool:
    """Whether an English word is right where its writer is at home."""
    return bool(_OTHER_VARIANT.search(match.message)) or (
        lang.startswith("en") and _american(word) in match.replacements
    )


def _american(word: str) -> str:
    """A word spelt as Americans would, if it is British; others may come out as no word at all."""
    for british, american in _BRITISH:
        word = british.sub(american, word)
    return word


def _nearest(word: str, replacements: tuple[str, ...]) -> tuple[str, float]:
    """The replacement most like a word, the earlier of two, and how alike it is, from 0 to 1."""
    best = ("", 0.0)
    for item in replacements:
        alike = SequenceMatcher(None, word, item.casefold()).ratio()
        if alike > best[1]:
            best = (item, alike)
    return best


def _is_made_of(word: str, known: str) -> bool:
    stems = (known, known[:-1]) if known.endswith("e") else (known,)
    return word in {prefix + known for prefix in _PREFIXES} | {
        stem + ending for stem in stems for ending in _ENDINGS
    }


def _is_custom(word: str, right: str) -> bool:
    """Whether a word differs in a capital, a hyphen or a blank alone: ebook, timeslot, bluetooth.
    Small words are run together by mistake: "incase", "alot"."""
    parts = right.split()
    small = len(parts) > 1 and min(map(len, parts)) <= _SMALL_WORD
    return not small and re.sub(r"[\s-]", "", right).casefold() == word


def _is_name(right: str, word: str) -> bool:
    """Whether a word is only near to a name, as hollym is; "monday" is one without its capital."""
    return not right.islower() and right.casefold() != word


def _same_facts(text: str, replacement: str) -> bool:
    """Whether a replacement leaves numbers alone, and all capitals but the first."""
    return _figures(text) == _figures(replacement)


def _figures(text: str) -> list[str]:
    return [letter for letter in text[1:] if letter.isupper() or letter.isdigit()]
