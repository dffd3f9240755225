"""This module puts text on a terminal or into a pipe; only the command uses it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.table import Table

from csto.finding import visible

err: Final = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


@contextmanager
def steps() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the step at hand, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with err.status("") as status:
        yield lambda step: status.update(f"{step} …")


def print_table(header: list[str], rows: list[list[str]]) -> None:
    """Print *rows* below *header*, as wide as the terminal; a pipe gets whole lines."""
    width = None if sys.stdout.isatty() else 100_000
    out = Console(highlight=False, markup=False, width=width)
    grid = Table(*header, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*(visible(text) for text in row))
    out.print(grid, soft_wrap=width is not None)


def write(content: bytes) -> None:
    """Write *content* to standard output as it is."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
