"""Places: the position of a finding is where its statement really begins."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from csto.errors import Position, SourceError
from csto.locate import locate
from csto.names import RDF
from csto.read import decode, parse_text, position
from texts import EXAMPLE, pages

HEAD = f"PREFIX ex: <{EXAMPLE}>\n"
A, P = EXAMPLE + "a", EXAMPLE + "p"


def document(body, name="file.ttl"):
    """Return *body* as the parsed file *name*, below a line of prefixes."""
    return parse_text(Path(name), f"{HEAD}{body}")


def keys(quads):
    """Return subject, predicate and value of those *quads* that can be looked up."""
    return {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in quads
        if isinstance(quad.subject, NamedNode)
        and not isinstance(quad.object, BlankNode)
        and quad.object.value != RDF + "nil"
    }


def follows(parsed, key):
    """Return the rest of the line on which the statement *key* is found."""
    at = locate([parsed], *key)[1]
    return parsed.text.splitlines()[at.line - 1][at.column - 1 :]


@pytest.mark.parametrize("suffix", [".ttl", ".trig"])
@given(data=st.data())
def test_a_statement_is_found_where_its_value_begins(suffix, data):
    page = data.draw(pages(suffix))
    parsed = parse_text(Path(f"page{suffix}"), page.text)
    found = {key: locate([parsed], *key)[1] for key in keys(parsed.quads)}

    assert found == {key: position(page.text, o) for key, o in page.places.items()}


def test_in_the_claims_each_literal_begins_where_it_is_found(project):
    parsed = next(d for d in project.documents if d.path.suffix == ".trig")
    plain = [q for q in parsed.quads if isinstance(q.object, Literal)]
    plain = [key for key in keys(plain) if '"' not in key[2]]
    astray = [k for k in plain if not follows(parsed, k).lstrip('"').startswith(k[2])]

    assert plain
    assert astray == []


@pytest.mark.parametrize(
    "written", ["007", "+5", "1.50", "false", '"01"^^ex:integer', '"TRUE"^^ex:boolean']
)
def test_a_value_is_sought_as_it_is_written(written):
    parsed = document(f"ex:a ex:p ex:b , {written} .")
    (value,) = {q.object.value for q in parsed.quads} - {EXAMPLE + "b"}

    assert locate([parsed], A, P, value)[1] == Position(2, 18)


def test_where_no_such_value_stands_the_property_is_meant():
    parsed = document("ex:a a ex:C ; ex:p 1 , 2 .")

    assert locate([parsed], A, P, "3")[1] == Position(2, 20)


def test_where_no_such_property_stands_the_class_of_the_subject_is_meant():
    parsed = document("ex:a ex:q 1 ; a ex:C , ex:D .")

    assert locate([parsed], A, P)[1] == Position(2, 17)


def test_where_the_subject_has_no_class_its_first_statement_is_meant():
    parsed = document("ex:a ex:q 1 ; ex:r 2 .")

    assert locate([parsed], A, P)[1] == Position(2, 11)


def test_where_nothing_stands_there_is_no_place():
    parsed = document("ex:b ex:p 1 .")

    assert locate([parsed], A, P, "1") == ("", Position())


def test_of_several_files_the_one_with_the_statement_itself_is_named():
    first = document("ex:a a ex:C ; ex:p 1 .", "first.ttl")
    second = document("ex:b a ex:C .\nex:a ex:p 2 .", "second.ttl")

    assert locate([first, second], A, P, "2") == ("second.ttl", Position(3, 11))


def test_a_statement_made_twice_is_found_where_it_is_made_first():
    parsed = document("ex:g { ex:a ex:p 1 }\nex:h { ex:a ex:p 1 }", "file.trig")

    assert locate([parsed], A, P, "1")[1] == Position(2, 18)


def test_carriage_returns_are_refused_so_lines_are_counted_alike_everywhere():
    with pytest.raises(SourceError, match=r"^file.ttl:1:33: Holds a carriage return"):
        decode("file.ttl", HEAD.replace("\n", "\r\n").encode())
