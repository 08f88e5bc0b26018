"""Reading #6, rep retention: who is employed when a window starts, and in the same employment when it ends.

Days are the rep's own; the team is that of the window's start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kpi_state.buckets import Amounts
from kpi_state.read.calendar import period
from kpi_state.read.employments import Employment, employed
from kpi_state.read.roster import Roster
from kpi_state.read.slots import ORGANISATION, Slot
from kpi_state.read.windows import Windows, windows


def rep_retention(
    stem: str, names: Iterable[str], start_month: int, roster: Roster, now: int
) -> Iterator[tuple[str, Slot, Amounts]]:
    """(rep, number, (employed at start, still employed)) for every rep and every window up to today."""
    asked = windows(names)
    for rep, member in roster.people.items():
        for window, bucket, first, end in _starts(member.employments, asked, start_month, roster.today(rep, now)):
            held = employed(member.employments, first)
            if held is not None:
                amounts = (1, int(held.holds(end)))
                team = roster.team_on(rep, first)
                if team:
                    yield rep, Slot(stem, "team", team, window, bucket, ()), amounts
                yield rep, Slot(stem, "org", ORGANISATION, window, bucket, ()), amounts


def _starts(
    spans: Iterable[Employment], asked: Windows, start_month: int, today: int
) -> Iterator[tuple[str, str, int, int]]:
    """(window, bucket, first day, end) of the windows from the first employment to today."""
    earliest = min((span.first for span in spans), default=today + 1)
    for window in asked.periods:
        day = earliest
        while day <= today:
            at = period(window, day, start_month)
            yield window, at.name, at.first, min(at.next, today)
            day = at.next
    for window, days in asked.days.items():
        yield window, "", today - days + 1, today
