"""The rooms: one direction of imports, one place for IRIs, one statement one graph."""

import ast

import pytest

from conftest import ROOT
from csto.errors import SourceError, UsageError
from csto.rooms import find_root, open_project

PACKAGE = ROOT / "scripts" / "csto"
MODULES = sorted(PACKAGE.rglob("*.py"))
FLOW = [
    "names",
    "errors",
    "finding",
    "read",
    "layout",
    "locate",
    "queries",
    "rooms",
    "infer",
    "serialise",
    "jsonld",
    "catalogue",
    "release",
    "profile",
    "lint",
    "evidence",
    "validate",
    "vetting.__init__",
    "vetting.lexical",
    "vetting.foreign",
    "vetting.pairs",
    "vetting.reading",
    "vetting.parse",
    "vetting.task",
    "vetting.wording",
    "vetting.core",
    "vetting.laws",
    "vetting.wellformed",
    "vetting.aims",
    "vetting.engine",
    "vetting.ours",
    "vetting.judge",
    "vetting.sandbox",
    "vetting.report",
    "vetting.exchange",
    "vetting.vet",
    "consistency",
    "check",
    "publish",
    "answers",
    "cite",
    "endpoint",
    "api",
    "terminal",
    "beside",
    "cli_query",
    "cli_validate",
    "cli",
    "__main__",
    "__init__",
]


def name_of(path):
    """Return the name of the module at *path* within the package."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def imports(path):
    """Return the names of our own modules that the module at *path* imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            package, _, module = node.module.partition(".")
            if package == "csto" and module in ("", "vetting"):
                names |= {".".join(filter(None, (module, n.name))) for n in node.names}
            elif package == "csto":
                names.add(module)
    return names


def test_every_module_has_its_place_in_the_flow():
    assert sorted(map(name_of, MODULES)) == sorted(FLOW)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_knows_only_those_before_it(path):
    before = FLOW[: FLOW.index(name_of(path))]

    assert imports(path) <= set(before)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_names_spells_base_iris(path):
    if path.stem == "names":
        return
    strings = [
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert not [s for s in strings if s.startswith("https://w3id.org/csto")]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_is_in_one_line(path):
    first = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))).splitlines()[
        0
    ]

    assert first.endswith(".")
    assert len(first) <= 88


def test_every_statement_of_a_claims_file_lies_in_a_passage_of_its_source(rooms):
    file = rooms / "data/claims/csto-anniversary-2020.trig"
    text = file.read_text(encoding="utf-8").replace("ann:L13 {", "ann:L13-other {", 1)
    file.write_text(text.replace("csto-anniversary-2020#>", "elsewhere#>", 1))

    with pytest.raises(SourceError, match="no passage of csto-anniversary-2020"):
        open_project(rooms)


def test_a_claim_outside_of_a_passage_is_refused(rooms):
    file = rooms / "data/claims/csto-anniversary-2020.trig"
    file.write_text(file.read_text(encoding="utf-8") + "\nact:charter a csto:Act .\n")

    with pytest.raises(SourceError, match="lies in no passage"):
        open_project(rooms)


def test_a_folder_without_rooms_is_named_in_the_error(tmp_path):
    with pytest.raises(UsageError, match="No rooms"):
        find_root(tmp_path)
