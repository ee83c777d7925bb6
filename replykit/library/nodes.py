"""Reads YAML as nodes, which know their lines."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

_DEEPEST = 100


def load(text: str, hint: str) -> tuple[Any, list[tuple[int, str]]]:
    """A file's root node, None where there is none, and its faults: (line, message).

    `hint` says what to do about text that is not YAML.
    """
    import yaml

    # such would crash the loader in C
    if max(accumulate(map(_deeper, text), initial=0)) > _DEEPEST or "- " * _DEEPEST in text:
        return None, [(1, "YAML: too many lists in one another")]
    try:
        return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)), []
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = getattr(error, "problem", None) or "not valid"
        return None, [(mark.line + 1 if mark else 1, f"YAML: {what}; {hint}")]


def _deeper(character: str) -> int:
    return (character in "[{") - (character in "]}")
