"""The build that anybody would write first: rdflib, pySHACL and six serialisers.

python plain.py ROOT OUT; it reads the same files as `csto build`, infers nothing, and
leaves out the shapes of our own terms, which are no part of a build.
"""

import sys
from pathlib import Path

from pyshacl import validate
from rdflib import Dataset, Graph

TRIPLES = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}
QUADS = {"trig": "trig", "nq": "nquads"}


def main(root, out):
    """Read, validate and write the rooms below *root*."""
    dataset, shapes, union = Dataset(default_union=True), Graph(), Graph()
    for room in ("ontology", "data"):
        for path in root.joinpath(room).rglob("*.ttl"):
            dataset.parse(path, format="turtle")
    for path in root.glob("data/claims/*.trig"):
        dataset.parse(path, format="trig")
    for path in root.glob("shapes/*.ttl"):
        if path.name != "ontology.ttl":
            shapes.parse(path, format="turtle")
    for triple in dataset.triples((None, None, None)):
        union.add(triple)
    validate(union, shacl_graph=shapes)
    out.mkdir(parents=True)
    for suffix, form in TRIPLES.items():
        union.serialize(out / f"csto.{suffix}", format=form, encoding="utf-8")
    for suffix, form in QUADS.items():
        dataset.serialize(out / f"csto.{suffix}", format=form, encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
