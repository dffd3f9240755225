"""This module says whether shapes can be judged by, so that none passes in silence.

Engines ignore what they do not know: a misspelled constraint, a rule in JavaScript, a
shape that is referred to and defined nowhere. All of them then report conformance.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import pyoxigraph as ox

from csto.names import RDF, SH, XSD
from csto.vetting.core import (
    COMPONENTS,
    CORE,
    LISTS,
    NEAR_SHACL,
    REFERENCES,
    SHAPES,
    TARGETS,
)

Term = Any
TYPE: Final = RDF + "type"
NAMES: Final = (SH, SH.removesuffix("#"))


@dataclass(frozen=True)
class Fault:
    """What is wrong with which statement of the shapes."""

    triple: tuple[str, str, str]
    message: str
    remedy: str = ""
    rule: str = ""


@dataclass(frozen=True, eq=False)
class Laws:
    """The statements of a shapes graph, looked up by subject and predicate."""

    triples: tuple[tuple[Term, Term, Term], ...]
    table: dict[tuple[str, str], list[Term]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def __post_init__(self) -> None:
        """Fill the table."""
        for subject, predicate, value in dict.fromkeys(self.triples):
            self.table[text(subject), predicate.value].append(value)

    def objects(self, subject: str, name: str) -> list[Term]:
        """Return the values of the SHACL property *name* of *subject*."""
        return self.table.get((subject, name if ":" in name else SH + name), [])

    def items(self, head: Term) -> list[Term]:
        """Return the items of the list at *head*, as far as it is one."""
        items: list[Term] = []
        seen: set[str] = set()
        while text(head) not in seen and (
            one := self.objects(text(head), RDF + "first")
        ):
            seen.add(text(head))
            items += one
            head = next(iter(self.objects(text(head), RDF + "rest")), head)
        return items

    def is_list(self, head: Term) -> bool:
        """Tell whether a list begins at *head*: one item and one rest at each knot."""
        seen: set[str] = set()
        while text(head) != RDF + "nil":
            items = self.objects(text(head), RDF + "first")
            rests = self.objects(text(head), RDF + "rest")
            if text(head) in seen or (len(items), len(rests)) != (1, 1):
                return False
            seen.add(text(head))
            head = rests[0]
        return True

    @cached_property
    def subjects(self) -> dict[str, Term]:
        """Every subject, by its text."""
        return {text(s): s for s, _, _ in self.triples}

    @cached_property
    def references(self) -> list[tuple[tuple[str, str, str], str]]:
        """Each reference of a shape to a shape: its statement, and what it names."""
        found = []
        for subject, predicate, value in self.triples:
            triple = (text(subject), predicate.value, text(value))
            if predicate.value in REFERENCES:
                found.append((triple, text(value)))
            elif predicate.value in LISTS:
                found += [(triple, text(item)) for item in self.items(value)]
        return found

    @cached_property
    def shapes(self) -> list[str]:
        """All shapes: typed, aiming at something, or referred to."""
        typed = [
            text(s)
            for s, p, o in self.triples
            if (p.value == TYPE and text(o) in SHAPES) or p.value in TARGETS
        ]
        return list(dict.fromkeys([*typed, *(name for _, name in self.references)]))


def faults(laws: Laws) -> Iterator[Fault]:
    """Yield everything for which the shapes cannot be judged by."""
    if not laws.shapes:
        yield Fault(
            ("", "", ""), "There is no shape.", "Name a file with SHACL shapes."
        )
    for subject, predicate, value in laws.triples:
        triple = (text(subject), predicate.value, text(value))
        for term in (predicate, value):
            if isinstance(term, ox.NamedNode):
                yield from _of_term(triple, term.value)
    for triple, name in laws.references:
        if name not in laws.subjects:
            message = f"The shape {short(name)} is defined nowhere."
            yield Fault(triple, message, _nearest(name, laws.shapes, {name}))


def _of_term(triple: tuple[str, str, str], iri: str) -> Iterator[Fault]:
    if iri in CORE | COMPONENTS or not NEAR_SHACL.fullmatch(iri) or iri in NAMES:
        return
    from rdflib.namespace import SH as KNOWN  # noqa: PLC0415 -- only where one is odd

    if iri in KNOWN:
        message = f"{short(iri)} is not SHACL Core, so it would be passed over."
        yield Fault(triple, message, "Write the law in SHACL Core.")
    else:
        message = f"{short(iri)} is no term of SHACL."
        yield Fault(triple, message, _nearest(iri, CORE))


def _nearest(name: str, known: Iterable[str], without: Iterable[str] = ()) -> str:
    local = {k.removeprefix(SH).lower(): k for k in known if k not in without}
    wrong = re.split(r"[#/]", name)[-1] if NEAR_SHACL.fullmatch(name) else name
    close = difflib.get_close_matches(wrong.lower(), local, n=1)
    return f"Did you mean {short(local[close[0]])}?" if close else ""


def text(term: Term) -> str:
    """Return the name of *term*: its IRI, its label, or its lexical form."""
    return (
        str(term) if isinstance(term, ox.BlankNode) else str(getattr(term, "value", ""))
    )


def short(iri: str) -> str:
    """Return *iri* as people read it."""
    for prefix, namespace in (("sh", SH), ("xsd", XSD), ("rdf", RDF)):
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
