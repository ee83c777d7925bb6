"""Inflect Finnish names and nouns in the cases a canned reply needs.

The word list and the inflection classes come from the `voikko` package. Its own front door,
`voikko.inflect_word`, is not used: it opens the word list in the locale's encoding, sorts the
whole list for every unknown word, and inflects anything at all, sense or not. Here a class is
picked only where there is good reason for it; every other word stays in the nominative, because
"Kiitos viestistä, Xzibitz" is a smaller fault in a reply than an invented form.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

_DATA = Path(__file__).parents[1] / "data"

CASES = {
    "nominative": "nominatiivi",
    "genitive": "genetiivi",
    "partitive": "partitiivi",
    "essive": "essiivi",
    "translative": "translatiivi",
    "inessive": "inessiivi",
    "elative": "elatiivi",
    "illative": "illatiivi",
    "adessive": "adessiivi",
    "ablative": "ablatiivi",
    "allative": "allatiivi",
}
_ABBREVIATED = {
    "nom": "nominative",
    "gen": "genitive",
    "part": "partitive",
    "ess": "essive",
    "transl": "translative",
    "iness": "inessive",
    "elat": "elative",
    "illat": "illative",
    "adess": "adessive",
    "ablat": "ablative",
    "allat": "allative",
    "ine": "inessive",
    "ela": "elative",
    "ill": "illative",
    "ade": "adessive",
    "abl": "ablative",
    "all": "allative",
}
_BY_NAME = (
    CASES
    | {finnish: finnish for finnish in CASES.values()}
    | {short: CASES[name] for short, name in _ABBREVIATED.items()}
)

# Nobody's name is longer, and the bound keeps hostile text cheap.
_MAX_LENGTH = 100
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ž]+(?:['’-][A-Za-zÀ-ÖØ-öø-ž]+)*")
_VOWELS = "aeiouyåäö"

# Place-name endings that make a Finnish surname or place when something precedes them: an unknown
# "Kaukoranta" inflects as "ranta" does. Common nouns at large would find "ale" in "Alexandale".
_TOPONYM_TEXT = """
    aho aro haara harju hovi joki järvi kallio kangas kari katu kaupunki keskus kivi korpi koski
    kulma kumpu kylä laakso lahti lampi lehto linna luoto lähde maa metsä mäki niemi nummi oja
    pelto piha puro pää ranta rinne saari salmi salo silta suo suu talo tie tori tupa vaara vesi
    viita virta vuori
"""
_TOPONYMS = frozenset(_TOPONYM_TEXT.split())

# How a letter's name ends decides the ending after the colon: "EU:hun" (uu), "THL:ään" (äl).
_LETTER_NAME_TEXT = """
    A aa B bee C see D dee E ee F äf G gee H hoo I ii J jii K koo L äl M äm N än O oo P pee Q kuu
    R är S äs T tee U uu V vee Y yy Å oo Ä ää Ö öö
"""
_LETTER_NAMES = dict(
    zip(_LETTER_NAME_TEXT.split()[::2], _LETTER_NAME_TEXT.split()[1::2], strict=True)
)
_AFTER_COLON = {
    "genetiivi": "n",
    "essiivi": "na",
    "translatiivi": "ksi",
    "inessiivi": "ssa",
    "elatiivi": "sta",
    "adessiivi": "lla",
    "ablatiivi": "lta",
    "allatiivi": "lle",
}

# Classes that differ only in the plural count as one when known names vote on an unknown one.
_SAME_SINGULAR = {
    "arvelu": "valo",
    "asema": "kala",
    "apaja": "kala",
    "edam": "kalsium",
    "karahka": "kala",
    "koira": "kala",
    "kulkija": "kala",
    "matala": "kala",
    "paperi": "risti",
    "peruna": "kala",
}
_VOTERS = 4
_MAJORITY = 0.85


class _Lexicon(NamedTuple):
    """voikko's word list as text, searched rather than parsed: a reply needs only a few words."""

    marked: str  # compound boundaries marked with "="
    plain: str
    own: dict[str, str]
    types: Any  # voikko's inflection types; the package has no type information


def inflect(word: str, case: str) -> str:
    """Return `word` in `case`, or unchanged where its inflection is not known well enough.

    In a full name only the last name inflects. Raises ValueError for a case that does not exist,
    which is a fault in the template, and never for what the word is.
    """
    form = _BY_NAME.get(case.strip().lower())
    if form is None:
        raise ValueError(f"unknown case {case!r}; known: {', '.join(CASES)}")
    if form == "nominatiivi" or len(word) > _MAX_LENGTH:
        return word
    stripped = word.strip()
    parts = re.split(" +", unicodedata.normalize("NFC", stripped))
    if not all(_WORD.fullmatch(part) for part in parts):
        return word
    inflected = _phrase(tuple(parts), form)
    return word if inflected is None else word.replace(stripped, inflected)


@lru_cache(maxsize=4096)
def _phrase(parts: tuple[str, ...], form: str) -> str | None:
    """Inflect a name or a noun phrase; None where any word that must inflect cannot."""
    for conjunction in ("ja", "sekä", "tai", "och", "and"):
        if conjunction in parts[1:-1]:
            at = parts.index(conjunction, 1)
            left, right = _phrase(parts[:at], form), _phrase(parts[at + 1 :], form)
            return f"{left} {conjunction} {right}" if left and right else None
    *before, last = parts
    head = _hyphenated(last, form)
    if head is None:
        return None
    if last[0].islower():
        # An attribute of a common noun agrees with it unless it is a genitive: "tekniselle
        # tuelle", "Helsingin kaupungille". Which of the two an unfamiliar word is, is not known.
        for index, attribute in enumerate(before):
            if attribute.endswith("nen"):
                agreeing = _hyphenated(attribute, form)
                if agreeing is None:
                    return None
                before[index] = agreeing
            elif not attribute.endswith("n"):
                return None
    return " ".join([*before, head])


def _hyphenated(word: str, form: str) -> str | None:
    start = word.rfind("-") + 1
    inflected = _single(word[start:], form)
    return None if inflected is None else word[:start] + inflected


def _single(word: str, form: str) -> str | None:
    if word.isupper() and len(word) > 1 and word not in _lexicon().own:
        return _upper(word, form)
    if listed := _listed(word):
        return _apply(word, listed, form)
    # Where more than one class is possible, a form on which they agree is still certain: whether
    # "Tinka" is "Tinkan" or "Tingan", the partitive is "Tinkaa".
    forms = {_apply(word, (kind,), form) for kind in _guess(word)}
    return forms.pop() if len(forms) == 1 else None


def _upper(word: str, form: str) -> str | None:
    """A known word in capitals inflects in capitals; other short ones are abbreviations."""
    title = word.capitalize()
    if len(word) > 2 and (known := _listed(title)):
        inflected = _apply(title, known, form)
        return inflected.upper() if inflected else None
    if len(word) > 3 and any(letter in _VOWELS for letter in word.lower()):
        return None  # "UNICEF" is read as a word, "ACME" perhaps: not known which
    name = _LETTER_NAMES.get(word[-1])
    if name is None or not set(word) <= _LETTER_NAMES.keys():
        return None
    back = name[-1] in "aou"
    vowel = "a" if back else "ä"
    if form == "illatiivi":
        # A long vowel takes h and itself again, a letter named with a consonant -ään.
        ending = f"h{name[-1]}n" if name[-1] in _VOWELS else "ään"
    elif form == "partitiivi":
        ending = f"t{vowel}" if name[-1] in _VOWELS else "ää"
    else:
        ending = _AFTER_COLON[form].replace("a", vowel)
    return f"{word}:{ending}"


@cache
def _lexicon() -> _Lexicon:
    import voikko
    from voikko import voikkoinfl

    # voikko's files are UTF-8, but its own reader trusts the locale, so they are read here.
    folder = Path(next(iter(voikko.__path__)))
    marked = "\n" + (folder / "sanat.txt").read_text(encoding="utf-8")
    own = (_DATA / "names_fi.txt").read_text(encoding="utf-8")
    lines = (line.split(";") for line in own.splitlines() if line and not line.startswith("#"))
    types = voikkoinfl.readInflectionTypes(str(folder / "subst.aff"))
    return _Lexicon(marked, marked.replace("=", ""), dict(lines), types)


def _listed(word: str) -> tuple[str, ...] | None:
    """The classes a word list gives the word, as it is or in the other letter case."""
    for spelling in dict.fromkeys((word, word.lower(), word.capitalize())):
        own = _lexicon().own.get(spelling)
        if own and not (spelling != word and word.islower()):
            return (own,)
        # "matti" is most likely the name, but "satu" is a noun: the list's own spelling first.
        found = _in_list(spelling)
        if found:
            return found
        if own:
            return (own,)
    return None


@lru_cache(maxsize=4096)
def _in_list(word: str) -> tuple[str, ...]:
    text, key = _lexicon().plain, f"\n{word};"
    found: list[str] = []
    at = text.find(key)
    while at >= 0:
        kind = text[at + len(key) : text.index("\n", at + 1)]
        if kind.startswith("subst-") and kind != "subst-poikkeava":
            found.append(kind)
        at = text.find(key, at + 1)
    return tuple(found)


def _guess(word: str) -> tuple[str, ...]:
    """The classes that a word on no list may have; none where nothing is certain enough."""
    lower = word.lower()
    if len(word) < 3 or lower[-1] not in "abcdefghijklmnopqrstuvxzyåäö":
        return ()
    if not any(letter in _VOWELS for letter in lower):
        return ()
    is_name = word[0].isupper()
    if tail := _tail(lower, name=is_name):
        return (_listed(tail) or ())[:1]
    if not is_name:
        return _by_ending(lower) if lower.endswith(("nen", "ja", "jä", "sto", "stö")) else ()
    return _by_ending(lower) or _by_vote(lower)


def _tail(word: str, *, name: bool) -> str | None:
    """The last part of a compound: "huoltotiimi" inflects as "tiimi", "Rantamäki" as "mäki"."""
    for start in range(2, len(word) - 2):
        head, tail = word[:start], word[start:]
        if name:
            if tail in _TOPONYMS and len(head) > 2:
                return tail
        elif _in_list(tail):
            # A short tail may be chance ("-ale"), unless what precedes it is a word as well.
            known = bool(_in_list(head) or (head[-1] in "ns" and _in_list(head[:-1])))
            if known or (len(tail) > 3 and len(head) > 2):
                return tail
    return None


def _by_ending(word: str) -> tuple[str, ...]:
    """The classes that the ending of an unlisted name leaves possible, if it settles anything."""
    if word.endswith("nen") and len(word) > 4:
        return ("subst-nainen",)
    if word.endswith(("maton", "mätön")):
        return ("subst-onneton-av2",)
    last, second = word[-1], word[-2]
    if last in _VOWELS:
        # In "Kaya" the y is a consonant.
        if second in _VOWELS and not re.search("[aeou]y.$", word):
            return _by_vowel_pair(word)
        return _by_last_vowel(word)
    if word.endswith(("us", "nes")):
        return ("subst-vastaus",)
    # "Thomas": Thomaksen or Thomasin; "Matthew": Matthew'n; "Sanomat" is a plural.
    unsure = last in "sw" or (last == "t" and _listed(word[:-1]))
    return () if unsure else ("subst-kalsium",)


def _by_vowel_pair(word: str) -> tuple[str, ...]:
    if word.endswith(("ia", "iä", "ea", "ua")):
        return ("subst-kala",)
    if word.endswith("io"):
        return ("subst-autio",)
    return ("subst-pii",) if word.endswith(("ai", "ei", "oi")) else ()


def _by_last_vowel(word: str) -> tuple[str, ...]:
    if word.endswith("e"):
        return ()  # Ville: Villen, but Laine: Laineen
    plain = {"i": "subst-risti", "a": "subst-kala", "ä": "subst-kala"}.get(word[-1], "subst-valo")
    if re.search("(kk|pp|tt).$", word):
        return (f"{plain}-av1",)
    if word.endswith("i") and _by_vote(word) != (plain,) and _noun_with_e_stem(word):
        return ()  # Kupari: Kuparin, but Niemi: Niemen
    if word[-2] in "kpt" and not re.search("[sc][kpt].$|[th]k.$", word):
        # Mika: Mikan, but Turku: Turun; k between vowels drops out, after n it turns into g.
        return (plain, f"{plain}-{'av5' if re.search('[^n]k.$', word) else 'av1'}")
    return (plain,)


def _noun_with_e_stem(word: str) -> bool:
    """Whether a name in -i ends in a noun like "hirvi" (hirven)."""
    kinds = (kind for start in range(1, len(word) - 2) for kind in _in_list(word[start:]))
    return any(not kind.startswith(("subst-risti", "subst-paperi")) for kind in kinds)


@lru_cache(maxsize=4096)
def _by_vote(word: str) -> tuple[str, ...]:
    """The class that nearly all listed names with the longest shared ending have."""
    for length in range(min(len(word) - 1, 6), 2, -1):
        votes = Counter(_kinds_ending(word[-length:]))
        if votes.total() >= _VOTERS:
            kind, count = votes.most_common(1)[0]
            return (kind,) if count / votes.total() >= _MAJORITY else ()
    return ()


def _kinds_ending(ending: str) -> Iterator[str]:
    text, key = _lexicon().plain, f"{ending};subst-"
    at = text.find(key)
    while at >= 0:
        if text[text.rindex("\n", 0, at) + 1].isupper():
            kind = text[at + len(key) : text.index("\n", at)]
            stem, dash, gradation = kind.partition("-")
            yield f"subst-{_SAME_SINGULAR.get(stem, stem)}{dash}{gradation}"
        at = text.find(key, at + 1)


def _apply(word: str, classes: tuple[str, ...], form: str) -> str | None:
    """The word in the form, by the first class that has it."""
    from voikko import voikkoinfl, voikkoutils

    for kind in classes:
        if "+" in kind:
            first, _, second = (_single(part, form) for part in kind.partition("+"))
            if first and second:
                return first.capitalize() + second if word[0].isupper() else first + second
            continue
        if not kind.startswith("subst-"):
            return None
        types = _lexicon().types
        vowels = voikkoutils.VOWEL_BACK if _takes_back(word) else voikkoutils.VOWEL_FRONT
        for result in voikkoinfl.inflectWord(word, kind.removeprefix("subst-"), types, vowels):
            if result.formName == form:
                return str(result.inflectedWord)
    return None


@lru_cache(maxsize=4096)
def _takes_back(word: str) -> bool:
    """Whether the word takes back vowels; in a compound its last part decides."""
    lower = word.lower()
    toponym = _tail(lower, name=True) if word[0].isupper() else None
    part = toponym or _marked_tail(word) or _marked_tail(lower) or lower
    if part == lower and not _listed(word):
        # A name in -i may end in any noun ("Mustahirveä"), and only there does it matter.
        part = _tail(lower, name=word[0].isupper() and not lower.endswith("i")) or lower
    for letter in reversed(part):
        if letter in "aouå":
            return True
        if letter in "äöy":
            return False
    return False


def _marked_tail(word: str) -> str | None:
    """The last part of a listed compound, by the list's own boundary marks."""
    if not _in_list(word) or f"\n{word};" in _lexicon().marked:
        return None
    match = re.search(f"\n({'=?'.join(word)});", _lexicon().marked)
    tail = match[1].rpartition("=")[2] if match else ""
    # A foreign part ("Lund=qvist") does not decide by itself.
    return tail if _in_list(tail) else None
