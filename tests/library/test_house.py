"""House rules: word lists of a library's own, their faults, and how lint goes by them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from replykit.checking.check import check_text
from replykit.config import Settings, parse_now
from replykit.errors import ReplyKitError
from replykit.library.house import house_faults, house_rules
from replykit.linter import Finding
from tests.conftest import Run

Make = Callable[[dict[str, str]], Path]
NOW = parse_now("2026-11-22T12:00+02:00")
BRAND = """
STYLE901:
  name: old-account-name
  message: the account is called Säästötili now
  explanation: The name changed in May, and customers search for the new one.
  severity: error
  words: {kasvutili*: säästötili*, halpa: edullinen}
  bad: [Avaa Kasvutilisi tänään., Tili on halpa.]
  good: [Kasvatamme säästöjä.]
"""


def settings_of(folder: Path, **more: object) -> Settings:
    return Settings(library=str(folder), **more)  # type: ignore[arg-type]


def found(
    library: Make, yaml: str, text: str, lang: str = "fi", name: str = "brand.fi.yaml"
) -> list[Finding]:
    """What the house rules of one file find in a text."""
    settings = settings_of(library({f"_lexicons/{name}": yaml}))
    own = {rule.code for rule in house_rules(settings)}
    checked = check_text(text, "draft", settings, NOW, lang=lang)
    return [finding for finding in checked.findings if finding.code in own]


def test_a_rule_finds_its_words_with_their_endings_and_mends_them(library: Make) -> None:
    text = "Hei! Kasvutilillesi tuli 5 euroa, ja kasvutili on HALPA."
    hits = found(library, BRAND, text)
    assert [(hit.text, hit.fix and hit.fix.replacement) for hit in hits] == [
        ("Kasvutilillesi", "Säästötilillesi"),
        ("kasvutili", "säästötili"),
        ("HALPA", "Edullinen"),
    ]
    assert {(hit.code, hit.name, hit.severity) for hit in hits} == {
        ("STYLE901", "old-account-name", "error")
    }
    assert not any(hit.fix and hit.fix.safe for hit in hits)


def test_a_rule_holds_for_the_language_of_its_file_alone(library: Make) -> None:
    assert found(library, BRAND, "Your kasvutili is open.", lang="en") == []


def test_a_rule_of_a_file_without_a_language_says_its_own(library: Make) -> None:
    for languages, count in (("[en, fi]", 1), ("[sv]", 0)):
        yaml = BRAND.replace("  severity:", f"  languages: {languages}\n  severity:")
        assert len(found(library, yaml, "Your kasvutili is open.", "en", "all.yaml")) == count
    assert len(found(library, BRAND, "Your kasvutili is open.", "en", "all.yaml")) == 1


def test_a_sentence_with_an_innocent_word_is_left_alone(library: Make) -> None:
    yaml = "own-word:\n  words: [ticket]\n  message: say case\n  unless: [train]\n"
    text = "Your train ticket is here. The ticket is closed."
    assert [hit.start for hit in found(library, yaml, text, "en", "x.en.yaml")] == [31]


def test_regular_expressions_are_whole_words_as_in_the_built_in_lists(library: Make) -> None:
    yaml = "own-word:\n  phrases: ['cheap(?:er|est)?', 'low cost']\n  message: say good value\n"
    text = "Cheaper, cheapish and all of what we said was that it is low\ncost."
    hits = found(library, yaml, text, "en", "x.en.yaml")
    assert [hit.text for hit in hits] == ["Cheaper", "low\ncost"]


def test_a_pattern_that_runs_on_and_on_stops_and_says_so(library: Make) -> None:
    yaml = "own-word:\n  phrases: ['(?:\\w|\\w\\w)+#']\n  message: x\n"
    with pytest.raises(ReplyKitError, match=r"own\.en\.yaml:1: STYLE\d+: .*take too long"):
        found(library, yaml, "a" * 5000 + " #", "en", "own.en.yaml")


def test_a_rule_without_a_code_keeps_the_one_made_of_its_name(library: Make) -> None:
    one = "own-word: {words: [foo], message: x}\n"
    (first,) = house_rules(settings_of(library({"_lexicons/x.yaml": one})))
    many = "abc: {words: [bar], message: x}\n" + one
    rules = house_rules(settings_of(library({"_lexicons/x.yaml": many})))
    assert {rule.name: rule.code for rule in rules}["own-word"] == first.code
    assert first.code.startswith("STYLE9")


def test_files_of_two_languages_are_one_rule(library: Make) -> None:
    english = "STYLE901:\n  name: old-account-name\n  severity: error\n  words: [growth account]\n"
    english += "  message: it is called savings account now\n  bad: [Open a growth account.]\n"
    files = {"_lexicons/brand.fi.yaml": BRAND, "_lexicons/brand.en.yaml": english}
    settings = settings_of(library(files))
    (rule,) = house_rules(settings)
    assert {example.lang for example in rule.bad} == {"en", "fi"}
    said = check_text("Open a growth account.", "x", settings, NOW, lang="en").findings
    assert "it is called savings account now" in {finding.message for finding in said}


def test_a_changed_file_is_read_again(library: Make) -> None:
    assert len(found(library, BRAND, "Kasvutili on auki.")) == 1
    gold = BRAND.replace("asvutili", "ultatili")
    assert found(library, gold, "Kasvutili on auki.") == []


FAULTS = [
    ("a: {wrods: [x], message: m}", 1, "unknown key wrods; did you mean words?"),
    ("a: {words: [x], words: [y], message: m}", 1, "words stands twice"),
    ("a:\n  words: [x]\n  phrases: [y]\n  message: m", 3, "words or phrases, not both"),
    ("a: {words: [x]}", 1, "message is missing"),
    ("a: {message: m}", 1, "words are missing"),
    ("a: [x]", 1, "expected a table"),
    ("- a", 1, "expected rules by code or name"),
    ("a:\n  message: b: c", 2, "YAML: mapping values are not allowed"),
    ("a:\n  words:\n    - x\n    - y: z\n  message: m", 4, "put it in quotes"),
    ("a: {words: [x], message: m, severity: fatal}", 1, "'fatal' is none of error"),
    ("a: {words: ['li*'], message: m}", 1, "at least 3 letters"),
    ("a: {phrases: ['(x'], message: m}", 1, "not a regular expression"),
    ("a: {words: {14 days: 30 days}, message: m}", 1, "changes a number"),
    ("STYLE001: {words: [x], message: m, name: a}", 1, "900 to 999, as STYLE901"),
    ("a: {words: [x], message: m, code: STILE950}", 1, "900 to 999, as STYLE950"),
    ("A b: {words: [x], message: m}", 1, "not of the shape old-name"),
    ("shouting: {words: [x], message: m}", 1, "shouting is the name of TONE001"),
    ("a: {words: [x], message: m, code: STYLE950}\nb: {words: [y], message: m, code: STYLE950}", 2,
     "STYLE950 is taken by a (_lexicons/own.en.yaml:1); write code: STYLE900"),
    ("a: {words: [x], message: m}\na: {words: [y], message: m}", 2, "for the same language"),
    ("a:\n  words: [foo]\n  message: m\n  bad:\n    - a foo\n    - a bar", 6, "does not find this"),
    ("a:\n  words: [foo]\n  message: m\n  good: [a foo]", 4, "finds this good example"),
    ("[" * 5000, 1, "too many lists"),
]  # fmt: skip


@pytest.mark.parametrize(("yaml", "line", "said"), FAULTS)
def test_a_fault_says_where_and_what_to_do(library: Make, yaml: str, line: int, said: str) -> None:
    settings = settings_of(library({"_lexicons/own.en.yaml": yaml}))
    path, place, message = house_faults(settings)[0]
    assert (path, place) == ("_lexicons/own.en.yaml", line)
    assert said in message
    with pytest.raises(ReplyKitError, match=rf"own\.en\.yaml:{line}: "):
        house_rules(settings)


def test_a_file_that_is_not_utf_8_is_told(library: Make) -> None:
    folder = library({"_lexicons/own.en.yaml": ""})
    (folder / "_lexicons" / "own.en.yaml").write_bytes(b"a:\n  words: [\xe4]\n")
    assert house_faults(settings_of(folder)) == (
        ("_lexicons/own.en.yaml", 2, "not UTF-8; save the file as UTF-8"),
    )


def test_lint_goes_by_house_rules_and_stops_at_broken_ones(run: Run, library: Make) -> None:
    folder = library({"_lexicons/brand.fi.yaml": BRAND})
    text = "Hei Maija,\n\nkasvutilisi on nyt auki ja valmis.\n\nTerveisin\nAnna\n"
    told = ["lint", "-", "--lang", "fi", "--library", folder]
    assert run(*told, stdin=text).returncode == 1
    assert run(*told, "--ignore", "STYLE901", stdin=text).returncode == 0
    assert run(*told, "--select", "old-account-name", stdin=text).returncode == 1
    assert run(*told, "--lint-severity", "STYLE901=off", stdin=text).returncode == 0
    assert "säästötilisi on" in run(*told, "--unsafe-fixes", stdin=text).stdout
    (folder / "_lexicons" / "brand.fi.yaml").write_text("a: {wrods: [x]}", "utf-8")
    broken = run(*told, stdin=text)
    assert (broken.returncode, broken.stdout) == (2, "")
    assert broken.stderr.count("\n") == 1
    assert "brand.fi.yaml:1: a: unknown key wrods; did you mean words?" in broken.stderr


def test_rules_lists_and_explains_house_rules(run: Run, library: Make) -> None:
    folder = library({"_lexicons/brand.fi.yaml": BRAND})
    assert "STYLE901  error       old-account-name" in run("rules", "--library", folder).stdout
    explained = run("rules", "style901", "--library", folder).stdout
    assert "The name changed in May" in explained
    assert "_lexicons/brand.fi.yaml" in explained
    assert "[fi] Avaa Kasvutilisi tänään." in explained


def test_library_check_names_faults_of_house_rules_before_those_of_texts(
    run: Run, library: Make
) -> None:
    reply = "---\ntitle: A\nlint: {ignore: [STYLE901]}\n---\nHei,\n\nkasvutilisi avattiin eilen.\n"
    folder = library({"a.fi.md": reply, "_lexicons/brand.fi.yaml": BRAND})
    assert run("library", "check", "--library", folder).stdout.count("STYLE901") == 0
    (folder / "_lexicons" / "brand.fi.yaml").write_text("a: {wrods: [x], message: m}", "utf-8")
    result = run("library", "check", "--library", folder)
    assert result.returncode == 1
    assert result.stdout == (
        "_lexicons/brand.fi.yaml:1: error: a: unknown key wrods; did you mean words?\n"
    )
