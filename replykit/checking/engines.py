"""What rules need beside a draft, the model and LanguageTool, and which checks lack theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from replykit.checking.meaning import tools as by_meaning
from replykit.config import Settings
from replykit.errors import ReplyKitError
from replykit.grammar.client import Grammar
from replykit.linter import NotRun, Tools
from replykit.rules.lexicon import languages

CHECKS = ("grammar", "meaning")
_WAIT_AT_TERMINAL, _WAIT_ELSEWHERE = 1.0, 30.0


class Engines:
    """The tools for the rules of one run; `not_run` is whole when all has been checked.

    A person at a terminal does not wait long for a server that only starts.
    Raises ReplyKitError where `required` names what is no check.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        no_model: bool = False,
        at_terminal: bool = False,
        required: tuple[str, ...] = (),
    ) -> None:
        for check in required:
            if check not in CHECKS:
                raise ReplyKitError(f"--require {check}: known: {', '.join(CHECKS)}")
        wait = settings.grammar_wait
        if wait < 0:
            wait = _WAIT_AT_TERMINAL if at_terminal else _WAIT_ELSEWHERE
        tools, self._without_meaning = by_meaning(settings, no_model=no_model)
        self._grammar = Grammar(settings, wait, required="grammar" in required)
        self.required = required
        self.tools = replace(tools, grammar=self._grammar, ahead=self._grammar.ahead)

    @property
    def for_responses(self) -> Tools:
        """The tools for a library's texts, which are many and seldom new: no server is started
        for them unless grammar is required."""
        return self.tools if "grammar" in self.required else Tools()

    def not_run(self, langs: Iterable[str]) -> tuple[NotRun, ...]:
        """The checks that could not run so far, drafts in `langs` being what was checked."""
        meaning = (self._without_meaning,) if self._without_meaning else ()
        without = sorted({lang for lang in langs if lang} - languages())
        tone = (
            NotRun("tone", f"ReplyKit has no word lists for {lang!r}", "write house rules for it")
            for lang in without
        )
        return (*meaning, *tone, *self._grammar.not_run)

    def refuse_missing(self) -> None:
        """Raises ReplyKitError where a check that is required has not run."""
        for item in self.not_run(()):
            if item.check in self.required:
                raise ReplyKitError(f"{item.check}: not checked, {item.reason}; {item.how}")
