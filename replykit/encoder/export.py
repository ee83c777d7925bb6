"""Export a sentence-transformers model, once, to a folder that OnnxEncoder runs without torch."""

import hashlib
import json
import logging
import math
import os
import re
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from replykit.encoder.onnx import FORMAT, MAX_TOKENS, Meta, OnnxEncoder, Precision, read_meta
from replykit.errors import ReplyKitError

DAY = 86_400.0
# An export has to agree with the model that it is made of; int8 may differ by its rounding only.
LEAST_COSINE = {"fp32": 0.9999, "int8": 0.9}
# Other numbers of texts and tokens than at the export, where shapes wrongly fixed would show.
PROBES = (
    "a",
    "Where is my parcel?",
    "Hei! Tilasin teiltä viime viikolla kengät, mutta paketti ei ole vielä saapunut. 📦",
    "The invoice was charged twice, please return the money. " * 3,
    "Laskutus, tilaus ja toimitus; refund, order and delivery? " * 60,
)


def model_folder(model: str, cache: Path, precision: Precision) -> Path:
    """Where the export of a model belongs, whether it is there or not."""
    local = _local(model)
    if local:
        name, identity = local.name, f"{local}\n{_fingerprint(local)}"
    else:
        name, identity = model, model
    digest = hashlib.sha256(f"{FORMAT}\n{identity}".encode("utf-8", "surrogateescape")).hexdigest()
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-60:] or "model"
    return cache / f"{readable}-{precision}-{digest[:16]}"


def find(model: str, cache: Path, precision: Precision) -> Path | None:
    """The folder of a complete export of the model as it is now, or None."""
    folder = model_folder(model, cache, precision)
    return folder if read_meta(folder) else None


def export(
    model: str | Path, into: Path, *, precision: Precision, progress: Callable[[str], None]
) -> Path:
    """Export a model (a folder or a hub name) below `into`, unless it is there; its folder."""
    model = str(model)
    target = model_folder(model, into, precision)
    if read_meta(target):
        return target
    _check_name(model)
    try:
        # All that the export needs, before anything is fetched or loaded.
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401
        import torch  # noqa: F401
        import transformers  # noqa: F401
        from onnxruntime.quantization import quantize_dynamic  # noqa: F401
        from sentence_transformers import SentenceTransformer  # noqa: F401
    except ImportError as error:
        missing = error.name or one_line(error)
        raise ReplyKitError(
            f"cannot export {model}: {missing} is missing: pip install 'replykit[models]'"
        ) from error
    try:
        into.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(into)
        temporary = Path(tempfile.mkdtemp(prefix=".export-", dir=into))
    except OSError as error:
        raise ReplyKitError(
            f"cannot export {model}: {one_line(error)}: choose a folder that can be written"
        ) from error
    try:
        with quiet():
            _write(model, temporary, precision, progress)
        _publish(temporary, target)
    except OSError as error:
        raise ReplyKitError(
            f"cannot write the export of {model} to {into}: {one_line(error)}: make room and retry"
        ) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    progress(f"exported {model} to {target}")
    return target


def one_line(error: BaseException) -> str:
    """The first line that an error says, or its kind where it says nothing."""
    said = str(error).strip()
    return said.splitlines()[0].strip().rstrip(".:") if said else type(error).__name__


def _check_name(model: str) -> None:
    local = _local(model)
    if local:
        if not any((local / name).is_file() for name in ("modules.json", "config.json")):
            raise ReplyKitError(
                f"{model} is no model: the folder has no modules.json or config.json: "
                "give the folder that sentence-transformers saved"
            )
    elif not re.fullmatch(r"[A-Za-z0-9_][\w.-]*(/[\w.-]+)?", model):
        raise ReplyKitError(
            f"{model!r} is neither a folder nor a hub name: give an existing folder or owner/name"
        )


def _local(model: str) -> Path | None:
    """The folder that a model is, where it is one and not a name of the hub."""
    folder = os.path.expanduser(model)  # unlike pathlib, os.path finds no name too odd to ask
    return Path(folder).resolve() if os.path.isdir(folder) else None


def _fingerprint(folder: Path) -> str:
    """Sizes and times of a folder's files: cheap, and other once a file is."""
    lines = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            try:
                stat = path.stat()
            except OSError:
                continue  # a dangling link is no part of the model
            lines.append(f"{path.relative_to(folder)} {stat.st_size} {stat.st_mtime_ns}")
    return "\n".join(lines)


def _write(model: str, folder: Path, precision: Precision, progress: Callable[[str], None]) -> None:
    progress(f"loading {model}")
    st, source = load_model(model)
    progress("exporting (this happens once and takes up to some minutes)")
    try:
        name = source.name if _local(model) else model
        meta = _export_parts(st, name, source, folder, precision, progress)
        meta["files"] = {path.name: path.stat().st_size for path in folder.iterdir()}
        text = json.dumps(asdict(Meta(**meta)), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "meta.json").write_text(text + "\n", encoding="utf-8")
        progress("comparing the export with the model")
        cosine = _agreement(st, OnnxEncoder(folder), meta["prompts"])
    except (OSError, ReplyKitError):
        raise
    except Exception as error:
        raise ReplyKitError(
            f"cannot export {model}: {one_line(error)}: use another model"
        ) from error
    if not cosine >= LEAST_COSINE[precision]:
        step = "use another model" if precision == "fp32" else "use precision fp32"
        raise ReplyKitError(
            f"the {precision} export of {model} differs from it (cosine {cosine:.4f}): {step}"
        )


def load_model(model: str) -> tuple[Any, Path]:
    """The model in single precision, and the folder that it was loaded from.

    Raises ReplyKitError where it cannot be had.
    """
    _check_name(model)
    try:
        return _load(model)
    except Exception as error:
        step = (
            "check that the folder holds a sentence-transformers model"
            if _local(model)
            else "check the name and the network, or give the folder of a downloaded model"
        )
        raise ReplyKitError(f"cannot load {model}: {one_line(error)}: {step}") from error


def _load(model: str) -> tuple[Any, Path]:
    from sentence_transformers import SentenceTransformer

    local = _local(model)
    st = SentenceTransformer(str(local or model), device="cpu").float().eval()
    if local:
        return st, local
    from huggingface_hub import snapshot_download

    # sentence-transformers looks for bare names at its own place of the hub.
    for name in (model, f"sentence-transformers/{model}"):
        try:
            cache = os.environ.get("SENTENCE_TRANSFORMERS_HOME")
            return st, Path(snapshot_download(name, cache_dir=cache, local_files_only=True))
        except Exception as error:  # its errors are of many kinds, and all say: not there
            missing = error
    raise missing


def _export_parts(
    st: Any,
    name: str,
    source: Path,
    folder: Path,
    precision: Precision,
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Write graph and tokenizer; what meta.json has to say of them."""
    static = type(st[0]).__name__ == "StaticEmbedding"
    tokenizer = st.tokenizer
    backend = tokenizer if static else getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ReplyKitError(
            f"cannot export {name}: its tokenizer has no fast form: use another model"
        )
    backend.save(str(folder / "tokenizer.json"))
    longest = st.max_seq_length or math.inf
    max_length = int(min(longest, MAX_TOKENS))
    if not static:
        st.max_seq_length = max_length  # so that the comparison truncates alike

    poolings = [module for module in st if type(module).__name__ == "Pooling"]
    prompts = prompts_of(st.prompts)
    inputs = ["input_ids", "attention_mask"]
    if not static and "token_type_ids" in st.preprocess(["a"]):
        inputs.append("token_type_ids")
    if any(prompts.values()) and not all(module.include_prompt for module in poolings):
        inputs.append("pooling_mask")
    if precision == "fp32":
        _export_graph(st, inputs, folder / "model.onnx")
    else:
        full = folder / "fp32"
        full.mkdir()
        _export_graph(st, inputs, full / "model.onnx")
        progress("quantising")
        _quantise(full / "model.onnx", folder / "model.onnx")
        shutil.rmtree(full)
    return {
        "format": FORMAT,
        "name": name,
        "weights_sha256": _weights_sha256(source),
        "tokenizer_sha256": _sha256(folder / "tokenizer.json"),
        "dim": len(st.encode("a")),
        "pooling": "+".join(str(module.pooling_mode) for module in poolings) or "none",
        "prompts": prompts,
        "max_length": max_length,
        "precision": precision,
        "special_tokens": not static,
        "pad_id": 0 if static else tokenizer.pad_token_id or 0,
    }


def prompts_of(configured: dict[str, str | None]) -> dict[str, str]:
    # sentence-transformers 6 fills a missing "document" with "", which hides "passage": take the
    # first that says something.
    passage = (configured.get(name) for name in ("document", "passage", "corpus"))
    return {
        "query": configured.get("query") or "",
        "passage": next((prompt for prompt in passage if prompt), ""),
    }


def _export_graph(st: Any, inputs: list[str], file: Path) -> None:
    import torch
    from torch.nn.functional import normalize

    class Graph(torch.nn.Module):  # type: ignore[misc]
        """All modules of the model, from token ids to the normalised vector."""

        def __init__(self) -> None:
            super().__init__()
            self.modules_in_order = torch.nn.ModuleList(st)

        def forward(self, *tensors: Any) -> Any:
            features = dict(zip(inputs, tensors, strict=True))
            pooling_mask = features.pop("pooling_mask", None)
            first, *others = self.modules_in_order
            if type(first).__name__ == "StaticEmbedding":
                mask = features["attention_mask"].unsqueeze(-1).float()
                rows = torch.nn.functional.embedding(features["input_ids"], first.embedding.weight)
                features["sentence_embedding"] = (rows * mask).sum(1) / mask.sum(1)
            else:
                features = first(features)
            if pooling_mask is not None:
                features["attention_mask"] = pooling_mask
            for module in others:
                features = module(features)
            return normalize(features["sentence_embedding"], dim=-1)

    # Sizes other than one: a dimension of one would be taken for fixed.
    example = tuple(torch.ones((2, 7), dtype=torch.int64) for _ in inputs)
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    with torch.no_grad():
        torch.onnx.export(
            Graph().eval(),
            example,
            str(file),
            input_names=inputs,
            output_names=["sentence_embedding"],
            dynamic_shapes=(tuple({0: batch, 1: length} for _ in inputs),),
            dynamo=True,
            verbose=False,
        )


def _quantise(full: Path, into: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        full,
        into,
        per_channel=True,
        # Seven bits: eight overflow in the sums of CPUs without VNNI, and gain next to nothing.
        reduce_range=True,
        weight_type=QuantType.QInt8,
        use_external_data_format=True,  # one file holds two gigabytes at most
    )


def _agreement(st: Any, encoder: OnnxEncoder, prompts: dict[str, str]) -> float:
    """The least cosine between the model's vectors and the export's."""
    cosines = []
    for side in ("query", "passage"):
        # One by one, since without padding the model's own vectors are beyond doubt.
        wanted = np.stack([st.encode(text, prompt=prompts[side]) for text in PROBES])
        wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
        cosines.append((wanted * encoder.encode(PROBES, side)).sum(axis=1))
    return float(np.min(cosines))


def _weights_sha256(folder: Path) -> str:
    """The digest of the weights' file as the hub shows it; of several files, that of the list."""
    safe = [path for path in folder.rglob("*.safetensors") if _loaded(path, folder)]
    safe_folders = {path.parent for path in safe}
    old = [path for path in folder.rglob("*.bin") if _loaded(path, folder)]
    files = sorted(safe + [path for path in old if path.parent not in safe_folders])
    if not files:
        raise ValueError("the model has no weights")
    if len(files) == 1:
        return _sha256(files[0])
    lines = [f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _loaded(path: Path, folder: Path) -> bool:
    """Whether sentence-transformers reads this file, and not another runtime's copy."""
    parents = path.relative_to(folder).parts[:-1]
    return not any(name in {"onnx", "openvino"} or name.startswith(".") for name in parents)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _publish(temporary: Path, target: Path) -> None:
    """Give the finished folder its name; that of another process that was first is as good."""
    try:
        temporary.rename(target)
    except OSError:
        if read_meta(target):
            return
        # Half-written, or of files since lost: out of the way, and once more.
        target.rename(temporary / "broken")
        temporary.rename(target)
        shutil.rmtree(target / "broken", ignore_errors=True)


def _remove_abandoned(cache: Path) -> None:
    """Temporary folders that killed processes left; no export takes a day."""
    for path in cache.glob(".export-*"):
        with suppress(OSError):  # another process may be about to remove its own
            if path.stat().st_mtime < time.time() - DAY:
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the exporters' warnings from the user: what matters of them, the comparison finds."""
    from transformers.utils import logging as transformers_logging

    disabled, bars = logging.root.manager.disable, transformers_logging.is_progress_bar_enabled()
    logging.disable(logging.WARNING)
    transformers_logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)
        if bars:
            transformers_logging.enable_progress_bar()
