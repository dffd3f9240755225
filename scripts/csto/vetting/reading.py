"""This module finds the places of the statements of a parsed foreign file.

Turtle and TriG are read a second time by the watched parser of `locate`, N-Triples and
N-Quads line by line; RDF/XML and JSON-LD have no places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from csto.errors import Position
from csto.locate import Places, places
from csto.read import Document, position
from csto.vetting.foreign import Foreign
from csto.vetting.pairs import pair

Triple = tuple[Any, Any, Any]

PRECISIONS: Final = ("exact", "property", "subject", "none")
"""How close a position comes: the value, its property, its subject, or the file."""

LINE: Final = re.compile(r"\s*(?:<[^>]*>|_:[^\s<\"]+)\s*<[^>]*>\s*(?=[<_\"])(?!<<)")
"""Subject and predicate of a line of N-Triples or N-Quads, up to the value."""

SUFFIXES: Final = {"turtle": ".ttl", "trig": ".trig"}


@dataclass(frozen=True, eq=False)
class Reading:
    """One parsed file: its statements, and the common name of each blank node.

    Common names are apart from those of other files and the same at each run.
    """

    file: Foreign
    triples: tuple[Triple, ...]
    names: dict[str, str]
    prefixes: dict[str, str]
    base: str = ""

    def common(self) -> Iterator[Triple]:
        """Yield the statements that RDF 1.1 has, blank nodes by their common names."""
        for triple in dict.fromkeys(self.triples):
            if not any(isinstance(term, ox.Triple) for term in triple):
                subject, predicate, value = triple
                yield self._common(subject), predicate, self._common(value)

    def _common(self, term: Any) -> Any:
        is_blank = isinstance(term, ox.BlankNode)
        return ox.BlankNode(self.names[term.value]) if is_blank else term

    @cached_property
    def text(self) -> str:
        """The text of the file."""
        return self.file.data.decode("utf-8", "replace")

    @cached_property
    def places(self) -> Places:
        """Where statements begin; nowhere, if the form or the parser cannot tell."""
        if self.file.form in ("ntriples", "nquads"):
            return self._by_line()
        if self.file.form not in SUFFIXES:
            return Places(self.text)
        path = Path(f"file{SUFFIXES[self.file.form]}")
        document = Document(path, self.text, (), {})
        try:
            return places(document, self.base)
        except Exception:  # noqa: BLE001 -- rdflib raises anything on RDF 1.2
            return Places(self.text)

    def _by_line(self) -> Places:
        found = Places(self.text)
        lines = list(re.finditer(r"(?m)^[ \t]*[^\s#][^\r\n]*", self.text))
        if len(lines) != len(self.triples):
            return found
        for line, (subject, predicate, value) in zip(lines, self.triples, strict=True):
            if begin := LINE.match(line[0]):
                key = _key(subject), predicate.value, _key(value)
                found.note(*key, line.start() + begin.end())
        return found

    @cached_property
    def twins(self) -> dict[str, str]:
        """The name that the watched parser gives to each blank node, by common name."""
        if not self.places.statements:
            return {f"_:{name}": f"_:{own}" for own, name in self.names.items()}
        ours = [(_key(s), p.value, _key(o)) for s, p, o in self.triples]
        theirs = [(_name(s), p, _name(o)) for s, p, o in self.places.statements]
        labels = {f"_:{k}": _name(node) for k, node in self.places.labels.items()}
        pairs = pair(ours, theirs, labels)
        common = {f"_:{own}": f"_:{name}" for own, name in self.names.items()}
        return {
            common[own]: other.removeprefix("_:")
            for own, other in pairs.items()
            if own in common
        }

    @cached_property
    def ambiguous(self) -> set[tuple[str, str, str]]:
        """Statements that only language or datatype of the value tells apart."""
        counts = Counter((_key(s), p.value, _key(o)) for s, p, o in self.common())
        return {key for key, count in counts.items() if count > 1}

    def find(self, *key: str) -> tuple[int, Position] | None:
        """Return rank and position of the statement *key*, blank nodes by common name.

        The rank is an index of `PRECISIONS`.
        """
        own = tuple(self.twins.get(part, part) for part in key)
        subject, predicate, value = own
        found = self.places.find(subject, predicate, value)
        if not subject or found is None:
            return None
        rank, offset = found
        if rank == 0 and key in self.ambiguous:
            rank, offset = 1, self.places.properties[subject, predicate]
        return rank, position(self.text, offset)


def place(
    readings: Iterable[Reading], subject: str, predicate: str = "", value: str = ""
) -> tuple[str, Position, str]:
    """Return file, position and precision of a statement in *readings*.

    Where nothing of it stands, the file is the one that speaks of the subject at
    all, and there is no position.
    """
    several = list(readings)
    found = [(r.find(subject, predicate, value), r.file.name) for r in several]
    if ranked := [(*where, name) for where, name in found if where]:
        rank, at, name = min(ranked, key=lambda three: three[0])
        return name, at, PRECISIONS[rank]
    for reading in several:
        if any(_key(s) == subject for s, _, _ in reading.common()):
            return reading.file.name, Position(), "none"
    return (several[0].file.name if several else ""), Position(), "none"


def _key(term: Any) -> str:
    """Return the name of a term of pyoxigraph."""
    is_blank = isinstance(term, ox.BlankNode)
    return str(term) if is_blank else str(getattr(term, "value", ""))


def _name(term: Any) -> str:
    """Return the name of a term of rdflib."""
    return f"_:{term}" if type(term).__name__ == "BNode" else str(term)
