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
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufdd0-\ufdef\ufff9-\uffff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)
"""Control, invisible, bidirectional and private characters (Unicode TR 36 and 55)."""

COMMENT: Final = re.compile(
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
    r'|<(?:[^\x00-\x20<>"{}|^`\\]|\\[uU][0-9A-Fa-f]+)*>|\\.|(#[^\n]*)',
    re.DOTALL,
)
"""Strings, IRIs, escapes in names, and comments of Turtle, TriG and SPARQL.

A comment is group 1. What a parser would not take for such a token must not match,
or `queries.guard` would overlook what stands in it.
"""

ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
CONTROLS: Final = {"b": "\b", "f": "\f", "r": "\r"}
"""Escapes, and those with a letter that stand for forbidden characters."""

MAX_NESTING: Final = 64
MAX_TOKEN: Final = 1024 * 1024
MAX_DIGITS: Final = 1000
"""Limits of open brackets, of a string or IRI, and of a number, in characters.

Beyond them one engine or another exhausts its stack, or Python its patience.
"""

SPOKEN_OF: Final = re.compile(r"<<|\{\||~|@[A-Za-z]+(?:-[A-Za-z0-9]+)*--")
"""What only RDF 1.2 has: statements about statements, and directions of text."""


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
        raise _forbidden(path, position(text, found.start()), found[0])
    if not unicodedata.is_normalized("NFC", text):
        raise SourceError(
            path,
            _denormal(text),
            "Is not in Unicode normal form NFC.",
            "Save the text normalised.",
        )
    return text


def _forbidden(path: Path | str, at: Position, character: str) -> SourceError:
    name = f"the character U+{ord(character):04X}"
    what = "a carriage return" if character == "\r" else name
    return SourceError(path, at, f"Holds {what}.", "Remove it.")


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
    _check_tokens(path, text)
    return Document(path, text, quads, dict(parser.prefixes))


def skeleton(path: Path | str, text: str) -> str:
    """Return *text* with strings, IRIs, escapes and comments blanked.

    Raises `SourceError` if more than `MAX_NESTING` of its brackets are open.
    """
    bare = COMMENT.sub(lambda m: " " * len(m[0]), text)
    depth = 0
    for found in re.finditer(r"([\[({])|[\])}]", bare):
        depth += 1 if found[1] else -1
        if depth > MAX_NESTING:
            raise SourceError(
                path,
                position(text, found.start()),
                f"More than {MAX_NESTING} brackets are open.",
                "Write it flatter.",
            )
    return bare


def _check_tokens(path: Path, text: str) -> None:
    """Raise `SourceError` at what is well-formed and yet refused.

    That is an IRI that is not absolute or names no page of the web, an escape
    that smuggles in what must not stand in the text itself, whatever is too long
    or too deep, and what is new in RDF 1.2.
    """
    if found := re.search(f"[0-9]{{{MAX_DIGITS}}}", text):
        message = f"A number of {MAX_DIGITS} digits or more."
        raise SourceError(path, position(text, found.start()), message, "Shorten it.")
    for token in COMMENT.finditer(text):
        at = token.start()
        if len(token[0]) > MAX_TOKEN:
            message = f"Longer than {MAX_TOKEN} characters."
            raise SourceError(path, position(text, at), message, "Shorten it.")
        if token[0][0] == "<" and not token[0].startswith(("<http://", "<https://")):
            message = f"The IRI {token[0]} does not begin with http: or https:."
            raise SourceError(path, position(text, at), message, "Write it in full.")
        if "\\" in token[0] and token[1] is None:
            meant = ESCAPE.sub(_unescaped, token[0])
            if found := FORBIDDEN.search(meant):
                raise _forbidden(path, position(text, at), found[0])
            if not unicodedata.is_normalized("NFC", meant):
                message = "Is not in Unicode normal form NFC."
                raise SourceError(
                    path, position(text, at), message, "Write the letter itself."
                )
    if found := SPOKEN_OF.search(skeleton(path, text)):
        raise SourceError(
            path,
            position(text, found.start()),
            "A statement about a statement, or a direction of text (RDF 1.2).",
            "Say it of a thing with an IRI.",
        )


def _unescaped(escape: re.Match[str]) -> str:
    code = escape[1] or escape[2]
    return chr(int(code, 16)) if code else CONTROLS.get(escape[3], " ")


def comments(text: str) -> list[tuple[int, str]]:
    """Return offset and text of each comment of a Turtle, TriG or SPARQL *text*."""
    return [(m.start(1), m[1]) for m in COMMENT.finditer(text) if m[1] is not None]
