"""This module is the commands `query` and `show`: what the graph answers."""

from __future__ import annotations

import sys
from collections import defaultdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pyoxigraph import QueryBoolean, QuerySolutions

from csto import answers, cite, endpoint, queries
from csto.errors import UsageError
from csto.finding import visible
from csto.names import STANDARD
from csto.read import MAX_BYTES, decode, read_text
from csto.release import complete
from csto.rooms import Project, find_root, open_project, top
from csto.terminal import err, print_table, write


class Results(StrEnum):
    """What an answer looks like."""

    table = "table"
    csv = "csv"
    tsv = "tsv"
    json = "json"
    xml = "xml"
    markdown = "markdown"
    turtle = "turtle"


class Language(StrEnum):
    """The language of labels."""

    en = "en"
    ru = "ru"


def _names(incomplete: str) -> list[str]:
    """Return the saved questions that begin with *incomplete*, for the shell."""
    saved = (find_root(Path.cwd()) / "ontology/questions").glob("*.rq")
    return sorted(p.stem for p in saved if p.stem.startswith(incomplete))


Name = Annotated[
    str | None,
    typer.Argument(
        help="A saved question, a .rq file, or - for standard input.",
        autocompletion=_names,
    ),
]
Day = Annotated[str | None, typer.Option(help="The day asked about, as 2008-01-31.")]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="A parameter, as name=value.")
]
Form = Annotated[Results, typer.Option(help="Form of the answer.")]
Listed = Annotated[bool, typer.Option("--list", help="List the saved questions.")]
Explain = Annotated[bool, typer.Option(help="Say what is asked; do not ask it.")]
Url = Annotated[
    str | None, typer.Option("--endpoint", help="Ask this SPARQL endpoint instead.")
]
Evidence = Annotated[
    bool, typer.Option(help="Add the passages that state what a row says.")
]
Lang = Annotated[Language, typer.Option(help="Language of labels.")]
Root = Annotated[
    Path, typer.Option(help="A checkout, or a folder in it.", show_default="here")
]
HERE = Path()
SOURCES = STANDARD["dcterms"] + "source"


def query(
    name: Name = None,
    on: Day = None,
    set_: Set = None,
    results: Form = Results.table,
    list_: Listed = False,
    explain: Explain = False,
    url: Url = None,
    evidence: Evidence = False,
    lang: Lang = Language.en,
    root: Root = HERE,
) -> None:
    """Ask a saved question, or any SPARQL query, of the completed graph.

    Example: csto query members-on-date --on 2008-01-01
    """
    project = open_project(top(root))
    saved = project.queries("ontology/questions")
    if list_:
        _list(saved)
        return
    if name is None:
        raise UsageError("No question is named.", "See csto query --list.")
    label, text = _question(saved, name)
    values = dict(_pair(pair) for pair in set_ or [])
    if on is not None:
        values["day"] = on
    text = answers.translate(answers.bind(text, values), lang.value)
    if explain:
        typer.echo(text, nl=False)
    elif url is not None:
        _show_remote(url, text, results)
    else:
        _show_answer(project, label, text, results, evidence=evidence)


def show(
    thing: Annotated[str, typer.Argument(help="An IRI, a prefixed name, or a name.")],
    on: Day = None,
    root: Root = HERE,
) -> None:
    """Show one thing: every statement, and the passages and lines that make it.

    With --on, spells that do not hold on that day are left out, and those that
    do are certain or possible.

    Example: csto show "Collective Security Council"
    """
    project = open_project(top(root))
    graph = complete(project)
    iri = answers.resolve(graph.quads, thing)
    spells = cite.spells(graph.quads, on) if on else None
    typer.echo(iri)
    rows = []
    for line in answers.statements(graph.quads, iri):
        if line.property == SOURCES:
            continue  # the column of passages says it
        own = line.subject == iri
        other = line.value if own else line.subject
        if spells is not None and spells.get(other, "certain") == "none":
            continue
        prop = answers.short(line.property)
        said = answers.short(other)
        if spells and other in spells:
            said = f"{said} ({spells[other]} on {on})"
        place = cite.place(project, line)
        cited = cite.cited(line.graphs)
        rows.append([prop if own else f"is {prop} of", said, cited, place])
    print_table(["property", "value", "stated in", "line"], rows)


def _list(saved: dict[str, Path]) -> None:
    groups = defaultdict(list)
    for path in saved.values():
        question = queries.read_query(path)
        groups[question.keywords[0] if question.keywords else "other"].append(question)
    for group in sorted(groups, key=[*queries.GROUPS, "other"].index):
        typer.echo(group)
        for question in groups[group]:
            typer.echo(f"  {question.name:<32} {question.title}")


def _show_answer(
    project: Project, label: Path | str, text: str, form: Results, *, evidence: bool
) -> None:
    graph = complete(project)
    answer = queries.answer(answers.store(graph), label, text)
    if form in (Results.table, Results.markdown) and isinstance(answer, QuerySolutions):
        names, terms = answers.terms(answer)
        rows = [[answers.cell(term) for term in row] for row in terms]
        if evidence:
            names = [*names, "passages"]
            cites = cite.passages(graph.quads, terms)
            rows = [[*row, cite] for row, cite in zip(rows, cites, strict=True)]
        _print_rows(names, rows, form)
        return
    if evidence:
        raise UsageError(
            "--evidence goes with rows in a table.", "Leave --results out."
        )
    plain = "json" if isinstance(answer, QueryBoolean) else "turtle"
    chosen = plain if form is Results.table else form.value
    write(answers.encoded(answer, chosen, graph.prefixes))


def _show_remote(url: str, text: str, form: Results) -> None:
    queries.guard("<query>", text)
    names, rows = endpoint.ask(url, text)
    if form not in (Results.table, Results.markdown):
        raise UsageError("An endpoint answers as table or markdown.", "Choose one.")
    _print_rows(names, rows, form)


def _print_rows(names: list[str], rows: list[list[Any]], form: Results) -> None:
    if form is Results.markdown:
        typer.echo(answers.markdown(names, rows), nl=False)
    else:
        print_table(names, rows)
    err.print(f"{len(rows)} rows")


def _question(saved: dict[str, Path], name: str) -> tuple[Path | str, str]:
    if name == "-":
        return "<stdin>", decode("<stdin>", sys.stdin.buffer.read(MAX_BYTES))
    path = Path(name) if name.endswith(".rq") else answers.find(saved, name)
    return path, read_text(path)


def _pair(pair: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals:
        raise UsageError(
            f"--set {visible(pair)} has no value.", "Write --set name=value."
        )
    return name, value
