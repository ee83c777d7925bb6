"""The engine of lint: places, choice of rules, severities, measures and fixes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replykit import linter
from replykit.config import Settings
from replykit.errors import ReplyKitError
from replykit.linter import Draft, Finding, Fix, apply_fixes, fix_all, line_starts, position

TEXT = "Hei ä😀 Maija!!\n\nTilauksesi XXX lähti. Kiitos kiitos tilauksesta , nähdään!"


def codes(
    text: str, settings: Settings | None = None, lang: str = "fi", **known: object
) -> list[str]:
    found, _ = linter.lint(Draft(text, lang, **known), settings or Settings())  # type: ignore[arg-type]
    return [finding.code for finding in found]


def test_places_are_code_points_and_ends_are_exclusive() -> None:
    found, _ = linter.lint(Draft(TEXT, "fi"), Settings())
    assert found
    for finding in found:
        assert TEXT[finding.start : finding.end] == finding.text
    marks = next(finding for finding in found if finding.code == "TONE002")
    assert (marks.start, marks.end) == (TEXT.index("!!"), TEXT.index("!!") + 2)


def test_findings_come_in_the_order_of_the_text() -> None:
    found, _ = linter.lint(Draft(TEXT, "fi"), Settings())
    assert [finding.start for finding in found] == sorted(finding.start for finding in found)
    assert {"TONE002", "FILL001", "STYLE001", "STYLE002"} <= {finding.code for finding in found}


@pytest.mark.parametrize("chosen", ["FILL001", "FILL", "unfilled-placeholder"])
def test_rules_are_chosen_by_code_family_and_name(chosen: str) -> None:
    assert codes(TEXT, Settings(lint_select=(chosen,))) == ["FILL001"]
    assert "FILL001" not in codes(TEXT, Settings(lint_ignore=(chosen,)))


def test_what_is_ignored_is_ignored_though_selected() -> None:
    assert codes(TEXT, Settings(lint_select=("FILL",), lint_ignore=("FILL001",))) == []


@pytest.mark.parametrize("key", ["FILL001", "FILL", "unfilled-placeholder"])
def test_a_rule_has_the_severity_that_the_user_gave_it(key: str) -> None:
    settings = Settings(lint_severity={key: "suggestion"}, lint_select=("FILL",))
    found, _ = linter.lint(Draft(TEXT, "fi"), settings)
    assert [finding.severity for finding in found] == ["suggestion"]


def test_a_long_quotation_is_cut_in_the_message_but_not_in_the_finding() -> None:
    text = "Please " + "READ THE TERMS " * 50 + "now."
    found, _ = linter.lint(Draft(text, "en"), Settings(lint_select=("TONE001",)))
    assert len(found[0].message) < 200
    assert len(found[0].text) > 500


def test_an_unknown_channel_is_told() -> None:
    with pytest.raises(ReplyKitError, match="fax"):
        linter.lint(Draft("Hello", "en", channel="fax"), Settings())


def test_worst_counts_findings_at_or_above_a_severity() -> None:
    finding = Finding("X001", "x", "warning", "", "", 0, 0)
    assert linter.worst([finding], "warning")
    assert linter.worst([finding], "suggestion")
    assert not linter.worst([finding], "error")


def test_lines_and_columns_count_from_one() -> None:
    text = "ä😀b\n\ncd"
    starts = line_starts(text)
    assert [position(starts, offset) for offset in range(len(text) + 1)] == [
        (1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (3, 1), (3, 2), (3, 3),
    ]  # fmt: skip


def test_a_sentence_goes_on_in_the_next_line_only_where_a_mail_was_wrapped() -> None:
    wrapped = (
        "We have checked your order in our warehouse this morning and\nfound it there. It left.\n"
    )
    sentences = [span.text for span in Draft(wrapped, "en").sentences]
    assert len(sentences) == 2
    assert sentences[0].endswith("found it there.")
    assert len(Draft("Hello Anna,\n\nyour order left", "en").sentences) == 2
    assert len(Draft("Red shoes\nblue shoes\ngreen shoes", "en").sentences) == 3


def test_sentences_and_words_lie_where_they_say() -> None:
    text = "  Hei 😀 Maija! Missä paketti on?\nTässä on sää. Se lähti jo."
    draft = Draft(text, "fi")
    for span in [*draft.sentences, *draft.words]:
        assert text[span.start : span.end] == span.text
    assert [draft.count_words(span) for span in draft.sentences] == [2, 3, 3, 3]


def test_measures_are_numbers_and_unknown_ones_none() -> None:
    easy = "The cat sat on the mat. The dog ate the big red bone."
    hard = (
        "Notwithstanding organisational considerations, the aforementioned documentation "
        "necessitates comprehensive reconsideration of administrative responsibilities."
    )
    easy_english, hard_english = (linter.measure(Draft(text, "en")) for text in (easy, hard))
    assert (easy_english.words, easy_english.sentences) == (13, 2)
    assert easy_english.politeness is not None
    assert linter.measure(Draft(easy, "de")).politeness is None
    assert easy_english.readability is not None
    assert hard_english.readability is not None
    assert easy_english.readability > 90 > hard_english.readability
    assert linter.measure(Draft("Hei.", "fi")).readability is None
    finnish = linter.measure(
        Draft("Talo on iso. Auto on uusi. Kissa istuu tässä nyt ihan yksin.", "fi")
    )
    assert finnish.readability is not None
    assert finnish.readability < 10


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Hej, var är mitt paket? Jag beställde det för en vecka sedan.", ["LANG001"]),
        ("Hei, missä pakettini on? Tilasin sen jo viikko sitten.", []),
        ("???", []),
    ],
)
def test_the_language_is_compared_with_the_customers(message: str, expected: list[str]) -> None:
    from replykit.reading.plain import from_text

    text = "Hei Maija!\n\nPakettisi lähti tänään ja on perillä huomenna.\n\nTerveisin\nAnna"
    settings = Settings(lint_select=("LANG",))
    assert codes(text, settings, message=from_text(message)) == expected


# Fixes


def fixed(text: str, *, lang: str = "en", unsafe: bool = False) -> str:
    def find(now: str) -> list[Finding]:
        return linter.lint(Draft(now, lang), Settings())[0]

    return fix_all(text, find, unsafe=unsafe)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thank you!!! It left.", "Thank you! It left."),
        ("It left the the the house.", "It left the house."),
        ("Thank you , it works.", "Thank you, it works."),
        ("Thank you,it  works ( now ).", "Thank you, it works (now)."),
        ("Really?! ?", "Really?"),
    ],
)
def test_safe_fixes_mend_slips(text: str, expected: str) -> None:
    assert fixed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Your password is Abc12!! and the code is x!!y.",
        "Bora Bora costs 1,250.00 euros, sizes S,M,L.",
        "See https://example.com/a,b?c=!!d or a,b@example.com.",
        "Order 123456 123456",
    ],
)
def test_safe_fixes_leave_facts_alone(text: str) -> None:
    assert fixed(text) == text


def test_a_fix_that_changes_what_is_said_needs_consent() -> None:
    from replykit.reading.record import from_record

    message = from_record({"text": "Where is it?", "from": {"name": "Maija Virtanen"}})
    draft = Draft("Hello Anna,\n\nit left today.", "en", message=message)
    found, _ = linter.lint(draft, Settings(lint_select=("FACT",)))
    assert apply_fixes(draft.text, found) == draft.text
    assert apply_fixes(draft.text, found, unsafe=True).startswith("Hello Maija,")


def test_of_two_fixes_that_overlap_the_first_is_applied() -> None:
    def finding(start: int, end: int, replacement: str) -> Finding:
        return Finding("X001", "x", "warning", "", "", start, end, Fix(replacement))

    assert apply_fixes("abcdef", [finding(2, 5, "Y"), finding(0, 3, "X")]) == "Xdef"


_PIECES = st.sampled_from(
    ["the", "The", "sen", "kiitos", "Matti", "!!", "?!", "!", " ", "  ", "\n", "\n\n", ",", " ,",
     ".", " .", "(", ")", "12,50", "AB12", "123456", "a@b.fi", "https://e.fi/a,b", "ä😀", "\t", ";",
     "[[x]]"]
)  # fmt: skip


def _facts(text: str) -> list[str]:
    """Numbers, codes and addresses, without the marks around them."""
    found = re.findall(r"[^\s()!?]*[0-9@/][^\s()!?]*", text)
    return [word.strip(",.;") for word in found]


@given(st.lists(_PIECES, max_size=40), st.sampled_from(["en", "fi"]))
def test_fixing_twice_changes_nothing_more_and_keeps_every_fact(
    pieces: list[str], lang: str
) -> None:
    text = "".join(pieces)
    once = fixed(text, lang=lang)
    assert fixed(once, lang=lang) == once
    assert _facts(once) == _facts(text)


def test_the_packages_lint_stays_a_function_after_use(tmp_path: Path) -> None:
    """A module of that name would take the function's place once it is imported."""
    code = (
        "from replykit import lint\n"
        "assert lint('Your order is XXX, dear.', lang='en', channel='chat')[0].code == 'FILL001'\n"
        "import replykit\nfrom replykit import lint as again\n"
        "assert callable(again) and callable(replykit.lint)\n"
        "print([f.code for f in again('Hello, your order XXX left.', lang='en', channel='chat')])\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (result.returncode, result.stdout.strip()) == (0, "['FILL001']"), result.stderr
