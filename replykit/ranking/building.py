"""Turns a library into an index: records, vectors, postings and a learnt model."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.config import Settings
from replykit.encoder import Encoder
from replykit.errors import ReplyKitError
from replykit.library.files import LibraryFiles, read
from replykit.library.response import Response
from replykit.paths import write_folder
from replykit.ranking import large
from replykit.ranking.features import (
    Postings,
    character_counts,
    lemma_counts,
)
from replykit.ranking.scores import LEAST_EXAMPLES, stretch
from replykit.ranking.texts import Text, Texts
from replykit.ranking.texts import pieces as text_pieces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from replykit.ranking.neighbours import Local
    from replykit.ranking.training import Learnt

from replykit.ranking.embedding import Progress, Row, embed, known_vectors, text_key
from replykit.ranking.index import FORMAT, location
from replykit.ranking.shelf import KINDS, MACHINES

_DRAFT_AGE_SECONDS = 24 * 3600
_PREVIEW_CHARACTERS = 400


def build(
    settings: Settings, encoder: Encoder | None, progress: Progress = lambda done, total: None
) -> Path:
    """Builds the index of the library as it is now; returns its folder.

    Only texts that the last index of the same kind lacks are embedded. Raises ReplyKitError
    for the first fault of the library.
    """
    folder = location(settings, encoder.key if encoder else "none")
    if folder.is_dir():
        return folder
    library = read(settings.library_path, settings)
    _raise_first(library, settings)
    if not library.variants:
        raise ReplyKitError(f"{settings.library_path}: no responses; add one, as late.en.md")
    records, rows = _records(library)
    outside = _outside(library, settings)
    with write_folder(folder) as draft:
        known = known_vectors(folder.parent.parent, encoder) if encoder else {}
        _write(draft, records, rows, outside, known, encoder, progress)
    _prune(folder)
    return folder


def _records(library: LibraryFiles) -> tuple[list[dict[str, Any]], list[Row]]:
    """What is printed of each response, and the rows by which live ones are found."""
    from replykit.filling.template import Templates

    templates = Templates(library.folder)
    records: list[dict[str, Any]] = []
    rows: list[Row] = []
    for owner, (id, variants) in enumerate(sorted(library.variants.items())):
        shown: dict[str, Any] = {}
        for lang, response in sorted(variants.items()):
            outline = templates.outline(response)
            shown[lang] = _shown(response, templates.outline(response, defaults=True))
            if response.status != "live":
                continue
            rows += [Row(text, lang, "example", owner) for text in response.examples]
            rows.append(Row(response.title, lang, "title", owner))
            rows.append(Row(outline.replace("[[", "").replace("]]", ""), lang, "body", owner))
        records.append({"id": id, "variants": shown})
    return records, rows


def _outside(library: LibraryFiles, settings: Settings) -> list[Row]:
    """The messages that nothing answers, as rows that no response owns."""
    from replykit.understanding.language import detect

    return [
        Row(item.text, item.lang or detect(item.text, settings.languages, settings.language))
        for item in library.unanswered
    ]


def shorten(text: str, most: int) -> str:
    """The text, or its beginning up to a blank, with an ellipsis."""
    if len(text) <= most:
        return text
    return text[:most].rpartition(" ")[0].rstrip(" ,;:") + "…"


def _shown(response: Response, preview: str) -> dict[str, Any]:
    return {
        "title": response.title,
        "channels": response.channels,
        "status": response.status,
        "valid_from": response.valid_from and response.valid_from.isoformat(),
        "valid_until": response.valid_until and response.valid_until.isoformat(),
        "follow_up": response.follow_up,
        "preview": shorten(preview, _PREVIEW_CHARACTERS),
        "details": [
            {"name": item.name, "pattern": item.pattern, "required": item.required,
             "default": item.default}
            for item in response.details
        ],
    }  # fmt: skip


def _write(
    folder: Path,
    records: list[dict[str, Any]],
    rows: list[Row],
    outside: list[Row],
    known: dict[str, NDArray[np.float32]],
    encoder: Encoder | None,
    progress: Progress,
) -> None:
    import numpy as np

    def save(name: str, array: Any) -> None:
        np.save(folder / f"{name}.npy", array)

    examples = sum(row.kind == "example" for row in rows)
    is_large = large.is_large(len(rows), examples, len(records))
    every = [*rows, *outside]
    # A large library's rows are found together, what nothing answers among them.
    known_rows = every if is_large else rows
    save("owner", np.array([row.owner for row in known_rows], dtype=np.int32))
    save("kind", np.array([KINDS.index(row.kind) for row in known_rows], dtype=np.uint8))
    save("records", _write_lines(folder / "records.jsonl", records))
    save("texts", _write_lines(folder / "texts.jsonl", ([row.text] for row in known_rows)))
    texts = [] if is_large else _texts(rows, len(records))
    pieces = [
        Row(piece.matter, texts[piece.text].lang, "body" if piece.side == "passage" else "title")
        for piece in text_pieces(texts)
    ]
    vectors = None
    if encoder:
        vectors = embed([*every, *pieces], known, encoder, progress)
        save("hashes", np.array([text_key(row) for row in (*every, *pieces)]))
    if is_large:
        learnt = _rehearsed(folder, every, vectors, len(records))
    else:
        learnt = _taught(folder, rows, outside, texts, vectors, len(records))
    for part in MACHINES if learnt.model.machines else ():
        save(f"machines-{part}", getattr(learnt.model.machines, part))
    measured = learnt.measured
    parts = [measured.confidence, measured.right, measured.weight]
    save("measured", np.array(parts, dtype=np.float32))
    meta = {
        "format": FORMAT,
        "encoder": encoder.key if encoder else None,
        "ids": [record["id"] for record in records],
        "languages": sorted({row.lang for row in rows if row.kind == "example"}),
        "spread": learnt.model.spread,
        "example_lead": learnt.model.example_lead,
        "calibrations": {lang: asdict(item) for lang, item in learnt.calibrations.items()},
        "large": is_large,
        "unanswered": len(outside),
        "labelled": measured.labelled,
    }
    (folder / "meta.json").write_text(json.dumps(meta), "utf-8")


def _rehearsed(
    folder: Path, every: Sequence[Row], vectors: NDArray[np.float32] | None, count: int
) -> Learnt:
    """Writes the rows of a large library; what its own examples say of its confidence."""
    import numpy as np

    from replykit.ranking.rehearsal import rehearse

    texts = large.Rows([(row.matter, row.lang) for row in every])
    large.write(folder, texts, vectors)
    neighbours = large.open_rows(folder, len(every))
    assert neighbours is not None
    owner = np.array([row.owner for row in every])
    examples = np.array([row.kind == "example" and row.owner >= 0 for row in every], dtype=bool)

    def rank(row: int) -> Local:
        vector = None if vectors is None else vectors[row]
        return large.local(neighbours, owner, vector, texts.counts(row), without=[row])

    langs = [row.lang for row in every]
    return rehearse(rank, owner, langs, np.flatnonzero(examples), count)


def _taught(
    folder: Path,
    rows: Sequence[Row],
    outside: Sequence[Row],
    texts: Sequence[Text],
    vectors: NDArray[np.float32] | None,
    count: int,
) -> Learnt:
    """Writes the views of a library that one model is learnt for, and learns it."""
    import numpy as np

    every = [*rows, *outside]
    views = {
        "characters": Postings.build([character_counts(row.matter) for row in every]),
        "lemmas": Postings.build([lemma_counts(row.matter, row.lang) for row in every]),
    }
    for view, postings in views.items():
        for name, array in postings.arrays.items():
            np.save(folder / f"{view}-{name}.npy", array)
    if vectors is not None:
        np.save(folder / "vectors.npy", vectors)
    own = None
    if texts:
        own = Texts.build(texts, None if vectors is None else vectors[len(every) :], count)
        for name, array in own.arrays.items():
            np.save(folder / f"texts-{name}.npy", array)
    return _learn(rows, outside, views, vectors, own, count)


def _texts(rows: Sequence[Row], count: int) -> list[Text]:
    """The texts of all live variants where some response has too few examples to be learnt,
    else none: they would never be asked for."""
    examples = [0] * count
    for row in rows:
        examples[row.owner] += row.kind == "example"
    if all(examples[row.owner] >= LEAST_EXAMPLES for row in rows):
        return []
    titles = [row for row in rows if row.kind == "title"]
    bodies = [row for row in rows if row.kind == "body"]
    return [
        Text(title.text, body.text, body.lang, body.owner)
        for title, body in zip(titles, bodies, strict=True)
    ]


def _learn(
    rows: Sequence[Row],
    unanswered: Sequence[Row],
    views: dict[str, Postings],
    vectors: NDArray[np.float32] | None,
    texts: Texts | None,
    count: int,
) -> Learnt:
    """What these rows teach; in the views and among the vectors, the messages that nothing
    answers come after them."""
    import numpy as np

    from replykit.ranking.training import Outside, Rows, cosines, sample, train

    own = np.arange(len(rows))
    outside = sample(np.arange(len(rows), views["lemmas"].count))
    both = np.concatenate([own, outside])
    meaning = near = None
    if vectors is not None:
        meaning = vectors[own] @ vectors[own].T
        near = vectors[outside] @ vectors[both].T

    def by_words(these: NDArray[Any], others: NDArray[Any]) -> NDArray[Any]:
        characters, lemmas = views["characters"], views["lemmas"]
        return cosines(characters, these, others) + cosines(lemmas, these, others)

    def lengths(texts: Sequence[Row]) -> NDArray[np.float32]:
        found = [stretch(len(row.matter.split())) for row in texts]
        return np.array(found, dtype=np.float32)

    every = [*rows, *unanswered]

    def scored(number: int) -> NDArray[np.float32]:
        assert texts is not None
        row, place = every[number], number
        if number >= len(rows):
            place = int(outside[number - len(rows)])
            row = every[place]
        vector = None if vectors is None else vectors[place]
        counts = character_counts(row.matter), lemma_counts(row.matter, row.lang)
        return texts.score(vector, *counts)

    nothing = [unanswered[number - len(rows)] for number in outside]
    return train(
        Rows(
            owner=np.array([row.owner for row in rows]),
            lang=np.array([row.lang for row in rows]),
            example=np.array([row.kind == "example" for row in rows], dtype=bool),
            meaning=meaning,
            words=by_words(own, own),
            stretch=lengths(rows),
            count=count,
            outside=Outside(
                np.array([row.lang for row in nothing]),
                near,
                by_words(outside, both),
                lengths(nothing),
            ),
            texts=scored if texts else None,
        )
    )


def _write_lines(path: Path, values: Iterable[Any]) -> NDArray[np.int64]:
    """Writes a JSON line a value; returns the offsets (one more than there are values)."""
    import numpy as np

    offsets = [0]
    with path.open("wb") as file:
        for value in values:
            file.write(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            offsets.append(file.tell())
    return np.array(offsets, dtype=np.int64)


def _raise_first(library: LibraryFiles, settings: Settings) -> None:
    errors = [problem for problem in library.problems if problem.severity == "error"]
    if errors:
        more = len(errors) - 1
        rest = f" (and {more} more: replykit library check)" if more else ""
        first = errors[0]
        raise ReplyKitError(f"{settings.library}/{first.path}:{first.line}: {first.message}{rest}")


def _prune(folder: Path) -> None:
    """Removes older indexes of the same kind, and drafts that a killed process left."""
    for path in folder.parent.iterdir():
        old_draft = path.name.startswith(".")
        try:
            age = time.time() - path.stat().st_mtime
        except OSError:
            continue
        if path != folder and (not old_draft or age > _DRAFT_AGE_SECONDS):
            shutil.rmtree(path, ignore_errors=True)
