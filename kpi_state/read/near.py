"""Which published rows cannot be part of a number, told from their keys: so that asking for one number costs little.

It errs on the safe side: what is near may still not count, what is not near never does.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kpi_state.kpis.kpi import Kpi
from kpi_state.published import Group
from kpi_state.read.calendar import PERIODS, period
from kpi_state.read.roster import Roster
from kpi_state.read.slots import Slot
from kpi_state.read.windows import QUARTERS_AN_HOUR, windows
from kpi_state.read.zones import DAY, EPOCH_DAY

QUARTERS_A_DAY = 24 * QUARTERS_AN_HOUR


class Near(NamedTuple):
    """What may count in a number: ids as sent, and UTC days (since 1970) of quarter hours."""

    whose: Callable[[str], bool]
    on: Callable[[int], bool]

    def holds(self, group: Group) -> bool:
        """Whether the cells of a row may count."""
        _, raw, tag, number, _ = group
        return self.whose(raw) and (tag != "Q" or self.on(number))


def near(slot: Slot, kpi: Kpi, roster: Roster, start_month: int, now: int) -> Near:
    """What may count in a number; `start_month` is the fiscal year's, `now` in microseconds."""
    if kpi.reading != "sums":
        return Near(_whose(slot, roster), lambda _: True)
    on = lru_cache(None)(_on(slot, start_month, now // DAY + EPOCH_DAY))
    return Near(_whose(slot, roster), lambda day: on(day + EPOCH_DAY))


def _whose(slot: Slot, roster: Roster) -> Callable[[str], bool]:
    """Of ids in the roster it is known whom they mean; any other may be claimed by anybody."""
    people = roster.people
    if slot.grain == "rep":
        return lambda raw: raw == slot.key or raw not in people
    if slot.grain == "team":
        return lambda raw: raw not in people or slot.key in people[raw].team.values
    return lambda _: True


def _on(slot: Slot, start_month: int, today: int) -> Callable[[int], bool]:
    """Of UTC days; a local day holds parts of the one before or after."""
    if slot.window in PERIODS:
        return lambda day: any(
            period(slot.window, each, start_month).name == slot.bucket for each in (day - 1, day, day + 1)
        )
    if slot.window == "hour":
        return lambda day: any(
            date.fromordinal(each).isoformat() == slot.bucket[:10] for each in (day - 1, day, day + 1)
        )
    rolling = windows([slot.window])
    if not rolling.days and not rolling.quarters:
        return lambda _: True
    back = max(rolling.days.get(slot.window, 0), rolling.quarters.get(slot.window, 0) // QUARTERS_A_DAY + 1)
    return lambda day: day >= today - back - 1
