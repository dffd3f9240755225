"""Lexical forms: what XSD 1.1 takes for a form of a datatype, and nothing else."""

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import CASES
from csto.names import RDF, XSD
from csto.vetting.lexical import FORMS, RANGES, fault, is_known

with (CASES / "validate" / "lexical.tsv").open(encoding="utf-8", newline="") as table:
    PROBES = [
        (row["datatype"], json.loads(row["form"]), row["is"] == "valid")
        for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


def test_there_are_probes_of_every_datatype_both_ways():
    ways = {(name, is_valid) for name, _, is_valid in PROBES}
    anything = {"anyURI"}

    assert len(PROBES) > 100
    assert {n for n in FORMS if (n, True) not in ways} == set()
    assert {n for n in FORMS if (n, False) not in ways} == anything


@pytest.mark.parametrize(("name", "form", "is_valid"), PROBES)
def test_a_form_is_what_the_table_says(name, form, is_valid):
    assert (fault(form, XSD + name) == ("", "")) is is_valid


@pytest.mark.parametrize("name", FORMS)
def test_the_example_of_a_datatype_is_a_form_of_it(name):
    assert fault(FORMS[name][1], XSD + name) == ("", "")


@given(st.dates())
def test_every_day_is_a_date_and_the_day_after_the_last_of_a_month_is_none(day):
    assert not any(fault(day.isoformat(), XSD + "date"))
    assert any(fault(f"{day:%Y-%m}-32", XSD + "date"))


@given(st.integers(), st.sampled_from(sorted(RANGES)))
def test_a_number_is_a_form_if_it_is_in_the_range(number, name):
    least, greatest = RANGES[name]

    assert any(fault(str(number), XSD + name)) is not (least <= number <= greatest)


@given(st.floats())
def test_what_python_writes_for_a_number_is_a_double(number):
    written = str(number).replace("inf", "INF").replace("nan", "NaN")

    assert fault(written, XSD + "double") == ("", "")


@given(st.text(max_size=30), st.sampled_from(sorted({*FORMS, *RANGES})))
def test_any_text_gets_an_answer(text, name):
    message, remedy = fault(text, XSD + name)

    assert bool(message) is bool(remedy)


@pytest.mark.parametrize(
    "form", ["9" * 10_000, "P" + "1Y" * 5_000, "a " * 50_000, "YWJj" * 50_000 + "="]
)
@pytest.mark.parametrize("name", sorted({*FORMS, *RANGES}))
def test_a_long_text_is_answered_at_once(name, form):
    fault(form, XSD + name)


@pytest.mark.parametrize(
    "tag",
    ["en", "zh-Hant-TW", "sr-Latn-RS", "de-1996", "x-own", "i-klingon", "en-a-bb"],
)
def test_a_language_tag_is_well_formed(tag):
    assert fault("text", RDF + "langString", tag) == ("", "")


@pytest.mark.parametrize("tag", ["e", "en_US", "englishenglish", "en-", "1a", "en-a"])
def test_a_language_tag_is_not_well_formed(tag):
    assert any(fault("text", RDF + "langString", tag))


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [("JSON", '{"a": [1, null]}', "{a: NaN}"), ("XMLLiteral", "<b>a</b>&lt;", "<b>a")],
)
def test_a_literal_of_rdf_holds_what_its_datatype_says(name, right, wrong):
    assert fault(right, RDF + name) == ("", "")
    assert any(fault(wrong, RDF + name))


def test_of_other_datatypes_nothing_is_said():
    assert fault("anything", "http://example.org/code") == ("", "")
    assert not is_known(XSD + "dateTIme")
