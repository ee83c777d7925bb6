"""Signs of machine mail in the header: RFC 3834, 2919, 2369, and what programs set on their own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.message import Message as Mail

from replykit.kinds.sign import Sign
from replykit.masks import mask
from replykit.patterns import prepared
from replykit.reading.headers import fields, header, name_and_address, sender

_BULK, _PROGRAM = "sent in bulk", "sent by a program"
_SHOWN = 60
_SHORTEST_NAME = 4

# Headers that only a machine writes of itself, whatever their value.
_TELLING = {
    "x-autoreply": ("auto_reply", 4.0),
    "x-autorespond": ("auto_reply", 4.0),
    "x-autoresponder": ("auto_reply", 4.0),
    "x-autoreply-from": ("auto_reply", 4.0),
    "x-autoreply-domain": ("auto_reply", 4.0),
    "x-mail-autoreply": ("auto_reply", 4.0),
    "x-vacation": ("auto_reply", 4.0),
    "x-ms-exchange-generated-message-source": ("auto_reply", 0.5),
    "x-ms-exchange-inbox-rules-loop": ("auto_reply", 1.5),
    "x-failed-recipients": ("bounce", 6.0),
    "x-ms-exchange-message-is-ndr": ("bounce", 6.0),
    "x-amz-sns-message-id": ("system", 3.0),
    "x-cron-env": ("system", 6.0),
    "x-linkedin-class": ("system", 4.0),
    "x-facebook-notify": ("system", 4.0),
    "x-facebook": ("system", 3.0),
    "x-twitter-id": ("system", 4.0),
    "x-github-reason": ("system", 4.0),
    "x-github-sender": ("system", 4.0),
    "x-gitlab-project": ("system", 4.0),
    "x-jira-fingerprint": ("system", 3.0),
    "x-confluence-fingerprint": ("system", 3.0),
    "x-bugzilla-reason": ("system", 4.0),
    "x-redmine-host": ("system", 3.0),
    "x-trello-type": ("system", 3.0),
    "x-asana-type": ("system", 3.0),
    "x-sentry-logger": ("system", 4.0),
    "x-pagerduty-incident": ("system", 4.0),
    "x-nagios-notification-type": ("system", 4.0),
    "x-zabbix": ("system", 4.0),
    "x-fc-machinegenerated": ("system", 3.0),
    "x-google-appengine-app-id": ("system", 1.0),
    "x-sequence-step": ("bulk", 3.0),
    "x-spam": ("spam", 2.0),
}
# Whoever comments there is a person; a colleague's comment is no customer's all the same.
_TRACKERS = ("x-jira", "x-github", "x-gitlab", "x-trello", "x-asana", "x-redmine", "x-bugzilla")
# Tools for newsletters name themselves; a shop owner may all the same write a question with one.
_CAMPAIGN = prepared(
    r"^x-(?:campaign|campaignid|campaign-id|mc-user|mailchimp|mailgun-tag|mailgun-variables"
    r"|report-abuse|csa-complaints|cmail|mailerlite|apsis|liana|koodiviidakko|mailer-lid"
    r"|mailer-recptid|emv|sib-id|sg-newsletter|newsletter|bulkmail|mass|mailinglist)[\w-]*",
    re.MULTILINE,
)
_DISCUSSION = (
    "x-beenthere",
    "x-mailman-version",
    "x-google-group-id",
    "mailing-list",
    "x-mailing-list",
    "x-mailinglist",
    "x-sympa-to",
    "x-groupsio-msgnum",
    "x-ml-name",
    "x-mlserver",
    "x-listserver",
    "list-subscribe",
    "list-archive",
    "list-owner",
)
_DAEMON = prepared(
    r"mailer-?daemon|^(?:post_?master|mail-?daemon|mdaemon|bounces?|mta|majordomo)(?:[+._-]|$)",
    re.IGNORECASE,
)
_DAEMON_NAME = prepared(
    r"mail(?:er)?[ -]?(?:delivery|daemon)|mail delivery (?:sub)?system|microsoft outlook|postmaster"
    r"|system administrator|undeliver",
    re.IGNORECASE,
)
_NO_REPLY = prepared(
    r"(?:^|[._+-])(?:no|do|dont|do-?not|not|never)[._-]?(?:t|not)?[._-]?repl(?:y|ies)"
    r"|^(?:ei|ala|älä|eivastaa)[._-]?vasta|^(?:svara|svar)[._-]?(?:inte|ej|ikke)|^(?:ingen|inget)[._-]?svar"
    r"|^ikke[._-]?svar|^(?:nicht|keine)[._-]?antwort|^(?:ne|pas)[._-]?(?:pas[._-]?)?repond|^mitte[._-]?vasta"
    r"|noreply|no-reply|donotreply|^no[._-]?responder",
    re.IGNORECASE,
)
_PROGRAM_SENDER = prepared(
    r"^(?:nagios|zabbix|icinga|cron|root|nobody|www-data|apache|scanner|skanneri|scan|skanner"
    r"|copier|kopiokone|tulostin|printer|skrivare|monitor(?:ing)?|alerts?|alarm|halytys|larm|drift"
    r"|valvonta|kulunvalvonta|varmistus|backup|raportit|raportti|rapporter|ilmoitus|ilmoitukset"
    r"|avisering|notis|notifications?|notify|sparning|spar|tracking|system|automation|robot"
    r"|notices?|jenkins|digest|calendar-notification|reports?)(?:[+._@-]|$)",
    re.IGNORECASE,
)
_DEPARTMENT = prepared(
    r"(?:info|support|help|helpdesk|service|sales|billing|invoic|account|orders?|office|team|hello"
    r"|contact|asiakas|lasku|myynti|tuki|toimisto|tilau|kund|faktura|marketing|news|press|feedback"
    r"|huolto|hallitus|board|admin|returns|palaute|palautus|varau|bokning|booking|reception|posti"
    r"|mail|web|shop|kauppa|butik|order|inkop|osto|talous|ekonomi|it|hr|rekry|arende|jira)(?![a-zåäö]{3})",
    re.IGNORECASE,
)
_BULK_SENDER = prepared(
    r"^(?:news|newsletter|nyhetsbrev|uutiskirje|uutiset|tiedotteet?|tiedotus|press|presse|media"
    r"|campaign|kampanja|marketing|markkinointi|promo|offers|events|tapahtumat|inbjudan|survey"
    r"|kysely|enkat)(?:[+._@-]|$)",
    re.IGNORECASE,
)


def signs(mail: Mail) -> Iterator[Sign]:
    """All signs in a mail's header."""
    known = fields(mail)
    yield from _automatic(mail, known)
    yield from _sent_in_bulk(mail, known)
    yield from _from(mail, known)
    yield from _filtered(mail, known)
    for key in known.keys() & _TELLING.keys():
        kind, weight = _TELLING[key]
        if known[key].strip().lower() not in ("no", "false", "none"):
            group = "of a tracker" if key.startswith(_TRACKERS) else ""
            yield Sign(kind, weight, _written(mail, key), group)


def is_no_reply(address: str) -> bool:
    """Whether an address says that nobody reads what is sent to it."""
    return bool(_NO_REPLY.search(address.partition("@")[0]))


def is_department(local: str) -> bool:
    """Whether what stands before the @ names a department, not a person."""
    return bool(_DEPARTMENT.match(local))


def is_program(local: str) -> bool:
    """Whether what stands before the @ names a device or a program, or says not to reply."""
    return bool(_PROGRAM_SENDER.match(local) or _NO_REPLY.search(local))


def is_daemon(mail: Mail) -> bool:
    """Whether a mail server itself writes: from MAILER-DAEMON or postmaster."""
    name, address = sender(mail)
    local = address.partition("@")[0]
    return bool(_DAEMON.search(local)) or (
        bool(_DAEMON_NAME.search(name)) and "reply-to" not in fields(mail)
    )


def is_forwarded_by_list(mail: Mail) -> bool:
    """Whether a mail came over a list that people write to, such as a group's own address."""
    known = fields(mail)
    post = known.get("list-post", "no").strip().lower()
    precedence = known.get("precedence", "").strip().lower()
    return (
        any(key in known for key in _DISCUSSION)
        or not post.startswith("no")
        or (precedence == "list" and not is_no_reply(sender(mail)[1]))
    )


def is_of_own_organisation(mail: Mail, text: str) -> bool:
    """Whether a mail comes from a service of the recipient's own organisation."""
    known = fields(mail)
    to = name_and_address(known.get("to", "").partition(",")[0])[1].lower()
    own = to.partition("@")[2].split(".")[-2:-1]
    if not own or len(own[0]) < _SHORTEST_NAME:
        return False
    if own[0] in sender(mail)[1].lower().partition("@")[2]:
        return True
    return bool(re.search(rf"(?<![\w@.-]){re.escape(own[0])}\b", text[:500].lower()))


def _automatic(mail: Mail, known: Mapping[str, str]) -> Iterator[Sign]:
    """What RFC 3834 and its forerunners say: not written by hand, or not to be answered by one."""
    submitted = known.get("auto-submitted", "").partition(";")[0].strip().lower()
    if submitted.startswith("auto-replied"):
        yield Sign("auto_reply", 3.5, _written(mail, "auto-submitted"), _PROGRAM)
    elif submitted and not submitted.startswith("no"):
        yield Sign("system", 3.0, _written(mail, "auto-submitted"), _PROGRAM)
    for key in ("precedence", "x-precedence", "preference"):
        if "auto" in known.get(key, "").lower():
            yield Sign("auto_reply", 4.0, _written(mail, key))
    if "autoresponder" in known.get("x-post-messageclass", "").lower():
        yield Sign("auto_reply", 4.0, _written(mail, "x-post-messageclass"))
    if known.get("delivered-to", "").strip().lower() == "autoresponder":
        yield Sign("auto_reply", 4.0, "Delivered-To: Autoresponder")
    if known.get("x-autogenerated", "").strip().lower() in ("reply", "letter", "group"):
        yield Sign("auto_reply", 3.0, _written(mail, "x-autogenerated"))
    # Exchange and helpdesks set it on people's mail too: alone it tells nothing.
    if known.get("x-auto-response-suppress", "").strip().lower() not in ("", "none"):
        yield Sign("auto_reply", 0.5, _written(mail, "x-auto-response-suppress"), _PROGRAM)
    if known.get("x-loop") or known.get("x-apple-action"):
        key = "x-loop" if known.get("x-loop") else "x-apple-action"
        yield Sign("auto_reply", 1.0, _written(mail, key), _PROGRAM)


def _sent_in_bulk(mail: Mail, known: Mapping[str, str]) -> Iterator[Sign]:
    discussion = is_forwarded_by_list(mail)
    precedence = known.get("precedence", "").strip().lower()
    if precedence in ("bulk", "junk") or (precedence == "list" and not discussion):
        yield Sign("bulk", 1.0, f"Precedence: {precedence}", _BULK)
    if discussion:
        yield Sign("bulk", 1.0, "sent through a list that people write to", _BULK)
        return
    for key, weight in (
        ("list-id", 3.0),
        ("list-unsubscribe", 2.5),
        ("list-unsubscribe-post", 1.5),
        ("feedback-id", 0.5),
    ):
        if key in known:
            yield Sign("bulk", weight, _named(key), _BULK)
    if campaign := _CAMPAIGN.search("\n".join(known)):
        yield Sign("bulk", 1.5, _named(campaign.group()), _BULK)


def _from(mail: Mail, known: Mapping[str, str]) -> Iterator[Sign]:
    name, address = sender(mail)
    local = address.partition("@")[0]
    daemon = is_daemon(mail)
    if daemon:
        yield Sign("bounce", 4.0, f"From: {address[:_SHOWN] or name[:_SHOWN]}")
    if "return-path" in known and known["return-path"].strip().lower() in ("<>", "<null>"):
        kind = "bounce" if daemon else "auto_reply"
        # Both together are what RFC 3834 asks of an automatic reply, and nothing else has both.
        replied = known.get("auto-submitted", "").strip().lower().startswith("auto-replied")
        yield Sign(kind, 5.5 if replied else 2.5, "Return-Path: <>", "null path")
    if "x-mlserver" in known and local.endswith("-admin"):
        yield Sign("bounce", 4.0, f"From: {address[:_SHOWN]}, a list server")
    if is_no_reply(address):
        yield Sign("system", 1.0, f"From: {address[:_SHOWN]}", "sender")
    if _PROGRAM_SENDER.match(local):
        yield Sign("system", 1.5, f"From: {address[:_SHOWN]}", "sender")
    if _BULK_SENDER.match(local):
        yield Sign("bulk", 1.0, f"From: {address[:_SHOWN]}")


def _filtered(mail: Mail, known: Mapping[str, str]) -> Iterator[Sign]:
    """What a spam filter before this has found."""
    for key in ("x-spam-flag", "x-spam-status", "x-spam"):
        if known.get(key, "").strip().lower().startswith("yes"):
            yield Sign("spam", 4.0, _written(mail, key))
            return
    level = re.search(r"\bSCL:(\d)", known.get("x-forefront-antispam-report", ""))
    scl = known.get("x-ms-exchange-organization-scl", "").strip() or (level[1] if level else "")
    if scl.isdigit() and int(scl) >= 5:
        yield Sign("spam", 4.0, f"spam confidence level {scl[:2]}")


def _written(mail: Mail, key: str) -> str:
    return f"{_named(key)}: {mask(header(mail, key))[:_SHOWN]}".rstrip(": ")


def _named(key: str) -> str:
    """A header's name as it is usually written."""
    named = "-".join(part.capitalize() for part in key[:_SHOWN].split("-"))
    return named.replace("X-Ms-", "X-MS-").replace("List-Id", "List-Id").replace("-Id", "-ID")
