"""Tunes the last layers of the embedded model to tell classes of sentences apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
import tuning
from numpy.typing import NDArray
from torch import Tensor, nn
from tuning import BATCH, Descent, States, Weights, batches

# The last layers that are tuned.
TUNED = 3
EPOCHS, HEAD_RATE, SMOOTHING = 4, 2e-3, 0.02
# A unit vector's products are small numbers: so many times as large, they can be log-odds.
SCALE = 20.0
# What a network depends on besides what it learns from.
HYPERPARAMETERS = (TUNED, *tuning.HYPERPARAMETERS, EPOCHS, HEAD_RATE, SMOOTHING, SCALE)


class Network(tuning.Network):
    """Tuned layers, log-odds of the classes, and the way back to the untuned vectors."""

    def __init__(self, weights: Weights, mean: NDArray[np.float32], classes: int) -> None:
        super().__init__(weights, {"query": mean}, TUNED)
        self.head = nn.Linear(weights.dim, classes)
        self.back = nn.Linear(weights.dim, weights.dim, bias=False)
        nn.init.zeros_(self.head.weight)
        nn.init.eye_(self.back.weight)

    def odds(self, vectors: Tensor) -> Tensor:
        """What goes into the softmax over the classes (texts, classes)."""
        found: Tensor = self.head(vectors * SCALE)
        return found


def tune(
    network: Network,
    states: States,
    chosen: NDArray[np.int64],
    classes: NDArray[np.int64],
    vectors: NDArray[np.float32],
    progress: Callable[[str], None],
) -> None:
    """Learns the classes of the chosen texts (-1: it has none), and to keep what their untuned
    `vectors` said; in the last round the matrices have four bits already."""
    torch.manual_seed(0)
    pick = np.random.default_rng(0)
    heads = [*network.head.parameters(), *network.back.parameters()]
    descent = Descent(network, EPOCHS * -(-len(chosen) // BATCH), heads, HEAD_RATE)
    wanted, known = torch.from_numpy(classes), torch.from_numpy(vectors)
    for epoch in range(EPOCHS):
        network.train()
        if epoch == EPOCHS - 1:
            network.round()
        losses = []
        for batch in batches(chosen, states.lengths, pick):
            found = network(states, batch)
            kept = F.cosine_similarity(network.back(found), known[batch]).mean()
            loss = 1 - kept
            if (wanted[batch] >= 0).any():
                loss = loss + F.cross_entropy(
                    network.odds(found),
                    wanted[batch],
                    ignore_index=-1,
                    label_smoothing=SMOOTHING,
                )
            descent.step(loss)
            losses.append((float(loss.detach()), float(kept.detach())))
        loss_mean, kept_mean = np.mean(losses, axis=0)
        progress(f"round {epoch + 1} of {EPOCHS}: loss {loss_mean:.3f}, kept {kept_mean:.3f}")
