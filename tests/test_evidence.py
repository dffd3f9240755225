"""Evidence: every passage is accounted for, and the documents say what is claimed."""

import csv

import pytest

from conftest import ROOT
from csto.evidence import against_documents, coverage
from csto.names import SOURCE, TERM
from csto.rooms import open_project

CLAIMS = sorted((ROOT / "data/claims").glob("*.trig"))


@pytest.fixture(scope="module")
def listed(documents):
    with (documents / "passages.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def messages(findings):
    return [finding.message for finding in findings]


def test_every_passage_is_accounted_for(project):
    assert messages(coverage(project)) == []


def test_every_listed_passage_has_its_graph(project, listed):
    graphs = {quad.graph_name.value for quad in project.claims()}
    wanted = {f"{SOURCE}{row['source']}#{row['passage']}" for row in listed}

    assert len(wanted) == 265
    assert graphs == wanted


@pytest.mark.parametrize("file", CLAIMS, ids=lambda p: p.stem)
def test_a_claims_file_follows_its_document(file, listed):
    rows = [row for row in listed if row["source"] == file.stem]
    order = [r["passage"] for r in sorted(rows, key=lambda r: int(r["start"]))]
    lines = file.read_text(encoding="utf-8").splitlines()
    graphs = [line.split(":")[1].split()[0] for line in lines if line.endswith(" {")]

    assert graphs == order


def test_the_documents_bear_out_offsets_hashes_and_printed_names(project, documents):
    assert messages(against_documents(project, documents)) == []


def test_no_sentence_of_a_document_is_copied(project, listed, documents):
    texts = {p.stem[4:]: p.read_bytes().decode() for p in documents.glob("*.txt")}
    sentences = {
        texts[row["source"]][int(row["start"]) : int(row["end"])].strip(" .:;-")
        for row in listed
    }
    long = {s for s in sentences if len(s.split()) >= 12}
    words = {TERM + name for name in ("paraphrase", "readingNote", "textDefect")}
    said = [q.object.value for q in project.claims() if q.predicate.value in words]

    assert len(long) > 100
    assert [text for text in said if any(s in text for s in long)] == []


@pytest.fixture
def broken(rooms):
    def edit(old, new, name="claims/csto-anniversary-2020.trig"):
        file = rooms / "data" / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        return open_project(rooms)

    return edit


def test_a_passage_that_nobody_reads_is_found(broken):
    project = broken("ann:L13 {", "ann:L15 {")

    assert messages(coverage(project)) == [
        "csto-anniversary-2020#L13: No claim is made from it, and no reason is given."
    ]


def test_a_graph_that_is_no_passage_is_found(broken):
    project = broken("ann:L47 {", "ann:L48 {")

    assert messages(coverage(project)) == [
        "csto-anniversary-2020#L47: No claim is made from it, and no reason is given.",
        "csto-anniversary-2020#L48: The graph is no registered passage.",
        "csto-anniversary-2020#L48: It carries claims and says that it does not.",
    ]


def test_a_passage_cannot_claim_and_say_that_it_does_not(broken):
    project = broken("ann:L13 {", "ann:L13 { ann:L13 csto:carriesNo concept:heading .")

    assert messages(coverage(project)) == [
        "csto-anniversary-2020#L13: It carries claims and says that it does not."
    ]


def test_a_name_that_is_not_printed_is_found(broken, documents):
    project = broken('"CMFA"@en', '"XCMFA"@en')

    assert messages(against_documents(project, documents)) == [
        'council-of-foreign-ministers: The passage does not print "XCMFA".'
    ]


def test_a_wrong_offset_is_found(broken, documents):
    project = broken(
        "csto:end 1112", "csto:end 1113", "passages/csto-anniversary-2020.ttl"
    )

    assert (
        "Offsets and hash do not fit"
        in messages(against_documents(project, documents))[0]
    )


def test_a_document_that_is_not_there_is_named(project, tmp_path):
    found = messages(against_documents(project, tmp_path))

    assert len(found) == 5
    assert all("has its hash" in message for message in found)
