"""This module runs every check on the rooms and gathers the findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, Store

from csto import consistency, evidence, lint, validate
from csto.errors import Position
from csto.finding import Finding, order
from csto.locate import locate
from csto.names import PREFIXES
from csto.release import Graph, complete
from csto.rooms import INFERRED, ONTOLOGY, Project
from csto.validate import Result

Tell = Callable[[str], None]
"""Called with the name of each step as it begins."""

LAWS_OF_TERMS: Final = "ontology.ttl"
"""The shapes of our own terms, which only the ontology has to meet."""


def check(
    project: Project, tell: Tell, documents: Path | None = None
) -> Iterator[Finding]:
    """Yield every finding of every check on *project*, step by step, each sorted.

    *documents* is a folder with the source documents, if there is one.
    """
    graph = complete(project)
    asserted = [q for q in graph.quads if q.graph_name != INFERRED]
    tell("layout, terms and queries")
    yield from sorted(lint.lint(project), key=order)
    tell("coverage of the passages")
    yield from sorted(evidence.coverage(project), key=order)
    tell("shapes of the terms")
    yield from terms(project)
    tell("shapes before inference")
    yield from shapes(project, asserted)
    tell("shapes after inference")
    yield from shapes(project, graph.quads)
    tell("checks")
    yield from checks(project, graph)
    tell("consistency")
    yield from consistent(project, asserted)
    if documents is not None:
        tell("source documents")
        yield from sorted(evidence.against_documents(project, documents), key=order)


def gate(project: Project, graph: Graph) -> Iterator[Finding]:
    """Yield the findings that stop a build: coverage, shapes and checks.

    Only the completed graph is validated: a law broken before inference is broken
    after it, since rules add statements and take none away; only a law that asks
    for something which a rule supplies differs, and `check` sees to those.
    """
    yield from sorted(evidence.coverage(project), key=order)
    yield from shapes(project, graph.quads)
    yield from checks(project, graph)


def shapes(project: Project, quads: Iterable[Quad]) -> list[Finding]:
    """Return what the shapes of the data find in *quads*, and idle shapes."""
    data = list(quads)
    laws = list(_laws(project, own=False))
    results = validate.against_shapes(data, laws)
    found = [_finding(project, result) for result in results]
    for target in validate.unused(data, laws):
        path, at = locate(project.documents, "", "", target)
        message = f"No instance of {_short(target)}, so its shape proves nothing."
        found.append(
            Finding(
                path or str(project.root / "shapes"),
                at,
                "warning",
                "idle-shape",
                message,
            )
        )
    return sorted(found, key=order)


def terms(project: Project) -> list[Finding]:
    """Return what the shapes of our own terms find in the ontology."""
    results = validate.against_shapes(project.quads(ONTOLOGY), _laws(project, own=True))
    return sorted((_finding(project, result) for result in results), key=order)


def _laws(project: Project, *, own: bool) -> Iterator[Quad]:
    for document in project.documents:
        is_of_terms = document.path.name == LAWS_OF_TERMS
        if document.path.parent.name == "shapes" and is_of_terms == own:
            yield from document.quads


def checks(project: Project, graph: Graph) -> list[Finding]:
    """Return what the checks find in *graph*."""
    store = Store()
    store.bulk_extend(graph.quads)
    results = validate.against_checks(store, project.queries("shapes/checks"))
    return sorted((_finding(project, result) for result in results), key=order)


def consistent(project: Project, quads: list[Quad]) -> Iterator[Finding]:
    """Yield each contradiction that a reasoner finds in *quads*."""
    root = str(project.root / "ontology")
    if consistency.has_java():
        if message := consistency.contradiction_by_hermit(quads):
            yield Finding(root, Position(), "violation", "owl-dl", message)
    else:
        message = "Java is missing, so HermiT was not asked."
        yield Finding(root, Position(), "info", "owl-dl", message)
    for message in consistency.contradictions_by_owl_rl(quads):
        yield Finding(root, Position(), "violation", "owl-rl", message)


def _finding(project: Project, result: Result) -> Finding:
    path, at = locate(project.documents, result.focus, result.property, result.value)
    focus = _short(result.focus)
    message = f"{focus}: {result.message}"
    return Finding(
        path or str(project.root / "data"),
        at,
        result.severity,
        result.rule,
        message,
        result.focus,
        result.property,
        result.value,
    )


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
