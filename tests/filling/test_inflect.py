"""Test Finnish inflection against hand-written forms and against text that is no name at all."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.filling.inflect import CASES, inflect
from tests.limits import bounded

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parents[1] / "data" / "inflections.tsv"

# Measured accuracy in per cent, rounded down; only to be raised. At most this many rows of a class
# may be wrong forms: everything else that is not right must be the nominative.
FLOORS = {
    "first": (99.9, 1),
    "surname": (99.4, 3),
    "place": (99.3, 2),
    "common": (97.1, 0),
    "foreign": (98.8, 2),
    "full": (100, 0),
    "abbreviation": (100, 0),
    "unlisted": (100, 0),
}


def rows() -> list[tuple[str, str, str, list[str]]]:
    found = []
    kind = ""
    for line in DATA.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            kind = line.removeprefix("# class: ")
        else:
            word, case, form = line.split("\t")
            found.append((kind, word, case, form.split("/")))
    return found


def test_accuracy_per_class() -> None:
    total, right, wrong = Counter[str](), Counter[str](), []
    for kind, word, case, forms in rows():
        total[kind] += 1
        got = inflect(word, case)
        if got in forms:
            right[kind] += 1
        elif got != word:
            wrong.append((kind, word, case, got))
    assert total.keys() == FLOORS.keys()
    assert total.total() >= 3000
    for kind, (floor, worst) in FLOORS.items():
        assert 100 * right[kind] / total[kind] >= floor, kind
        assert sum(row[0] == kind for row in wrong) <= worst, [r for r in wrong if r[0] == kind]


@pytest.mark.parametrize(
    ("word", "case", "form"),
    [
        ("Ville", "allative", "Villelle"),
        ("Maija Virtanen", "allatiivi", "Maija Virtaselle"),
        ("toimitusjohtaja Maija Virtanen", "gen", "toimitusjohtaja Maija Virtasen"),
        ("Maija ja Matti", "allative", "Maijalle ja Matille"),
        ("tekninen tuki", "allative", "tekniselle tuelle"),
        ("Helsingin kaupunki", "illative", "Helsingin kaupunkiin"),
        ("MATTI VIRTANEN", "allative", "MATTI VIRTASELLE"),
        ("matti", "allative", "matille"),
        (" Matti ", "genitive", " Matin "),
        ("Pa\u0308ivi", "allative", "Päiville"),
        ("Mustahirvi", "partitive", "Mustahirveä"),
        ("Tuntematon", "genitive", "Tuntemattoman"),
        ("Mannerheimintie", "illative", "Mannerheimintiehen"),
        ("Zintka", "nominative", "Zintka"),
        ("Zanka", "partitive", "Zankaa"),
    ],
)
def test_forms(word: str, case: str, form: str) -> None:
    assert inflect(word, case) == form


@pytest.mark.parametrize(
    "word",
    [
        "",
        " ",
        "-",
        "maija@example.fi",
        "Matti2",
        "123",
        "🙂",
        "Matti 🙂",
        "Иван",
        "李",
        "{{ name }}",
        "a=b|c$",
        "Matti\nVirtanen",
        "Nokia Oyj",
        "hyvä asiakas",
        "Ilta-Sanomat",
        "UNICEFX",
        "Zanka",
        "x" * 10_000,
        "ä" * 101,
        "\ud800",
        "Matti\x00",
    ],
)
def test_left_as_it_is(word: str) -> None:
    assert inflect(word, "genitive") == word


def test_unknown_case_is_a_fault_of_the_template() -> None:
    with pytest.raises(ValueError, match="unknown case 'alative'"):
        inflect("Matti", "alative")


LETTERS = st.text("abcdefghijklmnopqrstuvwxyzåäöéüšABKTÄÖ-' ", max_size=30)


@settings(max_examples=400)
@given(st.one_of(st.text(max_size=200), LETTERS), st.sampled_from(sorted(CASES)))
def test_never_raises(word: str, case: str) -> None:
    assert isinstance(inflect(word, case), str)


@pytest.mark.parametrize(
    "word", ["a" * 100, "Xa-" * 33 + "a", "maaliskuu" * 11, "Ka ja " * 16 + "K"]
)
def test_time_is_bounded(word: str) -> None:
    inflect("Matti", "genitive")
    with bounded():
        inflect(word, "genitive")


def test_does_not_depend_on_the_locale_or_load_voikko_early() -> None:
    code = (
        "import sys, replykit.filling.inflect, replykit.filling.filters\n"
        "assert not {'voikko', 'babel'} & sys.modules.keys()\n"
        "assert replykit.filling.inflect.inflect('P\\xe4ivi', 'allative') == 'P\\xe4iville'\n"
    )
    env = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=env)
