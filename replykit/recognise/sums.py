"""Finds sums of money in a text, in numbers or in words, and what may be reckoned from them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import cache
from itertools import combinations

from replykit.patterns import prepared
from replykit.recognise.numerals import pattern, value

_WHOLE = {
    "en": r"(?:euros?|pounds?|dollars?|quid|kron[ae]r?)",
    "fi": r"(?:euro(?:a|n|lla|sta|on|ssa|ksi|t)?|kruunua|puntaa|dollaria)",
}
_CENTS = {"en": r"(?:cents?|pence)", "fi": r"(?:sentti[äi]?|sentin|senttiin|snt)"}
_MONEY = prepared(r"euro|pound|dollar|quid|kron|cent|pence|kruun|punt|sent|snt", re.IGNORECASE)
_AND = {"en": r",?\ (?:and\ )?", "fi": r",?\ (?:ja\ )?"}
_MOST = 12  # sums of a message that are reckoned with
_MOST_TIMES = 100


def sums(text: str, lang: str, day: date) -> Iterator[tuple[float, int, int]]:
    """Sums in cents, of whatever currency, with their places."""
    from replykit.recognise import find

    taken: list[tuple[int, int]] = []
    for item in find(text, lang, day, ("amount",)):
        if item.confidence >= 0.6:
            taken.append((item.start, item.end))
            yield 100 * float(item.value.split(maxsplit=1)[0]), item.start, item.end
    if lang in _WHOLE and _MONEY.search(text):
        for match in _spelled(lang).finditer(text):
            if not any(first < match.end() and match.start() < last for first, last in taken):
                yield _cents(match, lang), match.start(), match.end()


def reckoned(known: Sequence[float], times: Collection[int], shares: Collection[int]) -> set[float]:
    """What an agent may reckon from known sums: their sum, what is between two, so many times
    one, and a share of one."""
    few = list(known)[:_MOST]
    found = {sum(few), *(abs(one - other) for one, other in combinations(few, 2))}
    found |= {one + other for one, other in combinations(few, 2)}
    found |= {one * count for one in few for count in times if 1 < count <= _MOST_TIMES}
    for share in shares:
        found |= {one * part / 100 for one in few for part in (share, 100 - share)}
    return {float(round(one)) for one in found}


def _cents(match: re.Match[str], lang: str) -> float:
    return 100 * _number(match["whole"], lang) + _number(match["cents"] or match["price"], lang)


def _number(written: str | None, lang: str) -> float:
    if not written:
        return 0
    return float(written.replace(",", ".")) if written[0].isdigit() else value(written, lang)


@cache
def _spelled(lang: str) -> re.Pattern[str]:
    """A hundred and six euros and forty cents; 14.9 cents."""
    words, cents = pattern(lang), _CENTS[lang]
    return prepared(
        rf"(?<![\w.,-])(?:(?P<whole>{words})[\ -]{_WHOLE[lang]}"
        rf"(?:{_AND[lang]}(?P<cents>\d\d?|{words})\ {cents})?"
        rf"|(?P<price>\d{{1,3}}(?:[.,]\d{{1,3}})?|{words})[\ -]{cents})(?!\w)",
        re.IGNORECASE,
    )
