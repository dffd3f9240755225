"""This module asks two reasoners whether ontology and data contradict themselves."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from csto.names import OWL, RDF
from csto.serialise import lines
from csto.validate import to_rdflib

TYPE: Final = NamedNode(RDF + "type")
PROPERTY: Final = NamedNode(OWL + "ObjectProperty")
ERROR: Final = "http://www.daml.org/2002/03/agents/agent-ont#error"


def logical(quads: Iterable[Quad]) -> list[Quad]:
    """Return *quads* without literals, each property declared as an object property.

    HermiT refuses `xsd:date`, which is outside the OWL 2 datatype map, and no
    axiom of ours speaks of literals. Imports are left out: Owlready would fetch them.
    """
    kept = {q.triple for q in quads if not isinstance(q.object, Literal)}
    kept = {t for t in kept if t.predicate.value != OWL + "imports"}
    datatype = NamedNode(OWL + "DatatypeProperty")
    kept = {t for t in kept if t.object != datatype}
    used = {t.predicate for t in kept if not _is_language(t.predicate)}
    kept |= {Triple(p, TYPE, PROPERTY) for p in used}
    return [Quad(*t) for t in kept]


def _is_language(predicate: NamedNode) -> bool:
    return predicate.value.startswith(
        (RDF, OWL, "http://www.w3.org/2000/01/rdf-schema#")
    )


def has_java() -> bool:
    """Tell whether HermiT can run."""
    return shutil.which("java") is not None


def contradiction_by_hermit(quads: Iterable[Quad]) -> str:
    """Return what HermiT (OWL 2 DL) says against *quads*, or an empty string."""
    import owlready2  # noqa: PLC0415 -- half a second that only this check needs

    world = owlready2.World()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "logical.nt"
        path.write_bytes(lines(logical(quads)))
        ontology = world.get_ontology(path.as_uri()).load()
        silence = io.StringIO()
        with contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
            try:
                with ontology:
                    owlready2.sync_reasoner_hermit(world, debug=0)
            except owlready2.OwlReadyInconsistentOntologyError:
                return "The ontology and the data contradict each other."
    empty = sorted(c.iri for c in world.inconsistent_classes())
    return f"Classes that can have no instance: {', '.join(empty)}." if empty else ""


def contradictions_by_owl_rl(quads: Iterable[Quad]) -> list[str]:
    """Return what the OWL 2 RL rules of owlrl say against *quads*, sorted."""
    import owlrl  # noqa: PLC0415 -- a third of a second that only this check needs

    graph = to_rdflib(logical(quads))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return sorted({str(o) for _, p, o in graph if str(p) == ERROR})
