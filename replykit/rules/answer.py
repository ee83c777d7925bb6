"""ANSW: whether a draft answers each of the customer's questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.features import lemmatizer
from replykit.linter import Draft
from replykit.rules import Example, Hit, Rule

# Below this a question and the sentence nearest to it have nothing in common: cosine of the
# vectors, _WORDS of the share of the question's own words that stand in the draft, and _KIND more
# or less where it asks for a time or a price and the draft names one or none. Fitted on the odd
# lines of tests/data/lint_context.*; of 75 good replies to several questions none is below.
_APART = 0.225
_WORDS = 0.3
_KIND = 0.15
_LEAST_WORDS = 2  # of its own that a question must have: "What now?" is answered by anything
_MOST_QUESTIONS = 10
_WORD = re.compile(r"[^\W\d_]{3,}")
_EMPTY = {
    "en": """about and any are can could did does for from had has have how its not that the there
        this was were what when where which who why will with would you your still please get
        know also""",
    "fi": """että jos kun oli olla olen onko ovat saako saanko sekä sen tai vai vielä voi voiko
        voin voinko ette että eikä mikä mitä miten miksi milloin missä mistä mihin kuka kuinka
        minun minä sinun sinä teidän tämä tuo niin nyt myös""",
    "sv": """att den det för har hur jag kan man med när och om ska som till var vad vem vilken
        här där inte också""",
}
# Words that a question may have of its own and that still say nothing of its matter.
_ANY_MATTER = frozenset(
    """check explain help tell happen thing wrong kind possible know mean work advise look cost much
    need something anything tarkistaa selittää auttaa kertoa tietää tehdä tapahtua vika väärin
    mahdollinen maksaa tarvita pitää onnistua toimia""".split()  # noqa: SIM905
)
# "Is it included, and may we come late?": two questions in one sentence.
_JOINED = {
    "en": re.compile(
        r",?\s+(?:and|but|or)(?:\s+also)?\s+(?=(?:who|what|when|where|why|how|which|can|could|do|does"
        r"|did|is|are|may|will|would|should|have|has)\b)",
        re.IGNORECASE,
    ),
    "fi": re.compile(
        r",?\s+(?:ja|entä|sekä|mutta)(?:\s+myös)?\s+(?=(?:milloin|koska|missä|mihin|mistä|mitä|mikä"
        r"|miten|kuinka|kuka|miksi|paljonko|[^\W\d_]{2,20}k[oö])\b)",
        re.IGNORECASE,
    ),
}
_BOTH = re.compile(r"\b(?:both|molemm\w+|kumpikin|kumpaankin|kaikkiin|all three)\b", re.IGNORECASE)
# What is asked for, and what an answer to it has.
_TIME = re.compile(
    r"\b(?:when|how (?:long|soon|quickly)|milloin|kuinka (?:kauan|nopeasti)|kauanko)\b",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"\d{1,2}[.:]\d|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|tonight|soon|until"
    r"|always|weeks?|days?|months?|hours?|minutes?|january|february|march|april|may|june|july|august"
    r"|september|october|november|december|tänään|huomenna|aina|heti|klo|viik\w+|päiv\w+|kuukau\w+"
    r"|tun\w+|minuut\w+|\w+tai(?:na|ksi|hin)|\w+kuu\w*)\b",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\b(?:costs?|price|fee|charge|how much|pay|maksa\w*|hinta|paljonko|maksu\w*)\b", re.IGNORECASE
)
_PRICES = re.compile(
    r"[€£$]|\b(?:euro\w*|free|nothing|cost\w*|fee\w*|price\w*|charge\w*|pay|paid|maksu\w*|ilmai\w+"
    r"|maksa\w*|hin\w+|veloit\w+)\b",
    re.IGNORECASE,
)

_PLACE = re.compile(r"\b(?:where|missä|mistä|mihin|minne)\b", re.IGNORECASE)
_PLACES = re.compile(
    r"\b(?:at|in|on|under|near|from|to|behind)\b|(?:ssa|ssä|lla|llä|sta|stä|lta|ltä|lle|alta)\b",
    re.IGNORECASE,
)


_NEXT = {
    "en": re.compile(
        r"""\b(?:I\ will|I'll|we\ will|we'll|shall|let\ (?:me|us)\ know|reply|please|could\ you
          |today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|weeks?|days?|hours?
          |minutes|until|by\ \w+|at\ \d|january|february|march|april|may|june|july|august
          |september|october|november|december)\b|\?|https?:""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": re.compile(
        r"""\b(?:tänään|huomenna|ylihuomenna|huomis\w+|(?:maanan|tiis|tors|perjan|lauan|sunnun)tai\w*
          |keskiviik\w*|viikon|viikolla|viikossa|viikkoa|viikkoon|päivässä|päivän|päivää|tunnin
          |tunnissa|mennessä|viimeistään|kuluessa|aikana|klo|\d{1,2}\.\d{1,2}\.|\w+kuussa|\w+kuuta
          |voit|voitte|saat|saatte|vastaa|vastatkaa|kerro|kertokaa|soita|soittakaa|lähetä
          |lähettäkää|\w{3,}(?:n|mme)\ (?:sinulle|teille)|soitan|soitamme|lähetän|lähetämme
          |kirjoitan|palaan|palaamme|vastaan|vastaamme|selvitän|hoidan|hoidamme)\b|\?|https?:""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
# "Please accept my apologies" asks for nothing; neither does "caused by the frost".
_NO_STEP = re.compile(
    r"please accept[^.!?]*|by (?!mon|tues|wednes|thurs|fri|satur|sun|tom|ton|noon|next|the end|then"
    r"|\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|e-?mail|text|phone|post)\w+"
    r"|\b(?:syksyn|kesän|talven|kevään|vuoden) aikana|in (?:recent|the last) \w+",
    re.IGNORECASE,
)
_TOLD = {
    "en": re.compile(
        r"\b(?:was|were|had|has been|have been|did|came|sent|arrived|\w{3,}ed)\b", re.IGNORECASE
    ),
    "fi": re.compile(
        r"\b(?:oli\w*|ollut|\w{3,}(?:ttiin|tiin|imme|neet|nut|nyt|ttu|tty)|johtui|koski)\b",
        re.IGNORECASE,
    ),
}
_DAY = re.compile(r"day|week|hour|minute|\d|tai|viik|päiv|ary|march|april|june|july|august|ber")
_LEAST_REPLY = 15  # words, under which a reply is a word of thanks


def _no_next_step(draft: Draft) -> Iterator[Hit]:
    pattern = _NEXT.get(draft.lang)
    if pattern is None or draft.message is None or draft.channel not in ("email", "ticket"):
        return
    long_enough = len(draft.words) >= _LEAST_REPLY
    if (
        long_enough
        and draft.sentences
        and not any(_is_step(span.text, pattern, draft.lang) for span in draft.sentences)
    ):
        last = draft.sentences[-1]
        yield Hit(last.start, last.end)


def _is_step(sentence: str, pattern: re.Pattern[str], lang: str) -> bool:
    """Whether a sentence says what comes next; a day alone does not where it tells of the past."""
    found = [match.group().casefold() for match in pattern.finditer(_NO_STEP.sub(" ", sentence))]
    is_told = bool(_TOLD[lang].search(sentence))
    return any(not (is_told and _DAY.search(word)) for word in found)


def _unanswered(draft: Draft) -> Iterator[Hit]:
    if draft.message is None or draft.tools.embed is None:
        return
    from replykit.matters import questions

    joined = _JOINED.get(draft.lang)
    asked = [
        part.strip()
        for question in questions(draft.message.text, draft.lang)
        for part in (joined.split(question) if joined else [question])
    ]
    # A reply to one question answers that one, in whatever words.
    if len(asked) < 2 or not draft.sentences or _BOTH.search(draft.text):
        return
    lemma, empty = lemmatizer(draft.lang), set(_EMPTY.get(draft.lang, "").split()) | _ANY_MATTER

    def own_words(text: str) -> set[str]:
        words = {word for word in _WORD.findall(text.casefold()) if word not in empty}
        return {lemma(word) for word in words} - empty

    said, vectors = own_words(draft.text), draft.vectors
    told = [(text, own_words(text), _kind(text, draft.text)) for text in asked[:_MOST_QUESTIONS]]
    told = [item for item in told if len(item[1]) >= _LEAST_WORDS or (item[1] and item[2] < 0)]
    if not told or vectors is None:
        return
    near = (draft.tools.embed([text for text, _, _ in told]) @ vectors.T).max(axis=1)
    last = draft.sentences[-1]
    for (text, words, kind), cosine in zip(told, near.tolist(), strict=True):
        if cosine + _WORDS * len(words & said) / len(words) + _KIND * kind < _APART:
            message = f"the customer asks “{' '.join(text.split())}”, and nothing here answers it"
            yield Hit(last.start, last.end, message)


def _kind(question: str, answer: str) -> int:
    """1 where a question asks for a time, a price or a place and the answer names one, -1 where
    the answer names none, else 0."""
    for asks, tells in ((_TIME, _TIMES), (_PRICE, _PRICES), (_PLACE, _PLACES)):
        if asks.search(question):
            return 1 if tells.search(answer) else -1
    return 0


_TWO = "Can I change the colour of the sofa? And do you take the old mattress away?"
_KAKSI = "Voinko vaihtaa sohvan värin? Ja viettekö vanhan patjan samalla pois?"

RULES = (
    Rule(
        code="ANSW001",
        name="unanswered-question",
        severity="warning",
        message="a question of the customer's is not answered",
        explanation=(
            "A question that is passed over comes back as another message. Where the message "
            "asks several things, also in one sentence, each question is compared by "
            "meaning with the draft's sentences. Answer each, if only to say when you will know. "
            "Needs the model."
        ),
        source="Kotimaisten kielten keskus: vastaa siihen, mitä kysytään.",
        check=_unanswered,
        needs_model=True,
        bad=(
            Example(
                "en",
                "Yes, breakfast is included in the price of the room.",
                message="Is breakfast included, and where can I park a large van?",
            ),
            Example(
                "fi",
                "Käynti maksaa 20 euroa.",
                message="Paljonko käynti maksaa, ja saako koiran tuoda sisälle?",
            ),
        ),
        good=(
            Example(
                "en",
                "Yes, you can choose another colour for the sofa. We also take the old mattress.",
                message=_TWO,
            ),
            Example(
                "en", "Yes, you can choose another colour.", message="Can I change the colour?"
            ),
            Example(
                "fi", "Sohvan värin voi vaihtaa. Vanhan patjan viemme pois samalla.", message=_KAKSI
            ),
            Example("fi", "Kyllä, värin voi vaihtaa.", message="Voinko vaihtaa värin?"),
        ),
    ),
    Rule(
        code="ANSW002",
        name="no-next-step",
        severity="warning",
        message="no day and no next step: say what happens now, and by when",
        explanation=(
            "A customer who does not know what comes next writes again. Name the step and its day, "
            "or what the customer is to do. Looked at are replies by mail and in tickets; words "
            "of time, promises and requests count as a step."
        ),
        check=_no_next_step,
        bad=(
            Example(
                "en",
                "Hello Anna,\n\nThank you for your message. The sofa has been found in "
                "our warehouse in Turku. It had the wrong label.\n\nKind regards,\nTom",
                message="Where is my sofa?",
            ),
            Example(
                "fi",
                "Hei Anna!\n\nKiitos viestistäsi. Sohva löytyi Turun varastosta. Siinä oli "
                "väärä lappu, ja asia on kirjattu.\n\nYstävällisin terveisin\nTom",
                message="Missä sohvani on?",
            ),
        ),
        good=(
            Example(
                "en",
                "Hello Anna,\n\nThank you for your message. The sofa has been found in "
                "our warehouse. We will bring it to you on Friday.\n\nKind regards,\nTom",
                message="Where is my sofa?",
            ),
            Example(
                "en",
                "Hi! The sofa has been found in our warehouse in Turku; it had the wrong "
                "label on it.",
                "chat",
                message="Where is my sofa?",
            ),
            Example(
                "fi",
                "Hei Anna!\n\nKiitos viestistäsi. Sohva löytyi Turun varastosta. Tuomme "
                "sen sinulle perjantaina.\n\nYstävällisin terveisin\nTom",
                message="Missä sohvani on?",
            ),
        ),
    ),
)
