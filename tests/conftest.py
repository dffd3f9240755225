"""What the tests share: the project, its completed graph, a release, a command."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import settings

from csto.release import complete, files
from csto.rooms import open_project

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases"
DOCUMENTS = ROOT.parent / "shared" / "sources"

# On a build machine every run tries the same examples, however slow it is that day.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CSTO_SKIP_NOTHING")),
    max_examples=50,
)
settings.load_profile("house")


def skip(reason):
    """Skip the test at hand, or fail it where nothing may be skipped."""
    if os.environ.get("CSTO_SKIP_NOTHING"):
        pytest.fail(f"nothing may be skipped here: {reason}")
    pytest.skip(reason)


def tool(name):
    """Return the path of the program *name*, or skip the test."""
    path = shutil.which(name)
    if path is None:
        skip(f"{name} is not installed")
    return path


def run_csto(*arguments, **options):
    """Run the command in a child process and return what it did, as text."""
    settings = {"capture_output": True, "text": True, "cwd": ROOT, "timeout": 120}
    command = [sys.executable, "-m", "csto", *map(str, arguments)]
    return subprocess.run(command, check=False, **(settings | options))


def copy_rooms(folder, *, without=()):
    """Copy the rooms into *folder*, so that a test can break them."""
    for name in ("ontology", "data", "shapes", "pyproject.toml"):
        if name in without:
            continue
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / name)
    return folder


@pytest.fixture(scope="session")
def project():
    return open_project(ROOT)


@pytest.fixture(scope="session")
def graph(project):
    return complete(project)


@pytest.fixture(scope="session")
def release(project, graph):
    return files(project, graph)


@pytest.fixture(scope="session")
def documents():
    if not DOCUMENTS.is_dir():
        skip(f"the source documents are not at {DOCUMENTS}")
    return DOCUMENTS


@pytest.fixture(scope="session")
def listener():
    """A port of this machine, and the list of those who have connected to it."""
    callers = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen():
            while True:
                try:
                    connection, caller = server.accept()
                except OSError:
                    return
                callers.append(caller)
                connection.close()

        Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", callers
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def rooms(tmp_path):
    return copy_rooms(tmp_path)
