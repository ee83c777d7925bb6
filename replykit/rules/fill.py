"""FILL: what a template left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule

# Square or angle brackets count only around the name of something that is to be filled in:
# "[sic]", "[1]" and "<https://…>" stand in good letters too.
_SLOTS = r"""
    (?:customer|client|agent|your|first|last|full|company|order|invoice|booking|product|team|street
      |delivery|due|tracking)?(?:['’]s)?
    [ _-]?(?:name|number|no|address|date|time|amount|sum|title|department|phone|email|e-mail|code
      |id)
  | (?:your[ ]|the[ ])?(?:customer|company|agent|product)|todo|tbd|placeholder
  | (?:link|url|linkki|osoite)(?:[ ](?:here|tähän))?
  | (?:insert|add|describe|mention)[ ][^\]>]{1,40}|fill[ ]in[^\]>]{0,40}
  | (?:asiakkaan[ ]|oma[ ])?(?:etu|suku)?nimi(?:si)?|tilausnumero|laskunumero|varausnumero
  | päivämäärä|pvm|päivä|kellonaika|aika|summa|osoite|puhelinnumero|sähköposti|tuote
  | tuotteen[ ]nimi|yritys|asiakas
  | (?:new|old|customer|order|uusi|vanha|asiakas|tilaus|lasku|varaus)_\w{2,30} | etunimi\ sukunimi
  | \w{2,20}_(?:name|number|date|amount|nimi|numero|pvm|summa)
  | täydennä[^\]>]{0,40}|lisää[ ][^\]>]{1,40}|nimi[ ]tähän
"""
# In capitals any name in brackets is one, but for what screens, keys and subjects show so.
_CAPITALS = r"""(?-i:(?!(?:PDF|HTML|HUOM|NOTE|SIC|EXTERNAL|URGENT|TÄRKEÄ|SECURE|SALATTU|VIDEO|AUDIO
    |ENTER|SHIFT|CTRL|TAB|SPACE|DELETE|RESOLVED|SOLVED|CLOSED|SPAM|TEST|DEMO)\])
    [A-ZÅÄÖ]{4,20}(?:[ _-][A-ZÅÄÖ]{2,20}){0,3})"""
# Slots of templates, by their signs: ours, and those of other systems.
_SLOT = prepared(
    rf"""
    \{{\{{.{{0,200}}?\}}\}} | \{{%.{{0,200}}?%\}} | \{{\# .{{0,200}}? \#\}}
  | \[\[[^\[\]\n]{{1,80}}\]\] | <<[^<>\n]{{2,40}}>>
  | \[(?:{_CAPITALS}|{_SLOTS})\](?!\() | <(?:{_SLOTS})> | \{{(?:{_SLOTS})\}} | «(?:{_SLOTS})»
  | (?:(?<=your\ )|(?<=until\ )|(?<=on\ )|(?<=by\ )|(?<=asti\ )|(?<=tulee\ )|(?<=[ei]si\ )
      |(?<=nne\ ))\((?:{_SLOTS})\)
  | \{{(?-i:[a-z]{{2,20}}[._][a-z_.]{{2,30}})\}}
  | \$\{{[\w.]{{1,60}}\}} | (?<![\w$])\$(?-i:[a-z][a-z_.]{{2,30}})(?!\w)
  | %\(\w{{1,60}}\)s | (?<![\w%])%[sd](?!\w) | %%\w{{2,30}}%%
  | (?<![\w%])%(?-i:[A-ZÅÄÖ_]{{3,30}}|[a-zåäö_]{{3,30}})%(?!\w)
  | \*\|[\w:]{{1,40}}\|\* | (?<![\w*])\*{{1,2}}(?:etu|first[ _])?(?:name|nimi)\*{{1,2}}(?!\w)
  | (?<![\w\#])\#[^\W\d_]{{3,20}}\#(?!\w) | \#{{4,}}(?=\ \w) | \[object\ Object\]
  | \#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!) | (?<![\w.@])@(?:first|etu)?(?:name|nimi)(?!\w)
  | (?<![\w_])__(?-i:[A-Z_]{{3,30}})__(?!\w) | (?<![\w_])_{{4,}}(?![\w_])
  | (?<![\w_])_{{3}}(?=[–-]?\ ?[\w€])(?!_)
  | (?<!\w)\?{{2,3}}(?=\ ?(?:€|euro|%|days|päivä|klo)) | (?<=\ )\?{{3}}(?!\S)
  | (?<![\w.])(?:\.{{3}}|…)(?=\ ?(?:€|euros?|euroa|days|päivää)(?!\w)) | (?<=[€£$])XX+(?!\w)
  | \((?-i:TARKISTA|CHECK|CONFIRM|VARMISTA|LISÄÄ|ADD|TÄYDENNÄ|KYSY|ASK)\b[^()\n]{{0,60}}\)
  | \((?:tarkista|check|confirm|varmista|lisää|add|fill\ in|täydennä|kysy|ask)\b
      [^()\n]{{0,60}}[!?]\)
  | \((?:(?:select|choose|pick)\ (?:one|either|an\ option|the\ right)|delete\ as|yliviivaa
      |valitse\ (?:toinen|yksi|oikea|sopiva|vaihtoehto)|poista\ tarpeeton
      |(?:add|lisää|insert)\ (?:the\ )?(?:customer|asiakkaan|tähän|here))[^()\n]{{0,50}}\)
  | \((?:add|insert|lisää)\ (?:the\ )?(?:date|time|name|amount|number|link|päivä|päivämäärä|nimi
      |summa|numero|linkki|hinta)\)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SIGN = prepared(r"[{\[<«($%*#@_?…€£]|\.{3}")
# Words that stand for a value, and notes of what somebody meant to come back to.
_WORD = prepared(
    r"""
    (?<!\w)(?:
        (?-i:X{3,}|x{4,}) | XX\.XX\.?(?:XXXX|20XX)? | XX[–.,:-]XX | (?<=klo\ )XX
      | XX(?=\ ?(?:€|euro|eur|£|\$|%|days|päivä|kpl|klo))
      | (?-i:X)(?:[–-](?-i:[XY]))?(?=\ (?:arki)?(?:päivää|euroa|days|euros|working|business
          |weeks|€))
      | (?-i:TODO|FIXME|TBD|TBC):? | lorem\ ipsum | Invalid\ Date | (?-i:NaN)
      | (?<=[a-zåäö]\ )(?-i:None|undefined|nan|null)(?=\ (?:has|is|was|euro|€|on)|,)
      | (?<!form\ )(?<!format\ )(?<!as\ )(?<!muodossa\ )(?<!\()
          (?:dd|pp)([./-])(?:mm|kk)\1(?:yyyy|vvvv|yy|vv)(?!\))
      | 00[./]00[./](?:20)?00(?:00)? | (?:000[ -]?){2,}000\d?
      | (?<![.-])(?:example|name|your\.?name|email|esimerkki)@(?:example|domain|email|company
          |esimerkki)\.(?:com|fi|org)
      | (?<![@/.=?&-])(?-i:[a-z]{3,15}_(?:name|number|date|nimi|numero|pvm))(?!@)
      | pvm(?=\ (?:klo|mennessä|asti|alkaen)(?!\w))
      | (?-i:[A-ZÅÄÖ]{3,20}\ (?:HERE|TÄHÄN))
      | (?-i:TÄYDENNÄ|LISÄÄ|TARKISTA|KORJAA|CHECK|ADD|FIX|INSERT)(?=:|\ TÄ[MHS]|\ THIS|\ HERE)
      | (?:lisää\ tähän|insert\ (?:the|a))\ (?:päivämäärä|nimi|linkki|summa|tuote|teksti|syy|date
          |name|link|amount|product|reason)
      | (?:linkki\ tähän|link\ (?:goes\ )?here)(?=[.,!)]|$)
      | (?:delete|poista)\ (?:this|tämä)\ (?:line|part|paragraph|sentence|rivi|kohta|kappale|lause)
    )(?!\w)
  | ^(?:dear|hello|hei|moi|hi|hyvä)\ (?P<name>(?:(?:customer|client|first|last)\ ?)?names?
      |(?:asiakkaan\ |etu)?nimi(?:\ sukunimi)?|xx+|nn|n\.\ ?n\.
      |(?-i:X|None|undefined|null|NaN|nan))(?![\w'’-])
  | ^(?:(?:your|agent|oma|first)\ (?:name|nimi)|etunimi\ sukunimi)$
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
# A value that is not there: the words or marks around it stand side by side. Nobody writes “on at”
# or “of euros” on purpose.
_GAP = prepared(
    r"""
    ^(?:dear|hello|hi|hei|moi|hyvä)(?P<name>\ )(?=,)
  | (?<!\w)(?:on|at|by|until|from|of|before|klo|nro)(?P<value>[ ]{2,})
      (?=(?:at|by|and|has|is|was|will|between|euros?|ja|mennessä|asti|alkaen|klo)(?!\w)|[,.€])
  | (?<=[^\W\d_])(?P<sum>[ ]{2,})(?=(?:€|euros?|euroa|eur|arkipäivää|päivää|working\ days)(?!\w))
  | (?<!\w)(?:is|are|at|by|until|of|from|klo|on)(?P<end>\ )(?=[.,](?:\s|$))
  | (?<!\w)(?:is|of|pay|refund|costs|on|maksaa|sinulle|you)\ +(?P<sign>[€£$])(?=\ ?[.,](?:\s|$))
  | (?<!\w)(?:order|invoice|booking|ticket|parcel|tilauksesi|tilauksenne|laskusi|laskunne
      |varauksesi)(?P<number>[ ]{2,})
      (?=(?:has|is|was|will|on|oli|lähti|lähtee|saapuu|erääntyy)(?!\w))
  | (?<!\w)(?:comes|arrives|leaves|tulee|saapuu|lähtee|alkaa)(?P<day>[ ]{2,})(?=(?:at|klo)\ \d)
  | ^(?:[^\W\d_]{2,20}\ ){0,2}[^\W\d_]{0,20}(?:number|numero|nro|amount|summa)(?P<field>:)[ \t]*
      (?=\n[^\W\d_][^\n:]{0,30}:)
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_MAY_GAP = prepared(r"[^\S\n]{2}|[ ][.,](?!\S)|[€£$]\ ?[.,]|:[ \t]*\n")
# Both forms of a word, of which one was to be chosen.
_EITHER = prepared(
    r"(?<![\w/])(?:s?he/s?he|him/her|his/her|her/his|mr\.?/m(?:r?s|r)\.?|herra/rouva|rouva/herra"
    r"|has/have|is/are|was/were|sinun/teidän|teidän/sinun|sinulle/teille|sinä/te"
    r"|\w{2,30}si/\w{2,30}nne|\w{2,30}[ie]t/\w{2,30}tte)(?![\w/])",
    re.IGNORECASE,
)
_WIDE_GAP = prepared(r"\S {2,}(?=\S)")
_SHOWN = 60


def _unfilled(draft: Draft) -> Iterator[Hit]:
    text = draft.text
    for match in _SLOT.finditer(text) if _SIGN.search(text) else ():
        # A line of underscores alone is a rule between parts, not a blank to fill in.
        if match.group().startswith("_") and draft.line_at(match.start()).strip() == match.group():
            continue
        yield Hit(match.start(), match.end())
    for match in _WORD.finditer(text):
        yield Hit(*match.span(match.lastgroup or 0))
    yield from _left_out(draft)


def _left_out(draft: Draft) -> Iterator[Hit]:
    """Places where a value should stand, and words of which one was to be chosen."""
    for match in _GAP.finditer(draft.text) if _MAY_GAP.search(draft.text) else ():
        start, end = match.span(match.lastgroup or 0)
        line = draft.line_at(start)
        if not _is_table(line):
            message = f"“{line[:_SHOWN].strip()}”: something is missing here"
            yield Hit(start, end, message, severity="warning")
    for match in _EITHER.finditer(draft.text) if "/" in draft.text else ():
        message = "“{text}”: choose one of the two"
        yield Hit(match.start(), match.end(), message, severity="warning")


def _is_table(line: str) -> bool:
    """Whether a line is set with tabs or several wide gaps."""
    return "\t" in line or len(_WIDE_GAP.findall(line.strip())) > 1


_HTML_COMMENT = prepared(
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
            Example("en", "Your order  has left and arrives on , at the latest by dd.mm.yyyy."),
            Example("en", "Dear None,\n\nwe refund #N/A euros to {order.account}."),
            Example("en", "Please tell him/her that the parcel (select one) has come."),
            Example("en", "Kind regards,\nYour Name"),
            Example("fi", "Hei ,\n\npalautamme sinulle  euroa, kun paketti on ."),
            Example("fi", "Hei $etunimi,\n\nsinun/teidän tilauksesi lähtee pvm klo 9."),
            Example("fi", "Toimitus kestää X päivää.\n\nTerveisin\nEtunimi Sukunimi"),
            Example("fi", "Tilausnumero:\nToimituspäivä: huomenna"),
            Example("fi", "Hei %nimi%,\n\nsaat sen xx.xx. mennessä (tarkista varastolta!)."),
            Example("fi", "Aamiainen on klo ___–10."),
            Example("fi", "Hei [NIMI]!\n\nPaketti lähti tänään."),
            Example("fi", "Tilauksesi [[order_number]] on matkalla."),
            Example("fi", "Soitamme sinulle [pvm]."),
            Example("fi", "Hinta on [HINTA], ja saat sen (lisää päivä)."),
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
            Example("en", "Write your birthday as dd.mm.yyyy. The price is 12 €. None is left."),
            Example(
                "en",
                "Name:   Anna   Smith\nThank you  it works , and/or call 000.\nOrder number:\n42",
            ),
            Example("en", "Press [ENTER], open the guide [PDF] and see [UK]."),
            Example("fi", "Alennus on 20 % ja koko XL."),
            Example("fi", "Kirjoita se muodossa pp.kk.vvvv. Hinta on 12 €  ja voit/saat sen heti."),
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
