"""Times `csto build` beside the plain script, turn by turn, and prints the medians.

python build.py [--rounds N] [--root FOLDER]; the ratio is what carries over to other
machines: below 1, our build needs less.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
BUILDS = {
    "csto build": ["-m", "csto", "build", "--root", "{root}", "--out", "{out}"],
    "plain script": [str(HERE / "plain.py"), "{root}", "{out}"],
}
UNITS = {"wall": "{:.2f} s", "processor": "{:.2f} s", "memory": "{:.0f} MB"}


def measured(arguments):
    """Return what a Python process with *arguments* costs, by the names of `UNITS`."""
    command = [sys.executable, *arguments]
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - begin
    if status:
        sys.exit(f"It failed, so nothing can be compared: {' '.join(command)}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main(root, rounds):
    """Return the median costs of each build over *rounds*, one after the other."""
    costs = {name: [] for name in BUILDS}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds):
            for name, arguments in BUILDS.items():
                out = Path(folder, f"{turn}", name.replace(" ", "-"), "dist")
                costs[name].append(
                    measured([a.format(root=root, out=out) for a in arguments])
                )
    return {name: [*map(median, zip(*c, strict=True))] for name, c in costs.items()}


def table(medians):
    """Return *medians* as lines of text, with the ratio of the two builds."""
    ours, theirs = medians.values()
    rows = {
        name: [unit.format(v) for unit, v in zip(UNITS.values(), costs, strict=True)]
        for name, costs in medians.items()
    }
    rows["ratio"] = [f"{a / b:.2f}" for a, b in zip(ours, theirs, strict=True)]
    cells = [["", *UNITS], *([name, *row] for name, row in rows.items())]
    return [f"{a:<14}" + "".join(f"{b:>12}" for b in rest) for a, *rest in cells]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--root", type=Path, default=HERE.parent.parent)
    chosen = parser.parse_args()
    print(*table(main(chosen.root.resolve(), chosen.rounds)), sep="\n")
