"""Sums of amounts by whom they belong to."""

from __future__ import annotations

from collections.abc import Iterable
from operator import add

from kpi_state.buckets import Amounts
from kpi_state.read.slots import Who

Totals = dict[Who, Amounts]
"""What is not in it is zero in every amount."""


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
