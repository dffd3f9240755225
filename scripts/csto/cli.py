"""This module is the command: it reads arguments, prints, and exits."""

from __future__ import annotations

import signal
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import QueryBoolean, QuerySolutions
from rich.console import Console
from rich.table import Table

from csto import ask, layout, queries
from csto.errors import CstoError, Exit, SourceError, UsageError
from csto.finding import Finding
from csto.publish import StoreError, publish
from csto.read import MAX_BYTES, decode, read_text
from csto.release import complete, files
from csto.rooms import QUERY_ROOMS, Project, find_root, open_project, paths

HELP = """The CSTO as linked data: build, check and ask it.

Exit codes: 0 clean, 1 findings, 2 usage, 3 unreadable input, 4 store or
disk, 70 a bug of ours. Results go to standard output, all else to standard error.
"""

app = typer.Typer(help=HELP, no_args_is_help=True, pretty_exceptions_enable=False)
err = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)

Root = Annotated[
    Path, typer.Option(help="A checkout, or a folder in it.", show_default="here")
]
HERE = Path()


class Results(StrEnum):
    """What an answer looks like."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    xml = "xml"
    turtle = "turtle"


@app.command()
def build(
    root: Root = HERE,
    out: Annotated[Path, typer.Option(help="Where the release goes.")] = Path("dist"),
) -> None:
    """Write the release: every form of the graph, or nothing at all.

    The folder given by --out is a link that is renamed into place at the end.

    Example: csto build
    """
    from csto.check import gate  # noqa: PLC0415 -- rdflib, which only checks need

    with _steps() as tell:
        tell("read")
        project = _project(root)
        tell("infer")
        graph = complete(project)
        tell("validate")
        _stop_at(list(gate(project, graph)))
        tell("serialise")
        made = files(project, graph)
        tell("write")
        publish(project.root / out, made)
    for name, content in made.items():
        typer.echo(f"{out / name}  {len(content):,} bytes")
    claims = sum(1 for _ in project.claims())
    triples = len({q.triple for q in graph.quads})
    typer.echo(f"{triples:,} statements, {claims:,} claims, version {graph.version}")


@app.command("format")
def format_files(
    path: Annotated[
        list[Path] | None, typer.Argument(help="Files; else all rooms.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Change nothing; exit 1 if one would change."),
    ] = False,
    root: Root = HERE,
) -> None:
    """Lay out Turtle, TriG and SPARQL files by machine.

    Example: csto format --check
    """
    changed = []
    for file in path or _room_files(root):
        text = read_text(file)
        query = file.suffix == ".rq"
        wanted = (queries.format_query if query else layout.format_text)(file, text)
        if wanted != text:
            changed.append(file)
            if not check:
                _replace(file, wanted)
            err.print(_visible(f"{file}: {'not laid out' if check else 'laid out'}"))
    if check and changed:
        raise typer.Exit(Exit.FINDINGS)


@app.command("check")
def check_rooms(
    root: Root = HERE,
    documents: Annotated[
        Path | None, typer.Option(help="Folder with the source documents.")
    ] = None,
) -> None:
    """Run every check on the rooms: layout, terms, coverage, shapes, logic.

    Example: csto check --documents ../shared/sources
    """
    from csto.check import check  # noqa: PLC0415 -- rdflib, which only checks need

    if documents is not None and not documents.is_dir():
        raise UsageError(f"{documents} is no folder.", "Name one with the documents.")
    with _steps() as tell:
        tell("read")
        project = _project(root)
        found = list(dict.fromkeys(check(project, tell, documents)))
    _stop_at(found)
    err.print(f"No violations, {len(found)} other findings")


@app.command()
def query(
    name: Annotated[
        str | None,
        typer.Argument(help="A saved question, a .rq file, or - for standard input."),
    ] = None,
    on: Annotated[
        str | None, typer.Option(help="The day asked about, as 2008-01-31.")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A parameter, as name=value.")
    ] = None,
    results: Annotated[
        Results, typer.Option(help="Form of the answer.")
    ] = Results.table,
    list_: Annotated[
        bool, typer.Option("--list", help="List the saved questions.")
    ] = False,
    root: Root = HERE,
) -> None:
    """Ask a saved question, or any SPARQL query, of the completed graph.

    Example: csto query members-on-date --on 2008-01-01
    """
    project = _project(root)
    saved = project.queries("ontology/questions")
    if list_:
        for path in saved.values():
            typer.echo(f"{path.stem:<28} {queries.read_query(path).title}")
        return
    if name is None:
        raise UsageError("No question is named.", "See csto query --list.")
    label, text = _question(saved, name)
    values = dict(_pair(pair) for pair in set_ or [])
    if on is not None:
        values["day"] = on
    graph = complete(project)
    answer = queries.answer(ask.store(graph), label, ask.bind(text, values))
    if results is Results.table and isinstance(answer, QuerySolutions):
        header, rows = ask.table(answer)
        _print_table(header, rows)
        err.print(f"{len(rows)} rows")
    elif results is Results.table:
        form = "json" if isinstance(answer, QueryBoolean) else "turtle"
        _write(ask.encoded(answer, form, graph.prefixes))
    else:
        _write(ask.encoded(answer, results.value, graph.prefixes))


@app.command()
def show(
    thing: Annotated[str, typer.Argument(help="An IRI, a prefixed name, or a name.")],
    root: Root = HERE,
) -> None:
    """Show one thing: every statement, and the passages that make it.

    Example: csto show "Collective Security Council"
    """
    graph = complete(_project(root))
    iri = ask.resolve(graph.quads, thing)
    typer.echo(iri)
    rows = []
    for line in ask.statements(graph.quads, iri):
        own = line.subject == iri
        other = ask.short(line.value if own else line.subject)
        prop = ask.short(line.property)
        evidence = ", ".join(ask.short(g) for g in line.graphs)
        rows.append([prop if own else f"is {prop} of", other, evidence])
    _print_table(["property", "value", "stated in"], rows)


def _project(root: Path) -> Project:
    return open_project(find_root(root.resolve()))


def _room_files(root: Path) -> list[Path]:
    top = find_root(root.resolve())
    rooms = (top / room for room in QUERY_ROOMS)
    return [*paths(top), *(p for room in rooms for p in sorted(room.glob("*.rq")))]


def _question(saved: dict[str, Path], name: str) -> tuple[Path | str, str]:
    if name == "-":
        return "<stdin>", decode("<stdin>", sys.stdin.buffer.read(MAX_BYTES))
    path = Path(name) if name.endswith(".rq") else ask.find(saved, name)
    return path, read_text(path)


def _pair(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise UsageError(f"--set {pair} has no value.", "Write --set name=value.")
    return name, value


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}."
        raise StoreError(message, "It is as it was; make room and try again.") from None


@contextmanager
def _steps() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the step at hand, on a terminal only."""
    if not err.is_terminal:
        yield lambda _: None
        return
    with err.status("") as status:
        yield lambda step: status.update(f"{step} …")


def _stop_at(found: Sequence[Finding]) -> None:
    for finding in found:
        err.print(_visible(str(finding)))
    bad = sum(finding.severity == "violation" for finding in found)
    if bad:
        err.print(f"{bad} violations, {len(found) - bad} other findings")
        raise typer.Exit(Exit.FINDINGS)


def _print_table(header: list[str], rows: list[list[str]]) -> None:
    width = None if sys.stdout.isatty() else 100_000
    out = Console(highlight=False, markup=False, width=width)
    grid = Table(*header, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*(_visible(text) for text in row))
    out.print(grid, soft_wrap=width is not None)


def _visible(text: str) -> str:
    """Return *text* with control characters escaped, so no terminal obeys them."""
    return "".join(
        c if unicodedata.category(c)[0] != "C" else repr(c)[1:-1] for c in text
    )


def _write(content: bytes) -> None:
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def main() -> None:
    """Run the command; every fault becomes one line and an exit code."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `csto query … | head` just ends
    try:
        app()
    except (CstoError, SourceError) as error:
        err.print(_visible(str(error)))
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 -- no traceback reaches a user
        err.print(f"A bug of ours: {type(error).__name__}: {_visible(str(error))}")
        sys.exit(Exit.BUG)
