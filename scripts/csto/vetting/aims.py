"""This module counts what shapes aim at, and says which of them prove nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from csto.names import OWL, RDFS, SH
from csto.vetting.core import CONSTRAINTS, SHAPES, TARGETS
from csto.vetting.laws import TYPE, Fault, Laws, short, text

Nodes = dict[str, dict[str, set[str]]]
CLASSES: Final = (RDFS + "Class", OWL + "Class")
"""A shape that is also a class aims at the instances of that class."""


def focus(laws: Laws, data: Iterable[tuple[Any, Any, Any]]) -> dict[str, int]:
    """Return of each shape with a target how many nodes of *data* it aims at."""
    nodes = _nodes(data)
    found = {}
    for shape in laws.shapes:
        aims = [(p, text(value)) for p in TARGETS for value in laws.objects(shape, p)]
        if any(text(kind) in CLASSES for kind in laws.objects(shape, TYPE)):
            aims.append((SH + "targetClass", shape))
        if aims:
            found[shape] = len(set().union(*(nodes[p].get(v, ()) for p, v in aims)))
    return found


def _nodes(data: Iterable[tuple[Any, Any, Any]]) -> Nodes:
    """Return the nodes that each kind of target finds, by what the target names."""
    nodes: Nodes = {kind: defaultdict(set) for kind in TARGETS}
    classes = nodes[SH + "targetClass"]
    parents: dict[str, set[str]] = defaultdict(set)
    for triple in data:
        subject, predicate, value = (text(term) for term in triple)
        nodes[SH + "targetSubjectsOf"][predicate].add(subject)
        nodes[SH + "targetObjectsOf"][predicate].add(value)
        for node in (subject, value):
            nodes[SH + "targetNode"][node].add(node)
        if predicate == TYPE:
            classes[value].add(subject)
        elif predicate == RDFS + "subClassOf":
            parents[subject].add(value)
    for name, instances in list(classes.items()):
        for ancestor in _ancestors(name, parents):
            classes[ancestor] |= instances
    return nodes


def _ancestors(name: str, parents: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    queue = [name]
    while queue:
        for parent in parents.get(queue.pop(), set()) - found:
            found.add(parent)
            queue.append(parent)
    return found - {name}


def doubts(laws: Laws, focus: dict[str, int]) -> Iterator[Fault]:
    """Yield what is sound in the shapes, and yet proves nothing of the data."""
    used = {name for _, name in laws.references}
    for shape in laws.shapes:
        yield from _switched_off(laws, shape)
        if not focus.get(shape) and (shape in focus or shape not in used):
            yield _idle(laws, shape)
        bound = any(laws.objects(shape, name) for name in CONSTRAINTS)
        if not bound and any(text(k) in SHAPES for k in laws.objects(shape, TYPE)):
            message = f"{short(shape)} has no constraint."
            yield Fault((shape, TYPE, ""), message, rule="empty-shape")
    for subject, predicate, value in laws.triples:
        if predicate.value == OWL + "imports" and text(value) not in laws.subjects:
            triple = (text(subject), predicate.value, text(value))
            message = f"{text(value)} is not imported."
            yield Fault(triple, message, "Name its file with --shapes too.", "import")


def _switched_off(laws: Laws, shape: str) -> Iterator[Fault]:
    for value in laws.objects(shape, "deactivated"):
        if text(value) in ("true", "1"):
            triple = (shape, SH + "deactivated", text(value))
            message = f"{short(shape)} is deactivated."
            yield Fault(triple, message, rule="deactivated-shape")


def _idle(laws: Laws, shape: str) -> Fault:
    aims = [(p, text(value)) for p in TARGETS for value in laws.objects(shape, p)]
    if not aims:
        message = f"{short(shape)} aims at nothing and no shape refers to it."
        return Fault((shape, TYPE, ""), message, rule="idle-shape")
    predicate, value = aims[0]
    kind = TARGETS[predicate]
    message = f"{short(shape)} proves nothing: its {kind} {value} finds no node."
    return Fault((shape, predicate, value), message, rule="idle-shape")
