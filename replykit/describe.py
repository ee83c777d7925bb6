"""Describes rules and settings: `replykit rules`, and the pages generated from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from replykit.checking.choice import FAMILIES, family
from replykit.config import options
from replykit.rules import Example, Rule
from replykit.rules import rules as all_rules

_HEAD = """\
# Rules of `replykit lint`

<!-- Generated from the rules, so do not edit it. To renew it:
     make docs -->

`replykit rules` lists these rules, `replykit rules CODE` explains one. A rule is chosen by its
code, its name or its family (the letters of its code): `--select`, `--ignore`, the settings
`lint.select` and `lint.ignore`, and `lint: {ignore: […]}` in a response. `lint.severity` gives a
rule another severity.
"""


def listing(rules: Iterable[Rule]) -> str:
    """A line a rule."""
    return "\n".join(f"{rule.code}  {rule.severity:<10}  {rule.name}" for rule in rules)


def explain(rule: Rule) -> str:
    """Why a rule exists, with examples in each language."""
    lines = [f"{rule.code} {rule.name} ({rule.severity})", "", rule.explanation]
    if rule.source:
        lines += ["", f"Source: {rule.source}"]
    for title, examples in (("Fires on", rule.bad), ("Silent on", rule.good)):
        if examples:
            lines += ["", f"{title}:", *(f"  {_shown(example)}" for example in examples)]
    return "\n".join(lines)


def _shown(example: Example) -> str:
    text = " / ".join(line for line in example.text.split("\n") if line.strip())
    text = text if len(text) <= 100 else text[:99] + "…"
    context = [example.channel] if example.channel != "email" else []
    if example.sender or example.message:
        asked = " ".join(example.message.split())
        context.append(f"to {example.sender or 'a customer'}: “{asked}”")
    if example.details:
        known = ", ".join(f"{name} {value}" for name, value in example.details.items())
        context.append(f"known: {known}")
    if example.reply:
        context.append(f"the library's reply: “{' '.join(example.reply.split())}”")
    return f"[{example.lang}] {text}" + (f"  ({', '.join(context)})" if context else "")


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule for programs, without how it finds."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "message": rule.message,
        "explanation": rule.explanation,
        "source": rule.source,
        "bad": [example.text for example in rule.bad],
        "good": [example.text for example in rule.good],
    }


def page() -> str:
    """The page of all rules, as Markdown."""
    return "\n".join([_HEAD, *_table(all_rules()), *(_section(rule) for rule in all_rules())])


def _table(rules: Iterable[Rule]) -> Iterator[str]:
    yield "| code | name | severity | family |"
    yield "| --- | --- | --- | --- |"
    for rule in rules:
        link = f"[{rule.code}](#{rule.code.lower()}-{rule.name})"
        about = FAMILIES[family(rule.code)]
        yield f"| {link} | {rule.name} | {rule.severity} | {about} |"
    yield ""


def _section(rule: Rule) -> str:
    lines = [
        f"## {rule.code} {rule.name}",
        "",
        f"Severity: {rule.severity}. {rule.explanation}",
        "",
    ]
    if rule.source:
        lines += [f"Source: {rule.source}", ""]
    for title, examples in (("Fires on", rule.bad), ("Silent on", rule.good)):
        # Four marks, for a draft may hold a fence of three itself.
        lines += [f"{title}:", "", "````text", *map(_shown, examples), "````", ""]
    return "\n".join(lines)


def settings_page() -> str:
    """The page of all settings, as Markdown."""
    lines = [_SETTINGS_HEAD, "| setting | default | what it does |", "| --- | --- | --- |"]
    for option in options():
        choices = f" One of: {', '.join(option.choices)}." if option.choices else ""
        names = f"`{option.key}`<br>`{option.environment}`<br>`{option.flag}`"
        lines.append(f"| {names} | `{_toml(option.default)}` | {option.text}{choices} |")
    return "\n".join([*lines, ""])


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


_SETTINGS_HEAD = """\
# Settings

<!-- Generated from the settings, so do not edit it. To renew it:
     make docs -->

Each setting is a key of `replykit.toml` (or of `[tool.replykit]` in `pyproject.toml`), found
upward from the working directory, an environment variable, and a flag, in rising precedence.
`replykit config` shows what is in force. Lists in a variable or flag are separated by commas,
tables are written as `name=value,name=value`, or as in TOML: `{name = "value"}`.
"""


if __name__ == "__main__":
    import sys

    pages = {"rules": page, "settings": settings_page}
    sys.stdout.buffer.write(pages[sys.argv[1]]().encode())
