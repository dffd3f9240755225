"""This module writes the files of a release: all of them or none."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from csto.errors import CstoError, Exit


class StoreError(CstoError):
    """The release cannot be written; no half of it is left to be seen."""

    code = Exit.STORE


def publish(out: Path, files: Mapping[str, bytes]) -> Path:
    """Write *files* so that *out* holds all of them, or what it held before.

    *out* is a symbolic link into a folder beside it, one subfolder per release;
    the link is renamed into place when everything is on the disk, so that neither
    a reader nor a crash ever meets half a release. Who reads the release before may
    finish: it stays until the next build. Returns the release's folder.
    Raises `StoreError` if the disk refuses or another build is at work.
    """
    shelf = out.parent / f".{out.name}.d"
    try:
        if _is_foreign(out, shelf):
            raise StoreError(
                f"{out} is not a link that a build has made.", "Move it out of the way."
            )
        shelf.mkdir(parents=True, exist_ok=True)
        shelf.chmod(0o755)
        with _locked(shelf):
            return _publish(out, shelf, files)
    except OSError as error:
        message = f"{out} cannot be written: {error.strerror or error}."
        remedy = "No half release is left; make room and try again."
        raise StoreError(message, remedy) from None


def _is_foreign(out: Path, shelf: Path) -> bool:
    if out.is_symlink():
        return out.readlink().parent != Path(shelf.name)
    return out.exists()


@contextmanager
def _locked(shelf: Path) -> Iterator[None]:
    with (shelf / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(
                f"Another build is writing to {shelf}.", "Wait until it has ended."
            ) from None
        yield


def _publish(out: Path, shelf: Path, files: Mapping[str, bytes]) -> Path:
    current = out.resolve()
    _sweep(shelf, keep=current)
    if _holds(current, files):
        return current
    digest = hashlib.sha256(files["SHA256SUMS"]).hexdigest()[:16]
    folder = Path(tempfile.mkdtemp(dir=shelf, prefix=f"{digest}-"))
    try:
        for name, content in files.items():
            _write(folder / name, content)
        folder.chmod(0o755)
        _sync(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    link = shelf / "link"
    link.symlink_to(Path(shelf.name) / folder.name)
    _sync(shelf)
    link.replace(out)
    _sync(out.parent)
    return folder


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Tell whether *folder* already holds exactly *files*."""
    if not folder.is_dir() or {p.name for p in folder.iterdir()} != set(files):
        return False
    return all((folder / name).read_bytes() == files[name] for name in files)


def _sweep(shelf: Path, keep: Path) -> None:
    """Remove what crashed builds and older releases left in *shelf*."""
    for path in shelf.iterdir():
        if path.is_symlink():
            path.unlink()
        elif path.is_dir() and path.resolve() != keep:
            is_gone = path.name.startswith("gone-")  # at once, not file by file
            gone = path if is_gone else path.rename(shelf / f"gone-{path.name}")
            shutil.rmtree(gone, ignore_errors=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
