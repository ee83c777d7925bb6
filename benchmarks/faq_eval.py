"""Measure questions against answers without examples: benchmarks/faq, through the command line.

    python benchmarks/faq_eval.py [--half first|second]

The second half of each file (lines 81 to 160) was used for no choice. Titles and ids carry no
meaning. Prints a Markdown table: hit@1 and hit@3 for the nearest whole answer by the embedded
model alone, and for ReplyKit.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from replykit.config import Settings  # noqa: E402
from replykit.encoder import open_encoder  # noqa: E402

HALVES = {"first": slice(0, 80), "second": slice(80, 160)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, default="second")
    half = HALVES[parser.parse_args().half]
    print("| questions | e5 alone hit@1 | hit@3 | ReplyKit hit@1 | hit@3 |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for lang in ("fi", "en"):
        text = (ROOT / "benchmarks" / "faq" / f"{lang}.jsonl").read_text("utf-8")
        answers = [json.loads(line) for line in text.splitlines()][half]
        figures = [*alone(answers), *through_the_command_line(answers, lang)]
        shown = " | ".join(f"{figure:.3f}" for figure in figures)
        print(f"| {lang}, {2 * len(answers)} to {len(answers)} answers | {shown} |")


def alone(answers: list[dict[str, Any]]) -> tuple[float, float]:
    """The nearest answer as a whole."""
    encoder = open_encoder(Settings())
    assert encoder is not None
    texts = encoder.encode([answer["answer"] for answer in answers], "passage")
    questions = [question for answer in answers for question in answer["questions"]]
    order = np.argsort(-(encoder.encode(questions, "query") @ texts.T), axis=1)
    right = np.repeat(np.arange(len(answers)), [len(answer["questions"]) for answer in answers])
    hits = order == right[:, None]
    return float(hits[:, 0].mean()), float(hits[:, :3].any(axis=1).mean())


def through_the_command_line(answers: list[dict[str, Any]], lang: str) -> tuple[float, float]:
    """What `replykit library eval` says of a library of these answers."""
    with tempfile.TemporaryDirectory() as folder:
        library, cases = Path(folder) / "responses", Path(folder) / "cases.jsonl"
        library.mkdir()
        lines = []
        for number, answer in enumerate(answers):
            text = f"---\ntitle: Reply {number}\nexamples: []\n---\n{answer['answer']}\n"
            (library / f"r{number:03}.{lang}.md").write_text(text, "utf-8")
            for question in answer["questions"]:
                case = {"text": question, "lang": lang, "fits": [f"r{number:03}"]}
                lines.append(json.dumps(case, ensure_ascii=False))
        cases.write_text("\n".join(lines) + "\n", "utf-8")
        told = ["--library", str(library), "--language", lang, "--format", "json"]
        command = [sys.executable, "-m", "replykit", "library", "eval", str(cases), *told]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    score = json.loads(done.stdout)
    return score["hit_1"], score["hit_3"]


if __name__ == "__main__":
    main()
