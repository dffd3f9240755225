"""This module writes one set of statements in every RDF form, always the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    NamedNode,
    Quad,
    RdfFormat,
    serialize,
)

from csto.layout import Notes, write
from csto.names import SOURCE


def union(quads: Iterable[Quad]) -> list[Quad]:
    """Return the statements of *quads* without their graphs, sorted."""
    return sorted({Quad(*quad.triple) for quad in quads}, key=str)


def lines(quads: Iterable[Quad]) -> bytes:
    """Return *quads* as sorted N-Quads, or N-Triples if none has a graph."""
    return "".join(sorted({f"{quad} .\n" for quad in quads})).encode()


def turtle(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> bytes:
    """Return *quads* as Turtle in house layout."""
    return write(quads, prefixes).encode()


def trig(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> bytes:
    """Return *quads* as TriG in house layout."""
    return write(quads, prefixes, named=True).encode()


def annotated(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> bytes:
    """Return *quads* as RDF 1.2 Turtle, each claim with the passages that state it."""
    notes: Notes = {}
    for quad in sorted(set(quads), key=str):
        if str(quad.graph_name).startswith(f"<{SOURCE}"):
            notes.setdefault(tuple(quad.triple), []).append(quad.graph_name)
    return write(quads, prefixes, notes=notes).encode()


def rdf_xml(quads: Iterable[Quad], prefixes: Mapping[str, str]) -> bytes:
    """Return *quads* as RDF/XML, with the *prefixes* of predicates and types."""
    triples = union(quads)
    names = {q.predicate.value for q in triples}
    names |= {q.object.value for q in triples if isinstance(q.object, NamedNode)}
    used = {p: n for p, n in prefixes.items() if any(i.startswith(n) for i in names)}
    known = dict(sorted(used.items()))
    return serialize(triples, format=RdfFormat.RDF_XML, prefixes=known) or b""


def canonical(quads: Iterable[Quad]) -> bytes:
    """Return *quads* as canonical N-Quads (RDFC-1.0): equal for equal graphs."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return lines(dataset)
