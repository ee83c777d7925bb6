"""Build time, cold and warm time, memory and recall of large libraries, as a table and a plot.

    .venv-test/bin/python benchmarks/scale.py --data DIR --work FOLDER [--sizes 1000,10000]

Rows are real messages (BANKING77, MASSIVE in English and Finnish, Bitext) with their vectors;
where these do not suffice, copies: noise is added to the vector (to a cosine of 0.89), words are
dropped and swapped. Copies are not embedded: what embedding all rows would take is extrapolated
from a sample, and said so. Each step is a process of its own. Queries are other messages than
the rows and copies. CPU time stands beside wall time, for other work slows the latter. A run that
was broken off goes on where FOLDER ends; that keeps the vectors too (the first run embeds up to
43,000 messages).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from replykit.encoder.nano import NanoEncoder  # noqa: E402
from replykit.ranking.approximate import Approximate  # noqa: E402
from replykit.ranking.features import Counts, Postings, character_counts, lemma_counts  # noqa: E402
from replykit.ranking.forward import Forward  # noqa: E402
from replykit.ranking.neighbours import Codes, Neighbours, greatest, open_neighbours  # noqa: E402

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUERIES, SAMPLE, MOST_RESPONSES = 300, 100, 10_000
NOISE, DROPPED, SWAPPED = 0.5, 0.1, 0.1
BLOCK = 20_000
SETS = (("banking77", "en"), ("massive", "en"), ("massive", "fi"), ("bitext", "en"))


def bases(data: Path, work: Path) -> list[tuple[str, str, str]]:
    """All messages in a fixed random order: text, language, intent; kept in the work folder."""
    kept = work / "bases.json"
    if not kept.exists():
        from ranking import load

        found = [
            (item.texts[lang], lang, f"{name}-{lang}-{item.label}")
            for name, lang in SETS
            for item in load(data, name)[0]
        ]
        order = np.random.default_rng(0).permutation(len(found)).tolist()
        kept.write_text(json.dumps([found[n] for n in order]), "utf-8")
    return [tuple(item) for item in json.loads(kept.read_text("utf-8"))]


def embedded(work: Path, texts: Sequence[str]) -> np.ndarray:
    """Vectors of the first messages; only those that the work folder lacks are made."""
    path = work / "bases.npy"
    known = np.load(path) if path.exists() else np.zeros((0, 384), np.float32)
    encoder = NanoEncoder() if len(known) < len(texts) else None
    while encoder and len(known) < len(texts):
        part = encoder.encode(texts[len(known) : len(known) + 2_000])
        known = np.concatenate([known, part])
        np.save(path, known)
        print(f"embedded {len(known):,} of {len(texts):,}", file=sys.stderr, flush=True)
    return known[: len(texts)]


def prepare(folder: Path, work: Path, found: list[tuple[str, str, str]], size: int) -> None:
    """Writes the rows: texts, owners and vectors in eight bits, block by block."""
    rows = found[QUERIES : QUERIES + size]
    vectors = embedded(work, [text for text, _, _ in found[: QUERIES + len(rows)]])[QUERIES:]
    responses = max(2, min(MOST_RESPONSES, size // 10, len(rows) // 2))
    by_intent = np.argsort([intent for _, _, intent in rows], kind="stable")
    owner = np.empty(len(rows), dtype=np.int32)
    owner[by_intent] = np.arange(len(rows)) * responses // len(rows)
    pick = np.random.default_rng(1)
    base = np.concatenate([np.arange(len(rows)), pick.integers(0, len(rows), size - len(rows))])
    shape = (size, vectors.shape[1])
    codes = np.lib.format.open_memmap(folder / "codes.npy", "w+", np.int8, shape)
    lengths = np.empty(size, dtype=np.float32)
    with (folder / "texts.jsonl").open("w", encoding="utf-8") as file:
        for start in range(0, size, BLOCK):
            chosen = base[start : start + BLOCK]
            copied = start + np.arange(len(chosen)) >= len(rows)
            noise = pick.standard_normal((len(chosen), shape[1]), dtype=np.float32)
            noise *= NOISE / math.sqrt(shape[1]) * copied[:, None]
            block = vectors[chosen] + noise
            block /= np.maximum(np.linalg.norm(block, axis=1, keepdims=True), 1e-9)
            coded = Codes.of(block)
            codes[start : start + BLOCK], lengths[start : start + BLOCK] = (
                coded.codes,
                coded.lengths,
            )
            for number, is_copy in zip(chosen.tolist(), copied.tolist(), strict=True):
                text, lang, _ = rows[number]
                file.write(json.dumps([noised(text, pick) if is_copy else text, lang]) + "\n")
    np.save(folder / "lengths.npy", lengths)
    np.save(folder / "owner.npy", owner[base])
    intents = sorted({intent for _, _, intent in found})
    place = {intent: number for number, intent in enumerate(intents)}
    np.save(folder / "intent.npy", np.array([place[rows[n][2]] for n in base], dtype=np.int16))
    np.save(folder / "queries.npy", embedded(work, [text for text, _, _ in found[:QUERIES]]))
    asked = [(text, lang, place[intent]) for text, lang, intent in found[:QUERIES]]
    (folder / "queries.json").write_text(json.dumps(asked), "utf-8")


def noised(text: str, pick: np.random.Generator) -> str:
    """The text without some of its words, and with others swapped."""
    chances = pick.random(2 * len(text.split()) + 1)
    words = [w for w, p in zip(text.split(), chances, strict=False) if p > DROPPED] or [text]
    for place in range(len(words) - 1):
        if chances[-1 - place] < SWAPPED:
            words[place], words[place + 1] = words[place + 1], words[place]
    return " ".join(words)


def views(text: str, lang: str) -> tuple[Counts, Counts]:
    return character_counts(text), lemma_counts(text, lang)


# Steps: each runs in a process of its own, on a prepared folder.


def build(folder: Path) -> dict[str, float]:
    """Everything but the embedding: words by row, lemmas by feature, the graph."""
    start, used = time.perf_counter(), time.process_time()
    with (folder / "texts.jsonl").open(encoding="utf-8") as file:
        forward = Forward.write(folder, (views(*json.loads(line)) for line in file))
    for name, array in forward.postings(1).arrays.items():
        np.save(folder / f"lemmas-{name}.npy", array)
    words = time.perf_counter() - start
    Approximate.write(folder, np.load(folder / "codes.npy", mmap_mode="r"))
    whole = time.perf_counter() - start
    used = time.process_time() - used
    size = sum(path.stat().st_size for path in folder.iterdir() if path.name != "texts.jsonl")
    return {"words s": words, "build s": whole, "build cpu s": used, "disk MB": size / 1e6}


def cold(folder: Path) -> dict[str, float]:
    """One message from nothing: the model, the maps, an answer."""
    text, lang, _ = json.loads((folder / "queries.json").read_text("utf-8"))[0]
    neighbours, owner = opened(folder), mapped(folder, "owner")
    near = neighbours.near(NanoEncoder().encode([text])[0], *views(text, lang))
    return {"answers": float(len(neighbours.local(near, owner).responses))}


def warm(folder: Path) -> dict[str, float]:
    """Time of a query beside the encoding, and how right the answers are."""
    neighbours, owner, intent = opened(folder), mapped(folder, "owner"), mapped(folder, "intent")
    times, used, right = [], [], []
    for text, lang, answer, vector in asked(folder):
        start, before = time.perf_counter(), time.process_time()
        near = neighbours.near(vector, *views(text, lang))
        local = neighbours.local(near, owner)
        times.append(1000 * (time.perf_counter() - start))
        used.append(1000 * (time.process_time() - before))
        right.append(int(intent[local.rows[0]]) == answer)
    times = times[len(times) // 10 :]  # the first ones read from the disk
    half, most = np.percentile(times, [50, 95]).tolist()
    cpu = float(np.median(used))
    return {"warm ms": half, "warm 95 ms": most, "warm cpu ms": cpu, "hit@1": float(np.mean(right))}


def exact(folder: Path) -> dict[str, float]:
    """Against an exact scan: the share of its nearest 100 that the graph finds, its time, hits."""
    neighbours, scan = opened(folder), opened(folder, approximate=False)
    owner, intent = mapped(folder, "owner"), mapped(folder, "intent")
    assert scan.codes is not None
    shares, times, right, same = [], [], [], []
    for text, lang, answer, vector in list(asked(folder))[:100]:
        start = time.perf_counter()
        best = greatest(scan.codes.similarities(vector), 100)
        times.append(1000 * (time.perf_counter() - start))
        if neighbours.approximate:
            found = neighbours.approximate.near(Codes.of(vector[None]).codes[0], 200)
            shares.append(len(np.intersect1d(best, found[:100])) / len(best))
        exactly = scan.near(vector, *views(text, lang))
        quickly = neighbours.near(vector, *views(text, lang))
        same.append(len(np.intersect1d(exactly.rows, quickly.rows)) / len(exactly.rows))
        right.append(int(intent[scan.local(exactly, owner).rows[0]]) == answer)
    return {
        "recall": float(np.mean(shares or [1.0])), "rows same": float(np.mean(same)),
        "exact ms": float(np.median(times)), "exact hit@1": float(np.mean(right)),
    }  # fmt: skip


def embed(folder: Path) -> dict[str, float]:
    """The encoder alone, on a sample of the rows: milliseconds a text, and of CPU."""
    with (folder / "texts.jsonl").open(encoding="utf-8") as file:
        texts = [json.loads(line)[0] for line, _ in zip(file, range(SAMPLE), strict=False)]
    encoder = NanoEncoder()
    encoder.encode(texts[:64])
    start, used = time.perf_counter(), time.process_time()
    encoder.encode(texts)
    wall, used = time.perf_counter() - start, time.process_time() - used
    return {"embed ms": 1000 * wall / len(texts), "embed cpu ms": 1000 * used / len(texts)}


STEPS: dict[str, Callable[[Path], dict[str, float]]] = {
    "build": build, "cold": cold, "warm": warm, "exact": exact, "embed": embed,
}  # fmt: skip


def mapped(folder: Path, name: str) -> np.ndarray:
    return np.load(folder / f"{name}.npy", mmap_mode="r")


def opened(folder: Path, approximate: bool = True) -> Neighbours:
    codes = Codes(mapped(folder, "codes"), mapped(folder, "lengths"))
    arrays = {name: mapped(folder, f"lemmas-{name}") for name in Postings.names}
    lemmas = Postings(arrays, len(codes.codes))
    return open_neighbours(folder, codes, {1: lemmas}, approximate)


def asked(folder: Path) -> Iterator[tuple[str, str, int, np.ndarray]]:
    queries = json.loads((folder / "queries.json").read_text("utf-8"))
    for (text, lang, answer), vector in zip(queries, np.load(folder / "queries.npy"), strict=True):
        yield text, lang, answer, vector


def run(step: str, folder: Path) -> dict[str, float]:
    """A step's figures, with the whole process's seconds and its greatest resident memory."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), "--step", step, "--work", str(folder)],
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    found: dict[str, float] = json.loads(done.stdout)
    return found | {f"{step} process s": seconds}


def peak() -> float:
    """The greatest resident memory of this process in MB, mapped pages that it read included."""
    try:  # not getrusage: it counts the process that this one was started from
        status = Path("/proc/self/status").read_text("ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError):
        return math.nan


def measure(folder: Path, figures: dict[str, float], save: Callable[[], None]) -> None:
    """Runs the steps that have not been run; a cold process is run five times, the median kept."""
    for step in STEPS:
        if f"{step} process s" in figures:
            continue
        runs = [run(step, folder) for _ in range(6 if step == "cold" else 1)]
        runs = sorted(runs[1:] or runs, key=lambda found: found[f"{step} process s"])
        figures |= runs[len(runs) // 2]
        save()
    print(json.dumps(figures), file=sys.stderr, flush=True)


Column = tuple[str, Callable[[int, dict[str, float]], str]]
COLUMNS: tuple[Column, ...] = (
    ("examples", lambda n, f: f"{n:,}"),
    ("embedding, CPU s (extrapolated)", lambda n, f: f"{n * f['embed cpu ms'] / 1000:,.0f}"),
    ("rest of the build, CPU s", lambda n, f: f"{f['build cpu s']:,.1f}"),
    (
        "build / embedding",
        lambda n, f: f"{1 + 1000 * f['build cpu s'] / n / f['embed cpu ms']:.3f}",
    ),
    ("build, MB", lambda n, f: f"{f['build MB']:.0f}"),
    ("on disk, MB", lambda n, f: f"{f['disk MB']:.0f}"),
    ("cold process, s", lambda n, f: f"{f['cold process s']:.2f}"),
    ("cold, MB", lambda n, f: f"{f['cold MB']:.0f}"),
    ("warm query, ms (95 %)", lambda n, f: f"{f['warm ms']:.1f} ({f['warm 95 ms']:.1f})"),
    ("warm, CPU ms", lambda n, f: f"{f['warm cpu ms']:.1f}"),
    ("exact scan, ms", lambda n, f: f"{f['exact ms']:.1f}"),
    ("recall@100 of the graph", lambda n, f: f"{f['recall']:.3f}"),
    ("near rows as by a scan", lambda n, f: f"{f['rows same']:.3f}"),
    ("hit@1", lambda n, f: f"{f['hit@1']:.3f}"),
)


def table(figures: dict[str, dict[str, float]]) -> str:
    lines = [
        "| " + " | ".join(heading for heading, _ in COLUMNS) + " |",
        "|" + " ---: |" * len(COLUMNS),
    ]
    for size, found in sorted((int(size), found) for size, found in figures.items()):
        lines.append("| " + " | ".join(shown(size, found) for _, shown in COLUMNS) + " |")
    return "\n".join(lines)


PLOTS = (
    ("build beside embedding, CPU s", "build cpu s"), ("cold process, s", "cold process s"),
    ("cold process, MB", "cold MB"), ("warm query, CPU ms", "warm cpu ms"),
    ("exact scan, ms", "exact ms"), ("recall@100 of the graph", "recall"),
)  # fmt: skip


def plot(figures: dict[str, dict[str, float]]) -> str:
    """An SVG of small plots over the number of examples, both axes logarithmic (but recall's)."""
    sizes = sorted(map(int, figures))
    wide, high, edge = 300, 200, 45
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{3 * wide}" height="{2 * high}" '
        'font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>'
    ]
    for number, (title, name) in enumerate(PLOTS):
        left, top = number % 3 * wide + edge, number // 3 * high + 30
        values = [figures[str(size)][name] for size in sizes]
        log = name != "recall"
        low, most = (min(values) / 1.5, max(values) * 1.5) if log else (min(0.9, *values), 1.0)

        def part(value: float, low: float, most: float, log: bool) -> float:
            if log:
                value, low, most = math.log(value), math.log(low), math.log(most)
            return (value - low) / ((most - low) or 1.0)

        points = [
            (
                left + (wide - 2 * edge) * part(size, sizes[0], sizes[-1], True),
                top + (high - 75) * (1 - part(value, low, most, log)),
            )
            for size, value in zip(sizes, values, strict=True)
        ]
        parts.append(f'<text x="{left}" y="{top - 12}" font-weight="bold">{title}</text>')
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="#0b62a4" stroke-width="2"/>')
        for (x, y), size, value in zip(points, sizes, values, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#0b62a4"/>')
            parts.append(f'<text x="{x + 5:.1f}" y="{y - 5:.1f}">{value:.3g}</text>')
            parts.append(
                f'<text x="{x:.1f}" y="{top + high - 55}" text-anchor="middle">{size:,}</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder of the public data")
    parser.add_argument("--work", type=Path, required=True, help="keeps vectors and figures")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--plot", type=Path, help="writes an SVG")
    parser.add_argument("--again", action="store_true", help="measures sizes again")
    parser.add_argument("--step", choices=list(STEPS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        figures = STEPS[given.step](given.work)
        print(json.dumps(figures | {f"{given.step} MB": peak()}))
        return 0
    if not given.data:
        parser.error("--data is missing")
    if find_spec("usearch") is None:
        parser.error("the search graph is missing; pip install 'replykit[scale]'")
    given.work.mkdir(parents=True, exist_ok=True)
    state_file = given.work / "scale.json"
    state: dict[str, dict[str, float]] = {}
    if state_file.exists():
        state = json.loads(state_file.read_text("utf-8"))

    def save() -> None:
        state_file.write_text(json.dumps(state, indent=1), "utf-8")

    found = bases(given.data, given.work)
    for size in map(int, given.sizes.split(",")):
        if given.again:
            state.pop(str(size), None)
        figures = state.setdefault(str(size), {})
        if all(f"{step} process s" in figures for step in STEPS):
            continue
        folder = given.work / f"rows-{size}"
        folder.mkdir(exist_ok=True)
        if not (folder / "queries.json").exists():
            prepare(folder, given.work, found, size)
        measure(folder, figures, save)
        shutil.rmtree(folder)
    whole = {size: f for size, f in state.items() if f"{list(STEPS)[-1]} process s" in f}
    print(table(whole))
    print(f"\n{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    if given.plot:
        given.plot.write_text(plot(whole), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
