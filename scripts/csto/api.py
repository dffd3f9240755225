"""This module is what `import csto` offers to a Python program."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

import pyoxigraph as ox

from csto import answers, queries
from csto.names import RDFS, XSD
from csto.release import Graph, complete
from csto.rooms import Project, open_project, own_root

if TYPE_CHECKING:
    import pandas as pd
    import rdflib

NATIVE: Final[dict[str, Callable[[str], Any]]] = {
    XSD + "integer": int,
    XSD + "date": dt.date.fromisoformat,
    XSD + "boolean": lambda text: text == "true",
}
"""Datatypes that have a type of Python's own."""


@dataclass(frozen=True)
class Rows(Sequence[Any]):
    """The rows of an answer, each a named tuple of Python values.

    IRIs are strings, days are `datetime.date`, numbers are `int`, and what a row
    leaves open is None.
    """

    columns: tuple[str, ...]
    rows: tuple[Any, ...]

    @overload
    def __getitem__(self, index: int) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Any]: ...

    def __getitem__(self, index: int | slice) -> Any:
        """Return one row, or a slice of them."""
        return self.rows[index]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        """Yield the rows in the order of the question."""
        return iter(self.rows)

    def csv(self) -> str:
        """Return the rows as CSV with a header, lines ended by LF."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return text.getvalue()

    def frame(self) -> pd.DataFrame:
        """Return the rows as a data frame; needs pandas to be installed."""
        import pandas as pd  # noqa: PLC0415 -- optional

        return pd.DataFrame(list(self.rows), columns=list(self.columns))


@dataclass(frozen=True)
class Thing:
    """One thing: its IRI, its labels by language, and every statement about it."""

    iri: str
    labels: dict[str, str]
    statements: tuple[answers.Statement, ...]


@cache
def _project() -> Project:
    return open_project(own_root())


@cache
def _graph() -> Graph:
    return complete(_project())


@cache
def store() -> ox.Store:
    """Return the completed graph as a pyoxigraph store with named graphs."""
    return answers.store(_graph())


def graph() -> rdflib.Graph:
    """Return the completed graph as an rdflib graph, all named graphs united."""
    from csto.validate import to_rdflib  # noqa: PLC0415 -- rdflib takes its time

    united = to_rdflib(_graph().quads)
    for prefix, namespace in sorted(_graph().prefixes.items()):
        united.bind(prefix, namespace)
    return united


def ask(name: str, on: dt.date | str | None = None, **values: str) -> Rows:
    """Return the answer to the saved question *name*.

    *on* is the day asked about; *values* set the other parameters, as IRIs or
    prefixed names. Raises `csto.errors.UsageError` for a name or parameter that
    does not exist.

    >>> import csto
    >>> [row.name for row in csto.ask("members-on-date", on="2003-01-01")][:2]
    ['Armenia', 'Belarus']
    """
    path: Path = answers.find(_project().queries("ontology/questions"), name)
    if on is not None:
        values["day"] = str(on)
    text = answers.bind(queries.read_query(path).text, values)
    found: Any = queries.answer(store(), path, text)
    columns = tuple(variable.value for variable in found.variables)
    row = namedtuple("Row", columns)  # type: ignore[misc]  # noqa: PYI024
    return Rows(columns, tuple(row(*(_native(r[c]) for c in columns)) for r in found))


def find(name: str) -> Thing:
    """Return the thing that *name* is the IRI, prefixed name or printed name of.

    Raises `csto.errors.UsageError` if nothing, or more than one thing, is called so.

    >>> import csto
    >>> csto.find("Joint headquarters").labels["en"]
    'CSTO Joint Staff'
    """
    quads = _graph().quads
    iri = answers.resolve(quads, name)
    labels = {
        q.object.language or "": q.object.value
        for q in quads
        if q.subject.value == iri and q.predicate.value == RDFS + "label"
    }
    return Thing(iri, labels, tuple(answers.statements(quads, iri)))


def _native(term: Any) -> Any:
    if term is None or isinstance(term, ox.NamedNode):
        return term and term.value
    return NATIVE.get(term.datatype.value, str)(term.value)
