"""This module finds the line of a statement: rdflib's parser, watched while it reads.

No library keeps positions. rdflib's Turtle parser passes every method the whole text
and an offset, so a subclass can note where each term begins. It runs only when there
is something to report.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import Any, Final

from rdflib import Dataset, Graph
from rdflib.parser import InputSource
from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser
from rdflib.plugins.parsers.trig import TrigSinkParser

from csto.errors import Position
from csto.names import RDF
from csto.read import Document, position

TYPE: Final = RDF + "type"


@dataclass
class Places:
    """Offsets of statements in one text: by triple, by subject and predicate.

    All statements stand in order besides, with the blank nodes that have labels.
    """

    text: str
    triples: dict[tuple[str, str, str], int] = field(default_factory=dict)
    properties: dict[tuple[str, str], int] = field(default_factory=dict)
    subjects: dict[str, int] = field(default_factory=dict)
    statements: list[tuple[Any, str, Any]] = field(default_factory=list)
    labels: dict[str, Any] = field(default_factory=dict)

    def note(self, subject: str, predicate: str, value: str, offset: int) -> None:
        """Keep *offset*, where *value* begins, for the first such statement."""
        self.triples.setdefault((subject, predicate, value), offset)
        self.properties.setdefault((subject, predicate), offset)
        self.subjects.setdefault(subject, offset)

    def find(self, subject: str, predicate: str, value: str) -> tuple[int, int] | None:
        """Return rank and offset of the closest place, or None.

        Rank 0 is the value itself, 1 the property, 2 the subject, at best its class.
        """
        candidates = (
            self.triples.get((subject, predicate, value)),
            self.properties.get((subject, predicate)),
            self.properties.get((subject, TYPE), self.subjects.get(subject)),
        )
        for rank, offset in enumerate(candidates):
            if offset is not None:
                return rank, offset
        return None


def locate(
    documents: Iterable[Document], subject: str, predicate: str = "", value: str = ""
) -> tuple[str, Position]:
    """Return the file and the place of a statement in *documents*.

    Where the statement itself stands nowhere, its property or its subject is
    meant; where nothing of it stands, the file is empty and the position zero.
    """
    best: tuple[int, int, Document] | None = None
    for document in documents:
        if found := _places(document).find(subject, predicate, value):
            rank, offset = found
            if best is None or rank < best[0]:
                best = (rank, offset, document)
    if best is None:
        return "", Position()
    return str(best[2].path), position(best[2].text, best[1])


@lru_cache(maxsize=256)
def _places(document: Document) -> Places:
    return places(document)


def places(document: Document, base_iri: str = "") -> Places:
    """Return where the statements of *document* begin."""
    found = Places(document.text)
    is_trig = document.path.suffix == ".trig"
    sink = _Sink(Dataset() if is_trig else Graph(bind_namespaces="none"))
    base: Any = _watched(TrigSinkParser if is_trig else SinkParser)
    parser = base(sink, baseURI=base_iri, turtle=True)
    parser.places, parser.begins, parser.noted = found, [], iter(())
    sink.places = found
    source = InputSource()
    source.setByteStream(BytesIO(document.text.encode()))
    with warnings.catch_warnings():
        # rdflib's TriG parser calls what rdflib itself has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        parser.loadStream(source.getByteStream())
    found.labels.update(parser._anonymousNodes)  # noqa: SLF001 -- kept nowhere else
    return found


class _Sink(RDFSink):
    """Keeps of literals what stands between the quotes, and the spines of lists."""

    places: Places

    def newLiteral(self, s: str, *_: Any) -> Any:  # noqa: N802
        return s

    def makeStatement(self, quadruple: Any, *_: Any) -> None:  # noqa: N802
        _, predicate, subject, value = quadruple
        self.places.statements.append((subject, str(predicate), value))


def _watched(parser: type[SinkParser]) -> type[SinkParser]:
    """Return *parser* as a subclass that notes where each object begins."""

    class Watched(parser):  # type: ignore[valid-type, misc]
        places: Places
        begins: list[tuple[int, int]]
        noted: Iterator[tuple[int, int]]

        def objectList(self, argstr: str, i: int, res: list[Any]) -> int:  # noqa: N802
            outer, self.begins = self.begins, []
            end: int = super().objectList(argstr, i, res)
            self.noted, self.begins = iter(self.begins), outer
            return end

        def object(self, argstr: str, i: int, res: list[Any]) -> int:
            begin = self.skipSpace(argstr, i)
            end: int = super().object(argstr, i, res)
            if end >= 0:
                self.begins.append((begin, end))
            return end

        def makeStatement(self, quadruple: Any) -> None:  # noqa: N802
            _, predicate, subject, value = quadruple
            begin, end = next(self.noted, (0, 0))
            bare = not isinstance(value, str)  # a number or a boolean
            written = self.places.text[begin:end] if bare else str(value)
            verb = self.uriOf(predicate)  # `a` comes as a pair
            self.places.note(str(subject), str(verb), written, begin)
            self.places.statements.append((subject, str(verb), value))

    return Watched
