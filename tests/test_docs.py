"""The documents: what they say is so, now."""

import re
import tomllib

import pytest

from conftest import ROOT, run_csto
from csto.cli import app
from csto.names import TERM
from csto.read import parse_text
from readme import README, rendered

CONTRIBUTING = ROOT / "CONTRIBUTING.md"
TEXTS = {p.name: p.read_text(encoding="utf-8") for p in (README, CONTRIBUTING)}
COMMANDS = sorted(c.name or c.callback.__name__ for c in app.registered_commands)


def test_outputs_and_counts_of_the_readme_are_those_of_today(project, graph):
    assert rendered(TEXTS["README.md"], project, graph) == TEXTS["README.md"]


def test_the_readme_is_short():
    assert len(TEXTS["README.md"].splitlines()) < 150


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name):
    assert f"csto {name}" in TEXTS["README.md"]


def test_every_command_of_the_documents_exists():
    named = {m for text in TEXTS.values() for m in re.findall(r"`csto (\w+)", text)}

    assert named
    assert named <= set(COMMANDS)


def test_every_verb_of_the_documents_is_in_the_makefile():
    verbs = {
        m
        for text in TEXTS.values()
        for m in re.findall(r"(?:`|^    )make ([a-z]+)\b", text, re.MULTILINE)
    }
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert {"release", "test"} <= verbs
    assert [verb for verb in verbs if f"\n{verb}:" not in makefile] == []


def test_every_file_of_the_documents_exists(release):
    named = {
        m
        for text in TEXTS.values()
        for m in re.findall(r"`([\w./-]+\.(?:ttl|nq|jsonld|py|rq|md))`", text)
    }

    assert named
    assert [n for n in named if n not in release and not (ROOT / n).exists()] == []


def test_every_file_of_the_release_is_in_the_readme(release):
    for name in release:
        stem, _, suffix = name.partition(".")
        assert f"`{name}`" in TEXTS["README.md"] or f"`.{suffix}`" in TEXTS["README.md"]
        assert stem in TEXTS["README.md"]


def test_the_question_of_the_readme_is_answered(tmp_path):
    query = re.search(r"```sparql\n(.*?)```", TEXTS["README.md"], re.DOTALL)[1]
    file = tmp_path / "readme.rq"
    file.write_text(query, encoding="utf-8")

    answer = run_csto("query", file, "--results", "csv")

    assert answer.stdout.splitlines()[1].startswith("2006-22,")


BLOCKS = re.findall(r"```(turtle|trig)\n(.*?)```", TEXTS["CONTRIBUTING.md"], re.DOTALL)


def test_contributing_shows_a_claim_and_a_term():
    assert [kind for kind, _ in BLOCKS] == ["trig", "turtle"]


@pytest.mark.parametrize(("kind", "block"), BLOCKS, ids=["trig", "turtle"])
def test_what_contributing_shows_is_in_the_rooms(kind, block, project, tmp_path):
    prefixes = {p: n for d in project.documents for p, n in d.prefixes.items()}
    prefixes["ann"] = next(
        d.prefixes["ann"]
        for d in project.documents
        if d.path.suffix == ".trig" and "ann" in d.prefixes
    )
    head = "".join(f"PREFIX {p}: <{n}>\n" for p, n in prefixes.items())
    suffix = {"turtle": "ttl"}.get(kind, kind)
    shown = parse_text(tmp_path / f"block.{suffix}", head + block).quads
    known = {quad.triple for d in project.documents for quad in d.quads}
    notes = {q for q in shown if q.predicate.value == TERM + "readingNote"}

    assert shown
    assert {quad.triple for quad in set(shown) - notes} <= known


def test_version_and_day_of_citation_are_those_of_the_project():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")

    assert f"\nversion: {settings['project']['version']}\n" in citation
    assert f"\ndate-released: {settings['tool']['csto']['issued']}\n" in citation


HIDDEN = re.compile(r"/work/|/root/|pypi\.org|npmjs|registry\.|mirror", re.IGNORECASE)


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    kept = [p for p in ROOT.rglob("*") if p.is_file() and not _is_built(p)]
    assert len(kept) > 50

    texts = {p: p.read_text(encoding="utf-8", errors="replace") for p in kept}
    found = [
        p.name
        for p, t in texts.items()
        if HIDDEN.search(t) and p.name != "test_docs.py"
    ]

    assert found == []


def _is_built(path):
    parts = set(path.relative_to(ROOT).parts)
    built = {".git", ".venv", ".hypothesis", "node_modules", "dist", ".dist.d"}
    is_cached = any(part.endswith(("_cache", "__pycache__")) for part in parts)
    return is_cached or bool(parts & built)
