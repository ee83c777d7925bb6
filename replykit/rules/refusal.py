"""FORM: a reply that begins with a refusal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft, Span
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule

_GREETING_LINE = prepared(
    r"^\W*(?:hello|hi|hey|dear|good\ (?:morning|afternoon|evening|day)|greetings|hei\w*|moi|moikka"
    r"|terve|tervehdys|hyvää\ (?:huomenta|päivää|iltaa|iltapäivää)|huomenta|päivää|hyvä|arvoisa"
    r"|hej|hejsan|god\ \w+|bästa)\b[^.!?,:\n]{0,60}(?:[,.!:]+|$)\s*",
    re.IGNORECASE | re.VERBOSE,
)
# A no that stands at the very beginning.
_NO = prepared(
    r"""(?:no[,.!]|no\ (?=we|you|that|this|it|i\b)|nope\b|unfortunately|regrett(?:ably|fully)
      |regretfully|sadly|much\ as\ (?:we|i)\ would
      |(?:i['’]m|i\ am|we['’]re|we\ are)\ (?:very\ |sorry,?\ but\ )?(?:afraid|unable
        |not\ (?:able|in\ a\ position|allowed)|no\ longer\ able)
      |(?:i|we)\ (?:regret|cannot|can['’]t|can\ not|are\ not\ able|couldn['’]t|won['’]t|will\ not
        |do\ not|don['’]t\ (?!worry)|have\ (?:to\ (?:decline|refuse|disappoint)|decided\ not))
      |(?:(?:i['’]m|we['’]re|so|very)\ )*sorry,?\ (?:but\ )?(?:no\b|(?:i|we|that|this|it)\ (?:cannot
        |can['’]t|won['’]t|will\ not|don['’]t|do\ not|isn['’]t|is\ not|are\ not|aren['’]t))
      |there\ is\ nothing\ (?:we|i)\ can\ do|there['’]s\ nothing\ (?:we|i)\ can\ do
      |(?:this|that|it)\ (?:is\ not|isn['’]t|is\ impossible|cannot|can['’]t|won['’]t|will\ not
        |(?:does\ not|doesn['’]t)\ (?:work|cover|include|apply|go))\b
      |not\ (?:possible|available|at\ the\ moment|today)|impossible
      |valitettavasti|ikävä\ kyllä|pahoittelut,\ mutta|ei\b(?!-)|eivät\b|emme\b
      |en\ (?=voi|pysty|osaa|tiedä|valitettavasti)|(?:anteeksi|pahoittelen|pahoittelut|harmi|sori)
        ,?\ (?:mutta\ )?(?:ei\b|emme\b|en\b|valitettavasti)
      |joudu(?:n|mme)\ (?:valitettavasti\ )?(?:kieltäytymään|hylkäämään|tuottamaan)
      |(?:se|tämä|tuo|tää)\ ei\b|tyvärr|nej[,.!])""",
    re.IGNORECASE | re.VERBOSE,
)
# A no within the first sentence of an answer, where nothing softens it.
_CLOSED = prepared(
    r"""\b(?:out\ of\ the\ question|(?:is|are)\ (?:not|no\ longer)\ (?:possible|available|allowed)
      |(?:isn['’]t|aren['’]t)\ (?:possible|available|allowed)|nothing\ (?:we|i)\ can\ do|impossible
      |(?:we|i)\ (?:can(?:not|['’]t|\ not)|are\ (?:not\ able|unable)|am\ (?:not\ able|unable)
        |don['’]t\ (?:offer|do|accept|make|take|give)|do\ not\ (?:offer|accept|make|take|give))
      |(?:can(?:not|['’]t|\ not)|will\ not|won['’]t|may\ not)\ be\ (?!long\b|a\ problem|charged
        |needed|lost|late)\w+
      |won['’]t\ (?:work|happen)|has\ to\ stay\ as|(?:is|are)\ sold\ out
      |(?:has|have)\ been\ (?:rejected|refused|declined|denied|turned\ down)
      |(?:is|was|were)\ (?:rejected|refused|declined|denied|turned\ down)
      |(?:isn['’]t|is\ not|aren['’]t|are\ not)\ something\ (?:we|i)
      |(?:not|never)\ in\ a\ position|against\ our\ (?:rules|policy|terms)
      |(?:we\ have|there\ (?:is|are))\ no\ (?!problem|objection|doubt|reason|hurry|rush|need|fee
        |charge|cost|harm|limit|extra)(?:\w+\ ){1,3}(?:left|available|free|tonight|today|this
        |for\ that)
      |ei\ ole\ (?:\w+\ )?mahdollis\w+|ei\ (?:\w+\ ){0,3}tule\ kysymykseen
      |ei\ (?:\w+\ )?voi(?:da|tu)?\b
      |ei\ enää\ ole|ei\ ole\ enää|ei\ onnistu|eivät\ (?:ole|onnistu|kuulu)|ei\ ole\ mahdollinen
      |emme\ (?:\w+\ )?(?:voi|pysty|myönnä|tarjoa|hyväksy|anna|maksa|korvaa|vaihda|palauta|tee|ota
        |myy|saa|ehdi|pidä)
      |ei\ (?:\w+\ )?(?:pysty\w*|salli|käy|saa|alenneta|makseta|myönnetä|hyväksytä|vaihdeta
        |palauteta|korvata|hyvitetä|muuteta|siirretä|kuulu|kelpaa|riitä|saada|toimiteta|onnistunut)\b
      |ei\ ole\ (?:\w+\ )?(?:aikoja|paikkoja|vapaata|vapaita|varastossa|saatavilla|tilaa|myynnissä
        |tarjolla|valikoimassa\w*)
      |(?P<works>ei\ (?:\w+\ )?toimi|(?:does\ not|doesn['’]t)\ work)
      |on\ (?:hylätty|loppuunmyyty|loppunut|loppu\b)|loppu\ on|mahdotonta)\b""",
    re.IGNORECASE | re.VERBOSE,
)
# "It does not work there" is a no to who asked whether it does, else the fault that is spoken of.
_ASKED = prepared(r"\btoimi\w*ko\b|\b(?:do|does|will|can|would)\b[^?.!]*\bwork", re.IGNORECASE)
_SOFT = prepared(
    r"\b(?:but|however|instead|sorry|thank\w*|apolog\w+|regret\w*|until|if|yet|glad|understand\w*"
    r"|since|mutta|vaan|sen sijaan|kiito\w*|pahoit\w*|pahoill\w+|harmi\w*|ikävä\w*|anteeksi|jos|kun"
    r"|siksi|joten|vielä|ymmärr\w+|asti)\b|\?",
    re.IGNORECASE,
)
# What can be done stands first.
_OFFER = prepared(
    r"\b(?:(?:you|we|i) (?:can|may|will|could)|['’]ll|yes|of course|voit|voitte|voimme|saat|saatte"
    r"|kyllä)\b(?! not)",
    re.IGNORECASE,
)
# What sounds like a no and is good news.
_NO_HARM = prepared(
    r"""^(?:oh,?\ |hey,?\ )?(?:no\ (?:problem|worries|need|trouble|harm|rush|hurry|extra|fee|charge
        |wonder)
      |(?:we|i)\ (?:cannot|can['’]t|can\ not)\ (?:thank|wait)|emme\ (?:voi\ kyllin|malta)
      |not\ at\ all|not\ a\ problem|don['’]t\ worry|do\ not\ worry|we\ (?:do\ not|don['’]t)\ charge
      |it\ (?:is\ not|isn['’]t|['’]s\ not)\ (?:a\ problem|your\ fault|too\ late)
      |(?:that|this|it)\ (?:won['’]t|will\ not|doesn['’]t|does\ not|isn['’]t|is\ not)\ (?:cost|be\ a
        \ problem|matter|a\ problem|your\ fault|too\ late)
      |ei\ (?:hätää|se\ mitään|se\ haittaa|haittaa|huolta|mitään\ hätää|ollenkaan|syytä\ huoleen
        |ongelmaa|ongelmia|kiirettä|tarvitse|maksa\b|tarvita|lainkaan\ haittaa|mikään\ ongelma)
      |se\ ei\ (?:haittaa|ole\ ongelma|ole\ sinun|ole\ myöhäistä|maksa)|älä\ huoli)""",
    re.IGNORECASE | re.VERBOSE,
)
# "No, that one is sold out, but I have it in blue": what a yes or no question asks for.
_PLAIN = prepared(r"(?:no|nope|ei|nej)\b", re.IGNORECASE)
_ALTERNATIVE = prepared(
    r"\b(?:but|however|instead|though|mutta|vaan|sen sijaan|men)\b", re.IGNORECASE
)


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
    sentence = next((span for span in draft.sentences if span.end > first.start), first)
    match = _NO.match(first.text)
    if match:
        # A notice of its own may have nothing but bad news; an answer has more.
        mild = draft.message is None or _is_plain_answer(draft, sentence)
        severity = "suggestion" if mild else ""
        yield Hit(first.start, first.start + match.end(), severity=severity)
        return
    closed = _CLOSED.search(sentence.text) if draft.message else None
    if not closed or not draft.message or _SOFT.search(sentence.text):
        return
    answers = not closed["works"] or _ASKED.search(draft.message.text) is not None
    before = sentence.text[: closed.start()]
    # What follows a semicolon is not what the reply begins with.
    if answers and ";" not in before and not _OFFER.search(before):
        yield Hit(sentence.start + closed.start(), sentence.start + closed.end())


def _is_plain_answer(draft: Draft, sentence: Span) -> bool:
    """Whether a question is answered by a plain no with what is to be had instead."""
    own = draft.text[sentence.start : sentence.end]
    begins = re.sub(_GREETING_LINE, "", own)
    return (
        draft.message is not None
        and "?" in draft.message.text
        and _PLAIN.match(begins) is not None
        and _ALTERNATIVE.search(begins) is not None
    )


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
)
