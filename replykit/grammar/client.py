"""Asks LanguageTool, through language-tool-python, with a deadline of our own on everything."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from json import JSONDecodeError
from typing import Any

from replykit.background import Background
from replykit.config import Settings
from replykit.grammar import LANGUAGES, Match, Unavailable
from replykit.linter import NotRun

_ANSWER_LIMIT = 10.0  # least seconds for a check; with a warm server a reply takes 0.2
_LONGEST = 20_000  # characters: far beyond any reply, a second's work
_MOST_REPLACEMENTS = 5


class Grammar:
    """LanguageTool as rules ask it, and in `not_run` why it could not be asked.

    `wait` is how many seconds a server may take that only starts. Each text is asked for in the
    background, so that `ahead` returns at once and the answer comes while other rules work.
    """

    def __init__(self, settings: Settings, wait: float, *, required: bool = False) -> None:
        self._settings, self._wait, self._required = settings, wait, required
        self._limit = max(wait, _ANSWER_LIMIT)
        self._failures: dict[str, NotRun] = {}
        self._clients: dict[tuple[str, str], Any] = {}
        self._asked: tuple[str, str] | None = None
        self._question: Background[Sequence[Match]] | None = None

    @property
    def not_run(self) -> tuple[NotRun, ...]:
        """The engines that were needed and could not be asked."""
        self._answer()
        return tuple(self._failures.values())

    def ahead(self, text: str, lang: str) -> None:
        """Sends off a text of which the matches will be wanted."""
        if lang in LANGUAGES:
            if "LanguageTool" not in self._failures and not self._is_asked(text, lang):
                self._asked = (text, lang)
                self._question = Background(lambda: self.ask(text, lang))
        elif lang == "fi":
            from replykit.ranking.features import voikko

            if voikko() is None:
                self._fail("Voikko", "Voikko is not installed", "apt install libvoikko1 voikko-fi")
        elif self._required:
            self._fail(lang, f"no engine knows the language {lang!r}", "leave out --require")

    def __call__(self, text: str, lang: str) -> Sequence[Match] | None:
        """What LanguageTool reports; None where it does not know the language, or cannot be
        asked, which `not_run` then says."""
        self.ahead(text, lang)
        return self._answer() if self._is_asked(text, lang) else None

    def _answer(self) -> Sequence[Match] | None:
        """The answer to the last question; that there is none is noted."""
        if self._question is None:
            return None
        limit = 2 * (self._wait + self._limit)
        try:
            return self._question.result(limit)
        except Unavailable as error:
            self._fail("LanguageTool", error.reason, error.how)
        except TimeoutError:
            reason = f"LanguageTool did not answer within {limit:g} s"
            self._fail("LanguageTool", reason, "replykit grammar stop")
        return None

    def _is_asked(self, text: str, lang: str) -> bool:
        return self._asked == (text, lang)

    def _fail(self, engine: str, reason: str, how: str) -> None:
        self._failures.setdefault(engine, NotRun("grammar", reason, how))

    def ask(self, text: str, lang: str) -> Sequence[Match]:
        """The server's answer, of one that is started if need be, and again if it dies meanwhile.

        Raises Unavailable where there is none in time.
        """
        if importlib.util.find_spec("language_tool_python") is None:
            raise Unavailable(
                "language-tool-python is not installed",
                "pip install 'replykit[grammar]', then replykit setup grammar",
            )
        url = self._settings.languagetool_url
        if url:
            try:
                return self._check(url, text, lang)
            except _Refused as error:
                raise Unavailable(f"{url}: {error}", "see the setting languagetool_url") from None
        if sys.platform == "win32":
            raise Unavailable(
                "ReplyKit starts no LanguageTool on Windows", "set languagetool_url to a server"
            )
        return self._ask_own(text, lang)

    def _ask_own(self, text: str, lang: str) -> Sequence[Match]:
        from replykit.grammar import server, state

        languages = dict.fromkeys((lang, self._settings.language, *self._settings.languages))
        idle = self._settings.grammar_idle * 60
        dead, cause = 0, ""
        for _ in range(2):
            found = server.ensure(list(languages), self._wait, idle, instead_of=dead)
            state.touch()
            try:
                return self._check(found.url, text, lang)
            except _Refused as error:
                dead, cause = found.java, str(error)
                if error.late:  # it lives, so waiting for another one is no use
                    break
        raise Unavailable(
            f"LanguageTool does not answer ({cause})", "replykit grammar stop, and try again"
        )

    def _check(self, url: str, text: str, lang: str) -> Sequence[Match]:
        """One check by the client library, which must neither start nor download anything."""
        from language_tool_python import LanguageTool
        from language_tool_python.exceptions import LanguageToolError

        text = text[:_LONGEST].encode("utf-16", "replace").decode("utf-16")
        LanguageTool._TIMEOUT = self._limit
        own = not self._settings.languagetool_url
        try:
            client = self._clients.get((url, lang))
            if client is None:
                client = self._clients[url, lang] = LanguageTool(
                    LANGUAGES[lang],
                    remote_server=url,
                    host="127.0.0.1",
                    # No proxy of the environment's stands between us and this machine.
                    proxies={"http": "", "https": ""} if own else None,
                )
            return [_match(item, text) for item in client.check(text)]
        except ValueError as error:
            if isinstance(error, JSONDecodeError):
                raise _Refused("this is no LanguageTool") from None
            raise Unavailable(
                f"the LanguageTool that is there does not know the language {lang!r}",
                "install all its languages there",
            ) from None
        except (LanguageToolError, OSError, TypeError, KeyError, SystemExit) as error:
            self._clients.clear()
            text = " ".join(str(error).split())
            if "timed out" in text:
                raise _Refused(f"no answer within {self._limit:g} s", late=True) from None
            raise _Refused("connection refused" if "refused" in text else text[:120]) from None


class _Refused(Exception):
    """The server did not answer, or not as LanguageTool does; `late`: it took too long."""

    def __init__(self, reason: str, late: bool = False) -> None:
        super().__init__(reason)
        self.late = late


def _match(item: Any, text: str) -> Match:
    """A match of the client's; it counts the start in code points, the length in UTF-16 units."""
    end, units = item.offset, item.error_length
    while units > 0 and end < len(text):
        units -= 2 if text[end] > "\uffff" else 1
        end += 1
    return Match(
        start=item.offset,
        end=end,
        rule=item.rule_id,
        category=item.category,
        kind=item.rule_issue_type,
        message=item.message,
        replacements=tuple(item.replacements[:_MOST_REPLACEMENTS]),
    )
