"""Many messages from one place: each by its name, each fault for itself, one at a time."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.reading.boxes import read_all

MAIL = "From: Maija Virtanen <maija@example.fi>\nTo: x@example.com\nSubject: {}\n\n{}\n"


def texts(path: Path) -> list[str]:
    return [m.text if isinstance(m, Message) else f"error: {m}" for _, m in read_all(path)]


def names(path: Path) -> list[str]:
    return [name for name, _ in read_all(path)]


def mbox(path: Path, *bodies: str) -> Path:
    mails = (f"From maija Mon Nov 16 09:12:00 2026\n{MAIL.format('x', body)}\n" for body in bodies)
    path.write_text("".join(mails), "utf-8")
    return path


def test_the_mails_of_an_mbox_are_counted(tmp_path: Path) -> None:
    box = mbox(tmp_path / "box.mbox", "Where is it?", "Missä se on?")
    assert names(box) == [f"{box}#1", f"{box}#2"]
    assert texts(box) == ["Where is it?", "Missä se on?"]


def test_an_mbox_is_known_without_its_suffix(tmp_path: Path) -> None:
    assert texts(mbox(tmp_path / "inbox", "One?", "Two?")) == ["One?", "Two?"]


def test_marked_lines_of_an_mbox_are_unmarked_and_bare_ones_begin_no_mail(tmp_path: Path) -> None:
    box = mbox(
        tmp_path / "box.mbox",
        "Hei,\n\n>From Monday on\n\n>>From so",
        "Where?\n\nFrom now on I wait.\nYes.",
        "From the start it was late.",
    )
    assert [text.replace("\n\n", "\n") for text in texts(box)] == [
        "Hei,\nFrom Monday on",
        "Where?\nFrom now on I wait.\nYes.",
        "From the start it was late.",
    ]


def test_a_bad_mail_of_an_mbox_costs_only_itself(tmp_path: Path) -> None:
    box = tmp_path / "box.mbox"
    mbox(box, "One?")
    with box.open("a") as file:
        file.write(
            "From x Mon\nFrom: a@b.fi\nTo: b@c.fi\n\n\nFrom y Mon\n" + MAIL.format("s", "Two?")
        )
    assert texts(box) == ["One?", f"error: {box}#2: the message has no text", "Two?"]


def test_an_mbox_is_read_one_mail_at_a_time(tmp_path: Path) -> None:
    box = tmp_path / "box.mbox"
    photo = "Content-Type: application/pdf\n\n" + ("A" * 75 + "\n") * 14_000
    part = f"--b\nContent-Type: text/plain\n\nWhere?\n--b\n{photo}\n--b--\n"
    head = 'From x Mon\nFrom: a@b.fi\nTo: c@d.fi\nContent-Type: multipart/mixed; boundary="b"\n\n'
    with box.open("w") as file:
        for _ in range(30):
            file.write(f"{head}{part}\n")
    tracemalloc.start()
    try:
        assert set(texts(box)) == {"Where?"}
        assert tracemalloc.get_traced_memory()[1] < 10_000_000 < box.stat().st_size / 3
    finally:
        tracemalloc.stop()


def test_a_maildir_is_read_from_new_and_cur(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp"):
        (tmp_path / folder).mkdir()
    (tmp_path / "cur" / "1.M1.host:2,S").write_text(MAIL.format("a", "One?"))
    (tmp_path / "new" / "2.M1.host").write_text("Subject: b\n\nTwo?")
    (tmp_path / "tmp" / "3.M1.host").write_text(MAIL.format("c", "Half"))
    (tmp_path / "cur" / ".hidden").write_text("x")
    assert texts(tmp_path) == ["One?", "Two?"]
    assert names(tmp_path)[0] == str(tmp_path / "cur" / "1.M1.host:2,S")


def test_a_folder_of_mails_is_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.eml").write_text(MAIL.format("a", "One?"))
    (tmp_path / "b" / "c.EML").write_text(MAIL.format("a", "Two?"))
    (tmp_path / "b" / "empty.eml").write_text("From: a@b.fi\n\n")
    (tmp_path / "notes.txt").write_text("no mail")
    assert names(tmp_path) == [str(tmp_path / name) for name in ("a.eml", "b/c.EML", "b/empty.eml")]
    assert texts(tmp_path)[:2] == ["One?", "Two?"]
    assert "empty.eml: the message has no text" in texts(tmp_path)[2]


def test_the_lines_of_a_jsonl_file_are_messages_or_tickets(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    ticket = {"ticket": {"title": "t"}, "article": {"internal": False, "sender": "Customer",
              "body": "Two?", "content_type": "text/plain"}}  # fmt: skip
    lines = ['{"id": 1, "text": "One?"}', "", "nope", "[]", json.dumps(ticket), '{"text": " "}']
    path.write_text("\n".join(lines))
    found = texts(path)
    assert (found[0], found[3]) == ("One?", "Two?")
    assert names(path) == [f"{path}#{number}" for number in (1, 3, 4, 5, 6)]
    for text, words in zip(
        (found[1], found[2], found[4]), ("not valid JSON", "expected an object", "no text"),
        strict=True,
    ):  # fmt: skip
        assert words in text
        assert str(path) in text


def test_one_file_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("Where is it?")
    assert names(path) == [str(path)]
    assert texts(path) == ["Where is it?"]
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    assert "binary file" in texts(path)[0]


def test_an_eml_file_that_begins_like_an_mbox_is_one_mail(tmp_path: Path) -> None:
    path = mbox(tmp_path / "x.eml", "Where is it?")
    assert names(path) == [str(path)]


def test_what_cannot_be_opened_or_holds_no_mail_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.mbox", tmp_path / "none.txt", tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(ReplyKitError) as caught:
            list(read_all(path))
        assert str(path) in str(caught.value)


def test_an_empty_box_has_no_mail(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "empty.mbox").touch()
    assert list(read_all(tmp_path)) == list(read_all(tmp_path / "empty.mbox")) == []
