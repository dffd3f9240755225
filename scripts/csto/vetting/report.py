"""This module writes findings for people, programs and GitHub."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from csto.finding import SEVERITIES, Finding, visible
from csto.names import BASE, PREFIXES

SCHEMA: Final = f"{BASE}/schema/report-1.json"
"""Which document says what the JSON form looks like; it lies beside this module."""

COMMANDS: Final = {"violation": "error", "warning": "warning", "info": "notice"}
TOKEN: Final = re.compile(
    r'"""|\'\'\'|<[^>\s]*>|"(?:[^"\\]|\\.)*"(?:@[\w-]+|\^\^[^\s;,)\]]+)?'
    r"|'(?:[^'\\]|\\.)*'(?:@[\w-]+|\^\^[^\s;,)\]]+)?|[\[(]|[^\s;,)\]]+(?<!\.)"
)
"""What a caret line underlines: one term, or the bracket that opens one."""

WIDTH: Final = 100
NOTES: Final = {
    "property": "the position is that of the property",
    "subject": "the position is that of the subject",
    "none": "this form of RDF has no positions, or the statement is not in the file",
}


@dataclass(frozen=True)
class Report:
    """The findings on some files, what the shapes aimed at, and the texts."""

    findings: tuple[Finding, ...]
    focus: dict[str, int]
    files: tuple[str, ...]
    texts: dict[str, str]
    prefixes: dict[str, str]
    fail_on: str = "violation"

    @property
    def fails(self) -> tuple[Finding, ...]:
        """The findings that are as bad as, or worse than, `fail_on`."""
        if self.fail_on not in SEVERITIES:
            return ()
        bad = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1]
        return tuple(f for f in self.findings if f.severity in bad)

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity."""
        counted = Counter(finding.severity for finding in self.findings)
        return {severity: counted[severity] for severity in SEVERITIES}

    def short(self, term: str) -> str:
        """Return *term*, an IRI or a literal, with the prefixes of the files."""
        iri = term.removeprefix("<").removesuffix(">")
        for prefix, namespace in {**PREFIXES, **self.prefixes}.items():
            local = iri.removeprefix(namespace)
            if iri.startswith(namespace) and re.fullmatch(r"[\w-]+", local):
                return f"{prefix}:{local}"
        return term


def place(finding: Finding) -> str:
    """Return `file:line:column`, or the file alone where no line is known."""
    at = finding.position
    return f"{finding.path}:{at.line}:{at.column}" if at.line else finding.path


def in_text(report: Report) -> str:
    """Return the findings as lines that terminals and editors can jump from."""
    blocks = []
    for finding in report.findings:
        said = " ".join(filter(None, (finding.message, finding.remedy)))
        head = f"{place(finding)}: {finding.severity}: {said} [{finding.rule}]"
        blocks.append("\n".join([visible(head), *_source(report, finding)]))
    return "".join(f"{block}\n" for block in blocks)


def _source(report: Report, finding: Finding) -> list[str]:
    """Return the line of the source, a caret below the term, and what is known."""
    lines = []
    number, column = finding.position.line, finding.position.column
    source = report.texts.get(finding.path, "").split("\n")
    if 0 < number <= len(source):
        line = source[number - 1]
        found = TOKEN.match(line, column - 1)
        length = len(found[0]) if found and finding.precision == "exact" else 1
        begin = max(0, column - WIDTH)
        shown = visible(line[begin : begin + 2 * WIDTH].replace("\t", " ")).rstrip()
        lines.append(f"{number:>6} | {shown}")
        lines.append(f"{'':>6} | {'':>{column - 1 - begin}}{'^' * min(length, WIDTH)}")
    about = [report.short(finding.focus), report.short(finding.property)]
    value = report.short(finding.value)
    about.append(value if len(value) <= WIDTH else f"{value[:WIDTH]}…")
    lines += (
        [f"{'':>6} = {visible(' '.join(filter(None, about)))}"] if any(about) else []
    )
    if note := NOTES.get(finding.precision):
        lines.append(f"{'':>6} = {note}")
    return lines


def in_json(report: Report) -> str:
    """Return the findings as JSON, after the schema that is named in it."""
    results = [
        {
            "severity": f.severity,
            "rule": f.rule,
            "message": f.message,
            "remedy": f.remedy,
            "file": f.path,
            "line": f.position.line or None,
            "column": f.position.column or None,
            "precision": f.precision or "none",
            "focus": f.focus or None,
            "path": f.property or None,
            "value": f.value or None,
            "shape": f.shape or None,
            "component": f.component or None,
        }
        for f in report.findings
    ]
    whole: dict[str, Any] = {
        "schema": SCHEMA,
        "conforms": not report.findings,
        "fails": bool(report.fails),
        "files": list(report.files),
        "counts": report.counts,
        "focus": dict(sorted(report.focus.items())),
        "results": results,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def in_github(report: Report) -> str:
    """Return the findings as workflow commands, which GitHub shows as annotations."""
    lines = []
    for finding in report.findings:
        at = finding.position
        fields = {"file": finding.path, "line": at.line, "col": at.column}
        fields |= {"title": finding.rule}
        known = [f"{k}={_field(str(v))}" for k, v in fields.items() if v]
        said = " ".join(filter(None, (finding.message, finding.remedy)))
        command = COMMANDS[finding.severity]
        lines.append(f"::{command} {','.join(known)}::{_data(visible(said))}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _field(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
