"""The staff: who is employed today, by which calendar each works, and who is away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kpi_state.read.employments import employed
from kpi_state.read.pace import Calendars
from kpi_state.read.roster import Roster
from kpi_state.read.workdays import Workdays
from kpi_state.read.zones import day_at

Away = Mapping[str, Iterable[range]]
"""Rep → days absent."""


class Colleague(NamedTuple):
    """A rep who is employed today, which is the day it is for the rep; `team` is empty for none."""

    rep: str
    team: str
    zone: ZoneInfo
    today: int
    workdays: Workdays
    absent: bool

    @property
    def works_today(self) -> bool:
        """Whether the rep has a working day and is not away."""
        return not self.absent and self.workdays.works(self.today)


def staff(calendars: Calendars, roster: Roster, away: Away, now: int) -> list[Colleague]:
    """Everybody who is employed at an instant, sorted by id; who has no known dates of employment is."""
    found: list[Colleague] = []
    todays: dict[ZoneInfo, int] = {}  # a floor has many reps and few zones
    for rep, member in sorted(roster.people.items()):
        zone = roster.zone(rep, now)
        today = todays.get(zone)
        if today is None:
            today = todays[zone] = day_at(zone, now)
        if works_here(roster, rep, today):
            absent = any(today in days for days in away.get(rep, ()))
            workdays = calendars.named(member.calendar.last())
            found.append(Colleague(rep, roster.team(rep, now), zone, today, workdays, absent))
    return found


def works_here(roster: Roster, rep: str, day: int) -> bool:
    """Whether a rep is employed on a day, as far as anything is known of employments."""
    spans = roster.people[rep].employments
    return not spans or employed(spans, day) is not None
