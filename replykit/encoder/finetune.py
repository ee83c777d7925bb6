"""Fine-tunes a sentence-transformers model on a library's examples (`replykit train --full`)."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from replykit.encoder import Side
from replykit.encoder.export import load_model, one_line, prompts_of, quiet
from replykit.encoder.onnx import MAX_TOKENS
from replykit.errors import ReplyKitError
from replykit.ranking.features import without_numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 32
RATE = 2e-5
STATIC_RATE = 2e-2  # of models that are one table of word vectors, each met seldom
_WARM_UP = 0.1  # the share of steps in which the rate rises
_SEED = 0

Progress = Callable[[int, int], None]


class Trainable:
    """A sentence-transformers model in torch, to be trained and to encode as it then is."""

    def __init__(self, model: str) -> None:
        """Loads a model: a folder or a hub name. Raises ReplyKitError where that fails."""
        try:
            import torch
            from sentence_transformers import SentenceTransformer  # noqa: F401
        except ImportError as error:
            missing = error.name or one_line(error)
            raise ReplyKitError(
                f"cannot train {model}: {missing} is missing: pip install 'replykit[models]'"
            ) from None
        torch.manual_seed(_SEED)
        with quiet():
            self._model = load_model(model)[0]
        self._static = type(self._model[0]).__name__ == "StaticEmbedding"
        if not self._static:
            longest = self._model.max_seq_length or math.inf
            self._model.max_seq_length = int(min(longest, MAX_TOKENS))
        self._prompts = prompts_of(self._model.prompts)
        self.key: str = f"{model}:torch"
        self.dim: int = len(self._model.encode("a", show_progress_bar=False))

    def encode(self, texts: Sequence[str], side: Side = "query") -> NDArray[np.float32]:
        """Unit vectors (n, dim) by the model as it is now."""
        import numpy as np

        found = self._model.encode(
            list(texts),
            prompt=self._prompts[side] or None,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(found, dtype=np.float32).reshape(len(texts), self.dim)

    def tune(
        self,
        texts: Sequence[str],
        owners: Sequence[str],
        epochs: int,
        progress: Progress,
        rate: float | None = None,
    ) -> None:
        """Draws texts of one owner together and those of others apart (in-batch negatives)."""
        import torch
        from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

        groups = _groups([without_numbers(text) for text in texts], owners)
        chance = random.Random(_SEED)
        batches = [batch for _ in range(epochs) for batch in _batches(groups, chance)]
        model, prompt = self._model, self._prompts["query"] or None
        loss_of = MultipleNegativesRankingLoss(model)
        speed = rate or (STATIC_RATE if self._static else RATE)
        optimizer = torch.optim.AdamW(model.parameters(), lr=speed, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _schedule(len(batches)))
        model.train()
        for number, batch in enumerate(batches, 1):
            sides = [
                model.preprocess(list(side), prompt=prompt) for side in zip(*batch, strict=True)
            ]
            loss = loss_of(sides, torch.arange(len(batch)))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            progress(number, len(batches))
        model.eval()

    def save(self, folder: Path) -> None:
        """Writes the model as sentence-transformers does."""
        with quiet():
            self._model.save(str(folder), create_model_card=False)


def _schedule(steps: int) -> Callable[[int], float]:
    """The share of the rate at a step: rising at first, then falling to nothing."""
    warm = max(1, int(_WARM_UP * steps))
    return lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(steps - warm, 1)))


def _groups(texts: Sequence[str], owners: Sequence[str]) -> list[list[str]]:
    """The texts of each owner that has two, none twice."""
    found: dict[str, dict[str, None]] = {}
    for text, owner in zip(texts, owners, strict=True):
        found.setdefault(owner, {})[text] = None
    return [list(group) for group in found.values() if len(group) > 1]


def _batches(
    groups: Sequence[Sequence[str]], chance: random.Random
) -> Iterator[list[tuple[str, str]]]:
    """Each text once with another of its group; a batch holds no group twice, for a text of the
    same reply is no counterexample."""
    queues = []
    for group in groups:
        order = chance.sample(list(group), len(group))
        queues.append(list(zip(order, [*order[1:], order[0]], strict=True)))
    while len(queues) > 1:
        # The fullest first: else a large group's pairs would be left with nothing beside them.
        chance.shuffle(queues)
        queues.sort(key=len, reverse=True)
        yield [queue.pop() for queue in queues[:BATCH]]
        queues = [queue for queue in queues if queue]
