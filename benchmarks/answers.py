"""How well ANSW001 tells replies that pass over a question from those that answer all.

    python benchmarks/answers.py [--quote]

benchmarks/answers/LANG.jsonl has messages with a reply that answers everything ("full") and one
that does not ("partial"). They are hard on purpose: a quarter of the full ones answer in wholly
other words than the question's, and most of the partial ones stay on its subject. Prints the share
of each on which the rule fires, and how often it names the question that is left out.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from replykit.checking.meaning import tools
from replykit.config import load
from replykit.linter import Draft
from replykit.reading.plain import from_plain
from replykit.rules import Hit, find_rule

FOLDER = Path(__file__).parent / "answers"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quote", action="store_true", help="quote each false alarm")
    given = parser.parse_args()
    embed, _ = tools(load())
    rule = find_rule("ANSW001")
    print("lang  messages  full  partial  right question")
    for path in sorted(FOLDER.glob("*.jsonl")):
        cases = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        found = {"full": 0, "partial": 0}
        right = 0
        for case in cases:
            message = from_plain(case["message"])
            for kind in found:
                hits = list(rule.check(Draft(case[kind], path.stem, message=message, tools=embed)))
                found[kind] += bool(hits)
                right += kind == "partial" and any(names_one_left_out(hit, case) for hit in hits)
                if given.quote and hits and kind == "full":
                    print(hits[0].message, "|", " ".join(case[kind].split()))
        shares = (number / len(cases) for number in (*found.values(), right))
        print(f"{path.stem:<4}  {len(cases):>8}  " + "  ".join(f"{share:.2f}" for share in shares))


def names_one_left_out(hit: Hit, case: dict[str, Any]) -> bool:
    """Whether a finding quotes a question that the partial reply leaves out."""
    said = " ".join(str(hit.message).split()).casefold()
    left_out = [item["text"].casefold() for item in case["questions"] if not item["partial"]]
    return any(" ".join(text.split())[:30] in said for text in left_out)


if __name__ == "__main__":
    main()
