"""This module reads our text files strictly, without network and without guessing."""

from __future__ import annotations

import re
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse

from csto.errors import Position, SourceError

MAX_BYTES: Final = 16 * 1024 * 1024
"""Largest file that is read, in bytes: a hundred times the largest we have."""

FORMATS: Final = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}
"""What a file's suffix says of its content; nothing else is parsed."""

FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufffe\uffff\ue000-\uf8ff]"
)
"""Control, invisible, bidirectional and private characters (Unicode TR 36 and 55)."""

COMMENT: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|(#[^\n]*)',
    re.DOTALL,
)
"""Strings, IRIs and comments of Turtle, TriG and SPARQL; a comment is group 1."""


@dataclass(frozen=True, eq=False)
class Document:
    """One parsed file: its statements, its prefixes and its text."""

    path: Path
    text: str
    quads: tuple[Quad, ...]
    prefixes: dict[str, str]


def position(text: str, offset: int) -> Position:
    """Return the line and column of the character at *offset* of *text*."""
    before = text[:offset]
    return Position(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def read_text(path: Path) -> str:
    """Return the text of *path*.

    Raises `SourceError` unless it is a regular file of at most `MAX_BYTES` in
    UTF-8 without byte order mark, normalised (NFC), with LF line ends and no
    forbidden character.
    """
    start = Position(1, 1)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(path, start, "Not a regular file.", "Name a file.")
        if status.st_size > MAX_BYTES:
            raise SourceError(
                path, start, f"Larger than {MAX_BYTES} bytes.", "Split the file."
            )
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(
            path, start, f"Cannot be read: {error.strerror}.", "Check the path."
        ) from None
    return decode(path, data)


def decode(path: Path | str, data: bytes) -> str:
    """Return *data* as text; *path* only names it in a `SourceError`."""
    if data.startswith(b"\xef\xbb\xbf"):
        raise SourceError(
            path, Position(1, 1), "Begins with a byte order mark.", "Remove it."
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise SourceError(
            path,
            Position(line, column),
            f"Byte {error.start} is not UTF-8.",
            "Save the file as UTF-8.",
        ) from None
    if found := FORBIDDEN.search(text):
        name = f"U+{ord(found[0]):04X}"
        what = "a carriage return" if found[0] == "\r" else f"the character {name}"
        raise SourceError(
            path, position(text, found.start()), f"Holds {what}.", "Remove it."
        )
    if not unicodedata.is_normalized("NFC", text):
        raise SourceError(
            path,
            _denormal(text),
            "Is not in Unicode normal form NFC.",
            "Save the text normalised.",
        )
    return text


def _denormal(text: str) -> Position:
    for number, line in enumerate(text.split("\n"), 1):
        if not unicodedata.is_normalized("NFC", line):
            return Position(number, 1)
    return Position(1, 1)


def read(path: Path) -> Document:
    """Return the statements of the Turtle or TriG file *path*."""
    return parse_text(path, read_text(path))


def parse_text(path: Path, text: str) -> Document:
    """Return the statements of *text*, written in the format of *path*'s suffix."""
    form = FORMATS.get(path.suffix)
    if form is None:
        raise SourceError(
            path,
            Position(1, 1),
            f"{path.suffix or 'No suffix'} is not a format of the rooms.",
            "Write Turtle (.ttl) or TriG (.trig).",
        )
    parser = parse(text.encode(), format=form)
    try:
        quads = tuple(parser)
    except SyntaxError as error:
        at = Position(error.lineno or 1, error.offset or 1)
        said = error.msg.split(": ", 1)[-1].rstrip(".").replace("\n", " ")
        raise SourceError(path, at, f"Syntax error: {said}.", "Mend it.") from None
    except (MemoryError, RecursionError, ValueError) as error:
        raise SourceError(
            path, Position(1, 1), f"Cannot be parsed: {error}.", "Mend it."
        ) from None
    return Document(path, text, quads, dict(parser.prefixes))


def comments(text: str) -> list[tuple[int, str]]:
    """Return offset and text of each comment of a Turtle, TriG or SPARQL *text*."""
    return [(m.start(1), m[1]) for m in COMMENT.finditer(text) if m[1] is not None]
