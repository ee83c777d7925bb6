"""FORM: attachments that are announced but not there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from replykit.linter import Draft
from replykit.patterns import prepared
from replykit.rules import Example, Hit, Rule

_FILE_EN = r"""(?:forms?|labels?|guides?|maps?|receipts?|cop(?:y|ies)|lists?|invoices?|letters?
    |documents?|instructions|files?|pdfs?|pictures?|images?|photos?|screenshots?|contracts?
    |agreements?|reports?|quotes?|offers?|certificates?|schedules?|tickets?|vouchers?|statements?
    |tables?)"""
_HERE_EN = r"this\ (?:e-?mail|mail|message|reply|letter)"
# Finnish nouns by their stems: any form of "palautuslomake", "kuittikopio", "ohje".
_FILE_FI = r"""(?:\w*(?:lomak|lask|kuit|ohje|opa|oppa|kopio|tarra|sopimu|todistu|tiedosto|kuva|kuvi
    |tauluk|lista|luettelo|lippu|lipun|hinnasto|esit|kartta|kartan|raport|päätö|tarjou|pdf|dokumen
    |asiakirj|selvity|erittely|pöytäkirj)\w*)"""
_HERE_FI = r"""(?:täm?[näshtl]\w*\ )?(?:viesti|sähköposti|kirje|vastaukse|vastaus|maili)\w{0,4}"""

_ANNOUNCED = {
    "en": rf"""
        (?:is|are|i\ have|i've|we\ have|we've|i|we|please\ find|see|find|you(?:'ll|\ will)\ find)
          \ (?:\w+\ ){{0,4}}(?:attached|enclosed)
          (?!\ by|\ to\ (?:the|your|an?|its)\ (?!(?:e-?mail|mail|message|letter|reply)\b))
      | attached\ (?:is|are|you|please|to\ this|you'll|{_FILE_EN})
      | (?:the|an?)\ (?:attached|enclosed)\ (?:\w+\ )?{_FILE_EN}
      | {_FILE_EN}\ (?:attached|enclosed)(?!\ to\ the) | (?:i|we)\ (?:attach|enclose)
      | (?:in|see|from|open|check|print|sign|read)\ the\ (?:\w+\ )?(?:attachment|enclosure|attached)
      | (?:enclosed|attached)\ (?:here|herewith|below|with|in|as) | included\ herewith
      | (?:i|we)(?:['’](?:ve|m|re)|\ have|\ am|\ are)?\ (?:also\ |now\ )?(?:includ\w+|put|add(?:ed)?
          |append(?:ed)?|pasted?|send(?:ing)?|sent|pass(?:ing)?\ on)\ (?:\w+\ ){{0,6}}
          (?:with|in|to|below)\ {_HERE_EN}
      | {_FILE_EN}\ (?:\w+\ ){{0,3}}(?:below|at\ the\ (?:end|bottom)\ of|with|in|accompan\w+|inside
          |to)\ {_HERE_EN}
      | with\ {_HERE_EN},?\ you\ (?:will\ |also\ )?(?:receive|get|find)
      | (?:comes|come|sent|send|sending|is|are)\ (?:\w+\ )?(?:with|in)\ {_HERE_EN}\ (?:as|in)
          \ (?:an?\ )?{_FILE_EN}
      | (?:in|at|below|with)\ (?:the\ )?(?:(?:end|bottom)\ of\ )?{_HERE_EN}
          \ (?:is|are|you(?:['’]ll|\ will)\ find|as)\ (?:an?|the|your)\ (?:\w+\ )?{_FILE_EN}
      | here(?:['’]s|\ is|\ are)\ (?:the|your|an?)\ (?:\w+\ ){{0,4}}(?:as|in)\ (?:an?\ )?
          (?:pdf|file|attachment)
      | (?:see|look\ at|check|in)\ the\ (?:\w+\ )?(?:picture|image|photo|screenshot|map|table
          |drawing)s?\ (?:below|above)
      | i(?:\ am|['’]m)\ sending\ (?:you\ )?(?:along|with\ this)
      | {_FILE_EN}\ (?:is|are)\ appended | at\ the\ (?:end|bottom)\ of\ {_HERE_EN}\ as\ an?\ \w+
    """,
    "fi": rf"""
        liitteenä | liitte(?:ist[äa]|est[äa]|essä|issä) | liitetiedosto\w* | liitimme
      | liitin(?!\ (?:sen|ne|sitä|viestisi|viestinne)\ (?!mukaan|oheen|tähän|viestiin))
      | ohei(?:nen|set|sena|sesta|sessa|sella|sia|sina|sista|seen|sten)\ (?:\w+\ )?{_FILE_FI}
      | oheisena | oheistan | oheistamme | oheise(?:n|ssa|lla|sta|en)\ \w+(?:n|ssa|lla|sta|een)
      | alla\ oleva\w{{0,3}}\ (?:\w+\ )?(?:kuv[ai]\w*|taulukko|taulukosta|lista)
      | alla\ oleva[an]?\ (?:lomake|lomakkeen|lasku|ohje)
      | (?:tässä|tämän\ (?:viestin|sähköpostin|kirjeen|vastauksen))\ (?:mukana|ohessa)
      | {_FILE_FI}\ (?:\w+\ )?(?:tämän\ )?(?:viestin|kirjeen|vastauksen|sähköpostin)
          \ (?:lopu\w+|mukana|ohessa|alla|alta)
      | {_FILE_FI}\ (?:\w+\ )?(?:on|ovat|tulee|löytyy|löytyvät)\ (?:\w+\ )?tä[sm]\w+\ viesti[sns]\w*
      | (?:laitoin|laitan|laitamme|lisäsin|lisäsimme|lisään|lähetän|lähetin|lähetämme|panin|pistin
          |pistän|liitän|liitämme|annan)\ (?:\w+\ ){{0,3}}(?:tähän(?=[.,!]|$|\ ja)|oheen|ohessa
          |tähän\ (?:mukaan|viestiin|oheen|loppuun)|tämän\ viestin\ (?:mukana|loppuun)
          |viestin\ mukaan|tässä\ (?:mukana|ohessa))
      | (?:laitoin|laitan|lähetän|lähetämme)\ (?:ohessa|oheen|tähän|tässä)\ (?:\w+\ )?{_FILE_FI}
      | (?:lähetän|lähetämme|tässä(?:\ on)?)\ (?:\w+\ ){{0,3}}pdf(?:-\w+|:nä|nä)
      | (?:tulosta|täytä|avaa|allekirjoita|katso|palauta|lue|tarkista)\ (?:\w+\ )?(?:mukana|ohessa
          |tässä\ viestissä|viestissä)\ (?:oleva\w*\ )?\w+
      | (?:kuvakaappaus|kuva|taulukko|kartta)\ (?:alta|alla)(?=[.,!]|$)
      | liitetty\ (?:tiedosto|lomake|kuva|ohje|dokumentti|pdf)\w* | {_FILE_FI}\ ohessa
      | liitän\ (?:mukaan|oheen|tähän|viestiin) | liitämme\ (?:tähän|mukaan)
      | (?:viestiin|mukaan|tähän)\ liit(?:in|imme|än|ämme)
      | liit(?:imme|än|ämme)\ (?:sen\ |ne\ )?(?:viestiin|vastaukseen|oheen)
      | ohessa(?:,|\ on|\ \w+(?:ttu|tty|tu|va|vä|nen|si|nne|mme)\ \w+|(?=\ {_FILE_FI}))
      | katso\ liite(?:ttä)? | (?:avaa|täytä|tulosta|palauta)\ (?:\w+\ )?liite\w*
    """,
    "sv": r"bifogad\w* | bifogar | i\ bilagan",
}
_PATTERNS = {
    lang: prepared(rf"(?<!\w)(?:{parts})(?!\w)", re.IGNORECASE | re.VERBOSE)
    for lang, parts in _ANNOUNCED.items()
}
# Words without which nothing is announced: most sentences have none, and are spared the rest.
_CUES = {
    "en": prepared(
        r"attach|enclos|append|herewith|this (?:e-?mail|mail|message|reply|letter)|sending|below"
        r"|above|\b(?:as|in) (?:an? )?(?:pdf|file)",
        re.IGNORECASE,
    ),
    "fi": prepared(
        r"liit|ohei|ohe[es]|mukana|mukaan|tähän|alla |alla\b|alta\b|viesti|tässä|kirjeen|pdf"
        r"|sähköpostin|vastauksen",
        re.IGNORECASE,
    ),
    "sv": prepared("bifoga|bilaga", re.IGNORECASE),
}


def _missing(draft: Draft) -> Iterator[Hit]:
    if draft.attachments or any("attach" in name or "liite" in name for name in draft.details):
        return
    place = _announced(draft)
    if place and draft.attachments is None:
        yield Hit(*place)
    elif place:  # a whole mail: nothing is left to be added when it is sent
        message = "“{text}”: nothing is attached to this mail; attach it, or say where it is"
        yield Hit(*place, message, severity="error")


def _announced(draft: Draft) -> tuple[int, int] | None:
    """Where an attachment is first spoken of."""
    lang = draft.lang if draft.lang in _PATTERNS else "en"
    for sentence in draft.sentences:
        # One blank for one line end keeps every place.
        text = sentence.text.replace("\n", " ")
        if _CUES[lang].search(text) and (match := _PATTERNS[lang].search(text)):
            return sentence.start + match.start(), sentence.start + match.end()
    return None


RULES = (
    Rule(
        code="FORM004",
        name="attachment-missing",
        severity="warning",
        message="“{text}”: a draft carries no file; attach it when you send, or say where it is",
        explanation=(
            "“Please find attached”, and nothing is attached: it happens in every office. Of a "
            "text alone lint reminds you each time; a detail named `attachment` says that the "
            "file is there. Of a whole mail (`.eml`) it sees what is attached, and a mail "
            "without is an error."
        ),
        check=_missing,
        bad=(
            Example("en", "Please find the form attached."),
            Example("en", "I have attached a copy of the invoice."),
            Example("en", "See the attachment for details."),
            Example("en", "The return label comes along with this message."),
            Example("en", "I've put the receipt in this mail for you."),
            Example("en", "Here is the contract as a PDF. You can see it in the picture below."),
            Example("fi", "Lomake on tämän viestin liitteenä."),
            Example("fi", "Liitin mukaan kopion laskusta."),
            Example("fi", "Laitoin kuitin tähän."),
            Example("fi", "Oheinen lomake täytetään käsin."),
            Example("fi", "Palautustarra löytyy tämän viestin lopusta."),
            Example("fi", "Tulosta mukana oleva tarra."),
        ),
        good=(
            Example("en", "Please find the form attached.", details={"attachment": "form.pdf"}),
            Example("en", "The invoice is attached to the parcel, the key to its lid."),
            Example("en", "The label is attached to the box. Please attach a photo to your reply."),
            Example("en", "Please reply to this message with a photo, or see the map on our site."),
            Example("fi", "Lomake on verkkosivuillamme. Voisitko liittää vastaukseesi kuvan?"),
            Example("fi", "Kaikki liitteet ovat kunnossa."),
            Example("fi", "Vastaa tähän viestiin ja kerro, ketkä ovat mukana."),
            Example("fi", "Lipun voi ostaa laiturilta, ja lista on alla."),
        ),
    ),
)
