"""Reasons to escalate: what is found in messages of both halves, and what a library adds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.files import read_file
from replykit.understanding.mood import sentiment
from replykit.understanding.route_file import parse
from replykit.understanding.routes import NAMES, RouteWords, read_words, reasons
from tests.conftest import ROOT, Run

DATA = ROOT / "tests" / "data"
Make = Callable[[dict[str, str]], Path]


def lines(path: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / path).read_text("utf-8").splitlines()]


def names(text: str, lang: str, words: RouteWords | None = None) -> set[str]:
    return {reason.name for reason in reasons(text, lang, words or RouteWords())}


def share(rows: list[dict[str, str]]) -> tuple[float, float]:
    """Recall and precision of escalating, over messages that say whether they are to be."""
    wanted = [row["route"] == "escalate" for row in rows]
    got = [bool(names(row["text"], row["lang"])) for row in rows]
    both = sum(want and have for want, have in zip(wanted, got, strict=True))
    return both / sum(wanted), both / sum(got)


BLIND = lines("triage/routes.jsonl")


def test_messages_that_the_lists_were_written_with_go_to_a_person() -> None:
    recall, precision = share(BLIND[0::2])
    assert recall >= 0.97
    assert precision >= 0.97


def test_messages_that_the_lists_never_saw_go_to_a_person() -> None:
    recall, precision = share(BLIND[1::2])
    assert recall >= 0.83
    assert precision >= 0.89


@pytest.mark.parametrize("name", NAMES)
def test_no_reason_is_found_in_a_few_messages_only(name: str) -> None:
    rows = [row for row in BLIND if row["why"] == name]
    assert sum(bool(names(row["text"], row["lang"])) for row in rows) / len(rows) >= 0.75


def passing(half: str) -> list[dict[str, str]]:
    """True cases and customers who mention the same words in passing."""
    return [
        {"text": row["text"], "lang": lang, "route": "escalate" if row["why"] else "answer"}
        for lang in ("en", "fi", "sv")
        for row in lines(f"routes/passing.{lang}.jsonl")
        if row["half"] == half
    ]


def test_what_is_mentioned_in_passing_is_told_from_what_needs_a_person() -> None:
    recall, precision = share(passing("written with"))
    assert recall >= 0.97
    assert precision >= 0.97


def test_what_is_mentioned_in_passing_is_told_in_the_other_half_too() -> None:
    recall, precision = share(passing("other"))
    assert recall >= 0.9
    assert precision >= 0.85


def test_most_long_stories_with_grave_words_are_answered() -> None:
    rows = [*lines("triage/rambling.en.jsonl"), *lines("triage/rambling.fi.jsonl")]
    found = [row["id"] for row in rows if names(row["text"], row["lang"])]
    assert len(found) <= 0.45 * len(rows), found


STORY = "We spent the week at the lake, and my aunt painted the boat with my uncle and sang. " * 4
ASKED = "Could you tell me when order 40713 is delivered, please?"


def test_an_illness_in_a_story_needs_no_person_but_one_that_is_the_matter_does() -> None:
    assert names(f"{STORY} She was in hospital. {STORY} {ASKED}", "en") == set()
    assert names(f"{STORY} She was in hospital after eating your soup. {STORY}", "en")
    assert names(f"{STORY} She wants to kill herself. {STORY} {ASKED}", "en") == {"self_harm"}


def test_the_words_of_a_library_count_wherever_they_stand() -> None:
    words, _ = parse("en: {medical: [gooseberries]}")
    assert names(f"{STORY} She ate gooseberries. {STORY} {ASKED}", "en", words) == {"medical"}


def test_signs_far_apart_in_a_story_are_no_threat() -> None:
    story = "The summer was long and the children painted the fence beside the lake. " * 3
    assert "threat" in names("Mind your teeth. I know your warehouse.", "en")
    assert "threat" not in names(f"I lost my teeth. {story}Is your warehouse open?", "en")


def test_few_rambling_stories_are_taken_for_threats_or_breaches() -> None:
    rows = [*lines("triage/rambling.en.jsonl"), *lines("triage/rambling.fi.jsonl")]
    found = [names(row["text"], row["lang"]) for row in rows]
    assert sum("threat" in its for its in found) <= 13
    assert sum("data_breach" in its for its in found) <= 12


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_what_is_said_in_other_words_is_found_too(lang: str) -> None:
    rows = [row for row in lines(f"routes/messages.{lang}.jsonl") if row["why"]]
    missed = [row["text"] for row in rows if not names(row["text"], lang)]
    assert len(missed) <= 0.07 * len(rows), missed


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_innocent_messages_with_grave_words_stay(lang: str) -> None:
    rows = [row for row in lines(f"routes/messages.{lang}.jsonl") if not row["why"]]
    wrong = [row["text"] for row in rows if names(row["text"], lang)]
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_everyday_sentences_that_share_words_with_a_threat_mean_no_harm(lang: str) -> None:
    said = (DATA / "routes" / f"harmless.{lang}.txt").read_text("utf-8").splitlines()
    assert [text for text in said if names(text, lang)] == []
    assert [text for text in said if sentiment(text, lang)[0] == "angry"] == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "I know which platform she waits on."),
        ("en", "I know where you live."),
        ("en", "I will find you."),
        ("en", "I'll be waiting for your driver."),
        ("fi", "Odotan teitä pihalla."),
        ("fi", "Löydän teidät kyllä."),
        ("fi", "Tiedän osoitteenne."),
    ],
)
def test_a_threat_in_such_words_stays_one(lang: str, text: str) -> None:
    assert names(text, lang) == {"threat"}


def test_ordinary_customers_are_seldom_escalated() -> None:
    rows = lines("triage/customers.jsonl")
    read = [(read_file(DATA / "triage" / row["path"]), row["lang"]) for row in rows]
    assert sum(bool(names(mail.matter, lang)) for mail, lang in read) <= 0.1 * len(rows)


def test_a_reason_says_its_words_and_their_place() -> None:
    text = "Hello!\nMy LAWYER will contact you."
    (reason,) = reasons(text, "en", RouteWords())
    assert (reason.name, reason.text) == ("legal", "My LAWYER")
    assert text[reason.start : reason.end] == reason.text


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Reklamaatio", "Tuote ei toimi. Voisitteko vaihtaa sen?"),
        ("Uudestaan", "Kirjoitan tilauksesta."),
    ],
)
def test_no_phrase_begins_in_the_subject_and_goes_on_in_the_text(subject: str, text: str) -> None:
    assert not reasons(Message(text, subject).matter, "fi", RouteWords())


def test_a_language_without_lists_has_no_reasons() -> None:
    assert names("Mein Anwalt meldet sich.", "de") == set()
    assert names("My lawyer will contact you.", "en-GB") == {"legal"}


def test_a_library_adds_phrases_reasons_and_languages(library: Make) -> None:
    folder = library(
        {
            "_routes.yaml": """
fi:
  legal: [asumisneuvon*]
  vip: [hallituksen puheenjohtaja, "*kaupunginjohtaja*"]
de:
  legal: [anwalt* … meldet]
"""
        }
    )
    words = read_words(folder)
    assert names("Asumisneuvonnasta käskettiin kirjoittaa.", "fi", words) == {"legal"}
    assert names("Olen Hallituksen puheenjohtaja.", "fi", words) == {"vip"}
    assert names("Apulaiskaupunginjohtajan sihteeri tässä.", "fi", words) == {"vip"}
    assert names("Mein Anwalt meldet sich.", "de", words) == {"legal"}
    assert names("Juristini ottaa yhteyttä.", "fi", words) == {"legal"}


def test_a_library_takes_words_back(library: Make) -> None:
    text = "I am a journalist. My lawyer will contact you."
    assert names(text, "en") == {"media", "legal"}
    for yaml in ("en: {except: {media: [journalist]}}", 'en: {remove: {media: "*"}}'):
        assert names(text, "en", read_words(library({"_routes.yaml": yaml}))) == {"legal"}
    words = read_words(library({"_routes.yaml": "en: {remove: {legal: [my lawyer will]}}"}))
    assert names("My lawyer will contact you.", "en", words) == set()
    assert names("I'll see you in court.", "en", words) == {"legal"}


def test_a_library_without_the_file_has_no_words_of_its_own(library: Make) -> None:
    assert read_words(library({"a.en.md": ""})) == RouteWords()


@pytest.mark.parametrize(
    ("yaml", "line", "said"),
    [
        ("en:\n  legl: [x]\n", 2, "did you mean legal?"),
        ("en:\n  Vip: [x]\n", 2, "small letters"),
        ("english:\n  legal: [x]\n", 1, "no language"),
        ("en:\n  legal:\n    - fine\n    - a: b\n", 4, "put it in quotes"),
        ("en:\n  legal:\n", 2, "expected a list of phrases"),
        ("en: [legal]\n", 1, "expected reasons"),
        ("- legal\n", 1, "expected languages"),
        ("en:\n  legal: [*claim]\n", 2, "quote phrases"),
        ('en:\n  legal: ["li*"]\n', 2, "at least 3 letters"),
        ('en:\n  legal: ["my <kind>"]\n', 2, "did you mean <kid>?"),
        ("en:\n  legal: [a, b]\n  legal: [c]\n", 3, "stands twice"),
        ("en:\n  remove:\n    legal: [zebra crossing]\n", 3, "no built-in phrase"),
        ("en:\n  remove:\n    vip: [zebra]\n", 3, "unknown key vip"),
        ("[" * 5000 + "]" * 5000, 1, "too many lists"),
    ],
)
def test_a_fault_of_the_file_says_where_and_what_to_do(yaml: str, line: int, said: str) -> None:
    (found, message), *_ = parse(yaml)[1]
    assert found == line
    assert said in message


def test_the_first_fault_is_one_line_with_the_file(library: Make) -> None:
    folder = library({"_routes.yaml": "en:\n  legl: [x]\n  medcal: [y]\n"})
    with pytest.raises(ReplyKitError, match=r"_routes\.yaml:2: en: unknown key legl; did you"):
        read_words(folder)
    (folder / "_routes.yaml").write_bytes(b"en:\n  legal: [\xff]")
    with pytest.raises(ReplyKitError, match=r"_routes\.yaml:2: not UTF-8"):
        read_words(folder)


def test_library_check_names_every_fault_of_the_file(run: Run, library: Make) -> None:
    folder = library({"_routes.yaml": "en:\n  legl: [x]\n  medcal: [y]\n"})
    result = run("library", "check", "--library", folder)
    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "_routes.yaml:2: error: en: unknown key legl; did you mean legal?",
        "_routes.yaml:3: error: en: unknown key medcal; did you mean medical?",
    ]
