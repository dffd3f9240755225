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
    DefaultGraph,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from csto.errors import CstoError, Position, SourceError, UsageError
from csto.layout import header
from csto.read import COMMENT, position, read_text, skeleton

MAX_LENGTH: Final = 16 * 1024
MAX_SIGNS: Final = 2000
"""Limits of a query in characters and signs; larger ones kill the engine.

Signs are brackets, operators and punctuation.
"""

NAME: Final = re.compile(r"[?$]\w+|:[\w:%][\w:%.-]*")
OUTSIDE: Final = re.compile(r"SERVICE|\b(?:FROM|LOAD)", re.IGNORECASE)
"""Variables and local names; keywords with which a query reaches beyond the store.

The engine wants no space around keywords (`1SERVICE<…>`), so neither does this.
"""

GROUPS: Final = (
    "time",
    "states",
    "bodies",
    "posts",
    "acts",
    "events",
    "forces",
    "operations",
    "mechanisms",
    "aims",
    "cooperation",
    "figures",
    "places",
    "people",
    "media",
    "evidence",
    "identity",
)
"""What questions are about; the first keyword of each is one of these."""

KEYWORDS: Final = "Keywords:"
VALUES: Final = re.compile(r"VALUES\s+\?(\w+)\s*\{\s*([^{}]*?)\s*\}\s*")
TOP: Final = re.compile(rf"WHERE\s*\{{\s*((?:{VALUES.pattern})*)")
"""A parameter with its default, and all of them at the top of a query."""

PLACED: Final = re.compile(r"(?:error at ([0-9]+):([0-9]+): )?(.*)", re.DOTALL)
"""A message of the engine, and the line and column that it begins with."""

Answer = QuerySolutions | QueryTriples | QueryBoolean


@dataclass(frozen=True)
class Query:
    """One saved query: its name, what it asks, what counts, and its variables."""

    path: Path
    title: str
    meaning: str
    keywords: tuple[str, ...]
    variables: dict[str, str]
    text: str

    @property
    def name(self) -> str:
        """The name under which the query is asked for."""
        return self.path.stem

    @property
    def body(self) -> str:
        """The SPARQL alone, without the header."""
        return self.text[len(header(self.text).rstrip("\n")) :].lstrip("\n")


def read_query(path: Path) -> Query:
    """Return the saved query *path* with the parts of its header.

    The header is a title, an empty line, one or more lines of meaning, a line
    `Keywords: group, more` for questions, and a line `?variable  meaning` per
    variable.
    """
    text = read_text(path)
    lines = [line[1:].strip() for line in header(text).splitlines() if line]
    variables = dict(
        re.split(r"\s{2,}", line[1:], maxsplit=1)
        for line in lines
        if re.match(r"\?\w+\s{2,}\S", line)
    )
    listed = [
        line.removeprefix(KEYWORDS) for line in lines if line.startswith(KEYWORDS)
    ]
    keywords = tuple(word.strip() for line in listed for word in line.split(","))
    rest = [line for line in lines[1:] if line and not line.startswith("?")]
    prose = [line for line in rest if not line.startswith(KEYWORDS)]
    title = lines[0] if lines else ""
    return Query(path, title, " ".join(prose), keywords, variables, text)


def parameters(text: str) -> dict[str, str]:
    """Return the parameters of the query *text*, each with its default.

    They are the `VALUES ?name { default }` rows at the top.
    """
    top = TOP.search(text)
    return dict(VALUES.findall(top[1])) if top else {}


def guard(path: Path | str, text: str) -> None:
    """Raise `SourceError` if the query *text* is too large or reaches outside."""
    start = Position(1, 1)
    if len(text) > MAX_LENGTH:
        message = f"Longer than {MAX_LENGTH} characters."
        raise SourceError(path, start, message, "Ask a shorter question.")
    bare = skeleton(path, text)
    if len(re.findall(r"[^\w\s?$:]", bare)) > MAX_SIGNS:
        message = f"More than {MAX_SIGNS} brackets, operators and other signs."
        raise SourceError(path, start, message, "Ask a shorter question.")
    if escape := re.search(r"\\[uU]", text):
        at = position(text, escape.start())
        raise SourceError(path, at, "A character by number.", "Write it itself.")
    if found := OUTSIDE.search(NAME.sub(lambda m: " " * len(m[0]), bare)):
        message = f"{found[0].upper()} reaches outside of the graph."
        at = position(text, found.start())
        raise SourceError(path, at, message, "Ask the graph alone.")


def answer(store: Store, path: Path | str, text: str) -> Answer:
    """Return what *store* answers to the query *text*.

    Where *store* has no default graph, the union of all graphs takes its place, in
    which a statement of two graphs counts twice. Raises `SourceError` on a query
    that is malformed, or that `guard` refuses.
    """
    guard(path, text)
    default = store.quads_for_pattern(None, None, None, DefaultGraph())
    try:
        return store.query(text, use_default_graph_as_union=next(default, None) is None)
    except SyntaxError as error:
        line, column, said = PLACED.fullmatch(str(error.msg)).groups()
        at = Position(int(line or 1), int(column or 1))
        message = f"Not SPARQL: {' '.join(said.split())}."
        raise SourceError(path, at, message, "Mend it.") from None
    except (ValueError, RuntimeError, OSError) as error:
        raise SourceError(path, Position(1, 1), f"Not answered: {error}.") from None


def format_query(path: Path, text: str) -> str:
    """Return the query *text* laid out by qlue-ls, with its header kept.

    Raises `SourceError` on what is no query, and on what qlue-ls would garble, such
    as a string of several lines.
    """
    answer(Store(), path, text)
    text = text.lstrip("\n")
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
    laid_out = f"{head}{body}\n"
    if _tokens(laid_out) != _tokens(text):
        message = "The formatter would change what it says."
        remedy = "Write each string in one line."
        raise SourceError(path, Position(1, 1), message, remedy)
    return laid_out


def _tokens(text: str) -> tuple[list[str], str]:
    """Return strings, IRIs and comments of *text*, and the rest without space."""
    kept = [token[0].rstrip() for token in COMMENT.finditer(text)]
    return kept, re.sub(r"\s", "", COMMENT.sub("", text)).upper()


def _formatter() -> str:
    path = Path(sysconfig.get_path("scripts")) / "qlue-ls"
    if not path.exists():
        raise UsageError("qlue-ls is not installed.", "Install csto with its extras.")
    return str(path)
