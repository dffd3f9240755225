"""This module reads, guards and lays out SPARQL queries and their headers."""

from __future__ import annotations

import re
import subprocess
import sysconfig
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import (
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from csto.errors import CstoError, Position, SourceError, UsageError
from csto.layout import header
from csto.read import COMMENT, position, read_text

MAX_LENGTH: Final = 16 * 1024
MAX_NESTING: Final = 64
"""Limits of a query in characters and open brackets; deeper ones kill engines."""

OUTSIDE: Final = re.compile(
    r"(?<![\w:?$.-])(SERVICE|FROM|LOAD)(?![\w:-])", re.IGNORECASE
)
"""Keywords with which a query reaches beyond the store."""

Answer = QuerySolutions | QueryTriples | QueryBoolean


@dataclass(frozen=True)
class Query:
    """One saved query: its name, what it asks, what counts, and its variables."""

    path: Path
    title: str
    meaning: str
    variables: dict[str, str]
    text: str

    @property
    def name(self) -> str:
        """The name under which the query is asked for."""
        return self.path.stem


def read_query(path: Path) -> Query:
    """Return the saved query *path* with the parts of its header.

    The header is a title, an empty line, one or more lines of meaning, and a
    line `?variable  meaning` per variable.
    """
    text = read_text(path)
    lines = [line[1:].strip() for line in header(text).splitlines() if line]
    variables = dict(
        re.split(r"\s{2,}", line[1:], maxsplit=1)
        for line in lines
        if re.match(r"\?\w+\s{2,}\S", line)
    )
    prose = [line for line in lines[1:] if line and not line.startswith("?")]
    title = lines[0] if lines else ""
    return Query(path, title, " ".join(prose), variables, text)


def guard(path: Path | str, text: str) -> None:
    """Raise `SourceError` if the query *text* is too deep or reaches outside."""
    if len(text) > MAX_LENGTH:
        raise SourceError(
            path,
            Position(1, 1),
            f"Longer than {MAX_LENGTH} characters.",
            "Ask a shorter question.",
        )
    bare = COMMENT.sub(lambda m: " " * len(m[0]), text)
    if found := OUTSIDE.search(bare):
        raise SourceError(
            path,
            position(text, found.start()),
            f"{found[1].upper()} reaches outside of the graph and is not answered.",
            "Ask the graph alone.",
        )
    depth = 0
    for offset, character in enumerate(bare):
        depth += (character in "{([") - (character in "})]")
        if depth > MAX_NESTING:
            raise SourceError(
                path,
                position(text, offset),
                f"More than {MAX_NESTING} brackets are open.",
                "Ask a flatter question.",
            )


def answer(store: Store, path: Path | str, text: str) -> Answer:
    """Return what *store* answers to the query *text*.

    The default graph is the union of all graphs. Raises `SourceError` on a
    query that is malformed, or that `guard` refuses.
    """
    guard(path, text)
    try:
        return store.query(text, use_default_graph_as_union=True)
    except SyntaxError as error:
        at = Position(error.lineno or 1, error.offset or 1)
        said = str(error.msg).replace("\n", " ")
        raise SourceError(path, at, f"Not SPARQL: {said}.", "Mend it.") from None
    except (ValueError, RuntimeError, OSError) as error:
        raise SourceError(path, Position(1, 1), f"Not answered: {error}.") from None


def format_query(path: Path, text: str) -> str:
    """Return the query *text* laid out by qlue-ls, with its header kept."""
    answer(Store(), path, text)
    head = header(text)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "query.rq"
        copy.write_text(text[len(head.rstrip("\n")) :].lstrip("\n"), encoding="utf-8")
        try:
            subprocess.run(  # noqa: S603 -- our own dependency, fixed arguments
                [_formatter(), "format", "--writeback", str(copy)],
                check=True,
                capture_output=True,
                timeout=30,
            )
        except (subprocess.SubprocessError, OSError) as error:
            message = f"{path}: the formatter failed: {error}."
            raise CstoError(message, "Install the package again.") from None
        body = copy.read_text(encoding="utf-8").strip("\n")
    body = re.sub(r"\n{2,}", "\n", body)
    body = re.sub(r"(?m)^(PREFIX .*\n)(?!PREFIX )", r"\1\n", body)
    return f"{head}{body}\n"


def _formatter() -> str:
    path = Path(sysconfig.get_path("scripts")) / "qlue-ls"
    if not path.exists():
        raise UsageError("qlue-ls is not installed.", "Install csto with its extras.")
    return str(path)
