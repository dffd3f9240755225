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
    """The release folder cannot be written; what was there is untouched."""

    code = Exit.STORE


def publish(out: Path, files: Mapping[str, bytes]) -> Path:
    """Write *files* so that *out* holds all of them, or what it held before.

    *out* is a symbolic link into a folder beside it, one subfolder per release;
    the link is renamed into place when everything is on the disk, so that neither
    a reader nor a crash ever meets half a release. Returns the release's folder.
    Raises `StoreError` if the disk refuses or another build is at work.
    """
    if out.exists() and not out.is_symlink():
        raise StoreError(
            f"{out} is not a link that a build has made.", "Move it out of the way."
        )
    shelf = out.parent / f".{out.name}.d"
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        with _locked(shelf):
            return _publish(out, shelf, files)
    except OSError as error:
        message = f"{out} cannot be written: {error.strerror or error}."
        remedy = "The release that was there is untouched; make room and try again."
        raise StoreError(message, remedy) from None


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
    _sweep(shelf, keep={out.resolve()})
    digest = hashlib.sha256(files["SHA256SUMS"]).hexdigest()[:16]
    final = shelf / digest
    if not _holds(final, files):
        folder = Path(tempfile.mkdtemp(dir=shelf, prefix="new-"))
        try:
            for name, content in files.items():
                _write(folder / name, content)
            folder.chmod(0o755)
            _sync(folder)
            if final.exists():
                final.rename(shelf / f"old-{digest}")
            folder.rename(final)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    link = shelf / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(shelf.name) / digest)
    link.replace(out)
    _sync(out.parent)
    _sweep(shelf, keep={final.resolve()})
    return final


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


def _sweep(shelf: Path, keep: set[Path]) -> None:
    """Remove what crashed builds and older releases left in *shelf*."""
    for folder in shelf.iterdir():
        if folder.is_dir() and folder.resolve() not in keep:
            shutil.rmtree(folder, ignore_errors=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
