"""HTML as plain text, in time that grows with its length alone."""

from __future__ import annotations

import re

from replykit.patterns import prepared
from replykit.reading.text import MAX_CHARACTERS

_MAX_NESTING = 20
_BACKSLASH = prepared(r"\\|&(?:#0*92|#[xX]0*5[cC]|bsol);")
_HIDDEN = "\uf8f0"
# Between the cells of a table the converter writes nothing; a browser copies them with a tab.
_CELL = "\uf8f1"
_CELL_ENDS = prepared(rf" ?{_CELL}[ {_CELL}]*")
# Tags that shape the text; all others only cost time.
_SHAPING = "p|div|br|hr|h[1-6]|[uo]l|li|blockquote|pre|table|tr|d[ltd]|head|title|q"
_SHAPING_TAG = prepared(rf"<(/?(?:{_SHAPING}))(?:[\s/][^<>]*)?>", re.IGNORECASE)
_OTHER_TAG = prepared(rf"<(?!/?(?:{_SHAPING})>)/?[a-z][a-z0-9:.-]{{0,30}}(?:[\s/][^<>]*)?>", re.I)
_CELL_TAG = prepared(r"</t[dh](?:\s[^<>]*)?>", re.IGNORECASE)
_NO_TAG = prepared(rf"<(?!/?(?:{_SHAPING})>)", re.IGNORECASE)
_MAX_HTML = 2_000_000
_DATA = prepared(r"""["']data:[^"'<>]*["']""")
_DECLARATION = prepared(r"<[!?][^<>]*>")
_IS_HTML = prepared(
    r"\s*(?:<!doctype html|<(?:html|head|body|meta|div|p|table|span|br)\b[^<>@]{0,2000}>)",
    re.IGNORECASE,
)


def is_html(text: str) -> bool:
    """Whether text begins as HTML does, whatever it is called."""
    return bool(_IS_HTML.match(text))


def html_text(text: str) -> str:
    """HTML as plain text, links without their targets."""
    return converted(text)[0]


def converted(text: str) -> tuple[str, bool]:
    """HTML as plain text, and whether it is only the beginning of it."""
    from html2text import HTML2Text

    if len(text) > _MAX_HTML:  # as a rule by pictures that stand in attributes
        text = _DATA.sub('""', text)
    shaped = _plain_html(text[:_MAX_HTML])
    cut = len(text) > _MAX_HTML or len(shaped) > MAX_CHARACTERS
    if len(shaped) > MAX_CHARACTERS:  # between two tags
        shaped = shaped[:MAX_CHARACTERS]
        shaped = shaped[: shaped.rfind("<")] if shaped.rfind("<") > shaped.rfind(">") else shaped
    text = _BACKSLASH.sub(_HIDDEN, shaped)
    converter = HTML2Text(bodywidth=0)
    converter.ignore_links = converter.ignore_images = converter.ignore_emphasis = True
    converter.ignore_tables = converter.unicode_snob = True
    try:
        found = converter.handle(text)
    except (AssertionError, ValueError, IndexError, RecursionError):
        found = re.sub(r"<[^<>]*>", " ", text)
    # The converter writes Markdown, which needs 1\. \- \+: those of the text itself are hidden.
    found = found.replace("\\", "").replace(_HIDDEN, "\\")
    if _CELL in found:
        found = "\n".join(line.strip("\t") for line in _CELL_ENDS.sub("\t", found).split("\n"))
    return "\n".join(line.rstrip() for line in found.split("\n")), cut


def _plain_html(text: str) -> str:
    """HTML without what a reader never sees and what is slow to convert.

    Python's parser takes minutes for a long row of `<!--` or `<`, so those are taken out here, in
    time that grows with the length alone.
    """
    for start, end in (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>")):
        text = _without_blocks(text, start, end)
    text = _DECLARATION.sub("", text)
    # A tag's attributes say nothing here; a < that begins no tag is a character.
    text = _SHAPING_TAG.sub(r"<\1>", _CELL_TAG.sub(_CELL, text))
    text = _NO_TAG.sub("&lt;", _OTHER_TAG.sub("", text))
    return _flat(text)


def _flat(text: str) -> str:
    """The HTML without lists and quotations that lie too deep: each level indents all its lines."""
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag.group().startswith("</"):
            depth = max(0, depth - 1)
            return tag.group() if depth < _MAX_NESTING else ""
        depth += 1
        return tag.group() if depth <= _MAX_NESTING else ""

    return re.sub(r"</?(?:ul|ol|blockquote)>", keep, text, flags=re.IGNORECASE)


def _without_blocks(text: str, start: str, end: str) -> str:
    """The text without what lies between the marks; one that is never closed goes to the end."""
    kept: list[str] = []
    place, lower = 0, text.lower()
    if len(lower) != len(text):  # a few capital letters grow when they are made small
        lower = text
    while (begin := lower.find(start, place)) >= 0:
        kept.append(text[place:begin])
        close = lower.find(end, begin)
        if close < 0:
            return "".join(kept)
        place = close + len(end)
    return "".join([*kept, text[place:]])
