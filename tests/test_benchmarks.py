"""Benchmarks: they run, on files that both sides can build."""

import subprocess
import sys

from conftest import CASES, ROOT


def test_the_benchmark_compares_our_build_with_the_plain_script():
    script = ROOT / "tests" / "benchmarks" / "build.py"
    command = [sys.executable, script, "--rounds", "1", "--root", CASES / "project"]
    lines = subprocess.run(
        command, check=True, capture_output=True, text=True
    ).stdout.splitlines()

    assert [line[:14].strip() for line in lines[1:]] == [
        "csto build",
        "plain script",
        "ratio",
    ]
    assert all(0 < float(ratio) < 10 for ratio in lines[-1].split()[1:])
