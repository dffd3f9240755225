"""This module writes findings in the forms of others: JUnit, SARIF and SHACL."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pyoxigraph as ox

from csto.finding import Finding, visible
from csto.names import BASE, RDF, SH, SHAPE, SHAPES
from csto.vetting.report import Report, place

LEVELS: Final = {"violation": "error", "warning": "warning", "info": "note"}
SARIF: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def in_junit(report: Report) -> str:
    """Return the findings as JUnit XML: a suite per file, a case per shape or rule."""
    fails = set(report.fails)
    cases: dict[str, dict[str, list[Finding]]] = {name: {} for name in report.files}
    for name in cases:
        aiming = sorted(shape for shape, count in report.focus.items() if count)
        cases[name] = {shape.removeprefix(SHAPE): [] for shape in aiming}
    for finding in report.findings:
        rules = cases.setdefault(finding.path, {})
        rules.setdefault(finding.shape or finding.rule, []).append(finding)
    root = ET.Element("testsuites", name="csto validate")
    for name, rules in cases.items():
        bad = sum(any(f in fails for f in found) for found in rules.values())
        suite = ET.SubElement(root, "testsuite", name=visible(name), errors="0")
        suite.set("tests", str(len(rules)))
        suite.set("failures", str(bad))
        for rule, found in rules.items():
            _case(suite, name, rule, found, fails)
    ET.indent(root, " ")
    return ET.tostring(root, "unicode", xml_declaration=True) + "\n"


def _case(
    suite: ET.Element, name: str, rule: str, found: list[Finding], fails: set[Finding]
) -> None:
    case = ET.SubElement(suite, "testcase", classname=visible(name), name=visible(rule))
    if found and (line := found[0].position.line):
        case.set("file", visible(name))
        case.set("line", str(line))
    bad = [finding for finding in found if finding in fails]
    if bad:
        first = visible(f"{place(bad[0])}: {bad[0].message}")
        node = ET.SubElement(case, "failure", message=first, type=bad[0].severity)
        node.text = "\n".join(visible(_line(f)) for f in bad)
    if rest := [finding for finding in found if finding not in fails]:
        node = ET.SubElement(case, "system-out")
        node.text = "\n".join(visible(_line(f)) for f in rest)


def _line(f: Finding) -> str:
    about = " ".join(filter(None, (f.focus, f.property, f.value)))
    return f"{place(f)}: {f.severity}: {f.message} {f.remedy} {about}".rstrip()


def in_sarif(report: Report) -> str:
    """Return the findings as SARIF 2.1.0, as code scanning reads it."""
    rules = sorted({f.rule: f for f in reversed(report.findings)}.items())
    numbers = {name: number for number, (name, _) in enumerate(rules)}
    seen: Counter[str] = Counter()
    results = []
    for finding in report.findings:
        mark = _fingerprint(finding)
        seen[mark] += 1
        number = numbers[finding.rule]
        results.append(_result(finding, number, f"{mark}:{seen[mark]}"))
    driver = {
        "name": "csto",
        "semanticVersion": version("csto"),
        "informationUri": BASE,
        "rules": [_rule(name, finding) for name, finding in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    whole = {"$schema": SARIF, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _rule(name: str, finding: Finding) -> dict[str, Any]:
    words = re.findall(r"[A-Za-z0-9]+", name)
    is_ours = finding.shape and ":" not in finding.shape
    text = finding.message if finding.shape else f"The rule {name} of csto validate."
    return {
        "id": name,
        "name": "".join(w[0].upper() + w[1:] for w in words) + "Rule",
        "shortDescription": {"text": text},
        "helpUri": f"{SHAPE}{quote(name)}" if is_ours else SHAPES,
        "defaultConfiguration": {"level": LEVELS[finding.severity]},
    }


def _result(finding: Finding, rule: int, fingerprint: str) -> dict[str, Any]:
    file = Path(finding.path)
    uri = file.as_uri() if file.is_absolute() else quote(file.as_posix())
    where: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if finding.position.line:
        at = finding.position
        where["region"] = {"startLine": at.line, "startColumn": max(1, at.column)}
    about = {"precision": finding.precision, "focus": finding.focus}
    about |= {"path": finding.property, "value": finding.value, "shape": finding.shape}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": " ".join(filter(None, (finding.message, finding.remedy)))},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"statement/v1": fingerprint},
        "properties": {name: text for name, text in about.items() if text},
    }


def _fingerprint(f: Finding) -> str:
    """Return what stays the same when lines move: rule, file and statement."""
    key = f"{f.rule}\0{f.path}\0{f.focus}\0{f.property}\0{f.value}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def in_turtle(report: Report) -> str:
    """Return the findings as a SHACL validation report."""
    root = ox.BlankNode("report")
    results = [ox.BlankNode(f"result{n}") for n, _ in enumerate(report.findings, 1)]
    quads = [_quad(root, RDF + "type", ox.NamedNode(SH + "ValidationReport"))]
    quads.append(_quad(root, SH + "conforms", ox.Literal(not report.findings)))
    quads += [_quad(root, SH + "result", node) for node in results]
    for number, (node, finding) in enumerate(
        zip(results, report.findings, strict=True)
    ):
        quads.append(_quad(node, RDF + "type", ox.NamedNode(SH + "ValidationResult")))
        for name, text in _fields(finding).items():
            quads += _told(node, SH + name, text, f"path{number}.")
        message = ox.Literal(" ".join(filter(None, (finding.message, finding.remedy))))
        quads.append(_quad(node, SH + "resultMessage", message))
    form, spaces = ox.RdfFormat.TURTLE, {**report.prefixes, "sh": SH, "shape": SHAPE}
    written = ox.serialize(quads, format=form, prefixes=spaces) or b""
    lines = written.decode().rstrip("\n").split("\n")
    head = sorted(line for line in lines[: len(spaces)] if line.startswith("@prefix"))
    return "\n".join([*head, *lines[len(head) :], ""])


def _fields(finding: Finding) -> dict[str, str]:
    """Return the properties of one result, with their values in Turtle."""
    shape = finding.shape if ":" in finding.shape else SHAPE + finding.shape
    path, is_iri = finding.property, finding.property[:1] not in ("[", "(")
    component = SH + finding.component if finding.component else SHAPE + finding.rule
    fields = {
        "focusNode": _node(finding.focus or SHAPES),
        "resultSeverity": _node(SH + finding.severity.capitalize()),
        "sourceConstraintComponent": _node(component),
        "sourceShape": _node(shape) if finding.shape else "",
        "resultPath": _node(path) if is_iri and path else path,
        "value": finding.value,
    }
    return {name: text for name, text in fields.items() if text}


def _node(name: str) -> str:
    return name if name.startswith(("_:", '"')) else f"<{name}>"


def _told(node: ox.BlankNode, predicate: str, text: str, mark: str) -> list[ox.Quad]:
    """Return the statement that *text*, in Turtle, is the value of *predicate*.

    The blank nodes of a path get names that begin with *mark*.
    """
    line = f"<urn:x> <{predicate}> {text} ."
    names: dict[str, ox.BlankNode] = {}

    def named(term: Any) -> Any:
        if term == ox.NamedNode("urn:x"):
            return node
        if not isinstance(term, ox.BlankNode) or text.startswith("_:"):
            return term
        return names.setdefault(term.value, ox.BlankNode(f"{mark}{len(names) + 1}"))

    parsed = ox.parse(line.encode(), format=ox.RdfFormat.TURTLE)
    return [ox.Quad(named(q.subject), q.predicate, named(q.object)) for q in parsed]


def _quad(subject: ox.BlankNode, predicate: str, value: Any) -> ox.Quad:
    return ox.Quad(subject, ox.NamedNode(predicate), value)
