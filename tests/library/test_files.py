"""The response library's files: what they mean, and each fault with its file and line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from replykit.config import Settings
from replykit.errors import ReplyKitError
from replykit.library.files import files, is_response, read, read_one, signature
from replykit.library.front_matter import parse
from replykit.library.response import Response

Make = Callable[[dict[str, str]], Path]

GOOD = "---\ntitle: Parcel\n---\nHello\n"
WHOLE = """---
title: Parcel is late
subject: Your order {{ order_number }}
examples:
  - Where is my parcel?
  - 'quoted: yes # really'   # a comment of the writer's
  - >
    a long one
    on two lines
channels: [email, chat]
tags: [delivery]
details:
  order_number:
    description: Order number
    pattern: '\\d{6,10}'
    ask: Could you tell me your order number?
  delivery_date: {required: false}
  carrier:
follow_up: [delivery/track]
status: live
valid_from: 2026-11-01
valid_until: 2027-01-31
owner: delivery-team
review_by: 2027-03-01
lint: {ignore: [LEN002]}
---

Hello {{ customer.first_name | default("there", true) }},
---
your order {{ order_number }} is on its way …
"""


def read_text(text: str) -> tuple[Response | None, list[str]]:
    response, problems = parse(text, "late.en.md", "late", "en")
    return response, [str(problem) for problem in problems]


def fault(text: str) -> str:
    """The one fault of a text."""
    _, problems = read_text(text)
    assert len(problems) == 1, problems
    return problems[0]


def with_keys(keys: str) -> str:
    return f"---\ntitle: Parcel\n{keys}\n---\nHello\n"


def with_example(line: str) -> str:
    return f"---\ntitle: Parcel\nexamples:\n  - Where is it?\n  {line}\n---\nHello\n"


def problems_of(folder: Path, settings: Settings | None = None) -> list[str]:
    return [str(problem) for problem in read(folder, settings or Settings()).problems]


def test_the_whole_format_is_read() -> None:
    response, problems = read_text(WHOLE)
    assert problems == []
    assert response is not None
    assert response.title == "Parcel is late"
    assert response.examples == (
        "Where is my parcel?",
        "quoted: yes # really",
        "a long one on two lines",
    )
    assert response.example_lines == (5, 6, 7)
    assert response.channels == ("email", "chat")
    assert [(d.name, d.required) for d in response.details] == [
        ("order_number", True),
        ("delivery_date", False),
        ("carrier", True),
    ]
    assert response.details[0].pattern == r"\d{6,10}"
    assert response.follow_up == ("delivery/track",)
    assert (response.valid_from, response.valid_until) == (date(2026, 11, 1), date(2027, 1, 31))
    assert response.lint_ignore == ("LEN002",)
    assert response.body.startswith("Hello {{")
    assert response.body.endswith("way …")
    assert WHOLE.split("\n")[response.body_line - 1].startswith("Hello {{")


def test_a_title_is_enough() -> None:
    response, problems = read_text(GOOD)
    assert problems == []
    assert response is not None
    assert response.channels == ("email", "chat", "social", "ticket")
    assert (response.status, response.examples, response.details) == ("live", (), ())


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(library: Make) -> None:
    folder = library({"late.en.md": GOOD})
    (folder / "windows.en.md").write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    found = read(folder, Settings())
    response, _ = read_text(WHOLE)
    assert response is not None
    windows = found.variants["windows"]["en"]
    assert windows.body == response.body
    assert windows.examples == response.examples
    assert windows.body_line == response.body_line


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("- No", "- 'No'"),
        ("- yes", "- 'yes'"),
        ("- ~", "- '~'"),
        ("- 123456", "- '123456'"),
        ("- 1:30", "- '1:30'"),
        ("- 2026-11-22", "- '2026-11-22'"),
        ("- a: b", "- 'a: b'"),
        ("- Kysymys: missä paketti on?", "- 'Kysymys: missä paketti on?'"),
        ("- missä:", "- 'missä:'"),
        ("- Missä paketti #123 on?", "- 'Missä paketti #123 on?'"),
        ("- it's order #123", "- 'it''s order #123'"),
        ("- first line\n    second #2", "- 'first line second #2'"),
        ("- &x foo", "- '&x foo'"),
        ("- *x", "- '*x'"),
        ("- !x foo", "- '!x foo'"),
        ("- - x", "- '- x'"),
        ("- [a, b]", "- '[a, b]'"),
        ("- {a}", "- '{a}'"),
        ("- {{ 7*7 }}", "- '{{ 7*7 }}'"),
        ("- @foo", "- '@foo'"),
        ("- %foo", "- '%foo'"),
        ("- > 5 euroa", "- '> 5 euroa'"),
        ("- 'it's'", "- 'it''s'"),
        ('- "Where" is it', "- '\"Where\" is it'"),
        ('- "a": b', "- '\"a\": b'"),
    ],
)
def test_an_example_that_yaml_eats_is_an_error_with_the_way_to_write_it(
    line: str, written: str
) -> None:
    text = fault(with_example(line))
    assert text.startswith("late.en.md:5: ")
    assert text.endswith(f"write it as {written}")
    mended, problems = read_text(with_example(written))
    assert problems == []
    assert mended is not None
    assert len(mended.examples) == 2


def test_an_alias_of_an_anchor_elsewhere_is_an_error_too() -> None:
    text = "---\ntitle: &x Parcel\nexamples:\n  - foo\n  - *x\n---\nHello\n"
    assert fault(text) == (
        "late.en.md:5: examples: YAML reads a reference here; write it as - '*x'"
    )


@pytest.mark.parametrize("line", ["- it's late", "- -50 %", "- a:b", "- a#b", "- ''''", "- 5 €"])
def test_examples_that_yaml_leaves_alone_are_no_error(line: str) -> None:
    assert read_text(with_example(line))[1] == []


def test_a_list_in_one_line_is_checked_like_the_others() -> None:
    assert fault(with_keys("examples: [Where?, No]")).endswith("not text; write it as 'No'")


@pytest.mark.parametrize("line", ["-", "- ''", '- "  "'])
def test_an_empty_example_is_an_error(line: str) -> None:
    assert "an empty example" in fault(with_example(line))


EXAMPLE_TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=40)


@hypothesis_settings(max_examples=300)
@given(EXAMPLE_TEXT)
def test_an_example_is_the_text_that_stands_there_or_an_error(line: str) -> None:
    """Unless it is quoted, whatever is read is what a person sees after the dash."""
    if line.strip()[:1] in ("'", '"', "|", ">"):
        return
    text = f"---\ntitle: Parcel\nexamples:\n  - {line}\n---\nHello\n"
    response, problems = read_text(text)
    if response is None:
        assert problems
    else:
        assert response.examples == (" ".join(line.split()),)


@pytest.mark.parametrize(
    ("keys", "line", "words"),
    [
        ("exmaples: []", 3, "unknown key exmaples; did you mean examples?"),
        ("tags: []\nfollowup: [a]", 4, "unknown key followup; did you mean follow_up?"),
        ("zzz: 1", 3, "unknown key zzz; known: title, subject"),
        ("title: Other", 3, "title stands twice"),
        ("details:\n  a: {reqired: true}", 4, "unknown key details.a.reqired; did you mean req"),
        ("details:\n  a: {}\n  a: {}", 5, "details.a stands twice"),
        ("details: [a]", 3, "details: expected names"),
        ("details:\n  order-number: {}", 4, "use letters, digits and _"),
        ("details:\n  a: text", 4, "details.a: expected a table"),
        ("details:\n  a: {required: maybe}", 4, "details.a.required: expected true or false"),
        ("details:\n  a: {pattern: '('}", 4, "details.a.pattern: not a regular expression"),
        ("details:\n  a: {pattern: '(?x)a # b'}", 4, "not a regular expression"),
        ("lint: {ignor: [A]}", 3, "unknown key lint.ignor; did you mean ignore?"),
        ("lint: LEN002", 3, "lint: expected a table"),
        ("channels: [mail]", 3, "channels: 'mail' is unknown; did you mean email?"),
        ("channels: []", 3, "channels: name one at least, or leave the key out"),
        ("status: alive", 3, "status: 'alive' is unknown; did you mean live?"),
        ("valid_from: 1.11.2026", 3, "'1.11.2026' is not a date; write 2026-11-30"),
        ("valid_from: 2026-02-30", 3, "is not a date"),
        ("valid_from: 2026-12-01\nvalid_until: 2026-11-01", 4, "valid_until is before 2026-12-01"),
        ("tags: delivery", 3, "tags: expected a list"),
        ("subject: {{ x }}", 3, "expected text; quote it"),
        ("subject: a: b", 3, "quote values that contain ': '"),
        ("examples: {a: b}", 3, "examples: expected a list"),
        ("examples:\n  a", 4, "examples: expected a list"),
        ("owner: a\x07b", 3, "control characters are not allowed"),
    ],
)
def test_faults_of_the_front_matter_name_the_line(keys: str, line: int, words: str) -> None:
    text = fault(with_keys(keys))
    assert text.startswith(f"late.en.md:{line}: ")
    assert words in text
    assert "\n" not in text


@pytest.mark.parametrize(
    "name", ["customer", "agent", "message", "channel", "lang", "formal", "now", "id"]
)
def test_a_detail_may_not_take_a_name_that_is_always_defined(name: str) -> None:
    assert "the name is taken" in fault(with_keys(f"details:\n  {name}: {{}}"))


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", 1, "the first line must be ---"),
        ("Hello\n", 1, "the first line must be ---"),
        ("\n---\ntitle: x\n---\nHello", 1, "the first line must be ---"),
        ("---\ntitle: Parcel\nHello\n", 4, "no closing ---"),
        ("---\n---\nHello\n", 2, "at least a title"),
        ("---\n- a\n---\nHello\n", 2, "at least a title"),
        ("---\nsubject: x\n---\nHello\n", 2, "title is missing"),
        ("---\ntitle:\n---\nHello\n", 2, "title is missing"),
        ("---\ntitle: [\n---\nHello\n", 3, "YAML: "),
        ("---\ntitle: Parcel\n---\n\n", 4, "no text below"),
    ],
)
def test_a_file_that_is_no_response_says_why(text: str, place: int, words: str) -> None:
    text = fault(text)
    assert text.startswith(f"late.en.md:{place}: ")
    assert words in text


@pytest.mark.parametrize("keys", ["tags: " + "[" * 50_000, "tags: " + "[ " * 2000 + "]" * 2000])
def test_lists_within_lists_without_end_do_not_crash(keys: str) -> None:
    assert "late.en.md:" in fault(with_keys(keys))


@hypothesis_settings(max_examples=300)
@given(st.one_of(st.text(), st.text("-:[]{}'\"#&*!|>%@`a \n?,", max_size=60)))
def test_any_front_matter_is_a_response_or_faults_in_one_line_each(text: str) -> None:
    response, problems = read_text(f"---\ntitle: x\n{text}\n---\nHello\n")
    assert response is not None or problems
    assert not any("\n" in problem for problem in problems)


@pytest.mark.parametrize(
    ("path", "id", "lang"),
    [
        ("delivery/late.en.md", "delivery/late", "en"),
        ("delivery/late.fi.md", "delivery/late", "fi"),
        ("late.md", "late", "en"),
        ("how.to.md", "how.to", "en"),
        ("how.to.fi.md", "how.to", "fi"),
        ("a.b/late.sv.md", "a.b/late", "sv"),
        ("en.md", "en", "en"),
        ("late.de.md", "late.de", "en"),
    ],
)
def test_id_and_language_come_from_the_path(library: Make, path: str, id: str, lang: str) -> None:
    found = read(library({path: GOOD}), Settings())
    assert {key: list(value) for key, value in found.variants.items()} == {id: [lang]}


def test_a_file_without_a_tag_takes_the_default_language(library: Make) -> None:
    folder = library({"late.md": GOOD})
    assert list(read(folder, Settings(language="fi")).variants["late"]) == ["fi"]


def test_some_names_are_never_responses(library: Make) -> None:
    broken = dict.fromkeys(
        ["README.md", "a/README.md", "_notes.md", "_partials/x.md", "a/_b/c.md", ".git/x.md",
         "late.txt", "_none.md"],
        "no front matter",
    )  # fmt: skip
    found = read(library({"late.en.md": GOOD} | broken), Settings())
    assert list(found.variants) == ["late"]
    assert found.problems == ()
    assert not is_response("_words.md")


def test_two_files_of_one_id_and_language_are_a_fault(library: Make) -> None:
    folder = library({"late.en.md": GOOD, "late.md": GOOD})
    assert problems_of(folder) == ["late.md:1: the same id and language (late, en) as late.en.md"]


def test_a_file_that_is_not_utf8_is_a_fault_with_its_line(library: Make) -> None:
    folder = library({"late.en.md": GOOD})
    (folder / "latin.fi.md").write_bytes("---\ntitle: Myöhässä\n---\nHei\n".encode("latin-1"))
    assert problems_of(folder) == ["latin.fi.md:2: not UTF-8; save the file as UTF-8"]


def test_variants_must_agree(library: Make) -> None:
    details = "details:\n  number: {pattern: '\\d+'}\nfollow_up: [other]"
    other = "details:\n  number: {pattern: '\\d{6}'}\nfollow_up: []"
    folder = library(
        {
            "late.en.md": with_keys(details),
            "late.fi.md": with_keys(other),
            "other.en.md": GOOD,
        }
    )
    assert problems_of(folder) == [
        "late.fi.md:3: details differ from those of late.en.md (names, patterns, required)",
        "late.fi.md:5: follow_up differs from that of late.en.md",
    ]


def test_variants_may_differ_in_words(library: Make) -> None:
    first, second = (
        with_keys(f"details:\n  number: {{ask: '{ask}', description: '{ask}'}}")
        for ask in ("Number?", "Numero?")
    )
    assert problems_of(library({"late.en.md": first, "late.fi.md": second})) == []


def test_an_unknown_follow_up_names_the_line_and_the_nearest_id(library: Make) -> None:
    folder = library(
        {"delivery/late.en.md": with_keys("tags: []\nfollow_up: [delivery/trakc]"),
         "delivery/track.en.md": GOOD}
    )  # fmt: skip
    assert problems_of(folder) == [
        "delivery/late.en.md:4: follow_up: no response 'delivery/trakc'; "
        "did you mean delivery/track?"
    ]


def test_a_broken_file_is_the_one_fault_not_those_who_follow_it(library: Make) -> None:
    folder = library({"a.en.md": with_keys("follow_up: [z]"), "z.en.md": "broken"})
    assert problems_of(folder) == ["z.en.md:1: no front matter; the first line must be ---"]


def test_a_missing_library_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReplyKitError, match="no response library here; give --library DIR"):
        files(tmp_path / "none")


def test_the_signature_changes_with_any_file(library: Make) -> None:
    folder = library({"late.en.md": GOOD})
    before = signature(folder)
    assert signature(folder) == before
    library({"_partials/x.md": "x"})
    assert signature(folder) != before


def test_one_response_is_read_without_the_others(library: Make) -> None:
    folder = library({"late.en.md": GOOD, "late.fi.md": GOOD, "broken.en.md": "broken"})
    found = read_one(Settings(library=str(folder)), "late")
    assert sorted(found.variants["late"]) == ["en", "fi"]
    with pytest.raises(ReplyKitError, match=r"broken\.en\.md:1: no front matter"):
        read_one(Settings(library=str(folder)), "broken")
