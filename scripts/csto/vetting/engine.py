"""This module asks pySHACL, with the lexical forms of XSD 1.1 instead of Python's."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from csto.errors import UsageError
from csto.names import RDF, SH, SHAPE, STANDARD, XSD
from csto.validate import rdflib_term
from csto.vetting.lexical import fault
from csto.vetting.wording import word

if TYPE_CHECKING:
    import rdflib

SEVERITIES: Final = {
    SH + "Violation": "violation",
    SH + "Warning": "warning",
    SH + "Info": "info",
}
UNREAD: Final = (RDF + "HTML", RDF + "XMLLiteral")
"""Datatypes that rdflib would parse, at a cost that grows faster than the text."""


@dataclass(frozen=True)
class Verdict:
    """One validation result; terms by the names that `reading` knows them by."""

    focus: str
    path: str
    value: str
    shown: str
    severity: str
    message: str
    shape: str
    component: str


def verdicts(
    data: Iterable[tuple[Any, Any, Any]], laws: Iterable[tuple[Any, Any, Any]]
) -> Iterator[Verdict]:
    """Yield what is wrong with *data* by *laws*; raise `UsageError` on ill shapes."""
    import pyshacl  # noqa: PLC0415 -- 0.3 s that only the child needs
    from rdflib import SH as SHACL  # noqa: PLC0415

    _prepare()
    monkey: Any = pyshacl.monkey
    monkey.rdflib_bool_patch()  # of the shapes, only `true` is true
    rules = to_rdflib(laws)
    monkey.rdflib_bool_unpatch()
    try:
        conforms, report, _ = pyshacl.validate(
            to_rdflib(data), shacl_graph=rules, inference="none"
        )
    except (RuntimeError, re.error, ValueError, TypeError, AttributeError) as error:
        raise _ill(error) from None
    if conforms:
        return
    if isinstance(report, Exception):
        raise _ill(report)
    for node in report.objects(None, SHACL.result):
        yield _verdict(report, node, rules)


def _ill(error: Exception) -> UsageError:
    said = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
    return UsageError(f"The shapes cannot be applied: {said}.", "Mend the shapes.")


def _prepare() -> None:
    """Make rdflib leave literals alone, and pySHACL ask `lexical` about their forms."""
    import rdflib  # noqa: PLC0415
    from pyshacl.constraints.core import value_constraints  # noqa: PLC0415

    logging.disable()
    for datatype in UNREAD:
        rdflib.term._toPythonMapping.pop(rdflib.URIRef(datatype), None)  # noqa: SLF001
    component: Any = value_constraints.DatatypeConstraintComponent
    component._assert_actual_datatype = lambda *_: True  # noqa: SLF001


def to_rdflib(triples: Iterable[tuple[Any, Any, Any]]) -> rdflib.Graph:
    """Return *triples* as an rdflib graph whose literals know if they are ill-typed."""
    import rdflib  # noqa: PLC0415

    graph = rdflib.Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(tuple(_term(rdflib, term) for term in triple))
    return graph


def _term(rdflib: Any, term: Any) -> Any:
    twin = rdflib_term(rdflib, term)
    if isinstance(term, ox.Literal):
        twin._ill_typed = any(fault(term.value, term.datatype.value))  # noqa: SLF001
    return twin


def _verdict(report: rdflib.Graph, node: Any, rules: rdflib.Graph) -> Verdict:
    from rdflib import SH as SHACL  # noqa: PLC0415

    def one(predicate: Any) -> Any:
        return report.value(node, predicate)

    path, value, shape = one(SHACL.resultPath), one(SHACL.value), one(SHACL.sourceShape)
    component = str(one(SHACL.sourceConstraintComponent) or "").removeprefix(SH)
    written = (shape, SHACL.message, None) in rules
    return Verdict(
        _focus(one(SHACL.focusNode)),
        "" if path is None else _path(report, path),
        "" if value is None else _name(value),
        "" if value is None else _written(value),
        SEVERITIES.get(str(one(SHACL.resultSeverity)), "violation"),
        (
            _message(report, node)
            if written
            else word(component, _parameters(rules, shape))
        ),
        _name(shape).removeprefix(SHAPE),
        component,
    )


def _message(report: rdflib.Graph, node: Any) -> str:
    from rdflib import SH as SHACL  # noqa: PLC0415

    messages = list(report.objects(node, SHACL.resultMessage))
    english = [str(m) for m in messages if getattr(m, "language", "") in ("en", None)]
    return min(english or map(str, messages), default="Does not conform.")


def _parameters(rules: rdflib.Graph, shape: Any) -> dict[str, str]:
    """Return what the constraints of *shape* name, as people read it."""
    pairs = rules.predicate_objects(shape)
    return {str(p).removeprefix(SH): _short(str(value)) for p, value in pairs}


def _short(text: str) -> str:
    for prefix, namespace in STANDARD.items():
        if text.startswith(namespace) and text != namespace:
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text


def _focus(term: Any) -> str:
    """Return a literal as N-Triples writes it, any other node by its name."""
    return _written(term) if type(term).__name__ == "Literal" else _name(term)


def _name(term: Any) -> str:
    return f"_:{term}" if type(term).__name__ == "BNode" else str(term)


def _written(term: Any) -> str:
    """Return *term* as N-Triples writes it."""
    if type(term).__name__ != "Literal":
        name = _name(term)
        return name if name.startswith("_:") else f"<{name}>"
    if term.language:
        return str(ox.Literal(str(term), language=term.language))
    datatype = str(term.datatype or XSD + "string")
    return str(ox.Literal(str(term), datatype=ox.NamedNode(datatype)))


def _path(report: rdflib.Graph, path: Any, depth: int = 0) -> str:
    """Return a predicate as its IRI, any other path in Turtle."""
    from rdflib import RDF as SYNTAX, URIRef  # noqa: PLC0415, I001

    if isinstance(path, URIRef):
        return f"<{path}>" if depth else str(path)
    if (path, SYNTAX.first, None) in report:
        parts = [_path(report, item, depth + 1) for item in report.items(path)]
        return f"( {' '.join(parts)} )"
    pairs = sorted(report.predicate_objects(path))
    inner = [f"<{p}> {_path(report, o, depth + 1)}" for p, o in pairs]
    return f"[ {' ; '.join(inner)} ]"
