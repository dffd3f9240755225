"""This module says where a shapes graph is not well-formed SHACL Core.

pySHACL could ask the shapes of SHACL itself, at ten times the cost of the validation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import pyoxigraph as ox

from csto.names import RDF, SH, XSD
from csto.vetting.core import LISTS, PATHS
from csto.vetting.laws import TYPE, Fault, Laws, short, text
from csto.vetting.lexical import fault, is_known

INTEGER: Final = (XSD + "integer",)
BOOLEAN: Final = (XSD + "boolean",)
STRING: Final = (XSD + "string",)
PROSE: Final = (XSD + "string", RDF + "langString")

LITERALS: Final = {
    **dict.fromkeys(("minCount", "maxCount", "minLength", "maxLength"), INTEGER),
    **dict.fromkeys(("qualifiedMinCount", "qualifiedMaxCount"), INTEGER),
    **dict.fromkeys(("closed", "deactivated", "uniqueLang"), BOOLEAN),
    "qualifiedValueShapesDisjoint": BOOLEAN,
    **dict.fromkeys(("pattern", "flags"), STRING),
    **dict.fromkeys(("message", "name", "description"), PROSE),
}
"""Parameters that are literals, and the datatypes that each may have."""

IRIS: Final = frozenset(
    re.findall(
        r"\w+",
        "class datatype nodeKind targetClass targetSubjectsOf targetObjectsOf equals "
        "disjoint lessThan lessThanOrEquals severity",
    )
)
SEVERAL: Final = frozenset(("message", "name", "description"))
SPINES: Final = frozenset(("in", "languageIn", "ignoredProperties"))
CHOICES: Final = {
    "nodeKind": "BlankNode IRI Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral",
}
ONCE: Final = (
    frozenset(
        ("datatype", "nodeKind", "path", "severity", "in", "languageIn", *LITERALS)
    )
    - SEVERAL
)
"""Parameters that a shape has at most once."""

FLAGS: Final = re.compile("[imsx]*")


def ill_formed(laws: Laws) -> Iterator[Fault]:
    """Yield each statement with which the shapes are not well-formed."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for subject, predicate, value in laws.triples:
        if not predicate.value.startswith(SH):
            continue
        name = predicate.value.removeprefix(SH)
        triple = (text(subject), predicate.value, text(value))
        counts[triple[:2]] += 1
        if name in ONCE and counts[triple[:2]] > 1:
            yield Fault(triple, f"The shape has more than one sh:{name}.", "Keep one.")
        yield from _of_kind(triple, name, value)
        if name in SPINES or predicate.value in LISTS:
            yield from _of_list(laws, triple, value)
        elif name == "path":
            yield from _of_path(laws, triple, value)
    yield from _of_shapes(laws)
    yield from _circles(laws)


def _of_kind(triple: tuple[str, str, str], name: str, value: Any) -> Iterator[Fault]:
    """Yield what is wrong with one value, by itself."""
    allowed = LITERALS.get(name)
    if allowed and not (
        isinstance(value, ox.Literal) and value.datatype.value in allowed
    ):
        wanted = " or ".join(map(short, allowed))
        yield Fault(triple, f"The value of sh:{name} is no {wanted}.", "Write it so.")
    elif allowed and any(fault(value.value, value.datatype.value)):
        yield Fault(triple, *fault(value.value, value.datatype.value))
    elif name in IRIS and not isinstance(value, ox.NamedNode):
        yield Fault(triple, f"The value of sh:{name} is no IRI.", "Name one.")
    elif name in CHOICES and text(value) not in {SH + c for c in CHOICES[name].split()}:
        remedy = f"Choose: {CHOICES[name].replace(' ', ', ')}."
        yield Fault(triple, f"{short(text(value))} is no sh:{name}.", remedy)
    elif name == "datatype" and text(value).startswith(XSD):
        if not is_known(text(value)):
            yield Fault(triple, f"{short(text(value))} is no datatype.", "Choose one.")
    elif name == "flags" and not FLAGS.fullmatch(text(value)):
        yield Fault(
            triple, f'The flags "{text(value)}" are unknown.', "Use i, m, s, x."
        )
    elif name == "pattern":
        yield from _of_pattern(triple)


def _of_pattern(triple: tuple[str, str, str]) -> Iterator[Fault]:
    try:
        re.compile(triple[2])
    except (re.error, RecursionError, OverflowError) as error:
        yield Fault(triple, f"The pattern cannot be read: {error}.", "Mend it.")


def _of_list(laws: Laws, triple: tuple[str, str, str], head: Any) -> Iterator[Fault]:
    name = short(triple[1])
    if not laws.is_list(head):
        yield Fault(triple, f"The value of {name} is no list.", "Write ( … ).")
    elif triple[1] == SH + "languageIn" or triple[1] == SH + "ignoredProperties":
        kind: Any = ox.Literal if triple[1].endswith("languageIn") else ox.NamedNode
        if not all(isinstance(item, kind) for item in laws.items(head)):
            yield Fault(
                triple, f"The list of {name} holds what it must not.", "Mend it."
            )
    elif triple[1] in LISTS and any(
        isinstance(item, ox.Literal) for item in laws.items(head)
    ):
        yield Fault(triple, f"The list of {name} holds a literal.", "Name shapes.")


def _of_path(laws: Laws, triple: tuple[str, str, str], path: Any) -> Iterator[Fault]:
    """Yield a fault if *path* is no path of SHACL."""
    queue, seen = [path], set()
    while queue:
        part = queue.pop()
        if isinstance(part, ox.NamedNode) or text(part) in seen:
            continue
        kinds = [p for p in PATHS if laws.objects(text(part), p)]
        items = laws.items(part)
        if isinstance(part, ox.Literal) or len(kinds) + bool(items) != 1:
            yield Fault(triple, "The path is no path of SHACL.", "Mend it.")
            return
        seen.add(text(part))
        inner = [value for kind in kinds for value in laws.objects(text(part), kind)]
        is_choice = kinds == [SH + "alternativePath"]
        queue += [*items, *(laws.items(inner[0]) if is_choice else inner)]


def _of_shapes(laws: Laws) -> Iterator[Fault]:
    """Yield each property shape without a path, and each node shape with one."""
    held = {text(o) for _, p, o in laws.triples if p.value == SH + "property"}
    for shape in laws.shapes:
        kinds = {text(kind) for kind in laws.objects(shape, TYPE)}
        paths = laws.objects(shape, "path")
        if not paths and (SH + "PropertyShape" in kinds or shape in held):
            if shape in laws.subjects:
                message = f"The property shape {short(shape)} has no sh:path."
                yield Fault((shape, TYPE, ""), message, "Name the property.")
        elif paths and SH + "NodeShape" in kinds:
            message = f"The node shape {short(shape)} has a sh:path."
            yield Fault((shape, SH + "path", text(paths[0])), message, "Drop one.")


def _circles(laws: Laws) -> Iterator[Fault]:
    """Yield a reference by which a shape comes back to itself, if there is one.

    What recursive shapes mean is left open by SHACL, and engines differ.
    """
    after: dict[str, set[str]] = defaultdict(set)
    for (shape, _, _), name in laws.references:
        after[shape].add(name)
    for triple, name in laws.references:
        seen, queue = {name}, [name]
        while queue:
            fresh = after[queue.pop()] - seen
            seen |= fresh
            queue += fresh
        if triple[0] in seen:
            message = f"The shape {short(triple[0])} refers to itself in a circle."
            yield Fault(triple, message, "Break the circle.")
            return
