"""The W3C suites of RDF 1.1: what is no RDF is refused, what is RDF is read so."""

import tarfile
from functools import cache

import pyoxigraph as ox
import pytest

from conftest import ROOT, skip
from csto.errors import SourceError
from csto.names import RDF
from csto.serialise import canonical
from csto.vetting.foreign import SUFFIXES, Foreign, scan
from csto.vetting.parse import parse

ARCHIVES = ROOT / ".w3c.d"
SUITES = ["ntriples", "nquads", "turtle", "trig", "rdf-xml"]
TESTS = "http://www.w3.org/ns/rdftest#"
MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
BASES = {
    "ntriples": "http://www.w3.org/2013/N-TriplesTests/",
    "nquads": "http://www.w3.org/2013/N-QuadsTests/",
    "turtle": "http://www.w3.org/2013/TurtleTests/",
    "trig": "http://www.w3.org/2013/TriGTests/",
    "rdf-xml": "http://www.w3.org/2013/RDFXMLTests/",
}


@cache
def archive(name, folder):
    """Return the bytes of the files below *folder* of a source archive, by path."""
    path = ARCHIVES / name
    if not path.exists():
        skip(f"the W3C suites are not at {path}; see tests/w3c.txt")
    found = {}
    with tarfile.open(path) as packed:
        for member in packed:
            inner = member.name.partition("/")[2]
            if member.isfile() and inner.startswith(f"{folder}/"):
                short = inner.removeprefix(f"{folder}/")
                found[short] = packed.extractfile(member).read()
    return found


@cache
def suites():
    """Return the bytes of every file of the suites of RDF, by suite and path."""
    files = archive("rdflib-7.6.0.tar.gz", "test/data/suites/w3c")
    return {
        suite: {
            path.removeprefix(f"{suite}/"): data
            for path, data in files.items()
            if path.startswith(f"{suite}/")
        }
        for suite in SUITES
    }


OTHERWISE = "xml-canon/test001.rdf"
"""Asks for the exclusive canonical form of an XML literal, which RDF 1.1 dropped."""


def entries(suite):
    """Yield kind, action and result of each test of *suite*, as file names."""
    files = suites()[suite]
    base = BASES[suite]
    form, told = ox.RdfFormat.TURTLE, {}
    for quad in ox.parse(files["manifest.ttl"], format=form, base_iri=base):
        told.setdefault(quad.subject, {}).setdefault(quad.predicate.value, quad.object)
    for lines in told.values():
        kind = getattr(lines.get(RDF + "type"), "value", "")
        if kind.startswith(TESTS):
            action = lines[MANIFEST + "action"].value.removeprefix(base)
            result = getattr(lines.get(MANIFEST + "result"), "value", "")
            yield kind.removeprefix(TESTS), action, result.removeprefix(base)


def read(suite, name):
    """Return what *name* of *suite* states, or the reason why it is refused."""
    data = suites()[suite][name]
    form = SUFFIXES[f".{name.rsplit('.', 1)[1]}"]
    try:
        scan(name, data, form)
        return parse(Foreign(name, data, form), BASES[suite] + name, "")
    except SourceError as error:
        return str(error)


def quads(suite, name):
    """Return the statements of *name* in one order, blank nodes by canonical names."""
    data, suffix = suites()[suite][name], name.rsplit(".", 1)[1]
    form = ox.RdfFormat.from_extension(suffix)
    base = BASES[suite] + name
    return canonical(ox.parse(data, format=form, base_iri=base, lenient=True))


def cases(suite, negative):
    found = [e for e in entries(suite) if ("Negative" in e[0]) is negative]
    return [(action, result) for _, action, result in found]


@pytest.mark.parametrize("suite", SUITES)
def test_what_is_no_rdf_is_refused(suite):
    wrong = cases(suite, negative=True)
    accepted = [a for a, _ in wrong if not isinstance(read(suite, a), str)]

    assert wrong
    assert accepted == []


@pytest.mark.parametrize("suite", SUITES)
def test_what_is_rdf_is_accepted(suite):
    right = cases(suite, negative=False)
    answers = {action: read(suite, action) for action, _ in right}

    assert right
    assert {a: said for a, said in answers.items() if isinstance(said, str)} == {}


@pytest.mark.parametrize("suite", ["turtle", "trig", "rdf-xml"])
def test_what_is_rdf_is_read_as_it_is_meant(suite):
    right = [(a, r) for a, r in cases(suite, negative=False) if r]
    other = {a for a, r in right if quads(suite, a) != quads(suite, r)}

    assert right
    assert other <= {OTHERWISE}
