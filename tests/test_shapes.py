"""Shapes and checks: the path of a case is the law that it must fire, and no other."""

import re
from functools import cache

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SH, SKOS

from conftest import CASES, ROOT
from csto.names import PREFIXES, SHAPE, TERM
from csto.queries import read_query
from csto.read import read
from csto.validate import COLUMNS, to_rdflib

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:rdflib"  # it calls its own old names
)

OWN = "ontology"
"""The file of the laws that the ontology alone has to meet."""

PATHS = {SH.inversePath, SH.alternativePath, SH.zeroOrOnePath}
BEYOND_CORE = {
    SH.sparql,
    SH.js,
    SH.rule,
    SH.expression,
    SH.select,
    SH.ask,
    SH.target,
    SH.deactivated,
}
SEVERITIES = {SH.Violation, SH.Warning, SH.Info}

FILES = sorted((ROOT / "shapes").glob("*.ttl"))
SHAPE_CASES = sorted((CASES / "shapes").glob("*/*.ttl"))
CHECKS = sorted((ROOT / "shapes" / "checks").glob("*.rq"))
CHECK_CASES = sorted((CASES / "checks").glob("*/*.trig"))


@cache
def graph_of(*paths):
    return to_rdflib(quad for path in paths for quad in read(path).quads)


@cache
def ontology():
    return graph_of(*sorted((ROOT / "ontology").glob("*.ttl")))


@cache
def shapes():
    return graph_of(*FILES)


@cache
def laws_beside(name):
    """Return the shapes that are validated together with the law *name*."""
    own = {path for path in FILES if path.stem == OWN}
    is_own = (rdflib.URIRef(SHAPE + name), None, None) in graph_of(*own)
    return graph_of(*own) if is_own else graph_of(*sorted({*FILES} - own))


def local(iri):
    return str(iri).removeprefix(SHAPE)


def curie(iri):
    """Return the short form of *iri* in the prefixes of the project."""
    found = [(n, p) for p, n in PREFIXES.items() if str(iri).startswith(n)]
    namespace, prefix = max(found, key=lambda x: len(x[0]))
    return f"{prefix}:{str(iri).removeprefix(namespace)}"


LAWS = sorted(local(s) for s in set(shapes().subjects(SH.message)))
PROPERTY_SHAPES = sorted(map(local, shapes().subjects(RDF.type, SH.PropertyShape)))
NODE_SHAPES = sorted(map(local, shapes().subjects(RDF.type, SH.NodeShape)))
CLASSES = sorted(
    str(c) for c in ontology().subjects(RDF.type, OWL.Class) if str(c).startswith(TERM)
)


def values(name, predicate):
    return list(shapes().objects(rdflib.URIRef(SHAPE + name), predicate))


def predicates(path):
    """Yield the predicates of which the SHACL path *path* is made."""
    if isinstance(path, rdflib.URIRef):
        yield path
    else:
        for key, part in shapes().predicate_objects(path):
            if key != RDF.rest or part != RDF.nil:
                yield from predicates(part)


def case_name(path):
    return f"{path.parent.name}/{path.stem}"


def is_valid(path):
    return path.stem.startswith("valid")


def valid_one(path):
    """Return the valid case of which the invalid case *path* is a change."""
    twin = path.with_name(path.name.removeprefix("in"))
    return twin if twin.exists() else path.with_name(f"valid{path.suffix}")


def statements(path):
    return {quad.triple for quad in read(path).quads}


def head(path):
    return path.read_text(encoding="utf-8").split("\n", 1)[0]


def test_there_are_laws_and_cases_to_prove_them():
    assert LAWS
    assert PROPERTY_SHAPES
    assert NODE_SHAPES
    assert CLASSES
    assert SHAPE_CASES
    assert CHECKS
    assert CHECK_CASES


@pytest.mark.parametrize("case", SHAPE_CASES, ids=case_name)
def test_a_case_fires_the_law_it_is_filed_under(case):
    data = to_rdflib(read(case).quads)
    for statement in ontology().triples((None, RDFS.subClassOf, None)):
        data.add(statement)
    law = case.parent.name
    _, report, text = pyshacl.validate(
        data, shacl_graph=laws_beside(law), inference="none", inplace=True
    )
    fired = {
        (
            local(report.value(result, SH.sourceShape)),
            local(report.value(result, SH.resultSeverity)).removeprefix(str(SH)),
        )
        for result in report.objects(None, SH.result)
    }
    severity = head(case).removeprefix("# ").split(":")[0]

    assert fired == (set() if is_valid(case) else {(law, severity)}), text


@pytest.mark.parametrize("law", LAWS)
def test_a_law_has_a_valid_and_an_invalid_case(law):
    kinds = {is_valid(path) for path in SHAPE_CASES if path.parent.name == law}

    assert kinds == {True, False}


def test_every_folder_of_cases_is_named_for_a_law():
    assert {path.parent.name for path in SHAPE_CASES} == set(LAWS)


@pytest.mark.parametrize(
    "case", [c for c in SHAPE_CASES if not is_valid(c)], ids=case_name
)
def test_an_invalid_case_is_a_valid_one_with_one_fact_changed(case):
    right, wrong = statements(valid_one(case)), statements(case)
    names = [
        {term.value for triple in side for term in triple if hasattr(term, "value")}
        for side in (right - wrong, wrong - right)
    ]
    is_one_statement = len(right - wrong) <= 1 and len(wrong - right) <= 1
    is_one_name = {len(names[0] - names[1]), len(names[1] - names[0])} == {1}

    assert right != wrong
    assert is_one_statement or is_one_name


@pytest.mark.parametrize("law", LAWS)
def test_a_law_has_one_message_in_english_and_one_in_russian(law):
    messages = values(law, SH.message)

    assert sorted(m.language for m in messages) == ["en", "ru"]
    assert all(re.fullmatch(r"[^\s].*\.", m) for m in messages)


@pytest.mark.parametrize("law", PROPERTY_SHAPES)
def test_the_messages_of_a_law_name_its_property(law):
    (path,) = values(law, SH.path)
    terms = [curie(term) for term in predicates(path) if term != SKOS.inScheme]

    assert all(term in message for term in terms for message in values(law, SH.message))


@pytest.mark.parametrize("law", LAWS)
def test_a_law_has_one_severity(law):
    assert len(values(law, SH.severity)) == 1
    assert set(values(law, SH.severity)) <= SEVERITIES


@pytest.mark.parametrize("name", PROPERTY_SHAPES)
def test_a_property_shape_is_listed_by_the_node_shape_of_its_name(name):
    users = {
        local(s) for s in shapes().subjects(SH.property, rdflib.URIRef(SHAPE + name))
    }

    assert users == {name.split("-")[0]}
    assert name in LAWS


def test_a_node_shape_lists_only_laws_that_exist():
    listed = {local(o) for o in shapes().objects(None, SH.property)}

    assert listed == set(PROPERTY_SHAPES)


@pytest.mark.parametrize("name", NODE_SHAPES)
def test_a_node_shape_has_a_label_and_a_use(name):
    iri = rdflib.URIRef(SHAPE + name)
    targets = [SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf]
    users = (SH.node, SH["not"], RDF.first)
    uses = [s for p in users for s in shapes().subjects(p, iri)]

    assert [label.language for label in values(name, RDFS.label)] == ["en"]
    assert uses or any(values(name, target) for target in targets)


@pytest.mark.parametrize("iri", CLASSES, ids=lambda i: i.removeprefix(TERM))
def test_a_class_of_ours_has_a_shape_of_its_name(iri):
    name = iri.removeprefix(TERM)

    assert values(name, SH.targetClass) == [rdflib.URIRef(iri)]


def test_every_term_of_shacl_that_is_used_exists():
    terms = {t for triple in shapes() for t in triple if str(t).startswith(str(SH))}

    assert not {t for t in terms if t not in SH}


def test_shapes_are_shacl_core():
    assert not BEYOND_CORE & set(shapes().predicates())


def test_blank_nodes_are_lists_and_paths_only():
    blanks = {s for s in shapes().subjects() if isinstance(s, rdflib.BNode)}
    lists = set(shapes().subjects(RDF.first))
    paths = {s for path in PATHS for s in shapes().subjects(path)}

    assert blanks == lists | paths


def test_patterns_are_those_that_all_engines_read():
    patterns = set(map(str, shapes().objects(None, SH.pattern)))

    assert patterns
    assert not [p for p in patterns if not (p.startswith("^") and p.endswith("$"))]
    assert not [p for p in patterns if re.search(r"\\[^.S]|\(\?|[+*]\)[+*]", p)]


def test_languages_are_english_and_russian():
    lists = [list(shapes().items(o)) for o in shapes().objects(None, SH.languageIn)]

    assert lists
    assert {str(language) for list_ in lists for language in list_} == {"en", "ru"}


@pytest.mark.parametrize("path", CHECKS, ids=lambda p: p.stem)
def test_a_check_is_named_for_its_fault_and_says_problem_and_remedy(path):
    query = read_query(path)

    assert query.title.lower().replace(" ", "-") == path.stem
    assert re.fullmatch(r"Problem: .*\. Remedy: .*\.", query.meaning)


@pytest.mark.parametrize("path", CHECKS, ids=lambda p: p.stem)
def test_a_check_has_a_valid_and_an_invalid_case(path):
    kinds = {is_valid(case) for case in CHECK_CASES if case.parent.name == path.stem}

    assert kinds == {True, False}


def test_every_folder_of_cases_is_named_for_a_check():
    assert {case.parent.name for case in CHECK_CASES} == {p.stem for p in CHECKS}


@pytest.mark.parametrize(
    "case", [c for c in CHECK_CASES if not is_valid(c)], ids=case_name
)
def test_an_invalid_case_of_a_check_is_the_valid_one_with_a_fact_or_two_changed(case):
    right, wrong = set(read(valid_one(case)).quads), set(read(case).quads)

    assert right != wrong
    assert len(right - wrong) <= 2
    assert len(wrong - right) <= 2


def by_oxigraph(path, case):
    store = ox.Store()
    store.bulk_load(path=str(case), format=ox.RdfFormat.TRIG)
    rows = store.query(path.read_text("utf-8"), use_default_graph_as_union=True)
    assert [v.value for v in rows.variables] == list(COLUMNS)
    return [tuple(term.value for term in row) for row in rows]


def by_rdflib(path, case):
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(case, format="trig")
    return [tuple(map(str, row)) for row in dataset.query(path.read_text("utf-8"))]


@pytest.mark.parametrize("case", CHECK_CASES, ids=case_name)
def test_two_engines_find_the_same_offenders_in_the_same_order(case):
    path = ROOT / "shapes" / "checks" / f"{case.parent.name}.rq"
    rows = by_oxigraph(path, case)

    assert bool(rows) != is_valid(case)
    assert len(set(rows)) == len(rows)
    assert by_rdflib(path, case) == rows
