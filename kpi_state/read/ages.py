"""Reading by ages: how long things have been waiting, evaluated at the instant that is asked for.

Owners and teams are those of now. Whoever asks later gets older ages without any
new event.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final, NamedTuple

from kpi_state.buckets import Amounts, Labels
from kpi_state.kpis.kpi import Kpi
from kpi_state.read.changed import Changed
from kpi_state.read.roster import Roster
from kpi_state.read.slots import Slot, Who, grains, pairs_of

NOW: Final = "now"


class Age(NamedTuple):
    """What is known of several things that wait; times in microseconds."""

    waiting: int
    sum: int
    oldest: int
    over_limit: int


class Ages:
    """Since when things of each rep (as sent) wait; older than `limit` microseconds is over the limit."""

    def __init__(self, kpi: Kpi, limit: int) -> None:
        self._kpi, self._limit = kpi, limit
        self._since: dict[tuple[str, Labels], list[int]] = {}
        self._entered: list[tuple[str, Labels, int, int]] = []
        """What is not yet in the two below."""
        self._kept: dict[Who, list[int]] = {}
        """(grain, key, labels) → since when things of its wait, sorted; made when somebody asks first."""
        self._sum: dict[Who, int] = {}
        self._touched: set[Who] = set()
        self._looked_at: int | None = None

    def enter(self, raw: str, labels: Labels, since: int, count: int) -> None:
        """Count things that wait since an instant, or take them back when negative."""
        kept = self._since.setdefault((raw, labels), [])
        if not _enter(kept, since, count):
            raise ValueError(f"{self._kpi.stem}: {-count} waiting since {since} taken back, which were never counted")
        if not kept:
            del self._since[raw, labels]
        if self._kept:
            self._entered.append((raw, labels, since, count))

    def numbers(self, roster: Roster, now: int) -> Iterator[tuple[Slot, Age]]:
        """The ages at an instant, none of which may lie ahead of it."""
        self.settle(roster, now)
        for who in self._kept:
            yield self._slot(who), self._age(who, now)

    def changes(self, roster: Roster, now: int) -> Changed:
        """What changed since this was asked last, None for what is gone; at another instant every age is another."""
        self.settle(roster, now)
        if now != self._looked_at:
            self._touched.update(self._kept)
        found: dict[Who, Amounts | None] = {
            who: self._age(who, now) if who in self._kept else None for who in self._touched
        }
        self._looked_at = now
        self._touched.clear()
        return Changed(self._kpi.stem, NOW, "", found)

    def _age(self, who: Who, now: int) -> Age:
        kept = self._kept[who]
        return Age(len(kept), now * len(kept) - self._sum[who], now - kept[0], bisect_left(kept, now - self._limit))

    def settle(self, roster: Roster, now: int) -> None:
        """Bring up to date what is kept by whom it counts for: the roster is about to be another, or somebody asks."""
        if not self._kept:
            for (raw, labels), sinces in self._since.items():
                for who in self._whos(raw, labels, roster, now):
                    self._kept.setdefault(who, []).extend(sinces)
            for who, kept in self._kept.items():
                kept.sort()
                self._sum[who] = sum(kept)
            self._touched.update(self._kept)
        for raw, labels, since, count in self._entered:
            for who in self._whos(raw, labels, roster, now):
                kept = self._kept.setdefault(who, [])
                _enter(kept, since, count)
                self._sum[who] = self._sum.get(who, 0) + count * since
                self._touched.add(who)
                if not kept:
                    del self._kept[who], self._sum[who]
        self._entered.clear()

    def counted(
        self, raw: str, labels: Labels, since: int, count: int, roster: Roster, now: int
    ) -> Iterator[tuple[Slot, Age]]:
        """The numbers that hold things, and what they add to each (`oldest`: at least that much)."""
        age = Age(count, count * (now - since), now - since, count * (now - since > self._limit))
        for who in self._whos(raw, labels, roster, now):
            yield self._slot(who), age

    def _slot(self, who: Who) -> Slot:
        grain, key, pairs = who
        return Slot(self._kpi.stem, grain, key, NOW, "", pairs)

    def _whos(self, raw: str, labels: Labels, roster: Roster, now: int) -> list[Who]:
        return whos_now(self._kpi, raw, labels, roster, now)


def _enter(kept: list[int], since: int, count: int) -> bool:
    """Add to a sorted list, or take from it what is in it; whether it was."""
    at = bisect_left(kept, since)
    if count >= 0:
        kept[at:at] = [since] * count
        return True
    held = kept[at : at - count] == [since] * -count
    if held:
        del kept[at : at - count]
    return held


def whos_now(kpi: Kpi, raw: str, labels: Labels, roster: Roster, now: int) -> list[Who]:
    """Everybody, as of now, and the labels that something counts for."""
    rep = roster.resolve(raw, now)
    kept = pairs_of(kpi, labels)
    return [(grain, key, pairs) for grain, key in grains(rep, roster.team(rep, now)) for pairs in kept]
