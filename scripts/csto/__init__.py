"""The Collective Security Treaty Organization as linked data.

>>> import csto
>>> csto.ask("members-on-date", on="2007-01-01").columns
('state', 'name', 'certainty', 'since', 'suspension', 'reason')
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["Rows", "Thing", "ask", "find", "graph", "store"]


def __getattr__(name: str) -> Any:
    """Return *name* of `csto.api`, which is read only when it is needed."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("csto.api"), name)
