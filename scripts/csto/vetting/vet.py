"""This module has foreign files judged in the sandbox, and gathers one report."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from csto.errors import Position
from csto.finding import Finding
from csto.vetting import sandbox
from csto.vetting.report import Report
from csto.vetting.sandbox import Limits
from csto.vetting.task import Task

MEBIBYTE: Final = 1024 * 1024


def limits(task: Task, seconds: int | None, megabytes: int | None) -> Limits:
    """Return what the child may use: what is named, or else what *task* may need."""
    size = sum(len(file.data) for file in (*task.files, *task.shapes)) // MEBIBYTE
    return Limits(seconds or 10 + 20 * size, megabytes or 768 + 64 * size)


def vet(
    tasks: Sequence[Task],
    fail_on: str,
    seconds: int | None = None,
    megabytes: int | None = None,
) -> Report:
    """Return the report on *tasks*, each judged in a child of its own.

    Raises the `CstoError` with which the first of them ends.
    """
    found: list[Finding] = []
    focus: Counter[str] = Counter()
    prefixes: dict[str, str] = {}
    for task in tasks:
        may = limits(task, seconds, megabytes)
        result = sandbox.run(_work(task), may, [task.root])
        known = set(found)
        fresh = [_finding(fields) for fields in result["findings"]]
        found += [finding for finding in fresh if finding not in known]
        focus.update(result["focus"])
        prefixes |= result["prefixes"]
    opened = {f.name: f.data for t in tasks for f in (*t.files, *t.shapes)}
    texts = {name: data.decode("utf-8", "replace") for name, data in opened.items()}
    files = tuple(file.name for task in tasks for file in task.files)
    return Report(tuple(found), dict(focus), files, texts, prefixes, fail_on)


def _work(task: Task) -> Callable[[sandbox.Tell], Any]:
    def work(tell: sandbox.Tell) -> Any:
        from csto.vetting.judge import judge  # noqa: PLC0415 -- brings rdflib, for the child

        return dataclasses.asdict(judge(task, tell))

    return work


def _finding(fields: dict[str, Any]) -> Finding:
    return Finding(**{**fields, "position": Position(**fields["position"])})
