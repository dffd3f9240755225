"""The wheel: a program far from any checkout asks the graph."""

import os
import subprocess
import sys

import pytest

from conftest import ROOT

CODE = 'import csto; print(len(csto.ask("members-on-date", on="2007-01-01")))'


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder into which the wheel alone was unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "-w", folder, ROOT], check=True, capture_output=True)
    (wheel,) = folder.glob("csto-*.whl")
    target = folder / "site"
    install = [*pip, "install", "--no-deps", "--no-index", "--target", target, wheel]
    subprocess.run(install, check=True, capture_output=True)
    return target


def test_the_wheel_carries_the_rooms_and_answers(installed, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
    )

    assert done.stdout == "7\n"


def test_the_command_of_the_wheel_needs_no_checkout(installed, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "csto", "query", "members-on-date"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed)},
    )

    assert done.returncode == 0, done.stderr
    assert "state:uzbekistan" in done.stdout
