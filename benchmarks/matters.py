"""Measure long messages: which reply, which matters and questions are found, at what cost.

    python benchmarks/matters.py [--half odd|even|both] [--no-model]

Messages are `tests/data/triage/rambling.*.jsonl` (each with the sentences that hold its matter),
`tests/data/matters/steady.jsonl` (long, and about nothing else) and `unanswered.*.jsonl` beside it,
which nothing of the library answers; the library is the starter library. The odd lines and the
steady messages were used to develop, the even lines for nothing. Prints Markdown tables: replies by
the whole text (its first 256 tokens) and by the strongest sentences, silence, then matters and
questions, then tokens and times.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from replykit import focus, matters  # noqa: E402
from replykit.config import load  # noqa: E402
from replykit.encoder import open_encoder  # noqa: E402
from replykit.message import Message  # noqa: E402
from replykit.ranking.index import open_index  # noqa: E402
from replykit.reading.record import from_record  # noqa: E402
from replykit.suggest import Suggestions, suggest  # noqa: E402

NOW = datetime(2026, 11, 22, 12)
SHORT = "Hello, where is my parcel? I ordered it a week ago and it has not arrived. Thanks, Bo"
HALVES = {"odd": slice(0, None, 2), "even": slice(1, None, 2), "both": slice(None)}
Span = tuple[int, int]


@dataclass(frozen=True)
class Case:
    """A message, the ids that fit each of its matters, and the sentences that hold them."""

    message: Message
    fits: Sequence[Sequence[str]]
    matters: Sequence[str] = ()
    questions: Sequence[str] = ()

    @property
    def all_fits(self) -> set[str]:
        return {id for fits in self.fits for id in fits}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, default="both")
    parser.add_argument("--no-model", action="store_true")
    options = parser.parse_args()
    sets = {
        f"{lang}, {half} lines": rambling(lang, HALVES[half])
        for half in (("odd", "even") if options.half == "both" else (options.half,))
        for lang in ("en", "fi")
    }
    steady = read(ROOT / "tests" / "data" / "matters" / "steady.jsonl")
    sets |= {
        f"{lang}, steady": [case for case in steady if case.message.lang == lang]
        for lang in ("en", "fi")
    }
    ask = asker(with_model=not options.no_model)
    print_replies(sets, ask)
    print_silence(options.half, ask)
    print_found({name: cases for name, cases in sets.items() if cases[0].matters})
    print_cost([case.message for cases in sets.values() for case in cases], ask)


def rambling(lang: str, half: slice) -> list[Case]:
    return read(ROOT / "tests" / "data" / "triage" / f"rambling.{lang}.jsonl")[half]


def read(path: Path) -> list[Case]:
    return [case(json.loads(line)) for line in path.read_text("utf-8").splitlines()]


def case(record: dict[str, Any]) -> Case:
    message = from_record({key: record[key] for key in ("text", "lang", "channel")})
    fits = [fit if isinstance(fit, list) else [fit] for fit in record["fits"]]
    return Case(message, fits, record.get("matter", ()), record.get("questions", ()))


Ask = Callable[[Sequence[Message]], list[Suggestions]]


def asker(with_model: bool) -> Ask:
    settings = load(config=ROOT / "replykit.toml", environment={})
    encoder = open_encoder(settings) if with_model else None
    index = open_index(settings, encoder)
    return lambda messages: suggest(index, encoder, messages, settings, NOW)


def whole(ask: Ask, messages: Sequence[Message]) -> list[Suggestions]:
    """What is suggested where every message is ranked as one text."""
    short = focus.SHORT
    focus.SHORT = sys.maxsize
    try:
        return ask(messages)
    finally:
        focus.SHORT = short


def print_replies(sets: dict[str, list[Case]], ask: Ask) -> None:
    print("| messages | | whole text: hit@1 | hit@3 | both of two in 3 "
          "| sentences: hit@1 | hit@3 | both of two in 3 |\n"
          "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")  # fmt: skip
    for name, cases in sets.items():
        answered = [item for item in cases if item.fits]
        messages = [item.message for item in answered]
        before, after = hits(answered, whole(ask, messages)), hits(answered, ask(messages))
        print(f"| {name} | {len(answered)} | {' | '.join(before + after)} |")


def hits(cases: Sequence[Case], results: Sequence[Suggestions]) -> list[str]:
    """hit@1 and hit@3 of any matter; of messages with two, how often both are among three."""
    pairs = [
        (item, [suggestion.id for suggestion in result])
        for item, result in zip(cases, results, strict=True)
    ]
    first = sum(ids[0] in item.all_fits for item, ids in pairs)
    third = sum(not item.all_fits.isdisjoint(ids) for item, ids in pairs)
    two = [(item, ids) for item, ids in pairs if len(item.fits) > 1]
    both = sum(all(set(fits) & set(ids) for fits in item.fits) for item, ids in two)
    count = len(pairs)
    return [f"{first / count:.3f}", f"{third / count:.3f}", f"{both} of {len(two)}" if two else ""]


def print_silence(half: str, ask: Ask) -> None:
    """How many long messages are answered at all, and how many that nothing answers are not."""
    print("\n| long messages | answered, of what a reply fits | silent, of what nothing answers |\n"
          "| --- | ---: | ---: |")  # fmt: skip
    for lang in ("en", "fi"):
        fitting = [item for item in rambling(lang, HALVES[half]) if item.fits]
        strange = read(ROOT / "tests" / "data" / "matters" / f"unanswered.{lang}.jsonl")
        cells = []
        for cases, silent in ((fitting, False), (strange[HALVES[half]], True)):
            results = ask([item.message for item in cases])
            right = sum((result.decision == "no_match") == silent for result in results)
            cells.append(f"{right} of {len(cases)}")
        print(f"| {lang} | {' | '.join(cells)} |")


def print_found(sets: dict[str, list[Case]]) -> None:
    print("\n| messages | matters: precision | recall | both of two | more than there are "
          "| questions: precision | recall |\n"
          "| --- | ---: | ---: | ---: | ---: | ---: | ---: |")  # fmt: skip
    for name, cases in sets.items():
        found = [matters.matters(item.message.text, item.message.lang) for item in cases]
        spans = [[(matter.start, matter.end) for matter in own] for own in found]
        marked = [places(item.message.text, item.matters) for item in cases]
        asked = [
            places(item.message.text, matters.questions(item.message.text, item.message.lang))
            for item in cases
        ]
        wanted = [places(item.message.text, item.questions) for item in cases]
        two = [pair for pair in zip(spans, marked, strict=True) if len(pair[1]) > 1]
        both = sum(all(is_found(span, own) for span in sought) for own, sought in two)
        more = sum(len(own) > len(sought) for own, sought in zip(spans, marked, strict=True))
        figures = [*shares(spans, marked), f"{both} of {len(two)}", f"{more} of {len(cases)}"]
        print(f"| {name} | {' | '.join([*figures, *shares(asked, wanted)])} |")


def places(text: str, sentences: Iterable[str]) -> list[Span]:
    """Where sentences stand in a text; outside of it where cleaning has taken them away."""
    starts = [(text.find(sentence), len(sentence)) for sentence in sentences]
    return [(start, start + size) if start >= 0 else (-size, 0) for start, size in starts]


def is_found(sought: Span, found: Iterable[Span]) -> bool:
    """Whether some span covers half of what is sought."""
    start, end = sought
    return any(min(end, last) - max(start, first) >= (end - start) / 2 for first, last in found)


def shares(found: Sequence[Sequence[Span]], sought: Sequence[Sequence[Span]]) -> list[str]:
    """Precision (of what is reported, how much covers half of something sought) and recall."""
    right = [
        any(is_found(span, [item]) for span in wanted)
        for own, wanted in zip(found, sought, strict=True)
        for item in own
    ]
    known = [
        is_found(span, own) for own, wanted in zip(found, sought, strict=True) for span in wanted
    ]
    return [f"{sum(right) / len(right):.2f}", f"{sum(known) / len(known):.2f}"]


def print_cost(messages: Sequence[Message], ask: Ask) -> None:
    longest = max(messages, key=lambda message: len(message.text))
    words = len(longest.text.split())
    ask([longest])
    print(f"\nsuggest, {words} words: whole {best(lambda: whole(ask, [longest]), 5):.0f} ms, "
          f"sentences {best(lambda: ask([longest]), 5):.0f} ms")  # fmt: skip
    for text in (longest.text, SHORT):
        taken = best(lambda text=text: both(text), 50)
        print(f"matters and questions, {len(text.split())} words: {taken:.3f} ms")


def both(text: str) -> None:
    matters.weighed.cache_clear()
    matters.matters(text, "en")
    matters.questions(text, "en")


def best(call: Callable[[], object], times: int) -> float:
    """The shortest time of some calls, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return min(taken) * 1000


if __name__ == "__main__":
    main()
