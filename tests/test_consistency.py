"""Consistency: two reasoners find no contradiction, and find one that is planted."""

import pytest
from pyoxigraph import NamedNode, Quad

from conftest import tool
from csto.consistency import (
    TYPE,
    contradiction_by_hermit,
    contradictions_by_owl_rl,
    logical,
)
from csto.names import TERM, THING
from csto.rooms import INFERRED, ONTOLOGY

CHARTER = NamedNode(THING + "act/charter")
PLANTED = [
    Quad(CHARTER, TYPE, NamedNode(TERM + "Act")),
    Quad(CHARTER, TYPE, NamedNode(TERM + "Event")),
]


@pytest.fixture(scope="module")
def asserted(graph):
    return [quad for quad in graph.quads if quad.graph_name != INFERRED]


def test_ontology_and_data_are_consistent_in_owl_2_dl(asserted):
    tool("java")

    assert contradiction_by_hermit(asserted) == ""


def test_ontology_and_data_are_consistent_in_owl_2_rl(asserted):
    assert contradictions_by_owl_rl(asserted) == []


def test_hermit_finds_an_act_that_is_an_event(project):
    tool("java")

    assert contradiction_by_hermit([*project.quads(ONTOLOGY), *PLANTED]) != ""


def test_hermit_finds_a_class_that_can_have_no_instance(project):
    tool("java")
    parent = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
    odd = NamedNode(TERM + "Odd")
    planted = [Quad(odd, parent, NamedNode(TERM + name)) for name in ("Act", "Event")]
    planted.append(Quad(odd, TYPE, NamedNode("http://www.w3.org/2002/07/owl#Class")))

    assert "Odd" in contradiction_by_hermit([*project.quads(ONTOLOGY), *planted])


def test_owl_rl_finds_an_act_that_is_an_event(project):
    found = contradictions_by_owl_rl([*project.quads(ONTOLOGY), *PLANTED])

    assert "act/charter" in found[0]


def test_no_literal_reaches_the_reasoners(asserted):
    assert logical(asserted)
    assert all(isinstance(quad.object, NamedNode) for quad in logical(asserted))
