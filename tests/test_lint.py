"""Lint: each rule fires where it should, and nowhere in our own rooms."""

import shutil
from dataclasses import dataclass

import pytest

from conftest import CASES
from csto.lint import lint
from csto.names import EDTF, PREFIXES, XSD
from csto.queries import GROUPS
from csto.read import parse_text
from csto.rooms import Project, open_project

RULES = {
    "layout",
    "look-alike",
    "prefix",
    "profile",
    "query",
    "query-header",
    "unknown-term",
    "unregistered",
}


@dataclass(frozen=True)
class Case:
    """The body of a file that is added to a room, and what is found in it.

    A finding is a line of the body, a column, a rule and a message with remedy.
    """

    body: str
    findings: tuple[tuple[int, int, str, str], ...] = ()
    path: str = "data/added.ttl"
    prefixes: tuple[str, ...] = ("csto", "event", "rdfs")


UNLAID = "Not in house layout. Run csto format."
INSTEAD = "Say it in the head of the file or as a statement."
CAPITAL = (
    f"<{PREFIXES['event']}Spring> is no IRI of this project. Use id/<kind>/<slug>."
)


def undefined(term, meant):
    return f"The term {term} is defined nowhere. Did you mean {meant}?"


def case(body, *findings, **options):
    return Case(body, findings, **options)


def event(line, name="spring", label='"Spring"@en'):
    """Return an event as house layout has it, with one more *line*."""
    return f"event:{name}\n    a csto:Event ;\n    rdfs:label {label} ;\n{line}.\n"


STATEMENTS = {
    "clean": case(event('    csto:printedName "a spring" ;\n')),
    "wrong-indent": case(
        event('  csto:printedName "a spring" ;\n'),
        (4, 1, "layout", UNLAID),
    ),
    "no-last-line-end": case(
        event("").rstrip("\n"),
        (4, 1, "layout", UNLAID),
    ),
    "one-line-too-many": case(
        event("") + "\n",
        (5, 1, "layout", UNLAID),
    ),
    "comment-in-body": case(
        event("    # in spring\n"),
        (4, 5, "layout", f"A comment in the body: # in spring {INSTEAD}"),
    ),
    "upper-case-language": case(
        event("", label='"Spring"@EN'),
        (3, 1, "layout", UNLAID),
    ),
    "misspelt-property": case(
        event('    csto:printedNam "a spring" ;\n'),
        (4, 21, "unknown-term", undefined("csto:printedNam", "csto:printedName")),
    ),
    "misspelt-class": case(
        'event:spring\n    a csto:Evnt ;\n    rdfs:label "Spring"@en ;\n.\n',
        (2, 7, "unknown-term", undefined("csto:Evnt", "csto:Event")),
    ),
    "misspelt-word-of-the-language": case(
        event('    rdfs:lable "Spring"@en ;\n'),
        (4, 16, "unknown-term", undefined("rdfs:lable", "rdfs:label")),
    ),
    "unlisted-standard-term": case(
        event('    skos:altLabels "Spring"@en ;\n'),
        (4, 20, "unknown-term", undefined("skos:altLabels", "skos:altLabel")),
        prefixes=("csto", "event", "rdfs", "skos"),
    ),
    "unheard-of-term": case(
        event("    csto:xyzzyplugh 1 ;\n"),
        (
            4,
            21,
            "unknown-term",
            "The term csto:xyzzyplugh is defined nowhere. Define or list it.",
        ),
    ),
    "misspelt-term-in-a-list": case(
        "shape:Added\n    a sh:NodeShape ;\n    sh:in ( csto:Event csto:Evnt ) ;\n.\n",
        (3, 24, "unknown-term", undefined("csto:Evnt", "csto:Event")),
        path="shapes/added.ttl",
        prefixes=("csto", "sh", "shape"),
    ),
    "unregistered-subject": case(
        'event:foundin\n    csto:printedName "founding"@en ;\n.\n',
        (
            2,
            22,
            "unregistered",
            "event:foundin is of no class. Did you mean event:founding?",
        ),
        prefixes=("csto", "event"),
    ),
    "unregistered-object": case(
        event("    csto:inSource source:lettre ;\n"),
        (
            4,
            19,
            "unregistered",
            "source:lettre is of no class. Did you mean source:letter?",
        ),
        prefixes=("csto", "event", "rdfs", "source"),
    ),
    "unregistered-and-unlike-any": case(
        event("    csto:inSource person:nobody ;\n"),
        (4, 19, "unregistered", "person:nobody is of no class. Register it in data/."),
        prefixes=("csto", "event", "person", "rdfs"),
    ),
    "blank-subject": case(
        '[]\n    a csto:Event ;\n    rdfs:label "Spring"@en ;\n.\n',
        (1, 1, "profile", "A blank node. Give it an IRI."),
        prefixes=("csto", "rdfs"),
    ),
    "blank-object": case(
        event("    csto:inSource [\n        csto:latest true ;\n    ] ;\n"),
        (4, 19, "profile", "A blank node. Give it an IRI."),
    ),
    "list": case(
        event("    csto:date ( 1 2 ) ;\n"),
        (4, 15, "profile", "A blank node. Give it an IRI."),
    ),
    "labelled-blank-node": case(
        event("    csto:inSource _:x ;\n"),
        (4, 1, "layout", UNLAID),
        (4, 19, "profile", "A blank node. Give it an IRI."),
    ),
    "brackets-in-a-string": case(event('    csto:printedName "[ ( _:x" ;\n')),
    "capital-in-slug": case(
        event("", name="Spring"),
        (2, 7, "profile", CAPITAL),
        (3, 16, "profile", CAPITAL),
    ),
    "language-of-nobody": case(
        event("", label='"Printemps"@fr'),
        (3, 16, "profile", "The language fr is not used here. Use en or ru."),
    ),
    "look-alike": case(
        event("", label='"Сollective"@en'),
        (
            3,
            16,
            "look-alike",
            'The word "Сollective" mixes two scripts. Write it in one.',
        ),
    ),
    "look-alike-of-greek": case(
        event("", label='"the UΝ in spring"@en'),
        (3, 16, "look-alike", 'The word "UΝ" mixes two scripts. Write it in one.'),
    ),
    "look-alike-as-printed": case(event('    csto:printedName "сrimes"@en ;\n')),
    "two-scripts-in-two-words": case(event("", label='"IT-отдел ОДКБ-2020 CSTO"@ru')),
}


FORMS = [
    ("", XSD + "string"),
    ("007", XSD + "integer"),
    ("+5", XSD + "integer"),
    ("-0", XSD + "integer"),
    ("1.50", XSD + "decimal"),
    (".5", XSD + "decimal"),
    ("5", XSD + "decimal"),
    ("TRUE", XSD + "boolean"),
    ("1", XSD + "boolean"),
    ("2020-02-30", XSD + "date"),
    ("2019-02-29", XSD + "date"),
    ("2020-2-3", XSD + "date"),
    ("2020-01-01Z", XSD + "date"),
    ("2020-01-01+03:00", XSD + "date"),
    ("2020-06-31", EDTF + "EDTF"),
    ("2020-13", EDTF + "EDTF"),
    ("2020-25", EDTF + "EDTF"),
    ("2020?", EDTF + "EDTF"),
    ("202X", EDTF + "EDTF"),
    ("2020/2021", EDTF + "EDTF"),
]
CANONICAL = [
    ("spring", XSD + "string"),
    ("0", XSD + "integer"),
    ("-5", XSD + "integer"),
    ("1.5", XSD + "decimal"),
    ("0.0", XSD + "decimal"),
    ("true", XSD + "boolean"),
    ("2020-02-29", XSD + "date"),
    ("2020", EDTF + "EDTF"),
    ("2020-12", EDTF + "EDTF"),
    ("2020-24", EDTF + "EDTF"),
    ("2020-06-30", EDTF + "EDTF"),
]
FOREIGN = ["gYear", "float", "dateTime", "nonNegativeInteger", "anyURI"]


@pytest.fixture(scope="module")
def small():
    return open_project(CASES / "project")


@pytest.fixture(scope="module")
def found(small):
    """Return a function from a case to what lint finds in its file."""

    def find(case):
        head = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in case.prefixes)
        added = parse_text(small.root / case.path, f"{head}\n{case.body}")
        project = Project(small.root, (*small.documents, added))
        above = head.count("\n") + 1
        found = [f for f in lint(project) if f.path == str(added.path)]
        return [whole(finding, above) for finding in found]

    return find


def whole(finding, above=0):
    """Return place, rule, message and remedy, lines counted from below *above*."""
    said = " ".join(filter(None, (finding.message, finding.remedy)))
    return finding.position.line - above, finding.position.column, finding.rule, said


def test_the_small_project_is_clean(small):
    assert list(lint(small)) == []


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_is_found_at_its_place(name, found):
    assert found(STATEMENTS[name]) == list(STATEMENTS[name].findings)


def dated(lexical, datatype):
    """Return a case in which an event has one literal as its date, after line 3."""
    return Case(event(f'    csto:date "{lexical}"^^<{datatype}> ;\n'))


def profile(found, case):
    """Return place and message of what the profile says to *case*."""
    return [(*at, said) for *at, rule, said in found(case) if rule == "profile"]


@pytest.mark.parametrize(("lexical", "datatype"), FORMS)
def test_a_form_that_is_not_canonical_is_found(lexical, datatype, found):
    shown = f'"{lexical}"' + (datatype != XSD + "string") * f"^^<{datatype}>"
    message = f"{shown} is not in canonical form. Write it so."

    assert profile(found, dated(lexical, datatype)) == [(4, 15, message)]


@pytest.mark.parametrize(("lexical", "datatype"), CANONICAL)
def test_a_canonical_form_is_let_be(lexical, datatype, found):
    assert profile(found, dated(lexical, datatype)) == []


@pytest.mark.parametrize("name", FOREIGN)
def test_a_datatype_of_nobody_is_found(name, found):
    message = f"The datatype <{XSD}{name}> is not used here. Choose another."

    assert profile(found, dated("2020", XSD + name)) == [(4, 15, message)]


def test_a_statement_of_two_passages_is_found_once(small):
    body = 'letter:L9 {\n  event:founding\n      csto:date "?"^^edtf:EDTF ;\n  .\n}\n'
    prefixes = {p: PREFIXES[p] for p in ("csto", "edtf", "event")}
    prefixes["letter"] = PREFIXES["source"] + "letter#"
    head = "".join(f"PREFIX {p}: <{iri}>\n" for p, iri in prefixes.items())
    text = f"{head}\n{body}\n{body.replace('L9', 'L10')}"
    added = parse_text(small.root / "data/claims/letter.trig", text)

    found = [f for f in lint(Project(small.root, (added,))) if f.rule == "profile"]

    assert [(f.position.line, f.position.column) for f in found] == [(8, 17)]


def test_a_prefix_with_another_meaning_is_found(small):
    text = "PREFIX body: <http://example.org/>\n\nbody:a\n    a body:b ;\n.\n"
    added = parse_text(small.root / "data/added.ttl", text)

    (finding,) = lint(Project(small.root, (*small.documents, added)))

    assert str(finding) == (
        f"{added.path}:1:1: violation: The prefix body: means "
        f"<{PREFIXES['body']}> in this project. Use it so. [prefix]"
    )


TITLE = "# Which events are there?\n#\n"
MEANING = "# Every event counts.\n#\n"
KEYWORDS = "# Keywords: events, time\n#\n"
VARIABLE = KEYWORDS + "# ?event  the event\n\n"
PROLOGUE = f"PREFIX csto: <{PREFIXES['csto']}>\n\n"
SELECT = "SELECT ?event WHERE {\n  ?event a csto:Event .\n}\nORDER BY ?event\n"
NAMES = "The header does not name exactly the variables that are selected."
GROUP = (
    "The header lacks keywords, or the first of them is no group. "
    f"Write # Keywords: and one of {', '.join(GROUPS)}."
)
QUESTIONS = {
    "clean": (TITLE + MEANING + VARIABLE + PROLOGUE + SELECT, []),
    "without-header": (
        PROLOGUE + SELECT,
        [
            (1, 1, "query-header", "The header lacks a title or its meaning."),
            (1, 1, "query-header", NAMES),
            (1, 1, "query-header", GROUP),
        ],
    ),
    "without-keywords": (
        TITLE + MEANING + VARIABLE.removeprefix(KEYWORDS) + PROLOGUE + SELECT,
        [(1, 1, "query-header", GROUP)],
    ),
    "with-keywords-of-no-group": (
        TITLE + MEANING + VARIABLE.replace("events,", "weather,") + PROLOGUE + SELECT,
        [(1, 1, "query-header", GROUP)],
    ),
    "without-meaning": (
        TITLE + VARIABLE + PROLOGUE + SELECT,
        [(1, 1, "query-header", "The header lacks a title or its meaning.")],
    ),
    "without-its-variable": (
        TITLE + MEANING + KEYWORDS.removesuffix("#\n") + "\n" + PROLOGUE + SELECT,
        [(1, 1, "query-header", NAMES)],
    ),
    "with-another-variable": (
        TITLE + MEANING + VARIABLE.replace("?event ", "?act ") + PROLOGUE + SELECT,
        [(1, 1, "query-header", NAMES)],
    ),
    "with-a-computed-variable": (
        TITLE
        + MEANING
        + VARIABLE
        + PROLOGUE
        + SELECT.replace("?event WHERE", "(COUNT(?e) AS ?event) WHERE").replace(
            "?event a", "?e a"
        ),
        [],
    ),
    "with-wrong-indent": (
        TITLE + MEANING + VARIABLE + PROLOGUE + SELECT.replace("  ?", "    ?"),
        [(12, 1, "layout", UNLAID)],
    ),
    "with-lower-case": (
        TITLE + MEANING + VARIABLE + PROLOGUE + SELECT.replace("SELECT", "select"),
        [(11, 1, "layout", UNLAID)],
    ),
    "with-an-error": (
        TITLE + MEANING + VARIABLE + PROLOGUE + SELECT.replace("a csto:Event", "a"),
        [(12, 13, "query", "Not SPARQL: expected ['0'..='9'].")],
    ),
    "with-a-service": (
        TITLE
        + MEANING
        + VARIABLE
        + PROLOGUE
        + SELECT.replace(
            "?event a", "SERVICE <http://example.org/> { ?event a"
        ).replace("Event .", "Event }"),
        [(12, 3, "query", "SERVICE reaches outside of the graph.")],
    ),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_found_at_its_place(name, tmp_path):
    text, expected = QUESTIONS[name]
    root = shutil.copytree(CASES / "project", tmp_path / "rooms")
    path = root / "ontology/questions/events.rq"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")

    found = list(lint(open_project(root)))

    assert {f.path for f in found} <= {str(path)}
    assert [whole(finding) for finding in found] == expected


@pytest.mark.parametrize("room", ["ontology/rules", "shapes/checks"])
def test_rules_and_checks_need_no_list_of_variables(room, tmp_path):
    root = shutil.copytree(CASES / "project", tmp_path / "rooms")
    text = TITLE + MEANING.removesuffix("#\n") + "\n" + PROLOGUE + SELECT
    (root / room / "events.rq").write_text(text, encoding="utf-8")

    assert list(lint(open_project(root))) == []


@pytest.fixture(scope="module")
def ours(project):
    return list(lint(project))


@pytest.mark.parametrize("rule", sorted(RULES))
def test_our_rooms_break_no_rule(rule, ours):
    assert [str(finding) for finding in ours if finding.rule == rule] == []


def test_every_rule_has_a_case():
    cases = [
        *(c.findings for c in STATEMENTS.values()),
        *(q[1] for q in QUESTIONS.values()),
    ]
    fired = {rule for findings in cases for _, _, rule, _ in findings}

    assert fired | {"prefix"} == RULES
