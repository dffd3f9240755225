"""Python: what `import csto` offers."""

import dataclasses
import datetime as dt
import doctest
import subprocess
import sys

import pytest

import csto
from conftest import ROOT
from csto import api
from csto.errors import UsageError


def test_the_examples_of_the_docstrings_are_right():
    results = [doctest.testmod(module) for module in (csto, api)]

    assert sum(result.attempted for result in results) >= 5
    assert sum(result.failed for result in results) == 0


def test_rows_are_frozen_and_typed():
    rows = csto.ask("events-between-dates")

    assert len(rows) > 1
    assert any(isinstance(value, dt.date) for row in rows for value in row)
    with pytest.raises(AttributeError):
        rows[0].event = "another"
    with pytest.raises(dataclasses.FrozenInstanceError):
        rows.rows = ()


def test_rows_write_csv():
    text = csto.ask("members-on-date", on="2003-01-01").csv()

    assert text.splitlines()[0] == "state,name,certainty,since,suspension,reason"
    assert len(text.splitlines()) == 7


def test_an_answer_may_have_no_rows():
    rows = csto.ask("members-on-date", on=dt.date(1991, 1, 1))

    assert list(rows) == []
    assert rows.csv() == "state,name,certainty,since,suspension,reason\n"


def test_parameters_are_set_by_name():
    rows = csto.ask("bodies-of-kind", kind="concept:supreme-body")

    assert {row.name for row in rows} == {"Collective Security Council"}


def test_a_wrong_name_gets_a_near_one():
    with pytest.raises(UsageError, match="Did you mean members-on-date"):
        csto.ask("member-on-date")


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Joint headquarters", "body/joint-staff"),
        ("United Staff", "body/joint-staff"),
        ("body:joint-staff", "body/joint-staff"),
        ("the council of ministers of defense", "body/council-of-defence-ministers"),
        ("Совет коллективной безопасности", "body/collective-security-council"),
    ],
)
def test_a_thing_is_found_by_any_of_its_names(name, slug):
    thing = csto.find(name)

    assert thing.iri.endswith(slug)
    assert set(thing.labels) == {"en", "ru"}
    assert thing.statements


def test_graph_and_store_hold_the_same_statements(graph):
    triples = {quad.triple for quad in graph.quads}

    assert len(csto.graph()) == len(triples)
    assert len(csto.store()) == len(set(graph.quads)) + len(triples)


def test_importing_reads_nothing_until_asked():
    code = (
        "import sys, csto; print([m for m in sys.modules if 'rdf' in m or 'oxi' in m])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(ROOT / "scripts")},
    )

    assert done.stdout == "[]\n"


def test_what_is_not_offered_does_not_exist():
    with pytest.raises(AttributeError):
        csto.bogus  # noqa: B018 -- the access is the test
