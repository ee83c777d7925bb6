"""Translating words by the dictionary: real words both ways, compounds, forms, hostile input."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from replykit.ranking import translate
from replykit.ranking.features import lemma_counts
from replykit.ranking.translate import (
    DATA,
    PAIRS,
    split,
    translated_characters,
    translated_counts,
    translated_words,
    translates,
    translations,
)
from tests.limits import bounded

Require = Callable[[str, str], None]


def first(word: str, source: str, target: str) -> str:
    return max(translations(word, source, target), key=lambda item: item[1])[0]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("lasku", "invoice"),
        ("toimitus", "delivery"),
        ("reklamaatio", "complaint"),
        ("peruuttaa", "cancel"),
        ("mä", "i"),
        ("kiitti", "thanks"),
        ("oon", "am"),
    ],
)
def test_finnish_words_have_their_english_meaning(word: str, meaning: str) -> None:
    assert first(word, "fi", "en") == meaning


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("invoice", "lasku"),
        ("invoices", "lasku"),
        ("delivery", "toimitus"),
        ("Warranty", "takuu"),
        ("cancelled", "peruuttaa"),
    ],
)
def test_english_words_have_their_finnish_meaning(word: str, meaning: str) -> None:
    assert meaning in dict(translations(word, "en", "fi"))


@pytest.mark.parametrize(
    ("form", "meaning"), [("laskuni", "invoice"), ("paketteja", "package"), ("tilaukseni", "order")]
)
def test_inflected_forms_are_read(form: str, meaning: str, require_engine: Require) -> None:
    require_engine("voikko", "base forms")
    assert meaning in dict(translations(form, "fi", "en"))


@pytest.mark.parametrize(
    ("compound", "meanings"),
    [
        ("laskutusosoitteeni", {"billing", "address"}),
        ("pesukonetilauksesta", {"order"}),
        ("luottokorttilaskun", {"card", "invoice"}),
    ],
)
def test_compounds_mean_what_their_parts_mean(
    compound: str, meanings: set[str], require_engine: Require
) -> None:
    require_engine("voikko", "base forms")
    assert meanings <= set(dict(translations(compound, "fi", "en")))


def test_a_spoken_ending_is_taken_off(require_engine: Require) -> None:
    require_engine("voikko", "base forms")
    assert (
        "work" in dict(translations("toimiskohan", "fi", "en"))
        or first("toimisko", "fi", "en") == "work"
    )


def test_two_english_words_may_be_one_finnish_word() -> None:
    assert "luottokortti" in translated_words("My credit cards were stolen", "en", "fi")


def test_unknown_words_stay_as_they_are() -> None:
    assert translated_words("Xyzzyq", "fi", "en") == {"xyzzyq": 1.0}
    assert translations("xyzzyq", "fi", "en") == ()


def test_languages_without_a_dictionary_have_no_translation() -> None:
    assert not translates("sv", "en")
    assert translations("faktura", "sv", "en") == ()
    assert translated_counts("faktura", "sv", "en") == {}
    assert translates("fi", "en")


def test_counts_are_those_of_the_other_language(require_engine: Require) -> None:
    require_engine("voikko", "base forms")
    counts = translated_counts("Missä pakettini on?", "fi", "en")
    for word in ("where", "package"):
        (feature,) = lemma_counts(word, "en")
        assert feature in counts
    assert all(count > 0 for count in counts.values())


def test_a_count_gives_the_view_the_weight_of_the_translation() -> None:
    words = translated_words("kiitti", "fi", "en")
    counts = translated_counts("kiitti", "fi", "en")
    (feature,) = lemma_counts("thanks", "en")
    assert 1 + math.log(counts[feature]) == pytest.approx(words["thanks"])


def test_characters_are_those_of_the_translation() -> None:
    counts = translated_characters("kiitti", "fi", "en")
    assert counts
    assert not translated_characters("", "fi", "en")


@pytest.mark.parametrize("text", ["", " ", "?!", "\0\n\t", "\ud800", "0 0 0", "\u202e…"])
@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_nothing_to_translate_does_no_harm(text: str, source: str, target: str) -> None:
    translated_counts(text, source, target)
    translated_characters(text, source, target)


@pytest.mark.parametrize("text", ["ä" * 1_000_000, "kissa" * 100_000, "a\tb\n" * 50_000])
@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_huge_input_takes_no_time(text: str, source: str, target: str) -> None:
    with bounded():
        translated_counts(text, source, target)


def test_stems_find_words_where_voikko_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    from replykit.ranking.features import lemmatizer

    monkeypatch.setattr(translate, "voikko", lambda: None)
    monkeypatch.setattr("replykit.ranking.features.voikko", lambda: None)
    lemmatizer.cache_clear()
    translations.cache_clear()
    try:
        assert "package" in dict(translations("paketin", "fi", "en"))
        assert translations("qqqqq", "fi", "en") == ()
    finally:
        lemmatizer.cache_clear()
        translations.cache_clear()


def test_a_structure_splits_a_base_form() -> None:
    assert split("laskutusosoite", "=pppppppp=pppppp") == ["laskutus", "osoite"]
    assert split("lasku", "=ppppp") == ["lasku"]
    assert split("lasku", "") == ["lasku"]


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_the_files_are_sorted_and_small(source: str, target: str) -> None:
    path = DATA / f"dictionary.{source}-{target}.tsv"
    keys = [line.partition(b"\t")[0] for line in path.read_bytes().splitlines()]
    assert keys == sorted(set(keys))
    assert len(keys) > 20_000
    assert path.stat().st_size < 1_000_000
    for key in (keys[0], keys[len(keys) // 2], keys[-1]):
        assert translate._entry(source, target, key.decode())
