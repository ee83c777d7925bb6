"""The Python API: a library that suggests and drafts, and `lint` for any text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.config import Settings, load, parse_now
from replykit.message import Message
from replykit.reading.plain import from_text
from replykit.understanding.language import detect, language_tag

if TYPE_CHECKING:
    from replykit.encoder import Encoder
    from replykit.library.files import LibraryFiles
    from replykit.linter import Finding, NotRun
    from replykit.ranking.automation import Promise
    from replykit.ranking.index import Index
    from replykit.suggest import Suggestions


@dataclass(frozen=True)
class Reply:
    """A filled reply: its text, and the details that it was filled with; `asking` where the text
    is instead a message that asks the customer for what is missing."""

    id: str
    lang: str
    channel: str
    subject: str
    text: str
    details: Mapping[str, str]
    missing: tuple[str, ...]
    follow_up: tuple[str, ...]
    asking: bool = False


class Findings(list["Finding"]):
    """The findings of a draft, and in `not_run` the checks that could not be made."""

    def __init__(self, findings: Iterable[Finding], not_run: Sequence[NotRun]) -> None:
        super().__init__(findings)
        self.not_run = tuple(not_run)


class Library:
    """A response library. Nothing heavy is loaded until a suggestion is asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @classmethod
    def open(cls, folder: str | Path | None = None, **settings: Any) -> Library:
        """Opens a library folder; keyword arguments are settings, as `model` or `language`.

        Raises ReplyKitError where there is no such folder or a setting is wrong.
        """
        from replykit.library.files import files

        flags = dict(settings)
        if folder is not None:
            flags["library"] = str(Path(folder).resolve())
        library = cls(load(flags=flags))
        files(library.settings.library_path)
        return library

    @cached_property
    def encoder(self) -> Encoder | None:
        """The model's encoder, corrected where the library has a correction; None where no model
        is installed. A correction that belongs to another model is left out with a warning."""
        import warnings

        from replykit.encoder import open_encoder
        from replykit.encoder.corrected import corrected

        encoder = open_encoder(self.settings)
        return corrected(
            encoder, self.settings.library_path, lambda text: warnings.warn(text, stacklevel=2)
        )

    @property
    def index(self) -> Index:
        """The index of the library as it is now; built first where it is stale."""
        from replykit.ranking.index import open_index

        return open_index(self.settings, self.encoder)

    @property
    def files(self) -> LibraryFiles:
        """What the library's files say. Faults are in its `problems`."""
        from replykit.library.files import read

        return read(self.settings.library_path, self.settings)

    def suggest(
        self,
        message: str | Message,
        *,
        top: int = 3,
        lang: str = "",
        channel: str = "",
        now: datetime | None = None,
        auto: float | None = None,
    ) -> Suggestions:
        """The closest responses for a message; iterate over them.

        With `auto`, as 0.98, the result's `auto` says whether the first may go without a person
        at that precision; `promise` says what keeps a library from it. Raises ReplyKitError for
        an empty message, a library with faults or a precision that nobody can ask for.
        """
        from replykit.ranking.automation import checked
        from replykit.suggest import suggest

        if isinstance(message, str):
            message = from_text(message)
        lang = language_tag(lang, self.settings.languages)
        index = self.index
        return suggest(
            index,
            self.encoder,
            [message],
            self.settings,
            now or parse_now(None),
            top=top,
            lang=lang,
            channel=channel,
            promise=None if auto is None else index.promise(checked(auto)),
        )[0]

    def promise(self, precision: float) -> Promise:
        """From which confidence on the library promises a precision, or what it still takes.

        Raises ReplyKitError for a precision that is not between 0.5 and 1.
        """
        from replykit.ranking.automation import checked

        return self.index.promise(checked(precision))

    def draft(
        self,
        id: str,
        *,
        lang: str = "",
        channel: str = "",
        message: str | Message | None = None,
        customer: Mapping[str, str] | None = None,
        details: Mapping[str, str] | None = None,
        partial: bool = False,
        ask_customer: bool = False,
        now: datetime | None = None,
    ) -> Reply:
        """Fills a response. `missing` names required details that nobody gave; the text is then
        empty, or holds `[[name]]` with `partial`, or with `ask_customer` asks the customer for
        them. Without `customer`, the message's sender is looked up where the setting `customers`
        says.

        Raises ReplyKitError for an unknown id, a wrong value or a fault in the response's files.
        """
        from replykit.customers import find_customer
        from replykit.draft import draft, find_response
        from replykit.filling.template import Templates
        from replykit.library.files import read_one

        if isinstance(message, str):
            message = from_text(message)
        lang = language_tag(lang, self.settings.languages)
        if message and not lang:
            lang = message.lang or detect(
                message.matter, self.settings.languages, self.settings.language
            )
        library = read_one(self.settings, id)
        if customer is None:
            customer = find_customer(self.settings, message, details, say=_warn)
        filled = draft(
            find_response(library, id, lang or self.settings.language, self.settings),
            Templates(library.folder),
            self.settings,
            now or parse_now(None),
            channel=channel or (message.channel if message else "") or "email",
            message=message,
            customer=customer,
            given=details,
            partial=partial,
            ask_customer=ask_customer,
        )
        return Reply(
            filled.id,
            filled.lang,
            filled.channel,
            filled.subject,
            filled.text,
            {name: known.value for name, known in filled.details.items()},
            tuple(item.name for item in filled.missing),
            filled.follow_up,
            filled.asking,
        )


def lint(
    text: str,
    *,
    lang: str = "",
    channel: str = "email",
    message: str | Message | None = None,
    details: Mapping[str, str] | None = None,
    customer: Mapping[str, str] | None = None,
    reply: str | Reply = "",
    settings: Settings | None = None,
    now: datetime | None = None,
    model: bool = True,
    grammar: bool = True,
) -> Findings:
    """The findings of all rules in force for a draft, in the order of the text; their `not_run`
    names the checks that could not be made.

    `reply` is what the draft was made of, as the library filled it. With `model=False` the rules
    that need the embedded model are left out, with `grammar=False` LanguageTool is not asked.
    """
    from replykit.checking.check import check_text
    from replykit.checking.engines import Engines

    if isinstance(message, str):
        message = from_text(message) if message.strip() else None
    settings = settings or load()
    engines = Engines(settings, no_model=not model)
    checked = check_text(
        text,
        "",
        settings,
        now or parse_now(None),
        lang=language_tag(lang, ()),
        channel=channel,
        message=message,
        customer=customer,
        details=details,
        reply=reply.text if isinstance(reply, Reply) else reply,
        tools=engines.tools if grammar else replace(engines.tools, grammar=None, ahead=None),
    )
    return Findings(checked.findings, engines.not_run([checked.lang]))


def _warn(text: str) -> None:
    """A warning at the place that called the library."""
    import warnings

    warnings.warn(text, stacklevel=4)
