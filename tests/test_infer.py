"""Inference: dates have sound bounds, and each rule concludes what it should."""

import calendar
import datetime as dt
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from conftest import CASES, ROOT
from csto.errors import CstoError, SourceError
from csto.infer import DATE, EARLIEST, LATEST, bounds, days, infer
from csto.names import EDTF, PREFIXES, THING
from csto.read import read
from csto.rooms import INFERRED, REGISTER, in_graph

RULES = {path.stem: path for path in sorted((ROOT / "ontology/rules").glob("*.rq"))}
FOLDERS = {path.name: path for path in sorted((CASES / "rules").iterdir())}
EXAMPLE = "http://example.org/"


@pytest.mark.parametrize(
    ("edtf", "first", "last"),
    [
        ("2006", "2006-01-01", "2006-12-31"),
        ("2006-02", "2006-02-01", "2006-02-28"),
        ("2008-02", "2008-02-01", "2008-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("2006-12", "2006-12-01", "2006-12-31"),
        ("2006-07-15", "2006-07-15", "2006-07-15"),
        ("2008-02-29", "2008-02-29", "2008-02-29"),
        ("2006-21", "2006-03-01", "2006-05-31"),
        ("2006-22", "2006-06-01", "2006-08-31"),
        ("2006-23", "2006-09-01", "2006-11-30"),
        ("2006-24", "2006-01-01", "2006-12-31"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_date_has_a_first_and_a_last_day(edtf, first, last):
    assert [day.isoformat() for day in bounds(edtf)] == [first, last]


@pytest.mark.parametrize(
    "edtf",
    [
        *("", "x", "2006-", "2006-7", "2006-00", "2006-13", "2006-20", "2006-25"),
        *("2006-02-30", "2006-02-29", "2006-04-31", "2006-07-00", "2006-07-32"),
        *("2006-22-01", "0000", "-0044", "12006", "Y12006", "20060715", "06"),
        *("2006?", "2006~", "2006%", "200X", "2006-XX", "2006-07-XX", "uuuu"),
        *("2006/2007", "2006/..", "../2006", "/2006", "[2006,2007]", "{2006}"),
        *("2006-07-15T10:00:00Z", "2006-07-15Z", " 2006", "2006 ", "2006\n"),
        *("summer 2006", "2006-S2", "2006-Q2", "2006-W22", "２００６", "2006-41"),
    ],
)
def test_what_is_no_day_month_season_or_year_is_refused(edtf):
    with pytest.raises(ValueError, match=rf"^{re.escape(edtf)}\Z"):
        bounds(edtf)


few = settings(max_examples=15)  # reading one date takes ten milliseconds


@few
@given(st.dates())
def test_a_day_lies_in_its_month_its_month_in_its_year(day):
    text = day.isoformat()
    last = calendar.monthrange(day.year, day.month)[1]

    assert bounds(text) == (day, day)
    assert bounds(text[:7]) == (day.replace(day=1), day.replace(day=last))
    assert bounds(text[:4]) == (dt.date(day.year, 1, 1), dt.date(day.year, 12, 31))


@few
@given(st.integers(1, 9999))
def test_seasons_lie_in_their_year_and_follow_each_other(year):
    spans = [bounds(f"{year:04}-{season}") for season in (21, 22, 23)]
    whole = bounds(f"{year:04}")

    assert all(whole[0] < first < last < whole[1] for first, last in spans)
    assert all(a[1] + dt.timedelta(1) == b[0] for a, b in pairwise(spans))
    assert bounds(f"{year:04}-24") == whole


@few
@given(st.integers(1, 9999), st.integers(1, 12))
def test_a_month_lies_in_a_season(year, month):
    first, last = bounds(f"{year:04}-{month:02}")
    spans = [bounds(f"{year:04}-{season}") for season in (21, 22, 23, 24)]
    around = [span for span in spans if span[0] <= first <= last <= span[1]]

    assert len(around) == (1 if month in {12, 1, 2} else 2)


def dated(name, *dates):
    """Return the statements that *name* has each of *dates*."""
    subject = NamedNode(EXAMPLE + name)
    datatype = NamedNode(EDTF + "EDTF")
    return [Quad(subject, DATE, Literal(d, datatype=datatype)) for d in dates]


def spans(quads):
    """Return earliest and latest day of each subject, by its name."""
    found = {}
    for subject, predicate, day in days(quads):
        name = subject.value.removeprefix(EXAMPLE)
        found.setdefault(name, {})[predicate] = day.value
    return {name: (span[EARLIEST], span[LATEST]) for name, span in found.items()}


def test_several_dates_narrow_each_other():
    quads = dated("a", "2006", "2006-22", "2006-07") + dated("b", "2006")

    assert spans(quads) == {
        "a": ("2006-07-01", "2006-07-31"),
        "b": ("2006-01-01", "2006-12-31"),
    }


def test_of_contradictory_dates_the_earliest_lies_behind_the_latest():
    assert spans(dated("a", "2006-07", "2005")) == {"a": ("2006-07-01", "2005-12-31")}


@few
@given(st.lists(st.tuples(st.dates(), st.sampled_from([4, 7, 10])), min_size=1))
def test_dates_leave_the_days_that_all_of_them_allow(dates):
    texts = [day.isoformat()[:length] for day, length in dates[:4]]
    pairs = [bounds(text) for text in texts]
    first, last = max(p[0] for p in pairs), min(p[1] for p in pairs)

    assert spans(dated("a", *texts)) == {"a": (first.isoformat(), last.isoformat())}
    assert spans(dated("a", *texts[::-1])) == spans(dated("a", *texts))


def test_other_properties_are_no_dates():
    quad = Quad(NamedNode(EXAMPLE), EARLIEST, Literal("2006"))

    assert list(days([quad])) == []


def test_a_wrong_date_is_named_with_its_subject():
    with pytest.raises(CstoError) as refused:
        infer(dated("a", "2006-13"), {})

    assert str(refused.value) == (
        f"2006-13 of <{EXAMPLE}a> is no EDTF date. "
        "Write 2006, 2006-22, 2006-07 or 2006-07-15."
    )


def test_every_rule_has_a_case_and_every_case_a_rule():
    assert len(RULES) > 10
    assert set(FOLDERS) == set(RULES)


@pytest.mark.parametrize("rule", FOLDERS)
def test_exactly_what_follows_is_concluded(rule):
    (file,) = FOLDERS[rule].glob("given.*")
    given = in_graph(read(file), None if file.suffix == ".trig" else REGISTER)
    then = {quad.triple for quad in read(FOLDERS[rule] / "then.ttl").quads}

    concluded = infer(given, {rule: RULES[rule]})

    assert then
    assert {quad.triple for quad in concluded} == then
    assert {quad.graph_name for quad in concluded} == {INFERRED}


@pytest.mark.parametrize("rule", FOLDERS)
def test_a_case_says_what_it_shows(rule):
    files = sorted(FOLDERS[rule].iterdir())

    assert len(files) == 2
    assert all(path.read_text(encoding="utf-8").startswith("# ") for path in files)


def write_rule(folder, text):
    """Write a rule with *text* and return it as `infer` takes it."""
    path = folder / "rule.rq"
    path.write_text(text, encoding="utf-8")
    return {"rule": path}


GIVEN = [Quad(NamedNode(EXAMPLE + n), DATE, Literal("2006"), REGISTER) for n in "ba"]


def test_conclusions_are_sorted_new_and_distinct(tmp_path):
    rule = write_rule(tmp_path, "CONSTRUCT { ?s ?p ?o . ?s ?p 1 } WHERE { ?s ?p ?o }")

    concluded = infer([*GIVEN, *GIVEN], rule)

    assert concluded == sorted(set(concluded), key=str)
    assert not {quad.triple for quad in concluded} & {quad.triple for quad in GIVEN}
    assert len([quad for quad in concluded if quad.predicate == DATE]) == 2


def test_rules_build_on_each_other_whatever_their_order():
    rules = {name: RULES[name] for name in ("simultaneous-events", "begin-of-spells")}
    event, spell = PREFIXES["event"], PREFIXES["membership"]
    with_ = NamedNode(PREFIXES["csto"] + "simultaneousWith")
    begins = NamedNode(PREFIXES["csto"] + "begins")
    quads = [
        Quad(NamedNode(spell + "a"), begins, NamedNode(event + "late"), REGISTER),
        Quad(NamedNode(event + "late"), with_, NamedNode(event + "dated"), REGISTER),
        Quad(NamedNode(event + "dated"), DATE, Literal("2006-07-15"), REGISTER),
    ]

    forward = infer(quads, rules)
    backward = infer(quads, dict(reversed(rules.items())))

    assert forward == backward
    assert {quad.subject.value for quad in forward} >= {spell + "a", event + "late"}


def test_rules_that_never_come_to_rest_are_stopped(tmp_path):
    rule = write_rule(
        tmp_path,
        "CONSTRUCT { ?next ?p ?o } WHERE { ?s ?p ?o "
        'BIND(IRI(CONCAT(STR(?s), "x")) AS ?next) }',
    )

    with pytest.raises(CstoError, match="do not come to rest in 20 rounds"):
        infer(GIVEN, rule)


def test_a_chain_as_long_as_ours_never_is_comes_to_rest(tmp_path):
    follows = NamedNode(EXAMPLE + "follows")
    nodes = [NamedNode(f"{EXAMPLE}{n}") for n in range(65)]
    chain = [Quad(a, follows, b, REGISTER) for a, b in pairwise(nodes)]
    rule = write_rule(
        tmp_path,
        f"CONSTRUCT {{ ?a <{EXAMPLE}follows> ?c }}\n"
        f"WHERE {{ ?a <{EXAMPLE}follows> ?b . ?b <{EXAMPLE}follows> ?c }}",
    )

    assert len(infer(chain, rule)) == 64 * 63 / 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ASK {}", "rule.rq:1:1: Not a CONSTRUCT. Write one."),
        ("SELECT * WHERE {\n  ?s ?p ?o\n}", "rule.rq:1:1: Not a CONSTRUCT."),
        ("CONSTRUCT {\n  ?s ?p\n}", "rule.rq:3:1: Not SPARQL: expected"),
        ("CONSTRUCT {} { SERVICE <http://a/> {} }", "rule.rq:1:16: SERVICE reaches"),
    ],
)
def test_what_is_no_rule_is_refused_where_it_stands(text, message, tmp_path):
    with pytest.raises(SourceError) as refused:
        infer(GIVEN, write_rule(tmp_path, text))

    assert message in str(refused.value)


def test_our_own_graph_is_at_rest(project, graph):
    rules = project.queries("ontology/rules")
    again = infer(graph.quads, rules)

    assert again == []


def test_nothing_is_concluded_of_a_thing_that_nobody_names(graph):
    known = {q.subject for q in graph.quads if q.graph_name != INFERRED}
    known |= {q.object for q in graph.quads if q.graph_name != INFERRED}
    concluded = [q for q in graph.quads if q.graph_name == INFERRED]
    things = [q.subject for q in concluded if q.subject.value.startswith(THING)]

    assert things
    assert [thing for thing in things if thing not in known] == []
