"""Templates: the sandbox, its bounds, and errors that name file and line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from replykit.errors import ReplyKitError
from replykit.filling.template import Templates, Values, tidy
from replykit.library.front_matter import parse
from replykit.library.response import Response
from tests.limits import bounded

Make = Callable[[dict[str, str]], Path]

# Line 9 of a file is the body's first line.
FRONT = """---
title: Parcel
subject: '%s'
details:
  order_number: {required: false}
  note: {required: false}
---

"""
NAMES = {
    "customer": Values("customer", {"name": "Maija Mäkelä", "first_name": "Maija", "email": ""}),
    "agent": Values("agent", {"name": "", "team": ""}),
    "message": Values("message", {"subject": "", "text": "{{ 7*7 }}{% include 'x' %}"}),
    "channel": "email",
    "lang": "fi",
    "formal": False,
    "now": datetime(2026, 11, 22, 9, 30),
    "order_number": "123456",
    "note": "",
}


def response(body: str, subject: str = "Hello") -> Response:
    found, problems = parse(FRONT % subject + body, "late.fi.md", "late", "fi")
    assert found is not None, problems
    return found


@pytest.fixture
def templates(library: Make) -> Templates:
    return Templates(
        library(
            {
                "late.fi.md": "the response that includes",
                "_none.jsonl": "a secret",
                "_partials/greeting.fi.md": "Hei {{ customer.first_name }}!\n",
                "_partials/greeting.en.md": "Hello {{ customer.first_name }},\n",
                "_partials/plain.md": "plain",
                "_partials/broken.md": "one\n\n{{ nope }}",
                "_partials/syntax.md": "one\n{% if %}",
                "_partials/circle.md": "{% include 'circle' %}",
            }
        )
    )


def render(templates: Templates, body: str) -> str:
    return templates.render(response(body), response(body).body, NAMES)


def error(templates: Templates, body: str) -> str:
    """The one line that rendering ends in, its path relative to the library."""
    with bounded(), pytest.raises(ReplyKitError) as caught:
        render(templates, body)
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(f"{templates.folder}/", "")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('Hei {{ customer.first_name | default("asiakas", true) }}', "Hei Maija"),
        ('{{ customer.first_name | case("allative") }}', "Maijalle"),
        ("{{ customer['first_name'] }}", "Maija"),
        ("{{ now | date }}", "22. marraskuuta 2026"),
        ("{{ now.year }}", "2026"),
        ("a\n{% if note %}\nb\n{% endif %}\nc", "a\nc"),
        ("{% for x in [1, 2] %}{{ loop.index }}/{{ loop.length }} {% endfor %}", "1/2 2/2"),
        ("{% for x in range(3) %}{{ x }}{% endfor %}", "012"),
        ("{% set total = 2 * 3 %}{{ total }}{{ '-' * 3 }}", "6---"),
        ("{% include 'greeting' %}", "Hei Maija!"),
        ("{% include '_partials/greeting' %}", "Hei Maija!"),
        ("{% include 'plain' %}", "plain"),
        ("{% include 'plain.md' %}", "plain"),
        ("<b>{{ customer.name }}</b> & co", "<b>Maija Mäkelä</b> & co"),
    ],
)
def test_what_replies_need_is_rendered(templates: Templates, body: str, text: str) -> None:
    assert render(templates, body) == text


def test_a_customers_text_is_never_a_template(templates: Templates) -> None:
    assert render(templates, "> {{ message.text }}") == "> {{ 7*7 }}{% include 'x' %}"


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ("a\n{{ foo }}", 10, "'foo' is undefined"),
        ("a\n\n{% if foo %}x{% endif %}", 11, "'foo' is undefined"),
        ("{{ customer.fone }}", 9, "customer.fone is unknown; customer has: name, first_name"),
        ("{{ customer }}", 9, "customer is a record; write one of its fields"),
        ("{% if %}", 9, "Expected an expression"),
        ("a\n{% endif %}", 10, "unknown tag 'endif'"),
        ("a\n{{ 1 / 0 }}", 10, "division by zero"),
        ("a\n{{ customer.name | shout }}", 10, "No filter named 'shout'"),
        ("{{ customer.first_name | case('dative') }}", 9, "unknown case 'dative'"),
        ("a\n{% include 'none' %}", 10, "no partial 'none' in _partials/"),
        ("{{ '%d' % 'x' }}", 9, "%d format"),
        ("{{ " + "(" * 5000 + " }}", 9, ""),
    ],
)
def test_errors_name_file_and_line(templates: Templates, body: str, place: int, words: str) -> None:
    text = error(templates, body)
    assert text.startswith(f"late.fi.md:{place}: ")
    assert words in text


def test_errors_of_the_subject_name_its_line(templates: Templates) -> None:
    bad = response("Hello", subject="{{ nope }}")
    with pytest.raises(ReplyKitError, match=r"late\.fi\.md:3: 'nope' is undefined"):
        templates.render(bad, bad.subject, NAMES)


@pytest.mark.parametrize(
    ("name", "place", "words"),
    [
        ("broken", "_partials/broken.md:3: ", "'nope' is undefined"),
        ("syntax", "_partials/syntax.md:2: ", "Expected an expression"),
        ("circle", "_partials/circle.md:1: ", "recursion"),
    ],
)
def test_errors_of_a_partial_name_the_partial(
    templates: Templates, name: str, place: str, words: str
) -> None:
    text = error(templates, f"a\n{{% include '{name}' %}}")
    assert text.startswith(place)
    assert words in text


def test_a_partial_that_is_not_utf8_is_named(templates: Templates) -> None:
    (templates.folder / "_partials" / "latin.md").write_bytes("ä".encode("latin-1"))
    assert "_partials/latin.md cannot be read (not UTF-8)" in error(
        templates, "{% include 'latin' %}"
    )


@pytest.mark.parametrize(
    "name",
    ["../late.fi.md", "../_none.jsonl", "_partials/../_none.jsonl", "/etc/passwd",
     "../../../../../../etc/passwd", ".", "..", "", "plain\\0", "//etc/passwd"],
)  # fmt: skip
@pytest.mark.parametrize("tag", ["include", "import", "extends"])
def test_include_reads_partials_alone(templates: Templates, name: str, tag: str) -> None:
    rest = " as x" if tag == "import" else ""
    assert "no partial" in error(templates, f"{{% {tag} '{name}'{rest} %}}")


def test_a_link_out_of_the_partials_is_not_followed(templates: Templates, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret", "utf-8")
    (templates.folder / "_partials" / "link.md").symlink_to(tmp_path / "secret.md")
    assert "no partial" in error(templates, "{% include 'link' %}")


@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__",
        "''.__class__.__mro__[1].__subclasses__()",
        "''|attr('__class__')",
        "customer.__dict__",
        "customer.__init__.__globals__",
        "customer['__class__']",
        "customer._what",
        "self._TemplateReference__context",
        "'{0.__class__}'.format(1)",
        "now.__class__",
        "range.__self__",
        "[].append(1)",
        "{}.update({1: 2})",
        "lipsum.__globals__",
        "cycler.__init__",
        "namespace()",
        "config",
        "request",
        "open('/etc/passwd').read()",
    ],
)
def test_the_sandbox_gives_nothing_away(templates: Templates, expression: str) -> None:
    assert error(templates, "{{ " + expression + " }}").startswith("late.fi.md:9: ")


@pytest.mark.parametrize(
    "body",
    [
        "{% for a in range(10**9) %}x{% endfor %}",
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% for a in 'x' * 1000 %}{% for b in 'x' * 1000 %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{% if n %}{{ f(n-1) }}{{ f(n-1) }}{% endif %}{% endmacro %}{{ f(60) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% for a in [1, 2] recursive %}{{ loop([1, 2]) }}{% endfor %}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ 'x' * 10 ** 9 }}",
        "{{ [1] * 10 ** 9 }}",
        "{% for a in range(9999) %}{{ '-' * 9999 }}{% endfor %}",
    ],
)
def test_a_template_cannot_take_the_machine(templates: Templates, body: str) -> None:
    assert "late.fi.md:9: " in error(templates, body)


def test_each_rendering_has_its_own_budget(templates: Templates) -> None:
    for _ in range(4):
        text = render(templates, "{% for a in range(9000) %}x{% endfor %}")
    assert text == "x" * 9000


def test_problems_are_found_without_rendering(templates: Templates) -> None:
    assert list(templates.problems(response("{{ order_number }}"))) == []
    assert list(templates.problems(response("{% include 'greeting' %}"))) == []
    for text, line, words in (
        ("a\n{{ order_numbr }}", 10, "declared nowhere"),
        ("a\n\n{{ note | shot }}", 11, "No filter named 'shot'"),
        ("{% if %}", 9, "Expected an expression"),
        ("a\n{% include 'none' %}", 9, "no partial 'none'"),
        ("{% include 'broken' %}", 9, "{{ nope }} is declared nowhere"),
        ("{% include 'syntax' %}", 9, "syntax.md:2"),
    ):
        found = list(templates.problems(response(text)))
        assert found[0][0] == line
        assert words in found[0][1]


def test_the_outline_marks_details_and_never_raises(templates: Templates) -> None:
    text = (
        FRONT % "x" + "{{ number }} {{ customer.first_name }}{% include 'greeting' %}{{ foo.bar }}"
    )
    text = text.replace("  note: {required: false}", "  number: {}")
    found, _ = parse(text, "a.fi.md", "a", "fi")
    assert found is not None
    assert templates.outline(found) == "[[number]]"
    assert templates.outline(response("{% if %}")) == "{% if %}"


def test_a_preview_has_what_the_reply_says_where_nothing_else_is_known(
    templates: Templates,
) -> None:
    text = FRONT % "x" + "Pay by {{ ways }}."
    text = text.replace("  note: {required: false}", "  ways: {required: false, default: card}")
    found, _ = parse(text, "a.fi.md", "a", "fi")
    assert found is not None
    assert templates.outline(found, defaults=True) == "Pay by card."
    assert templates.outline(found) == "Pay by ."


def test_tidy_takes_out_the_blanks_that_tags_leave() -> None:
    assert tidy("\n\na  \r\n\n\n\nb\t\n\n") == "a\n\nb"
