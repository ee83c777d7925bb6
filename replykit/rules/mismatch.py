"""FACT: what the draft says against the library's reply that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from replykit.linter import Draft, Span
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule
from replykit.rules.known import length, terms
from replykit.understanding.asked import is_kin, matter_words

_LANGS = ("en", "fi")
# Of the fewer words of two sentences, how many they must share to speak of the same thing; a
# sentence without its "not" is the same but for that one word.
_SAME = 0.5
_SAME_TURNED = 0.75
_LEAST_TURNED = 2
_SUM = prepared(
    r"(?P<sign>[€£$])\s?(?P<before>\d+(?:[.,]\d{1,2})?)(?![\d.,]*\d)"
    r"|(?<![\d.,])(?P<after>\d+(?:[.,]\d{1,2})?)\s?(?P<unit>€|euro\w*|pounds?\b|dollars?\b)",
    re.IGNORECASE,
)
_CLOCK = prepared(
    r"(?<![\d.,:])(?:\b(?:klo|kello|from)\s)?(?P<from>\d{1,2}(?:[.:]\d\d)?)\s?(?:[-–]|to|and)\s?"
    r"(?P<to>\d{1,2}(?:[.:]\d\d)?)(?![\d.,:]*\d)(?!\s?(?:[€£$%]|euro|per|pro|days?|weeks?|months?"
    r"|hours?|päiv|viik|kuuk|tun|vuo|years?|working|arki|business))"
    r"|\b(?:klo|kello|at|until|by|from)\s(?P<at>\d{1,2}[.:]\d\d)(?![\d.:]*\d)",
    re.IGNORECASE,
)
_HOURS = prepared(r"(?<![\w.,:])(?P<number>\d{1,3})\s?(?:hours?|h|tun(?:ti|nin|tia|nissa))\b")
_DAYS = {
    "en": r"(mon|tues|wednes|thurs|fri|satur|sun)days?",
    "fi": r"(maanan|tiis|keskiviik|tors|perjan|lauan|sunnun)(?:tai|k[ko])\w*",
}
_DAY = {lang: prepared(rf"\b{days}\b", re.IGNORECASE) for lang, days in _DAYS.items()}
_NOT = {
    "en": prepared(r"\b(?:not|no|never|cannot|nor|unable|without)\b|n['’]t\b", re.IGNORECASE),
    "fi": prepared(
        r"\b(?:ei|en|et|emme|ette|eivät|eikä|enkä|emmekä|eivätkä|älä|älkää|ilman)\b", re.IGNORECASE
    ),
}
# A case of its own: "once they are worn" the shoes cannot be returned.
_CASE = prepared(
    r"\b(?:if|unless|once|after|when|until|except|only|jos|ellei|mikäli|jälkeen|kun|vasta|vain"
    r"|paitsi|ennen|before)\b",
    re.IGNORECASE,
)
# Words of all sentences with terms in them.
_ANY = frozenset(
    """within during day days week weeks month year hour euro sorri unfortunately pleas
    unfortun päivä viikko kuukausi vuosi tunti kuluessa aikana valitettavasti klo kello
    maanantaisin""".split()  # noqa: SIM905
)
# What may be denied of anything, and changes nothing: "no problem", "not only".
_NOT_DENIED = prepared(
    r"\bno (?:problem|later than|longer|matter|worries)\b|\bnot only\b|\bei hätää\b|\bwhy not\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Said:
    """A sentence with what is counted in it: kind, value and place of each."""

    span: Span
    lang: str

    @cached_property
    def words(self) -> frozenset[str]:
        return matter_words(self.span.text, self.lang) - _ANY

    @cached_property
    def is_denied(self) -> bool:
        return bool(_NOT[self.lang].search(_NOT_DENIED.sub(" ", self.span.text)))

    @cached_property
    def measures(self) -> list[tuple[str, str, int, int]]:
        text, found = self.span.text, []
        for value, unit, start, end in terms(text, self.lang):
            days, kind = length(value, unit)
            found.append((kind, str(days), start, end))
        for match in _SUM.finditer(text):
            number = (match["before"] or match["after"]).replace(",", ".")
            found.append(("sum", f"{float(number):.2f}", *match.span()))
        for match in _CLOCK.finditer(text):
            hours = match["at"] or f"{match['from']}–{match['to']}"
            found.append(("clock", hours.replace(".", ":").replace(":00", ""), *match.span()))
        for match in _HOURS.finditer(text):
            found.append(("hour", match["number"], *match.span()))
        for match in _DAY[self.lang].finditer(text):
            found.append(("weekday", match[1].casefold(), *match.span()))
        return found

    def shared(self, other: _Said) -> float:
        """Of the fewer words of two sentences, the share that both have."""
        few, many = sorted((self.words, other.words), key=len)
        if not few:
            return 0.0
        return sum(any(is_kin(word, one) for one in many) for word in few) / len(few)


def _contradicts(draft: Draft) -> Iterator[Hit]:
    if not draft.reply or draft.lang not in _LANGS or draft.text == draft.reply:
        return
    reply = Draft(draft.reply, draft.lang)
    known = [_Said(span, draft.lang) for span in reply.sentences]
    told = [_Said(span, draft.lang) for span in draft.sentences]
    same = {said.span.text for said in known} & {said.span.text for said in told}
    for said in told:
        if said.span.text in same:
            continue
        hits = list(_other_measures(said, told, known, draft))
        yield from hits or _turned(said, told, known)


def _other_measures(
    said: _Said, told: list[_Said], known: list[_Said], draft: Draft
) -> Iterator[Hit]:
    """Numbers in place of which the reply has another, which the draft has nowhere."""
    in_reply = {(kind, value) for other in known for kind, value, _, _ in other.measures}
    in_draft = {(kind, value) for other in told for kind, value, _, _ in other.measures}
    # What a detail says was told of this customer.
    given = " ".join(draft.details.values())
    own = {(kind, value) for kind, value, _, _ in _Said(Span(given, 0), draft.lang).measures}
    for kind, value, start, end in said.measures:
        if (kind, value) in in_reply | own:
            continue
        replaced = [
            (said.shared(other), other.span.text[first:last])
            for other in known
            for its_kind, its_value, first, last in other.measures
            if its_kind == kind and (its_kind, its_value) not in in_draft
        ]
        likeness, instead = max(replaced, default=(0.0, ""))
        if likeness >= _SAME:
            message = f"the reply says “{instead}”, the draft says “{{text}}”"
            yield Hit(said.span.start + start, said.span.start + end, message)


def _turned(said: _Said, told: list[_Said], known: list[_Said]) -> Iterator[Hit]:
    """A sentence that denies what the reply's says, or says what that denies."""
    text = said.span.text
    if "?" in text or len(said.words) < _LEAST_TURNED:
        return
    near = [
        other
        for other in known
        if len(other.words) >= _LEAST_TURNED
        and bool(_CASE.search(text)) == bool(_CASE.search(other.span.text))
        and abs(len(other.words) - len(said.words)) <= max(1, len(said.words) // 3)
        and said.shared(other) >= _SAME_TURNED
    ]
    # Where the reply says both, each of its own case, either may be meant.
    if near and all(other.is_denied != said.is_denied for other in near):
        best = max(near, key=said.shared)
        kept = any(
            other is not said
            and other.is_denied == best.is_denied
            and other.shared(best) >= _SAME_TURNED
            for other in told
        )
        if not kept:
            instead = " ".join(best.span.text.split())
            yield Hit(said.span.start, said.span.end, f"the reply says the opposite: “{instead}”")


_RETURNS = (
    "Hello,\n\nyou can return the shoes within 14 days. The postage of 6.90 € is on us. "
    "The desk is open on Mondays from 9 to 17. Gift cards cannot be exchanged for money."
)
_PALAUTUS = (
    "Hei,\n\nvoit palauttaa kengät 14 päivän kuluessa. Postimaksu 6,90 € on meidän. "
    "Palvelupiste on auki maanantaisin klo 9–17. Lahjakorttia ei voi vaihtaa rahaksi."
)

RULES = (
    Rule(
        code="FACT004",
        name="contradicts-reply",
        severity="warning",
        message="the library's reply says otherwise",
        explanation=(
            "The library's reply was checked by somebody; a draft that says 30 days where it says "
            "14, or “can” where it says “cannot”, promises what the company does not keep. "
            "Compared are terms, sums, shares, hours, weekdays and denials in sentences about the "
            "same thing. Correct the draft, or the library where it is the one that is wrong. "
            "Silent without --response."
        ),
        check=_contradicts,
        bad=(
            Example("en", "Hi! You can return the shoes within 30 days.", reply=_RETURNS),
            Example("en", "You have thirty days to return your shoes.", reply=_RETURNS),
            Example("en", "The postage is on us: 4.90 €.", reply=_RETURNS),
            Example("en", "Our desk is open on Tuesdays from 9 to 17.", reply=_RETURNS),
            Example("en", "The desk is open on Mondays from 9 to 15.", reply=_RETURNS),
            Example("en", "Gift cards can be exchanged for money.", reply=_RETURNS),
            Example("en", "Sorry, you cannot return the shoes.", reply=_RETURNS),
            Example("fi", "Hei! Kengät voi palauttaa 30 päivän kuluessa.", reply=_PALAUTUS),
            Example("fi", "Kenkien palauttamiseen on kolmekymmentä päivää.", reply=_PALAUTUS),
            Example("fi", "Postimaksu on 4,90 euroa.", reply=_PALAUTUS),
            Example("fi", "Palvelupiste on auki tiistaisin klo 9–17.", reply=_PALAUTUS),
            Example("fi", "Palvelupisteemme on auki maanantaisin klo 9–15.", reply=_PALAUTUS),
            Example("fi", "Lahjakortin voi vaihtaa rahaksi.", reply=_PALAUTUS),
            Example("fi", "Et voi palauttaa kenkiä.", reply=_PALAUTUS),
        ),
        good=(
            Example("en", "You can return the shoes within 30 days."),
            Example("en", "You can send the shoes back within fourteen days.", reply=_RETURNS),
            Example("en", "You can return the shoes within two weeks.", reply=_RETURNS),
            Example("en", "Your parcel took 9 days. Return it within 14 days.", reply=_RETURNS),
            Example("en", "The new pair is with you within 5 days.", reply=_RETURNS),
            Example("en", "The postage of €6.90 is on us, and the belt is 20 €.", reply=_RETURNS),
            Example("en", "I will call you on Thursday.", reply=_RETURNS),
            Example("en", "The desk is open on Mondays from 9:00 to 17:00.", reply=_RETURNS),
            Example("en", "No problem, you can return the shoes.", reply=_RETURNS),
            Example("en", "Gift cards can't be exchanged for money.", reply=_RETURNS),
            Example("en", "You cannot return the shoes once they are worn.", reply=_RETURNS),
            Example("en", "Gift cards are valid for a year.", reply=_RETURNS),
            Example("fi", "Kengät voi palauttaa neljäntoista päivän kuluessa.", reply=_PALAUTUS),
            Example("fi", "Voit palauttaa kengät kahden viikon kuluessa.", reply=_PALAUTUS),
            Example("fi", "Uudet kengät lähtevät 2 päivässä. Palautusaika on 14 päivää.",
                    reply=_PALAUTUS),
            Example("fi", "Soitan sinulle torstaina.", reply=_PALAUTUS),
            Example("fi", "Palvelupiste on auki maanantaisin kello 9.00–17.00.", reply=_PALAUTUS),
            Example("fi", "Kenkiä ei voi palauttaa, jos niitä on käytetty.", reply=_PALAUTUS),
            Example("fi", "Ei hätää, voit palauttaa kengät.", reply=_PALAUTUS),
            Example("fi", "Lahjakortteja ei vaihdeta rahaksi.", reply=_PALAUTUS),
        ),
    ),
)  # fmt: skip
