"""Renders replies with Jinja2 in a sandbox, and tells what names a reply uses."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.errors import ReplyKitError
from replykit.library.response import RESERVED_NAMES, Response
from replykit.library.suppress import Comment, Suppression, mark, take_out

if TYPE_CHECKING:
    from jinja2 import Environment

PARTIALS = "_partials"
# A line of nothing but a tag or a comment is no line of the letter: its line end goes into the tag,
# which keeps the numbers of the lines. (Jinja's trim_blocks would also join the paragraphs around
# an {% endif %} that ends a line of text.) An include stands for text, so its line stays.
_STANDALONE = re.compile(
    r"^([ \t]*\{%-?(?!\s*include\b)(?:(?!%\}|\{%).)*?)"
    r"(-?%\}(?:[ \t]*\{%(?:(?!%\}|\{%).)*%\})*)[ \t]*\n",
    re.MULTILINE,
)
_COMMENT_LINE = re.compile(
    r"^([ \t]*\{#(?:(?!#\}|\{#).)*?)(-?#\})[ \t]*\n", re.MULTILINE | re.DOTALL
)
# As near as emial is to email.
_MISSPELT = 0.8
_MAX_RENDERED = 200_000
_MAX_STEPS = 20_000
_MAX_PRODUCT = 10**15
# Known where the settings have opening hours; a detail may take these names.
_NAMES_OF_HOURS = frozenset({"opening", "promise"})
_STANDARD_NAMES = (RESERVED_NAMES - {"id"}) | _NAMES_OF_HOURS


class Values:
    """A record for templates: a name that it lacks is undefined, so an error; so is the whole.

    What is costly to know is given `later`: worked out when a template first names it. Where the
    record comes from a `source` that may not know everybody, what it lacks is empty, but for a
    name that is as good as one of those that are always there.
    """

    def __init__(
        self,
        what: str,
        fields: Mapping[str, Any],
        later: Mapping[str, Callable[[], Any]] | None = None,
        *,
        source: bool = False,
    ) -> None:
        self.__dict__.update(fields)
        self._what, self._source = what, source
        self._later = dict(later or {})

    def __getattr__(self, name: str) -> Any:
        later = self.__dict__.get("_later", {})
        if name not in later:
            if self.__dict__.get("_source") and not name.startswith("_") and not self._near(name):
                from jinja2 import Undefined

                return Undefined(name=name)
            raise AttributeError(name)
        self.__dict__[name] = later[name]()
        return self.__dict__[name]

    def __getitem__(self, name: str) -> Any:
        return self.__dict__[name]

    def __str__(self) -> str:
        raise TypeError(f"{self._what} is a record; write one of its fields: {self._known()}")

    def lacks(self, name: object) -> str:
        """What to say of a field that is not there."""
        return f"{self._what}.{name} is unknown; {self._what} has: {self._known()}"

    def _known(self) -> str:
        return ", ".join(self._names())

    def _names(self) -> list[str]:
        names = dict.fromkeys((*self.__dict__, *self._later))
        return [name for name in names if not name.startswith("_")]

    def _near(self, name: str) -> bool:
        """Whether a name is a slip for one that is there; company_id is another than company."""
        near = difflib.get_close_matches(name, self._names(), 1, _MISSPELT)
        return bool(near) and not name.startswith(f"{near[0]}_")


class _Budget:
    """Steps of loops and calls that one rendering has left; a reply needs a few hundred."""

    def __init__(self) -> None:
        self.steps = 0

    def spend(self) -> None:
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise OverflowError(f"more than {_MAX_STEPS} steps of loops and calls")

    def counted(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.spend()
            yield value


class Templates:
    """The templates of one library folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environments: dict[str, Environment] = {}

    def render(self, response: Response, source: str, names: Mapping[str, Any]) -> str:
        """Renders a body or subject of a response. Raises ReplyKitError with file and line."""
        return self.render_all(response, source, names)[0]

    def render_all(
        self, response: Response, source: str, names: Mapping[str, Any]
    ) -> tuple[str, tuple[Suppression, ...]]:
        """What `render` gives, and the suppressions that stand in the template's comments."""
        import jinja2

        environment = self._environment(response.lang)
        try:
            text = _bounded(environment.from_string(source).generate(names))
        except jinja2.TemplateSyntaxError as error:
            place = (error.filename, error.lineno)
            raise ReplyKitError(self._where(response, source, place, error)) from None
        except _faults() as error:
            raise ReplyKitError(self._where(response, source, _place_of(error), error)) from None
        text, suppressions = take_out(text, environment.suppressions)  # type: ignore[attr-defined]
        return tidy(text), tuple(suppressions)

    def outline(self, response: Response, *, defaults: bool = False) -> str:
        """The reply as ranking reads it: no partials, what must be known as `[[name]]`; a preview
        has the defaults of the rest too, where ranking goes by the reply's own words.

        Never raises: a template that cannot be rendered gives its source.
        """
        import jinja2

        environment = self._environment(response.lang).overlay(
            undefined=jinja2.ChainableUndefined, loader=jinja2.FunctionLoader(lambda name: "")
        )
        blank: dict[str, Any] = {"channel": "email", "lang": response.lang, "formal": False}
        blank["promise"] = lambda **amounts: ""
        marks = {item.name: item.default for item in response.details if defaults and item.default}
        marks |= {item.name: f"[[{item.name}]]" for item in response.details if item.required}
        try:
            text = environment.from_string(response.body).render(blank | marks)
            return tidy(take_out(text, environment.suppressions)[0])  # type: ignore[attr-defined]
        except Exception:  # whatever a template may raise with half of its names
            return tidy(response.body)

    def problems(self, response: Response) -> Iterator[tuple[int, str]]:
        """What is wrong with a response's templates: (line of its file, message)."""
        import jinja2
        from jinja2 import meta, nodes

        environment = self._environment(response.lang)
        declared = {detail.name for detail in response.details}
        subject_line = response.line("subject")
        for source, first in (
            (response.body, response.body_line),
            (response.subject, subject_line),
        ):
            try:
                tree = environment.parse(source)
                used = meta.find_undeclared_variables(tree)
                for name in meta.find_referenced_templates(tree):
                    if name is not None:
                        partial, file, _ = environment.loader.get_source(  # type: ignore[union-attr]
                            environment, name
                        )
                        tree_of_it = environment.parse(partial, name, file)
                        used |= meta.find_undeclared_variables(tree_of_it)
            except jinja2.TemplateSyntaxError as error:
                if error.filename and not error.filename.startswith("<"):  # a partial
                    yield first, f"Jinja: {error.filename}:{error.lineno}: {error.message}"
                else:
                    yield first + error.lineno - 1, f"Jinja: {error.message}"
                continue
            except jinja2.TemplateNotFound as error:
                yield first, f"no partial {error.name!r} in {PARTIALS}/"
                continue
            except _faults() as error:
                yield first, f"Jinja: {error}"
                continue
            for name in sorted(used - declared - _STANDARD_NAMES):
                line = _first_line(source, name)
                yield first + line, f"{{{{ {name} }}}} is declared nowhere; add it to details"
            for node in tree.find_all(nodes.Filter):
                if node.name not in environment.filters:
                    yield first + node.lineno - 1, f"no filter {node.name!r}"

    def _environment(self, lang: str) -> Environment:
        if lang not in self._environments:
            from replykit.filling.filters import filters

            environment = _environment_class()(
                loader=self._loader(lang),
                lstrip_blocks=True,
                autoescape=False,  # replies are plain text, never HTML
            )
            environment.filters.update(filters(lang))
            self._environments[lang] = environment
        return self._environments[lang]

    def _loader(self, lang: str) -> Any:
        from jinja2 import FunctionLoader

        return FunctionLoader(lambda name: self._partial(name, lang))

    def _partial(self, name: str, lang: str) -> tuple[str, str, None] | None:
        """A partial's text and path by its name: exactly, or with `.LANG.md` or `.md` added.

        None: there is no such one.
        """
        name = name.removeprefix(PARTIALS + "/")
        folder = (self.folder / PARTIALS).resolve()
        for candidate in (name, f"{name}.{lang}.md", f"{name}.md"):
            path = folder / candidate
            if path.is_file() and path.resolve().is_relative_to(folder):
                try:
                    text = path.read_text("utf-8-sig")
                except (OSError, UnicodeDecodeError) as error:
                    reason = getattr(error, "strerror", None) or "not UTF-8"
                    raise ValueError(f"{PARTIALS}/{candidate} cannot be read ({reason})") from None
                return text.rstrip("\n"), str(self.folder / PARTIALS / candidate), None
        return None

    def _where(
        self, response: Response, source: str, place: tuple[str | None, int], error: BaseException
    ) -> str:
        path, line = place
        if not path or path.startswith("<"):
            path = str(self.folder / response.path)
            first = response.body_line if source == response.body else response.line("subject")
            line += first - 1
        return f"{path}:{line}: {_text_of(error)}"


@cache
def _environment_class() -> type[Environment]:
    """The sandbox, made when first needed, for it is slow to import.

    A template must not be able to take the machine: loops and calls are counted, and no operator
    makes huge numbers or texts.
    """
    from jinja2 import StrictUndefined, nodes
    from jinja2.runtime import Context
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from jinja2.utils import missing

    class Undefined(StrictUndefined):
        """Says in the words of a library's writer what is not known."""

        @property
        def _undefined_message(self) -> str:
            if isinstance(self._undefined_obj, Values):
                return self._undefined_obj.lacks(self._undefined_name)
            if self._undefined_name in _NAMES_OF_HOURS and self._undefined_obj is missing:
                name = self._undefined_name
                return f"{name} is unknown without opening hours: add [opening] to replykit.toml"
            return super()._undefined_message

    class Sandbox(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**"})

        def __init__(self, **options: Any) -> None:
            super().__init__(undefined=Undefined, **options)
            self.globals = {"range": self.globals["range"]}
            self.budget = _Budget()
            self.suppressions: dict[Comment, int] = {}
            self.filters["_counted"] = self.budget.counted

        def from_string(self, *arguments: Any, **options: Any) -> Any:
            self.budget.steps = 0  # in place: an overlay shares the filter that counts
            return super().from_string(*arguments, **options)

        def preprocess(
            self, source: str, name: str | None = None, filename: str | None = None
        ) -> str:
            source = mark(source, filename or "", self.suppressions)
            source = _COMMENT_LINE.sub(r"\1\n\2", source)
            return _STANDALONE.sub(r"\1\n\2", super().preprocess(source, name, filename))

        def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
            tree = super()._parse(source, name, filename)
            for loop in tree.find_all(nodes.For):
                loop.iter = nodes.Filter(loop.iter, "_counted", [], [], None, None).set_lineno(
                    loop.lineno
                )
            tree.set_environment(self)
            return tree

        def get_template(self, *arguments: Any, **options: Any) -> Any:
            self.budget.spend()
            return super().get_template(*arguments, **options)

        def call(self, context: Context, obj: Any, /, *arguments: Any, **options: Any) -> Any:
            self.budget.spend()
            return super().call(context, obj, *arguments, **options)

        def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
            if _is_huge(operator, left, right):
                raise OverflowError(f"{operator} makes too much of this")
            return super().call_binop(context, operator, left, right)

    return Sandbox


def _is_huge(operator: str, left: Any, right: Any) -> bool:
    numbers = [side for side in (left, right) if isinstance(side, (int, float))]
    if operator == "**":
        return any(abs(side) > 1000 for side in numbers)
    texts = [len(side) for side in (left, right) if isinstance(side, (str, list, tuple))]
    limit = _MAX_RENDERED if texts else _MAX_PRODUCT
    return math.prod(map(abs, numbers)) * math.prod(texts) > limit


@cache
def _faults() -> tuple[type[BaseException], ...]:
    """What a template may raise when it is rendered."""
    from jinja2 import TemplateError

    builtin = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
    return TemplateError, *builtin, RecursionError, MemoryError


def _bounded(pieces: Iterable[str]) -> str:
    found: list[str] = []
    length = 0
    for piece in pieces:
        found.append(piece)
        length += len(piece)
        if length > _MAX_RENDERED:
            raise OverflowError(f"the reply is longer than {_MAX_RENDERED} characters")
    return "".join(found)


def tidy(text: str) -> str:
    """No blanks at line ends, no runs of blank lines, no blank lines at either end."""
    text = re.sub(r"[ \t]+\n", "\n", text.replace("\r\n", "\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n").rstrip()


def _place_of(error: BaseException) -> tuple[str | None, int]:
    """The template's file and line in an error's traceback (Jinja2 rewrites it), or line 1."""
    file, line, trace = "", 1, error.__traceback__
    while trace:
        name = trace.tb_frame.f_code.co_filename
        if name == "<template>" or f"{PARTIALS}/" in name.replace("\\", "/"):
            file, line = name, trace.tb_lineno
        trace = trace.tb_next
    return file, line


def _text_of(error: BaseException) -> str:
    from jinja2 import TemplateNotFound

    if isinstance(error, TemplateNotFound):
        return f"no partial {error.name!r} in {PARTIALS}/"
    return str(error) or type(error).__name__


def _first_line(source: str, name: str) -> int:
    match = re.search(rf"\b{re.escape(name)}\b", source)
    return source[: match.start()].count("\n") if match else 0
