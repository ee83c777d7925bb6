"""LINK: links that are broken, bare or followed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft, Fix
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule

_URL = prepared(r"(?:https?://|(?<![\w@./-])www\.)[^\s<>\"'”»]{2,500}", re.IGNORECASE)
_TRACKING = prepared(
    r"(?:utm_\w{1,30}|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hsenc|_hsmi|mkt_tok|yclid"
    r"|vero_id|oly_(?:anon|enc)_id|wickedid|srsltid)=[^&#\s]{0,500}",
    re.IGNORECASE,
)
_INSIDE = prepared(
    r"""(?<![\w@])(?:
        https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|10\.\d{1,3}\.\d{1,3}\.\d{1,3}
          |192\.168\.\d{1,3}\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}
          |(?:intra|intranet|wiki|jira|confluence|staging|stage|test|dev|admin|backoffice|crm|sandbox
            |preprod|uat|qa)\.[\w.-]{1,100}
          |(?:[\w-]{1,60}\.){1,4}(?:local|internal|intra|lan|corp|intranet)(?![\w-])
          |[\w-]{1,60}(?=[/:\s]|$))(?::\d{1,5})?[^\s<>"']{0,300}
      | file://\S{1,300} | \\\\[\w.-]{2,60}\\[^\s]{1,200} | [A-Z]:\\[^\s]{1,200}
    )""",
    re.VERBOSE | re.IGNORECASE,
)
# [text] (url), [text](url without its end, [](url), [text]()
_MARKDOWN = prepared(
    r"\[[^\[\]\n]{1,200}\][ \t]+\((?=https?://)[^()\s]{1,500}\)"
    r"|\[[^\[\]\n]{1,200}\]\(https?://[^()\s]{1,500}(?=\s|$)"
    r"|\[\s*\]\([^()\n]{0,500}\)|\[[^\[\]\n]{1,200}\]\(\s*\)"
    r"|\[https?://[^\[\]\s]{1,300}\](?!\()|\[[^\[\]\n]{1,200}\]https?://\S{1,300}"
    r"|\[[^\[\]\n]{1,200}\]\((?:[\w-]{1,60}\.){1,4}[a-z]{2,7}(?:/[^()\s]{0,300})?(?=\s|$)"
    r"|<a\s[^<>]{1,300}>"
)
# Of the long ends of hosts those that one meets; another long word is a name without its end.
_LONG_ENDS = (
    "international|technology|solutions|services|education|photography|community|foundation"
    "|consulting|marketing|software|training|business|delivery|engineering|equipment|exchange"
    "|financial|furniture|holdings|hospital|insurance|management|partners|pharmacy|properties"
    "|restaurant|security|shopping|supplies|ventures|university|amsterdam|barcelona|stockholm"
    "|istanbul|localhost|internal|intranet|events|construction|enterprises|productions|graphics"
)
_BROKEN = prepared(
    r"(?<!\w)(?:h?ttps?:/(?!/)\S{3,}|https?//[^\s/]\S{2,}|htps?://\S{3,}|htt://\S{3,}"
    r"|hhttps?://\S{3,}|https?:\s//?\s?\S{3,}|https?://(?:\s|$)|https?:\\\\\S+"
    r"|https?://[^\s/]{0,100}\.\.[^\s]{0,200}|https?://https?:?/?/?\S+|https?://[^\s/]{1,100}/(?:[^\s/?#]{0,60}/){0,5}?(?:/|[^\s/?#]{0,60}\.\.)[^\s]{0,200}"
    r"|www\.[\w-]{2,60}(?:,| \.)(?:com|fi|net|org|se|eu|example)(?!\w)[^\s]{0,200}"
    r"|www\.[\w-]{2,60}\.?(?=[\s,;!?]|$)|https?://[^\s<>]{1,200}<[\w-]{1,40}>"
    r"|https?://[^\s?]{1,200}\?(?:[^\s&]{1,100}&){0,9}\w{1,40}=(?=[\s.,]|$)"
    # What slips on a keyboard between scheme and host, and a comma for the point of a bare host.
    r"|https?[;,.]/{1,2}[^\s/]\S{2,}|https?:/{3,}\S{3,}"
    r"|(?<![\w@.,])[\w-]{2,60}(?:\.[\w-]{2,60}){0,3},(?:com(?=[.!?]?(?:\s|$))"
    r"|(?:com|fi|net|org|se|eu|uk|example)/[^\s/]\S{0,200})|(?<![\w@.,])[\w-]{3,60}(?:\.co,|,co[.,])uk(?!\w)\S{0,200}"
    # Marks that end it twice, a path after a blank, and a host without its end.
    r"|(?:https?://|www\.)\S{3,300}(?:[,;?][.,;]|\.[,;])(?=\s|$)"
    r"|(?:https?://|www\.)[^\s/]{3,100}/ [a-z\d]+(?:[-_][a-z\d]+|/[a-z\d]\S*|\.html?)+(?!\w)"
    rf"|https?://(?:[\w-]{{1,60}}\.)?[\w-]{{1,60}}\.(?!(?:{_LONG_ENDS})\b)[a-z]{{8,60}}(?![\w.@:-])\S{{0,200}}"
    # A path that was cut in its file's name.
    r"|(?:https?://|www\.)[^\s/]{1,100}/\S{0,200}\.(?:p|pd|do|ht|xl|jp|pn)(?=[\s.,!?]{0,2}(?:\s|$))"
    r"|[a-z][\w-]{1,40} \. (?:com|fi|net|org|example)(?: ?/ ?\w+)?(?!\w)|www,\S{3,})",
    re.IGNORECASE,
)
# "Click here" where no link follows: in plain text there is nothing to click.
_HERE = prepared(
    r"(?<!\w)(?:(?:click|press|tap)(?:\ on)?\ (?:here|this\ link|the\ link\ below"
    r"|the\ following\ link|the\ link)"
    r"|(?:follow|use|open)\ (?:this\ link|the\ link\ below|the\ following\ link)"
    r"|(?:klikkaa(?:malla)?|paina(?:malla)?|napauta(?:malla)?)\ (?:tästä|tätä\ linkkiä|tähän"
    r"|(?:alla|ohessa|oheista|alla olevaa|seuraavaa)\ ?(?:olevaa\ )?linkki(?:ä|in)?|linkkiä)"
    r"|(?:alla|oheisesta|alla\ olevasta|seuraavasta|tästä)\ (?:olevasta\ )?linkistä"
    r"|(?<!not\ )(?<!n['’]t\ )(?:via|through|behind|from|by|using|at|follow|use|open)"
    r"\ (?:the|this|the\ following)\ link"
    r"(?=[.!?,]|\ below|\ and\ |$)|(?:press|click|tap|use)\ the\ button\ below"
    r"|(?:find|read|see|download)\ (?:it|them|more|all|the\ \w+)\ here(?=[.!]|$)"
    r"|(?:alla\ olevan|oheisen|seuraavan|tämän)\ linkin\ (?:kautta|takaa|avulla|takana)"
    r"|linkki\ \w+\ (?:on|löytyy)\ (?:alla|ohessa|tässä)"
    r"|alla\ oleva(?:a|sta)?\ (?:linkki|painike)\w*"
    r"|(?:pääset|siirry|lue|lataa|täytä|avaa|katso)\ \w+\ (?:tästä|täältä)(?=[.!:]|$)"
    r"|(?:find|see|read|download|book|order|pay|fill|open|apply)\b[^.!?:\n]{0,60}"
    r"\ here:(?=\s*\n|\s*$)"
    r"|(?:löydä\w*|löyty\w+|lue|katso|lataa|täytä|avaa|tilaa|varaa|maksa)\b[^.!?:\n]{0,60}"
    r"\ (?:tästä|täältä|täällä|osoitteesta|osoitteessa):(?=\s*\n|\s*$)"
    r"|klicka\ här|(?:via|på)\ länken\ nedan)(?!\w)",
    re.IGNORECASE,
)
# A host that stands for another until somebody writes the right one; example.com may be anybody's.
_STAND_IN = prepared(
    r"""(?<![\w@.-])(?:https?://|www\.)(?:[\w-]{1,30}\.)?(?:
        your-?(?:own-?)?(?:domain|company|(?:web)?site|shop|store|business|brand|name|url|link)
            (?:-?name)?(?:-?here)?
        |(?:my|our)-?(?:domain|company|website)|(?:company|website|site|domain|business|brand)-?name
        |company|domain|hostname|placeholder|xxx+
        |(?:oma|sinun|teidän|meidän)-?(?:domain|verkkotunnus|sivusto|yritys|verkkokauppa)
        |yrity(?:s|ksen|ksemme|ksenne)-?(?:nimi|domain)|yrity(?:s|ksesi|ksemme|ksenne)
        |verkkotunnus|sivusto(?:nne|mme)?|(?:kaupan|firman)-?nimi|esimerkkiyritys
        )\.(?:com|fi|net|org|eu|se|io|co\.uk|tld|xyz|example)(?:/[^\s<>"']{0,200})?(?![\w@-])
      |(?<![\w@.-])https?://(?:[\w-]{1,60}\.){1,3}(?:tld|xxx|invalid)(?![\w.-])[^\s<>"']{0,200}""",
    re.VERBOSE | re.IGNORECASE,
)
# Where people log in or pay; whoever listens to the line reads along without the s of https.
_SECRET = prepared(
    r"http://[^\s<>\"'”»]{0,200}?(?<![a-zåäö])(?:log-?in|sign-?in|logon|my|oma|omat|account|pay"
    r"|payments?|checkout|maks[au]\w*|kirjau\w*|tunnus\w*|password|salasana|bank\w*|pankki"
    r"|secure|auth)"
    r"(?![a-zåäö])[^\s<>\"'”»]{0,300}",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}*_"


def _urls(draft: Draft) -> Iterator[tuple[int, str]]:
    for match in _URL.finditer(draft.text):
        yield match.start(), match.group().rstrip(_TRAILING)


def _tracked(draft: Draft) -> Iterator[Hit]:
    for start, url in _urls(draft):
        before, mark, query = url.partition("?")
        if not mark or not _TRACKING.search(query):
            continue
        query, hash_mark, place = query.partition("#")
        kept = [part for part in query.split("&") if part and not _TRACKING.fullmatch(part)]
        clean = before + ("?" + "&".join(kept) if kept else "") + hash_mark + place
        yield Hit(start, start + len(url), fix=Fix(clean))


def _inside(draft: Draft) -> Iterator[Hit]:
    for match in _INSIDE.finditer(draft.text):
        yield Hit(match.start(), match.end())


def _broken(draft: Draft) -> Iterator[Hit]:
    seen: list[tuple[int, int]] = []
    for pattern in (_MARKDOWN, _BROKEN, _STAND_IN):
        for match in pattern.finditer(draft.text):
            if not any(start < match.end() and match.start() < end for start, end in seen):
                seen.append(match.span())
                yield Hit(match.start(), match.end())


def _open_to_all(draft: Draft) -> Iterator[Hit]:
    """Links by http to where one logs in or pays, or to a host that goes by https elsewhere."""
    message = draft.message
    known = f"{draft.text}\n{draft.reply}\n{message.known if message else ''}"
    for start, url in _urls(draft):
        host = re.match(r"(?i)http://([\w.-]+)", url)
        safe = host and re.search(rf"(?i)https://{re.escape(host[1])}(?![\w-])", known)
        if (safe or _SECRET.match(url)) and not _INSIDE.match(url):
            yield Hit(start, start + len(url), fix=Fix(f"https{url[4:]}", safe=False))


def _nowhere(draft: Draft) -> Iterator[Hit]:
    """A link is announced, but none is in the text."""
    found = next(_HERE.finditer(draft.text), None)
    if found and not _URL.search(draft.text) and "](" not in draft.text:
        if re.search(r"(?<![\w@.])[\w-]{2,60}\.(?:fi|com|se|org|net|eu|example)\b", draft.text):
            return
        yield Hit(found.start(), found.end())


RULES = (
    Rule(
        code="LINK001",
        name="broken-link",
        severity="error",
        message="“{text}” is no link that works; write the whole address",
        explanation=(
            "A link that does not open sends the customer back to the queue. Found are addresses "
            "with a slip in them, hosts that stand for another (yourcompany.com) and Markdown "
            "links that are not whole."
        ),
        check=_broken,
        bad=(
            Example("en", "See [the guide](https://example.com/guide for more."),
            Example("en", "See [the guide] (https://example.com/guide)."),
            Example("en", "The form is at https//example.com/form."),
            Example("fi", "Lue lisää: [](https://example.fi/ohje)."),
            Example("fi", "Lomake on osoitteessa htps://example.fi/lomake."),
            Example("en", "See www.example,com/form or <a href='https://example.com'>this</a>."),
            Example("en", "Track it at https://example.com/track?id="),
            Example("fi", "Ohje on osoitteessa www.example .fi."),
            Example("en", "Tell us at citybus.co,uk/tell or https;//citybus.example/tell."),
            Example("en", "Log in at https://www.companyname.com/login and pay."),
            Example("fi", "Esite: https://example.fi/esite.pd"),
            Example("en", "See https://example.com/gifts., and www.example.fi/ day-care."),
            Example("en", "You see it at https://portal.northschool, and [prices]https://a.fi/b."),
            Example("fi", "Maksu käy osoitteessa www.oma-domain.fi/maksu."),
        ),
        good=(
            Example("en", "See [the guide](https://example.com/guide) for more [1]."),
            Example("en", "The form is at https://example.com/form (PDF)."),
            Example("fi", "Lue lisää: https://example.fi/ohje."),
            Example("en", "See https://www.mycompanion.com/my/domain.pdf or company.com."),
            Example("fi", "Tulkaa kotiin,se on auki: kauppa.example.fi/oma-sivu"),
        ),
    ),
    Rule(
        code="LINK002",
        name="tracking-parameters",
        severity="warning",
        message="the link tells where it was clicked; leave out what follows the question mark",
        explanation=(
            "Parameters as utm_source make a link long and look like an advertisement. The fix "
            "takes them away and leaves the rest of the address as it is."
        ),
        check=_tracked,
        bad=(
            Example("en", "See https://example.com/a?utm_source=mail&id=4."),
            Example("fi", "Katso https://example.fi/ohje?fbclid=abc123."),
        ),
        good=(
            Example("en", "See https://example.com/a?id=4&lang=en."),
            Example("fi", "Katso https://example.fi/ohje?sivu=2."),
        ),
    ),
    Rule(
        code="LINK003",
        name="internal-link",
        severity="error",
        message="“{text}” opens inside the house alone; give an address that the customer can open",
        explanation=(
            "Addresses of the intranet, of test systems and of one's own disk open for nobody "
            "else, and tell strangers how the house is built."
        ),
        check=_inside,
        bad=(
            Example("en", "The guide is at http://intranet.example.com/guide."),
            Example("en", "See C:\\Users\\sanna\\guide.pdf for more."),
            Example("fi", "Ohje on osoitteessa http://localhost:8080/ohje."),
            Example("fi", "Katso https://tila.muistio.local/sovellus."),
            Example("fi", "Ohje on täällä: \\\\palvelin01\\jako\\ohje.pdf"),
        ),
        good=(
            Example("en", "The guide is at https://example.com/intranet-guide."),
            Example("fi", "Ohje on osoitteessa https://www.example.fi/ohje."),
        ),
    ),
    Rule(
        code="LINK004",
        name="link-missing",
        severity="warning",
        message="“{text}”, but there is no link in the text; write the address",
        explanation=(
            "Words as “click here” lose their link when they are pasted into plain text. Write the "
            "whole address."
        ),
        check=_nowhere,
        bad=(
            Example("en", "To reset your password, click here."),
            Example("fi", "Voit vaihtaa salasanan klikkaamalla tästä."),
            Example("fi", "Täytä lomake alla olevasta linkistä."),
            Example("fi", "Linkki lomakkeeseen on alla."),
            Example("fi", "Pääset lomakkeelle tästä."),
            Example("en", "You can track it via the link below, and the form is behind this link."),
            Example("en", "You can find it here."),
            Example("en", "You find the list of countries here:\n\nPlease book a time."),
            Example("fi", "Luettelon maittain löydät tästä:\n\nVaraathan ajan."),
        ),
        good=(
            Example("en", "To reset your password, click here: https://example.com/reset"),
            Example("en", "Use the link that we sent to you by text message."),
            Example("en", "Please do not open the link. You need not, either."),
            Example(
                "en", "You track it through the link in the confirmation, and see it here later."
            ),
            Example("fi", "Pääset maksamaan laskussa olevan linkin kautta, ja tästä jatkamme."),
            Example("fi", "Voit vaihtaa salasanan tästä: https://example.fi/salasana"),
            Example("fi", "Tästä on hyvä jatkaa."),
        ),
    ),
    Rule(
        code="LINK005",
        name="insecure-link",
        severity="warning",
        message="“{text}” goes over an open line, where people log in or pay; write https",
        explanation=(
            "What is typed on a page without the s of https can be read on its way, and browsers "
            "warn of such a page. Found are addresses where people log in or pay, and hosts that "
            "the message or the reply names with https."
        ),
        check=_open_to_all,
        bad=(
            Example("en", "Log in at http://my.example.com to see it."),
            Example("fi", "Maksa sivulla http://example.fi/maksu."),
            Example("fi", "Ohje: http://example.fi/ohje. Hinnat: https://example.fi/hinnat."),
        ),
        good=(
            Example("en", "Log in at https://my.example.com to see it."),
            Example("en", "The guide is at http://example.com/guide."),
            Example("fi", "Maksa sivulla https://example.fi/maksu."),
        ),
    ),
)
