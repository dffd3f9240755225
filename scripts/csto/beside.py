"""This module does one piece of work in a child process, beside another in this one."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

Result = TypeVar("Result")


def beside(work: Callable[[], Result]) -> Callable[[], Result]:
    """Begin *work* in a forked child and return a function that waits for its result.

    The result travels through a pipe, so it must be picklable and not None. If the
    child fails or dies, the work is done again here, where its error can be seen.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(sender, work), daemon=True)
    child.start()
    sender.close()

    def result() -> Result:
        try:
            found: Result | None = receiver.recv()
        except EOFError:
            found = None
        child.join()
        return work() if found is None else found

    return result


def _send(sender: Connection, work: Callable[[], Result]) -> None:
    try:
        sender.send(work())
    except Exception:  # noqa: BLE001 -- whatever it is, it is met again in the parent
        sender.send(None)
