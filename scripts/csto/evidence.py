"""This module accounts for every passage and holds claims against the documents."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from csto.errors import Position
from csto.finding import Finding
from csto.locate import locate
from csto.names import RDF, TERM
from csto.rooms import REGISTER, Project

CARRIES_NO: Final = NamedNode(TERM + "carriesNo")


def coverage(project: Project) -> Iterator[Finding]:
    """Yield what is not accounted for.

    That is each passage without a graph, each graph without a passage, and each
    passage that both carries claims and says that it carries none.
    """
    passages = set(_instances(project, "Passage"))
    about: dict[str, set[str]] = defaultdict(set)
    silent = set()
    for quad in project.claims():
        about[quad.graph_name.value].add(quad.subject.value)
        if quad.predicate == CARRIES_NO:
            silent.add(quad.graph_name.value)
    for iri in sorted(passages - about.keys()):
        yield _fault(project, iri, "No claim is made from it, and no reason is given.")
    for iri in sorted(about.keys() - passages):
        yield _fault(project, iri, "The graph is no registered passage.")
    for iri in sorted(silent):
        if about[iri] != {iri}:
            yield _fault(project, iri, "It carries claims and says that it does not.")


def against_documents(project: Project, folder: Path) -> Iterator[Finding]:
    """Yield each passage and printed name that the documents in *folder* belie.

    A document is recognised by its SHA-256 hash, so names of files do not matter.
    """
    facts = _facts(project)
    texts = {_hash(p.read_bytes()): p for p in sorted(folder.iterdir()) if p.is_file()}
    cut: dict[str, str] = {}
    for source in sorted(_instances(project, "Source")):
        path = texts.get(facts[source].get("sha256", ""))
        if path is None:
            yield _fault(project, source, f"No file in {folder} has its hash.")
            continue
        text = path.read_bytes().decode()
        for iri in sorted(_instances(project, "Passage")):
            if facts[iri]["inSource"] == source:
                cut[iri] = text[int(facts[iri]["start"]) : int(facts[iri]["end"])]
    for iri, passage in cut.items():
        if _hash(passage.encode()) != facts[iri]["sha256"]:
            yield _fault(project, iri, "Offsets and hash do not fit the document.")
    yield from _misprinted(project, cut)


def _misprinted(project: Project, cut: Mapping[str, str]) -> Iterator[Finding]:
    """Yield each printed name that its passage does not print."""
    for quad in project.claims():
        passage = cut.get(quad.graph_name.value)
        if passage is None or quad.predicate.value != TERM + "printedName":
            continue
        if quad.object.value not in passage:
            message = f'The passage does not print "{quad.object.value}".'
            yield _fault(project, quad.subject.value, message, quad.object.value)


def _facts(project: Project) -> dict[str, dict[str, str]]:
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    for quad in project.quads(REGISTER):
        if quad.predicate.value.startswith(TERM):
            name = quad.predicate.value.removeprefix(TERM)
            facts[quad.subject.value][name] = quad.object.value
    return facts


def _instances(project: Project, name: str) -> Iterator[str]:
    for quad in project.quads(REGISTER):
        if quad.predicate.value == RDF + "type" and quad.object.value == TERM + name:
            yield quad.subject.value


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fault(project: Project, iri: str, message: str, name: str = "") -> Finding:
    path, at = locate(
        project.documents, iri, TERM + "printedName" if name else "", name
    )
    if not path:
        path, at = str(project.root / "data"), Position()
    where = iri.rpartition("/")[2]
    return Finding(path, at, "violation", "evidence", f"{where}: {message}", iri)
