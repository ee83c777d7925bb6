"""Parses a response's file: YAML front matter, each fault with its line, and the reply below."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from replykit.config import CHANNELS
from replykit.library.response import RESERVED_NAMES, STATUSES, Detail, Problem, Response

_MAX_DEPTH = 1000


def parse(text: str, path: str, id: str, lang: str) -> tuple[Response | None, list[Problem]]:
    """One file's text as a response (None where its front matter cannot be used)."""
    text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return None, [Problem(path, 1, "no front matter; the first line must be ---")]
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        return None, [Problem(path, len(lines), "the front matter has no closing ---")]
    reader = _FrontMatter(path, lines[1:end])
    values = reader.read()
    if values is None or reader.fatal:
        return None, reader.problems
    body = "\n".join(lines[end + 1 :]).strip("\n")
    skipped = len("\n".join(lines[end + 1 :])) - len("\n".join(lines[end + 1 :]).lstrip("\n"))
    if not body.strip():
        reader.problem(end, "the reply has no text below its front matter")
    response = Response(
        id=id, lang=lang, path=path, body=body, body_line=end + 2 + skipped, **values
    )
    return response, reader.problems


def _fast_loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _is_deep(text: str) -> bool:
    """Whether lists may lie in one another so deep that the loader in C would crash."""
    flow = text.count("[") + text.count("{") > _MAX_DEPTH
    return flow or any(line.count("- ") > _MAX_DEPTH for line in text.split("\n"))


class _FrontMatter:
    """Turns YAML nodes into values; nodes know their lines, and what stood there before YAML."""

    def __init__(self, path: str, lines: list[str]) -> None:
        self.path = path
        self.lines = lines
        self.problems: list[Problem] = []
        self.fatal = False
        self.example_lines: list[int] = []
        self.key_lines: dict[str, int] = {}

    def problem(self, line: int, message: str) -> None:
        """Records a fault; `line` counts from 0 within the front matter."""
        self.problems.append(Problem(self.path, line + 2, message))

    def fail(self, line: int, message: str) -> None:
        self.fatal = True
        self.problem(line, message)

    def read(self) -> dict[str, Any] | None:
        import yaml

        text = "\n".join(self.lines)
        loader: Any = yaml.SafeLoader if _is_deep(text) else _fast_loader()
        root: Any = None
        try:
            root = yaml.compose(text, Loader=loader)
        except RecursionError:
            self.fail(0, "YAML: too many lists or tables in one another")
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            what = error.problem or error.context or "not valid"
            line = mark.line if mark else 0
            self.fail(line, f"YAML: {what}; {self._way_to_write(line)}")
            return None
        except yaml.YAMLError as error:
            self.fail(self._unprintable(), f"YAML: {str(error).splitlines()[0]}")
            return None
        if root is None or root.id != "mapping":
            self.fail(0, "the front matter must be keys and values, at least a title")
            return None
        readers: dict[str, Callable[[Any, str], Any]] = {
            "title": self._text,
            "subject": self._text,
            "examples": self._examples,
            "channels": lambda node, key: self._choices(node, key, CHANNELS),
            "tags": self._texts,
            "details": self._details,
            "follow_up": self._texts,
            "status": lambda node, key: self._choice(node, key, STATUSES),
            "valid_from": self._date,
            "valid_until": self._date,
            "owner": self._text,
            "review_by": self._date,
            "lint": self._lint,
        }
        values = self._mapping(root, readers, "")
        if "title" not in values and not self.fatal:
            self.fail(0, "title is missing; every reply needs one")
        if "lint" in values:
            values["lint_ignore"] = values.pop("lint")
        first, last = values.get("valid_from"), values.get("valid_until")
        if first and last and first > last:
            self.fail(self.key_lines["valid_until"] - 2, f"valid_until is before {first}")
        values["example_lines"] = tuple(self.example_lines)
        values["key_lines"] = self.key_lines
        return values

    def _way_to_write(self, line: int) -> str:
        """What to do about a line that is not YAML."""
        text = self.lines[line].strip() if line < len(self.lines) else ""
        if not text.startswith("- "):
            return "quote values that contain ': ' or begin with a special character"
        text = text[2:].strip()
        if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
            text = text[1:-1]
        return f"write it as - {_single_quoted(text)}"

    def _unprintable(self) -> int:
        """The line of the first character that YAML does not read at all, else the first."""
        for number, line in enumerate(self.lines):
            if not line.replace("\t", "").isprintable():
                return number
        return 0

    def _mapping(
        self, root: Any, readers: Mapping[str, Callable[[Any, str], Any]], place: str
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, node in root.value:
            key, line = str(key_node.value), key_node.start_mark.line
            if key not in readers:
                near = difflib.get_close_matches(key, readers, 1)
                hint = f"; did you mean {near[0]}?" if near else f"; known: {', '.join(readers)}"
                self.fail(line, f"unknown key {place}{key}{hint}")
            elif key in values:
                self.fail(line, f"{place}{key} stands twice")
            else:
                if not place:
                    self.key_lines[key] = line + 2
                value = readers[key](node, place + key)
                values[key] = value
        return {key: value for key, value in values.items() if value is not None}

    def _empty(self, node: Any) -> bool:
        return bool(node.id == "scalar" and not node.style and node.value in ("", "~", "null"))

    def _text(self, node: Any, key: str) -> str | None:
        if self._empty(node):
            return None
        if node.id != "scalar":
            self.fail(
                node.start_mark.line,
                f"{key}: expected text; quote it: {key.rpartition('.')[2]}: {self._quoted(node)}",
            )
            return None
        return str(node.value)

    def _texts(self, node: Any, key: str) -> tuple[str, ...] | None:
        if self._empty(node):
            return None
        if node.id != "sequence":
            self.fail(node.start_mark.line, f"{key}: expected a list: {key}: [one, two]")
            return None
        found = [self._text(item, f"{key}[{n}]") for n, item in enumerate(node.value)]
        return tuple(text for text in found if text is not None)

    def _choice(self, node: Any, key: str, known: tuple[str, ...]) -> str | None:
        value = self._text(node, key)
        if value is not None and value not in known:
            near = difflib.get_close_matches(value, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            self.fail(node.start_mark.line, f"{key}: {value!r} is unknown; {hint}")
            return None
        return value

    def _choices(self, node: Any, key: str, known: tuple[str, ...]) -> tuple[str, ...] | None:
        if self._empty(node):
            return None
        nodes = node.value if node.id == "sequence" else [node]
        if not nodes:
            self.fail(node.start_mark.line, f"{key}: name one at least, or leave the key out")
            return None
        found = [self._choice(item, key, known) for item in nodes]
        return tuple(value for value in found if value is not None)

    def _date(self, node: Any, key: str) -> date | None:
        value = self._text(node, key)
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(node.start_mark.line, f"{key}: {value!r} is not a date; write 2026-11-30")
            return None

    def _flag(self, node: Any, key: str) -> bool | None:
        words = {"true": True, "yes": True, "false": False, "no": False}
        value = words.get(str(node.value).lower()) if node.id == "scalar" else None
        if value is None:
            self.fail(node.start_mark.line, f"{key}: expected true or false")
        return value

    def _lint(self, node: Any, key: str) -> tuple[str, ...] | None:
        if node.id != "mapping":
            self.fail(node.start_mark.line, "lint: expected a table, as lint: {ignore: [LEN002]}")
            return None
        found: tuple[str, ...] = self._mapping(node, {"ignore": self._texts}, "lint.").get(
            "ignore", ()
        )
        return found

    def _details(self, node: Any, key: str) -> tuple[Detail, ...] | None:
        if self._empty(node):
            return None
        if node.id != "mapping":
            self.fail(node.start_mark.line, "details: expected names with their descriptions")
            return None
        details: dict[str, Detail] = {}
        for name_node, value in node.value:
            name, line = str(name_node.value), name_node.start_mark.line
            if name in RESERVED_NAMES:
                self.fail(line, f"details.{name}: the name is taken; choose another")
            elif not name.isidentifier():
                self.fail(line, f"details.{name}: use letters, digits and _ as in order_number")
            elif name in details:
                self.fail(line, f"details.{name} stands twice")
            else:
                details[name] = self._detail(name, value)
        return tuple(details.values())

    def _detail(self, name: str, node: Any) -> Detail:
        if self._empty(node):
            return Detail(name)
        if node.id != "mapping":
            self.fail(node.start_mark.line, f"details.{name}: expected a table")
            return Detail(name)
        readers: dict[str, Callable[[Any, str], Any]] = {
            "description": self._text,
            "pattern": self._pattern,
            "ask": self._text,
            "required": self._flag,
            "default": self._text,
        }
        return Detail(name, **self._mapping(node, readers, f"details.{name}."))

    def _pattern(self, node: Any, key: str) -> str | None:
        import regex

        pattern = self._text(node, key)
        try:
            regex.compile(pattern or "")
            # In the midst of another one, as it is used: a (?x) comment would eat what follows.
            regex.compile(f"(?:{pattern})")
        except (regex.error, RecursionError, OverflowError) as error:
            self.fail(node.start_mark.line, f"{key}: not a regular expression: {error}")
            return None
        return pattern

    def _examples(self, node: Any, key: str) -> tuple[str, ...] | None:
        """Examples, each compared with the text that stands in the file."""
        if self._empty(node):
            return None
        if node.id != "sequence":
            self.fail(node.start_mark.line, "examples: expected a list, a line each: - text")
            return None
        found: list[str] = []
        place = node.start_mark.line
        for item in node.value:
            if item.start_mark.line < place:  # *name gives the node that &name stands at
                place = self._alias(place)
                text = _single_quoted(self.lines[place].strip().removeprefix("-").strip())
                self.fail(place, f"examples: YAML reads a reference here; write it as - {text}")
                continue
            place = line = item.start_mark.line
            reason = self._eaten(item)
            if item.id == "scalar" and not item.value.strip():
                self.fail(line, "examples: an empty example; remove it")
            elif reason:
                dash = "" if node.flow_style else "- "
                self.fail(line, f"examples: YAML {reason}; write it as {dash}{self._quoted(item)}")
            else:
                found.append(" ".join(item.value.split()))
                self.example_lines.append(line + 2)
        return tuple(found)

    def _alias(self, first: int) -> int:
        """The line of the next `*name` from a line on."""
        rest = range(first, len(self.lines))
        return next((n for n in rest if self.lines[n].lstrip("- ").startswith("*")), first)

    def _eaten(self, node: Any) -> str:
        """What YAML made of an example, where it is not the text that stands there."""
        if node.id != "scalar":
            return f"reads a {'list' if node.id == 'sequence' else 'key and a value'} here"
        if node.style:  # quoted, or a block: as its writer meant it
            return ""
        if node.tag != "tag:yaml.org,2002:str":
            return f"reads {node.tag.rpartition(':')[2]} here, not text"
        start, end = node.start_mark, node.end_mark
        rest = self.lines[end.line][end.column :].strip() if end.line < len(self.lines) else ""
        if rest.startswith("#"):
            return f"drops the text from {rest[:20]!r} as a comment"
        stands = "\n".join(self.lines[start.line : end.line + 1])
        cut = len(self.lines[end.line]) - end.column if end.line < len(self.lines) else 0
        stands = stands[start.column : len(stands) - cut]
        if " ".join(stands.split()) != " ".join(node.value.split()):
            return "changes this text"
        return ""

    def _quoted(self, node: Any) -> str:
        """The line's own text after its dash or key, as a YAML string."""
        start, end = node.start_mark, node.end_mark
        text = self.lines[start.line][start.column :]
        rest = self.lines[end.line][end.column :].strip() if end.line < len(self.lines) else ""
        if end.line == start.line and rest[:1] in (",", "]"):  # one of several in a line
            text = self.lines[start.line][start.column : end.column]
        elif node.id == "scalar" and end.line > start.line:
            text += " " + " ".join(self.lines[start.line + 1 : end.line + 1])
        return _single_quoted(text)


def _single_quoted(text: str) -> str:
    text = " ".join(text.split()).replace("'", "''")
    return f"'{text}'"
