"""This module defines the one error and the one finding that users meet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path


class Exit(IntEnum):
    """Exit codes of the command, as `csto --help` lists them."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNREADABLE = 3
    STORE = 4
    BUG = 70


@dataclass(frozen=True, order=True)
class Position:
    """A place in a text file, counted from 1; 0 means that it is not known."""

    line: int = 0
    column: int = 0


class CstoError(Exception):
    """A fault that stops the work: what is wrong, and what to do next."""

    code = Exit.UNREADABLE

    def __init__(self, message: str, remedy: str = "") -> None:
        """Keep *message* and *remedy*, both without line breaks."""
        super().__init__(f"{message} {remedy}".strip())
        self.message = message
        self.remedy = remedy


class UsageError(CstoError):
    """A request that cannot be met as it was made."""

    code = Exit.USAGE


class SourceError(CstoError):
    """A fault in one file, printed as `file:line:column: message remedy`."""

    def __init__(
        self, path: Path | str, position: Position, message: str, remedy: str = ""
    ) -> None:
        """Place *message* at *position* of *path*."""
        super().__init__(message, remedy)
        self.path = path
        self.position = position

    def __str__(self) -> str:
        """Return the line that editors and terminals can jump from."""
        at = self.position
        place = f"{self.path}:{at.line}:{at.column}" if at.line else self.path
        return f"{place}: {self.message} {self.remedy}".strip()
