"""The words in which ReplyKit itself writes to customers, from `data/letters.LANG.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class Letters:
    """One language: who wrote what is quoted, and the parts of a message that asks for details."""

    attribution: Mapping[str, str]
    questions: Mapping[str, str]
    subject: str
    greeting: str
    closing: str
    asking: str


@cache
def letters(lang: str) -> Letters | None:
    """The words of a language (`en-GB` has those of `en`); None where there are none."""
    import yaml

    tag = re.match(r"[a-z]{2,3}(?![a-z])", lang)
    path = _FOLDER / f"letters.{tag.group()}.yaml" if tag else None
    if path is None or not path.is_file():
        return None
    return Letters(**yaml.safe_load(path.read_text("utf-8")))


def written_languages() -> list[str]:
    """The languages that have such words."""
    return sorted(path.name.split(".")[1] for path in _FOLDER.glob("letters.*.yaml"))
