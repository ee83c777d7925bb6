"""Language detection: what agents meet, and texts that have no language at all."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replykit.config import Settings
from replykit.errors import ReplyKitError
from replykit.understanding.language import choose_language, detect, language_code, language_tag


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Missä tilaukseni viipyy?", "fi"),
        ("mis mun paketti viipyy", "fi"),
        ("Missä paketti 0401234567", "fi"),
        ("MISSÄ ON PAKETTINI", "fi"),
        ("Hei, en pääse kirjautumaan sisään", "fi"),
        ("Where is my parcel?", "en"),
        ("order 123456 has not arrived", "en"),
        ("I want my money back", "en"),
        ("Var är mitt paket?", "sv"),
        ("Jag kan inte logga in på mitt konto", "sv"),
        ("Wo ist mein Paket? Ich warte seit zwei Wochen auf meine Bestellung.", "de"),
        (
            "Ma ei ole rahul, see on juba kolmas kord, kui te ei vasta. Kui vastust ei tule, lähen "
            "ma mujale.",
            "et",
        ),
        ("Pakk jäi saamata. Ma ei ole seda saanud ja kodus oli keegi kogu päeva.", "et"),
        ("Jeg har ikke fått pakken min ennå, selv om den skulle komme forrige uke.", "no"),
    ],
)
def test_languages_of_messages(text: str, lang: str) -> None:
    assert detect(text) == lang


@pytest.mark.parametrize("text", ["", " ", "123456", "?!", "😀", "040-1234567", "\n\n"])
@pytest.mark.parametrize("default", ["fi", "en"])
def test_text_without_letters_takes_the_default(text: str, default: str) -> None:
    assert detect(text, default=default) == default


def test_a_library_may_have_a_language_that_the_model_does_not_know() -> None:
    assert detect("Where is my parcel?", ("en", "x-klingon")) == "en"


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_has_a_language(text: str) -> None:
    assert 2 <= len(detect(text)) <= 3


def test_clear_english_and_finnish_need_no_model() -> None:
    """Most messages are such, and numpy takes as long to load as they take to triage."""
    code = (
        "import sys; from replykit.understanding.language import detect\n"
        "print(detect('I have been waiting for my parcel for two weeks and it is not here.'),"
        " detect('Hei, tilasin kengät, mutta paketti ei ole vielä tullut. Missä se viipyy?'),"
        " 'numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["en", "fi", "False"]


@pytest.mark.parametrize(
    ("value", "code"),
    [("fi", "fi"), ("FI", "fi"), ("fi-FI", "fi"), ("en_GB", "en"), (" sv ", "sv"),
     ("zh-Hans-CN", "zh"), ("suomi", ""), ("english", ""),
     ("", ""), ("x-klingon", ""), (None, ""), (7, "")],
)  # fmt: skip
def test_a_language_is_known_by_its_code(value: object, code: str) -> None:
    assert language_code(value) == code


def test_a_library_s_own_languages_stay_as_they_are_written() -> None:
    assert language_tag("en-GB", ("fi", "en-GB")) == "en-GB"
    assert language_tag("en-US", ("fi", "en-GB")) == "en"
    with pytest.raises(ReplyKitError, match="lang suomi: give the language's code"):
        language_tag("suomi", ("fi",))


@pytest.mark.parametrize(
    ("variants", "lang", "chosen"),
    [
        (["en", "fi"], "en", "en"),
        (["en-GB", "fi"], "en", "en-GB"),
        (["en", "fi"], "en-GB", "en"),
        (["en-GB", "en-US", "fi"], "en-US", "en-US"),
        (["en", "fi"], "sv", "fi"),
        (["en", "sv"], "de", "en"),
    ],
)
def test_the_nearest_variant_is_chosen(variants: list[str], lang: str, chosen: str) -> None:
    assert choose_language(variants, lang, Settings(language="fi")) == chosen
