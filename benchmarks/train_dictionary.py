"""Makes the dictionaries of replykit/ranking/translate.py from their sources.

    python benchmarks/train_dictionary.py --data DIR [--freedict DIR] [--out DIR]

Three sources give a pair of words (Finnish lemma, English word) its weight: FreeDict's (WikDict's)
fin-eng and eng-fin, by the place of a translation in its entry (--freedict: the folder of the
.index and .dict.dz files of Debian's dict-freedict-*); MASSIVE's parallel utterances, by IBM
model 1 in both directions; and dictionary_fi_en.tsv beside this script, words of customer
service and of spoken Finnish. How often a word occurs in customers' messages (MASSIVE, BANKING77,
Bitext, mail templates) decides between translations. Writes dictionary.fi-en.tsv and
dictionary.en-fi.tsv. Needs Voikko.
"""

from __future__ import annotations

import argparse
import gzip
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from public_sets import banking77, bitext, mails, massive

from replykit.ranking.features import lemmatizer, normal
from replykit.ranking.translate import DATA, UNITS, readings, split

HERE = Path(__file__).parent
SUPPLEMENT = HERE / "dictionary_fi_en.tsv"
FREEDICT = Path("/usr/share/dictd")

DICTIONARY, ALIGNMENT, OWN = 1.0, 1.5, 3.0  # what a source's likeliest translation weighs
COMMON = 0.5  # the power of how often a word occurs
LEAST = 0.15  # of the likeliest translation's weight
MOST = 5  # translations of a word
LEAST_PAIRS = 3  # utterances in which two words meet
LONGEST = 24
COMMON_ENGLISH = 5  # occurrences in messages and glosses: rarer words are left out
LONGEST_RARE = 12  # letters of a Finnish word that occurs in neither

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_SENSE = re.compile(r"^\d+\. (.*)$")
_FUNCTION = frozenset(
    ("a", "an", "the", "of", "to", "be", "in", "on", "at", "for", "or", "and", "with", "by")
)
_SLURS = re.compile(r"nigg|neeker|\bfaggot|\bkike|\bhutsu")
_WORD = re.compile(r"[^\W\d_]+")

# Of a key, its translations' weights. Words of a phrase are translations of their own.
Weights = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Entry:
    """A headword, its kind, the translations of each sense, and what explains them."""

    head: str
    kind: str
    senses: list[list[str]]
    glosses: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--freedict", type=Path, default=FREEDICT)
    parser.add_argument("--out", type=Path, default=DATA)
    options = parser.parse_args()
    corpora = Corpora.read(options.data)
    for (source, target), weights in build(corpora, options.freedict).items():
        write(options.out / f"dictionary.{source}-{target}.tsv", weights)


@dataclass(frozen=True)
class Corpora:
    """Parallel utterances (Finnish, English), and messages of either language."""

    pairs: list[tuple[str, str]]
    finnish: list[str]
    english: list[str]

    @classmethod
    def read(cls, data: Path, keep: Callable[[int], bool] = lambda row: True) -> Corpora:
        """`keep` leaves rows of MASSIVE out, where something is measured on them."""
        english = [row["text"] for row in banking77(data)]
        english += [row["instruction"] for row in bitext(data)]
        english += [mail["text"] for mail in mails(data) if mail["lang"] == "en"]
        return cls(
            pairs=[(row["fi"], row["en"]) for n, row in enumerate(massive(data)) if keep(n)],
            finnish=[mail["text"] for mail in mails(data) if mail["lang"] == "fi"],
            english=english,
        )


def build(
    corpora: Corpora,
    freedict: Path | None,
    supplement: Path | None = SUPPLEMENT,
    align: bool = True,
) -> dict[tuple[str, str], Weights]:
    """The weights of both directions; a source that is None or False is left out."""
    sources: list[tuple[float, Weights, Weights]] = []
    finnish = frequency([*(fi for fi, _ in corpora.pairs), *corpora.finnish], "fi")
    english = frequency([*(en for _, en in corpora.pairs), *corpora.english], "en")
    if freedict:
        sources.append((DICTIONARY, *from_freedict(freedict)))
        finnish += frequency(glosses(freedict / "freedict-fin-eng"), "fi")
        english += frequency(glosses(freedict / "freedict-eng-fin"), "en")
    if align:
        sources.append((ALIGNMENT, *from_alignment(corpora.pairs)))
    own = from_supplement(supplement) if supplement else ({}, {})
    sources.append((OWN, *own))
    stem = lemmatizer("en")

    def common_english(words: Iterable[str]) -> bool:
        return all(english[stem(word)] >= COMMON_ENGLISH for word in words)

    to_english = joined([(w, a) for w, a, _ in sources], english, "en")
    to_finnish = joined([(w, b) for w, _, b in sources], finnish, "fi")
    fi_en = {
        key: kept
        for key, others in to_english.items()
        if (kept := {word: v for word, v in others.items() if common_english([word])})
        and (key in own[0] or finnish[key] or len(key) <= LONGEST_RARE)
    }
    en_fi = {
        key: others
        for key, others in to_finnish.items()
        if key in own[1] or common_english(key.split())
    }
    return {
        ("fi", "en"): {k: v for k, v in fi_en.items() if k in own[0] or not is_sum(k, fi_en)},
        ("en", "fi"): en_fi,
    }


def is_sum(word: str, weights: Weights) -> bool:
    """Whether a Finnish compound means what its parts mean: `translate.py` reads the parts."""
    parts = split(word, readings(word).get(word, ""))
    if len(parts) < 2 or not all(part in weights for part in parts):
        return False
    first = {max(weights[part].items(), key=lambda item: item[1])[0] for part in parts}
    return first == {other for other, value in weights[word].items() if value >= 0.5}


def frequency(texts: Iterable[str], lang: str) -> Counter[str]:
    """How often lemmas occur."""
    lemma = lemmatizer(lang)
    words = Counter(word for text in texts for word in _WORD.findall(normal(text)))
    counts: Counter[str] = Counter()
    for word, count in words.items():
        counts[lemma(word)] += count
    return counts


def joined(sources: list[tuple[float, Weights]], common: Counter[str], lang: str) -> Weights:
    """The sources' weights together: the likeliest translation of each word has 1."""
    lemma = lemmatizer(lang)
    found: Weights = defaultdict(lambda: defaultdict(float))
    for share, weights in sources:
        for key, others in weights.items():
            known = {
                word: value * (1 + math.log1p(common[lemma(word)])) ** COMMON
                for word, value in others.items()
            }
            most = max(known.values())
            # How sure a source is of its best translation: an alignment may be a guess.
            sure = max(others.values())
            for word, value in known.items():
                found[key][word] += share * sure * value / most
    return {key: best(others, lemma) for key, others in found.items()}


def best(others: dict[str, float], lemma: Callable[[str], str]) -> dict[str, float]:
    """The likeliest translations, one form of each lemma."""
    forms: dict[str, tuple[str, float, float]] = {}
    for word, value in others.items():
        form, top, total = forms.get(lemma(word), (word, 0.0, 0.0))
        forms[lemma(word)] = (word if value > top else form, max(value, top), total + value)
    ranked = sorted(((total, word) for word, _, total in forms.values()), reverse=True)[:MOST]
    most = ranked[0][0]
    return {word: value / most for value, word in ranked if value >= LEAST * most}


def from_freedict(folder: Path) -> tuple[Weights, Weights]:
    """Both dictionaries, each read in both directions; the first translation weighs most."""
    fi_en: Weights = defaultdict(lambda: defaultdict(float))
    en_fi: Weights = defaultdict(lambda: defaultdict(float))
    for item in entries(folder / "freedict-fin-eng"):
        for english, value in ranked(item):
            add(fi_en, en_fi, item.head, english, value, 0.5 * value)
    for item in entries(folder / "freedict-eng-fin"):
        for finnish, value in ranked(item):
            add(fi_en, en_fi, finnish, item.head, 0.5 * value, value)
    return capped(fi_en), capped(en_fi)


def capped(weights: Weights) -> Weights:
    return {
        key: {word: min(value, 1.0) for word, value in others.items()}
        for key, others in weights.items()
    }


def ranked(item: Entry) -> Iterator[tuple[str, float]]:
    if "fix" in item.kind or item.kind == "pn":
        return
    for sense, words in enumerate(item.senses):
        for place, word in enumerate(words):
            yield word, 1 / (1 + 0.5 * sense) / (1 + 0.3 * place)


def add(
    fi_en: Weights, en_fi: Weights, finnish: str, english: str, forward: float, back: float
) -> None:
    """Notes one pair in both directions, where its words can be met in a message."""
    fi, en = phrase(finnish), phrase(english)
    if not fi or not en or any(len(word) > LONGEST for word in fi + en):
        return
    stem = lemmatizer("en")
    if len(fi) == 1:
        for word in en:
            fi_en[fi[0]][word] = max(fi_en[fi[0]][word], forward / len(en) ** 0.5)
    if len(en) <= 2:
        key = " ".join(stem(word) for word in en)
        for word in fi:
            en_fi[key][word] = max(en_fi[key][word], back / len(fi) ** 0.5)


def phrase(text: str) -> list[str]:
    """The words of up to three that mean something; empty where there are more."""
    text = normal(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text))
    words = re.findall(r"[^\W_]+", text)
    if len(words) > 4 or any(len(word) == 1 for word in words if words != [word]):
        return []
    content = [word for word in words if word not in _FUNCTION] or words[:1]
    return content if len(content) <= 3 else []


def entries(stem: Path) -> Iterator[Entry]:
    """The entries of a dictionary in dictd's format."""
    text = gzip.decompress(stem.with_name(stem.name + ".dict.dz").read_bytes())
    places = {
        (number(start), number(length))
        for word, start, length in (
            line.split("\t")[:3]
            for line in stem.with_name(stem.name + ".index").read_text("utf-8").splitlines()
        )
        if not word.startswith("00")
    }
    for start, length in sorted(places):
        yield entry(text[start : start + length].decode("utf-8").split("\n"))


def glosses(stem: Path) -> list[str]:
    """What explains the entries, as text of the headwords' language."""
    return [gloss for item in entries(stem) for gloss in item.glosses]


def entry(lines: list[str]) -> Entry:
    kind = re.search(r" <([^>]*)>\s*$", lines[0])
    head = re.sub(r"( /.*)?( <[^>]*>)?\s*$", "", lines[0])
    numbered = [match[1] for line in lines[1:] if (match := _SENSE.match(line))]
    glosses = [line for line in lines[1:] if not _SENSE.match(line)]
    if not numbered:
        numbered, glosses = glosses[:1], glosses[1:]
    # Senses without translation leave their number at the end of the line before.
    senses = [re.sub(r"(^|\s)\d+\.$", "", text).split(",") for text in numbered]
    return Entry(head, kind[1] if kind else "", senses, glosses)


def number(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 64 + _DIGITS.index(digit)
    return value


def from_supplement(path: Path) -> tuple[Weights, Weights]:
    """Lines `Finnish TAB English, English`, the likeliest first."""
    fi_en: Weights = defaultdict(lambda: defaultdict(float))
    en_fi: Weights = defaultdict(lambda: defaultdict(float))
    for line in path.read_text("utf-8").splitlines():
        finnish, _, meanings = line.partition("\t")
        for place, english in enumerate(meanings.split(",")):
            value = 1 / (1 + 0.3 * place)
            add(fi_en, en_fi, finnish, english, value, value)
    # Spoken forms are read, and never looked for in a response.
    lemma = lemmatizer("fi")
    backwards = {
        key: kept
        for key, others in en_fi.items()
        if (kept := {word: value for word, value in others.items() if lemma(word) == word})
    }
    return fi_en, backwards


def from_alignment(pairs: Sequence[tuple[str, str]]) -> tuple[Weights, Weights]:
    """IBM model 1 in both directions; a pair counts by the product of both chances."""
    lemma, stem = lemmatizer("fi"), lemmatizer("en")
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    finnish, english = [], []
    for fi, en in pairs:
        finnish.append(sorted({lemma(word) for word in _WORD.findall(normal(fi))}))
        words = _WORD.findall(normal(en))
        for word in words:
            forms[stem(word)][word] += 1
        english.append(sorted({stem(word) for word in words}))
    met = Counter((f, e) for fs, es in zip(finnish, english, strict=True) for f in fs for e in es)
    to_english, to_finnish = model_one(finnish, english), model_one(english, finnish)
    fi_en: Weights = defaultdict(dict)
    en_fi: Weights = defaultdict(dict)
    for (f, e), count in met.items():
        chance = math.sqrt(to_english.get((f, e), 0.0) * to_finnish.get((e, f), 0.0))
        chance *= count / (count + 2)
        if count >= LEAST_PAIRS and chance >= 0.1:
            fi_en[f][forms[e].most_common(1)[0][0]] = chance
            en_fi[e][f] = chance
    return fi_en, en_fi


def model_one(
    sources: Sequence[Sequence[str]], targets: Sequence[Sequence[str]], rounds: int = 8
) -> dict[tuple[str, str], float]:
    """The chance of a target word, given a source word; "" stands for no source at all."""
    chance: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for _ in range(rounds):
        counts: dict[tuple[str, str], float] = defaultdict(float)
        totals: dict[str, float] = defaultdict(float)
        for words, others in zip(sources, targets, strict=True):
            given = ["", *words]
            for other in others:
                whole = sum(chance[word, other] for word in given)
                for word in given:
                    part = chance[word, other] / whole
                    counts[word, other] += part
                    totals[word] += part
        chance = {pair: count / totals[pair[0]] for pair, count in counts.items()}
    return chance


def write(path: Path, weights: Weights) -> None:
    """One line a key, sorted by bytes; a word's weight is one digit."""
    lines = []
    for key, others in weights.items():
        digits = {word: max(1, round(UNITS * value)) for word, value in others.items()}
        line = key + "\t" + " ".join(f"{word}{digit}" for word, digit in digits.items())
        if not _SLURS.search(line):
            lines.append(line)
    lines.sort(key=lambda line: line.partition("\t")[0].encode())
    path.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{path.name}: {len(lines)} words, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
