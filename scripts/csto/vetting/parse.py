"""This module parses a foreign file strictly: no network, no guessing, no recursion."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from csto.errors import Position, SourceError
from csto.vetting.foreign import FORMS, Foreign, check_depth
from csto.vetting.reading import Reading

RELATIVE: Final = "relative-iri:/"
"""A base under which a JSON-LD parser keeps the relative IRIs that it would drop."""

ANONYMOUS: Final = re.compile("[0-9a-f]{20,32}|anon[0-9]+")
"""Names that pyoxigraph gives to blank nodes without a label, new at each run.

Labels that look like the names that are given here count with them.
"""


def parse(file: Foreign, base: str, mark: str) -> Reading:
    """Return the statements of *file*; *mark* begins its common names.

    Raises `SourceError` where the file is no RDF, or no file of its form.
    """
    check_depth(file)
    anchor = base or (RELATIVE if file.form == "jsonld" else None)
    try:
        parser = ox.parse(file.data, format=FORMS[file.form], base_iri=anchor)
        quads = list(parser)
    except SyntaxError as error:
        raise _refused(file, error) from None
    except (MemoryError, RecursionError, ValueError, OSError) as error:
        message = f"Cannot be parsed: {str(error) or type(error).__name__}."
        raise SourceError(file.name, Position(), message) from None
    triples = tuple(tuple(quad.triple) for quad in quads)
    if not base and (relative := _relative(triples)):
        message = f"The IRI {relative} is relative."
        remedy = "Write it in full, or name its base with --base."
        raise SourceError(file.name, Position(), message, remedy)
    names, prefixes = _names(triples, mark), dict(parser.prefixes)
    return Reading(file, triples, names, prefixes, base)


def _refused(file: Foreign, error: SyntaxError) -> SourceError:
    at = Position(error.lineno or 0, error.offset or 0)
    said = str(error.msg).split(": ", 1)[-1].rstrip(".").replace("\n", " ")
    if "LoadDocumentCallback" in said:
        message = "A context elsewhere is not fetched."
        return SourceError(file.name, at, message, "Write it into the file.")
    return SourceError(file.name, at, f"Syntax error: {said}.", "Mend it.")


def _relative(triples: Iterable[Any]) -> str:
    for triple in triples:
        for term in triple:
            iri = str(getattr(term, "value", ""))
            if isinstance(term, ox.NamedNode) and iri.startswith(RELATIVE):
                return iri.removeprefix(RELATIVE) or "(empty)"
    return ""


def _names(triples: Iterable[Any], mark: str) -> dict[str, str]:
    """Return a common name for each blank node: its label, or else its number."""
    names: dict[str, str] = {}
    for triple in triples:
        for term in triple:
            if isinstance(term, ox.BlankNode) and term.value not in names:
                is_number = ANONYMOUS.fullmatch(term.value)
                own = f"anon{len(names) + 1}" if is_number else term.value
                names[term.value] = f"{mark}{own}"
    return names
