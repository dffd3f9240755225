"""Builds: the same rooms give the same bytes, whoever builds them, where and when."""

import os
import shutil
import subprocess
import sys

import pytest

from conftest import CASES, copy_rooms, run_csto
from csto.release import complete, files
from csto.rooms import open_project

SUMS = """
import random, sys
from pathlib import Path

found, chance, shuffled = Path.glob, random.Random(sys.argv[2]), []

def glob(folder, pattern):
    paths = list(found(folder, pattern))
    chance.shuffle(paths)
    shuffled.extend(paths)
    return paths

Path.glob = glob
from csto.release import complete, files
from csto.rooms import open_project

project = open_project(Path(sys.argv[1]))
sums = files(project, complete(project))["SHA256SUMS"]
assert len(shuffled) > len(project.documents)
sys.stdout.buffer.write(sums)
"""
"""Builds the rooms of a folder from listings in random order, and prints the sums."""

LOCALES = ["C", "POSIX", "C.UTF-8", "ru_RU.UTF-8", "tr_TR.UTF-8"]
ZONES = ["UTC", "Asia/Bishkek", "America/St_Johns", "Pacific/Kiritimati"]
UMASKS = [0o022, 0o077, 0o000]
FOLDERS = ["plain", "с пробелом и 'кавычкой'", "-l" + "o" * 99 + "ng"]


def circumstances(number):
    """Return environment and umask, other ones for each *number*."""
    environment = {
        "PYTHONHASHSEED": str(number),
        "LC_ALL": LOCALES[number % 5],
        "TZ": ZONES[number % 4],
        "PYTHONUTF8": str(number % 2),
        "PYTHONCOERCECLOCALE": "0",
        "SOURCE_DATE_EPOCH": str(number * 10**8),
    }
    return {"env": os.environ | environment, "umask": UMASKS[number % 3]}


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """The same rooms in three folders."""
    top = tmp_path_factory.mktemp("places")
    first, *others = (top / name for name in FOLDERS)
    first.mkdir()
    copy_rooms(first)
    for other in others:
        shutil.copytree(first, other)
    return [first, *others]


@pytest.fixture(scope="module")
def sums(places):
    project = open_project(places[0])
    return files(project, complete(project))["SHA256SUMS"]


@pytest.mark.parametrize(
    "number",
    [*range(1, 3), *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 25))],
)
def test_two_builds_give_the_same_bytes(number, places, sums):
    place = places[number % 3]
    command = [sys.executable, "-c", SUMS, place, str(number)]
    built = subprocess.run(
        command,
        cwd=[place, place / "data", "/"][number % 4 % 3],
        check=False,
        capture_output=True,
        **circumstances(number),
    )

    assert built.stderr == b""
    assert built.stdout == sums


def test_the_command_gives_the_same_bytes_and_modes_twice(tmp_path):
    made = []
    for number, name in enumerate(FOLDERS, 1):
        root = tmp_path / name
        shutil.copytree(CASES / "project", root)
        run_csto("build", "--root", root, cwd=tmp_path, **circumstances(number))
        dist = sorted((root / "dist").iterdir())
        made.append([(p.name, p.stat().st_mode, p.read_bytes()) for p in dist])

    assert made[0]
    assert made[0] == made[1] == made[2]
