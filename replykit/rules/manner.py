"""FORM: how a reply begins, its emoji, and what it says a second time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.features import lemmatizer
from replykit.linter import Draft, Span
from replykit.rules import Example, Hit, Rule

_GREETING_LINE = re.compile(
    r"^\W*(?:hello|hi|hey|dear|good\ (?:morning|afternoon|evening|day)|greetings|hei\w*|moi|moikka"
    r"|terve|tervehdys|hyvää\ (?:huomenta|päivää|iltaa|iltapäivää)|huomenta|päivää|hyvä|arvoisa"
    r"|hej|hejsan|god\ \w+|bästa)\b[^.!?,:\n]{0,60}(?:[,.!:]+|$)\s*",
    re.IGNORECASE | re.VERBOSE,
)
_NO = re.compile(
    r"""(?:no[,.!]|no\ (?=we|you|that|this|it|i\b)|unfortunately|regrettably|sadly
      |(?:i'm|i\ am|we're|we\ are)\ (?:very\ )?(?:afraid|unable)
      |(?:i|we)\ (?:regret|cannot|can't|can\ not|are\ not\ able|couldn't|won't|will\ not|do\ not
        |don't\ (?!worry))
      |that\ (?:isn't|is\ not|will\ not\ be|won't\ be)\ possible|that\ is\ impossible
      |(?:this|that|it)\ (?:is\ not|isn't|cannot|can't)\b|not\ possible|impossible
      |valitettavasti|ikävä\ kyllä|pahoittelut,\ mutta|ei\b(?!-)|eivät\b|emme\b
      |en\ (?=voi|pysty|osaa|tiedä)
      |(?:se|tämä|tuo)\ ei\b|tyvärr|nej[,.!])""",
    re.IGNORECASE | re.VERBOSE,
)
# A no within the first sentence, where nothing softens it.
_CLOSED = re.compile(
    r"""\b(?:out\ of\ the\ question|(?:is|are)\ (?:not|no\ longer)\ (?:possible|available|allowed)
      |(?:isn't|aren't)\ (?:possible|available|allowed)|nothing\ (?:we|i)\ can\ do|impossible
      |(?:we|i)\ (?:can(?:not|'t|\ not)|are\ (?:not\ able|unable)|am\ (?:not\ able|unable))
      |(?:can(?:not|'t)|will\ not|won't)\ be\ (?:changed|done|made|given|refunded|cancelled|accepted
        |granted|exchanged|extended|paid|moved)|has\ been\ (?:rejected|refused|declined|denied)
      |ei\ ole\ (?:\w+\ )?mahdollis\w+|ei\ (?:\w+\ )?tule\ kysymykseen|ei\ (?:\w+\ )?voida?\b
      |ei\ enää\ ole|ei\ ole\ enää|ei\ onnistu|eivät\ (?:ole|onnistu|kuulu)|emme\ (?:voi|pysty)
      |on\ hylätty|mahdotonta)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SOFT = re.compile(
    r"\b(?:but|however|instead|sorry|thank\w*|apolog\w+|regret\w*|until|if|yet|glad|understand\w*"
    r"|mutta|vaan|sen sijaan|kiito\w*|pahoit\w*|pahoill\w+|harmi\w*|ikävä\w*|anteeksi|jos|kun"
    r"|siksi|joten|vielä|ymmärr\w+|asti)\b|\?",
    re.IGNORECASE,
)
# Softens what a no would say: "No problem", "ei hätää", "unfortunately … but we can".
_NO_HARM = re.compile(
    r"^(?:no\ (?:problem|worries|need|trouble|harm|rush)|ei\ (?:hätää|se\ mitään|haittaa|huolta"
    r"|mitään\ hätää|ollenkaan)|don't\ worry|do\ not\ worry|we\ (?:do\ not|don't)\ charge)",
    re.IGNORECASE | re.VERBOSE,
)
_EMOJI = re.compile(
    "[\U0001f300-\U0001faff\u2600-\u26ff\u2700-\u27bf]\ufe0f?"
    r"|(?<!\S)[:;=][-^']?[)D(P/|\\](?![\w/])|(?<!\S)(?:<3|xD|XD)(?!\w)"
)
_PLAIN_SIGNS = "☎✉✓✔✗✘★☆●■▪►✂☑☐"
_SERIOUS = ("email", "ticket")

_LEAST_OWN = 4  # longer words that a sentence must have to be told again in other words
_FURTHER = 4
_MOST_OF = 0.75
_LETTER = 40  # of the same characters in a row make a reply the same as before


def _first_sentence(draft: Draft) -> Span | None:
    """The first sentence after the greeting, and where it begins."""
    for line in draft.lines:
        greeting = _GREETING_LINE.match(line.text)
        rest = line.text[greeting.end() :] if greeting else line.text
        if rest.strip() and (greeting is None or len(rest.split()) > 1):
            start = line.end - len(rest)
            blank = len(rest) - len(rest.lstrip())
            return Span(rest.strip(), start + blank)
    return None


def _opens_with_no(draft: Draft) -> Iterator[Hit]:
    first = _first_sentence(draft)
    if first is None or _NO_HARM.match(first.text):
        return
    match = _NO.match(first.text)
    if match:
        # A notice of its own may have nothing but bad news; an answer has more.
        severity = "" if draft.message else "suggestion"
        yield Hit(first.start, first.start + match.end(), severity=severity)
        return
    sentence = next((span for span in draft.sentences if span.end > first.start), None)
    closed = _CLOSED.search(sentence.text) if sentence and draft.message else None
    if sentence and closed and not _SOFT.search(sentence.text):
        yield Hit(sentence.start + closed.start(), sentence.start + closed.end())


def _emoji(draft: Draft) -> Iterator[Hit]:
    found = [match for match in _EMOJI.finditer(draft.text) if match.group()[0] not in _PLAIN_SIGNS]
    most = 0 if draft.channel in _SERIOUS else 1
    angry = draft.message is not None and _is_angry(draft)
    for match in found[0 if angry else most :]:
        yield Hit(match.start(), match.end())


def _is_angry(draft: Draft) -> bool:
    from replykit.mood import sentiment

    assert draft.message is not None
    return sentiment(draft.message.matter, draft.lang)[0] in ("angry", "negative")


def _already_sent(draft: Draft) -> Iterator[Hit]:
    """A paragraph of the draft stands in the thread already."""
    if draft.message is None or not draft.message.quoted:
        return
    said = _letters(draft.message.quoted)
    before = _own_words(draft.message.quoted, draft.lang)
    for line in draft.lines:
        own = _letters(line.text)
        if len(own) >= _LETTER and own in said:
            yield Hit(line.start, line.end)
            return
    for span in draft.sentences:
        own = _letters(span.text)
        words = _own_words(span.text, draft.lang)
        if (len(own) >= _LETTER and own in said) or _is_told_again(words, before):
            yield Hit(span.start, span.end)
            return


def _is_told_again(words: list[str], before: list[str]) -> bool:
    """Whether most of a sentence's words stand close together in what was sent before."""
    if len(words) < _LEAST_OWN:
        return False
    wide, wanted = len(words) + _FURTHER, set(words)
    for start in range(max(1, len(before) - wide + 1)):
        if len(wanted & set(before[start : start + wide])) >= _MOST_OF * len(wanted):
            return True
    return False


def _own_words(text: str, lang: str) -> list[str]:
    """The words that carry what is said, without their endings."""
    lemma = lemmatizer(lang)
    return [lemma(word) for word in re.findall(r"[^\W\d_]{4,}", text.casefold())]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


RULES = (
    Rule(
        code="FORM003",
        name="opens-with-no",
        severity="warning",
        message="“{text}” closes the door in the first sentence; begin with what can be done",
        explanation=(
            "A reply that begins with no is read no further. Begin with thanks or with what can "
            "be done, then say what cannot, and why."
        ),
        check=_opens_with_no,
        bad=(
            Example("en", "Hello Anna,\n\nUnfortunately we cannot change the order any more."),
            Example("en", "No, we don't have that size."),
            Example("en", "Hi! We can't do that."),
            Example("fi", "Hei Anna!\n\nValitettavasti tilausta ei voi enää muuttaa."),
            Example("fi", "Emme voi muuttaa tilausta."),
            Example("en", "Hi!\n\nA refund is out of the question.", message="May I get a refund?"),
            Example("fi", "Hei!\n\nVaihto ei ole mahdollista.", message="Voiko sen vaihtaa?"),
            Example("fi", "Hei, ei onnistu enää."),
        ),
        good=(
            Example(
                "en", "Hello Anna,\n\nThank you for asking. Unfortunately it has left already."
            ),
            Example("en", "No problem, we'll change it."),
            Example("en", "Hi! Now you can order it again."),
            Example("fi", "Hei Anna!\n\nKiitos viestistäsi. Valitettavasti tilaus on jo lähtenyt."),
            Example("fi", "Ei hätää, muutamme tilauksen."),
            Example("fi", "Hei! Eilen lähettämäsi lomake on perillä."),
        ),
    ),
    Rule(
        code="FORM005",
        name="emoji",
        severity="warning",
        message="“{text}” looks careless here; say it in words",
        explanation=(
            "A smile in a mail about an invoice reads as mockery. In mail and tickets use none; in "
            "chat and on social media one is enough, and none where the customer is upset."
        ),
        check=_emoji,
        bad=(
            Example("en", "Your parcel is late 😊"),
            Example("en", "Hi! 😊 It is on its way 🚚", "chat"),
            Example("fi", "Lasku erääntyi eilen :)"),
            Example("fi", "Moi! 😊 Se on matkalla 🚚", "chat"),
        ),
        good=(
            Example("en", "It is on its way 😊", "chat"),
            Example("en", "☎ 09 310 12345 (see: note) http://example.com/D"),
            Example("fi", "Se on matkalla 😊", "social"),
            Example("fi", "Avoinna: ma–pe 9–16 (poikkeukset: joulu)."),
        ),
    ),
    Rule(
        code="ANSW003",
        name="already-sent",
        severity="warning",
        message="the thread has this text already; say what is new",
        explanation=(
            "Who asks again was not helped by the first answer. The same paragraph once more tells "
            "them that nobody read their message."
        ),
        check=_already_sent,
        bad=(
            Example(
                "en",
                "You can follow the parcel with the code that we sent you.",
                message="It does not work!\n\n> You can follow the parcel with the code that\n"
                "> we sent you.",
            ),
            Example(
                "fi",
                "Voit seurata pakettia lähettämällämme koodilla verkossa.",
                message="Ei toimi!\n\n> Voit seurata pakettia lähettämällämme koodilla\n"
                "> verkossa.",
            ),
        ),
        good=(
            Example(
                "en",
                "I followed the parcel for you: it is in Turku.",
                message="It does not work!\n\n> You can follow the parcel with the code.",
            ),
            Example(
                "fi",
                "Seurasin pakettia puolestasi: se on Turussa.",
                message="Ei toimi!\n\n> Voit seurata pakettia koodilla.",
            ),
        ),
    ),
)
