"""The command: exit codes, what is printed where, and no traceback whatever comes."""

import inspect
import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from commands import run_all
from conftest import CASES, ROOT, run_csto
from csto.cli import app
from csto.errors import Exit
from csto.names import PREFIXES

PROJECT = CASES / "project"
FOUNDING = f"{PREFIXES['event']}founding"
VERBS = {c.name or c.callback.__name__: c.callback for c in app.registered_commands}
DATES = """PREFIX csto: <https://w3id.org/csto/ontology#>

SELECT ?event ?date WHERE {
  ?event csto:date ?date .
}
"""


def copy(folder, **files):
    """Copy the small project into *folder* and add *files*, by name in `data/`."""
    shutil.copytree(PROJECT, folder)
    for name, text in files.items():
        (folder / "data" / f"{name}.ttl").write_text(text, encoding="utf-8")
    return folder


SECOND = f"""PREFIX csto: <{PREFIXES["csto"]}>
PREFIX event: <{PREFIXES["event"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>

event:second-founding
    a csto:Event ;
    rdfs:label "Founding"@en ;
.
"""
NAMELESS = "".join(
    line for line in SECOND.splitlines(keepends=True) if "rdfs" not in line
)
"""A second event of the same name, and one without any, which no shape allows."""


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Roots in every state, and files beside them."""
    folder = tmp_path_factory.mktemp("places")
    copy(folder / "clean")
    copy(folder / "unclean", second=NAMELESS)
    copy(folder / "unlaid", second=SECOND.replace("    a", "  a"))
    copy(folder / "unreadable", second=SECOND + "}")
    copy(folder / "taken")
    copy(folder / "doubled", second=SECOND)
    (folder / "taken/dist").mkdir()
    (folder / "taken/data/.events.ttl.new").mkdir()
    events = folder / "taken/data/events.ttl"
    events.write_text(events.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (folder / "nowhere").mkdir()
    (folder / "loop").symlink_to("loop")
    (folder / "dates.rq").write_text(DATES, encoding="utf-8")
    (folder / "broken.rq").write_text(DATES + "}", encoding="utf-8")
    return folder


CODES = {
    "build": {
        Exit.CLEAN: ["build --root clean"],
        Exit.FINDINGS: ["build --root unclean"],
        Exit.USAGE: ["build --root nowhere", "build --root loop"],
        Exit.UNREADABLE: ["build --root unreadable"],
        Exit.STORE: ["build --root taken"],
    },
    "format": {
        Exit.CLEAN: [
            "format --root clean",
            "format --check --root clean",
            "format clean/data/events.ttl dates.rq",
        ],
        Exit.FINDINGS: [
            "format --check --root unlaid",
            "format --check unlaid/data/second.ttl",
        ],
        Exit.USAGE: ["format --root nowhere", "format --root loop"],
        Exit.UNREADABLE: [
            "format --root unreadable",
            "format missing.ttl",
            "format broken.rq",
        ],
        Exit.STORE: ["format taken/data/events.ttl"],
    },
    "check": {
        Exit.CLEAN: ["check --root clean"],
        Exit.FINDINGS: ["check --root unclean"],
        Exit.USAGE: ["check --root nowhere", "check --documents missing"],
        Exit.UNREADABLE: ["check --root unreadable"],
    },
    "query": {
        Exit.CLEAN: [
            "query dates.rq --root clean",
            "query dates.rq --root clean/data/claims",
            "query --list --root clean",
        ],
        Exit.USAGE: [
            "query --root clean",
            "query unknown --root clean",
            "query dates.rq --root nowhere",
            "query dates.rq --root clean --on 2008-01-01",
            "query dates.rq --root clean --set date",
            "query dates.rq --root clean --results turtle",
        ],
        Exit.UNREADABLE: [
            "query broken.rq --root clean",
            "query missing.rq --root clean",
            "query dates.rq --root unreadable",
        ],
        Exit.STORE: ["query dates.rq --root clean --endpoint http://127.0.0.1:9/"],
    },
    "show": {
        Exit.CLEAN: ["show event:founding --root clean"],
        Exit.USAGE: [
            "show nothing --root clean",
            "show Founding --root doubled",
            "show event:founding --root nowhere",
        ],
        Exit.UNREADABLE: ["show event:founding --root unreadable"],
    },
    "validate": {
        Exit.CLEAN: ["validate clean/data/events.ttl --root clean"],
        Exit.FINDINGS: ["validate unclean/data/second.ttl --root unclean"],
        Exit.USAGE: ["validate clean/data/events.ttl --shapes clean/data/events.ttl"],
        Exit.UNREADABLE: [
            "validate missing.ttl --root clean",
            "validate unreadable/data/second.ttl --root clean",
        ],
        Exit.STORE: [
            "validate clean/data/events.ttl --root clean --output nowhere/a/b.txt",
        ],
    },
}
"""By verb and exit code, what leads to it."""

MISUSES = [
    "",
    "bild",
    "que",
    "--unknown",
    "build clean",
    "build --unknown",
    "build --roo clean",
    "format --che",
    "query --resul csv",
    "query --results pdf",
    "query dates.rq another",
    "query --on",
    "show",
    "show one two",
    "check extra",
]
"""What the parser of arguments itself refuses; nothing can be abbreviated."""

LINES = [
    (line, code) for codes in CODES.values() for code in codes for line in codes[code]
]


@pytest.fixture(scope="module")
def runs(places):
    """What the command does with each line of `CODES` and `MISUSES`."""
    lines = [*(line for line, _ in LINES), *MISUSES]
    found = run_all([shlex.split(line) for line in lines], cwd=places)
    return dict(zip(lines, found, strict=True))


def test_every_verb_has_lines_for_its_exit_codes():
    assert set(CODES) == set(VERBS)
    assert all(
        {Exit.CLEAN, Exit.USAGE, Exit.UNREADABLE} <= set(codes)
        for codes in CODES.values()
    )


@pytest.mark.parametrize(("line", "code"), LINES, ids=[line for line, _ in LINES])
def test_a_line_ends_with_its_code(line, code, runs):
    assert runs[line].code == code, runs[line].err


@pytest.mark.parametrize(
    "line", [line for line, code in LINES if code not in {Exit.CLEAN, Exit.FINDINGS}]
)
def test_a_fault_is_one_line_on_standard_error(line, runs):
    run = runs[line]

    assert run.out == ""
    assert "Traceback" not in run.err
    assert "bug" not in run.err
    assert run.err.count("\n") == 1


@pytest.mark.parametrize("line", MISUSES)
def test_misuse_is_told_with_code_2(line, runs):
    run = runs[line]

    assert run.code == Exit.USAGE
    assert "Traceback" not in run.err
    assert re.search(r"Usage: csto|─ Error ─", run.err + run.out)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("bild", "Did you mean 'build'?"),
        ("que", "Did you mean 'query'?"),
        ("query --resul csv", "--results"),
    ],
)
def test_an_abbreviation_is_answered_with_the_word(line, meant, runs):
    assert meant in runs[line].err


def test_the_help_names_every_exit_code():
    help_ = run_csto("--help").stdout
    codes = {int(code) for code in re.findall(r"(\d+) [a-z]+", help_)}

    assert {code.value for code in Exit} <= codes
    assert all(verb in help_ for verb in VERBS)


BUG = """
import sys
from csto import cli
from typer.core import TyperCommand
def fail(*_, **__):
    raise {fault}
TyperCommand.invoke = fail
sys.argv = ["csto", *{arguments!r}]
cli.main()
"""


def run_with(fault, line):
    """Run *line* in a child in which every verb raises *fault*."""
    code = BUG.format(fault=fault, arguments=shlex.split(line))
    return subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True
    )


@pytest.mark.parametrize("verb", CODES)
def test_a_bug_is_owned_up_to_without_traceback(verb):
    run = run_with('KeyError("a\\x1b[31mb")', CODES[verb][Exit.CLEAN][0])

    assert run.returncode == Exit.BUG
    assert run.stdout == ""
    assert run.stderr == "A bug of ours: KeyError: 'a\\x1b[31mb'\n"


def test_whoever_interrupts_gets_the_code_of_shells():
    run = run_with("KeyboardInterrupt", "query dates.rq")

    assert run.returncode == 128 + signal.SIGINT
    assert "Traceback" not in run.stderr


def test_results_go_to_standard_output_and_talk_to_standard_error(runs):
    answer = runs["query dates.rq --root clean"]
    listing = runs["build --root clean"]
    thing = runs["show event:founding --root clean"]
    verdict = runs["check --root clean"]
    findings = runs["check --root unclean"]
    unlaid = runs["format --check --root unlaid"]

    assert answer.out.splitlines()[1].split() == ["event:founding", "1992-05"]
    assert answer.err == "1 rows\n"
    assert "dist/csto.ttl" in listing.out
    assert listing.err == ""
    assert thing.out.startswith(f"{FOUNDING}\n")
    assert thing.err == ""
    assert (verdict.out, verdict.err) == ("", "No violations, 0 other findings\n")
    assert findings.out == ""
    assert "/unclean/data/second.ttl:5:7: violation: " in findings.err
    assert unlaid.out == ""
    assert unlaid.err.endswith("/unlaid/data/second.ttl: not laid out\n")


def test_what_is_laid_out_anew_keeps_its_rights_and_stays_so(tmp_path):
    root = copy(tmp_path / "rooms", second=SECOND.replace("    a", "  a"))
    file = root / "data/second.ttl"
    file.chmod(0o640)

    first, second = (run_csto("format", "--root", root) for _ in range(2))

    assert (first.returncode, second.returncode) == (Exit.CLEAN, Exit.CLEAN)
    assert first.stderr == f"{file}: laid out\n"
    assert second.stderr == ""
    assert file.read_text(encoding="utf-8") == SECOND
    assert file.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in file.parent.iterdir() if p.name.startswith(".")] == []


def on_terminal(*arguments, **environment):
    """Return what a command writes on a terminal, both outputs together."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "csto", *map(str, arguments)]
    settings = {**os.environ, "TERM": "xterm", "COLUMNS": "60"} | environment
    child = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=settings)
    os.close(theirs)
    written = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # the child has closed its end
            break
        written += chunk
    os.close(ours)
    child.wait()
    return written.decode()


def test_progress_is_shown_on_a_terminal_only(tmp_path):
    line = ("build", "--root", copy(tmp_path / "rooms"))
    shown = on_terminal(*line)
    piped = run_csto(*line, env={**os.environ, "FORCE_COLOR": "1"})

    assert re.search(r"(read|infer|validate|serialise|write) …", shown)
    assert piped.stderr == ""
    assert piped.stdout.endswith("version 0.0.1\n")


def test_no_color_means_none():
    colour = re.compile(r"\x1b\[[0-9;]*3[0-7]m")
    plain = on_terminal("query", "--unknown", NO_COLOR="1")

    assert colour.search(on_terminal("query", "--unknown"))
    assert "No such option" in plain
    assert not colour.search(plain)


def ask(query, *arguments):
    """Ask *query* from standard input."""
    line = ("query", "-", "--root", PROJECT, *arguments)
    return run_csto(*line, input=query, encoding="utf-8")


def test_a_query_comes_from_standard_input():
    run = ask(DATES, "--results", "csv")

    assert run.stdout.splitlines() == ["event,date", f"{FOUNDING},1992-05"]
    assert run.returncode == Exit.CLEAN


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT {", "<stdin>:1:9: Not SPARQL: expected"),
        ("ASK { # \u202e\n}", "<stdin>:1:9: Holds the character U+202E. Remove it."),
        ("ASK\r\n{}", "<stdin>:1:4: Holds a carriage return. Remove it."),
        ("", "<stdin>:1:1: Not SPARQL: expected"),
    ],
)
def test_a_wrong_query_from_standard_input_is_placed(query, message):
    run = ask(query)

    assert run.returncode == Exit.UNREADABLE
    assert run.stderr.startswith(message)


def test_other_bytes_from_standard_input_are_refused():
    command = [sys.executable, "-m", "csto", "query", "-", "--root", PROJECT]
    run = subprocess.run(command, check=False, capture_output=True, input=b"ASK \xff")

    assert run.returncode == Exit.UNREADABLE
    assert run.stderr == b"<stdin>:1:5: Byte 4 is not UTF-8. Save the file as UTF-8.\n"


def test_control_characters_are_escaped_in_a_table_and_kept_in_data():
    query = r'SELECT ("a\b\t\nb" AS ?text) ("\\" AS ?slash) {}'

    table = ask(query).stdout.splitlines()
    data = json.loads(ask(query, "--results", "json").stdout)

    assert table[1].split() == [r"a\x08\t\nb", "\\"]
    assert data["results"]["bindings"][0]["text"]["value"] == "a\b\t\nb"


@pytest.mark.parametrize("verb", ["show", "query"])
def test_control_characters_are_escaped_in_a_message(verb):
    run = run_csto(verb, "a\x1b[31m\u202eb\udcff", "--root", PROJECT)

    assert run.returncode == Exit.USAGE
    assert r"a\x1b[31m\u202eb\udcff" in run.stderr


def test_a_table_in_a_pipe_is_cut_nowhere():
    long = "x" * 5000
    run = ask(f'SELECT ("{long} y" AS ?text) ("[bold]z" AS ?more) {{}}')

    assert run.stdout.splitlines()[1].rstrip() == f"{long} y  [bold]z"


@pytest.mark.parametrize(
    ("query", "results", "text"),
    [
        ("ASK {}", "table", '{"head":{},"boolean":true}'),
        ("SELECT (1 AS ?n) {}", "json", '"value":"1"'),
        ("SELECT (1 AS ?n) {}", "xml", "<literal"),
        ("SELECT (1 AS ?n) {}", "tsv", "?n\n1\n"),
        (
            "CONSTRUCT { <http://a/> a <http://b/> } {}",
            "table",
            "    a <http://b/> ;\n",
        ),
        (
            "CONSTRUCT { <http://a/> a <http://b/> } {}",
            "turtle",
            "    a <http://b/> ;\n",
        ),
    ],
)
def test_an_answer_has_the_form_that_was_asked_for(query, results, text):
    run = ask(query, "--results", results)

    assert run.returncode == Exit.CLEAN
    assert text in run.stdout


@pytest.mark.parametrize(
    "line",
    [
        ["query", "dates.rq"],
        ["query", "dates.rq", "--results", "csv"],
        ["query", "--list", "--root", str(ROOT)],
        ["show", "event:founding"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_a_reader_who_has_left_is_no_fault(line, places):
    """`csto query … | head -1` ends like any other program of a pipe."""
    root = [] if line[-1] in {"--help", str(ROOT)} else ["--root", PROJECT]
    command = [sys.executable, "-m", "csto", *line, *root]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=places, **pipes) as child:
        child.stdout.close()
        said = child.stderr.read()

    assert child.returncode == -signal.SIGPIPE
    assert said == b""


@pytest.mark.parametrize(
    "name", [FOUNDING, "event:founding", "Founding", "FOUNDING", "основание"]
)
def test_a_thing_is_shown_by_iri_prefixed_name_or_any_name(name):
    run = run_csto("show", name, "--root", PROJECT)
    lines = [re.split(r"\s{2,}", line.rstrip()) for line in run.stdout.splitlines()]

    assert lines[0] == [FOUNDING]
    assert lines[1][:3] == ["property", "value", "stated in"]
    assert ["csto:printedName", "основание (ru)", "letter L2"] in [
        line[:3] for line in lines
    ]
    assert ["csto:earliest", "1992-05-01"] in [line[:2] for line in lines]


SEVERAL = (
    "Founding is the name of several things. "
    "Choose: event:founding, event:second-founding.\n"
)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("show Founding --root doubled", SEVERAL),
        (
            "show nothing --root clean",
            "Nothing is called nothing. Try a printed name.\n",
        ),
        ("query --root clean", "No question is named. See csto query --list.\n"),
        (
            "query dates.rq --root clean --set date",
            "--set date has no value. Write --set name=value.\n",
        ),
        (
            "check --documents missing",
            "missing is no folder. Name one with the documents.\n",
        ),
    ],
)
def test_a_message_says_what_to_do_next(line, message, runs):
    assert runs[line].err == message


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_verb_shows_its_example(verb):
    example = re.search(r"Example: (csto .+)", inspect.getdoc(VERBS[verb]))[1]
    run = run_csto(verb, "--help", env={**os.environ, "COLUMNS": "200"})

    assert run.returncode == Exit.CLEAN
    assert f"Example: {example}" in run.stdout
    assert shlex.split(example)[1] == verb


@pytest.mark.parametrize("verb", VERBS)
def test_the_example_of_a_verb_is_understood(verb):
    example = re.search(r"Example: csto \S+(.*)", inspect.getdoc(VERBS[verb]))[1]
    command = get_command(app).commands[verb]

    context = command.make_context(verb, shlex.split(example))

    assert context.args == []


@pytest.mark.parametrize("verb", ["query", "show"])
def test_the_example_of_a_verb_that_only_reads_works(verb):
    example = re.search(r"Example: csto (.*)", inspect.getdoc(VERBS[verb]))[1]

    run = run_csto(*shlex.split(example))

    assert run.returncode == Exit.CLEAN
    assert len(run.stdout.splitlines()) > 3


def test_every_saved_question_is_listed_with_its_title(project):
    listed = run_csto("query", "--list").stdout.splitlines()
    lines = [line for line in listed if line.startswith("  ")]
    names = {line.split()[0] for line in lines}

    assert names == set(project.queries("ontology/questions"))
    assert all(line.endswith("?") for line in lines)


@pytest.mark.parametrize("day", [["--on", "1999-01-01"], ["--set", "day=1999-01-01"]])
def test_the_day_is_a_parameter_like_any_other(day):
    query = 'SELECT ?day { VALUES ?day { "2008-01-01"^^xsd:date } }'
    head = f"PREFIX xsd: <{PREFIXES['xsd']}>\n"

    run = ask(head + query, "--results", "csv", *day)

    assert run.stdout.splitlines() == ["day", "1999-01-01"]


def test_python_m_csto_is_the_command():
    script = Path(sys.executable).with_name("csto")
    run = subprocess.run(
        [script, "show", "Founding", "--root", PROJECT],
        check=True,
        capture_output=True,
        text=True,
    )

    assert run.stdout == run_csto("show", "Founding", "--root", PROJECT).stdout
