"""Times every saved question on each engine in one run, in milliseconds.

A scan of all statements on the same engine stands beside it, so that a figure
means something on any machine.
"""

import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import rdflib  # noqa: E402 -- after the path is set

from csto import answers, queries  # noqa: E402
from csto.release import complete  # noqa: E402
from csto.rooms import open_project  # noqa: E402
from csto.serialise import lines  # noqa: E402

ROUNDS = 5
SCAN = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def median(run):
    """Return the median of *ROUNDS* runs after a first, in milliseconds."""
    run()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        run()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def main():
    project = open_project(ROOT)
    graph = complete(project)
    store = answers.store(graph)
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=lines(graph.quads).decode(), format="nquads")
    saved = project.queries("ontology/questions")
    texts = {name: queries.read_query(path).text for name, path in saved.items()}
    rows = []
    for name, text in {"(scan of all)": SCAN, **texts}.items():
        ours = median(lambda n=name, t=text: list(queries.answer(store, n, t)))
        begin = time.perf_counter()
        list(dataset.query(text))
        rows.append((ours, (time.perf_counter() - begin) * 1000, name))
    print(f"{'pyoxigraph':>10}  {'rdflib':>10}  {'ratio':>7}  question")
    for ours, theirs, name in sorted(rows, reverse=True):
        print(f"{ours:10.2f}  {theirs:10.1f}  {ours / theirs:7.4f}  {name}")


if __name__ == "__main__":
    main()
