"""Publishes again and again, and meets a fault one step later each time.

python faults.py FAULT FOLDER, where FAULT is what happens at a step: `death` of the
process, a `hiccup` of the disk, or a disk that is `full` from then on. Prints, as
JSON, how each build ended, what the release folder held then and held after the next
build, and how many things lay beside it.
"""

import errno
import hashlib
import json
import os
import sys
from itertools import count
from pathlib import Path

from csto.publish import StoreError, publish

WATCHED = {"open", "os", "fcntl", "shutil", "tempfile"}
"""Areas of Python's audit events: each call that touches the disk announces itself."""


def files(word):
    """Return a release in which each file holds the *word*."""
    made = {name: f"{word} {name}\n".encode() for name in ("a.ttl", "b.nq")}
    sums = [f"{hashlib.sha256(b).hexdigest()}  {name}\n" for name, b in made.items()]
    return made | {"SHA256SUMS": "".join(sums).encode()}


def word(out):
    """Return the word of the release at *out*, or the names in what is no release."""
    found = {path.name: path.read_bytes() for path in out.iterdir()}
    words = [word for word in ("old", "new", "next") if found == files(word)]
    return words[0] if words else sorted(found)


def arm(fault, step):
    """Let *fault* happen at the given *step*; return a list that grows when it does."""
    steps, met, fsync = count(1), [], os.fsync

    def hook(event, _):
        if event.partition(".")[0] not in WATCHED or next(steps) < step:
            return
        if fault == "death":
            os._exit(9)
        if fault == "full" or not met:
            met.append(event)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def announced(handle):
        hook("os.fsync", handle)
        fsync(handle)

    os.fsync = announced  # the one call that Python does not announce
    sys.addaudithook(hook)
    return met


def ended(out, fault, step):
    """Publish in a child that meets *fault* at *step*; return how it ended."""
    child = os.fork()
    if child == 0:
        met = arm(fault, step)
        try:
            publish(out, files("new"))
        except StoreError:
            os._exit(4)
        except BaseException:  # noqa: BLE001 -- whatever else comes is a bug
            os._exit(70)
        os._exit(0 if met else 99)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {0: "done", 4: "refused", 9: "dead", 99: "unharmed"}.get(code, code)


def main(fault, folder):
    """Return what happened at each step, until a build ended before the fault."""
    out, lines = folder / "dist", []
    while not lines or lines[-1]["end"] != "unharmed":
        publish(out, files("old"))
        line = {"end": ended(out, fault, len(lines) + 1), "then": word(out)}
        publish(out, files("next"))
        beside = len(list((folder / ".dist.d").iterdir()))
        lines.append(line | {"next": word(out), "beside": beside})
    return lines


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))  # noqa: T201
