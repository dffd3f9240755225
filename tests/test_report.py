"""Reports: each form says the same findings, as those who read it expect."""

import json
import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import jsonschema
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml

import csto
from conftest import ROOT, skip
from csto.errors import Position
from csto.finding import SEVERITIES, Finding
from csto.names import SH
from csto.vetting.exchange import in_junit, in_sarif, in_turtle
from csto.vetting.report import SCHEMA, Report, in_github, in_json, in_text

ODD = "100 %, a: b,\r\n::error::c \x1b[31m<&]]> \u202e💧"
"""What would end a line, a field, an element or the patience of a terminal."""

FINDINGS = (
    Finding(
        "mine.ttl",
        Position(2, 13),
        "violation",
        "Event-date",
        "An event has a date.",
        "http://example.org/a",
        "http://example.org/p",
        '"x"@en',
        precision="exact",
        shape="Event-date",
        component="DatatypeConstraintComponent",
    ),
    Finding(
        "mine.ttl",
        Position(3, 1),
        "warning",
        "MinCount",
        "There are fewer values than 1.",
        "_:anon1",
        "[ <http://www.w3.org/ns/shacl#inversePath> <http://example.org/q> ]",
        precision="subject",
        shape="_:s0.anon1",
        component="MinCountConstraintComponent",
    ),
    Finding("odd, 1:%.rdf", Position(), "info", "lexical-form", ODD, precision="none"),
)
TEXT = '@prefix ex: <http://example.org/> .\nex:a  ex:p  "x"@en .\n[] ex:r 1 .\n'
REPORT = Report(
    FINDINGS,
    {"http://example.org/S": 3, "http://example.org/Idle": 0},
    ("mine.ttl", "odd, 1:%.rdf"),
    {"mine.ttl": TEXT, "odd, 1:%.rdf": "<x/>"},
    {"ex": "http://example.org/"},
)


def schema(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def sarif_schema():
    modules = ROOT / "tests/node/node_modules/@microsoft/jest-sarif/lib/schemas"
    found = sorted(modules.glob("sarif-2.1.0*.json"))
    return schema(found[0]) if found else skip("the Node modules are not installed")


@given(st.lists(st.sampled_from(FINDINGS)), st.sampled_from([*SEVERITIES, "never"]))
def test_a_report_fails_at_its_threshold_and_no_earlier(findings, fail_on):
    report = Report(tuple(findings), {}, (), {}, {}, fail_on)
    bad = SEVERITIES[: [*SEVERITIES, "never"].index(fail_on) + 1]
    bad = bad if fail_on != "never" else ()

    assert bool(report.fails) is any(f.severity in bad for f in findings)


def test_the_text_shows_the_line_and_underlines_the_value():
    first = in_text(REPORT).split("\nmine.ttl:3", 1)[0].split("\n")

    assert first == [
        "mine.ttl:2:13: violation: An event has a date. [Event-date]",
        '     2 | ex:a  ex:p  "x"@en .',
        "       |             ^^^^^^",
        '       = ex:a ex:p "x"@en',
    ]


def test_the_text_never_pretends_to_know_a_place():
    text = in_text(REPORT)

    assert "the position is that of the subject" in text
    assert "odd, 1:%.rdf: info: " in text
    assert "has no positions" in text


def test_no_form_for_people_lets_a_control_character_through():
    for text in (in_text(REPORT), in_github(REPORT), in_junit(REPORT)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text)


def test_the_json_is_valid_by_the_published_schema():
    path = Path(csto.__file__).parent / "vetting/report-1.json"
    published = schema(path)
    jsonschema.Draft202012Validator.check_schema(published)
    jsonschema.validate(json.loads(in_json(REPORT)), published)

    assert published["$id"] == SCHEMA


def test_the_sarif_is_valid_by_the_official_schema():
    jsonschema.validate(json.loads(in_sarif(REPORT)), sarif_schema())


def test_the_sarif_is_what_code_scanning_asks_for():
    (run,) = json.loads(in_sarif(REPORT))["runs"]
    rules, results = run["tool"]["driver"]["rules"], run["results"]
    marks = [r["partialFingerprints"]["statement/v1"] for r in results]
    places = [r["locations"][0]["physicalLocation"] for r in results]

    assert [rules[r["ruleIndex"]]["id"] for r in results] == [f.rule for f in FINDINGS]
    assert all(rule["name"] != rule["id"] for rule in rules)
    assert len(set(marks)) == len(marks)
    assert [r["level"] for r in results] == ["error", "warning", "note"]
    assert places[0]["region"] == {"startLine": 2, "startColumn": 13}
    assert "region" not in places[2]
    assert unquote(places[2]["artifactLocation"]["uri"]) == "odd, 1:%.rdf"


def test_a_fingerprint_stays_when_lines_move_and_differs_for_a_second_like_it():
    first = FINDINGS[0]
    moved = Finding(**{**vars(first), "position": Position(9, 9)})
    both = json.loads(in_sarif(Report((first, moved), {}, (), {}, {})))
    marks = [
        r["partialFingerprints"]["statement/v1"] for r in both["runs"][0]["results"]
    ]

    assert [mark.split(":") for mark in marks] == [
        [marks[0].split(":")[0], "1"],
        [marks[0].split(":")[0], "2"],
    ]


def test_the_junit_is_read_back_with_a_case_per_shape_that_proves_something():
    read = JUnitXml.fromstring(in_junit(REPORT).encode())
    suites = {suite.name: list(suite) for suite in read}
    cases = {case.name: case for case in suites["mine.ttl"]}

    assert set(cases) == {"http://example.org/S", "Event-date", "_:s0.anon1"}
    assert cases["Event-date"].is_failure
    assert cases["http://example.org/S"].is_passed
    assert cases["_:s0.anon1"].is_passed
    assert [(s.tests, s.failures) for s in read] == [(3, 1), (2, 0)]


def test_the_junit_is_xml_that_a_strict_parser_reads():
    root = ET.fromstring(in_junit(REPORT).encode())  # noqa: S314 -- our own

    assert "<&]]>" in "".join(root.itertext())


def test_an_annotation_is_one_line_whatever_it_says():
    lines = in_github(REPORT).splitlines()
    command = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")
    matches = [command.fullmatch(line) for line in lines]

    assert [m[1] for m in matches] == ["error", "warning", "notice"]
    assert matches[0][2] == "file=mine.ttl,line=2,col=13,title=Event-date"
    assert matches[2][2] == "file=odd%2C 1%3A%25.rdf,title=lexical-form"
    assert matches[2][3].startswith("100 %25, a: b,\\r\\n::error::c ")


def test_the_turtle_is_a_validation_report_of_shacl():
    quads = list(ox.parse(in_turtle(REPORT).encode(), format=ox.RdfFormat.TURTLE))
    told = {}
    for quad in quads:
        told.setdefault(quad.predicate.value.removeprefix(SH), []).append(quad.object)

    assert [o.value for o in told["conforms"]] == ["false"]
    assert len(told["result"]) == len(told["resultSeverity"]) == len(FINDINGS)
    assert len(told["focusNode"]) == len(told["sourceConstraintComponent"]) == 3
    assert ox.Literal("x", language="en") in told["value"]
    assert told["inversePath"] == [ox.NamedNode("http://example.org/q")]


@pytest.mark.parametrize("write", [in_text, in_json, in_github, in_junit, in_sarif])
def test_a_report_without_findings_can_be_written(write):
    write(Report((), {}, ("mine.ttl",), {"mine.ttl": TEXT}, {}))


@pytest.mark.parametrize(
    "write", [in_text, in_json, in_github, in_junit, in_sarif, in_turtle]
)
def test_a_report_is_the_same_bytes_each_time(write):
    assert write(REPORT) == write(REPORT)
