"""The Python API by the contract's own example."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import replykit
from replykit import Library, ReplyKitError, lint
from tests.test_suggest import FILES

Make = Callable[[dict[str, str]], Path]


def test_the_contracts_example(library: Make) -> None:
    opened = Library.open(library(FILES))
    assert [s.rank for s in opened.suggest("Where is my parcel?", top=3)] == [1, 2, 3]
    reply = opened.draft("late", lang="en", details={"order_number": "123456"})
    assert "Parcel is late" in reply.text
    findings = lint(reply.text, lang="en", channel="email", message=None, details=reply.details)
    assert not [finding for finding in findings if finding.severity == "error"]


def test_lint_finds_what_it_should() -> None:
    codes = [finding.code for finding in lint("Hello [NAME],\n\nyour order is late!!", lang="en")]
    assert "FILL001" in codes


def test_lint_knows_a_language_with_its_country() -> None:
    codes = [finding.code for finding in lint("Hei Maija, rauhoitu nyt.", lang="fi", model=False)]
    assert codes == [f.code for f in lint("Hei Maija, rauhoitu nyt.", lang="fi-FI", model=False)]
    assert codes
    with pytest.raises(ReplyKitError, match="lang finnish"):
        lint("Hei Maija", lang="finnish")


def test_a_missing_detail_is_named_and_nothing_is_written(library: Make) -> None:
    reply = Library.open(library(FILES)).draft("late", lang="en")
    assert (reply.missing, reply.text) == (("order_number",), "")


def test_a_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ReplyKitError, match="no response library here"):
        Library.open(tmp_path / "none")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        replykit.nothing  # noqa: B018


def test_every_public_name_resolves() -> None:
    assert all(getattr(replykit, name) for name in replykit.__all__)


def test_asking_the_customer_is_told_from_a_reply(library: Make) -> None:
    opened = Library.open(library(FILES))
    reply = opened.draft("late", lang="en", ask_customer=True)
    assert (reply.asking, reply.missing) == (True, ("order_number",))
    assert reply.text
    given = opened.draft("late", lang="en", details={"order_number": "123456"}, ask_customer=True)
    assert not given.asking


def test_lint_names_what_could_not_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("replykit.encoder.available", lambda _: False)
    assert [item.check for item in lint("Hello Mia.", lang="en", grammar=False).not_run] == [
        "meaning"
    ]
    assert lint("Hello Mia.", lang="en", model=False, grammar=False).not_run == ()


@pytest.mark.parametrize(("known", "fires"), [(False, True), (True, False)])
def test_what_stands_in_the_librarys_reply_is_known(known: bool, fires: bool) -> None:
    text = "Hello Mia,\n\nthe new part costs 49.90 €.\n\nKind regards,\nTom"
    findings = lint(
        text, lang="en", message="Where is my refund?", model=False, grammar=False,
        reply=text if known else "",
    )  # fmt: skip
    assert any(item.code.startswith("FACT") for item in findings) == fires
