"""Forms: each holds the same statements, for every parser, and reads well."""

import json
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld as pyld
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from conftest import ROOT, tool
from csto import jsonld, serialise
from csto.layout import format_text
from csto.names import (
    ONTOLOGY,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SHAPES,
    SKOS,
    SOURCE,
    TERM,
    THING,
)
from csto.release import MEDIA_TYPES
from csto.rooms import METADATA
from csto.rooms import ONTOLOGY as ONTOLOGY_GRAPH
from csto.rooms import SHAPES as SHAPES_GRAPH
from graphs import apart, iris, literals
from texts import EXAMPLE

FORMS = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".jsonld": "application/ld+json",
    ".trig": "application/trig",
    ".nq": "application/n-quads",
}
PLAIN = {".ttl": "turtle", ".nt": "ntriples", ".trig": "trig", ".nq": "nquads"}
"""Formats by the names that C programs give them."""

GRAPHS = {
    "csto.ttl": "union",
    "csto.nt": "union",
    "csto.rdf": "union",
    "csto.jsonld": "union",
    "csto.trig": "dataset",
    "csto.nq": "dataset",
    "csto-claims.nq": "claims",
    "ontology.ttl": "ontology",
    "ontology.rdf": "ontology",
    "ontology.jsonld": "ontology",
    "shapes.ttl": "shapes",
    "void.ttl": "description",
}
OTHERS = {"questions.ttl", "csto-annotated.ttl", "context.jsonld", "SHA256SUMS"}
LAID_OUT = [name for name in GRAPHS if name.endswith((".ttl", ".trig"))]
SOURCED = PREFIXES["dcterms"] + "source"


def oxigraph(path):
    """Read *path* with the parser that the build itself uses."""
    form = RdfFormat.from_media_type(FORMS[path.suffix])
    return list(parse(path=path, format=form))


def quads(text):
    """Return the statements of *text*, in N-Quads."""
    return list(parse(text, format=RdfFormat.N_QUADS))


def printed(*command):
    """Return the statements that *command* prints as N-Quads."""
    return quads(subprocess.run(command, check=True, capture_output=True).stdout)


def by_rdflib(path):
    """Read *path* as a user of Python does."""
    named = path.suffix in {".trig", ".nq"}
    graph = rdflib.Dataset() if named else rdflib.Graph()
    graph.parse(path, format=FORMS[path.suffix])
    return quads(graph.serialize(format="nquads" if named else "nt"))


def by_pyld(path):
    """Read *path* by the JSON-LD 1.1 algorithms, in Python."""
    document = json.loads(path.read_bytes())
    return quads(pyld.to_rdf(document, {"format": "application/n-quads"}))


def by_node(path):
    """Read *path* with jsonld.js or N3.js."""
    scripts = ROOT / "tests" / "node"
    if path.suffix == ".jsonld":
        return printed(tool("node"), scripts / "jsonld.mjs", path)
    return printed(tool("node"), scripts / "n3.mjs", FORMS[path.suffix], path)


def by_rapper(path):
    """Read *path* with Raptor."""
    form = PLAIN.get(path.suffix, "rdfxml")
    return printed(tool("rapper"), "-q", "-i", form, "-o", "nquads", path)


def by_serdi(path):
    """Read *path* with Serd, which resolves nothing and guesses nothing."""
    return printed(tool("serdi"), "-i", PLAIN[path.suffix], "-o", "nquads", path)


READERS = {
    "rdflib": (by_rdflib, set(FORMS)),
    "pyld": (by_pyld, {".jsonld"}),
    "node": (by_node, set(FORMS) - {".rdf"}),
    "rapper": (by_rapper, set(FORMS) - {".jsonld"}),
    "serdi": (by_serdi, set(PLAIN)),
}
READINGS = [
    pytest.param(name, read, id=f"{name}-{reader}")
    for name in GRAPHS
    for reader, (read, suffixes) in READERS.items()
    if Path(name).suffix in suffixes
]


@pytest.fixture(scope="module")
def folder(release, tmp_path_factory):
    place = tmp_path_factory.mktemp("release")
    for name, content in release.items():
        (place / name).write_bytes(content)
    return place


@pytest.fixture(scope="module")
def meant(project, graph, folder):
    """What each file is to say, in canonical lines."""

    def of(home, iri):
        stamps = (q for q in graph.quads if q.graph_name == METADATA)
        return [*project.quads(home), *(q for q in stamps if q.subject.value == iri)]

    said = {
        "union": serialise.union(graph.quads),
        "dataset": graph.quads,
        "claims": project.claims(),
        "ontology": serialise.union(of(ONTOLOGY_GRAPH, ONTOLOGY)),
        "shapes": serialise.union(of(SHAPES_GRAPH, SHAPES)),
        "description": oxigraph(folder / "void.ttl"),
    }
    return {name: serialise.canonical(said) for name, said in said.items()}


def test_every_file_of_the_release_is_tested_here(release):
    assert set(release) == set(GRAPHS) | OTHERS
    assert set(MEDIA_TYPES) <= set(release)


@pytest.mark.parametrize("name", GRAPHS)
def test_a_file_says_what_the_graph_says_and_says_it_once(name, folder, meant):
    found = oxigraph(folder / name)

    assert apart(found, meant[GRAPHS[name]]) == []
    assert len(found) == len(meant[GRAPHS[name]].splitlines())


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize(("name", "read"), READINGS)
def test_a_parser_that_shares_no_code_reads_the_same(name, read, folder, meant):
    assert apart(read(folder / name), meant[GRAPHS[name]]) == []


@pytest.fixture(scope="module", params=["oxigraph", "n3"])
def annotated(request, folder):
    """The annotated file as two parsers read it."""
    read = {"oxigraph": oxigraph, "n3": by_node}[request.param]
    return read(folder / "csto-annotated.ttl")


def reified(statements):
    """Return the triple that each reifier of *statements* stands for."""
    reifies = NamedNode(RDF + "reifies")
    return {q.subject: q.object for q in statements if q.predicate == reifies}


def test_annotated_turtle_says_what_plain_turtle_says(annotated, meant):
    reifiers = reified(annotated)
    plain = [quad for quad in annotated if quad.subject not in reifiers]

    assert apart(plain, meant["union"]) == []
    assert len(plain) == len(set(plain))


def test_each_annotation_names_the_passage_in_whose_graph_the_statement_lies(
    annotated, folder
):
    reifiers = reified(annotated)
    found = [
        (reifiers[q.subject], q.object)
        for q in annotated
        if q.subject in reifiers and q.predicate.value == SOURCED
    ]
    stated = {
        (quad.triple, quad.graph_name)
        for quad in oxigraph(folder / "csto.nq")
        if quad.graph_name.value.startswith(SOURCE)
    }

    assert set(found) == stated
    assert len(found) == len(stated)


@pytest.mark.parametrize("name", [n for n in GRAPHS if n != "shapes.ttl"])
def test_there_are_no_blank_nodes(name, folder):
    terms = {t for q in oxigraph(folder / name) for t in (q.subject, q.object)}

    assert not [term for term in terms if isinstance(term, BlankNode)]


@pytest.mark.parametrize("name", ["csto.nt", "csto.nq", "csto-claims.nq"])
def test_lines_are_sorted_and_stand_once(name, release):
    lines = release[name].splitlines()

    assert lines
    assert all(one < next_ for one, next_ in pairwise(lines))


@pytest.mark.parametrize("name", LAID_OUT)
def test_turtle_is_in_house_layout(name, release):
    text = release[name].decode()

    assert format_text(Path(name), text) == text


@pytest.fixture(params=[*LAID_OUT, "csto-annotated.ttl"])
def turtle(request, release):
    """The prefixes that a Turtle file declares, and its body without strings."""
    head, _, body = release[request.param].decode().partition("\n\n")
    declared = re.findall(r"^PREFIX ([\w-]+): <", head, re.MULTILINE)
    return declared, re.sub(r'"(?:[^"\\]|\\.)*"(?:@\w+)?', "", body)


def test_turtle_declares_the_prefixes_that_it_uses_sorted_and_no_others(turtle):
    declared, body = turtle
    used = set(re.findall(r"([\w-]+):", re.sub(r"<\S+>", "", body)))

    assert declared == sorted(used)


def test_turtle_writes_no_iri_at_length_that_a_prefix_covers(turtle):
    _, body = turtle
    long = [
        iri
        for iri in re.findall(r"<(\S+)>", body)
        for space in PREFIXES.values()
        if iri.startswith(space) and re.fullmatch(r"\w+", iri.removeprefix(space))
    ]

    assert body
    assert long == []


def test_graphs_stand_in_the_order_of_the_document(release):
    names = re.findall(r"^(\S+:L\S+) \{$", release["csto.trig"].decode(), re.MULTILINE)
    steps = [
        (re.findall(r"[0-9]+", one), re.findall(r"[0-9]+", next_))
        for one, next_ in pairwise(names)
        if one.split(":")[0] == next_.split(":")[0]
    ]

    assert steps
    assert all([*map(int, one)] < [*map(int, next_)] for one, next_ in steps)


@pytest.fixture(scope="module", params=["csto.jsonld", "ontology.jsonld"])
def document(request, release):
    """A JSON-LD file, parsed."""
    return json.loads(release[request.param])


def test_json_ld_lists_each_thing_once_sorted_and_its_keys_sorted(document):
    names = [node["@id"] for node in document["@graph"]]

    assert names == sorted(set(names))
    assert [n["@id"] for n in document["@graph"] if [*n] != sorted(n)] == []


def test_json_ld_says_types_and_names_as_people_do(document):
    keys = {key for node in document["@graph"] for key in node}
    known = {"@id", "@type", *document["@context"]}

    assert "@type" in keys
    assert "rdf:type" not in keys
    assert {key for key in keys if key.split(":")[0] not in known} == set()


def test_json_ld_carries_the_context_that_is_published(document, release):
    context = json.loads(release["context.jsonld"])["@context"]

    assert document["@context"] == context
    assert [*context] == sorted(context)


def test_checksums_are_those_of_all_other_files(folder, release):
    command = [tool("sha256sum"), "--check", "--strict", "--quiet", "SHA256SUMS"]
    checked = subprocess.run(command, cwd=folder, check=False)
    listed = re.findall(r"  (\S+)\n", release["SHA256SUMS"].decode())

    assert checked.returncode == 0
    assert listed == sorted(set(release) - {"SHA256SUMS"})


def described(folder, name):
    """Return what the VoID description says of the dataset by the property *name*."""
    found = oxigraph(folder / "void.ttl")
    iri = PREFIXES["void"] + name
    return {q.object.value for q in found if q.predicate.value == iri}


def test_void_counts_what_is_there(folder):
    rows = (folder / "csto.nt").read_text(encoding="utf-8").splitlines()
    subjects = {row.split(" ")[0] for row in rows}
    counts = {
        "triples": len(rows),
        "properties": len({row.split(" ")[1] for row in rows}),
        "entities": sum(s.startswith(f"<{THING}") for s in subjects),
    }

    assert {name: described(folder, name) for name in counts} == {
        name: {str(count)} for name, count in counts.items()
    }


def test_void_names_the_dumps_that_are_there_and_the_vocabularies_in_use(folder):
    dumps = {iri.rpartition("/")[2] for iri in described(folder, "dataDump")}
    used = {q.predicate.value for q in oxigraph(folder / "csto.nt")}
    idle = [
        iri
        for iri in described(folder, "vocabulary")
        if not any(predicate.startswith(iri) for predicate in used)
    ]

    assert dumps == {n for n in GRAPHS if n.startswith("csto")} | {"csto-annotated.ttl"}
    assert described(folder, "vocabulary") >= {RDF, RDFS, SKOS}
    assert idle == []


OWN = {"body": "ObjectProperty", "printedName": "DatatypeProperty"}
TERMS = [
    Quad(NamedNode(TERM + name), NamedNode(RDF + "type"), NamedNode(OWL + kind))
    for name, kind in OWN.items()
]
CONTEXT = jsonld.context(TERMS, PREFIXES)
WRITERS = {
    "turtle": (lambda quads: serialise.turtle(quads, PREFIXES), RdfFormat.TURTLE),
    "trig": (lambda quads: serialise.trig(quads, PREFIXES), RdfFormat.TRIG),
    "annotated": (lambda quads: serialise.annotated(quads, PREFIXES), RdfFormat.TURTLE),
    "rdf-xml": (lambda quads: serialise.rdf_xml(quads, PREFIXES), RdfFormat.RDF_XML),
    "json-ld": (lambda quads: jsonld.json_ld(quads, CONTEXT), RdfFormat.JSON_LD),
    "lines": (serialise.lines, RdfFormat.N_QUADS),
}
properties = st.sampled_from(
    [TERM + "body", TERM + "printedName", TERM + "earliest", RDFS + "label", EXAMPLE]
).map(lambda iri: NamedNode(f"{iri}p" if iri == EXAMPLE else iri))
things = iris | st.just(NamedNode(THING + "body//a"))
statements = st.lists(
    st.builds(Quad, things, properties, things | literals), max_size=6
)


@pytest.mark.parametrize(("make", "form"), WRITERS.values(), ids=WRITERS)
@given(quads=statements)
def test_every_form_holds_any_literal_and_any_iri(make, form, quads):
    assert apart(parse(make(quads), format=form), quads) == []


@pytest.mark.parametrize("make", [m for m, _ in WRITERS.values()], ids=WRITERS)
@given(data=st.data())
def test_a_form_depends_on_the_statements_and_not_on_their_order(make, data):
    quads = data.draw(statements)
    shuffled = data.draw(st.permutations(quads))

    assert make(shuffled) == make(quads)
