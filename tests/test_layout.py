"""Layout: one text for one graph, whatever it holds, and nothing is lost."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from csto.errors import SourceError
from csto.layout import format_text, natural, write
from csto.names import RDF
from graphs import apart, datasets, graphs, prefixes
from texts import EXAMPLE, pages

HEAD = f"# What it holds.\n\nPREFIX ex: <{EXAMPLE}>\n"


def turtle(text):
    """Return the statements of *text*."""
    return list(parse(text, format=RdfFormat.TURTLE))


def trig(text):
    """Return the statements of *text*, with their graphs."""
    return list(parse(text, format=RdfFormat.TRIG))


def laid_out(body, name="file.ttl"):
    """Return the house layout of *body* below a head, as of the file *name*."""
    return format_text(Path(name), f"{HEAD}{body}")


@given(quads=graphs(), prefixes=prefixes)
def test_turtle_holds_any_graph(quads, prefixes):
    assert apart(turtle(write(quads, prefixes)), quads) == []


@given(quads=datasets(), prefixes=prefixes)
def test_trig_holds_any_dataset(quads, prefixes):
    assert apart(trig(write(quads, prefixes, named=True)), quads) == []


@given(quads=datasets(), prefixes=prefixes)
def test_turtle_of_several_graphs_says_each_statement_once(quads, prefixes):
    found = turtle(write(quads, prefixes))

    assert len(found) == len({quad.triple for quad in quads})


@given(data=st.data(), prefixes=prefixes)
def test_the_order_of_the_statements_does_not_matter(data, prefixes):
    quads = data.draw(graphs())
    shuffled = data.draw(st.permutations(quads))

    assert write(shuffled, prefixes) == write(quads, prefixes)


@pytest.mark.parametrize(("suffix", "read"), [(".ttl", turtle), (".trig", trig)])
@given(data=st.data())
def test_formatting_keeps_the_graph_and_does_nothing_the_second_time(
    suffix, read, data
):
    path = Path(f"page{suffix}")
    text = data.draw(pages(suffix, remarks=False)).text
    formatted = format_text(path, text)

    assert apart(read(formatted), read(text)) == []
    assert format_text(path, formatted) == formatted


def test_blank_nodes_and_lists_are_written_in_place():
    text = laid_out('ex:a ex:p [ ex:q 2 ], [ ex:q ( 1 "x"@en [] ) ], 1 .')

    assert text.partition("\n\n")[2] == (
        f"PREFIX ex: <{EXAMPLE}>\n"
        "\n"
        "ex:a\n"
        "    ex:p\n"
        "        [\n"
        "            ex:q 2 ;\n"
        "        ] ,\n"
        "        [\n"
        '            ex:q ( 1 "x"@en [] ) ;\n'
        "        ] ,\n"
        "        1 ;\n"
        ".\n"
    )


@pytest.mark.parametrize(
    "body",
    [
        "_:b ex:p 1 . ex:a ex:p _:b . ex:c ex:p _:b .",
        "_:b ex:p _:c . _:c ex:p _:b .",
        "ex:g { ex:a ex:p _:b } ex:h { _:b ex:p 1 }",
        "_:g { ex:a ex:p 1 }",
    ],
    ids=["shared", "circle", "two-graphs", "graph-name"],
)
def test_a_blank_node_that_needs_a_label_is_refused(body):
    with pytest.raises(SourceError, match="A blank node needs a label"):
        laid_out(body, "file.trig")


def test_a_broken_list_is_no_list():
    forked = "[ rdf:first 1 , 2 ; rdf:rest () ]"
    lost = "[ rdf:first 1 ; rdf:rest ex:b ]"
    text = f"PREFIX rdf: <{RDF}>\nex:a ex:p {forked} , {lost} ."

    assert apart(turtle(laid_out(text)), turtle(f"{HEAD}{text}")) == []


def test_the_comment_at_the_head_is_kept():
    assert laid_out("ex:a ex:p 1 .").startswith(HEAD)


def test_a_comment_in_the_body_is_refused_where_it_stands():
    with pytest.raises(SourceError, match=r"^file.ttl:5:4: A comment in the body: # b"):
        laid_out('ex:a ex:p "# a" ,\n1 .# b\n')


def test_numbers_in_names_count_as_numbers():
    names = ["#L10S12", "#L9S2", "#²", "#L10", "#L9", "#L10S1"]
    ordered = ["#L9", "#L9S2", "#L10", "#L10S1", "#L10S12", "#²"]

    assert sorted(names, key=natural) == ordered


@given(names=st.lists(st.text("0129²a-", max_size=4), unique=True))
def test_names_that_differ_are_never_tied(names):
    assert len({natural(name) for name in names}) == len(names)
