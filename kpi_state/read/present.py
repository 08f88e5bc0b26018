"""The present: which bucket of a window is the current one, for whom."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

from kpi_state.buckets import QUARTER
from kpi_state.read.calendar import period
from kpi_state.read.roster import Roster
from kpi_state.read.windows import hour_named
from kpi_state.read.zones import day_at, offset


class Present:
    """Current buckets at `now`: a rep's by the rep's zone, a team's by the team's, the organisation's by its own.

    An hour is named with its offset from UTC, so above the reps every zone's running hour is a current one.
    """

    def __init__(self, roster: Roster, start_month: int, now: int) -> None:
        self._roster, self._start_month, self._now = roster, start_month, now
        self.names = lru_cache(None)(self._names)
        self.named = lru_cache(None)(self._named)

    def holds(self, window: str, grain: str, key: str, bucket: str) -> bool:
        """Whether a bucket of a window is current for a key."""
        if window == "hour" and grain != "rep":
            return bucket in self.names(window).values()
        return bucket == self.bucket(window, grain, key)

    def bucket(self, window: str, grain: str, key: str) -> str:
        """The bucket of a window that it is for a key."""
        return self.named(window, self._zone(grain, key))

    def _names(self, window: str) -> dict[ZoneInfo, str]:
        """The current bucket of a window in every zone that somebody is in."""
        return {zone: self.named(window, zone) for zone in self._roster.zones_now()}

    def _zone(self, grain: str, key: str) -> ZoneInfo:
        if grain == "rep":
            return self._roster.zone_now(key)
        return self._roster.team_zone(key) if grain == "team" else self._roster.organisation

    def _named(self, window: str, zone: ZoneInfo) -> str:
        """The bucket of a window that it is in a zone."""
        if window == "hour":
            quarter = self._now // QUARTER
            return hour_named(quarter, offset(zone, quarter * QUARTER))[1]
        return period(window, day_at(zone, self._now), self._start_month).name
