"""This module writes JSON-LD 1.1, compact against one context, sorted, for people.

PyLD gives the same graph at about forty times the cost (`tests/benchmarks`), so it
reads back in the tests what is written here.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from csto.names import OWL, RDF, RDFS, SKOS, TERM, XSD

MAPS: Final = {
    "label": RDFS + "label",
    "altLabel": SKOS + "altLabel",
    "definition": SKOS + "definition",
    "example": SKOS + "example",
    "prefLabel": SKOS + "prefLabel",
    "scopeNote": SKOS + "scopeNote",
    "paraphrase": TERM + "paraphrase",
    "printedName": TERM + "printedName",
    "readingNote": TERM + "readingNote",
    "textDefect": TERM + "textDefect",
}
"""Terms whose values are maps from language to text."""

INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Integers that a JSON number keeps as they are written."""

TYPED: Final = {
    "date": "edtf:EDTF",
    "earliest": "xsd:date",
    "latest": "xsd:date",
    "periodUntil": "edtf:EDTF",
}
"""Terms whose values are strings of one datatype."""


def context(ontology: Iterable[Quad], prefixes: Mapping[str, str]) -> dict[str, Any]:
    """Return the context: *prefixes*, own terms, and the types of their values."""
    terms: dict[str, Any] = dict(prefixes)
    for quad in ontology:
        name = quad.subject.value.removeprefix(TERM)
        if quad.object == NamedNode(OWL + "ObjectProperty"):
            terms[name] = {"@id": f"csto:{name}", "@type": "@id"}
        elif quad.object == NamedNode(OWL + "DatatypeProperty"):
            terms[name] = {"@id": f"csto:{name}"}
    terms |= {n: {"@id": f"csto:{n}", "@type": kind} for n, kind in TYPED.items()}
    terms |= {n: {"@id": iri, "@container": "@language"} for n, iri in MAPS.items()}
    return {"@context": dict(sorted(terms.items()))}


def json_ld(quads: Iterable[Quad], terms: Mapping[str, Any]) -> bytes:
    """Return *quads*, without their graphs, as JSON-LD under the context *terms*.

    Blank nodes are not supported: the project has none in what it publishes so.
    """
    writer = _Writer(terms["@context"])
    nodes: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    triples = {quad.triple for quad in quads}
    for subject, predicate, value in sorted(triples, key=str):
        writer.put(nodes[writer.short(subject.value)], predicate.value, value)
    graph = [{"@id": name, **_single(nodes[name])} for name in sorted(nodes)]
    document = {**terms, "@graph": graph}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


class _Writer:
    """The context, read the other way: from IRIs to names."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.prefixes = sorted(
            ((iri, name) for name, iri in context.items() if isinstance(iri, str)),
            key=lambda pair: -len(pair[0]),
        )
        self.names: dict[str, str] = {}
        full = {name: iri for iri, name in self.prefixes}
        self.terms: dict[str, tuple[str, dict[str, str]]] = {}
        for name, term in context.items():
            if isinstance(term, dict):
                prefix, _, local = term["@id"].partition(":")
                iri = full[prefix] + local if prefix in full else term["@id"]
                self.terms[iri] = (name, term)

    def short(self, iri: str) -> str:
        """Return *iri* as prefix and local name, if a prefix covers it."""
        if iri not in self.names:
            self.names[iri] = self._name(iri)
        return self.names[iri]

    def _name(self, iri: str) -> str:
        for namespace, prefix in self.prefixes:
            local = iri[len(namespace) :]
            if iri.startswith(namespace) and local and not local.startswith("//"):
                return f"{prefix}:{local}"
        return iri

    def put(self, node: dict[str, list[Any]], predicate: str, value: Any) -> None:
        """Add *value* to *node* under the best name of *predicate*."""
        name, term = self.terms.get(predicate, (self.short(predicate), {}))
        if "@container" in term:
            if isinstance(value, Literal) and value.language:
                texts = node[name] or [{}]
                texts[0].setdefault(value.language, []).append(value.value)
                node[name] = texts
                return
            name, term = self.short(predicate), {}
        if isinstance(value, Literal):
            node[name].append(self._literal(value, term.get("@type")))
        elif predicate == RDF + "type":
            node["@type"].append(self.short(value.value))
        else:
            iri = self.short(value.value)
            node[name].append(iri if term.get("@type") == "@id" else {"@id": iri})

    def _literal(self, value: Literal, kind: str | None) -> Any:
        if value.language:
            return {"@language": value.language, "@value": value.value}
        datatype = value.datatype.value
        bare = kind is None and datatype == XSD + "integer"
        if bare and INTEGER.fullmatch(value.value):
            return int(value.value)
        short = self.short(datatype)
        if short == kind or (datatype == XSD + "string" and kind is None):
            return value.value
        return {"@type": short, "@value": value.value}


def _single(node: Mapping[str, Any]) -> dict[str, Any]:
    """Return *node* with each list of one value replaced by that value."""
    return {name: _one(node[name]) for name in sorted(node)}


def _one(values: Any) -> Any:
    if not isinstance(values, list):
        return values
    if len(values) > 1:
        return values
    if isinstance(values[0], dict) and not any(k[0] == "@" for k in values[0]):
        return {language: _one(texts) for language, texts in sorted(values[0].items())}
    return values[0]
