"""The outputs and counts of the README as they are now; `make readme` writes them."""

import io
import re
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CONSOLE = re.compile(r"(```console\n\$ (.+)\n)(?:.*\n)*?(```\n)")
COUNTS = re.compile(r"(<!-- counts -->\n)(?:.*\n)*?(<!-- /counts -->\n)")

CLASSES = {
    "csto:Passage": "passages of source documents, each a named graph",
    "csto:State": "states",
    "csto:Body": "bodies",
    "org:Post": "posts",
    "foaf:Person": "people",
    "csto:TreatyParticipation": "spells of states in the Treaty",
    "org:Membership": "memberships and tenures",
    "csto:Act": "legal acts",
    "csto:Event": "events",
    "csto:Force": "forces",
    "csto:Figure": "figures",
    "skos:Concept": "concepts",
}


def output(command):
    """Return what the *command*, a line of the README, prints."""
    from csto.cli import app  # noqa: PLC0415 -- after the path is set

    arguments = shlex.split(command)[1:]
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(out), redirect_stderr(io.StringIO()):
        app(arguments, standalone_mode=False)
        out.flush()
    text = out.buffer.getvalue().decode()
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def counts(project, graph):
    """Return the table of what is in the graph."""
    from csto.answers import expand  # noqa: PLC0415
    from csto.names import RDF, STANDARD  # noqa: PLC0415

    assert STANDARD
    kinds = [q for q in set(graph.quads) if q.predicate.value == RDF + "type"]
    rows = ["| Count | Of what |", "|---:|---|"]
    claims = {(*q.triple, q.graph_name) for q in project.claims()}
    rows.append(f"| {len({q.triple for q in graph.quads}):,} | statements |")
    rows.append(f"| {len(claims):,} | claims, each in the graph of its passage |")
    for name, words in CLASSES.items():
        iri = expand(name)
        things = {q.subject for q in kinds if q.object.value == iri}
        rows.append(f"| {len(things):,} | {words} |")
    return "\n".join(rows) + "\n"


def rendered(text, project, graph):
    """Return the README *text* with its outputs and counts as they are now."""
    text = CONSOLE.sub(lambda m: m[1] + output(m[2]) + m[3], text)
    return COUNTS.sub(lambda m: m[1] + counts(project, graph) + m[2], text)


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "scripts")]
    from csto.release import complete
    from csto.rooms import open_project

    rooms = open_project(ROOT)
    old = README.read_text(encoding="utf-8")
    README.write_text(rendered(old, rooms, complete(rooms)), encoding="utf-8")
