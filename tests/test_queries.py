"""Queries: headers are read, nothing reaches outside, and layout changes no meaning."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, Store

from conftest import ROOT
from csto import queries
from csto.errors import CstoError, SourceError
from csto.layout import header
from csto.read import COMMENT
from csto.rooms import QUERY_ROOMS

OURS = sorted(path for room in QUERY_ROOMS for path in (ROOT / room).glob("*.rq"))
PATH = Path("query.rq")
EX = "PREFIX ex: <http://example.org/>\n"


def place(refused):
    """Return line and column of what was *refused*."""
    return refused.value.position.line, refused.value.position.column


def test_there_are_queries_of_ours():
    assert len(OURS) > 10


def test_a_header_has_title_meaning_and_variables(tmp_path):
    path = tmp_path / "who.rq"
    path.write_text(
        "# Who is it?\n#\n# Anybody counts.\n# Even nobody.\n#\n"
        "# ?who   the person\n# ?when  the day,  if one is stated\n\nASK {}\n",
        encoding="utf-8",
    )

    query = queries.read_query(path)

    assert (query.name, query.title) == ("who", "Who is it?")
    assert query.meaning == "Anybody counts. Even nobody."
    assert query.variables == {
        "who": "the person",
        "when": "the day,  if one is stated",
    }


def test_keywords_are_no_part_of_the_meaning(tmp_path):
    path = tmp_path / "who.rq"
    path.write_text(
        "# Who is it?\n#\n# Anybody counts.\n#\n# Keywords: people, time\n#\n"
        "# ?who  the person\n\nASK {}\n",
        encoding="utf-8",
    )

    query = queries.read_query(path)

    assert query.keywords == ("people", "time")
    assert query.meaning == "Anybody counts."
    assert query.body == "ASK {}\n"


PARAMETERS = {
    "none": ("SELECT ?a WHERE { ?a ?b ?c }", {}),
    "one": ("SELECT ?a WHERE {\n  VALUES ?b { ex:b }\n  ?a ?b ?c }", {"b": "ex:b"}),
    "two": (
        'SELECT ?a WHERE { VALUES ?n { 3 } VALUES ?t { "one word" } ?a ?b ?c }',
        {"n": "3", "t": '"one word"'},
    ),
    "below": ("SELECT ?a WHERE { ?a ?b ?c VALUES ?b { ex:b } }", {}),
    "of-several-variables": ("SELECT ?a WHERE { VALUES (?a ?b) { (1 2) } }", {}),
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters_are_the_rows_at_the_top(name):
    text, expected = PARAMETERS[name]

    assert queries.parameters(text) == expected


def test_a_comment_below_the_header_is_none_of_it(tmp_path):
    path = tmp_path / "bare.rq"
    path.write_text("ASK {} # Who?\n", encoding="utf-8")

    query = queries.read_query(path)

    assert (query.title, query.meaning, query.variables) == ("", "", {})


OUTSIDE = {
    "plain": "SELECT * { SERVICE <U> { ?a ?b ?c } }",
    "lower": "SELECT * { service <U> { ?a ?b ?c } }",
    "mixed": "SELECT * { sErViCe <U> { ?a ?b ?c } }",
    "silent": "SELECT * { SERVICE SILENT <U> { ?a ?b ?c } }",
    "silent-without-space": "SELECT * { SERVICESILENT<U>{?a ?b ?c} }",
    "after-dot": "SELECT * { ?s ?p ?o .SERVICE <U> { ?a ?b ?c } }",
    "after-number": "SELECT * { ?s ?p 1SERVICE <U> { ?a ?b ?c } }",
    "after-boolean": "SELECT * { ?s ?p true.SERVICE <U> { ?a ?b ?c } }",
    "after-iri": "SELECT * { ?s ?p <U>.SERVICE <U> { ?a ?b ?c } }",
    "after-string": "SELECT * { ?s ?p 'x'SERVICE <U> { ?a ?b ?c } }",
    "after-empty-name": EX + "SELECT * { ?s ?p ex:.SERVICE <U> { ?a ?b ?c } }",
    "of-a-name": "PREFIX ex: <U> SELECT * { SERVICE ex:a { ?a ?b ?c } }",
    "before-a-name": "PREFIX ex: <U> SELECT * { SERVICEex:a { ?a ?b ?c } }",
    "before-a-colon": "PREFIX : <U> SELECT * { SERVICE:a { ?a ?b ?c } }",
    "of-a-variable": "SELECT * { VALUES ?u { <U> } SERVICE ?u { ?a ?b ?c } }",
    "before-a-variable": "SELECT * { VALUES ?u { <U> } SERVICE?u{?a ?b ?c} }",
    "before-a-comment": "SELECT * { SERVICE # to\n<U> { ?a ?b ?c } }",
    "between-less-and-greater": "SELECT * { VALUES ?u { <U> } FILTER(1<2){SERVICE?u{"
    "?a?b?c}}FILTER(3>1) }",
    "after-escaped-hash": rf"{EX}SELECT * {{ BIND(ex:a\# AS ?z) SERVICE <U> {{}} }}",
    "between-escaped-quotes": EX
    + r"SELECT * { BIND(ex:a\' AS ?y) SERVICE <U> { ?a ?b ?c } BIND(ex:b\' AS ?z) }",
    "by-number": r"SELECT * { SERV\u0049CE <U> { ?a ?b ?c } }",
    "by-long-number": r"SELECT * { \U00000053ERVICE <U> { ?a ?b ?c } }",
    "after-quote-by-number": r"""SELECT * { BIND("\u0022 AS ?x) SERVICE <U> {} #" }""",
    "from": "SELECT * FROM <U> { ?a ?b ?c }",
    "from-named": "SELECT * from named <U> { GRAPH ?g { ?a ?b ?c } }",
    "from-without-space": "SELECT *FROMNAMED<U>{ ?a ?b ?c }",
    "load": "LOAD <U>",
    "load-silent": "load silent <U> into graph <U>",
}
INSIDE = {
    "variables": "SELECT ?service { ?service ?from ?load }",
    "dollars": "SELECT $SERVICE { $SERVICE $FROM $load }",
    "names": EX + "ASK { ex:service ex:from ex:LOAD , ex:a.service , ex:%20FROM }",
    "iris": "ASK { ?s <http://example.org/service/from#LOAD> ?o }",
    "blank-nodes": "ASK { _:service ?p _:from }",
    "strings": 'ASK { ?s ?p \'SERVICE\', "FROM", \'\'\'LOAD\'\'\', """"SERVICE""" }',
    "escaped-quotes": r"ASK { ?s ?p 'it\'s a SERVICE', "
    r'"\"FROM\"" }',
    "comments": "# SERVICE\nASK { ?s ?p ?o # FROM <x>\n}",
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_reaches_outside_is_refused(name):
    with pytest.raises(SourceError, match=r"reaches outside|by number"):
        queries.guard(PATH, OUTSIDE[name].replace("<U>", "<http://example.org/>"))


@pytest.mark.parametrize("name", INSIDE)
def test_what_only_looks_so_is_answered(name):
    assert queries.answer(Store(), PATH, INSIDE[name]) is not None


def test_a_keyword_is_found_where_it_stands():
    with pytest.raises(SourceError, match=r"^query\.rq:3:6: FROM") as refused:
        queries.guard(PATH, "# FROM\nSELECT ?from\n  ?x From <http://example.org/> {}")

    assert place(refused) == (3, 6)


AROUND = [r"BIND(a:b\# AS ?y)", r"BIND(a:b\' AS ?z)", "BIND('#' AS ?x)", "FILTER(1<2)"]
AROUND += ["FILTER(3>1)", "VALUES ?v { 1 }", "OPTIONAL {}", "{} .", "# '\n", ""]
CALLS = ["SERVICE", "service", "SERVICE SILENT", "ServiceSilent", "SERVICE#'\n"]


@settings(max_examples=200)
@given(st.data())
def test_what_passes_the_guard_calls_nobody(listener, data):
    address, callers = listener
    before, after = (
        "".join(data.draw(st.lists(st.sampled_from(AROUND), max_size=2)))
        for _ in range(2)
    )
    call = data.draw(st.sampled_from(CALLS))
    gap = data.draw(st.sampled_from(["", " "]))
    target = data.draw(st.sampled_from([f"<{address}>", "a:x"]))
    text = f"PREFIX a: <{address}> SELECT * {{{before}{call}{gap}{target}{{}}{after}}}"
    called = len(callers)

    with contextlib.suppress(CstoError):
        list(queries.answer(Store(), PATH, text))

    assert len(callers) == called


@pytest.mark.parametrize("brackets", ["{}", "()", "[]"])
def test_sixty_four_open_brackets_are_enough(brackets):
    opening, closing = brackets
    queries.guard(PATH, f"{opening * 64}{closing * 64}" * 2)
    queries.guard(PATH, f"{opening * 64} '{opening}' # {opening}")

    with pytest.raises(SourceError, match="More than 64 brackets") as refused:
        queries.guard(PATH, f"\n {opening * 64}\n{opening}")

    assert place(refused) == (3, 1)


def test_two_thousand_signs_are_enough():
    queries.guard(PATH, "+" * 2000 + "?x $y a:b '++' <http://a/+> # +")

    with pytest.raises(SourceError, match="More than 2000 brackets"):
        queries.guard(PATH, "+" * 2001)


def test_sixteen_thousand_characters_are_enough():
    queries.guard(PATH, "x" * 16384)

    with pytest.raises(SourceError, match="Longer than 16384 characters"):
        queries.guard(PATH, "x" * 16385)


@pytest.mark.parametrize("path", OURS, ids=lambda p: p.stem)
def test_our_queries_stay_far_below_the_limits(path):
    text = path.read_text(encoding="utf-8")

    queries.guard(path, text * 2)


@st.composite
def respaced(draw):
    """Return one of our queries as it is, and with other space between its words."""
    text = draw(st.sampled_from(OURS)).read_text(encoding="utf-8")
    head = header(text)
    kept = COMMENT.sub(lambda token: token[0].replace(" ", "\0"), text[len(head) :])
    space = st.sampled_from([" ", "   ", "\n", "\t", "\n\n", "\n    "])
    words = [draw(space) + word for word in kept.split()]
    return text, head + "".join(words).replace("\0", " ")


@settings(max_examples=25)
@given(respaced())
def test_layout_comes_to_rest_and_changes_space_alone(pair):
    text, other = pair
    laid_out = queries.format_query(PATH, other)

    assert queries.format_query(PATH, laid_out) == laid_out
    assert laid_out.startswith(header(text))
    assert laid_out.split() == text.split()


@pytest.mark.parametrize("path", OURS, ids=lambda p: p.stem)
def test_our_queries_are_laid_out(path):
    text = path.read_text(encoding="utf-8")

    assert queries.format_query(path, text) == text


LAID_OUT = {
    "ask{?s ?p ?o}": "ASK {\n  ?s ?p ?o\n}\n",
    "# a\n#  b\nask{}": "# a\n#  b\n\nASK {}\n",
    "\n\n# late\n\n\nask{}\n\n": "# late\n\nASK {}\n",
    f"{EX}ask{{}}": f"{EX}\nASK {{}}\n",
    'ask{?s ?p "a  b"} # end': 'ASK {\n  ?s ?p "a  b"\n} # end\n',
    "ask{?s ?p 1 # why\n}": "ASK {\n  ?s ?p 1 # why\n}\n",
    "describe <http://a/>": "DESCRIBE <http://a/>\n",
}


@pytest.mark.parametrize("text", LAID_OUT)
def test_a_query_is_laid_out_so_and_stays_so(text):
    laid_out = queries.format_query(PATH, text)

    assert laid_out == LAID_OUT[text]
    assert queries.format_query(PATH, laid_out) == laid_out


@pytest.mark.parametrize("text", ['ask{?s ?p """a"""}', "ask{?s ?p '''a\n\n\nb'''}"])
def test_what_the_formatter_would_garble_is_refused(text):
    with pytest.raises(SourceError, match="would change what it says"):
        queries.format_query(PATH, text)


def test_an_error_is_placed():
    with pytest.raises(SourceError, match="Not SPARQL: expected") as refused:
        queries.format_query(PATH, "# я\n\nASK {\n  'я' ?p\tя }\n")

    assert place(refused) == (4, 11)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "ASK", "x", "INSERT DATA {}", "CLEAR ALL"])
def test_what_is_no_query_is_refused(text):
    with pytest.raises(SourceError, match="Not SPARQL"):
        queries.answer(Store(), PATH, text)


def test_a_function_of_elsewhere_is_refused():
    text = "ASK { FILTER(<http://example.org/f>(1)) }"

    with pytest.raises(SourceError, match=r"Not answered: .*not supported"):
        queries.answer(Store(), PATH, text)


THING = NamedNode("http://example.org/a")
TWICE = [Quad(THING, THING, THING, NamedNode(f"http://g/{n}")) for n in "12"]


@pytest.mark.parametrize(
    ("default", "text", "rows"),
    [
        ([], "SELECT ?s { ?s ?p ?o }", 2),
        ([], "SELECT DISTINCT ?s { ?s ?p ?o }", 1),
        ([Quad(THING, THING, THING)], "SELECT ?s { ?s ?p ?o }", 1),
        ([Quad(THING, THING, THING)], "SELECT ?s { GRAPH ?g { ?s ?p ?o } }", 2),
    ],
)
def test_without_a_default_graph_the_union_takes_its_place(default, text, rows):
    store = Store()
    store.extend([*TWICE, *default])

    assert len(list(queries.answer(store, PATH, text))) == rows
