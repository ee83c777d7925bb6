"""FILL: what a template left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft
from replykit.rules import Example, Hit, Rule

# Square or angle brackets count only around the name of something that is to be filled in:
# "[sic]", "[1]" and "<https://…>" stand in good letters too.
_SLOTS = r"""
    (?:customer|client|agent|your|first|last|full|company|order|invoice|booking|product|team|street
      |delivery|due|tracking)?(?:['’]s)?
    [ _-]?(?:name|number|no|address|date|time|amount|sum|title|department|phone|email|e-mail|code
      |id)
  | (?:your[ ]|the[ ])?(?:customer|company|agent|product)|todo|tbd|placeholder|link[ ]here
  | insert[ ][^\]>]{1,40}|fill[ ]in[^\]>]{0,40}
  | (?:asiakkaan[ ]|oma[ ])?(?:etu|suku)?nimi(?:si)?|tilausnumero|laskunumero|varausnumero
  | päivämäärä|pvm|päivä|kellonaika|aika|summa|osoite|puhelinnumero|sähköposti|tuote
  | tuotteen[ ]nimi|yritys|asiakas
  | (?:new|old|customer|order|uusi|vanha|asiakas|tilaus|lasku|varaus)_\w{2,30} | etunimi\ sukunimi
  | täydennä[^\]>]{0,40}|lisää[ ][^\]>]{1,40}|nimi[ ]tähän
"""
# What somebody meant to come back to, and names that stand for a name.
_NOTES = r"""
    %(?:\w{0,20}_)?(?:name|nimi|date|pvm|number|numero|order|summa|amount)\w{0,10}%
  | (?<!\w)XX\.XX\.?(?:XXXX|20XX)?(?!\w) | (?<=klo\ )XX(?!\w) | (?<=at\ )XX:XX | (?<=[€£$])XX+(?!\w)
  | (?<!\w)XX(?=\ ?(?:€|euro|eur|£|\$|%|days|päivä|kpl|klo)) | (?<![\w_])_{3}(?=[–-]?\ ?[\w€])(?!_)
  | (?<!\w)(?-i:TODO|FIXME|TBD|TBC)(?!\w):? | (?<!\w)\?{2,3}(?=\ ?(?:€|euro|%|days|päivä|klo))
  | (?<=\ )\?{3}(?!\S)
  | \((?-i:TARKISTA|CHECK|CONFIRM|VARMISTA|LISÄÄ|ADD|TÄYDENNÄ|KYSY|ASK)\b[^()\n]{0,60}\)
  | \((?:tarkista|check|confirm|varmista|lisää|add|fill\ in|täydennä|kysy|ask)\b[^()\n]{0,60}[!?]\)
  | (?<=^dear\ )(?:(?:customer|client|first|last)\ ?names?|name|xx+|nn)(?!\w)
  | (?<=^hello\ )(?:first\ ?name|name|xx+)(?!\w) | (?<=^hi\ )(?:first\ ?name|name|xx+|nn)(?!\w)
  | (?<=^(?:hei|moi)\ )(?:(?:asiakkaan\ |etu)?nimi|xx+|nn)(?!\w)(?:\ sukunimi)?
  | (?<=^hyvä\ )(?:etunimi\ sukunimi|asiakkaan\ nimi|nimi|nn)(?!\w)
"""
_PLACEHOLDER = re.compile(
    rf"""
    \{{\{{.{{0,200}}?\}}\}} | \{{%.{{0,200}}?%\}} | \{{\# .{{0,200}}? \#\}}
  | \[\[[^\[\]\n]{{1,80}}\]\]
  | \[(?:{_SLOTS})\] | <(?:{_SLOTS})> | \{{(?:{_SLOTS})\}}
  | \$\{{\w{{1,60}}\}} | %\(\w{{1,60}}\)s | (?<![\w%])%[sd](?!\w)
  | (?<!\w)(?:X{{3,}}|x{{4,}})(?!\w) | (?<![\w_])_{{4,}}(?![\w_])
  | {_NOTES}
  | (?<!\w)lorem\ ipsum(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)


def _unfilled(draft: Draft) -> Iterator[Hit]:
    for match in _PLACEHOLDER.finditer(draft.text):
        if re.fullmatch("x+", match.group()) and len(match.group()) < 4:
            continue
        # A line of underscores alone is a rule between parts, not a blank to fill in.
        if match.group().startswith("_") and draft.line_at(match.start()).strip() == match.group():
            continue
        yield Hit(match.start(), match.end())


_HTML_COMMENT = re.compile(
    r"<!--[ \t]*replykit\b[^\n]{0,200}?(?:-->|$)", re.IGNORECASE | re.MULTILINE
)


def _suppressing_nothing(draft: Draft) -> Iterator[Hit]:
    for match in _HTML_COMMENT.finditer(draft.text):
        yield Hit(match.start(), match.end())


RULES = (
    Rule(
        code="FILL001",
        name="unfilled-placeholder",
        severity="error",
        message="“{text}” is still to be filled in",
        explanation=(
            "A placeholder that reaches the customer shows that nobody read the letter. Fill it "
            "in, or leave the sentence out. Brackets count only around the name of something "
            "that is to be filled in, so [1] and [sic] may stay."
        ),
        check=_unfilled,
        bad=(
            Example("en", "Hello {{ customer.first_name }},\n\nthank you for your message."),
            Example("en", "Your order [[order_number]] is on its way."),
            Example("en", "Dear [NAME],\n\nyour parcel left today."),
            Example("en", "Your order number is XXX."),
            Example("en", "Dear %s, your refund has been paid."),
            Example("en", "We will call you on [date] at <time>."),
            Example("en", "Dear Customer Name,\n\nyour parcel left today."),
            Example("en", "The parcel left (TODO: ask Tom) today. It costs XX euros."),
            Example("fi", "Hei %nimi%,\n\nsaat sen xx.xx. mennessä (tarkista varastolta!)."),
            Example("fi", "Aamiainen on klo ___–10."),
            Example("fi", "Hei [NIMI]!\n\nPaketti lähti tänään."),
            Example("fi", "Tilauksesi [[order_number]] on matkalla."),
            Example("fi", "Soitamme sinulle [pvm]."),
            Example("fi", "Tilausnumerosi on XXX."),
            Example("fi", "Hei {% if name %}Maija{% endif %}!"),
        ),
        good=(
            Example("en", "Hello Anna,\n\norder 123456 left today [1].\n\n[1] Sunday not counted"),
            Example("en", "You get 20 % off the shoes in size XXL, and 5%sale is no slot."),
            Example("en", "Kind regards,\nAnna\n________________\nCustomer service"),
            Example("fi", "Hei Anna!\n\nTilauksesi 123456 lähti tänään [koko S]."),
            Example(
                "en", "Dear Dean Name,\n\nall is done (check the photos). What size, XX or XXL?"
            ),
            Example("fi", "Alennus on 20 % ja koko XL."),
        ),
    ),
    Rule(
        code="FILL002",
        name="unused-suppression",
        severity="warning",
        message="this suppresses nothing and goes out with the letter; write {# replykit: … #}",
        explanation=(
            "A suppression that suppresses nothing hides what is written there next. In a reply's "
            "file, `lint: {ignore: [LEN002]}` in the front matter and comments as "
            "{# replykit: ignore LEN002 #} are reported where that rule finds nothing; take them "
            "out. Rules that wait for a message, a model or an engine are left alone. An HTML "
            "comment suppresses nothing at all, and the customer can read it."
        ),
        check=_suppressing_nothing,
        bad=(
            Example("en", "Hello,\n\nit left today. <!-- replykit: ignore LEN002 -->"),
            Example("fi", "Hei,\n\n<!-- replykit: ignore TONE -->\nse lähti tänään."),
        ),
        good=(
            Example("en", "Hello,\n\nit left today. <!-- see the replies of May -->"),
            Example("fi", "Hei,\n\nse lähti tänään, kiitos odotuksesta."),
        ),
    ),
)
