"""Writes a draft where it was asked for: as text, as a mail, or into a Maildir of drafts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from replykit.config import Settings
from replykit.draft import Draft
from replykit.errors import ReplyKitError
from replykit.message import Message
from replykit.paths import write_bytes, write_text
from replykit.writing.reply import reply_mail


def write_draft(
    target: Path, draft: Draft, message: Message | None, settings: Settings, now: datetime
) -> tuple[str, ...]:
    """Writes the draft: a mail where the target is `….eml` or a Maildir, else its text.

    The notes are what its sender should look at. Raises ReplyKitError where it cannot be written.
    """
    maildir = _is_maildir(target)
    if not maildir and target.suffix.lower() != ".eml":
        write_text(target, draft.text + "\n")
        return ()
    reply = reply_mail(draft, message, settings, now)
    if maildir:
        _deliver(target, reply.data)
    else:
        write_bytes(target, reply.data)
    return reply.notes


def _is_maildir(target: Path) -> bool:
    return all((target / name).is_dir() for name in ("cur", "new", "tmp"))


def _deliver(folder: Path, data: bytes) -> None:
    """Puts a mail into a Maildir, marked as a draft that was seen."""
    from mailbox import Maildir, MaildirMessage

    mail = MaildirMessage(data)
    mail.set_subdir("cur")
    mail.set_flags("DS")
    try:
        Maildir(folder, create=False).add(mail)
    except OSError as error:
        raise ReplyKitError(f"{folder}: cannot be written ({error.strerror})") from None
