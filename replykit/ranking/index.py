"""Opens a library's index, as `suggest` reads it; one that is stale is built first."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from replykit.config import Settings
from replykit.encoder import Encoder
from replykit.errors import ReplyKitError
from replykit.library.files import signature
from replykit.paths import cache_folder
from replykit.ranking.features import (
    Postings,
    lemmatizer_key,
)
from replykit.ranking.scores import Model, Query, Ranking, rank
from replykit.ranking.shelf import MACHINES, Shelf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from replykit.ranking.automation import Promise
    from replykit.ranking.explain import Explanation
    from replykit.ranking.texts import Texts
    from replykit.ranking.votes import Machines

Opened = TypeVar("Opened", bound=Shelf)

FORMAT = "23"
_SHORT = 500  # characters; a longer message is ranked sooner by numpy, its import included


class BuildFailed(ReplyKitError):
    """The child that builds an index failed, and has already said why on stderr."""


class Index(Shelf):
    """A built index, mapped into memory: rows, their owners, and the responses' records.

    `vectors` (n + m, dim) is None where no model is installed. `vectors`, `characters` and
    `lemmas` hold the m messages that nothing answers after the library's n rows.
    """

    def __init__(self, folder: Path) -> None:
        from replykit.ranking import large

        super().__init__(folder)
        count = len(self.owner) + self.meta["unanswered"] * (not self.meta["large"])
        self.vectors: NDArray[np.float32] | None = None
        if (folder / "vectors.npy").exists():
            self.vectors = self._load("vectors")[:count]
        self.neighbours = large.open_rows(folder, count)
        if self.neighbours is None:
            self.characters = self._postings("characters", count)
            self.lemmas = self._postings("lemmas", count)
        self.texts = self._texts_of_responses()
        self.model = Model(
            spread=self.meta["spread"],
            machines=self._machines(),
            has_meaning=self.vectors is not None,
            example_lead=self.meta["example_lead"],
        )

    def rank(self, query: Query) -> Ranking:
        """All responses for a query."""
        return rank(self, query)

    def explain(self, query: Query, ranking: Ranking, eligible: Sequence[int]) -> Explanation:
        """Takes a ranking apart; `eligible` are the numbers of the responses that may be named."""
        from replykit.ranking.explain import explain

        return explain(self, query, ranking, eligible)

    def _texts_of_responses(self) -> Texts | None:
        """What responses are found by whose examples are too few, None where there are none."""
        if not (self.folder / "texts-owner.npy").exists():
            return None
        from replykit.ranking.texts import Texts

        present = [name for name in Texts.names if (self.folder / f"texts-{name}.npy").exists()]
        return Texts({name: self._load(f"texts-{name}") for name in present}, len(self.ids))

    def _machines(self) -> Machines | None:
        if not (self.folder / "machines-dual.npy").exists():
            return None
        from replykit.ranking.votes import Machines

        return Machines(**{part: self._load(f"machines-{part}") for part in MACHINES})

    def promise(self, precision: float) -> Promise:
        """From which confidence on the library promises a precision.

        It is measured on the library's own messages, each ranked without itself.
        """
        from replykit.ranking.automation import Measured, promise

        confidence, right, weight = self._load("measured").astype(float)
        measured = Measured(confidence.round(4), right, weight, self.meta["labelled"])
        return promise(measured, precision)

    def _load(self, name: str) -> NDArray[Any]:
        import numpy as np

        # A plain array over the mapped file: a memmap makes each slice ten times as slow.
        return np.asarray(np.load(self.folder / f"{name}.npy", mmap_mode="r"))

    def _postings(self, view: str, count: int) -> Postings:
        return Postings({name: self._load(f"{view}-{name}") for name in Postings.names}, count)


def location(settings: Settings, encoder_key: str) -> Path:
    """Where the index of this library, as it is now, with this encoder, belongs."""
    from replykit.ranking import approximate

    library = settings.library_path.resolve()
    made_of = [
        encoder_key,
        lemmatizer_key(),
        "graph" if approximate.installed() else "scan",
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
    return _opened(settings, encoder, Index)


def open_words(settings: Settings) -> Shelf:
    """The library's index for one message, ranked by words alone and without numpy; that of a
    large library is opened whole."""
    from replykit.ranking.bywords import Words

    words = _opened(settings, None, Words)
    return open_index(settings, None) if words.meta["large"] else words


def one_by_one(settings: Settings, encoder: Encoder | None) -> Callable[[str], Shelf]:
    """Gives the index that each message, which comes as its text, is ranked by soonest.

    For the first, numpy's import would take longer than all else, unless it is long; a second one
    tells that there are many.
    """
    opened: list[Shelf] = []

    def index_for(text: str) -> Shelf:
        if not opened and encoder is None and len(text) <= _SHORT:
            opened.append(open_words(settings))
        elif not opened or not isinstance(opened[-1], Index):
            opened.append(open_index(settings, encoder))
        return opened[-1]

    return index_for


def _opened(
    settings: Settings, encoder: Encoder | None, opened: Callable[[Path], Opened]
) -> Opened:
    for _ in range(3):
        folder = location(settings, encoder.key if encoder else "none")
        if not folder.is_dir():
            _build_in_child(settings, with_model=encoder is not None)
            continue
        try:
            return opened(folder)
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
