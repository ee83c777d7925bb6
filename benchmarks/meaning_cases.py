"""Reads the sentences that the classifiers of bad sentences learn from, and are measured on.

FAMILY.LANG.txt, neutral.LANG.txt, replies.LANG.txt and mails.LANG.txt of benchmarks/meaning, as
train_meaning.py describes them; the starter library; good mails; customers' messages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

from public_sets import customers, mails, sampled

from replykit.config import load, parse_now
from replykit.draft import draft
from replykit.filling.template import Templates
from replykit.library.files import read
from replykit.linter import Draft

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "benchmarks" / "meaning"
GOOD = "good"
COLD = "coldness"  # no sentence is cold by itself
ORDINARY_FILES = ("neutral", "replies")
# How many messages of each kind keep the vectors what they were.
MESSAGES = 1500
# The rules leave shorter sentences alone.
FEWEST_WORDS = 4


@dataclass(frozen=True)
class Case:
    """A sentence, what is wrong with it ("good": nothing), and which file it stands in; `is_alike`:
    it is good, but was written to look as if it were not."""

    text: str
    lang: str
    label: str
    source: str
    place: int
    is_alike: bool = False


def cases() -> list[Case]:
    """All sentences of the files that the rules would look at."""
    found = []
    for path in sorted(FOLDER.glob("*.txt")):
        source, lang = path.name.split(".")[:2]
        read_line = marked if source == "mails" else listed
        for place, line in enumerate(path.read_text("utf-8").splitlines()):
            if line and not line.startswith(("#", "?")):
                label, is_alike, text = read_line(line, source)
                found.append(Case(text.strip(), lang, label, source, place, is_alike))
    return [case for case in found if case.label != COLD and len(case.text.split()) >= FEWEST_WORDS]


def listed(line: str, source: str) -> tuple[str, bool, str]:
    """The label, whether it looks alike, and the sentence of a line of a list."""
    mark, _, text = line.partition(" ")
    if mark == "-":
        return source, False, text
    return GOOD, source not in ORDINARY_FILES, text if mark == "+" else line


def marked(line: str, source: str) -> tuple[str, bool, str]:
    """The same of a line of a mail."""
    mark, _, text = line.partition("\t")
    is_alike = mark.startswith("~")
    return GOOD if is_alike else mark, is_alike, text


def messages(data: Path) -> list[str]:
    """Customers' messages of public sets: they have no label."""
    pick = Random(0)
    return [text for one in customers(data) for text in sampled(one.texts, MESSAGES, pick)]


def good_sentences(data: Path | None) -> dict[str, list[str]]:
    """What no classifier may fire on and none learns from: real mails, good twins of drafts."""
    found: dict[str, list[str]] = {"twins": []}
    for lang in ("en", "fi"):
        file = ROOT / "tests" / "data" / f"drafts.{lang}.jsonl"
        for line in file.read_text("utf-8").splitlines():
            # The faulty twin is never looked at.
            found["twins"] += sentences(json.loads(line)["good"], lang)
    if data:
        found["mails"] = []
        for mail in mails(data):
            if mail["lang"] in ("en", "fi"):
                found["mails"] += sentences(mail["text"], mail["lang"])
    return {name: sorted(set(texts)) for name, texts in found.items()}


def library_cases() -> list[Case]:
    """The sentences of the starter library, all of them good."""
    settings = load()
    library = read(settings.library_path, settings)
    templates = Templates(library.folder)
    found: dict[str, str] = {}
    for response in library:
        if response.lang in ("en", "fi"):
            for channel in response.channels:
                # Details that nobody gave stay in double brackets.
                filled = draft(
                    response, templates, settings, parse_now(None), channel=channel, partial=True
                )
                found |= dict.fromkeys(sentences(filled.text, response.lang), response.lang)
    return [
        Case(text, lang, GOOD, "library", place)
        for place, (text, lang) in enumerate(sorted(found.items()))
    ]


def sentences(text: str, lang: str) -> list[str]:
    """The sentences as rules see them."""
    draft = Draft(text, lang)
    return [item.text for item in draft.sentences if draft.count_words(item) >= FEWEST_WORDS]
