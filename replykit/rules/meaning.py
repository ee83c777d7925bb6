"""TONE: sentences that sound wrong though no listed word stands in them, judged by meaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule, find_rule

_LANGS = ("en", "fi")
# Signatures and headings are shorter.
_FEWEST_WORDS = 4
_LONGEST_EXAMPLE = 90
# How far above its limit a bureaucratic sentence lies that is more than a suggestion.
_SURE = 3.0


def _check(
    family: str, says: str, code: str, sure: float, unless: str
) -> Callable[[Draft], Iterator[Hit]]:
    """Fires on the sentences of a family, except where the word-list rule `code` does so or one of
    the words `unless` stands in them."""
    excused = prepared(unless, re.IGNORECASE) if unless else None

    def check(draft: Draft) -> Iterator[Hit]:
        if draft.lang not in _LANGS:
            return
        vectors, scores = draft.vectors, draft.meanings
        if vectors is None or scores is None:
            return
        from replykit.checking import meaning

        known = meaning.load()
        column = known.families.index(family)
        taken = None
        for number in (scores[:, column] > 0).nonzero()[0]:
            span = draft.statements[number]
            if draft.count_words(span) < _FEWEST_WORDS:
                continue
            if excused and excused.search(span.text):
                continue
            if taken is None:
                taken = [(hit.start, hit.end) for hit in find_rule(code).check(draft)]
            if any(start < span.end and end > span.start for start, end in taken):
                continue
            example = meaning.nearest(vectors[number], family, draft.lang)
            if len(example) > _LONGEST_EXAMPLE:
                example = example[: _LONGEST_EXAMPLE - 1] + "…"
            severity = "warning" if sure and scores[number, column] > sure else ""
            yield Hit(span.start, span.end, f"reads like “{example}” ({says})", severity=severity)

    return check


_SOURCE = "learnt from the sentences in benchmarks/meaning by benchmarks/train_meaning.py"


def _rule(
    code: str, name: str, family: str, words: str, says: str, why: str,
    bad: tuple[tuple[str, str], ...], good: tuple[tuple[str, str], ...],
    severity: str = "warning", sure: float = 0.0, unless: str = "",
) -> Rule:  # fmt: skip
    return Rule(
        code=code,
        name=name,
        severity=severity,
        message=f"this sentence {says}",
        explanation=f"{why} Judged by the meaning of the sentence, so it needs the embedded model.",
        source=_SOURCE,
        check=_check(family, says, words, sure, unless),
        bad=tuple(Example(lang, text) for lang, text in bad),
        good=tuple(Example(lang, text) for lang, text in good),
        needs_model=True,
    )


RULES = (
    _rule(
        "TONE020", "blame-by-meaning", "blaming", "TONE003", "blames the customer",
        "Whoever is told that it is their own fault reads no further. Say what is missing or "
        "what happens next, without saying whose doing it was.",
        bad=(
            ("en", "With the right papers at hand, your visit would not have been wasted."),
            ("en", "It seems the washing instructions were not followed."),
            ("fi", "Reklamaatio perustuu siihen, että selvät ehdot on ymmärretty väärin."),
        ),
        good=(
            ("en", "The instructions are in the box, and there is a film of them on our site."),
            ("en", "You should have had an answer from us last week."),
            ("fi", "Varausta ei ollut vahvistettu, ja olen pahoillani siitä."),
            ("fi", "Sinun olisi pitänyt saada meiltä vastaus jo viime viikolla."),
        ),
    ),
    _rule(
        "TONE021", "dismissal-by-meaning", "dismissive", "TONE004", "brushes the customer aside",
        "A matter that is called small, usual or somebody else's is still the customer's. Say what "
        "can be done, or who will do it.",
        bad=(
            ("en", "This is not something that customer service deals with."),
            ("en", "We see no reason to look into this any further."),
            ("fi", "Emme näe syytä selvittää asiaa enempää."),
            ("fi", "Tunteesi eivät muuta tosiasioita."),
        ),
        good=(
            ("en", "The scratch is small, but you bought a new table, so we will replace it."),
            ("fi", "Naarmu on pieni, mutta ostit uuden pöydän, joten vaihdamme sen."),
        ),
    ),
    _rule(
        "TONE022", "sarcasm-by-meaning", "sarcasm", "TONE009", "sounds sarcastic or condescending",
        "Praise that is not meant, or an explanation as to a child, is remembered longer than the "
        "answer. Say it plainly.",
        bad=(
            ("en", "It is so kind of you to remind us of our duties."),
            ("en", "What a relief that you know everything better than our doctors."),
            ("fi", "Kirjeitäsi on aina yhtä ilo lukea."),
            ("fi", "kiva että saatiin tämä selväksi kolmannen kerran"),
        ),
        good=(
            ("en", "It is kind of you to remind us, and the invoice is now corrected."),
            ("fi", "Ystävällistä, että muistutit; lasku on nyt korjattu."),
        ),
    ),
    _rule(
        "TONE024", "defence-by-meaning", "defensive", "TONE008", "defends the company",
        "The customer asked for help, not for a plea. Say what went wrong and what is done now.",
        bad=(
            ("en", "From our point of view everything went as it should."),
            ("en", "My colleague did exactly what she is supposed to do."),
            ("fi", "Järjestelmän on ostanut kaupunki, emme me."),
            ("fi", "Torjumme väitteen, että henkilökunta olisi ollut tylyä."),
        ),
        good=(
            ("en", "We did not keep to our own process, and that is our mistake."),
            ("fi", "Emme noudattaneet omaa ohjettamme, ja se on virheemme."),
        ),
    ),
    _rule(
        "TONE025", "promise-by-meaning", "promising", "TONE005", "promises too much",
        "A promise without limits is broken sooner or later. Name the step, its day and what "
        "happens if it fails.",
        bad=(
            ("en", "The new router will solve every problem you have ever had."),
            ("en", "Your internet will not break down one single time."),
            ("fi", "Rahoillasi ei ole meillä minkäänlaista riskiä."),
            ("fi", "Yksikään asiakkaamme ei ole koskaan joutunut odottamaan."),
        ),
        good=(
            ("en", "We promise an answer in two working days."),
            ("en", "We hope that you will never have to wait like this again."),
            ("fi", "Lupaamme vastata kahdessa arkipäivässä."),
            ("fi", "Toivomme, ettei sinun tarvitse enää koskaan odottaa näin kauan."),
        ),
        # Who hopes does not promise.
        unless=r"\bhop(?:e|es|ing|efully)\b|\btoiv(?:o|on|omme|ottavasti|oen)\b",
    ),
    _rule(
        "TONE026", "liability-by-meaning", "liability", "TONE006", "admits liability",
        "Whose fault it was is for those to decide who look into it. Be sorry, and say who will "
        "look and by when.",
        bad=(
            ("en", "The treatment was a malpractice on our part."),
            ("en", "We accept that we acted in breach of contract."),
            ("fi", "Hoito oli meidän puoleltamme hoitovirhe."),
            ("fi", "Vahvistan, että vakuutuksemme korvaa kaiken."),
        ),
        good=(
            ("en", "The inspector comes on Tuesday to find the cause of the leak."),
            ("fi", "Tarkastaja tulee tiistaina selvittämään vuodon syyn."),
        ),
    ),
    _rule(
        "TONE027", "guess-by-meaning", "speculation", "TONE007", "is a guess",
        "A guess is read as an answer, and a wrong one comes back. Say what is known, and when the "
        "rest will be.",
        bad=(
            ("en", "It appears that they may have sold it to someone else."),
            ("en", "There was apparently some kind of fault somewhere."),
            ("fi", "Kyse on joko ohjelmavirheestä tai puhelimestasi."),
            ("fi", "Kuski ehkä piti sen itse."),
        ),
        good=(
            ("en", "We do not know the cause yet, and the inspection is tomorrow."),
            ("fi", "Syytä emme vielä tiedä, ja tarkastus on huomenna."),
        ),
    ),
    _rule(
        "TONE028", "discrimination-by-meaning", "discrimination", "TONE011",
        "judges a group of people",
        "Age, sex, origin, health, belief or means of a customer have no place in an answer, "
        "unless a service or a price depends on them.",
        bad=(
            ("en", "The loan is not for people with a background such as yours."),
            ("en", "Boys are just better at this hobby."),
            ("fi", "Naiset kokevat tekniikan usein vaikeaksi."),
            ("fi", "Vaipoista kysyminen ei ole miesten hommaa."),
        ),
        good=(
            ("en", "Customers over 65 get ten per cent off."),
            ("fi", "Yli 65-vuotiaat saavat kymmenen prosentin alennuksen."),
        ),
    ),
    _rule(
        "TONE029", "jargon-by-meaning", "jargon", "STYLE003", "speaks the company's own language",
        "Names of queues, systems and steps mean nothing outside the house. Say what happens to "
        "the customer's matter.",
        bad=(
            ("en", "It was closed as a won't-fix by the dev squad."),
            ("en", "Your PNR was split by ops."),
            ("fi", "Tee CR portaaliin, niin PO priorisoi sen."),
            ("fi", "Liidiä ei konvertoitu oppariksi pipelinessa."),
        ),
        good=(
            ("en", "Your case is with our technical team, who will answer by Friday."),
            ("fi", "Asiasi on teknisellä tiimillämme, joka vastaa perjantaihin mennessä."),
        ),
    ),
    _rule(
        "TONE030", "slang-by-meaning", "slang", "TONE010", "is slang",
        "What sounds friendly among friends sounds careless from a company. Everyday words serve, "
        "also in chat.",
        bad=(
            ("en", "We're super swamped rn."),
            ("en", "That form is a nightmare, just bung something in."),
            ("fi", "Kuski vähän niin kuin häipyi."),
            ("fi", "Systeemi vähän jumitti taas."),
        ),
        good=(
            ("en", "Don't worry, nothing is lost."),
            ("fi", "Ei huolta, mitään ei ole kadonnut."),
        ),
    ),
    _rule(
        "TONE031", "bureaucracy-by-meaning", "bureaucratic", "STYLE005", "is official language",
        "Nouns and passives hide who does what. Say it as at a counter: who does what, and when.",
        severity="suggestion",
        sure=_SURE,
        bad=(
            ("en", "Consideration of the application is conducted in the order of receipt."),
            ("en", "Acceptance of the goods constitutes acknowledgement of their condition."),
            ("fi", "Asianosaisen katsotaan hyväksyneen ehdot."),
            ("fi", "Lisäselvityksen toimittaminen on edellytyksenä käsittelyn käynnistämiselle."),
        ),
        good=(
            ("en", "The decision is based on section 14 of the Act on Day Care."),
            ("fi", "Päätös perustuu varhaiskasvatuslain 14 pykälään."),
        ),
    ),
    _rule(
        "TONE032", "stock-phrase-by-meaning", "stock", "STYLE004", "says nothing of this matter",
        "A sentence that would fit any reply tells the customer nothing. Leave it out, or say what "
        "is done in this case.",
        severity="suggestion",
        bad=(
            ("en", "At our company, quality comes first."),
            ("en", "We remain at your disposal for any further information."),
            ("fi", "Oli ilo palvella sinua."),
            ("fi", "Olemme aina tukenasi matkan varrella."),
        ),
        good=(
            ("en", "I have passed your feedback on the menu to the cook."),
            ("fi", "Välitin ruokalistaa koskevan palautteesi kokille."),
        ),
    ),
)  # fmt: skip
