"""The messages that `train_routes.py` learns from: own ones, those of the tests, public ones."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from public_sets import customers, sampled

from replykit.config import load
from replykit.library.files import read
from replykit.ranking.focus import SHORT
from replykit.understanding.routes import NAMES, RouteWords, reasons
from replykit.understanding.sentences import spans

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "data"
LANGS = ("en", "fi")
# Scenes of one kind that share a fold: the two languages are not always in step.
STEP = 4
# Messages of each public set.
MESSAGES = 1500
FEWEST_WORDS = 3
# Replies of the starter library to what may well be passed on.
COMPLAINTS = ("feedback/complaint", "handling/", "account/data")


@dataclass(frozen=True)
class Case:
    """A message, why it is to be passed on ("": it is not), where it comes from, and its scene."""

    text: str
    lang: str
    why: str
    source: str
    scene: str = ""

    @property
    def is_own(self) -> bool:
        return self.source == "own"

    @property
    def is_public(self) -> bool:
        return self.source not in ("own", "lists", "library")

    @property
    def is_short(self) -> bool:
        return len(self.text.split()) <= SHORT

    def parts(self) -> list[str]:
        """What is judged of it: itself if it is short, else its sentences."""
        if self.is_short:
            return [self.text]
        found = [self.text[start:end] for start, end in spans(self.text, self.lang)]
        return [part for part in found if len(part.split()) >= FEWEST_WORDS] or [self.text]


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def own() -> list[Case]:
    """The messages that are held out by turns."""
    found = []
    for lang in LANGS:
        seen: Counter[str] = Counter()
        for row in rows(ROOT / "benchmarks" / "routes" / f"{lang}.jsonl"):
            why = row["why"]
            found.append(Case(row["text"], lang, why, "own", f"{why}{seen[why] // STEP}"))
            seen[why] += 1
    return found


def seen_by_lists() -> list[Case]:
    """The messages that the lists were written with, or may not find anything in."""
    found = [
        Case(row["text"], row["lang"], row["why"] if row["route"] == "escalate" else "", "lists")
        for row in rows(TESTS / "triage" / "routes.jsonl")[0::2]
    ]
    for lang in LANGS:
        folder = TESTS / "routes"
        told = rows(folder / f"passing.{lang}.jsonl")
        half = [row for row in told if row["half"] == "written with"]
        harmless = (folder / f"harmless.{lang}.txt").read_text("utf-8").splitlines()
        found += [
            Case(row["text"], lang, row["why"], "lists")
            for row in (*rows(folder / f"messages.{lang}.jsonl"), *half)
        ]
        found += [Case(text, lang, "", "lists") for text in harmless]
    return [case for case in found if not case.why or case.why in NAMES]


def of_the_library() -> list[Case]:
    """What customers ask in the starter library, but for complaints and what lists pass on."""
    settings = load()
    return [
        Case(text, response.lang, "", "library")
        for response in read(settings.library_path, settings)
        if response.lang in LANGS and not response.id.startswith(COMPLAINTS)
        for text in response.examples
        if not reasons(text, response.lang, RouteWords())
    ]


def ordinary(data: Path) -> list[Case]:
    """Customers' messages of public sets, none of which is to be passed on."""
    pick = Random(0)
    return [
        Case(text, one.lang, "", one.source)
        for one in customers(data)
        for text in sampled(one.texts, MESSAGES, pick)
    ]
