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
# Who writes, what it is about, that it has been thought over: the answer itself comes behind it.
_LEAD = prepared(
    r"""(?:(?:this\ is\ )?\w+\ here[!.,]+
      |(?:tässä|täällä)\ \w+[!.,]+|\w+\ (?:tässä|täällä)[!.,]+
      |(?:regarding|concerning|as\ (?:for|to)|with\ regard\ to|in\ (?:response|reply|answer)\ to
        |following|further\ to|after|having|as\ (?:stated|mentioned|written|agreed))\b
        [^.,:!?]{1,60}[,:]
      |(?:i\ am|i['’]m|we\ are|we['’]re)\ writing\ to\ (?:inform|tell|let)\ you\ (?:know\ )?that
      |please\ (?:note|be\ (?:advised|informed))\ that
      |(?:we|i)\ (?:would\ like|wish|must|have|want)\ to\ (?:inform|tell)\ you\ that
      |(?:\w+\ )?koskien[:,]?|koskien\ [^.,:!?]{1,60}[,:]|vastauksena\ [^.,:!?]{1,60}[,:]
      |(?:\w+\ )?(?:harkinnan|selvityksen|tarkistuksen|käsittelyn)\ jälkeen
      |(?:ilmoitamme|ilmoitan|tiedoksi|huomaathan|huomioithan|toteamme)(?:\ \w+)?,?\ että
      |kuten\ [^.,:!?]{1,60},)\s*""",
    re.IGNORECASE | re.VERBOSE,
)
# A no that stands at the very beginning.
_NO = prepared(
    r"""(?:no[,.!]|no\ (?=we|you|that|this|it|i\b)|nope\b|unfortunately|regrett(?:ably|fully)
      |regretfully|sadly|bad\ news|much\ as\ (?:we|i)\ would|(?:i|we)\ (?:must|have\ to)
        \ (?:disappoint|decline|refuse|turn\ (?:you\ )?down)
      |(?:i['’]m|i\ am|we['’]re|we\ are)\ sorry\ to\ (?:say|tell|inform)
      |(?:i['’]m|i\ am|we['’]re|we\ are)\ (?:very\ |sorry,?\ but\ )?(?:afraid|unable
        |not\ (?:able|in\ a\ position|allowed)|no\ longer\ able)
      |(?:i|we)\ (?:regret|cannot|can['’]t|can\ not|are\ not\ able|couldn['’]t|won['’]t|will\ not
        |do\ not|don['’]t\ (?!worry)|have\ (?:to\ (?:decline|refuse|disappoint)|decided\ not))
      |(?:(?:i['’]m|we['’]re|so|very)\ )*sorry,?\ (?:but\ )?(?:no\b|(?:i|we|that|this|it)\ (?:cannot
        |can['’]t|won['’]t|will\ not|don['’]t|do\ not|isn['’]t|is\ not|are\ not|aren['’]t))
      |there\ is\ nothing\ (?:we|i)\ can\ do|there['’]s\ nothing\ (?:we|i)\ can\ do
      |(?:this|that|it)\ (?:is\ not|isn['’]t|is\ impossible|cannot|can['’]t|won['’]t|will\ not
        |(?:does\ not|doesn['’]t)\ (?:work|cover|include|apply|go))\b
      |no\ (?:refund|discount|exchange|exception|extension|compensation)s?\b
      |not\ (?:possible|available|at\ the\ moment|today)|impossible
      |valitettavasti|ikävä\ kyllä|harmi(?:llisesti|\ kyllä)|huonoja\ uutisia
      |pahoittelut,\ mutta|ei\b(?!-)|eivät\b|emme\b
      |en\ (?=voi|pysty|osaa|tiedä|valitettavasti)|(?:anteeksi|pahoittel(?:en|emme|ut)|harmi
        |sori),?\ (?:mutta\ )?(?:ei\b|emme\b|en\b|ettemme\b|valitettavasti)
      |joudu(?:n|mme)\ (?:valitettavasti\ )?(?:kieltäytymään|hylkäämään|tuottamaan
        |torjumaan|pettämään)
      |(?:se|tämä|tuo|tää)\ ei\b|tyvärr|nej[,.!])""",
    re.IGNORECASE | re.VERBOSE,
)
# A no within the first sentence of an answer, where nothing softens it: what cannot be had or done,
# a request that was decided against it, a cover or a time that leaves it out.
_CLOSED = {
    "en": prepared(
        r"""\b(?:out\ of\ the\ question|impossible|nothing\ (?:we|i)\ can\ do|ruled\ out
          |rules\ (?:it|that|this)\ out|the\ answer\ is\ (?:a\ )?no\b|not\ an\ option
            |(?<!not\ )(?<!n['’]t\ )too\ late
          |(?:is|are)\ (?:not|no\ longer)\ (?:\w+ly\ )?(?:possible|available|allowed|permitted
            |accepted|supported|offered|included|covered|eligible|entitled|sold|made|valid|part\ of
            |something|for\ sale|an?\ (?:emergency|fault|defect|warranty))
          |(?:isn['’]t|aren['’]t)\ (?:\w+ly\ )?(?:possible|available|allowed|permitted|accepted
            |supported|offered|included|covered|eligible|entitled|sold|valid|part\ of|something
            |for\ sale|an?\ (?:option|emergency|fault|defect|warranty))
          |(?:that|this|it)['’]s\ not\ (?:possible|available|allowed|included|covered|part\ of
            |something|for\ us)
          |(?:we|i)\ (?:can(?:not|['’]t|\ not)|are\ (?:not\ able|unable)|am\ (?:not\ able|unable)
            |(?:won['’]t|will\ not)\ be\ able
            |(?:don['’]t|do\ not|no\ longer)\ (?:offer|do|accept|make|take|give|have|swap|sell|send
              |ship|deliver|exchange|refund|repair|replace|allow|cover|pay|provide|support|grant
              |serve|hold|lend|issue)
            |(?:only|solely)\ (?:take|accept|offer|sell|refund|exchange|deliver|ship|repair|cover)
            |stopped\ \w+ing|have\ no\ information)
          |(?:can(?:not|['’]t|\ not)|will\ not|won['’]t|may\ not|could\ not|couldn['’]t)\ be
            \ (?!long\b|a\ problem|charged|needed|lost|late)\w+
          |(?:guests|customers|tenants|visitors|members|passengers|you)\ (?:may|must)\ not\b
          |won['’]t\ (?:work|happen)|(?:has|have)\ to\ stay\ as|stays?\ as\ (?:it\ is|they\ are)
          |(?:is|are)\ (?:sold\ out|(?:now\ |already\ )?(?:fully\ booked|full\b|taken\b|lost\b)
            |non-refundable|prohibited|forbidden|incompatible|excluded)
          |(?:request|application|claim|appeal|complaint|order|offer|proposal|return|it|this|that)\b
            [^.,;:]{0,40}\ (?:has\ been|have\ been|is|was|were)\ (?:rejected|refused|declined|denied
            |turned\ down|dismissed|unsuccessful|not\ (?:approved|accepted|granted|successful))
          |(?:has|have)\ been\ (?:refused|denied|turned\ down|unsuccessful)|was\ unsuccessful
          |you\ (?:were|are|have)\ (?:not|n['’]t)\ (?:been\ )?(?:selected|chosen|eligible|entitled
            |granted|accepted|approved)
          |you\ (?:do\ not|don['’]t)\ (?:qualify|meet|have\ (?:a|the)\ right)
          |(?:falls?|is|are|lies)\ outside\b|(?:does\ not|doesn['’]t|do\ not|don['’]t)\ (?:cover
            |include|qualify|meet|extend|apply)
          |(?P<state>(?:has|have)\ (?:already\ )?(?:expired|ended|passed|run\ out))|came\ too\ late
          |(?:warranty|guarantee|offer|campaign|deadline|period|trial|sale
            |registration)\ (?:\w+\ ){0,3}
            (?:expired|ended|ran\ out|closed)|you\ (?:have\ )?missed\ the|decided\ (?:not\ to
              |against)
          |(?:are|am)\ not\ (?:taking|accepting|offering|giving|able)|have\ all\ gone
          |unfortunately|regrettably|sadly|(?:is|are|was)\ (?:discontinued|out\ of\ stock
            |unavailable)
          |(?:is|are)\ (?:only|not)\ (?:accepted|given|granted|issued|paid|refunded|repaid|replaced
            |exchanged|transferable|refundable)
          |(?:was\ not|were\ not|has\ not\ been|have\ not\ been)\ (?:approved|granted|selected
            |accepted)
          |did\ not\ (?:succeed|qualify|meet)|(?:does\ not|doesn['’]t)\ (?:allow|permit)
          |you\ can(?:not|['’]t)\ (?:return|change|cancel|get|have|bring|transfer|claim|combine
            |exchange)
          |(?:nobody|no\ one)\ (?:is\ (?:free|available|able|there|in)|can)
          |without\ (?:\w+\ ){1,4}(?:there\ is|we\ give)\ no
          |(?:not|never)\ in\ a\ position|against\ our\ (?:rules|policy|terms)
          |(?:we\ have|there\ (?:is|are))\ no\ (?!problem|objection|doubt|reason|hurry|rush|need|fee
            |charge|cost|harm|limit|extra)(?:(?:\w+\ ){1,3}(?:left|available|free|tonight|today|this
            |for\ that)|time\ estimate)
          |(?:yours|it|this|that|which)\ (?P<ended>ended|expired|ran\ out|lapsed)
          |(?:has|have)\ been\ (?:dropped|removed|withdrawn|retired|phased\ out|taken\ (?:out|off))
          |(?:the|your|our|that|this)\ \w+\ (?:(?:still\ )?stands(?=[.,!]|$)|remains?\ (?:in\ force
            |unchanged|payable
            |as\ (?:it\ is|before)))
          |(?:is|are|stays?|remains?)\ (?:(?:now|already|also)\ )?closed
          |[^.,;:]{3,80}\ (?:only|alone)(?=\s*[.!]|$)|(?:reserved|meant|open)\ (?:only\ )?(?:for
            |to)\ (?:our\ |the\ )?(?:\w+\ )?(?:members
            |staff|customers|residents|employees|owners|holders|adults|students|guests|families
              |others)
          |(?:limited|restricted)\ to|against\ (?:our|the|its|their|these)\ (?:\w+\ )?(?:rules?
            |policy|policies|terms|regulations|law)
          |(?:out\ of|not\ in)\ (?:our|my)\ (?:hands|power)|beyond\ our\ (?:control|power|reach
            |means)
          |(?:has|have|there\ (?:is|are))\ no\ (?:more\ )?(?:free|available|open|vacant|more|spare
            |remaining)
            \ \w+
          |no\ (?:\w+\ ){0,2}(?:are|is)\ (?:available|left|free|allowed|possible|permitted)
          |(?:is|are)\ (?:unavailable|unable|ineligible|barred|banned|not\ for\ (?:us|me)\ to)
          |(?:turn|turned)\ (?:it|this|that|you|your\ \w+)\ down|had\ to\ (?:decline|refuse|reject)
          |(?:has|have|is|are|was|were)\ (?:been\ )?(?:cancelled\ for\ good|discontinued|used\ up)
          |(?:does\ not|doesn['’]t|do\ not|don['’]t)\ (?:exist|come\ in|fit|stretch|entitle|belong
            |give\ you|fall\ under|count)
          |(?:lie|go|goes)\ beyond|exceeds?\ (?:the|our)|(?:is|are)\ not\ (?:our|in\ our)\ \w+
          |(?P<works>(?:does\ not|doesn['’]t)\ work))\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\b(?:ei\ ole\ (?:\w+\ )?mahdollis\w+|ei\ ole\ mahdollinen|mahdotonta
          |ei\ (?:\w+\ ){0,3}tule\ kysymykseen|kielteinen|vastau(?:s|ksemme)\ on\ ei
          |ei\ (?:\w+\ )?voi(?:da|tu)?\b|ei\ enää\ ole|ei\ ole\ enää|ei\ onnistu
          |ei\ ole\s*(?=[.,!]|$)
          |eivät\ (?:ole\ (?!kado|huka)|onnistu|kuulu|käy|kelpaa|sisälly)
          |emme\ (?!ole|halua|peri|veloi|lasku|unohda|tarvitse|jätä|luovuta|jaa|epäile|vaadi)\w+
          |emme\ ole\ (?:voineet|hyväksyneet|myöntäneet)|emmekä\b
          |(?:ei|eikä|ettei)\ (?:\w+\ ){0,2}(?:pysty\w*|salli\w*|käy|saa|saada|alenneta|makseta
            |myönnetä|hyväksytä
            |vaihdeta|palauteta|korvata|hyvitetä|muuteta|siirretä|kuulu|kelpaa|riitä|toimiteta
            |onnistunut|kata|sisälly|lähetetä|lisätä|tehdä|oteta|anneta|myydä|tarjota|jatketa
            |pidennetä|peruta|tueta|valmisteta|pääse|tuota|koske|sovellu|päde|täytä|oikeuta|mahdu
            |menestynyt|kohdistunut|suostu\w*|(?!velo|mene|unoh|hävi|näyt)\w{2,}et[aä])\b
          |ettemme\ (?!ole)\w+|(?:et|ette)\ voi\ (?:palauttaa|vaihtaa|perua|saada|siirtää|muuttaa
            |tuoda)
          |valitettavasti|ikävä\ kyllä|poistunut\ (?:valikoima|myynni|markkinoi)\w+|on\ lopetettu
          |ei\ ole\ (?:\w+\ )?(?:aikoja|paikkoja|vapaata|vapaita|varastossa|saatavilla|tilaa
            |myynnissä|tarjolla|valikoimassa\w*|myönnetty|hyväksytty|arviota|oikeutta|päivystysasia
            |tietoa|takuuasia|sallittu\w*|valittu)
          |(?:et|ette)\ (?:täytä|saa|pysty|(?:\w+\ )?tullut\ vali|ole\ oikeutettu)
          |(?:ketään|kukaan)\ ei\ (?:ole\ (?!kado|loukk)|voi|ehdi|pääse|pysty|saa)
          |(?P<works>ei\ (?:\w+\ )?toimi)
          |\ben(?:kä)?\ (?:\w+\ ){0,2}(?:pysty|voi|saa|pääse|ehdi|kykene)
          |ei(?:kä|vät)?\ (?:\w+\ ){0,2}(?:hyväksyn\w+|myöntän\w+|puoltan\w+|suostun\w+|mahtun\w+)
          |ei(?:kä)?\ (?:\w+\ ){0,3}ole\ (?:\w+\ )?(?:meidän\ \w+ssämme|meistä\ kiinni|vallassamme)
          |(?:on|ovat)\ (?:\w+\ ){1,3}(?:kielletty\w*|kiellettyjä)
          |(?:on|ovat)\ (?:(?:jo|nyt|valitettavasti|vielä)\ )*(?:kiinni|suljettu\w*|suljettuja)
          |(?:sääntöjen|sääntöjemme|ehtojen|ehtojemme|määräysten|lain|ohjeiden)\ vastai\w+
          |poistunut\ (?:mallisto|kokoelma|tuotanno|ohjelmisto|lista|ohjelma)\w+
            |poistettu\ (?:mallisto
            |valikoima|myynni|kokoelma)\w+
          |(?!tarvitse|halua|pyydä|kysy|varmista|odota|toivo|tarkista)\w{3,}mme\ (?:\w+\ )?(?:vain
            |ainoastaan|pelkästään)
          |(?:vain|ainoastaan|pelkästään)\ (?:\w+\ ){0,4}\w+(?:lle|lla|llä|ssa|ssä|lta|ltä
            |ille)(?=\s*[.!]|$)
          |(?:on|ovat)\ (?:\w+\ ){0,2}(?:vain|ainoastaan|pelkästään|varattu\w*
            |tarkoitettu\w*)\ (?:\w+\ ){0,2}
            \w+(?:lle|ille|ita|ia)(?=\s*[.!]|$)
          |(?:et|ette)\ (?:\w+\ ){0,2}(?:voi|saa|pysty|pääse|kuulu|ehdi|mahdu)
          |(?:on|ovat)\ (?:(?:jo|nyt|ihan|aivan)\ )*(?:ohi|mennyt|menneet|loppuneet|hylätty|evätty
            |loppunut
            |loppuunmyyty|loppuunvarattu|loppu\b|täynnä|kielletty\w*|kiellettyjä|yhteensopimat\w+
              |umpeutunut
            |varattu\b)
          |(?P<ended>(?:se|joka|ne|sinun|teidän|omasi|aika|oikeus)\ (?:\w+\ ){0,1}(?:umpeutui\w*
            |päättyi|vanheni))
          |(?P<state>(?:on|ovat)\ (?:jo\ )?(?:vanhentunut|päättynyt|vanhentuneet|päättyneet)
            |vanheni)
          |(?:aika|oikeus|takuu|kampanja|tarjous|haku)\w*\ (?:päättyi|umpeutui|meni\ umpeen)
          |(?:hylättiin|evättiin|saapui\ (?:liian\ )?myöhässä|loppu\ on)
          |(?:ehdoissa|säännöissä|lain\ mukaan)\ kielletty\w*|(?:päätimme|päätettiin)\ olla\b
          |(?:jätetty|jätettiin|jätimme)\ (?:myöntämättä|tutkimatta|hyväksymättä|korvaamatta)
          |rajattu\ (?:pois|ulkopuolelle)|jää\w*\ (?:\w+\ )?ulkopuolelle|liian\ myöhäistä
          |(?:hyväksymme|otamme|myymme|teemme|vaihdamme|korvaamme)\ (?:vain|ainoastaan)
          |pysyy\ (?:ennallaan|samana|korotettuna|voimassa)|jää\ voimaan)(?!\w)""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
# A first clause that denies or narrows, in whatever words, is a no to who asks for something.
_DENIES = {
    "en": prepared(
        r"""(?:(?!(?:you|there|no|please|it['’]s)\b)[\w'’-]+\ ){1,5}
            (?:does\ not|doesn['’]t|do\ not|don['’]t|cannot|can['’]t|will\ not|won['’]t|are\ not
              |aren['’]t|is\ not|isn['’]t|never|may\ not)
            \ (?!be\ (?:charged|a\ problem)|the\ only|cost|matter|mind|worry|need|only|just)
          |(?:only|solely)\ \w+""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""(?:\w+\ ){0,5}(?:ei|emme|en|eivät|et|ette)
            \ (?!(?:\w+\ )?(?:maksa|tarvi|haitta|kerry|peri|veloi|lasku)
              |ole\ (?:kado|huka|hätä|kiire|syytä))\w+
          |(?:(?!tule|ota|näytä|kirjaa|vastaa|laita|sano|soita|käytä|pane|jätä)\w+\ ){0,4}
            (?:vain|ainoastaan|vasta)\ \w+""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
_WANTS = {
    "en": prepared(
        r"""\b(?:can|could|may|might|would|will)\ (?:you|i|we|my|our|the|it|this|someone|somebody)\b
          |\bplease\b|\b(?:i|we)(?:['’]d|\ would)\ (?:like|love|rather)\b
          |\b(?:i|we)\ (?:want|need|wish|hope)\b|\b(?:do|does|is|are|am)\ \w+[^.?!]*\?""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\w[kK][oö](?:han|hän|s)?\b|\b(?:halu|tarvits|pyyd|toivo|vaad|olis|vois|sais)\w+
          |\b\w{3,}(?:kaa|kää)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
# "It does not work there" is a no to who asked whether it does, else the fault that is spoken of.
_ASKED = prepared(r"\btoimi\w*ko\b|\b(?:do|does|will|can|would)\b[^?.!]*\bwork", re.IGNORECASE)
# "Your card has expired" is the answer to who asks why it does not work.
_ASKED_WHY = prepared(r"\b(?:why|how come|miksi|mistä syystä|mistä johtuu)\b", re.IGNORECASE)
_SOFT = prepared(
    r"\b(?:but|however|instead|sorry|thank\w*|apolog\w+|regret\w*|until|if|yet|glad|understand\w*"
    r"|since|mutta|vaan|kunhan|sen sijaan|kiito\w*|pahoit\w*|pahoill\w+|harmi\w*|ikävä\w*|anteeksi"
    r"|jos|kun|siksi"
    r"|joten(?! (?:[^ ]+ ){0,2}(?:ei|emme|en)\b)|vielä|ymmärr\w+|asti|(?:so|and) (?:i|we"
    r"|you)(?! can(?:no|['’])t))\b|\?",
    re.IGNORECASE,
)
# What can be done stands first.
_OFFER = prepared(
    r"\b(?:(?:you|we|i) (?:can|may|will|could)|['’]ll|yes|of course|voit|voitte|voimme|saat|saatte"
    r"|kyllä|kelpaa\w*|näytä|sano|vastaa|valitse|saa(?= [^.,]{3,60},))\b(?! not)",
    re.IGNORECASE,
)
# What sounds like a no and is good news.
_NO_HARM = prepared(
    r"""^(?:oh,?\ |hey,?\ )?(?:no,?\ (?:problem|worries|need|trouble|harm|rush|hurry|extra|fee
        |charge|wonder|booking|appointment|receipt|action|further|more|payment
        |you\ (?:do\ not|don['’]t|need\ not|needn['’]t|won['’]t|will\ not)
          \ (?:have|need|lose|pay|be)
        |there\ (?:is|['’]s)\ no\ (?:fee|charge|need|hurry|limit))
      |(?:we|i)\ (?:cannot|can['’]t|can\ not)\ (?:thank|wait)|emme\ (?:voi\ kyllin|malta)
      |not\ at\ all|not\ a\ problem|don['’]t\ worry|do\ not\ worry|we\ (?:do\ not|don['’]t)\ charge
      |it\ (?:is\ not|isn['’]t|['’]s\ not)\ (?:a\ problem|your\ fault|too\ late)
      |(?:that|this|it)\ (?:won['’]t|will\ not|doesn['’]t|does\ not|isn['’]t|is\ not)\ (?:cost|be\ a
        \ problem|matter|a\ problem|your\ fault|too\ late)
      |(?:it|that|this)\ (?:has\ not|hasn['’]t|is\ not|isn['’]t)\ (?:been\ )?(?:lost|cancelled
        |deleted|gone)
      |(?:we|i)\ (?:have\ not|haven['’]t|did\ not|didn['’]t)\ (?:forg\w+|charge\w*|lost|lose)
      |ei\ (?:hätää|se\ mitään|se\ haittaa|haittaa|huolta|mitään\ hätää|ollenkaan|syytä\ huoleen
        |ongelmaa|ongelmia|kiirettä|maksa\b|lainkaan\ haittaa|mikään\ ongelma
        |(?:\w+\ ){0,2}tarvi(?:tse|ta)|(?:se\ |ne\ )?ole\ (?:\w+\ )?(?:kadonnut|hukassa
          |hukkunut|myöhäistä|peruttu|menetetty|poistettu|pilalla)
            |,?\ (?:\w+\ ){0,2}ei\ (?:tarvitse|peritä))
      |se\ ei\ (?:haittaa|ole\ ongelma|ole\ sinun|ole\ myöhäistä|maksa)|älä\ huoli)""",
    re.IGNORECASE | re.VERBOSE,
)
# There is none of something bad, or nothing to pay.
_NONE_OF = prepared(
    r"\b(?:ongelm|hätä|kiire|este|haitta|vaara|vikaa|huoleen|peritä|veloiteta|tarvitse)\w*"
    r"|\b(?:ei|eivät) (?:ole )?(?:katk\w+|menete\w+|kadon\w+|poistettu|vanhentunut)"
    r"|(?:\bnot|n['’]t) (?:been )?(?:lost|missing|gone|cancelled|deleted|expired)\b"
    r"|\b(?:payments?|cards?|transactions?|banks?|nothing|none|no \w+) (?:\w+ ){0,3}(?:was|were|is"
    r"|are|has been) (?:declined|rejected|refused|lost|taken)",
    re.IGNORECASE,
)
_BREAK = prepared(r"[;:](?=\s)")
# What explains a fault that the customer has told of.
_WHY = prepared(r"\b(?:because|means|caused|why|koska|tarkoittaa|johtu\w+|syy\w*)\b", re.IGNORECASE)
# "No, that one is sold out, but I have it in blue": what a yes or no question asks for.
_PLAIN = prepared(r"(?:no|nope|ei|nej)\b", re.IGNORECASE)
_ALTERNATIVE = prepared(
    r"\b(?:but|however|instead|though|mutta|vaan|sen sijaan|men)\b", re.IGNORECASE
)


def _first_sentence(draft: Draft) -> Span | None:
    """What the first sentence says after greeting and lead, and where it begins."""
    for line in draft.lines:
        place = 0
        greeting = _GREETING_LINE.match(line.text)
        if greeting:
            place = greeting.end()
            if len(line.text[place:].split()) < 2:
                continue
        place += len(line.text[place:]) - len(line.text[place:].lstrip())
        while lead := _LEAD.match(line.text, place):
            place = lead.end()
        if rest := line.text[place:].rstrip():
            return Span(rest, line.start + place)
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
    if place := _closed(draft, sentence) or _denied(draft, first, sentence):
        yield Hit(sentence.start + place[0], sentence.start + place[1])


def _closed(draft: Draft, sentence: Span) -> tuple[int, int] | None:
    """Where the first sentence of an answer closes the door."""
    pattern = _CLOSED.get(draft.lang)
    if draft.message is None or pattern is None or _SOFT.search(sentence.text):
        return None
    match = pattern.search(sentence.text)
    if match is None or _NONE_OF.search(sentence.text):
        return None
    before = sentence.text[: match.start()]
    asked = draft.message.text
    answers = not match["works"] or _ASKED.search(asked) is not None
    past = match["state"] or match["ended"]
    answers = answers and not (past and _ASKED_WHY.search(asked))
    # What follows a semicolon or a colon is not what the reply begins with.
    opens = not _BREAK.search(before) and not _OFFER.search(before) and not _WHY.search(before)
    return match.span() if answers and opens else None


def _denied(draft: Draft, first: Span, sentence: Span) -> tuple[int, int] | None:
    """Where the first clause of an answer denies what the customer asks for."""
    pattern = _DENIES.get(draft.lang)
    if draft.message is None or pattern is None:
        return None
    match = pattern.match(first.text)
    if match is None or not _WANTS[draft.lang].search(draft.message.text):
        return None
    innocent = any(words.search(sentence.text) for words in (_SOFT, _NONE_OF, _WHY))
    if innocent or _OFFER.search(match.group()):
        return None
    begin = first.start - sentence.start
    return begin, begin + match.end()


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
            "A reply that begins with no is read no further, also where the no has other words: "
            "“Your request was declined”, “The course is full”. Begin with thanks, with a word "
            "that you have understood, or with what can be done; then say what cannot, and why. "
            "What is had instead may also stand in the same sentence: “Friday is full, but Monday "
            "at 9 is free.” Looked at is the first sentence after the greeting; where no message "
            "is given, only a plain no, and as a suggestion."
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
            Example(
                "en",
                "Hi!\n\nYour request was declined. Send us a photo, and we look again.",
                message="May I return the boots?",
            ),
            Example(
                "en",
                "Hi!\n\nAdmin rights are given to the staff only. I can open them for an hour.",
                message="Please give me admin rights.",
            ),
            Example(
                "fi",
                "Hei!\n\nEsihenkilösi ei hyväksynyt tilausta. Toisen ohjelman saat heti.",
                message="Asentaisitteko ohjelman koneelleni?",
            ),
            Example("fi", "Hei, ei onnistu enää."),
            Example(
                "fi",
                "Hei!\n\nPyyntöäsi ei voida toteuttaa. Kaksi viikkoa voit siirtää itse.",
                message="Voiko eräpäivää siirtää kuukaudella?",
            ),
            Example("fi", "Hei!\n\nKurssi on täynnä.", message="Ehdinkö vielä mukaan?"),
        ),
        good=(
            Example(
                "en", "Hello Anna,\n\nThank you for asking. Unfortunately it has left already."
            ),
            Example("en", "No problem, we'll change it."),
            Example(
                "en",
                "Friday is full, but Monday at 9 is free.",
                message="May I come on Friday?",
            ),
            Example("en", "It hasn't been lost.", message="Is my parcel lost?"),
            Example(
                "en",
                "I have looked into your order: it was not approved by your manager.",
                message="Please install the program.",
            ),
            Example("en", "Hi! Now you can order it again."),
            Example("fi", "Hei Anna!\n\nKiitos viestistäsi. Valitettavasti tilaus on jo lähtenyt."),
            Example("fi", "Ei hätää, muutamme tilauksen."),
            Example(
                "fi",
                "Perjantai on täynnä, mutta maanantaina kello 9 on tilaa.",
                message="Voinko tulla perjantaina?",
            ),
            Example("fi", "Ei se ole kadonnut.", message="Onko paketti kadonnut?"),
            Example("fi", "Hei! Eilen lähettämäsi lomake on perillä."),
        ),
    ),
)
