"""Tells machine mail from customers' mail."""

from __future__ import annotations

from email.message import Message as Mail

from replykit.message import Message
from replykit.reading.headers import header, sender


def kind_of(mail: Mail, message: Message) -> tuple[str, tuple[str, ...]]:
    """Machine mail by the signs that machines are to set (RFC 3834, RFC 3464)."""
    automatic = header(mail, "Auto-Submitted").strip().lower()
    if sender(mail)[1].lower().startswith(("mailer-daemon@", "postmaster@")):
        return "bounce", (f"From: {sender(mail)[1]}",)
    report = mail.get_content_type() == "multipart/report"
    if report or header(mail, "Return-Path").strip() == "<>":
        return "bounce", ("multipart/report" if report else "Return-Path: <>",)
    if automatic and not automatic.startswith("no"):
        return "auto_reply", (f"Auto-Submitted: {automatic[:40]}",)
    for key in ("X-Autoreply", "X-Autorespond"):
        if header(mail, key):
            return "auto_reply", (key,)
    precedence = header(mail, "Precedence").strip().lower()
    if precedence in ("bulk", "list", "junk"):
        return "bulk", (f"Precedence: {precedence}",)
    for key in ("List-Id", "List-Unsubscribe"):
        if header(mail, key):
            return "bulk", (key,)
    return "customer", ()
