"""Names of people, told from those of mailboxes and firms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from replykit.reading.files import read_bytes
from replykit.understanding.names import _has_row, person_name, sign_off_name
from tests.conftest import ROOT
from tests.limits import bounded

BLIND = Path(__file__).parents[1] / "data" / "triage" / "names.jsonl"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('"Virtanen, Maija" <m@example.fi>', "Maija Virtanen"),
        ("Virtanen, Maija <m@example.fi>", "Maija Virtanen"),
        ("=?utf-8?Q?P=C3=A4ivi_M=C3=A4kel=C3=A4?= <p@example.fi>", "Päivi Mäkelä"),
        ('"O\'Brien, Siobhán" <s@example.ie>', "Siobhán O'Brien"),
        ("Anna-Liisa von Bergen <a@example.se>", "Anna-Liisa von Bergen"),
        ("tilaukset <tilaukset@example.fi>", ""),
        ("Tilaukset <tilaukset@example.fi>", ""),
        ("Asiakaspalvelu <x@example.fi>", ""),
        ("no-reply <no-reply@example.fi>", ""),
        ("No-Reply <no-reply@example.fi>", ""),
        ("NOREPLY <noreply@example.fi>", ""),
        ("Customer Service <x@example.fi>", ""),
        ("Rakennus Virtanen Oy <x@example.fi>", ""),
        ("Verkkokauppa.com <x@example.fi>", ""),
        ("maija@example.fi <maija@example.fi>", ""),
        ("Maija 99 <maija@example.fi>", ""),
        ("<maija@example.fi>", ""),
        ("maija@example.fi", ""),
        ("(" * 5000, ""),
        ("", ""),
    ],
)
def test_senders_name_is_a_persons_or_nothing(header: str, name: str) -> None:
    mail = f"From: {header}\nSubject: x\n\nMissä paketti on?\n".encode()
    assert read_bytes(mail, "x.eml").sender_name == name


def test_person_name_takes_decomposed_letters() -> None:
    assert person_name("Pa\u0308ivi Kivela\u0308") == "Päivi Kivelä"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("VIRTANEN, MAIJA", "Maija Virtanen"),
        ("virtanen, maija", "Maija Virtanen"),
        ("maija meikäläinen", "Maija Meikäläinen"),
        ("Dr. Maija Virtanen", "Maija Virtanen"),
        ("Maija Virtanen, PhD", ""),
        ("Maija Virtanen (Firma Oy)", "Maija Virtanen"),
        ("Maija Virtanen via Facebook", "Maija Virtanen"),
        ("Maija Virtanen | Sales", "Maija Virtanen"),
        ("fiona mcdonald", "Fiona McDonald"),
        ("Leonardo di Caprio", "Leonardo di Caprio"),
        ("Jack Ma", "Jack Ma"),
        ("王伟", "王伟"),
        ("IBM", "IBM"),
        ("bill payment", ""),
        ("will call you", ""),
        ("Maija & Pekka", ""),
    ],
)
def test_person_names_in_one_form(text: str, name: str) -> None:
    assert person_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Terveisin, Maija", "Maija"),
        ("Hei\n\nTerveisin Maija Virtanen, toimitusjohtaja", "Maija Virtanen"),
        ("Terveisin Anna Virtanen / Firma Oy", "Anna Virtanen"),
        ("Terveisin Maija Virtanen 040 123 4567", "Maija Virtanen"),
        ("Terveisin Maija Virtanen Helsingistä", "Maija Virtanen"),
        ("Yt. Pekka Mäkinen\n-- \nFirma", "Pekka Mäkinen"),
        ("T:Ville", "Ville"),
        ("Kiitos ja terveisin Jukka", "Jukka"),
        ("terveisin jukka pekka", "Jukka Pekka"),
        ("x\n\nTerveisin\nT. Virtanen", "T. Virtanen"),
        ("x\n\nTerveisin\nVirtanen, Maija", "Maija Virtanen"),
        ("Ystävällisin terveisin\n\n\nAnna\n\nLähetetty iPhonesta", "Anna"),
        ("x\n\nTerveisin Maija\n\nTerveisiä Annalle!", "Maija"),
        ("ok.\n\nKiitos, Matti", "Matti"),
        ("x\nanna\n\nterv. anna", "Anna"),
        ("x\n/Anna", "Anna"),
        ("x\n//Kalle", "Kalle"),
        ("Hälsar Kalle", "Kalle"),
        ("Tack!\nKalle", "Kalle"),
        ("x\n\nMed vänlig hälsning\nÅsa Öberg", "Åsa Öberg"),
        ("thanks\nanna", "Anna"),
        ("Thank you, Sarah.\n\nTom", "Tom"),
        ("Cheers, mate!\nTom", "Tom"),
        ("Thanks in advance for everything!\nTom Baker", "Tom Baker"),
        ("Where is it?\n\nMark\n040 1234567", "Mark"),
        ("Best,\nJack Ma", "Jack Ma"),
        ("Best\nRobert Smith MBA", "Robert Smith"),
        ("Cheers,\nTom from London", "Tom"),
        ("Regards\nAhmed al-Rashid", "Ahmed al-Rashid"),
        ("Br, John Smith Jr.", "John Smith Jr."),
        ("Regards,\nAnna karlsson", "Anna Karlsson"),
        ("Best regards,\nMATTI VIRTANEN\nCEO\nFirma Oy\n+358 40 1234567", "Matti Virtanen"),
        ("Best regards,\nNorthwind Ltd\nTom Baker", "Tom Baker"),
        ("Kind regards\nAnna Smith (she/her)", "Anna Smith"),
        ("Yours sincerely,\n\nMrs. P. O'Hara", "P. O'Hara"),
        ("Br, Anna-Liisa :)", "Anna-Liisa"),
        ("Love, Kate xx", "Kate"),
        ("T. Anna ❤️", "Anna"),
        ("Mit freundlichen Grüßen\nHans Müller", "Hans Müller"),
        ("Regards Tom\n\n> Best regards\n> Helen", "Tom"),
    ],
)
def test_a_sign_off_names_its_writer(text: str, name: str) -> None:
    assert sign_off_name(f"Where is my parcel?\n\n{text}") == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kiitos Matti",
        "Cheers",
        "Kiitos!",
        "Please Help",
        "please help",
        "odotan vastausta",
        "Monday",
        "Helsinki",
        "Terveisiä Oulusta",
        "terveisin Tampere",
        "Regards from Oslo",
        "Regards to Anna",
        "Greetings from sunny Spain",
        "T. pettynyt asiakas",
        "terv. naapuri",
        "t. mummo",
        "Terveisin\nVirtasen perhe",
        "Terveisin\nasiakas 12345",
        "Thanks,\nThe Johnson family",
        "Kind regards, Reception",
        "Kind regards\nNorthwind Trading",
        "Regards\nKundtjänst",
        "Mvh\nBostadsrättsföreningen Solen",
        "Terveisin Taloyhtiö Koivula",
        "Thanks, DHL",
        "Thanks, that would be great",
        "Thank you, where is it?",
        "Best, where is it",
        "- milk\n- bread",
        "-Milk\n-Bread",
        "Lähetetty iPhonesta",
        "Love, Grandma",
        "nimim. väsynyt",
    ],
)
def test_what_is_no_name_signs_nothing(text: str) -> None:
    assert sign_off_name(f"Where is my parcel?\n\n{text}") == ""


@pytest.mark.parametrize(
    ("half", "precision", "recall"),
    # The odd lines were read while the code was made, the even ones never.
    [(0, 1.0, 1.0), (1, 0.87, 0.9)],
)
def test_messages_written_before_the_code_keep_their_floors(
    half: int, precision: float, recall: float
) -> None:
    lines = BLIND.read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines][half::2]
    named = [(sign_off_name(case["text"]), case["name"]) for case in cases]
    right = sum(bool(got) and got == name for got, name in named)
    assert right / sum(bool(got) for got, _ in named) >= precision
    assert right / sum(bool(name) for _, name in named) >= recall


@pytest.mark.parametrize("unit", ["T. ", "Thanks\n", "-A\n", "> \n", "terveisin ", "(", "Anna "])
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    with bounded():
        sign_off_name(text)
        person_name(text)


@pytest.mark.parametrize("name", ["dictionary.en-fi.tsv", "dictionary.fi-en.tsv"])
def test_a_dictionary_is_sorted_for_words_are_looked_up_by_halving_it(name: str) -> None:
    table = (ROOT / "replykit" / "data" / name).read_text("utf-8")
    words = [row.partition("\t")[0] for row in table.splitlines()]
    assert words == sorted(words)
    assert table.endswith("\n")


@pytest.mark.parametrize("word", ["aa", "cab", "z"])
def test_a_word_is_found_wherever_it_stands_in_a_sorted_table(word: str) -> None:
    table = "aa\t1\nb\t2\ncab\t3\nd\t4 z\nz\t5\n"
    assert _has_row(table, word)
    assert not any(_has_row(table, other) for other in (word[:-1], f"{word}x", f"{word}\t", "4"))
