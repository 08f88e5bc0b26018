"""Placement: whom a contribution counts for, and on which local day and hour.

A quarter hour resolves people at its own start and lies on the local day of its rep; a plain date resolves them when it
begins in the organisation's zone, and is itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from kpi_state.buckets import NO_BUCKET, QUARTER, Bucket
from kpi_state.read.roster import Roster
from kpi_state.read.windows import clock_quarter, hour_named
from kpi_state.read.zones import midnight, offset

ALWAYS: Final = -(1 << 62)
"""An instant before all others."""


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
    """Placements as the roster stands at `now`; to be made anew when it moves people."""

    def __init__(self, roster: Roster, now: int) -> None:
        self._roster = roster
        self._now = now
        # A rep has one row a KPI and label for the same quarter hours: each is placed once.
        self.of = lru_cache(1 << 17)(self._of)
        self._hour = lru_cache(1 << 15)(_hour)

    def _of(self, raw: str, bucket: Bucket) -> Placement:
        roster, (tag, number, _) = self._roster, bucket
        time = begins(bucket, roster.organisation)
        rep = roster.resolve(raw, time)
        team = roster.team(rep, time)
        if tag == "Q":
            day, hour, of_day = self._hour(roster.zone(rep, time), number)
            return Placement(LocalDay(rep, team, day, roster.zone(rep, self._now)), hour, number, of_day)
        return Placement(LocalDay(rep, team, number, roster.organisation), "", 0, 0)


def _hour(zone: ZoneInfo, quarter: int) -> tuple[int, str, int]:
    ahead = offset(zone, quarter * QUARTER)
    return *hour_named(quarter, ahead), clock_quarter(quarter * QUARTER, ahead)
