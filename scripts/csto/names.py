"""This module holds every base IRI and every prefix, and nothing else."""

from typing import Final

BASE: Final = "https://w3id.org/csto"
ONTOLOGY: Final = f"{BASE}/ontology"
TERM: Final = f"{ONTOLOGY}#"
SHAPES: Final = f"{BASE}/shapes"
SHAPE: Final = f"{SHAPES}#"
THING: Final = f"{BASE}/id/"
SOURCE: Final = f"{THING}source/"
GRAPH: Final = f"{BASE}/graph/"
QUESTION: Final = f"{BASE}/question/"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
OWL: Final = "http://www.w3.org/2002/07/owl#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
SH: Final = "http://www.w3.org/ns/shacl#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
EDTF: Final = "http://id.loc.gov/datatypes/edtf/"

KINDS: Final = (
    "act",
    "appointment-rule",
    "article",
    "body",
    "characterisation",
    "composition",
    "concept",
    "event",
    "exercise",
    "figure",
    "force",
    "function",
    "identifier",
    "institution",
    "mechanism",
    "medium",
    "membership",
    "operation",
    "organisation",
    "participation",
    "person",
    "place",
    "post",
    "programme",
    "provision",
    "scheme",
    "source",
    "state",
    "system",
    "tenure",
)
"""The kinds of thing; each is a folder of IRIs, a prefix and a word of the model."""

STANDARD: Final = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": EDTF,
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": RDF,
    "rdfs": RDFS,
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "sh": SH,
    "skos": SKOS,
    "unit": "http://qudt.org/vocab/unit/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
}
"""Prefixes of the vocabularies that are reused, as their own documents give them."""

PREFIXES: Final = {
    **STANDARD,
    **{kind: f"{THING}{kind}/" for kind in KINDS},
    "csto": TERM,
    "graph": GRAPH,
    "shape": SHAPE,
}
"""All prefixes of the project; each source adds one for its passages."""
