"""JUnit's XML: a test case a text, failed where it has an error or a warning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from replykit.checking.checked import Checked
from replykit.linter import Finding, line_starts, position
from replykit.rules import Rule

# What XML 1.0 cannot hold, escaped or not.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(checked: Sequence[Checked], _: Sequence[Rule] = ()) -> str:
    """One suite; suggestions are told in a case's output and fail nothing."""
    suite = ElementTree.Element("testsuite", name="replykit lint")
    failures = errors = 0
    for item in checked:
        case = ElementTree.SubElement(suite, "testcase", classname="replykit", name=_xml(item.path))
        if item.error:
            errors += 1
            ElementTree.SubElement(case, "error", message=_xml(item.error))
            continue
        grave = [finding for finding in item.findings if finding.severity != "suggestion"]
        light = [finding for finding in item.findings if finding.severity == "suggestion"]
        starts = line_starts(item.text)
        if grave:
            failures += 1
            message = f"{len(grave)} finding{'s' if len(grave) != 1 else ''}"
            failure = ElementTree.SubElement(case, "failure", message=message)
            failure.text = _xml("\n".join(_line(finding, starts) for finding in grave))
        if light:
            output = ElementTree.SubElement(case, "system-out")
            output.text = _xml("\n".join(_line(finding, starts) for finding in light))
    for name, count in (("tests", len(checked)), ("failures", failures), ("errors", errors)):
        suite.set(name, str(count))
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + ElementTree.tostring(suites, encoding="unicode")


def _line(finding: Finding, starts: Sequence[int]) -> str:
    line, column = position(starts, finding.start)
    return f"{line}:{column}: {finding.severity} {finding.code} {finding.name}: {finding.message}"


def _xml(text: str) -> str:
    return _NO_XML.sub("", text)
