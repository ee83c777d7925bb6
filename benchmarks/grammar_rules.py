"""What LanguageTool's rules are worth in replies, so that data/languagetool.txt can be decided.

    replykit grammar start     # or: java -cp 'libs/*' org.languagetool.server.HTTPServer
    python benchmarks/grammar_rules.py --server http://localhost:8081 --data DIR [--quote]
    python benchmarks/grammar_rules.py --server http://localhost:8081 --record

Professional texts, where each report is taken for a false alarm: the English and Swedish service
mails of DIR/mail_templates, the canned replies of DIR/bitext, the good twins of
tests/data/drafts.en.jsonl, the starter library as it goes out, and the English sentences that the
tone rules learn from. Faults: tests/data/grammar.*.jsonl, sentences with one typical error each,
written before LanguageTool saw them, with what was meant.

--record adds what the server says on sentences, cases of tests and rules' examples that are new to
tests/data/grammar.matches.json, by which the tests judge ReplyKit's filter without a server. For
another LanguageTool delete that file first.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from public_sets import bitext, mails

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from replykit import library  # noqa: E402
from replykit.config import Settings  # noqa: E402
from replykit.filling.template import Templates  # noqa: E402
from replykit.grammar import Match  # noqa: E402
from replykit.library.proof import renderings  # noqa: E402
from replykit.linter import Draft, Tools  # noqa: E402
from replykit.rules import find_rule  # noqa: E402

DATA = ROOT / "tests" / "data"
RECORD = DATA / "grammar.matches.json"
VARIANTS = {"de": "de-DE", "en": "en-US", "sv": "sv-SE"}
MEASURED = ("en", "sv")
RULES = ("GRAM001", "GRAM002")
# STYLE001 finds words doubled without LanguageTool.
DOUBLED = "STYLE001"


@dataclass(frozen=True)
class Text:
    """A text of a set, and for a faulty one the kind of its error."""

    set: str
    lang: str
    text: str
    error: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    todo = parser.add_mutually_exclusive_group(required=True)
    todo.add_argument("--data", type=Path, help="the folder that has mail_templates/ and bitext/")
    todo.add_argument("--record", action="store_true", help="renew the answers that tests read")
    parser.add_argument("--server", required=True, help="LanguageTool's address")
    parser.add_argument("--quote", action="store_true", help="quote each alarm on good texts")
    given = parser.parse_args()
    if given.record:
        kept = {(item.lang, item.text) for item in sentences()} | set(examples())
        known = recorded()
        new = {key: ask(given.server, *key) for key in sorted(kept - set(known))}
        record({key: (known | new)[key] for key in sorted(kept)})
        return 0
    texts = [*professional(given.data), *sentences()]
    wanted = {(item.lang, item.text) for item in texts}
    answers = {key: ask(given.server, *key) for key in sorted(wanted)}
    print_alarms(texts, answers, quote=given.quote)
    print_faults(texts, answers)
    print_rules(texts, answers)
    return 0


def ask(server: str, lang: str, text: str) -> list[Match]:
    """What LanguageTool reports, its offsets (UTF-16) in code points."""
    form = urllib.parse.urlencode({"text": text, "language": VARIANTS[lang]}).encode()
    with urllib.request.urlopen(f"{server.rstrip('/')}/v2/check", form, timeout=300) as answer:
        found = json.load(answer)["matches"]
    wide = text.encode("utf-16-le")

    def place(offset: int) -> int:
        return len(wide[: 2 * offset].decode("utf-16-le"))

    return [
        Match(
            place(item["offset"]),
            place(item["offset"] + item["length"]),
            item["rule"]["id"],
            item["rule"]["category"]["id"],
            item["rule"]["issueType"],
            item["message"],
            tuple(other["value"] for other in item["replacements"][:5]),
        )
        for item in found
    ]


def professional(data: Path) -> Iterator[Text]:
    """Texts in which hardly a fault is to be found."""
    for mail in mails(data):
        if mail["lang"] in MEASURED:
            yield Text("service mails", mail["lang"], mail["text"])
    for reply in sorted({row["response"] for row in bitext(data)}):
        yield Text("canned replies", "en", reply)
    for row in _rows(DATA / "drafts.en.jsonl"):
        yield Text("good twins", "en", row["good"])
    settings = Settings(library=str(ROOT / "responses"))
    responses = library.read(settings.library_path, settings)
    templates = Templates(responses.folder)
    sent = {
        filled.text
        for response in responses
        if response.lang == "en"
        for _, _, filled in renderings(response, templates, settings, datetime(2026, 11, 22))
    }
    yield from (Text("starter library", "en", text) for text in sorted(sent))
    for path in sorted((ROOT / "benchmarks" / "meaning").glob("*.en.txt")):
        lines = [line[2:] for line in path.read_text("utf-8").splitlines() if line[1:2] == " "]
        if path.name != "slang.en.txt":
            for first in range(0, len(lines), 20):
                yield Text("tone sentences", "en", "\n\n".join(lines[first : first + 20]))


def sentences() -> Iterator[Text]:
    """Sentences with one error each, and what was meant."""
    for lang in MEASURED:
        for row in _rows(DATA / f"grammar.{lang}.jsonl"):
            yield Text("faulty", lang, row["text"], row["error"])
            yield Text("mended", lang, row["right"])


def examples() -> Iterator[tuple[str, str]]:
    """The rules' own examples, and the cases of the tests."""
    yield from ((row["lang"], row["text"]) for row in _rows(DATA / "grammar.cases.jsonl"))
    for code in RULES:
        rule = find_rule(code)
        yield from (
            (item.lang, item.text) for item in (*rule.bad, *rule.good) if item.lang in VARIANTS
        )


def recorded() -> dict[tuple[str, str], Sequence[Match]]:
    """The answers that the tests have; none without the file, so that all are asked for again."""
    if not RECORD.is_file():
        return {}
    rows = json.loads(RECORD.read_text("utf-8"))["answers"]
    return {
        (row["lang"], row["text"]): [
            Match(**match | {"replacements": tuple(match["replacements"])})
            for match in row["matches"]
        ]
        for row in rows
    }


def record(answers: Mapping[tuple[str, str], Sequence[Match]]) -> None:
    """Keeps answers for the tests."""
    rows = [
        {"lang": lang, "text": text, "matches": [asdict(match) for match in found]}
        for (lang, text), found in answers.items()
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    about = (
        "Recorded from a real LanguageTool 6.8 server (de-DE, en-US, sv-SE) by "
        "benchmarks/grammar_rules.py --record; not to be edited by hand."
    )
    RECORD.write_text(f'{{"about": {json.dumps(about)}, "answers": [\n{lines}\n]}}\n', "utf-8")


def print_alarms(
    texts: Iterable[Text], answers: Mapping[tuple[str, str], Sequence[Match]], *, quote: bool
) -> None:
    """What is said of good texts, before and after the filter."""
    tally: dict[tuple[str, str], Counter[str]] = {}
    quotes = []
    for item in texts:
        if item.error:
            continue
        row = tally.setdefault((item.set, item.lang), Counter())
        row["texts"] += 1
        row["reports"] += len(answers[item.lang, item.text])
        for code, severity, words in findings(item, answers):
            row[severity] += 1
            quotes.append(f"- {item.set}, {item.lang}: {code} {severity} “{words}”")
    print("## Good texts\n\n| texts | | LanguageTool reports, each | warnings | suggestions |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for (name, lang), row in tally.items():
        each = row["reports"] / row["texts"]
        print(
            f"| {name}, {lang} | {row['texts']} | {each:.2f} | {row['warning']} "
            f"| {row['suggestion']} |"
        )
    if quote:
        print("\n" + "\n".join(quotes))


def print_faults(texts: Iterable[Text], answers: Mapping[tuple[str, str], Sequence[Match]]) -> None:
    """How many of the faults are found, by kind."""
    tally: dict[tuple[str, str], Counter[str]] = {}
    for item in texts:
        if not item.error:
            continue
        counts = {
            "reported": bool(answers[item.lang, item.text]),
            "counted": any(True for _ in findings(item, answers)),
            "with STYLE001": any(True for _ in findings(item, answers, (*RULES, DOUBLED))),
        }
        for kind in ("all", item.error):
            row = tally.setdefault((item.lang, kind), Counter())
            row["sentences"] += 1
            row.update(name for name, true in counts.items() if true)
    names = ("sentences", "reported", "counted", "with STYLE001")
    print(f"\n## Faulty sentences\n\n| error | {' | '.join(names)} |\n| --- |{' ---: |' * 4}")
    for (lang, kind), row in tally.items():
        print(f"| {lang} {kind} | {' | '.join(str(row[name]) for name in names)} |")


def print_rules(texts: Iterable[Text], answers: Mapping[tuple[str, str], Sequence[Match]]) -> None:
    """Each of LanguageTool's rules: where it fires. Dictionaries are one rule."""
    tally: dict[tuple[str, str, str], Counter[str]] = {}
    for item in texts:
        for match in answers[item.lang, item.text]:
            row = tally.setdefault((item.lang, match.category, match.rule), Counter())
            row["faulty" if item.error else "good"] += 1
    print("\n## LanguageTool's rules\n\n| rule | category | faulty | good |")
    print("| --- | --- | ---: | ---: |")
    for (lang, category, rule), row in sorted(tally.items()):
        print(f"| {lang} {rule} | {category} | {row['faulty']} | {row['good']} |")


def findings(
    item: Text,
    answers: Mapping[tuple[str, str], Sequence[Match]],
    codes: Sequence[str] = RULES,
) -> Iterator[tuple[str, str, str]]:
    """Code, severity and words of what ReplyKit says of a text."""
    tools = Tools(grammar=lambda text, lang: answers[lang, text])
    draft = Draft(item.text, item.lang, tools=tools)
    for rule in map(find_rule, codes):
        for hit in rule.check(draft):
            around = item.text[max(0, hit.start - 30) : hit.end + 20]
            words = item.text[hit.start : hit.end] + "” in “" + " ".join(around.split())
            yield rule.code, hit.severity or rule.severity, words


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


if __name__ == "__main__":
    sys.exit(main())
