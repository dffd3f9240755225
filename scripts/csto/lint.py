"""This module finds what neither parser nor shape sees: terms, forms and layout."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from csto.errors import Position, SourceError
from csto.finding import Finding
from csto.layout import format_text
from csto.locate import locate
from csto.names import EDTF, KINDS, OWL, PREFIXES, RDF, RDFS, SH, SOURCE, THING, XSD
from csto.queries import Query, format_query, read_query
from csto.read import Document
from csto.rooms import QUERY_ROOMS, SHAPES, Project, graph_of

LEXICAL: Final = {
    XSD + "string": re.compile(r"(?s).+"),
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(0|[1-9][0-9]*)\.([0-9]*[1-9]|0)"),
    XSD + "boolean": re.compile(r"true|false"),
    XSD + "date": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    EDTF + "EDTF": re.compile(
        r"[0-9]{4}(-(2[1-4]|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?"
    ),
}
"""Datatypes of the data profile, each with its canonical forms (XSD 1.1, EDTF 1)."""

LANGUAGES: Final = ("en", "ru")
SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
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
            yield from _profile(document)
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
    pairs = zip([*text.split("\n"), ""], [*wanted.split("\n"), ""], strict=False)
    line = next((n for n, (a, b) in enumerate(pairs, 1) if a != b), 1)
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
    for quad in [*project.quads(), *project.quads(SHAPES), *project.claims()]:
        for term in (quad.predicate, quad.object):
            if not isinstance(term, NamedNode) or not _is_vocabulary(term.value):
                continue
            if term.value not in defined and not _in_language(term.value):
                yield _undefined(project, quad, term.value, defined)


def _is_vocabulary(iri: str) -> bool:
    spaces = [n for p, n in PREFIXES.items() if p not in KINDS and p != "graph"]
    return any(iri.startswith(n) and iri != n for n in spaces if n != PREFIXES["shape"])


@lru_cache
def _language_terms() -> frozenset[str]:
    import rdflib.namespace  # noqa: PLC0415 -- only checks need it

    spaces = [getattr(rdflib.namespace, name) for name in LANGUAGE_OF.values()]
    return frozenset(str(term) for space in spaces for term in dir(space))


def _in_language(iri: str) -> bool:
    return iri in _language_terms()


def _undefined(
    project: Project, quad: Quad, iri: str, defined: Iterable[str]
) -> Finding:
    close = difflib.get_close_matches(iri, [*defined, *_language_terms()], n=1)
    remedy = f"Did you mean {_short(close[0])}?" if close else "Define or list it."
    path, at = locate(
        project.documents, quad.subject.value, quad.predicate.value, _text(quad.object)
    )
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


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"


def _text(term: object) -> str:
    return str(getattr(term, "value", term))


def _things(project: Project) -> Iterator[Finding]:
    """Yield each use of a thing that is nowhere said to be of any class."""
    quads = [*project.quads(), *project.claims()]
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
    close = difflib.get_close_matches(iri, same, n=1)
    remedy = f"Did you mean {_short(close[0])}?" if close else "Register it in data/."
    path, at = locate(
        project.documents, quad.subject.value, quad.predicate.value, _text(quad.object)
    )
    return Finding(
        path,
        at,
        "violation",
        "unregistered",
        f"{_short(iri)} is of no class.",
        iri,
        remedy=remedy,
    )


def _profile(document: Document) -> Iterator[Finding]:
    """Yield each statement that some store would not return as it was sent."""
    for quad in document.quads:
        for message, remedy in _departures(quad):
            path, at = locate(
                [document],
                _text(quad.subject),
                quad.predicate.value,
                _text(quad.object),
            )
            yield Finding(
                path,
                at,
                "violation",
                "profile",
                message,
                _text(quad.subject),
                remedy=remedy,
            )


def _departures(quad: Quad) -> Iterator[tuple[str, str]]:
    if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
        yield "A blank node.", "Give it an IRI."
    elif not _is_named_well(quad.subject.value):
        yield f"{quad.subject} is no IRI of this project.", "Use id/<kind>/<slug>."
    if not isinstance(quad.object, Literal):
        return
    if quad.object.language:
        if quad.object.language not in LANGUAGES:
            yield (
                f"The language {quad.object.language} is not used here.",
                "Use en or ru.",
            )
    elif pattern := LEXICAL.get(quad.object.datatype.value):
        if not pattern.fullmatch(quad.object.value):
            yield f"{quad.object} is not in canonical form.", "Write it canonically."
    else:
        yield (
            f"The datatype {quad.object.datatype} is not used here.",
            "Choose another.",
        )


def _is_named_well(iri: str) -> bool:
    if not iri.startswith(THING) or iri.startswith(SOURCE):
        return True
    kind, _, slug = iri.removeprefix(THING).partition("/")
    return kind in KINDS and SLUG.fullmatch(slug) is not None


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
    if query.path.parent.name == "questions" and set(query.variables) != _projected(
        query
    ):
        message = "The header does not name exactly the variables that are selected."
        yield Finding(path, Position(1, 1), "violation", "query-header", message)


def _projected(query: Query) -> set[str]:
    head = re.search(r"SELECT(?: DISTINCT)?(.*?)WHERE", query.text, re.DOTALL)
    plain = re.sub(
        r"\([^()]*(?:\([^()]*\)[^()]*)*AS (\?\w+)\)", r"\1", head[1] if head else ""
    )
    return set(re.findall(r"\?\w+", plain))
