"""Sums of amounts by whom they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from operator import add, neg, sub
from typing import TypeVar

from kpi_state.buckets import Amounts
from kpi_state.read.slots import Pairs, Who

Key = TypeVar("Key")


class One(tuple[str, str, Pairs]):
    """(grain, key, labels). Two are the same only if they are one object, so that looking it up is quick: whoever makes
    them keeps them.
    """

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


class Whos:
    """Whom a contribution counts for: a rep, and further up the team and the organisation, which many reps have in
    common. Two are the same only if they are one object.
    """

    __slots__ = ("ones", "up")

    def __init__(self, ones: tuple[Who, ...], up: Whos | None = None) -> None:
        self.ones, self.up = ones, up

    def all(self) -> Iterator[Who]:
        """Everybody."""
        yield from self.ones
        if self.up is not None:
            yield from self.up.all()


class Totals(Mapping[Who, Amounts]):
    """Sums by whom they belong to; what is not in it is zero in every amount.

    What counts for a team or the organisation is added up before it is added to their sums, when somebody looks.
    It knows which sums were changed, once somebody asked for that.
    """

    def __init__(self) -> None:
        self._sums: dict[Who, Amounts] = {}
        self._pending: dict[Whos, Amounts] = {}
        self._touched: set[Whos] | None = None

    def __getitem__(self, who: Who) -> Amounts:
        return self.settled()[who]

    def __iter__(self) -> Iterator[Who]:
        return iter(self.settled())

    def __len__(self) -> int:
        return len(self.settled())

    def touched(self, *, everything: bool = False, again: bool = True) -> set[Who]:
        """Whose sums changed or left since this was asked last: all, the first time or if `everything` is wanted.

        `again` says whether it will be asked again; without that nothing is remembered.
        """
        sums = self.settled()
        before, self._touched = self._touched, set() if again else None
        found = {who for whos in before or () for who in whos.ones}
        return found.union(sums) if everything or before is None else found

    def settled(self) -> Mapping[Who, Amounts]:
        """The sums as they are."""
        while self._pending:
            pending, self._pending = self._pending, {}
            for whos, amounts in pending.items():
                if any(amounts):
                    self.enter(whos, amounts)
        return self._sums

    def enter(self, whos: Whos, amounts: Amounts) -> None:
        """Add amounts to the sums of each; a sum that is zero in every amount leaves."""
        if self._touched is not None:
            self._touched.add(whos)
        sums = self._sums
        for who in whos.ones:
            old = sums.get(who)
            if old is None:
                sums[who] = amounts
                continue
            new = tuple(map(add, old, amounts))
            if new[0] or any(new):
                sums[who] = new
            else:
                del sums[who]
        if (up := whos.up) is not None:
            pending = self._pending
            before = pending.get(up)
            pending[up] = amounts if before is None else tuple(map(add, before, amounts))


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
