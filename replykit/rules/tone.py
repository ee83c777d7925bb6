"""TONE: shouting, and too many exclamation marks (phrases of tone live in the lexicons)."""

from __future__ import annotations

from collections.abc import Iterator

from replykit.linter import Draft, Fix
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule

_CAPITALS = prepared(r"(?<![\w-])[A-ZÅÄÖ]{2,}+(?![\w-])(?:[ \t]++[A-ZÅÄÖ]{2,}+(?![\w-])){2,}")
_MARKS = prepared(r"[!?](?:[!?]|[ \t][!?](?!\w))++")
_WORD_END = prepared(r"[)\"'”’»*_]*+(?!\S)")
_VOWEL = prepared("[AEIOUYÅÄÖ]")
_LEAST_LETTERS = 4
_LONGEST_WORD = 60
_ACRONYMS = frozenset(
    ("IBAN", "SWIFT", "SEPA", "KELA", "ISBN", "JPEG", "WIFI", "WLAN", "IKEA", "NATO", "UNICEF")
)
# One of these among capitals makes a sentence of them, where all others could be acronyms.
_SENTENCE_WORDS = frozenset(
    """THE AND NOT ARE YOU YOUR DID WAS WILL MUST HAVE HAS NOW FOR WITH THIS THAT
    ON EI ETTE TÄMÄ SEN NYT JA OLE PITÄÄ TÄYTYY MUTTA VAIN HETI""".split()  # noqa: SIM905
)
# One of these alone in capitals, where the sentence ends with an exclamation mark.
_STRESSED = prepared(
    r"(?<![\w-])(?:NOT|NEVER|NOW|ALWAYS|VERY|REALLY|LATE|MUST|ONLY|ALL|ANY|ANYTHING|EVERYTHING|NOTHING"
    r"|PLEASE|AGAIN|TODAY|TOMORROW|YESTERDAY|IMMEDIATELY|IMPORTANT|URGENT|URGENTLY|DID|DO|DON['’]T|YOU|YOUR"
    r"|BEFORE|WRONG|READ|WAIT|STOP|SORRY|EVERY|TWICE|ONCE|WHY|HOW|YES|ALREADY|FINALLY|EVER|SOON"
    r"|EI|EIVÄT|EN|ET|ETTE|EMME|AINA|HETI|NYT|TODELLA|OIKEASTI|VAIN|KOSKAAN|IKINÄ|MYÖHÄSSÄ|PITÄÄ"
    r"|TÄYTYY|ÄLÄ|ÄLKÄÄ|KAIKKI|KAIKKEA|TÄRKEÄÄ|TÄRKEÄ|TÄNÄÄN|HUOMENNA|EILEN|VÄLITTÖMÄSTI|ERITTÄIN"
    r"|ENNEN|JO|JOKA|ITSE|OIKEIN|VÄÄRIN|VÄÄRÄ|LUE|LUKEKAA|ODOTA|SINUN|TEIDÄN|MIKSI|VIELÄ|VIIMEIN"
    r"|VIHDOIN|KIIRE|KIIREELLINEN|PAKKO|HYVIN|KYLLÄ)(?![\w-])"
)
_STRETCHED = prepared(
    r"(?<![\w./@-])(?!www|[ivxIVX]+(?!\w))[^\W\d_]{0,30}([a-zåäö])\1\1[^\W\d_]{0,30}(?![\w./@])"
)
# Sentences that end with an exclamation mark, without the greeting: so many, and so many of all.
_MOST_CALLS, _MOST_OF_ALL = 3, 0.6
_GREETING_WORDS = 4


def _shouting(draft: Draft) -> Iterator[Hit]:
    yield from _capitals(draft)
    for match in _STRETCHED.finditer(draft.text):
        message = "letters stretched as in “{text}” read as shouting or mockery"
        yield Hit(match.start(), match.end(), message)
    for sentence in draft.sentences:
        if sentence.text.endswith("!") and not sentence.text.isupper():
            for match in _STRESSED.finditer(sentence.text):
                start = sentence.start + match.start()
                if not _CAPITALS.match(sentence.text, match.start()):
                    yield Hit(start, start + len(match.group()))


def _capitals(draft: Draft) -> Iterator[Hit]:
    for match in _CAPITALS.finditer(draft.text):
        # A heading in capitals, alone on its line, is no shouting; neither are acronyms.
        line = draft.line_at(match.start())
        words = match.group().split()
        spoken = [word for word in words if _is_spoken(word)]
        is_sentence = len(spoken) >= 2 or not _SENTENCE_WORDS.isdisjoint(words)
        if is_sentence and (line.strip(" \r\t:*#=-") != match.group() or "!" in line):
            yield Hit(match.start(), match.end())


def _is_spoken(word: str) -> bool:
    """Whether capitals are a word rather than an acronym."""
    return len(word) >= _LEAST_LETTERS and bool(_VOWEL.search(word)) and word not in _ACRONYMS


def _repeated_marks(draft: Draft) -> Iterator[Hit]:
    for match in _MARKS.finditer(draft.text):
        start, end = match.span()
        mark = "?" if "?" in match.group() else "!"
        yield Hit(start, end, fix=Fix(mark, safe=_is_prose(draft.text, start, end)))
    yield from _many_calls(draft)


def _many_calls(draft: Draft) -> Iterator[Hit]:
    """Most sentences call out: the last of them is named."""
    sentences = draft.sentences[1:] if _is_greeting(draft) else draft.sentences
    calls = [span for span in sentences if span.text.endswith("!")]
    if len(calls) > _MOST_CALLS or (
        len(calls) == _MOST_CALLS and len(calls) >= _MOST_OF_ALL * len(sentences)
    ):
        message = f"{len(calls)} sentences end with an exclamation mark; one in a reply is enough"
        yield Hit(calls[-1].end - 1, calls[-1].end, message)


def _is_greeting(draft: Draft) -> bool:
    return bool(draft.sentences) and len(draft.sentences[0].text.split()) <= _GREETING_WORDS


def _is_prose(text: str, start: int, end: int) -> bool:
    """Whether marks end a word: in a code or a password they may be letters like any others."""
    before = text[max(0, start - _LONGEST_WORD) : start]
    word = "" if before[-1:].isspace() else (before.split() or [""])[-1].strip("\"'”“()*")
    return bool(_WORD_END.match(text, end)) and (word.isalpha() or word.isdigit() or not word)


RULES = (
    Rule(
        code="TONE001",
        name="shouting",
        severity="warning",
        message="capitals read as shouting; write “{text}” in small letters",
        explanation=(
            "Three words in capitals in a row read as shouting; so does one, where the sentence "
            "calls out (“It is NOT late!”), and a word drawn out (“sooo”). Acronyms, and a heading "
            "alone on its line, are left alone."
        ),
        check=_shouting,
        bad=(
            Example("en", "Please READ THE TERMS before you order."),
            Example("en", "DO NOT PAY the reminder."),
            Example("en", "You must ALWAYS keep the receipt!"),
            Example("en", "We are sooo sorry for the delay."),
            Example("fi", "Muista, että TÄMÄ PITÄÄ MAKSAA heti."),
            Example("fi", "Paketti EI OLE MYÖHÄSSÄ vielä."),
            Example("fi", "Palauta se HETI!"),
            Example("fi", "Se on niiiin myöhässä."),
        ),
        good=(
            Example("en", "VAT, GDPR and HTML: see IBAN BIC SWIFT codes in the list."),
            Example("en", "ENROLMENT HAS BEEN ACCEPTED\n\nHello Maija,"),
            Example("en", "You need NOT reply. Come to HELSINKI! See www.example.com or part iii."),
            Example("fi", "ALV, KELA ja HSL: lue PDF."),
            Example("fi", "VARAUS ON VAHVISTETTU\n\nHei Maija!"),
            Example("fi", "Sinun EI tarvitse vastata. HUOM! Tervetuloa KULTUS-tapahtumaan!"),
        ),
    ),
    Rule(
        code="TONE002",
        name="repeated-marks",
        severity="warning",
        message="one mark is enough",
        explanation=(
            "Rows of exclamation or question marks sound upset or mocking, and a reply in which "
            "most sentences call out sounds like an advertisement."
        ),
        check=_repeated_marks,
        bad=(
            Example("en", "Thank you for your order!!"),
            Example("en", "Did you try again??"),
            Example("fi", "Kiitos tilauksestasi!!!"),
            Example("en", "We are sorry! !"),
            Example("fi", "Yrititkö uudelleen?!"),
            Example("en", "Hi Anna!\n\nThanks! Your order is here! Come and get it!"),
            Example("fi", "Hei Anna!\n\nKiitos! Tilauksesi on täällä! Tule hakemaan!"),
        ),
        good=(
            Example("en", "Thank you! Did it work?"),
            Example("fi", "Kiitos! Toimiko se?"),
            Example(
                "en", "Hi Anna!\n\nGood news! The chair is back. It costs 90 euros.\n\nWelcome!"
            ),
            Example(
                "fi", "Hei Anna!\n\nHyvä uutinen! Tuoli palasi. Se maksaa 90 euroa.\n\nNähdään!"
            ),
        ),
    ),
)
