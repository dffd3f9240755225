"""This module turns a project into the files of a release, all in memory."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from csto import jsonld, serialise
from csto.catalogue import catalogue
from csto.errors import UsageError
from csto.infer import infer
from csto.names import BASE, ONTOLOGY, PREFIXES, RDF, SHAPES, STANDARD, THING, XSD
from csto.queries import read_query
from csto.rooms import METADATA, Project
from csto.rooms import ONTOLOGY as ONTOLOGY_GRAPH
from csto.rooms import SHAPES as SHAPES_GRAPH

MEDIA_TYPES: Final = {
    "csto.ttl": "text/turtle",
    "csto.nt": "application/n-triples",
    "csto.rdf": "application/rdf+xml",
    "csto.jsonld": "application/ld+json",
    "csto.trig": "application/trig",
    "csto.nq": "application/n-quads",
    "csto-claims.nq": "application/n-quads",
    "csto-annotated.ttl": "text/turtle",
}
"""Forms of the dataset, with their registered media types."""

DATASET: Final = NamedNode(BASE)
TITLES: Final = {
    "en": "CSTO linked data",
    "ru": "Связанные данные об ОДКБ",
}
DESCRIPTIONS: Final = {
    "en": "The Collective Security Treaty Organization as linked open data: members "
    "over time, bodies, posts, people, forces, operations, legal acts and events. "
    "Each statement lies in the named graph of the passage that makes it.",
    "ru": "Организация Договора о коллективной безопасности как открытые связанные "
    "данные: члены во времени, органы, должности, лица, силы, операции, правовые "
    "акты и события. Каждое утверждение лежит в именованном графе своего фрагмента.",
}


@dataclass(frozen=True)
class Graph:
    """A completed project: asserted and inferred statements, prefixes, version."""

    quads: tuple[Quad, ...]
    prefixes: dict[str, str]
    version: str


def complete(project: Project) -> Graph:
    """Return the statements of *project*, its metadata, and what the rules conclude."""
    version, issued = _version(project)
    asserted = [*project.quads(), *_metadata(version, issued)]
    concluded = infer(asserted, project.queries("ontology/rules"))
    prefixes = dict(PREFIXES)
    for document in project.documents:
        known = set(prefixes.values())
        fresh = {p: n for p, n in document.prefixes.items() if n not in known}
        if "#" in "".join(fresh.values()):
            prefixes |= fresh
    return Graph((*asserted, *concluded), prefixes, version)


def files(project: Project, graph: Graph) -> dict[str, bytes]:
    """Return every file of the release by name, checksums last."""
    quads, prefixes = graph.quads, graph.prefixes
    ontology = [q for q in quads if q.graph_name == ONTOLOGY_GRAPH]
    stamps = [q for q in quads if q.graph_name == METADATA and q.subject != DATASET]
    shapes = list(project.quads(SHAPES_GRAPH))
    shapes += [q for q in stamps if q.subject.value == SHAPES]
    ontology += [q for q in stamps if q.subject.value == ONTOLOGY]
    context = jsonld.context(ontology, prefixes)
    made = {
        "csto.ttl": serialise.turtle(quads, prefixes),
        "csto.nt": serialise.lines(serialise.union(quads)),
        "csto.rdf": serialise.rdf_xml(quads, prefixes),
        "csto.jsonld": jsonld.json_ld(quads, context),
        "csto.trig": serialise.trig(quads, prefixes),
        "csto.nq": serialise.lines(quads),
        "csto-claims.nq": serialise.lines(project.claims()),
        "csto-annotated.ttl": serialise.annotated(quads, prefixes),
        "ontology.ttl": serialise.turtle(ontology, prefixes),
        "ontology.rdf": serialise.rdf_xml(ontology, prefixes),
        "ontology.jsonld": jsonld.json_ld(ontology, context),
        "shapes.ttl": serialise.turtle(shapes, prefixes),
        "context.jsonld": json.dumps(context, indent=1).encode() + b"\n",
        "questions.ttl": serialise.turtle(_questions(project), prefixes),
        "void.ttl": serialise.turtle(_description(graph), prefixes),
    }
    sums = [f"{hashlib.sha256(b).hexdigest()}  {n}\n" for n, b in sorted(made.items())]
    return {**made, "SHA256SUMS": "".join(sums).encode()}


def _questions(project: Project) -> Iterator[Quad]:
    saved = project.queries("ontology/questions").values()
    return catalogue(read_query(path) for path in saved)


def _version(project: Project) -> tuple[str, str]:
    path = project.root / "pyproject.toml"
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        return settings["project"]["version"], settings["tool"]["csto"]["issued"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        message = f"{path} gives no version and day of issue: {error}."
        raise UsageError(message, "Set project.version and tool.csto.issued.") from None


def _metadata(version: str, issued: str) -> Iterator[Quad]:
    """Yield what the release says of itself; no clock is read."""
    day = Literal(issued, datatype=NamedNode(XSD + "date"))
    for iri in (ONTOLOGY, SHAPES):
        subject = NamedNode(iri)
        stamped = NamedNode(f"{iri}/{version}")
        yield Quad(subject, _term("owl:versionIRI"), stamped, METADATA)
        yield Quad(subject, _term("owl:versionInfo"), Literal(version), METADATA)
        yield Quad(subject, _term("dcterms:modified"), day, METADATA)
    for kind in ("void:Dataset", "dcat:Dataset"):
        yield Quad(DATASET, NamedNode(RDF + "type"), _term(kind), METADATA)
    for predicate, texts in (("title", TITLES), ("description", DESCRIPTIONS)):
        for language, text in texts.items():
            value = Literal(text, language=language)
            yield Quad(DATASET, _term(f"dcterms:{predicate}"), value, METADATA)
    licence = NamedNode("https://creativecommons.org/licenses/by/4.0/")
    yield Quad(DATASET, _term("dcterms:license"), licence, METADATA)
    yield Quad(DATASET, _term("dcterms:issued"), day, METADATA)
    yield Quad(DATASET, _term("dcat:version"), Literal(version), METADATA)
    yield Quad(DATASET, _term("void:uriSpace"), Literal(THING), METADATA)


def _description(graph: Graph) -> Iterator[Quad]:
    """Yield the VoID description: metadata, counts, vocabularies and dumps."""
    yield from (q for q in graph.quads if q.subject == DATASET)
    triples = serialise.union(graph.quads)
    things = {t.subject for t in triples if t.subject.value.startswith(THING)}
    counts = {
        "void:triples": len(triples),
        "void:entities": len(things),
        "void:properties": len({t.predicate for t in triples}),
    }
    for name, count in counts.items():
        value = Literal(str(count), datatype=NamedNode(XSD + "integer"))
        yield Quad(DATASET, _term(name), value)
    predicates = {t.predicate.value for t in triples}
    for namespace in STANDARD.values():
        if any(predicate.startswith(namespace) for predicate in predicates):
            yield Quad(DATASET, _term("void:vocabulary"), NamedNode(namespace))
    example = NamedNode(THING + "organisation/csto")
    yield Quad(DATASET, _term("void:exampleResource"), example)
    for name, media_type in MEDIA_TYPES.items():
        dump = NamedNode(f"{BASE}/{name}")
        yield Quad(DATASET, _term("void:dataDump"), dump)
        yield Quad(DATASET, _term("dcat:distribution"), dump)
        yield Quad(dump, NamedNode(RDF + "type"), _term("dcat:Distribution"))
        iana = "https://www.iana.org/assignments/media-types/" + media_type
        yield Quad(dump, _term("dcat:mediaType"), NamedNode(iana))


def _term(name: str) -> NamedNode:
    prefix, _, local = name.partition(":")
    return NamedNode(PREFIXES[prefix] + local)
