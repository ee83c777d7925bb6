"""Asking the customer: one friendly message for all that a reply lacks, in every language and
channel, that the project's own lint finds nothing in."""

from __future__ import annotations

import email
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from replykit.checking.check import check_draft
from replykit.config import CHANNELS, Settings
from replykit.draft import Draft, draft
from replykit.errors import ReplyKitError
from replykit.filling.letters import letters, written_languages
from replykit.filling.template import Templates
from replykit.library.files import read
from replykit.library.response import Detail, Response
from replykit.message import Message
from replykit.reading.plain import from_text
from tests.conftest import ROOT, Run
from tests.test_schemas import check

NOW = datetime(2026, 11, 22, 9, 30)
LANGUAGES = ("en", "fi", "sv")
NUMBER = r"\d{6,10}"
DETAILS = {
    "en": (
        Detail("order", "Order number", NUMBER, "Could you tell me your order number?"),
        Detail("model", "Model of the device", ask="Which model is your device?"),
        Detail("place", "Place where it was bought"),
    ),
    "fi": (
        Detail("order", "Tilausnumero", NUMBER, "Saisinko vielä tilausnumeron?"),
        Detail("model", "Laitteen malli", ask="Mikä laitteen malli on?"),
        Detail("place", "Ostopaikka"),
    ),
    "sv": (
        Detail("order", "Ordernummer", NUMBER, "Vad har beställningen för ordernummer?"),
        Detail("model", "Apparatens modell", ask="Vilken modell är apparaten?"),
        Detail("place", "Inköpsställe"),
    ),
}
WORDS = {
    "en": "Where is my parcel? I have been waiting for it for two weeks now.",
    "fi": "Missä pakettini on? Olen odottanut sitä jo kaksi viikkoa.",
    "sv": "Var är mitt paket? Jag har väntat på det i två veckor nu.",
}


def asked(
    lang: str,
    details: tuple[Detail, ...],
    *,
    message: Message | None = None,
    channel: str = "email",
    folder: Path = Path("none"),
    **settings: Any,
) -> Draft:
    response = Response("x", lang, f"x.{lang}.md", "X", "The reply itself", 1, details=details)
    return draft(
        response,
        Templates(folder),
        Settings(**settings),
        NOW,
        channel=channel,
        message=message,
        customer={"name": "Maija Virtanen"},
        ask_customer=True,
    )


def test_english_asks_so() -> None:
    done = asked("en", DETAILS["en"][:1], message=from_text(WORDS["en"]), agent_name="Anna")
    assert done.text == (
        "Hello Maija,\n\n"
        "Thank you for your message! To help you with this, I need one more detail from you.\n\n"
        "Could you tell me your order number?\n\n"
        "You can simply reply to this message. As soon as I have your answer, I will take the "
        "matter forward.\n\n"
        "Kind regards,\nAnna\nCustomer service"
    )


def test_finnish_addresses_the_customer_as_the_library_does() -> None:
    given = {"message": from_text(WORDS["fi"]), "agent_team": "Varaosat"}
    assert asked("fi", DETAILS["fi"][:2], **given).text == (
        "Hei Maija!\n\n"
        "Kiitos viestistäsi! Jotta pääsen hoitamaan asiaasi, tarvitsen sinulta kaksi tietoa.\n\n"
        "Saisinko vielä tilausnumeron?\n\n"
        "Mikä laitteen malli on?\n\n"
        "Voit vastata suoraan tähän viestiin. Kun saan vastauksesi, vien asiaa heti eteenpäin.\n\n"
        "Ystävällisin terveisin\nVaraosat"
    )
    assert asked("fi", DETAILS["fi"][:2], formal=True, **given).text == (
        "Hei Maija Virtanen!\n\n"
        "Kiitos viestistänne! Jotta pääsen hoitamaan asiaanne, tarvitsen teiltä kaksi tietoa.\n\n"
        "Saisinko vielä tilausnumeron?\n\n"
        "Mikä laitteen malli on?\n\n"
        "Voitte vastata suoraan tähän viestiin. Kun saan vastauksenne, vien asiaa heti "
        "eteenpäin.\n\n"
        "Ystävällisin terveisin\nVaraosat"
    )


def test_swedish_lists_more_than_two_questions() -> None:
    done = asked("sv", DETAILS["sv"], message=from_text(WORDS["sv"]))
    assert done.text == (
        "Hej Maija!\n\n"
        "Tack för ditt meddelande! För att kunna hjälpa dig behöver jag några uppgifter till:\n\n"
        "- Vad har beställningen för ordernummer?\n"
        "- Vilken modell är apparaten?\n"
        "- Inköpsställe\n\n"
        "Du kan svara direkt på det här meddelandet. När jag har fått ditt svar går jag genast "
        "vidare med ärendet.\n\n"
        "Vänliga hälsningar\nKundtjänst"
    )


def test_chat_is_short_and_without_a_frame() -> None:
    assert asked("en", DETAILS["en"][:1], channel="chat").text == (
        "Thank you! To help you with this, I need one more detail from you. "
        "Could you tell me your order number?"
    )


@pytest.mark.parametrize("formal", [False, True])
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("numbers", ["", " 123456, 654321", " 123456, 654321, 777777"])
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_lint_finds_nothing(
    lang: str, channel: str, numbers: str, count: int, formal: bool
) -> None:
    message = from_text(WORDS[lang] + numbers)
    details = DETAILS[lang][:count]
    done = asked(lang, details, message=message, channel=channel, formal=formal, agent_name="Anna")
    checked = check_draft(done, message, Settings(formal=formal), NOW)
    assert [(found.code, found.text) for found in checked.findings] == []


@pytest.mark.parametrize("lang", ["en", "fi"])
def test_lint_finds_nothing_in_any_question_of_the_starter_library(lang: str) -> None:
    library = read(ROOT / "responses", Settings(languages=("en", "fi", "sv")))
    message = from_text(WORDS[lang])
    lacking = 0
    for variants in library.variants.values():
        response = variants[lang]
        for channel in response.channels:
            done = draft(
                response, Templates(library.folder), Settings(), NOW,
                channel=channel, message=message, ask_customer=True,
            )  # fmt: skip
            if done.asking:
                checked = check_draft(done, message, Settings(), NOW)
                assert [(response.id, found.code, found.text) for found in checked.findings] == []
                lacking += 1
    assert lacking >= 20


@pytest.mark.parametrize(
    ("lang", "numbers", "question"),
    [
        ("en", "123456 or 654321",
         "Order number: you mentioned both 123456 and 654321. Which one is this about?"),
        ("en", "123456, 654321, 777777",
         "Order number: you mentioned 123456, 654321 and 777777. Which one is this about?"),
        ("fi", "123456 tai 654321",
         "Tilausnumero: viestissä mainitaan sekä 123456 että 654321. Kumpaa asia koskee?"),
        ("fi", "123456, 654321, 777777",
         "Tilausnumero: viestissä mainitaan 123456, 654321 ja 777777. Mitä niistä asia koskee?"),
        ("sv", "123456 eller 654321",
         "Ordernummer: i meddelandet nämns både 123456 och 654321. Vilket av dem gäller det?"),
    ],
)  # fmt: skip
def test_several_values_are_a_choice(lang: str, numbers: str, question: str) -> None:
    done = asked(lang, DETAILS[lang][:1], message=from_text(numbers))
    assert question in done.text
    assert DETAILS[lang][0].ask not in done.text


def test_more_values_than_a_choice_can_have_are_asked_for_as_one() -> None:
    numbers = " ".join(str(number) for number in range(100000, 100006))
    assert "Could you tell me your order number?" in asked(
        "en", DETAILS["en"][:1], message=from_text(numbers)
    ).text  # fmt: skip


def test_a_choice_between_cards_shows_their_ends() -> None:
    detail = Detail("card", "Card", r"\d{16}", ask="Which card?")
    done = asked("en", (detail,), message=from_text("4111111111111111 or 5500005555555559?"))
    assert "both ************1111 and ************5559" in done.text


def test_in_public_nothing_that_the_customer_told_is_repeated() -> None:
    for lang in LANGUAGES:
        message = from_text("123456, 654321")
        done = asked(lang, DETAILS[lang], message=message, channel="social")
        assert "123456" not in done.text
        assert "Maija" not in done.text


@pytest.mark.parametrize(
    ("detail", "question"),
    [
        (Detail("order_number"), "I need to know this: order number."),
        (Detail("x", "Place of purchase."), "I need to know this: place of purchase."),
        (Detail("x", "IBAN"), "I need to know this: IBAN."),
        (Detail("x", ask="Which colour"), "Which colour."),
        (Detail("x", ask="Which\n  colour?\n"), "Which colour?"),
    ],
)
def test_what_has_no_question_is_asked_for_by_its_description(
    detail: Detail, question: str
) -> None:
    assert f"\n\n{question}\n\n" in asked("en", (detail,)).text


def test_the_same_question_is_asked_once() -> None:
    first, second = (Detail(name, ask="Which number?") for name in ("a", "b"))
    assert asked("en", (first, second)).text.count("Which number?") == 1


def test_a_customers_words_are_never_rendered() -> None:
    detail = Detail("code", pattern=r"\{\{.{1,20}?\}\}", ask="Which code?")
    done = asked("en", (detail,), message=from_text("{{ 7*7 }} or {{ 8*8 }}"))
    assert "{{ 7*7 }}" in done.text
    assert "49" not in done.text


def test_a_reply_keeps_the_subject_of_its_thread_and_a_new_mail_has_one() -> None:
    mail = Message("Where?", subject="VS: Paketti")
    assert asked("fi", DETAILS["fi"][:1], message=mail).subject == "Re: Paketti"
    assert asked("fi", DETAILS["fi"][:1]).subject == "Vielä yksi kysymys viestistä"


def test_the_librarys_own_greeting_and_closing_stand_around_it(tmp_path: Path) -> None:
    partials = tmp_path / "_partials"
    partials.mkdir()
    (partials / "greeting.en.md").write_text("Ahoy {{ customer.first_name }}!", "utf-8")
    (partials / "closing.en.md").write_text("Fair winds\n{{ agent.team }}", "utf-8")
    done = asked("en", DETAILS["en"][:1], folder=tmp_path, agent_team="The crew")
    assert done.text.startswith("Ahoy Maija!\n\nThank you for your message!")
    assert done.text.endswith("\n\nFair winds\nThe crew")


def test_a_library_may_ask_in_words_of_its_own_and_in_other_languages(tmp_path: Path) -> None:
    details = (Detail("order", "Bestellnummer", ask="Wie lautet die Bestellnummer?"),)
    with pytest.raises(ReplyKitError, match=r"no words of its own in 'de' \(en, fi, sv\); write"):
        asked("de", details, folder=tmp_path)
    (tmp_path / "_partials").mkdir()
    own = "Guten Tag {{ customer.name }},\n\n{{ asked }} ({{ count }})"
    (tmp_path / "_partials" / "asking.de.md").write_text(own, "utf-8")
    done = asked("de", details, folder=tmp_path)
    assert done.text == "Guten Tag Maija Virtanen,\n\nWie lautet die Bestellnummer? (1)"


def test_nothing_missing_gives_the_reply_itself() -> None:
    done = asked("en", DETAILS["en"][:1], message=from_text("order 123456"))
    assert (done.text, done.asking, done.missing) == ("The reply itself", False, ())


def test_every_language_has_the_same_parts() -> None:
    assert written_languages() == sorted(LANGUAGES)
    files = [ROOT / "replykit" / "data" / f"letters.{lang}.yaml" for lang in LANGUAGES]
    shapes = []
    for file in files:
        found = yaml.safe_load(file.read_text("utf-8"))
        shapes.append({key: sorted(v) if isinstance(v, dict) else "" for key, v in found.items()})
    assert shapes[0] == shapes[1] == shapes[2]
    assert letters("en-GB") == letters("en")
    for none in ("", "de", "eng", "../en", "EN"):
        assert letters(none) is None


# The command

LATE = """---
title: Parcel is late
examples: [Where is my parcel?]
details:
  order_number: {description: Order number, pattern: '\\d{6,10}', ask: Which order is it?}
follow_up: [other]
---
Hello,

your order {{ order_number }} reaches you tomorrow before noon.

Kind regards,
Anna
"""
MAIL = (
    "From: Maija Virtanen <maija@example.fi>\nTo: d@x.fi\nSubject: Late\nMessage-ID: <1@x.fi>\n\n"
)


@pytest.fixture
def shop(library: Callable[[dict[str, str]], Path], tmp_path: Path) -> Path:
    (tmp_path / "late.eml").write_text(MAIL + WORDS["en"], "utf-8")
    return library({"late.en.md": LATE, "other.en.md": LATE.replace("[other]", "[late]")})


def test_the_command_writes_the_asking_mail_and_says_what_it_asks_for(run: Run, shop: Path) -> None:
    result = run("draft", "late", "-f", "late.eml", "--ask-customer")
    assert result.returncode == 0
    assert result.stdout.startswith("Hello Maija,\n\nThank you for your message!")
    assert "\n\nWhich order is it?\n\n" in result.stdout
    assert "replykit: asks the customer for: Order number\n" in result.stderr
    assert "missing" not in result.stderr
    assert "next, often" not in result.stderr


def test_json_names_what_is_missing_and_says_that_it_asks(run: Run, shop: Path) -> None:
    result = run("draft", "late", "-f", "late.eml", "--ask-customer", "--format", "json")
    done = json.loads(result.stdout)
    assert result.returncode == 0
    assert (done["missing"], done["asking"]) == (["order_number"], True)
    assert "Which order is it?" in done["text"]
    assert done["subject"] == "Re: Late"
    assert done["lint"]["files"][0]["findings"] == []
    check("draft", done)


def test_it_goes_out_as_mail_too(run: Run, shop: Path, tmp_path: Path) -> None:
    result = run("draft", "late", "-f", "late.eml", "--ask-customer", "-o", "reply.eml")
    assert (result.returncode, result.stdout) == (0, "")
    data = (tmp_path / "reply.eml").read_bytes()
    mail = email.message_from_bytes(data)
    assert mail["In-Reply-To"] == "<1@x.fi>"
    assert "\n\nWhich order is it?\n\n" in data.decode()


def test_nothing_missing_is_said(run: Run, shop: Path) -> None:
    options = ("draft", "late", "-f", "late.eml", "--set", "order_number=123456")
    result = run(*options, "--ask-customer")
    assert result.returncode == 0
    assert "your order 123456 reaches you" in result.stdout
    assert "nothing is missing, so this is the reply itself" in result.stderr
    asked = json.loads(run(*options, "--ask-customer", "--format", "json").stdout)
    assert "asking" not in asked


def test_a_lint_that_fails_makes_exit_code_1(run: Run, shop: Path) -> None:
    text = LATE.replace("Which order is it?", "Which order is it of XXX?")
    (shop / "late.en.md").write_text(text, "utf-8")
    assert run("draft", "late", "-f", "late.eml", "--ask-customer").returncode == 1


def test_a_missing_detail_names_this_way_out_where_somebody_can_be_asked(
    run: Run, shop: Path
) -> None:
    assert (
        "or use --ask, --ask-customer or --partial" in run("draft", "late", "-f", "late.eml").stderr
    )
    assert "--ask-customer" not in run("draft", "late").stderr


def test_partial_and_asking_exclude_each_other(run: Run, shop: Path) -> None:
    result = run("draft", "late", "--partial", "--ask-customer")
    assert result.returncode == 2
    assert result.stderr == "replykit: draft: give --partial or --ask-customer, not both\n"
