"""This module says in RDF what can be asked: the saved questions as SPARQL executables.

The form is the one that SPARQL editors read: `sh:SPARQLExecutable` with `sh:select`
and `sh:prefixes` (SHACL, sections 5.2.1 and 8.2 of SHACL Advanced Features).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from csto.names import BASE, PREFIXES, QUESTION, RDF, RDFS, SH, STANDARD, XSD
from csto.queries import Query, parameters

CATALOGUE: Final = NamedNode(QUESTION.rstrip("/"))
TYPE: Final = NamedNode(RDF + "type")


def catalogue(questions: Iterable[Query]) -> Iterator[Quad]:
    """Yield the RDF description of *questions*, with prefixes and parameters."""
    listed = list(questions)
    used = {p for q in listed for p in PREFIXES if f"PREFIX {p}:" in q.text}
    yield Quad(CATALOGUE, TYPE, _term("owl:Ontology"))
    label = Literal("Saved questions of the CSTO linked data", language="en")
    yield Quad(CATALOGUE, _term("rdfs:label"), label)
    for prefix in sorted(used):
        yield from _declaration(prefix)
    for question in listed:
        yield from _question(question)


def _declaration(prefix: str) -> Iterator[Quad]:
    node = NamedNode(f"{QUESTION}prefix/{prefix}")
    iri = Literal(PREFIXES[prefix], datatype=NamedNode(XSD + "anyURI"))
    yield Quad(CATALOGUE, _term("sh:declare"), node)
    yield Quad(node, TYPE, _term("sh:PrefixDeclaration"))
    yield Quad(node, _term("sh:prefix"), Literal(prefix))
    yield Quad(node, _term("sh:namespace"), iri)


def _question(question: Query) -> Iterator[Quad]:
    node = NamedNode(QUESTION + question.name)
    for kind in ("SPARQLExecutable", "SPARQLSelectExecutable"):
        yield Quad(node, TYPE, _term(f"sh:{kind}"))
    yield Quad(node, _term("rdfs:label"), Literal(question.title, language="en"))
    yield Quad(node, _term("rdfs:comment"), Literal(question.meaning, language="en"))
    yield Quad(node, _term("sh:prefixes"), CATALOGUE)
    yield Quad(node, _term("sh:select"), Literal(question.body))
    yield Quad(node, _term("dcterms:isPartOf"), NamedNode(BASE))
    for keyword in question.keywords:
        yield Quad(node, _term("dcat:keyword"), Literal(keyword, language="en"))
    for name, default in parameters(question.text).items():
        parameter = NamedNode(f"{QUESTION}{question.name}/{name}")
        yield Quad(node, _term("sh:parameter"), parameter)
        yield Quad(parameter, TYPE, _term("sh:Parameter"))
        yield Quad(parameter, _term("rdfs:label"), Literal(name, language="en"))
        yield Quad(parameter, _term("rdfs:comment"), Literal(f"Default: {default}"))


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    spaces = {**STANDARD, "rdfs": RDFS, "sh": SH}
    return NamedNode(spaces[prefix] + local)
