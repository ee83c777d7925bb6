"""Handing a draft out: an editor, a mail, a Maildir."""
