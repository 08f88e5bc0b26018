"""Placement: whom a contribution counts for, and on which local day and hour.

A quarter hour resolves people at its own start and lies on the local day of its rep; a plain date resolves them when it
begins in the organisation's zone, and is itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from kpi_state.buckets import NO_BUCKET, QUARTER, Amounts, Bucket, add
from kpi_state.published import QUARTERS_A_DAY
from kpi_state.read.roster import Roster
from kpi_state.read.totals import summed
from kpi_state.read.windows import clock_quarter, hour_named
from kpi_state.read.zones import midnight, offset

ALWAYS: Final = -(1 << 62)
"""An instant before all others."""
NO_QUARTERS: Final[dict[int, Amounts]] = {}


class LocalDay(NamedTuple):
    """A day of somebody."""

    rep: str
    team: str
    day: int
    clock: ZoneInfo
    """Whose today ends the rolling windows: the rep's, or for a plain date the organisation's."""


class Placement(NamedTuple):
    """Where a contribution of a rep and a bucket lies."""

    on: LocalDay
    hour: str
    """Name of the local hour; empty for a plain date."""
    quarter: int
    """UTC quarter hour; 0 for a plain date."""
    of_day: int
    """Quarter hour of the local clock, 0 to 95; 0 for a plain date."""


class Shown(NamedTuple):
    """What the clocks of a zone show in a UTC quarter hour: the local day, the hour's name, the quarter hour of it."""

    day: int
    hour: str
    of_day: int


class Part:
    """What lies on one local day, of contributions of one rep that are entered together.

    hours: by the name of the local hour.  quarters, clocks: by the quarter hour of the UTC day, of which `first` is the
    first.  A plain date has none of these.
    """

    __slots__ = ("clocks", "first", "hours", "on", "quarters", "whole")

    def __init__(
        self,
        on: LocalDay,
        whole: Amounts,
        hours: dict[str, Amounts],
        clocks: tuple[Shown, ...] = (),
        first: int = 0,
        quarters: dict[int, Amounts] = NO_QUARTERS,
    ) -> None:
        self.on, self.whole, self.hours = on, whole, hours
        self.clocks, self.first, self.quarters = clocks, first, quarters


def begins(bucket: Bucket, organisation: ZoneInfo) -> int:
    """The instant from which a bucket counts: a date or span from its first day in the organisation's zone, what has
    no bucket ever since.
    """
    tag, start, _ = bucket
    if bucket == NO_BUCKET:
        return ALWAYS
    if tag == "Q":
        return start * QUARTER
    return start if tag == "X" else midnight(organisation, start)


class Places:
    """Placements as the roster stands at `now`; it has to be said when that moves people."""

    def __init__(self, roster: Roster, now: int) -> None:
        self._roster = roster
        self._now = now
        self._clocks = lru_cache(1 << 12)(_clocks)
        # A rep has one row a KPI and label for the same day: each is placed once.
        self._day = lru_cache(1 << 12)(self._day_of)

    def moved(self, now: int) -> None:
        """The roster is another, as of an instant."""
        self._now = now
        self._day.cache_clear()

    def of(self, raw: str, bucket: Bucket) -> Placement:
        """Where a contribution lies."""
        roster, (tag, number, _) = self._roster, bucket
        time = begins(bucket, roster.organisation)
        rep = roster.resolve(raw, time)
        team = roster.team(rep, time)
        if tag == "Q":
            shown = self._shown(roster.zone(rep, time), number)
            return Placement(
                LocalDay(rep, team, shown.day, roster.zone(rep, self._now)), shown.hour, number, shown.of_day
            )
        return Placement(LocalDay(rep, team, number, roster.organisation), "", 0, 0)

    def parts(self, raw: str, day: int, quarters: dict[int, Amounts]) -> list[Part]:
        """Where the contributions of a UTC day (days since 1970) lie, given by its quarter hours."""
        days, clocks = self._day(raw, day)
        placed: dict[int, dict[int, Amounts]] = {}
        for quarter, amounts in quarters.items():
            placed.setdefault(id(days[quarter]), {})[quarter] = amounts
        return [_part(days[next(iter(held))], clocks, day * QUARTERS_A_DAY, held) for held in placed.values()]

    def _shown(self, zone: ZoneInfo, quarter: int) -> Shown:
        return self._clocks(zone, quarter // QUARTERS_A_DAY)[quarter % QUARTERS_A_DAY]

    def _day_of(self, raw: str, day: int) -> tuple[tuple[LocalDay, ...], tuple[Shown, ...]]:
        """Of each quarter hour of a UTC day the day of whom it is, and what the clocks show."""
        first = day * QUARTERS_A_DAY
        numbers = range(first, first + QUARTERS_A_DAY)
        start, end = first * QUARTER, numbers[-1] * QUARTER
        if not self._roster.steady(raw, start, end):
            placed = [self.of(raw, ("Q", number, 0)) for number in numbers]
            return (
                tuple(at.on for at in placed),
                tuple(Shown(at.on.day, at.hour, at.of_day) for at in placed),
            )
        on = self.of(raw, ("Q", first, 0)).on
        clocks = self._clocks(self._roster.zone(on.rep, start), day)
        days = {number: on._replace(day=number) for number in {shown.day for shown in clocks}}
        return tuple(days[shown.day] for shown in clocks), clocks


def _clocks(zone: ZoneInfo, day: int) -> tuple[Shown, ...]:
    """What clocks show in each quarter hour of a UTC day."""
    return tuple(_shown(zone, day * QUARTERS_A_DAY + quarter) for quarter in range(QUARTERS_A_DAY))


def _shown(zone: ZoneInfo, quarter: int) -> Shown:
    ahead = offset(zone, quarter * QUARTER)
    return Shown(*hour_named(quarter, ahead), clock_quarter(quarter * QUARTER, ahead))


def _part(on: LocalDay, clocks: tuple[Shown, ...], first: int, quarters: dict[int, Amounts]) -> Part:
    hours: dict[str, Amounts] = {}
    for quarter, amounts in quarters.items():
        add(hours, clocks[quarter].hour, amounts)
    return Part(on, summed(hours.values()), hours, clocks, first, quarters)
