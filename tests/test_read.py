"""Reading: what is malformed or hostile is refused where it stands, and not fetched."""

import os
import shutil
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from commands import run_all
from conftest import CASES, run_csto
from csto.errors import Exit, SourceError
from csto.layout import format_text
from csto.names import ONTOLOGY, OWL
from csto.queries import format_query
from csto.read import (
    FORBIDDEN,
    MAX_BYTES,
    MAX_DIGITS,
    MAX_TOKEN,
    Document,
    decode,
    parse_text,
    read_text,
)

FOLDER = CASES / "hostile"
PROJECT = CASES / "project"
HEAD = b"PREFIX ex: <http://example.org/>\n\n"
NOWHERE = "http://127.0.0.1:9/"

FILES = {
    "annotation.ttl": (3, 16, "A statement about a statement"),
    "backspace-by-letter.ttl": (3, 11, "Holds the character U+0008"),
    "bidirectional-by-number.ttl": (3, 11, "Holds the character U+202E"),
    "blank-node-as-predicate.ttl": (3, 6, "Syntax error: _:b is not a valid pred"),
    "braces-in-iri.ttl": (3, 11, "Syntax error: Invalid IRI code point '{'"),
    "broken-host.ttl": (3, 11, "Syntax error: Invalid character '[' in host"),
    "broken-percent.ttl": (3, 11, "Syntax error: Invalid IRI percent encoding"),
    "carriage-return-by-letter.ttl": (3, 11, "Holds a carriage return"),
    "conflict-markers.ttl": (3, 7, "Syntax error: Invalid IRI code point ' '"),
    "data-iri.ttl": (3, 11, "The IRI <data:text/html,x> does not begin with http"),
    "delete.rq": (1, 10, "Not SPARQL"),
    "denormal-by-number.ttl": (3, 11, "Is not in Unicode normal form NFC"),
    "escape-sequence-by-number.ttl": (3, 11, "Holds the character U+001B"),
    "file-iri.ttl": (3, 11, "The IRI <file:///etc/passwd> does not begin with http"),
    "file-prefix.ttl": (1, 12, "The IRI <file:///etc/> does not begin with http"),
    "from.rq": (2, 1, "FROM reaches outside"),
    "graph-in-graph.trig": (4, 8, "Syntax error: { is not a valid predicate"),
    "graph-in-turtle.ttl": (3, 6, "Syntax error: { is not a valid predicate"),
    "half-a-query.rq": (4, 1, "Not SPARQL"),
    "html.ttl": (1, 1, "Syntax error: Invalid IRI code point ' '"),
    "insert.rq": (1, 10, "Not SPARQL"),
    "javascript-iri.ttl": (3, 11, "The IRI <javascript:alert(1)> does not begin"),
    "json-ld.jsonld": (1, 1, ".jsonld is not a format of the rooms"),
    "json-ld.ttl": (1, 1, "Syntax error: { is not a valid subject"),
    "lang-string-without-language.ttl": (3, 16, "Syntax error: The datatype"),
    "language-too-long.ttl": (3, 15, "Syntax error: A subtag may be eight"),
    "language-with-digit.ttl": (3, 15, "Syntax error: A language code should"),
    "language-with-underscore.ttl": (3, 17, "Syntax error: Unexpected character"),
    "line-break-in-iri.ttl": (3, 11, "Syntax error: Invalid IRI code point ' '"),
    "literal-as-graph.trig": (3, 1, 'Syntax error: "g" is not a valid subject'),
    "literal-as-subject.ttl": (3, 1, 'Syntax error: "a" is not a valid subject'),
    "load.rq": (1, 1, "LOAD reaches outside"),
    "missing-dot.ttl": (4, 1, "Syntax error: Unexpected end"),
    "null-by-number.ttl": (3, 11, "Holds the character U+0000"),
    "quoted-statement.ttl": (3, 11, "A statement about a statement"),
    "rdf-xml.rdf": (1, 1, ".rdf is not a format of the rooms"),
    "rdf-xml.ttl": (1, 1, "Syntax error: Invalid IRI code point ' '"),
    "relative-iri-under-base.ttl": (3, 1, "The IRI <a> does not begin with http"),
    "relative-iri.rq": (2, 11, "Not SPARQL"),
    "relative-iri.ttl": (3, 11, "Syntax error: No scheme found"),
    "relative-prefix.ttl": (1, 12, "Syntax error: No scheme found"),
    "rule-of-n3.ttl": (3, 1, "Syntax error: { is not a valid subject"),
    "service-without-space.rq": (2, 11, "SERVICE reaches outside"),
    "service.rq": (2, 3, "SERVICE reaches outside"),
    "space-by-number-in-iri.ttl": (3, 11, "Syntax error: Invalid IRI code point"),
    "space-in-iri.ttl": (3, 11, "Syntax error: Invalid IRI code point ' '"),
    "surrogate-by-number.ttl": (3, 12, "Syntax error: The escape sequence '\\uD8"),
    "surrogate-pair-by-number.ttl": (3, 12, "Syntax error: The escape sequence"),
    "text-with-direction.ttl": (3, 14, "A statement about a statement, or a dir"),
    "turtle.rq": (3, 10, "Not SPARQL"),
    "two-queries.rq": (2, 7, "Not SPARQL"),
    "unbound-aggregate.rq": (4, 1, "Not SPARQL"),
    "unclosed-graph.trig": (5, 1, "Syntax error: Unexpected end"),
    "unclosed-group.rq": (3, 1, "Not SPARQL"),
    "unclosed-iri.ttl": (3, 11, "Syntax error: Unexpected end of file"),
    "unclosed-list.ttl": (3, 17, "Syntax error: . is not a valid RDF object"),
    "unclosed-long-string.ttl": (3, 11, "Syntax error: Unexpected end of file"),
    "unclosed-string.ttl": (3, 11, "Syntax error: Unexpected end of file"),
    "unknown-prefix.rq": (2, 11, "Not SPARQL"),
    "unknown-prefix.ttl": (3, 11, "Syntax error: The prefix ey: has not been"),
}
"""Cases that lie in files: where each is refused, and how the message begins."""


def text(content):
    """Return a Turtle file with *content* as a string in its third line."""
    return HEAD + b'ex:a ex:b "' + content + b'" .\n'


def nested(opening, closing, depth):
    """Return a Turtle file with a value inside of *depth* brackets."""
    return HEAD + b"ex:a ex:b " + opening * depth + b"1" + closing * depth + b" .\n"


BYTES = {
    "byte-order-mark.ttl": (b"\xef\xbb\xbf" + HEAD, 1, 1, "Begins with a byte order"),
    "byte-order-mark.rq": (b"\xef\xbb\xbfASK {}\n", 1, 1, "Begins with a byte order"),
    "utf-16.ttl": (HEAD.decode().encode("utf-16"), 1, 1, "Byte 0 is not UTF-8"),
    "utf-16-without-mark.ttl": (b"#\0 \0\n\0", 1, 2, "Holds the character U+0000"),
    "latin-1.ttl": (text(b"na\xefve"), 3, 14, "Byte 47 is not UTF-8"),
    "latin-1.rq": (b"# na\xefve\n", 1, 5, "Byte 4 is not UTF-8"),
    "overlong.ttl": (text(b"\xc0\xaf"), 3, 12, "Byte 45 is not UTF-8"),
    "surrogate-bytes.ttl": (text(b"\xed\xa0\x80"), 3, 12, "Byte 45 is not UTF-8"),
    "truncated-letter.ttl": (text(b"\xd0"), 3, 12, "Byte 45 is not UTF-8"),
    "null.ttl": (text(b"\0"), 3, 12, "Holds the character U+0000"),
    "escape-sequence.ttl": (text(b"\x1b[31m"), 3, 12, "Holds the character U+001B"),
    "carriage-return.ttl": (HEAD.replace(b"\n", b"\r\n"), 1, 33, "Holds a carriage"),
    "lone-carriage-return.rq": (b"ASK\r{}\n", 1, 4, "Holds a carriage return"),
    "bidirectional.ttl": (text("\u202e".encode()), 3, 12, "Holds the character U+202E"),
    "bidirectional-in-comment.ttl": (
        "# \u2066".encode() + HEAD,
        1,
        3,
        "Holds the character U+2066",
    ),
    "zero-width.ttl": (text("a\u200bb".encode()), 3, 13, "Holds the character U+200B"),
    "soft-hyphen.ttl": (text("a\u00adb".encode()), 3, 13, "Holds the character U+00AD"),
    "line-separator.ttl": (
        text("\u2028".encode()),
        3,
        12,
        "Holds the character U+2028",
    ),
    "private-use.ttl": (text("\ue000".encode()), 3, 12, "Holds the character U+E000"),
    "tag-letter.ttl": (text("\U000e0041".encode()), 3, 12, "Holds the character U+E0"),
    "no-character.ttl": (text("\ufdd0".encode()), 3, 12, "Holds the character U+FDD0"),
    "denormal.ttl": (text("e\u0301".encode()), 3, 1, "Is not in Unicode normal form"),
    "denormal.rq": ("# e\u0301\n".encode(), 1, 1, "Is not in Unicode normal form"),
    "deep-nodes.ttl": (nested(b"[ex:b ", b"]", 9999), 3, 395, "More than 64 brackets"),
    "deep-lists.ttl": (nested(b"(", b")", 9999), 3, 75, "More than 64 brackets"),
    "deep-groups.rq": (b"ASK " + b"{" * 5000, 1, 69, "More than 64 brackets"),
    "deep-sums.rq": (b"ASK {FILTER(1" + b"+(1" * 70, 1, 201, "More than 64 brackets"),
    "many-negations.rq": (b"ASK {FILTER(" + b"!" * 15000 + b"1)}", 1, 1, "More than 2"),
    "many-groupings.rq": (
        b"ASK {} GROUP BY " + b"(1)" * 5000,
        1,
        1,
        "More than 2000 brackets, operators and other signs",
    ),
    "long-query.rq": (b"ASK {}" + b" " * 16384, 1, 1, "Longer than 16384 characters"),
    "long-string.ttl": (text(b"x" * MAX_TOKEN), 3, 11, "Longer than 1048576 char"),
    "long-iri.ttl": (
        HEAD + b"ex:a ex:b <http://example.org/" + b"x" * MAX_TOKEN + b"> .\n",
        3,
        11,
        "Longer than 1048576 characters",
    ),
    "long-number.ttl": (
        HEAD + b"ex:a ex:b " + b"1" * MAX_DIGITS + b" .\n",
        3,
        11,
        "A number of 1000 digits",
    ),
    "archive.ttl.gz": (b"\x1f\x8b\x08\0", 1, 2, "Byte 1 is not UTF-8"),
    "no-suffix": (HEAD, 1, 1, "No suffix is not a format of the rooms"),
    "too-large.ttl": (b" " * (MAX_BYTES + 1), 1, 1, "Larger than 16777216 bytes"),
}
"""Cases that no text file can hold: content, place and begin of the message."""

REFUSED = FILES | {name: tuple(place) for name, (_, *place) in BYTES.items()}
ROOMS = {".ttl": "data", ".trig": "data/claims", ".rq": "ontology/rules"}
PAIRS = [
    (verb, name)
    for name in REFUSED
    for verb in ("format", "query", "check", "build")
    if verb == "format"
    or (verb == "query" and name.endswith(".rq"))
    or (verb in {"check", "build"} and Path(name).suffix in ROOMS)
]
"""Verbs with the cases that can be given to them."""

ODD = {
    "missing.ttl": "No such file or directory",
    "folder.ttl": "Not a regular file",
    "pipe.ttl": "Not a regular file",
    "link-to-pipe.ttl": "Not a regular file",
    "loop.ttl": "Too many levels of symbolic links",
    "x" * 300 + ".ttl": "File name too long",
}
"""Paths that lead to no regular file, and what the message says."""

ADDRESSES = ["file:///etc/passwd.ttl", "javascript:alert(1).ttl", "data:,.ttl"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, listener):
    """All cases as files, with the listener as the only host that they name."""
    place = tmp_path_factory.mktemp("hostile")
    for name in FILES:
        content = (FOLDER / name).read_text(encoding="utf-8")
        (place / name).write_text(content.replace(NOWHERE, listener[0]))
    for name, (content, *_) in BYTES.items():
        (place / name).write_bytes(content)
    (place / "folder.ttl").mkdir()
    (place / "loop.ttl").symlink_to("loop.ttl")
    (place / "link-to-pipe.ttl").symlink_to("pipe.ttl")
    os.mkfifo(place / "pipe.ttl")
    return place


@pytest.fixture(scope="module")
def runs(folder, listener, tmp_path_factory):
    """What the command does with each case, by verb and name."""
    commands = {}
    for verb, name in PAIRS:
        if verb == "format":
            commands[verb, name] = (verb, folder / name)
        elif verb == "query":
            commands[verb, name] = (verb, folder / name, "--root", PROJECT)
        else:
            root = tmp_path_factory.mktemp("root")
            shutil.copytree(PROJECT, root, dirs_exist_ok=True)
            (root / ROOMS[Path(name).suffix] / name).symlink_to(folder / name)
            commands[verb, name] = (verb, "--root", root)
    root = tmp_path_factory.mktemp("importing")
    shutil.copytree(PROJECT, root, dirs_exist_ok=True)
    for room in ("ontology", "data", "shapes"):
        imports = f"<{ONTOLOGY}> <{OWL}imports> <{listener[0]}{room}> ."
        (root / room / "imports.ttl").write_text(imports)
    for verb in ("check", "build"):
        commands[verb, "imports"] = (verb, "--root", root)
    for name in ODD:
        commands["format", name] = ("format", folder / name)
    for name in (*ADDRESSES, f"{listener[0]}a.ttl"):
        commands["format", name] = ("format", name)
    commands["query", "address"] = ("query", f"{listener[0]}a.rq", "--root", PROJECT)
    return dict(zip(commands, run_all(commands.values()), strict=True))


def test_every_file_says_where_it_is_refused():
    assert {path.name for path in FOLDER.iterdir()} == set(FILES)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_the_function(name, folder):
    path = folder / name
    line, column, message = REFUSED[name]
    lay_out = format_query if path.suffix == ".rq" else format_text

    with pytest.raises(SourceError) as refused:
        lay_out(path, read_text(path))

    assert str(refused.value).startswith(f"{path}:{line}:{column}: {message}")
    assert refused.value.remedy


@pytest.mark.parametrize(("verb", "name"), PAIRS, ids=lambda part: part)
def test_it_is_refused_by_the_command(verb, name, runs):
    run = runs[verb, name]
    line, column, message = REFUSED[name]

    assert run.code == Exit.UNREADABLE, run
    assert run.out == ""
    assert f"/{name}:{line}:{column}: {message}" in run.err
    assert run.err.count("\n") == 1
    assert run.seconds < 10


@pytest.mark.parametrize("name", ODD, ids=lambda name: name[:20])
def test_what_is_no_regular_file_is_refused_unopened(name, runs, folder):
    run = runs["format", name]

    with pytest.raises(SourceError, match=ODD[name]):
        read_text(folder / name)
    assert run.code == Exit.UNREADABLE, run
    assert f"/{name}:1:1: " in run.err
    assert ODD[name] in run.err


def test_an_address_is_no_path(runs):
    given = [runs[key] for key in runs if ":" in key[1] or key[1] == "address"]

    assert len(given) == len(ADDRESSES) + 2
    assert all(run.code == Exit.UNREADABLE for run in given), given
    assert all("No such file or directory" in run.err for run in given), given


@pytest.mark.parametrize("verb", ["check", "build"])
def test_imports_stop_nothing(verb, runs):
    assert runs[verb, "imports"].code in {Exit.CLEAN, Exit.FINDINGS}


def test_nothing_was_fetched(runs, listener):
    address, callers = listener
    assert len(runs) > len(PAIRS)
    called = len(callers)

    with pytest.raises(OSError, match=r"Connection|HTTP"):
        list(Store().query(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"))

    assert (called, len(callers)) == (0, 1)


def test_a_name_of_other_bytes_is_printed_escaped(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff\x1b.ttl")
    path.write_bytes(b"<a>")

    run = run_csto("format", path)

    assert run.returncode == Exit.UNREADABLE
    assert r"\udcff\x1b.ttl:1:1: Syntax error" in run.stderr


@given(st.characters(exclude_categories=["Cs", "Cn"]))
def test_a_character_is_refused_if_and_only_if_no_reader_sees_it(character):
    unseen = unicodedata.category(character) in {"Cc", "Cf", "Co", "Zl", "Zp"}

    assert bool(FORBIDDEN.search(character)) == (unseen and character not in "\t\n")


def outcome(read, *arguments):
    """Return what *read* returns, or how it refuses."""
    try:
        return read(*arguments)
    except SourceError as refused:
        return refused


@given(st.binary(max_size=40))
def test_any_bytes_are_read_as_they_are_or_refused(data):
    found = outcome(decode, "bytes", data)

    assert isinstance(found, SourceError) or found.encode() == data


@given(st.data())
def test_a_file_of_ours_with_some_bytes_changed_is_read_or_refused(data):
    whole = (PROJECT / "data/claims/letter.trig").read_bytes()
    begin = data.draw(st.integers(0, len(whole)))
    end = begin + data.draw(st.integers(0, 9))
    changed = whole[:begin] + data.draw(st.binary(max_size=2)) + whole[end:]
    found = outcome(decode, "letter.trig", changed)
    if isinstance(found, str):
        found = outcome(parse_text, Path("letter.trig"), found)

    assert isinstance(found, Document) or found.position.line >= 1
