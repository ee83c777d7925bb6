"""Encode texts with an exported sentence-transformers model, by onnxruntime and without torch."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from replykit.errors import ReplyKitError

Precision = Literal["int8", "fp32"]

# Changes with what an export holds or how it is run: earlier exports and vectors are not reused.
FORMAT = 1
# Attention costs the square of the length, and what a message asks stands near its start.
MAX_TOKENS = 400
# No tokenizer needs so many characters for a token of ordinary text; it bounds the time of others.
CHARS_PER_TOKEN = 40
# Texts whose tokens are held at a time, so that memory does not grow with the number of texts.
CHUNK = 2048
# Dynamic quantisation scales activations by the extremes of the whole batch: in company, the vector
# of a text would depend on its neighbours (cosine 0.98 at worst, measured). Alone it is the same.
BATCH = {"int8": 1, "fp32": 16}
# Long texts gain nothing from company but cost memory (MiniLM: 500 MB, and 210 MB with this).
BATCH_TOKENS = 512


@dataclass(frozen=True)
class Meta:
    """What `meta.json` says of an exported model."""

    format: int
    name: str
    weights_sha256: str
    tokenizer_sha256: str
    dim: int
    pooling: str
    prompts: dict[str, str]
    max_length: int
    precision: Precision
    special_tokens: bool
    pad_id: int
    files: dict[str, int]


def read_meta(folder: Path) -> Meta | None:
    """The description of a complete export of this format, or None."""
    try:
        raw = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            return None
        meta = Meta(**{field.name: raw[field.name] for field in fields(Meta)})
        whole = all((folder / name).stat().st_size == size for name, size in meta.files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return meta if whole else None


class OnnxEncoder:
    """An exported model; its files are read at the first text, its key at once."""

    def __init__(self, folder: Path) -> None:
        meta = read_meta(folder)
        if meta is None:
            raise ReplyKitError(f"{folder} holds no complete exported model: export it again")
        self._folder = folder
        self._meta = meta
        self.dim: int = meta.dim
        parts = {name: value for name, value in asdict(meta).items() if name != "files"}
        parts["max_length"] = self._max_length = min(meta.max_length, MAX_TOKENS)
        digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
        self.key: str = f"{meta.name}:{meta.precision}:{digest[:16]}"

    def encode(
        self, texts: Sequence[str], side: Literal["query", "passage"] = "query"
    ) -> NDArray[np.float32]:
        """One L2-normalised row per text, in the order given."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), CHUNK):
            chunk = slice(start, start + CHUNK)
            vectors[chunk] = self._encode(texts[chunk], self._meta.prompts[side])
        return vectors

    def _encode(self, texts: Sequence[str], prompt: str) -> NDArray[np.float32]:
        limit = self._max_length * CHARS_PER_TOKEN
        prompted = [prompt + clean(text, limit) for text in texts]
        encodings = self._tokenizer.encode_batch_fast(
            prompted, add_special_tokens=self._meta.special_tokens
        )
        # The longest first: it says how many texts are as many tokens as a batch may have.
        order = sorted(range(len(texts)), key=lambda index: -len(encodings[index]))
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        while order:
            fitting = BATCH_TOKENS // max(len(encodings[order[0]]), 1)
            size = max(1, min(fitting, BATCH[self._meta.precision]))
            batch, order = order[:size], order[size:]
            feed = self._feed([encodings[index] for index in batch], prompt)
            vectors[batch] = self._session.run(["sentence_embedding"], feed)[0]
        return vectors

    def _feed(self, encodings: list[Any], prompt: str) -> dict[str, NDArray[np.int64]]:
        # A text without tokens becomes one padding token: attention over nothing is not a number.
        lengths = [max(len(encoding), 1) for encoding in encodings]
        shape = (len(encodings), max(lengths))
        input_ids = np.full(shape, self._meta.pad_id, dtype=np.int64)
        attention_mask = np.zeros(shape, dtype=np.int64)
        token_type_ids = np.zeros(shape, dtype=np.int64)
        for row, (encoding, length) in enumerate(zip(encodings, lengths, strict=True)):
            input_ids[row, : len(encoding)] = encoding.ids
            token_type_ids[row, : len(encoding)] = encoding.type_ids
            attention_mask[row, :length] = 1
        feed = {
            "input_ids": input_ids,
            "attention_mask": attention_mask,
            "token_type_ids": token_type_ids,
        }
        if "pooling_mask" in self._inputs:
            feed["pooling_mask"] = attention_mask.copy()
            skipped = self._prompt_length(prompt)
            for row, length in enumerate(lengths):
                feed["pooling_mask"][row, : min(skipped, length - 1)] = 0
        return {name: array for name, array in feed.items() if name in self._inputs}

    def _prompt_length(self, prompt: str) -> int:
        if not prompt:
            return 0
        encoding = self._tokenizer.encode(prompt, add_special_tokens=self._meta.special_tokens)
        return len(encoding) - int(encoding.special_tokens_mask[-1])

    @cached_property
    def _inputs(self) -> frozenset[str]:
        return frozenset(node.name for node in self._session.get_inputs())

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(self._max_length)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = min(2, usable_cpus())
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            str(self._folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )


def clean(text: str, limit: int) -> str:
    """The first `limit` characters, each of them one that UTF-8 can hold."""
    text = text[:limit]
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        # Through UTF-16 a pair of surrogates becomes its character; only lone ones are replaced.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def usable_cpus() -> int:
    """The CPUs that this process may run on (a container may allow fewer than there are)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
