"""Publishing: all files of a release or none, whatever disk, crash or reader does."""

import fcntl
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import CASES, ROOT, run_csto
from csto.errors import Exit
from csto.publish import StoreError, publish
from faults import files, word

POINTS = 40
"""Moments, spread over a build, at which it is killed."""


@pytest.fixture
def out(tmp_path):
    """A release that says `old` in every file."""
    publish(tmp_path / "dist", files("old"))
    return tmp_path / "dist"


def shelf(out):
    """Return the names of what lies beside the release *out*."""
    return sorted(path.name for path in out.with_name(".dist.d").iterdir())


def identity(out):
    """Return what changes if *out* or one of its files is written again."""
    status = [path.stat() for path in sorted(out.iterdir())]
    return out.readlink(), [(s.st_ino, s.st_mtime_ns, s.st_mode) for s in status]


def test_a_release_holds_exactly_its_files(tmp_path):
    folder = publish(tmp_path / "new" / "dist", files("new"))

    assert folder.samefile(tmp_path / "new" / "dist")
    assert word(folder) == "new"


def test_a_release_replaces_the_one_before(out):
    publish(out, files("new"))

    assert word(out) == "new"


def test_who_reads_the_release_before_may_finish(out):
    before = out.resolve()
    publish(out, files("new"))

    assert word(before) == "old"


def test_only_two_releases_are_kept(out):
    kept = [publish(out, files(word)).name for word in ("new", "next")]

    assert shelf(out) == sorted([*kept, "lock"])


def test_a_release_that_is_built_again_is_not_touched(out):
    before = identity(out)
    publish(out, files("old"))

    assert identity(out) == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"half"),
        lambda path: path.unlink(),
        lambda path: path.with_name("more.ttl").touch(),
    ],
    ids=["changed", "lost", "more"],
)
def test_a_release_that_was_spoilt_is_made_whole(spoil, out):
    spoil(out / "a.ttl")
    publish(out, files("old"))

    assert word(out) == "old"


def test_everything_is_on_the_disk_before_a_reader_can_see_it(out, monkeypatch):
    steps, fsync, replace = [], os.fsync, os.replace

    def synced(handle):
        steps.append(os.fstat(handle).st_ino)
        fsync(handle)

    def swapped(*arguments):
        steps.append("swap")
        replace(*arguments)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", swapped)
    folder = publish(out, files("new"))
    before = {path.stat().st_ino for path in (*folder.iterdir(), folder, folder.parent)}
    swap = steps.index("swap")

    assert set(steps[:swap]) == before
    assert steps[swap + 1 :] == [out.parent.stat().st_ino]


@pytest.mark.parametrize(
    "make",
    [
        lambda out: out.mkdir(),
        lambda out: out.write_text("mine", encoding="utf-8"),
        lambda out: out.symlink_to("elsewhere"),
        lambda out: out.symlink_to(out.name),
    ],
    ids=["folder", "file", "link", "circle"],
)
def test_what_no_build_has_made_is_left_alone(make, tmp_path):
    out = tmp_path / "dist"
    make(out)
    before = out.lstat()

    with pytest.raises(StoreError, match="is not a link that a build has made"):
        publish(out, files("new"))
    assert out.lstat() == before


def test_while_one_build_writes_another_is_sent_away(out):
    with (out.parent / ".dist.d" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        with pytest.raises(StoreError, match="Another build is writing"):
            publish(out, files("new"))

    assert word(out) == "old"
    assert word(publish(out, files("new"))) == "new"


def test_what_crashed_builds_left_is_swept(out):
    beside = out.with_name(".dist.d")
    shutil.copytree(out, beside / "0123456789abcdef-half")
    (beside / "0123456789abcdef-half" / "a.ttl").unlink()
    (beside / "link").symlink_to(".dist.d/0123456789abcdef-half")
    publish(out, files("old"))

    assert shelf(out) == [out.resolve().name, "lock"]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_everybody_can_read_a_release_and_only_its_owner_can_write_it(umask, tmp_path):
    before = os.umask(umask)
    try:
        folder = publish(tmp_path / "dist", files("new"))
    finally:
        os.umask(before)

    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
    assert folder.stat().st_mode & 0o777 == 0o755
    assert folder.parent.stat().st_mode & 0o777 == 0o755


def look(out):
    """Return what a reader finds who finds the whole of a release at *out*."""
    while True:
        try:
            folder = out.resolve(strict=True)
            return {name: (folder / name).read_bytes() for name in files("old")}
        except FileNotFoundError:
            assert out.is_dir()


def test_a_reader_meets_the_old_release_or_the_new_one(out):
    swaps = threading.Thread(
        target=lambda: [publish(out, files(w)) for w in ("new", "old") * 20]
    )
    seen = []
    swaps.start()
    while swaps.is_alive():
        seen.append(look(out))
    swaps.join()

    assert all(found in (files("old"), files("new")) for found in seen)
    assert files("new") in seen


def test_a_folder_that_cannot_be_written_is_named():
    place = Path("/proc/no-such-place/dist")

    with pytest.raises(StoreError, match=f"^{place} cannot be written: "):
        publish(place, files("new"))


def test_a_name_that_is_too_long_is_named(tmp_path):
    with pytest.raises(StoreError, match="cannot be written: File name too long"):
        publish(tmp_path / ("d" * 300), files("new"))


@contextmanager
def without_rights(folder, mode):
    """Stand in *folder*, of the given *mode*, as somebody who does not own it."""
    user, place = os.geteuid(), Path.cwd()
    os.chdir(folder)
    folder.chmod(mode)
    os.seteuid(65534 if user == 0 else user)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o755)
        os.chdir(place)


@pytest.mark.parametrize("mode", [0o555, 0o000], ids=["read-only", "out-of-reach"])
def test_who_may_not_write_leaves_the_release_alone(mode, out):
    told = pytest.raises(StoreError, match=r"^dist cannot be written: ")
    with without_rights(out.parent, mode), told:
        publish(Path("dist"), files("new"))

    assert word(out) == "old"


def content(root):
    """Return the files of the release of the project *root*, which is whole."""
    dist = root / "dist"
    names = (dist / "SHA256SUMS").read_text(encoding="utf-8").split()[1::2]
    check = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    subprocess.run(check, cwd=dist, check=True)
    found = {path.name: path.read_bytes() for path in dist.iterdir()}
    assert set(found) == {"SHA256SUMS", *names}
    return found


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A small project with a release, edited since; the release before and after."""
    top = tmp_path_factory.mktemp("released")
    root, ahead = top / "project", top / "ahead"
    shutil.copytree(CASES / "project", root)
    run_csto("build", "--root", root)
    settings = root / "pyproject.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("0.0.1", "0.0.2"))
    shutil.copytree(root, ahead, symlinks=True)
    run_csto("build", "--root", ahead)
    return root, content(root), content(ahead)


@pytest.fixture
def project(released, tmp_path):
    """The small project of its own for each test."""
    return shutil.copytree(released[0], tmp_path / "project", symlinks=True)


@pytest.fixture
def before(released):
    return released[1]


@pytest.fixture
def after(released):
    return released[2]


def test_the_two_releases_differ_in_most_files(before, after):
    differ = [name for name in after if before[name] != after[name]]

    assert len(differ) > len(after) / 2


def test_a_build_beside_another_ends_with_a_line_and_the_code_for_disks(
    project, before
):
    with (project / ".dist.d" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        done = run_csto("build", "--root", project)

    assert done.returncode == Exit.STORE
    assert done.stderr.startswith("Another build is writing to ")
    assert done.stderr.count("\n") == 1
    assert content(project) == before


def test_of_builds_at_once_each_succeeds_or_is_sent_away(project, after):
    command = [sys.executable, "-m", "csto", "build", "--root", project]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    builds = [subprocess.Popen(command, **quiet) for _ in range(3)]
    codes = {build.wait() for build in builds}

    assert Exit.CLEAN in codes
    assert codes <= {Exit.CLEAN, Exit.STORE}
    assert content(project) == after


@pytest.mark.parametrize("room", [0, 1000, 7000])
def test_a_full_disk_leaves_the_release_and_is_told(room, project, before, after):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    done = run_csto("build", "--root", project, preexec_fn=limit)
    then = content(project)
    run_csto("build", "--root", project)

    assert done.returncode == Exit.STORE
    assert done.stderr.endswith(
        "cannot be written: File too large. "
        "No half release is left; make room and try again.\n"
    )
    assert then == before
    assert content(project) == after


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["death", "hiccup", "full"])
def test_a_fault_at_any_step_leaves_one_release_whole(fault, tmp_path):
    command = [sys.executable, ROOT / "tests" / "faults.py", fault, tmp_path]
    done = subprocess.run(command, check=True, capture_output=True, timeout=300)
    lines = json.loads(done.stdout)
    harmed = [line for line in lines if line["end"] != "unharmed"]

    assert len(harmed) > 20
    assert {line["then"] for line in harmed} == {"old", "new"}
    assert {line["end"] for line in harmed} <= {"dead", "refused", "done"}
    assert {line["then"] for line in lines if line["end"] == "done"} <= {"new"}
    assert {(line["next"], line["beside"]) for line in lines} == {("next", 3)}


@pytest.fixture(scope="module")
def duration(released):
    """How long the build takes that is to be killed, in seconds."""
    root = released[0]
    begin = time.monotonic()
    run_csto("build", "--root", root, "--out", root.with_name("timed"))
    return time.monotonic() - begin


@pytest.mark.slow
@pytest.mark.parametrize("point", range(POINTS))
def test_a_build_that_is_killed_leaves_one_release_whole(
    point, duration, project, before, after
):
    command = [sys.executable, "-m", "csto", "build", "--root", project]
    build = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    time.sleep(duration * point / POINTS)
    build.send_signal(signal.SIGKILL)
    build.wait()
    then = content(project)
    again = run_csto("build", "--root", project)

    assert then in (before, after)
    assert again.returncode == Exit.CLEAN
    assert content(project) == after
    assert len(list((project / ".dist.d").iterdir())) <= 3
