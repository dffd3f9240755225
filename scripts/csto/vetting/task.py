"""This module says what the sandbox is told to judge, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from csto.finding import Finding
from csto.vetting.foreign import Foreign


@dataclass(frozen=True)
class Task:
    """Files against shapes, or against ours below *root* if there are none."""

    files: tuple[Foreign, ...]
    shapes: tuple[Foreign, ...]
    root: Path
    base: str = ""
    allow_empty: bool = False


@dataclass(frozen=True)
class Judgement:
    """What came out: findings, sorted, and how many nodes each shape aimed at.

    The prefixes are those of the files, for people to read.
    """

    findings: tuple[Finding, ...]
    focus: dict[str, int]
    prefixes: dict[str, str]
