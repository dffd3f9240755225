"""This module finds the files of the rooms and reads them into graphs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad

from csto.errors import Position, SourceError, UsageError
from csto.names import GRAPH, SOURCE
from csto.read import Document, read

REGISTER: Final = NamedNode(GRAPH + "register")
LINKS: Final = NamedNode(GRAPH + "links")
ONTOLOGY: Final = NamedNode(GRAPH + "ontology")
SHAPES: Final = NamedNode(GRAPH + "shapes")
INFERRED: Final = NamedNode(GRAPH + "inferred")
METADATA: Final = NamedNode(GRAPH + "metadata")

TURTLE_ROOMS: Final = {
    "ontology": ONTOLOGY,
    "data": REGISTER,
    "data/passages": REGISTER,
    "data/links": LINKS,
    "shapes": SHAPES,
}
"""Folders of Turtle files, and the graph in which their statements lie."""

QUERY_ROOMS: Final = ("ontology/questions", "ontology/rules", "shapes/checks")


@dataclass(frozen=True)
class Project:
    """All rooms of one checkout, parsed, and its root folder."""

    root: Path
    documents: tuple[Document, ...]

    def quads(self, *graphs: NamedNode) -> Iterator[Quad]:
        """Yield the statements of *graphs*, or of all that are not shapes."""
        for document in self.documents:
            home = graph_of(self.root, document.path)
            if home in graphs or (not graphs and home != SHAPES):
                yield from in_graph(document, home)

    def claims(self) -> Iterator[Quad]:
        """Yield the statements of the claims, each in the graph of its passage."""
        for document in self.documents:
            if graph_of(self.root, document.path) is None:
                yield from document.quads

    def queries(self, room: str) -> dict[str, Path]:
        """Return the query files of *room*, by name, sorted."""
        return {p.stem: p for p in sorted((self.root / room).glob("*.rq"))}


def find_root(start: Path) -> Path:
    """Return the checkout in which *start* lies, or raise `UsageError`."""
    for folder in (start, *start.parents):
        if (folder / "ontology").is_dir() and (folder / "data").is_dir():
            return folder
    raise UsageError(
        f"No rooms ontology/ and data/ at or above {start}.",
        "Run it in a checkout, or name one with --root.",
    )


def own_root() -> Path:
    """Return the checkout or the installed package in which this module lies."""
    here = Path(__file__).resolve().parent
    packed = here / "rooms"
    return packed if packed.is_dir() else here.parent.parent


def top(start: Path) -> Path:
    """Return the checkout in which *start* lies; outside of any, our own rooms.

    Raises `UsageError` if *start* was named and lies in no checkout.
    """
    folder = Path(os.path.realpath(start))  # resolve() raises on a loop
    try:
        return find_root(folder)
    except UsageError:
        packed = own_root()
        if start == Path() and packed.name == "rooms":
            return packed
        raise


def graph_of(root: Path, path: Path) -> NamedNode | None:
    """Return the graph of the Turtle file *path*; None for claims."""
    return TURTLE_ROOMS.get(path.parent.relative_to(root).as_posix())


def in_graph(document: Document, graph: NamedNode | None) -> Iterator[Quad]:
    """Yield the statements of *document*, placed in *graph* unless it is None."""
    for quad in document.quads:
        yield (
            quad
            if graph is None
            else Quad(quad.subject, quad.predicate, quad.object, graph)
        )


def paths(root: Path) -> list[Path]:
    """Return the RDF files of the rooms below *root*, sorted."""
    found = [p for room in TURTLE_ROOMS for p in (root / room).glob("*.ttl")]
    return sorted([*found, *(root / "data/claims").glob("*.trig")])


def open_project(root: Path) -> Project:
    """Read all rooms below *root*; raise `SourceError` at the first fault."""
    documents = tuple(_checked(root, read(path)) for path in paths(root))
    if not documents:
        raise UsageError(f"The rooms below {root} are empty.", "Check out the data.")
    return Project(root, documents)


def _checked(root: Path, document: Document) -> Document:
    """Return *document* if its statements lie in the graphs that its room allows."""
    start = Position(1, 1)
    if graph_of(root, document.path) is not None:
        return document
    own = f"{SOURCE}{document.path.stem}#"
    for quad in document.quads:
        if isinstance(quad.graph_name, DefaultGraph):
            raise SourceError(
                document.path,
                start,
                f"The statement {quad.triple} lies in no passage.",
                "Put it into the graph of the passage that states it.",
            )
        if not quad.graph_name.value.startswith(own):
            raise SourceError(
                document.path,
                start,
                f"The graph {quad.graph_name} is no passage of {document.path.stem}.",
                f"Begin its IRI with {own}",
            )
    return document
