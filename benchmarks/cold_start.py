"""How long an agent waits: ReplyKit's commands and the naive script, whole processes in turn.

    .venv-test/bin/python benchmarks/cold_start.py [--runs 7] [--check] [--alone]

Prints medians of wall time and CPU time, the highest memory peak, and how many times as long as
`suggest` the script takes (--alone: without the script). With --check the exit code is 1 unless
that is 15 times or more, `suggest` takes less than 150 MB, `triage` of a short mail less than
0.25 s, and `lint` without the model less than 0.30 s.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile

ROOT = Path(__file__).parent.parent
MESSAGE = "Where is my parcel? It was due on Monday, order 20481193"
RATIO, MEGABYTES = 15.0, 150.0
MAIL = "examples/missing-number.en.eml"
LONG_MAIL = "examples/late-parcel.fi.eml"  # too long to be ranked without numpy
SECONDS = {"triage": 0.25, "lint --no-model": 0.30}

DRAFT = """\
Hei Maija,

kiitos viestistäsi. Tarkistimme tilauksesi tiedot ja otimme yhteyttä kuljetusyhtiöön. Paketti on \
lähtenyt varastostamme perjantaina, mutta sen lajittelu on viivästynyt sään vuoksi. Kuljettajan \
mukaan paketti on nyt matkalla ja se tuodaan noutopisteeseen kahden arkipäivän kuluessa. Saat \
tekstiviestin heti, kun paketti on noudettavissa, ja noutoaikaa on seitsemän päivää.

Pahoittelemme viivästystä ja siitä aiheutunutta harmia. Jos pakettia ei kuulu tähän mennessä, \
vastaa tähän viestiin, niin lähetämme tilalle uuden tuotteen tai palautamme maksamasi summan \
kokonaan. Voit myös seurata lähetystä kuljetusyhtiön verkkosivuilla samalla tunnuksella, jonka \
sait tilausvahvistuksessa.

Ystävällisin terveisin
Anna Korhonen
Asiakaspalvelu
"""


@dataclass(frozen=True)
class Process:
    """One process from start to end: wall and CPU seconds, peak memory in MB."""

    wall: float
    cpu: float
    peak: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=7, help="of each, after one to warm up")
    parser.add_argument("--replykit", default=sys.executable, help="a Python that has ReplyKit")
    parser.add_argument("--naive", default=sys.executable, help="one with sentence-transformers")
    parser.add_argument("--message", default=MESSAGE)
    parser.add_argument("--alone", action="store_true", help="without the script")
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    given = parser.parse_args()
    with NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as draft:
        draft.write(DRAFT)
        draft.flush()
        calls = {
            "suggest": ["suggest", given.message],
            "triage": ["triage", MAIL],
            "triage, long": ["triage", LONG_MAIL],
            "lint --no-model": ["lint", "--no-model", draft.name],
        }
        commands = {name: [given.replykit, "-m", "replykit", *call] for name, call in calls.items()}
        if not given.alone:
            commands["naive"] = [given.naive, str(ROOT / "benchmarks/naive.py"), given.message]
        runs = measure(commands, given.runs)
    print(f"{'':16}{'wall, s':>18}{'cpu, s':>9}{'peak, MB':>10}")
    for name, processes in runs.items():
        print(f"{name:16}{row(processes)}")
    failed = any(wall(runs[name]) >= limit for name, limit in SECONDS.items())
    failed |= max(process.peak for process in runs["suggest"]) >= MEGABYTES
    if not given.alone:
        ratio = wall(runs["naive"]) / wall(runs["suggest"])
        failed |= ratio < RATIO
        print(f"\nsuggest takes 1/{ratio:.1f} of the script's time (goal: 1/{RATIO:.0f})")
    load = os.getloadavg()[0]
    print(f"{given.runs} runs each, in turn; {os.cpu_count()} CPUs, load {load:.1f}")
    return int(given.check and failed)


def measure(commands: dict[str, list[str]], runs: int) -> dict[str, list[Process]]:
    """Each command once to warm up (files, index, compiled modules), then all in turn."""
    for command in commands.values():
        once(command)
    found: dict[str, list[Process]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(once(command))
    return found


def once(command: list[str]) -> Process:
    """Runs a command in the project's folder; its output is thrown away.

    This process imports nothing large, for Linux counts a parent's memory as its child's peak.
    """
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as installed: modules are compiled once
    os.chdir(ROOT)
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, environment, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if code := os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(command)}: exit code {code}")
    return Process(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _PER_MEGABYTE)


# Linux counts in KiB, macOS in bytes.
_PER_MEGABYTE = 1_000_000 if sys.platform == "darwin" else 1_000_000 / 1024


def wall(processes: Sequence[Process]) -> float:
    return median(process.wall for process in processes)


def row(processes: Sequence[Process]) -> str:
    times = [process.wall for process in processes]
    spread = f"{wall(processes):.2f} ({min(times):.2f}–{max(times):.2f})"
    cpu = median(process.cpu for process in processes)
    peak = max(process.peak for process in processes)
    return f"{spread:>18}{cpu:>9.2f}{peak:>10.0f}"


if __name__ == "__main__":
    sys.exit(main())
