"""Finds a customer's record: in the file that a call names, or where the settings say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from replykit.customers.record import Sought, agreed
from replykit.errors import ReplyKitError

if TYPE_CHECKING:
    from replykit.config import Settings
    from replykit.message import Message


def find_customer(
    settings: Settings,
    message: Message | None,
    given: Mapping[str, str] | None = None,
    *,
    file: Path | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, str]:
    """The record of the customer who wrote a message; {} where there is none, which is said.

    `given` are values that somebody stated: its `customer.email`, `customer.phone` and
    `customer.name` count more than the message's. `file` wins over the setting `customers`.
    Raises ReplyKitError where that file cannot be read. A source of the settings that fails is
    said and left out, for no reply shall wait for a CRM that is down.
    """
    sought = sought_by(message, given or {})
    if file is not None:
        from replykit.customers.files import find_in_file

        record = agreed(find_in_file(file, sought, lone=True))
        if not record:
            say(f"{file}: no customer with the address {sought.email or '(none is known)'}")
        return record
    if not settings.customers or not sought:
        return {}
    try:
        records = _find(settings, sought)
    except ReplyKitError as error:
        say(f"customers: {error}; going on without the customer's record")
        return {}
    if not records:
        say(f"customers: no record of {sought}")
    return agreed(records)


def sought_by(message: Message | None, given: Mapping[str, str]) -> Sought:
    """Whose record is sought, by what was stated and what the message says of its sender."""
    fields = {"email": "", "phone": "", "name": ""}
    if message:
        own = message.customer
        fields = {
            "email": message.sender_address or own.get("email", ""),
            "phone": own.get("phone", ""),
            "name": message.sender_name or own.get("name", ""),
        }
    for name, value in fields.items():
        fields[name] = " ".join((given.get(f"customer.{name}") or value).split())
    return Sought(**fields)


def _find(settings: Settings, sought: Sought) -> list[dict[str, str]]:
    """What the settings' source has of a customer. Raises ReplyKitError where it fails."""
    from replykit.customers.source import Command, Database, parse_source

    source = parse_source(settings.customers, "customers")
    told_by = settings.customers_source
    folder = told_by.parent if told_by else Path()
    if isinstance(source, Database):
        from replykit.customers.database import find_in_database

        return find_in_database(source, sought, folder)
    if isinstance(source, Command):
        from replykit.customers.command import find_by_command

        _refuse_others(told_by)
        return find_by_command(source, sought, folder)
    from replykit.customers.files import find_in_file

    try:
        path = folder / Path(source.path).expanduser()
    except RuntimeError:
        raise ReplyKitError(f"{source.path}: there is no such home folder") from None
    return find_in_file(path, sought)


def _refuse_others(file: Path | None) -> None:
    """Settings are found upward from the working directory, which may be anybody's: no command
    is run that another user could have put there."""
    import os

    if file is None or not hasattr(os, "getuid"):
        return
    status = file.stat()
    if status.st_uid not in (os.getuid(), 0) or status.st_mode & 0o002:
        raise ReplyKitError(
            f"{file}: another user may have written it, so its command is not run; "
            "make it your own, or set REPLYKIT_CUSTOMERS"
        )
