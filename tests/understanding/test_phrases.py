"""Phrases of word lists: how they are written, where they are found, and that nothing hangs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit.errors import ReplyKitError
from replykit.understanding.phrases import Book, Line, tokens
from replykit.understanding.wordlists import built_in, languages, spot
from tests.limits import bounded

WORDS = ["en", "ole", "saa", "vastausta", "third", "email", ".", "!", "kerta", "3.", "İ", "’"]
SETS = {"kid": ["son", "daughter"], "age": ["13", "14"]}


def found(phrase: str, text: str) -> list[str]:
    book = Book()
    book.add(Line("it", phrase), SETS)
    return sorted({text[hit.start : hit.end] for hit in book.find(tokens(text))})


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("lawsuit", "A LAWSUIT follows.", "LAWSUIT"),
        ("lawsuit", "Lawsuits follow.", ""),
        ("kuluttaja-asiami*", "Vien kuluttaja-asiamiehelle.", "kuluttaja-asiamiehelle"),
        ("*uhka", "Se on oikeusuhka.", "oikeusuhka"),
        ("*uhka*", "Se on pommiuhkaus teille.", "pommiuhkaus"),
        ("small claims", "the small  claims\ncourt", "small  claims"),
        ("small claims", "a small sum it claims", ""),
        ("third … email", "my third and really last email", "third and really last email"),
        ("third … email", "third one two three four five email", ""),
        ("third …1 email", "third and last email", ""),
        ("third ... email", "third unanswered email", "third unanswered email"),
        ("third … email", "That was the third. Email me.", ""),
        ("third … email", "third, unanswered, email", "third, unanswered, email"),
        ("kolmas|3 kerta", "Tämä on 3. kerta.", "3. kerta"),
        ("sue|take_to_court", "I take to court whom I like", "take to court"),
        ("my <kid>", "my daughter", "my daughter"),
        ("<age>-year-old", "a 13-year-old boy", "13-year-old"),
        ("don't call", "dont call me", "dont call"),
        ("don't call", "don’t call me", "don’t call"),
        ("😡", "Again 😡!", "😡"),
        (":(", "Broken :(", ":("),
        ("ilkeä", "İLKEÄ, ilkeä!", "ilkeä"),
    ],
)
def test_a_phrase_is_found_by_whole_words(phrase: str, text: str, words: str) -> None:
    assert found(phrase, text) == ([words] if words else [])


@pytest.mark.parametrize("phrase", ["", "  …  ", "!", "a*", "*ab*", "<kit>", "ab*|cd* xy*"])
def test_a_phrase_that_says_nothing_to_look_for_is_refused(phrase: str) -> None:
    with pytest.raises(ReplyKitError):
        Book().add(Line("it", phrase), SETS)


def test_an_unknown_set_of_words_names_the_nearest() -> None:
    with pytest.raises(ReplyKitError, match="did you mean <kid>"):
        Book().add(Line("it", "my <kids>"), SETS)


def test_a_kept_book_finds_the_same() -> None:
    book = Book()
    for phrase in ("third … email", "law*", "my <kid>|cat", "*court*"):
        book.add(Line("it", phrase, "sign", 2.0), SETS)
    text = "My daughter's lawyer: the third long email to the courthouse about my cat."
    again = Book.load(book.dump())
    assert sorted(again.find(tokens(text))) == sorted(book.find(tokens(text)))
    assert len(list(again.find(tokens(text)))) == 4


def test_the_built_in_lists_are_kept_in_the_cache_and_made_where_it_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REPLYKIT_CACHE_DIR", str(tmp_path))
    texts = ["Please hurry, I want my lawyer.", "This is my third email and nobody answers."]

    def hits() -> list[object]:
        built_in.cache_clear()
        book = built_in("en").book
        return [sorted(book.find(tokens(text))) for text in texts]

    made, kept = hits(), hits()
    for file in (tmp_path / "phrases").iterdir():
        file.write_bytes(b"torn")
    assert made == kept == hits()
    assert all(made)


@pytest.mark.parametrize("lang", languages())
def test_every_word_of_the_built_in_lists_can_stand_in_a_text(lang: str) -> None:
    book = built_in(lang).book
    for line, text, _ in book.rows:
        assert text == text.strip()
        plain = text.replace("|", " ").replace("…", " ").replace("*", "x").replace("<", " ")
        for word in plain.replace(">", " ").split():
            seen = tokens(word).words
            assert len(seen) == 1 or word in "..., 1 2 3 4 5 6 7 8 9", (lang, book.lines[line])


@given(st.lists(st.sampled_from(WORDS)))
def test_places_are_those_of_the_text(words: list[str]) -> None:
    text = " ".join(words)
    book = Book()
    for phrase in ("third … email", "en ole … saa", "vast* … kerta", "3 kerta"):
        book.add(Line("it", phrase), {})
    for hit in book.find(tokens(text)):
        seen = tokens(text).words[hit.first : hit.last + 1]
        assert tokens(text[hit.start : hit.end]).words == seen


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for lang in ("en", "fi"):
        for hits in spot(text, lang).values():
            for hit in hits:
                assert 0 <= hit.start < hit.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "third " * 33_000,
        "a" * 200_000,
        "en ole saanut vastausta " * 8_000,
        "!" * 200_000,
        "'-" * 100_000,
        "kill you " * 22_000,
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length(text: str) -> None:
    built_in("en"), built_in("fi")
    with bounded():
        for lang in ("en", "fi"):
            spot(text, lang)
