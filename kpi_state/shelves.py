"""Shelves: fan-in that stays cheap on hot targets.

A contact with 3,000 touches cost 1 ms a touch when its links were one flat row. Links of the relations named here are kept in a
tree instead: a target holds them flat up to `SHELF_LINKS`, then hands them to 16 shelves by a digit of the source's hash, each a
ledger row of its own on the same partition that splits in turn, and keeps one summary a shelf. Summaries combine in any order and
grouping, so the shape of the tree never shows in a number: a touch costs one leaf and a few summaries, whatever stands beside it.
Rare targets pay nothing. (A shelf a period, as first planned, makes every target pay a row and still crowds a busy month.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

from kpi_state.buckets import Contributions
from kpi_state.definitions import Definitions
from kpi_state.rows import Row, Shelf

SHELF_LINKS: Final = 32
FAN_OUT: Final = 16
MAX_DEPTH: Final = 7
"""Hex digits of a 32-bit hash, less one: beyond, a leaf just grows."""

Summary = Any
Context = Any


@dataclass(frozen=True, slots=True)
class Shelving:
    """How the links of one relation of one kind are summed up.

    `context` is what the target's own facts and other links decide (a number's claims); it must not depend on the summary.
    """

    summarise: Callable[[Iterable[tuple[str, Any]], Context], Summary]
    combine: Callable[[Iterable[Summary], Context], Summary]
    context: Callable[[Row, Definitions], Context] | None = None
    contribute: Callable[[Contributions, Any, Any], None] | None = None
    """Contributions of one link, given what the target's evaluation says about all of them (an account's owner)."""


def digit(source: str, depth: int) -> int:
    """Which of the shelves at a depth holds a source."""
    return (crc32(source.encode()) >> (4 * depth)) & (FAN_OUT - 1)


def shelf_key(kind: str, subject: str, relation: str, path: str) -> bytes:
    """The ledger key of a shelf; no entity's key begins with "~"."""
    return f"~{relation}{path}/{kind}/{subject}".encode()


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
