"""Merges: a loser sends its winner everything folded into it, each item with the path it came along.

Paths make un-merges and cycles converge: an item crosses only if the target is not in its path, or is its origin, so
that no stale item lives on in a cycle. An entity that gets its own item back is in a cycle, and the smallest id of
that path survives.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from kpi_state.links import MERGE
from kpi_state.rows import Row

MAX_MERGES: Final = 8
"""An item crosses at most this many merges; what a longer chain cuts off is counted as merge_too_deep."""

Payload = list[Any]
Item = tuple[list[str], Payload]
"""(path from the origin to the last loser, what the origin had)."""


class Folded(NamedTuple):
    """What was merged into an entity."""

    items: dict[str, Item]
    """Origin -> item, by the shortest path (tie: smallest)."""
    alive: bool
    """Whether the entity contributes itself: it was not merged away, or survives its cycle."""

    def payloads(self) -> Iterator[Payload]:
        """What each origin had."""
        return (payload for _, payload in self.items.values())


NOTHING: Final[dict[str, Item]] = {}


def winner_of(row: Row, subject: str) -> str | None:
    """The entity that this one was merged into."""
    winner = row.get("merged_into")
    return str(winner) if winner and winner != subject else None


def folded(row: Row, subject: str) -> Folded:
    """Everything folded into an entity, and whether it survives."""
    winner = winner_of(row, subject)
    received = row.live(MERGE)
    if not received:
        return Folded(NOTHING, winner is None)
    best: dict[str, Item] = {}
    cycle: list[str] | None = None
    for _, items in received:
        for origin, (path, payload) in items.items():
            if origin == subject:
                if cycle is None or (len(path), path) < (len(cycle), cycle):
                    cycle = path
            elif origin not in best or (len(path), path) < (len(best[origin][0]), best[origin][0]):
                best[origin] = (path, payload)
    return Folded(best, winner is None or (cycle is not None and subject == min(cycle)))


def forward(winner: str, subject: str, own: Payload, items: dict[str, Item]) -> dict[str, list[Any]]:
    """What a loser sends its winner."""
    out: dict[str, list[Any]] = {subject: [[subject], own]}
    for origin, (path, payload) in items.items():
        if _may_cross(winner, origin, path) and len(path) < MAX_MERGES:
            out[origin] = [[*path, subject], payload]
    return out


def cut_off(winner: str | None, items: dict[str, Item]) -> int:
    """How many items stay behind only because they came too far."""
    if winner is None:
        return 0
    return sum(_may_cross(winner, origin, path) and len(path) >= MAX_MERGES for origin, (path, _) in items.items())


def _may_cross(winner: str, origin: str, path: list[str]) -> bool:
    return winner == origin or winner not in path
