"""This module opens files of anybody's, and refuses what attacks or is no RDF text.

A file is opened here and nowhere else; parsers get its bytes, never its name.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from csto.errors import Position, SourceError, UsageError

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_DEPTH: Final = 100
MAX_DIGITS: Final = 1000
"""Limits of a file in bytes, of its nesting, and of a number in digits."""

FORMS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
SUFFIXES: Final = {
    ".ttl": "turtle",
    ".trig": "trig",
    ".nt": "ntriples",
    ".nq": "nquads",
    ".rdf": "rdfxml",
    ".owl": "rdfxml",
    ".xml": "rdfxml",
    ".jsonld": "jsonld",
    ".json": "jsonld",
}
"""What a suffix says of a file's content; `--input` says it for all others."""

MARKS: Final = {
    b"\xef\xbb\xbf": "Begins with a byte order mark.",
    b"\xff\xfe": "Is not UTF-8 but UTF-16.",
    b"\xfe\xff": "Is not UTF-8 but UTF-16.",
    b"\x1f\x8b": "Is compressed.",
    b"PK\x03\x04": "Is an archive.",
    b"BZh": "Is compressed.",
    b"\xfd7zXZ": "Is compressed.",
    b"(\xb5/\xfd": "Is compressed.",
}
"""How files begin that are no text, or not the text that a parser expects."""

ENTITY: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
LONG_NUMBER: Final = re.compile(rb"[0-9]{%d}" % MAX_DIGITS)
JSON_SIGN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?|([\[{])|[\]}]', re.DOTALL)
XML_TAG: Final = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>"
    rb"|<(/)?[^\s<>/\"'=]+(?:[^<>\"'/]|/(?!>)|\"[^\"]*\"|'[^']*')*(/)?>",
    re.DOTALL,
)


@dataclass(frozen=True)
class Foreign:
    """One file of somebody's: its name, its bytes, and the form they are in."""

    name: str
    data: bytes
    form: str


def open_all(names: Iterable[str], form: str = "") -> list[Foreign]:
    """Return the files *names*, `-` for standard input; *form* overrules suffixes.

    Raises `SourceError` for what cannot be read and `UsageError` for what names
    no file of a known form.
    """
    return [_open(name, form) for name in names]


def check_base(base: str) -> None:
    """Raise `UsageError` if *base* is neither empty nor an IRI."""
    try:
        ox.NamedNode(base or "urn:none")
    except ValueError:
        raise UsageError(f"{base} is no IRI.", "Write it as http://…") from None


def _open(name: str, form: str) -> Foreign:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", name):
        raise UsageError(f"{name} is no file.", "Fetch it first, then name the file.")
    kind = form or SUFFIXES.get(Path(name).suffix.lower(), "")
    if kind not in FORMS:
        remedy = f"Say which with --input: {', '.join(FORMS)}."
        raise UsageError(f"{name} does not say which form of RDF it is in.", remedy)
    data = sys.stdin.buffer.read(MAX_BYTES + 1) if name == "-" else _bytes(name)
    shown = "<stdin>" if name == "-" else name
    scan(shown, data, kind)
    return Foreign(shown, data, kind)


def _bytes(name: str) -> bytes:
    try:
        # Not blocking: a pipe without a writer keeps nobody waiting.
        handle = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            is_regular = stat.S_ISREG(os.fstat(handle).st_mode)
            data = file.read(MAX_BYTES + 1) if is_regular else b""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "that is no name of a file"
        raise SourceError(
            name, Position(), f"Cannot be read: {reason}.", "Check the path."
        ) from None
    if not is_regular:
        raise SourceError(name, Position(), "Not a regular file.", "Name a file.")
    return data


def scan(name: str, data: bytes, form: str) -> None:
    """Raise `SourceError` at bytes that no honest RDF file has."""
    if len(data) > MAX_BYTES:
        message = f"Larger than {MAX_BYTES} bytes."
        raise SourceError(name, Position(), message, "Split the file.")
    for mark, message in MARKS.items():
        if data.startswith(mark):
            raise SourceError(name, Position(1, 1), message, "Save it as plain UTF-8.")
    if b"\0" in data[:4]:
        message = "Is not UTF-8 but UTF-16 or UTF-32."
        raise SourceError(name, Position(1, 1), message, "Save it as plain UTF-8.")
    if form == "rdfxml" and (entity := ENTITY.search(data)):
        message = "Declares entities, which can fill the memory or read other files."
        raise _at(name, data, entity.start(), message, "Write it without a DOCTYPE.")


def check_depth(file: Foreign) -> None:
    """Raise `SourceError` if *file* is nested so deep that a parser would drown.

    Costs time in proportion to the file, so it is for the child process.
    """
    depth = 0
    if long := LONG_NUMBER.search(file.data):
        message = f"A number of {MAX_DIGITS} digits or more."
        raise _at(file.name, file.data, long.start(), message, "Shorten it.")
    pattern = {"jsonld": JSON_SIGN, "rdfxml": XML_TAG}.get(file.form)
    for found in pattern.finditer(file.data) if pattern else ():
        if file.form == "jsonld":
            depth += 1 if found[1] else -(found[0] in b"]}")
        elif found[0][:2] not in (b"<!", b"<?"):
            depth += 0 if found[2] else -1 if found[1] else 1
        if depth > MAX_DEPTH:
            message = f"More than {MAX_DEPTH} levels are open."
            raise _at(file.name, file.data, found.start(), message, "Write it flatter.")


def _at(name: str, data: bytes, offset: int, message: str, remedy: str) -> SourceError:
    line = data.count(b"\n", 0, offset) + 1
    begin = data.rfind(b"\n", 0, offset) + 1
    column = len(data[begin:offset].decode("utf-8", "replace")) + 1
    return SourceError(name, Position(line, column), message, remedy)
