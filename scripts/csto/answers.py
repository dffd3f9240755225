"""This module asks the completed graph: saved questions and single things."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from csto import layout, queries
from csto.errors import UsageError
from csto.infer import bounds
from csto.names import PREFIXES, RDFS, SOURCE, TERM, XSD
from csto.release import Graph

FORMATS: Final = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}
"""Result formats of W3C that the engine writes by itself."""

NAMES: Final = (RDFS + "label", TERM + "printedName")
LEAD: Final = re.compile(r"^(the )?(csto )?(?=.)")
ROW: Final = re.compile(r"(VALUES\s+\?(\w+)\s*\{)\s*(.*?)\s*(\})", re.DOTALL)
"""A parameter of a question, with its default."""


@dataclass(frozen=True)
class Statement:
    """One statement about a thing, and the graphs in which it stands."""

    subject: str
    property: str
    value: str
    graphs: tuple[str, ...]
    raw_value: str = ""


def store(graph: Graph) -> ox.Store:
    """Return *graph* ready for queries.

    The default graph holds each statement once, however many passages make it.
    """
    filled = ox.Store()
    filled.bulk_extend(graph.quads)
    filled.bulk_extend({ox.Quad(*quad.triple) for quad in graph.quads})
    return filled


def bind(text: str, values: Mapping[str, str]) -> str:
    """Return the query *text* with its parameters set to *values*.

    A parameter is a `VALUES ?name { default }` row. A value is read as its
    default is: a day for a day, a whole number for a whole number, a prefixed
    name or IRI for an IRI, else text.
    Raises `UsageError` for a parameter that the query has not, or a wrong value.
    """
    known = [row[2] for row in ROW.finditer(text)]
    for name in sorted(values.keys() - set(known)):
        raise UsageError(
            f"The question has no parameter {name}.",
            f"It has: {', '.join(known) or 'none'}.",
        )

    def bound(row: re.Match[str]) -> str:
        head, name, default, end = row.groups()
        if name not in values:
            return row[0]
        return f"{head} {_parameter(name, values[name], default)} {end}"

    return ROW.sub(bound, text)


def _parameter(name: str, value: str, default: str) -> str:
    if default.endswith("^^xsd:date"):
        try:
            first, last = bounds(value)
        except ValueError:
            first, last = dt.date.min, dt.date.max
        if first != last:
            raise UsageError(f"{name}={value} is no day.", "Write it as 2008-01-31.")
        return f'"{value}"^^<{XSD}date>'
    if default.isdecimal():
        if not re.fullmatch("[0-9]+", value):
            raise UsageError(f"{name}={value} is no whole number.", "Write it as 3.")
        return value
    if default.startswith('"'):
        return str(ox.Literal(value, language="en" if "@en" in default else None))
    try:
        return str(ox.NamedNode(expand(value)))
    except ValueError:
        raise UsageError(f"{name}={value} is no IRI.", "Write prefix:name.") from None


def expand(name: str) -> str:
    """Return the IRI of the prefixed name *name*; an IRI stays what it is."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local
    return name


def find(project_queries: Mapping[str, Path], name: str) -> Path:
    """Return the saved question *name*, or raise `UsageError` with a near one."""
    if name in project_queries:
        return project_queries[name]
    close = difflib.get_close_matches(name, project_queries, n=1)
    remedy = f"Did you mean {close[0]}?" if close else "See csto query --list."
    raise UsageError(f"No question is called {name}.", remedy)


def resolve(quads: Iterable[ox.Quad], name: str) -> str:
    """Return the IRI of the thing that *name* is the IRI, prefixed name or name of.

    Raises `UsageError` if nothing, or more than one thing, is called so.
    """
    iri = expand(name)
    names: dict[str, set[str]] = defaultdict(set)
    printed: dict[str, str] = {}
    for quad in quads:
        if quad.subject.value == iri:
            return iri
        if quad.predicate.value in NAMES:
            names[quad.object.value.casefold()].add(quad.subject.value)
            printed.setdefault(quad.object.value.casefold(), quad.object.value)
    things = sorted(names.get(name.casefold(), ()) or _alike(names, name))
    if len(things) == 1:
        return things[0]
    if things:
        listed = ", ".join(short(t) for t in things)
        raise UsageError(f"{name} is the name of several things.", f"Choose: {listed}.")
    close = difflib.get_close_matches(name.casefold(), names, n=1)
    remedy = f"Did you mean {printed[close[0]]}?" if close else "Try a printed name."
    raise UsageError(f"Nothing is called {name}.", remedy)


def _alike(names: Mapping[str, set[str]], name: str) -> set[str]:
    """Return what is called *name*, but for a leading "the" or "CSTO"."""
    bare = LEAD.sub("", name.casefold())
    return {thing for n in names if LEAD.sub("", n) == bare for thing in names[n]}


def statements(quads: Iterable[ox.Quad], iri: str) -> list[Statement]:
    """Return every statement about or towards *iri*, sorted, with its graphs."""
    graphs: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    thing = ox.NamedNode(iri)
    for quad in quads:
        if thing in (quad.subject, quad.object):
            value = quad.object
            text = value.value if isinstance(value, ox.NamedNode) else _literal(value)
            key = (quad.subject.value, quad.predicate.value, text, quad.object.value)
            graphs[key].add(quad.graph_name.value)
    keys = sorted(graphs, key=lambda k: (k[0] != iri, layout.natural(k[1]), k))
    ordered = [(k, sorted(graphs[k], key=layout.natural)) for k in keys]
    return [Statement(*key[:3], tuple(found), key[3]) for key, found in ordered]


def _literal(value: Any) -> str:
    return f"{value.value} ({value.language})" if value.language else value.value


def short(iri: str) -> str:
    """Return *iri* as people read it: a prefixed name, or a passage of a source."""
    if iri.startswith(SOURCE) and "#" in iri:
        return iri.removeprefix(SOURCE).replace("#", " ")
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


def table(answer: ox.QuerySolutions) -> tuple[list[str], list[list[str]]]:
    """Return the header and the rows of *answer*, terms as people read them."""
    names, rows = terms(answer)
    return names, [[cell(term) for term in row] for row in rows]


def terms(answer: ox.QuerySolutions) -> tuple[list[str], list[list[Any]]]:
    """Return the header and the rows of *answer* as the engine's own terms."""
    names = [variable.value for variable in answer.variables]
    return names, [[row[name] for name in names] for row in answer]


def translate(text: str, language: str) -> str:
    """Return the query *text* with its English labels asked for in *language*."""
    return text.replace('= "en")', f'= "{language}")')


def markdown(names: list[str], rows: list[list[str]]) -> str:
    """Return *rows* as a table in Markdown, pipes escaped."""
    lines = [names, ["---"] * len(names), *rows]
    cells = [[c.replace("|", "\\|").replace("\n", " ") for c in line] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def cell(term: Any) -> str:
    """Return one *term* of an answer as people read it."""
    if term is None:
        return ""
    return short(term.value) if isinstance(term, ox.NamedNode) else str(term.value)


def encoded(answer: queries.Answer, form: str, prefixes: Mapping[str, str]) -> bytes:
    """Return *answer* in *form*: a key of `FORMATS`, or `turtle` for triples."""
    if isinstance(answer, ox.QueryTriples):
        if form != "turtle":
            raise UsageError("A CONSTRUCT answers in Turtle.", "Use --results turtle.")
        quads = [ox.Quad(*triple) for triple in answer]
        try:
            return layout.write(quads, prefixes).encode()
        except ValueError:  # a blank node needs a label, which house layout has not
            return ox.serialize(quads, format=ox.RdfFormat.TURTLE) or b""
    if form not in FORMATS:
        raise UsageError(
            f"Rows have no form {form}.", f"Choose {', '.join(['table', *FORMATS])}."
        )
    return answer.serialize(format=FORMATS[form]) or b""
