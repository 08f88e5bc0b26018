"""Sums of amounts by whom they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import add, neg, sub
from typing import TypeVar

from kpi_state.buckets import Amounts
from kpi_state.read.slots import Who

Totals = dict[Who, Amounts]
"""What is not in it is zero in every amount."""
Key = TypeVar("Key")


def enter(totals: Totals, whos: Iterable[Who], amounts: Amounts) -> None:
    """Add amounts to the sums of each; a sum that is zero in every amount leaves."""
    for who in whos:
        old = totals.get(who)
        if old is None:
            totals[who] = amounts
            continue
        new = tuple(map(add, old, amounts))
        if any(new):
            totals[who] = new
        else:
            del totals[who]


def difference(new: Mapping[Key, Amounts], old: Mapping[Key, Amounts]) -> dict[Key, Amounts]:
    """What must be added to the old amounts to have the new ones; nothing where they are the same."""
    changed = dict(new)
    for key, amounts in old.items():
        now = changed.get(key)
        if now is None:
            changed[key] = tuple(map(neg, amounts))
        elif now == amounts:
            del changed[key]
        else:
            changed[key] = tuple(map(sub, now, amounts))
    return changed
