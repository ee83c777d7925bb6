"""What lint and draft print: for people, nothing a terminal obeys; for programs, the contract."""

from __future__ import annotations

from replykit.checking.checked import Checked
from replykit.draft import Draft
from replykit.library.response import Detail
from replykit.linter import Finding, Fix, Metrics, NotRun, line_starts
from replykit.printing.draft import draft_json, missing_text
from replykit.printing.lint import diff_text, finding_json, lint_json, lint_text, summary
from replykit.printing.screen import printable


def checked(
    text: str, *places: tuple[int, int], path: str = "d.txt", fix: Fix | None = None
) -> Checked:
    findings = tuple(
        Finding("TONE002", "repeated-marks", "warning", "one is enough", text[a:b], a, b, fix)
        for a, b in places
    )
    return Checked(path, text, "fi", "email", Metrics(3, 1, None, 50.0), findings)


def test_a_finding_shows_place_reason_line_mark_and_fix() -> None:
    shown = lint_text([checked("Hei!\nKiitos!! Moi.", (11, 13), fix=Fix("!"))])
    assert shown.split("\n") == [
        "d.txt:2:7: warning TONE002 repeated-marks: one is enough",
        "    Kiitos!! Moi.",
        "          ^^",
        "    fix: !",
        "",
        "1 warning",
    ]


def test_the_mark_stands_below_the_words_after_wide_characters_and_tabs() -> None:
    lines = lint_text([checked("😀\tä!! x", (3, 5))]).split("\n")
    assert lines[1] == "    😀 ä!! x"
    assert lines[2] == "        ^^"


def test_a_long_line_is_shown_around_its_words() -> None:
    text = "a" * 500 + "!!" + "b" * 500
    lines = lint_text([checked(text, (500, 502))]).split("\n")
    assert len(lines[1]) <= 94
    assert lines[1][lines[2].index("^") :].startswith("!!b")


def test_a_fix_that_removes_or_puts_a_space_says_so() -> None:
    assert "fix: (remove)" in lint_text([checked("a  b", (1, 3), fix=Fix(""))])
    assert "fix: (one space)" in lint_text([checked("a  b", (1, 3), fix=Fix(" "))])
    assert "fix (unsafe): Maija" in lint_text(
        [checked("a  b", (1, 3), fix=Fix("Maija", safe=False))]
    )


def test_no_control_character_reaches_the_terminal() -> None:
    evil = "\x1b]0;x\x07 \x9b31m \u202e \r\x08!!"
    item = checked(evil, (len(evil) - 2, len(evil)), path="\x1b[2Jd.txt", fix=Fix("\x1b[0m"))
    for shown in (lint_text([item]), diff_text(evil, "x\x1b[1m", "\x1b[2J")):
        assert printable(shown) == shown
        assert "\x1b" not in shown


def test_nothing_found_is_said_unless_nothing_could_be_read() -> None:
    assert lint_text([checked("Hei")]) == "no findings"
    assert lint_text([Checked("x", error="cannot be read")]) == ""
    assert lint_text([checked("Hei"), Checked("x", error="cannot be read")]) == "no findings"


def test_json_counts_findings_and_keeps_files_that_failed() -> None:
    items = [checked("a!!\n!!", (1, 3), (4, 6)), Checked("x", error="cannot be read")]
    found = lint_json(items, [NotRun("grammar", "no engine", "replykit setup grammar")])
    assert found["summary"] == summary(items) == {"error": 0, "warning": 2, "suggestion": 0}
    assert found["files"][1] == {"path": "x", "error": "cannot be read", "findings": []}
    assert found["files"][0]["metrics"]["politeness"] is None
    assert found["not_run"] == [
        {"check": "grammar", "reason": "no engine", "how": "replykit setup grammar"}
    ]
    assert "diff" not in found["files"][0]


def test_json_places_are_lines_columns_and_offsets_in_code_points() -> None:
    text = "ä😀\n😀!! x"
    item = checked(text, (4, 6), fix=Fix("!"))
    found = finding_json(item.findings[0], line_starts(text))
    assert found["start"] == {"line": 2, "column": 2, "offset": 4}
    assert found["end"] == {"line": 2, "column": 4, "offset": 6}
    assert found["fix"] == {"replacement": "!", "safe": True}


def test_a_draft_that_was_not_checked_has_no_lint() -> None:
    missing = Detail("order_number", description="Order number")
    draft = Draft("a/b", "en", "chat", "", "", missing=(missing,))
    found = draft_json(draft, None)
    assert found["lint"] is None
    assert found["missing"] == ["order_number"]


def test_what_is_missing_is_one_line_that_says_how_to_give_it() -> None:
    missing = (Detail("order_number", description="Order\x1b number\n2"), Detail("day"))
    draft = Draft("a", "en", "chat", "", "", missing=missing, ambiguous={"day": ["Mon", "Tue"]})
    line = missing_text(draft)
    assert "\n" not in line
    assert "\x1b" not in line
    assert "--set order_number=… --set day=…" in line
    assert "found several: Mon, Tue" in line
