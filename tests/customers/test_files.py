"""Files of customers: JSON, YAML and tables as customer systems and spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from replykit.config import Settings
from replykit.customers import find_customer
from replykit.errors import ReplyKitError
from tests.limits import bounded

ADDRESS = "maija@example.fi"
TABLE = """email;name;phone;Tilaus nro
matti@example.fi;Matti Möttönen;0501112233;1
Maija@Example.fi ;Maija Mäkelä;0401234567;00123456
"""


def read_customer(path: Path, address: str) -> dict[str, str]:
    """The record of an address in a file that was named for it."""
    return find_customer(Settings(), None, {"customer.email": address}, file=path)


def write(folder: Path, name: str, data: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("c.json", '{"name": "Maija Mäkelä", "order_number": "00123456", "total": 12.50}'),
        ("c.yaml", "name: Maija Mäkelä\norder_number: 00123456\ntotal: 12.50\n"),
        ("c.yml", "\ufeffname: Maija Mäkelä\norder_number: 00123456\ntotal: 12.50\n"),
        ("c.csv", "name,order_number,total\nMaija Mäkelä,00123456,12.50\n"),
    ],
)
def test_a_record_keeps_its_values_as_they_stand(tmp_path: Path, name: str, data: str) -> None:
    record = read_customer(write(tmp_path, name, data), "")
    assert record == {"name": "Maija Mäkelä", "order_number": "00123456", "total": "12.50"}


def test_yaml_makes_no_octal_numbers_dates_or_booleans(tmp_path: Path) -> None:
    path = write(tmp_path, "c.yaml", "phone: 0401234567\nday: 2026-11-22\nvip: no\nnote: ~\n")
    record = read_customer(path, "")
    assert record == {"phone": "0401234567", "day": "2026-11-22", "vip": "no", "note": ""}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_table_of_finnish_excel_is_read(tmp_path: Path, encoding: str, ends: str) -> None:
    path = write(tmp_path, "customers.csv", TABLE.replace("\n", ends).encode(encoding))
    record = read_customer(path, ADDRESS)
    assert record["name"] == "Maija Mäkelä"
    assert record["phone"] == "0401234567"
    assert record["tilaus_nro"] == "00123456"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_row_of_the_address_is_taken_with_any_separator(tmp_path: Path, separator: str) -> None:
    table = separator.join(["email", "name"]) + "\n"
    table += separator.join(["matti@example.fi", "Matti"]) + "\n"
    table += separator.join(["maija@example.fi", '"Mäkelä, Maija; rva"']) + "\n"
    assert read_customer(write(tmp_path, "c.csv", table), ADDRESS)["name"] == "Mäkelä, Maija; rva"


def test_finnish_headings_mean_the_same_fields(tmp_path: Path) -> None:
    table = "Sähköposti;Etunimi;Sukunimi;Puhelin;Yritys\nmaija@example.fi;Maija;Mäkelä;040;Oy\n"
    assert read_customer(write(tmp_path, "c.csv", table), ADDRESS) == {
        "email": ADDRESS,
        "first_name": "Maija",
        "last_name": "Mäkelä",
        "phone": "040",
        "company": "Oy",
    }


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("c.json", '[{"email": "x@example.fi"}, {"email": "MAIJA@example.fi", "name": "Maija"}]'),
        ("c.yaml", "- email: x@example.fi\n- {email: maija@example.fi, name: Maija}\n"),
    ],
)
def test_a_list_is_searched_by_address(tmp_path: Path, name: str, data: str) -> None:
    path = write(tmp_path, name, data)
    assert read_customer(path, ADDRESS)["name"] == "Maija"
    assert read_customer(path, "nobody@example.fi") == {}
    assert read_customer(path, "") == {}


def test_an_export_with_a_row_an_order_gives_what_all_rows_agree_on(tmp_path: Path) -> None:
    table = "email,name,order_number\n" + "".join(
        f"maija@example.fi,Maija,{number}\n" for number in (1, 2, 3)
    )
    record = read_customer(write(tmp_path, "c.csv", table), ADDRESS)
    assert record == {"email": ADDRESS, "name": "Maija"}


def test_what_is_false_is_empty_so_that_a_template_can_ask(tmp_path: Path) -> None:
    path = write(tmp_path, "c.json", '{"vip": false, "member": true, "since": null}')
    assert read_customer(path, "") == {"vip": "", "member": "true", "since": ""}


def test_a_large_table_is_searched_quickly(tmp_path: Path) -> None:
    rows = "".join(f"a{n}@example.fi;Name {n};0401234567\n" for n in range(100_000))
    path = write(tmp_path, "c.csv", "email;name;phone\n" + rows)
    with bounded():
        assert read_customer(path, "A99999@example.fi")["name"] == "Name 99999"


@pytest.mark.parametrize(
    "several", ['["x@y.fi", "Maija@example.fi"]', '"maija@example.fi; x@y.fi"']
)
def test_a_customer_may_have_several_addresses(tmp_path: Path, several: str) -> None:
    path = write(tmp_path, "c.json", f'[{{"email": {several}, "name": "Maija"}}, {{"email": "m"}}]')
    assert read_customer(path, ADDRESS) == {"email": ADDRESS, "name": "Maija"}
    assert read_customer(path, "aija@example.fi") == {}


def test_the_only_row_serves_where_no_address_is_known(tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "email,name\nmatti@example.fi,Matti\n")
    assert read_customer(path, "")["name"] == "Matti"
    assert read_customer(path, ADDRESS) == {}


def test_rows_that_are_too_long_or_short_do_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path, "c.csv", "email,name\nmaija@example.fi,Maija,more,still\n")
    assert read_customer(path, ADDRESS) == {"email": ADDRESS, "name": "Maija"}
    path = write(tmp_path, "c.csv", "email,name\nmaija@example.fi\n")
    assert read_customer(path, ADDRESS) == {"email": ADDRESS, "name": ""}


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("c.json", "{", "not valid json"),
        ("c.json", "5", "expected a record"),
        ("c.json", "[" * 100_000, "not valid json"),
        ("c.yaml", "a: b: c", "not valid yaml"),
        ("c.yaml", "", "expected a record"),
        ("c.yaml", "text", "expected a record"),
        ("c.xlsx", b"PK\x03\x04\x00", "a customer's record is .json, .yaml, .csv or .vcf"),
        ("c", "a: b", "a customer's record is .json, .yaml, .csv or .vcf"),
        ("c.json", b'{"name": "\xe4"}', "not UTF-8"),
        ("c.csv", b"email\x00\xe4", "not UTF-8"),
    ],
)
def test_faults_are_one_line_with_the_file(
    tmp_path: Path, name: str, data: str | bytes, words: str
) -> None:
    path = write(tmp_path, name, data)
    with pytest.raises(ReplyKitError) as caught:
        read_customer(path, "")
    assert str(caught.value).startswith(f"{path}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_cannot_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    for path in (folder, tmp_path / "none.json"):
        with pytest.raises(ReplyKitError, match="cannot be read"):
            read_customer(path, "")
