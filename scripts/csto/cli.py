"""This module is the command: it reads arguments, prints, and exits."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from csto import layout, queries
from csto.beside import beside
from csto.cli_query import query, show
from csto.cli_validate import validate_files
from csto.errors import CstoError, Exit, SourceError, UsageError
from csto.finding import Finding, visible
from csto.publish import StoreError, publish
from csto.read import read_text
from csto.release import complete, files
from csto.rooms import QUERY_ROOMS, Project, open_project, paths, top
from csto.terminal import err, steps

HELP = """The CSTO as linked data: build, check and ask it.

Exit codes: 0 clean, 1 findings, 2 usage, 3 unreadable input, 4 store or
disk, 70 a bug of ours. Results go to standard output, all else to standard error.
"""

app = typer.Typer(help=HELP, no_args_is_help=True, pretty_exceptions_enable=False)

Root = Annotated[
    Path, typer.Option(help="A checkout, or a folder in it.", show_default="here")
]
HERE = Path()


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

    with steps() as tell:
        tell("read")
        project = _project(root)
        tell("infer")
        graph = complete(project)
        tell("validate and serialise")
        findings = beside(lambda: list(gate(project, graph)))
        made = files(project, graph)
        _stop_at(findings())
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
            err.print(visible(f"{file}: {'not laid out' if check else 'laid out'}"))
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
    with steps() as tell:
        tell("read")
        project = _project(root)
        found = list(dict.fromkeys(check(project, tell, documents)))
    _stop_at(found)
    err.print(f"No violations, {len(found)} other findings")


app.command("query")(query)
app.command("show")(show)
app.command("validate")(validate_files)


def _project(root: Path) -> Project:
    return open_project(top(root))


def _room_files(root: Path) -> list[Path]:
    folder = top(root)
    rooms = (folder / room for room in QUERY_ROOMS)
    return [*paths(folder), *(p for room in rooms for p in sorted(room.glob("*.rq")))]


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}."
        raise StoreError(message, "It is as it was; make room and try again.") from None


def _stop_at(found: Sequence[Finding]) -> None:
    for finding in found:
        err.print(visible(str(finding)))
    bad = sum(finding.severity == "violation" for finding in found)
    if bad:
        err.print(f"{bad} violations, {len(found) - bad} other findings")
        raise typer.Exit(Exit.FINDINGS)


def main() -> None:
    """Run the command; every fault becomes one line and an exit code."""
    gc.disable()  # the command ends before its garbage matters: a quarter of the time
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `csto query … | head` just ends
    try:
        app()
    except (CstoError, SourceError) as error:
        err.print(visible(str(error)))
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 -- no traceback reaches a user
        err.print(f"A bug of ours: {type(error).__name__}: {visible(str(error))}")
        sys.exit(Exit.BUG)
