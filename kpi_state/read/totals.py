"""Sums of amounts by whom they belong to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from operator import add, neg, sub
from typing import TypeVar

from kpi_state.buckets import Amounts
from kpi_state.read.slots import Who

Key = TypeVar("Key")


class Whos(tuple[Who, ...]):
    """All whom a contribution counts for. Two are the same only if they are one object, so that looking it up is
    quick: whoever makes them keeps them.
    """

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


class Totals(dict[Who, Amounts]):
    """Sums by whom they belong to; what is not in it is zero in every amount.

    It knows which sums were changed, once somebody asked for that.
    """

    remembered: set[Who] | None = None

    def touched(self, *, everything: bool = False, again: bool = True) -> set[Who]:
        """Whose sums changed or left since this was asked last: all, the first time or if `everything` is wanted.

        `again` says whether it will be asked again; without that nothing is remembered.
        """
        before, self.remembered = self.remembered, set() if again else None
        return {*self, *(before or ())} if everything or before is None else before


def enter(totals: Totals, whos: Collection[Who], amounts: Amounts) -> None:
    """Add amounts to the sums of each; a sum that is zero in every amount leaves."""
    if totals.remembered is not None:
        totals.remembered.update(whos)
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


def summed(several: Iterable[Amounts]) -> Amounts:
    """The sum of at least one."""
    return tuple(map(sum, zip(*several, strict=True)))


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
