"""LanguageTool's recorded answers, for tests that judge what ReplyKit makes of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from replykit.grammar import Match
from tests.conftest import ROOT

_PATH = ROOT / "tests" / "data" / "grammar.matches.json"


def answer(text: str, lang: str) -> Sequence[Match]:
    """What LanguageTool 6.8 said of a text."""
    if (lang, text) not in _answers():
        raise LookupError(f"benchmarks/grammar_rules.py --record has not asked for: {text}")
    return _answers()[lang, text]


@cache
def _answers() -> dict[tuple[str, str], Sequence[Match]]:
    rows = json.loads(_PATH.read_text("utf-8"))["answers"]
    return {
        (row["lang"], row["text"]): [
            Match(**item | {"replacements": tuple(item["replacements"])}) for item in row["matches"]
        ]
        for row in rows
    }
