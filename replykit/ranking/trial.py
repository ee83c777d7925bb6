"""An honest trial of an encoder: a library's own examples, held out, ranked, and compared.

A part of each reply's examples is kept out of a copy of the library, which is then indexed and
asked as any other; so the trial measures what `suggest` would do, whatever that learns itself.
"""

from __future__ import annotations

import math
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from replykit.config import Settings
from replykit.encoder import Encoder, Side
from replykit.library.files import LibraryFiles
from replykit.library.response import Response
from replykit.ranking.building import build
from replykit.ranking.features import without_numbers
from replykit.ranking.index import Index, location
from replykit.ranking.shelf import KINDS
from replykit.reading.record import from_record
from replykit.suggest import suggest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PARTS = 4  # a quarter of each reply's examples is held out at a time
LEAST_P = 0.1
_TOP = 3


@dataclass(frozen=True)
class Example:
    """One example of a live reply, and the part in which it is held out (None: never)."""

    id: str
    path: str
    lang: str
    text: str
    part: int | None

    @property
    def matter(self) -> str:
        """The text as it is compared with messages."""
        return without_numbers(self.text)


@dataclass(frozen=True)
class Comparison:
    """Held-out messages ranked before and after: how many got the right reply first and among
    three; `gained` and `lost` are first hits that only the one or the other had, and `p` the
    chance of so many gains by luck (one-sided exact McNemar test)."""

    messages: int
    before: tuple[int, int]
    after: tuple[int, int]
    gained: int
    lost: int
    p: float
    won: bool


def examples(library: LibraryFiles) -> list[Example]:
    """All examples of live replies; those of a reply with PARTS of them or more are dealt out to
    the parts evenly, equal texts together."""
    import numpy as np

    live = [response for response in library if response.status == "live"]
    found: list[Example] = []
    dealt = 0
    for id in sorted({response.id for response in live}):
        own = [item for item in live if item.id == id]
        texts = sorted({text.casefold() for item in own for text in item.examples})
        np.random.default_rng(0).shuffle(texts)
        part: dict[str, int] = {}
        if len(texts) >= PARTS:
            part = {text: (dealt + place) % PARTS for place, text in enumerate(texts)}
            dealt += len(texts)
        found += [
            Example(id, item.path, item.lang, text, part.get(text.casefold()))
            for item in sorted(own, key=lambda item: item.path)
            for text in item.examples
        ]
    return found


def places(
    settings: Settings,
    library: LibraryFiles,
    held: Sequence[Example],
    encoder: Encoder,
    now: datetime,
) -> list[int]:
    """The place of each held-out example's reply among the first three suggestions of a library
    without these examples; one more than that where it is not among them."""
    messages = [from_record({"text": item.text, "lang": item.lang}) for item in held]
    with _copy(library, {(item.path, item.text) for item in held}) as folder:
        copied = replace(settings, library=str(folder))
        try:
            index = Index(build(copied, encoder))
            results = suggest(index, encoder, messages, copied, now, top=_TOP)
        finally:
            place = location(copied, encoder.key).parent.parent
            shutil.rmtree(place, ignore_errors=True)
    found = []
    for item, result in zip(held, results, strict=True):
        ids = [suggestion.id for suggestion in result.items]
        found.append(ids.index(item.id) + 1 if item.id in ids else _TOP + 1)
    return found


@contextmanager
def _copy(library: LibraryFiles, without: set[tuple[str, str]]) -> Iterator[Path]:
    """A folder with the live replies, as ranking reads them, without some examples."""
    from replykit.filling.template import Templates

    templates = Templates(library.folder)
    with tempfile.TemporaryDirectory(prefix="replykit-trial-") as name:
        folder = Path(name)
        for response in library:
            if response.status != "live":
                continue
            kept = [text for text in response.examples if (response.path, text) not in without]
            path = folder / response.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_file(response, kept, templates.outline(response)), "utf-8")
        yield folder


def _file(response: Response, kept: list[str], outline: str) -> str:
    """A reply's file with all that ranking reads of it."""
    import yaml

    front = {"title": response.title, "examples": kept}
    header = yaml.safe_dump(front, default_style='"', allow_unicode=True, width=10**9)
    body = outline.replace("{% endraw", "").strip() or "-"
    return f"---\n{header}---\n{{% raw %}}{body}{{% endraw %}}\n"


def compare(before: Sequence[int], after: Sequence[int]) -> Comparison:
    """Compares the places of the same messages.

    Won is it where more first replies are right, by more than luck gives once in ten times, and
    where the right reply is not missing more often among three by more than that.
    """
    pairs = list(zip(before, after, strict=True))

    def changes(place: int) -> tuple[int, int]:
        gained = sum(new <= place < old for old, new in pairs)
        return gained, sum(old <= place < new for old, new in pairs)

    gained, lost = changes(1)
    p = luck(gained, lost)
    among = luck(*reversed(changes(_TOP)))
    return Comparison(
        len(pairs),
        (sum(old == 1 for old in before), sum(old <= _TOP for old in before)),
        (sum(new == 1 for new in after), sum(new <= _TOP for new in after)),
        gained,
        lost,
        round(p, 4),
        gained > lost and p < LEAST_P <= among,
    )


def luck(gained: int, lost: int) -> float:
    """The chance of so many gains or more among the changes, were both as likely."""
    changes = gained + lost
    chances: int = sum(math.comb(changes, n) for n in range(gained, changes + 1))
    return float(chances / 2**changes)


class Remembering:
    """An encoder that embeds each text once; a new key keeps its vectors from those of others."""

    def __init__(self, base: Encoder) -> None:
        self.base = base
        self.key: str = f"trial-{secrets.token_hex(8)}"
        self.dim: int = base.dim
        self._known: dict[tuple[str, Side], NDArray[np.float32]] = {}

    def recall(self, index: Index) -> None:
        """Takes over the vectors that an index of the same encoder holds."""
        if index.vectors is None:
            return
        for row, kind in enumerate(index.kind):
            side: Side = "passage" if KINDS[kind] == "body" else "query"
            self._known[without_numbers(index.text(row)), side] = index.vectors[row]

    def encode(self, texts: Sequence[str], side: Side = "query") -> NDArray[np.float32]:
        """As the encoder itself does it."""
        import numpy as np

        known = self._known
        new = sorted({text for text in texts if (text, side) not in known}, key=len)
        for start in range(0, len(new), 64):
            batch = new[start : start + 64]
            for text, vector in zip(batch, self.base.encode(batch, side), strict=True):
                known[text, side] = vector
        found = [known[text, side] for text in texts]
        return np.array(found, dtype=np.float32).reshape(len(texts), self.dim)
