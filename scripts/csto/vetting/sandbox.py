"""This module runs a function in a child process that can do no harm.

The child has a limit of memory, of processor and of wall time, no network, and may
write no file. Whatever kills it becomes a `SourceError` that says what was under way.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import re
import resource
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn

from csto.errors import CstoError, Exit, Position, SourceError, UsageError

Tell = Callable[[str], None]

MEBIBYTE: Final = 1024 * 1024
APART: Final = 0x40000000 | 0x10000000
"""What `unshare` is asked for: a network and a user of its own (Linux)."""

WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN: Final = re.compile(
    r"(?:ctypes\.dlopen|ftplib|http|pty|shutil|socket|subprocess|tempfile|urllib)\b"
    r"|os\.(?:chmod|chown|exec|fork|kill|link|mkdir|posix_spawn|remove|rename|rmdir"
    r"|spawn|symlink|system|truncate)"
)
"""How the audit events of Python begin that no work of the child can need."""


@dataclass(frozen=True)
class Limits:
    """What a child may use: seconds of processor, half those of wall, and MiB."""

    seconds: int = 10
    megabytes: int = 768

    @property
    def deadline(self) -> int:
        """Seconds of wall time, which other work on the machine may take too."""
        return 3 * self.seconds


def run(work: Callable[[Tell], Any], limits: Limits, folders: Iterable[Path]) -> Any:
    """Return what *work* returns, as JSON has it; raise the `CstoError` it raises.

    Raises `SourceError` if the child uses up its *limits* or dies. *work* gets a
    function with which it says what is under way; it may read below *folders*.
    """
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        _child(work, os.fdopen(writer, "wb", 0), limits, folders)
    os.close(writer)
    try:
        lines = _listen(reader, time.monotonic() + limits.deadline)
    finally:
        os.close(reader)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return _result(lines, os.waitstatus_to_exitcode(status), limits)


def _listen(reader: int, deadline: float) -> list[dict[str, Any]]:
    """Return what the child says until it ends or is late."""
    heard = bytearray()
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([reader], [], [], left)[0]:
            break
        if not (chunk := os.read(reader, MEBIBYTE)):
            break
        heard += chunk
    lines = heard.decode("utf-8", "replace").split("\n")
    return [json.loads(line) for line in lines[:-1]]


def _result(lines: list[dict[str, Any]], code: int, limits: Limits) -> Any:
    last: dict[str, Any] = lines[-1] if lines else {"at": "the child process"}
    if "result" in last:
        return last["result"]
    if "bug" in last:
        raise RuntimeError(last["bug"])
    if "error" in last:
        raise _error(**last["error"])
    if last.get("full") or code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
        message = f"Exhausts {limits.megabytes} MiB of memory or the parser's stack."
        raise SourceError(last["at"], Position(), message, "Set --megabytes for more.")
    message = f"Takes longer than {limits.seconds} seconds."
    raise SourceError(last["at"], Position(), message, "Set --seconds for more.")


def _error(
    code: int, path: str, at: tuple[int, int], message: str, remedy: str
) -> CstoError:
    usage = UsageError(message, remedy)
    error = SourceError(path, Position(*at), message, remedy) if path else usage
    error.code = Exit(code)
    return error


def _child(
    work: Callable[[Tell], Any], pipe: BinaryIO, limits: Limits, folders: Iterable[Path]
) -> NoReturn:
    """Do *work* and say what came of it, then end at once."""
    stage = ""

    def say(**line: Any) -> None:
        pipe.write(json.dumps(line).encode() + b"\n")

    def tell(at: str) -> None:
        nonlocal stage
        stage = at
        say(at=at)

    try:
        _confine(pipe.fileno(), limits, folders)
        say(result=work(tell))
    except CstoError as error:
        at: Position = getattr(error, "position", Position())
        place = {"path": str(getattr(error, "path", "")), "at": (at.line, at.column)}
        said = {"message": error.message, "remedy": error.remedy}
        say(error={"code": int(error.code), **place, **said})
    except MemoryError:
        say(at=stage, full=True)
    except BaseException as error:  # noqa: BLE001 -- the parent reports it as a bug
        say(bug=f"{type(error).__name__}: {error}")
    finally:
        os._exit(0)


def _confine(pipe: int, limits: Limits, folders: Iterable[Path]) -> None:
    """Take away what the child does not need; what the system lacks is passed over."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.closerange(3, pipe)
    os.closerange(pipe + 1, 1024)
    sys.dont_write_bytecode = True
    gc.freeze()
    gc.set_threshold(100_000)
    sys.setrecursionlimit(2000)
    size = _size() + limits.megabytes * MEBIBYTE
    for kind, limit in (
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (limit, limit))
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).unshare(APART)
    sys.addaudithook(_guard([*sys.path, sys.prefix, sys.base_prefix, *folders]))


def _size() -> int:
    """Return how much address space this process has already, where that is known."""
    with suppress(OSError, ValueError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
        return int(pages) * resource.getpagesize()
    return 0


def _guard(folders: Iterable[Path | str]) -> Callable[[str, tuple[Any, ...]], None]:
    readable = tuple(f"{os.path.abspath(f)}{os.sep}" for f in folders if str(f))  # noqa: PTH100

    def guard(event: str, arguments: tuple[Any, ...]) -> None:
        if FORBIDDEN.match(event):
            raise PermissionError(f"{event} is not for the sandbox")
        if event != "open" or isinstance(arguments[0], int):
            return
        path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100
        if arguments[2] & WRITING or not path.startswith(readable):
            raise PermissionError(f"{path} is not for the sandbox")

    return guard
