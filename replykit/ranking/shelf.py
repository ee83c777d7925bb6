"""What every built index holds beside its rows: records, texts, and how sure a ranking is."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.ranking.confidence import Calibration

if TYPE_CHECKING:
    from replykit.ranking.explain import Explanation
    from replykit.ranking.scores import Query, Ranking

KINDS = ("example", "title", "body")
MACHINES = ("rows", "starts", "responses", "dual", "constant")


class Shelf(ABC):
    """An index as it is suggested from: `owner` (n,) is the number of a row's response, `kind`
    (n,) indexes KINDS."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
        self.ids: list[str] = self.meta["ids"]
        self.languages: tuple[str, ...] = tuple(self.meta["languages"])
        self.owner = self._load("owner")
        self.kind = self._load("kind")
        self._records = _Lines(folder / "records.jsonl", self._load("records"))
        self._texts = _Lines(folder / "texts.jsonl", self._load("texts"))

    @abstractmethod
    def rank(self, query: Query) -> Ranking:
        """All responses for a query."""

    @abstractmethod
    def explain(
        self, query: Query, ranking: Ranking, eligible: Sequence[int]
    ) -> Explanation | None:
        """Why a ranking is as it is, where that can be told."""

    @abstractmethod
    def _load(self, name: str) -> Any:
        """An array of the index."""

    def calibration(self, lang: str) -> Calibration:
        """How sure a ranking is, for messages in a language."""
        known = self.meta["calibrations"]
        if lang in known:
            return Calibration(**known[lang])
        return Calibration(**known[""]).abroad() if self.languages else Calibration(**known[""])

    def record(self, number: int) -> dict[str, Any]:
        """What is printed of a response: `{"id", "variants": {lang: {...}}}`."""
        return dict(self._records[number])

    def text(self, row: int) -> str:
        return str(self._texts[row][0])


class _Lines:
    """JSON lines by number, each read only when wanted."""

    def __init__(self, path: Path, offsets: Any) -> None:
        self._path = path
        self._offsets = offsets

    def __getitem__(self, number: int) -> Any:
        start, end = int(self._offsets[number]), int(self._offsets[number + 1])
        with self._path.open("rb") as file:
            file.seek(start)
            return json.loads(file.read(end - start))
