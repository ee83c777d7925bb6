"""OpenPGP in the text of a mail: signed text without its armor, ciphertext left out."""

from __future__ import annotations

import re

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_SIGNATURE_END = "-----END PGP SIGNATURE-----"
_SECRET = "-----BEGIN PGP MESSAGE-----"
_SECRET_END = "-----END PGP MESSAGE-----"
_SIGNED_START = re.compile(_SIGNED + r"[ \t]*\n(?:[A-Za-z-]{1,40}: [^\n]*\n)*(?:[ \t]*\n)?")


def without_armor(text: str) -> tuple[str, tuple[str, ...]]:
    """The text that a person reads, and a note where some of it is encrypted."""
    if "-----BEGIN PGP " not in text:
        return text, ()
    if _SIGNED in text and _SIGNATURE in text:
        text = _SIGNED_START.sub("", text)
        text = _without(text, _SIGNATURE, _SIGNATURE_END)
        text = re.sub("^- (?=-)", "", text, flags=re.MULTILINE)
    return _without(text, _SECRET, _SECRET_END), (
        ("encrypted (PGP): not read",) if _SECRET in text else ()
    )


def _without(text: str, start: str, end: str) -> str:
    """The text without its blocks; one that does not end is left as it is."""
    kept: list[str] = []
    place = 0
    while (begin := text.find(start, place)) >= 0 and (close := text.find(end, begin)) >= 0:
        kept.append(text[place:begin])
        place = close + len(end)
    return "".join([*kept, text[place:]])
