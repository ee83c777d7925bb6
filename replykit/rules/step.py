"""ANSW: a reply that leaves open what happens next, by whom or when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft, Span
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule

# A courtesy, whatever else its clause says: "should you have any questions, call us".
_COURTESY = {
    "en": prepared(
        r"""\b(?:any|further|other|more|additional)\ (?:\w+\ ){0,2}
            (?:questions?|queries|concerns|assistance|help)\b
          |\b(?:anything|something)\ else\b|\bhopefully\b|\b(?:we|i)\ (?:hope|trust)\b
          |\bhave\ a\ \w+\ \w+[.!]*$
          |\b(?:accept|bear\ with|be\ patient|(?:rest|be)\ assured|feel\ free|excuse
            |(?:do\ not|don['’]t)\ hesitate)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\b(?:jos|mikäli|voi(?:n|mme)ko)\b[^.!?;]{0,60}
            \b(?:kysyttävää|kysymyksiä|kysymystä|lisäkysymy\w+|muuta|muussa)\b
          |\b(?:kysyttävää|kysymyksiä)\b[^.!?;]{0,60}\b(?:ota|ottakaa|otathan)\b
          |\bota(?:than|ttehan)?\ yhteyttä,?\ (?:jos|mikäli)\ (?:voimme|tarvitset|tarvitsette)\b
          |\b(?:toivottavasti|toivomme|toivon)\b|\b(?:mukavaa|hyvää|ihanaa)\ \w+[.!]*$""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
# What sounds like a step and is none: to look at it or to be in touch, unless it waits for
# something that can be named ("when the part is here"). A day beside it stays.
_EMPTY = {
    "en": prepared(
        r"""\bthank(?:s|\ you)\b[^.!?;,]*
          |\bplease\ (?:note|know|understand|accept|excuse)\b
          |\b(?:ask|asking)\ (?:you\ )?for\ (?:\w+\ ){0,3}(?:patience|understanding)
          |(?:\b(?:will|shall|going\ to|are\ to|can|and)|['’]ll)
            \ (?:(?:\w+ly|now|also|then|of\ course)\ )?
            (?:look|looking|investigate|examine|review|check|see|try|find\ out|handle|process|deal
              |work|assess|consider|discuss|take\ (?:it|this|the\ matter|care)|follow
              |(?:contact|call|ring|phone|write\ to|e-?mail)\ you
                (?!\ (?:if\b|(?:to|and)\ (?:agree|arrange|set|book)))
              |(?:probably|possibly|likely|perhaps|hopefully)(?:\ need)?
              |pass\ (?:\w+\ ){1,3}(?:on|along|to)|forward|escalate|raise|monitor|continue
                |keep\ (?:on|an)
              |ask\ (?:the|our|my|them|around)|(?:speak|talk)\ (?:to|with)|chase|push|note|record
                |share
              |make\ sure|ensure|remind|report|mention|bring\ (?:it|this)\ up|address|figure\ out
              |reach\ out|get\ back|come\ back|return\ to\ (?:you|this)|let\ you\ know
              |inform|notify|update|keep\ you
              |do\ (?:our|my|everything|all|what)(?:\ (?:best|that|we|i|can)\b)*
              |be\ (?:in\ (?:touch|contact)
                |processed|handled|dealt|reviewed|examined|checked|investigated|looked|informed
                |notified|contacted|updated|assessed|published|resolved|fixed|solved|happy|glad
                |pleased|able|sorted|considered|followed|made|taken|corrected|mended|addressed
                |remedied|rectified|arranged|put\ right|seen\ to|decided|discussed|back)
              |get\ (?:\w+ed|put\ right|seen\ to|done|to\ (?:it|this|the\ bottom)))\b
            (?![^.!?;]{0,60}\b(?:when|once|as\ soon\ as)
              \ (?!(?:i|we)\ (?:know|have|hear|get|can)|there|the\ (?:situation|matter|case)
                |it\b|more|further|possible|something|new))
          |\b(?:probably|possibly|likely|perhaps)\ (?:going\ to|will|need\w*)\b
          |\b(?:trust|believe|sure|confident|certain)\ (?:that\ )?(?:you|it|this|we)(?:['’]ll
            |\ will)\b
          |\b(?:mon|tues|wednes|thurs|fri|satur|sun)day['’]s\b
          |\b(?:weeks?|days?|hours?|minutes?|months?)\ (?:is|was|are|were)\b
          |(?:\bwill|['’]ll)\ (?:soon\ |then\ |surely\ )?(?:hear|know)\ (?:\w+\ )?(?:from|back|more
            |soon)\b
          |(?:\bwill|['’]ll)\ (?:take\ (?:a|some)\ (?:\w+\ )?(?:time|while|bit|moment)
            |(?:be\ )?(?:\w+\ ){0,4}(?:soon(?!\ as)|shortly|eventually|before\ long
              |at\ some\ point))\b
          |\b(?:won['’]t|will\ not|will\ never)\ (?:happen|be\ repeated|occur)\b
          |(?:\bwill|['’]ll)\ (?:be\ (?:fine|well|all\ right|ok(?:ay)?|better|easier|clear)
            |work\ out
            |turn\ out|learn|improve|happen|use\ (?:your|this|it)|understand|appreciate|agree)\b
          |\bwill\ follow\b|\bshould\ (?:\w+\ )?be\ on\ (?:its|the|their)\ way
          |\bas\ (?:soon|quickly|fast)\ as\ (?:possible|(?:we|they|i)\ can)
          |\b(?:warranty|guarantee|valid)\b[^.!?;,]{0,20}\buntil\b
          |\b(?:since|last|past|recent|these|every)\ \w+|\bat\ this\ time\ of\b[^.!?;,]*
          |\bin\ (?:recent|the\ last)\ \w+
          |\bby\ (?!(?:mon|tues|wednes|thurs|fri|satur|sun)day
              |tomorrow|tonight|noon|midday|midnight|next|the\ end|then|the\ \d|\d
              |jan|feb|mar|apr|may\b|jun|jul|aug|sep|oct|nov|dec|e-?mail|text|phone|post
              |one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|eleven\b
              |twelve\b|today)\w+""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\bkii(?:tos|tämme|tän)\b[^.!?;,]*(?:,\ että[^.!?;,]*)?
          |\bpyyd(?:ämme|än)\ (?:\w+\ )?(?:kärsivällisyyttä|ymmärrystä)\w*
          |\b(?:pyri|yritä|koeta)(?:n|mme|vät|tään)\ (?:\w+\ ){0,2}\w+(?:[mv]aan|[mv]ään|lla|ä|a)\b
            (?:\ (?:sinulle|teille))?
          |\b(?:selvit\w+|palaa(?:n|mme)|tutki(?:n|mme)|tarkista(?:n|mme)|katso(?:n|mme)
              |pyri(?:n|mme|tään)|yritä(?:n|mme|vät)|tee(?:n|mme)\ (?:kaikke|parhaa)\w+|tiedotamme
              |ilmoita(?:n|mme)|hoida(?:n|mme)\ asia\w*|käsitte\w+|arvioi(?:n|mme|vat)
              |(?:välitä|kysy|varmista|keskustele|muistuta|raportoi|jatka)(?:n|mme)(?!\ (?:sinulle
                |teille))
              |(?:vie|nosta|ohjaa|siirrä)(?:n|mme)\ (?:\w+\ ){0,2}(?:eteenpäin|esi[ils]\w*|puheeksi)
              |(?:vien|viemme)\ (?:\w+\ ){1,2}\w+lle|kerro(?:n|mme)\ (?:\w+\ ){0,2}eteenpäin
              |seuraa(?:n|mme)|pidä(?:n|mme)\ (?:sinut|teidät|asiaa|asian)
              |(?:olemme|ollaan|olen)\ (?:\w+\ )?yhteydessä
              |ota(?:n|mme)\ (?:(?:sinuun|teihin)\ yhteyttä|asia\w*|selvää)
              |otta(?:a|vat)\ (?:sinuun|teihin)\ yhteyttä|kerro(?:n|mme)\ lisää)\b
            (?![^.!?;]{0,60}\b(?:kun|jahka)
              \ (?!tiedä|saa(?:n|mme)|tilanne|asia|on\ |jotain|lisätie|meillä|mahdollista
                |voi(?:n|mme)|kuule))
          |\b(?:asiaan|siihen)\b(?=\ mahdollisimman)
          |\bpitäisi\ (?:\w+\ ){1,3}matkalla|\btakuu\w*\b[^.!?;,]{0,30}|\bvoimassa\ [^.!?;,]{0,20}
          |\b(?:syksyn|kesän|talven|kevään|vuoden|viime\ \w+)\ aikana
          |\b(?:maanan|tiis|tors|perjan|lauan|sunnun)tain\ (?!ja\b|aikana\b|kuluessa\b)\w+(?:n
            |st[aä]|ss[aä])\b
          |\b(?:viikkoa|päivää|tuntia|kuukautta)\ on\b
          |\b(?:viime|edellis\w+|tähän)\ (?:viikolla|viikon|aikaan|aikoina|kuussa)|\baikoihin
          |\b(?:viikonlopusta|maanantaista|\w+taista|\w+kuusta)\ (?:asti|lähtien|saakka)""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
# Who does what, what the customer can do or need not do, or where it is to be had.
_STEP = {
    "en": prepared(
        r"""\b(?:will|won['’]t|shall|going\ to|let\ (?:me|us)\ know
            |(?<!\ba\ )(?<!their\ )(?<!your\ )(?<!the\ )reply|please|(?:tell|send)\ (?:me|us)
            |as\ soon\ as|https?|www|could\ you
            |(?:i|we)\ can\ (?!confirm|see|understand|imagine|only|tell|say|assure|hear)\w+
            |you\ (?:can|may|could|need|must|should|have\ to)
              (?!\ (?:see|have|imagine|be|find|expect)\b)
            |you\ (?:choose|add|order|pick|get|pay|fill|sign|receive|collect|return|send|book
              |upload)
            |(?:you['’]d|(?:i|we)['’]d(?!\ (?:like\ to|love|hope|say|imagine|never)))\ \w+
              |nothing\ (?:more|else|further|will)
            |no\ (?:further|more)\ action|need(?:n['’]t|\ not)
            |(?:don['’]t|do\ not)\ (?:need|have)\ to|all\ (?:set|done)|settled
              |(?<!you\ )(?<!your\ )attach\w+|enclosed
            |is\ (?:yours|ready|enough|kept)|on\ (?:its|their)\ way|wait(?:s|ing)\ for\ you|on\ us
            |your\ \w+\ (?:can|may)|see\ you\ (?:on|at|next|there|soon\ on)
            |the\ new\ one(?!\ (?:is|was|has\ been|had\ to\ be)\ (?:ordered|on\ order))|agrees\ \w+
              |is\ being\ \w+ed\ right\ now)\b
          |['’]ll\b
          |(?:^|[:;,–-]\ )
            (?:and\ |then\ |just\ |simply\ )?
            (?:add|apply|ask|book|bring|call|carry|change|charge|check|choose|clean|click|close
              |collect
              |come|confirm|connect|contact|download|drop|email|enter|fetch|fill|follow|give|go
              |install|join|keep|leave|log|look|make\ sure|meet|open|order|pass|pick|plug|press
              |print|put|register|remove|renew|replace|request|reserve|reset|restart|return|ring
              |scan|select|send|show|sign|split|stand|start|stop|submit|switch|take|tap|tell|text
                |try|turn
              |type|unplug|update|upload|use|visit|wait|wash|write)\b
          |\?|\w@\w|\b[\w-]+\.(?:example|fi|com|org|net|eu|io)\b
          |(?<![\w-])(?:\+\d{2,3}|0\d{1,3})[ -]\d{2,4}\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\b(?:voi(?:t|tte)|saa(?:t|tte)(?!\ halutessa)|vastaa(?:t|tte)
            |(?!(?:ole|tiedä|ymmärrä|huomaa|huomioi|muista)t)\w+[aeiouyäö]t(?:te)?h[aä]n
            |voi(?:n|mme)\ (?!vahvistaa|ymmärtää|kertoa|sanoa|todeta|vakuuttaa|vain|hyvin)\w+
            |pääse(?:t|tte)|lisää(?:t|tte)|valitse(?:t|tte)
            |(?:löydä|hae|nouda|tilaa|palauta|kirjaudu|avaa|vaihda)(?:t|tte)
            |kannattaa|(?:sinun|teidän)\ (?:pitää|täytyy|kannattaa)
            |soita|soittakaa|lähetä|lähettäkää
            |(?!\w+m(?:aan|ään)\b)\w{3,}(?:n|mme|[aä]{2}|o[ao]|ee|[av][aä]t)\ (?:sinulle|teille)
              |tavoittaa|https?|www
            |(?:soita|kirjoita|anna|muuta|poista|vahvista|palauta|toimita|maksa|siirrä|lähetä
              |hyvitä|korjaa|avaa|lisää|tilaa|varaa|vaihda|asenna|perusta|aloita|laita|järjestä
              |tarjoa)(?:n|mme)
            |(?:tuo|vie|tee|käy|tule|peru|nouda|vastaa|hoida|kirjaa|pane|pidä|ota|jatka)(?:n|mme)
            |(?:sinun|teidän)\ ei\ (?:enää\ )?tarvitse
            |eikä\ (?:sinun|teidän)\ (?:\w+\ )?tarvitse|ei\ tarvita\ muuta|muuta\ ei\ tarvita
              |riittää
            |käy\ lahja\w+|odotta(?:a|vat)\ sinua|nähdään|(?<!ole\ )valmi(?:s|ina)|liitteenä|ohessa
              |matkalla
            |syntyy\ tästä|käy\ uusi|eikä\ sen\ jälkeen)\b
          |(?:^|[:;,–-]\ |\b(?:ja|tai|vain)\ )
            (?:vastaa|kerro|varaa|avaa|valitse|täytä|tilaa(?!\ on\b)|palauta|tarkista
              |ota|tule|käy|nouda|seuraa|ilmoita
              |kirjaudu|vie(?!\ löyty)|käännä|irrota|lataa|säilytä|laita|pane|käytä|paina|klikkaa
              |kokeile|kysy|kirjoita|liitä|merkitse|näytä|vaihda|siirry|hae|pyydä|tuo|anna|lue
              |katso|tee|hengitä|maksa|sulje|käynnistä|päivitä|pidä|jätä)(?:kaa|kää)?\b
          |(?:^|[:;,–-]\ )
            (?!(?:vikaa|aikaa|matkaa|paikkaa|jalkaa|luokkaa|taikka)\b)\w{2,}(?:kaa|kää)\b
          |\?|\w@\w|\b[\w-]+\.(?:example|fi|com|org|net|eu|io)\b
          |(?<![\w-])(?:\+\d{2,3}|0\d{1,3})[ -]\d{2,4}\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
# A day or an hour, which is a step where it does not tell of the past.
_TIME = {
    "en": prepared(
        r"""\b(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day
            |(?:in|within|tak(?:es?|ing)|another|next|up\ to|allow|after|lasts?|about|around|or|\d)
              \ (?:(?!the\ last|the\ past)\S+\ ){0,3}(?:weeks?|(?:working|business|banking)?\ ?days?
                |hours?|minutes?)
            |this\ (?:evening|afternoon|morning|month)|next\ \w+|until|till
            |by\ \w+|at\ (?:\d|noon)
            |january|february|march|april|june|july|august|september|october|november|december
            |(?:in|by|until|of|\d)\ may|may\ \d|(?:on|by)\ the\ \d{1,2}(?:st|nd|rd|th))\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\b(?:tänään|huomenna|ylihuomenna|huomis\w+|illalla|tänä\ \w+
            |(?:maanan|tiis|tors|perjan|lauan|sunnun)tai(?!ne|se)\w*|keskiviik\w*
            |(?:viikon|päivän|tunnin|minuutin|kuukauden|vuorokauden)\ (?:kuluessa|sisällä|päästä
              |kuluttua|ajan|aikana|välein)
            |(?:kestä\w+|vie|menee|noin|enintään|seuraavan)\ (?:\S+\ ){0,4}(?:viik\w+|päiv\w+|tun\w+
              |minuu\w+)
            |viikolla|viikossa|viikkoon|(?:pankki|arki)?päivässä|tunnissa|minuutissa|mennessä
              |viimeistään|kuluessa|aikana|klo|kello|\w+kuussa|\w+kuuta
            |ensi\ \w+)\b
          |\b(?:asti|saakka|alkaen|päästä|kuluttua)\b|\b\d{1,2}\.\d{1,2}\.""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
_TOLD = {
    "en": prepared(
        r"""\b(?:was|were|had|has\ been|have\ been|have\ (?:paid|sent|put|told|made|given)|did|came
            |sent|went|found|took|got|told|made|gave|brought|left|lost|wrote|spoke|saw|rang|fell
            |began|(?<!\bis\ )(?<!\bare\ )(?<!\bbe\ )(?<!\bbeing\ )\w{3,}ed)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\b(?:oli\w*|ollut|johtui|koski|tuli|lähti|kävi|jäi|meni|sai|teki|\w{3,}[uy]i
            |\w{3,}(?:ttiin|tiin|[stvdkaoeuyäö]imme|neet|nut|nyt|ttu|tty)
            |on\ (?:\w+\ )?\w{2,}[tdn][uy]
            |(?:löys|tarkist|avas|kirjas|lähet|soit|kysy|pyys|siirs|poist)in)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
# What somebody has set a day for is still to come.
_SET = {
    "en": prepared(
        r"\b(?:booked|scheduled|arranged|moved|reserved|kept|planned|promised|asked|agreed|set|put)\b"
        r"[^.;]{0,60}\b(?:for|to|until|on)\b",
        re.IGNORECASE,
    ),
    "fi": prepared(
        r"\b(?:var(?:asi|at)\w+|siirs\w+|siirretty|sovi\w+|sovit\w+|merkit\w+|tilasi\w+)\b"
        r"[^.;]{0,60}\w(?:lle|ksi|hin)\b",
        re.IGNORECASE,
    ),
}
_STOP = prepared(r"(?<=[.;!?])\s+")
_CLAUSE = prepared(
    r"[;:–]\s|,?\s(?:and|but|so|which|then|or)\s(?=(?:the|it|you|we|they|he|she|i|opens?|a)\b)"
    r"|,\s(?:and|but|so|which|where|ja|mutta|joten|jotka|joka|niin)\s|\sso\sthat\s"
    r"|,\s(?=(?:it|they|you|we|he|she)\s)"
    r"|\sand\s(?=(?:is|are|comes?|arrives?)\s)|\sja\s(?=(?:on|ovat|se|ne|he|hän|tulee|saat|saatte)\b)",
    re.IGNORECASE,
)
# The matter is still open: somebody has it, or looks at it, and that is all.
_OPEN = {
    "en": prepared(
        r"""\b(?:look(?:ing|ed)?\ (?:into|at\ it)|get\ back\ to\ you|(?:be|is|are)\ in\ touch
            |contact\ you|keep\ you\ (?:posted|updated|informed)|let\ you\ know
            |know(?:s|n)?\ (?:about|of)\ (?:the|this|it)|(?:should|will|gets?|to\ be|going\ to\ be)
              \ (?:get\ |be\ )?(?:corrected|fixed|mended|sorted|resolved|put\ right|addressed
                |remedied|rectified|dealt\ with|seen\ to|taken\ care|solved|looked\ at)
            |(?:want|like|love|wish|going|try|trying)\ to\ (?:make\ \w+\ (?:right|up)
              |put\ \w+\ right|fix|solve|resolve|sort|get\ to|find\ out)
            |(?:['’]ll|will|to|me)\ check\ with|checking\ with|keeping\ an\ eye|(?:flagged
              |escalated)\b|(?:take|took|taken)\ note|on\ our\ radar
            |hear\ (?:back\ )?from\ us|stay\ tuned|hang\ (?:in\ there|tight)|in\ the\ loop
            |follow(?:ing)?\ up|(?:don['’]t|do\ not)\ (?:yet\ )?know|(?:can['’]t
              |cannot)\ (?:yet\ )?say
            |not\ sure\ (?:when|yet|how\ long)|a\ while|some\ time|soon(?!\ as|er)|eventually
            |at\ some\ point|(?:team|colleagues?|people|technicians?|engineers?|experts?
              |specialists?)
              \ (?:is|are|has|have)\ (?:\w+\ )?(?:on|at|looking|working|this|it|been)
            |in\ the\ hands\ of|made\ aware|get\ round\ to|monitor(?:ing|ed)|under\ observation
            |(?:someone|somebody)\ (?:will|from|from\ our)|before\ long|being\ \w+ed
            |(?:pass|hand)ed\ (?:\w+\ ){0,3}(?:on|over|to)|forwarded|noted|logged|registered
            |recorded|pending|in\ progress|under\ way|in\ the\ queue
            |being\ (?:processed|handled|looked|worked|dealt|investigated|examined|reviewed)
            |working\ (?:on|hard)|(?:is|are)\ on\ it|aware\ of|as\ (?:soon|quickly)\ as\ possible
            |doing\ (?:our|their)\ best|bear(?:ing)?\ with|awaiting|waiting\ for
            |(?:is|are)\ (?:informed|investigating)|in\ due\ course|will\ follow
            |let\ \w+\ \w+\ (?:\w+\ )?know|under\ (?:review|investigation)|patience|understanding
            |(?:been|is|are|was)\ (?:told|informed|reminded|notified|assigned|reported|added\ to)
            |sent\ a\ reminder|(?:reported|mentioned|raised|brought)\ (?:this|it
              |the\ matter)(?!\ to\ us)
            |not\ (?:yet\ )?(?:known|confirmed)|not\ been\ confirmed|discuss(?:ing|ed)
            |(?:to|on)\ our\ list|inconvenience|responsible\ for|shortly|handles?\ these
            |be\ (?:processed|investigated|notified|informed)|examined)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\b(?:käsittelyssä|käsittelee|käsitellään
            |selvi(?:tämme|tän|tetään|tyksessä|tettävänä|ttelemme)|pala(?:amme|an|taan)\ asiaan
            |ajan\ tasalla|välit(?:imme|in|etty|tänyt|täneet)|kirjattu|kirjasi\w+|merkitsi\w+
            |muistiin|rekisteröity|työn\ alla|käynnissä|kimpussa|parissa|odottavassa
            |mahdollisimman\ (?:pian|nopeasti)|tietoi(?:nen|sia)|yhteydessä|tiedotamme
            |tekevät\ parhaansa|yrittä(?:vät|mme|ä)\ \w+|yritämme|pyritään|pyrimme
            |tietä(?:vät|ä)\ (?:\w+\ )?(?:asia|ongelma|via|tilantee)\w+
            |(?:tullaan|on\ tarkoitus)\ \w+(?:maan|mään|[tdlnr][aä])|seurataan|seuraamme|tarkkail\w+
            |(?:haluamme|haluan|haluaisimme|lupaamme)\ (?:\w+\ )?(?:hyvittää|korjata|selvittää
              |korvata|ratkaista|auttaa)
            |(?:tein|teimme|tehty|tehdään)\ (?:\w+\ ){0,3}\w*(?:selvityspyyn|ilmoitu|huoltopyyn
              |vikailmoitu)\w+
            |korjataan|hoidetaan|hoidamme|jonossa|vinkkasi\w+|(?:laito|pisti)(?:n
              |mme)\ \w*\ ?viesti\w*
            |(?:vie|vei|ohjat|tiedot|inform|eskaloi)\w*\ (?:\w+\ )?eteenpäin|tiedotettu|informoi\w+
            |kuul(?:et|ette|emisiin)|kuulolla|lähiaikoina|piakkoin|ennen\ pitkää|jossain\ vaiheessa
            |(?:vielä|jonkin|jonkun)\ (?:hetken|aikaa|tovin)|(?:en|emme|ei)\ (?:vielä\ )?(?:osaa
              |tiedä)
            |puheeksi|huomioon|(?:tiimi|kollega|väki|asiantuntija)\w*\ (?:on|ovat)|odotamme
              |tutki(?:mme|taan)|hoitaa\ nämä
            |saa(?:nut|neet)\ \w*\ ?(?:tiedon|tieto)\w*
            |(?:tieto|ilmoit|muistut)\w+\ (?:asiasta|on\ lähetetty)|ilmoittanut|kerroin|kertonut
            |muistuttanut|otettu\ esille|ottaneet\ \w+\ esille
            |ei\ ole\ vielä\ (?:tiedossa|vahvistettu)|vielä\ (?:tiedossa|vahvistettu)
            |keskustel\w+|ohjattu|osoitettu\ \w+|arvioi(?:vat|daan|mme)|luvassa|(?<!parane\ )pian
            |pahoittelut\ (?:odotuksesta|viivästyksestä)|kärsivälli\w+|ymmärryks\w+|listalle\w*
            |käsittelijä|saapumisjärjestyks\w+|on\ (?:saatu|vastaanotettu)|lähetetty\ muistutus
            |tarkemmin|vastaavat\ kaikista|parhaillaan|kovasti\ töitä|aikanaan)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
# The customer tells of something that has been or has not, or asks how a matter stands. Who asks
# for a fact alone ("Do you have vegan cake?") has all that they need when they have it.
_MATTER = {
    "en": prepared(
        r"""\b(?:not|\w+n['’]t|never|still|yet|again|no\ one|nobody|nothing|wrong|missing|broken
            |late|problems?|faults?|errors?|where|when|why|ready|any\ news|status|paid|bought
              |waiting
            |compensat\w+|refund\w*|complain\w*|be\ \w+ed|how\ (?:long|do\ i\ get)
            |i\ (?:need|want)|(?:can|could|will|would)\ you\ (?!tell|say|recommend|explain
              |have))\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\b(?:ei|en|eikä|eivät|emme|vielä|vieläkään|yhä|taas|väärä\w*|rikki|puuttu\w+|myöhässä
            |vika\w*|virhe\w*|missä|milloin|koska|miksi|valmi\w+|\w{3,}[oast]in|tila(?:nne|sta)
            |lakkasi|kat(?:kea|kesi)\w*|hajosi|hävisi|putosi|hyvit\w+|korva\w+|valit\w+
            |korja\w+|poist\w+|pyyd\w+|voi(?:si)?t(?:te)?ko|kauanko|kuinka\ kauan
              |mistä\ saa\w*)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
# Words of regret: who was let down waits for what is done about it.
_SORRY = prepared(
    r"\b(?:sorry|apologi[sz]e|apologies|regret|pahoittel\w*|pahoilla\w*|anteeksi|harmi\w*|ikävä\w*)\b",
    re.IGNORECASE,
)
_LETTERS = ("email", "ticket")
# What was asked for has been done, and nothing of it is open.
_DONE = {
    "en": prepared(
        r"""\b(?:i|we)(?:['’]ve|\ have)\ (?:now\ |just\ |already\ |also\ )?
          (?:added|cancelled|canceled|changed|closed|corrected|credited|deleted|ended|extended|fixed
            |marked|mended|moved|paid|refunded|removed|repaired|replaced|reset|stopped|taken
              |unlocked
            |updated)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "fi": prepared(
        r"""\b(?:hyvit|palaut|perui?|poist|korjas|lisäs|piden[st]|vaihdo|siirs|muut|avas|merkits
          |lopet
          |päivit)(?:in|imme|n)\b""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
_LEAST_REPLY = 15  # words, under which a reply is a word of thanks
_LEAST_OPEN = 6  # words, where it leaves something open
_SIGNATURE = 5  # words of a line at the end


def _no_next_step(draft: Draft) -> Iterator[Hit]:
    if draft.message is None or draft.lang not in _STEP:
        return
    body = _body(draft)
    opens = [span for span in body if _OPEN[draft.lang].search(span.text)]
    words = sum(draft.count_words(span) for span in body)
    if words < _LEAST_OPEN or any(_is_step(span.text, draft.lang, bool(opens)) for span in body):
        return
    if opens:
        yield Hit(opens[-1].start, opens[-1].end)
    elif (
        len(draft.words) >= _LEAST_REPLY
        and _tells_of_a_matter(draft.message.text, draft.lang)
        and _leaves_waiting(draft, body)
    ):
        yield Hit(body[-1].start, body[-1].end)


def _tells_of_a_matter(message: str, lang: str) -> bool:
    told = _TOLD[lang].search(message) or _MATTER[lang].search(message)
    return "?" not in message or told is not None


def _leaves_waiting(draft: Draft, body: list[Span]) -> bool:
    """Whether a reply without a step tells of what has been or is sorry for it. In a chat one
    message need not have it all, and what tells of nothing past answers a question."""
    if any(_DONE[draft.lang].search(span.text) for span in body):
        return False
    if any(_SORRY.search(span.text) for span in body):
        return True
    told = any(_TOLD[draft.lang].search(span.text) for span in body)
    return told and draft.channel in _LETTERS


def _body(draft: Draft) -> list[Span]:
    """The sentences of a reply; a letter's without the names that it ends with."""
    found = list(draft.sentences)
    while (
        draft.channel in _LETTERS
        and found
        and found[-1].text[-1] not in ".!?…:)"
        and draft.count_words(found[-1]) <= _SIGNATURE
    ):
        found.pop()
    return found


def _is_step(sentence: str, lang: str, is_open: bool) -> bool:
    """Whether a sentence says what comes next; a day alone does not where it tells of the past.
    Where the matter is open, an offer to answer further questions is no step."""
    parts = [
        part for part in _STOP.split(sentence) if not (is_open and _COURTESY[lang].search(part))
    ]
    said = _EMPTY[lang].sub(" ", " ".join(parts)).strip()
    if _STEP[lang].search(said):
        return True
    return any(
        _TIME[lang].search(clause)
        and (_SET[lang].search(clause) or not (_TOLD[lang].search(clause) or _SORRY.search(clause)))
        for clause in _CLAUSE.split(said)
    )


RULES = (
    Rule(
        code="ANSW002",
        name="no-next-step",
        severity="warning",
        message="no day and no next step: say what happens now, by whom and by when",
        explanation=(
            "A customer who does not know what comes next writes again. Name the step and its day, "
            "or what the customer is to do, or say that nothing more is needed. “We will look into "
            "it”, “it is being processed”, “as soon as possible” and “please ask if you have any "
            "questions” are no step; with a day they are. Looked at are replies to a message: by "
            "mail and in tickets those that tell what has been, in a chat or in public those that "
            "leave the matter open in words like these or "
            "are sorry and say no more. Who asks for a fact alone needs no step."
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
            Example(
                "en",
                "Hello Anna,\n\nI am sorry about the missed visit. We will look into it and get "
                "back to you as soon as possible. Please let us know if you have any questions.",
                message="Nobody came to repair the stove.",
            ),
            Example(
                "en",
                "Sorry about that! I have passed this on to the warehouse.",
                "chat",
                message="My order still says processing.",
            ),
            Example(
                "en",
                "I am sorry that your mother was left without flowers. That must have been a sad "
                "morning. We would like to make this right.",
                "social",
                message="My mother's flowers never came.",
            ),
            Example(
                "fi",
                "Hei Anna!\n\nPahoittelut peruuntuneesta käynnistä. Asia on käsittelyssä, ja "
                "palaamme siihen mahdollisimman pian. Jos sinulla on kysyttävää, ota yhteyttä.",
                message="Kukaan ei tullut korjaamaan liettä.",
            ),
        ),
        good=(
            Example(
                "en",
                "Hello Anna,\n\nI am sorry about the missed visit. We are looking into it, and a "
                "colleague rings you by noon tomorrow.",
                message="Nobody came to repair the stove.",
            ),
            Example(
                "en",
                "Hello Anna,\n\nYour account and its data have been deleted. You need not do "
                "anything.",
                message="Please delete my account.",
            ),
            Example(
                "fi",
                "Hei Anna!\n\nPahoittelut peruuntuneesta käynnistä. Asia on käsittelyssä, ja "
                "kollega soittaa sinulle huomenna ennen puoltapäivää.",
                message="Kukaan ei tullut korjaamaan liettä.",
            ),
            Example(
                "en",
                "Hello Anna,\n\nThank you for your message. The sofa has been found in "
                "our warehouse. We will bring it to you on Friday.\n\nKind regards,\nTom",
                message="Where is my sofa?",
            ),
            Example(
                "en",
                "Hello Anna,\n\nOur Seahorse group was made for cautious children just like yours. "
                "Each child is accompanied by a grown-up in the water.",
                message="Do your lessons suit a four-year-old?",
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
