"""This module finds what neither parser nor shape sees: terms, forms and layout."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from csto.errors import Position, SourceError
from csto.finding import Finding
from csto.layout import format_text
from csto.locate import locate
from csto.names import KINDS, OWL, PREFIXES, RDF, RDFS, SH, THING, XSD
from csto.profile import departures, plain
from csto.queries import GROUPS, Query, answer, format_query, read_query
from csto.read import Document, position
from csto.rooms import QUERY_ROOMS, SHAPES, Project, graph_of

LANGUAGE_OF: Final = {RDF: "RDF", RDFS: "RDFS", OWL: "OWL", SH: "SH", XSD: "XSD"}
"""The languages themselves, whose terms rdflib lists."""


def lint(project: Project) -> Iterator[Finding]:
    """Yield every finding about the text and the terms of *project*."""
    for document in project.documents:
        yield from _layout(document)
        yield from _prefixes(document)
    yield from _terms(project)
    yield from _things(project)
    for document in project.documents:
        if graph_of(project.root, document.path) != SHAPES:
            yield from departures(document)
    for room in QUERY_ROOMS:
        for path in project.queries(room).values():
            yield from _query(read_query(path))


def _layout(document: Document) -> Iterator[Finding]:
    try:
        wanted = format_text(document.path, document.text)
    except SourceError as error:
        yield _finding(document, error.position, "layout", error.message, error.remedy)
        return
    yield from _first_difference(str(document.path), document.text, wanted)


def _first_difference(path: str, text: str, wanted: str) -> Iterator[Finding]:
    if text == wanted:
        return
    pairs = enumerate(zip_longest(text.split("\n"), wanted.split("\n")), 1)
    line = next(n for n, (written, laid_out) in pairs if written != laid_out)
    line = min(line, len(text.splitlines()))
    yield Finding(
        path,
        Position(line, 1),
        "violation",
        "layout",
        "Not in house layout.",
        remedy="Run csto format.",
    )


def _prefixes(document: Document) -> Iterator[Finding]:
    for prefix, iri in document.prefixes.items():
        known = PREFIXES.get(prefix)
        if known not in (None, iri):
            message = f"The prefix {prefix}: means <{known}> in this project."
            line = document.text[: document.text.find(f"<{iri}>")].count("\n") + 1
            yield _finding(document, Position(line, 1), "prefix", message, "Use it so.")


def _finding(
    document: Document, at: Position, rule: str, message: str, remedy: str
) -> Finding:
    path = str(document.path)
    return Finding(path, at, "violation", rule, message, remedy=remedy)


def _terms(project: Project) -> Iterator[Finding]:
    """Yield each use of a vocabulary term that nobody has defined or listed."""
    from csto.rooms import ONTOLOGY  # noqa: PLC0415

    defined = {q.subject.value for q in project.quads(ONTOLOGY)}
    for quad in _distinct(project, SHAPES):
        for term in (quad.predicate, quad.object):
            if not isinstance(term, NamedNode) or not _is_vocabulary(term.value):
                continue
            if term.value not in defined and not _in_language(term.value):
                yield _undefined(project, quad, term.value, defined)


def _distinct(project: Project, *more: NamedNode) -> list[Quad]:
    """Return each statement once, however many passages make it."""
    quads = [*project.quads(), *(project.quads(*more) if more else ())]
    return list({quad.triple: quad for quad in quads}.values())


def _is_vocabulary(iri: str) -> bool:
    spaces = [n for p, n in PREFIXES.items() if p not in KINDS and p != "graph"]
    return any(iri.startswith(n) and iri != n for n in spaces if n != PREFIXES["shape"])


@lru_cache
def _in_language(iri: str) -> bool:
    """Tell whether RDF, RDFS, OWL, SHACL or XSD defines *iri*."""
    return any(iri.startswith(n) and iri in space for n, space in _languages())


@cache
def _languages() -> list[tuple[str, Any]]:
    import rdflib.namespace  # noqa: PLC0415 -- only checks need it

    return [(n, getattr(rdflib.namespace, name)) for n, name in LANGUAGE_OF.items()]


def _undefined(
    project: Project, quad: Quad, iri: str, defined: Iterable[str]
) -> Finding:
    language = (str(term) for _, space in _languages() for term in dir(space))
    remedy = _near(iri, [*defined, *language]) or "Define or list it."
    path, at = _place(project, quad, iri)
    message = f"The term {_short(iri)} is defined nowhere."
    return Finding(
        path,
        at,
        "violation",
        "unknown-term",
        message,
        quad.subject.value,
        remedy=remedy,
    )


def _near(iri: str, known: Iterable[str]) -> str:
    """Return the question after that one of *known* whose last part is spelt alike."""
    space, last = re.fullmatch(r"(.*[/#])([^/#]*)", iri).groups()
    ours_last = sorted(known, key=lambda other: (other.startswith(space), other))
    spelt = {re.split("[/#]", other)[-1]: other for other in ours_last}
    close = difflib.get_close_matches(last, spelt, n=1)
    return f"Did you mean {_short(spelt[close[0]])}?" if close else ""


def _place(project: Project, quad: Quad, iri: str) -> tuple[str, Position]:
    """Return where *quad* stands or, inside of a list, where *iri* is written first."""
    path, at = locate(
        project.documents, quad.subject.value, quad.predicate.value, plain(quad.object)
    )
    if path:
        return path, at
    for document in project.documents:
        for prefix, namespace in document.prefixes.items():
            name = re.escape(f"{prefix}:{iri.removeprefix(namespace)}")
            found = re.search(rf"(?<![\w:-]){name}(?![\w-])", document.text)
            if found and iri.startswith(namespace):
                return str(document.path), position(document.text, found.start())
    return "", Position()


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"


def _things(project: Project) -> Iterator[Finding]:
    """Yield each use of a thing that is nowhere said to be of any class."""
    quads = _distinct(project)
    typed = {q.subject.value for q in quads if q.predicate.value == RDF + "type"}
    for quad in quads:
        for term in (quad.subject, quad.object):
            if not isinstance(term, NamedNode) or not term.value.startswith(THING):
                continue
            if term.value not in typed:
                yield _dangling(project, quad, term.value, typed)


def _dangling(project: Project, quad: Quad, iri: str, typed: Iterable[str]) -> Finding:
    kind = iri.removeprefix(THING).split("/")[0]
    same = [t for t in typed if t.startswith(f"{THING}{kind}/")]
    remedy = _near(iri, same) or "Register it in data/."
    path, at = _place(project, quad, iri)
    return Finding(
        path,
        at,
        "violation",
        "unregistered",
        f"{_short(iri)} is of no class.",
        iri,
        remedy=remedy,
    )


def _query(query: Query) -> Iterator[Finding]:
    """Yield what is wrong with layout and header of *query*."""
    path = str(query.path)
    if not query.title or not query.meaning:
        message = "The header lacks a title or its meaning."
        yield Finding(path, Position(1, 1), "violation", "query-header", message)
    try:
        wanted = format_query(query.path, query.text)
    except SourceError as error:
        yield Finding(path, error.position, "violation", "query", error.message)
        return
    yield from _first_difference(path, query.text, wanted)
    if query.path.parent.name != "questions":
        return
    if set(query.variables) != _projected(query):
        message = "The header does not name exactly the variables that are selected."
        yield Finding(path, Position(1, 1), "violation", "query-header", message)
    if not query.keywords or query.keywords[0] not in GROUPS:
        message = "The header lacks keywords, or the first of them is no group."
        remedy = f"Write # Keywords: and one of {', '.join(GROUPS)}."
        yield Finding(
            path, Position(1, 1), "violation", "query-header", message, remedy=remedy
        )


def _projected(query: Query) -> set[str]:
    found = answer(Store(), query.path, query.text)
    if not isinstance(found, QuerySolutions):
        return set()
    return {variable.value for variable in found.variables}
