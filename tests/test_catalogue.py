"""The catalogue: the saved questions as data that SPARQL editors read."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from conftest import ROOT
from csto.names import QUESTION, RDF, SH
from csto.queries import read_query

QUESTIONS = sorted((ROOT / "ontology/questions").glob("*.rq"))
LISTED = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?question ?select (GROUP_CONCAT(DISTINCT ?line; SEPARATOR="") AS ?prologue)
WHERE {
  ?question a sh:SPARQLExecutable , sh:SPARQLSelectExecutable ;
            rdfs:label ?label ; rdfs:comment ?meaning ; dcat:keyword ?keyword ;
            sh:select ?select ; sh:prefixes/sh:declare ?declared .
  ?declared sh:prefix ?prefix ; sh:namespace ?namespace .
  BIND (CONCAT("PREFIX ", ?prefix, ": <", STR(?namespace), ">\\n") AS ?line)
}
GROUP BY ?question ?select
"""


@pytest.fixture(scope="module")
def listed(release):
    """Return each listed question as an editor would put it together."""
    store = Store()
    quads = parse(release["questions.ttl"], format=RdfFormat.TURTLE)
    store.extend(quads)
    rows = store.query(LISTED)
    return {
        row["question"].value: (row["prologue"].value, row["select"].value)
        for row in rows
    }


def test_at_least_sixty_questions_are_saved():
    assert len(QUESTIONS) >= 60


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_an_editor_can_run_a_listed_question(path, listed):
    prologue, select = listed[QUESTION + path.stem]
    bare = "".join(
        line + "\n" for line in select.splitlines() if not line.startswith("PREFIX ")
    )

    assert select == read_query(path).body
    Store().query(prologue + bare)


def test_nothing_else_is_listed(listed):
    assert set(listed) == {QUESTION + path.stem for path in QUESTIONS}


def test_every_parameter_is_listed(release):
    quads = list(parse(release["questions.ttl"], format=RdfFormat.TURTLE))
    kinds = [q for q in quads if q.predicate.value == RDF + "type"]
    parameters = {q.subject for q in kinds if q.object == NamedNode(SH + "Parameter")}

    assert NamedNode(QUESTION + "members-on-date/day") in parameters
