"""This module finds what a store would not return as sent, or a reader misread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from csto.errors import Position
from csto.finding import Finding
from csto.infer import FORM, bounds
from csto.locate import locate
from csto.names import EDTF, KINDS, SOURCE, TERM, THING, XSD
from csto.read import Document, position, skeleton

Fault: TypeAlias = tuple[str, str, str]
"""Rule, message and remedy of a finding."""

LEXICAL: Final = {
    XSD + "string": re.compile(r"(?s).+"),
    XSD + "integer": re.compile(r"0|-?[1-9][0-9]*"),
    XSD + "decimal": re.compile(r"-?(0|[1-9][0-9]*)\.([0-9]*[1-9]|0)"),
    XSD + "boolean": re.compile(r"true|false"),
    XSD + "date": re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"),
    EDTF + "EDTF": FORM,
}
"""Datatypes of the data profile, each with its canonical forms (XSD 1.1, EDTF 1)."""

DATES: Final = (XSD + "date", EDTF + "EDTF")
PRINTED: Final = (TERM + "printedName", TERM + "textDefect")
"""Properties whose values are spelt as a source prints them, faults included."""

LOOK_ALIKE: Final = re.compile(r"[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]")
BLANK: Final = re.compile(r"\[|\((?!\s*\))|(?<![\w-])_:")
"""A Latin letter beside a Greek or Cyrillic one; where a blank node begins."""

LANGUAGES: Final = ("en", "ru")
SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def departures(document: Document) -> Iterator[Finding]:
    """Yield what some store would not return as it was sent, or reader misread."""
    bare = skeleton(document.path, document.text)
    for found in BLANK.finditer(bare):
        at = position(document.text, found.start())
        fault = ("profile", "A blank node.", "Give it an IRI.")
        yield _finding(document, at, fault)
    for quad in {quad.triple: quad for quad in document.quads}.values():
        for fault in (*_misfits(quad), *_look_alikes(quad)):
            subject, value = plain(quad.subject), plain(quad.object)
            _, at = locate([document], subject, quad.predicate.value, value)
            yield _finding(document, at, fault, subject)


def plain(term: object) -> str:
    """Return the IRI or the lexical form of *term*, by which `locate` knows it."""
    return str(getattr(term, "value", term))


def _finding(
    document: Document, at: Position, fault: Fault, focus: str = ""
) -> Finding:
    rule, message, remedy = fault
    path = str(document.path)
    return Finding(path, at, "violation", rule, message, focus, remedy=remedy)


def _look_alikes(quad: Quad) -> Iterator[Fault]:
    if isinstance(quad.object, Literal) and quad.predicate.value not in PRINTED:
        for word in re.findall(r"\w+", quad.object.value):
            if LOOK_ALIKE.search(word):
                message = f'The word "{word}" mixes two scripts.'
                yield "look-alike", message, "Write it in one."


def _misfits(quad: Quad) -> Iterator[Fault]:
    subject = quad.subject
    if isinstance(subject, NamedNode) and not _is_named_well(subject.value):
        yield (
            "profile",
            f"{subject} is no IRI of this project.",
            "Use id/<kind>/<slug>.",
        )
    if not isinstance(quad.object, Literal):
        return
    language, datatype = quad.object.language, quad.object.datatype.value
    if language and language not in LANGUAGES:
        yield "profile", f"The language {language} is not used here.", "Use en or ru."
    elif not language and datatype not in LEXICAL:
        message = f"The datatype {quad.object.datatype} is not used here."
        yield "profile", message, "Choose another."
    elif not language and not _is_canonical(quad.object.value, datatype):
        yield "profile", f"{quad.object} is not in canonical form.", "Write it so."


def _is_canonical(text: str, datatype: str) -> bool:
    if not LEXICAL[datatype].fullmatch(text):
        return False
    if datatype in DATES:
        try:
            bounds(text)
        except ValueError:
            return False
    return True


def _is_named_well(iri: str) -> bool:
    if not iri.startswith(THING) or iri.startswith(SOURCE):
        return True
    kind, _, slug = iri.removeprefix(THING).partition("/")
    return kind in KINDS and SLUG.fullmatch(slug) is not None
