"""Names that the roster uses and nobody knows: time zones, calendars.

Events may carry any text, so a rep with an unknown zone counts in the team's, else the organisation's, and one with an
unknown calendar works by the organisation's. That is a guess, and may be hours off; so it is counted.
"""

from __future__ import annotations

from collections import Counter

from kpi_state.read.pace import Calendars
from kpi_state.read.roster import Roster
from kpi_state.read.zones import zone_named

Unknown = dict[tuple[str, str], int]
"""("timezone" or "calendar", the name as it was sent) → how many reps have it now, sorted."""


def unknown(roster: Roster, calendars: Calendars) -> Unknown:
    """The names that mean nothing here, of those who are in the roster now."""
    found: Counter[tuple[str, str]] = Counter()
    for member in roster.people.values():
        zone, calendar = member.timezone.last(), member.calendar.last()
        if zone and zone_named(zone) is None:
            found["timezone", zone] += 1
        if calendar and not calendars.knows(calendar):
            found["calendar", calendar] += 1
    return dict(sorted(found.items()))
