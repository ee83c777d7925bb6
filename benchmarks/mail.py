"""What is left of a mail, and what is no customer's: ReplyKit beside its peers, as tables.

    python benchmarks/mail.py --data DIR [--failed] [--only replies|machine]

DIR holds `mail/replies.jsonl` (mails of four peers' test suites, each with the text that a reader
is to see) and `mail/machine.jsonl` (bounces, reports and automatic replies, with their kinds).

Peers run in the same process where they are installed, and say "not installed" where not:

    pip install email-reply-parser mail-parser-reply quotequail unquotemail
    pip install wheel numpy faust-cchardet chardet cssselect html5lib lxml regex six
    pip install --no-deps --no-build-isolation talon

All four suites hide signatures as well as quoted mail, so what counts as seen is `text` alone, and
of a peer whatever it calls the reply without its signature. Where a peer leaves the signature to
another call (talon), both ways are shown; quotequail and unquotemail know of quotes alone. Two
replies of alfonsrv keep in `exact` the line that divides them from the quoted mail; the other
suites have the same mail and expect it without that line, so that nobody can be right on all.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from replykit.cleaning import split  # noqa: E402
from replykit.errors import ReplyKitError  # noqa: E402

Reader = Callable[[str], str]
Row = Mapping[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder that has mail/")
    parser.add_argument("--only", choices=("replies", "machine"), help="one of the two halves")
    parser.add_argument("--failed", action="store_true", help="name ReplyKit's failures")
    given = parser.parse_args()
    if given.only != "machine":
        print(replies(given.data, failed=given.failed))
    if given.only != "replies":
        print(machine(given.data, failed=given.failed))
    return 0


def replies(data: Path, failed: bool = False) -> str:
    """A table: of each suite's mails, how many each reader leaves as the suite expects."""
    rows = _rows(data / "mail" / "replies.jsonl")
    texts = [(data / "mail" / row["file"]).read_bytes().decode("utf-8", "replace") for row in rows]
    suites = list(dict.fromkeys(row["suite"] for row in rows))
    counts = {suite: sum(row["suite"] == suite for row in rows) for suite in suites}
    table = [
        ["replies as expected", *(f"{suite} ({counts[suite]})" for suite in suites),
         f"total ({len(rows)})", "ms a mail"],
    ]  # fmt: skip
    wrong: list[str] = []
    for name, load in READERS.items():
        try:
            read = load()
        except ImportError:
            table.append([name, *["not installed"] * len(suites), "", ""])
            continue
        start = time.perf_counter()
        seen = [_attempt(read, text) for text in texts]
        spent = (time.perf_counter() - start) / len(rows) * 1000
        right = [_fits(text, row) for text, row in zip(seen, rows, strict=True)]
        if name == "ReplyKit":
            wrong = [row["file"] for row, good in zip(rows, right, strict=True) if not good]
        per = [
            sum(good for row, good in zip(rows, right, strict=True) if row["suite"] == suite)
            for suite in suites
        ]
        table.append([name, *map(str, per), str(sum(right)), f"{spent:.2f}"])
    return _markdown(table) + ("".join(f"\nnot as expected: {name}" for name in wrong) * failed)


def machine(data: Path, failed: bool = False) -> str:
    """A table: of the machine mails, how many are known as such, and how many by their kind."""
    from replykit.reading.files import read_bytes

    rows = _rows(data / "mail" / "machine.jsonl")
    known = fitting = 0
    wrong: list[str] = []
    start = time.perf_counter()
    for row in rows:
        try:
            kind = read_bytes((data / "mail" / row["file"]).read_bytes(), row["file"]).kind
        except ReplyKitError as error:
            kind = f"error: {error}"
        known += kind != "customer" and not kind.startswith("error")
        fitting += kind in row["kinds"]
        if kind not in row["kinds"]:
            wrong.append(f"{row['file']}: {kind}, expected {' or '.join(row['kinds'])}")
    spent = (time.perf_counter() - start) / len(rows) * 1000
    table = [
        [f"machine mail ({len(rows)})", "mails", "recall"],
        ["known as no customer's", str(known), f"{known / len(rows):.3f}"],
        ["known by its kind", str(fitting), f"{fitting / len(rows):.3f}"],
        ["ms a mail, read from bytes", f"{spent:.2f}", ""],
    ]
    return _markdown(table) + ("".join(f"\nnot as expected: {name}" for name in wrong) * failed)


def _replykit() -> Reader:
    return lambda text: split(text)[0]


def _email_reply_parser() -> Reader:
    from email_reply_parser import EmailReplyParser

    return lambda text: EmailReplyParser.parse_reply(text) or ""


def _mail_parser_reply() -> Reader:
    from mailparser_reply import EmailReplyParser
    from mailparser_reply.constants import MAIL_LANGUAGES

    languages = list(MAIL_LANGUAGES)

    def read(text: str) -> str:
        found = EmailReplyParser(languages=languages).read(text=text)
        return found.replies[0].body if found.replies else ""

    return read


def _quotequail() -> Reader:
    import quotequail

    return lambda text: "\n".join(
        part for shown, part in quotequail.quote(text, quote_intro_line=True) if shown
    )


def _unquotemail() -> Reader:
    from unquotemail import Unquote

    return lambda text: Unquote(None, text).get_text()


def _talon() -> Reader:
    from talon.quotations import extract_from_plain

    return lambda text: _as_text(extract_from_plain(text))


def _talon_signatures() -> Reader:
    from talon.quotations import extract_from_plain

    # Its learnt half needs a scikit-learn of 2019 and fails to import; its rules are there then.
    rules = sys.modules.get("talon.signature.bruteforce")
    if rules is None:
        raise ImportError("talon's rules for signatures")

    return lambda text: _as_text(rules.extract_signature(_as_text(extract_from_plain(text)))[0])


READERS: dict[str, Callable[[], Reader]] = {
    "ReplyKit": _replykit,
    "email-reply-parser": _email_reply_parser,
    "mail-parser-reply": _mail_parser_reply,
    "talon, quotes": _talon,
    "talon, quotes and signatures": _talon_signatures,
    "quotequail": _quotequail,
    "unquotemail": _unquotemail,
}


def _as_text(found: str | bytes) -> str:
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else found


def _attempt(read: Reader, text: str) -> str:
    """What a reader leaves; one that raises leaves something that fits nothing."""
    try:
        return read(text)
    except Exception as error:  # a peer's fault is the peer's failure, not the benchmark's
        return f"\0{error}"


def _fits(seen: str, row: Row) -> bool:
    if seen.startswith("\0"):
        return False
    seen = _normal(seen)
    if row["exact"] is not None and seen != _normal(row["exact"]):
        return False
    return all(_within(item, seen) for item in row["contains"]) and not any(
        _within(item, seen) for item in row["not_contains"]
    )


def _within(wanted: str | Mapping[str, Any], seen: str) -> bool:
    if isinstance(wanted, str):
        return _normal(wanted) in seen
    return re.search(wanted["regex"], seen, wanted["flags"]) is not None


def _normal(text: str) -> str:
    """The text with plain line ends, no blanks at the ends of lines, one blank line at most."""
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _markdown(table: Sequence[Sequence[str]]) -> str:
    head, *rows = ("| " + " | ".join(row) + " |" for row in table)
    rule = "| --- |" + " ---: |" * (len(table[0]) - 1)
    return "\n".join(["", head, rule, *rows, ""])


if __name__ == "__main__":
    sys.exit(main())
