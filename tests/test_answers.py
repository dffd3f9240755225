"""Asking: parameters are bound, names are found, and answers are what they were."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from csto import answers, queries
from csto.errors import UsageError
from csto.names import PREFIXES, RDFS, TERM, THING, XSD

EVENT = PREFIXES["event"]
QUESTION = """SELECT ?event WHERE {
  VALUES ?day { "2008-01-01"^^xsd:date }
  VALUES ?organisation { organisation:csto }
  VALUES ?least { 3 }
  VALUES ?name { "Treaty"@en }
  VALUES ?code { "A-1" }
}
"""


@pytest.mark.parametrize(
    ("name", "value", "written"),
    [
        ("day", "1999-12-31", f'"1999-12-31"^^<{XSD}date>'),
        ("organisation", "organisation:un", f"<{PREFIXES['organisation']}un>"),
        ("organisation", "http://example.org/a", "<http://example.org/a>"),
        ("least", "12", "12"),
        ("name", 'a "b" }', '"a \\"b\\" }"@en'),
        ("code", "x\\y\n", '"x\\\\y\\n"'),
    ],
)
def test_a_value_is_read_as_its_default_is(name, value, written):
    bound = answers.bind(QUESTION, {name: value})
    line = next(line for line in bound.splitlines() if f"?{name} " in line)

    assert line == f"  VALUES ?{name} {{ {written} }}"
    assert len(bound.splitlines()) == len(QUESTION.splitlines())


def test_without_values_the_question_stays_as_it_is():
    assert answers.bind(QUESTION, {}) == QUESTION


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("day", "2008", "day=2008 is no day. Write it as 2008-01-31."),
        ("day", "2008-02-30", "day=2008-02-30 is no day."),
        ("day", "2008-01-31T00:00:00Z", "is no day."),
        ("day", "20080131", "is no day."),
        ("day", "２００８-01-31", "is no day."),
        ("organisation", "csto", "organisation=csto is no IRI. Write prefix:name."),
        ("organisation", "http://a b", "is no IRI"),
        ("organisation", "organisation:a> } #", "is no IRI"),
        ("least", "-3", "least=-3 is no whole number. Write it as 3."),
        ("least", "three", "is no whole number"),
    ],
)
def test_a_wrong_value_is_refused(name, value, message):
    with pytest.raises(UsageError) as refused:
        answers.bind(QUESTION, {name: value})

    assert message in str(refused.value)


def test_an_unknown_parameter_is_answered_with_the_known_ones():
    with pytest.raises(UsageError) as refused:
        answers.bind(QUESTION, {"date": "2008"})

    assert str(refused.value) == (
        "The question has no parameter date. "
        "It has: day, organisation, least, name, code."
    )


@given(st.text(), st.text())
def test_no_text_breaks_out_of_its_quotes(one, other):
    question = 'SELECT * { VALUES ?one { "1" } VALUES ?other { "2" } }'
    bound = answers.bind(question, {"one": one, "other": other})
    (row,) = Store().query(bound)

    assert (row["one"].value, row["other"].value) == (one, other)


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("event:founding", f"{EVENT}founding"),
        ("csto:Event", f"{TERM}Event"),
        ("rdfs:label", f"{RDFS}label"),
        (f"{EVENT}founding", f"{EVENT}founding"),
        ("https://example.org/a", "https://example.org/a"),
        ("unknown:founding", "unknown:founding"),
        ("founding", "founding"),
    ],
)
def test_a_prefix_is_expanded_and_nothing_else(name, iri):
    assert answers.expand(name) == iri


def test_a_question_is_found_by_its_name(tmp_path):
    path = tmp_path / "members.rq"

    assert answers.find({"members": path}, "members") == path


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("member", "Did you mean members?"), ("xyz", "See csto query --list.")],
)
def test_a_question_that_is_none_is_answered_with_a_near_one(name, remedy, tmp_path):
    with pytest.raises(UsageError, match=f"No question is called {name}") as refused:
        answers.find({"members": tmp_path, "parties": tmp_path}, name)

    assert refused.value.remedy == remedy


def named(slug, name, predicate=RDFS + "label", language="en"):
    """Return the statement that *slug* is called *name*."""
    value = Literal(name, language=language)
    return Quad(NamedNode(EVENT + slug), NamedNode(predicate), value)


NAMES = [
    named("founding", "Founding of the Union"),
    named("founding", "the birth", TERM + "printedName"),
    named("founding", "Основание", language="ru"),
    named("first-session", "Session"),
    named("second-session", "session", TERM + "printedName"),
    named("note", "Secret", TERM + "paraphrase"),
]


@pytest.mark.parametrize(
    "name",
    [
        f"{EVENT}founding",
        "event:founding",
        "Founding of the Union",
        "founding OF the union",
        "the birth",
        "ОСНОВАНИЕ",
    ],
)
def test_a_thing_is_found_by_iri_and_name_in_any_case(name):
    assert answers.resolve(NAMES, name) == f"{EVENT}founding"


@pytest.mark.parametrize("name", ["Session", "session", "SESSION"])
def test_a_name_of_two_things_is_answered_with_both(name):
    with pytest.raises(UsageError) as refused:
        answers.resolve(NAMES, name)

    assert str(refused.value) == (
        f"{name} is the name of several things. "
        "Choose: event:first-session, event:second-session."
    )


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("Founding of Union", "Did you mean Founding of the Union?"),
        ("Secret", "Try a printed name."),
        ("event:unheard-of", "Try a printed name."),
        ("", "Try a printed name."),
    ],
)
def test_a_name_of_nothing_is_answered_with_a_near_one(name, remedy):
    with pytest.raises(UsageError, match=f"Nothing is called {name}") as refused:
        answers.resolve(NAMES, name)

    assert refused.value.remedy == remedy


@pytest.mark.parametrize("quads", [NAMES, NAMES[::-1]], ids=["forward", "backward"])
def test_the_order_of_statements_does_not_matter(quads):
    assert answers.resolve(quads, "the BIRTH") == f"{EVENT}founding"


def test_statements_about_a_thing_come_before_those_towards_it():
    one, other = NamedNode(EVENT + "a"), NamedNode(EVENT + "b")
    towards = NamedNode(TERM + "affects")
    graphs = [NamedNode(f"{THING}source/letter#L{n}") for n in (10, 9)]
    quads = [Quad(other, towards, one, graphs[0])]
    quads += [Quad(*named("a", "A").triple, graphs[0])]
    quads += [Quad(one, towards, other, graph) for graph in graphs]

    found = answers.statements(quads, one.value)

    assert [(line.subject, line.value) for line in found] == [
        (one.value, "A (en)"),
        (one.value, other.value),
        (other.value, one.value),
    ]
    assert [answers.short(graph) for graph in found[1].graphs] == [
        "letter L9",
        "letter L10",
    ]


def test_each_statement_is_answered_once_and_each_passage_with_it(graph):
    store = answers.store(graph)
    statements = queries.answer(store, "all", "SELECT * { ?s ?p ?o }")
    passages = queries.answer(store, "all", "SELECT * { GRAPH ?g { ?s ?p ?o } }")

    assert len(list(statements)) == len({quad.triple for quad in graph.quads})
    assert len(list(passages)) == len(set(graph.quads))


VALUES = """SELECT ?iri ?text ?day ?number ?open WHERE {
  VALUES (?iri ?text ?day ?number ?open) {
    ( <https://w3id.org/csto/id/event/a> "a, \\"b\\"\\n<>&я"@en "2008-01-01"^^xsd:date 7
      UNDEF )
    ( <http://example.org/> "" "2008-01-02"^^xsd:date -1 true )
  }
}
"""


def rows(form=None):
    """Return the answer to `VALUES`, encoded if there is a *form*."""
    text = f"PREFIX xsd: <{XSD}>\n{VALUES}"
    answer = queries.answer(Store(), "values", text)
    return answers.encoded(answer, form, PREFIXES) if form else answer


@pytest.mark.parametrize("form", ["json", "xml", "tsv"])
def test_an_answer_is_read_back_as_it_was(form):
    read = parse_query_results(rows(form), getattr(QueryResultsFormat, form.upper()))

    assert [list(row) for row in read] == [list(row) for row in rows()]


def test_an_answer_in_csv_has_the_plain_values():
    read = list(csv.reader(io.StringIO(rows("csv").decode(), newline="")))

    assert read == [
        ["iri", "text", "day", "number", "open"],
        [f"{EVENT}a", 'a, "b"\n<>&я', "2008-01-01", "7", ""],
        ["http://example.org/", "", "2008-01-02", "-1", "true"],
    ]


def test_a_table_has_short_names():
    names, cells = answers.table(rows())

    assert names == ["iri", "text", "day", "number", "open"]
    assert cells[0] == ["event:a", 'a, "b"\n<>&я', "2008-01-01", "7", ""]
    assert cells[1][0] == "http://example.org/"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("json", '{"head":{},"boolean":true}'),
        ("csv", "true"),
        ("tsv", "true"),
    ],
)
def test_yes_is_written_in_every_form(form, text):
    answer = queries.answer(Store(), "yes", "ASK {}")

    assert answers.encoded(answer, form, PREFIXES).decode() == text


def test_a_construct_is_written_in_house_layout():
    text = "CONSTRUCT { <http://example.org/a> rdfs:label 'b', 'a' } {}"
    answer = queries.answer(Store(), "graph", f"PREFIX rdfs: <{RDFS}>\n{text}")

    written = answers.encoded(answer, "turtle", PREFIXES)

    assert len(list(parse(written, format=RdfFormat.TURTLE))) == 2
    assert written.decode() == (
        f"PREFIX rdfs: <{RDFS}>\n\n<http://example.org/a>\n    rdfs:label\n"
        '        "a" ,\n        "b" ;\n.\n'
    )


@pytest.mark.parametrize("form", ["csv", "json", "xml", "tsv"])
def test_a_construct_has_no_rows(form):
    answer = queries.answer(Store(), "graph", "CONSTRUCT {} {}")

    with pytest.raises(UsageError, match=r"answers in Turtle\. Use --results turtle"):
        answers.encoded(answer, form, PREFIXES)


def test_rows_are_no_turtle():
    with pytest.raises(UsageError, match=r"no form turtle\. Choose table, csv, tsv"):
        rows("turtle")


def test_blank_nodes_that_need_a_label_get_one():
    text = (
        "CONSTRUCT { <http://e/a> <http://e/p> _:b . <http://e/c> <http://e/p> _:b } {}"
    )
    answer = queries.answer(Store(), "shared", text)

    read = list(parse(answers.encoded(answer, "turtle", {}), format=RdfFormat.TURTLE))

    assert len(read) == 2
    assert read[0].object == read[1].object
