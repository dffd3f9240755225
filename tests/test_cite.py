"""Where an answer stands: passages, lines, and spells on a day."""

import csv
import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import csto
from conftest import ROOT, run_csto
from csto import cite
from csto.errors import UsageError

FIRST, LAST = dt.date(1991, 1, 1), dt.date(2026, 12, 31)
SIX = {"armenia", "belarus", "kazakhstan", "kyrgyzstan", "russia", "tajikistan"}
SIGNED = {"armenia", "kazakhstan", "kyrgyzstan", "russia", "tajikistan", "uzbekistan"}
LATER = {"azerbaijan", "belarus", "georgia"}
CEASED = {"azerbaijan", "georgia", "uzbekistan"}


def year(number):
    return dt.date(number, 1, 1), dt.date(number, 12, 31)


def read_parties(day):
    """Return the parties to the Treaty on *day*, as a reader of the documents would.

    Six states signed on 15 May 1992, three joined in 1993, and three of the nine
    ceased with the Protocol of 1999.
    """
    found = {}
    for state in SIGNED | LATER:
        signed = dt.date(1992, 5, 15)
        begin = (signed, signed) if state in SIGNED else year(1993)
        end = year(1999) if state in CEASED else (dt.date.max, dt.date.max)
        if begin[1] <= day < end[0]:
            found[state] = "certain"
        elif begin[0] <= day < end[1]:
            found[state] = "possible"
    return found


def read_members(day):
    """Return the members on *day*: six from May 2002, Uzbekistan from summer 2006."""
    found = dict.fromkeys(SIX, "certain") if day >= dt.date(2002, 5, 14) else {}
    if day >= dt.date(2006, 8, 31):
        found["uzbekistan"] = "certain"
    elif day >= dt.date(2006, 6, 1):
        found["uzbekistan"] = "possible"
    return found


def read_suspended(day):
    first, last = year(2012)
    return "none" if day < first else "possible" if day < last else "certain"


def asked(question, day):
    rows = csto.ask(question, on=day)
    return {row.state.rpartition("/")[2]: row for row in rows}


@settings(max_examples=60)
@given(st.dates(FIRST, LAST))
def test_parties_on_any_day_are_those_that_a_reader_finds(day):
    rows = asked("treaty-parties-on-date", day)

    assert {s: r.certainty for s, r in rows.items()} == read_parties(day)


@settings(max_examples=60)
@given(st.dates(FIRST, LAST))
def test_members_on_any_day_are_those_that_a_reader_finds(day):
    rows = asked("members-on-date", day)
    uzbekistan = rows.get("uzbekistan")

    assert {s: r.certainty for s, r in rows.items()} == read_members(day)
    assert uzbekistan is None or uzbekistan.suspension == read_suspended(day)


@settings(max_examples=60)
@given(st.dates(FIRST, LAST))
def test_spells_in_python_are_those_that_a_reader_finds(graph, day):
    spells = cite.spells(graph.quads, day.isoformat())
    participations = {
        spell.rpartition("/")[2].split("-treaty")[0]: certainty
        for spell, certainty in spells.items()
        if "/participation/" in spell and certainty != "none"
    }

    assert participations == read_parties(day)


def test_a_day_that_is_none_is_refused():
    with pytest.raises(UsageError, match="is no day"):
        cite.spells([], "2008")


def test_graphs_are_cited_by_document():
    source = "https://w3id.org/csto/id/source/"
    graphs = [f"{source}a#L1", f"{source}a#L2S3", f"{source}b#L4"]

    assert cite.cited([*graphs, "https://w3id.org/csto/graph/register"]) == (
        "a L1, L2S3; b L4; register"
    )


def test_show_names_passages_and_lines():
    shown = run_csto("show", "event:renewal-of-uzbekistan").stdout

    assert "csto:date" in shown
    line = next(x for x in shown.splitlines() if x.startswith("csto:date"))
    assert "csto-anniversary-2020 L21S2" in line
    assert "data/claims/csto-anniversary-2020.trig:" in line


def test_show_on_a_day_leaves_out_what_does_not_hold():
    early = run_csto("show", "state:uzbekistan", "--on", "1995-01-01").stdout
    late = run_csto("show", "state:uzbekistan", "--on", "2006-07-01").stdout

    assert "participation:uzbekistan-treaty-1992 (certain on 1995-01-01)" in early
    assert "membership:uzbekistan-2006" not in early
    assert "membership:uzbekistan-2006 (possible on 2006-07-01)" in late
    assert "participation:uzbekistan-treaty-1992" not in late


def test_evidence_adds_the_passages_of_each_row():
    done = run_csto("query", "members-on-date", "--evidence")
    row = next(x for x in done.stdout.splitlines() if "state:uzbekistan" in x)

    assert "csto-anniversary-2020" in row


def test_labels_come_in_russian():
    done = run_csto("query", "members-on-date", "--lang", "ru", "--results", "csv")
    names = [row["name"] for row in csv.DictReader(io.StringIO(done.stdout))]

    assert "Армения" in names


def test_markdown_is_a_table():
    lines = run_csto("query", "members-on-date", "--results", "markdown").stdout

    assert lines.splitlines()[1] == "| --- | --- | --- | --- | --- | --- |"


def test_explain_shows_the_question_and_asks_nothing():
    text = run_csto(
        "query", "members-on-date", "--explain", "--on", "2001-01-01"
    ).stdout

    assert text.startswith("# Which states were members")
    assert '"2001-01-01"^^' in text


def test_the_list_is_grouped():
    lines = run_csto("query", "--list").stdout.splitlines()

    assert lines[0] == "time"
    assert any(line.startswith("  members-on-date ") for line in lines)
    assert len([line for line in lines if line.startswith("  ")]) >= 60


def test_the_shell_completes_names_of_questions():
    environment = {
        "_CSTO_COMPLETE": "complete_bash",
        "COMP_WORDS": "csto query members-on",
        "COMP_CWORD": "2",
    }
    program = Path(sys.executable).parent / "csto"
    done = subprocess.run(
        [program],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | environment,
    )

    assert done.stdout.split() == ["members-on-date"]
