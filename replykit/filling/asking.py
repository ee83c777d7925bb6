"""Writes the message that asks a customer for the details that a reply still lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from replykit.errors import ReplyKitError
from replykit.filling.letters import Letters, letters, written_languages
from replykit.filling.template import PARTIALS, Templates
from replykit.library.response import Detail, Response

# From here on questions stand in a list. More values than these are no choice but a puzzle.
_LIST_FROM = 3
_MOST_VALUES = 5
_LONGEST_VALUE = 60


def ask_customer(
    response: Response,
    templates: Templates,
    names: Mapping[str, object],
    missing: Sequence[Detail],
    ambiguous: Mapping[str, Sequence[str]],
) -> str:
    """The message that asks for what is missing, in the language of the response.

    A partial `asking` of the library takes the place of ReplyKit's own words, its `greeting` and
    `closing` stand around them. `names` are those of the response's own template. Raises
    ReplyKitError for a language that has neither words nor such a partial, and for faults of
    partials.
    """
    words = letters(response.lang)
    # Where everybody reads along, nothing that the customer told is repeated.
    values = {} if names["channel"] == "social" else ambiguous
    asked = _questions(missing, values, words, listed=False)
    if len(asked) >= _LIST_FROM:
        asked = _questions(missing, values, words, listed=True)
    told = {**names, "count": len(asked), "asked": _joined(asked, str(names["channel"]))}
    if own := _partial("asking", response, templates, told):
        return own
    if words is None:
        raise ReplyKitError(
            f"--ask-customer: ReplyKit has no words of its own in {response.lang!r} "
            f"({', '.join(written_languages())}); "
            f"write them as {templates.folder / PARTIALS}/asking.{response.lang}.md"
        )
    body = templates.render(response, words.asking, told)
    if names["channel"] not in ("email", "ticket"):
        return body
    greeting, closing = (
        _partial(part, response, templates, told) or templates.render(response, source, told)
        for part, source in (("greeting", words.greeting), ("closing", words.closing))
    )
    return f"{greeting}\n\n{body}\n\n{closing}"


def _partial(
    name: str, response: Response, templates: Templates, names: Mapping[str, object]
) -> str:
    """A partial of the library, rendered; nothing where there is none."""
    return templates.render(response, f'{{% include "{name}" ignore missing %}}', names)


def _questions(
    missing: Iterable[Detail],
    values: Mapping[str, Sequence[str]],
    words: Letters | None,
    *,
    listed: bool,
) -> list[str]:
    """Each question once, for two details may be asked for in the same words."""
    found = (question(item, values.get(item.name, ()), words, listed) for item in missing)
    return list(dict.fromkeys(found))


def question(item: Detail, values: Sequence[str], words: Letters | None, listed: bool) -> str:
    """What asks for one detail: a choice where several values are known, else its own `ask`, else
    its description."""
    what = _one_line(item.description or item.name.replace("_", " ")).rstrip(".:?!")
    if words and 1 < len(values) <= _MOST_VALUES and all(map(_is_short, values)):
        pattern = words.questions["both" if len(values) == 2 else "several"]
        from replykit.masks import mask

        shown = [mask(value) for value in values]
        choice = pattern.format(others=", ".join(shown[:-1]), last=shown[-1])
        return f"{_first_upper(what)}: {choice}"
    if item.ask.strip():
        return _sentence(item.ask)
    if listed or words is None:
        return _first_upper(what)
    return words.questions["described"].format(what=_first_lower(what))


def _is_short(value: str) -> bool:
    return len(value) <= _LONGEST_VALUE and value.isprintable()


def _joined(asked: Sequence[str], channel: str) -> str:
    """The questions as text: a list, paragraphs, or in the short channels a row of sentences."""
    if len(asked) >= _LIST_FROM:
        return "\n".join(f"- {item}" for item in asked)
    return (" " if channel in ("chat", "social") else "\n\n").join(asked)


def _sentence(text: str) -> str:
    text = _one_line(text)
    return text if text.endswith((".", "?", "!", "…", ":")) else f"{text}."


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _first_lower(text: str) -> str:
    """`Order number` as it stands within a sentence; `IBAN` stays."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def subject(lang: str) -> str:
    """The subject of such a message where the customer's own has none."""
    words = letters(lang)
    return words.subject if words else ""
