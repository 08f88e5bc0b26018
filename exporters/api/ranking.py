"""Who is first: the same value is the same place, and the next one is as far back as there are better ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

Direction = Literal["at_least", "at_most"]


def ranks(values: Mapping[str, float], direction: Direction) -> dict[str, int]:
    """Key → place from 1 on, the best first, equal ones by key; where a target is at most so much, less is better."""
    order = sorted(values.items(), key=lambda item: (item[1] if direction == "at_most" else -item[1], item[0]))
    found: dict[str, int] = {}
    best, before = 0, None
    for n, (key, value) in enumerate(order, 1):
        if value != before:
            best, before = n, value
        found[key] = best
    return found


def rank(value: float, others: Iterable[float], direction: Direction) -> int:
    """The place of a value among others."""
    return 1 + sum(other < value if direction == "at_most" else other > value for other in others)
