"""The starter library: what it promises to those who copy it."""

from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pytest

from replykit import Library
from replykit.config import load
from replykit.library.files import LibraryFiles, read
from replykit.library.response import Response
from replykit.ranking.shelf import KINDS
from tests.conftest import ROOT, Run

SETTINGS = load(config=ROOT / "replykit.toml", environment={})
STARTER: LibraryFiles = read(SETTINGS.library_path, SETTINGS)
RESPONSES = sorted(STARTER, key=lambda response: response.path)
TOPICS = {
    "account", "chat", "contact", "contract", "delivery", "feedback", "handling", "orders",
    "outage", "payments", "products", "returns", "service",
}  # fmt: skip

each = pytest.mark.parametrize("response", RESPONSES, ids=[r.path for r in RESPONSES])


def test_fifty_replies_each_in_finnish_and_english() -> None:
    assert len(STARTER.variants) == 50
    assert all(set(variants) == {"en", "fi"} for variants in STARTER.variants.values())
    assert {id.partition("/")[0] for id in STARTER.variants} == TOPICS


@each
def test_a_reply_has_examples_of_many_ways_to_ask(response: Response) -> None:
    assert 8 <= len(response.examples) <= 25


@each
def test_examples_of_a_reply_do_not_open_alike(response: Response) -> None:
    openings = Counter(" ".join(text.lower().split()[:2]) for text in response.examples)
    assert max(openings.values()) <= 2, openings.most_common(1)


@each
def test_a_required_detail_has_a_pattern_and_a_question(response: Response) -> None:
    for item in response.details:
        assert not item.required or (item.pattern and item.ask.endswith(("?", "."))), item.name


@each
def test_a_reply_names_what_its_customer_needs_next(response: Response) -> None:
    assert 1 <= len(response.follow_up) <= 3
    assert response.id not in response.follow_up


@each
def test_chat_and_social_are_short(response: Response) -> None:
    words = {channel: len(rendered(response, channel).split()) for channel in response.channels}
    assert words.get("chat", 0) <= 70
    assert words.get("social", 0) <= 60


def rendered(response: Response, channel: str, formal: bool = False) -> str:
    """The reply as it goes out where nothing is known."""
    found = opened(formal).draft(response.id, lang=response.lang, channel=channel, partial=True)
    return found.text


@cache
def opened(formal: bool) -> Library:
    return Library.open(SETTINGS.library_path, language="fi", formal=formal)


@pytest.mark.parametrize(
    "response", [r for r in RESPONSES if r.lang == "fi"], ids=lambda r: getattr(r, "path", r)
)
def test_the_formal_finnish_form_has_no_informal_pronoun(response: Response) -> None:
    informal = {"sinä", "sinun", "sinua", "sinulle", "sinulta", "sinusta", "voit", "saat", "kerro"}
    for channel in response.channels:
        words = {word.strip(".,!?:;").lower() for word in rendered(response, channel, True).split()}
        assert not words & informal


def test_no_two_examples_say_the_same() -> None:
    index = Library.open(SETTINGS.library_path, languages=SETTINGS.languages, language="fi").index
    if index.vectors is None:
        pytest.skip("the embedded model has a wheel for Linux on x86-64 only")
    examples = np.flatnonzero(index.kind == KINDS.index("example"))
    vectors = index.vectors[examples]
    cosines = vectors @ vectors.T - 2 * np.eye(len(examples))
    first, second = np.unravel_index(int(cosines.argmax()), cosines.shape)
    same = index.text(examples[first]), index.text(examples[second])
    assert cosines.max() < 0.95, same


@pytest.mark.parametrize("formal", ["false", "true"])
def test_the_library_passes_its_own_check(run: Run, formal: str) -> None:
    done = run("library", "check", "--fail-on", "suggestion", cwd=ROOT, REPLYKIT_FORMAL=formal)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_library_passes_lint(run: Run) -> None:
    paths = [SETTINGS.library_path / response.path for response in RESPONSES]
    done = run("lint", *paths, "--fail-on", "suggestion", cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "no findings\n")
