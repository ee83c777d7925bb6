"""Tells what the house asks of everybody, or offers, from the sums and dates of one case."""

from __future__ import annotations

import re

from replykit.patterns import prepared

_ANY_CASE = re.IGNORECASE | re.VERBOSE
# What has been, will be or ought to be paid to or by this customer.
_CASE = prepared(
    r"""\b(?:refund\w*|reimburse\w*|credit(?:ed|s)?|compensat\w*|paid|charged|billed
    |invoice\w*|bill|balance|owe[sd]?|owing|outstanding|overdue|due|debt|transfer\w*
    |received|withdr[ae]wn?|deduct\w*|debited|settle\w*|your\ (?:\w+\ )?(?:order|payment
    |account|purchase|salary|pension|benefit)|back\ (?:to|on|into|in)\ your|(?:gave|give
    |giving|return(?:ed|ing)?|sent|get)\ (?:you\ )?(?:back)?|on\ its\ way|back)\b
    |\b(?:palaut(?:amme|an|us|etaan|ettu|etti)\w*|palautuu|hyvit\w+|korva(?:amme|an|taan
    |us\w*|ttu)|maksoi(?:t|n)\w*|maksanut|maksaneet|maksettu|veloit\w+|laskut(?:imme|in
    |ettu|ettiin)|lasku(?:si|nne|n|lla|sta|ssa|lle)?|laskuun\w*|laskust\w*|laskul\w*
    |saldo\w*|velka\w*|vela[nst]\w*|tili(?:si|nne|lle\w*|llä\w*|ltä\w*)|tilaukse(?:si|nne
    |sta|n)\w*|siirsi\w*|siirr\w+|saimme|suoritu\w+|erään\w+|avoin\w*|avoime\w+|takaisin
    |summa\w*|eläk\w+|palk(?:ka|an)\w*|päivärah\w+)\b""",
    _ANY_CASE,
)
_PRICE = prepared(
    r"""\b(?:costs?|prices?|fees?|extra|per|each|rates?|fares?|deposit|postage|premium|excess
    |flat|monthly|yearly|annual(?:ly)?|tickets?|supplement|plus|tariff|(?:an?
    |every)\ (?:day|night|week|month|year|hour|head|person|piece|time|kilo|metre|bag|box
    |seat|room|child|adult|evening|lesson|copy|page|visit)|(?:on|is|are|it's|for|from|at|only
    |about|around|to)\ (?=[€£$]?\d))|\b(?:maksaa|maksavat|maksu|maksut|hin(?:ta|nat|taan
    |nalla|toihin|noi\w+)\w*|lisä(?:maksu)?|kuukaudessa|vuodessa|päivässä|viikossa
    |tunnissa|tunnilta|hengeltä|henkilöltä|kappale(?:elta)?|kpl|alkaen|omavastuu|\w*vuokra
    |\w*maksu|\w*hinta|pantti|taksa|\w*kulut?|\w*lippu|eurolla|kipale|eur\w*\ (?:/
    |per)\w*)\b|/\s?(?:kk|vko|vrk|h|kpl|hlö|vuosi|night|day|month|person)\b""",
    _ANY_CASE,
)
_ASKS_PRICE = prepared(
    r"""\b(?:costs?|prices?|fees?|charges?|how\ much|rates?|expensive|cheap(?:er|est)?|quote
    |discount\w*|offers?|deal|deposit|excess|premium|pay|free|included?|maksa[ak]\w*
    |maksu\w*|maksul\w+|hin(?:ta|na|to|no)\w*|paljonko|kalli\w+|halv\w+|alennu\w+
    |tarjou\w+|omavastuu\w*|maks(?:aa|avat|aisi)|ilmai\w+|kustannu\w+|kustan\w+)\b""",
    _ANY_CASE,
)
_ASKS_DAY = prepared(
    r"""\b(?:when|how\ (?:long|soon|late)|(?:what|which|any|new)\ (?:date|day|week|month
    |time)s?|until|deadline|by\ what|still\ (?:on|open|possible|places)|available
    |places\ left|start(?:s|ing)?|begin(?:s|ning)?|milloin|koska|millon|kuinka\ (?:kauan
    |pian|nopeasti)|kauanko|asti|saakka|mi(?:nä|hin)\ (?:päiv\w+|men\w+)|määräaika\w*
    |aikataulu\w*|vapaa\w*|paikkoja|alka[ak]\w*|vielä|ehti\w*|ajan|aikaa?|aikoja)\b""",
    _ANY_CASE,
)
_PAST = prepared(
    r"""\b(?:was|were|has|have|had|[a-z]{2,12}(?<!ne)ed|came|went|sent|got|left|made|took|paid
    |bought|rang|wrote|(?:oli|olivat|\w+nut|\w+nyt|\w+neet|\w+(?:tt|st|ht)iin|saapui|tuli
    |lähti|päättyi|alkoi|kävi|sai|maksoi|soitit|soititte|tilasit|tilasitte|ostit|ostitte
    |kävit|kävitte|lähetit|lähetitte|saimme|jäi|meni))\b""",
    _ANY_CASE,
)


def is_price(sentence: str, message: str) -> bool:
    """Whether a sum in a sentence of a draft is what anybody would pay: the message asks for a
    price or the sentence names one, and it speaks of no payment of this customer's."""
    if _CASE.search(sentence):
        return False
    return bool(_ASKS_PRICE.search(message) or _PRICE.search(sentence))


def is_day_to_come(sentence: str, message: str) -> bool:
    """Whether a date in a sentence of a draft may be the answer to a message that asks for one: it
    tells of nothing that has been."""
    return bool(_ASKS_DAY.search(message)) and not _PAST.search(sentence)
