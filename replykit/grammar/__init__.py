"""LanguageTool: its installation, its server, and what it finds in a text."""

from __future__ import annotations

from dataclasses import dataclass

# What LanguageTool calls the languages that it checks, by the tag that ReplyKit knows them by. It
# checks spelling only where a country is named.
LANGUAGES = {
    "ar": "ar", "ast": "ast-ES", "be": "be-BY", "br": "br-FR", "ca": "ca-ES", "crh": "crh-UA",
    "da": "da-DK", "de": "de-DE", "el": "el-GR", "en": "en-US", "eo": "eo", "es": "es",
    "fa": "fa", "fr": "fr", "ga": "ga-IE", "gl": "gl-ES", "it": "it", "ja": "ja-JP",
    "km": "km-KH", "nl": "nl", "pl": "pl-PL", "pt": "pt-PT", "ro": "ro-RO", "ru": "ru-RU",
    "sk": "sk-SK", "sl": "sl-SI", "sv": "sv", "ta": "ta-IN", "tl": "tl-PH", "uk": "uk-UA",
    "zh": "zh-CN",
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """What LanguageTool reports: where (offsets in code points, end exclusive), by which of its
    rules, and what to write instead. `kind` is its issue type: misspelling, grammar, …"""

    start: int
    end: int
    rule: str
    category: str
    kind: str
    message: str
    replacements: tuple[str, ...] = ()


class Unavailable(Exception):
    """Why LanguageTool cannot be asked, and how it could be."""

    def __init__(self, reason: str, how: str) -> None:
        super().__init__(f"{reason}; {how}")
        self.reason, self.how = reason, how
