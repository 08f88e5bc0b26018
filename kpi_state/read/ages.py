"""Reading by ages: how long things have been waiting, evaluated at the instant that is asked for.

Owners and teams are those of now, and whoever asks later gets older ages without any new event.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Final, NamedTuple

from kpi_state.read.roster import Roster
from kpi_state.read.slots import Slot, grains

NOW: Final = "now"


class Age(NamedTuple):
    """What is known of several things that wait; times in microseconds."""

    waiting: int
    sum: int
    oldest: int
    over_limit: int


class Ages:
    """Since when things of each rep (as sent) wait; older than `limit` microseconds is over the limit."""

    def __init__(self, stem: str, limit: int) -> None:
        self._stem, self._limit = stem, limit
        self._since: dict[str, list[int]] = {}
        self._sum: dict[str, int] = {}

    def enter(self, raw: str, since: int, count: int) -> None:
        """Count things that wait since an instant, or take them back when negative."""
        kept = self._since.setdefault(raw, [])
        for _ in range(count):
            insort(kept, since)
        if count < 0:
            at = bisect_left(kept, since)
            if kept[at : at - count] != [since] * -count:
                raise ValueError(f"{self._stem}: {-count} waiting since {since} taken back, which were never counted")
            del kept[at : at - count]
        self._sum[raw] = self._sum.get(raw, 0) + count * since
        if not kept:
            del self._since[raw], self._sum[raw]

    def numbers(self, roster: Roster, now: int) -> Iterator[tuple[Slot, Age]]:
        """The ages at an instant, none of which may lie ahead of it."""
        ages: dict[tuple[str, str], Age] = {}
        for raw, kept in self._since.items():
            age = Age(len(kept), now * len(kept) - self._sum[raw], now - kept[0], bisect_left(kept, now - self._limit))
            for who in _whos(raw, roster, now):
                ages[who] = _joined(ages[who], age) if who in ages else age
        for (grain, key), age in ages.items():
            yield Slot(self._stem, grain, key, NOW, "", ()), age

    def counted(self, raw: str, since: int, count: int, roster: Roster, now: int) -> Iterator[tuple[Slot, Age]]:
        """The numbers that hold things, and what they add to each (`oldest`: at least that much)."""
        age = Age(count, count * (now - since), now - since, count * (now - since > self._limit))
        for grain, key in _whos(raw, roster, now):
            yield Slot(self._stem, grain, key, NOW, "", ()), age


def _joined(one: Age, other: Age) -> Age:
    return Age(
        one.waiting + other.waiting,
        one.sum + other.sum,
        max(one.oldest, other.oldest),
        one.over_limit + other.over_limit,
    )


def _whos(raw: str, roster: Roster, now: int) -> tuple[tuple[str, str], ...]:
    rep = roster.resolve(raw, now)
    return grains(rep, roster.team(rep, now))
