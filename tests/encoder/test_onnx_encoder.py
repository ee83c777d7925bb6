"""Exported models give the vectors that sentence-transformers gives, for any text."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from replykit.encoder.export import export
from replykit.encoder.onnx import MAX_TOKENS, OnnxEncoder, Precision, clean, read_meta
from replykit.errors import ReplyKitError

Tiny = Callable[..., Path]
ROOT = Path(__file__).parents[1]
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TEXTS = [
    "Where is my parcel?",
    "",
    "Missä pakettini on? Tilasin sen viime viikolla, eikä mitään ole kuulunut.",
    "📦😡 wo ist mein Paket?? 🙏🏽👩‍👩‍👧",
    "Hyvää päivää, " + "laskussa on virhe ja haluaisin rahani takaisin. " * 100,
    "x",
    "ÄÄKKÖSET isolla, tabs\tand\nnewlines\r\n\r\nand  blanks   ",
    "https://example.com/" + "a" * 300,
    "word " * 1000,
    "中文 العربية हिन्दी ไทย",
]
HOSTILE = [
    "\x00",
    "nul\x00in the middle",
    "\ud83d",
    "\udcff lone \ud800 surrogates \udfff",
    "",
    " ",
    "\n" * 5000,
    "\u202e\u200b\ufeff\u0301\u0301\u0301",
    "a" * 1_000_000,
    "a " * 500_000,
    "\ud83d" * 100_000,
    "[CLS] [SEP] [PAD] [MASK] </s> <|endoftext|>",
]


def cosines(ours: NDArray[np.float32], theirs: Any) -> NDArray[np.float32]:
    theirs = np.asarray(theirs, dtype=np.float32)
    theirs = theirs / np.linalg.norm(theirs, axis=1, keepdims=True)
    result: NDArray[np.float32] = (ours * theirs).sum(axis=1)
    return result


def quiet(_: str) -> None:
    pass


def encoder_of(model: Path, cache: Path, precision: Precision = "fp32") -> OnnxEncoder:
    return OnnxEncoder(export(model, cache, precision=precision, progress=quiet))


def original(model: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(model), device="cpu")


@pytest.fixture(scope="module")
def minilm_export(minilm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(minilm, tmp_path_factory.mktemp("cache"), precision="fp32", progress=quiet)


@pytest.fixture(scope="module")
def minilm_encoder(minilm_export: Path) -> OnnxEncoder:
    return OnnxEncoder(minilm_export)


def test_the_packaged_minilm_is_the_original(minilm: Path, minilm_export: Path) -> None:
    digest = hashlib.sha256((minilm / "model.safetensors").read_bytes()).hexdigest()
    assert digest == MINILM_SHA256
    meta = read_meta(minilm_export)
    assert meta is not None
    assert meta.weights_sha256 == MINILM_SHA256
    assert (meta.dim, meta.pooling, meta.max_length) == (384, "mean", 256)
    assert meta.prompts == {"query": "", "passage": ""}


@pytest.mark.parametrize("texts", [TEXTS, TEXTS[:1], TEXTS[1:2], TEXTS * 5, ["same text"] * 33])
def test_minilm_parity(minilm: Path, minilm_encoder: OnnxEncoder, texts: list[str]) -> None:
    ours = minilm_encoder.encode(texts)
    assert ours.shape == (len(texts), 384)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1, atol=1e-5)
    assert cosines(ours, original(minilm).encode(texts)).min() >= 0.9999


def test_more_texts_than_a_chunk_keep_their_order(tiny: Tiny, tmp_path: Path) -> None:
    encoder = encoder_of(tiny(), tmp_path)
    texts = [f"{number} " * (number % 7 + 1) for number in range(2100)]
    vectors = encoder.encode(texts)
    for index in (0, 1, 2047, 2048, 2099):
        np.testing.assert_allclose(vectors[index], encoder.encode([texts[index]])[0], atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "architecture"),
    [
        ("mean", "bert"),
        ("cls", "bert"),
        ("max", "bert"),
        ("mean_sqrt_len_tokens", "bert"),
        ("weightedmean", "bert"),
        ("lasttoken", "bert"),
        ("dense", "bert"),
        ("mean", "mpnet"),
        ("mean", "xlmr"),
        ("lasttoken", "qwen3"),
    ],
)
def test_tiny_parity(tiny: Tiny, tmp_path: Path, kind: str, architecture: str) -> None:
    model = tiny(kind, architecture)
    encoder = encoder_of(model, tmp_path)
    assert encoder.dim == (24 if kind == "dense" else 32)
    theirs = original(model).encode(TEXTS, batch_size=1)
    assert cosines(encoder.encode(TEXTS), theirs).min() >= 0.9999


@pytest.mark.parametrize("kind", ["prompts", "instructor"])
def test_prompts_of_the_model_are_applied(tiny: Tiny, tmp_path: Path, kind: str) -> None:
    model = tiny(kind)
    encoder, st = encoder_of(model, tmp_path), original(model)
    queries, passages = encoder.encode(TEXTS), encoder.encode(TEXTS, "passage")
    assert cosines(queries, st.encode(TEXTS, prompt="query: ")).min() >= 0.9999
    assert cosines(passages, st.encode(TEXTS, prompt="passage: ")).min() >= 0.9999
    assert np.abs(queries - passages).max() > 1e-3


def test_static_embeddings(tmp_path: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer, models, pre_tokenizers

    vocabulary = {word: number for number, word in enumerate(["[UNK]", "my", "parcel", "order"])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    torch.manual_seed(1)
    static = StaticEmbedding(tokenizer, embedding_dim=16)
    st = SentenceTransformer(modules=[static], device="cpu")
    st.save(str(tmp_path / "static"))
    encoder = encoder_of(tmp_path / "static", tmp_path / "cache")
    texts = ["my parcel", "order order my", "what of this order"]
    assert cosines(encoder.encode(texts), st.encode(texts)).min() >= 0.9999
    assert np.isfinite(encoder.encode(HOSTILE)).all()


def test_no_texts(minilm_encoder: OnnxEncoder) -> None:
    assert minilm_encoder.encode([]).shape == (0, 384)
    assert minilm_encoder.encode([]).dtype == np.float32


def test_hostile_texts(tiny: Tiny, tmp_path: Path, minilm_encoder: OnnxEncoder) -> None:
    encoders = [minilm_encoder, encoder_of(tiny("lasttoken", "qwen3"), tmp_path)]
    for encoder in encoders:
        started = time.monotonic()
        vectors = encoder.encode(HOSTILE)
        assert time.monotonic() - started < 10
        assert np.isfinite(vectors).all()
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_cleaning_replaces_only_lone_surrogates() -> None:
    assert clean("a\ud83d\ude00b\ud800", 10) == "a😀b\ufffd"
    assert clean("plain ääkköset", 5) == "plain"


def test_long_positions_are_cut_at_the_limit(minilm_export: Path, minilm: Path) -> None:
    assert MAX_TOKENS == 400
    encoder = OnnxEncoder(minilm_export)
    long = "parcel " * 300
    np.testing.assert_allclose(encoder.encode([long]), encoder.encode([long + "refund " * 50]))


def test_int8_is_close_and_does_not_depend_on_company(minilm: Path, tmp_path: Path) -> None:
    encoder = encoder_of(minilm, tmp_path, "int8")
    together = encoder.encode(TEXTS)
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_array_equal(together, alone)
    assert cosines(together, original(minilm).encode(TEXTS)).min() >= 0.96


def test_key_names_all_that_vectors_depend_on(tiny: Tiny, tmp_path: Path) -> None:
    folder = export(tiny(), tmp_path, precision="fp32", progress=quiet)
    key = OnnxEncoder(folder).key
    assert key == OnnxEncoder(folder).key
    file = folder / "meta.json"
    meta = json.loads(file.read_text(encoding="utf-8"))
    changes = {
        "name": "other",
        "weights_sha256": "0" * 64,
        "precision": "int8",
        "pooling": "cls",
        "prompts": {"query": "q: ", "passage": ""},
        "max_length": 7,
    }
    keys = {key}
    for field, value in changes.items():
        file.write_text(json.dumps({**meta, field: value}), encoding="utf-8")
        keys.add(OnnxEncoder(folder).key)
    assert len(keys) == 1 + len(changes)


def test_a_folder_that_is_no_export(tmp_path: Path) -> None:
    with pytest.raises(ReplyKitError, match="no complete exported model"):
        OnnxEncoder(tmp_path)


GUARD = """
import sys
from pathlib import Path
import replykit.encoder.onnx, replykit.encoder.export
assert not {"onnxruntime", "tokenizers"} & set(sys.modules), "importing is not light"
found = replykit.encoder.export.find(sys.argv[1], Path(sys.argv[2]), "fp32")
encoder = replykit.encoder.onnx.OnnxEncoder(found)
assert encoder.key and not {"onnxruntime", "tokenizers"} & set(sys.modules)
assert encoder.encode(["Where is my parcel?"]).shape == (1, encoder.dim)
heavy = {"torch", "transformers", "sentence_transformers", "sklearn", "scipy", "optimum"}
print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""


def test_encoding_imports_nothing_heavy(tiny: Tiny, tmp_path: Path) -> None:
    export(tiny(), tmp_path, precision="fp32", progress=quiet)
    done = subprocess.run(
        [sys.executable, "-c", GUARD, str(tiny()), str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
