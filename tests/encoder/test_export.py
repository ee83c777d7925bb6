"""Exports are made once, whole or not at all, and failures say the next step in one line."""

import json
import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from replykit.encoder.export import export, find, model_folder
from replykit.encoder.onnx import OnnxEncoder, read_meta
from replykit.errors import ReplyKitError

Tiny = Callable[..., Path]


def quiet(_: str) -> None:
    pass


def test_an_export_is_made_once(tiny: Tiny, tmp_path: Path) -> None:
    said: list[str] = []
    model = str(tiny())
    assert find(model, tmp_path, "fp32") is None
    first = export(model, tmp_path, precision="fp32", progress=said.append)
    assert said
    said.clear()
    written = (first / "model.onnx").stat().st_mtime_ns
    assert export(tiny(), tmp_path, precision="fp32", progress=said.append) == first
    assert said == []
    assert (first / "model.onnx").stat().st_mtime_ns == written
    assert find(model, tmp_path, "fp32") == first == model_folder(model, tmp_path, "fp32")
    assert find(model, tmp_path, "int8") is None
    assert [path.name for path in tmp_path.iterdir()] == [first.name]


def test_a_changed_model_is_another_export(tiny: Tiny, tmp_path: Path) -> None:
    model = shutil.copytree(tiny(), tmp_path / "model")
    before = model_folder(str(model), tmp_path, "fp32")
    assert model_folder(str(model) + "/", tmp_path, "fp32") == before
    weights = model / "model.safetensors"
    os.utime(weights, ns=(0, weights.stat().st_mtime_ns + 1))
    assert model_folder(str(model), tmp_path, "fp32") != before


def test_names_of_folders_are_safe(tmp_path: Path) -> None:
    names = ["owner/name", "owner-name", "../../etc/passwd", "..", "ä" * 300, "\udcff", ""]
    folders = [model_folder(name, tmp_path, "int8") for name in names]
    assert len(set(folders)) == len(names)
    assert all(folder.parent == tmp_path and len(folder.name) < 100 for folder in folders)


@pytest.fixture(scope="module")
def exported(tiny: Tiny, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(tiny(), tmp_path_factory.mktemp("good"), precision="fp32", progress=quiet)


@pytest.mark.parametrize("damage", ["no meta", "cut meta", "cut weights", "lost file", "format"])
def test_a_half_written_export_is_ignored(
    tiny: Tiny, exported: Path, tmp_path: Path, damage: str
) -> None:
    folder = shutil.copytree(exported, tmp_path / exported.name)
    assert find(str(tiny()), tmp_path, "fp32") == folder
    meta = folder / "meta.json"
    text = meta.read_text(encoding="utf-8")
    if damage == "no meta":
        meta.unlink()
    elif damage == "cut meta":
        meta.write_text(text[:100], encoding="utf-8")
    elif damage == "cut weights":
        os.truncate(folder / "model.onnx", 1000)
    elif damage == "lost file":
        (folder / "tokenizer.json").unlink()
    else:
        meta.write_text(json.dumps({**json.loads(text), "format": 0}), encoding="utf-8")
    assert find(str(tiny()), tmp_path, "fp32") is None
    with pytest.raises(ReplyKitError, match="export it again"):
        OnnxEncoder(folder)


def test_a_half_written_export_is_replaced(tiny: Tiny, exported: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(exported, tmp_path / exported.name)
    (folder / "meta.json").unlink()
    assert export(tiny(), tmp_path, precision="fp32", progress=quiet) == folder
    assert read_meta(folder) is not None
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]
    assert not (folder / "broken").exists()
    assert OnnxEncoder(folder).encode(["a"]).shape == (1, 32)


def test_an_interrupted_export_leaves_nothing(tiny: Tiny, tmp_path: Path) -> None:
    def stop(message: str) -> None:
        if message.startswith("comparing"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(tiny(), tmp_path, precision="fp32", progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_after_a_day(tiny: Tiny, tmp_path: Path) -> None:
    old, new = tmp_path / ".export-old", tmp_path / ".export-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "model.onnx").write_bytes(b"half")
    os.utime(old, (0, 0))
    export(tiny(), tmp_path, precision="fp32", progress=quiet)
    assert (old.exists(), new.exists()) == (False, True)


def _export_at_the_barrier(model: str, cache: Path, barrier: object, queue: object) -> None:
    def progress(message: str) -> None:
        # Both have done all the work when either gives its folder the name.
        if message.startswith("comparing"):
            barrier.wait(120)  # type: ignore[attr-defined]

    folder = export(model, cache, precision="fp32", progress=progress)
    shape = OnnxEncoder(folder).encode(["a", "b c"]).shape
    queue.put((str(folder), shape))  # type: ignore[attr-defined]


def test_two_processes_export_at_once(tiny: Tiny, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier, queue = context.Barrier(2), context.Queue()
    work = (str(tiny()), tmp_path, barrier, queue)
    processes = [context.Process(target=_export_at_the_barrier, args=work) for _ in range(2)]
    for process in processes:
        process.start()
    results = [queue.get(timeout=240) for _ in processes]
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    folder = model_folder(str(tiny()), tmp_path, "fp32")
    assert results == [(str(folder), (2, 32))] * 2
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


def test_a_name_in_the_hub_cache(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The layout of a downloaded model; SENTENCE_TRANSFORMERS_HOME is read at each load.
    hub = tmp_path / "hub"
    repository = hub / "models--owner--tiny"
    revision = "0123456789abcdef0123456789abcdef01234567"
    shutil.copytree(tiny("prompts"), repository / "snapshots" / revision)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(revision)
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(hub))
    folder = export("owner/tiny", tmp_path / "cache", precision="fp32", progress=quiet)
    meta = read_meta(folder)
    assert meta is not None
    assert (meta.name, meta.prompts["passage"]) == ("owner/tiny", "passage: ")
    assert find("owner/tiny", tmp_path / "cache", "fp32") == folder


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("nobody/no-such-model", "cannot load nobody/no-such-model"),
        ("no such name", "neither a folder nor a hub name"),
        ("/no/such/folder", "neither a folder nor a hub name"),
        ("", "neither a folder nor a hub name"),
    ],
)
def test_a_model_that_is_not_there(tmp_path: Path, model: str, said: str) -> None:
    with pytest.raises(ReplyKitError, match=said) as caught:
        export(model, tmp_path / "cache", precision="fp32", progress=quiet)
    assert "\n" not in str(caught.value)
    assert model in str(caught.value)
    assert ": give" in str(caught.value) or "check the name" in str(caught.value)


@pytest.mark.parametrize("content", [{}, {"config.json": "{"}, {"modules.json": "[]"}])
def test_a_folder_that_is_no_model(tmp_path: Path, content: dict[str, str]) -> None:
    folder = tmp_path / "letters"
    folder.mkdir()
    for name, text in content.items():
        (folder / name).write_text(text)
    with pytest.raises(ReplyKitError) as caught:
        export(folder, tmp_path / "cache", precision="fp32", progress=quiet)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)
    cache = tmp_path / "cache"
    assert not cache.exists() or not list(cache.iterdir())


@pytest.mark.parametrize("missing", ["sentence_transformers", "torch", "onnx", "onnxscript"])
def test_a_missing_extra(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(
        sys.modules, missing, None
    )  # what an import finds where it is not installed
    with pytest.raises(ReplyKitError) as caught:
        export(tiny(), tmp_path, precision="fp32", progress=quiet)
    assert missing in str(caught.value)
    assert str(caught.value).endswith("pip install 'replykit[models]'")
    assert "\n" not in str(caught.value)


def test_a_cache_that_cannot_be_written(tiny: Tiny, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReplyKitError, match="choose a folder that can be written"):
        export(tiny(), tmp_path / "file" / "cache", precision="fp32", progress=quiet)
