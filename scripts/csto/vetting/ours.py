"""This module lends our shapes, and what our rooms know, to the data of others."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from csto.names import RDFS, TERM, THING
from csto.vetting.laws import TYPE, Fault, Laws, text
from csto.vetting.reading import Triple

LAWS_OF_TERMS: Final = "ontology.ttl"
"""Our shapes of our own terms, which no data has to meet."""


@dataclass(frozen=True, eq=False)
class Ours:
    """Our shapes, what the rooms know, and every term of the ontology."""

    laws: Laws
    known: tuple[Triple, ...] = ()
    terms: frozenset[str] = frozenset()

    @property
    def hierarchy(self) -> list[Triple]:
        """Which class is below which."""
        return [t for t in self.known if t[1].value == RDFS + "subClassOf"]


def ours(root: Path, data: Iterable[Triple]) -> Ours:
    """Return our shapes below *root*, and what our rooms know of what *data* names.

    That is the hierarchy of the classes and, of things of the register that the
    data refers to and does not describe, what the register says.
    """
    files = (p for p in (root / "shapes").glob("*.ttl") if p.name != LAWS_OF_TERMS)
    laws = Laws(tuple(_triples(files)))
    ontology = list(_triples((root / "ontology").glob("*.ttl")))
    known = [t for t in ontology if t[1].value == RDFS + "subClassOf"]
    told, named = set(), set()
    for subject, _, value in data:
        told.add(text(subject))
        named.add(text(value))
    if only := {name for name in named - told if name.startswith(THING)}:
        register = _triples((root / "data").glob("*.ttl"))
        known += [t for t in register if text(t[0]) in only]
    terms = {text(subject) for subject, _, _ in ontology}
    return Ours(laws, tuple(known), frozenset(t for t in terms if t.startswith(TERM)))


def _triples(paths: Iterable[Path]) -> Iterator[Triple]:
    for path in sorted(paths):
        for quad in ox.parse(path=str(path)):
            yield quad.subject, quad.predicate, quad.object


def unknown(ours: Ours, data: Iterable[Triple]) -> Iterator[Fault]:
    """Yield each use in *data* of a term of ours that does not exist."""
    for subject, predicate, value in data:
        for term in (predicate, value):
            name = text(term)
            if not isinstance(term, ox.NamedNode) or not name.startswith(TERM):
                continue
            if name not in ours.terms and (
                term is predicate or predicate.value == TYPE
            ):
                close = difflib.get_close_matches(name, ours.terms, n=1)
                near = [f"Did you mean csto:{c.removeprefix(TERM)}?" for c in close]
                message = f"The term csto:{name.removeprefix(TERM)} does not exist."
                triple = (text(subject), predicate.value, text(value))
                yield Fault(triple, message, "".join(near), "unknown-term")
