"""This module holds a graph against the shapes and the checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from csto import queries
from csto.names import SH, SHAPE

if TYPE_CHECKING:
    import rdflib

SEVERITIES: Final = {
    SH + "Violation": "violation",
    SH + "Warning": "warning",
    SH + "Info": "info",
}

COLUMNS: Final = ("entity", "property", "value")
"""What every check selects."""


@dataclass(frozen=True, order=True)
class Result:
    """One offender: what is wrong with which statement, by which rule."""

    focus: str
    property: str
    value: str
    rule: str
    severity: str
    message: str


def to_rdflib(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """Return the statements of *quads* as an rdflib graph, literals untouched."""
    import rdflib  # noqa: PLC0415 -- 0.3 s that only validation needs

    graph = rdflib.Graph(bind_namespaces="none")
    for quad in quads:
        graph.add(tuple(rdflib_term(rdflib, term) for term in quad.triple))
    return graph


def rdflib_term(rdflib: Any, term: Any) -> Any:
    """Return the pyoxigraph *term* as the same term of the module *rdflib*."""
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    datatype = None if term.language else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(
        term.value, lang=term.language, datatype=datatype, normalize=False
    )


def against_shapes(quads: Iterable[ox.Quad], shapes: Iterable[ox.Quad]) -> list[Result]:
    """Return what pySHACL finds in *quads* by *shapes* (SHACL Core), sorted.

    The class hierarchy counts as far as *quads* hold it; nothing is inferred,
    imported or fetched.
    """
    import pyshacl  # noqa: PLC0415 -- 0.3 s that only validation needs
    from rdflib import SH  # noqa: PLC0415

    data, laws = to_rdflib(quads), to_rdflib(targeted(shapes))
    conforms, report, _ = pyshacl.validate(data, shacl_graph=laws, inference="none")
    if conforms:
        return []
    return sorted(_result(report, node) for node in report.objects(None, SH.result))


def targeted(shapes: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Return *shapes* with each property shape aiming at what its node shape aims at.

    The findings are the same. pySHACL asks a property shape once per focus node
    if it hangs on a node shape, but once for all if it has a target of its own.
    Node shapes that other shapes refer to keep their property shapes.
    """
    laws = list(shapes)
    held = ox.NamedNode(SH + "property")
    aims = [q for q in laws if q.predicate.value.startswith(SH + "target")]
    referred = {q.object for q in laws if q.predicate != held}
    free = {aim.subject for aim in aims} - referred
    moved = [q for q in laws if q.predicate == held and q.subject in free]
    aimed = [
        ox.Quad(hold.object, aim.predicate, aim.object)  # type: ignore[arg-type]
        for hold in moved
        for aim in aims
        if aim.subject == hold.subject
    ]
    return [*(set(laws) - set(moved)), *aimed]


def _result(report: rdflib.Graph, node: Any) -> Result:
    from rdflib import SH  # noqa: PLC0415

    def one(predicate: Any) -> str:
        return str(report.value(node, predicate) or "")

    messages = report.objects(node, SH.resultMessage)
    english = [str(m) for m in messages if getattr(m, "language", "") in ("en", None)]
    return Result(
        one(SH.focusNode),
        one(SH.resultPath),
        one(SH.value),
        one(SH.sourceShape).removeprefix(SHAPE),
        SEVERITIES[one(SH.resultSeverity)],
        min(english, default="Does not conform."),
    )


def against_checks(store: ox.Store, checks: Mapping[str, Path]) -> Iterator[Result]:
    """Yield what the *checks*, each a SELECT of offenders, find in *store*."""
    for name, path in checks.items():
        check = queries.read_query(path)
        for row in queries.answer(store, path, check.text):
            found = {v: getattr(row[v], "value", "") for v in COLUMNS}
            entity, prop, value = found.values()
            yield Result(entity, prop, value, name, "violation", check.meaning)


def unused(quads: Iterable[ox.Quad], shapes: Iterable[ox.Quad]) -> list[str]:
    """Return the target classes of *shapes* of which *quads* hold no instance."""
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    target = ox.NamedNode(SH + "targetClass")
    present = {q.object for q in quads if q.predicate == kind}
    wanted = {q.object for q in shapes if q.predicate == target}
    return sorted(c.value for c in wanted - present)
