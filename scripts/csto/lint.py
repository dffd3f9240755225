"""This module finds what neither parser nor shape sees: terms, forms and layout."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from csto.errors import Position, SourceError
from csto.finding import Finding
from csto.infer import FORM, bounds
from csto.layout import format_text
from csto.locate import locate
from csto.names import (
    EDTF,
    KINDS,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SH,
    SOURCE,
    TERM,
    THING,
    XSD,
)
from csto.queries import Query, format_query, read_query
from csto.read import Document, position, skeleton
from csto.rooms import QUERY_ROOMS, SHAPES, Project, graph_of

LEXICAL: Final = {
    XSD + "string": re.compile(r"(?s).+"),
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(0|[1-9][0-9]*)\.([0-9]*[1-9]|0)"),
    XSD + "boolean": re.compile(r"true|false"),
    XSD + "date": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    EDTF + "EDTF": FORM,
}
"""Datatypes of the data profile, each with its canonical forms (XSD 1.1, EDTF 1)."""

DATES: Final = (XSD + "date", EDTF + "EDTF")
PRINTED: Final = (TERM + "printedName", TERM + "textDefect")
"""Properties whose values are spelt as a source prints them, faults included."""

LOOK_ALIKE: Final = re.compile(r"[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
BLANK: Final = re.compile(r"\[|\((?!\s*\))|(?<![\w-])_:")
"""A Latin letter beside a Greek or Cyrillic one; where a blank node begins."""

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
    lines = text.split("\n")
    pairs = enumerate(zip_longest(lines, wanted.split("\n")), 1)
    line = min(len(lines), next(n for n, (is_, should) in pairs if is_ != should))
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
    close = difflib.get_close_matches(iri, [*defined, *language], n=1)
    remedy = f"Did you mean {_short(close[0])}?" if close else "Define or list it."
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


def _place(project: Project, quad: Quad, iri: str) -> tuple[str, Position]:
    """Return where *quad* stands or, inside of a list, where *iri* is written first."""
    path, at = locate(
        project.documents, quad.subject.value, quad.predicate.value, _text(quad.object)
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


def _text(term: object) -> str:
    return str(getattr(term, "value", term))


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
    close = difflib.get_close_matches(iri, same, n=1)
    remedy = f"Did you mean {_short(close[0])}?" if close else "Register it in data/."
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


def _profile(document: Document) -> Iterator[Finding]:
    """Yield what some store would not return as it was sent, or reader misread."""
    bare = skeleton(document.path, document.text)
    for found in BLANK.finditer(bare):
        at = position(document.text, found.start())
        yield _finding(document, at, "profile", "A blank node.", "Give it an IRI.")
    for quad in {quad.triple: quad for quad in document.quads}.values():
        for rule, message, remedy in (*_departures(quad), *_look_alikes(quad)):
            _, at = locate(
                [document],
                _text(quad.subject),
                quad.predicate.value,
                _text(quad.object),
            )
            yield Finding(
                str(document.path),
                at,
                "violation",
                rule,
                message,
                _text(quad.subject),
                remedy=remedy,
            )


def _look_alikes(quad: Quad) -> Iterator[tuple[str, str, str]]:
    if isinstance(quad.object, Literal) and quad.predicate.value not in PRINTED:
        for word in re.findall(r"\w+", quad.object.value):
            if LOOK_ALIKE.search(word):
                message = f'The word "{word}" mixes two scripts.'
                yield "look-alike", message, "Write it in one."


def _departures(quad: Quad) -> Iterator[tuple[str, str, str]]:
    subject = quad.subject
    if isinstance(subject, NamedNode) and not _is_named_well(subject.value):
        yield (
            "profile",
            f"{subject} is no IRI of this project.",
            "Use id/<kind>/<slug>.",
        )
    if not isinstance(quad.object, Literal):
        return
    language, datatype = quad.object.language, quad.object.datatype.value
    if language and language not in LANGUAGES:
        yield "profile", f"The language {language} is not used here.", "Use en or ru."
    elif not language and datatype not in LEXICAL:
        message = f"The datatype {quad.object.datatype} is not used here."
        yield "profile", message, "Choose another."
    elif not language and not _is_canonical(quad.object.value, datatype):
        yield "profile", f"{quad.object} is not in canonical form.", "Write it so."


def _is_canonical(text: str, datatype: str) -> bool:
    if not LEXICAL[datatype].fullmatch(text):
        return False
    if datatype in DATES:
        try:
            bounds(text)
        except ValueError:
            return False
    return True


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
    return set(re.findall(r"\?(\w+)", plain))
