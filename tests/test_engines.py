"""Engines: every question gives the same rows, in the same order, everywhere."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

from conftest import ROOT, run_csto, skip, tool
from csto import answers, queries

QUESTIONS = sorted((ROOT / "ontology/questions").glob("*.rq"))
NAMES = [path.stem for path in QUESTIONS]
NODE = ROOT / "tests/node"


def rows(names, solutions):
    """Return *solutions* as tuples of the text of each term, None where unbound."""
    return [tuple(solution.get(name) for name in names) for solution in solutions]


@pytest.fixture(scope="module")
def texts():
    assert NAMES
    return {path.stem: queries.read_query(path).text for path in QUESTIONS}


@pytest.fixture(scope="module")
def settled(texts, graph):
    """Return variables and rows of each question on pyoxigraph, in process."""
    store = answers.store(graph)
    found = {}
    for name, text in texts.items():
        solutions = queries.answer(store, name, text)
        names = [variable.value for variable in solutions.variables]
        terms = [{n: getattr(r[n], "value", None) for n in names} for r in solutions]
        found[name] = names, rows(names, terms)
    return found


@pytest.fixture(scope="module")
def quads(release, tmp_path_factory):
    file = tmp_path_factory.mktemp("release") / "csto.nq"
    file.write_bytes(release["csto.nq"])
    return file


@pytest.fixture(scope="module")
def comunica(texts, quads):
    if not (NODE / "node_modules/@comunica").is_dir():
        skip("Comunica is not installed in tests/node")
    command = [tool("node"), str(NODE / "comunica.mjs"), str(quads)]
    done = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def rdflib_dataset(quads):
    import rdflib  # noqa: PLC0415 -- only this fixture needs it

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(quads, format="nquads")
    return dataset


@pytest.fixture(scope="module")
def endpoint(quads, tmp_path_factory):
    """Yield the address of a read-only server on loopback, stopped by its handle."""
    program = str(Path(sys.executable).parent / "oxigraph")
    store = tmp_path_factory.mktemp("store")
    load = [program, "load", "--location", str(store), "--file", str(quads)]
    subprocess.run(load, check=True, capture_output=True)
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = [program, "serve-read-only", "--location", str(store)]
    serve += ["--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    server = subprocess.Popen(serve, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/query"
    try:
        wait_for(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


def test_the_command_asks_an_endpoint(endpoint):
    done = run_csto("query", "members-on-date", "--endpoint", endpoint)

    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 8


@pytest.mark.parametrize(
    ("address", "code", "message"),
    [
        ("ftp://127.0.0.1/", 2, "no http or https address"),
        ("http://user:word@127.0.0.1/", 2, "holds a password"),
        ("http://127.0.0.1:9/", 4, "did not answer"),
    ],
)
def test_an_endpoint_that_is_none_is_named(address, code, message):
    done = run_csto("query", "members-on-date", "--endpoint", address)

    assert done.returncode == code
    assert message in done.stderr


def wait_for(address):
    for _ in range(100):
        try:
            protocol(address, "ASK {}")
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start within ten seconds")


def protocol(address, query):
    """Return the JSON results that the SPARQL endpoint gives to *query*."""
    request = urllib.request.Request(  # noqa: S310 -- loopback, our own server
        address,
        data=urllib.parse.urlencode({"query": query}).encode(),
        headers={"Accept": "application/sparql-results+json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def test_comunica_answers_alike(settled, comunica):
    found = {name: rows(names, comunica[name]) for name, (names, _) in settled.items()}

    assert [name for name in found if found[name] != settled[name][1]] == []


@pytest.mark.parametrize("name", NAMES)
def test_rdflib_answers_alike(name, settled, rdflib_dataset, texts):
    names, expected = settled[name]

    found = [row.asdict() for row in rdflib_dataset.query(texts[name])]
    plain = [{key: str(term) for key, term in row.items()} for row in found]

    assert rows(names, plain) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_read_only_server_answers_alike(name, settled, endpoint, texts):
    names, expected = settled[name]

    bindings = protocol(endpoint, texts[name])["results"]["bindings"]
    plain = [{key: term["value"] for key, term in row.items()} for row in bindings]

    assert rows(names, plain) == expected
