"""Finds suppressions that suppress nothing: in a response's front matter, comments and partials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from replykit.checking.checked import Checked
from replykit.checking.choice import choice
from replykit.config import Settings
from replykit.errors import ReplyKitError
from replykit.filling.template import PARTIALS
from replykit.library.response import Problem, Response
from replykit.library.suppress import Comment, Suppression, covering, misspelt, named
from replykit.linter import Finding, line_starts
from replykit.rules import Rule, find_rule, known_rules, rules_for

_CODE = "FILL002"
_MISSPELT = "suppresses nothing; write {# replykit: ignore CODE #}"


@dataclass
class Uses:
    """The suppressions that were met, each with the language of a text, and of what use they were;
    `fields` are those of front matter."""

    comments: dict[tuple[Comment, str], set[str]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)

    def left(
        self, checked: Checked, response: Response, suppressions: tuple[Suppression, ...]
    ) -> list[Finding]:
        """The findings that nothing suppresses; what suppresses the others is of use."""
        lang = response.lang
        for item in suppressions:
            self.comments.setdefault((item.comment, lang), set())
        found = []
        for finding in checked.findings:
            fields = [
                name for name in response.lint_ignore if named(finding.code, finding.name, (name,))
            ]
            covers = list(covering(finding, checked.text, suppressions))
            self.fields.update(fields)
            for item in covers:
                names = item.comment.names
                self.comments[item.comment, lang].update(
                    name for name in names if named(finding.code, finding.name, (name,))
                )
            if not fields and not covers:
                found.append(finding)
        return found

    def add(self, other: Uses) -> None:
        """Adds what another text made of its comments."""
        for key, names in other.comments.items():
            self.comments.setdefault(key, set()).update(names)


def unused_in_file(
    uses: Uses, response: Response, source: str, settings: Settings
) -> Iterator[Finding]:
    """A finding for each suppression of a response's own file that suppresses nothing."""
    rules = rules_for(settings)
    places = [(response.line("lint"), name) for name in response.lint_ignore
              if name not in uses.fields]  # fmt: skip
    for (comment, _), used in uses.comments.items():
        if not comment.path:
            line = response.body_line + comment.line - 1
            places += [(line, name) for name in comment.names if name not in used]
    rule, starts = find_rule(_CODE), [*line_starts(source), len(source) + 1]
    chosen = choice(settings, response.lang, response.channels[0]).severity(rule.code, rule.name)
    body = starts[response.body_line - 1]
    for match in misspelt(source) if chosen is not None else ():
        if match.start() >= body:
            own = match.group()
            yield Finding(
                rule.code, rule.name, chosen or rule.severity, _MISSPELT, own, *match.span()
            )
    for line, name in places:
        said = _said(name, rules, settings, response.lang)
        if said and chosen is not None:
            start, end = starts[line - 1], starts[line] - 1
            place = source.find(name, start, end)
            if place >= 0:
                start, end = place, place + len(name)
            yield Finding(
                rule.code, rule.name, chosen or rule.severity, said, source[start:end], start, end
            )


def unused_in_partials(uses: Uses, folder: Path, settings: Settings) -> Iterator[Problem]:
    """A problem for each suppression of a partial that suppresses nothing wherever it is
    included."""
    rules, rule = rules_for(settings), find_rule(_CODE)
    severity = choice(settings, settings.language, "email").severity(rule.code, rule.name)
    for partial in sorted((folder / PARTIALS).glob("*.md")) if severity is not None else ():
        source = partial.read_text("utf-8-sig", "replace")
        for match in misspelt(source):
            line = source.count("\n", 0, match.start()) + 1
            told = f"{rule.code} {rule.name}: {_MISSPELT}"
            yield Problem(f"{PARTIALS}/{partial.name}", line, told, severity or rule.severity)
    for (comment, lang), _ in uses.comments.items():
        if not comment.path:
            continue
        used = {name for (other, _), names in uses.comments.items() if other == comment
                for name in names}  # fmt: skip
        chosen = choice(settings, lang, "email").severity(rule.code, rule.name)
        path = Path(comment.path).relative_to(folder).as_posix()
        for name in comment.names:
            said = "" if name in used else _said(name, rules, settings, lang)
            if said and chosen is not None:
                text = f"{rule.code} {rule.name}: {said}"
                yield Problem(path, comment.line, text, chosen or rule.severity)


def _said(name: str, rules: tuple[Rule, ...], settings: Settings, lang: str) -> str:
    """What to say of a suppression that was of no use, or nothing where that cannot be known: a
    rule may wait for a message, a model or an engine."""
    try:
        known_rules([name], rules)
    except ReplyKitError as error:
        return f"suppresses nothing: {error}"
    meant = [rule for rule in rules if named(rule.code, rule.name, (name,))]
    if any(not _is_judged_alone(rule) for rule in meant):
        return ""
    chosen = choice(settings, lang, "email")
    if all(chosen.severity(rule.code, rule.name) is None for rule in meant):
        return ""
    return f"{name} is suppressed here, but finds nothing; take it out"


def _is_judged_alone(rule: Rule) -> bool:
    """Whether a rule can find anything in a text of which nothing else is known."""
    if rule.needs_model or rule.code.startswith("GRAM"):
        return False
    return not rule.bad or any(
        not (example.message or example.sender or example.details or example.reply)
        for example in rule.bad
    )
