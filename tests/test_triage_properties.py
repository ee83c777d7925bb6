"""Generated and mutated mail, from its bytes to what `triage` prints: never a crash, never long,
no line lost, no secret shown, and the same answer twice."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any
from unicodedata import normalize

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from replykit.config import load
from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.printing.triage import triage_json, triage_text
from replykit.ranking.index import open_index
from replykit.reading.files import read_bytes
from replykit.suggest import Suggestions, suggest
from replykit.triage import Known, triage
from replykit.understanding.routes import RouteWords
from tests.conftest import ROOT
from tests.limits import bounded
from tests.reading.test_properties import LINES
from tests.test_schemas import check
from tests.test_triage import FILES

NOW = datetime(2026, 11, 23, 10, 0)
# Each reason to refuse a mail; an error that nobody thought of is none.
REFUSED = re.compile(r"(?:a binary file|the message has no text|.* \(its header has no end\)$)")
# What a terminal would obey rather than show.
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

DATA = ROOT / "tests" / "data"
SAMPLES = [
    path.read_bytes()
    for folder in ("mail", "triage/customers", "triage/machines")
    for path in sorted((DATA / folder).glob("*.eml"))
]
DAMAGE = yaml.safe_load((DATA / "triage" / "damage.yaml").read_text("utf-8"))

Answer = tuple[dict[str, Any], str]
Understand = Callable[[bytes], Answer | None]
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def understand(tmp_path_factory: pytest.TempPathFactory) -> Understand:
    """What `triage` says of a mail by a small library, in JSON and in text; None for one that it
    refuses in one clear line."""
    folder = tmp_path_factory.mktemp("triage") / "responses"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    own = load(flags={"library": str(folder)}, environment={})
    index = open_index(own, None)

    def rank(message: Message) -> Suggestions:
        return suggest(index, None, [message], own, NOW, top=1)[0]

    def call(data: bytes) -> Answer | None:
        with bounded():
            message = read(data)
            if message is None:
                return None
            result = triage(message, own, NOW, Known(RouteWords(), rank))
            return triage_json(result, {"path": "x.eml"}), triage_text(result, "x.eml")

    return call


def read(data: bytes) -> Message | None:
    refused = "x.eml: "
    try:
        return read_bytes(data, "x.eml")
    except ReplyKitError as error:
        refused = str(error)
    assert REFUSED.match(refused.removeprefix("x.eml: "))
    assert not OBEYED.search(refused)
    return None


def check_answer(value: dict[str, Any], shown: str) -> None:
    """The shape, the places, and no sign that a terminal obeys."""
    check("triage", value)
    printed = json.dumps(value, ensure_ascii=False)
    assert json.loads(printed.encode()) == value
    assert not OBEYED.search(printed)
    assert not OBEYED.search(shown)
    text = value["text"]
    for item in value["matters"]:
        assert text[item["start"] : item["end"]] == item["text"]
    for question in value["questions"]:
        assert question in text
    for item in value["found"]:
        check_found(item, text, value)


def check_found(item: dict[str, Any], text: str, value: dict[str, Any]) -> None:
    """What is found stands at its place, but for spaces and hyphens; what stands in the subject or
    the signature has no place, and a day or a sum is written anew."""
    assert 0 <= item["start"] <= item["end"] <= len(text)
    there = text[item["start"] : item["end"]] if item["end"] else whole(value)
    assert there.strip() == there or not item["end"]
    if item["name"] in ("card", "personal_id"):
        assert "*" in item["value"]
        assert "*" in there
    elif item["name"] not in ("date", "amount", "phone"):
        assert pressed(item["value"]) in pressed(there)


def whole(value: dict[str, Any]) -> str:
    return "\n".join(value[part] for part in ("subject", "text", "signature"))


def pressed(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper()


# Mutated: the samples of other tests, damaged in several ways at once.


def damage(name: str) -> st.SearchStrategy[bytes]:
    return st.sampled_from([text.encode("latin-1") for text in DAMAGE[name]])


@st.composite
def changes(draw: st.DrawFn) -> Change:
    """A way to damage a mail, anywhere in it."""
    place, length = draw(st.floats(0, 1)), draw(st.integers(1, 3000))
    kind = draw(st.sampled_from(["flip", "cut", "double", "put", "endless", "head", "charset"]))
    if kind == "charset":
        name = draw(damage("charsets"))
        return lambda data: re.sub(rb'(?i)charset="?[\w-]+"?', lambda _: b"charset=" + name, data)
    if kind == "head":
        lines = draw(st.lists(damage("headers"), min_size=1, max_size=4))
        return lambda data: b"\n".join((*lines, data))
    if kind == "flip":
        mask = draw(st.integers(1, 255))
        return lambda data: _changed(data, place, 1, lambda old: bytes(it ^ mask for it in old))
    if kind == "cut":
        return lambda data: _changed(data, place, length, lambda _: b"")
    if kind == "double":
        return lambda data: _changed(data, place, length, lambda old: old * 2)
    new = draw(damage("controls" if kind == "put" else "endless"))
    times = 1 if kind == "put" else draw(st.integers(1, 30_000)) // len(new)
    return lambda data: _changed(data, place, 0, lambda _: new * times)


def _changed(data: bytes, place: float, length: int, change: Change) -> bytes:
    start = int(place * len(data))
    return data[:start] + change(data[start : start + length]) + data[start + length :]


@st.composite
def nests(draw: st.DrawFn) -> Change:
    """Parts within parts, as deep as 25."""
    kind = draw(st.sampled_from(["mixed", "alternative", "report", "related", "\xff"]))
    levels, forwarded = draw(st.integers(0, 25)), draw(st.booleans())
    return lambda data: nested(data, levels, kind, forwarded)


def nested(data: bytes, levels: int, kind: str = "mixed", forwarded: bool = False) -> bytes:
    """Headers and body as a part of a part …; `forwarded` where each is a mail of its own."""
    for level in range(levels):
        inner = b"Content-Type: message/rfc822\n\n" + data if forwarded else data
        head = f"Content-Type: multipart/{kind}; boundary=_{level}_\n\n--_{level}_\n"
        data = head.encode("latin-1") + inner + f"\n--_{level}_--\n".encode()
    return data


@given(st.sampled_from(SAMPLES), st.lists(changes() | nests(), min_size=1, max_size=5))
def test_mutated_mail_is_triaged_or_refused_in_one_clear_line(
    understand: Understand, data: bytes, ways: list[Change]
) -> None:
    for change in ways:
        data = change(data)
    answer = understand(data)
    if answer is not None:
        check_answer(*answer)
    assert understand(data) == answer


# Generated: whatever the headers say of who sent it, the lines are those of the mail.

HEADS = st.lists(
    st.sampled_from(DAMAGE["heads"]), max_size=7, unique_by=lambda head: head.partition(":")[0]
)
BODIES = st.lists(LINES | st.sampled_from([[line] for line in DAMAGE["lines"]]), max_size=12)


@given(HEADS, BODIES, st.integers(0, 20))
def test_no_line_of_a_mail_is_lost_whatever_its_headers_say(
    understand: Understand, heads: list[str], groups: list[list[str]], levels: int
) -> None:
    lines = ["Missä se on?", *(line for group in groups for line in group)]
    head = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    body = nested("\n".join([head, *lines]).encode(), levels)
    answer = understand("\n".join(["To: x@example.com", *heads, ""]).encode() + body)
    assert answer is not None
    check_answer(*answer)
    kept = [answer[0][part] for part in ("text", "quoted", "signature")]
    assert not words(lines) - words(kept)


def words(lines: list[str]) -> Counter[str]:
    """Words without the marks around them: a field's label may lose its colon; a letter may be
    written in another way, and marks that nobody sees need not stay."""
    shown = re.sub("[\xad\u180e\u200b\u2060\ufeff]", "", "\n".join(lines))
    return Counter(re.findall(r"\w+", normalize("NFC", shown)))


# Secrets: numbers of cards and of people, in the headers and in the text, among anything.

CARDS = ["5555 5555 5555 4444", "5555-5555-5555-4444", "5555555555554444", "5555.5555.5555.4444"]
PERSON = "010101A123N"
SECRET = st.sampled_from([*CARDS, CARDS[0].replace(" ", "\xa0"), PERSON])
BEFORE = st.sampled_from(["Kortti ", "card:", "Hetu=", "(", "\n", '"', "- ", "1. ", "/", ">", ""])
WORD = st.sampled_from(["ja", "miksi", "the", "parcel?", "I want", "mutta", "\n", "Best,", "Maija"])
FRAMES = st.sampled_from(
    ["Subject: {0}\nFrom: a@b.fi\nTo: c@d.fi\n\n{1}", "From: {0} <a@b.fi>\nTo: c@d.fi\n\n{1}",
     "From: noreply@b.fi\nSubject: Uusi viesti\nReply-To: {0} <c@d.fi>\n\nNimi: {0}\nViesti: {1}"]
)  # fmt: skip


@given(
    st.lists(st.tuples(BEFORE, SECRET).map("".join) | WORD | st.text(max_size=5), max_size=150),
    SECRET,
    FRAMES,
)
def test_no_number_of_a_card_or_a_person_is_printed(
    understand: Understand, pieces: list[str], secret: str, frame: str
) -> None:
    text = " ".join([*pieces, "Hei."])
    answer = understand(frame.format("Kortti " + " ".join(secret.split()), text).encode())
    assert answer is not None
    check_answer(*answer)
    for output in (json.dumps(answer[0], ensure_ascii=False), answer[1]):
        assert "55555555" not in re.sub(r"[ \xa0.-]", "", output)
        assert "A123N" not in output
