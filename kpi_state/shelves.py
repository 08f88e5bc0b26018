"""Shelves: fan-in that stays cheap on hot targets.

A contact with 3,000 touches cost 1 ms a touch when its links were one flat row. Links of a shelved relation are kept
in a tree instead (`kpi_state.trees`), with one summary a shelf. Summaries combine in any order and grouping, so the
shape of the tree never shows in a number. Here is what a shelved relation must say, and how summaries combine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kpi_state.buckets import Contributions
from kpi_state.definitions import Definitions
from kpi_state.rows import Row, Shelf

Summary = Any
Context = Any


@dataclass(frozen=True, slots=True)
class Shelving:
    """How the links of one relation of one kind are summed up.

    `context` is what the target's own facts and other links decide (a number's claims); it must not depend on the
    summary.
    """

    summarise: Callable[[Iterable[tuple[str, Any]], Context], Summary]
    combine: Callable[[Iterable[Summary], Context], Summary]
    context: Callable[[Row, Definitions], Context] | None = None
    contribute: Callable[[Contributions, Any, Any], None] | None = None
    """Contributions of one link, given what the target's evaluation says about all of them (an account's owner)."""


def standing(shelf: Shelf) -> Iterable[tuple[str, Any]]:
    """(source, value) of the links of a leaf that stand."""
    return [(source, value) for source, (_, value) in shelf.links.items() if value is not None]


def summary(shelving: Shelving, shelf: Shelf, context: Context) -> Summary:
    """What a shelf says: of its links, or of its shelves."""
    if shelf.summaries is None:
        return shelving.summarise(standing(shelf), context)
    return shelving.combine(shelf.summaries, context)


def summed(shelving: Shelving, row: Row, relation: str, definitions: Definitions) -> Summary:
    """What all links of a shelved relation of a row say."""
    context = shelving.context(row, definitions) if shelving.context else None
    shelf = row.shelves.get(relation)
    return shelving.summarise((), context) if shelf is None else summary(shelving, shelf, context)


def minima(summaries: Iterable[dict[str, Any]], context: Context) -> dict[str, Any]:  # noqa: ARG001 - signature of Shelving
    """Combine {key: item} by the smallest item a key."""
    out: dict[str, Any] = {}
    for one in summaries:
        for key, item in one.items():
            if key not in out or item < out[key]:
                out[key] = item
    return out
