"""This module completes a graph: days from dates, and what the rules conclude."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, QueryTriples, Store, Triple

from csto.errors import CstoError, Position, SourceError
from csto.names import TERM, XSD
from csto.queries import answer
from csto.read import read_text
from csto.rooms import INFERRED

DATE: Final = NamedNode(TERM + "date")
EARLIEST: Final = NamedNode(TERM + "earliest")
LATEST: Final = NamedNode(TERM + "latest")
FORM: Final = re.compile(
    r"([0-9]{4})(-(2[1-3]|(24)|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?"
)
"""What EDTF dates look like here: a year, season, month or day."""

MAX_ROUNDS: Final = 20
"""Rounds of rules after which the build gives up; ours need four."""


@cache
def bounds(edtf: str) -> tuple[dt.date, dt.date]:
    """Return the first and last day that the EDTF date *edtf* can mean.

    A season takes the place of a month (EDTF level 1), so it lies within its year,
    and is that of the northern hemisphere by whole months: `2006-22` is June to
    August. Winter is January, February and December, hence its bounds are those of
    the year. Raises `ValueError` on anything but a day, month, season or year.
    """
    from edtf import EDTFParseException, parse_edtf  # noqa: PLC0415 -- slow to import

    form = FORM.fullmatch(edtf)
    if form is None:
        raise ValueError(edtf)
    try:
        date = parse_edtf(form[1] if form[4] else edtf)
        first, last = date.lower_strict(), date.upper_strict()
        return dt.date(*first[:3]), dt.date(*last[:3])
    except (EDTFParseException, TypeError, AttributeError, ValueError) as error:
        raise ValueError(edtf) from error


def days(quads: Iterable[Quad]) -> Iterator[Triple]:
    """Yield earliest and latest day of each subject that has dates.

    Several dates of one subject narrow each other; if they exclude each other,
    earliest lies behind latest, which a check reports.
    """
    dates: dict[Any, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == DATE:
            dates[quad.subject].add(quad.object.value)
    for subject, values in dates.items():
        try:
            pairs = [bounds(value) for value in values]
        except ValueError as error:
            message = f"{error} of {subject} is no EDTF date."
            raise CstoError(
                message, "Write 2006, 2006-22, 2006-07 or 2006-07-15."
            ) from None
        yield Triple(subject, EARLIEST, _day(max(first for first, _ in pairs)))
        yield Triple(subject, LATEST, _day(min(last for _, last in pairs)))


def _day(date: dt.date) -> Literal:
    return Literal(date.isoformat(), datatype=NamedNode(XSD + "date"))


def infer(quads: Iterable[Quad], rules: Mapping[str, Path]) -> list[Quad]:
    """Return what *rules* conclude from *quads*, in graph `inferred`, sorted.

    Each rule is a CONSTRUCT; they run in turn until none adds a statement.
    """
    asserted = list(quads)
    store = Store()
    store.bulk_extend(asserted)
    known = {quad.triple for quad in asserted}
    new: set[Triple] = set()
    _add(store, days(asserted), known, new)
    texts = {path: read_text(path) for path in rules.values()}
    for _ in range(MAX_ROUNDS):
        if not sum(
            _add(store, _run(store, p, t), known, new) for p, t in texts.items()
        ):
            return sorted((_quad(t) for t in new), key=str)
    raise CstoError(f"The rules do not come to rest in {MAX_ROUNDS} rounds.")


def _quad(triple: Triple) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, INFERRED)


def _add(
    store: Store, found: Iterable[Triple], known: set[Triple], new: set[Triple]
) -> int:
    fresh = set(found) - known
    known |= fresh
    new |= fresh
    store.extend(_quad(triple) for triple in fresh)
    return len(fresh)


def _run(store: Store, path: Path, text: str) -> Iterable[Triple]:
    found = answer(store, path, text)
    if not isinstance(found, QueryTriples):
        raise SourceError(path, Position(1, 1), "Not a CONSTRUCT.", "Write one.")
    return found
