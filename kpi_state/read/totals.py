"""Sums of amounts by whom they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from operator import add

from kpi_state.buckets import Amounts
from kpi_state.read.slots import Who

Sums = dict[Who, Amounts]
"""What is not in it is zero in every amount."""


def enter(sums: Sums, whos: Iterable[Who], amounts: Amounts) -> None:
    """Add amounts to the sums of each; a sum that is zero in every amount leaves."""
    for who in whos:
        old = sums.get(who)
        if old is None:
            sums[who] = amounts
            continue
        new = tuple(map(add, old, amounts))
        if any(new):
            sums[who] = new
        else:
            del sums[who]
