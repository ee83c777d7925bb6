"""Measures suggestions on labelled cases: right reply first, among three, or rightly withheld."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.ranking.automation import Promise
from replykit.reading.record import from_record
from replykit.suggest import Suggestions


@dataclass(frozen=True)
class Case:
    """A message with the ids of the replies that fit it; none where nothing answers it."""

    id: str
    message: Message
    fits: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Shares of the cases. `hit_1`, `hit_3` and `kept` (answered at all) are of those that a
    reply fits, `rejected` of those that nothing fits; None where there are none of the kind.

    `coverage` is, by precision, the largest share of all cases by falling confidence of which at
    least so many are right; `auto` what the library promises for these precisions.
    """

    answerable: int
    unanswerable: int
    hit_1: float | None
    hit_3: float | None
    kept: float | None
    rejected: float | None
    coverage: dict[str, float] = field(default_factory=dict)
    auto: dict[str, Auto] = field(default_factory=dict)


@dataclass(frozen=True)
class Auto:
    """What `--auto` gives on the cases: the confidence from which the library promises its
    precision (None where it does not), the share of all cases that lie there, and how many of
    these are right (None where none lie there). Details that are missing do not count here."""

    threshold: float | None
    share: float
    precision: float | None


def read_cases(path: Path) -> list[Case]:
    """Cases of a JSON Lines file. Raises ReplyKitError with file and line."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8; save the file as UTF-8"
        raise ReplyKitError(f"{path}: cannot be read ({reason})") from None
    return [
        _case(line, f"{path}:{number}")
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    ]


def _case(line: str, place: str) -> Case:
    try:
        record: Any = json.loads(line)
    except ValueError as error:
        raise ReplyKitError(f"{place}: not valid JSON: {error}") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ReplyKitError(f'{place}: expected an object with "text" and "fits"')
    fits = record.get("fits")
    if not isinstance(fits, list) or not all(isinstance(id, str) for id in fits):
        raise ReplyKitError(f'{place}: "fits" must be a list of ids, empty where none fits')
    return Case(str(record.get("id", place)), from_record(record), tuple(fits))


def check_ids(cases: Sequence[Case], known: Sequence[str], path: Path) -> None:
    """Raises ReplyKitError where a case names a response that the library lacks."""
    for case in cases:
        for id in case.fits:
            if id not in known:
                raise ReplyKitError(f"{path}: case {case.id}: no response {id!r} in the library")


def score(
    cases: Sequence[Case], results: Sequence[Suggestions], promises: Sequence[Promise] = ()
) -> Score:
    """Compares results with cases, pair by pair."""
    first, third, kept, rejected = [], [], [], []
    for case, result in zip(cases, results, strict=True):
        ids = [item.id for item in result.items]
        silent = result.decision in ("no_match", "skip")
        if case.fits:
            first.append(bool(ids) and ids[0] in case.fits)
            third.append(not set(ids[:3]).isdisjoint(case.fits))
            kept.append(not silent)
        else:
            rejected.append(silent)
    sure = [_sure(case, result) for case, result in zip(cases, results, strict=True)]
    return Score(
        len(first), len(rejected), _share(first), _share(third), _share(kept), _share(rejected),
        {f"{item.precision:g}": coverage(sure, item.precision) for item in promises},
        {f"{item.precision:g}": _auto(sure, results, item) for item in promises},
    )  # fmt: skip


def _sure(case: Case, result: Suggestions) -> tuple[float, bool]:
    """How sure the first suggestion is, 0 where there is none, and whether it fits."""
    if not result.items:
        return 0.0, False
    return result.items[0].confidence, result.items[0].id in case.fits


def coverage(sure: Sequence[tuple[float, bool]], precision: float) -> float:
    """The largest share of all, by falling confidence, of which at least `precision` are right.

    Equal confidences are never parted, for no threshold could.
    """
    ordered = sorted(sure, reverse=True)
    best = right = 0
    for place, (confidence, fits) in enumerate(ordered, 1):
        right += fits
        is_end = place == len(ordered) or ordered[place][0] < confidence
        if is_end and right >= precision * place:
            best = place
    return round(best / len(ordered), 4) if ordered else 0.0


def _auto(
    sure: Sequence[tuple[float, bool]], results: Sequence[Suggestions], promise: Promise
) -> Auto:
    reached = [
        fits
        for (confidence, fits), result in zip(sure, results, strict=True)
        if promise.holds(confidence) and result.decision in ("suggest", "ask_details")
    ]
    share = round(len(reached) / len(sure), 4) if sure else 0.0
    return Auto(promise.threshold, share, _share(reached))


def misses(cases: Sequence[Case], results: Sequence[Suggestions]) -> Iterator[dict[str, Any]]:
    """Cases whose first suggestion does not fit, for a trainer to read."""
    for case, result in zip(cases, results, strict=True):
        ids = [item.id for item in result.items]
        if case.fits and ids[:1] != [id for id in ids[:1] if id in case.fits]:
            yield {"id": case.id, "fits": list(case.fits), "suggested": ids}


def _share(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
