"""Questions: each is answered as someone read it in the documents."""

import csv

import pytest

from conftest import CASES, ROOT
from csto import answers, queries

QUESTIONS = sorted((ROOT / "ontology/questions").glob("*.rq"))
ANSWERS = sorted((CASES / "questions").glob("*.csv"))


def question_of(answer):
    """Return name and parameters of a case: `members-on-date@day=2003-01-01.csv`."""
    name, _, pairs = answer.stem.partition("@")
    return name, dict(pair.split("=", 1) for pair in pairs.split("@") if pair)


def rows_of(answer):
    with answer.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)]


@pytest.fixture(scope="module")
def store(graph):
    return answers.store(graph)


def test_there_are_questions_and_answers():
    assert QUESTIONS
    assert len(ANSWERS) >= len(QUESTIONS)


def test_every_answer_belongs_to_a_question():
    assert {question_of(a)[0] for a in ANSWERS} <= {q.stem for q in QUESTIONS}


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_every_question_has_an_answer_to_its_defaults(path):
    assert (CASES / "questions" / f"{path.stem}.csv").exists()


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda p: p.stem)
def test_the_question_is_answered_as_read(answer, store):
    name, values = question_of(answer)
    path = ROOT / "ontology/questions" / f"{name}.rq"
    text = answers.bind(queries.read_query(path).text, values)

    header, rows = answers.table(queries.answer(store, path, text))

    assert [tuple(header), *map(tuple, rows)] == rows_of(answer)


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda p: p.stem)
def test_a_title_is_a_question_and_every_row_has_its_place(path):
    question = queries.read_query(path)

    assert question.title.endswith("?")
    assert "ORDER BY" in question.text
    assert "SELECT *" not in question.text
