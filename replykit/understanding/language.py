"""Tells the language of a message by py3langid, its model kept unpacked in the user's cache.

py3langid was chosen by measuring on MASSIVE's Finnish and English, restricted to en, fi, sv:
0.946 of English and 0.989 of Finnish utterances of up to three words, 0.9996 and 0.996 of longer
ones, 30 µs each (lingua: 0.916 and 0.983, 0.994 and 0.996, 173 µs, 1.6 s to load, 96 MB).
Its packed model takes half a second to unpack, so it is unpacked once and mapped after that.

Most messages need it not: common words tell English and Finnish as surely, without numpy. On the
example sentences of LanguageTool's rules, 30,000 in ten other languages, 9 were taken for English
(most of them are English) and none for Finnish.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.errors import ReplyKitError
from replykit.paths import cache_folder, write_folder

if TYPE_CHECKING:
    from replykit.config import Settings

# More languages cost accuracy on short texts (English of three words: 0.946 to 0.835), so the
# wide set is used only where there is enough text to tell.
_NARROW = ("en", "fi", "sv")
_WIDE = ("da", "de", "es", "et", "fr", "it", "nl", "no", "pl", "ru")
_WIDE_FROM_WORDS = 8
_MAX_CHARACTERS = 2000
_LAYOUT = 2
_FOLDER = Path(__file__).parents[1] / "data"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*", re.IGNORECASE)
# So many different common words, such a share of all, and so much more than any other language.
_LEAST_WORDS = {"en": 5, "fi": 4}
_LEAST_SHARE = {"en": 0.4, "fi": 0.15}
_LEAD = 3


def detect(text: str, languages: Sequence[str] = _NARROW, default: str = "en") -> str:
    """The language of a text as a two-letter code; `default` where it has no letters.

    `languages` are those of the library: short texts are taken to be in one of them (or in
    Finnish, Swedish or English).
    """
    text = text[:_MAX_CHARACTERS]
    words = text.split()
    if not any(character.isalpha() for character in text):
        return default
    candidates = {*_NARROW, *languages}
    if len(words) >= _WIDE_FROM_WORDS:
        candidates |= set(_WIDE)
    return _by_words(text) or str(_identifier(tuple(sorted(candidates))).classify(text)[0])


def language_code(value: object) -> str:
    """The code of a language, as rules know it: fi for FI, fi-FI and fi_FI; empty where the value
    is no code (a name, a number, nothing)."""
    found = _CODE.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[1].lower() if found else ""


def language_tag(value: str, own: Sequence[str]) -> str:
    """A language as a library knows it: one of its `own` as they are written, else the code.

    Raises ReplyKitError for what is no code; nothing stays nothing.
    """
    if not value or value in own:
        return value
    if code := language_code(value):
        return code
    raise ReplyKitError(f"lang {value}: give the language's code, as en or fi")


def choose_language(variants: Sequence[str], lang: str, settings: Settings) -> str:
    """The customer's language where there is a variant, else the same of another country, else the
    default one, else any."""
    tags = sorted(variants)
    kin = [tag for tag in tags if lang and language_code(tag) == language_code(lang)]
    for wanted in (lang, *kin, settings.language):
        if wanted in tags:
            return wanted
    return tags[0]


def _by_words(text: str) -> str:
    """English or Finnish where common words leave no doubt; empty else."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    counts = {lang: [word for word in words if word in known] for lang, known in _common().items()}
    for lang, least in _LEAST_WORDS.items():
        own = counts[lang]
        others = max(len(found) for tag, found in counts.items() if tag != lang)
        if (
            len(set(own)) >= least
            and len(own) >= _LEAST_SHARE[lang] * len(words)
            and len(own) >= _LEAD * others
        ):
            return lang
    return ""


@cache
def _common() -> Mapping[str, frozenset[str]]:
    """The commonest words of a few languages; no Finnish ones that are Estonian too."""
    found = {}
    for lang in (*_NARROW, "et"):
        rows = (_FOLDER / f"common.{lang}.txt").read_text("utf-8").splitlines()
        found[lang] = frozenset(" ".join(row for row in rows if not row.startswith("#")).split())
    found["fi"] -= found.pop("et")
    return found


@cache
def _identifier(languages: tuple[str, ...]) -> Any:
    from py3langid.langid import LanguageIdentifier

    arrays, classes = _unpacked()
    known = tuple(language for language in languages if language in classes)
    identifier = LanguageIdentifier(
        arrays["ptc"],
        arrays["pc"],
        classes,
        arrays["nextmove"],
        arrays["output"],
        # Python integers: the identifier shifts them, which overflows in numpy's 16 bits.
        tk_row=arrays["row"].tolist(),
    )
    identifier.set_languages(known)
    return identifier


@cache
def _unpacked() -> tuple[dict[str, Any], list[str]]:
    """py3langid's arrays, mapped from the cache; unpacked there by the first call."""
    from importlib.metadata import version

    import numpy as np

    names = ("ptc", "pc", "nextmove", "row", "output")
    folder = cache_folder() / "language" / f"{version('py3langid')}-{_LAYOUT}"
    if not folder.is_dir():
        from py3langid.langid import MODEL_DIR, MODEL_FILE
        from py3langid.modelio import load_model

        ptc, pc, classes, nextmove, row, output = load_model(MODEL_DIR / MODEL_FILE)
        # A row a language, so that only the pages of those that are asked for are read.
        ptc = np.ascontiguousarray(np.asarray(ptc).T)
        arrays = dict(zip(names, map(np.asarray, (ptc, pc, nextmove, row, output)), strict=True))
        with write_folder(folder) as draft:
            for name, array in arrays.items():
                np.save(draft / f"{name}.npy", array)
            np.save(draft / "classes.npy", np.array(classes))
    loaded = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in names}
    loaded["ptc"] = loaded["ptc"].T
    # A walk reads one cell a byte: plain memory views are quicker at that than arrays.
    loaded["nextmove"], loaded["output"] = (
        memoryview(loaded["nextmove"]),
        memoryview(loaded["output"]),
    )
    return loaded, np.load(folder / "classes.npy").tolist()
