"""Tunes the last layers of the embedded model to bring messages of one matter together.

    python benchmarks/train_ranking.py --data DIR [--cache DIR] [--without SET,…] [--out FILE]

Learns from benchmarks/intents (messages of customers in Finnish and English, each pair of one
meaning, and the replies to them) and from MASSIVE, BANKING77 and Bitext in --data. Four losses are
added:

- messages of one intent are nearer to one another than to others (supervised contrastive loss,
  Khosla et al. 2020, arXiv:2004.11362);
- a message is nearest to its own translation (InfoNCE, van den Oord et al. 2018, arXiv:1807.03748,
  as translations are ranked by Feng et al. 2022, arXiv:2007.01852);
- a message is nearest to the reply of its intent, in either language;
- a text keeps the vector that it had (its cosine), so that what the model knew of other matters
  and languages stays.

Prints how often the nearest example, reply or translation is the right one, before and after, on
what --without names: `banking77`, `bitext`, `massive` (six of its eighteen scenarios), and the
files of benchmarks/intents by name. --out writes the layers, as replykit/data/ranking.npz has them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
import torch
import torch.nn.functional as F
from measures import Item, few
from numpy.typing import NDArray
from public_sets import banking77, bitext, massive
from torch import Tensor
from tuning import BATCH, Descent, Network, States, Weights, batches, layers_name

from replykit.encoder import Side
from replykit.encoder.nano import NanoEncoder, weights_digest, weights_file

OWN = Path(__file__).parent / "intents"
# The last layers that are tuned: three made less of it.
TUNED = 6
EPOCHS, LONGEST = 2, 96
ALIKE, TRANSLATED, REPLIED, KEPT = 0.5, 0.5, 0.7, 1.5
# The narrowness of the softmax over cosines, as the model itself was trained or a little wider.
NARROW, WIDE = 0.05, 0.1
# So many replies are told apart in a step: they are long.
REPLIES = 20
# The project's own messages are few and the nearest to what the product is for; MASSIVE's are many.
OWN_TIMES, MASSIVE_SHARE = 3, 0.6
SCENARIOS = {"transport", "email", "cooking", "music", "datetime", "lists"}
NOTHING = "_none"
PUBLIC = ("massive", "banking77", "bitext")
# How many examples of an intent are known where the figures are taken.
SHOTS = 4


@dataclass(frozen=True)
class Said:
    """A message: its text by language, its intent, the set that it is of."""

    texts: Mapping[str, str]
    intent: str
    source: str


def read(data: Path) -> tuple[list[Said], dict[str, dict[str, str]]]:
    """All messages, and the reply to each intent (by language) where there is one."""
    found, replies = [], {}
    for path in sorted(OWN.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            item = json.loads(line)
            intent = f"{item['domain']}/{item['intent']}"
            found += [Said(texts, intent, path.stem) for texts in item["messages"]]
            if "reply" in item:
                replies[intent] = item["reply"]
    for row in massive(data):
        source = "massive" if row["scenario"] in SCENARIOS else "massive-rest"
        found.append(Said({lang: row[lang] for lang in ("en", "fi")}, row["intent"], source))
    for row in banking77(data):
        found.append(Said({"en": row["text"].strip()}, row["category"], "banking77"))
    for row in bitext(data):
        found.append(Said({"en": row["instruction"]}, row["intent"], "bitext"))
        replies[row["intent"]] = {"en": row["response"]}
    return found, replies


class Texts:
    """Texts of one side, each once: their states, and the vectors that they had."""

    def __init__(self, texts: Iterator[str]) -> None:
        self._numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}

    def prepare(self, weights: Weights, side: Side, network: Network, cache: Path | None) -> None:
        """Runs the layers that are not tuned."""
        self.states = States(weights, list(self._numbers), cache, TUNED, side=side, longest=LONGEST)
        self.before = torch.from_numpy(self.run(network))

    def run(self, network: Network) -> NDArray[np.float32]:
        """The vectors of all texts (texts, dim)."""
        return network.run(self.states, np.arange(len(self._numbers)))

    def numbers(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """The rows of texts."""
        return np.array([self._numbers[text] for text in texts])


def alike(vectors: Tensor, classes: Tensor) -> Tensor:
    """The supervised contrastive loss of vectors (n, dim) with classes (n)."""
    itself = torch.eye(len(vectors), dtype=torch.bool)
    logits = (vectors @ vectors.T / WIDE).masked_fill(itself, -1e9)
    mates = (classes[:, None] == classes[None]) & ~itself
    odds = logits - logits.logsumexp(1, keepdim=True)
    some = mates.any(1)
    if not some.any():
        return vectors.sum() * 0
    return -((odds * mates).sum(1)[some] / mates.sum(1)[some]).mean()


class Lesson:
    """What a step learns from a batch of messages."""

    def __init__(
        self,
        network: Network,
        messages: Texts,
        replies: Texts,
        reply: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._network, self._messages, self._replies = network, messages, replies
        self._reply = reply
        self._pick = np.random.default_rng(0)

    def loss(self, batch: Sequence[Said]) -> Tensor:
        """The four losses of a batch of one set, together."""
        languages = list(batch[0].texts)
        vectors, kept = [], []
        for lang in languages:
            rows = self._messages.numbers([said.texts[lang] for said in batch])
            vectors.append(self._network(self._messages.states, rows))
            kept.append((vectors[-1] * self._messages.before[rows]).sum(1).mean())
        intents, numbers = np.unique([said.intent for said in batch], return_inverse=True)
        # Messages that nothing answers are like no other: each is a class of its own.
        own = np.char.endswith(intents, NOTHING)[numbers]
        classes = np.where(own, -1 - np.arange(len(batch)), numbers)
        every = torch.cat(vectors)
        loss = ALIKE * alike(every, torch.from_numpy(np.tile(classes, len(languages))))
        loss = loss + KEPT * 2 * (1 - torch.stack(kept).mean())
        if len(vectors) == 2:
            logits, right = vectors[0] @ vectors[1].T / NARROW, torch.arange(len(batch))
            both = F.cross_entropy(logits, right) + F.cross_entropy(logits.T, right)
            loss = loss + TRANSLATED * both / 2
        answered = [intent for intent in intents if intent in self._reply]
        if answered:
            loss = loss + self._replied(every, np.tile(intents[numbers], len(languages)), answered)
        return loss

    def _replied(self, vectors: Tensor, intents: NDArray[np.str_], answered: list[str]) -> Tensor:
        names = [str(name) for name in self._pick.permutation(answered)[:REPLIES]]
        languages = list(self._reply[names[0]])
        lang = languages[int(self._pick.integers(len(languages)))]
        rows = self._replies.numbers([self._reply[name][lang] for name in names])
        found = self._network(self._replies.states, rows)
        right = torch.tensor([names.index(name) if name in names else -1 for name in intents])
        logits = vectors @ found.T / NARROW
        kept = (found * self._replies.before[rows]).sum(1).mean()
        return REPLIED * F.cross_entropy(logits, right, ignore_index=-1) + KEPT * (1 - kept)


def learn(network: Network, lesson: Lesson, messages: Texts, said: Sequence[Said]) -> None:
    """Tunes the network; in the last round its matrices have four bits already."""
    torch.manual_seed(0)
    pick = np.random.default_rng(0)
    sets: dict[str, list[Said]] = {}
    for item in said:
        name = "massive" if item.source.startswith("massive") else item.source
        sets.setdefault(name if name in PUBLIC else "own", []).append(item)
    if "massive" in sets:
        rows = sets["massive"]
        some = pick.permutation(len(rows))[: int(MASSIVE_SHARE * len(rows))]
        sets["massive"] = [rows[number] for number in some]
    sets["own"] = sets.get("own", []) * OWN_TIMES

    def mixed() -> list[list[Said]]:
        parts = []
        for rows in sets.values():
            lengths = sum(
                messages.states.lengths[messages.numbers([item.texts[lang] for item in rows])]
                for lang in (rows[0].texts if rows else ())
            )
            chosen = batches(np.arange(len(rows)), np.asarray(lengths), pick)
            parts += [[rows[number] for number in batch] for batch in chosen]
        return [parts[number] for number in pick.permutation(len(parts))]

    steps = EPOCHS * sum(-(-len(rows) // BATCH) for rows in sets.values())
    descent = Descent(network, steps)
    for epoch in range(EPOCHS):
        network.train()
        if epoch == EPOCHS - 1:
            network.round()
        losses = []
        for batch in mixed():
            loss = lesson.loss(batch)
            descent.step(loss)
            losses.append(float(loss.detach()))
        print(f"round {epoch + 1} of {EPOCHS}: loss {np.mean(losses):.3f}", flush=True)


def shares(
    said: Sequence[Said],
    reply: Mapping[str, Mapping[str, str]],
    found: NDArray[np.float32],
    answers: NDArray[np.float32],
    messages: Texts,
    replies: Texts,
) -> dict[str, float]:
    """How often the nearest is right, for messages of one set, by language asked and answered in:
    the nearest of four examples an intent, and the nearest reply."""
    said = [item for item in said if not item.intent.endswith(NOTHING)]
    items = [Item(item.intent, dict(item.texts)) for item in said]
    order = np.random.default_rng(0).permutation(len(items)).tolist()
    examples = few(items, order, SHOTS)
    asked = sorted(set(order) - set(examples))
    intents = np.array([item.intent for item in said])
    rows = {
        lang: found[messages.numbers([item.texts[lang] for item in said])] for lang in said[0].texts
    }
    shown = {}
    for lang, vectors in rows.items():
        for other, known in rows.items():
            nearest = intents[examples][(vectors[asked] @ known[examples].T).argmax(axis=1)]
            shown[f"{lang} by examples in {other}"] = float((nearest == intents[asked]).mean())
        names = np.array(sorted(set(intents) & set(reply)))
        if len(names):
            texts = answers[replies.numbers([reply[name][lang] for name in names])]
            nearest = names[(vectors @ texts.T).argmax(axis=1)]
            shown[f"{lang} by replies"] = float((nearest == intents).mean())
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data")
    parser.add_argument("--cache", type=Path, help="keeps the states of texts")
    parser.add_argument("--without", default="", help="sets that are not learnt from, by comma")
    parser.add_argument("--out", type=Path, help="where the layers are written")
    given = parser.parse_args()
    said, reply = read(given.data)
    without = set(filter(None, given.without.split(",")))
    if unknown := without - {item.source for item in said}:
        parser.error(f"--without {','.join(sorted(unknown))}: no such set")
    if given.cache:
        given.cache.mkdir(parents=True, exist_ok=True)
    weights, encoder = Weights(weights_file()), NanoEncoder()
    means = {side: encoder.mean(side) for side in get_args(Side)}
    network = Network(weights, means, TUNED)
    messages = Texts(text for item in said for text in item.texts.values())
    replies = Texts(text for texts in reply.values() for text in texts.values())
    messages.prepare(weights, "query", network, given.cache)
    replies.prepare(weights, "passage", network, given.cache)
    lesson = Lesson(network, messages, replies, reply)
    learn(network, lesson, messages, [item for item in said if item.source not in without])
    found, answers = messages.run(network), replies.run(network)
    for name in sorted(without):
        rows = [item for item in said if item.source == name]
        before = messages.before.numpy(), replies.before.numpy()
        was = shares(rows, reply, *before, messages, replies)
        now = shares(rows, reply, found, answers, messages, replies)
        for case, share in was.items():
            print(f"{name}: {case}: {share:.3f} -> {now[case]:.3f}")
    if given.out:
        start, layers = weights.tail(list(network.layers))
        model = weights_digest(weights_file())
        np.savez_compressed(
            given.out, model=model, name=layers_name(layers), start=start, layers=layers
        )


if __name__ == "__main__":
    main()
