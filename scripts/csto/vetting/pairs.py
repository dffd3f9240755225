"""This module pairs the blank nodes of two readings of one text.

Each parser names them anew, so both readings are walked side by side, from the nodes
that have a name in both to those that are reached from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

Statement = tuple[str, str, str]
"""Subject, predicate and value; the names of blank nodes begin with `_:`."""


def pair(
    ours: Iterable[Statement],
    theirs: Iterable[Statement],
    labels: dict[str, str],
) -> dict[str, str]:
    """Return which blank node of *ours* is which of *theirs*.

    Both list the statements of one text; values of one subject and predicate come
    in the order of the text in both, whatever the order of the rest.
    """
    left, right = list(ours), list(theirs)
    pairs = {s: s for s, _, _ in left if not s.startswith("_:")}
    roots = zip(_roots(left, labels), _roots(right, labels.values()), strict=False)
    pairs |= dict(roots)
    pairs |= labels
    before, after = _values(left), _values(right)
    queue = list(pairs.items())
    while queue:
        one, other = queue.pop()
        for predicate, values in before.get(one, {}).items():
            twins = after.get(other, {}).get(predicate, [])
            if len(twins) != len(values):
                continue
            for value, twin in zip(values, twins, strict=True):
                if value.startswith("_:") and value not in pairs:
                    pairs[value] = twin
                    queue.append((value, twin))
    return {one: other for one, other in pairs.items() if one.startswith("_:")}


def _values(
    statements: Iterable[Statement],
) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in statements:
        found[subject][predicate].append(value)
    return found


def _roots(statements: list[Statement], labelled: Iterable[str]) -> Iterator[str]:
    """Yield the blank nodes without label that are no value, in order."""
    inner = {value for _, _, value in statements} | set(labelled)
    subjects = dict.fromkeys(s for s, _, _ in statements if s.startswith("_:"))
    return (subject for subject in subjects if subject not in inner)
