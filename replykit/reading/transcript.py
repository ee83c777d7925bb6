"""A message given as the transcript of a chat: what the customer wrote last waits for an answer."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from replykit.message import Message
from replykit.patterns import prepared
from replykit.reading import roles
from replykit.reading.plain import from_plain
from replykit.reading.text import MAX_CHARACTERS, readable
from replykit.understanding.names import person_name

_TIME = r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?(?:\s?[ap]\.?m\b\.?)?"
_DATE = r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|[A-Z][a-z]{2,8}\.? \d{1,2},? \d{4})"
_STAMP = rf"(?:{_DATE}[,T]?\s{{0,3}})?(?:(?:klo|kl\.?|at)\s)?{_TIME}Z?"
_LABEL = r"(?P<label>[^\W\d_][^:\n\[\]<>|\t]{0,48}?)"
_STAMPED = tuple(
    prepared(pattern, re.IGNORECASE)
    for pattern in (
        rf"[\[(]{_STAMP}[\])]\s{{0,3}}(?:[-–]\s)?{_LABEL}\s?:(?!//)",
        rf"{_STAMP}\s{{1,3}}(?:[-–|]\s)?{_LABEL}\s?:(?!//)",
        rf"{_LABEL}\s{{0,3}}[\[(]{_STAMP}[\])]\s?(?::|$)",
        rf"{_LABEL}(?:,|\s[-–|]|\s)\s{{0,3}}{_STAMP}\s?:?\s{{0,3}}$",
    )
)
_UNSTAMPED = prepared(rf"{_LABEL}\s?:(?!//)")
# WhatsApp and others stamp what nobody said, too.
_STAMP_ALONE = prepared(rf"[\[(]?{_STAMP}[\])]?(?:\s|$)", re.IGNORECASE)
_MARKS = prepared("[\u200e\u200f\u202f]")
_BOLD = prepared(r"\*\*([^*]{1,60})\*\*")
_ADDRESS = prepared(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_MOST_LABELS = 6
_PREAMBLE = 15


@dataclass
class _Turn:
    """What was said at once: its label (none for what the chat itself says), its first line's
    number, and its lines without label and time."""

    label: str
    number: int
    lines: list[str] = field(default_factory=list)


def from_transcript(text: str) -> Message | None:
    """The customer's last turns as a message, all others quoted; None for what is no transcript.

    Precision comes first: mail with `Order: 123` or `From:` lines, lists, timetables are none.
    """
    if text.count("\n") < 2 or text.count(":") + text.count(".") < 3:
        return None
    lines = readable(_MARKS.sub(" ", text) if _MARKS.search(text) else text).split("\n")
    turns = _stamped_turns(lines) or _unstamped_turns(lines)
    if not turns or not _is_preamble(lines[: turns[0].number]):
        return None
    theirs = _customers(turns)
    last = next((n for n in range(len(turns) - 1, -1, -1) if turns[n].label in theirs), -1)
    if last < 0:
        return None
    first = last
    while first and turns[first - 1].label in {*theirs, ""}:
        first -= 1
    said = [turn for turn in turns[first : last + 1] if turn.label in theirs]
    numbers = {
        number
        for turn in said
        for number in range(turn.number, turn.number + max(1, len(turn.lines)))
    }
    now = "\n".join(line for turn in said for line in turn.lines if line.strip())
    before = "\n".join(line for number, line in enumerate(lines) if number not in numbers)
    message = from_plain(now, before)
    preamble = "\n".join(lines[: turns[0].number])
    address = _ADDRESS.search(preamble)
    notes = () if len(text) <= MAX_CHARACTERS else ("only the beginning of the chat was read",)
    return replace(
        message,
        sender_name=_name(said[-1].label) or roles.named_in(preamble) or message.sender_name,
        sender_address=address.group() if address else "",
        channel="chat",
        notes=notes or message.notes,
    )


def _stamped_turns(lines: list[str]) -> list[_Turn]:
    """The turns of a transcript with times; none where it is no such transcript."""
    starts: dict[int, tuple[str, str]] = {}
    for number, line in enumerate(lines):
        head = _BOLD.sub(r"\1", line[:200])
        for pattern in _STAMPED:
            if match := pattern.match(head):
                label = match["label"].strip(" -–,*")
                if not roles.is_no_speaker(label):
                    starts[number] = (label, _BOLD.sub(r"\1", line)[match.end() :].strip(" *"))
                break
    # Below a name and a time stands what was said; otherwise it was a sentence with a time.
    starts = {
        number: start
        for number, start in starts.items()
        if start[1] or (number + 1 < len(lines) and number + 1 not in starts)
    }
    counts = Counter(label for label, _ in starts.values())
    if len(starts) < 3 or not 2 <= len(counts) <= _MOST_LABELS:
        return []
    repeated = sum(count > 1 for count in counts.values())
    people = all(person_name(label) for label in counts)
    talk = any(map(roles.role, counts)) or any(
        roles.OFFERS_HELP.search(text) for _, text in starts.values()
    )
    if not (talk or repeated > 1 or (repeated and people)):
        return []
    return _turns(lines, starts, stamped=True)


def _unstamped_turns(lines: list[str]) -> list[_Turn]:
    """The turns of a transcript of `Name: text`; none where it is no transcript."""
    found: dict[int, tuple[str, str]] = {}
    for number, line in enumerate(lines):
        if ":" in line[:60]:
            head = _BOLD.sub(r"\1", line)
            match = _UNSTAMPED.match(head)
            if match and not roles.is_no_speaker(match["label"].strip()):
                found[number] = (match["label"].strip(), head[match.end() :].strip(" *"))
    if len(found) < 3:
        return []
    labels = _speakers(list(found.values()))
    starts = {number: start for number, start in found.items() if start[0] in labels}
    if len(starts) < 3 or len(labels) < 2:
        return []
    return _turns(lines, starts, stamped=False)


def _speakers(starts: list[tuple[str, str]]) -> set[str]:
    """Which labels are those of people who talk; others are fields in what somebody wrote."""
    counts = Counter(label for label, _ in starts)
    known = {label: role for label in counts if (role := roles.role(label))}
    people = [label for label in counts if label not in known and person_name(label)]
    people.sort(key=lambda label: -counts[label])  # stable: of equals the one that came first
    if len(set(known.values())) > 1:
        return {*known, *(label for label in people if counts[label] > 2)}
    if known:
        return {*known, *people[:1], *(label for label in people[1:] if counts[label] > 2)}
    repeated = [label for label in people if counts[label] > 1]
    words = sum(len(text.split()) for label, text in starts if label in repeated)
    talk = any(roles.OFFERS_HELP.search(text) for label, text in starts if label in repeated)
    greets = bool(roles.GREETING.match(starts[0][1])) and starts[0][0] in repeated
    turns = sum(counts[label] for label in repeated)
    if 2 <= len(repeated) <= 4 and turns > 3 and words >= 3 * turns and (talk or greets):
        return set(repeated)
    return set()


def _turns(lines: list[str], starts: dict[int, tuple[str, str]], stamped: bool) -> list[_Turn]:
    turns: list[_Turn] = []
    for number, line in enumerate(lines):
        if number in starts:
            label, text = starts[number]
            turns.append(_Turn(label, number, [text]))
        elif not turns:
            continue
        elif roles.SYSTEM_LINE.match(line) or (stamped and _STAMP_ALONE.match(line)):
            turns.append(_Turn("", number, [line]))
        elif turns[-1].label:
            turns[-1].lines.append(line.strip())
        elif line.strip():
            turns.append(_Turn("", number, [line]))
    return turns


def _is_preamble(lines: list[str]) -> bool:
    """Whether these lines tell of a chat, and are no letter around the copy of one."""
    filled = [line.strip() for line in lines if line.strip() and not _STAMP_ALONE.match(line)]
    return len(filled) <= _PREAMBLE and not any(
        len(line.split()) > (3 if line[-1] in ".?!:" else 8) or line[-1] == "," for line in filled
    )


def _customers(turns: list[_Turn]) -> set[str]:
    """The labels of the customer: by their roles, else by what the others say."""
    labels = list(dict.fromkeys(turn.label for turn in turns if turn.label))
    known = {label: roles.role(label) for label in labels}
    if named := {label for label, role in known.items() if role == roles.CUSTOMER}:
        return named
    agents = {label for label, role in known.items() if role == roles.AGENT}
    agents |= {
        turn.label
        for turn in turns
        if turn.label and roles.OFFERS_HELP.search(" ".join(turn.lines)[:2000])
    }
    # A firm's name among people's is the firm's.
    people = {label for label in labels if _name(label)}
    if people and not agents:
        agents = set(labels) - people
    others = [label for label in labels if label not in agents]
    if agents and others:
        return set(others)
    return set(labels[:1])


def _name(label: str) -> str:
    """The person's name in a label such as `Maija Virtanen (asiakas)`."""
    return person_name(roles.without_role(label))
