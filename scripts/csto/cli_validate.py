"""This module is the command `validate`: anybody's files against shapes."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from csto.errors import CstoError, Exit, UsageError
from csto.rooms import own_root, top

if TYPE_CHECKING:
    from csto.vetting.report import Report


class Input(StrEnum):
    """Forms of RDF that are read."""

    turtle = "turtle"
    trig = "trig"
    ntriples = "ntriples"
    nquads = "nquads"
    rdfxml = "rdfxml"
    jsonld = "jsonld"


class Output(StrEnum):
    """Forms in which findings are written."""

    text = "text"
    json = "json"
    junit = "junit"
    sarif = "sarif"
    github = "github"
    turtle = "turtle"


class FailOn(StrEnum):
    """The least severity that makes the command fail."""

    violation = "violation"
    warning = "warning"
    info = "info"
    never = "never"


Files = Annotated[list[str], typer.Argument(help="Files, or - for standard input.")]
Shapes = Annotated[
    list[str] | None,
    typer.Option("--shapes", help="Files of shapes, SHACL Core; else ours."),
]
Form = Annotated[Input | None, typer.Option("--input", help="Form of all input files.")]
Base = Annotated[str, typer.Option(help="What relative IRIs are relative to.")]
Each = Annotated[bool, typer.Option("--each", help="Each file alone, not together.")]
Fail = Annotated[FailOn, typer.Option(help="What makes the exit code 1.")]
Shown = Annotated[
    Output | None,
    typer.Option("--format", help="Form of the findings.", show_default="text"),
]
Saved = Annotated[Path | None, typer.Option(help="File for the findings.")]
Empty = Annotated[
    bool, typer.Option("--allow-empty", help="It is fine if no shape finds a node.")
]
Seconds = Annotated[
    int | None, typer.Option(min=1, help="Limit of time.", show_default="by size")
]
Megabytes = Annotated[
    int | None, typer.Option(min=64, help="Limit of memory.", show_default="by size")
]
Root = Annotated[
    Path, typer.Option(help="A checkout, whose shapes are meant.", show_default="here")
]


def validate_files(
    files: Files,
    shapes: Shapes = None,
    input_: Form = None,
    base: Base = "",
    each: Each = False,
    fail_on: Fail = FailOn.violation,
    form: Shown = None,
    output: Saved = None,
    allow_empty: Empty = False,
    seconds: Seconds = None,
    megabytes: Megabytes = None,
    root: Root = Path(),
) -> None:
    """Hold anybody's RDF files against our shapes, or against others.

    Files are parsed in a child process without network, and fetch nothing.
    The graphs of a dataset count as one; nothing is inferred but subclasses.

    Example: csto validate mine.ttl --format sarif --output findings.sarif
    """
    from csto.vetting import foreign, vet  # noqa: PLC0415 -- only this command needs them
    from csto.vetting.task import Task  # noqa: PLC0415

    data = foreign.open_all(files, input_.value if input_ else "")
    laws = tuple(foreign.open_all(shapes or []))
    groups = [(file,) for file in data] if each else [tuple(data)]
    rooms = Path() if laws else _root(root)
    foreign.check_base(base)
    tasks = [Task(group, laws, rooms, base, allow_empty) for group in groups]
    _finish(vet.vet(tasks, fail_on.value, seconds, megabytes), form, output)


def _finish(report: Report, form: Output | None, output: Path | None) -> None:
    """Write *report* where it is wanted, and end as it says."""
    text = _written(report, form or _usual())
    if output:
        _save(output, text)
    else:
        sys.stdout.write(text)
    typer.echo(_sum(report), err=True)
    if report.fails:
        raise typer.Exit(Exit.FINDINGS)


def _root(root: Path) -> Path:
    """Return the checkout at *root*, or else our own rooms, wherever this is run."""
    try:
        return top(root)
    except UsageError:
        own = own_root()
        if root == Path() and (own / "shapes").is_dir():
            return own
        raise


def _usual() -> Output:
    is_github = os.environ.get("GITHUB_ACTIONS") == "true"
    return Output.github if is_github else Output.text


def _written(report: Report, form: Output) -> str:
    from csto.vetting import exchange, report as plain  # noqa: PLC0415, I001

    writers = {
        Output.text: plain.in_text,
        Output.json: plain.in_json,
        Output.github: plain.in_github,
        Output.junit: exchange.in_junit,
        Output.sarif: exchange.in_sarif,
        Output.turtle: exchange.in_turtle,
    }
    return writers[form](report)


def _save(path: Path, text: str) -> None:
    """Write *text* beside *path* and rename it, so that no half report is ever seen."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        fault = CstoError(f"{path} cannot be written: {error.strerror}.", "Make room.")
        fault.code = Exit.STORE
        raise fault from None


def _sum(report: Report) -> str:
    aimed = sum(1 for count in report.focus.values() if count)
    counts = ", ".join(f"{n} {name}" for name, n in report.counts.items() if n)
    return (
        f"{len(report.files)} files, {aimed} of {len(report.focus)} shapes with "
        f"{sum(report.focus.values())} focus nodes: {counts or 'no findings'}"
    )
