"""Renders replies with Jinja2 in a sandbox, and tells what names a reply uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from replykit.errors import ReplyKitError
from replykit.library import RESERVED_NAMES, Response

if TYPE_CHECKING:
    from jinja2 import Environment

PARTIALS = "_partials"
_MAX_RENDERED = 200_000
_STANDARD_NAMES = RESERVED_NAMES - {"id"}


class Values:
    """A read-only record for templates: a name that it lacks is undefined, so an error."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.__dict__.update(fields)

    def __getitem__(self, name: str) -> Any:
        return self.__dict__[name]


class Templates:
    """The templates of one library folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environments: dict[str, Environment] = {}

    def render(self, response: Response, source: str, names: Mapping[str, Any]) -> str:
        """Renders a body or subject of a response. Raises ReplyKitError with file and line."""
        import jinja2

        environment = self._environment(response.lang)
        try:
            template = environment.from_string(source)
            text = template.render(names)
        except jinja2.TemplateSyntaxError as error:
            raise ReplyKitError(self._where(response, source, error.lineno, error)) from None
        except jinja2.TemplateError as error:
            line = _line_of(error)
            raise ReplyKitError(self._where(response, source, line, error)) from None
        except (ArithmeticError, TypeError, ValueError, LookupError, RecursionError) as error:
            raise ReplyKitError(self._where(response, source, _line_of(error), error)) from None
        return tidy(text[:_MAX_RENDERED])

    def outline(self, response: Response) -> str:
        """The reply as ranking and previews read it: no partials, names as `[[name]]`.

        Never raises: a template that cannot be rendered gives its source.
        """
        import jinja2

        environment = self._environment(response.lang).overlay(
            undefined=jinja2.ChainableUndefined, loader=jinja2.FunctionLoader(lambda name: "")
        )
        blank = {"channel": "email", "lang": response.lang, "formal": False}
        marks = {item.name: f"[[{item.name}]]" for item in response.details if item.required}
        try:
            return tidy(environment.from_string(response.body).render(blank | marks))
        except Exception:  # whatever a template may raise with half of its names
            return tidy(response.body)

    def problems(self, response: Response) -> Iterator[tuple[int, str]]:
        """What is wrong with a response's templates: (line of its file, message)."""
        import jinja2
        from jinja2 import meta, nodes

        environment = self._environment(response.lang)
        declared = {detail.name for detail in response.details}
        for source, first in ((response.body, response.body_line), (response.subject, 0)):
            try:
                tree = environment.parse(source)
                used = meta.find_undeclared_variables(tree)
                for name in meta.find_referenced_templates(tree):
                    if name is not None:
                        partial, _, _ = environment.loader.get_source(  # type: ignore[union-attr]
                            environment, name
                        )
                        used |= meta.find_undeclared_variables(environment.parse(partial))
            except jinja2.TemplateSyntaxError as error:
                yield (first + error.lineno - 1 if first else 1), f"Jinja: {error.message}"
                continue
            except jinja2.TemplateNotFound as error:
                yield first or 1, f"no partial {error.name!r} in {PARTIALS}/"
                continue
            for name in sorted(used - declared - _STANDARD_NAMES):
                line = _first_line(source, name)
                yield (
                    (first + line if first else 1),
                    f"{{{{ {name} }}}} is declared nowhere; add it to details",
                )
            for node in tree.find_all(nodes.Filter):
                if node.name not in environment.filters:
                    yield (first + node.lineno - 1 if first else 1), f"no filter {node.name!r}"

    def _environment(self, lang: str) -> Environment:
        if lang not in self._environments:
            from jinja2 import StrictUndefined
            from jinja2.sandbox import ImmutableSandboxedEnvironment

            from replykit.filters import filters

            environment = ImmutableSandboxedEnvironment(
                undefined=StrictUndefined,
                loader=self._loader(lang),
                trim_blocks=True,
                lstrip_blocks=True,
                autoescape=False,  # replies are plain text, never HTML
            )
            # A template must not be able to take the machine: no endless loops, no huge strings.
            environment.globals = {"range": environment.globals["range"]}
            environment.filters.update(filters(lang))
            self._environments[lang] = environment
        return self._environments[lang]

    def _loader(self, lang: str) -> Any:
        from jinja2 import FunctionLoader

        return FunctionLoader(lambda name: self._partial(name, lang))

    def _partial(self, name: str, lang: str) -> str | None:
        """A partial by its name: exactly, or with `.LANG.md` or `.md` added. None: no such one."""
        name = name.removeprefix(PARTIALS + "/")
        if not self._is_inside(name):
            return None
        for candidate in (name, f"{name}.{lang}.md", f"{name}.md"):
            path = self.folder / PARTIALS / candidate
            if path.is_file():
                return path.read_text("utf-8").rstrip("\n")
        return None

    def _is_inside(self, name: str) -> bool:
        folder = (self.folder / PARTIALS).resolve()
        return (folder / name).resolve().is_relative_to(folder)

    def _where(self, response: Response, source: str, line: int, error: Exception) -> str:
        place = response.body_line + line - 1 if source == response.body else 1
        text = str(error) or type(error).__name__
        return f"{self.folder / response.path}:{place}: {text}"


def tidy(text: str) -> str:
    """No blanks at line ends, no runs of blank lines, no blank lines at either end."""
    text = re.sub(r"[ \t]+\n", "\n", text.replace("\r\n", "\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n").rstrip()


def _line_of(error: BaseException) -> int:
    """The template's line in an error's traceback (Jinja2 rewrites it), or 1."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _first_line(source: str, name: str) -> int:
    match = re.search(rf"\b{re.escape(name)}\b", source)
    return source[: match.start()].count("\n") if match else 0

