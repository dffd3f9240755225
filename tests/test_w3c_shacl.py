"""The W3C suite of SHACL Core: whole reports, or shapes that are refused aloud."""

import dataclasses
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pyshacl  # noqa: F401 -- so that children need not import it
import pytest

from csto.errors import SourceError
from csto.names import SH
from csto.vetting.exchange import in_turtle
from csto.vetting.foreign import Foreign
from csto.vetting.task import Task
from csto.vetting.vet import vet
from test_w3c import MANIFEST, archive

BASE = "http://suite.example/"
SUITE = "http://www.w3.org/ns/shacl-test#"
FIELDS = (
    "focusNode",
    "resultPath",
    "value",
    "resultSeverity",
    "sourceConstraintComponent",
)
GRAPHS = ("dataGraph", "shapesGraph")
REFUSED = {
    "complex/shacl-shacl.ttl": "sh:sparql is not SHACL Core",
    "path/path-strange-001.ttl": "The path is no path of SHACL",
    "path/path-strange-002.ttl": "The path is no path of SHACL",
    "property/qualifiedValueShape-001.ttl": "sh:nodeShape is no term of SHACL",
}
"""Shapes that engines take and pass over in part; we say so instead."""

OTHERWISE = "misc/severity-002.ttl"
"""A severity of one's own, which we count as a violation."""


def files():
    """Return the bytes of the files of the Core suite, by folder and name."""
    return archive("pyshacl-0.40.1.tar.gz", "test/resources/sht_tests/core")


def table(text, base):
    """Return the values in *text* by subject and predicate."""
    told = {}
    for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=base):
        told.setdefault((quad.subject, quad.predicate.value), []).append(quad.object)
    return told


def report(told, root):
    """Return the results of the report *root*, blank nodes without their names."""
    return Counter(
        tuple(
            tuple("_" if isinstance(o, ox.BlankNode) else str(o) for o in values)
            for values in (told.get((node, SH + field), ()) for field in FIELDS)
        )
        for node in told.get((root, SH + "result"), ())
    )


def entries():
    """Yield name, graphs and expected report of each test."""
    for name, data in files().items():
        told = table(data, BASE + name)
        for (test, predicate), (action, *_) in told.items():
            if predicate == MANIFEST + "action":
                graphs = [told[action, SUITE + g][0].value for g in GRAPHS]
                result = told[test, MANIFEST + "result"][0]
                yield name, [g.removeprefix(BASE) for g in graphs], report(told, result)


def ours(names):
    """Return our report on a data graph and a shapes graph."""
    data, shapes = (Foreign(n, files()[n], "turtle") for n in names)
    task = Task((data,), (shapes,), Path(), BASE + data.name, allow_empty=True)
    found = vet([task], "never")
    by_shapes = tuple(f for f in found.findings if f.component)
    told = table(
        in_turtle(dataclasses.replace(found, findings=by_shapes)).encode(), BASE
    )
    (root,) = {subject for subject, p in told if p == SH + "conforms"}
    return report(told, root)


@pytest.mark.slow
def test_reports_are_those_of_the_suite_or_the_shapes_are_refused_aloud():
    other, refused, cases = {}, {}, list(entries())
    for name, graphs, expected in cases:
        try:
            if (answer := ours(graphs)) != expected:
                other[name] = (answer - expected, expected - answer)
        except SourceError as error:
            refused[name] = error.message

    assert len(cases) == 98
    assert set(other) == {OTHERWISE}, other
    assert {n: r for n, r in REFUSED.items() if r not in refused.get(n, "")} == {}
    assert set(refused) == set(REFUSED), refused
