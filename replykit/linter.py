"""Checks a draft by rules and measures it; knows nothing of files or terminals."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from replykit.checking.choice import choice, family
from replykit.config import CHANNELS, SEVERITIES, Settings
from replykit.errors import ReplyKitError
from replykit.grammar import Match
from replykit.masks import mask
from replykit.message import Message
from replykit.patterns import prepared

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = prepared(r"[^\W_]++(?:[-'’][^\W_]++)*+")
_MAY_END = prepared(r"[^\w\s,;:'’()/-]")
# A line at least this long may have been broken by a mail program rather than by its writer.
_WRAPPED_FROM = 50
# One fix can lay open another; fixes only ever shrink the text or settle, so few passes do.
_MOST_PASSES = 10
_LONGEST_QUOTE = 80
_LEAST_IN_STATEMENT = 3  # words
_MOST_EMBEDDED = 200  # sentences: some ten times the longest mail


@dataclass(frozen=True)
class Fix:
    """A replacement for the words of a finding; a safe one never changes what is said."""

    replacement: str
    safe: bool = True


@dataclass(frozen=True)
class Finding:
    """One thing to mend: rule, severity, why, and where (offsets in code points, end exclusive)."""

    code: str
    name: str
    severity: str
    message: str
    text: str
    start: int
    end: int
    fix: Fix | None = None


@dataclass(frozen=True)
class NotRun:
    """A check that could not run, why, and how to get it."""

    check: str
    reason: str
    how: str


@dataclass(frozen=True)
class Metrics:
    """A draft in numbers. `readability`: Flesch reading ease for English (high is easy), LIX
    for other languages (low is easy); `politeness`, from 0 to 1, is None where nothing measures it;
    `signals` are its evidence: each signal with its words."""

    words: int
    sentences: int
    politeness: float | None
    readability: float | None
    signals: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Span:
    """A piece of the draft with its place."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Tools:
    """What some rules need beside the text; None where it is not at hand.

    `embed` gives texts their unit vectors (n, dim) as `meaning` has tuned the embedded model, and
    `embed_ahead` begins with texts before their vectors are asked for; `grammar` gives what
    LanguageTool reports on a text of a language, None where it cannot; `ahead` sends it a text
    before the answer is asked for.
    """

    embed: Callable[[Sequence[str]], NDArray[Any]] | None = None
    embed_ahead: Callable[[Sequence[str]], None] | None = None
    grammar: Callable[[str, str], Sequence[Match] | None] | None = None
    ahead: Callable[[str, str], None] | None = None


@dataclass(frozen=True)
class Draft:
    """What rules read: the text, and all that is known around it (None: nobody said).

    `reply` is the text that the library has for it, as it was filled; `spelt` are words that
    the library says are spelt right, in small letters; `attachments` is how many files a mail
    carries, None of a text alone.
    """

    text: str
    lang: str
    channel: str = "email"
    message: Message | None = None
    customer: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    agent: str = ""
    now: datetime | None = None
    reply: str = ""
    spelt: frozenset[str] = frozenset()
    attachments: int | None = None
    tools: Tools = field(default_factory=Tools)

    @cached_property
    def statements(self) -> list[Span]:
        """Sentences of some words: greetings and names mean nothing that a model could judge. None
        of a text that is far too long for a reply."""
        if len(self.sentences) > _MOST_EMBEDDED:
            return []
        return [span for span in self.sentences if self.count_words(span) >= _LEAST_IN_STATEMENT]

    @cached_property
    def vectors(self) -> NDArray[Any] | None:
        """The vectors of `statements` (n, dim), made once for all rules; None without a model and
        where there are none."""
        if self.tools.embed is None or not self.statements:
            return None
        return self.tools.embed([span.text for span in self.statements])

    @cached_property
    def meanings(self) -> NDArray[Any] | None:
        """How surely each of `statements` belongs to each family of `meaning` (n, families); None
        where `vectors` are."""
        from replykit.checking import meaning

        # Without `embed` the classifiers need not be loaded.
        if self.vectors is None:
            return None
        return meaning.load().scores([span.text for span in self.statements], self.vectors)

    @cached_property
    def matches(self) -> Sequence[Match] | None:
        """What LanguageTool reports, asked once for all rules; None where it is not at hand."""
        return self.tools.grammar(self.text, self.lang) if self.tools.grammar else None

    @cached_property
    def lines(self) -> list[Span]:
        """Lines with text, without their ends."""
        spans = (Span(m.group(), m.start()) for m in re.finditer(r"[^\n]+", self.text))
        return [span for span in spans if span.text.strip()]

    @cached_property
    def sentences(self) -> list[Span]:
        """Sentences; none goes beyond its line, except where a mail was wrapped by hand."""
        from sentencex import get_sentence_boundaries

        found = []
        for block in self._unwrapped():
            if not _MAY_END.search(block.text):
                if _WORD.search(block.text):
                    blank = len(block.text) - len(block.text.lstrip())
                    found.append(Span(block.text.strip(), block.start + blank))
                continue
            # One blank for one line end keeps every place.
            for item in get_sentence_boundaries(self.lang, block.text.replace("\n", " ")):
                text = block.text[item["start_index"] : item["end_index"]]
                start = block.start + item["start_index"] + len(text) - len(text.lstrip())
                if _WORD.search(text):
                    found.append(Span(text.strip(), start))
        return found

    def _unwrapped(self) -> Iterator[Span]:
        """Lines, those joined that continue a long one in small letters."""
        start = end = 0
        wide = False
        for line in self.lines:
            if wide and line.start == end + 1 and line.text.lstrip()[0].islower():
                end = line.end
            else:
                if end:
                    yield Span(self.text[start:end], start)
                start, end = line.start, line.end
            wide = len(line.text) >= _WRAPPED_FROM
        if end:
            yield Span(self.text[start:end], start)

    @cached_property
    def words(self) -> list[Span]:
        """Words, numbers among them."""
        return [Span(m.group(), m.start()) for m in _WORD.finditer(self.text)]

    @cached_property
    def _word_starts(self) -> list[int]:
        return [word.start for word in self.words]

    def count_words(self, span: Span) -> int:
        """How many words begin within a span."""
        starts = self._word_starts
        return bisect_left(starts, span.end) - bisect_left(starts, span.start)

    @cached_property
    def _line_starts(self) -> list[int]:
        return line_starts(self.text)

    def line_at(self, offset: int) -> str:
        """The line, without its end, in which an offset lies."""
        number = bisect_right(self._line_starts, offset)
        end = self._line_starts[number] - 1 if number < len(self._line_starts) else len(self.text)
        return self.text[self._line_starts[number - 1] : end]


def lint(
    draft: Draft, settings: Settings, *, ignore: Iterable[str] = ()
) -> tuple[list[Finding], Metrics]:
    """All findings of the rules in force, in the order of the text, and the draft's measures."""
    from replykit.rules import check_choice

    rules = check_choice(settings)
    if draft.channel not in CHANNELS:
        raise ReplyKitError(f"channel {draft.channel!r}: known: {', '.join(CHANNELS)}")
    chosen_rules = choice(settings, draft.lang, draft.channel)
    chosen_rules = replace(chosen_rules, ignore=chosen_rules.ignore.union(ignore))
    severities = [(rule, chosen_rules.severity(rule.code, rule.name)) for rule in rules]
    in_force = [(rule, chosen) for rule, chosen in severities if chosen is not None]
    if draft.tools.ahead and any(family(rule.code) == "GRAM" for rule, _ in in_force):
        draft.tools.ahead(draft.text, draft.lang)
    by_model = any(rule.needs_model and draft.lang in rule.langs for rule, _ in in_force)
    if draft.tools.embed_ahead and by_model and draft.statements:
        draft.tools.embed_ahead([span.text for span in draft.statements])
    # Those that wait for the model come last.
    in_force.sort(key=lambda item: item[0].needs_model)
    findings = []
    for rule, chosen in in_force:
        for hit in rule.check(draft):
            text = draft.text[hit.start : hit.end]
            message = (hit.message or rule.message).replace("{text}", _quoted(mask(text)))
            findings.append(
                Finding(
                    rule.code,
                    rule.name,
                    chosen or hit.severity or rule.severity,
                    message,
                    text,
                    hit.start,
                    hit.end,
                    hit.fix,
                )
            )
    findings.sort(key=lambda finding: (finding.start, finding.end, finding.code))
    return findings, measure(draft)


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def worst(findings: Iterable[Finding], fail_on: str) -> bool:
    """Whether any finding is at or above a severity."""
    limit = SEVERITIES.index(fail_on)
    return any(SEVERITIES.index(finding.severity) <= limit for finding in findings)


def measure(draft: Draft) -> Metrics:
    """Words, sentences, politeness with its signals, and readability."""
    from replykit.checking.politeness import has_sound, politeness

    words, sentences = len(draft.words), len(draft.sentences)
    readability = _readability(draft) if words >= 10 else None
    vectors = draft.vectors if has_sound(draft.lang) else None
    polite, signals = politeness(draft.text, draft.lang, vectors)
    return Metrics(words, sentences, polite, readability, signals)


def apply_fixes(text: str, findings: Iterable[Finding], *, unsafe: bool = False) -> str:
    """The text with safe fixes (and unsafe ones if wanted); the first of two that overlap wins."""
    parts, place = [], 0
    for finding in sorted(findings, key=lambda item: (item.start, item.end)):
        if finding.fix and (finding.fix.safe or unsafe) and finding.start >= place:
            parts += [text[place : finding.start], finding.fix.replacement]
            place = finding.end
    return "".join([*parts, text[place:]])


def fix_all(text: str, find: Callable[[str], Iterable[Finding]], *, unsafe: bool = False) -> str:
    """The text with fixes applied until none is left, so that a second run changes nothing.

    `find` gives the findings of a text.
    """
    for _ in range(_MOST_PASSES):
        fixed = apply_fixes(text, find(text), unsafe=unsafe)
        if fixed == text:
            break
        text = fixed
    return text


def _readability(draft: Draft) -> float:
    """Flesch (1948) for English, syllables by hyphenation; LIX (Björnsson 1968) else."""
    words = [span.text for span in draft.words]
    per_sentence = len(words) / max(1, len(draft.sentences))
    if draft.lang == "en":
        syllables = sum(_syllables(word) for word in words) / len(words)
        return round(206.835 - 1.015 * per_sentence - 84.6 * syllables, 1)
    long_words = sum(len(word) > 6 for word in words)
    return round(per_sentence + 100 * long_words / len(words), 1)


def _syllables(word: str) -> int:
    """Groups of vowels, a silent final e not counted."""
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and len(groups) > 1
    return max(1, len(groups) - silent)


def line_starts(text: str) -> list[int]:
    """The offset at which each line begins."""
    return [0, *(match.end() for match in re.finditer("\n", text))]


def position(starts: Sequence[int], offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset from 0; `starts` as `line_starts` gives them."""
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
