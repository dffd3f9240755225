"""This module says what a check found: one finding, one line for people."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from csto.errors import Position

SEVERITIES = ("violation", "warning", "info")


@dataclass(frozen=True)
class Finding:
    """One fault: where, how bad, which rule, of what, and what to do.

    Findings on foreign files also say how precise their position is (`exact`,
    `property`, `subject` or `none`), and which constraint of which shape they break.
    """

    path: str
    position: Position
    severity: str
    rule: str
    message: str
    focus: str = ""
    property: str = ""
    value: str = ""
    remedy: str = ""
    precision: str = ""
    shape: str = ""
    component: str = ""

    def __str__(self) -> str:
        """Return `file:line:column: severity: message [rule]`."""
        place = f"{self.path}:{self.position.line}:{self.position.column}"
        text = " ".join(filter(None, (self.message, self.remedy)))
        return f"{place}: {self.severity}: {text} [{self.rule}]"


def visible(text: str) -> str:
    """Return *text* with control characters escaped, so no terminal obeys them."""
    return "".join(
        c if unicodedata.category(c)[0] != "C" else repr(c)[1:-1] for c in text
    )


def order(finding: Finding) -> tuple[object, ...]:
    """Return the key by which findings are listed: file, place, rule, focus."""
    at = finding.position
    return finding.path, at.line, at.column, finding.rule, finding.focus, finding.value
