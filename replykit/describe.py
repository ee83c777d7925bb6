"""Describes rules for people and programs: `replykit rules`, and the generated page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from replykit.rules import Example, Rule


def listing(rules: Iterable[Rule]) -> str:
    """A line a rule."""
    return "\n".join(f"{rule.code}  {rule.severity:<10}  {rule.name}" for rule in rules)


def explain(rule: Rule) -> str:
    """Why a rule exists, with examples in each language."""
    lines = [f"{rule.code} {rule.name} ({rule.severity})", "", rule.explanation]
    if rule.source:
        lines += ["", f"Source: {rule.source}"]
    for title, examples in (("Fires on", rule.bad), ("Silent on", rule.good)):
        lines += ["", f"{title}:"]
        lines += [f"  {_shown(example)}" for example in examples]
    return "\n".join(lines)


def _shown(example: Example) -> str:
    text = " / ".join(line for line in example.text.split("\n") if line.strip())
    text = text if len(text) <= 100 else text[:99] + "…"
    context = [example.channel] if example.channel != "email" else []
    if example.sender or example.message:
        asked = " ".join(example.message.split())
        context.append(f"to {example.sender or 'a customer'}: “{asked}”")
    return f"[{example.lang}] {text}" + (f"  ({', '.join(context)})" if context else "")


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule without its code, for programs."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "explanation": rule.explanation,
        "source": rule.source,
        "bad": [example.text for example in rule.bad],
        "good": [example.text for example in rule.good],
    }
