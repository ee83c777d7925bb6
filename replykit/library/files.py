"""Reads a response library: its files, what they agree on, and what is wrong across them."""

from __future__ import annotations

import difflib
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from replykit.config import Settings
from replykit.errors import ReplyKitError
from replykit.library.front_matter import parse
from replykit.library.response import Problem, Response
from replykit.library.unanswered import FILE_NAME as NONE_FILE
from replykit.library.unanswered import Unanswered
from replykit.library.unanswered import parse as parse_unanswered


@dataclass(frozen=True)
class LibraryFiles:
    """All that was read: variants by id and language, what is wrong with the files, and messages
    that nothing answers."""

    folder: Path
    variants: Mapping[str, Mapping[str, Response]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()

    def __iter__(self) -> Iterator[Response]:
        for variants in self.variants.values():
            yield from variants.values()


def files(folder: Path) -> list[str]:
    """Paths of all files that the library's meaning depends on, relative, sorted.

    Raises ReplyKitError where there is no such folder.
    """
    if not folder.is_dir():
        raise ReplyKitError(
            f"{folder}: no response library here; give --library DIR, "
            "or set library in replykit.toml"
        )
    found: list[str] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        prefix = os.path.relpath(parent, folder)
        found += [
            name if prefix == "." else f"{prefix}/{name}".replace(os.sep, "/")
            for name in names
            if not name.startswith(".")
        ]
    return sorted(found)


def signature(folder: Path) -> str:
    """A cheap fingerprint of the files' names, sizes and times: equal means unchanged."""
    digest = hashlib.sha256()
    for path in files(folder):
        try:
            status = os.stat(folder / path)
        except OSError:
            continue
        digest.update(
            f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode("utf-8", "replace")
        )
    return digest.hexdigest()[:32]


def is_response(path: str) -> bool:
    """Whether a path of the library is a response (not `_…`, not a README)."""
    parts = path.split("/")
    return (
        path.endswith(".md")
        and parts[-1] != "README.md"
        and not any(part.startswith("_") for part in parts)
    )


def split_name(path: str, settings: Settings) -> tuple[str, str]:
    """The id and the language of a response's path."""
    stem = path.removesuffix(".md")
    rest, dot, tag = stem.rpartition(".")
    if dot and tag in settings.languages and not rest.endswith("/") and rest:
        return rest, tag
    return stem, settings.language


def read(folder: Path, settings: Settings) -> LibraryFiles:
    """Reads the whole library; faults are collected, not raised."""
    paths = list(filter(is_response, files(folder)))
    library = _read_paths(folder, paths, settings)
    across = _across(library.variants, {split_name(path, settings)[0] for path in paths})
    unanswered, faults = _read_unanswered(folder, library)
    problems = sorted([*library.problems, *across, *faults])
    return LibraryFiles(folder, library.variants, tuple(problems), tuple(unanswered))


def read_one(settings: Settings, id: str) -> LibraryFiles:
    """Reads the variants of one id alone, for reading a whole library takes long.

    All ids are there as keys, so that a wrong one can be compared with them. Raises
    ReplyKitError for the first fault.
    """
    folder = settings.library_path
    paths = list(filter(is_response, files(folder)))
    wanted = [path for path in paths if split_name(path, settings)[0] == id]
    library = _read_paths(folder, wanted, settings)
    for problem in library.problems:
        raise ReplyKitError(f"{settings.library}/{problem}")
    others: dict[str, Mapping[str, Response]] = {
        split_name(path, settings)[0]: {} for path in paths
    }
    return LibraryFiles(folder, others | dict(library.variants))


def _read_paths(folder: Path, paths: Iterable[str], settings: Settings) -> LibraryFiles:
    variants: dict[str, dict[str, Response]] = {}
    problems: list[Problem] = []
    for path in paths:
        id, lang = split_name(path, settings)
        text, fault = _text_of(folder / path)
        if fault:
            problems.append(Problem(path, *fault))
            continue
        response, found = parse(text, path, id, lang)
        problems += found
        if response is None:
            continue
        other = variants.setdefault(id, {}).get(lang)
        if other:
            problems.append(
                Problem(path, 1, f"the same id and language ({id}, {lang}) as {other.path}")
            )
            continue
        variants[id][lang] = response
    return LibraryFiles(
        folder, {id: found for id, found in variants.items() if found}, tuple(problems)
    )


def _read_unanswered(folder: Path, library: LibraryFiles) -> tuple[list[Unanswered], list[Problem]]:
    """The messages that nothing answers; one that is a live reply's example too is named."""
    text, fault = _text_of(folder / NONE_FILE) if (folder / NONE_FILE).exists() else ("", None)
    if fault:
        return [], [Problem(NONE_FILE, *fault)]
    found, faults = parse_unanswered(text)
    problems = [Problem(NONE_FILE, line, message) for line, message in faults]
    live = [response for response in library if response.status == "live"]
    owners = {text.casefold(): item.path for item in live for text in item.examples}
    for item in found:
        if path := owners.get(item.text.casefold()):
            text = f"stands among the examples of {path} too; remove one of them"
            problems.append(Problem(NONE_FILE, item.line, text, "warning"))
    return found, problems


def _text_of(path: Path) -> tuple[str, tuple[int, str] | None]:
    """A file's text, or the line and the reason why there is none."""
    try:
        return path.read_bytes().decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return "", (line, "not UTF-8; save the file as UTF-8")
    except OSError as error:
        return "", (1, f"cannot be read ({error.strerror})")


def _across(
    variants: Mapping[str, Mapping[str, Response]], ids: Iterable[str]
) -> Iterable[Problem]:
    """Faults that only the library as a whole shows: unknown ids, variants that disagree.

    `ids` are those of all files: a broken one is there, its own fault is enough.
    """
    ids = sorted(ids)
    for found in variants.values():
        first = next(iter(found.values()))
        for response in found.values():
            line = response.line("follow_up")
            for id in response.follow_up:
                if id not in ids:
                    near = difflib.get_close_matches(id, ids, 1)
                    hint = f"; did you mean {near[0]}?" if near else ""
                    yield Problem(response.path, line, f"follow_up: no response {id!r}{hint}")
            if _agreed(response) != _agreed(first):
                yield Problem(
                    response.path,
                    response.line("details"),
                    f"details differ from those of {first.path} (names, patterns, required)",
                )
            if response.follow_up != first.follow_up:
                yield Problem(response.path, line, f"follow_up differs from that of {first.path}")


def _agreed(response: Response) -> list[tuple[str, str, bool]]:
    return sorted((item.name, item.pattern, item.required) for item in response.details)
