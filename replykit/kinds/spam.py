"""Signs of fraud that lie in addresses, links and letters, whatever the words are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message as Mail

from replykit.kinds.sign import Sign
from replykit.message import Message
from replykit.patterns import prepared
from replykit.reading.headers import fields, header, name_and_address, sender

_SHORTEST_NAME = 4
_LINKED = prepared(r"<a\s([^<>]{0,500})>\s{0,20}(?:https?://|www\.)([^/<\s]{3,200})")
_HREF = prepared(r"href\s{0,3}=\s{0,3}[\"']?https?://([^/\"'\s?#]{3,200})")
_ODD_LINK = prepared(
    r"\bhxxps?:|https?://(?:\d{1,3}(?:\.\d{1,3}){3}|xn--|[^/\s@]{1,60}@)", re.IGNORECASE
)
# Letters that look Latin and are not, within a word of Latin letters; marks that nobody sees.
_DISGUISED = prepared("[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z]")
_FAILED = prepared(r"\b(?:spf|dkim|dmarc)=(?:soft)?fail\b", re.IGNORECASE)


def signs(mail: Mail, message: Message, html: str) -> Iterator[Sign]:
    """Signs of a sender who hides."""
    known = fields(mail)
    name, address = sender(mail)
    domain = address.partition("@")[2].lower()
    ours = _domain(known.get("to", "").partition(",")[0])
    label = ours.split(".")[-2:-1]
    us = label[0] if label and len(label[0]) >= _SHORTEST_NAME else ""
    if us and domain and us not in domain and us in "".join(name.lower().split()):
        yield Sign("spam", 1.5, f"From: {name[:60]}, but not from {ours[:60]}", "disguise")
    reply_to = _domain(header(mail, "Reply-To"))
    if reply_to and domain and _site(reply_to) != _site(domain) and reply_to != ours:
        yield Sign("spam", 1.0, f"answers would go to {reply_to[:60]}", "disguise")
    if failed := _FAILED.search(known.get("authentication-results", "")):
        yield Sign("spam", 1.0, failed.group().lower(), "disguise")
    for tag, shown_host in _LINKED.findall(html):
        href = _HREF.search(tag)
        to, shown = _site(href[1]) if href else "", _site(shown_host)
        if to and to != shown and "." in shown:
            yield Sign(
                "spam", 3.0, f"a link that shows {shown[:40]} leads to {to[:40]}", "disguise"
            )
            break
    if odd := _ODD_LINK.search(message.text[:5000]):
        yield Sign("spam", 1.5, f"link: {odd.group()[:40]}", "disguise")
    if disguised := _DISGUISED.search(f"{message.subject}\n{message.text[:2000]}"):
        yield Sign("spam", 2.0, f"letters of two scripts: {disguised.group()}", "disguise")


def _domain(text: str) -> str:
    return name_and_address(text)[1].lower().partition("@")[2]


def _site(host: str) -> str:
    """The last two labels of a host: whose it is, near enough."""
    return ".".join(host.partition(":")[0].rstrip(".").removeprefix("www.").split(".")[-2:])
