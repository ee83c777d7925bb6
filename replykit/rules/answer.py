"""ANSW: whether a draft answers each of the customer's questions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.features import lemmatizer
from replykit.linter import Draft
from replykit.rules import Example, Hit, Rule

# Below this a question and the sentence nearest to it have nothing in common: cosine of the
# vectors, and _WORDS of the share of the question's own words that stand in the draft. Of 32
# questions in good replies to several at once none is below, of such questions beside replies to
# other messages 0.83 are.
_APART = 0.30
_WORDS = 0.2
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
_LEAST_REPLY = 15  # words, under which a reply is a word of thanks


def _no_next_step(draft: Draft) -> Iterator[Hit]:
    pattern = _NEXT.get(draft.lang)
    if pattern is None or draft.message is None or draft.channel not in ("email", "ticket"):
        return
    long_enough = len(draft.words) >= _LEAST_REPLY
    if long_enough and draft.sentences and not pattern.search(draft.text):
        last = draft.sentences[-1]
        yield Hit(last.start, last.end)


def _unanswered(draft: Draft) -> Iterator[Hit]:
    if draft.message is None or draft.tools.embed is None:
        return
    from replykit.matters import questions

    asked = questions(draft.message.text, draft.lang)
    # A reply to one question answers that one, in whatever words.
    if len(asked) < 2 or not draft.sentences:
        return
    lemma, empty = lemmatizer(draft.lang), set(_EMPTY.get(draft.lang, "").split())

    def own_words(text: str) -> set[str]:
        words = {word for word in _WORD.findall(text.casefold()) if word not in empty}
        return {lemma(word) for word in words} - empty

    said, vectors = own_words(draft.text), draft.sentence_vectors
    telling = [(text, own_words(text)) for text in asked[:_MOST_QUESTIONS]]
    telling = [(text, words) for text, words in telling if len(words) >= _LEAST_WORDS]
    if not telling or vectors is None:
        return
    near = (draft.tools.embed([text for text, _ in telling]) @ vectors.T).max(axis=1)
    last = draft.sentences[-1]
    for (text, words), cosine in zip(telling, near.tolist(), strict=True):
        if cosine + _WORDS * len(words & said) / len(words) < _APART:
            message = f"the customer asks “{' '.join(text.split())}”, and nothing here answers it"
            yield Hit(last.start, last.end, message)


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
            "asks several things, each question is compared by meaning with the draft's sentences. "
            "Answer each, if only to say when you will know. Needs the model."
        ),
        source="Kotimaisten kielten keskus: vastaa siihen, mitä kysytään.",
        check=_unanswered,
        needs_model=True,
        bad=(
            Example(
                "en", "Yes, you can choose another colour for the sofa until Friday.", message=_TWO
            ),
            Example("fi", "Kyllä, sohvan värin voi vaihtaa perjantaihin asti.", message=_KAKSI),
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
