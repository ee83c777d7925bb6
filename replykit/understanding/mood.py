"""Says how urgent a message is and in what mood it was written, with the words that carry it.

The phrases and their weights are in `data/mood.LANG.txt`. What escalates a message says something
of its mood too: a threat is angry and urgent, whatever its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from replykit.masks import mask
from replykit.understanding.phrases import EXCEPT, Hit, Tokens, tokens
from replykit.understanding.routes import RouteWords, longest, reasons
from replykit.understanding.wordlists import built_in, plain_words, spot

LEVELS = ("low", "normal", "high")
LABELS = ("angry", "negative", "neutral", "positive")

# What a reason to escalate adds, beside the words: (anger, other bad mood).
_REASONS = {
    "threat": (3.0, 0.0),
    "self_harm": (0.0, 1.0),
    "data_breach": (0.0, 1.0),
    "medical": (0.0, 1.0),
    "repeated": (0.0, 1.0),
    "legal": (0.0, 1.0),
    "minor": (0.0, 0.5),
}
_URGENT_REASONS = frozenset({"threat", "self_harm"})
_ANGRY_FROM = 1.0
_FELT_FROM = 1.0
# "Thanks for ruining the party, well done": praise beside anger is half meant at most; so is
# praise that a "but" follows.
_MEANT = 0.5
_CONTRAST = 0.5
# Who asks for nothing, hands nothing over and praises nothing tells of what went wrong.
_TOLD = 1.0
_FEWEST_WORDS = 4
_MOST_CITED = 80
# Who is in a hurry is seldom at ease.
_PRESSED = 0.5
_SENTENCE = 16
_MANY_MARKS = 4
_INTENSIFIED = 1.5
_NEGATED_WITHIN = 3
_NEAR = 20
_BUILT_IN = RouteWords()
# two words in capitals, or a long one that is no abbreviation (those stand with digits: "PDF 2")
_SHOUTED = re.compile(
    r"\b[A-ZÅÄÖ]{3,}\b(?:\W+[A-ZÅÄÖ]{2,}\b)+|(?<=[a-zåäö,] )[A-ZÅÄÖ]{5,}\b(?![-:])"
)
_MARKS = re.compile(r"(?<![!?])[!?]*(?:!!|!\?|\?!)[!?]*")
# "Stop. Wasting. My. Time."
_HAMMERED = re.compile(r"(?:\b[^\W\d]+\. ){2,5}[^\W\d]+[.!]")
_LIVELY = re.compile(r"\?{2,}|![^!?]{1,200}!")


def urgency(text: str, lang: str) -> tuple[str, tuple[str, ...]]:
    """`low`, `normal` or `high`, and the words that say so."""
    return _read(text, lang)[0]


def sentiment(text: str, lang: str) -> tuple[str, tuple[str, ...]]:
    """`angry`, `negative`, `neutral` or `positive`, and the words that say so."""
    return _read(text, lang)[1]


@lru_cache(maxsize=4)
def _read(text: str, lang: str) -> tuple[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]]:
    hits = {name: _standing(text, lang, name) for name in ("high", "low", "soon", *LABELS)}
    # thanks wait for no answer, but what is asked after them does
    low = [hit for hit in hits["low"] if "?" not in text or not _overlaps(hit, hits["positive"])]
    escalating = reasons(text, lang, _BUILT_IN)
    feeling = _sentiment(text, lang, hits, [(item.name, item.text) for item in escalating])
    pressing = [item.text for item in escalating if item.name in _URGENT_REASONS]
    if pressing or hits["high"]:
        level = "high", (*pressing, *_words(text, hits["high"]))
    elif low:
        level = "low", _words(text, low)
    elif feeling[0] in ("angry", "negative") and (soon := _near_trouble(text, lang, hits)):
        level = "high", _words(text, soon)
    elif feeling[0] == "positive" and "?" not in text:
        level = "low", feeling[1]
    else:
        level = "normal", ()
    return level, feeling


def _near_trouble(text: str, lang: str, hits: dict[str, list[Hit]]) -> list[Hit]:
    """Where a message that complains names an hour that is near: "The nurse comes at six, and the
    bed won't go down"."""
    soon, trouble = hits["soon"], [*hits["angry"], *hits["negative"]]
    if soon and _told(text, lang):
        return soon
    return [hit for hit in soon if any(abs(hit.first - other.first) <= _NEAR for other in trouble)]


def _standing(text: str, lang: str, name: str) -> list[Hit]:
    """The phrases of a list that no exception lies over, the longest where several overlap, with
    the weight of the heaviest."""
    found = spot(text, lang).get(f"mood.{name}", ())
    exceptions = [hit for hit in found if hit.line.sign == EXCEPT]
    kept = [hit for hit in found if hit.line.sign != EXCEPT and not _overlaps(hit, exceptions)]
    if len(kept) < 2:
        return kept
    return [
        _weighted(hit, max(other.line.weight for other in kept if hit.overlaps(other)))
        for hit in longest(kept)
    ]


def _weighted(hit: Hit, weight: float) -> Hit:
    return hit if hit.line.weight == weight else hit._replace(line=hit.line._replace(weight=weight))


def _sentiment(
    text: str, lang: str, hits: dict[str, list[Hit]], escalating: Sequence[tuple[str, str]]
) -> tuple[str, tuple[str, ...]]:
    found = tokens(text)
    angry, good = hits["angry"], hits["positive"]
    bad = _of_this_customer(hits["negative"], text, lang)
    # "not happy": the longer phrase says it
    good = [hit for hit in good if not any(_within(hit, other) for other in (*angry, *bad))]
    bad = [hit for hit in bad if not any(_within(hit, other) for other in good)]
    negated = [hit for hit in good if _negated(hit, found, lang)]
    good = [hit for hit in good if hit not in negated]
    bad = [*(hit for hit in bad if not _negated(hit, found, lang)), *negated]
    anger = _sum(angry, found, lang)
    badness = _sum(bad, found, lang)
    goodness = _sum(good, found, lang)
    for name in {name for name, _ in escalating}:
        more_anger, more_badness = _REASONS.get(name, (0.0, 0.0))
        anger, badness = anger + more_anger, badness + more_badness
    if hits["high"]:
        badness += _PRESSED
    if good and _taken_back(good, found, lang):
        goodness, badness = goodness * _MEANT, badness + _CONTRAST
    told = "" if hits["low"] else _told(text, lang)
    if told and not good:
        badness += _TOLD
    loud = _loud(text)
    if anger + badness > goodness:
        anger += sum(loud.values())
    said = [words for name, words in escalating if name in _REASONS]
    if anger >= _ANGRY_FROM:
        goodness *= _MEANT
    if anger >= _ANGRY_FROM and anger >= goodness:
        threats = [words for name, words in escalating if name == "threat"]
        return "angry", (*threats, *_words(text, angry), *loud)
    if anger + badness >= _FELT_FROM and anger + badness > goodness:
        return "negative", (*_words(text, [*angry, *bad]), *said) or (told,)
    if goodness >= _FELT_FROM:
        return "positive", _words(text, good)
    return "neutral", ()


def _taken_back(good: Iterable[Hit], found: Tokens, lang: str) -> bool:
    """Whether a "but" follows all praise: "The staff were kind. But the room was damp."""
    last = max(hit.last for hit in good)
    contrast = plain_words(lang, "mood.contrast")
    return any(word in contrast for word in found.words[last + 1 :])


def _of_this_customer(hits: list[Hit], text: str, lang: str) -> list[Hit]:
    """Without the words of a question of general interest: who asks whether handles are sold for
    broken ones has none that is broken (`mood.general`, unless `mood.own` stands beside it)."""
    spotted, found = spot(text, lang), tokens(text)
    general = {found.sentence(hit.first) for hit in spotted.get("mood.general", ())}
    if not general:
        return hits
    general -= {found.sentence(hit.first) for hit in spotted.get("mood.own", ())}
    return [hit for hit in hits if hit.line.weight > 1 or found.sentence(hit.first) not in general]


def _told(text: str, lang: str) -> str:
    """The first sentence of a message that only tells: it asks for nothing, wants nothing done and
    hands nothing over (`mood.asking`; `mood.opener` begins a question that has no mark, a word
    with a `mood.ending` is one). Empty for all others."""
    found = tokens(text)
    if len(found.words) < _FEWEST_WORDS or "?" in text or not built_in(lang).lines:
        return ""
    openers = plain_words(lang, "mood.opener")
    if any(found.words[place] in openers for place in found.breaks[:-1]):
        return ""
    endings = tuple(plain_words(lang, "mood.ending"))
    if spot(text, lang).get("mood.asking") or any(word.endswith(endings) for word in found.unique):
        return ""
    start, end = found.span(0, found.breaks[1] - 1)
    # Masked as a whole: no cut part of a number shows that it is a card's.
    return " ".join(mask(text)[start : min(end, start + _MOST_CITED)].split())


def _loud(text: str) -> dict[str, float]:
    """Words in capitals, and marks in a row, with what they weigh."""
    shouted, marks, lively = _SHOUTED.search(text), _MARKS.search(text), _LIVELY.search(text)
    found = {match.group(): 0.5 for match in (shouted, marks) if match}
    if shouted and len(shouted.group()) >= _SENTENCE:
        found[shouted.group()] = 1.0
    if marks and len(marks.group()) >= _MANY_MARKS:
        found[marks.group()] = 1.0
    if hammered := _HAMMERED.search(text):
        found[hammered.group()] = 1.0
    return found or ({lively.group()[:2]: 0.25} if lively else {})


def _sum(hits: Iterable[Hit], found: Tokens, lang: str) -> float:
    strong = plain_words(lang, "mood.strong")
    return sum(
        hit.line.weight
        * (_INTENSIFIED if hit.first and found.words[hit.first - 1] in strong else 1)
        for hit in hits
    )


def _overlaps(hit: Hit, others: Iterable[Hit]) -> bool:
    return any(hit.overlaps(other) for other in others)


def _within(inner: Hit, outer: Hit) -> bool:
    return outer.first <= inner.first and inner.last <= outer.last


def _negated(hit: Hit, found: Tokens, lang: str) -> bool:
    """Whether a negation stands a few words before a phrase that has none of its own."""
    negators = plain_words(lang, "mood.negator")
    start = max(found.sentence(hit.first)[0], hit.first - _NEGATED_WITHIN)
    if any(word in negators for word in found.words[hit.first : hit.last + 1]):
        return False
    return any(word in negators for word in found.words[start : hit.first])


def _words(text: str, hits: Iterable[Hit]) -> tuple[str, ...]:
    """The hits' texts in their order, each once."""
    ordered = sorted(hits, key=lambda hit: hit.start)
    return tuple(dict.fromkeys(text[hit.start : hit.end] for hit in ordered))
