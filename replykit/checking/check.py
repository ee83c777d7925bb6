"""Checks texts, mails and drafts by the rules, with all that is known of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from replykit import linter as engine
from replykit.checking.checked import Checked
from replykit.checking.choice import family
from replykit.config import Settings
from replykit.errors import ReplyKitError
from replykit.library.suppress import Suppression, covering
from replykit.message import REPLY_PREFIX, Message
from replykit.reading.text import whole_characters
from replykit.understanding.language import detect, language_code

if TYPE_CHECKING:
    from replykit.draft import Draft
    from replykit.reading.outgoing import Outgoing


@cache
def own_words(folder: Path) -> frozenset[str]:
    """The words of the library's `_words.txt`, in small letters: a word or more a line, # begins
    a comment."""
    try:
        text = (folder / "_words.txt").read_text("utf-8-sig")
    except OSError:
        return frozenset()
    except UnicodeDecodeError:
        raise ReplyKitError(f"{folder}/_words.txt: not UTF-8; save the file as UTF-8") from None
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(word for line in lines for word in line.casefold().split())


def check_text(
    text: str,
    path: str,
    settings: Settings,
    now: datetime,
    *,
    lang: str = "",
    channel: str = "",
    message: Message | None = None,
    customer: Mapping[str, str] | None = None,
    details: Mapping[str, str] | None = None,
    reply: str = "",
    attachments: int | None = None,
    ignore: Iterable[str] = (),
    tools: engine.Tools | None = None,
    suppressions: Sequence[Suppression] = (),
) -> Checked:
    """A text's findings, without those that a template's comments suppress; its language is
    detected where it is not given."""
    text = whole_characters(text)
    lang = language_code(lang) or detect(text, settings.languages, settings.language)
    channel = channel or (message.channel if message else "") or "email"
    subject = engine.Draft(
        text=text,
        lang=lang,
        channel=channel,
        message=message,
        customer=customer or {},
        details=details or {},
        agent=settings.agent_name,
        now=now,
        reply=reply,
        spelt=own_words(settings.library_path),
        attachments=attachments,
        tools=tools or engine.Tools(),
    )
    findings, metrics = engine.lint(subject, settings, ignore=ignore)
    left = tuple(item for item in findings if not any(covering(item, text, suppressions)))
    return Checked(path, text, lang, channel, metrics, left)


def check_mail(
    mail: Outgoing,
    path: str,
    settings: Settings,
    now: datetime,
    *,
    lang: str = "",
    message: Message | None = None,
    customer: Mapping[str, str] | None = None,
    details: Mapping[str, str] | None = None,
    reply: str = "",
    ignore: Iterable[str] = (),
    tools: engine.Tools | None = None,
    suppressions: Sequence[Suppression] = (),
) -> Checked:
    """The findings of a mail that is to go out, in its own words and a new subject, placed in its
    file; what it quotes is the message, where no other is given."""
    name = mail.customer.name if mail.customer else ""
    checked = check_text(
        mail.text, path, settings, now,
        lang=lang, channel="email", message=message or mail.message,
        customer={"name": name} | dict(customer or {}), details=details,
        attachments=len(mail.attachments), reply=reply, ignore=ignore, tools=tools,
        suppressions=suppressions,
    )  # fmt: skip
    # A mail that only forwards another, or carries a file, has nothing to say.
    found = [_in_mail(finding, mail) for finding in checked.findings if mail.text]
    found[:0] = _in_subject(mail, settings, now, ignore)
    return replace(checked, text=mail.source, findings=tuple(found))


def _in_mail(finding: engine.Finding, mail: Outgoing) -> engine.Finding:
    """The finding with its place in the mail's file; a fix holds where the words stand there as
    they are, and where no encoding could spoil it."""
    start, end = mail.place(finding.start, finding.end)
    fix = finding.fix
    if (
        fix
        and (
            mail.source == mail.text  # base64 or HTML alone: the file has other letters
            or mail.source[start:end] != finding.text
            or not fix.replacement.isascii()
            or "=" in fix.replacement
        )
    ):
        fix = None
    return replace(finding, start=start, end=end, fix=fix)


def _in_subject(
    mail: Outgoing, settings: Settings, now: datetime, ignore: Iterable[str]
) -> Iterator[engine.Finding]:
    """What is not filled in of the subject of a new mail; that of a reply is the customer's."""
    header = re.search(r"^Subject:.*$", mail.source, re.IGNORECASE | re.MULTILINE)
    if not mail.subject or REPLY_PREFIX.match(mail.subject):
        return
    line, first = (header.group(), header.start()) if header else ("", 0)
    for finding in check_text(mail.subject, "", settings, now, ignore=ignore).findings:
        if family(finding.code) == "FILL":
            place = line.find(finding.text)
            start = first + max(0, place)
            end = start + (len(finding.text) if place >= 0 else len(line))
            yield replace(finding, start=start, end=end, fix=None)


def check_draft(
    result: Draft,
    message: Message | None,
    settings: Settings,
    now: datetime,
    ignore: Iterable[str] = (),
    tools: engine.Tools | None = None,
    *,
    text: str = "",
) -> Checked:
    """The findings of a draft that was just filled, or of the text that a person made of it."""
    return check_text(
        text or result.text,
        result.id,
        settings,
        now,
        lang=result.lang,
        channel=result.channel,
        message=message,
        customer=result.customer,
        details={name: known.value for name, known in result.details.items()},
        reply=result.text,
        ignore=ignore,
        tools=tools,
        suppressions=result.suppressions,
    )


def is_response_file(text: str, path: str) -> bool:
    """Whether a text is a response rather than a draft: Markdown with front matter."""
    return path.endswith(".md") and text.startswith("---\n")
