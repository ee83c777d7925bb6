"""What `replykit lint` catches, and how often it cries wolf.

    .venv-test/bin/python benchmarks/lint.py --data DIR [--no-model] [--quote]

Two tables. False alarms: findings on the rendered service mails of DIR/mail_templates, with the
clock before their dates, and on the good twins of tests/data/drafts.*.jsonl. Recall: the share of
the bad drafts there with a warning or an error that their good twin has not, by fault and for the
subtle half. All through `replykit lint --batch`. The bad drafts were written by somebody who saw
the rules' names alone; nobody who writes rules reads them, so neither does this script print them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from public_sets import mails

ROOT = Path(__file__).resolve().parents[1]
GRAVE = ("error", "warning")
NOW, BEFORE = "2026-11-22T12:00", "2018-01-01T12:00"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--no-model", action="store_true", help="words and patterns alone")
    parser.add_argument("--quote", action="store_true", help="quote each alarm on the good texts")
    given = parser.parse_args()
    options = ["--no-model"] if given.no_model else []
    drafts = [
        record
        for path in sorted((ROOT / "tests" / "data").glob("drafts.*.jsonl"))
        for record in _records(path)
    ]
    service = mails(given.data)
    templates = _findings(_lines(service, "text"), [*options, "--now", BEFORE])
    good = _findings(_lines(drafts, "good"), [*options, "--now", NOW])
    bad = _findings(_lines(drafts, "bad"), [*options, "--now", NOW])
    _print_alarms("service mails", [item["lang"] for item in service], templates)
    _print_alarms("good twins", [item["lang"] for item in drafts], good)
    _print_recall(drafts, good, bad)
    if given.quote:
        _quote("service mails", templates)
        _quote("good twins", good)
    return 0


def _records(path: Path) -> Iterable[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _lines(records: Sequence[dict[str, Any]], field: str) -> list[dict[str, Any]]:
    known = ("lang", "channel", "message", "details")
    return [
        {"id": number, "text": record[field]}
        | {name: record[name] for name in known if record.get(name)}
        for number, record in enumerate(records)
    ]


def _findings(lines: Sequence[dict[str, Any]], options: Sequence[str]) -> list[list[Any]]:
    """The findings of each line."""
    done = subprocess.run(
        [sys.executable, "-m", "replykit", "lint", "--batch", "-", *options],
        input="".join(json.dumps(line) + "\n" for line in lines),
        text=True, stdout=subprocess.PIPE, cwd=ROOT, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [answer["files"][0]["findings"] for answer in answers]


def _print_alarms(title: str, langs: Sequence[str], findings: Sequence[list[Any]]) -> None:
    print(f"\n## False alarms: {title}\n\n| language | texts | errors | warnings | suggestions |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for lang in sorted(set(langs)):
        own = [item for item, tag in zip(findings, langs, strict=True) if tag == lang]
        counted = Counter(finding["severity"] for item in own for finding in item)
        severities = " | ".join(str(counted[name]) for name in (*GRAVE, "suggestion"))
        print(f"| {lang} | {len(own)} | {severities} |")
    codes = Counter(
        f"{finding['code']} {finding['severity']}" for item in findings for finding in item
    )
    print("\n" + (", ".join(f"{code}: {count}" for code, count in codes.most_common()) or "none"))


def _print_recall(
    drafts: Sequence[dict[str, Any]], good: Sequence[list[Any]], bad: Sequence[list[Any]]
) -> None:
    tallies: dict[str, list[tuple[str, bool, bool]]] = defaultdict(list)
    for draft, clean, faulty in zip(drafts, good, bad, strict=True):
        caught = bool(_grave(faulty) - _grave(clean))
        for name in ("all", draft["rule"]):
            tallies[name].append((draft["lang"], draft["subtle"], caught))
    print("\n## Recall on the bad drafts\n\n| fault | drafts | caught | subtle | en | fi |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, rows in sorted(tallies.items(), key=lambda item: (-len(item[1]), item[0])):
        shares = [
            _share([hit for _, _, hit in rows]),
            _share([hit for _, subtle, hit in rows if subtle]),
            _share([hit for lang, _, hit in rows if lang == "en"]),
            _share([hit for lang, _, hit in rows if lang == "fi"]),
        ]
        print(f"| {name} | {len(rows)} | {' | '.join(shares)} |")


def _grave(findings: Iterable[Any]) -> Counter[tuple[str, str]]:
    return Counter((item["code"], item["text"]) for item in findings if item["severity"] in GRAVE)


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / len(hits):.2f}" if hits else "–"


def _quote(title: str, findings: Sequence[list[Any]]) -> None:
    print(f"\n## {title}: each warning and error\n")
    for number, item in enumerate(findings):
        for finding in item:
            if finding["severity"] in GRAVE:
                print(f"- {number}: {finding['code']} “{finding['text'][:120]}”")


if __name__ == "__main__":
    sys.exit(main())
