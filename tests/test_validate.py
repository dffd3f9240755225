"""`csto validate`: anybody's files, whatever they are, get an answer that is true."""

import json
import os
import socket
import subprocess
import time
from collections import Counter
from subprocess import CompletedProcess

import jsonschema
import pyoxigraph as ox
import pyshacl  # noqa: F401 -- so that children need not import it
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import run
from conftest import CASES, ROOT, run_csto
from csto.errors import SourceError
from csto.vetting import sandbox
from csto.vetting.foreign import Foreign
from csto.vetting.parse import parse
from csto.vetting.reading import _name
from csto.vetting.sandbox import Limits
from texts import pages

HERE = CASES / "validate"
PEOPLE = HERE / "people.ttl"
SHAPES = HERE / "people-shapes.ttl"
TRAPS = sorted((HERE / "traps").glob("*/*.ttl"))
HOSTILE = sorted((HERE / "hostile").iterdir())
SPELLINGS = sorted((HERE / "forms").glob("*/*"))
NAME = "http://example.org/a"
PREFIXES = (
    "PREFIX ex: <http://example.org/>\nPREFIX sh: <http://www.w3.org/ns/shacl#>\n"
)
ANY = f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:nodeKind sh:IRI ."


def validate(*arguments, **options):
    """Run the command, in a process of its own only if *options* ask for one."""
    if options:
        return run_csto("validate", *arguments, **options)
    ran = run(["validate", *map(str, arguments)])
    return CompletedProcess(arguments, ran.code or 0, ran.out, ran.err)


def found(*arguments, **options):
    """Return the findings of `csto validate`, as its JSON form gives them."""
    ran = validate(*arguments, "--format", "json", **options)
    assert ran.returncode in (0, 1), ran.stderr
    return json.loads(ran.stdout)


def name(path):
    return f"{path.parent.name}/{path.stem}"


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file for the test at hand."""

    def put(name, content):
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode()
        path.write_bytes(data)
        return path

    return put


def test_there_are_cases():
    assert len([t for t in TRAPS if t.parent.name == "refused"]) >= 21
    assert HOSTILE
    assert {path.suffix for path in SPELLINGS} == {
        ".ttl",
        ".trig",
        ".nt",
        ".nq",
        ".rdf",
        ".jsonld",
    }


@pytest.mark.parametrize("path", TRAPS, ids=name)
def test_shapes_that_prove_nothing_do_not_pass_in_silence(path):
    rule = path.parent.name
    marked = [n for n, x in enumerate(path.read_text().split("\n"), 1) if "# here" in x]
    ran = validate("--shapes", path, PEOPLE, "--fail-on", "warning")
    place = f"{path}:{marked[0]}:" if marked else ""
    said = ran.stderr if rule == "refused" else ran.stdout

    assert ran.returncode == (2 if rule == "refused" else 1)
    assert said.startswith(place or (str(PEOPLE), str(path))), said
    assert rule == "refused" or f"[{rule}]" in said


def test_a_target_without_nodes_is_a_finding_and_can_be_allowed():
    shapes = HERE / "traps" / "no-focus" / "class.ttl"
    allowed = found("--shapes", shapes, PEOPLE, "--allow-empty")

    assert found("--shapes", shapes, PEOPLE)["fails"]
    assert [r["rule"] for r in allowed["results"]] == ["idle-shape"]
    assert allowed["focus"] == {"http://example.org/S": 0}


@pytest.mark.parametrize("path", HOSTILE, ids=lambda p: p.name)
def test_a_hostile_file_is_refused_at_once_in_one_line(path, write):
    begin = time.monotonic()
    ran = validate("--shapes", write("any.ttl", ANY), path)

    assert ran.returncode == 3
    assert ran.stderr.startswith(str(path))
    assert ran.stderr.count("\n") == 1
    assert ran.stdout == ""
    assert time.monotonic() - begin < 10


LARGE = {
    "deep.jsonld": f'{{"@id":"{NAME}","{NAME}":' * 20_000 + "1" + "}" * 20_000,
    "deep.rdf": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
    f"xmlns:e='{NAME}'>{'<rdf:Description><e:p>' * 20_000}",
    "long.ttl": f"<{NAME}> <{NAME}> '{'x' * 20_000_000}' .",
    "page.rdf": "<html>" * 50_000,
    "open.trig": "{" * 100_000,
}
SLOW = {
    "deep.ttl": f"<{NAME}> <http://example.org/p> {'[ <x:p> ' * 9**5}1{']' * 9**5}.",
    "list.ttl": f"<{NAME}> <http://example.org/p> {'(' * 50_000}{')' * 50_000}.",
    "html.ttl": f"<{NAME}> <http://example.org/p> '{'<b>' * 60_000}'"
    "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML>.",
}


def measured(*arguments):
    """Run the command and return it, its seconds and its peak memory in KiB."""
    import resource  # noqa: PLC0415 -- where the system has it

    begin = time.monotonic()
    ran = validate(*arguments)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return ran, time.monotonic() - begin, peak


@pytest.mark.slow
@pytest.mark.parametrize("file", [*LARGE, *SLOW])
def test_a_large_hostile_file_costs_seconds_and_no_gigabyte(file, write):
    path = write(file, {**LARGE, **SLOW}[file])
    ran, seconds, peak = measured("--shapes", write("any.ttl", ANY), path)

    assert ran.returncode == (0 if file in SLOW else 3), ran.stderr
    assert "Traceback" not in ran.stderr
    assert seconds < 10
    assert peak < 1024 * 1024


def test_a_pattern_that_takes_for_ever_is_stopped(write):
    shapes = write(
        "s.ttl",
        f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:T ."
        'ex:T a sh:PropertyShape ; sh:path ex:p ; sh:pattern "^(a+)+$" .',
    )
    data = write("d.ttl", f'<{NAME}> <http://example.org/p> "{"a" * 40}!" .')
    ran = validate("--seconds", "1", "--shapes", shapes, data)

    assert ran.returncode == 3
    assert "Takes longer than 1 seconds" in ran.stderr


@pytest.mark.slow
def test_what_outgrows_its_memory_is_stopped(write):
    many = "".join(f'<{NAME}{n}> <{NAME}> "{n}" .\n' for n in range(400_000))
    ran = validate("--megabytes", "64", write("many.nt", many))

    assert ran.returncode == 3
    assert "Exhausts 64 MiB" in ran.stderr


@pytest.mark.parametrize(
    "argument",
    ["http://127.0.0.1:9/a.ttl", "file:///etc/passwd", "a.txt", "a", "--input=owl"],
)
def test_what_names_no_file_of_a_known_form_is_a_usage_error(argument):
    assert validate(argument).returncode == 2


@pytest.mark.parametrize("argument", ["nowhere.ttl", "/dev/null", "/"])
def test_what_is_no_regular_file_is_unreadable(argument):
    ran = validate(argument, "--input", "turtle")

    assert ran.returncode == 3
    assert ran.stderr.count("\n") == 1


def test_a_pipe_without_a_writer_keeps_nobody_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.ttl")

    assert validate(tmp_path / "pipe.ttl", timeout=20).returncode == 3


def test_nothing_is_fetched(write):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        files = [
            write("a.jsonld", f'{{"@context": "{url}a", "@id": "{NAME}", "p": 1}}'),
            write(
                "b.ttl", f"<{url}b> <http://www.w3.org/2002/07/owl#imports> <{url}> ."
            ),
            write(
                "c.ttl", f"<{NAME}> <http://www.w3.org/ns/shacl#shapesGraph> <{url}c> ."
            ),
        ]
        shapes = write(
            "s.ttl",
            f"{ANY} <{url}s> <http://www.w3.org/2002/07/owl#imports> <{url}m> .",
        )
        for file in files:
            validate("--shapes", shapes, file)

        with pytest.raises(TimeoutError):
            server.accept()


def spoil(tell):
    tell("the spoiling")
    socket.create_connection(("127.0.0.1", 9))


def scribble(tell):
    tell("the scribbling")
    (CASES / "scribble").write_text("no")


def look(tell):
    tell("the looking")
    return open("/etc/passwd").read()  # noqa: PTH123


def start(tell):
    tell("the starting")
    subprocess.run(["true"], check=False)


@pytest.mark.parametrize("work", [spoil, scribble, look, start])
def test_the_child_can_do_no_harm(work):
    with pytest.raises(RuntimeError, match="is not for the sandbox"):
        sandbox.run(work, Limits(), [])


def die(tell):
    tell("the die")
    os.abort()


def sleep(tell):
    tell("the sleep")
    time.sleep(60)


def fill(tell):
    tell("the fill")
    return len(bytearray(10**10))


@pytest.mark.parametrize("work", [die, sleep, fill])
def test_a_child_that_dies_or_dawdles_is_a_fault_of_the_file(work):
    with pytest.raises(SourceError, match=f"^the {work.__name__}"):
        sandbox.run(work, Limits(1, 256), [])


@pytest.mark.parametrize("path", SPELLINGS, ids=lambda p: p.suffix)
def test_every_form_of_rdf_gets_the_same_findings(path):
    results = found("--shapes", SHAPES, path)["results"]
    said = Counter((r["rule"], r["severity"], r["path"], r["value"]) for r in results)
    day = '"2020-02-30"^^<http://www.w3.org/2001/XMLSchema#date>'
    seven = '"7"^^<http://www.w3.org/2001/XMLSchema#integer>'
    born, called = "http://example.org/born", "http://example.org/name"

    assert said == {
        ("Person-born", "violation", born, day): 1,
        ("lexical-form", "violation", born, day): 1,
        ("Person-name", "warning", called, None): 1,
        ("Person-name", "warning", called, seven): 1,
    }
    if path.parent.name == "none":
        assert {(r["precision"], r["line"]) for r in results} == {("none", None)}
    else:
        assert places(path, results) == {day: "exact", seven: "exact", None: "property"}


def places(path, results):
    """Return the precision by value, where each value stands at its place."""
    lines = path.read_text(encoding="utf-8").split("\n")
    told = {}
    for result in results:
        rest = lines[result["line"] - 1][result["column"] - 1 :]
        begin = {'"2': '"2020-02-30"', '"7': ("7", '"7"')}.get(
            (result["value"] or "")[:2]
        )
        assert rest.startswith(begin or '"Bob"'), rest
        told[result["value"]] = result["precision"]
    return told


@pytest.mark.parametrize("suffix", [".ttl", ".trig"])
@given(data=st.data())
def test_the_blank_nodes_of_two_parsers_are_paired(suffix, data):
    page = data.draw(pages(suffix))
    form = {".ttl": "turtle", ".trig": "trig"}[suffix]
    reading = parse(Foreign(f"page{suffix}", page.text.encode(), form), "", "")
    twins = {k: f"_:{v}" for k, v in reading.twins.items()}
    nodes = (ox.NamedNode, ox.BlankNode)
    ours = Counter(
        tuple(twins.get(str(x), getattr(x, "value", "")) for x in (s, o))
        for s, _, o in reading.common()
        if isinstance(o, nodes)
    )
    theirs = Counter(
        (_name(s), _name(o))
        for s, _, o in dict.fromkeys(reading.places.statements)
        if type(o).__name__ in ("BNode", "URIRef")
    )

    assert set(ours) == set(theirs)


def test_a_language_or_datatype_alone_makes_no_exact_place(write):
    file = write("a.ttl", f'{PREFIXES}ex:a a ex:Person ; ex:name "A"@en , "A"@ru .')
    results = found("--shapes", SHAPES, file)["results"]

    assert {r["precision"] for r in results} == {"property"}


def test_files_are_one_graph_unless_each_is_meant(write):
    one = write("1.ttl", f"{PREFIXES}ex:a a ex:Person ; ex:name 'A' ; ex:knows _:x .")
    two = write("2.ttl", f"{PREFIXES}ex:a ex:name 'B' . _:x a ex:Person .")
    together = found("--shapes", SHAPES, one, two)
    apart = found("--shapes", SHAPES, one, two, "--each")

    assert [(r["rule"], r["file"]) for r in together["results"]] == [
        ("Person-name", str(one))
    ]
    assert apart["results"] == []
    assert together["focus"] == apart["focus"] == {"http://example.org/Person": 2}


def test_blank_nodes_of_several_files_are_kept_apart(write):
    files = [
        write(f"{n}.ttl", f"{PREFIXES}_:x a ex:Person ; ex:name '{n}' .") for n in "ab"
    ]

    assert found("--shapes", SHAPES, *files)["results"] == []


def test_standard_input_is_read_as_the_form_that_is_named():
    text = PEOPLE.read_text(encoding="utf-8")
    options = ("--shapes", SHAPES, "--input", "turtle", "-")

    assert validate(*options, input=text).returncode == 0
    assert validate(*options, input="nonsense").stderr.startswith("<stdin>:1:1: ")


@pytest.mark.parametrize(
    ("fail_on", "code"), [("violation", 0), ("warning", 1), ("info", 1), ("never", 0)]
)
def test_the_threshold_decides_the_exit_code(fail_on, code, write):
    data = write("a.ttl", f"{PREFIXES}ex:a a ex:Person ; ex:name 7 .")

    assert validate("--shapes", SHAPES, data, "--fail-on", fail_on).returncode == code


def test_on_github_annotations_are_the_usual_form():
    settings = {**os.environ, "GITHUB_ACTIONS": "true"}
    file = HERE / "forms" / "exact" / "turtle.ttl"
    ran = validate("--shapes", SHAPES, file, env=settings)

    assert ran.stdout.startswith(f"::error file={file},line=5,col=46,title=")


def test_findings_go_to_a_file_whole_or_not_at_all(tmp_path):
    file = HERE / "forms" / "exact" / "turtle.ttl"
    target = tmp_path / "out.json"
    ran = validate("--shapes", SHAPES, file, "--format", "json", "--output", target)
    lost = validate("--shapes", SHAPES, file, "--output", tmp_path / "no" / "out.txt")

    assert ran.stdout == ""
    assert len(json.loads(target.read_text("utf-8"))["results"]) == 4
    assert list(tmp_path.iterdir()) == [target]
    assert lost.returncode == 4


@pytest.mark.parametrize("form", ["json", "turtle"])
def test_the_same_files_give_the_same_bytes(form):
    file = HERE / "forms" / "exact" / "turtle.ttl"
    runs = [
        validate(
            *("--shapes", SHAPES, file, "--format", form),
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in "12"
    ]

    assert runs[0]
    assert runs[0] == runs[1]


def test_what_the_command_writes_is_valid_by_the_published_schema():
    schema = json.loads(
        (ROOT / "scripts/csto/vetting/report-1.json").read_text("utf-8")
    )

    jsonschema.validate(found("--shapes", SHAPES, SPELLINGS[0]), schema)


def test_our_own_shapes_know_the_register_and_the_classes(write):
    data = write(
        "mine.ttl",
        "PREFIX csto: <https://w3id.org/csto/ontology#>\n"
        "PREFIX id: <https://w3id.org/csto/id/>\n"
        "PREFIX org: <http://www.w3.org/ns/org#>\n"
        "<https://w3id.org/csto/id/membership/mine>\n"
        "    a org:Membership ;\n"
        "    org:member <https://w3id.org/csto/id/state/armenia> ;\n"
        "    org:organization <https://w3id.org/csto/id/organisation/csto> ;\n"
        "    csto:bgins <https://w3id.org/csto/id/event/x> ;\n"
        ".\n",
    )
    results = found(data)["results"]
    unknown = [r for r in results if r["rule"] == "unknown-term"]

    assert {r["focus"] for r in results} == {"https://w3id.org/csto/id/membership/mine"}
    assert [r["line"] for r in unknown] == [8]
    assert unknown[0]["remedy"] == "Did you mean csto:begins?"
    assert not [r for r in results if "member" in (r["path"] or "")]


def test_the_command_works_outside_of_a_checkout(tmp_path):
    assert validate(PEOPLE, "--allow-empty", cwd=tmp_path).returncode == 0


def test_rdf_1_2_is_read_and_its_new_kinds_of_term_are_named(write):
    data = write("a.ttl", f"{PREFIXES}ex:a a ex:Person ; ex:name 'A' {{| ex:p 1 |}} .")
    ran = validate("--shapes", SHAPES, data)

    assert ran.returncode == 0
    assert "[rdf-1.2]" in ran.stdout
