"""vCards as telephones, Outlook and address books write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from replykit.config import Settings
from replykit.customers import find_customer
from replykit.errors import ReplyKitError
from tests.limits import bounded

FOUR = """BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
FN:Maija Mäkelä
N:Mäkelä;Maija;Helena;;
item1.EMAIL;TYPE=work:maija@firma.example
EMAIL;PREF=1:maija.mak
 ela@example.fi
TEL;VALUE=uri;TYPE="voice,home":tel:+358-40-1234567
ORG:Firma Oy;Myynti
X-CUSTOMER-NUMBER:00123
NOTE:yksi\\, kaksi\\nkolme
PHOTO:data:image/jpeg;base64,AAAA
END:VCARD
"""
TWO = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=B6tt=C3=B6nen;Matti;;;
FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Matti M=F6tt=F6nen
TEL;CELL:0501112233
TEL;HOME:091234567
EMAIL;INTERNET:matti@example.fi
END:VCARD
"""
THREE = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Åke Ö\r\nEMAIL:ake@example.fi\r\nEND:VCARD\r\n"


def find(folder: Path, address: str, data: str | bytes = FOUR + TWO + THREE) -> dict[str, str]:
    path = folder / "contacts.vcf"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return find_customer(Settings(), None, {"customer.email": address}, file=path)


@pytest.mark.parametrize("address", ["Maija.Makela@example.fi", "maija@firma.example"])
def test_a_card_is_found_by_any_of_its_addresses(tmp_path: Path, address: str) -> None:
    assert find(tmp_path, address) == {
        "name": "Maija Mäkelä",
        "first_name": "Maija",
        "last_name": "Mäkelä",
        "email": address.lower(),
        "phone": "+358-40-1234567",
        "company": "Firma Oy",
        "customer_number": "00123",
        "note": "yksi, kaksi\nkolme",
    }


def test_an_old_telephones_card_is_read(tmp_path: Path) -> None:
    assert find(tmp_path, "matti@example.fi") == {
        "name": "Matti Möttönen",
        "first_name": "Matti",
        "last_name": "Möttönen",
        "email": "matti@example.fi",
        "phone": "0501112233",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_address_books_are_read(tmp_path: Path, encoding: str) -> None:
    assert find(tmp_path, "ake@example.fi", THREE.encode(encoding))["name"] == "Åke Ö"


def test_a_card_of_its_own_needs_no_address(tmp_path: Path) -> None:
    assert find(tmp_path, "", FOUR)["email"] == "maija@firma.example"
    assert find(tmp_path, "nobody@example.fi", FOUR) == {}
    assert find(tmp_path, "") == {}


@pytest.mark.parametrize("data", ["", "text", "BEGIN:VCARD\n", "BEGIN:VCALENDAR\nEND:VCALENDAR"])
def test_what_holds_no_card_is_said(tmp_path: Path, data: str) -> None:
    with pytest.raises(ReplyKitError, match=r"contacts\.vcf: not valid vcf: there is no BEGIN"):
        find(tmp_path, "a@example.fi", data)


def test_a_broken_card_costs_only_itself(tmp_path: Path) -> None:
    broken = "BEGIN:VCARD\nVERSION:3.0\n;;;:::\nno colon here\nEMAIL:x@example.fi\nEND:VCARD\n"
    assert find(tmp_path, "matti@example.fi", broken + TWO)["name"] == "Matti Möttönen"
    assert find(tmp_path, "x@example.fi", broken + TWO)["email"] == "x@example.fi"


def test_an_address_book_of_thousands_is_searched_quickly(tmp_path: Path) -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:N {0}\nEMAIL:a{0}@example.fi\nNOTE:x\nEND:VCARD\n"
    book = "".join(card.format(number) for number in range(20_000))
    with bounded():
        assert find(tmp_path, "a19999@example.fi", book)["name"] == "N 19999"
