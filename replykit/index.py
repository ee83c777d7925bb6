"""Opens a library's index, as `suggest` reads it; one that is stale is built first."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit import large
from replykit.automation import Measured, Promise, promise
from replykit.confidence import Calibration
from replykit.config import Settings
from replykit.encoder import Encoder
from replykit.errors import ReplyKitError
from replykit.features import (
    Postings,
    lemmatizer_key,
)
from replykit.library import signature
from replykit.paths import cache_folder
from replykit.ranking import Model
from replykit.texts import Texts
from replykit.votes import Machines

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


FORMAT = "21"
MACHINES = ("rows", "starts", "responses", "dual", "constant")
KINDS = ("example", "title", "body")


class BuildFailed(ReplyKitError):
    """The child that builds an index failed, and has already said why on stderr."""


class Index:
    """A built index, mapped into memory: rows, their owners, and the responses' records.

    `owner` (n,) is the number of a row's response; `kind` (n,) indexes KINDS; `vectors`
    (n + m, dim) is None where no model is installed. `vectors`, `characters` and `lemmas` hold
    the m messages that nothing answers after the library's n rows.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
        self.ids: list[str] = self.meta["ids"]
        self.owner = self._load("owner")
        self.kind = self._load("kind")
        count = len(self.owner) + self.meta["unanswered"] * (not self.meta["large"])
        self.vectors: NDArray[np.float32] | None = None
        if (folder / "vectors.npy").exists():
            self.vectors = self._load("vectors")[:count]
        self.neighbours = large.open_rows(folder, count)
        self._records = _Lines(folder / "records.jsonl", self._load("records"))
        self._texts = _Lines(folder / "texts.jsonl", self._load("texts"))
        if self.neighbours is None:
            self.characters = self._postings("characters", count)
            self.lemmas = self._postings("lemmas", count)
        self.texts = self._texts_of_responses()
        self.languages: tuple[str, ...] = tuple(self.meta["languages"])
        self.model = Model(
            spread=self.meta["spread"],
            machines=self._machines(),
            has_meaning=self.vectors is not None,
            example_lead=self.meta["example_lead"],
        )

    def _texts_of_responses(self) -> Texts | None:
        """What responses are found by whose examples are too few, None where there are none."""
        if not (self.folder / "texts-owner.npy").exists():
            return None
        present = [name for name in Texts.names if (self.folder / f"texts-{name}.npy").exists()]
        return Texts({name: self._load(f"texts-{name}") for name in present}, len(self.ids))

    def calibration(self, lang: str) -> Calibration:
        """How sure a ranking is, for messages in a language."""
        known = self.meta["calibrations"]
        if lang in known:
            return Calibration(**known[lang])
        return Calibration(**known[""]).abroad() if self.languages else Calibration(**known[""])

    def _machines(self) -> Machines | None:
        if not (self.folder / "machines-dual.npy").exists():
            return None
        return Machines(**{part: self._load(f"machines-{part}") for part in MACHINES})

    def promise(self, precision: float) -> Promise:
        """From which confidence on the library promises a precision.

        It is measured on the library's own messages, each ranked without itself.
        """
        confidence, right, weight = self._load("measured").astype(float)
        measured = Measured(confidence.round(4), right, weight, self.meta["labelled"])
        return promise(measured, precision)

    def record(self, number: int) -> dict[str, Any]:
        """What is printed of a response: `{"id", "variants": {lang: {...}}}`."""
        return dict(self._records[number])

    def text(self, row: int) -> str:
        return str(self._texts[row][0])

    def _load(self, name: str) -> NDArray[Any]:
        import numpy as np

        # A plain array over the mapped file: a memmap makes each slice ten times as slow.
        return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"))

    def _postings(self, view: str, count: int) -> Postings:
        return Postings({name: self._load(f"{view}-{name}") for name in Postings.names}, count)


class _Lines:
    """JSON lines by number, each read only when wanted."""

    def __init__(self, path: Path, offsets: NDArray[Any]) -> None:
        self._path = path
        self._offsets = offsets

    def __getitem__(self, number: int) -> Any:
        start, end = int(self._offsets[number]), int(self._offsets[number + 1])
        with self._path.open("rb") as file:
            file.seek(start)
            return json.loads(file.read(end - start))


def location(settings: Settings, encoder_key: str) -> Path:
    """Where the index of this library, as it is now, with this encoder, belongs."""
    library = settings.library_path.resolve()
    made_of = [
        encoder_key,
        lemmatizer_key(),
        large.key(),
        FORMAT,
        settings.language,
        *settings.languages,
    ]
    place = hashlib.sha256(str(library).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    method = hashlib.sha256("\0".join(made_of).encode()).hexdigest()[:12]
    return cache_folder() / "index" / place / method / signature(library)


def open_index(settings: Settings, encoder: Encoder | None) -> Index:
    """The library's index; a stale or missing one is built first, by a child process.

    Raises ReplyKitError where there is no library, BuildFailed where it has faults.
    """
    for _ in range(3):
        folder = location(settings, encoder.key if encoder else "none")
        if not folder.is_dir():
            _build_in_child(settings, with_model=encoder is not None)
            continue
        try:
            return Index(folder)
        except FileNotFoundError:  # another process put a newer one in its place
            continue
    raise ReplyKitError(f"{settings.library}: the library keeps changing while it is indexed")


def _build_in_child(settings: Settings, with_model: bool) -> None:
    """Builds in another process, so that the imports of building never burden this one."""
    command = [sys.executable, "-m", "replykit", "index"]
    whole = replace(
        settings, library=str(settings.library_path.resolve()), model=settings.model_source
    )
    for name in ("library", "language", "languages", "model", "precision"):
        value = getattr(whole, name)
        text = ",".join(value) if isinstance(value, tuple) else value
        command.append(f"--{name}={text}")
    if not with_model:
        command.append("--no-model")
    environment = {name: value for name, value in os.environ.items() if "OPENBLAS" not in name}
    result = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env=environment,
        check=False,
    )
    if result.returncode:
        raise BuildFailed("the index could not be built")
