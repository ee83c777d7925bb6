"""Judges a draft as a file has it, be it a text, a response file or a mail; applies fixes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from replykit.config import Settings
from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    from replykit.checking.checked import Checked
    from replykit.checking.told import Told


@dataclass(frozen=True)
class Judge:
    """How drafts are checked, with what is told of them; `say` takes what is odd about one."""

    settings: Settings
    now: datetime
    told: Told
    say: Callable[[str], None]

    def data(self, data: bytes, name: str) -> Checked:
        """The findings of a draft as a file has it: a mail that is to go out, or a text.

        Raises ReplyKitError for an empty text and for faults of a response file.
        """
        from replykit.reading.files import is_mail

        return self._mail(data, name) if is_mail(data, name) else self._decoded(data, name)

    def _decoded(self, data: bytes, name: str) -> Checked:
        from replykit.reading.text import decode_text

        text, notes = decode_text(data, name)
        for note in notes:
            self.say(f"{name}: {note}")
        if not text.strip():
            raise ReplyKitError(f"{name}: the draft is empty")
        return self.text(text, name)

    def text(self, text: str, name: str) -> Checked:
        """The findings of a text, by its name and shape a response file or a draft."""
        from replykit.checking.check import check_text, is_response_file

        told = self.told
        if is_response_file(text, name):
            from replykit.library.proof import check_response_file

            return check_response_file(
                text, Path(name), self.settings, self.now, tools=told.for_responses
            )
        return check_text(
            text, name, self.settings, self.now,
            lang=told.lang, channel=told.channel, message=told.message, customer=told.customer,
            details=told.details, reply=told.reply, ignore=told.ignore, tools=told.tools,
            suppressions=told.suppressions,
        )  # fmt: skip

    def _mail(self, data: bytes, name: str) -> Checked:
        """A mail's findings; what is not told of its customer is looked up by their address."""
        from replykit.checking.check import check_mail
        from replykit.customers import find_customer
        from replykit.reading.outgoing import read_outgoing

        told = self.told
        mail = read_outgoing(data, name)
        if not mail.text:
            self.say(f"{name}: the mail has no words of its own")
        customer = told.customer
        if mail.customer and not customer:
            known = {"customer.email": mail.customer.address, "customer.name": mail.customer.name}
            customer = find_customer(self.settings, None, known | dict(told.details), say=self.say)
        return check_mail(
            mail, name, self.settings, self.now,
            lang=told.lang, message=told.message, customer=customer, details=told.details,
            reply=told.reply, ignore=told.ignore, tools=told.tools,
            suppressions=told.suppressions,
        )  # fmt: skip

    def fixed(self, checked: Checked, *, unsafe: bool) -> str:
        """The text of a draft that was checked, with its fixes applied until none is left."""
        from replykit.linter import fix_all

        return fix_all(
            checked.text,
            lambda text: self.data(text.encode(), checked.path).findings,
            unsafe=unsafe,
        )

    def mend(self, checked: Checked, data: bytes, path: Path | None, *, unsafe: bool) -> Checked:
        """Applies fixes: to the file, or where there is none to the text, which is then `fixed`.

        Raises ReplyKitError for a draft that is not plain UTF-8, or that cannot be written: what
        a filter gives back must be all that it was given.
        """
        from replykit.paths import write_text

        text, fixed = checked.text, self.fixed(checked, unsafe=unsafe)
        whole = _as_it_was(fixed, text, data, checked.path) if fixed != text or path is None else ""
        if fixed != text:
            if path is not None:
                write_text(path, whole)
            checked = self.data(fixed.encode(), checked.path)
        return replace(checked, fixed=whole) if path is None else checked


def _as_it_was(fixed: str, text: str, data: bytes, name: str) -> str:
    """The fixed text with the file's own line ends and mark; a file in another code is left."""
    mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
    for end in ("\n", "\r\n"):
        if (mark + text.replace("\n", end)).encode("utf-8", "replace") == data:
            return mark + fixed.replace("\n", end)
    raise ReplyKitError(
        f"{name}: not fixed, for its text is not plain UTF-8 (another encoding, base64, or HTML "
        "alone); save it as UTF-8 first"
    )
