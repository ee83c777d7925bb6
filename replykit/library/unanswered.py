"""Reads `_none.jsonl`: messages of a library's trainers that none of its replies answers."""

from __future__ import annotations

import json
from dataclasses import dataclass

from replykit.errors import ReplyKitError
from replykit.reading.record import from_record

FILE_NAME = "_none.jsonl"


@dataclass(frozen=True)
class Unanswered:
    """A message that nothing answers; `lang` is empty where the line does not name it."""

    text: str
    lang: str
    line: int


def parse(text: str) -> tuple[list[Unanswered], list[tuple[int, str]]]:
    """The messages of a file's text, and the faults of its lines."""
    found: list[Unanswered] = []
    faults: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(_message(line, number))
        except ReplyKitError as fault:
            faults.append((number, str(fault)))
    return found, faults


def _message(line: str, number: int) -> Unanswered:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReplyKitError(f"not valid JSON: {error}") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ReplyKitError('expected an object with "text", as {"text": "Do you sell boats?"}')
    if not isinstance(record.get("lang", ""), str):
        raise ReplyKitError('"lang" must be a language, as "en"')
    if record.get("fits"):
        raise ReplyKitError('"fits" names a reply, but nothing answers what stands in this file')
    message = from_record(record)
    if not message.matter.strip():
        raise ReplyKitError('"text" is empty')
    return Unanswered(" ".join(message.matter.split()), message.lang, number)
