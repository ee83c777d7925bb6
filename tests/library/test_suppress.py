"""Suppressions: what a template's comments and front matter leave out, and which are of no use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

Make = Callable[[dict[str, str]], Path]
HEAD = "---\ntitle: A\n---\n"
REPLY = HEAD + "Hello Maija,\n\n{}\n\nKind regards,\nAnna\n"
SHOUTED = "your parcel left our warehouse today!!"


def found(run: Run, path: Path, *more: str) -> list[tuple[str, int, str]]:
    """Code, line and text of what lint finds in a file of a library."""
    result = run("lint", path, "--library", path.parent, "--format", "json", *more)
    assert result.returncode in (0, 1), result.stderr
    findings = json.loads(result.stdout)["files"][0]["findings"]
    return [(item["code"], item["start"]["line"], item["text"]) for item in findings]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (SHOUTED, [6]),
        (SHOUTED + " {# replykit: ignore TONE002 #}", []),
        ("{# replykit: ignore TONE002 #}\n" + SHOUTED, []),
        ("{#- replykit: ignore repeated-marks -#}\n\nIt is ready.\n" + SHOUTED, []),
        ("{# replykit: ignore LEN002, TONE #}\nIt is ready.\n" + SHOUTED, []),
        ("{# replykit: ignore\n   TONE002 #}\n" + SHOUTED, []),
        ("It is ready. {# replykit: ignore TONE002 #}\n" + SHOUTED, [7]),
        ("{# replykit: ignore TONE002 #}\nSo it is!!\n\n" + SHOUTED, [9]),
        ("<!-- replykit: ignore TONE002 -->\n" + SHOUTED, [7]),
    ],
)
def test_a_comment_covers_its_line_and_one_alone_the_paragraph_below(
    run: Run, library: Make, body: str, lines: list[int]
) -> None:
    path = library({"a.en.md": REPLY.format(body)}) / "a.en.md"
    hits = found(run, path, "--select", "TONE002")
    assert [line for _, line, _ in hits] == lines


def test_a_comment_leaves_no_trace_in_the_draft_and_holds_there_too(
    run: Run, library: Make
) -> None:
    body = f"First line.\n{{# replykit: ignore TONE002 #}}\n{SHOUTED} {{# replykit: ignore TONE #}}"
    folder = library({"a.en.md": REPLY.format(body)})
    result = run("draft", "a", "--library", folder, "--lint-select", "TONE", "--format", "json")
    draft = json.loads(result.stdout)
    assert draft["text"] == f"Hello Maija,\n\nFirst line.\n{SHOUTED}\n\nKind regards,\nAnna"
    assert draft["lint"]["files"][0]["findings"] == []


@pytest.mark.parametrize("made", ["upper", "wordwrap(20)", "truncate(30)", "trim"])
def test_no_filter_lets_a_mark_through(run: Run, library: Make, made: str) -> None:
    comment = "{# replykit: ignore TONE002 #}"
    body = (
        f"{{% filter {made} %}}Thank you for this, {comment} and good bye to all{{% endfilter %}}"
    )
    folder = library({"a.en.md": REPLY.format(body)})
    text = run("draft", "a", "--library", folder, "--no-lint").stdout
    assert text.replace("...", "").isascii()
    assert "#" not in text


def test_a_partials_comment_holds_wherever_it_is_included(run: Run, library: Make) -> None:
    folder = library({
        "_partials/news.md": f"{SHOUTED} {{# replykit: ignore TONE002 #}}",
        "a.en.md": REPLY.format('{% include "news" %}'),
        "b.en.md": REPLY.format('So it is!!\n\n{% include "news" %}'),
    })  # fmt: skip
    assert found(run, folder / "a.en.md", "--select", "TONE002") == []
    hits = found(run, folder / "b.en.md", "--select", "TONE002")
    assert [text for _, _, text in hits] == ["!!"]
    assert run("library", "check", "--library", folder).stdout.count("TONE002") == 1


UNUSED = [
    (HEAD.replace("title: A\n", "title: A\nlint: {ignore: [TONE002]}\n"), "It is ready.",
     [("FILL002", 3, "TONE002")]),
    (HEAD.replace("title: A\n", "title: A\nlint: {ignore: [TONE002]}\n"), SHOUTED, []),
    (HEAD.replace("title: A\n", "title: A\nlint:\n  ignore:\n    - LEN\n"), "It is ready.",
     [("FILL002", 3, "lint:")]),
    (HEAD, "It is ready. {# replykit: ignore TONE002 #}", [("FILL002", 6, "TONE002")]),
    (HEAD, SHOUTED + " {# replykit: ignore TONE002, STYLE001 #}", [("FILL002", 6, "STYLE001")]),
    (HEAD, "It is ready. {# replykit: ignroe TONE002 #}",
     [("FILL002", 6, "{# replykit: ignroe TONE002 #}")]),
    (HEAD, "It is ready. {# replykit: ignore #} {# replykit is a tool #}",
     [("FILL002", 6, "{# replykit: ignore #}")]),
    # What waits for a message, a model or an engine cannot be known from the file.
    (HEAD, "It is ready. {# replykit: ignore FACT002 TONE020 TONE GRAM001 #}", []),
    # A branch that is never rendered says nothing.
    (HEAD, "It is ready. {% if customer.vip is defined %}{# replykit: ignore LEN002 #}{% endif %}",
     []),
    (HEAD, "{% if customer.first_name %}\nGood!! {# replykit: ignore TONE002 #}\n{% endif %}\nSo.",
     []),
    (HEAD, "{% if formal %}\nGood!! {# replykit: ignore TONE002 #}\n{% endif %}\nSo.", []),
]  # fmt: skip


@pytest.mark.parametrize(("head", "body", "expected"), UNUSED)
def test_a_suppression_that_suppresses_nothing_is_found(
    run: Run, library: Make, head: str, body: str, expected: list[tuple[str, int, str]]
) -> None:
    path = library({"a.en.md": REPLY.format(body).replace(HEAD, head)}) / "a.en.md"
    hits = [hit for hit in found(run, path) if hit[0] == "FILL002"]
    assert hits == expected
    checked = run("library", "check", "--library", path.parent, "--fail-on", "warning").stdout
    assert checked.count("FILL002") == len(expected)


def test_a_suppression_of_a_rule_that_is_off_anyway_is_left_alone(run: Run, library: Make) -> None:
    path = library({"a.en.md": REPLY.format("Ready. {# replykit: ignore TONE002 #}")}) / "a.en.md"
    assert found(run, path, "--lint-severity", "TONE002=off", "--select", "FILL,TONE") == []
    assert found(run, path, "--ignore", "FILL002", "--select", "FILL,TONE") == []


def test_a_suppression_of_no_known_rule_says_the_nearest(run: Run, library: Make) -> None:
    path = library({"a.en.md": REPLY.format("Ready. {# replykit: ignore TOME002 #}")}) / "a.en.md"
    result = run("lint", path, "--library", path.parent)
    assert "did you mean TONE00" in result.stdout


def test_a_partials_comment_is_unused_where_no_reply_needs_it(run: Run, library: Make) -> None:
    folder = library({
        "_partials/news.md": "{{ channel }}{# replykit: ignore TONE002 #}",
        "_partials/slip.md": "So.\n{# replykit ignore: TONE002 #}",
        "_partials/used.md": "{% if lang == 'fi' %}Hyvä!!{% endif %}{# replykit: ignore TONE002 #}",
        "a.en.md": REPLY.format('{% include "news" %}\n{% include "used" %}'),
        "a.fi.md": REPLY.format('{% include "used" %}'),
    })  # fmt: skip
    lines = run("library", "check", "--library", folder).stdout.splitlines()
    assert [line for line in lines if "FILL002" in line] == [
        "_partials/news.md:1: warning: FILL002 unused-suppression: TONE002 is suppressed here, "
        "but finds nothing; take it out",
        "_partials/slip.md:2: warning: FILL002 unused-suppression: suppresses nothing; write "
        "{# replykit: ignore CODE #}",
    ]
