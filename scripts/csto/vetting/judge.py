"""This module holds foreign files against shapes; it runs inside of the sandbox."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

import pyoxigraph as ox

from csto.errors import Exit, Position, SourceError
from csto.finding import Finding, order
from csto.names import SH
from csto.validate import targeted
from csto.vetting import aims, engine, lexical
from csto.vetting.engine import Verdict
from csto.vetting.foreign import Foreign
from csto.vetting.laws import Fault, Laws, faults, text
from csto.vetting.ours import Ours, ours, unknown
from csto.vetting.parse import parse
from csto.vetting.reading import Reading, Triple, place
from csto.vetting.task import Judgement, Task
from csto.vetting.wellformed import ill_formed

Tell = Callable[[str], None]

DATA: Final = "f"
"""How the names of blank nodes begin, where several files hold data."""

UNMOVABLE: Final = tuple(
    SH + n for n in ("closed", "deactivated", "qualifiedValueShapesDisjoint")
)
"""Where a shape has one of these, its property shapes must stay with it."""

COMPONENT: Final = "ConstraintComponent"
HIDDEN: Final = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
"""Characters that make a text look other than it is (Unicode TR 36)."""


class LawError(SourceError):
    """A fault of the shapes, not of the data."""

    code = Exit.USAGE


def judge(task: Task, tell: Tell) -> Judgement:
    """Return what *task* comes to.

    Raises `SourceError` for a file that cannot be read, `LawError` for shapes that
    cannot be judged by. *tell* is called with the name of what is under way.
    """
    readings = list(_read(task.files, task.base, DATA, tell))
    rules = list(_read(task.shapes, task.base, "s", tell))
    data = [triple for reading in readings for triple in reading.common()]
    tell("the shapes")
    law = Ours(_theirs(rules)) if rules else ours(task.root, data)
    counts = aims.focus(law.laws, [*data, *law.hierarchy])
    tell("the validation")
    found = [_finding(readings, verdict) for verdict in _verdicts(law, data)]
    for reading in readings:
        found += [*_texts(reading), *_left_out(reading)]
    if rules:
        doubts = aims.doubts(law.laws, counts)
        found += [_doubt(rules, fault, "warning") for fault in doubts]
    else:
        found += [_doubt(readings, f, "violation") for f in unknown(law, data)]
    if not any(counts.values()) and not task.allow_empty:
        found.append(_nothing(readings[0].file.name))
    prefixes = {p: n for r in (*rules, *readings) for p, n in r.prefixes.items()}
    ordered = tuple(sorted(found, key=order))
    return Judgement(ordered, counts, prefixes)


def _verdicts(law: Ours, data: list[Triple]) -> Iterator[Verdict]:
    """Yield what the engine says of the nodes that *data* itself describes."""
    context = {text(s) for s, _, _ in law.known} - {text(s) for s, _, _ in data}
    laws = law.laws.triples
    held = [text(o) for _, p, o in laws if p.value == SH + "property"]
    if len(held) == len(set(held)) and not any(
        p.value in UNMOVABLE for _, p, _ in laws
    ):
        laws = tuple(tuple(q.triple) for q in targeted(ox.Quad(*t) for t in laws))
    for verdict in engine.verdicts([*data, *law.known], laws):
        if verdict.focus not in context:
            yield verdict


def _read(
    files: tuple[Foreign, ...], base: str, mark: str, tell: Tell
) -> Iterator[Reading]:
    for number, file in enumerate(files):
        tell(file.name)
        is_one = mark == DATA and len(files) == 1
        yield parse(file, base, "" if is_one else f"{mark}{number}.")


def _theirs(rules: list[Reading]) -> Laws:
    """Return the shapes of *rules*, or raise `LawError` at their first fault."""
    laws = Laws(tuple(triple for rule in rules for triple in rule.common()))
    wrong = [*faults(laws), *ill_formed(laws)]
    found = [_law_error(rules, fault) for fault in wrong]
    for error in sorted(found, key=lambda e: (str(e.path), e.position)):
        if len(found) > 1:
            error.remedy = f"{error.remedy} ({len(found) - 1} more)".strip()
        raise error
    return laws


def _law_error(rules: list[Reading], fault: Fault) -> LawError:
    path, at, _ = place(rules, *fault.triple)
    return LawError(path, at, fault.message, fault.remedy)


def _finding(readings: list[Reading], verdict: Verdict) -> Finding:
    path, at, precision = place(readings, verdict.focus, verdict.path, verdict.value)
    is_named = not verdict.shape.startswith("_:")
    rule = re.split(r"[#/](?=[^#/]+$)", verdict.shape)[-1]
    return Finding(
        path,
        at,
        verdict.severity,
        rule if is_named else verdict.component.removesuffix(COMPONENT),
        verdict.message,
        verdict.focus,
        verdict.path,
        verdict.shown,
        precision=precision,
        shape=verdict.shape,
        component=verdict.component,
    )


def _texts(reading: Reading) -> Iterator[Finding]:
    """Yield what is wrong with the literals of *reading*, whatever the shapes say."""
    for subject, predicate, value in reading.common():
        if not isinstance(value, ox.Literal):
            continue
        message, remedy = lexical.fault(
            value.value, value.datatype.value, value.language or ""
        )
        severity, rule = "violation", "lexical-form"
        if not message and (hidden := HIDDEN.search(value.value)):
            severity, rule = "warning", "hidden-character"
            message = f"The text holds U+{ord(hidden[0]):04X}, which nobody sees."
        if message:
            key = text(subject), predicate.value, text(value)
            path, at, precision = place([reading], *key)
            yield Finding(
                path,
                at,
                severity,
                rule,
                message,
                key[0],
                key[1],
                str(value),
                remedy,
                precision,
            )


def _left_out(reading: Reading) -> Iterator[Finding]:
    """Yield that *reading* has statements about statements, if it has."""
    terms = [term for triple in reading.triples for term in triple]
    if count := sum(isinstance(term, ox.Triple) for term in terms):
        message = f"{count} statements about statements are not judged."
        name = reading.file.name
        yield Finding(name, Position(), "info", "rdf-1.2", message, precision="none")


def _doubt(rules: list[Reading], fault: Fault, severity: str) -> Finding:
    path, at, precision = place(rules, *fault.triple)
    return Finding(
        path,
        at,
        severity,
        fault.rule,
        fault.message,
        fault.triple[0],
        remedy=fault.remedy,
        precision=precision,
    )


def _nothing(name: str) -> Finding:
    message = "No shape finds a node in the data, so nothing is proved."
    remedy = "Name other shapes with --shapes, or say --allow-empty."
    return Finding(
        name,
        Position(),
        "violation",
        "no-focus",
        message,
        remedy=remedy,
        precision="none",
    )
