"""Presence: who is at work now, so that an alert asks nothing of those who are not.

A rep works who is employed and not absent today, during the working hours of the rep's own calendar and zone. A team or
the organisation works as long as anybody of it does: what is asked of it is the sum of what is asked of its reps, and a
late shift, another zone or the only one who is not on leave is still asked for something. A team has no calendar of its
own that could say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kpi_state.read.slots import ORGANISATION, grains
from kpi_state.read.staff import Colleague
from kpi_state.read.workdays import Workdays


class Presence(NamedTuple):
    """Who is there. `grain` is rep, team or org.

    working: in working hours now.  reps: employed today, of a rep 1.  absent: how many of them are away today.
    """

    grain: str
    key: str
    working: bool
    reps: int
    absent: int


def presence(staff: Iterable[Colleague], now: int) -> list[Presence]:
    """Reps, then teams, then the organisation, which is always there; each sorted by key."""
    hours: dict[tuple[Workdays, ZoneInfo], bool] = {}  # a floor has many reps and few calendars
    found: dict[tuple[str, str], Presence] = {}
    nobody = Presence("org", ORGANISATION, working=False, reps=0, absent=0)
    found["org", ORGANISATION] = nobody
    for each in staff:
        shift = each.workdays, each.zone
        if shift not in hours:
            hours[shift] = each.workdays.open(each.zone, each.today, now)
        working = hours[shift] and not each.absent
        for grain, key in grains(each.rep, each.team):
            _, _, others, reps, absent = found.get((grain, key), nobody)
            found[grain, key] = Presence(grain, key, others or working, reps + 1, absent + each.absent)
    return sorted(found.values(), key=_place)


def _place(presence: Presence) -> tuple[int, str]:
    return ("rep", "team", "org").index(presence.grain), presence.key
