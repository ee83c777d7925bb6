"""Ranking quality of ReplyKit, through its own command line, beside baselines on the same splits.

    .venv-test/bin/python benchmarks/ranking.py --data DIR [--json FILE]

Prints a Markdown table, a row a task. The data sets' own tests are not there, so that up to 2,000
messages are held out, five times: read the differences between columns, not the figures alone.
Libraries are written as response files whose ids, titles and bodies tell nothing; `replykit index`
and `replykit suggest --batch` then run as processes of their own. A run that was broken off goes
on where its --json file ends. Baselines want scikit-learn and sentence-transformers.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from baselines import NAMES, hits
from measures import Item, auroc, coverage, ece, few, left_out, split
from public_sets import banking77, bitext, massive

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SPLITS, TESTS = 5, 2000
BODIES = {"en": "Hello,\n\nthis is reply {}.", "fi": "Hei,\n\ntämä on vastaus {}."}
# A process counts the memory of the one that it was started from, so that a small one stands
# between this one (which holds models) and the command; it says seconds and kilobytes on stderr.
LAUNCH = """
import json, os, sys, time
start = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
figures = {"seconds": time.perf_counter() - start, "peak": usage.ru_maxrss, "code": status >> 8}
print(json.dumps(figures), file=sys.stderr)
"""


class Failed(Exception):
    """ReplyKit did not answer; the text says how."""


@dataclass(frozen=True)
class Row:
    """A row of the table: the data, examples an intent (None: all; 0: the replies' own texts),
    the languages of the library and of the messages, and whether intents are left out too."""

    name: str
    title: str
    data: str
    shots: int | None
    library: str = "en"
    messages: str = "en"
    leave_out: bool = True


ROWS = (
    Row("banking-all", "BANKING77, all", "banking77", None, leave_out=False),
    Row("banking-10", "BANKING77, 10", "banking77", 10),
    Row("massive-en-10", "MASSIVE en, 10", "massive", 10),
    Row("massive-en-all", "MASSIVE en, all", "massive", None, leave_out=False),
    Row("massive-fi-10", "MASSIVE fi, 10", "massive", 10, "fi", "fi"),
    Row("massive-fi-all", "MASSIVE fi, all", "massive", None, "fi", "fi", leave_out=False),
    Row("fi-to-en", "MASSIVE fi → en library, 10", "massive", 10, "en", "fi"),
    Row("en-to-fi", "MASSIVE en → fi library, 10", "massive", 10, "fi", "en"),
    Row("bitext", "Bitext, reply texts", "bitext", 0),
)


@dataclass(frozen=True)
class Task:
    """One split of a row: texts to go by and messages to answer, each with its label."""

    texts: list[str]
    labels: list[str]
    messages: list[str]
    answers: list[str]


def load(folder: Path, name: str) -> tuple[list[Item], dict[str, str]]:
    """A data set's messages, and each label's reply where there is one."""
    if name == "banking77":
        rows = banking77(folder)
        return [Item(row["category"], {"en": row["text"].strip()}) for row in rows], {}
    if name == "massive":
        rows = massive(folder)
        return [Item(row["intent"], {lang: row[lang] for lang in ("en", "fi")}) for row in rows], {}
    rows = bitext(folder)
    replies = {row["intent"]: plain(row["response"]) for row in rows}
    return [Item(row["intent"], {"en": plain(row["instruction"])}) for row in rows], replies


def plain(text: str) -> str:
    """The text with placeholders, {{Order Number}}, as plain words: no template syntax is left."""
    text = re.sub(r"\{\{\s*([^{}]*?)\s*\}\}", lambda hit: hit[1].lower(), text)
    return re.sub(r"\{+[%#{]*|[%#}]*\}+", " ", text).strip()


def task(row: Row, items: Sequence[Item], replies: dict[str, str], tests: int, seed: int) -> Task:
    """The row's split for a seed."""
    parts = split(items, tests, seed)
    messages = [items[number].texts[row.messages] for number in parts.test]
    answers = [items[number].label for number in parts.test]
    if row.shots == 0:
        return Task(list(replies.values()), list(replies), messages, answers)
    train = few(items, parts.train, row.shots)
    texts = [items[number].texts[row.library] for number in train]
    return Task(texts, [items[number].label for number in train], messages, answers)


def write_library(folder: Path, given: Task, row: Row, without: set[str]) -> dict[str, str]:
    """Writes a response file a label; returns the label of each id. Names carry no meaning."""
    own: dict[str, list[str]] = {}
    for text, label in zip(given.texts, given.labels, strict=True):
        own.setdefault(label, []).append(text)
    folder.mkdir(parents=True)
    names = {}
    for number, label in enumerate(sorted(own)):
        if label in without:
            continue
        name = f"r{number:03d}"
        names[name] = label
        examples, body = own[label], BODIES[row.library].format(f"{number:03d}")
        if row.shots == 0:
            examples, body = [], own[label][0]
        # JSON strings are YAML as well, whatever stands in them.
        lines = [f"  - {json.dumps(text, ensure_ascii=False)}" for text in examples]
        front = "\n".join([f"title: {name}", "examples:" if lines else "examples: []", *lines])
        path = folder / f"{name}.{row.library}.md"
        path.write_text(f"---\n{front}\n---\n{body}\n", "utf-8")
    return names


def replykit(arguments: Sequence[str], output: Path, cache: Path) -> dict[str, float]:
    """Runs ReplyKit as a process of its own, in a folder without settings: seconds, peak MB."""
    command = [sys.executable, "-m", "replykit", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "REPLYKIT_CACHE_DIR": str(cache)}
    with output.open("wb") as stream:
        done = subprocess.run(
            [sys.executable, "-S", "-E", "-c", LAUNCH, *command],
            stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.PIPE, check=False,
            cwd=output.parent, env=environment,
        )  # fmt: skip
    *said, figures = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["{}"]
    found: dict[str, float] = json.loads(figures)
    # 2 is also the code of a batch in which one line could not be read: the lines are counted.
    if found.get("code") not in ((0, 2) if "--batch" in arguments else (0,)):
        raise Failed(f"{' '.join(arguments[:1])}: {' / '.join(said[-3:])}")
    per_megabyte = 1_000_000 if sys.platform == "darwin" else 1_000_000 / 1024
    return {"seconds": found["seconds"], "peak": found["peak"] / per_megabyte}


@dataclass(frozen=True)
class Answers:
    """What ReplyKit said to each message of a task: places of the right response (0: not named),
    confidences of the first, whether it decided that nothing fits, and what the run cost."""

    place: list[int]
    confidence: list[float]
    silent: list[bool]
    cost: dict[str, float]


def ask(given: Task, row: Row, folder: Path, without: set[str]) -> Answers:
    """Writes the library, indexes it, and asks all messages in one batch."""
    home = folder / ("part" if without else "whole")
    names = write_library(home / "library", given, row, without)
    batch, cache = home / "in.jsonl", folder / "cache"
    lines = [json.dumps({"id": n, "text": text}) for n, text in enumerate(given.messages)]
    batch.write_text("\n".join(lines) + "\n", "utf-8")
    library = ["--library", str(home / "library")]
    index = replykit(["index", *library], home / "index.txt", cache)
    options = ["--batch", str(batch), *library, "--lang", row.messages, "--quiet"]
    asked = replykit(["suggest", *options], home / "out.jsonl", cache)
    results = [json.loads(line) for line in (home / "out.jsonl").open(encoding="utf-8")]
    if [result["id"] for result in results] != list(range(len(given.messages))):
        raise Failed(f"suggest: {len(results)} lines for {len(given.messages)} messages")
    place, confidence = [], []
    for result, answer in zip(results, given.answers, strict=True):
        items = result.get("suggestions", [])
        labels = [names[item["id"]] for item in items]
        place.append(labels.index(answer) + 1 if answer in labels else 0)
        confidence.append(float(items[0]["confidence"]) if items else 0.0)
    cost = {
        "index s": index["seconds"], "batch s": asked["seconds"], "peak MB": asked["peak"],
        "unread": sum("error" in result for result in results),
    }  # fmt: skip
    silent = [result.get("decision") in ("no_match", "skip", None) for result in results]
    return Answers(place, confidence, silent, cost)


def measure(given: Task, row: Row, seed: int) -> dict[str, float]:
    """ReplyKit's figures for one split of a row."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("REPLYKIT_CACHE_DIR")) as folder:
        whole = ask(given, row, Path(folder), set())
        right = [place == 1 for place in whole.place]
        found = {
            "hit@1": float(np.mean(right)),
            "hit@3": float(np.mean([1 <= place <= 3 for place in whole.place])),
            "ECE": ece(whole.confidence, right),
            "cov98": coverage(whole.confidence, right),
            **whole.cost,
        }
        if not row.leave_out:
            return found
        without = left_out(given.labels, seed)
        part = ask(given, row, Path(folder), without)
    inside = np.array([answer not in without for answer in given.answers])
    confidence, silent = np.array(part.confidence), np.array(part.silent)
    return found | {
        "AUROC": auroc(confidence[inside].tolist(), confidence[~inside].tolist()),
        "rejected": float(silent[~inside].mean()),
        "kept": float(1 - silent[inside].mean()),
        "cov98 out": coverage(part.confidence, [p == 1 for p in part.place], inside.tolist()),
    }


@cache
def _loaded(folder: Path, name: str) -> tuple[list[Item], dict[str, str]]:
    return load(folder, name)


def run(
    row: Row, done: dict[str, Any], given: argparse.Namespace, save: Callable[[], None]
) -> None:
    """Measures what is still missing of a row, split by split."""
    items, replies = _loaded(given.data, row.data)
    for seed in range(given.splits):
        figures: dict[str, dict[str, float]] = done.setdefault(str(seed), {})
        wanted = [part for part in ("replykit", "baselines") if part not in figures]
        if given.no_baselines and "baselines" in wanted:
            wanted.remove("baselines")
        if not wanted:
            continue
        now = task(row, items, replies, given.tests, seed)
        if "replykit" in wanted:
            figures["replykit"] = measure(now, row, seed)
            save()
        if "baselines" in wanted:
            texts = (now.texts, now.labels, now.messages, now.answers)
            figures["baselines"] = hits(*texts, replies=row.shots == 0)
            save()
        print(f"{row.name}, split {seed}: {json.dumps(figures)}", file=sys.stderr, flush=True)


def _percent(values: Sequence[float]) -> str:
    spread = f" ± {100 * np.std(values, ddof=1):.1f}" if len(values) > 1 else ""
    return f"{100 * np.mean(values):.1f}{spread}"


def _mean(values: Sequence[float]) -> str:
    return f"{np.mean(values):.3f}"


# Heading, name of the figure, and how its values over the splits become one.
COLUMNS: tuple[tuple[str, str, Callable[[Sequence[float]], str]], ...] = (
    *((name, name, _percent) for name in NAMES),
    ("ReplyKit hit@1", "hit@1", _percent),
    ("hit@3", "hit@3", _percent),
    ("ECE", "ECE", _mean),
    ("coverage at 98 %", "cov98", _percent),
    ("left out: AUROC", "AUROC", _mean),
    ("rejected", "rejected", _percent),
    ("kept", "kept", _percent),
    ("coverage at 98 %, left-out ones among them", "cov98 out", _percent),
    ("index s", "index s", lambda values: f"{np.median(values):.1f}"),
    ("batch s", "batch s", lambda values: f"{np.median(values):.1f}"),
    ("peak MB", "peak MB", lambda values: f"{max(values):.0f}"),
)


def table(rows: Sequence[Row], figures: dict[str, dict[str, Any]], splits: int) -> str:
    """The Markdown table of what was measured; shares are in per cent, ± standard deviation."""
    lines = ["| data | " + " | ".join(heading for heading, _, _ in COLUMNS) + " |"]
    lines.append("| --- |" + " ---: |" * len(COLUMNS))
    for row in rows:
        measured = [figures.get(row.name, {}).get(str(seed), {}) for seed in range(splits)]
        cells = []
        for _, name, shown in COLUMNS:
            parts = [one.get(part, {}) for one in measured for part in ("baselines", "replykit")]
            values = [part[name] for part in parts if name in part]
            cells.append(shown(values) if values else "–")
        lines.append(f"| {row.title} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data")
    parser.add_argument("--rows", help="by name, with commas: " + ",".join(r.name for r in ROWS))
    parser.add_argument("--splits", type=int, default=SPLITS, help="seeds 0 to this, less one")
    parser.add_argument("--tests", type=int, default=TESTS, help="most messages that are held out")
    parser.add_argument("--no-baselines", action="store_true", help="ReplyKit alone")
    parser.add_argument("--json", type=Path, help="keeps the figures; what is there is skipped")
    parser.add_argument("--again", action="store_true", help="of the file, keep baselines alone")
    given = parser.parse_args()
    known = {row.name: row for row in ROWS}
    names = given.rows.split(",") if given.rows else list(known)
    if unknown := [name for name in names if name not in known]:
        parser.error(f"--rows {','.join(unknown)}: known: {', '.join(known)}")
    state: dict[str, Any] = {"tests": given.tests, "rows": {}}
    if given.json and given.json.exists():
        state = json.loads(given.json.read_text("utf-8"))
        if state["tests"] != given.tests:
            parser.error(f"{given.json} was measured with --tests {state['tests']}")
    if given.again:
        for name in names:
            for figures in state["rows"].get(name, {}).values():
                figures.pop("replykit", None)

    def save() -> None:
        if given.json:
            draft = given.json.with_suffix(".part")
            draft.write_text(json.dumps(state, indent=1), "utf-8")
            draft.replace(given.json)

    failed = False
    for name in names:
        try:
            run(known[name], state["rows"].setdefault(name, {}), given, save)
        except Failed as error:  # the other rows are worth having
            print(f"{name}: {error}", file=sys.stderr)
            failed = True
    print(table([known[name] for name in names], state["rows"], given.splits))
    print(f"\n{given.splits} splits; {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
