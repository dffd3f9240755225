"""Reuse: every standard term exists in its vocabulary's own file, and is used."""

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from conftest import ROOT, skip
from csto.names import EDTF, OWL, RDF, RDFS, SH, STANDARD, TERM, XSD
from csto.read import read

FOLDER = ROOT / "tests/node/node_modules/@vocabulary"
DEFINED_BY = NamedNode(RDFS + "isDefinedBy")
LANGUAGES = (RDF, RDFS, OWL, SH, XSD)

# No registry package carries these; read in the ELI 1.2 ontology, in the datatype
# page of the Library of Congress, and in DCAT 3 (the packaged file is DCAT 2).
READ_ELSEWHERE = {
    STANDARD["eli"] + name
    for name in (
        "LegalResource",
        "LegalResourceSubdivision",
        "cites",
        "has_part",
        "is_part_of",
        "number",
        "passed_by",
        "type_document",
    )
} | {EDTF + "EDTF", STANDARD["dcat"] + "version"}

REUSED = sorted(
    quad.subject.value
    for quad in read(ROOT / "ontology/reused.ttl").quads
    if quad.predicate == DEFINED_BY
)


@pytest.fixture(scope="module")
def published():
    """Return every subject of the vocabularies' own files."""
    files = sorted(FOLDER.glob("*/*.nq"))
    if not files:
        skip("the vocabularies of tests/node are not installed")
    return {
        quad.subject.value
        for file in files
        for quad in parse(file.read_bytes(), format=RdfFormat.N_QUADS)
        if isinstance(quad.subject, NamedNode)
    }


@pytest.mark.parametrize("term", REUSED)
def test_a_reused_term_exists_in_its_vocabulary(term, published):
    assert term in published | READ_ELSEWHERE


def test_a_term_that_does_not_exist_would_be_noticed(published):
    assert STANDARD["org"] + "organisation" not in published
    assert STANDARD["org"] + "organization" in published


def test_exactly_the_terms_that_are_used_are_listed(project, graph, release):
    quads = [*graph.quads, *(q for d in project.documents for q in d.quads)]
    quads += parse(release["void.ttl"], format=RdfFormat.TURTLE)
    datatypes = {getattr(q.object, "datatype", None) for q in quads} - {None}
    seen = {
        t.value for q in quads for t in (q.predicate, q.object) if hasattr(t, "value")
    }
    seen |= {datatype.value for datatype in datatypes}
    spaces = tuple(n for n in STANDARD.values() if n not in LANGUAGES)
    used = {term for term in seen if term.startswith(spaces) and term not in spaces}

    assert set(REUSED) == used


@pytest.mark.parametrize("term", REUSED)
def test_a_reused_term_is_never_redefined(term, project):
    said = {
        quad.predicate.value
        for document in project.documents
        for quad in document.quads
        if quad.subject.value == term
    }

    assert not term.startswith(TERM)
    assert said == {RDFS + "isDefinedBy", STANDARD["skos"] + "scopeNote"}
