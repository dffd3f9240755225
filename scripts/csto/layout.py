"""This module lays out Turtle and TriG: one text for one set of statements."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from csto.errors import Position, SourceError
from csto.names import OWL, RDF, RDFS, SH, SKOS, XSD
from csto.read import comments, parse_text, position, read_text

Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Table: TypeAlias = dict[Term, dict[NamedNode, list[Term]]]
Notes: TypeAlias = dict[tuple[Term, Term, Term], list[Any]]

LOCAL_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
SHORT: Final = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
"""Lexical forms that Turtle writes without quotes."""

BLOCKS: Final[dict[Term, int]] = {
    NamedNode(iri): rank
    for rank, iri in enumerate(
        (
            OWL + "Ontology",
            OWL + "Class",
            OWL + "ObjectProperty",
            OWL + "DatatypeProperty",
            SH + "NodeShape",
            SH + "PropertyShape",
            SKOS + "ConceptScheme",
        )
    )
}
"""Order of blocks in a file; whatever has no such type comes last."""

LINES: Final = {
    NamedNode(iri): rank
    for rank, iri in enumerate(
        (
            RDF + "type",
            RDFS + "subClassOf",
            RDFS + "subPropertyOf",
            OWL + "disjointWith",
            RDFS + "label",
            SKOS + "definition",
            SKOS + "example",
            SKOS + "scopeNote",
            SH + "targetClass",
            SH + "targetSubjectsOf",
            SH + "targetObjectsOf",
            SH + "path",
            SH + "minCount",
            SH + "maxCount",
            SH + "datatype",
            SH + "class",
            SH + "nodeKind",
            SH + "node",
            SH + "in",
            SH + "pattern",
            SH + "severity",
            SH + "message",
            SH + "property",
        )
    )
}
"""Order of predicates in a block; the rest follow by IRI."""

DIGITS: Final = re.compile(r"([0-9]+)")
TYPE: Final = NamedNode(RDF + "type")
FIRST: Final = NamedNode(RDF + "first")
REST: Final = NamedNode(RDF + "rest")
NIL: Final = NamedNode(RDF + "nil")


@lru_cache(maxsize=2**16)
def natural(term: object) -> tuple[object, ...]:
    """Return a sort key under which `#L9` stands before `#L10`."""
    parts = DIGITS.split(str(getattr(term, "value", term)))
    numbers = ((int(p), "") if p.isdecimal() else (-1, p) for p in parts)
    return (*numbers, (-1, "".join(parts)))


def format_text(path: Path, text: str) -> str:
    """Return *text*, a Turtle or TriG document named *path*, in house layout.

    The comment at the head is kept. Raises `SourceError` on a syntax error and
    on what the layout could not keep: a comment anywhere else, a blank node that
    needs a label.
    """
    document = parse_text(path, text)
    head = header(text)
    for offset, comment in comments(text):
        if offset >= len(head):
            raise SourceError(
                path,
                position(text, offset),
                f"A comment in the body: {comment[:40]}",
                "Say it in the head of the file or as a statement.",
            )
    named = path.suffix == ".trig"
    try:
        return head + write(document.quads, document.prefixes, named=named)
    except ValueError as error:
        raise SourceError(path, Position(1, 1), str(error), "Give it an IRI.") from None


def is_laid_out(path: Path) -> bool:
    """Tell whether the file *path* is already in house layout."""
    text = read_text(path)
    return format_text(path, text) == text


def header(text: str) -> str:
    """Return the comment lines at the head of *text*, with one empty line after."""
    lines: list[str] = []
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        lines.append(line.rstrip() + "\n")
    return "".join([*lines, "\n"] if lines else lines)


def write(
    quads: Iterable[Quad],
    prefixes: Mapping[str, str],
    *,
    named: bool = False,
    notes: Notes | None = None,
) -> str:
    """Return Turtle, or TriG if *named*, for *quads*, with the *prefixes* used.

    *notes* annotates statements (RDF 1.2) with the passages that state them.
    The text depends on nothing but the arguments. Raises `ValueError` if a blank
    node cannot be written in place.
    """
    distinct = set(quads) if named else {Quad(*quad.triple) for quad in quads}
    if not _is_forest(distinct):
        raise ValueError("A blank node needs a label.")
    graphs: dict[Term | DefaultGraph, Table] = {}
    for quad in distinct:
        graph: Any = quad.graph_name
        table = graphs.setdefault(graph, defaultdict(lambda: defaultdict(list)))
        table[quad.subject][quad.predicate].append(quad.object)
    writer = _Writer(prefixes, notes or {})
    default = graphs.pop(DefaultGraph(), None)
    blocks = writer.blocks(default, "") if default else []
    for graph in sorted(graphs, key=natural):
        body = "\n".join(writer.blocks(graphs[graph], "  "))
        blocks.append(f"{writer.term(graph)} {{\n{body}}}\n")
    lines = [f"PREFIX {p}: <{prefixes[p]}>\n" for p in sorted(writer.used)]
    return "\n".join(["".join(lines), *blocks] if lines else blocks)


def _is_forest(quads: Iterable[Quad]) -> bool:
    """Tell whether every blank node can be written in place, without a label.

    It can, unless it is held twice, in a circle or in two graphs, or names a graph;
    nothing is said about statements.
    """
    below: dict[Any, list[Any]] = defaultdict(list)
    homes: dict[Any, set[Any]] = defaultdict(set)
    for quad in quads:
        if isinstance(quad.object, Triple) or isinstance(quad.graph_name, BlankNode):
            return False
        if isinstance(quad.object, BlankNode):
            below[quad.subject].append(quad.object)
            homes[quad.object].add(quad.graph_name)
        if isinstance(quad.subject, BlankNode):
            homes[quad.subject].add(quad.graph_name)
    held = [node for nodes in below.values() for node in nodes]
    if len(set(held)) < len(held) or any(len(graphs) > 1 for graphs in homes.values()):
        return False
    reached = [node for top in below.keys() - set(held) for node in below[top]]
    for node in reached:
        reached += below.get(node, ())
    return len(reached) == len(held)


class _Writer:
    """The prefixes at hand, those used so far, and the annotations to write."""

    def __init__(self, prefixes: Mapping[str, str], notes: Notes) -> None:
        self.by_length = sorted(
            ((iri, p) for p, iri in prefixes.items()), key=lambda x: -len(x[0])
        )
        self.used: set[str] = set()
        self.notes = notes
        self.names: dict[str, str] = {}
        self.table: Table = {}

    def blocks(self, table: Table, indent: str) -> list[str]:
        """Return one text per subject of *table* that no other subject holds."""
        self.table = table
        objects = (o for lines in table.values() for os in lines.values() for o in os)
        held = {o for o in objects if isinstance(o, BlankNode)}
        tops = [s for s in table if s not in held]
        texts = {s: self._block(s, indent) for s in tops}
        return [texts[s] for s in sorted(tops, key=lambda s: self._rank(s, texts[s]))]

    def _rank(self, subject: Term, text: str) -> tuple[object, ...]:
        kinds = self.table[subject].get(TYPE, [])
        rank = min((BLOCKS.get(k, len(BLOCKS)) for k in kinds), default=len(BLOCKS))
        return rank, natural(text if isinstance(subject, BlankNode) else subject)

    def _block(self, subject: Term, indent: str) -> str:
        inner = indent + "    "
        name = "[]" if isinstance(subject, BlankNode) else self.term(subject)
        lines = self._lines(subject, inner)
        return f"{indent}{name}\n{lines}{indent}.\n"

    def _lines(self, subject: Term, indent: str) -> str:
        text = []
        for predicate in sorted(
            self.table.get(subject, ()),
            key=lambda p: (LINES.get(p, len(LINES)), natural(p)),
        ):
            verb = "a" if predicate == TYPE else self.term(predicate)
            objects = self.table[subject][predicate]
            if len(objects) == 1:
                value = self._value(objects[0], indent)
                note = self._note(subject, predicate, objects[0])
                text.append(f"{indent}{verb} {value}{note} ;\n")
                continue
            pad = indent + "    "
            values = {o: self._value(o, pad) for o in objects}
            ordered = [
                values[o] + self._note(subject, predicate, o)
                for o in sorted(values, key=lambda o: _object_order(o, values[o]))
            ]
            joined = f" ,\n{pad}".join(ordered)
            text.append(f"{indent}{verb}\n{pad}{joined} ;\n")
        return "".join(text)

    def _note(self, subject: Term, predicate: NamedNode, value: Term) -> str:
        passages = self.notes.get((subject, predicate, value))
        if not passages:
            return ""
        cited = " , ".join(self.term(p) for p in passages)
        source = self.term(NamedNode("http://purl.org/dc/terms/source"))
        return f" {{| {source} {cited} |}}"

    def _value(self, value: Term, indent: str) -> str:
        if not isinstance(value, BlankNode):
            return self.term(value)
        if items := self._items(value):
            return f"( {' '.join(self._value(item, indent) for item in items)} )"
        inner = self._lines(value, indent + "    ")
        return f"[\n{inner}{indent}]" if inner else "[]"

    def _items(self, spine: Term) -> list[Term]:
        """Return the items of the list at *spine*, or none if it is no list."""
        items = []
        while spine != NIL:
            lines = self.table.get(spine, {}) if isinstance(spine, BlankNode) else {}
            pair = [*lines.get(FIRST, ()), *lines.get(REST, ())]
            if lines.keys() != {FIRST, REST} or len(pair) > len(lines):
                return []
            item, spine = pair
            items.append(item)
        return items

    def term(self, term: Term | DefaultGraph) -> str:
        """Return *term* in its shortest form."""
        if isinstance(term, NamedNode):
            return self.names.get(term.value) or self._name(term.value)
        if not isinstance(term, Literal):
            return str(term)
        datatype = term.datatype.value
        if (short := SHORT.get(datatype)) and short.fullmatch(term.value):
            return term.value
        if term.language or datatype == XSD + "string":
            return str(term)
        quoted = str(term).rpartition("^^")[0]
        return f"{quoted}^^{self.term(term.datatype)}"

    def _name(self, iri: str) -> str:
        for namespace, prefix in self.by_length:
            local = iri[len(namespace) :]
            if iri.startswith(namespace) and LOCAL_NAME.fullmatch(local):
                self.used.add(prefix)
                self.names[iri] = f"{prefix}:{local}"
                return self.names[iri]
        return f"<{iri}>"


def _object_order(term: Term, text: str) -> tuple[object, ...]:
    if isinstance(term, Literal):
        return 1, natural(term.language or ""), natural(term.value), text
    return 0, natural(text if isinstance(term, BlankNode) else term)
