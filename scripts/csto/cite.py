"""This module says where a statement stands, and whether a spell holds on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import pyoxigraph as ox

from csto.answers import Statement
from csto.errors import UsageError
from csto.layout import natural
from csto.names import GRAPH, SOURCE, STANDARD
from csto.read import Document
from csto.rooms import Project, graph_of

STAMP: Final = STANDARD["sem"] + "has"
"""Begin of the IRIs of SEM's time stamps."""


def passages(
    quads: Iterable[ox.Quad], rows: Sequence[Sequence[ox.NamedNode | ox.Literal | None]]
) -> list[str]:
    """Return for each of *rows* the passages behind it, as people read them.

    Behind a row stand the passages that state something between two of its terms,
    or, where there are none, something about its first thing.
    """
    claims = [q for q in quads if q.graph_name.value.startswith(SOURCE)]
    by_subject: dict[Any, list[ox.Quad]] = defaultdict(list)
    for quad in claims:
        by_subject[quad.subject].append(quad)
    return [cited(_behind(by_subject, row)) for row in rows]


def _behind(by_subject: dict[Any, list[ox.Quad]], row: Sequence[Any]) -> list[str]:
    terms = [term for term in row if term is not None]
    about = [quad for term in terms for quad in by_subject.get(term, ())]
    linked = [quad for quad in about if quad.object in terms]
    chosen = linked or by_subject.get(terms[0] if terms else None, [])
    return sorted({quad.graph_name.value for quad in chosen}, key=natural)


def cited(graphs: Iterable[str]) -> str:
    """Return *graphs* shortly: passages by document, other graphs by name."""
    found: dict[str, list[str]] = defaultdict(list)
    for graph in graphs:
        document, _, passage = graph.removeprefix(SOURCE).partition("#")
        found[document.removeprefix(GRAPH)].append(passage)
    return "; ".join(f"{d} {', '.join(p)}".strip() for d, p in found.items())


def place(project: Project, line: Statement) -> str:
    """Return file and line of *line* in the rooms of *project*; empty if inferred."""
    from csto.locate import locate  # noqa: PLC0415 -- rdflib, which only this needs

    sources = {g.removeprefix(SOURCE).partition("#")[0] for g in line.graphs}
    likely = [
        document
        for document in project.documents
        if document.path.stem in sources or _home(project, document) in line.graphs
    ]
    path, at = locate(likely, line.subject, line.property, line.raw_value)
    if not path:
        return ""
    return f"{path.removeprefix(f'{project.root}/')}:{at.line}"


def _home(project: Project, document: Document) -> str:
    graph = graph_of(project.root, document.path)
    return graph.value if graph else ""


def spells(quads: Iterable[ox.Quad], day: str) -> dict[str, str]:
    """Return each spell with `certain`, `possible` or `none` on *day*.

    A spell is certain if its latest begin is not after the day and the day is
    before its earliest end; possible if only the outer bounds allow it.
    """
    try:
        dt.date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"{day} is no day.", "Write it as 2008-01-31.") from None
    stamps: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in quads:
        if quad.predicate.value.startswith(STAMP) and isinstance(
            quad.object, ox.Literal
        ):
            name = quad.predicate.value.removeprefix(STAMP)
            stamps[quad.subject.value][name] = quad.object.value
    return {spell: _holds(found, day) for spell, found in stamps.items()}


def _holds(stamps: dict[str, str], day: str) -> str:
    """Return how surely a spell with *stamps* holds on *day*.

    Days are compared as text, which is right for four-digit years.
    """
    begun = stamps.get("LatestBeginTimeStamp", "9999-12-31")
    first = stamps.get("EarliestBeginTimeStamp", "0001-01-01")
    ending = stamps.get("EarliestEndTimeStamp", "9999-12-31")
    ended = stamps.get("LatestEndTimeStamp", "9999-12-31")
    if begun <= day < ending:
        return "certain"
    return "possible" if first <= day < ended else "none"
