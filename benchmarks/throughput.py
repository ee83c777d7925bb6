"""How many messages ReplyKit triages and how many drafts it lints in a second, without a model.

    .venv-test/bin/python benchmarks/throughput.py [--rounds 9] [--batch 5000]

One process on one core: the customers' messages and the good drafts of tests/data/drafts.*.jsonl,
the mails of tests/data/triage. A figure is that of the best round after one to warm up, by CPU
time, for whatever else the machine does only adds to it. Then the command line as users call it,
`triage --no-rank --batch` on as many lines, from its start to its end.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from replykit.checking.check import check_text  # noqa: E402
from replykit.config import load, parse_now  # noqa: E402
from replykit.reading.files import read_bytes  # noqa: E402
from replykit.triage import Known, triage  # noqa: E402
from replykit.understanding.routes import RouteWords  # noqa: E402

NOW = "2026-11-22T12:00"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="of each, after one to warm up")
    parser.add_argument("--batch", type=int, default=5000, help="lines for the command line")
    given = parser.parse_args()
    settings, now, known = load(), parse_now(NOW), Known(RouteWords())
    drafts, mails = _drafts(), _mails()
    texts = [draft["message"] for draft in drafts if draft["message"]]

    def read(item: tuple[str, bytes]) -> None:
        triage(read_bytes(item[1], item[0]), settings, now, known)

    def check(draft: dict[str, str]) -> None:
        check_text(draft["good"], "", settings, now, lang=draft["lang"])

    print("| in one process | pieces | ms each | a second |\n| --- | ---: | ---: | ---: |")
    plain = [("message.txt", text.encode()) for text in texts]
    _print("messages triaged", len(plain), _best(read, plain, given.rounds))
    _print("mails triaged", len(mails), _best(read, mails, given.rounds))
    _print("drafts linted", len(drafts), _best(check, drafts, given.rounds))
    seconds = _batch(list(islice(cycle(texts), given.batch)))
    _print("`triage --no-rank --batch`, whole", given.batch, seconds)
    print(f"\n{given.rounds} rounds; {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    return 0


def _drafts() -> list[dict[str, str]]:
    """Language, good text and message of each pair of drafts; the bad text is left unread."""
    found = []
    for path in sorted((ROOT / "tests" / "data").glob("drafts.*.jsonl")):
        for record in map(json.loads, path.read_text("utf-8").splitlines()):
            message = record.get("message") or ""
            text = message if isinstance(message, str) else message.get("text", "")
            found.append({"lang": record["lang"], "good": record["good"], "message": text})
    return found


def _mails() -> list[tuple[str, bytes]]:
    paths = sorted((ROOT / "tests" / "data" / "triage").glob("*/*.eml"))
    return [(str(path), path.read_bytes()) for path in paths]


def _best(call: Callable[[Any], None], items: Sequence[Any], rounds: int) -> float:
    """The CPU seconds of the best round."""
    found = []
    for _ in range(rounds + 1):
        start = time.process_time()
        for item in items:
            call(item)
        found.append(time.process_time() - start)
    return min(found[1:])


def _batch(texts: Sequence[str]) -> float:
    """The CPU seconds of the command line on so many lines."""
    lines = "".join(json.dumps({"id": n, "text": text}) + "\n" for n, text in enumerate(texts))
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "replykit", "triage", "--no-rank", "--batch", "-"],
        input=lines, text=True, stdout=subprocess.DEVNULL, cwd=ROOT, check=True,
    )  # fmt: skip
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def _print(what: str, pieces: int, seconds: float) -> None:
    print(f"| {what} | {pieces} | {1000 * seconds / pieces:.2f} | {pieces / seconds:.0f} |")


if __name__ == "__main__":
    sys.exit(main())
