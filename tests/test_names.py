"""Names of people, told from those of mailboxes and firms."""

from __future__ import annotations

import pytest

from replykit.names import person_name
from replykit.reading.files import read_bytes


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
